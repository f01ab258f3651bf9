"""Unit deviances of the distributions: how far a prediction on the response's scale is from the actual value.

Formulas: McCullagh & Nelder, Generalized Linear Models (1989), table 2.1; Tweedie: Jørgensen, The Theory of Dispersion
Models (1997); Huber without the factor 1/2, so that it equals the squared error inside of delta.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Final

import numpy as np

from artesian.core.errors import InvalidArgument, did_you_mean
from artesian.learn.metrics.rows import Floats, represented_rows, weighted_quantiles

DISTRIBUTIONS: Final = (
    "gaussian", "bernoulli", "quasibinomial", "poisson", "gamma", "tweedie", "laplace", "quantile", "huber", "custom",
)  # fmt: skip
SMALLEST_MEAN: Final = math.exp(-19)
"""A prediction of a log-link family counts as at least this, so that a mean of 0 costs much but not infinitely much."""


@dataclass(frozen=True)
class Distribution:
    """A distribution with its parameters; `huber_delta` None means the huber_alpha quantile of the absolute errors.

    `custom` has no deviance of its own: it is NaN.
    """

    name: str = "gaussian"
    tweedie_power: float = 1.5
    quantile_alpha: float = 0.5
    huber_alpha: float = 0.9
    huber_delta: float | None = None

    def __post_init__(self) -> None:
        object.__setattr__(self, "name", self.name.lower())
        if self.name not in DISTRIBUTIONS:
            raise InvalidArgument(
                f"Unknown distribution '{self.name}' for regression metrics.{did_you_mean(self.name, DISTRIBUTIONS)} "
                f"Allowed: {', '.join(DISTRIBUTIONS)}."
            )
        if self.name == "tweedie" and 0 < self.tweedie_power < 1:
            raise InvalidArgument(
                f"No Tweedie distribution has a power between 0 and 1. Got tweedie_power={self.tweedie_power}."
            )
        for field in ("quantile_alpha", "huber_alpha"):
            if not 0 <= getattr(self, field) <= 1:
                raise InvalidArgument(f"{field} must be between 0 and 1. Got {getattr(self, field)}.")

    def unit_deviances(self, actual: Floats, predicted: Floats, weights: Floats | None = None) -> Floats:
        """The deviance of each row, not yet weighted (weights serve Huber's delta only). Shape [n]."""
        y, f = actual, predicted
        error = y - f
        if self.name == "laplace":
            return np.abs(error)
        if self.name == "quantile":
            return np.where(error > 0, self.quantile_alpha * error, (self.quantile_alpha - 1) * error)
        if self.name == "huber":
            return self._huber(np.abs(error), weights)
        if self.name == "custom":
            return np.full(len(y), np.nan)
        if self.name in ("bernoulli", "quasibinomial"):
            return -2 * (y * _floored_log(f) + (1 - y) * _floored_log(1 - f))
        power = {"gaussian": 0.0, "poisson": 1.0, "gamma": 2.0}.get(self.name, self.tweedie_power)
        return _power_deviances(y, f, power)

    def _huber(self, error: Floats, weights: Floats | None) -> Floats:
        delta = self.huber_delta
        if delta is None:
            order = np.argsort(error)
            rows, mass = represented_rows(weights, len(error)), None if weights is None else weights[order]
            delta = float(weighted_quantiles(error[order], np.array([self.huber_alpha]), mass, rows)[0])
        return np.where(error <= delta, error**2, (2 * error - delta) * delta)


def _floored_log(values: Floats) -> Floats:
    return np.log(np.maximum(values, SMALLEST_MEAN))


def _power_deviances(y: Floats, f: Floats, power: float) -> Floats:
    """The Tweedie family by variance power: 0 Gaussian, 1 Poisson, (1, 2) compound, 2 gamma, above 2 positive stable."""
    if power == 0:
        return (y - f) ** 2
    f = np.maximum(f, SMALLEST_MEAN)
    with np.errstate(divide="ignore", invalid="ignore"):
        if power == 1:
            return 2 * (np.where(y == 0, 0.0, y * np.log(y / f)) - y + f)
        if power == 2:
            return 2 * (np.log(f / y) + y / f - 1)
        a, b = 1 - power, 2 - power
        return 2 * (np.power(np.maximum(y, 0.0), b) / (a * b) - y * np.power(f, a) / a + np.power(f, b) / b)
