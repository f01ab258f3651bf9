"""Statistics of columns against the reference server's summary of the same data and against NumPy."""

import math
import time

import numpy as np
import polars as pl
import pytest

from artesian.frame import Column, ColumnType, Frame
from artesian.frame.summary import PERCENTILES, histogram, percentiles, quantiles, rollups, rollups_of

NAN = math.nan


def _column(values, dtype=None) -> Column:
    return Column.from_series(pl.Series(values, dtype=dtype))


def _sevens() -> Column:
    return _column([i % 7 for i in range(20)])


def test_default_percentiles_are_those_of_the_reference() -> None:
    assert PERCENTILES == (
        0.001, 0.01, 0.1, 0.2, 0.25, 0.3, 0.3333333333333333, 0.4, 0.5, 0.6, 0.6666666666666666, 0.7, 0.75, 0.8, 0.9, 0.99,
        0.999,
    )  # fmt: skip


def test_small_integers() -> None:
    found = rollups(_sevens())
    assert (found.rows, found.missing_count, found.zero_count, found.is_int) == (20, 0, 3, True)
    assert found.mins == (0, 0, 0, 1, 1)
    assert found.maxs == (6, 6, 5, 5, 5)
    assert found.mean == 2.85
    assert found.sigma == pytest.approx(1.9808291724745768, rel=1e-14)
    bins = histogram(_sevens())
    assert (bins.base, bins.stride, bins.counts.tolist()) == (0, 1, [3, 3, 3, 3, 3, 3, 2])


def test_percentiles_of_integers_are_those_of_the_reference() -> None:
    # bins of width one make the reference exact, too
    expected = [0, 0, 0, 1, 1, 1.7, 2, 2, 3, 3.4, 4, 4, 4.25, 5, 5.1, 6, 6]
    assert percentiles(_sevens()) == pytest.approx(expected)
    negative = _column([-i for i in range(20)])
    assert percentiles(negative)[:4] == pytest.approx([-18.981, -18.81, -17.1, -15.2])
    assert rollups(negative).mins == (-19, -18, -17, -16, -15)
    assert rollups(negative).maxs == (0, -1, -2, -3, -4)
    assert histogram(negative).base == -19


def test_reals() -> None:
    column = _column([i * 0.37 for i in range(20)])
    found = rollups(column)
    assert found.mean == pytest.approx(3.5150000000000006, rel=1e-15)
    assert found.sigma == pytest.approx(2.1889495197468576, rel=1e-14)
    assert found.zero_count == 1
    assert not found.is_int
    bins = histogram(column)
    assert bins.stride == 0.007030000000000001
    # the reference's bins
    assert np.flatnonzero(bins.counts).tolist() == [
        0, 52, 105, 157, 210, 263, 315, 368, 421, 473, 526, 578, 631, 684, 736, 789, 842, 894, 947, 999,
    ]  # fmt: skip


def test_missing_values_are_counted_and_left_out() -> None:
    column = _column([None if i == 3 else i / 2 for i in range(20)])
    found = rollups(column)
    assert (found.missing_count, found.zero_count) == (1, 1)
    assert found.mean == pytest.approx(4.921052631578948, rel=1e-15)
    assert found.sigma == pytest.approx(2.935714743061999, rel=1e-14)
    assert found.mins == (0, 0.5, 1, 2, 2.5)
    assert histogram(column).counts.sum() == 19


def test_large_integers_have_a_thousand_bins() -> None:
    column = _column([i * 1000 for i in range(20)])
    bins = histogram(column)
    assert (bins.base, bins.stride, len(bins.counts)) == (0, 19.001, 1000)
    assert bins.counts[999] == 1
    assert rollups(column).sigma == pytest.approx(5916.079783099616, rel=1e-14)


def test_a_constant_has_one_bin() -> None:
    found = histogram(_column([5] * 20))
    assert (found.base, found.stride, found.counts.tolist()) == (5, 1, [20])
    found = histogram(_column([1.48]))
    assert (found.base, found.stride, found.counts.tolist()) == (1.48, 0, [1])
    assert rollups(_column([5] * 20)).mins == (5,) * 5
    assert rollups(_column([5] * 20)).sigma == 0
    assert percentiles(_column([5] * 20)) == (5,) * 17


def test_few_rows_leave_extremes_missing() -> None:
    found = rollups(_column([1.48]))
    assert found.mins == pytest.approx((1.48, NAN, NAN, NAN, NAN), nan_ok=True)
    assert found.maxs == pytest.approx((1.48, NAN, NAN, NAN, NAN), nan_ok=True)
    assert (found.mean, found.sigma) == (1.48, 0)


def test_categories_count_by_level_number() -> None:
    column = Column.enum_from_strings(pl.Series(["pqr"[i % 3] for i in range(20)]))
    found = rollups(column)
    assert found.mins == (0,) * 5
    assert found.maxs == (2,) * 5
    assert math.isnan(found.mean)
    assert math.isnan(found.sigma)
    assert found.zero_count == 7
    assert histogram(column).counts.tolist() == [7, 7, 6]
    two = Column.enum_from_strings(pl.Series(["yn"[i % 2] for i in range(20)]))
    assert (rollups(two).mean, rollups(two).sigma) == (0.5, pytest.approx(0.512989176042577, rel=1e-14))


