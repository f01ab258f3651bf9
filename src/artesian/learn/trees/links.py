"""Links, from the mean of the response to the output of the trees, and back: those that a client's distribution can name."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
LARGEST = 1e19
LOWEST_LOG, HIGHEST_LOG = -19.0, 19.0
_LEAST_DIVISOR = 1e-5
_SMALLEST_SHARE = 1e-16
"""Shares nearer to 0 or 1 count as this far from them where the link has no end."""


def exp(values: Floats) -> Floats:
    """The exponential, at most 1e19."""
    with np.errstate(over="ignore"):
        return np.asarray(np.minimum(LARGEST, np.exp(values)))


def log(values: Floats) -> Floats:
    """The logarithm, at least -19."""
    with np.errstate(divide="ignore"):
        return np.asarray(np.maximum(LOWEST_LOG, np.log(np.maximum(values, 0.0))))


def logistic(values: Floats) -> Floats:
    """1 / (1 + exp(-x))."""
    with np.errstate(over="ignore"):
        return np.asarray(1.0 / (1.0 + np.exp(-values)))


@dataclass(frozen=True)
class Link:
    """A link and its inverse, by element; means lie between `low` and `high`. `of_shares`: its inverse is within 0 and 1."""

    link: Callable[[Floats], Floats]
    inverse: Callable[[Floats], Floats]
    low: float = -math.inf
    high: float = math.inf

    @property
    def of_shares(self) -> bool:
        """Whether it is one for two classes."""
        return self.high == 1.0


def _logit(mean: Floats) -> Floats:
    with np.errstate(divide="ignore"):
        return np.clip(np.log(mean / (1 - mean)), LOWEST_LOG, -LOWEST_LOG)


def _inverse(values: Floats) -> Floats:
    return 1.0 / np.where(values < 0, np.minimum(-_LEAST_DIVISOR, values), np.maximum(_LEAST_DIVISOR, values))


def _probit(mean: Floats) -> Floats:
    from scipy.special import ndtri

    return np.asarray(ndtri(np.clip(mean, _SMALLEST_SHARE, 1 - _SMALLEST_SHARE)))


def _normal(output: Floats) -> Floats:
    from scipy.special import ndtr

    return np.asarray(ndtr(output))


LINKS: Final = {
    "identity": Link(np.asarray, np.asarray),
    "log": Link(log, exp, low=0.0),
    "inverse": Link(_inverse, _inverse),
    "logit": Link(_logit, logistic, 0.0, 1.0),
    "ologit": Link(_logit, logistic, 0.0, 1.0),
    "ologlog": Link(lambda mean: log(-log(1 - mean)), lambda output: 1 - exp(-exp(output)), 0.0, 1.0),
    "oprobit": Link(_probit, _normal, 0.0, 1.0),
}
