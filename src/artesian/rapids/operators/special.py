"""The gamma function and its kin, vectorised: what NumPy lacks.

Rational approximations and reflections follow S. L. Moshier's Cephes library (gamma, lgam, psi); the trigamma function is
its recurrence and asymptotic series (Abramowitz and Stegun 6.4.6 and 6.4.12).
"""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import NDArray

from artesian.rapids.elementwise import unary
from artesian.rapids.registry import VALUE, operator

_Numbers = NDArray[np.float64]
_LOG_SQRT_2PI = 0.91893853320467274178
_LARGEST_GAMMA = 171.624376956302725

# coefficients, highest power first
_GAMMA_P = (
    1.60119522476751861407e-4, 1.19135147006586384913e-3, 1.04213797561761569935e-2, 4.76367800457137231464e-2,
    2.07448227648435975150e-1, 4.94214826801497100753e-1, 9.99999999999999996796e-1,
)  # fmt: skip
_GAMMA_Q = (
    -2.31581873324120129819e-5, 5.39605580493303397842e-4, -4.45641913851797240494e-3, 1.18139785222060435552e-2,
    3.58236398605498653373e-2, -2.34591795718243348568e-1, 7.14304917030273074085e-2, 1.0,
)  # fmt: skip
_STIRLING = (
    7.87311395793093628397e-4, -2.29549961613378126380e-4, -2.68132617805781232825e-3, 3.47222221605458667310e-3,
    8.33333333333482257126e-2,
)  # fmt: skip
_LGAM_A = (
    8.11614167470508450300e-4, -5.95061904284301438324e-4, 7.93650340457716943945e-4, -2.77777777730099687205e-3,
    8.33333333333331927722e-2,
)  # fmt: skip
_LGAM_B = (
    -1.37825152569120859100e3, -3.88016315134637840924e4, -3.31612992738871184744e5, -1.16237097492762307383e6,
    -1.72173700820839662146e6, -8.53555664245765465627e5, 0.0,
)  # fmt: skip
_LGAM_C = (
    1.0, -3.51815701436523470549e2, -1.70642106651881159223e4, -2.20528590553854454839e5, -1.13933444367982507207e6,
    -2.53252307177582951285e6, -2.01889141433532773231e6,
)  # fmt: skip
_PSI = (
    8.33333333333333333333e-2, -2.10927960927960927961e-2, 7.57575757575757575758e-3, -4.16666666666666666667e-3,
    3.96825396825396825397e-3, -8.33333333333333333333e-3, 8.33333333333333333333e-2, 0.0,
)  # fmt: skip
# Bernoulli numbers B2 … B14, the last first
_TRIGAMMA = (7 / 6, -691 / 2730, 5 / 66, -1 / 30, 1 / 42, -1 / 30, 1 / 6, 0.0)


@operator("gamma", VALUE("values"), doc="Gamma function; missing at 0 and negative whole numbers.")
def gamma(values: Any) -> Any:
    return unary("gamma", values, _of_number(gamma_function), arrays=gamma_function)


@operator(
    "lgamma", VALUE("values"), doc="Natural logarithm of the gamma function of positive numbers; missing for others."
)
def log_gamma(values: Any) -> Any:
    return unary("lgamma", values, _of_number(log_gamma_function), arrays=log_gamma_function)


@operator("digamma", VALUE("values"), doc="First derivative of the logarithm of the gamma function.")
def digamma(values: Any) -> Any:
    return unary("digamma", values, _of_number(digamma_function), arrays=digamma_function)


@operator("trigamma", VALUE("values"), doc="Second derivative of the logarithm of the gamma function.")
def trigamma(values: Any) -> Any:
    return unary("trigamma", values, _of_number(trigamma_function), arrays=trigamma_function)


def _of_number(arrays: Callable[[_Numbers], _Numbers]) -> Callable[[float], float]:
    return lambda value: float(arrays(np.array([value]))[0])


def gamma_function(x: _Numbers) -> _Numbers:
    """Gamma(x), relative error about 3e-16 for |x| < 33 and 2e-15 beyond; NaN at poles."""
    with np.errstate(all="ignore"):
        positive = _positive_gamma(np.where(x > 0, x, 1 - x))
        reflected = math.pi / (np.sin(math.pi * (x - 2 * np.round(x / 2))) * positive)
        result = np.where(x > 0, positive, reflected)
        return np.where((x <= 0) & (x == np.floor(x)), np.nan, result)


