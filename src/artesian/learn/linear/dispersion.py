"""Dispersion by maximum likelihood: gamma's shape, Tweedie's phi (and variance power), the negative binomial's theta."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from artesian.learn.linear.families import Family
from artesian.learn.linear.likelihood import log_likelihood, tweedie_log_density
from artesian.learn.linear.parameters import GLMParameters

Floats = NDArray[np.float64]
SMALLEST, LARGEST = 1e-8, 1e8


def maximum_likelihood(family: Family, y: Floats, mean: Floats, weights: Floats, parameters: GLMParameters) -> float:
    """The dispersion (theta of the negative binomial) of the largest likelihood, given the means [n]."""

    def cost(logarithm: float) -> float:
        value = float(np.exp(logarithm))
        if family.name == "tweedie":
            density = tweedie_log_density(y, mean, value / weights, family.variance_power, parameters.tweedie_epsilon)
            return -float(np.nansum(density))
        used = replace(family, theta=value) if family.name == "negativebinomial" else family
        return -log_likelihood(used, y, mean, weights, value)

    start = parameters.theta if family.name == "negativebinomial" else parameters.init_dispersion_parameter
    return float(np.exp(_least(cost, float(np.log(max(start, 1e-6))), parameters)))


def _least(cost: Callable[[float], float], start: float, parameters: GLMParameters) -> float:
    """Where a cost is least, by bracketing from the start and Brent's method."""
    from scipy.optimize import minimize_scalar

    low, high = start - 1.0, start + 1.0
    at_low, at_start, at_high = cost(low), cost(start), cost(high)
    bounds = np.log(SMALLEST), np.log(LARGEST)
    while at_low < at_start and low > bounds[0]:
        high, start, low = start, low, max(bounds[0], low - 2 * (high - low))
        at_start, at_low = at_low, cost(low)
    while at_high < at_start and high < bounds[1]:
        low, start, high = start, high, min(bounds[1], high + 2 * (high - low))
        at_start, at_high = at_high, cost(high)
    options = {"maxiter": parameters.max_iterations_dispersion, "xatol": max(parameters.dispersion_epsilon, 1e-10)}
    return float(minimize_scalar(cost, bounds=(low, high), method="bounded", options=options).x)


def best_variance_power(
    y: Floats, mean: Floats, weights: Floats, dispersion: float, parameters: GLMParameters
) -> float:
    """Tweedie's variance power of the largest likelihood: between 1 and 2 where the response has zeros, else up to 10."""
    from scipy.optimize import minimize_scalar

    def cost(power: float) -> float:
        density = tweedie_log_density(y, mean, dispersion / weights, power, parameters.tweedie_epsilon)
        value = -float(np.nansum(density))
        return value if np.isfinite(value) else 1e300

    options = {"maxiter": parameters.max_iterations_dispersion, "xatol": max(parameters.dispersion_epsilon, 1e-10)}
    spans = [(1.02, 1.98)] if (y <= 0).any() else [(1.02, 1.98), (2.02, 10.0)]
    found = [minimize_scalar(cost, bounds=span, method="bounded", options=options) for span in spans]
    return float(min(found, key=lambda item: item.fun).x)
