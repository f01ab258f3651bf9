"""Which rows each network of an ensemble learns from and which it is held against, and how its epochs are compared."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from artesian.learn.base.early_stopping import value_of
from artesian.learn.base.scoring import Scorer
from artesian.learn.deeplearning.glance import MEASURES
from artesian.learn.deeplearning.tabular.inputs import Inputs

Floats = NDArray[np.float64]
Rows = NDArray[np.int64]
LEAST_FOLDS = 5
LEAST_ROWS = 20
"""With fewer rows none is held out: the handful would say less about an epoch than its number does."""


@dataclass(frozen=True)
class HeldOut:
    """Rows that epochs are compared on."""

    inputs: Inputs
    actual: Floats
    weights: Floats | None
    domain: tuple[str, ...] | None = None
    """The classes, with those that training does not know behind."""

    def some(self, which: Rows) -> HeldOut:
        """Some of the rows."""
        return HeldOut(
            self.inputs.rows(which), self.actual[which], None if self.weights is None else self.weights[which]
        )

    def usable(self, n_classes: int) -> HeldOut | None:
        """Rows with a response that training knows and a weight above 0; None without any."""
        keep = np.isfinite(self.actual)
        if n_classes:
            keep &= np.where(keep, self.actual, 0) < n_classes
        if self.weights is not None:
            keep &= self.weights > 0
        return self.some(np.flatnonzero(keep)) if keep.any() else None


def deal(actual: Floats, members: int, random: np.random.Generator) -> NDArray[np.int64] | None:
    """The fold of each row, so that each has like shares of the classes (or of small and large amounts); None for few rows."""
    n = len(actual)
    if n < LEAST_ROWS:
        return None
    shuffled = random.permutation(n)
    folds = np.empty(n, dtype=np.int64)
    folds[shuffled[np.argsort(actual[shuffled], kind="stable")]] = np.arange(n) % max(members, LEAST_FOLDS)
    return folds


def measure(metric: str, scorer: Scorer) -> Callable[[HeldOut, Floats], float]:
    """How a stopping metric is computed of raw predictions for held-out rows."""
    quick = MEASURES.get(metric)
    if quick is not None:
        return lambda rows, raw: quick(scorer, rows.actual, raw, rows.weights)
    return lambda rows, raw: value_of(scorer.of_arrays(rows.actual, raw, rows.weights), metric)
