"""How a training goes between its scorings, for those who look on: a loss of few rows, far cheaper than a scoring.

Nothing of the training depends on it, and none of it is kept with the model. Nobody looks on: nothing is computed.
"""

from __future__ import annotations

import dataclasses
import math

import numpy as np

from artesian.core.clock import monotonic
from artesian.learn.base.algorithm import Fit
from artesian.learn.base.scoring import Scorer
from artesian.learn.deeplearning.glance import can_glance, glance
from artesian.learn.deeplearning.model import DeepLearningModel
from artesian.learn.deeplearning.scored import ScoredRows

INTERVAL_SECS = 1.0
MOST_SHARE = 0.02
"""Of the time, that glimpses may take."""
FEWEST_ROWS, MOST_ROWS = 100, 1_000


def evenly(rows: ScoredRows, most: int) -> ScoredRows:
    """At most so many of the rows, evenly spread."""
    if len(rows.order) <= most:
        return rows
    chosen = np.linspace(0, len(rows.order) - 1, most).astype(np.int64)
    return dataclasses.replace(
        rows,
        order=rows.order[chosen],
        actual=None if rows.actual is None else rows.actual[chosen],
        weights=None if rows.weights is None else rows.weights[chosen],
    )


class Glimpses:
    """Looks of one training at some of its training rows. `metric` is one of `glance.MEASURES`."""

    def __init__(self, fit: Fit, model: DeepLearningModel, scorer: Scorer, training: ScoredRows, metric: str) -> None:
        self._fit, self._model, self._scorer, self._training, self._metric = fit, model, scorer, training, metric
        self._rows: ScoredRows | None = None
        self._tells = can_glance(metric, training, len(model.details.response_domain))
        self._looked = -math.inf
        self._took = 0.0

    @property
    def are_due(self) -> bool:
        """Whether anybody looks on, and has seen nothing for some time."""
        pause = max(INTERVAL_SECS, self._took / MOST_SHARE)
        return self._fit.context.watched and monotonic() - self._looked >= pause

    def look(self, epochs: float, samples: int, seconds: float, speed: float | None, threads: int) -> None:
        """Tells where the training is; with the loss, where the network has a finite one."""
        value = self._value(threads) if self._tells else math.nan
        self._looked = monotonic()
        self._fit.context.glimpse(
            {
                "metric": self._metric if math.isfinite(value) else None,
                "value": value if math.isfinite(value) else None,
                "held_out": False,
                "rows": 0 if self._rows is None else len(self._rows.order),
                "epochs": epochs,
                "samples": samples,
                "seconds": seconds,
                "samples_per_second": speed,
            }
        )

    def _value(self, threads: int) -> float:
        if self._rows is None:
            few = evenly(self._training, FEWEST_ROWS)
            self._loss(few, threads)
            affordable = len(few.order) * MOST_SHARE * INTERVAL_SECS / max(self._took, 1e-6)
            self._rows = evenly(self._training, int(min(max(affordable, FEWEST_ROWS), MOST_ROWS)))
        return self._loss(self._rows, threads)

    def _loss(self, rows: ScoredRows, threads: int) -> float:
        began = monotonic()
        value = glance(self._metric, rows, self._model, self._scorer, threads)
        self._took = monotonic() - began
        return value
