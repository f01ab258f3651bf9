"""Metrics of classification into more than two classes."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, ClassVar, Final

import numpy as np

from artesian.core.errors import InvalidArgument
from artesian.learn.base.table import Table, TableColumn
from artesian.learn.metrics.base import Metrics
from artesian.learn.metrics.binomial import SMALLEST_PROBABILITY
from artesian.learn.metrics.confusion import ConfusionMatrix, class_errors
from artesian.learn.metrics.multinomial_auc import check_auc_type, multinomial_auc
from artesian.learn.metrics.rows import (
    Codes,
    Floats,
    as_codes,
    counted_rows,
    missing_codes_as_nan,
    r_squared,
    total_weight,
    weighted_mean,
)

MAX_HIT_RATIOS: Final = 10
MAX_CONFUSION_CLASSES: Final = 1000
"""Above this many classes there is no confusion matrix: it would outgrow the model."""
_BLOCK_CELLS: Final = 1 << 22
"""Probabilities that are ranked at once, to bound the memory of intermediate arrays (32 MB)."""


@dataclass(frozen=True, kw_only=True)
class MultinomialMetrics(Metrics):
    """`mse` is the mean of (1 - probability of the actual class)², `r2` relates it to the variance of the class codes
    (H2O's definition, which depends on the order of the classes).

    The confusion matrix and the errors from it count rows, not weights, as H2O's do; the rest is weighted.
    `hit_ratios[k]` is the share of rows whose class is among the k + 1 most probable.
    """

    kind: ClassVar[str] = "multinomial"

    domain: tuple[str, ...]
    r2: float
    log_loss: float
    error: float
    mean_per_class_error: float
    confusion_matrix: ConfusionMatrix | None
    hit_ratios: tuple[float, ...]
    auc: float = math.nan
    pr_auc: float = math.nan
    auc_table: Table | None = None
    pr_auc_table: Table | None = None
    max_confusion_matrix_size: int = 20
    loglikelihood: float = math.nan
    aic: float = math.nan
    residual_deviance: float = math.nan
    null_deviance: float = math.nan
    null_degrees_of_freedom: int | None = None
    residual_degrees_of_freedom: int | None = None

    @property
    def accuracy(self) -> float:
        return 1.0 - self.error

    @property
    def hit_ratio_table(self) -> Table:
        top = range(1, len(self.hit_ratios) + 1)
        columns = [
            (TableColumn("k", "string", "%s", "K"), top),
            (TableColumn("hit_ratio", "float", "%f", "Hit Ratio"), self.hit_ratios),
        ]
        return Table.build(f"Top-{len(self.hit_ratios)} Hit Ratios", "", columns)

    @property
    def printed_confusion_matrix(self) -> str:
        """For logs: the matrix as text, or a line instead if it has more than `max_confusion_matrix_size` classes."""
        if self.confusion_matrix is None or len(self.domain) > self.max_confusion_matrix_size:
            return f"(confusion matrix of {len(self.domain)} classes not printed)"
        return repr(self.confusion_matrix)


def ranks_of_actual(codes: Codes, probabilities: Floats) -> Codes:
    """How many classes are preferred to the actual one: more probable, or as probable and earlier. Shape [n].

    0 is a hit of the predicted class (the first of the most probable). A class without a column ranks last.
    """
    n, k = probabilities.shape
    ranks = np.full(n, k, dtype=np.int64)
    block = max(_BLOCK_CELLS // max(k, 1), 1)
    for start in range(0, n, block):
        rows = np.flatnonzero(codes[start : start + block] < k)
        p, actual = probabilities[start : start + block][rows], codes[start : start + block][rows]
        mine = p[np.arange(len(rows)), actual][:, None]
        earlier = np.arange(k)[None, :] < actual[:, None]
        ranks[start + rows] = ((p > mine) | ((p == mine) & earlier)).sum(axis=1)
    return ranks


def _hit_ratios(ranks: Codes, weights: Floats | None, classes: int) -> tuple[float, ...]:
    size = min(MAX_HIT_RATIOS, classes)
    total = total_weight(len(ranks), weights)
    if not total:
        return (math.nan,) * size
    hits = np.bincount(np.minimum(ranks, size), weights, minlength=size + 1)[:size]
    return tuple((np.cumsum(hits) / total).tolist())


def _class_errors(
    codes: Codes, predicted: Codes, domain: tuple[str, ...]
) -> tuple[ConfusionMatrix | None, float, float]:
    """The matrix (None if too large), the error and the mean error over the classes, by counts of rows."""
    if not len(codes):
        empty = np.zeros((len(domain), len(domain))) if len(domain) <= MAX_CONFUSION_CLASSES else None
        return None if empty is None else ConfusionMatrix(domain, empty), math.nan, math.nan
    if len(domain) <= MAX_CONFUSION_CLASSES:
        matrix = ConfusionMatrix.of(codes, predicted, domain)
        return matrix, matrix.error, matrix.mean_per_class_error
    right = codes == predicted
    actual = np.bincount(codes, minlength=len(domain)).astype(np.float64)
    correct = np.bincount(codes[right], minlength=len(domain)).astype(np.float64)
    return None, float(1.0 - right.mean()), float(class_errors(actual, correct).mean())


def multinomial_metrics(
    actual_codes: Any,
    probabilities: Any,
    weights: Any = None,
    domain: Sequence[str] | None = None,
    auc_type: str = "auto",
    max_confusion_matrix_size: int = 20,
    *,
    loglikelihood: float = math.nan,
    aic: float = math.nan,
    description: str | None = None,
) -> MultinomialMetrics:
    """Metrics of class probabilities [n, k] against actual classes [n], codes into `domain`.

    The domain may be longer than k: classes unseen in training, which have probability 0. The predicted class is the
    first of the most probable. Rows whose class, weight or any probability is missing, or whose weight is 0, do not
    count. AUC only if `auc_type` asks for it (macro_ovr, weighted_ovr, macro_ovo, weighted_ovo).
    """
    check_auc_type(auc_type)
    truth, p, w = counted_rows(missing_codes_as_nan(actual_codes), probabilities, weights, columns=2)
    names = tuple(str(name) for name in domain) if domain is not None else tuple(map(str, range(p.shape[1])))
    codes = as_codes(truth)
    if not 2 <= p.shape[1] <= len(names):
        raise InvalidArgument(f"{p.shape[1]} columns of probabilities do not fit a domain of {len(names)} classes.")
    if len(codes) and codes.max() >= len(names):
        raise InvalidArgument(f"Class code {codes.max()} is outside of the domain of {len(names)} classes.")
    if len(p) and not (p.min() >= 0 and p.max() <= 1):
        raise InvalidArgument(f"Probabilities must be between 0 and 1. Got values from {p.min()} to {p.max()}.")
    known = codes < p.shape[1]
    p_actual = np.where(known, p[np.arange(len(p)), np.where(known, codes, 0)], 0.0)
    mse = weighted_mean((1.0 - p_actual) ** 2, w)
    predicted = p.argmax(axis=1).astype(np.int64) if len(p) else codes
    matrix, error, mean_error = _class_errors(codes, predicted, names)
    areas = multinomial_auc(codes, p, w, names, auc_type)
    return MultinomialMetrics(
        nobs=len(p),
        mse=mse,
        domain=names,
        r2=r_squared(mse, codes.astype(np.float64), w),
        log_loss=weighted_mean(-np.log(np.maximum(p_actual, SMALLEST_PROBABILITY)), w),
        error=error,
        mean_per_class_error=mean_error,
        confusion_matrix=matrix,
        hit_ratios=_hit_ratios(ranks_of_actual(codes, p), w, p.shape[1]),
        auc=areas.auc,
        pr_auc=areas.pr_auc,
        auc_table=areas.auc_table,
        pr_auc_table=areas.pr_auc_table,
        max_confusion_matrix_size=max_confusion_matrix_size,
        loglikelihood=loglikelihood,
        aic=aic,
        description=description,
    )
