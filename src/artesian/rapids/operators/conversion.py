"""Types of columns: asking for them and converting between numbers, categories and strings."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

import numpy as np
import polars as pl

from artesian.core.errors import InvalidArgument
from artesian.frame import Column, ColumnType, Frame
from artesian.rapids.columns import is_numeric, missing, numeric, strings
from artesian.rapids.registry import FRAME, VALUE, operator
from artesian.rapids.selectors import java_number
from artesian.rapids.values import Row, shown

_WHOLE_LEVEL = r"^[+-]?\d{1,10}$"
_SMALL_SPAN = 65_536
_NUMBER = r"^[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?$"


@operator(
    "as.factor", FRAME("frame"), doc="Columns as categories: strings in the order of their bytes, numbers in theirs."
)
def as_factor(frame: Frame) -> Frame:
    for name, column in zip(frame.names, frame.columns, strict=True):
        if column.type in (ColumnType.TIME, ColumnType.UUID):
            raise InvalidArgument(
                f"'as.factor' needs strings, categories or numbers, but '{name}' is of type {column.type}; "
                "convert it with as.character first.",
                column=name,
            )
    return Frame(frame.names, [categorical(column) for column in frame.columns], frame.n_rows)


def categorical(column: Column) -> Column:
    """The column as categories."""
    if column.type is ColumnType.ENUM:
        return column
    if column.type is ColumnType.STRING:
        return Column.enum_from_strings(column.values)
    if column.type is ColumnType.BAD:
        return Column.enums(column.values, [])
    values = column.values.drop_nulls().unique().sort()
    if column.type is ColumnType.INT:
        levels = values.cast(pl.String)
    else:
        levels = pl.Series([java_number(value) for value in values.cast(pl.Float64)], dtype=pl.String)
    return Column.enums(_places(column.values, values), levels.rename("levels"))


def _places(values: pl.Series, distinct: pl.Series) -> pl.Series:
    """The number of each value among the sorted distinct ones."""
    if not len(distinct):
        return values.cast(pl.UInt32)
    if distinct.dtype.is_integer():
        low = int(distinct[0])
        span = int(distinct[-1]) - low + 1
        if span <= max(_SMALL_SPAN, len(values)):  # a table from value to place
            table = np.zeros(span, dtype=np.uint32)
            table[distinct.cast(pl.Int64).to_numpy() - low] = np.arange(len(distinct))
            return pl.Series(table).gather(values.cast(pl.Int64) - low)
    return (values.rank("dense") - 1).cast(pl.UInt32)


@operator(
    "as.numeric",
    FRAME("frame"),
    doc="Columns as numbers: levels that are whole numbers as these, other levels as their numbers, strings as read.",
)
def as_numeric(frame: Frame) -> Frame:
    return Frame(frame.names, [_as_number(n, c) for n, c in zip(frame.names, frame.columns, strict=True)], frame.n_rows)


def _as_number(name: str, column: Column) -> Column:
    if column.type is ColumnType.ENUM:
        return _levels_as_numbers(name, column)
    if column.type is ColumnType.TIME:
        return numeric(column.values)
    if column.type is ColumnType.STRING:
        return strings_as_numbers(column.values)
    if column.type is ColumnType.UUID:
        return missing(len(column))
    return column


def _levels_as_numbers(name: str, column: Column) -> Column:
    assert column.domain is not None
    whole = column.domain.str.contains(_WHOLE_LEVEL)
    if not len(whole) or not whole[0]:
        return numeric(column.values)
    if not whole.all():
        wrong = column.domain.filter(~whole)[0]
        raise InvalidArgument(
            f"'as.numeric' cannot read the level '{wrong}' of '{name}' as a whole number, as its first level is.",
            column=name,
        )
    return numeric(column.domain.cast(pl.Int64).gather(column.values.cast(pl.UInt32)))


def strings_as_numbers(values: pl.Series) -> Column:
    """Strings read as decimal numbers; what is none becomes missing."""
    trimmed = values.str.strip_chars()
    read = trimmed.set(~trimmed.str.contains(_NUMBER).fill_null(True), None)
    return numeric(read.cast(pl.Float64, strict=False))


@operator(
    "as.character",
    FRAME("frame"),
    doc="Columns as strings: levels and numbers as they are shown, at most four decimals.",
)
def as_character(frame: Frame) -> Frame:
    return Frame(frame.names, [as_text(column) for column in frame.columns], frame.n_rows)


def as_text(column: Column) -> Column:
    """The column as strings."""
    if column.type is ColumnType.STRING:
        return column
    if column.type in (ColumnType.ENUM, ColumnType.UUID):
        return strings(column.decoded())
    if column.type is not ColumnType.REAL:
        return strings(column.values)
    distinct = column.values.drop_nulls().unique()
    texts = pl.Series([_four_decimals(value) for value in distinct.cast(pl.Float64)], dtype=pl.String)
    return strings(column.values.replace_strict(distinct, texts, default=None, return_dtype=pl.String))


def _four_decimals(value: float) -> str:
    """As a JVM writes the number, cut after the fourth digit behind the point, without zeros at the end."""
    if math.isfinite(value) and value == math.floor(value) and abs(value) < 2**63:
        return str(int(value))
    text = java_number(value)
    point = text.find(".")
    if point >= 0:
        text = text[: point + 5]
    return text.rstrip("0")


def _asks(test: Callable[[Column], bool]) -> Callable[[Frame], np.ndarray[Any, np.dtype[np.float64]]]:
    return lambda frame: np.array([float(test(column)) for column in frame.columns])


@operator("is.factor", FRAME("frame"), doc="For each column whether it is categorical.", looks_up=True)
def is_factor(frame: Frame) -> np.ndarray[Any, np.dtype[np.float64]]:
    return _asks(lambda column: column.type is ColumnType.ENUM)(frame)


@operator(
    "is.numeric",
    FRAME("frame"),
    doc="For each column whether it is numeric (times and categories are not).",
    looks_up=True,
)
def is_number(frame: Frame) -> np.ndarray[Any, np.dtype[np.float64]]:
    return _asks(is_numeric)(frame)


@operator("is.character", FRAME("frame"), doc="For each column whether it holds strings.", looks_up=True)
def is_character(frame: Frame) -> np.ndarray[Any, np.dtype[np.float64]]:
    return _asks(lambda column: column.type is ColumnType.STRING)(frame)


@operator("any.factor", FRAME("frame"), doc="Whether a column is categorical.", looks_up=True)
def any_factor(frame: Frame) -> float:
    return float(any(column.type is ColumnType.ENUM for column in frame.columns))


@operator("is.na", VALUE("values"), doc="Whether cells are missing; columns are named isNA(column).")
def is_missing(values: Any) -> Any:
    if isinstance(values, float):
        return float(math.isnan(values))
    if isinstance(values, str):
        return 0.0
    if isinstance(values, Row):
        return Row(is_missing(values.cells))
    if not isinstance(values, Frame):
        raise InvalidArgument(f"'is.na' takes a frame, a number or a string. Got {shown(values)}.")
    columns = [Column(ColumnType.INT, column.values.is_null().cast(pl.UInt8)) for column in values.columns]
    return Frame([f"isNA({name})" for name in values.names], columns, values.n_rows)
