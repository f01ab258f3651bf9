"""Counting values: tables, distinct values, histograms, and cutting numbers into intervals."""

from __future__ import annotations

import itertools
import math
from typing import Any

import numpy as np
import polars as pl
from numpy.typing import NDArray

from artesian.core.errors import InvalidArgument
from artesian.frame import Column, ColumnType, Frame
from artesian.frame.summary import rollups
from artesian.rapids.columns import compacted, frame_of, is_numeric, is_text, numeric, single
from artesian.rapids.operators.statistics import _median_deviation
from artesian.rapids.registry import COLUMN, FLAG, FRAME, INTEGER, NUMBERS, STRINGS, VALUE, Context, operator
from artesian.rapids.selectors import java_number
from artesian.rapids.size import check_size
from artesian.rapids.values import shown

_Numbers = NDArray[np.float64]
_MOST_BINS = 1_000_000
_WIDEST_COUNT = 1_000_000


# ---- tables ----


@operator(
    "table",
    FRAME("first"),
    VALUE("second and dense", repeated=True),
    doc="Counts of the values of a column, or of the pairs of two: a row each (dense) or a matrix.",
)
def table(context: Context, first: Frame, *rest: Any) -> Frame:
    if not rest or not isinstance(rest[-1], float):
        raise InvalidArgument(
            "'table' takes one or two frames and then True (a row for each pair) or False (a matrix)."
        )
    others = rest[:-1]
    if len(others) > 1 or not all(isinstance(other, Frame) for other in others):
        raise InvalidArgument(f"'table' takes one or two frames. Got {shown(others[0])}.")
    columns = list(zip(first.names, first.columns, strict=True))
    for other in others:
        columns += list(zip(other.names, other.columns, strict=True))
    if not 1 <= len(columns) <= 2:
        raise InvalidArgument(f"'table' counts one or two columns. Got {len(columns)}.")
    for name, column in columns:
        if is_text(column):
            raise InvalidArgument(f"'table' cannot count strings; convert '{name}' with as.factor first.")
    if len(columns) == 1:
        return _counts(*columns[0])
    if len(columns[0][1]) != len(columns[1][1]):
        raise InvalidArgument("'table' needs two columns of as many rows.")
    return _pairs(context, columns, dense=rest[-1] == 1)


def _counts(name: str, column: Column) -> Frame:
    counted = column.values.drop_nulls().value_counts(name="count", sort=False)
    counted = counted.sort(counted.columns[0])
    # as in H2O, whose short way is for whole numbers of no great span
    low, high = _ends(column.values) if column.type is not ColumnType.REAL else (0, _WIDEST_COUNT)
    label = "Count" if high - low < _WIDEST_COUNT else "Counts"
    return frame_of([name, label], [_heading(column, counted.to_series(0)), numeric(counted["count"])])


def _ends(values: pl.Series) -> tuple[int, int]:
    low, high = values.min(), values.max()
    return (0, 0) if low is None else (int(low), int(high))  # type: ignore[arg-type]


def _heading(column: Column, values: pl.Series) -> Column:
    """The values that are counted; times are numbers here, as in H2O."""
    return numeric(values) if column.type is ColumnType.TIME else _like(column, values)


def _like(column: Column, values: pl.Series) -> Column:
    return Column(column.type, values, column.domain, None, column.domain_stored)


def _pairs(context: Context, columns: list[tuple[str, Column]], *, dense: bool) -> Frame:
    (name, left), (other, right) = columns
    counted = (
        pl.DataFrame({"left": left.values, "right": right.values})
        .drop_nulls()
        .group_by("left", "right")
        .len("count")
        .sort("left", "right")
    )
    if dense:
        made = [_heading(left, counted["left"]), _heading(right, counted["right"]), numeric(counted["count"])]
        return frame_of([name, other, "Counts"], made)
    rows, across = (counted[side].unique().sort() for side in ("left", "right"))
    check_size(context, len(rows), len(across) + 1, "table")
    cells = np.zeros((len(rows), len(across)), dtype=np.int64)
    cells[counted["left"].rank("dense").to_numpy() - 1, counted["right"].rank("dense").to_numpy() - 1] = counted[
        "count"
    ]
    headings = (
        right.domain.gather(across.cast(pl.UInt32)).to_list()
        if right.domain is not None
        else [java_number(value) for value in across.cast(pl.Float64)]
    )
    return frame_of([name, *headings], [_heading(left, rows), *(numeric(cells[:, i]) for i in range(len(across)))])


