"""Rows as the xgboost library takes them: a dense array or CSR. Missing numbers are NaN, or have no entry.

One-hot inputs have an entry where they are 1 and none where they are 0: a split on one parts the rows of a level from all
others in either case. Zeros of numbers are entries, unless the design keeps mostly-zero columns sparse: then they count as
missing.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np
from numpy.typing import NDArray

from artesian.frame import Frame
from artesian.learn.base import reading
from artesian.learn.base.design import Design, DesignMatrix
from artesian.learn.trees.grid import RawColumns

Floats = NDArray[np.float64]
_CHUNK_CELLS = 1 << 24
_LARGEST = np.float32(np.finfo(np.float32).max)


def matrix(part: DesignMatrix) -> Any:
    """An array [rows, inputs] where there is no sparse part, else a CSR matrix."""
    dense = None if part.dense is None else _finite(part.dense)
    if part.indptr is None or part.indices is None:
        return dense if dense is not None else np.zeros((part.n_rows, part.n_inputs), dtype=np.float32)
    from scipy.sparse import csr_matrix

    values = np.ones(len(part.indices), dtype=np.float32) if part.values is None else _finite(part.values)
    indptr, indices = part.indptr, part.indices
    if dense is not None:
        indptr, indices, values = _beside(part.n_rows, indptr, indices, values, dense, part.dense_start)
    return csr_matrix((values, indices, indptr), shape=(part.n_rows, part.n_inputs), copy=False)


def _finite(values: NDArray[np.float32]) -> NDArray[np.float32]:
    """Numbers beyond float32 as its largest; NaN stays."""
    return np.clip(values, -_LARGEST, _LARGEST) if np.isinf(values).any() else values


def _beside(
    rows: int,
    indptr: NDArray[np.int64],
    indices: NDArray[np.int32],
    values: NDArray[np.float32],
    dense: NDArray[np.float32],
    start: int,
) -> tuple[NDArray[np.int64], NDArray[np.int32], NDArray[np.float32]]:
    """CSR of a sparse part of equally many entries a row and a dense block behind it."""
    each = len(indices) // max(rows, 1)
    width = dense.shape[1]
    columns = np.empty((rows, each + width), dtype=np.int32)
    columns[:, :each] = indices.reshape(rows, each)
    columns[:, each:] = np.arange(start, start + width, dtype=np.int32)
    numbers = np.empty((rows, each + width), dtype=np.float32)
    numbers[:, :each] = values.reshape(rows, each)
    numbers[:, each:] = dense
    return np.arange(rows + 1, dtype=np.int64) * (each + width), columns.ravel(), numbers.ravel()


def chunks(design: Design, frame: Frame) -> Iterator[tuple[int, Any]]:
    """The first row and the matrix of each block of rows (one empty block of an empty frame)."""
    design.missing_columns(frame)
    size = max(1, _CHUNK_CELLS // max(1, design.cells_per_row(frame) + len(design.one_hot.names)))
    for start in range(0, max(frame.n_rows, 1), size):
        yield start, matrix(design.transform(frame.slice(start, size)))


def columns(design: Design, frame: Frame) -> RawColumns:
    """The rows as a predictor of columns reads them: levels of one-hot columns, missing ones behind the others, then numbers."""
    codes, dense = design.columns(frame)
    cells = [
        np.where(own < 0, len(levels), own).astype(np.int32)
        for own, levels in zip(codes, design.one_hot.levels, strict=True)
    ]
    numbers = [] if dense is None else [np.ascontiguousarray(column) for column in _finite(dense).T]
    return RawColumns([*cells, *numbers], frame.n_rows)


def offsets(frame: Frame, name: str | None) -> NDArray[np.float32] | None:
    """The offsets of a frame's rows; InvalidArgument where the column is absent or not numbers throughout."""
    if name is None:
        return None
    return reading.offsets(frame, name).astype(np.float32)
