"""Columns: how values are stored, read and taken apart."""

from __future__ import annotations

import datetime as dt
import decimal
from typing import Any

import numpy as np
import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from artesian.core.errors import InvalidArgument
from artesian.frame import Column, ColumnType
from artesian.frame.column import code_type


@pytest.mark.parametrize(
    ("values", "stored"),
    [
        ([0, 255], pl.UInt8),
        ([0, 256], pl.UInt16),
        ([-1, 127], pl.Int8),
        ([-1, 128], pl.Int16),
        ([0, 65535], pl.UInt16),
        ([0, 65536], pl.Int32),
        ([-32769], pl.Int32),
        ([2**31], pl.Int64),
        ([-(2**31) - 1], pl.Int64),
        ([None, 7], pl.UInt8),
        ([2**62, None, -(2**62)], pl.Int64),
    ],
)
def test_integers_take_the_smallest_type_that_holds_them(values: list[int | None], stored: Any) -> None:
    column = Column.from_series(pl.Series(values, dtype=pl.Int64))
    assert column.type is ColumnType.INT
    assert column.values.dtype == stored
    assert column.values.to_list() == values


@given(st.lists(st.one_of(st.none(), st.integers(-(2**63), 2**63 - 1))))
def test_integers_come_back(values: list[int | None]) -> None:
    assert Column.from_series(pl.Series(values, dtype=pl.Int64)).values.to_list() == values


@pytest.mark.parametrize("dtype", [pl.UInt64, pl.Int128])
def test_integers_beyond_64_bits_become_real(dtype: Any) -> None:
    column = Column.from_series(pl.Series([2**63, 1, None], dtype=dtype))
    assert column.type is ColumnType.REAL
    assert column.values.to_list() == [2.0**63, 1.0, None]
    assert Column.from_series(pl.Series([5, None], dtype=dtype)).values.dtype == pl.UInt8


@given(st.lists(st.one_of(st.none(), st.floats(allow_infinity=False))))
def test_reals_come_back_and_nan_is_missing(values: list[float | None]) -> None:
    column = Column.from_series(pl.Series(values, dtype=pl.Float64))
    expected = [None if value is None or np.isnan(value) else value for value in values]
    assert [None if value is None else float(value) for value in column.values.to_list()] == expected
    assert bool(column.values.is_nan().any()) is False if column.values.dtype.is_float() else True


@pytest.mark.parametrize(
    ("values", "kind", "stored"),
    [
        ([0.5, -1.25, None], ColumnType.REAL, pl.Float32),
        ([0.1], ColumnType.REAL, pl.Float64),
        ([1e300, 0.5], ColumnType.REAL, pl.Float64),
        ([1.0, 3.0, None], ColumnType.INT, pl.UInt8),
        ([1e17, 0.0], ColumnType.REAL, pl.Float64),  # beyond 2^53 a double no longer tells whole numbers apart
        ([float("nan"), None], ColumnType.BAD, pl.UInt8),
    ],
)
def test_reals_are_single_where_exact_and_whole_ones_int(
    values: list[float | None], kind: ColumnType, stored: Any
) -> None:
    column = Column.from_series(pl.Series(values, dtype=pl.Float64))
    assert (column.type, column.values.dtype) == (kind, stored)


def test_decimals_and_truth_values_are_numbers() -> None:
    assert Column.from_series(pl.Series([decimal.Decimal("1.5"), None])).values.to_list() == [1.5, None]
    assert Column.from_series(pl.Series([True, None, False])).values.to_list() == [1, None, 0]


def test_dates_times_and_durations_are_milliseconds() -> None:
    moment = dt.datetime(2020, 1, 2, 3, 4, 5, 678_900)
    assert Column.from_series(pl.Series([moment, None])).values.to_list() == [1577934245678, None]
    assert Column.from_series(pl.Series([dt.date(1969, 12, 31)])).values.to_list() == [-86_400_000]
    zoned = pl.Series([dt.datetime(2020, 1, 1)]).dt.replace_time_zone("Asia/Tokyo")
    assert Column.from_series(zoned).values.to_list() == [1577836800000 - 9 * 3_600_000]
    assert Column.from_series(pl.Series([dt.timedelta(seconds=2)])).values.to_list() == [2000]


@pytest.mark.parametrize("dtype", [pl.List(pl.Int8), pl.Struct({"a": pl.Int8}), pl.Binary, pl.Time])
def test_types_that_a_frame_cannot_hold_are_refused_by_name(dtype: Any) -> None:
    with pytest.raises(InvalidArgument, match="'nest' has type"):
        Column.from_series(pl.Series("nest", [None], dtype=dtype))


