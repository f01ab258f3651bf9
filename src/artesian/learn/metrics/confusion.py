"""The confusion matrix: counts by actual and predicted class, its errors, and its table for people."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from artesian.core.errors import InvalidArgument
from artesian.learn.base.table import Table, TableColumn, float_from_json, float_to_json


def class_errors(actual: npt.NDArray[np.float64], correct: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
    """The share of each class's weight that is predicted wrongly; 0 for a class that does not occur. Shape [k]."""
    wrong = actual - correct
    return np.divide(wrong, actual, out=np.zeros_like(wrong), where=actual > 0)


@dataclass(frozen=True, eq=False)
class ConfusionMatrix:
    """`counts[a, p]`: the rows (or their weight) of actual class a that were predicted as class p."""

    domain: tuple[str, ...]
    counts: npt.NDArray[np.float64]

    def __post_init__(self) -> None:
        counts = np.asarray(self.counts, dtype=np.float64)
        if counts.shape != (len(self.domain), len(self.domain)):
            raise InvalidArgument(
                f"A confusion matrix of {len(self.domain)} classes must be square. Got the shape {counts.shape}."
            )
        object.__setattr__(self, "domain", tuple(self.domain))
        object.__setattr__(self, "counts", counts)

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, ConfusionMatrix):
            return NotImplemented
        return self.domain == other.domain and np.array_equal(self.counts, other.counts)

    __hash__ = None  # type: ignore[assignment]  # holds an array

    @classmethod
    def of(
        cls, actual: npt.NDArray[np.int64], predicted: npt.NDArray[np.int64], domain: Sequence[str]
    ) -> ConfusionMatrix:
        """Counted from codes [n] below len(domain)."""
        size = len(domain)
        counts = np.bincount(actual * size + predicted, minlength=size * size).astype(np.float64)
        return cls(tuple(domain), counts.reshape(size, size))

    @property
    def class_errors(self) -> npt.NDArray[np.float64]:
        """The error of each actual class, 0 where it does not occur. Shape [k]."""
        return class_errors(self.counts.sum(axis=1), self.counts.diagonal())

    @property
    def mean_per_class_error(self) -> float:
        """The mean over all classes of the domain, those that do not occur included (with error 0)."""
        return float(self.class_errors.mean()) if len(self.domain) else math.nan

    @property
    def error(self) -> float:
        """The share of wrong predictions, NaN of no rows."""
        total = float(self.counts.sum())
        return (total - float(self.counts.trace())) / total if total else math.nan

    @property
    def accuracy(self) -> float:
        return 1.0 - self.error

    def table(self) -> Table:
        """Rows are actual classes and a last one of totals; columns predicted classes, then Error and Rate."""
        whole = bool((self.counts == np.floor(self.counts)).all())
        actual, wrong = self.counts.sum(axis=1), self.counts.sum(axis=1) - self.counts.diagonal()
        with np.errstate(invalid="ignore", divide="ignore"):
            errors = [*(wrong / actual).tolist(), self.error]
        pairs = [*zip(wrong.tolist(), actual.tolist(), strict=True), (float(wrong.sum()), float(actual.sum()))]
        rates = [f"{bad:,.0f} / {rows:,.0f}" if whole else f"{bad:.4f} / {rows:.4f}" for bad, rows in pairs]
        width = max(map(len, rates))
        if not whole:
            rates[-1] = f"{pairs[-1][0]:.2f} / {pairs[-1][1]:.2f}"
        body = np.vstack([self.counts, self.counts.sum(axis=0)])
        columns = [
            (TableColumn(name, "long" if whole else "double", "%d" if whole else "%.2f"), body[:, index])
            for index, name in enumerate(self.domain)
        ]
        return Table.build(
            "Confusion Matrix",
            "Rows are actual classes, columns predicted classes",
            [
                *columns,
                (TableColumn("Error", "double", "%.4f"), errors),
                (TableColumn("Rate", "string", f"= %{width}s"), rates),
            ],
            row_labels=(*self.domain, "Totals"),
        )

    def to_dict(self) -> dict[str, Any]:
        return {
            "domain": list(self.domain),
            "counts": [[float_to_json(n) for n in row] for row in self.counts.tolist()],
        }

    @classmethod
    def from_dict(cls, values: Mapping[str, Any]) -> ConfusionMatrix:
        counts = [[float_from_json(n) for n in row] for row in values["counts"]]
        return cls(tuple(values["domain"]), np.array(counts, dtype=np.float64).reshape(len(counts), len(counts)))

    def __repr__(self) -> str:
        return repr(self.table())