@operator(
    "unique",
    FRAME("frame"),
    FLAG("with missing", default=False),
    doc="The distinct values of the first column in rising order; categories without missing unless asked, numbers with.",
)
def unique(frame: Frame, with_missing: bool) -> Frame:
    if not frame.n_columns:
        raise InvalidArgument("'unique' needs a frame of one column. Got an empty frame.")
    column = frame.columns[0]
    if is_text(column):
        raise InvalidArgument(f"'unique' needs numbers or categories; convert '{frame.names[0]}' with as.factor first.")
    values = column.values.unique().sort(nulls_last=True)
    if column.domain is None:
        return single("C1", _like(column, values))
    return single("C1", compacted(values if with_missing else values.drop_nulls(), column.domain))


# ---- intervals ----


@operator(
    "cut",
    COLUMN("column"),
    NUMBERS("breaks"),
    STRINGS("labels"),
    FLAG("include lowest"),
    FLAG("right"),
    INTEGER("digits"),
    doc="Numbers as categories of the intervals between the breaks, closed at the right or the left; a single number asks for as many breaks.",
)
def cut(frame: Frame, breaks: _Numbers, labels: list[str], lowest: bool, right: bool, digits: int) -> Frame:
    column = frame.columns[0]
    if not column.type.is_numeric:
        raise InvalidArgument(f"'cut' needs numbers, but '{frame.names[0]}' is of type {column.type}.")
    bounds = np.sort(breaks)
    intervals = len(bounds) - 1
    if intervals == 0:
        bounds = _equal_breaks(column, bounds[0])
        intervals = math.floor(breaks[0])
    if len(bounds) < 2:
        raise InvalidArgument(f"'cut' needs two breaks at least, or the number of them. Got {len(bounds)}.")
    if labels and len(labels) != intervals:
        raise InvalidArgument(f"'cut' needs a label for each of {intervals} intervals. Got {len(labels)}.")
    scale = 10.0 ** min(digits, 12)
    bounds = np.floor(bounds * scale + 0.5) / scale
    levels = labels or _interval_names(bounds, lowest, right)
    return Frame(frame.names, [Column.enums(_interval_numbers(column.floats(), bounds, lowest, right), levels)])


def _equal_breaks(column: Column, number: float) -> _Numbers:
    if not 2 <= number <= _MOST_BINS:
        raise InvalidArgument(f"The number of breaks of 'cut' must be from 2 to {_MOST_BINS}. Got {number:g}.")
    least, most = rollups(column).min, rollups(column).max
    count = math.floor(number)
    bounds = least + np.arange(count) * (most - least) / count
    bounds[0] = least - 0.001 * (most - least)
    bounds[-1] = most + 0.001 * (most - least)
    return bounds


def _interval_names(bounds: _Numbers, lowest: bool, right: bool) -> list[str]:
    opening, closing = ("(", "]") if right else ("[", ")")
    texts = [java_number(bound) for bound in bounds]
    names = [f"{opening}{a},{b}{closing}" for a, b in itertools.pairwise(texts)]
    if lowest:
        names[0] = "[" + names[0][1:]
    return names


def _interval_numbers(values: _Numbers, bounds: _Numbers, lowest: bool, right: bool) -> pl.Series:
    first, last = bounds[0], bounds[-1]
    with np.errstate(invalid="ignore"):
        outside = np.isnan(values) | (values < first) | (values > last)
        if not lowest:
            outside |= values == first
        if not right:
            outside |= values == last
    numbers = np.searchsorted(bounds[1:], values, side="left" if right else "right")
    return pl.Series(np.where(outside, 0, numbers).astype(np.uint32)).set(pl.Series(outside), None)


# ---- histograms ----


