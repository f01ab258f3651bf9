"""Choosing and finding: ifelse, match, which, and the place of the greatest or least value."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import polars as pl

from artesian.core.errors import InvalidArgument
from artesian.frame import Column, ColumnType, Frame
from artesian.rapids.columns import (
    compacted,
    constant,
    default_names,
    is_numeric,
    is_text,
    missing,
    numeric,
    positions_in,
    recoded,
    single,
    times,
)
from artesian.rapids.registry import DEFERRED, FLAG, FRAME, FRAME_OR_ROW, VALUE, Context, Deferred, operator
from artesian.rapids.syntax import Name
from artesian.rapids.values import Row, shown


@operator(
    "ifelse",
    DEFERRED("test"),
    DEFERRED("yes"),
    DEFERRED("no"),
    doc="For each cell of the test the value of one of two frames, numbers or strings; missing where the test is.",
)
def if_else(context: Context, test: Deferred, yes: Deferred, no: Deferred) -> Any:
    condition = context.evaluate(test)
    if isinstance(condition, float):
        if math.isnan(condition):
            return math.nan
        value = context.evaluate(no if condition == 0 else yes)
        return _first_cell(value) if isinstance(value, Frame) else value
    if isinstance(condition, Row):
        return _choose_in_rows(condition, context.evaluate(yes), context.evaluate(no))
    if not isinstance(condition, Frame):
        raise InvalidArgument(f"The argument 'test' of 'ifelse' must be a frame or a number. Got {shown(condition)}.")
    tests = [_test(name, column) for name, column in zip(condition.names, condition.columns, strict=True)]
    # a side that no cell takes is not evaluated
    takes_yes = any(bool((values == 1).any()) for values in tests)
    takes_no = any(bool((values == 0).any()) for values in tests)
    sides = [
        _side(context.evaluate(side), condition) if taken else None
        for side, taken in ((yes, takes_yes), (no, takes_no))
    ]
    columns = [_chosen(values, *(_at(side, i) for side in sides)) for i, values in enumerate(tests)]
    return Frame(default_names(len(columns)), columns, condition.n_rows)


def _first_cell(frame: Frame) -> float:
    return float(frame.columns[0].floats()[0]) if frame.n_rows and frame.n_columns else math.nan


def _test(name: str, column: Column) -> pl.Series:
    """1 where the cell is not 0, 0 where it is, null where it is missing."""
    if is_text(column):
        raise InvalidArgument(f"The argument 'test' of 'ifelse' needs numbers, but '{name}' holds strings.")
    return (column.values != 0).cast(pl.UInt8)


def _side(value: Any, test: Frame) -> Any:
    if isinstance(value, Frame):
        if (value.n_rows, value.n_columns) != (test.n_rows, test.n_columns):
            raise InvalidArgument(
                f"'ifelse' needs frames of equal shape. The test is {shown(test)}, a side {shown(value)}."
            )
        return value
    if isinstance(value, float | str):
        return value
    raise InvalidArgument(f"A side of 'ifelse' must be a frame, a number or a string. Got {shown(value)}.")


def _at(side: Any, number: int) -> Any:
    return side.columns[number] if isinstance(side, Frame) else side


def _chosen(test: pl.Series, yes: Any, no: Any) -> Column:
    if isinstance(yes, str) or isinstance(no, str):
        return _chosen_texts(test, yes, no)
    for side in (yes, no):
        if isinstance(side, Column) and is_text(side):
            raise InvalidArgument("'ifelse' chooses between numbers, categories and strings, not columns of strings.")
    values = pl.DataFrame({"test": test}).with_columns(yes=_numbers(yes), no=_numbers(no))
    return numeric(
        values.select(
            pl.when(pl.col("test") == 1)
            .then("yes")
            .when(pl.col("test") == 0)
            .then("no")
            .otherwise(None)
            .alias("chosen")
        )["chosen"]
    )


def _numbers(side: Any) -> pl.Expr | pl.Series:
    if isinstance(side, Column):
        return side.values if side.values.dtype.is_integer() else side.values.cast(pl.Float64)
    if side is None or math.isnan(side):
        return pl.lit(None, dtype=pl.UInt8)
    return pl.lit(int(side), dtype=pl.Int64) if side == int(side) and abs(side) < 2**53 else pl.lit(side)


def _chosen_texts(test: pl.Series, yes: Any, no: Any) -> Column:
    """Categories of one or two strings, or of a categorical column and a string; levels that no row has go."""
    if isinstance(yes, str) and isinstance(no, str):
        return compacted(test, pl.Series([no, yes]))
    text, other = (yes, no) if isinstance(yes, str) else (no, yes)
    if other is None:  # no cell takes the other side
        return compacted(test.set(test == (0 if isinstance(yes, str) else 1), None) * 0, pl.Series([text]))
    if not isinstance(other, Column) or other.domain is None:
        raise InvalidArgument("'ifelse' needs a categorical column beside a string.")
    levels = pl.concat([other.domain, pl.Series([text])]).unique().sort()
    codes = recoded(other.values, positions_in(other.domain, levels))
    code = int(positions_in(pl.Series([text]), levels)[0])
    takes_text = test == (1 if isinstance(yes, str) else 0)
    chosen = codes.zip_with(~takes_text.fill_null(False), pl.repeat(code, len(codes), dtype=pl.UInt32, eager=True))
    return compacted(chosen.set(test.is_null(), None), levels)


def _choose_in_rows(test: Row, yes: Any, no: Any) -> Row:
    columns = []
    for number, (name, column) in enumerate(zip(test.cells.names, test.cells.columns, strict=True)):
        sides = [_row_side(side, number, test.cells.n_columns) for side in (yes, no)]
        columns.append(_chosen(_test(name, column), *sides))
    return Row(Frame(default_names(len(columns)), columns, test.cells.n_rows))


def _row_side(side: Any, number: int, width: int) -> Any:
    if isinstance(side, Row):
        if side.cells.n_columns not in (1, width):
            raise InvalidArgument(f"'ifelse' needs rows of equal length. Got {width} and {side.cells.n_columns} cells.")
        return side.cells.columns[number if side.cells.n_columns == width else 0]
    if isinstance(side, float):
        return side
    raise InvalidArgument(f"A side of 'ifelse' within a row must be a row or a number. Got {shown(side)}.")


@operator(
    "match",
    FRAME("frame"),
    VALUE("table"),
    DEFERRED("no match"),
    DEFERRED("start"),
    doc="For each cell of the first column its place in the table, counted from the start (1), or the number for no match.",
)
def match(context: Context, frame: Frame, table: Any, no_match: Deferred, start: Deferred) -> Frame:
    if not frame.n_columns:
        raise InvalidArgument("'match' needs a frame of one column. Got an empty frame.")
    first = 1 if isinstance(start.node, Name) else _whole(context.evaluate(start))
    absent = context.evaluate(no_match)
    if not isinstance(absent, float):
        raise InvalidArgument(f"The argument 'no match' of 'match' must be a number or NA. Got {shown(absent)}.")
    column = frame.columns[0]
    wanted = [table] if isinstance(table, str) else np.array([table]) if isinstance(table, float) else table
    if not isinstance(wanted, list | np.ndarray):
        raise InvalidArgument(f"The argument 'table' of 'match' must be numbers or strings. Got {shown(table)}.")
    places = _places_of_texts(column, wanted) if isinstance(wanted, list) else _places_of_numbers(column, wanted)
    return single("C1", numeric(np.where(places < 0, absent, places + first)))


def _whole(start: Any) -> int:
    if not isinstance(start, float) or not start >= 0:
        raise InvalidArgument(f"The argument 'start' of 'match' must be a number of at least 0. Got {shown(start)}.")
    return int(start)


def _places_of_texts(column: Column, wanted: list[str]) -> Any:
    table = pl.Series("level", wanted, dtype=pl.String)
    if column.domain is not None:
        return _looked_up(column, positions_in(column.domain, table))
    if column.type is not ColumnType.STRING:
        raise InvalidArgument(f"'match' cannot find strings in a column of type {column.type}.")
    places = positions_in(column.values, table)
    return np.where(column.values.is_null().to_numpy(), -1, places)


def _looked_up(column: Column, places: Any) -> Any:
    codes = column.codes()
    return np.where(codes < 0, -1, places[codes]) if len(places) else np.full(len(codes), -1)


def _places_of_numbers(column: Column, wanted: Any) -> Any:
    if is_text(column):
        raise InvalidArgument("'match' cannot find numbers in a column of strings.")
    values = column.floats()
    order = np.argsort(wanted, kind="stable")
    at = np.searchsorted(wanted[order], values, side="left")
    within = np.minimum(at, len(wanted) - 1)
    found = (wanted[order][within] == values) if len(wanted) else np.zeros(len(values), dtype=bool)
    return np.where(found, order[within], -1) if len(wanted) else np.full(len(values), -1)


@operator(
    "which",
    FRAME("frame"),
    doc="The numbers of the rows of a column of whole numbers, or of the columns of one row, that are not 0.",
)
def which(frame: Frame) -> Frame:
    if frame.n_rows == 1 and frame.n_columns > 1:
        values = np.array([column.floats()[0] if column.type.is_numeric else math.nan for column in frame.columns])
        return single("C1", numeric(np.flatnonzero(np.trunc(values) != 0)))
    if frame.n_columns != 1 or frame.columns[0].type not in (ColumnType.INT, ColumnType.BAD, ColumnType.ENUM):
        raise InvalidArgument("'which' needs a single column of whole numbers, or a single row.")
    column = frame.columns[0]
    return single("C1", numeric((column.values != 0).fill_null(True).arg_true()))


@operator(
    "which.max",
    FRAME_OR_ROW("frame"),
    FLAG("skip missing"),
    FLAG("by row", default=False),
    doc="The row number of each column's greatest value, or the column number of each row's.",
)
def which_max(frame: Frame | Row, skip_missing: bool, by_row: bool) -> Any:
    return _which_extreme(frame, skip_missing, by_row, "max")


@operator(
    "which.min",
    FRAME_OR_ROW("frame"),
    FLAG("skip missing"),
    FLAG("by row", default=False),
    doc="The row number of each column's least value, or the column number of each row's.",
)
def which_min(frame: Frame | Row, skip_missing: bool, by_row: bool) -> Any:
    return _which_extreme(frame, skip_missing, by_row, "min")


def _which_extreme(frame: Frame | Row, skip_missing: bool, by_row: bool, which: str) -> Any:
    if isinstance(frame, Row):
        return Row(single("C1", _place_in_rows(list(frame.cells.columns), skip_missing, which)))
    if not by_row:
        columns = [_place_in_column(column, skip_missing, which) for column in frame.columns]
        return Frame(frame.names, columns, 1)
    numbers = [column for column in frame.columns if is_numeric(column)]
    chosen = numbers or [column for column in frame.columns if column.type is ColumnType.TIME]
    name = f"which.{which}"
    if not chosen or (not skip_missing and len(chosen) < frame.n_columns):
        return single(name, missing(frame.n_rows))
    return single(name, _place_in_rows(chosen, skip_missing, which))


def _place_in_column(column: Column, skip_missing: bool, which: str) -> Column:
    # as in H2O the levels met count, not those there are
    binary = column.type is ColumnType.ENUM and (column.cardinality <= 2 or (column.values.max() or 0) <= 1)  # type: ignore[operator]
    present = len(column) - column.missing_count
    if not (column.type.is_numeric or binary) or not present or (column.missing_count and not skip_missing):
        return times(missing(1).values.cast(pl.Int64)) if column.type is ColumnType.TIME else missing(1)
    place = column.values.arg_max() if which == "max" else column.values.arg_min()
    return times(np.array([place])) if column.type is ColumnType.TIME else constant(float(place or 0), 1)


def _place_in_rows(columns: list[Column], skip_missing: bool, which: str) -> Column:
    cells = np.column_stack([column.floats() for column in columns])
    empty = np.isnan(cells)
    filled = np.where(empty, -np.inf if which == "max" else np.inf, cells)
    places = (filled.argmax(axis=1) if which == "max" else filled.argmin(axis=1)).astype(np.float64)
    undefined = empty.all(axis=1) if skip_missing else empty.any(axis=1)
    return numeric(np.where(undefined, np.nan, places))
