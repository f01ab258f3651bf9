"""Columns that are mostly zeros: only the rows and values of the others are kept, many columns in one pair of series.

A sparse column is a `Column` like any other; `values` is made anew each time it is asked for, so that a table of many such
columns is never dense as a whole. What must not be (slices, filters, statistics, the rows of a design matrix) uses `entries`.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache, cached_property
from typing import Any

import numpy as np
import polars as pl
from numpy.typing import NDArray

from artesian.frame.column import Column, ColumnType, SegmentRef

SPARSE_SHARE = 1 / 8
"""A column with at most this share of other values than 0 is kept sparse: an entry costs four bytes more than a value."""
_ROW_TYPE = pl.UInt32


@dataclass(frozen=True, eq=False)
class SparseBlock:
    """The entries of many columns, one column after the other: `rows` (UInt32, ascending in a column) and `values`.

    A null among `values` is a missing value.
    """

    rows: pl.Series
    values: pl.Series

    @cached_property
    def row_numbers(self) -> NDArray[np.uint32]:
        """The rows as an array, where possible without a copy."""
        return self.rows.to_numpy()

    @cached_property
    def numbers(self) -> NDArray[Any]:
        """The values as an array, where possible without a copy; as floats with NaN where some are missing."""
        return (self.values.cast(pl.Float64) if self.has_missing else self.values).to_numpy()

    @cached_property
    def has_missing(self) -> bool:
        """Whether any value is missing."""
        return self.values.null_count() > 0


class SparseColumn(Column):
    """An int or real column of `n_rows` rows: the `count` entries of a block from `start` on, all else is 0.

    The block's row `first_row` is the column's row 0. `dtype` is the type of `values`.
    """

    block: SparseBlock
    start: int
    count: int
    n_rows: int
    first_row: int
    dtype: pl.DataType

    def __init__(
        self,
        type: ColumnType,
        block: SparseBlock,
        start: int,
        count: int,
        n_rows: int,
        dtype: pl.DataType | type[pl.DataType],
        *,
        first_row: int = 0,
        stored: SegmentRef | None = None,
    ) -> None:
        # the class is frozen, and most columns of a wide table are made only to be kept
        vars(self).update(
            type=type,
            domain=None,
            stored=stored,
            domain_stored=None,
            block=block,
            start=start,
            count=count,
            n_rows=n_rows,
            first_row=first_row,
            dtype=dtype if isinstance(dtype, pl.DataType) else dtype(),
        )

    # ---- reading ----

    @property
    def values(self) -> pl.Series:
        """All values, zeros included; made anew each time."""
        rows, entries = self.entries()
        dense = np.zeros(self.n_rows, dtype=_numpy_type(self.dtype))
        if self.missing_count:
            there = entries.is_not_null()
            dense[rows[there.to_numpy()]] = entries.drop_nulls().to_numpy()
            return pl.Series(dense).set(pl.Series(_marks(self.n_rows, rows[~there.to_numpy()])), None)
        dense[rows] = entries.to_numpy()
        return pl.Series(dense)

    def entries(self) -> tuple[NDArray[np.uint32], pl.Series]:
        """The rows of values other than 0, ascending, and those values, null where missing."""
        rows = self.block.row_numbers[self.start : self.start + self.count]
        return rows - np.uint32(self.first_row) if self.first_row else rows, self.entry_values()

    def entry_values(self) -> pl.Series:
        """The values other than 0, null where missing."""
        return self.block.values.slice(self.start, self.count)

    def entry_numbers(self) -> tuple[NDArray[np.uint32], NDArray[Any]]:
        """The same as `entries` as arrays, NaN where missing."""
        rows = self.block.row_numbers[self.start : self.start + self.count]
        numbers = self.block.numbers[self.start : self.start + self.count]
        return rows - np.uint32(self.first_row) if self.first_row else rows, numbers

    def __len__(self) -> int:
        return self.n_rows

    @property
    def missing_count(self) -> int:
        """Number of missing values."""
        return self.entry_values().null_count() if self.block.has_missing else 0

    @property
    def nbytes(self) -> int:
        """Bytes of the entries."""
        return self.count * (4 + _numpy_type(self.block.values.dtype).itemsize)

    # ---- deriving ----

    def gather(self, rows: pl.Series | NDArray[Any]) -> Column:
        """The rows of those numbers, in that order."""
        return gathered([self], rows)[0]

    def filter(self, mask: pl.Series) -> Column:
        """The rows where the Boolean mask is true."""
        return filtered([self], mask)[0]

    def slice(self, start: int, length: int) -> Column:
        """`length` rows from row `start` on, without a copy."""
        start = min(max(0, start), self.n_rows)
        length = max(0, min(length, self.n_rows - start))
        rows = self.block.row_numbers[self.start : self.start + self.count]
        first = self.first_row + start
        low, high = rows.searchsorted(np.array([first, first + length], dtype=np.uint32)).tolist()
        return SparseColumn(self.type, self.block, self.start + low, high - low, length, self.dtype, first_row=first)

    def as_real(self) -> SparseColumn:
        """The same values as a real column."""
        dtype = self.dtype if self.dtype.is_float() else pl.Float64()
        return SparseColumn(
            ColumnType.REAL, self.block, self.start, self.count, self.n_rows, dtype, first_row=self.first_row
        )

    def unstored(self) -> SparseColumn:
        """The same column, without saying which file holds it."""
        return SparseColumn(
            self.type, self.block, self.start, self.count, self.n_rows, self.dtype, first_row=self.first_row
        )

    def moved(self, block: SparseBlock, start: int, stored: SegmentRef) -> SparseColumn:
        """The column on entries of another block, which are the same; its statistics move along."""
        new = SparseColumn(self.type, block, start, self.count, self.n_rows, self.dtype, stored=stored)
        if len(vars(self)) > len(vars(new)):
            for name, value in vars(self).items():
                vars(new).setdefault(name, value)
        return new


def joined(columns: Sequence[SparseColumn]) -> SparseBlock:
    """One block of the entries of all columns, one after the other, rows counted from each column's first."""
    if _adjacent(columns):
        first, block = columns[0], columns[0].block
        count = sum(column.count for column in columns)
        return SparseBlock(block.rows.slice(first.start, count), block.values.slice(first.start, count))
    parts = [column.entries() for column in columns]
    rows = np.concatenate([rows for rows, _ in parts])
    types = {entries.dtype for _, entries in parts}
    target = types.pop() if len(types) == 1 else pl.Float64
    values = pl.concat([entries.cast(target) for _, entries in parts], rechunk=True)
    return SparseBlock(pl.Series(rows.astype(np.uint32)), values)


