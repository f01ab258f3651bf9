"""Grouping: aggregates by group, a function by group, ranks within groups."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import polars as pl

from artesian.core.errors import InvalidArgument, did_you_mean
from artesian.frame import Column, ColumnType, Frame
from artesian.rapids.columns import frame_of, is_text, numeric
from artesian.rapids.dense_groups import GroupedValues, Groups
from artesian.rapids.operators.ordering import ordered
from artesian.rapids.registry import (
    FLAG,
    FRAME,
    FUNCTION,
    INTEGERS,
    SELECTOR,
    STRING,
    VALUE,
    Context,
    Operator,
    operator,
)
from artesian.rapids.selectors import Selector, column_numbers
from artesian.rapids.values import Row, shown

_AGGREGATES = ("nrow", "mean", "sum", "sumSquares", "var", "sdev", "min", "max", "median", "mode")
_MISSING_WAYS = ("all", "rm", "ignore")
# below this sum of squared deviations H2O calls a group constant
_CONSTANT_GROUP = 1e-5
_MOST_PACKED = 2**32
# aggregates that tables of sums give, and how large these may be: always so many cells, or one for so many rows
_TABLED = ("nrow", "mean", "sum", "sumSquares", "var", "sdev", "min", "max")
_SMALL_TABLE = 1 << 12
_FEW_CELLS = 1 << 10
_ROWS_A_CELL = 4
_LARGEST = float(np.finfo(np.float64).max)


@operator(
    "GB",
    FRAME("frame"),
    SELECTOR("group by"),
    VALUE("aggregates", repeated=True),
    doc="Aggregates by group, groups in rising order, missing first; each aggregate is a function, a column and how missing values count: all, rm or ignore.",
)
def group_by(frame: Frame, groups: Selector, *aggregates: Any) -> Frame:
    if len(aggregates) % 3:
        raise InvalidArgument(
            f"'GB' takes its aggregates in threes: function, column, missing. Got {len(aggregates)} arguments."
        )
    numbers = _columns(frame, groups)
    wanted: list[tuple[str, int, str]] = []
    for function, column, way in zip(aggregates[::3], aggregates[1::3], aggregates[2::3], strict=True):
        wanted.append((_function_name(function), _single_column(frame, column), _missing_way(way)))
    return aggregated(frame, numbers, wanted)


def _columns(frame: Frame, selector: Selector) -> list[int]:
    numbers = column_numbers(frame.names, selector)
    for number in numbers:
        if not 0 <= number < frame.n_columns:
            raise InvalidArgument(f"The columns to group by must be from 0 to {frame.n_columns - 1}. Got {number}.")
    return numbers


def _function_name(function: Any) -> str:
    name = function.name if isinstance(function, Operator) else function
    if not isinstance(name, str) or name not in _AGGREGATES:
        near = did_you_mean(name, _AGGREGATES) if isinstance(name, str) else ""
        raise InvalidArgument(f"An aggregate of 'GB' must be one of {', '.join(_AGGREGATES)}. Got {shown(name)}.{near}")
    return name


def _single_column(frame: Frame, column: Any) -> int:
    if isinstance(column, np.ndarray) and len(column) == 1:
        column = float(column[0])
    if isinstance(column, str):
        return frame.position(column)
    if not isinstance(column, float) or not 0 <= column < frame.n_columns:
        raise InvalidArgument(
            f"The column of an aggregate must be one from 0 to {frame.n_columns - 1}. Got {shown(column)}."
        )
    return int(column)


def _missing_way(way: Any) -> str:
    if not isinstance(way, str) or way.lower() not in _MISSING_WAYS:
        raise InvalidArgument(
            f"Missing values of an aggregate count as one of {', '.join(_MISSING_WAYS)}. Got {shown(way)}."
        )
    return way.lower()


def aggregated(frame: Frame, groups: Sequence[int], wanted: Sequence[tuple[str, int, str]]) -> Frame:
    """The groups in rising order with their aggregates, each (function, column, way with missing values).

    Aggregates of strings are passed over; level numbers and milliseconds count as numbers.
    """
    wanted = [(f, c, w) for f, c, w in wanted if not is_text(frame.columns[c])]
    for function, column, _ in wanted:
        if function == "mode" and frame.columns[column].type is not ColumnType.ENUM:
            raise InvalidArgument(f"The mode of '{frame.names[column]}' needs a categorical column.")
    packing = _packing([frame.columns[number] for number in groups]) if groups else None
    if packing is not None and _suits_tables(packing, frame.n_rows, wanted):
        return _by_tables(frame, groups, wanted, packing)
    keys = [f"k{i}" for i in range(len(groups))]
    stored = {key: frame.columns[number].values for key, number in zip(keys, groups, strict=True)}
    stored |= {f"v{column}": frame.columns[column].values for _, column, _ in wanted}
    table = pl.DataFrame(stored) if stored else pl.DataFrame({"none": pl.repeat(0, frame.n_rows, eager=True)})
    # where nothing is missing, all ways are one
    ways = [way if frame.columns[column].missing_count else "rm" for _, column, way in wanted]
    expressions = [
        _aggregate(f, pl.col(f"v{c}"), w).alias(f"a{i}")
        for i, ((f, c, _), w) in enumerate(zip(wanted, ways, strict=True))
    ]
    if packing is not None and len(keys) > 1:
        key = packing.key(keys).alias("key")
        table = table.group_by(key).agg(expressions).sort("key")
        table = table.with_columns(packing.parts("key", keys))
    elif keys:
        table = table.group_by(keys).agg(expressions)
        table = table.sort(keys, nulls_last=[is_text(frame.columns[number]) for number in groups])
    else:
        table = table.select(expressions)
    return _result(frame, groups, wanted, [table[key] for key in keys], [table[f"a{i}"] for i in range(len(wanted))])


def _result(
    frame: Frame,
    groups: Sequence[int],
    wanted: Sequence[tuple[str, int, str]],
    keys: Sequence[pl.Series],
    aggregates: Sequence[pl.Series],
) -> Frame:
    columns = [_like(frame.columns[number], key) for key, number in zip(keys, groups, strict=True)]
    columns += [numeric(aggregate) for aggregate in aggregates]
    names = [frame.names[number] for number in groups]
    names += [f if f == "nrow" else f"{f}_{frame.names[c]}" for f, c, _ in wanted]
    return frame_of(names, columns, len((*keys, *aggregates)[0]) if columns else 1)


def _suits_tables(packing: _Packing, rows: int, wanted: Sequence[tuple[str, int, str]]) -> bool:
    """Whether tables of sums give these aggregates, and sooner than Polars, which is quickest by one key of few values."""
    few = len(packing.lows) == 1 and packing.cells <= _FEW_CELLS
    fits = packing.cells <= max(_SMALL_TABLE, rows // _ROWS_A_CELL)
    return fits and not few and all(function in _TABLED for function, _, _ in wanted)


def _by_tables(frame: Frame, groups: Sequence[int], wanted: Sequence[tuple[str, int, str]], packing: _Packing) -> Frame:
    """The same where the keys are few whole numbers: each group is a place in tables of sums."""
    names = [f"k{i}" for i in range(len(groups))]
    keys = pl.DataFrame({name: frame.columns[number].values for name, number in zip(names, groups, strict=True)})

    def number(start: int, stop: int) -> np.ndarray[tuple[int], np.dtype[np.int64]]:
        packed = keys[start:stop].select(packing.key(names)).to_series()
        return packed.to_numpy().astype(np.int64)

    rows = Groups(frame.n_rows, packing.cells, number)
    found = np.flatnonzero(rows.sizes)
    values = {column: GroupedValues(rows, frame.columns[column].values) for _, column, _ in wanted}
    parts = pl.DataFrame({"key": found.astype(np.uint32)}).select(packing.parts("key", names))
    aggregates = [pl.Series(_tabled(f, values[c], w, rows.sizes)[found]) for f, c, w in wanted]
    return _result(frame, groups, wanted, [parts[name] for name in names], aggregates)


def _tabled(
    function: str, values: GroupedValues, way: str, rows: np.ndarray[tuple[int], np.dtype[np.int64]]
) -> np.ndarray[tuple[int], np.dtype[np.float64]]:
    """What `_aggregate` says, for every group of the tables; NaN is missing."""
    if function == "nrow":
        return (rows if way == "all" else values.present).astype(np.float64)
    count = rows if way == "ignore" else values.present
    with np.errstate(invalid="ignore", divide="ignore"):
        match function:
            case "mean":
                result = values.sums / count
            case "sum":
                result = values.sums
            case "sumSquares":
                result = values.square_sums
            case "min":
                result = values.extreme(np.minimum, _LARGEST)
            case "max":
                result = values.extreme(np.maximum, -_LARGEST)
            case _:
                squares = values.deviations
                if way == "ignore":
                    squares = squares + values.sums**2 * (1 / values.present - 1 / count)
                squares = np.where(np.abs(squares) < _CONSTANT_GROUP, 0.0, squares)
                variance = squares / (count - 1)
                result = np.where(values.present == 0, np.nan, variance if function == "var" else np.sqrt(variance))
    return np.where(values.missing == 0, result, np.nan) if way == "all" else result


def _like(column: Column, values: pl.Series) -> Column:
    return Column(column.type, values, column.domain, None, column.domain_stored)


@dataclass(frozen=True)
class _Packing:
    """Several whole keys as one number that rises as they do, for Polars groups by one key twice as fast as by two.

    Each key is its distance from its least value, from 1 on; 0 where it is missing.
    """

    lows: list[int]
    widths: list[int]
    dtypes: list[pl.DataType]
    cells: int

    def key(self, names: list[str]) -> pl.Expr:
        """The number of each row."""
        packed = pl.lit(0, dtype=pl.UInt32)
        for name, low, width in zip(names, self.lows, self.widths, strict=True):
            distance = (pl.col(name).cast(pl.Int64) - (low - 1)).fill_null(0).cast(pl.UInt32)
            packed = packed * width + distance
        return packed

    def parts(self, name: str, names: list[str]) -> list[pl.Expr]:
        """The keys that a number stands for."""
        rest, parts = pl.col(name), []
        for key, low, width, dtype in reversed(list(zip(names, self.lows, self.widths, self.dtypes, strict=True))):
            distance = rest % width
            value = pl.when(distance > 0).then(distance.cast(pl.Int64) + (low - 1)).otherwise(None)
            parts.append(value.cast(dtype).alias(key))
            rest = rest // width
        return parts


def _packing(columns: list[Column]) -> _Packing | None:
    """The packing of those keys into 32 bits, where they fit."""
    lows, widths, cells = [], [], 1
    for column in columns:
        if not column.values.dtype.is_integer() or not len(column):
            return None
        low, high = (0, column.cardinality - 1) if column.domain is not None else _ends(column.values)
        lows.append(low)
        widths.append(high - low + 2)
        cells *= widths[-1]
    return _Packing(lows, widths, [column.values.dtype for column in columns], cells) if cells < _MOST_PACKED else None


def _ends(values: pl.Series) -> tuple[int, int]:
    least, most = values.min(), values.max()
    return (0, 0) if least is None else (int(least), int(most))  # type: ignore[arg-type]


def _aggregate(function: str, values: pl.Expr, way: str) -> pl.Expr:
    """One aggregate; `all` is missing where a value is, `rm` leaves missing values out, `ignore` counts their rows too.

    As in H2O, but for `rm` a missing value is the least one to a median, and to a mode with `all` it is of the first level.
    """
    rows = pl.len().cast(pl.Float64)
    if function == "nrow":
        return (pl.len() if way == "all" else values.count()).cast(pl.Int64)
    if function == "median" and way != "rm":
        return _median_with_missing(values)
    if function == "mode":
        counted = values.fill_null(0) if way == "all" else values.drop_nulls()
        return counted.mode().min().cast(pl.Float64).fill_null(0.0)
    present = values.count().cast(pl.Float64)
    count = rows if way == "ignore" else present
    floats = values.cast(pl.Float64)
    if function in ("var", "sdev"):
        # as sums of squared deviations from a count that may include missing rows
        squares = floats.var(ddof=0) * present
        if way == "ignore":
            squares = squares + floats.sum() ** 2 * (1 / present - 1 / count)
        squares = pl.when(squares.abs() < _CONSTANT_GROUP).then(0.0).otherwise(squares)
        variance = squares / (count - 1)
        result = variance if function == "var" else variance.sqrt()
    else:
        result = {
            "mean": lambda: floats.sum() / count if way == "ignore" else floats.mean(),
            "sum": lambda: floats.sum(),
            "sumSquares": lambda: (floats**2).sum(),
            "min": lambda: floats.min().fill_null(_LARGEST),
            "max": lambda: floats.max().fill_null(-_LARGEST),
            "median": lambda: floats.median(),
        }[function]()
    return pl.when(values.null_count() == 0).then(result).otherwise(None) if way == "all" else result


def _median_with_missing(values: pl.Expr) -> pl.Expr:
    """The middle of all rows in order, missing ones first; missing where one of the two in the middle is."""
    ordered = values.cast(pl.Float64).sort(nulls_last=False)
    upper, lower = (ordered.get(place, null_on_oob=True) for place in (pl.len() // 2, (pl.len() - 1) // 2))
    return (lower + upper) / 2


@operator(
    "ddply",
    FRAME("frame"),
    SELECTOR("group by"),
    FUNCTION("function"),
    doc="A function applied to the rows of each group; its numbers stand beside the groups as ddply_C1, ….",
)
def apply_by_group(context: Context, frame: Frame, groups: Selector, function: Any) -> Frame:
    numbers = _columns(frame, groups)
    keys = [f"k{i}" for i in range(len(numbers))]
    table = pl.DataFrame({key: frame.columns[number].values for key, number in zip(keys, numbers, strict=True)})
    table = table.with_row_index("row").group_by(keys).agg("row").sort(keys, nulls_last=False)
    results = [_numbers_of(context.call(function, [frame.gather(rows)])) for rows in table["row"]]
    widths = {len(result) for result in results}
    if len(widths) > 1:
        raise InvalidArgument(
            f"The function of 'ddply' must give as many numbers for each group. Got {sorted(widths)}."
        )
    columns = [_like(frame.columns[number], table[key]) for key, number in zip(keys, numbers, strict=True)]
    columns += [numeric(np.array([result[i] for result in results])) for i in range(widths.pop() if widths else 0)]
    names = [frame.names[number] for number in numbers]
    return frame_of([*names, *(f"ddply_C{i + 1}" for i in range(len(columns) - len(names)))], columns)


def _numbers_of(value: Any) -> list[float]:
    if isinstance(value, Row):
        value = value.cells
    if isinstance(value, float):
        return [value]
    if isinstance(value, np.ndarray):
        return [float(number) for number in value]
    if isinstance(value, Frame) and value.n_rows == 1:
        return [float(c.floats()[0]) if c.type.is_numeric else math.nan for c in value.columns]
    raise InvalidArgument(f"The function of 'ddply' must give numbers or a single row. Got {shown(value)}.")


@operator(
    "rank_within_groupby",
    FRAME("frame"),
    SELECTOR("group by"),
    SELECTOR("sort by"),
    INTEGERS("directions"),
    STRING("name"),
    FLAG("sorted by the sort columns"),
    doc="The frame sorted by group and sort columns with a further column of ranks within the group; rows with a missing sort value have none.",
)
def rank_within_groups(
    frame: Frame, groups: Selector, by: Selector, directions: list[int], name: str, resorted: bool
) -> Frame:
    group_numbers, sort_numbers = _columns(frame, groups), _columns(frame, by)
    if len(directions) != len(sort_numbers):
        raise InvalidArgument(
            f"'rank_within_groupby' needs a direction for each of {len(sort_numbers)} columns. Got {len(directions)}."
        )
    inner = ordered(frame, [*group_numbers, *sort_numbers], [1] * len(group_numbers) + directions)
    table = pl.DataFrame([c.values.alias(str(i)) for i, c in enumerate(inner.columns)])
    ranked = pl.all_horizontal(
        pl.repeat(True, pl.len()), *(pl.col(str(number)).is_not_null() for number in sort_numbers)
    )
    counts = ranked.cast(pl.Int64).cum_sum()
    rank = pl.when(ranked).then(counts.over([str(number) for number in group_numbers]) if group_numbers else counts)
    result = inner.with_column(name, numeric(table.select(rank.alias("rank"))["rank"]))
    return ordered(result, sort_numbers, directions) if resorted else result
