"""Ordering rows, joining frames by keys, dropping repeated rows."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import polars as pl

from artesian.core.errors import InvalidArgument
from artesian.frame import Column, ColumnType, Frame
from artesian.rapids.columns import frame_of, gathered, positions_in, sorted_by
from artesian.rapids.registry import FLAG, FRAME, INTEGERS, NAME, SELECTOR, STRING, Context, operator
from artesian.rapids.row_order import Matches, matches, places_order, row_order
from artesian.rapids.selectors import Selector, column_numbers
from artesian.rapids.size import check_size

# joins of no more pairs than this are tried without counting them first
_SMALL_PRODUCT = 1_000_000
# and a table of this many possible keys is always worth its memory
_SMALL_TABLE = 1 << 20
_METHODS = ("auto", "radix", "hash")


@operator(
    "sort",
    FRAME("frame"),
    SELECTOR("columns"),
    INTEGERS("directions"),
    doc="Rows in the order of columns, each rising (1) or falling (-1); missing first, equal rows as they were.",
)
def sort(frame: Frame, columns: Selector, directions: list[int]) -> Frame:
    numbers = _within(frame, columns, "sort")
    if len(directions) != len(numbers):
        raise InvalidArgument(f"'sort' needs a direction for each of {len(numbers)} columns. Got {len(directions)}.")
    return ordered(frame, numbers, directions)


def _within(frame: Frame, columns: Selector, name: str) -> list[int]:
    numbers = column_numbers(frame.names, columns)
    for number in numbers:
        if not 0 <= number < frame.n_columns:
            raise InvalidArgument(f"The columns of '{name}' must be from 0 to {frame.n_columns - 1}. Got {number}.")
    return numbers


def ordered(frame: Frame, numbers: Sequence[int], directions: Sequence[int]) -> Frame:
    """The rows in the order of those columns, stable, missing values first in either direction.

    Like H2O, which sorts by level numbers as they are, categories always rise.
    """
    for direction in directions:
        if direction not in (1, -1):
            raise InvalidArgument(f"A direction of sorting must be 1 (rising) or -1 (falling). Got {direction}.")
    if not numbers:
        return frame
    falling = [
        direction < 0 and frame.columns[number].domain is None
        for number, direction in zip(numbers, directions, strict=True)
    ]
    return sorted_by(frame, numbers, falling)


@operator(
    "merge",
    FRAME("left"),
    FRAME("right"),
    FLAG("all of left"),
    FLAG("all of right"),
    INTEGERS("left keys"),
    INTEGERS("right keys"),
    STRING("method"),
    doc="Joins two frames by key columns ([]: those of equal names), in the order of the keys; rows without a match stay where all of a side is asked for.",
)
def merge(
    context: Context,
    left: Frame,
    right: Frame,
    all_left: bool,
    all_right: bool,
    left_keys: list[int],
    right_keys: list[int],
    method: str,
) -> Frame:
    if method not in _METHODS:
        raise InvalidArgument(f"The argument 'method' of 'merge' must be one of {', '.join(_METHODS)}. Got '{method}'.")
    if all_left and all_right:
        raise InvalidArgument("'merge' keeps all rows of the left or of the right frame, not of both.")
    if not left_keys and not right_keys:
        shared = [name for name in left.names if name in right]
        left_keys = [left.position(name) for name in shared]
        right_keys = [right.position(name) for name in shared]
    if not left_keys or len(left_keys) != len(right_keys):
        raise InvalidArgument(
            f"'merge' needs as many key columns of each frame. Got {len(left_keys)} and {len(right_keys)}."
        )
    for frame, keys in ((left, left_keys), (right, right_keys)):
        for key in keys:
            if not 0 <= key < frame.n_columns:
                raise InvalidArgument(f"The key columns of 'merge' must be from 0 to {frame.n_columns - 1}. Got {key}.")
    left_rows, right_rows = _matches(context, left, right, left_keys, right_keys, all_left, all_right)
    lead, lead_keys, lead_rows = (right, right_keys, right_rows) if all_right else (left, left_keys, left_rows)
    names = [lead.names[key] for key in lead_keys]
    leading = gathered(lead, lead_rows).columns
    columns = [leading[key] for key in lead_keys]
    for frame, keys, rows, leads in (
        (left, left_keys, left_rows, not all_right),
        (right, right_keys, right_rows, all_right),
    ):
        rest = [number for number in range(frame.n_columns) if number not in keys]
        names += [frame.names[number] for number in rest]
        columns += [leading[number] for number in rest] if leads else gathered(frame.select(rest), rows).columns
    return frame_of(names, columns, len(lead_rows))


def _matches(
    context: Context,
    left: Frame,
    right: Frame,
    left_keys: list[int],
    right_keys: list[int],
    all_left: bool,
    all_right: bool,
) -> tuple[pl.Series, pl.Series]:
    """The row numbers of both frames, null where a row has no match, in the order of the leading frame's keys."""
    lead, other, lead_keys, other_keys = (
        (right, left, right_keys, left_keys) if all_right else (left, right, left_keys, right_keys)
    )
    keys = [str(i) for i in range(len(lead_keys))]
    lead_table: dict[str, pl.Series] = {}
    other_table: dict[str, pl.Series] = {}
    for name, a, b in zip(keys, lead_keys, other_keys, strict=True):
        lead_table[name], other_table[name] = _comparable(lead.columns[a], other.columns[b], lead.names[a])
    width = left.n_columns + right.n_columns - len(keys)
    outer = all_left or all_right
    lead_columns, other_columns = list(lead_table.values()), list(other_table.values())
    found = matches(lead_columns, other_columns, max(_SMALL_TABLE, lead.n_rows + other.n_rows))
    if found is not None:
        check_size(context, found.pairs + outer * lead.n_rows, width, "merge", gathered=True)
        lead_rows, other_rows = _paired(lead_columns, found, outer)
        return (other_rows, lead_rows) if all_right else (lead_rows, other_rows)
    if lead.n_rows * other.n_rows > _SMALL_PRODUCT:
        rows = _joined_rows(pl.DataFrame(lead_table), pl.DataFrame(other_table), keys) + outer * lead.n_rows
        check_size(context, rows, width, "merge", gathered=True)
    order = row_order(lead_columns, [False] * len(keys))
    joined = (
        pl.DataFrame(lead_table)[order]
        .with_columns(lead=order)
        .join(
            pl.DataFrame(other_table).with_row_index("other"),
            on=keys,
            how="left" if outer else "inner",
            maintain_order="left_right",
        )
    )
    lead_rows, other_rows = joined["lead"], joined["other"]
    return (other_rows, lead_rows) if all_right else (lead_rows, other_rows)