def test_only_missing_values_are_bad() -> None:
    for dtype in (pl.Null, pl.Int32, pl.Float64):
        column = Column.from_series(pl.Series([None, None], dtype=dtype))
        assert column.type is ColumnType.BAD
        assert column.missing_count == len(column) == 2


# ---- categoricals ----


def test_levels_of_strings_are_in_byte_order() -> None:
    column = Column.enum_from_strings(pl.Series(["b", None, "a", "é", "B", "b"]))
    assert column.levels == ["B", "a", "b", "é"]
    assert column.codes().tolist() == [2, -1, 1, 3, 0, 2]
    assert column.decoded().to_list() == ["b", None, "a", "é", "B", "b"]


def test_polars_enums_keep_their_order_and_unused_levels() -> None:
    column = Column.from_series(pl.Series(["b", None], dtype=pl.Enum(["c", "b", "a"])))
    assert column.levels == ["c", "b", "a"]
    assert column.codes().tolist() == [1, -1]


@pytest.mark.parametrize(("levels", "stored"), [(1, pl.UInt8), (256, pl.UInt8), (257, pl.UInt16), (65_536, pl.UInt16), (65_537, pl.UInt32)])  # fmt: skip
def test_codes_take_the_smallest_type(levels: int, stored: Any) -> None:
    assert code_type(levels) == stored
    column = Column.enums(pl.Series([0, levels - 1, None]), [f"l{i}" for i in range(levels)])
    assert column.values.dtype == stored
    assert column.cardinality == levels
    assert column.decoded().to_list() == ["l0", f"l{levels - 1}", None]


def test_an_enum_without_levels_is_all_missing() -> None:
    column = Column.enums(pl.Series([None, None], dtype=pl.UInt8), [])
    assert column.decoded().to_list() == [None, None]
    assert column.levels == []
    assert column.codes().tolist() == [-1, -1]


def test_other_columns_have_no_levels() -> None:
    column = Column.integers(pl.Series([1, 2]))
    assert column.levels == []
    assert column.cardinality == -1
    with pytest.raises(InvalidArgument, match="asfactor"):
        column.codes()


# ---- reading and deriving ----


def test_floats_are_nan_where_missing() -> None:
    for column, expected in (
        (Column.integers(pl.Series([1, None, 300])), [1, np.nan, 300]),
        (Column.reals(pl.Series([0.5, None])), [0.5, np.nan]),
        (Column.enum_from_strings(pl.Series(["b", None, "a"])), [1, np.nan, 0]),
        (Column.times(pl.Series([dt.date(1970, 1, 2), None])), [86_400_000, np.nan]),
    ):
        for dtype in (np.float64, np.float32):
            found = column.floats(dtype)
            assert found.dtype == dtype
            np.testing.assert_array_equal(found, np.array(expected, dtype=dtype))


@pytest.mark.parametrize("kind", [ColumnType.STRING, ColumnType.UUID])
def test_texts_have_no_numeric_values(kind: ColumnType) -> None:
    with pytest.raises(InvalidArgument, match="no numeric values"):
        Column(kind, pl.Series(["a"])).floats()


def test_rows_are_picked_filtered_and_sliced() -> None:
    column = Column.enum_from_strings(pl.Series(["a", "b", None, "c"]))
    assert column.gather(pl.Series([3, 0, 0])).decoded().to_list() == ["c", "a", "a"]
    assert column.filter(pl.Series([True, False, None, True])).decoded().to_list() == ["a", "c"]
    part = column.slice(1, 2)
    assert part.decoded().to_list() == ["b", None]
    assert part.domain is column.domain  # levels are shared, and kept even where no row has them


def test_a_stored_column_whose_rows_change_is_no_longer_stored() -> None:
    from artesian.frame.column import SegmentRef

    column = Column(ColumnType.INT, pl.Series([1, 2, 3]), None, SegmentRef("file", "c0"))
    assert column.slice(0, 2).stored is None
    assert column.gather(pl.Series([0])).stored is None
    assert column.filter(pl.Series([True, True, False])).stored is None


def test_bytes_count_values_and_levels() -> None:
    assert Column.integers(pl.Series(range(200))).nbytes == 200
    enum = Column.enum_from_strings(pl.Series(["aa", "bb"] * 50))
    assert enum.nbytes >= 100 + 4
