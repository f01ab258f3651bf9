"""The gamma function and its kin against SciPy and the mathematics of whole numbers."""

import math

import numpy as np
import pytest
from scipy import special

from artesian.rapids.operators.special import digamma_function, gamma_function, log_gamma_function, trigamma_function

_POSITIVE = np.concatenate([np.geomspace(1e-8, 1e6, 400), np.linspace(0.01, 40, 800)])
_NEGATIVE = -np.concatenate([np.linspace(0.05, 20.05, 402), [1e-5, 0.5, 1.5, 7.25]])
_NEGATIVE = _NEGATIVE[np.abs(_NEGATIVE - np.round(_NEGATIVE)) > 1e-3]


def test_factorials_are_exact() -> None:
    numbers = np.arange(1, 19, dtype=np.float64)
    assert gamma_function(numbers).tolist() == [math.factorial(int(n) - 1) for n in numbers]


def test_gamma() -> None:
    x = np.concatenate([_POSITIVE[_POSITIVE < 170], _NEGATIVE])
    np.testing.assert_allclose(gamma_function(x), special.gamma(x), rtol=2e-14)
    assert gamma_function(np.array([171.0]))[0] == pytest.approx(math.gamma(171), rel=1e-13)
    assert np.isnan(gamma_function(np.array([0.0, -1.0, -2.0, np.nan]))).all()
    assert gamma_function(np.array([172.0, np.inf])).tolist() == [np.inf, np.inf]


def test_log_gamma() -> None:
    # next to its zeros at 1 and 2 the value itself is small: absolute errors count
    np.testing.assert_allclose(log_gamma_function(_POSITIVE), special.gammaln(_POSITIVE), rtol=1e-14, atol=1e-15)
    assert np.isnan(log_gamma_function(np.array([0.0, -1.5, np.nan]))).all()


def test_digamma() -> None:
    x = np.concatenate([_POSITIVE, _NEGATIVE])
    np.testing.assert_allclose(digamma_function(x), special.digamma(x), rtol=1e-12, atol=1e-14)
    # poles are minus infinity, as H2O-3 answers (digamma (cols_py f 'd')) for cells of 0 and -3
    assert digamma_function(np.array([0.0, -1.0, -3.0])).tolist() == [-np.inf] * 3
    assert np.isnan(digamma_function(np.array([np.nan]))).all()


def test_trigamma() -> None:
    np.testing.assert_allclose(trigamma_function(_POSITIVE), special.polygamma(1, _POSITIVE), rtol=1e-13)
    # the reflection formula itself is the reference on the left of 0
    reflected = (math.pi / np.sin(math.pi * _NEGATIVE)) ** 2 - special.polygamma(1, 1 - _NEGATIVE)
    np.testing.assert_allclose(trigamma_function(_NEGATIVE), reflected, rtol=1e-10)
    assert trigamma_function(np.array([0.0, -3.0])).tolist() == [np.inf, np.inf]