def _paired(lead: list[pl.Series], found: Matches, outer: bool) -> tuple[pl.Series, pl.Series]:
    """The rows of each pair in the order of the leading keys, the other's null where an outer join finds none."""
    if not outer and found.most <= 1:
        return _paired_once(found)
    taking = None
    if not outer and (found.most > 1 or found.pairs < len(found.places)):
        taking = np.flatnonzero(found.sizes[found.places] > 0).astype(found.places.dtype)
    keys = lead if taking is None else [key.gather(pl.Series(taking)) for key in lead]
    order = row_order(keys, [False] * len(keys)).to_numpy()
    rows = order if taking is None else taking[order]
    places = found.places[rows]  # rising, so that the tables are read from front to back
    starts = found.starts[places]
    if found.most > 1:
        repeats = np.maximum(found.sizes[places], 1)
        ends = np.cumsum(repeats)
        within = np.arange(int(ends[-1]) if len(ends) else 0) - np.repeat(ends - repeats, repeats)
        rows, places, starts = (np.repeat(part, repeats) for part in (rows, places, starts))
        starts += within
    absent = found.sizes[places] == 0 if outer else None
    if absent is None or not absent.any():
        return pl.Series(rows), pl.Series(found.other_order[starts])
    if not len(found.other_order):
        return pl.Series(rows), pl.Series([None], dtype=pl.Int64).new_from_index(0, len(rows))
    others = pl.Series(found.other_order[np.where(absent, 0, starts)])
    return pl.Series(rows), others.set(pl.Series(absent), None)


