"""Fits coefficients: proximal Newton steps, or L-BFGS where the equations would be too large.

A step minimises the penalised quadratic of gradient and curvature at hand (`quadratic`). The curvature costs some three
times what the gradient does, and hardly changes along a path of penalties: it is kept until the coefficients have moved.
With curvature from a distance d (largest difference of standardised coefficients) a step leaves an error of about d times its
own size, which is what convergence is judged by.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Final, NamedTuple, Protocol

import numpy as np
from numpy.typing import NDArray

from artesian.learn.linear.families import Family
from artesian.learn.linear.quadratic import Penalty, minimize
from artesian.learn.linear.rows import Rows, block_gram, block_linear, block_sums, symmetric

Floats = NDArray[np.float64]
FAR: Final = 0.2
"""Curvature from further away is renewed."""
STALE_STEPS: Final = 4
"""So many steps with the same curvature, and it is renewed."""
MAX_HALVINGS: Final = 30
LEAST_ERROR: Final = 1e-14
"""No smaller error of a coefficient is asked for: rounding would not let a fit get there."""


class Evaluation(NamedTuple):
    """At some coefficients [p]: mean half deviance, its gradient [p] and curvature [p, p] (None if not asked for)."""

    value: float
    gradient: Floats
    hessian: Floats | None


class Objective(Protocol):
    """What is minimised, but for the penalty."""

    @property
    def size(self) -> int:
        """Number of coefficients."""

    @property
    def is_quadratic(self) -> bool:
        """Whether the curvature is the same everywhere."""

    def evaluate(self, beta: Floats, *, hessian: bool) -> Evaluation:
        """At the coefficients [size]."""


class OneResponse:
    """The mean half deviance of a family with one linear predictor; `per_row` is what a row of weight 1 counts (1/Σ weights)."""

    def __init__(self, rows: Rows, family: Family, per_row: float, check: Callable[[], None], intercept: bool) -> None:
        self.rows, self.family, self.per_row, self.check, self.intercept = rows, family, per_row, check, intercept
        self.size = rows.terms.width + 1
        self.is_quadratic = family.is_least_squares
        self._normal: tuple[Floats, Floats, float] | None = None

    def evaluate(self, beta: Floats, *, hessian: bool) -> Evaluation:
        """See `Objective`."""
        if self.is_quadratic:
            gram, linear, square = self._normal_equations()
            product = gram @ beta
            value = 0.5 * float(beta @ product) - float(linear @ beta) + 0.5 * square
            return Evaluation(max(value, 0.0), product - linear, gram)
        return self._pass(beta, hessian)

    def _pass(self, beta: Floats, hessian: bool) -> Evaluation:
        rows, layout = self.rows, self.rows.layout
        full = layout.full(beta)
        sums = np.zeros(layout.size)
        gram = np.zeros((layout.size, layout.size)) if hessian else None
        value = 0.0
        for place, block in rows.blocks():
            self.check()
            linear = block_linear(layout, block, full)
            if rows.offsets is not None:
                linear += rows.offsets[place]
            half, score, curvature = self.family.working(rows.actual[place], linear)
            if rows.weights is not None:
                w = rows.weights[place]
                half, score, curvature = half * w, score * w, curvature * w
            value += float(half.sum())
            block_sums(layout, block, score, sums)
            if gram is not None:
                block_gram(layout, block, curvature, gram)
        whole = (
            None
            if gram is None
            else self.per_row * self._without_intercept(layout.reduced_gram(symmetric(layout, gram)))
        )
        gradient = -self.per_row * layout.reduced(sums)
        if not self.intercept:
            gradient[-1] = 0.0
        return Evaluation(value * self.per_row, gradient, whole)

    def _without_intercept(self, gram: Floats) -> Floats:
        if not self.intercept:
            gram[-1, :] = gram[:, -1] = 0.0
        return gram

    def _normal_equations(self) -> tuple[Floats, Floats, float]:
        """Gram matrix, cross products with the response, mean square of the response: one pass over the rows for all fits."""
        if self._normal is None:
            at_zero = self._pass(np.zeros(self.size), True)
            assert at_zero.hessian is not None
            self._normal = (at_zero.hessian, -at_zero.gradient, 2 * at_zero.value)
        return self._normal


@dataclass(frozen=True)
class Tolerances:
    """When a fit has converged: largest change of a coefficient, relative fall of the objective, largest gradient (0: not asked).

    The error that a step leaves must be within the square of `beta`, as after such a step with curvature of its own start;
    `by_error` asks only that this error be within `beta`: a path of penalties starts near each of its optima.
    The fall of the objective counts only for steps with curvature from where they started.
    """

    beta: float
    objective: float
    gradient: float = 0.0
    by_error: bool = False


@dataclass
class Iterate:
    """One finished step."""

    iteration: int
    value: float
    """Mean half deviance."""
    objective: float
    """With the penalty."""
    beta: Floats


@dataclass
class Fitter:
    """Keeps coefficients, gradient and curvature from fit to fit. `on_step` hears of each step and answers whether to stop."""

    objective: Objective
    beta: Floats
    tolerances: Tolerances
    on_step: Callable[[Iterate], bool] = lambda iterate: False
    iterations: int = 0
    now: Evaluation | None = None
    hessian: Floats | None = None
    at: Floats | None = None
    """Where the curvature is from."""
    stopped: bool = False
    _stale: int = field(default=0)

    def restart(self, beta: Floats, *, afresh: bool = False) -> None:
        """Goes on from other coefficients; the curvature at hand may still serve, unless it is to be as a first fit."""
        self.beta, self.now = beta.copy(), None
        if afresh:
            self.hessian = self.at = None

    def evaluation(self) -> Evaluation:
        """At the present coefficients."""
        if self.now is None:
            self._evaluate(self.beta, self.hessian is None)
        assert self.now is not None
        return self.now

    def fit(self, penalty: Penalty, max_iterations: int) -> None:
        """Steps until it has converged, `on_step` stops it, or the iterations in total are done."""
        self.beta = self._inside(penalty)
        while self.iterations < max_iterations and not self.stopped:
            self.evaluation()
            if self.hessian is None:
                self._evaluate(self.beta, True)
            if self._step(penalty):
                return

    def _inside(self, penalty: Penalty) -> Floats:
        inside = penalty.inside(self.beta)
        if not np.array_equal(inside, self.beta):
            self.now = None
        return inside

    def _evaluate(self, beta: Floats, hessian: bool) -> None:
        self.now = self.objective.evaluate(beta, hessian=hessian)
        if self.now.hessian is not None:
            self.hessian, self.at, self._stale = self.now.hessian, beta.copy(), 0

    def _step(self, penalty: Penalty) -> bool:
        """One step; whether it was the last."""
        now, before = self.evaluation(), self.beta
        assert self.hessian is not None and self.at is not None
        target = minimize(self.hessian, self.hessian @ before - now.gradient, penalty, before)
        start = now.value + penalty.value(before)
        distance = 0.0 if self.objective.is_quadratic else float(np.abs(target - self.at).max(initial=0.0))
        found = self._along(penalty, before, target - before, start, distance)
        if found is None:  # no descent: with fresh curvature that is the end
            self.beta, self.now = before, now
            if self._stale:
                self._evaluate(before, True)
                return False
            return True
        self.iterations += 1
        self._stale += 1
        objective, change = found
        self.stopped = self.on_step(Iterate(self.iterations, self.evaluation().value, objective, self.beta))
        return self.stopped or self._has_converged(penalty, start, objective, change, distance)

    def _along(
        self, penalty: Penalty, before: Floats, step: Floats, start: float, distance: float
    ) -> tuple[float, float] | None:
        """Moves along the step as far as the objective falls; objective and largest change, None where it never does."""
        share = 1.0
        renew = not self.objective.is_quadratic and (distance > FAR or self._stale >= STALE_STEPS)
        allowed = 1e-12 * abs(start)
        for _ in range(MAX_HALVINGS):
            there = before + share * step
            self.beta = there
            self._evaluate(there, renew)
            objective = self.evaluation().value + penalty.value(there)
            if objective <= start + allowed:
                return objective, share * float(np.abs(step).max(initial=0.0))
            share /= 2
        return None

    def _has_converged(self, penalty: Penalty, start: float, objective: float, change: float, distance: float) -> bool:
        t = self.tolerances
        if self.objective.is_quadratic:
            return True
        error = change * min(1.0, max(distance, change))
        if error <= t.beta if t.by_error else change <= t.beta and error <= max(t.beta**2, LEAST_ERROR):
            return True
        if (
            t.gradient
            and float(np.abs(subgradient(self.evaluation().gradient, penalty, self.beta)).max()) <= t.gradient
        ):
            return True
        return start - objective <= t.objective * abs(start) and distance <= 2 * change


def subgradient(gradient: Floats, penalty: Penalty, beta: Floats) -> Floats:
    """The smallest gradient of the penalised objective [p], 0 where bounds hold a coefficient."""
    g = gradient + penalty.l2 * beta + penalty.pull * (beta - penalty.goal)
    found = np.where(beta != 0, g + penalty.l1 * np.sign(beta), np.sign(g) * np.maximum(np.abs(g) - penalty.l1, 0.0))
    found = np.where((beta <= penalty.low) & (found > 0), 0.0, found)
    return np.where((beta >= penalty.high) & (found < 0), 0.0, found)


def fit_limited_memory(fitter: Fitter, penalty: Penalty, max_iterations: int) -> None:
    """The same without curvature, by L-BFGS-B (Zhu, Byrd, Lu, Nocedal 1997); l1 parts by splitting coefficients by sign."""
    from scipy.optimize import Bounds
    from scipy.optimize import minimize as optimize

    objective, p = fitter.objective, fitter.objective.size
    split = bool(penalty.l1.any())

    def joined(x: Floats) -> Floats:
        return x[:p] - x[p:] if split else x

    def smooth(x: Floats) -> tuple[float, Floats]:
        beta = joined(x)
        value, gradient, _ = objective.evaluate(beta, hessian=False)
        value += 0.5 * float(penalty.l2 @ (beta * beta)) + 0.5 * float(penalty.pull @ (beta - penalty.goal) ** 2)
        gradient = gradient + penalty.l2 * beta + penalty.pull * (beta - penalty.goal)
        if not split:
            return value, gradient
        return value + float(penalty.l1 @ (x[:p] + x[p:])), np.concatenate(
            [gradient + penalty.l1, penalty.l1 - gradient]
        )

    start = penalty.inside(fitter.beta)
    low, high = penalty.low, penalty.high
    if split:
        low, high = (
            np.concatenate([np.maximum(low, 0.0), np.maximum(-high, 0.0)]),
            np.concatenate([np.maximum(high, 0.0), np.maximum(-low, 0.0)]),
        )
        start = np.concatenate([np.maximum(start, 0.0), np.maximum(-start, 0.0)])
    fitter.stopped = False

    def heard(intermediate_result: object) -> None:
        x, value = np.asarray(intermediate_result.x), float(intermediate_result.fun)  # type: ignore[attr-defined]
        fitter.iterations += 1
        beta = joined(x)
        fitter.stopped = fitter.on_step(Iterate(fitter.iterations, value - penalty.value(beta), value, beta))
        if fitter.stopped or fitter.iterations >= max_iterations:
            raise StopIteration

    left = max(1, max_iterations - fitter.iterations)
    options = {
        "maxiter": left,
        "maxfun": 20 * left,
        "gtol": fitter.tolerances.gradient or 1e-7,
        "ftol": min(fitter.tolerances.objective, 1e-9),
        "maxcor": 20,
    }
    bounds = Bounds(low, high) if split or np.isfinite(low).any() or np.isfinite(high).any() else None
    result = optimize(smooth, start, jac=True, method="L-BFGS-B", bounds=bounds, callback=heard, options=options)
    fitter.restart(joined(np.asarray(result.x)))
