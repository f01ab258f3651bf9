"""Categorical columns of many levels as means of the response, learnt inside each training.

What `categorical_encoding="TargetEncoding"` stands for, in front of any algorithm with a response:

    step = TargetStep.fit(frame, predictors, targets, options)
    step.held_out(frame, targets)        # the training rows, each encoded by the rows of other folds than its own
    step.apply(frame)                    # any other rows, encoded by all training rows

A predictor of more than `options.levels` levels becomes a number, under its own name: the mean of the response among the
rows of its level, drawn towards the mean of all rows the more the fewer they are. For two classes it is the log odds of the
second one, for more classes there is such a column for each class but the first, `column.class`. Missing values are a level
of their own; levels that training did not see have the mean of all rows.

How far means are drawn is the weight m of the mean of all rows, in rows: (sum + m · mean) / (rows + m). The best linear
predictor has m = variance within levels / variance of the levels' true means; both are estimated by the method of moments
(Searle, Casella and McCulloch 1992, Variance Components, section 3.6). Levels whose means differ by no more than chance have
m = ∞: such a column is constant and does no harm. Micci-Barreca (2001) describes such encodings, Pargent et al. (2022,
Regularized target encoding outperforms traditional methods) why the training rows must be encoded out of fold: a model that
sees means with its own rows in them trusts rare levels too much.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Self

import numpy as np
import polars as pl
from numpy.typing import NDArray

from artesian.frame import Column, Frame
from artesian.learn.base.scoring import codes_in

Floats = NDArray[np.float64]
Codes = NDArray[np.int64]
NAME = "TargetEncoding"
"""The value of the parameter `categorical_encoding`."""
ESTIMATED = -1.0
"""The value of `smoothing` that has it estimated."""
_PREFIX = "target_encoding."
_STREAM = 0x7E
_SURE = 2.0
"""Standard deviations by which the means of levels must differ more than chance has it. Columns of noise would pass half the
time at 0 and cost boosters of deep trees an AUC of .008 (5,000 rows, two columns of noise); what passes barely tells little."""
_MASK = 2**64 - 1


@dataclass(frozen=True)
class Options:
    """`levels`: columns of more are encoded; `folds` of the training rows; `smoothing` in rows (m), -1 estimates it."""

    levels: int
    folds: int
    smoothing: float
    seed: int


@dataclass(frozen=True)
class Targets:
    """The response and weights of a frame's rows: amounts, or numbers of `classes`; NaN rows and those of no weight do not count.

    Weights are scaled to a mean of 1.
    """

    response: Floats
    weights: Floats | None
    classes: tuple[str, ...]

    @classmethod
    def of(cls, frame: Frame, response: str, weights: str | None, classes: Sequence[str] | None) -> Self:
        """Of a frame's columns; `classes` None for amounts."""
        column = frame[response]
        values = np.asarray(column.floats()) if classes is None else codes_in(column, tuple(classes), response)
        values = np.where(np.isfinite(values), values, np.nan)
        if weights is None:
            return cls(values, None, tuple(classes or ()))
        mass = np.nan_to_num(np.asarray(frame[weights].floats()))
        mass = np.where(np.isnan(values) | (mass < 0), 0.0, mass)
        counted = np.count_nonzero(mass)
        return cls(values, mass * (counted / max(mass.sum(), 1e-300)), tuple(classes or ()))

    @property
    def suffixes(self) -> tuple[str, ...]:
        """What is added to a column's name: nothing, or each class but the first of more than two."""
        return ("",) if len(self.classes) <= 2 else tuple(f".{name}" for name in self.classes[1:])

    @property
    def mass(self) -> Floats:
        """The weight of each row [n], 0 for those that do not count."""
        there = (~np.isnan(self.response)).astype(np.float64)
        return there if self.weights is None else there * self.weights

    def each(self) -> Iterator[Floats]:
        """What is averaged [n], for each column that comes out: amounts, or 1 in rows of the class; 0 where missing."""
        if not self.classes:
            yield np.nan_to_num(self.response)
        for number in range(1, len(self.classes)):
            yield (self.response == number).astype(np.float64)

    def folds(self, count: int, seed: int) -> Codes:
        """A fold for each row [n], at random, evenly over classes and small and large amounts."""
        n = len(self.response)
        random = np.random.default_rng([seed & _MASK, _STREAM])
        order = np.lexsort((random.random(n), self.response))
        blocks = random.permuted(np.tile(np.arange(count), (-(-n // count), 1)), axis=1).ravel()[:n]
        folds = np.empty(n, dtype=np.int64)
        folds[order] = blocks
        return folds


@dataclass(frozen=True)
class EncodedColumn:
    """One column: `table` [levels + 2, names] holds what its levels become, then an unseen level, then missing values.

    `priors` and `smoothings` [names] are the means of all rows and m.
    """

    column: str
    names: tuple[str, ...]
    levels: tuple[str, ...]
    table: Floats
    priors: Floats
    smoothings: Floats
    log_odds: bool

    @classmethod
    def fit(cls, name: str, column: Column, targets: Targets, smoothing: float, taken: set[str]) -> Self:
        """From the training rows; `taken` are names of other columns."""
        levels = tuple(column.levels)
        places, mass = _places(column, levels, name), targets.mass
        counts = _sums(places, mass, len(levels) + 2)
        priors, strengths, means = [], [], []
        for values in targets.each():
            sums, squares = (_sums(places, mass * power, len(counts)) for power in (values, values**2))
            prior = float(sums.sum() / max(counts.sum(), 1e-300))
            strength = smoothing if smoothing != ESTIMATED else estimated_smoothing(counts, sums, squares)
            means.append(smoothed(counts, sums, prior, strength))
            priors.append(prior)
            strengths.append(strength)
        names = tuple(_free(name + suffix, taken - {name}) for suffix in targets.suffixes)
        made = cls(name, names, levels, np.zeros((0, 0)), np.array(priors), np.array(strengths), bool(targets.classes))
        table = made._shown(np.column_stack(means), float(counts.sum()))
        return cls(name, names, levels, table, made.priors, made.smoothings, made.log_odds)

    def _shown(self, means: Floats, rows: float) -> Floats:
        """Means as they come out; shares of 0 and 1 as those of half a row."""
        if not self.log_odds:
            return means
        least = 0.5 / max(rows, 1.0)
        shares = np.clip(means, least, 1 - least)
        return np.asarray(np.log(shares / (1 - shares)))

    def of(self, frame: Frame) -> Floats:
        """What the rows of a frame become [rows, names]."""
        return self.table[_places(frame[self.column], self.levels, self.column)]

    def held_out(self, frame: Frame, targets: Targets, folds: Codes) -> Floats:
        """What training rows become [rows, names], each by the rows of other folds than its own."""
        places, mass = _places(frame[self.column], self.levels, self.column), targets.mass
        found = np.empty((len(places), len(self.names)))
        for fold in range(int(folds.max(initial=0)) + 1):
            own = folds == fold
            # summed over the other folds: differences of sums would tell of the row's own response by their rounding
            found[own] = self._means_of(places[~own], mass[~own], targets, ~own)[places[own]]
        return self._shown(found, float(mass.sum()))

    def _means_of(self, places: Codes, mass: Floats, targets: Targets, rows: NDArray[np.bool_]) -> Floats:
        """Smoothed means by level [levels + 2, names] over some rows."""
        size = len(self.levels) + 2
        counts = _sums(places, mass, size)
        each = zip(targets.each(), self.priors, self.smoothings, strict=True)
        return np.column_stack(
            [
                smoothed(counts, _sums(places, mass * values[rows], size), float(prior), float(m))
                for values, prior, m in each
            ]
        )

    def to_columns(self, values: Floats) -> dict[str, Column]:
        """The new columns of what rows become [rows, names]."""
        return {name: Column.reals(pl.Series(np.ascontiguousarray(values[:, i]))) for i, name in enumerate(self.names)}


@dataclass(frozen=True)
class TargetStep:
    """The columns that are encoded, of all `sources` (the predictors of the training frame, in its order)."""

    sources: tuple[str, ...]
    encoded: tuple[EncodedColumn, ...]

    @classmethod
    def fit(cls, frame: Frame, predictors: Sequence[str], targets: Targets, options: Options) -> Self:
        """Learns the step from a training frame."""
        many = [
            name for name in predictors if frame[name].domain is not None and frame[name].cardinality > options.levels
        ]
        taken = set(frame.names)
        found = [EncodedColumn.fit(name, frame[name], targets, options.smoothing, taken) for name in many]
        return cls(tuple(predictors), tuple(found))

    @property
    def predictors(self) -> tuple[str, ...]:
        """The columns to learn from, encoded ones in the place of what they were."""
        by_column = {item.column: item.names for item in self.encoded}
        return tuple(new for name in self.sources for new in by_column.get(name, (name,)))

    @property
    def levels(self) -> dict[str, tuple[str, ...]]:
        """The levels that training knew of the columns that are encoded."""
        return {item.column: item.levels for item in self.encoded}

    def held_out(self, frame: Frame, targets: Targets, options: Options) -> Frame:
        """The training frame with its columns encoded out of fold. Rows at hand count, the smoothing is that of the step."""
        folds = targets.folds(min(options.folds, max(2, frame.n_rows)), options.seed)
        return self._replaced(frame, {item.column: item.held_out(frame, targets, folds) for item in self.encoded})

    def apply(self, frame: Frame) -> Frame:
        """A frame with its columns encoded; one that it lacks stays lacking. InvalidArgument for numbers in place of levels."""
        return self._replaced(frame, {item.column: item.of(frame) for item in self.encoded if item.column in frame})

    def _replaced(self, frame: Frame, found: Mapping[str, Floats]) -> Frame:
        if not found:
            return frame
        items = {item.column: item for item in self.encoded}
        columns: dict[str, Column] = {}
        for name, column in zip(frame.names, frame.columns, strict=True):
            columns |= items[name].to_columns(found[name]) if name in found else {name: column}
        return Frame(list(columns), list(columns.values()), frame.n_rows)

    # ---- keeping ----

    def to_state(self) -> tuple[dict[str, Any], dict[str, NDArray[Any]]]:
        """JSON-safe part and arrays, from which `from_state` makes an equal step."""
        arrays: dict[str, NDArray[Any]] = {}
        for i, item in enumerate(self.encoded):
            arrays[f"{_PREFIX}table.{i}"] = item.table
            arrays[f"{_PREFIX}priors.{i}"] = item.priors
            arrays[f"{_PREFIX}smoothings.{i}"] = item.smoothings
        encoded = [
            {"column": e.column, "names": list(e.names), "levels": list(e.levels), "log_odds": e.log_odds}
            for e in self.encoded
        ]
        return {"sources": list(self.sources), "encoded": encoded}, arrays

    @classmethod
    def from_state(cls, state: Mapping[str, Any], arrays: Mapping[str, NDArray[Any]]) -> Self:
        """The step of a `to_state`."""
        encoded = tuple(
            EncodedColumn(
                item["column"],
                tuple(item["names"]),
                tuple(item["levels"]),
                arrays[f"{_PREFIX}table.{i}"],
                arrays[f"{_PREFIX}priors.{i}"],
                arrays[f"{_PREFIX}smoothings.{i}"],
                bool(item["log_odds"]),
            )
            for i, item in enumerate(state["encoded"])
        )
        return cls(tuple(state["sources"]), encoded)


# ---- arithmetic ----


def estimated_smoothing(counts: Floats, sums: Floats, squares: Floats) -> float:
    """m from rows, sums and sums of squares of the response by level: the moment estimate of within / between variance.

    ∞ where the ratio of the mean squares is no further above 1 than chance may bring it (its variance is about
    2 / (levels - 1) + 2 / (rows - levels)), or no level has two rows.
    """
    there = counts > 0
    counts, sums, squares = counts[there], sums[there], squares[there]
    total, levels = float(counts.sum()), len(counts)
    if total - levels < 1e-9 or levels < 2:
        return float("inf")
    centre = float(sums.sum()) / total
    means = sums / counts
    within = max(float((squares - sums * means).sum()), 0.0) / (total - levels)
    between = float(counts @ (means - centre) ** 2)
    excess = between / (levels - 1) - within
    chance = within * np.sqrt(2 / (levels - 1) + 2 / (total - levels))
    if excess <= max(_SURE * chance, 1e-12 * between):
        return float("inf")
    spread = excess * (levels - 1) / (total - float(counts @ counts) / total)
    return within / spread


def smoothed(counts: Floats, sums: Floats, prior: float, strength: float) -> Floats:
    """(sums + m · prior) / (counts + m); the prior where that is 0 / 0, or m is ∞."""
    if np.isinf(strength):
        return np.full(len(counts), prior)
    mass = counts + strength
    found: Floats = np.divide(sums + strength * prior, mass, out=np.full(len(counts), prior), where=mass > 1e-12)
    return found


def _sums(places: Codes, amounts: Floats, size: int) -> Floats:
    """Sums by place; -1 is the last."""
    return np.bincount(np.where(places < 0, size - 1, places), amounts, minlength=size).astype(np.float64)


def _places(column: Column, levels: tuple[str, ...], name: str) -> Codes:
    """Level numbers [rows]: one behind the last for an unseen level, -1 for missing values."""
    if column.domain is not None and len(column.domain) == len(levels) and tuple(column.levels) == levels:
        return column.codes()
    codes = codes_in(column, levels, name, keep_unseen=True)
    missing = column.values.is_null().to_numpy()
    known = np.where(np.isnan(codes), len(levels), np.minimum(codes, len(levels))).astype(np.int64)
    return np.where(missing, -1, known)


def _free(name: str, taken: set[str]) -> str:
    while name in taken:
        name += "_"
    return name
