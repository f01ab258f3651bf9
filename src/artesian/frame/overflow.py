"""Where rows taken out of a large frame go: column by column, piece by piece, into files instead of memory.

Whoever evaluates an expression says with `overflowing` from which size on results are written, and where to. The files belong
to that scope; the columns on them stay readable after it, since a mapping outlives the name of its file.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from pathlib import Path

import polars as pl

from artesian.frame.arrow_layout import release_pages
from artesian.frame.column import Column
from artesian.frame.column_file import write_column
from artesian.frame.frame import Frame
from artesian.frame.sparse import SparseColumn

_PIECE_ROWS = 1 << 20


@dataclass(frozen=True)
class Overflow:
    """Results of more than `most_bytes` go to the folder that `folder()` makes at its first call."""

    most_bytes: int
    folder: Callable[[], Path]


_current: ContextVar[Overflow | None] = ContextVar("overflow", default=None)


@contextmanager
def overflowing(overflow: Overflow) -> Iterator[None]:
    """Within it, in this thread, large results are written as `overflow` says."""
    before = _current.set(overflow)
    try:
        yield
    finally:
        _current.reset(before)


def overflows() -> bool:
    """Whether large results go to files."""
    return _current.get() is not None


def overflow_of(frame: Frame, rows: int) -> Overflow | None:
    """How to write so many rows taken out of the frame; None where they may stay in memory.

    Sparse columns stay there always: what they hold is small.
    """
    overflow = _current.get()
    if overflow is None or not frame.n_rows or frame.nbytes / frame.n_rows * rows <= overflow.most_bytes:
        return None
    return None if any(isinstance(column, SparseColumn) for column in frame.columns) else overflow


def gathered(frame: Frame, rows: pl.Series, overflow: Overflow) -> Frame:
    """The rows of those numbers, in that order; a missing number gives a missing row."""
    return _derived(frame, len(rows), overflow, lambda values, start: values.gather(rows[start : start + _PIECE_ROWS]))


def filtered(frame: Frame, mask: pl.Series, overflow: Overflow) -> Frame:
    """The rows where the Boolean mask is true."""

    def part(values: pl.Series, start: int) -> pl.Series:
        return values[start : start + _PIECE_ROWS].filter(mask[start : start + _PIECE_ROWS])

    return _derived(frame, int(mask.sum()), overflow, part, len(mask))


def _derived(
    frame: Frame,
    n_rows: int,
    overflow: Overflow,
    part: Callable[[pl.Series, int], pl.Series],
    n_steps: int | None = None,
) -> Frame:
    """The frame whose columns are the parts from row 0, from row `_PIECE_ROWS` and so on, one behind the other."""
    folder = overflow.folder()
    columns: list[Column] = []
    for column in frame.columns:
        pieces = (part(column.values, start) for start in range(0, n_steps or n_rows, _PIECE_ROWS))
        values, stored = write_column(folder, column.values.dtype, n_rows, pieces)
        columns.append(Column(column.type, values, column.domain, stored, column.domain_stored))
        release_pages()
    return Frame(frame.names, columns, n_rows)