def _paired_once(found: Matches) -> tuple[pl.Series, pl.Series]:
    """The same where no row of the other table is found twice and rows that find none are left out: places rise as keys do."""
    has_one = found.sizes > 0
    taking = None if found.pairs == len(found.places) else np.flatnonzero(has_one[found.places])
    places = found.places if taking is None else found.places[taking]
    order = places_order(places, len(found.sizes))
    others = found.other_order[found.starts[has_one]]
    rows = pl.Series(order) if taking is None else pl.Series(taking.astype(order.dtype)[order])
    return rows, pl.Series(np.repeat(others, found.lead_counts[has_one])).cast(rows.dtype)


def _joined_rows(lead: pl.DataFrame, other: pl.DataFrame, keys: list[str]) -> int:
    """How many pairs of rows have equal keys."""
    pairs = lead.group_by(keys).len("here").join(other.group_by(keys).len("there"), on=keys)
    return int(pairs.select((pl.col("here").cast(pl.Float64) * pl.col("there")).sum()).item())


def _comparable(lead: Column, other: Column, name: str) -> tuple[pl.Series, pl.Series]:
    """The keys of both as values that are equal where the keys are; levels unknown to the other frame sort first."""
    numbers = (ColumnType.INT, ColumnType.REAL, ColumnType.BAD)
    if lead.domain is not None and other.domain is not None:
        if lead.domain is other.domain or lead.domain.equals(other.domain):
            return lead.values, other.values
        # missing levels and those that only the leading frame has match nothing, and come first in the order of their rows
        found = _looked_up(lead, positions_in(lead.domain, other.domain))
        return found.fill_null(-1), other.values.cast(pl.Int64)
    if lead.type in numbers and other.type in numbers:
        if lead.values.dtype.is_integer() and other.values.dtype.is_integer():
            return _of_one_type(lead.values, other.values)
        return lead.values.cast(pl.Float64), other.values.cast(pl.Float64)
    if lead.type is not other.type:
        raise InvalidArgument(
            f"'merge' needs keys of one type, but '{name}' is {lead.type} here and {other.type} there."
        )
    return lead.values, other.values


def _of_one_type(lead: pl.Series, other: pl.Series) -> tuple[pl.Series, pl.Series]:
    """Whole keys in the type of the leading ones where that holds the others' too, else in the widest."""
    if other.dtype == lead.dtype:
        return lead, other
    fitting = other.cast(lead.dtype, strict=False)
    if fitting.null_count() == other.null_count():
        return lead, fitting
    return lead.cast(pl.Int64), other.cast(pl.Int64)


def _looked_up(column: Column, places: np.ndarray[tuple[int], np.dtype[np.int64]]) -> pl.Series:
    if not len(places):
        return column.values.cast(pl.Int64)
    return pl.Series(places.astype(np.int64)).gather(column.values.cast(pl.UInt32))


@operator(
    "dropdup",
    FRAME("frame"),
    SELECTOR("columns"),
    NAME("keep"),
    doc="The rows without those that repeat another in the columns; the first or the last stays.",
)
def drop_duplicates(frame: Frame, columns: Selector, keep: str) -> Frame:
    if keep.lower() not in ("first", "last"):
        raise InvalidArgument(f"The argument 'keep' of 'dropdup' must be first or last. Got '{keep}'.")
    numbers = _within(frame, columns, "dropdup")
    if not numbers:
        raise InvalidArgument("'dropdup' needs a column at least to compare rows by.")
    for number in numbers:
        if frame.columns[number].type is ColumnType.STRING:
            raise InvalidArgument(
                f"'dropdup' compares numbers, categories and times; convert '{frame.names[number]}' with as.factor first."
            )
    keys = [str(number) for number in numbers]
    table = pl.DataFrame({key: frame.columns[number].values for key, number in zip(keys, numbers, strict=True)})
    kept = table.with_row_index("row").unique(
        keys, keep="first" if keep.lower() == "first" else "last", maintain_order=True
    )
    return gathered(frame, kept["row"].sort())
