"""What boosting fits: start, residuals and leaf values of each distribution.

The formulas are those of H2O (hex.Distribution and its subclasses, hex.tree.gbm.GBM), which follow Friedman, Greedy Function
Approximation: A Gradient Boosting Machine (1999) and the R package gbm: trees are grown on half the negative gradient of the
deviance, then each leaf takes the constant that fits its rows best (one step of Newton's method where there is no
closed form).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from artesian.learn.metrics.rows import represented_rows, weighted_quantiles
from artesian.learn.trees.links import HIGHEST_LOG, LINKS, LOWEST_LOG, exp, log, logistic

Floats = NDArray[np.float64]
Leaves = NDArray[np.int32]
LOG_LINKS = ("poisson", "gamma", "tweedie")
LOGIT_LINKS = ("bernoulli", "quasibinomial")
_LARGEST_STEP = 1e4
"""A leaf of a distribution with a logarithm or logit never predicts more: its exponential would overflow."""


def softmax(scores: Floats) -> Floats:
    """Shares of exponentials [n, classes]."""
    shifted = np.exp(scores - scores.max(axis=1, keepdims=True))
    return np.asarray(shifted / shifted.sum(axis=1, keepdims=True))


@dataclass(frozen=True)
class Boosted:
    """A distribution with its parameters; arrays run along the rows [n]: response y, weight w, output f (offset included)."""

    name: str
    quantile_alpha: float = 0.5
    tweedie_power: float = 1.5
    huber_alpha: float = 0.9
    link: str = "identity"
    """That of a custom distribution, by its name; the others' follow from theirs."""

    @property
    def fits_quantiles(self) -> bool:
        """Whether leaves are medians or other quantiles."""
        return self.name in ("laplace", "quantile", "huber")

    def inverse_link(self, f: Floats) -> Floats:
        """From the output to the scale of the response; of classes with one tree, the probability of the second."""
        if self.name in LOGIT_LINKS:
            return logistic(f)
        if self.name == "custom":
            return LINKS[self.link].inverse(f)
        return exp(f) if self.name in LOG_LINKS else f

    def start(self, y: Floats, w: Floats, o: Floats | None) -> float:
        """The constant that the first tree adds to."""
        if self.name == "multinomial":
            return 0.0
        if self.fits_quantiles:
            alpha = self.quantile_alpha if self.name == "quantile" else 0.5
            return weighted_quantile(y if o is None else y - o, w, alpha)
        if self.name in LOGIT_LINKS:
            return self._start_of_classes(y, w, o)
        if self.name not in LOG_LINKS:
            return float(((y if o is None else y - o) @ w) / w.sum())
        offset = np.zeros(len(y)) if o is None else o
        if self.name == "poisson":
            above, below = y @ w, exp(offset) @ w
        elif self.name == "gamma":
            above, below = (y * exp(-offset)) @ w, w.sum()
        else:
            p = self.tweedie_power
            above, below = (y * exp(offset * (1 - p))) @ w, exp(offset * (2 - p)) @ w
        return float(log(np.array([above / below]))[0])

    def _start_of_classes(self, y: Floats, w: Floats, o: Floats | None) -> float:
        """The logit of the mean; with offsets one step of Newton's method from 0, as H2O takes it."""
        if o is None:
            mean = float(y @ w / w.sum())
            with np.errstate(divide="ignore"):
                return float(np.clip(np.log(mean / (1 - mean)) if mean < 1 else np.inf, LOWEST_LOG, HIGHEST_LOG))
        p = logistic(o)
        return float((w @ (y - p)) / (w @ (p * (1 - p))))

    def residuals(self, y: Floats, f: Floats, delta: float = np.inf) -> Floats:
        """Half the negative gradient of the deviance; `delta` is where Huber's loss turns linear."""
        match self.name:
            case "bernoulli" | "quasibinomial":
                return y - logistic(f)
            case "poisson":
                return y - exp(f)
            case "gamma":
                return y * exp(-f) - 1
            case "tweedie":
                p = self.tweedie_power
                return y * exp(f * (1 - p)) - exp(f * (2 - p))
            case "laplace":
                return np.where(f > y, -0.5, 0.5)
            case "quantile":
                return np.where(y > f, 0.5 * self.quantile_alpha, 0.5 * (self.quantile_alpha - 1))
            case "huber":
                return np.clip(y - f, -delta, delta)
            case _:
                return y - f

    def response_of_class(self, classes: NDArray[np.int64], label: int) -> Floats:
        """What a tree of one class of several takes as `y`."""
        return np.asarray(classes == label, dtype=np.float64)

    def residuals_of_class(self, classes: NDArray[np.int64], label: int, share: Floats) -> Floats:
        """Half the negative gradient for the output of one class of several; `share` is its probability so far."""
        return np.asarray((classes == label) - share)

    def huber_delta(self, y: Floats, f: Floats, w: Floats) -> float:
        """The huber_alpha quantile of the absolute errors."""
        return weighted_quantile(np.abs(y - f), w, self.huber_alpha)

    def leaf_values(
        self, leaf: Leaves, n_leaves: int, y: Floats, z: Floats, f: Floats, w: Floats, delta: float = np.inf
    ) -> Floats:
        """The best constant of each leaf [n_leaves], from the rows that the tree was grown on; 0 of a leaf without rows.

        `leaf` [n] is the leaf of each row, `z` the residuals. A multinomial tree has the class's indicator as `y`.
        """
        if self.fits_quantiles:
            return self._quantiles_of_leaves(leaf, n_leaves, y - f, w, delta)
        above, below = self._fractions(y, z, f, w)
        upper, lower = np.bincount(leaf, above, n_leaves), np.bincount(leaf, below, n_leaves)
        with np.errstate(divide="ignore", invalid="ignore"):
            values = np.where(lower == 0, 0.0, upper / lower)
        if self.name in LOG_LINKS:
            values = np.where(lower == 0, 0.0, log(values))
        if self.name in (*LOGIT_LINKS, "multinomial"):
            values = np.clip(values, -_LARGEST_STEP, _LARGEST_STEP)
        return self._truncated(values, leaf, n_leaves, f) if self.name in LOG_LINKS else values

    def _fractions(self, y: Floats, z: Floats, f: Floats, w: Floats) -> tuple[Floats, Floats]:
        """What is summed above and below the bar of a leaf's value."""
        match self.name:
            case "bernoulli" | "quasibinomial":
                p = y - z
                return w * z, w * p * (1 - p)
            case "multinomial":
                size = np.abs(z)
                return w * z, w * size * (1 - size)
            case "poisson":
                return w * y, w * (y - z)
            case "gamma":
                return w * (z + 1), w
            case "tweedie":
                power = self.tweedie_power
                return w * y * exp(f * (1 - power)), w * exp(f * (2 - power))
            case _:
                return w * z, w

    def _truncated(self, values: Floats, leaf: Leaves, n_leaves: int, f: Floats) -> Floats:
        """Values that keep the logarithm of the prediction within ±19 for the leaf's rows."""
        highest, lowest = np.zeros(n_leaves), np.zeros(n_leaves)
        if self.name != "poisson":
            highest, lowest = np.full(n_leaves, -np.inf), np.full(n_leaves, np.inf)
            np.maximum.at(highest, leaf, f)
            np.minimum.at(lowest, leaf, f)
            empty = ~np.isfinite(highest)
            highest[empty] = lowest[empty] = 0.0
        return np.maximum(np.minimum(values, HIGHEST_LOG - highest), LOWEST_LOG - lowest)

    def _quantiles_of_leaves(self, leaf: Leaves, n_leaves: int, error: Floats, w: Floats, delta: float) -> Floats:
        alpha = self.quantile_alpha if self.name == "quantile" else 0.5
        values = grouped_quantiles(leaf, n_leaves, error, w, alpha)
        if self.name == "huber":
            # Friedman 1999, algorithm 4: the median, and the mean of what is left, cut off at delta
            rest = np.clip(error - values[leaf], -delta, delta)
            mass = np.bincount(leaf, w, n_leaves)
            mean = np.bincount(leaf, w * rest, n_leaves)
            values = values + np.divide(mean, mass, out=np.zeros(n_leaves), where=mass > 0)
        return values