@operator(
    "hist",
    COLUMN("column"),
    VALUE("breaks"),
    doc="Counts of numbers between breaks: given ones, so many, or by the rule sturges, rice, sqrt, doane, scott or fd.",
)
def histogram(frame: Frame, breaks: Any) -> Frame:
    column = frame.columns[0]
    if not is_numeric(column):
        raise InvalidArgument(f"'hist' needs numbers, but '{frame.names[0]}' is of type {column.type}.")
    statistics = rollups(column)
    if not statistics.max > statistics.min or math.isinf(statistics.max - statistics.min):
        raise InvalidArgument(
            f"'hist' needs a column of different finite numbers, but '{frame.names[0]}' is constant, empty or infinite."
        )
    values = column.values.drop_nulls().cast(pl.Float64).to_numpy()
    if isinstance(breaks, np.ndarray):
        bounds = breaks
        places = np.clip(np.searchsorted(bounds[1:], values, side="left"), 0, len(bounds) - 2)
    else:
        bins, width = _bins(column, breaks)
        bounds = statistics.min + (statistics.max - statistics.min) / bins * np.arange(1, bins + 1)
        places = np.clip(np.floor((values - statistics.min) / width), 0, max(len(bounds) - 2, 0)).astype(np.int64)
    if len(bounds) < 2:
        raise InvalidArgument(f"'hist' needs two breaks at least. Got {len(bounds)}.")
    return _histogram(bounds, places, values)


def _histogram(bounds: _Numbers, places: NDArray[np.int64], values: _Numbers) -> Frame:
    """Breaks with, beside each but the first, the count, the middle of the values and the middle of the interval before."""
    intervals = len(bounds) - 1
    counts = np.bincount(places, minlength=intervals).astype(np.float64)
    least, most = np.full(intervals, np.inf), np.full(intervals, -np.inf)
    np.minimum.at(least, places, values)
    np.maximum.at(most, places, values)
    with np.errstate(invalid="ignore"):
        true_middles = np.where(counts > 0, (least + most) / 2, np.nan)
    middles = (bounds[:-1] + bounds[1:]) / 2
    columns = [np.concatenate([[np.nan], part]) for part in (counts, true_middles, middles)]
    return frame_of(["breaks", "counts", "mids_true", "mids"], [numeric(bounds), *(numeric(part) for part in columns)])


def _bins(column: Column, breaks: Any) -> tuple[int, float]:
    """How many bins, and how wide each is, by number or by rule."""
    statistics, rows = rollups(column), len(column)
    span = statistics.max - statistics.min
    if isinstance(breaks, float):
        if not 1 <= breaks <= _MOST_BINS:
            raise InvalidArgument(f"The number of breaks of 'hist' must be from 1 to {_MOST_BINS}. Got {breaks:g}.")
        return int(breaks), span / int(breaks)
    if not isinstance(breaks, str):
        raise InvalidArgument(f"The breaks of 'hist' must be numbers, their number, or a rule. Got {shown(breaks)}.")
    log2 = math.log2(rows) + 1e-10
    rule = breaks.lower()
    if rule in ("scott", "fd"):
        spread = 3.5 * statistics.sigma if rule == "scott" else 2 * 1.4826 * _median_deviation(column, "interpolate")
        width = spread * rows ** (-1 / 3)
        if not 0 < width < math.inf:
            raise InvalidArgument(
                f"'hist' cannot choose bins by '{rule}': the spread of the values is 0 or infinite by its measure."
            )
        return min(math.ceil(span / width), _MOST_BINS), width
    if rule == "doane":
        bins = _doane(column, log2)
    else:
        counts = {"rice": math.ceil(2 * rows ** (1 / 3)), "sqrt": int(math.sqrt(rows))}
        bins = counts.get(rule, math.ceil(1 + log2))  # sturges, for every other word too
    return bins, span / bins


def _doane(column: Column, log2: float) -> int:
    rows = len(column)
    values = column.values.drop_nulls().cast(pl.Float64).to_numpy()
    values = values[np.isfinite(values)]
    deviations = values - values.mean()
    largest = np.abs(deviations).max()
    deviations = deviations / (largest if 0 < largest < math.inf else 1.0)  # their powers stay finite
    skewness = float((deviations**3).mean()) / float((deviations**2).mean()) ** 1.5
    spread = math.sqrt(6 * (rows - 2) / ((rows + 1) * (rows + 3))) if rows > 2 else 0.0
    return int(1 + log2 + math.log2(1 + abs(skewness) / spread)) if spread else math.ceil(1 + log2)