def dense_page(columns: Sequence[SparseColumn], start: int, length: int) -> NDArray[Any]:
    """`length` rows of all columns from row `start` on, shape (columns, length), in one pass; as floats with NaN where missing."""
    block, bounds = joined(columns), entry_bounds(columns)
    places = np.flatnonzero((block.row_numbers >= start) & (block.row_numbers < start + length))
    page = np.zeros((len(columns), length), dtype=block.numbers.dtype)
    page[np.searchsorted(bounds, places, side="right") - 1, block.row_numbers[places] - start] = block.numbers[places]
    return page


def filtered(columns: Sequence[SparseColumn], mask: pl.Series) -> list[Column]:
    """The rows of all columns where the Boolean mask is true, in one pass over their entries."""
    chosen = mask.fill_null(value=False).to_numpy()
    places = np.cumsum(chosen, dtype=np.uint32)
    block, bounds = joined(columns), entry_bounds(columns)
    kept = chosen[block.row_numbers]
    rows = places[block.row_numbers[kept]] - np.uint32(1)
    new = SparseBlock(pl.Series(rows), block.values.filter(pl.Series(kept)))
    return _on(columns, new, np.append(0, np.cumsum(kept))[bounds], int(chosen.sum()))


def gathered(columns: Sequence[SparseColumn], rows: pl.Series | NDArray[Any]) -> list[Column]:
    """The rows of those numbers of all columns, in that order, in one pass over their entries."""
    wanted = rows.to_numpy() if isinstance(rows, pl.Series) else np.asarray(rows)
    order = np.argsort(wanted, kind="stable")
    ascending = wanted[order]
    block, bounds = joined(columns), entry_bounds(columns)
    first = np.searchsorted(ascending, block.row_numbers, side="left")
    times = np.searchsorted(ascending, block.row_numbers, side="right") - first
    ends = np.cumsum(times)
    # each entry stands once for each time that its row is asked for
    entry = np.repeat(np.arange(len(times)), times)
    new_rows = order[np.repeat(first, times) + np.arange(len(entry)) - np.repeat(ends - times, times)]
    new_bounds = np.append(0, ends)[bounds]
    column = np.repeat(np.arange(len(columns)), np.diff(new_bounds))
    sorting = np.argsort(column * len(wanted) + new_rows, kind="stable")
    new = SparseBlock(pl.Series(new_rows[sorting].astype(np.uint32)), block.values.gather(entry[sorting]))
    return _on(columns, new, new_bounds, len(wanted))


def entry_bounds(columns: Sequence[SparseColumn]) -> NDArray[np.int64]:
    """Where the entries of each column start in the block that joins them, and where the last ones end."""
    return np.append(0, np.cumsum([column.count for column in columns], dtype=np.int64))


def _on(columns: Sequence[SparseColumn], block: SparseBlock, bounds: NDArray[np.int64], n_rows: int) -> list[Column]:
    counts = np.diff(bounds).tolist()
    places = zip(columns, bounds.tolist(), counts, strict=False)
    return [SparseColumn(c.type, block, start, count, n_rows, c.dtype) for c, start, count in places]


def _adjacent(columns: Sequence[SparseColumn]) -> bool:
    """Whether the columns lie one behind the other in one block, whole."""
    place = columns[0].start
    for column in columns:
        if column.block is not columns[0].block or column.first_row or column.start != place:
            return False
        place += column.count
    return True


def _marks(n_rows: int, rows: NDArray[np.uint32]) -> NDArray[np.bool_]:
    marks = np.zeros(n_rows, dtype=bool)
    marks[rows] = True
    return marks


@cache
def _numpy_type(dtype: pl.DataType) -> np.dtype[Any]:
    return np.dtype(str(dtype).lower())
