"""Rows and columns with missing values: dropping them, counting them, filling them in."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import polars as pl

from artesian.core.errors import InvalidArgument
from artesian.frame import Column, ColumnType, Frame
from artesian.frame.summary import quantiles
from artesian.rapids.columns import default_names, filtered, is_numeric, is_text, numeric
from artesian.rapids.registry import DEFERRED, FRAME, INTEGER, NUMBER, SELECTOR, STRING, Context, Deferred, operator
from artesian.rapids.selectors import Selector, column_numbers
from artesian.rapids.syntax import Name, Text
from artesian.rapids.values import shown

_METHODS = ("mean", "median", "mode")


@operator("na.omit", FRAME("frame"), doc="The rows without a missing value.")
def drop_missing(frame: Frame) -> Frame:
    if not any(column.missing_count for column in frame.columns):
        return frame
    return filtered(frame, _complete(frame))


def _complete(frame: Frame) -> pl.Series:
    table = pl.DataFrame({str(i): c.values for i, c in enumerate(frame.columns) if c.missing_count})
    return table.select(pl.all_horizontal(pl.all().is_not_null()).alias("complete"))["complete"]


@operator(
    "filterNACols",
    FRAME("frame"),
    NUMBER("share"),
    doc="The numbers of the columns in which less than the share of rows is missing.",
)
def columns_with_values(frame: Frame, share: float) -> np.ndarray[Any, np.dtype[np.float64]]:
    bound = frame.n_rows * share
    return np.array([i for i, c in enumerate(frame.columns) if c.missing_count < bound], dtype=np.float64)


@operator(
    "h2o.fillna",
    FRAME("frame"),
    STRING("method"),
    INTEGER("axis"),
    INTEGER("limit"),
    doc="Missing numbers filled from the value before (forward) or after (backward), along columns (0) or rows (1), at most so many in a run.",
)
def fill_missing(frame: Frame, method: str, axis: int, limit: int) -> Frame:
    forward = {"forward": True, "backward": False}.get(method.strip().lower())
    if forward is None:
        raise InvalidArgument(f"The argument 'method' of 'h2o.fillna' must be 'forward' or 'backward'. Got '{method}'.")
    if axis not in (0, 1):
        raise InvalidArgument(f"The argument 'axis' of 'h2o.fillna' must be 0 (columns) or 1 (rows). Got {axis}.")
    if limit < 0:
        raise InvalidArgument(f"The argument 'limit' of 'h2o.fillna' must be at least 0. Got {limit}.")
    if limit == 0:
        return frame
    for name, column in zip(frame.names, frame.columns, strict=True):
        if is_text(column):
            raise InvalidArgument(f"'h2o.fillna' fills numbers, but the column '{name}' holds strings.")
    columns = _filled_columns(frame, forward, limit) if axis == 0 else _filled_rows(frame, forward, limit)
    return Frame(default_names(frame.n_columns), columns, frame.n_rows)


def _filled_columns(frame: Frame, forward: bool, limit: int) -> list[Column]:
    fill = pl.Series.forward_fill if forward else pl.Series.backward_fill
    # categories and times become numbers, as in H2O
    return [numeric(fill(column.values, limit)) for column in frame.columns]


def _filled_rows(frame: Frame, forward: bool, limit: int) -> list[Column]:
    """Fills along the rows; like H2O, a run of missing values that follows another is limited with it until a value comes."""
    order = range(frame.n_columns) if forward else range(frame.n_columns - 1, -1, -1)
    filled: dict[int, Column] = {}
    last = np.full(frame.n_rows, np.nan)
    count = np.zeros(frame.n_rows, dtype=np.int64)
    for number in order:
        values = frame.columns[number].floats()
        empty = np.isnan(values)
        takes = empty & (count < limit)
        result = np.where(takes, last, values)
        count = np.where(empty, count + (takes & ~np.isnan(last)), 0)
        last = result
        filled[number] = numeric(result)
    return [filled[number] for number in range(frame.n_columns)]


@operator(
    "h2o.impute",
    DEFERRED("frame"),
    INTEGER("column"),
    STRING("method"),
    STRING("combine method"),
    SELECTOR("group by"),
    DEFERRED("group frame"),
    DEFERRED("values"),
    doc="Fills missing values of a column (-1: all) with mean, median or mode, by group if asked, in the frame itself; gives the values.",
)
def impute(
    context: Context,
    frame: Deferred,
    column: int,
    method: str,
    combine: str,
    by: Selector,
    group_frame: Deferred,
    values: Deferred,
) -> Any:
    source = context.evaluate(frame)
    if not isinstance(source, Frame):
        raise InvalidArgument(f"The argument 'frame' of 'h2o.impute' must be a frame. Got {shown(source)}.")
    if not -1 <= column < source.n_columns:
        raise InvalidArgument(
            f"The argument 'column' of 'h2o.impute' must be from -1 (all) to {source.n_columns - 1}. Got {column}."
        )
    method = method.lower()
    if method not in _METHODS:
        raise InvalidArgument(
            f"The argument 'method' of 'h2o.impute' must be one of {', '.join(_METHODS)}. Got '{method}'."
        )
    groups = column_numbers(source.names, by)
    given = _given_frame(context, group_frame)
    if groups or given is not None:
        result: Any
        filled, result = _by_group(source, column, method, combine.lower(), groups, given)
    else:
        result = _given_values(context, values, source)
        if result is None:
            result = _single_values(source, column, method, combine.lower())
        filled = _with_values(source, result)
    name = context.name_of(frame, source)
    if name is not None:
        context.environment.replace(name, filled)
    return result


def _is_blank(argument: Deferred) -> bool:
    """Whether the argument is left out: a bare or quoted underscore stands for that."""
    return isinstance(argument.node, Name | Text) and argument.node.value == "_"


def _given_frame(context: Context, group_frame: Deferred) -> Frame | None:
    if _is_blank(group_frame):
        return None
    value = context.evaluate(group_frame)
    if isinstance(value, Frame):
        return value
    if isinstance(value, np.ndarray) and not len(value):
        return None
    raise InvalidArgument(f"The argument 'group frame' of 'h2o.impute' must be a frame or _. Got {shown(value)}.")


def _given_values(context: Context, values: Deferred, frame: Frame) -> Any:
    if _is_blank(values):
        return None
    given = context.evaluate(values)
    if isinstance(given, float):
        given = np.array([given])
    if given is None or (isinstance(given, np.ndarray) and not len(given)):
        return None
    if not isinstance(given, np.ndarray) or len(given) != frame.n_columns:
        raise InvalidArgument(f"'h2o.impute' needs a value for each of {frame.n_columns} columns. Got {shown(given)}.")
    return given


def _single_values(frame: Frame, column: int, method: str, combine: str) -> np.ndarray[Any, np.dtype[np.float64]]:
    """For each column the value that fills it; NaN leaves it alone. Over all columns: means, and modes of categories."""
    if column == -1:
        return np.array([_value_for(c, "mean" if is_numeric(c) else "mode", combine, 0.0) for c in frame.columns])
    result = np.full(frame.n_columns, np.nan)
    result[column] = _value_for(frame.columns[column], method, combine, math.nan)
    return result


def _value_for(column: Column, method: str, combine: str, otherwise: float) -> float:
    present = column.values.drop_nulls()
    if is_text(column) or not len(present) or (column.type is ColumnType.TIME and math.isfinite(otherwise)):
        # the mean of nothing but missing values is 0, as in H2O
        return 0.0 if method == "mean" and is_numeric(column) and len(column) else otherwise
    if method == "mode":
        return mode_of(present)
    if method == "median":
        return combined_quantile(column, 0.5, combine)
    return math.nan if column.cardinality > 2 else float(present.cast(pl.Float64).mean())  # type: ignore[arg-type]


def mode_of(values: pl.Series) -> float:
    """The most frequent value, the least of them."""
    counted = values.value_counts(sort=False, name="count")
    counted = counted.sort(["count", counted.columns[0]], descending=[True, False])
    return float(counted[counted.columns[0]][0])


def combined_quantile(column: Column, probability: float, combine: str) -> float:
    """A quantile of a column; between two values: interpolated, their average, the lower or the higher one."""
    if combine == "interpolate":
        return quantiles(column, [probability])[0]
    ordered = column.values.drop_nulls().sort().cast(pl.Float64)
    if not len(ordered):
        return math.nan
    position = probability * (len(ordered) - 1)
    low, high = float(ordered[math.floor(position)]), float(ordered[math.ceil(position)])
    chosen = {"average": (low + high) / 2, "avg": (low + high) / 2, "low": low, "high": high}.get(combine)
    if chosen is None:
        raise InvalidArgument(f"The way to combine must be interpolate, average, low or high. Got '{combine}'.")
    return chosen


def _with_values(frame: Frame, values: np.ndarray[Any, np.dtype[np.float64]]) -> Frame:
    columns = [
        column if math.isnan(value) or is_text(column) or not column.missing_count else _filled_with(column, value)
        for column, value in zip(frame.columns, values, strict=True)
    ]
    return Frame(frame.names, columns, frame.n_rows)


def _filled_with(column: Column, value: float) -> Column:
    if column.domain is not None:
        if not 0 <= value < len(column.domain):
            raise InvalidArgument(f"'h2o.impute' cannot fill a category of {len(column.domain)} levels with {value:g}.")
        return Column.enums(column.values.fill_null(int(value)), column.domain)
    if column.type is ColumnType.TIME:
        return Column(ColumnType.TIME, column.values.fill_null(int(value)))
    return numeric(column.values.cast(pl.Float64).fill_null(value))


def _by_group(
    frame: Frame, column: int, method: str, combine: str, groups: list[int], given: Frame | None
) -> tuple[Frame, Frame]:
    """The filled frame, and the frame of the values by group: the groups' columns, then the imputed ones."""
    from artesian.rapids.operators.grouping import aggregated  # grouping builds on this module

    groups = groups or [frame.position(name) for name in (given.names[:-1] if given is not None else ())]
    if given is None:
        targets = [column] if column >= 0 else [i for i in range(frame.n_columns) if i not in groups]
        targets = [i for i in targets if is_numeric(frame.columns[i]) or frame.columns[i].domain is not None]
        methods = [method if column >= 0 else "mean" if is_numeric(frame.columns[i]) else "mode" for i in targets]
        given = aggregated(frame, groups, [(m, i, "rm") for m, i in zip(methods, targets, strict=True)])
        places = range(len(groups), len(groups) + len(targets))
    else:
        targets = [column] if column >= 0 else [i for i in range(frame.n_columns) if i not in groups]
        places = range(given.n_columns - len(targets), given.n_columns)
    keys = [str(i) for i in range(len(groups))]
    table = pl.DataFrame([_key(frame.columns[i]).alias(k) for k, i in zip(keys, groups, strict=True)])
    values = pl.DataFrame(
        [_key(given.columns[i]).alias(k) for k, i in zip(keys, range(len(groups)), strict=True)]
        + [given.columns[place].values.cast(pl.Float64).alias(f"v{place}") for place in places]
    )
    matched = table.join(values, on=keys, how="left", nulls_equal=True, maintain_order="left")
    columns = list(frame.columns)
    for target, place in zip(targets, places, strict=True):
        columns[target] = _filled_from(columns[target], matched[f"v{place}"])
    return Frame(frame.names, columns, frame.n_rows), given


def _key(column: Column) -> pl.Series:
    return column.decoded() if column.domain is not None else column.values.cast(pl.Float64)


def _filled_from(column: Column, values: pl.Series) -> Column:
    if not column.missing_count:
        return column
    if column.domain is not None:
        return Column.enums(column.values.cast(pl.Float64).fill_null(values).cast(pl.UInt32), column.domain)
    return numeric(column.values.cast(pl.Float64).fill_null(values))
