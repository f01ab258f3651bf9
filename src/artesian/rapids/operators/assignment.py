"""Naming and changing: temporaries, globals, removal, renaming, and assignment into a rectangle of cells."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import polars as pl

from artesian.core.errors import InvalidArgument, did_you_mean
from artesian.frame import Column, ColumnType, Frame
from artesian.rapids.columns import constant, missing, numeric
from artesian.rapids.operators.selection import included_columns, row_mask
from artesian.rapids.registry import DEFERRED, FRAME, NAME, SELECTOR, STRING, VALUE, Context, Deferred, operator
from artesian.rapids.selectors import Selector, row_numbers
from artesian.rapids.syntax import Number, NumberList, Span
from artesian.rapids.values import shown


@operator(
    "tmp=", NAME("name"), FRAME("frame"), doc="Registers the frame as a temporary of the session under a free name."
)
def assign_temporary(context: Context, name: str, frame: Frame) -> Frame:
    if name in context.environment:
        if context.environment.lookup(name) is frame:
            return frame
        raise InvalidArgument(f"The temporary '{name}' exists already; remove it first or take another name.")
    context.environment.assign_temporary(name, frame)
    return context.assigned(name, frame)


@operator(
    "assign", NAME("name"), FRAME("frame"), doc="Registers the frame under a global name, in place of an earlier one."
)
def assign(context: Context, name: str, frame: Frame) -> Frame:
    context.environment.assign(name, frame)
    return context.assigned(name, frame)


@operator("rm", NAME("name"), doc="Removes the object of that name: 1 if there was one, else 0.")
def remove(context: Context, name: str) -> float:
    return float(context.environment.remove(name))


@operator("rename", STRING("old"), STRING("new"), doc="Gives an object another name.")
def rename(context: Context, old: str, new: str) -> float:
    context.environment.rename(context.expand(old), context.expand(new))
    return math.nan


@operator("ls", doc="A frame of the names of all objects.")
def list_names(context: Context) -> Frame:
    return Frame(["key"], [Column.enum_from_strings(pl.Series("key", context.environment.names(), dtype=pl.String))])


@operator(",", VALUE("values", repeated=True), doc="Evaluates its arguments in order; the value of the last.")
def sequence(*values: Any) -> Any:
    return values[-1] if values else 0.0


@operator(
    ":=",
    FRAME("frame"),
    VALUE("source"),
    SELECTOR("columns"),
    DEFERRED("rows"),
    doc="The frame with a number, a string or a frame in those columns and rows ([]: all).",
)
def assign_rectangle(context: Context, frame: Frame, source: Any, columns: Selector, rows: Deferred) -> Frame:
    chosen = included_columns(frame, columns) or list(range(frame.n_columns))
    node = rows.node
    if isinstance(node, Number):
        node = NumberList((Span(node.value),))
    if isinstance(node, NumberList):
        where: slice | pl.Series = (
            row_numbers(node, frame.n_rows, context.settings.max_rapids_list) if node.spans else slice(0, frame.n_rows)
        )
        if node.spans and node.is_plain and not _count(where):
            raise InvalidArgument(
                f"There is no row {node.spans[0].base:g} to set; rows are from 0 to {frame.n_rows - 1}."
            )
        everything = isinstance(where, slice) and where == slice(0, frame.n_rows)
    else:
        where = _mask(context.evaluate(rows), frame)
        everything = bool(where.all()) and len(where) > 0
        where = where.arg_true()
    if isinstance(source, Frame):
        if not isinstance(node, NumberList):
            raise InvalidArgument("':=' with a mask of rows takes a number or a string, no frame.")
        return _with_frame(frame, source, chosen, where, everything)
    if not isinstance(source, float | str):
        raise InvalidArgument(f"':=' takes a frame, a number or a string. Got {shown(source)}.")
    return _with_scalar(frame, source, chosen, where, everything)


def _mask(mask: Any, frame: Frame) -> pl.Series:
    if not isinstance(mask, Frame) or not mask.n_columns:
        raise InvalidArgument(f"The rows of ':=' must be numbers or a frame of 0 and 1. Got {shown(mask)}.")
    if mask.n_rows != frame.n_rows:
        raise InvalidArgument(f"The mask of ':=' has {mask.n_rows} rows, the frame {frame.n_rows}; they must be equal.")
    return row_mask(mask.columns[0])


def _count(where: slice | pl.Series) -> int:
    return where.stop - where.start if isinstance(where, slice) else len(where)


def _with_frame(frame: Frame, source: Frame, chosen: list[int], where: slice | pl.Series, everything: bool) -> Frame:
    if len(chosen) != source.n_columns:
        raise InvalidArgument(f"':=' needs a column for each of {len(chosen)} columns. Got {source.n_columns}.")
    if source.n_rows != _count(where):
        raise InvalidArgument(f"':=' needs a row for each of {_count(where)} rows. Got {source.n_rows}.")
    columns = list(frame.columns)
    for number, new in zip(chosen, source.columns, strict=True):
        columns[number] = new if everything else _scattered(columns[number], frame.names[number], new, _numbers(where))
    return Frame(frame.names, columns, frame.n_rows)


def _numbers(where: slice | pl.Series) -> pl.Series:
    return pl.Series(np.arange(where.start, where.stop)) if isinstance(where, slice) else where


def _scattered(old: Column, name: str, new: Column, where: pl.Series) -> Column:
    """The old column with new values at some rows; both are of one type and have the same levels."""
    numbers = (ColumnType.INT, ColumnType.REAL, ColumnType.BAD)
    if old.type in numbers and new.type in numbers:
        return numeric(old.values.cast(pl.Float64).scatter(where, new.values.cast(pl.Float64)))
    if old.type is not new.type:
        raise InvalidArgument(
            f"':=' into some rows of '{name}' of type {old.type} needs the same type. Got {new.type}.", column=name
        )
    if old.domain is not None and new.domain is not None and not old.domain.equals(new.domain):
        raise InvalidArgument(f"':=' into some rows of '{name}' needs a column of the same levels.", column=name)
    return Column(old.type, old.values.clone().scatter(where, new.values), old.domain, None, old.domain_stored)


def _with_scalar(
    frame: Frame, value: float | str, chosen: list[int], where: slice | pl.Series, everything: bool
) -> Frame:
    columns = list(frame.columns)
    if everything and isinstance(value, float) and not math.isnan(value):
        for number in chosen:  # whole columns are replaced, whatever their type
            columns[number] = constant(value, frame.n_rows)
        return Frame(frame.names, columns, frame.n_rows)
    numbers = _numbers(where)
    for number in chosen:
        columns[number] = _filled(columns[number], frame.names[number], value, numbers)
    return Frame(frame.names, columns, frame.n_rows)


def _filled(column: Column, name: str, value: float | str, where: pl.Series) -> Column:
    """The column with one value at some rows; NaN makes them missing."""
    if isinstance(value, float) and math.isnan(value):
        values = column.values.clone().scatter(where, None)
        if values.null_count() == len(values) and column.type in (ColumnType.INT, ColumnType.REAL):
            return missing(len(values))
        return Column(column.type, values, column.domain, None, column.domain_stored)
    if isinstance(value, str):
        return _filled_with_text(column, name, value, where)
    if not column.type.is_numeric:
        raise _unfit(repr(value), column, name, "It takes no numbers; convert it with as.numeric first.")
    if column.type is ColumnType.TIME:
        return Column(ColumnType.TIME, column.values.clone().scatter(where, int(value)))
    return numeric(column.values.cast(pl.Float64).scatter(where, value))


def _filled_with_text(column: Column, name: str, value: str, where: pl.Series) -> Column:
    if column.type in (ColumnType.STRING, ColumnType.UUID):
        return Column(column.type, column.values.clone().scatter(where, value))
    if column.domain is None:
        raise _unfit(value, column, name, "It takes no strings; convert it with as.character first.")
    if value not in column.levels:
        near = did_you_mean(value, column.levels)
        raise _unfit(
            value,
            column,
            name,
            f"It has no such level; add it with appendLevels, or convert it with as.character.{near}",
        )
    values = column.values.clone().scatter(where, column.levels.index(value))
    return Column(column.type, values, column.domain, None, column.domain_stored)


# clients match the sentence, types named as they know them
_TYPE_NAMES = {
    ColumnType.INT: "Numeric",
    ColumnType.REAL: "Numeric",
    ColumnType.ENUM: "Enum",
    ColumnType.TIME: "Time",
    ColumnType.STRING: "String",
    ColumnType.UUID: "UUID",
    ColumnType.BAD: "Numeric",
}


def _unfit(value: str, column: Column, name: str, remedy: str) -> InvalidArgument:
    """The error for a value that a column cannot take."""
    return InvalidArgument(
        f"Cannot assign value {value} into a vector of type {_TYPE_NAMES[column.type]}.",
        column=name,
        detail=f"The column is '{name}'. {remedy}",
    )