def test_many_levels_have_a_bin_each() -> None:
    column = Column.enum_from_strings(pl.Series([f"{i:05d}" for i in range(3000)]))
    assert histogram(column).counts.tolist() == [1] * 3000


def test_times_are_milliseconds() -> None:
    days = pl.datetime_range(pl.datetime(2020, 1, 1), pl.datetime(2020, 1, 20), "1d", eager=True)
    found = rollups(Column.from_series(days))
    assert found.mean == 1578657600000.0
    assert found.sigma == pytest.approx(511149293.2598068, rel=1e-14)
    assert found.mins[0] == 1577836800000.0
    assert histogram(Column.from_series(days)).stride == 1641600.001


def test_strings_have_counts_alone() -> None:
    column = _column(["a", None, ""])
    found = rollups(column)
    assert (found.rows, found.missing_count, found.zero_count) == (3, 1, 0)
    assert math.isnan(found.mean)
    assert all(math.isnan(value) for value in (*found.mins, *found.maxs))
    assert histogram(column) is None
    assert percentiles(column) is None


@pytest.mark.parametrize("column", [_column([None, None]), _column([], pl.Int64), _column([], pl.Float64)])
def test_columns_without_values(column: Column) -> None:
    found = rollups(column)
    assert (found.mean, found.sigma, found.zero_count) == (0, 0, 0)
    assert found.missing_count == len(column)
    assert all(math.isnan(value) for value in (*found.mins, *found.maxs))
    assert len(histogram(column).counts) == 0
    assert math.isnan(histogram(column).base)
    assert all(math.isnan(value) for value in percentiles(column))


def test_infinite_values_are_counted_and_left_out_of_the_moments() -> None:
    values = [1.0, 2.0, math.inf, math.inf, -math.inf, None, 0.0]
    found = rollups(_column(values))
    assert (found.positive_infinity_count, found.negative_infinity_count) == (2, 1)
    assert (found.missing_count, found.zero_count) == (1, 1)
    assert found.mean == 1
    assert found.sigma == 1
    assert found.mins == pytest.approx((0, 1, 2, NAN, NAN), nan_ok=True)
    bins = histogram(_column(values))
    assert bins.counts.sum() == 6
    assert bins.counts[-1] == 3


@pytest.mark.parametrize("dtype", [pl.UInt8, pl.Int8, pl.UInt16, pl.Int16, pl.Int32, pl.Int64, pl.Float32, pl.Float64])
def test_every_storage_agrees_with_numpy(dtype: pl.DataType) -> None:
    generator = np.random.default_rng(3)
    numbers = generator.integers(0 if dtype in (pl.UInt8, pl.UInt16) else -90, 100, 501)
    values = numbers / 8 if dtype.is_float() else numbers
    series = pl.Series(values, dtype=dtype)
    masked = series.set(pl.Series(generator.random(501) < 0.1), None)
    column = Column(ColumnType.REAL if dtype.is_float() else ColumnType.INT, masked)
    present = masked.drop_nulls().cast(pl.Float64).to_numpy()
    found = rollups(column)
    assert found.mean == pytest.approx(present.mean(), rel=1e-13)
    assert found.sigma == pytest.approx(present.std(ddof=1), rel=1e-13)
    assert found.zero_count == (present == 0).sum()
    assert found.mins == tuple(np.sort(present)[:5])
    assert found.maxs == tuple(np.sort(present)[::-1][:5])
    assert percentiles(column) == pytest.approx(tuple(np.quantile(present, PERCENTILES)), rel=1e-13)
    assert quantiles(column, [0, 1]) == [present.min(), present.max()]
    bins = histogram(column)
    assert bins.counts.sum() == len(present)
    assert bins.counts[0] == (present < bins.base + bins.stride).sum()


def test_statistics_are_worked_out_once() -> None:
    columns = [_column([1, 2, 3]), _column([1.5, 2.5]), _column(["a"])]
    first = rollups_of(columns)
    assert [rollups(column) is found for column, found in zip(columns, first, strict=True)] == [True] * 3
    assert histogram(columns[0]) is histogram(columns[0])
    assert percentiles(columns[1]) is percentiles(columns[1])


def test_a_wide_frame_of_bytes_is_quick() -> None:
    generator = np.random.default_rng(0)
    pixels = generator.integers(0, 256, (785, 60_000), dtype=np.uint8)
    frame = Frame.from_polars(pl.DataFrame({f"C{i}": row for i, row in enumerate(pixels)}))
    start = time.process_time()
    found = rollups_of(frame.columns)
    # 0.25 s on an idle core of a 2020s server; the bound leaves room for a busy one
    assert time.process_time() - start < 2.5
    assert found[784].mean == pixels[784].mean()
