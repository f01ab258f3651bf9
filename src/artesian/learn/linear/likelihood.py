"""Full log-likelihoods of the families, with their dispersion; Tweedie's density by its series.

Dunn & Smyth, Series evaluation of Tweedie exponential dispersion model densities (2005).
"""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Final

import numpy as np
from numpy.typing import NDArray

from artesian.learn.linear.families import SMALLEST_MEAN, Family, relative_cost

Floats = NDArray[np.float64]
MAX_TERMS: Final = 20_000
_CELLS: Final = 1 << 22
"""Terms of the series that are worked out at once."""


def log_likelihood(family: Family, y: Floats, mean: Floats, weights: Floats, dispersion: float) -> float:
    """Of actual values [n] given predicted means [n] (class probabilities [n, k] for several classes) and weights [n].

    `dispersion` is the variance of a gaussian, phi of gamma and Tweedie, theta of the negative binomial.
    """
    if family.name in ("multinomial", "ordinal"):
        codes = y.astype(np.int64)
        known = codes < mean.shape[1]
        p = mean[known][np.arange(int(known.sum())), codes[known]]
        return float(weights[known] @ np.log(np.maximum(p, SMALLEST_MEAN)))
    from scipy.special import gammaln

    w, m = weights, np.maximum(mean, SMALLEST_MEAN) if family.name != "gaussian" else mean
    if family.name == "gaussian":
        return float(-0.5 * (w * (y - m) ** 2 / dispersion + np.log(dispersion / w) + math.log(2 * math.pi)).sum())
    if family.name == "fractionalbinomial":
        return float(w @ (relative_cost(y, m) + relative_cost(1 - y, 1 - m)))
    if family.is_two_classes:
        rest = np.maximum(1 - m, SMALLEST_MEAN)
        return float(w @ (y * np.log(m) + (1 - y) * np.log(rest)))
    if family.name == "poisson":
        return float(w @ (y * np.log(m) - m - gammaln(y + 1)))
    if family.name == "negativebinomial":
        size = w / dispersion
        spread = dispersion * m / w
        own = y * np.log(spread) - (y + size) * np.log1p(spread)
        return float((own + gammaln(y + size) - gammaln(y + 1) - gammaln(size)).sum())
    if family.name == "gamma":
        shape = w / dispersion
        there = y > 0
        shape, y, m = shape[there], y[there], m[there]
        return float((shape * np.log(shape * y / m) - shape * y / m - np.log(y) - gammaln(shape)).sum())
    return float(np.sum(tweedie_log_density(y, m, dispersion / w, family.variance_power)))


def tweedie_log_density(y: Floats, mean: Floats, dispersion: Floats, power: float, epsilon: float = 8e-17) -> Floats:
    """Logarithms of Tweedie densities [n] for a variance power above 1 (but 2, which is gamma); dispersions [n].

    Terms of the series below `epsilon` of its largest are left out. Values below 0, and 0 for powers above 2, have none: NaN.
    """
    out = np.full(len(y), np.nan)
    if power < 2:
        none = y == 0
        out[none] = -np.power(mean[none], 2 - power) / (dispersion[none] * (2 - power))
    there = np.flatnonzero(y > 0)
    for part in np.array_split(there, max(1, len(there) * 200 // _CELLS + 1)):
        if not len(part):
            continue
        v, m, phi = y[part], mean[part], dispersion[part]
        a, b = 1 - power, 2 - power
        kernel = (v * np.power(m, a) / a - np.power(m, b) / b) / phi
        out[part] = _log_series(v, phi, power, epsilon) + kernel - np.log(v)
    return out


def _log_series(y: Floats, phi: Floats, power: float, epsilon: float) -> Floats:
    """The logarithm of the series that normalises the density."""
    from scipy.special import gammaln

    alpha = (2 - power) / (1 - power)
    peak = np.maximum(1.0, np.power(y, 2 - power) / (phi * abs(2 - power)))
    if power < 2:
        z = -alpha * np.log(y) + alpha * math.log(power - 1) - (1 - alpha) * np.log(phi) - math.log(2 - power)
    else:
        z = (alpha - 1) * np.log(phi) + alpha * math.log(power - 1) - math.log(power - 2) - alpha * np.log(y)

    def logs(j: Floats) -> Floats:
        if power < 2:
            return np.asarray(j * z[:, None] - gammaln(1 + j) - gammaln(-alpha * j))
        return np.asarray(j * z[:, None] + gammaln(1 + alpha * j) - gammaln(1 + j))

    middle: Floats = np.round(peak).astype(np.float64)
    width = _half_width(logs, middle, epsilon)
    first = np.maximum(1.0, middle - width)
    j: Floats = first[:, None] + np.arange(int(2 * width.max(initial=1.0)) + 1, dtype=np.float64)[None, :]
    terms = logs(j)
    top = terms.max(axis=1, keepdims=True)
    scaled = np.exp(terms - top)
    if power < 2:
        return np.asarray(top[:, 0] + np.log(scaled.sum(axis=1)))
    signs = np.where(j % 2 == 0, 1.0, -1.0) * np.sin(-math.pi * alpha * j)
    total = np.maximum((scaled * signs).sum(axis=1), SMALLEST_MEAN)
    return np.asarray(top[:, 0] + np.log(total) - math.log(math.pi))


def _half_width(logs: Callable[[Floats], Floats], middle: Floats, epsilon: float) -> Floats:
    """How far from the largest term the series matters, for each row; doubled until the ends are small."""
    drop = -math.log(epsilon) if epsilon < 1 else 37.0
    center = logs(middle[:, None])[:, 0]
    width = np.full(len(middle), 8.0)
    while width.max() < MAX_TERMS:
        high = logs((middle + width)[:, None])[:, 0]
        low = np.where(middle - width >= 1, logs(np.maximum(middle - width, 1.0)[:, None])[:, 0], -np.inf)
        open_ends = np.maximum(high, low) > center - drop
        if not open_ends.any():
            break
        width = np.where(open_ends, 2 * width, width)
    return width
