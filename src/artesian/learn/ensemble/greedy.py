"""Weights of predictions by greedy forward selection: each draw adds the column that improves the mean most.

Caruana, Niculescu-Mizil, Crew, Ksikes: Ensemble Selection from Libraries of Models (ICML 2004), with replacement, starting
from the single best column; of all the means on the way the best one is kept, so that none is worse than that column on the
rows of training.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, ClassVar, Self

import numpy as np
import polars as pl
from numpy.typing import NDArray

from artesian.frame import Frame
from artesian.learn.base.details import Category, ModelDetails
from artesian.learn.base.model import Model
from artesian.learn.base.reading import missing_columns, notes_of_missing
from artesian.learn.metrics import Distribution

Floats = NDArray[np.float64]
Loss = Callable[[Floats], float]
"""Of a prediction: amounts [n], probabilities of the second of two classes [n], or of all classes [n, classes]."""
_SMALLEST = 1e-15


class GreedyModel(Model):
    """A weighted mean of columns that are predictions themselves: amounts, probabilities of the second class or of each."""

    algorithm_name: ClassVar[str] = "greedy"

    def __init__(self, details: ModelDetails, columns: list[str], weights: Floats, fallback: Floats) -> None:
        super().__init__(details)
        self.columns, self.weights, self.fallback = columns, weights, fallback

    @property
    def width(self) -> int:
        """Columns of one prediction."""
        return len(self.details.response_domain) if self.details.category is Category.MULTINOMIAL else 1

    def used(self) -> set[str]:
        """The columns that have a weight."""
        return {name for number, name in enumerate(self.columns) if self.weights[number // self.width] > 0}

    def raw(self, frame: Frame, *, threads: int = 1) -> Floats:
        """See `Model.raw`. A missing prediction counts as the mean of that column in training."""
        missing_columns(frame, self.columns)
        mean = np.zeros((frame.n_rows, self.width))
        for number, name in enumerate(self.columns):
            group, place = divmod(number, self.width)
            if self.weights[group] == 0:
                continue
            values = np.full(frame.n_rows, np.nan) if name not in frame else np.asarray(frame[name].floats())
            mean[:, place] += self.weights[group] * np.where(np.isnan(values), self.fallback[number], values)
        if self.details.category is Category.REGRESSION:
            return mean[:, 0]
        if self.details.category is Category.BINOMIAL:
            second = np.clip(mean[:, 0], 0.0, 1.0)
            return np.column_stack([1 - second, second])
        found = np.clip(mean, 0.0, None)
        total = found.sum(axis=1, keepdims=True)
        return np.where(total > 0, found / np.where(total > 0, total, 1.0), 1 / self.width)

    def notes(self, frame: Frame) -> list[str]:
        """Names the columns that the frame lacks."""
        return notes_of_missing(missing_columns(frame, sorted(self.used())))

    def state(self) -> dict[str, Any]:
        """See `Model`."""
        return {"columns": self.columns}

    def arrays(self) -> dict[str, NDArray[Any]]:
        """See `Model`."""
        return {"weights": self.weights, "fallback": self.fallback}

    @classmethod
    def restore(cls, details: ModelDetails, state: Mapping[str, Any], arrays: Mapping[str, NDArray[Any]]) -> Self:
        """See `Model`."""
        return cls(details, list(state["columns"]), arrays["weights"], arrays["fallback"])


# ---- losses ----


def loss_of(metric: str, category: Category, actual: Floats, weights: Floats, distribution: Distribution) -> Loss:
    """The loss that a metric stands for, of rows with actual values (codes of classes) [n] and weights [n]."""
    total = float(weights.sum())
    if category is Category.REGRESSION:
        chosen = {"MSE": Distribution("gaussian"), "MAE": Distribution("laplace")}.get(metric, distribution)
        return lambda p: float((weights * chosen.unit_deviances(actual, p, weights)).sum()) / total
    if metric == "AUC":
        return lambda p: 1 - _auc(actual, p, weights)
    if metric in ("MSE", "MAE"):
        power = 2 if metric == "MSE" else 1
        return lambda p: float((weights * (1 - _own(actual, p)) ** power).sum()) / total
    return lambda p: -float((weights * np.log(np.maximum(_own(actual, p), _SMALLEST))).sum()) / total


def _own(actual: Floats, predicted: Floats) -> Floats:
    """The probability that each row's own class got."""
    if predicted.ndim == 1:
        return np.where(actual == 1, predicted, 1 - predicted)
    return np.asarray(predicted[np.arange(len(actual)), actual.astype(np.intp)])


def _auc(actual: Floats, predicted: Floats, weights: Floats) -> float:
    """The share of pairs of both classes that are in order, ties by half (Mann-Whitney), with weights of rows."""
    values, place = np.unique(predicted, return_inverse=True)
    positive = np.bincount(place, weights * (actual == 1), len(values))
    negative = np.bincount(place, weights * (actual == 0), len(values))
    pairs = float(positive.sum() * negative.sum())
    below = np.cumsum(negative) - negative
    return float((positive * (below + negative / 2)).sum()) / pairs if pairs else 0.5


# ---- selection ----


def select(predictions: list[Floats], loss: Loss, draws: int, check: Callable[[], bool]) -> tuple[Floats, list[float]]:
    """Weights [columns] that sum to 1, and the loss after each draw.

    `check` is asked before every draw but the first, and True ends the selection with the best so far.
    """
    first = [loss(column) for column in predictions]
    start = int(np.nanargmin(first)) if not np.isnan(first).all() else 0
    counts = np.zeros(len(predictions))
    counts[start] = 1
    total = predictions[start].copy()
    best, history = counts.copy(), [first[start]]
    while counts.sum() < draws and not check():
        drawn = counts.sum() + 1
        losses = [loss((total + column) / drawn) for column in predictions]
        if np.isnan(losses).all():
            break
        chosen = int(np.nanargmin(losses))
        counts[chosen] += 1
        total += predictions[chosen]
        if losses[chosen] < min(history):
            best = counts.copy()
        history.append(losses[chosen])
    return best / best.sum(), history


def sampled(rows: int, most: int, seed: int) -> pl.Series | None:
    """The rows to compare by, None for all."""
    if most == 0 or rows <= most:
        return None
    random = np.random.default_rng([seed & (2**64 - 1), 0x6EED])
    return pl.Series(np.sort(random.choice(rows, most, replace=False)))
