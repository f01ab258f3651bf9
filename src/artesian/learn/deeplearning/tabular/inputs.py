"""Columns as inputs of a tabular network: scaled numbers, one-hot and embedded levels, marks of missing values.

Numbers are centred on the median and divided by the distance of the quartiles (by half the range where the quartiles
coincide), then bent by x / sqrt(1 + (x/3)^2): outliers stay in (-3, 3) and hardly anything else moves.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Self

import numpy as np
from numpy.typing import NDArray

from artesian.core.errors import InvalidArgument
from artesian.frame import Column, ColumnType, Frame
from artesian.learn.base.reading import missing_columns
from artesian.learn.base.scoring import codes_in

Floats = NDArray[np.float64]
Singles = NDArray[np.float32]
ONE_HOT_LEVELS = 9
"""Columns of more levels are embedded."""
LEAST_COUNT = 2
"""Levels of embedded columns that occur less often share the vector of unseen ones: one row teaches nothing but itself."""
CLIP = 3.0


@dataclass(frozen=True)
class Inputs:
    """Rows ready for the network: `numbers` [n, k], `plain` [n, p] (one-hot and marks), `codes` [n, e] (0: missing or unseen)."""

    numbers: Singles
    plain: Singles
    codes: NDArray[np.int64]

    def __len__(self) -> int:
        return len(self.plain)

    def rows(self, which: NDArray[np.int64] | slice) -> Inputs:
        """Some of the rows."""
        return Inputs(self.numbers[which], self.plain[which], self.codes[which])


@dataclass(frozen=True)
class Number:
    """A numeric column; `marked` where training rows miss values, which then have an input of their own."""

    name: str
    centre: float
    scale: float
    marked: bool

    @classmethod
    def fit(cls, name: str, values: Floats) -> Self | None:
        """From the training rows' values, NaN where missing; None for a column that says nothing."""
        there = values[np.isfinite(values)]
        marked = len(there) < len(values)
        if not len(there) or (not marked and there.min() == there.max()):
            return None
        low, centre, high = (float(q) for q in np.quantile(there, (0.25, 0.5, 0.75)))
        spread = high - low
        if spread <= 0:
            spread = float(there.max() - there.min()) / 2
        scale = 1.0 / spread if spread > 0 and np.isfinite(1.0 / spread) else 1.0
        return cls(name, centre, scale, marked)

    def scaled(self, values: Floats) -> Singles:
        """The input [n]; 0 where the value is missing."""
        with np.errstate(over="ignore", invalid="ignore"):
            x = np.where(np.isfinite(values), (values - self.centre) * self.scale, 0.0)
            x = np.clip(x, -1e30, 1e30)
            return (x / np.sqrt(1.0 + (x / CLIP) ** 2)).astype(np.float32)


@dataclass(frozen=True)
class Levels:
    """A categorical column of which `levels` are told apart; `marked` as for numbers."""

    name: str
    levels: tuple[str, ...]
    marked: bool

    @property
    def width(self) -> int:
        """Inputs of the column if it is one-hot: two levels need one, -1 or 1."""
        return (1 if len(self.levels) == 2 else len(self.levels)) + self.marked

    def one_hot(self, codes: Floats) -> Singles:
        """The inputs [n, width] of codes (NaN: missing or unseen)."""
        block = np.zeros((len(codes), self.width), dtype=np.float32)
        there = np.isfinite(codes)
        if len(self.levels) == 2:
            block[there, 0] = 2.0 * codes[there] - 1.0
        else:
            block[np.flatnonzero(there), codes[there].astype(np.int64)] = 1.0
        return block


