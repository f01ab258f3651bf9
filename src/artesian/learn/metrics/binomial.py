"""Metrics of binary classification."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, ClassVar, Final

import numpy as np
import numpy.typing as npt

from artesian import _native
from artesian.core.errors import InvalidArgument
from artesian.learn.base.table import Table
from artesian.learn.metrics.base import Metrics
from artesian.learn.metrics.confusion import ConfusionMatrix
from artesian.learn.metrics.gains_lift import gains_lift_table
from artesian.learn.metrics.ranking import RankingCurve
from artesian.learn.metrics.rows import (
    Floats,
    as_codes,
    as_floats,
    counted_rows,
    missing_codes_as_nan,
    represented_rows,
)
from artesian.learn.metrics.thresholds import MAX_THRESHOLDS, maxima_table, threshold_table

SMALLEST_PROBABILITY: Final = 1e-15
"""A probability counts as at least this in the log loss, so that one sure error costs 34.5, not infinity."""
_FALLBACK_THRESHOLD: Final = 0.5
Booleans = np.ndarray[tuple[int], np.dtype[np.bool_]]


@dataclass(frozen=True, kw_only=True)
class BinomialMetrics(Metrics):
    """`mse` is the mean of (1 - probability of the actual class)²; `default_threshold` maximises F1 on these rows.

    `confusion_matrix`, `error` and `mean_per_class_error` are at the default threshold. `kolmogorov_smirnov` is the
    maximum over all scores; the column of that name in `gains_lift` is at the groups' ends only.
    """

    kind: ClassVar[str] = "binomial"

    domain: tuple[str, ...]
    r2: float
    log_loss: float
    auc: float
    pr_auc: float
    gini: float
    kolmogorov_smirnov: float
    default_threshold: float
    error: float
    mean_per_class_error: float
    confusion_matrix: ConfusionMatrix | None
    thresholds_and_metric_scores: Table | None
    max_criteria_and_metric_scores: Table | None
    gains_lift: Table | None
    loglikelihood: float = math.nan
    aic: float = math.nan
    residual_deviance: float = math.nan
    null_deviance: float = math.nan
    null_degrees_of_freedom: int | None = None
    residual_degrees_of_freedom: int | None = None

    @property
    def accuracy(self) -> float:
        """At the default threshold."""
        return 1.0 - self.error

    @property
    def lift_top_group(self) -> float:
        """The lift of the best-scored group, NaN without the table."""
        return float(self.gains_lift.array("lift")[0]) if self.gains_lift is not None else math.nan

    def confusion_matrix_at(self, threshold: float) -> ConfusionMatrix | None:
        """The matrix when rows scored at or above the threshold are positive; None of no rows.

        Exact if the threshold is one of the table's or all scores are in it (at most 400 distinct ones); else that of
        the next threshold above.
        """
        table = self.thresholds_and_metric_scores
        if table is None or not len(table):
            return None
        counts = {name: table.array(name) for name in ("tns", "fns", "fps", "tps")}
        row = int((table.array("threshold") >= threshold).sum()) - 1
        if row < 0:  # above every score: nothing is positive
            positives, negatives = counts["tps"][0] + counts["fns"][0], counts["fps"][0] + counts["tns"][0]
            return ConfusionMatrix(self.domain, np.array([[negatives, 0.0], [positives, 0.0]]))
        tn, fn, fp, tp = (float(counts[name][row]) for name in ("tns", "fns", "fps", "tps"))
        return ConfusionMatrix(self.domain, np.array([[tn, fp], [fn, tp]]))


def _matrix_at(curve: RankingCurve, threshold: float, domain: Sequence[str]) -> ConfusionMatrix:
    below = np.nextafter(np.array([-threshold]), np.inf)
    row = int(curve.places(lambda thresholds, *_: -thresholds, below)[0]) - 1
    tp, fp = curve.at([row])[1:3, 0].tolist() if row >= 0 else (0.0, 0.0)
    return ConfusionMatrix(tuple(domain), np.array([[curve.negatives - fp, fp], [curve.positives - tp, tp]]))


@dataclass(frozen=True)
class _Ranked:
    """Rows that count, in short: how many, how many they stand for, their mean costs (NaN of no rows) and their curve."""

    rows: int
    represented: float
    mse: float
    log_loss: float
    curve: RankingCurve

    @classmethod
    def of(cls, actual: npt.NDArray[Any], p: Floats, weights: Any) -> _Ranked:
        """Of class codes [n] (NaN or negative where missing), probabilities [n] of class 1 and weights [n] or None."""
        if weights is None and len(p) and len(actual) == len(p):  # nearly always all rows count, once each
            found = _native.class_costs_and_keys(
                np.ascontiguousarray(actual), np.ascontiguousarray(p), SMALLEST_PROBABILITY
            )
            if found is not None:
                squares, logs, keys = found
                return cls(len(p), float(len(p)), squares / len(p), logs / len(p), RankingCurve.of_keys(keys))
        truth, p, mass = counted_rows(missing_codes_as_nan(actual), p, weights)
        positive = truth == 1
        if np.count_nonzero(positive) + np.count_nonzero(truth == 0) < len(truth):
            known = as_codes(truth) <= 1
            positive, p, mass = positive[known], p[known], None if mass is None else mass[known]
        if len(p) and not (p.min() >= 0 and p.max() <= 1):
            raise InvalidArgument(f"Probabilities must be between 0 and 1. Got values from {p.min()} to {p.max()}.")
        costs = _mean_costs(positive, p, mass)
        return cls(len(p), represented_rows(mass, len(p)), *costs, RankingCurve.of(positive, p, mass))


def _as_stored(codes: Any) -> npt.NDArray[Any]:
    """Class codes [n] as floats, or as the bytes that they are already."""
    if isinstance(codes, np.ndarray) and codes.dtype == np.uint8 and codes.ndim == 1:
        return codes
    return as_floats("actual classes", codes)


def _mean_costs(positive: Booleans, p: Floats, weights: Floats | None) -> tuple[float, float]:
    """Mean squared error and log loss of the probabilities [n] of the second class; NaN of no rows."""
    if not len(p):
        return math.nan, math.nan
    squares, logs = _native.class_costs(
        positive.view(np.uint8),
        np.ascontiguousarray(p),
        None if weights is None else np.ascontiguousarray(weights),
        SMALLEST_PROBABILITY,
    )
    mass = len(p) if weights is None else float(weights.sum())
    return squares / mass, logs / mass


def _r_squared(mse: float, curve: RankingCurve) -> float:
    """`rows.r_squared` of the classes as numbers, whose variance follows from their weights."""
    if not len(curve):
        return math.nan
    share = curve.positives / (curve.positives + curve.negatives)
    variance = share * (1.0 - share)
    if variance == 0.0:
        return math.nan if mse == 0.0 else -math.inf
    return 1.0 - mse / variance


def binomial_metrics(
    actual_codes: Any,
    p1: Any,
    weights: Any = None,
    domain: Sequence[str] | None = None,
    gainslift_bins: int = -1,
    *,
    max_thresholds: int = MAX_THRESHOLDS,
    loglikelihood: float = math.nan,
    aic: float = math.nan,
    description: str | None = None,
) -> BinomialMetrics:
    """Metrics of the probability [n] of class 1 against the actual classes [n], codes into `domain` (0 and 1).

    Rows whose class, probability or weight is missing, whose weight is 0 or whose class is neither 0 nor 1 (a level
    unseen in training) do not count. With one class only, AUC and what needs both classes are NaN; without positives
    the default threshold is 0.5. `gainslift_bins`: groups of the gains/lift table, -1 for 16 uneven ones, 0 for none.
    """
    names = tuple(domain) if domain is not None else ("0", "1")
    if len(names) != 2:
        raise InvalidArgument(f"Binomial metrics need a domain of two classes. Got {list(names)}.")
    ranked = _Ranked.of(_as_stored(actual_codes), as_floats("predictions", p1), weights)
    curve = ranked.curve
    table = maxima = matrix = None
    threshold = _FALLBACK_THRESHOLD
    if len(curve):
        table = threshold_table(curve, max_thresholds)
        maxima = maxima_table(table)
        best = float(maxima.array("threshold")[0])
        threshold = _FALLBACK_THRESHOLD if math.isnan(best) else best
        matrix = _matrix_at(curve, threshold, names)
    return BinomialMetrics(
        nobs=ranked.rows,
        mse=ranked.mse,
        domain=names,
        r2=_r_squared(ranked.mse, curve),
        log_loss=ranked.log_loss,
        auc=curve.auc,
        pr_auc=curve.pr_auc,
        gini=2 * curve.auc - 1,
        kolmogorov_smirnov=curve.kolmogorov_smirnov,
        default_threshold=threshold,
        error=matrix.error if matrix else math.nan,
        mean_per_class_error=matrix.mean_per_class_error if matrix else math.nan,
        confusion_matrix=matrix,
        thresholds_and_metric_scores=table,
        max_criteria_and_metric_scores=maxima,
        gains_lift=gains_lift_table(curve, gainslift_bins, ranked.represented),
        loglikelihood=loglikelihood,
        aic=aic,
        description=description,
    )
