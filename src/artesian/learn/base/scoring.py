"""From predictions to metrics: finds the actual values and weights in a frame and measures by the model's category."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from artesian.core.errors import InvalidArgument
from artesian.frame import Column, ColumnType, Frame
from artesian.learn.base.custom_code import metric_of
from artesian.learn.base.details import Category, ModelDetails
from artesian.learn.metrics import (
    Distribution,
    Metrics,
    autoencoder_metrics,
    binomial_metrics,
    multinomial_metrics,
    regression_metrics,
)


@dataclass(frozen=True)
class Scorer:
    """Measures predictions. `parameters` are a model's actual parameters; those it lacks count as their defaults."""

    category: Category
    response: str | None
    domain: tuple[str, ...]
    parameters: dict[str, Any]

    @classmethod
    def of(cls, details: ModelDetails) -> Scorer:
        """The scorer of a model with these details."""
        actual = {name: value["actual"] for name, value in details.parameters.items()}
        return cls(details.category, details.response, tuple(details.response_domain), actual)

    def _parameter(self, name: str, default: Any) -> Any:
        value = self.parameters.get(name)
        return default if value is None else value

    def actual(self, frame: Frame) -> NDArray[np.float64] | None:
        """The response of a frame's rows [n], NaN where missing; class codes for a classifier. None without a response."""
        found = self.stored_actual(frame)
        return None if found is None else found.astype(np.float64, copy=False)

    def stored_actual(self, frame: Frame) -> NDArray[Any] | None:
        """The same, but codes of two classes of which none is missing as they are stored."""
        if self.response is None or self.response not in frame:
            return None
        column = frame[self.response]
        if self.category is Category.REGRESSION:
            if not column.type.is_numeric:
                raise InvalidArgument(
                    f"The response '{self.response}' is of type {column.type}; the model predicts amounts and needs numbers."
                )
            return np.asarray(column.floats())
        if self.category is Category.BINOMIAL and has_codes_of(column, self.domain):
            return column.values.to_numpy()
        return codes_in(column, self.domain, self.response, keep_unseen=True)

    def weights(self, frame: Frame) -> NDArray[np.float64] | None:
        """The weights of a frame's rows [n]; None where the model or the frame has none."""
        name = self._parameter("weights_column", None)
        return np.asarray(frame[name].floats()) if name and name in frame else None

    def _offsets(self, frame: Frame) -> NDArray[np.float64] | None:
        name = self._parameter("offset_column", None)
        return np.asarray(frame[name].floats()) if name and name in frame else None

    def measure(self, frame: Frame, raw: NDArray[np.float64]) -> Metrics | None:
        """Metrics of raw predictions of a frame's rows; None where it has no response."""
        actual = self.stored_actual(frame)
        return (
            None
            if actual is None
            else self.of_arrays(actual, raw, self.weights(frame), self.domain_with(frame), self._offsets(frame))
        )

    def domain_with(self, frame: Frame) -> tuple[str, ...]:
        """The domain, and behind it levels of the frame's response that training did not see."""
        if self.category is not Category.MULTINOMIAL or self.response is None:
            return self.domain
        known = set(self.domain)
        return (*self.domain, *(level for level in frame[self.response].levels if level not in known))

    def of_arrays(
        self,
        actual: NDArray[Any],
        raw: NDArray[np.float64],
        weights: NDArray[np.float64] | None = None,
        domain: tuple[str, ...] | None = None,
        offsets: NDArray[np.float64] | None = None,
    ) -> Metrics:
        """Metrics of raw predictions against actual values (codes for a classifier). Not for autoencoders."""
        metrics = self._of_arrays(actual, raw, weights, domain)
        custom = metric_of(self._parameter("custom_metric_func", None))
        if custom is None:
            return metrics
        value = custom.value(self._shown(raw), actual.astype(np.float64, copy=False), weights, offsets)
        return metrics.about(custom_metric_name=custom.name, custom_metric_value=value)

    def _shown(self, raw: NDArray[np.float64]) -> list[NDArray[np.float64]]:
        """The columns of raw predictions as custom metrics take them: for classes the number of the likeliest first."""
        if self.category is Category.REGRESSION:
            return [raw]
        if self.category is Category.BINOMIAL:  # as the metrics see them: the first class is what the second leaves
            return [(raw[:, 1] >= 0.5).astype(np.float64), 1.0 - raw[:, 1], raw[:, 1]]
        return [raw.argmax(axis=1).astype(np.float64), *raw.T]

    def _of_arrays(
        self,
        actual: NDArray[Any],
        raw: NDArray[np.float64],
        weights: NDArray[np.float64] | None,
        domain: tuple[str, ...] | None,
    ) -> Metrics:
        if self.category is Category.REGRESSION:
            return regression_metrics(actual, raw, weights, self.distribution)
        if self.category is Category.BINOMIAL:
            bins = self._parameter("gainslift_bins", -1)
            return binomial_metrics(actual, raw[:, 1], weights, self.domain, bins)
        return multinomial_metrics(
            actual,
            raw,
            weights,
            domain or self.domain,
            self._parameter("auc_type", "AUTO").lower(),
            self._parameter("max_confusion_matrix_size", 20),
        )

    @staticmethod
    def of_errors(row_errors: NDArray[np.float64], weights: NDArray[np.float64] | None = None) -> Metrics:
        """Metrics of an autoencoder from the mean squared error of each row."""
        return autoencoder_metrics(row_errors, weights)

    @property
    def distribution(self) -> Distribution:
        """The distribution whose deviance counts for regression."""
        name = str(self._parameter("distribution", "gaussian")).lower()
        return Distribution(
            "gaussian" if name == "auto" else name,
            self._parameter("tweedie_power", 1.5),
            self._parameter("quantile_alpha", 0.5),
            self._parameter("huber_alpha", 0.9),
        )


