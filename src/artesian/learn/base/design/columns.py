"""The columns of a frame as a model learnt them: numbers in double precision and level numbers, by block of rows.

For models that compute with the columns themselves rather than with the single-precision inputs of a `Design`.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Self

import numpy as np
from numpy.typing import NDArray

from artesian import _native
from artesian.core.errors import InvalidArgument
from artesian.frame import Column, Frame
from artesian.learn.base.reading import missing_columns, notes_of_missing
from artesian.learn.base.scoring import codes_in

Floats = NDArray[np.float64]
Codes = NDArray[np.int64]
LARGEST = 1e150
"""Numbers beyond this count as missing, as infinite ones do: their squares, summed, are no numbers."""
CACHED_ROWS = 1 << 15
_BLOCK_CELLS = 1 << 24
"""Numbers of the rows that are looked at at once: 128 MB."""


@dataclass(frozen=True)
class Columns:
    """Names of the columns in the order of the training frame, and the levels of the categorical ones among them."""

    names: tuple[str, ...]
    levels: dict[str, tuple[str, ...]]

    @classmethod
    def fit(cls, frame: Frame, names: Sequence[str]) -> Self:
        """The columns of those names in a training frame."""
        return cls(tuple(names), {name: tuple(frame[name].levels) for name in names if frame[name].domain is not None})

    @property
    def categorical(self) -> tuple[str, ...]:
        """Names of the categorical columns."""
        return tuple(name for name in self.names if name in self.levels)

    @property
    def numeric(self) -> tuple[str, ...]:
        """Names of the others."""
        return tuple(name for name in self.names if name not in self.levels)

    @property
    def largest_first(self) -> tuple[str, ...]:
        """The categorical columns in descending order of their number of levels, then the numeric ones."""
        return (*sorted(self.categorical, key=lambda name: -len(self.levels[name])), *self.numeric)

    def inputs(self, names: Sequence[str] | None = None) -> list[tuple[str, str, list[str] | None]]:
        """Name, type (`Numeric` or `Enum`) and levels of each column, in the order of `names`."""
        return [
            (name, "Enum", list(self.levels[name])) if name in self.levels else (name, "Numeric", None)
            for name in (self.names if names is None else names)
        ]

    # ---- of any frame ----

    def missing_columns(self, frame: Frame) -> list[str]:
        """Columns that a frame lacks; they count as missing values. InvalidArgument where it lacks all."""
        return missing_columns(frame, self.names)

    def notes(self, frame: Frame) -> list[str]:
        """A sentence for each column that a frame lacks."""
        return notes_of_missing(self.missing_columns(frame))

    def codes(self, frame: Frame, name: str) -> Codes:
        """Level numbers of training [rows]; -1 where missing, unseen in training, or absent."""
        if name not in frame:
            return np.full(frame.n_rows, -1, dtype=np.int64)
        column, known = frame[name], self.levels[name]
        if column.domain is not None and len(column.domain) == len(known) and tuple(column.levels) == known:
            return column.codes()
        codes = codes_in(column, known, name)
        return np.where(np.isnan(codes), -1, codes).astype(np.int64)

    def stored_codes(self, frame: Frame, name: str) -> NDArray[np.integer]:
        """The same, as they are stored (unsigned, and few bytes each) where none is -1."""
        if name in frame:
            column, known = frame[name], self.levels[name]
            if column.domain is not None and not column.missing_count and tuple(column.levels) == known:
                return column.values.to_numpy()
        return self.codes(frame, name)

    def numbers(self, frame: Frame, name: str) -> Floats:
        """Numbers [rows], NaN where missing, infinite or beyond `LARGEST`, or absent."""
        values = np.array(self.stored_numbers(frame, name), dtype=np.float64)
        with np.errstate(invalid="ignore"):
            good = np.abs(values) <= LARGEST
        if not good.all():
            values[~good] = np.nan
        return values

    def stored_numbers(self, frame: Frame, name: str) -> NDArray[Any]:
        """Numbers [rows] of whatever type they are stored as, NaN where missing or absent; not to be written to."""
        if name not in frame:
            return np.full(frame.n_rows, np.nan)
        column = frame[name]
        if column.domain is not None:
            raise InvalidArgument(
                f"The column '{name}' is categorical, and was numeric in training. Make it numeric with asnumeric()."
            )
        if not column.type.is_numeric:
            raise InvalidArgument(f"The column '{name}' is of type {column.type}, and was numeric in training.")
        if type(column) is Column and not column.missing_count:
            return column.values.to_numpy()
        return np.asarray(column.floats(), dtype=np.float64)

    def moments(self, frame: Frame, name: str) -> tuple[int, float, float]:
        """Of the numbers that are there how many, their mean, and the sum of squared deviations from it."""
        stored = np.ascontiguousarray(self.stored_numbers(frame, name))
        count, mean, squares, _, least, most, *_ = _native.column_statistics(stored, 1)
        if count and max(-least[0], most[0]) > LARGEST:
            count, mean, squares, *_ = _native.column_statistics(self.numbers(frame, name), 0)
        return count, mean, squares

    def matrix(self, frame: Frame, names: Sequence[str]) -> Floats:
        """The numbers of several columns side by side [rows, names]."""
        block = np.empty((frame.n_rows, len(names)), dtype=np.float64)
        for place, name in enumerate(names):
            block[:, place] = self.numbers(frame, name)
        return block

    def code_matrix(self, frame: Frame, names: Sequence[str]) -> Codes:
        """The level numbers of several columns side by side [rows, names]."""
        block = np.empty((frame.n_rows, len(names)), dtype=np.int64)
        for place, name in enumerate(names):
            block[:, place] = self.codes(frame, name)
        return block

    # ---- keeping ----

    def to_state(self) -> dict[str, Any]:
        """JSON-safe; `from_state` gives equal columns back."""
        return {"names": list(self.names), "levels": {name: list(levels) for name, levels in self.levels.items()}}

    @classmethod
    def from_state(cls, state: Mapping[str, Any]) -> Self:
        """The columns of a `to_state`."""
        return cls(tuple(state["names"]), {name: tuple(levels) for name, levels in state["levels"].items()})


def cached_blocks(frame: Frame) -> Iterator[tuple[slice, Frame]]:
    """The frame in blocks of so few rows that arrays of their numbers stay in the processor's cache; their places."""
    for start in range(0, frame.n_rows, CACHED_ROWS):
        yield slice(start, min(start + CACHED_ROWS, frame.n_rows)), frame.slice(start, CACHED_ROWS)


def blocks(frame: Frame, width: int) -> Iterator[tuple[int, Frame]]:
    """The frame in blocks of rows, each with the number of its first row; rows of `width` numbers, one block of no rows."""
    size = max(1, _BLOCK_CELLS // max(1, width))
    for start in range(0, max(frame.n_rows, 1), size):
        yield start, frame.slice(start, size)