def weighted_quantile(values: Floats, w: Floats, alpha: float) -> float:
    """One quantile by linear interpolation, a weight counting as copies of its value."""
    order = np.argsort(values, kind="stable")
    mass = w[order]
    return float(weighted_quantiles(values[order], np.array([alpha]), mass, represented_rows(w, len(values)))[0])


def grouped_quantiles(group: Leaves, n_groups: int, values: Floats, w: Floats, alpha: float) -> Floats:
    """The quantile of each group's values [n_groups] as `weighted_quantile` has it; 0 of an empty group."""
    order = np.lexsort((values, group))
    ends = np.cumsum(np.bincount(group, minlength=n_groups))
    result = np.zeros(n_groups)
    sorted_values, sorted_w = values[order], w[order]
    even = bool((w == w[0]).all()) if len(w) else True
    if even and len(w) and w[0] == 1.0:
        return _even_quantiles(sorted_values, ends, alpha)
    starts = np.concatenate([[0], ends[:-1]])
    for index in np.flatnonzero(ends > starts):
        rows = slice(starts[index], ends[index])
        mass = sorted_w[rows]
        result[index] = weighted_quantiles(
            sorted_values[rows], np.array([alpha]), mass, represented_rows(mass, len(mass))
        )[0]
    return result


def _even_quantiles(values: Floats, ends: NDArray[np.int64], alpha: float) -> Floats:
    """Quantiles of runs of ascending values that end at `ends`, all rows counting the same."""
    starts = np.concatenate([[0], ends[:-1]])
    counts = ends - starts
    position = alpha * np.maximum(counts - 1, 0)
    low = np.floor(position).astype(np.int64)
    last = np.maximum(counts - 1, 0)
    first = np.minimum(starts, max(len(values) - 1, 0))
    below = values[np.minimum(first + low, len(values) - 1)]
    above = values[np.minimum(first + np.minimum(low + 1, last), len(values) - 1)]
    return np.where(counts > 0, below + (above - below) * (position - low), 0.0)
