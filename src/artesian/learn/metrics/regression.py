"""Metrics of regression."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any, ClassVar, Final

import numpy as np

from artesian.learn.metrics.base import Metrics
from artesian.learn.metrics.deviance import Distribution
from artesian.learn.metrics.rows import counted_rows, r_squared, total_weight, weighted_mean

_MEAN_FITS: Final = frozenset({"gaussian", "bernoulli", "quasibinomial", "poisson", "gamma", "tweedie"})
"""The families whose best constant prediction is the mean."""


@dataclass(frozen=True, kw_only=True)
class RegressionMetrics(Metrics):
    """`rmsle` is NaN as soon as an actual or predicted value lies below -1; `null_deviance` is the total (not mean)
    deviance of predicting the mean everywhere, NaN for a family whose best constant is not the mean.

    Linear models also tell the total residual deviance and the degrees of freedom.
    """

    kind: ClassVar[str] = "regression"

    mae: float
    rmsle: float
    r2: float
    mean_residual_deviance: float
    null_deviance: float = math.nan
    loglikelihood: float = math.nan
    aic: float = math.nan
    residual_deviance: float = math.nan
    null_degrees_of_freedom: int | None = None
    residual_degrees_of_freedom: int | None = None


def regression_metrics(
    actual: Any,
    predicted: Any,
    weights: Any = None,
    distribution: str | Distribution = "gaussian",
    *,
    tweedie_power: float = 1.5,
    quantile_alpha: float = 0.5,
    huber_alpha: float = 0.9,
    huber_delta: float | None = None,
    loglikelihood: float = math.nan,
    aic: float = math.nan,
    description: str | None = None,
) -> RegressionMetrics:
    """Metrics of predictions [n] against actual values [n], on the scale of the response.

    Rows with a missing actual value, prediction or weight, or with weight 0, do not count. Without rows every value is
    NaN. Log-likelihood and AIC belong to models that have a likelihood: they hand them over.
    """
    if isinstance(distribution, str):
        distribution = Distribution(distribution, tweedie_power, quantile_alpha, huber_alpha, huber_delta)
    y, f, w = counted_rows(actual, predicted, weights)
    mse = weighted_mean((y - f) ** 2, w)
    with np.errstate(invalid="ignore", divide="ignore"):
        rmsle = math.sqrt(weighted_mean((np.log1p(f) - np.log1p(y)) ** 2, w)) if len(y) else math.nan
    null_deviance = math.nan
    if len(y) and distribution.name in _MEAN_FITS:
        mean = np.full(len(y), weighted_mean(y, w))
        null_deviance = weighted_mean(distribution.unit_deviances(y, mean, w), w) * total_weight(len(y), w)
    return RegressionMetrics(
        nobs=len(y),
        mse=mse,
        mae=weighted_mean(np.abs(y - f), w),
        rmsle=rmsle,
        r2=r_squared(mse, y, w),
        mean_residual_deviance=weighted_mean(distribution.unit_deviances(y, f, w), w),
        null_deviance=null_deviance,
        loglikelihood=loglikelihood,
        aic=aic,
        description=description,
    )
