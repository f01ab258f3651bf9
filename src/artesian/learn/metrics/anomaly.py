"""Metrics of isolation forests: how anomalous the rows are on average. No response is needed, and none is compared with."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any, ClassVar

import numpy as np

from artesian.learn.metrics.base import Metrics


@dataclass(frozen=True, kw_only=True)
class AnomalyMetrics(Metrics):
    """`mean_score`: the mean length of rows' paths in trees; `mean_normalized_score`: the mean of their anomaly scores.

    There is no squared error of a response: `mse` is NaN.
    """

    kind: ClassVar[str] = "anomaly"

    mean_score: float
    mean_normalized_score: float
    mse: float = math.nan


def anomaly_metrics(lengths: Any, scores: Any, *, description: str | None = None) -> AnomalyMetrics:
    """From the mean path length and the anomaly score of each row [n]; rows without a length (NaN) do not count."""
    length, score = np.asarray(lengths, dtype=np.float64), np.asarray(scores, dtype=np.float64)
    there = ~np.isnan(length)
    count = int(there.sum())
    return AnomalyMetrics(
        nobs=count,
        mean_score=float(length[there].mean()) if count else math.nan,
        mean_normalized_score=float(score[there].mean()) if count else math.nan,
        description=description,
    )
