"""The rows that are scored while a network trains: a sample of the training rows, or of the validation frame."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from artesian._native import InputRows
from artesian.learn.base.scoring import Scorer
from artesian.learn.deeplearning.model import DeepLearningModel, mean_errors
from artesian.learn.metrics import Metrics

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class ScoredRows:
    """`order` are rows of `rows`; `actual` and `weights` run along with `order`, `offsets` [all rows] with `rows`."""

    rows: InputRows
    order: NDArray[np.int64]
    actual: Floats | None
    weights: Floats | None
    offsets: NDArray[np.float32] | None
    description: str
    frame_key: str | None

    def measure(self, model: DeepLearningModel, scorer: Scorer, threads: int) -> tuple[Metrics, Floats]:
        """Metrics and raw predictions (row errors of an autoencoder) of these rows."""
        outputs = model.network.forward(self.rows, self.order, offsets=self.offsets, threads=threads)
        if self.actual is None:
            raw = mean_errors(self.rows.to_dense(self.order), outputs)
            metrics = scorer.of_errors(raw, self.weights)
        else:
            raw = model.outputs_to_raw(outputs)
            metrics = scorer.of_arrays(self.actual, raw, self.weights)
        return metrics.about(model_id=model.details.key, frame_id=self.frame_key, description=self.description), raw


def described(kind: str, count: int, total: int, *, stratified: bool = False) -> str:
    """How metrics say what they were computed on."""
    if count == total:
        return f"Computed on all {total:,} rows of the {kind} frame"
    how = ", classes equally often" if stratified else ""
    return f"Computed on {count:,} of the {total:,} rows of the {kind} frame, drawn at random{how}"
