"""Selecting and binding: columns, rows, single cells, names, shapes; side by side and one below the other."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import polars as pl

from artesian.core.errors import InvalidArgument
from artesian.frame import Column, ColumnType, Frame
from artesian.rapids.columns import (
    constant,
    default_names,
    filtered,
    frame_of,
    gathered,
    missing,
    positions_in,
    recoded,
    unique_names,
    with_whole_type,
)
from artesian.rapids.registry import DEFERRED, FRAME, FRAME_OR_ROW, SELECTOR, STRING, VALUE, Context, Deferred, operator
from artesian.rapids.selectors import Selector, column_numbers, java_number, row_numbers
from artesian.rapids.size import check_size
from artesian.rapids.syntax import Number, NumberList
from artesian.rapids.values import Row, shown


@operator(
    "cols_py",
    FRAME_OR_ROW("frame"),
    SELECTOR("columns"),
    doc="Columns by number or name; negative numbers count from the end, lists pass over numbers out of range.",
)
def columns_from_zero(context: Context, frame: Frame | Row, columns: Selector) -> Frame | Row:
    cells = frame.cells if isinstance(frame, Row) else frame
    numbers = _numbers_from_zero(cells, columns)
    _check_width(context, len(numbers), "cols_py")
    return Row(_picked(cells, numbers)) if isinstance(frame, Row) else _picked(cells, numbers)


def _numbers_from_zero(frame: Frame, columns: Selector) -> list[int]:
    chosen = column_numbers(frame.names, columns)
    if chosen and chosen[0] < 0:
        chosen = [number + frame.n_columns for number in chosen]
    if isinstance(columns, Number) and not 0 <= chosen[0] < frame.n_columns:
        raise InvalidArgument(
            f"The column must be a whole number from 0 to {frame.n_columns - 1}. Got {columns.value:g}."
        )
    return [number for number in chosen if 0 <= number < frame.n_columns]


@operator(
    "cols",
    FRAME_OR_ROW("frame"),
    SELECTOR("columns"),
    doc="Columns by number or name; negative numbers leave out: -1 the first column.",
)
def columns_or_without(context: Context, frame: Frame | Row, columns: Selector) -> Frame | Row:
    cells = frame.cells if isinstance(frame, Row) else frame
    numbers = included_columns(cells, columns)
    _check_width(context, len(numbers), "cols")
    return Row(_picked(cells, numbers)) if isinstance(frame, Row) else _picked(cells, numbers)


def included_columns(frame: Frame, columns: Selector) -> list[int]:
    """The numbers that a selector names, where negative ones leave out."""
    chosen = column_numbers(frame.names, columns)
    if not chosen:
        return []
    if chosen[0] < 0:
        dropped = {-number - 1 for number in chosen}
        return [number for number in range(frame.n_columns) if number not in dropped]
    if not all(0 <= number < frame.n_columns for number in chosen):
        wrong = next(number for number in chosen if not 0 <= number < frame.n_columns)
        raise InvalidArgument(f"The column must be a whole number from 0 to {frame.n_columns - 1}. Got {wrong}.")
    return chosen


def _picked(frame: Frame, numbers: list[int]) -> Frame:
    if not numbers:
        return Frame([], [], 0)
    names = [frame.names[number] for number in numbers]
    return frame_of(names, [frame.columns[number] for number in numbers], frame.n_rows)


@operator(
    "rows",
    FRAME("frame"),
    DEFERRED("rows"),
    doc="Rows by number, by a sorted list of numbers or ranges (negative: all but those), or where a column is 1.",
)
def rows(context: Context, frame: Frame, rows: Deferred) -> Frame:
    node = rows.node
    if isinstance(node, Number):
        return _one_row(frame, node.value)
    if isinstance(node, NumberList):
        chosen = row_numbers(node, frame.n_rows, context.settings.max_rapids_list)
        if isinstance(chosen, slice):
            return _slice(frame, chosen.start, chosen.stop - chosen.start)
        check_size(context, len(chosen), frame.n_columns, "rows")
        return gathered(frame, chosen)
    mask = context.evaluate(rows)
    if isinstance(mask, float):
        return _one_row(frame, mask)
    if not isinstance(mask, Frame) or mask.n_columns != 1:
        raise InvalidArgument(
            f"The argument 'rows' of 'rows' must be numbers or a frame of one column of 0 and 1. Got {shown(mask)}."
        )
    if mask.n_rows != frame.n_rows:
        raise InvalidArgument(
            f"The mask of 'rows' has {mask.n_rows} rows, the frame {frame.n_rows}; they must be equal."
        )
    return filtered(frame, row_mask(mask.columns[0]))


def row_mask(column: Column) -> pl.Series:
    """Where a column selects: its value is 1."""
    if column.type in (ColumnType.STRING, ColumnType.UUID):
        raise InvalidArgument("A column of strings selects no rows; compare it with a string first.")
    return (column.values == 1).fill_null(False)


def _one_row(frame: Frame, number: float) -> Frame:
    if math.isnan(number) or number < 0:
        raise InvalidArgument(f"The row must be a whole number from 0 on; a list leaves out: [-1]. Got {number:g}.")
    if number >= frame.n_rows:  # a row past the end is missing
        columns = [
            Column(c.type, pl.Series([None], dtype=c.values.dtype), c.domain, None, c.domain_stored)
            for c in frame.columns
        ]
        return Frame(frame.names, columns, 1)
    return _slice(frame, int(number), 1)


def _slice(frame: Frame, start: int, length: int) -> Frame:
    part = frame.slice(start, length)
    return (
        part
        if part.n_rows == frame.n_rows
        else Frame(part.names, [with_whole_type(column) for column in part.columns], part.n_rows)
    )


@operator(
    "flatten",
    FRAME("frame"),
    doc="The value of a frame of one cell as a number or a string; larger frames stay as they are.",
)
def flatten(frame: Frame) -> Any:
    if frame.n_rows != 1 or frame.n_columns != 1:
        return frame
    column = frame.columns[0]
    value = column.decoded()[0] if column.type is not ColumnType.TIME else column.values[0]
    if column.type in (ColumnType.STRING, ColumnType.UUID, ColumnType.ENUM):
        return "NA" if value is None else str(value)
    return math.nan if value is None else float(value)


@operator("getrow", FRAME("frame"), doc="The cells of a frame of one row as numbers; what is no number is missing.")
def get_row(frame: Frame) -> np.ndarray[Any, np.dtype[np.float64]]:
    if frame.n_rows != 1:
        raise InvalidArgument(f"'getrow' needs a frame of a single row. Got {frame.n_rows} rows.")
    return np.array([float(c.floats()[0]) if c.type.is_numeric else math.nan for c in frame.columns])


@operator("nrow", FRAME("frame"), doc="Number of rows.", looks_up=True)
def row_count(frame: Frame) -> float:
    return float(frame.n_rows)


@operator("ncol", FRAME("frame"), doc="Number of columns.", looks_up=True)
def column_count(frame: Frame) -> float:
    return float(frame.n_columns)


@operator(
    "colnames=",
    FRAME("frame"),
    SELECTOR("columns"),
    VALUE("names"),
    doc="The frame with other names for the columns of those numbers.",
)
def rename_columns(frame: Frame, columns: Selector, names: Any) -> Frame:
    chosen = column_numbers(frame.names, columns)
    given = [names] if isinstance(names, str) else names
    if not isinstance(given, list) or len(given) != len(chosen):
        raise InvalidArgument(f"'colnames=' needs a name for each of {len(chosen)} columns. Got {shown(names)}.")
    result = list(frame.names)
    for number, name in zip(chosen, given, strict=True):
        if not 0 <= number < frame.n_columns:
            raise InvalidArgument(f"The column must be a whole number from 0 to {frame.n_columns - 1}. Got {number}.")
        result[number] = name
    return frame.renamed(result)


@operator(
    "cbind",
    VALUE("parts", repeated=True),
    doc="Frames and numbers side by side; names met before get a number at their end.",
)
def bind_columns(context: Context, *parts: Any) -> Frame:
    _check_width(context, sum(part.n_columns if isinstance(part, Frame) else 1 for part in parts), "cbind")
    heights = {part.n_rows for part in parts if isinstance(part, Frame) and part.n_columns}
    if len(heights) > 1:
        raise InvalidArgument(f"'cbind' needs frames of as many rows each. Got {sorted(heights)} rows.")
    rows = heights.pop() if heights else 1
    names: list[str] = []
    columns: list[Column] = []
    for part in parts:
        if isinstance(part, Frame):
            names += part.names
            columns += part.columns
        elif isinstance(part, float):
            names.append(java_number(part))
            columns.append(constant(part, rows))
        else:
            raise InvalidArgument(f"'cbind' takes frames and numbers. Got {shown(part)}.")
    return frame_of(names, columns, rows)


def _check_width(context: Context, columns: int, name: str) -> None:
    """Columns that are there already take no memory again; their number alone counts."""
    check_size(context, 0, columns, name)


@operator(
    "append",
    FRAME("frame"),
    VALUE("columns and names", repeated=True),
    doc="The frame with further columns: each a frame of one column, a number or a string, followed by its name.",
)
def append_columns(context: Context, frame: Frame, *parts: Any) -> Frame:
    _check_width(context, frame.n_columns + len(parts) // 2, "append")
    if len(parts) < 2 or len(parts) % 2:
        raise InvalidArgument(
            f"'append' takes pairs of a column and a name after the frame. Got {len(parts)} arguments."
        )
    names, columns = list(frame.names), list(frame.columns)
    for source, name in zip(parts[::2], parts[1::2], strict=True):
        if not isinstance(name, str):
            raise InvalidArgument(f"'append' needs the name of the new column as a string. Got {shown(name)}.")
        columns.append(_appended(source, frame))
        names += unique_names([name], names)
    return Frame(names, columns, frame.n_rows if frame.n_columns else None)


def _appended(source: Any, frame: Frame) -> Column:
    if isinstance(source, float):
        return constant(source, frame.n_rows)
    if isinstance(source, str):
        return Column(ColumnType.STRING, pl.repeat(source, frame.n_rows, dtype=pl.String, eager=True))
    if isinstance(source, Frame) and source.n_columns == 1:
        if frame.n_columns and source.n_rows != frame.n_rows:
            raise InvalidArgument(f"'append' needs a column of {frame.n_rows} rows. Got {source.n_rows}.")
        return source.columns[0]
    raise InvalidArgument(f"'append' takes a frame of one column, a number or a string. Got {shown(source)}.")


@operator(
    "rbind",
    VALUE("parts", repeated=True),
    doc="Frames of the same columns one below the other, levels united in order; a number makes a row.",
)
def bind_rows(context: Context, *parts: Any) -> Frame:
    frames = [part for part in parts if isinstance(part, Frame)]
    model = frames[-1] if frames else Frame(default_names(1), [Column(ColumnType.INT, pl.Series([], dtype=pl.UInt8))])
    complete: list[Frame] = []
    for part in parts:
        if isinstance(part, float):
            part = Frame(model.names, [constant(part, 1)] * model.n_columns, 1)
        if not isinstance(part, Frame):
            raise InvalidArgument(f"'rbind' takes frames and numbers. Got {shown(part)}.")
        _check_alike(model, part)
        complete.append(part)
    if not complete:
        return model
    rows = sum(frame.n_rows for frame in complete)
    check_size(context, rows, model.n_columns, "rbind")
    columns = [stacked([frame.columns[number] for frame in complete]) for number in range(model.n_columns)]
    return Frame(model.names, columns, rows)


def _check_alike(model: Frame, other: Frame) -> None:
    if model.n_columns != other.n_columns:
        raise InvalidArgument(f"'rbind' needs frames of as many columns. Got {model.n_columns} and {other.n_columns}.")
    for name, other_name in zip(model.names, other.names, strict=True):
        if name != other_name:
            raise InvalidArgument(
                f"'rbind' needs the same column names in the same order. Got '{name}' and '{other_name}'."
            )
    for name, column, other_column in zip(model.names, model.columns, other.columns, strict=True):
        families = {_family(column), _family(other_column)} - {ColumnType.BAD}
        if len(families) > 1:
            raise InvalidArgument(
                f"'rbind' needs the same column types, but '{name}' is {column.type} here and {other_column.type} there."
            )


def _family(column: Column) -> ColumnType:
    return ColumnType.REAL if column.type is ColumnType.INT else column.type


def stacked(columns: list[Column]) -> Column:
    """Columns of one family one below the other; levels are united in the order in which they come."""
    typed = [column for column in columns if column.type is not ColumnType.BAD]
    if not typed:
        return missing(sum(len(column) for column in columns))
    kind = typed[0].type
    if kind is ColumnType.ENUM:
        return _stacked_categories(columns)
    if kind in (ColumnType.INT, ColumnType.REAL):
        whole = all(column.type is not ColumnType.REAL for column in columns)
        widest = pl.Int64 if whole else pl.Float64
        series = pl.concat([column.values.cast(widest) for column in columns])
        return Column.integers(series) if whole else Column.reals(series)
    dtype = typed[0].values.dtype
    return Column(kind, pl.concat([_cast(column, dtype) for column in columns]))


def _cast(column: Column, dtype: pl.DataType) -> pl.Series:
    if column.type is ColumnType.BAD:
        return pl.Series([None] * len(column), dtype=dtype)
    return column.values.cast(dtype)


def _stacked_categories(columns: list[Column]) -> Column:
    domains = [column.domain for column in columns if column.domain is not None]
    united = pl.concat(domains).unique(maintain_order=True)
    parts = []
    for column in columns:
        if column.domain is None:
            parts.append(pl.Series([None] * len(column), dtype=pl.UInt32))
        else:
            parts.append(recoded(column.values, positions_in(column.domain, united)))
    return Column.enums(pl.concat(parts), united)


@operator(
    "columnsByType",
    FRAME("frame"),
    STRING("type"),
    doc="Numbers of the columns of a type: numeric, categorical, string, time, uuid or bad.",
)
def columns_by_type(frame: Frame, type: str) -> np.ndarray[Any, np.dtype[np.float64]]:
    accepted: dict[str, tuple[ColumnType, ...]] = {
        "numeric": (ColumnType.INT, ColumnType.REAL, ColumnType.BAD),
        "categorical": (ColumnType.ENUM,),
        "string": (ColumnType.STRING,),
        "time": (ColumnType.TIME,),
        "uuid": (ColumnType.UUID,),
    }
    if type == "bad":  # nothing but missing values, whatever the type
        return np.array([i for i, c in enumerate(frame.columns) if c.missing_count == len(c)], dtype=np.float64)
    if type not in accepted:
        raise InvalidArgument(
            f"The type of 'columnsByType' must be one of {', '.join([*accepted, 'bad'])}. Got {shown(type)}."
        )
    return np.array([i for i, c in enumerate(frame.columns) if c.type in accepted[type]], dtype=np.float64)
