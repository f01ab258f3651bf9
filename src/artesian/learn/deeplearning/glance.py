"""The stopping metric alone, at a fraction of a scoring's price: to find the best network between scorings.

The last updates of an online training are noisy, and on a small table the end of an iteration can be a third better or
worse than the one before, while scorings (with their tables and histories) are seconds apart. A glance costs one forward pass.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from artesian.learn.base.scoring import Scorer
from artesian.learn.deeplearning.model import DeepLearningModel, mean_errors
from artesian.learn.deeplearning.scored import ScoredRows
from artesian.learn.metrics.binomial import SMALLEST_PROBABILITY

Floats = NDArray[np.float64]
Measure = Callable[[Scorer, Floats, Floats, Floats | None], float]


def _mean(values: Floats, weights: Floats | None) -> float:
    return float(values.mean()) if weights is None else float(values @ weights / weights.sum())


def _log_loss(scorer: Scorer, actual: Floats, raw: Floats, weights: Floats | None) -> float:
    codes = actual.astype(np.int64)
    own = raw[np.arange(len(raw)), codes]
    return _mean(-np.log(np.maximum(own, SMALLEST_PROBABILITY)), weights)


def _deviance(scorer: Scorer, actual: Floats, raw: Floats, weights: Floats | None) -> float:
    return _mean(scorer.distribution.unit_deviances(actual, raw, weights), weights)


def _mse(scorer: Scorer, actual: Floats, raw: Floats, weights: Floats | None) -> float:
    if raw.ndim == 2:
        actual, raw = np.ones(len(raw)), raw[np.arange(len(raw)), actual.astype(np.int64)]
    return _mean((actual - raw) ** 2, weights)


def _rmse(scorer: Scorer, actual: Floats, raw: Floats, weights: Floats | None) -> float:
    return float(np.sqrt(_mse(scorer, actual, raw, weights)))


def _mae(scorer: Scorer, actual: Floats, raw: Floats, weights: Floats | None) -> float:
    return _mean(np.abs(actual - raw), weights)


MEASURES: dict[str, Measure] = {"logloss": _log_loss, "deviance": _deviance, "mse": _mse, "rmse": _rmse, "mae": _mae}
"""The stopping metrics that a glance can tell; equal to those of the metrics objects where all rows count."""


def can_glance(metric: str, rows: ScoredRows, n_classes: int) -> bool:
    """Whether a glance tells the metric: known, and no row without a response, a weight, or with an unseen class."""
    if metric not in MEASURES:
        return False
    if rows.actual is None:
        return metric in ("mse", "rmse")
    if rows.weights is not None and not (rows.weights > 0).all():
        return False
    fits = not np.isnan(rows.actual).any()
    return bool(fits and len(rows.actual) and (not n_classes or rows.actual.max() < n_classes))


def glance(metric: str, rows: ScoredRows, model: DeepLearningModel, scorer: Scorer, threads: int) -> float:
    """The stopping metric of the network as it stands."""
    outputs = model.network.forward(rows.rows, rows.order, offsets=rows.offsets, threads=threads)
    if rows.actual is None:
        errors = _mean(mean_errors(rows.rows.to_dense(rows.order), outputs), rows.weights)
        return errors if metric == "mse" else float(np.sqrt(errors))
    return MEASURES[metric](scorer, rows.actual, model.outputs_to_raw(outputs), rows.weights)
