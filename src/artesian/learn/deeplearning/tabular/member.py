"""One network of the ensemble while it trains: its rows, its weights, Adam's moments, and its best epoch."""

from __future__ import annotations

import math
from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from artesian._native import tabular_adam
from artesian.learn.deeplearning.tabular.inputs import Inputs
from artesian.learn.deeplearning.tabular.model import softmax
from artesian.learn.deeplearning.tabular.network import INITIAL_ROWS, TabularNetwork
from artesian.learn.deeplearning.tabular.recipe import Recipe, flat_cosine, learning_rate_factor
from artesian.learn.deeplearning.tabular.rows import HeldOut

Singles = NDArray[np.float32]
Rows = NDArray[np.int64]
_BETA1 = 0.9
_BETA2 = 0.95


class Targets:
    """What the outputs aim at: class codes or standardised amounts [n], and the weight of each row (mean 1) or None."""

    def __init__(self, values: NDArray[np.int64] | Singles, weights: Singles | None, smoothing: float) -> None:
        self.values, self.weights, self.smoothing = values, weights, smoothing

    def slopes(self, outputs: Singles, rows: Rows) -> Singles:
        """Slopes of the mean loss at the outputs [rows, outputs]: of the squares, or of the cross-entropy."""
        values = self.values[rows]
        if values.dtype == np.float32:
            slopes = 2.0 * (outputs - values[:, None])
        else:
            slopes = softmax(outputs)
            if self.smoothing:
                slopes -= np.float32(self.smoothing / slopes.shape[1])
            slopes[np.arange(len(rows)), values] -= np.float32(1.0 - self.smoothing)
        if self.weights is not None:
            slopes *= self.weights[rows][:, None]
        slopes *= np.float32(1.0 / len(rows))
        return np.asarray(slopes, dtype=np.float32)


class Member:
    """`rows` it learns from, `compared` those on which its epochs are compared, if any; `random` draws its start, the order of rows, and dropout.

    It has buffers of its own, so that members train in threads side by side.
    """

    def __init__(
        self,
        network: TabularNetwork,
        inputs: Inputs,
        rows: Rows,
        compared: HeldOut | None,
        random: np.random.Generator,
    ) -> None:
        self.network, self.rows, self.compared, self._random = network.twin(), rows, compared, random
        self.weights: Singles = np.empty(network.n_weights, dtype=np.float32)
        self.views = network.views(self.weights)
        shuffled = random.permutation(rows)
        network.initialise(self.weights, inputs.rows(shuffled[:INITIAL_ROWS]), random)
        self._gradient: Singles = np.zeros(network.n_weights, dtype=np.float32)
        self._gradient_views = network.views(self._gradient)
        self._first: Singles = np.zeros(network.n_weights, dtype=np.float32)
        self._second: Singles = np.zeros(network.n_weights, dtype=np.float32)
        self._rate_factors, self._decay_factors = network.factors()
        self.updates = 0
        self.best: Singles | None = None
        self.best_value = math.nan
        self.best_epoch = 0

    def train_epoch(
        self,
        inputs: Inputs,
        targets: Targets,
        recipe: Recipe,
        shares: tuple[float, float],
        may_go_on: Callable[[], bool],
    ) -> int:
        """One pass in random order while the training goes from one share to another; how many rows it took.

        Rows that do not fill a batch wait for another epoch, as their noisy mean would count as much as a full one.
        """
        order = self._random.permutation(self.rows)
        size = min(recipe.batch, len(order))
        batches = len(order) // size
        for batch in range(batches):
            if not may_go_on():
                return batch * size
            share = shares[0] + (shares[1] - shares[0]) * batch / batches
            self._step(inputs, targets, recipe, order[batch * size : (batch + 1) * size], share)
        return batches * size

    def _step(self, inputs: Inputs, targets: Targets, recipe: Recipe, rows: Rows, share: float) -> None:
        seed = int(self._random.integers(0, 1 << 32))
        dropout = recipe.dropout * flat_cosine(share)
        some = inputs.rows(rows)
        outputs = self.network.forward(self.views, some, seed=seed, dropout=dropout)
        slopes = targets.slopes(outputs, rows)
        self.network.backward(self.views, self._gradient_views, some, slopes, seed=seed, dropout=dropout)
        self.updates += 1
        tabular_adam(
            self.weights,
            self._gradient,
            self._first,
            self._second,
            self._rate_factors,
            self._decay_factors,
            rate=recipe.rate * learning_rate_factor(share),
            decay=recipe.weight_decay * flat_cosine(share),
            beta1=_BETA1,
            beta2=_BETA2,
            correction1=1.0 / (1.0 - _BETA1**self.updates),
            correction2=1.0 / (1.0 - _BETA2**self.updates),
        )

    def remember(self, value: float, epoch: int) -> None:
        """Keeps the weights as they are as the best so far."""
        if self.best is None:
            self.best = np.empty_like(self.weights)
        self.best[:] = self.weights
        self.best_value, self.best_epoch = value, epoch

    @property
    def result(self) -> Singles:
        """The weights of the best epoch; those of the last update where none was remembered."""
        return self.weights if self.best is None else self.best
