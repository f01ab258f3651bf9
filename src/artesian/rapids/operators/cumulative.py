"""Running sums, products and extremes, and differences between neighbours."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import polars as pl

from artesian.core.errors import InvalidArgument
from artesian.frame import Frame
from artesian.rapids.columns import default_names, is_numeric, numeric, single
from artesian.rapids.registry import COLUMN, FLAG, FRAME, operator


@operator(
    "cumsum",
    FRAME("frame"),
    FLAG("by row"),
    doc="Running sums down the columns or along the rows; missing from the first missing value on.",
)
def running_sum(frame: Frame, by_row: bool) -> Frame:
    return _running(frame, by_row, np.cumsum, "cumsum")


@operator(
    "cumprod",
    FRAME("frame"),
    FLAG("by row"),
    doc="Running products down the columns or along the rows; missing from the first missing value on.",
)
def running_product(frame: Frame, by_row: bool) -> Frame:
    return _running(frame, by_row, np.cumprod, "cumprod")


@operator(
    "cummax",
    FRAME("frame"),
    FLAG("by row"),
    doc="Running maxima down the columns or along the rows; missing from the first missing value on.",
)
def running_maximum(frame: Frame, by_row: bool) -> Frame:
    return _running(frame, by_row, np.maximum.accumulate, "cummax")


@operator(
    "cummin",
    FRAME("frame"),
    FLAG("by row"),
    doc="Running minima down the columns or along the rows; missing from the first missing value on.",
)
def running_minimum(frame: Frame, by_row: bool) -> Frame:
    return _running(frame, by_row, np.minimum.accumulate, "cummin")


def _running(frame: Frame, by_row: bool, accumulate: Callable[..., Any], name: str) -> Frame:
    for column_name, column in zip(frame.names, frame.columns, strict=True):
        if not column.type.is_numeric:
            raise InvalidArgument(f"'{name}' needs numbers, but '{column_name}' is of type {column.type}.")
    if not frame.n_columns or (frame.n_columns == 1 and by_row):
        return frame
    with np.errstate(all="ignore"):
        if by_row:
            cells = accumulate(np.column_stack([column.floats() for column in frame.columns]), axis=1)
            columns = [numeric(cells[:, i]) for i in range(frame.n_columns)]
        else:
            columns = [numeric(accumulate(column.floats())) for column in frame.columns]
    names = default_names(1) if frame.n_columns == 1 else frame.names
    return Frame(names, columns, frame.n_rows)


@operator("difflag1", COLUMN("column"), doc="Each value less the one before; the first is missing.")
def difference(frame: Frame) -> Frame:
    column = frame.columns[0]
    if not is_numeric(column):
        raise InvalidArgument(f"'difflag1' needs numbers, but '{frame.names[0]}' is of type {column.type}.")
    exact = pl.Int64 if column.values.dtype.is_integer() else pl.Float64
    return single(frame.names[0], numeric(column.values.cast(exact).diff()))
