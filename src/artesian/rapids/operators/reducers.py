"""Reducers of columns and of rows: sums, means, extremes, counts of missing values, quantifiers, products."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

import numpy as np
import polars as pl

from artesian.core.errors import InvalidArgument
from artesian.frame import Column, ColumnType, Frame
from artesian.rapids.columns import constant, is_numeric, is_text, missing, numeric, single, times
from artesian.rapids.registry import FLAG, FRAME, FRAME_OR_ROW, VALUE, operator
from artesian.rapids.values import Row, shown

_Numbers = np.ndarray[Any, np.dtype[np.float64]]
_TWO_LEVELS = 2


# ---- one number for a whole frame ----


# Clients pass their methods' arguments on when they apply `sum`; the operator's name says already what they say.
_CLIENTS_ARGUMENTS = (FLAG("skip missing", default=False), VALUE("axis", default=0.0))


@operator("sum", FRAME_OR_ROW("frame"), *_CLIENTS_ARGUMENTS, doc="Sum of all cells; missing if one is.")
def total(frame: Frame | Row, skip_missing: bool, axis: Any) -> Any:
    return _fold(frame, _sum, sum, skip_missing=False)


@operator("sumNA", FRAME_OR_ROW("frame"), *_CLIENTS_ARGUMENTS, doc="Sum of all cells that are not missing.")
def total_present(frame: Frame | Row, skip_missing: bool, axis: Any) -> Any:
    return _fold(frame, _sum, sum, skip_missing=True)


@operator("max", FRAME_OR_ROW("frame"), doc="Greatest cell; missing if one is.")
def greatest(frame: Frame | Row) -> Any:
    return _fold(frame, _max, max, skip_missing=False)


@operator("maxNA", FRAME_OR_ROW("frame"), doc="Greatest of the cells that are not missing.")
def greatest_present(frame: Frame | Row) -> Any:
    return _fold(frame, _max, max, skip_missing=True)


@operator("min", FRAME_OR_ROW("frame"), doc="Least cell; missing if one is.")
def least(frame: Frame | Row) -> Any:
    return _fold(frame, _min, min, skip_missing=False)


@operator("minNA", FRAME_OR_ROW("frame"), doc="Least of the cells that are not missing.")
def least_present(frame: Frame | Row) -> Any:
    return _fold(frame, _min, min, skip_missing=True)


def _fold(
    frame: Frame | Row,
    of_column: Callable[[Column], float],
    of_values: Callable[[list[float]], float],
    *,
    skip_missing: bool,
) -> Any:
    if isinstance(frame, Row):
        return _fold_rows(frame, of_values, skip_missing)
    if not frame.n_columns:
        return math.nan
    values: list[float] = []
    for column in frame.columns:
        if column.missing_count and not skip_missing:
            return math.nan
        values.append(of_column(column))
    return math.nan if any(math.isnan(value) for value in values) else float(of_values(values))


def _fold_rows(row: Row, of_values: Callable[[list[float]], float], skip_missing: bool) -> Row:
    horizontal = {sum: pl.sum_horizontal, max: pl.max_horizontal, min: pl.min_horizontal}[of_values]
    table = _numbers_by_row(row.cells)
    folded = table.select(horizontal(pl.all()).alias("folded"), pl.any_horizontal(pl.all().is_null()).alias("missing"))
    series = folded["folded"] if skip_missing else folded["folded"].set(folded["missing"], None)
    return Row(single("C1", numeric(series)))


def _numbers_by_row(frame: Frame) -> pl.DataFrame:
    """The cells as floats; what is no number is missing."""
    return pl.DataFrame(
        {
            str(i): c.values.cast(pl.Float64) if c.type.is_numeric else missing(len(c)).values.cast(pl.Float64)
            for i, c in enumerate(frame.columns)
        }
    )


def _statistics_of(column: Column) -> pl.Series | None:
    """The values that statistics are taken of; None where H2O takes none: strings, and categories of more than two levels."""
    if is_text(column) or column.cardinality > _TWO_LEVELS:
        return None
    return column.values


def _sum(column: Column) -> float:
    values = _statistics_of(column)
    if values is None:
        return 0.0 if is_text(column) and not len(column) else math.nan
    return float(values.cast(pl.Float64).sum()) if values.dtype.is_float() else float(values.cast(pl.Int64).sum())


def _extreme(column: Column, which: str) -> float:
    """The greatest or least value; NaN without any."""
    value = None if is_text(column) else getattr(column.values, which)()
    return math.nan if value is None else float(value)


def _max(column: Column) -> float:
    return _extreme(column, "max")


def _min(column: Column) -> float:
    return _extreme(column, "min")


@operator("prod", FRAME("frame"), doc="Product of all cells; missing if one is.")
def product(frame: Frame) -> float:
    return _product(frame, "prod", skip_missing=False)


@operator("prod.na", FRAME("frame"), doc="Product of all cells that are not missing.")
def product_present(frame: Frame) -> float:
    return _product(frame, "prod.na", skip_missing=True)


def _product(frame: Frame, name: str, *, skip_missing: bool) -> float:
    for column_name, column in zip(frame.names, frame.columns, strict=True):
        if not column.type.is_numeric:
            raise InvalidArgument(f"'{name}' needs numbers, but '{column_name}' is of type {column.type}.")
    result = 1.0
    for column in frame.columns:
        if column.missing_count and not skip_missing:
            return math.nan
        result *= float(column.values.cast(pl.Float64).product())
    return result


@operator(
    "all",
    VALUE("values"),
    doc="Whether no cell is 0 (missing ones count as true); categories only of the levels true and false.",
)
def every(values: Any) -> float:
    if isinstance(values, float):
        return float(values != 0)
    return float(all(_true_count(c, missing_is_true=True) == len(c) for c in _truths(values, "all")))


@operator(
    "any",
    VALUE("values"),
    doc="Whether a cell is not 0 (missing ones count as true); categories only of the levels true and false.",
)
def some(values: Any) -> float:
    if isinstance(values, float):
        return float(values != 0)
    return float(any(_true_count(c, missing_is_true=True) > 0 for c in _truths(values, "any")))


def _truths(values: Any, name: str) -> list[Column]:
    if not isinstance(values, Frame):
        raise InvalidArgument(f"'{name}' takes a frame or a number. Got {shown(values)}.")
    return list(values.columns)


def _true_count(column: Column, *, missing_is_true: bool) -> int:
    absent = column.missing_count if missing_is_true else 0
    if is_text(column):
        return len(column) - column.missing_count + absent
    if column.domain is not None:
        lowered = [level.lower() for level in column.levels]
        if not set(lowered) <= {"true", "false"} or not lowered:
            return -1
        trues = int((column.values == lowered.index("true")).sum()) if "true" in lowered else 0
        return trues + absent
    return int((column.values != 0).sum()) + absent


@operator(
    "any.na",
    FRAME("frame"),
    doc="Whether a cell is a string or not 0 (a category not the first one), missing ones left out.",
)
def some_present(frame: Frame) -> float:
    return float(any(_has_some(column) for column in frame.columns))


def _has_some(column: Column) -> bool:
    return column.missing_count < len(column) if is_text(column) else bool((column.values != 0).any())


# ---- one number for each column ----


@operator("naCnt", FRAME("frame"), doc="For each column the number of missing values.")
def missing_counts(frame: Frame) -> _Numbers:
    return np.array([float(column.missing_count) for column in frame.columns])


@operator("sd", FRAME("frame"), FLAG("skip missing"), doc="For each numeric column the standard deviation (n - 1).")
def deviation(frame: Frame, skip_missing: bool) -> _Numbers:
    return np.array([_of_numeric(c, _sigma, skip_missing) for c in frame.columns])


@operator("median", FRAME("frame"), FLAG("skip missing"), doc="For each numeric column the median, interpolated.")
def median(frame: Frame, skip_missing: bool) -> _Numbers:
    return np.array([_of_numeric(c, lambda s: s.median(), skip_missing) for c in frame.columns])


def _sigma(values: pl.Series) -> Any:
    present = len(values) - values.null_count()
    # of nothing but missing values it is 0, as in H2O
    return 0.0 if len(values) and present <= 1 else values.cast(pl.Float64).std()


def _of_numeric(column: Column, function: Callable[[pl.Series], Any], skip_missing: bool) -> float:
    if not is_numeric(column) or (column.missing_count and not skip_missing):
        return math.nan
    value = function(column.values)
    return math.nan if value is None else float(value)


# ---- along an axis ----


@operator(
    "mean",
    FRAME_OR_ROW("frame"),
    FLAG("skip missing"),
    FLAG("by row", default=False),
    doc="Means of columns, as a frame of one row, or of rows, as a column 'mean'.",
)
def mean(frame: Frame | Row, skip_missing: bool, by_row: bool) -> Any:
    return _along(frame, skip_missing, by_row, "mean")


@operator(
    "sumaxis",
    FRAME_OR_ROW("frame"),
    FLAG("skip missing"),
    FLAG("by row", default=False),
    doc="Sums of columns, as a frame of one row, or of rows, as a column 'sum'.",
)
def sum_along(frame: Frame | Row, skip_missing: bool, by_row: bool) -> Any:
    return _along(frame, skip_missing, by_row, "sum")


def _along(frame: Frame | Row, skip_missing: bool, by_row: bool, which: str) -> Any:
    if isinstance(frame, Row):
        return Row(single("C1", numeric(_row_statistic(_numbers_by_row(frame.cells), skip_missing, which, empty=0.0))))
    if by_row:
        return _by_row(frame, skip_missing, which)
    columns = [_column_statistic(column, skip_missing, which) for column in frame.columns]
    return Frame(frame.names, columns, 1)


def _column_statistic(column: Column, skip_missing: bool, which: str) -> Column:
    present = len(column) - column.missing_count
    binary = column.type is ColumnType.ENUM and column.cardinality <= _TWO_LEVELS
    valid = (column.type.is_numeric or binary) and len(column) and (skip_missing or not column.missing_count)
    if not valid:
        return times(missing(1).values.cast(pl.Int64)) if column.type is ColumnType.TIME else missing(1)
    # of nothing but missing values both are 0, as in H2O
    value = _sum(column) / (max(present, 1) if which == "mean" else 1)
    return times(np.array([value])) if column.type is ColumnType.TIME else constant(value, 1)


def _by_row(frame: Frame, skip_missing: bool, which: str) -> Frame:
    """Numbers are taken where there are any, else times; other columns make the row missing unless skipped."""
    numbers = [column for column in frame.columns if is_numeric(column)]
    chosen = numbers or [column for column in frame.columns if column.type is ColumnType.TIME]
    if not chosen:
        return single(which, missing(frame.n_rows)) if frame.n_columns else frame
    if not skip_missing and len(numbers) < frame.n_columns and len(chosen) - len(numbers) < frame.n_columns:
        return single(which, missing(frame.n_rows))
    table = pl.DataFrame({str(i): column.values.cast(pl.Float64) for i, column in enumerate(chosen)})
    series = _row_statistic(table, skip_missing, which, empty=None)
    return single(which, numeric(series) if numbers else times(series))


def _row_statistic(table: pl.DataFrame, skip_missing: bool, which: str, *, empty: float | None) -> pl.Series:
    present = pl.sum_horizontal(pl.all().is_not_null().cast(pl.UInt32))
    result = table.select(pl.sum_horizontal(pl.all()).alias("sum"), present.alias("present")).select(
        value=pl.col("sum") / pl.col("present") if which == "mean" else pl.col("sum"),
        present="present",
    )
    least = 1 if skip_missing and empty is None else 0 if skip_missing else table.width
    return result["value"].set(result["present"] < least, None)
