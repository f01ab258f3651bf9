"""The kernel of column statistics against NumPy: every kind of number, lengths around its blocks, values of all sizes."""

from __future__ import annotations

import numpy as np
import pytest

from artesian import _native

EXTREMES = 5
NUMBERS = [np.int8, np.uint8, np.int16, np.uint16, np.int32, np.uint32, np.int64, np.uint64, np.float32, np.float64]


def check(values, extremes=EXTREMES):
    count, mean, squares, zeros, least, most, positive, negative = _native.column_statistics(values, extremes)
    wide = values.astype(np.float64)
    finite = np.sort(wide[np.isfinite(wide)])
    assert count == len(finite)
    assert (positive, negative) == ((wide == np.inf).sum(), (wide == -np.inf).sum())
    assert zeros == (finite == 0).sum()
    assert least == finite[:extremes].tolist()
    assert most == finite[::-1][:extremes].tolist()
    if len(finite):
        assert mean == pytest.approx(finite.mean(), rel=1e-12, abs=1e-12)
        assert squares == pytest.approx(((finite - finite.mean()) ** 2).sum(), rel=1e-11, abs=1e-20)
    else:
        assert (mean, squares) == (0.0, 0.0)


@pytest.mark.parametrize("dtype", NUMBERS)
@pytest.mark.parametrize("rows", [0, 1, 2, 7, 8, 9, 1023, 1024, 1025, 5000])
def test_statistics_of_each_kind_are_those_of_numpy(dtype, rows):
    random = np.random.default_rng(rows)
    whole = random.integers(0 if np.issubdtype(dtype, np.unsignedinteger) else -100, 100, rows)
    check(whole.astype(dtype))


@pytest.mark.parametrize("scale", [1e-300, 1e-9, 1.0, 1e12, 1e150])
def test_statistics_hold_at_every_scale(scale):
    random = np.random.default_rng(5)
    values = random.normal(size=3000) * scale
    *_, least, most, _, _ = _native.column_statistics(values, 3)
    assert least == np.sort(values)[:3].tolist()
    assert most == np.sort(values)[::-1][:3].tolist()
    _, mean, squares, *_ = _native.column_statistics(values, 3)
    assert mean == pytest.approx(values.mean(), rel=1e-9)
    if scale > 1e-100:
        assert squares == pytest.approx(((values - values.mean()) ** 2).sum(), rel=1e-11)


def test_what_is_not_finite_counts_apart():
    random = np.random.default_rng(6)
    values = random.normal(size=4000)
    values[::7], values[3::11], values[5::13] = np.nan, np.inf, -np.inf
    check(values)
    check(np.full(2000, np.nan))
    check(np.array([np.inf, -np.inf, np.nan]))


@pytest.mark.parametrize(
    "values", [np.arange(5000.0), np.arange(5000.0)[::-1].copy(), np.zeros(3000), np.full(3000, 1.48)]
)
def test_orders_and_constants(values):
    check(values)
    if values[0] == values[-1]:
        assert _native.column_statistics(values, 1)[1:3] == (values[0], 0.0)


def test_a_large_mean_does_not_hide_a_small_deviation():
    values = 1e9 + np.tile([0.0, 1.0], 5000)
    _, mean, squares, *_ = _native.column_statistics(values, 1)
    assert mean == pytest.approx(1e9 + 0.5, rel=1e-15)
    assert squares == pytest.approx(2500.0, rel=1e-9)


def test_values_whose_sum_is_not_finite_have_a_mean():
    values = np.full(2000, 1.7e308)
    values[::2] = 1.6e308
    count, mean, *_ = _native.column_statistics(values, 1)
    assert (count, mean) == (2000, pytest.approx(1.65e308))


def test_bytes_are_counted():
    values = np.random.default_rng(7).integers(0, 256, 1003).astype(np.uint8)
    assert (_native.byte_counts(values) == np.bincount(values, minlength=256)).all()
    assert (_native.byte_counts(values[:0]) == 0).all()


def test_what_is_no_column_is_refused():
    with pytest.raises(ValueError, match="must hold integers or floats"):
        _native.column_statistics(np.array([True]), 5)
    with pytest.raises(ValueError, match="contiguous"):
        _native.column_statistics(np.zeros((2, 2)), 5)
    with pytest.raises(ValueError, match="'extremes' must be at least 0"):
        _native.column_statistics(np.zeros(2), -1)
