"""Makes the columns and frames that operators give back: how they are typed, stored narrowly and named as H2O names them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import numpy as np
import polars as pl
from numpy.typing import NDArray

from artesian.core.errors import InvalidArgument
from artesian.frame import Column, ColumnType, Frame, overflow
from artesian.frame.sparse import SparseColumn
from artesian.rapids.row_order import row_order

_SAMPLE = 256
# up to here every whole number has a float64 of its own
_EXACT = 2.0**53


def numeric(values: pl.Series | NDArray[np.generic]) -> Column:
    """A numeric column of Booleans, integers or floats: int where all values are whole, NaN is missing."""
    series = values if isinstance(values, pl.Series) else pl.Series("", values)
    dtype = series.dtype
    if dtype == pl.Boolean:
        return (
            Column(ColumnType.INT, series.cast(pl.UInt8)) if series.null_count() < len(series) else missing(len(series))
        )
    if dtype.is_integer():
        return Column.integers(series)
    if dtype == pl.Null:
        return missing(len(series))
    return _floats(series)


def _floats(series: pl.Series) -> Column:
    """Worked out on arrays: each method of a short series would cost more than its values."""
    array = series.to_numpy()
    undefined = np.isnan(array)
    count = int(np.count_nonzero(undefined))
    if count == len(series):
        return missing(len(series))
    if count > series.null_count():
        series = series.fill_nan(None)
    present = array[~undefined] if count else array
    # a look at the start saves most real columns the tests of every value
    start = present[:_SAMPLE]
    whole = bool((np.floor(start) == start).all()) and bool((np.floor(present) == present).all())
    if whole and float(np.abs(present).max()) < _EXACT:
        return Column.integers(series.cast(pl.Int64))
    with np.errstate(over="ignore"):
        exact = bool((start.astype(np.float32) == start).all()) and bool((present.astype(np.float32) == present).all())
    return Column(ColumnType.REAL, series.cast(pl.Float32 if exact else pl.Float64))


def times(milliseconds: pl.Series | NDArray[np.generic]) -> Column:
    """A time column of milliseconds since 1970; NaN is missing."""
    series = milliseconds if isinstance(milliseconds, pl.Series) else pl.Series("", milliseconds)
    if series.dtype.is_float():
        series = series.fill_nan(None).round()
    return Column(ColumnType.TIME, series.cast(pl.Int64))


def strings(series: pl.Series) -> Column:
    """A string column."""
    return Column(ColumnType.STRING, series.cast(pl.String))


def missing(rows: int) -> Column:
    """A column of nothing but missing values."""
    return Column(ColumnType.BAD if rows else ColumnType.INT, pl.Series([None], dtype=pl.UInt8).new_from_index(0, rows))


def constant(value: float, rows: int) -> Column:
    """A numeric column of one value."""
    if np.isnan(value):
        return missing(rows)
    stored = _floats(pl.Series([value]))
    array = np.full(rows, stored.values[0], dtype=stored.values.to_numpy().dtype)
    return Column(stored.type, pl.Series(array))


def compacted(codes: pl.Series, levels: pl.Series) -> Column:
    """A categorical column without the levels that no row has; order is kept."""
    used = codes.drop_nulls().unique().sort()
    if len(used) == len(levels):
        return Column.enums(codes, levels)
    new = codes.cast(pl.UInt32).replace_strict(
        used.cast(pl.UInt32), pl.Series(np.arange(len(used), dtype=np.uint32)), default=None, return_dtype=pl.UInt32
    )
    return Column.enums(new, levels.gather(used.cast(pl.UInt32)))


def recoded(codes: pl.Series, mapping: NDArray[np.int64]) -> pl.Series:
    """Level numbers put through `mapping`; -1 stands for missing. UInt32, null where missing."""
    if not len(mapping):
        return codes.cast(pl.UInt32)
    table = pl.Series("", np.where(mapping < 0, 0, mapping).astype(np.uint32)).set(pl.Series(mapping < 0), None)
    return table.gather(codes.cast(pl.UInt32))


def positions_in(levels: pl.Series, domain: pl.Series) -> NDArray[np.int64]:
    """The number in `domain` of each of the levels; -1 where it does not stand there."""
    if not len(domain) or not len(levels):
        return np.full(len(levels), -1, dtype=np.int64)
    order = pl.DataFrame({"level": domain, "at": np.arange(len(domain), dtype=np.int64)}).unique("level", keep="first")
    found = pl.DataFrame({"level": levels}).join(order, on="level", how="left", maintain_order="left")
    return found["at"].fill_null(-1).to_numpy()


def is_numeric(column: Column) -> bool:
    """Whether H2O calls the column numeric: numbers, but neither times nor categories."""
    return column.type in (ColumnType.INT, ColumnType.REAL, ColumnType.BAD)


def is_text(column: Column) -> bool:
    """Whether the column holds strings."""
    return column.type in (ColumnType.STRING, ColumnType.UUID)


def refuse_text(frame: Frame, operator: str) -> None:
    """InvalidArgument where a column holds strings."""
    for name, column in zip(frame.names, frame.columns, strict=True):
        if is_text(column):
            raise InvalidArgument(
                f"'{operator}' needs numbers, but the column '{name}' holds strings; convert it with as.numeric or as.factor.",
                column=name,
            )


def gathered(frame: Frame, rows: pl.Series) -> Frame:
    """The rows of those numbers, in that order, all columns at once; a missing number gives a missing row."""
    if not frame.n_columns:
        return Frame([], [], len(rows))
    if _has_sparse(frame) and not rows.null_count():
        return frame.gather(rows)
    large = overflow.overflow_of(frame, len(rows))
    if large is not None:
        return _with_whole_types(overflow.gathered(frame, rows, large))
    table = pl.DataFrame([column.values.alias(str(i)) for i, column in enumerate(frame.columns)])
    return _rebuilt(frame, table[rows] if not rows.null_count() else table.select(pl.all().gather(rows)))


def filtered(frame: Frame, mask: pl.Series) -> Frame:
    """The rows where the mask holds, all columns at once."""
    if not frame.n_columns:
        return Frame([], [], int(mask.sum()))
    if _has_sparse(frame):
        return frame.filter(mask)
    large = overflow.overflow_of(frame, int(mask.sum()))
    if large is not None:
        return _with_whole_types(overflow.filtered(frame, mask, large))
    table = pl.DataFrame([column.values.alias(str(i)) for i, column in enumerate(frame.columns)])
    return _rebuilt(frame, table.filter(mask))


def _has_sparse(frame: Frame) -> bool:
    """Whether there are columns that must not be made dense all at once."""
    return any(isinstance(column, SparseColumn) for column in frame.columns)


def _rebuilt(frame: Frame, table: pl.DataFrame) -> Frame:
    kept = zip(frame.columns, table.get_columns(), strict=True)
    columns = [Column(c.type, values, c.domain, None, c.domain_stored) for c, values in kept]
    return _with_whole_types(Frame(frame.names, columns, table.height))


def _with_whole_types(frame: Frame) -> Frame:
    return Frame(frame.names, [with_whole_type(column) for column in frame.columns], frame.n_rows)


def with_whole_type(column: Column) -> Column:
    """A real column of which only whole values are left as an int one; any other as it is."""
    if column.type is not ColumnType.REAL or not len(column) or isinstance(column, SparseColumn):
        return column
    start = column.values[:_SAMPLE].drop_nulls()
    if not len(start) or bool((start.floor() == start).all()):
        return numeric(column.values)
    return column


def sorted_by(frame: Frame, numbers: Sequence[int], falling: Sequence[bool]) -> Frame:
    """The rows in the order of those columns, stable, missing values first."""
    return gathered(frame, row_order([frame.columns[number].values for number in numbers], falling))


def unique_names(names: Iterable[str], taken: Iterable[str] = ()) -> list[str]:
    """The names, those met before made unique by a number at their end: a, a0, a1, …"""
    seen = set(taken)
    result: list[str] = []
    counters: dict[str, int] = {}
    for name in names:
        unique = name
        while unique in seen:
            number = counters.get(name, 0)
            counters[name] = number + 1
            unique = f"{name}{number}"
        seen.add(unique)
        result.append(unique)
    return result


def default_names(count: int) -> list[str]:
    """C1, C2, …"""
    return [f"C{number}" for number in range(1, count + 1)]


def frame_of(names: Iterable[str], columns: Sequence[Column], rows: int | None = None) -> Frame:
    """A frame whose names are made unique where they are not."""
    names = list(names)
    return Frame(names if len(set(names)) == len(names) else unique_names(names), columns, rows)


def single(name: str, column: Column) -> Frame:
    """A frame of one column."""
    return Frame([name], [column])
