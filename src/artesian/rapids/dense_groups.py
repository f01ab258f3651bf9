"""Aggregates of groups that are numbered densely: tables of sums, filled row by row in their order, so that they repeat exactly.

A group's number is its place in the tables, and rows are worked on in pieces, so that memory is needed for the tables alone.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import polars as pl
from numpy.typing import NDArray

_PIECE_ROWS = 1 << 20
_Counts = NDArray[np.int64]
_Numbers = NDArray[np.float64]


@dataclass(frozen=True)
class Groups:
    """Rows by group: `number(start, stop)` gives the group of each of these rows, from 0 to `cells` - 1."""

    rows: int
    cells: int
    number: Callable[[int, int], NDArray[np.int64]]

    @cached_property
    def sizes(self) -> _Counts:
        """Rows in each group."""
        found = np.zeros(self.cells, dtype=np.int64)
        for start in range(0, self.rows, _PIECE_ROWS):
            found += np.bincount(self.number(start, min(self.rows, start + _PIECE_ROWS)), minlength=self.cells)
        return found


class GroupedValues:
    """The values of one column by group; missing ones count nowhere but in `missing`."""

    def __init__(self, groups: Groups, values: pl.Series) -> None:
        self._groups = groups
        self._values = values

    @cached_property
    def present(self) -> _Counts:
        """Values in each group."""
        if not self._values.null_count():
            return self._groups.sizes
        found = np.zeros(self._groups.cells, dtype=np.int64)
        for numbers, _ in self._pieces():
            found += np.bincount(numbers, minlength=self._groups.cells)
        return found

    @property
    def missing(self) -> _Counts:
        """Missing values in each group."""
        return self._groups.sizes - self.present

    @cached_property
    def sums(self) -> _Numbers:
        """The sum of each group, 0 for one without values."""
        return self._summed(lambda values, numbers: values)

    @cached_property
    def square_sums(self) -> _Numbers:
        """The sum of the squares of each group."""
        return self._summed(lambda values, numbers: values**2)

    @cached_property
    def means(self) -> _Numbers:
        """The mean of each group, NaN for one without values."""
        with np.errstate(invalid="ignore"):
            return self.sums / self.present

    @cached_property
    def deviations(self) -> _Numbers:
        """The sum of squared deviations from the mean of each group."""
        means = self.means
        return self._summed(lambda values, numbers: (values - means[numbers]) ** 2)

    def extreme(self, function: np.ufunc, none: float) -> _Numbers:
        """The least or greatest value (`np.minimum`, `np.maximum`) of each group, `none` for one without values."""
        found = np.full(self._groups.cells, none)
        for numbers, values in self._pieces():
            function.at(found, numbers, values)
        return found

    def _summed(self, of: Callable[[_Numbers, _Counts], _Numbers]) -> _Numbers:
        found = np.zeros(self._groups.cells)
        for numbers, values in self._pieces():
            found += np.bincount(numbers, of(values, numbers), self._groups.cells)
        return found

    def _pieces(self) -> Iterator[tuple[_Counts, _Numbers]]:
        """Groups and values of the rows that have a value, piece by piece."""
        for start in range(0, self._groups.rows, _PIECE_ROWS):
            stop = min(self._groups.rows, start + _PIECE_ROWS)
            numbers, part = self._groups.number(start, stop), self._values[start:stop]
            if part.null_count():
                numbers, part = numbers[part.is_not_null().to_numpy()], part.drop_nulls()
            yield numbers, part.cast(pl.Float64).to_numpy()
