"""Families and links: means, slopes, variances and deviances of rows.

Formulas: McCullagh & Nelder, Generalized Linear Models (1989), chapters 2 and 9; the negative binomial with variance
mu + theta·mu², so that theta 0 is Poisson; Tweedie by its variance power (Jørgensen 1997).
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final, NamedTuple, Self

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
LINKS: Final[dict[str, tuple[str, ...]]] = {
    "gaussian": ("identity", "log", "inverse"),
    "binomial": ("logit",),
    "fractionalbinomial": ("logit",),
    "quasibinomial": ("logit",),
    "ordinal": ("ologit",),
    "multinomial": ("multinomial",),
    "poisson": ("log", "identity"),
    "gamma": ("inverse", "log", "identity"),
    "tweedie": ("tweedie",),
    "negativebinomial": ("log", "identity"),
}
"""Links that each family can have, its own first."""
TWO_CLASSES: Final = ("binomial", "quasibinomial", "fractionalbinomial")
SEVERAL_CLASSES: Final = ("multinomial", "ordinal")
DISPERSED: Final = ("gamma", "tweedie", "negativebinomial")
"""Families with a dispersion that can be estimated by maximum likelihood, or fixed."""
LARGEST_EXPONENT: Final = 700.0
SMALLEST_INVERSE: Final = 1e-5
"""The inverse link takes a linear predictor as at least this far from 0."""
SMALLEST_MEAN: Final = 1e-300


class Working(NamedTuple):
    """Of some rows, not weighted: half the unit deviance, and the score and expected curvature of minus that by the
    linear predictor. Shape [n] each.
    """

    half_deviance: Floats
    score: Floats
    curvature: Floats


@dataclass(frozen=True)
class Family:
    """A family of distributions with its link."""

    name: str
    link: str
    variance_power: float = 0.0
    link_power: float = 1.0
    theta: float = 1e-10

    @property
    def is_two_classes(self) -> bool:
        """Whether predictions are the probability of the second of two classes."""
        return self.name in TWO_CLASSES

    @property
    def is_least_squares(self) -> bool:
        """Whether one solution of the normal equations is the answer."""
        return self.name == "gaussian" and self.link == "identity"

    def to_state(self) -> dict[str, Any]:
        """JSON-safe form."""
        return dict(vars(self))

    @classmethod
    def from_state(cls, state: Mapping[str, Any]) -> Self:
        """The family of a `to_state`."""
        return cls(**state)

    # ---- link ----

    def mean(self, linear: Floats) -> Floats:
        """Means of linear predictors [n]."""
        match self.link:
            case "identity":
                return linear
            case "logit":
                return logistic(linear)
            case "log":
                return np.exp(np.minimum(linear, LARGEST_EXPONENT))
            case "inverse":
                return 1.0 / away_from_zero(linear)
            case _:
                if self.link_power == 0:
                    return np.exp(np.minimum(linear, LARGEST_EXPONENT))
                with np.errstate(invalid="ignore", divide="ignore", over="ignore"):
                    return np.power(linear, 1.0 / self.link_power)

    def linear(self, mean: Floats) -> Floats:
        """Linear predictors of means [n]."""
        with np.errstate(divide="ignore", invalid="ignore"):
            match self.link:
                case "identity":
                    return mean
                case "logit":
                    return np.log(mean / (1.0 - mean))
                case "log":
                    return np.log(mean)
                case "inverse":
                    return 1.0 / away_from_zero(mean)
                case _:
                    return np.log(mean) if self.link_power == 0 else np.power(mean, self.link_power)

    def slope(self, linear: Floats, mean: Floats) -> Floats:
        """How fast the mean grows with the linear predictor [n]."""
        match self.link:
            case "identity":
                return np.ones_like(mean)
            case "logit":
                return mean * (1.0 - mean)
            case "log":
                return mean
            case "inverse":
                return -mean * mean
            case _:
                if self.link_power == 0:
                    return mean
                with np.errstate(invalid="ignore", divide="ignore", over="ignore"):
                    return mean / (self.link_power * linear)

    # ---- distribution ----

    def variance(self, mean: Floats) -> Floats:
        """Variances of means [n], but for the dispersion."""
        match self.name:
            case "gaussian":
                return np.ones_like(mean)
            case "poisson":
                return mean
            case "gamma":
                return mean * mean
            case "tweedie":
                return np.power(np.maximum(mean, SMALLEST_MEAN), self.variance_power)
            case "negativebinomial":
                return mean + self.theta * mean * mean
            case _:
                return mean * (1.0 - mean)

    def deviances(self, actual: Floats, mean: Floats) -> Floats:
        """Unit deviances of means [n]; infinite where the mean is impossible."""
        y = actual
        if self.name == "gaussian":
            return (y - mean) ** 2
        if self.is_two_classes:
            return 2 * (relative_cost(y, mean) + relative_cost(1 - y, 1 - mean))
        with np.errstate(divide="ignore", invalid="ignore", over="ignore"):
            found = self._amount_deviances(y, np.maximum(mean, SMALLEST_MEAN))
        return np.where(mean > 0, found, np.inf) if not (mean > 0).all() else found

    def _amount_deviances(self, y: Floats, m: Floats) -> Floats:
        if self.name == "poisson":
            return 2 * (relative_cost(y, m) - (y - m))
        if self.name == "gamma":
            return -2 * (np.log(np.maximum(y, SMALLEST_MEAN) / m) - (y - m) / m)
        if self.name == "negativebinomial":
            t = self.theta
            rest = (y + 1 / t) * (np.log1p(t * m) - np.log1p(t * y))
            return np.asarray(2 * (relative_cost(y, m) + rest))
        p = self.variance_power
        if p == 0:
            return (y - m) ** 2
        if p == 1:
            return 2 * (relative_cost(y, m) - (y - m))
        if p == 2:
            return -2 * (np.log(np.maximum(y, SMALLEST_MEAN) / m) - (y - m) / m)
        a, b = 1 - p, 2 - p
        start = (
            np.power(np.maximum(y, 0.0), b) / (a * b) if b > 0 else np.power(np.maximum(y, SMALLEST_MEAN), b) / (a * b)
        )
        return 2 * (start - y * np.power(m, a) / a + np.power(m, b) / b)

    def working(self, actual: Floats, linear: Floats) -> Working:
        """What a step of scoring needs of rows with actual values [n] and linear predictors [n]."""
        if self.is_two_classes:
            return _logistic_working(actual, linear)
        if self.is_least_squares:
            residual = actual - linear
            return Working(0.5 * residual * residual, residual, np.ones_like(residual))
        mean = self.mean(linear)
        half = 0.5 * self.deviances(actual, mean)
        if self.name == "poisson" and self.link == "log":
            return Working(half, actual - mean, mean)
        slope, variance = self.slope(linear, mean), self.variance(mean)
        with np.errstate(divide="ignore", invalid="ignore", over="ignore"):
            ratio = slope / variance
            score, curvature = (actual - mean) * ratio, slope * ratio
        if not np.isfinite(half).all():  # an impossible mean: this step will be taken back
            possible = np.isfinite(half)
            score, curvature = np.where(possible, score, 0.0), np.where(possible, curvature, 0.0)
            half = np.where(possible, half, np.inf)
        return Working(half, score, curvature)


def logistic(linear: Floats) -> Floats:
    """1 / (1 + exp(-x)) of any x [n]."""
    odds_against = np.negative(linear)
    with np.errstate(over="ignore"):  # infinite odds against are a probability of 0
        np.exp(odds_against, out=odds_against)
    odds_against += 1.0
    return np.divide(1.0, odds_against, out=odds_against)


def away_from_zero(values: Floats) -> Floats:
    """The values, each at least `SMALLEST_INVERSE` from 0."""
    return np.where(values < 0, np.minimum(values, -SMALLEST_INVERSE), np.maximum(values, SMALLEST_INVERSE))


def _logistic_working(y: Floats, linear: Floats) -> Working:
    """Of two classes, by way of exp(-|x|), which neither overflows nor loses small probabilities."""
    small = np.abs(linear)
    np.negative(small, out=small)
    np.exp(small, out=small)
    total = 1.0 + small
    positive = linear >= 0
    mean = np.where(positive, 1.0, small)
    mean /= total
    half = np.maximum(linear, 0.0)
    half += np.log(total)
    half -= y * linear
    if ((y > 0) & (y < 1)).any():  # shares: what a perfect prediction costs counts as nothing
        half += relative_cost(y, np.ones_like(y)) + relative_cost(1 - y, np.ones_like(y))
    small /= total * total
    return Working(half, y - mean, small)


def relative_cost(y: Floats, m: Floats) -> Floats:
    """y·log(y/m), 0 where y is 0."""
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.where(y > 0, y * np.log(np.maximum(y, SMALLEST_MEAN) / np.maximum(m, SMALLEST_MEAN)), 0.0)


def link_of(family: str, link: str) -> str:
    """The link in use: the family's own for `family_default`."""
    return LINKS[family][0] if link == "family_default" else link


def family_of(values: Mapping[str, Any], name: str) -> Family:
    """The family of parameters, whose `AUTO` was resolved to `name`."""
    power = float(values["tweedie_link_power"])
    return Family(
        name,
        link_of(name, values["link"]),
        float(values["tweedie_variance_power"]),
        0.0 if math.isclose(power, 0.0, abs_tol=1e-300) else power,
        float(values["theta"]),
    )
