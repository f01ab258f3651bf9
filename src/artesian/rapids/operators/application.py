"""Applying a function to the columns or to the rows of a frame."""

from __future__ import annotations

from typing import Any

import numpy as np

from artesian.core.errors import InvalidArgument
from artesian.frame import Column, ColumnType, Frame
from artesian.rapids.columns import constant, default_names, frame_of, is_numeric, refuse_text, single
from artesian.rapids.registry import FRAME, FUNCTION, INTEGER, Context, operator
from artesian.rapids.values import Row, shown

_BY_ROW, _BY_COLUMN = 1, 2


@operator(
    "apply",
    FRAME("frame"),
    INTEGER("margin"),
    FUNCTION("function"),
    doc="A function of one argument applied to each row (margin 1) or to each column (margin 2).",
)
def apply(context: Context, frame: Frame, margin: int, function: Any) -> Frame:
    if margin == _BY_ROW:
        return _by_row(context, frame, function)
    if margin == _BY_COLUMN:
        return _by_column(context, frame, function)
    raise InvalidArgument(f"The argument 'margin' of 'apply' must be 1 (rows) or 2 (columns). Got {margin}.")


def _by_row(context: Context, frame: Frame, function: Any) -> Frame:
    """The function sees all rows at once: its operators work row by row on whole columns."""
    refuse_text(frame, "apply")
    # level numbers and milliseconds count as plain numbers
    plain = [c if is_numeric(c) else Column(ColumnType.INT, c.values) for c in frame.columns]
    value = context.call(function, [Row(Frame(frame.names, plain, frame.n_rows))])
    if isinstance(value, Row):
        value = value.cells
    if isinstance(value, float):
        return single("C1", constant(value, frame.n_rows))
    if not isinstance(value, Frame) or value.n_rows != frame.n_rows:
        raise InvalidArgument(
            f"The function that 'apply' applies to rows must give a row or a number. Got {shown(value)}."
        )
    return Frame(default_names(value.n_columns), value.columns, value.n_rows)


def _by_column(context: Context, frame: Frame, function: Any) -> Frame:
    columns = [_result(context.call(function, [frame.select([i])])) for i in range(frame.n_columns)]
    heights = {len(column) for column in columns}
    if len(heights) > 1:
        raise InvalidArgument(
            f"The results that 'apply' puts side by side must be of equal length. Got {sorted(heights)}."
        )
    return frame_of(frame.names, columns)


def _result(value: Any) -> Column:
    if isinstance(value, float):
        return constant(value, 1)
    if isinstance(value, np.ndarray) and len(value):
        return constant(float(value[0]), 1)
    if isinstance(value, Frame) and value.n_columns == 1:
        return value.columns[0]
    raise InvalidArgument(
        f"The function that 'apply' applies to columns must give a number or a column. Got {shown(value)}."
    )