def has_codes_of(column: Column, domain: Sequence[str]) -> bool:
    """Whether a categorical column has just these levels in this order, and no missing value: its codes are those of `domain`."""
    if column.type is not ColumnType.ENUM or column.missing_count or column.cardinality != len(domain):
        return False
    return tuple(column.levels) == tuple(domain)


def codes_in(
    column: Column, domain: tuple[str, ...] | list[str], name: str, *, keep_unseen: bool = False
) -> NDArray[np.float64]:
    """The column's levels as numbers into another domain [n], NaN where missing.

    Unseen levels become NaN, or numbers behind the domain's (in the order of the column's own levels) if they are kept.
    A string column counts by its texts, a numeric one by the numbers that the domain's texts stand for; InvalidArgument
    where those stand for none.
    """
    if column.type is ColumnType.BAD:
        return np.full(len(column), np.nan)
    if column.type is ColumnType.STRING:
        column = Column.enum_from_strings(column.values)
    if column.type is not ColumnType.ENUM:
        return _codes_of_numbers(column, domain, name)
    if has_codes_of(column, domain):
        return column.values.to_numpy().astype(np.float64)
    unseen = np.nan
    places = {level: float(i) for i, level in enumerate(domain)}
    mapping = np.array([*(places.get(level, unseen) for level in column.levels), np.nan])
    if keep_unseen:
        new = np.flatnonzero(np.isnan(mapping[:-1]))
        mapping[new] = len(domain) + np.arange(len(new))
    return mapping[column.codes() if column.missing_count else column.values.to_numpy()]


def _codes_of_numbers(column: Column, domain: tuple[str, ...] | list[str], name: str) -> NDArray[np.float64]:
    try:
        numbers = np.array([float(level) for level in domain])
    except ValueError:
        raise InvalidArgument(
            f"The column '{name}' is of type {column.type}, and was categorical in training. Make it categorical with asfactor()."
        ) from None
    order = np.argsort(numbers, kind="stable")
    values = np.asarray(column.floats())
    place = np.minimum(np.searchsorted(numbers[order], values), max(len(numbers) - 1, 0))
    if not len(numbers):
        return np.full(len(values), np.nan)
    codes = order[place].astype(np.float64)
    return np.where(numbers[order][place] == values, codes, np.nan)