@dataclass(frozen=True)
class TabularInputs:
    """What was learnt of the training frame's columns."""

    numbers: tuple[Number, ...]
    one_hot: tuple[Levels, ...]
    embedded: tuple[Levels, ...]
    predictors: tuple[str, ...]
    """All columns, those that say nothing too."""

    @classmethod
    def fit(cls, frame: Frame, predictors: Sequence[str], rows: NDArray[np.int64]) -> Self:
        """Learns from the rows of a frame that are trained on."""
        numbers: list[Number] = []
        one_hot: list[Levels] = []
        embedded: list[Levels] = []
        for name in predictors:
            column = frame[name]
            if column.domain is None:
                number = Number.fit(name, _numbers(column, name)[rows])
                if number is not None:
                    numbers.append(number)
                continue
            codes = column.codes()[rows]
            counts = np.bincount(codes[codes >= 0], minlength=column.cardinality)
            marked = bool((codes < 0).any())
            seen = int(np.count_nonzero(counts))
            if seen + marked < 2:
                continue
            least = LEAST_COUNT if seen > ONE_HOT_LEVELS else 1
            levels = tuple(level for level, count in zip(column.levels, counts, strict=True) if count >= least)
            (embedded if seen > ONE_HOT_LEVELS else one_hot).append(Levels(name, levels, marked))
        return cls(tuple(numbers), tuple(one_hot), tuple(embedded), tuple(predictors))

    @property
    def n_plain(self) -> int:
        """Width of `Inputs.plain`."""
        return sum(column.width for column in self.one_hot) + sum(number.marked for number in self.numbers)

    @property
    def cards(self) -> list[int]:
        """Vectors of each embedded column."""
        return [len(column.levels) + 1 for column in self.embedded]

    def sources(self, number_width: int, embedding_width: int) -> list[str]:
        """The column that each of the network's inputs comes from, in the network's order."""
        names = [number.name for number in self.numbers for _ in range(number_width)]
        names += [column.name for column in self.one_hot for _ in range(column.width)]
        names += [number.name for number in self.numbers if number.marked]
        return names + [column.name for column in self.embedded for _ in range(embedding_width)]

    @property
    def described(self) -> list[tuple[str, str, list[str] | None]]:
        """Name, type and levels of the columns, as a model's details have them."""
        levels = {column.name: list(column.levels) for column in (*self.one_hot, *self.embedded)}
        return [(name, "Enum" if name in levels else "Numeric", levels.get(name)) for name in self.predictors]

    # ---- applying ----

    def missing_columns(self, frame: Frame) -> list[str]:
        """Columns that a frame lacks; they count as missing values. InvalidArgument where it lacks all."""
        return missing_columns(frame, self.predictors)

    def transform(self, frame: Frame) -> Inputs:
        """The inputs of a frame's rows. InvalidArgument where a column is of another kind than in training."""
        self.missing_columns(frame)
        n = frame.n_rows
        numbers = np.zeros((n, len(self.numbers)), dtype=np.float32)
        plain: list[Singles] = []
        marks: list[Singles] = []
        for place, number in enumerate(self.numbers):
            values = _numbers(frame[number.name], number.name) if number.name in frame else np.full(n, np.nan)
            numbers[:, place] = number.scaled(values)
            if number.marked:
                marks.append((~np.isfinite(values)).astype(np.float32)[:, None])
        for column in self.one_hot:
            block = column.one_hot(_codes(frame, column))
            if column.marked:
                block[:, -1] = _is_missing(frame, column.name)
            plain.append(block)
        codes = np.zeros((n, len(self.embedded)), dtype=np.int64)
        for place, column in enumerate(self.embedded):
            found = _codes(frame, column)
            codes[:, place] = np.where(np.isfinite(found), found, -1.0).astype(np.int64) + 1
        blocks = [*plain, *marks]
        return Inputs(
            numbers,
            np.ascontiguousarray(np.hstack(blocks)) if blocks else np.zeros((n, 0), dtype=np.float32),
            codes,
        )

    # ---- keeping ----

    def to_state(self) -> dict[str, Any]:
        """JSON-safe form."""
        return {
            "numbers": [vars(number) for number in self.numbers],
            "one_hot": [vars(column) for column in self.one_hot],
            "embedded": [vars(column) for column in self.embedded],
            "predictors": list(self.predictors),
        }

    @classmethod
    def from_state(cls, state: Mapping[str, Any]) -> Self:
        """The object of a `to_state`."""
        one_hot, embedded = (
            tuple(Levels(c["name"], tuple(c["levels"]), c["marked"]) for c in state[kind])
            for kind in ("one_hot", "embedded")
        )
        return cls(tuple(Number(**n) for n in state["numbers"]), one_hot, embedded, tuple(state["predictors"]))


def _numbers(column: Column, name: str) -> Floats:
    if column.domain is not None or column.type in (ColumnType.STRING, ColumnType.UUID):
        raise InvalidArgument(f"The column '{name}' is of type {column.type}, and was numeric in training.")
    if column.type is ColumnType.BAD:
        return np.full(len(column), np.nan)
    return np.asarray(column.floats(), dtype=np.float64)


def _codes(frame: Frame, column: Levels) -> Floats:
    if column.name not in frame:
        return np.full(frame.n_rows, np.nan)
    return codes_in(frame[column.name], column.levels, column.name)


def _is_missing(frame: Frame, name: str) -> NDArray[np.bool_]:
    if name not in frame:
        return np.ones(frame.n_rows, dtype=bool)
    return np.asarray(frame[name].values.is_null().to_numpy())
