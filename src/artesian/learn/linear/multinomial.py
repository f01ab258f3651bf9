"""Families of several classes: softmax of one linear predictor a class, and ordered classes with one for all.

Multinomial: log-odds of every class are linear (each class has its coefficients; only their differences are determined
without a penalty). Ordinal: P(class ≤ j) = logistic(threshold j + x·b), the proportional-odds model (McCullagh 1980).
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

import numpy as np
from numpy.typing import NDArray

from artesian.learn.linear.families import logistic
from artesian.learn.linear.fitting import Evaluation
from artesian.learn.linear.rows import Rows, block_gram, block_linear, block_sums, symmetric

Floats = NDArray[np.float64]
SMALLEST: Final = 1e-300
SHIFT_CURVATURE: Final = 1e-6


class Multinomial:
    """The mean half deviance of `classes` classes; coefficients [classes · (width + 1)], class by class, intercept last in each."""

    is_quadratic = False

    def __init__(self, rows: Rows, classes: int, per_row: float, check: Callable[[], None], intercept: bool) -> None:
        self.rows, self.classes, self.per_row, self.check, self.intercept = rows, classes, per_row, check, intercept
        self.each = rows.terms.width + 1
        self.size = classes * self.each

    def evaluate(self, beta: Floats, *, hessian: bool) -> Evaluation:
        """See `Objective`."""
        layout, k = self.rows.layout, self.classes
        full = layout.full(beta.reshape(k, self.each).T)
        sums = np.zeros((layout.size, k))
        grams = np.zeros((k, k, layout.size, layout.size)) if hessian else None
        value = 0.0
        for place, block in self.rows.blocks():
            self.check()
            p, costs = softmax(block_linear(layout, block, full), self.rows.actual[place].astype(np.int64))
            w = None if self.rows.weights is None else self.rows.weights[place]
            value += float(costs.sum() if w is None else w @ costs)
            residual = -p
            residual[np.arange(len(p)), self.rows.actual[place].astype(np.int64)] += 1.0
            for c in range(k):
                block_sums(layout, block, residual[:, c] if w is None else residual[:, c] * w, sums[:, c])
                for d in range(c + 1, k if grams is not None else 0):
                    curvature = p[:, c] * p[:, d]
                    block_gram(layout, block, curvature if w is None else curvature * w, grams[c, d])  # type: ignore[index]
        gradient = -self.per_row * layout.reduced(sums)
        if not self.intercept:
            gradient[-1] = 0.0
        return Evaluation(
            value * self.per_row, gradient.T.ravel(), None if grams is None else self.per_row * self._joined(grams)
        )

    def _joined(self, grams: Floats) -> Floats:
        """All pairs of classes; a class with itself is minus the sum of those with others, since probabilities add up to 1."""
        layout, n = self.rows.layout, self.each
        out = np.zeros((self.size, self.size))
        for c in range(self.classes):
            for d in range(c + 1, self.classes):
                part = layout.reduced_gram(symmetric(layout, grams[c, d]))
                if not self.intercept:
                    part[-1, :] = part[:, -1] = 0.0
                one, other = slice(c * n, (c + 1) * n), slice(d * n, (d + 1) * n)
                out[one, other] -= part
                out[other, one] -= part
                out[one, one] += part
                out[other, other] += part
        return self._with_shifts(out)

    def _with_shifts(self, matrix: Floats) -> Floats:
        """Adds curvature along what changes no probability: the same amount on a coefficient of every class.

        There is no slope in these directions but the penalty's, so that steps without one do not go there; the equations
        become solvable.
        """
        n, k = self.each, self.classes
        own = np.diag(matrix).reshape(k, n).mean(axis=0)
        for j in range(n):
            places = j + n * np.arange(k)
            matrix[np.ix_(places, places)] += own[j] * (1.0 if j == n - 1 else SHIFT_CURVATURE)
        return matrix


def softmax(linear: Floats, actual: NDArray[np.int64] | None = None) -> tuple[Floats, Floats]:
    """Probabilities [n, k] of linear predictors [n, k], and minus the logarithm of those of the actual classes [n]."""
    shifted = linear - linear.max(axis=1, keepdims=True)
    p = np.exp(shifted)
    total = p.sum(axis=1, keepdims=True)
    p /= total
    if actual is None:
        return p, np.zeros(0)
    return p, np.log(total[:, 0]) - shifted[np.arange(len(p)), actual]


class Ordinal:
    """The mean half deviance of ordered classes; coefficients [width], then the thresholds [classes - 1]."""

    is_quadratic = False

    def __init__(self, rows: Rows, classes: int, per_row: float, check: Callable[[], None]) -> None:
        self.rows, self.classes, self.per_row, self.check = rows, classes, per_row, check
        self.width = rows.terms.width
        self.size = self.width + classes - 1

    def evaluate(self, beta: Floats, *, hessian: bool) -> Evaluation:
        """See `Objective`; infinite where thresholds do not ascend."""
        p, thresholds = self.width, beta[self.width :]
        layout = self.rows.layout
        gradient = np.zeros(self.size)
        matrix = np.zeros((self.size, self.size)) if hessian else None
        if (np.diff(thresholds) <= 0).any():
            return Evaluation(np.inf, gradient, None)
        full = layout.full(np.append(beta[:p], 0.0))
        sums = np.zeros(layout.size)
        mixed = np.zeros((layout.size, self.classes - 1))
        gram = np.zeros((layout.size, layout.size)) if hessian else None
        value = 0.0
        for place, block in self.rows.blocks():
            self.check()
            actual = self.rows.actual[place].astype(np.int64)
            w = np.ones(len(actual)) if self.rows.weights is None else self.rows.weights[place]
            part = _OrdinalPart(block_linear(layout, block, full), thresholds, actual, w)
            value += part.cost
            block_sums(layout, block, part.score, sums)
            gradient[p:] += part.threshold_score
            if gram is not None and matrix is not None:
                block_gram(layout, block, part.curvature, gram)
                for j in range(self.classes - 1):
                    block_sums(layout, block, part.mixed(j), mixed[:, j])
                matrix[p:, p:] += part.threshold_curvature()
        gradient[:p] = layout.reduced(sums)[:-1]
        if gram is not None and matrix is not None:
            matrix[:p, :p] = layout.reduced_gram(symmetric(layout, gram))[:-1, :-1]
            matrix[:p, p:] = layout.reduced(mixed)[:-1]
            matrix[p:, :p] = matrix[:p, p:].T
            matrix *= self.per_row
        return Evaluation(value * self.per_row, -self.per_row * gradient, matrix)


class _OrdinalPart:
    """Of some rows: F and f are the logistic distribution and density at the thresholds around the actual class."""

    def __init__(self, linear: Floats, thresholds: Floats, actual: NDArray[np.int64], weights: Floats) -> None:
        k = len(thresholds) + 1
        self.k, self.actual, self.w = k, actual, weights
        ends = np.concatenate([[-np.inf], thresholds, [np.inf]])
        upper, lower = ends[actual + 1] + linear, ends[actual] + linear
        self.f_upper, self.f_lower = _distribution(upper), _distribution(lower)
        self.d_upper, self.d_lower = self.f_upper * (1 - self.f_upper), self.f_lower * (1 - self.f_lower)
        # of high classes 1 - F is what keeps its digits
        far = lower > 0
        self.share = np.maximum(
            np.where(far, _distribution(-lower) - _distribution(-upper), self.f_upper - self.f_lower), SMALLEST
        )
        self.cost = float(-(weights @ np.log(self.share)))
        self.score = weights * (1 - self.f_upper - self.f_lower)
        self.curvature = weights * (self.d_upper + self.d_lower)
        up, low = weights * self.d_upper / self.share, weights * self.d_lower / self.share
        self.threshold_score = np.bincount(actual, up, minlength=k)[: k - 1] - np.bincount(actual, low, minlength=k)[1:]

    def mixed(self, j: int) -> Floats:
        """Curvature by the linear predictor and threshold j of each row."""
        around = np.where(self.actual == j, self.d_upper, 0.0) + np.where(self.actual == j + 1, self.d_lower, 0.0)
        return np.asarray(self.w * around)

    def threshold_curvature(self) -> Floats:
        """By pairs of thresholds [k - 1, k - 1]."""
        k, out = self.k, np.zeros((self.k - 1, self.k - 1))
        up, low = self.d_upper / self.share, self.d_lower / self.share
        own_up = up * up - up * (1 - 2 * self.f_upper)
        own_low = low * low + low * (1 - 2 * self.f_lower)
        own = np.bincount(self.actual, self.w * own_up, minlength=k)[: k - 1]
        own = own + np.bincount(self.actual, self.w * own_low, minlength=k)[1:]
        out[np.diag_indices(k - 1)] = own
        beside = -np.bincount(self.actual, self.w * up * low, minlength=k)[1 : k - 1]
        for j, value in enumerate(beside):
            out[j, j + 1] = out[j + 1, j] = value
        return out


def _distribution(values: Floats) -> Floats:
    return logistic(np.clip(values, -700.0, 700.0))


def ordinal_probabilities(linear: Floats, thresholds: Floats) -> Floats:
    """Probabilities [n, classes] of linear predictors [n] without the thresholds [classes - 1]."""
    below = logistic(linear[:, None] + thresholds[None, :])
    edges = np.concatenate([np.zeros((len(linear), 1)), below, np.ones((len(linear), 1))], axis=1)
    return np.maximum(np.diff(edges, axis=1), 0.0)
