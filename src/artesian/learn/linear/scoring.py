"""Measures predictions of a linear model: the metrics of its category, with deviances, degrees of freedom and likelihood."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from artesian.frame import Frame
from artesian.learn.base.details import Category
from artesian.learn.base.scoring import Scorer
from artesian.learn.linear.families import Family
from artesian.learn.linear.likelihood import log_likelihood
from artesian.learn.metrics import BinomialMetrics, Metrics, MultinomialMetrics, RegressionMetrics, ordinal_metrics
from artesian.learn.metrics.binomial import SMALLEST_PROBABILITY

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Measure:
    """What metrics need of a model beyond its predictions.

    `null_mean` is the mean of the model without inputs (shares of the classes of several), `rank` the number of coefficients
    that are not 0, `parameters` the number that Akaike's criterion counts if the full likelihood is asked for (`dispersion` is
    then given), else None.
    """

    family: Family
    null_mean: tuple[float, ...]
    rank: int
    has_intercept: bool
    parameters: int | None = None
    dispersion: float = 1.0


@dataclass(frozen=True)
class LinearScorer(Scorer):
    """A scorer that knows the family."""

    measured: Measure | None = None

    def stored_actual(self, frame: Frame) -> NDArray[Any] | None:
        """See `Scorer`; shares of the second class stay shares."""
        assert self.measured is not None
        if self.measured.family.name == "fractionalbinomial" and self.response is not None and self.response in frame:
            return np.asarray(frame[self.response].floats())
        return super().stored_actual(frame)

    def measure(self, frame: Frame, raw: Floats) -> Metrics | None:
        """See `Scorer`."""
        actual = self.stored_actual(frame)
        if actual is None:
            return None
        assert self.measured is not None
        if self.category is Category.ORDINAL:  # levels that training did not see have no place in the order
            actual = np.where(actual < len(self.domain), actual, np.nan)
        weights = self.weights(frame)
        if self.measured.family.name == "fractionalbinomial":
            metrics = self._of_shares(actual, raw, weights)
        else:
            metrics = self.of_arrays(actual, raw, weights, self.domain_with(frame), self._offsets(frame))
        if self.category is Category.ORDINAL:
            assert isinstance(metrics, MultinomialMetrics)
            metrics = ordinal_metrics(metrics)
        all_count = metrics.nobs == len(actual) and self.measured.family.name != "fractionalbinomial"
        counted = _Counted.of(actual, raw, weights, self._offsets(frame), self.category, all_count=all_count)
        return self._with_deviances(metrics, counted)

    def _offsets(self, frame: Frame) -> Floats | None:
        name = self._parameter("offset_column", None)
        if not name or name not in frame or self._parameter("remove_offset_effects", False):
            return None
        return np.asarray(frame[name].floats())

    def _of_shares(self, actual: Floats, raw: Floats, weights: Floats | None) -> Metrics:
        """A row of share s counts as s rows of the second class and 1 - s of the first."""
        mass = np.ones(len(actual)) if weights is None else weights
        codes = np.concatenate([np.ones(len(actual)), np.zeros(len(actual))])
        codes[np.isnan(np.concatenate([actual, actual]))] = np.nan
        both = np.concatenate([mass * actual, mass * (1 - actual)])
        found = self.of_arrays(codes, np.concatenate([raw, raw]), np.where(np.isnan(both), 0.0, both))
        there = ~np.isnan(actual) & (mass > 0)
        return found.about(nobs=int(there.sum()))

    def _with_deviances(self, metrics: Metrics, counted: _Counted) -> Metrics:
        m = self.measured
        assert m is not None
        residual, null = self._deviances(metrics, counted)
        nobs = metrics.nobs
        lost = m.rank
        if self.category is Category.ORDINAL:
            others = len(self.domain) - 1
            lost = m.rank // others + others - 1
        values = {
            "residual_deviance": residual,
            "null_deviance": null,
            "null_degrees_of_freedom": nobs - int(m.has_intercept),
            "residual_degrees_of_freedom": nobs - lost,
        }
        if isinstance(metrics, RegressionMetrics):
            values["mean_residual_deviance"] = residual / counted.mass if counted.mass else math.nan
        if isinstance(metrics, RegressionMetrics | BinomialMetrics | MultinomialMetrics):
            values |= self._likelihood(counted, nobs, residual)
        return metrics.about(**values)

    def _deviances(self, metrics: Metrics, counted: _Counted) -> tuple[float, float]:
        m = self.measured
        assert m is not None
        if self.category in (Category.MULTINOMIAL, Category.ORDINAL):
            codes = counted.actual.astype(np.int64)
            known = codes < counted.mean.shape[1]
            codes, mass = codes[known], counted.masses[known]
            p = counted.mean[known][np.arange(len(codes)), codes]
            shares = np.asarray(m.null_mean)[codes]
            costs = [-2 * float(mass @ np.log(np.maximum(q, SMALLEST_PROBABILITY))) for q in (p, shares)]
            return costs[0], costs[1]
        if isinstance(metrics, BinomialMetrics) and m.family.name != "fractionalbinomial":
            return self._deviances_of_two_classes(m, metrics, counted)
        null = np.full(len(counted.actual), m.null_mean[0])
        if counted.offsets is not None:
            null = m.family.mean(m.family.linear(null) + counted.offsets)
        return (
            counted.total(m.family.deviances(counted.actual, counted.mean)),
            counted.total(m.family.deviances(counted.actual, null)),
        )

    def _deviances_of_two_classes(self, m: Measure, metrics: BinomialMetrics, counted: _Counted) -> tuple[float, float]:
        """What the log loss says already, and what follows from the weights of the classes."""
        if not len(counted.stored):
            return 0.0, 0.0
        ranked = metrics.thresholds_and_metric_scores  # the highest and the lowest score are always among these
        assert ranked is not None
        highest, lowest = ranked.array("threshold")[[0, -1]]
        if min(lowest, 1 - highest) >= SMALLEST_PROBABILITY:
            residual = 2 * metrics.log_loss * counted.mass
        else:  # the log loss takes surer errors as less sure
            residual = counted.total(m.family.deviances(counted.actual, counted.mean))
        if counted.offsets is not None:
            null = m.family.mean(m.family.linear(np.full(1, m.null_mean[0])) + counted.offsets)
            return residual, counted.total(m.family.deviances(counted.actual, null))
        positives, negatives = (float(ranked.array(name)[-1]) for name in ("tps", "fps"))
        costs = m.family.deviances(np.array([1.0, 0.0]), np.full(2, m.null_mean[0]))
        return residual, float(np.array([positives, negatives]) @ costs)

    def _likelihood(self, counted: _Counted, nobs: int, residual: float) -> dict[str, float]:
        m = self.measured
        assert m is not None
        name = m.family.name
        if m.parameters is not None:
            found = log_likelihood(m.family, counted.actual, counted.mean, counted.masses, m.dispersion)
            return {"loglikelihood": found, "aic": 2 * m.parameters - 2 * found}
        if not nobs:
            return {"aic": math.nan}
        aic = math.nan
        if name == "gaussian":
            aic = nobs * (math.log(max(residual, 1e-300) / nobs * 2 * math.pi) + 1) + 2
        elif m.family.is_two_classes:
            aic = residual
        elif name in ("poisson", "negativebinomial"):
            aic = -2 * log_likelihood(m.family, counted.actual, counted.mean, counted.masses, m.family.theta)
        return {"aic": aic + 2 * m.rank}


@dataclass(frozen=True)
class _Counted:
    """The rows that count: all there is of them is there. No `weights`: each row counts once."""

    stored: NDArray[Any]
    mean: Floats
    weights: Floats | None
    offsets: Floats | None

    @classmethod
    def of(
        cls,
        actual: NDArray[Any],
        raw: Floats,
        weights: Floats | None,
        offsets: Floats | None,
        category: Category,
        *,
        all_count: bool,
    ) -> _Counted:
        mean = raw[:, 1] if category is Category.BINOMIAL else raw
        if all_count:
            return cls(actual, mean, weights, offsets)
        there = ~np.isnan(actual)
        if weights is not None:
            there &= weights > 0
        there &= ~np.isnan(mean) if mean.ndim == 1 else ~np.isnan(mean).any(axis=1)
        if category is Category.BINOMIAL:
            there &= actual <= 1
        if there.all():
            return cls(actual, mean, weights, offsets)
        kept = [None if values is None else values[there] for values in (weights, offsets)]
        return cls(actual[there], mean[there], kept[0], kept[1])

    @property
    def actual(self) -> Floats:
        """The actual value of each row."""
        return self.stored.astype(np.float64, copy=False)

    @property
    def masses(self) -> Floats:
        """The weight of each row."""
        return np.ones(len(self.stored)) if self.weights is None else self.weights

    def total(self, values: Floats) -> float:
        """The weighted sum of values [n]."""
        return float(values.sum() if self.weights is None else self.weights @ values)

    @property
    def mass(self) -> float:
        """Sum of the weights."""
        return float(len(self.stored) if self.weights is None else self.weights.sum())