def _positive_gamma(x: _Numbers) -> _Numbers:
    """Gamma of numbers of at least 0: reduced to [2, 3) below 33, by Stirling's formula beyond."""
    small = np.where(x <= 33, x, 2.0)
    factor = np.ones_like(x)
    for _ in range(31):
        over = small >= 3
        small = np.where(over, small - 1, small)
        factor = np.where(over, factor * small, factor)
    for _ in range(2):
        under = small < 2
        factor = np.where(under, factor / small, factor)
        small = np.where(under, small + 1, small)
    reduced = factor * np.polyval(_GAMMA_P, small - 2) / np.polyval(_GAMMA_Q, small - 2)
    w = 1 / x
    half = np.power(x, 0.5 * x - 0.25)
    stirling = math.sqrt(2 * math.pi) * half * (half / np.exp(x)) * (1 + w * np.polyval(_STIRLING, w))
    return np.where(x <= 33, reduced, np.where(x > _LARGEST_GAMMA, np.inf, stirling))


def log_gamma_function(x: _Numbers) -> _Numbers:
    """log Gamma(x) for x > 0, NaN elsewhere."""
    with np.errstate(all="ignore"):
        result = np.where(x < 13, _small_log_gamma(np.where((x > 0) & (x < 13), x, 2.0)), _large_log_gamma(x))
        return np.where(x > 0, result, np.nan)


def _small_log_gamma(x: _Numbers) -> _Numbers:
    factor, reduced = np.ones_like(x), x.copy()
    for _ in range(11):
        over = reduced >= 3
        reduced = np.where(over, reduced - 1, reduced)
        factor = np.where(over, factor * reduced, factor)
    for _ in range(2):
        under = reduced < 2
        factor = np.where(under, factor / reduced, factor)
        reduced = np.where(under, reduced + 1, reduced)
    offset = reduced - 2
    return np.log(factor) + np.polyval(_LGAM_B, offset) / np.polyval(_LGAM_C, offset)


def _large_log_gamma(x: _Numbers) -> _Numbers:
    main = (x - 0.5) * np.log(x) - x + _LOG_SQRT_2PI
    return np.where(x > 1e8, main, main + np.polyval(_LGAM_A, 1 / (x * x)) / x)


def digamma_function(x: _Numbers) -> _Numbers:
    """psi(x), relative error about 1e-15 away from its zeros; minus infinity at 0 and negative whole numbers."""
    with np.errstate(all="ignore"):
        mirrored = np.where(x > 0, x, 1 - x)
        total, shifted = np.zeros_like(mirrored), mirrored.copy()
        for _ in range(10):
            under = shifted < 10
            total = np.where(under, total + 1 / shifted, total)
            shifted = np.where(under, shifted + 1, shifted)
        result = np.log(shifted) - 0.5 / shifted - np.polyval(_PSI, 1 / (shifted * shifted)) - total
        reflected = result - math.pi / np.tan(math.pi * (x - np.round(x)))
        return np.where(x > 0, result, np.where(x == np.floor(x), -np.inf, reflected))


def trigamma_function(x: _Numbers) -> _Numbers:
    """psi'(x), relative error about 1e-15; infinite at 0 and negative whole numbers."""
    with np.errstate(all="ignore"):
        mirrored = np.where(x > 0, x, 1 - x)
        total, shifted = np.zeros_like(mirrored), mirrored.copy()
        for _ in range(15):
            under = shifted < 15
            total = np.where(under, total + 1 / (shifted * shifted), total)
            shifted = np.where(under, shifted + 1, shifted)
        inverse = 1 / (shifted * shifted)
        result = total + 1 / shifted + 0.5 * inverse + np.polyval(_TRIGAMMA, inverse) / shifted
        reflected = (math.pi / np.sin(math.pi * (x - np.round(x)))) ** 2 - result
        result = np.where(x > 0, result, reflected)
        return np.where((x <= 0) & (x == np.floor(x)), np.inf, result)
