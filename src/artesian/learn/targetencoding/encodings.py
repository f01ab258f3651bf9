"""What is learnt of one group of columns: sums of the response and counts by level, in all and by fold."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Self

import numpy as np
from numpy.typing import NDArray

from artesian.frame import Frame
from artesian.learn.base.design.columns import Columns

Floats = NDArray[np.float64]
Codes = NDArray[np.int64]
DEFAULT_BLENDING = (10.0, 20.0)


@dataclass(frozen=True)
class Blending:
    """The share of a level's own mean is 1 / (1 + exp((inflection_point - rows) / smoothing)) (Micci-Barreca 2001)."""

    inflection_point: float
    smoothing: float

    def blended(self, means: Floats, rows: Floats, prior: float) -> Floats:
        """Means of levels of so many rows, mixed with the mean of all."""
        with np.errstate(over="ignore"):
            share = 1.0 / (1.0 + np.exp((self.inflection_point - rows) / self.smoothing))
        return np.asarray(share * means + (1.0 - share) * prior)


@dataclass(frozen=True)
class Encoding:
    """One group of columns. Levels of a single column are numbered as in its domain, the missing one behind them.

    Of several columns, `combinations` are the ones that training saw, ascending; a missing or unseen level is a level of its
    own in them. `sums` [targets, levels + 1] and `counts` [levels + 1] (the last place is the missing level's), `fold_sums`
    [folds, targets, levels + 1] and `fold_counts` [folds, levels + 1] where folds were told apart.
    """

    columns: Columns
    outputs: tuple[str, ...]
    combinations: Codes | None
    sums: Floats
    counts: Floats
    fold_sums: Floats
    fold_counts: Floats

    @property
    def name(self) -> str:
        """Name of the group: its columns with colons between them."""
        return ":".join(self.columns.names)

    @classmethod
    def fit(cls, frame: Frame, columns: Columns, targets: Floats, folds: Codes, outputs: tuple[str, ...]) -> Self:
        """From the training rows: `targets` [rows, targets] (NaN: the row does not count) and fold numbers (-1: no folds)."""
        combinations = None
        if len(columns.names) > 1:
            combinations = np.unique(_combined(frame, columns))
        bare = cls(columns, outputs, combinations, *(np.zeros((0, 0)) for _ in range(4)))
        places, size = bare.places(frame), bare.size
        there = ~np.isnan(targets).any(axis=1)
        n_folds = int(folds.max(initial=-1)) + 1
        places, folds, targets = places[there], folds[there], targets[there]
        flat = np.where(folds < 0, 0, folds) * size + places
        shape = (max(1, n_folds), size)
        counts = np.bincount(flat, minlength=shape[0] * size).reshape(shape).astype(np.float64)
        sums = np.stack(
            [np.bincount(flat, t, minlength=shape[0] * size).reshape(shape) for t in targets.T],
            axis=1,
            dtype=np.float64,
        )
        kept = slice(0, n_folds)  # without folds nothing is kept by fold
        return cls(columns, outputs, combinations, sums.sum(axis=0), counts.sum(axis=0), sums[kept], counts[kept])

    @property
    def size(self) -> int:
        """Number of levels, the missing one included."""
        if self.combinations is not None:
            return len(self.combinations) + 1
        return len(self.columns.levels[self.columns.names[0]]) + 1

    def places(self, frame: Frame) -> Codes:
        """The level of each row; the last one for what training did not see."""
        if self.combinations is None:
            codes = self.columns.codes(frame, self.columns.names[0])
            return np.where(codes < 0, self.size - 1, codes)
        values = _combined(frame, self.columns)
        found = np.searchsorted(self.combinations, values)
        found = np.minimum(found, len(self.combinations) - 1)
        return np.where(self.combinations[found] == values, found, self.size - 1)

    # ---- encoding ----

    def priors(self) -> Floats:
        """Means of the targets over all rows."""
        return np.asarray(self.sums.sum(axis=1) / max(1.0, float(self.counts.sum())))

    def plain(self, places: Codes, blending: Blending | None) -> list[Floats]:
        """Means by level. What training did not see counts as missing, if training saw that; else it has the mean of all.

        Where folds were told apart, a row counts once for each of the other folds (as the reference has it), which only
        blending notices.
        """
        times = float(max(1, len(self.fold_counts) - 1)) if len(self.fold_counts) else 1.0
        found = []
        for sums, prior in zip(self.sums, self.priors(), strict=True):
            means = _means(sums, self.counts, self.counts * times, prior, blending)
            missing = means[-1] if self.counts[-1] > 0 else prior
            found.append(np.where(np.isnan(means), missing, means)[places])
        return found

    def out_of_fold(self, places: Codes, folds: Codes, blending: Blending | None) -> list[Floats]:
        """Means by level over the other folds; the mean of all where those have no row, or the fold (-1) is unknown."""
        counts = np.where(folds < 0, 0.0, (self.counts - self.fold_counts)[folds, places])
        found = []
        for target, prior in enumerate(self.priors()):
            sums = (self.sums[target] - self.fold_sums[:, target])[folds, places]
            means = _means(sums, counts, counts, prior, blending)
            found.append(np.where(np.isnan(means), prior, means))
        return found

    def without_own(self, places: Codes, targets: Floats, blending: Blending | None) -> list[Floats]:
        """Means by level without the row's own target [rows, targets] (NaN: nothing is taken away)."""
        own = ~np.isnan(targets).any(axis=1)
        counts = self.counts[places] - own
        found = []
        for target, prior in enumerate(self.priors()):
            sums = self.sums[target][places] - np.where(own, targets[:, target], 0.0)
            means = _means(sums, counts, counts, prior, blending)
            found.append(np.where(np.isnan(means), prior, means))
        return found

    # ---- keeping ----

    def to_state(self, number: int) -> tuple[dict[str, Any], dict[str, NDArray[Any]]]:
        """JSON-safe part, and arrays under the group's number."""
        arrays: dict[str, NDArray[Any]] = {
            f"{number}.sums": self.sums,
            f"{number}.counts": self.counts,
            f"{number}.fold_sums": self.fold_sums,
            f"{number}.fold_counts": self.fold_counts,
        }
        if self.combinations is not None:
            arrays[f"{number}.combinations"] = self.combinations
        return {"columns": self.columns.to_state(), "outputs": list(self.outputs)}, arrays

    @classmethod
    def from_state(cls, number: int, state: Mapping[str, Any], arrays: Mapping[str, NDArray[Any]]) -> Self:
        """The encoding of a `to_state`."""
        tables = [arrays[f"{number}.{name}"] for name in ("sums", "counts", "fold_sums", "fold_counts")]
        combinations = arrays.get(f"{number}.combinations")
        return cls(Columns.from_state(state["columns"]), tuple(state["outputs"]), combinations, *tables)


def _means(sums: Floats, counts: Floats, rows: Floats, prior: float, blending: Blending | None) -> Floats:
    """Sums over counts, blended by `rows`; NaN where there is no row."""
    means = np.divide(sums, counts, out=np.full(len(sums), np.nan), where=counts > 0)
    return means if blending is None else blending.blended(means, rows, prior)


def _combined(frame: Frame, columns: Columns) -> Codes:
    """One number for each combination of levels, missing ones included."""
    total = np.zeros(frame.n_rows, dtype=np.int64)
    factor = 1
    for name in columns.names:
        levels = len(columns.levels[name])
        codes = columns.codes(frame, name)
        total += np.where(codes < 0, levels, codes) * factor
        factor *= levels + 1
    return total
