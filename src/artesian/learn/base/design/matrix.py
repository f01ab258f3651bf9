"""The arrays of a design matrix, float32: rows of inputs as a sparse (CSR) part beside a dense block."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray


@dataclass(frozen=True)
class DesignMatrix:
    """`n_rows` × `n_inputs`. The dense block fills the columns from `dense_start` on; CSR entries lie outside of it.

    `indptr` [n_rows + 1], `indices` [entries] (ascending in a row), `values` [entries] or None when all are 1. NaN is a
    missing value.
    """

    n_rows: int
    n_inputs: int
    indptr: NDArray[np.int64] | None = None
    indices: NDArray[np.int32] | None = None
    values: NDArray[np.float32] | None = None
    dense: NDArray[np.float32] | None = None
    dense_start: int = 0

    def to_dense(self) -> NDArray[np.float32]:
        """All of it as one array [n_rows, n_inputs]."""
        full = np.zeros((self.n_rows, self.n_inputs), dtype=np.float32)
        if self.indptr is not None and self.indices is not None:
            rows = np.repeat(np.arange(self.n_rows), np.diff(self.indptr))
            full[rows, self.indices] = 1.0 if self.values is None else self.values
        if self.dense is not None:
            full[:, self.dense_start : self.dense_start + self.dense.shape[1]] = self.dense
        return full


@dataclass(frozen=True)
class Entries:
    """CSR entries of some columns: how many in each row, their columns and values (None: all 1)."""

    counts: NDArray[np.int64]
    indices: NDArray[np.int32]
    values: NDArray[np.float32] | None = None

    def beside(self, right: Entries) -> Entries:
        """These entries and, behind them in each row, those of columns further right."""
        if not len(right.indices):
            return self
        if not len(self.indices):
            return right
        counts = self.counts + right.counts
        # an entry moves back by the other part's entries in front of it: rows before its own, or up to it
        mine = np.arange(len(self.indices)) + np.repeat(np.cumsum(right.counts) - right.counts, self.counts)
        theirs = np.arange(len(right.indices)) + np.repeat(np.cumsum(self.counts), right.counts)
        indices = np.empty(len(mine) + len(theirs), dtype=np.int32)
        indices[mine], indices[theirs] = self.indices, right.indices
        if self.values is None and right.values is None:
            return Entries(counts, indices)
        values = np.empty(len(indices), dtype=np.float32)
        values[mine] = 1.0 if self.values is None else self.values
        values[theirs] = 1.0 if right.values is None else right.values
        return Entries(counts, indices, values)

    def indptr(self) -> NDArray[np.int64]:
        """Where the rows start, shape (rows + 1,)."""
        return np.concatenate([np.zeros(1, dtype=np.int64), np.cumsum(self.counts)])

    def merged(self, other: Entries) -> Entries:
        """Entries of the same rows whose columns lie among these."""
        both = self.beside(other)
        row = np.repeat(np.arange(len(both.counts)), both.counts)
        order = np.lexsort((both.indices, row))
        return Entries(both.counts, both.indices[order], None if both.values is None else both.values[order])

    @classmethod
    def stacked(cls, parts: list[Entries]) -> Entries:
        """Blocks of rows, one below the other."""
        if len(parts) == 1:
            return parts[0]
        values = None
        if any(part.values is not None for part in parts):
            ones = [np.ones(len(p.indices), dtype=np.float32) if p.values is None else p.values for p in parts]
            values = np.concatenate(ones)
        return cls(np.concatenate([p.counts for p in parts]), np.concatenate([p.indices for p in parts]), values)
