"""Minimises a quadratic under an elastic-net penalty and bounds: the step of every fit.

½ b'Hb - c'b + Σ l1·|b| with low ≤ b ≤ high, H positive semidefinite. Each iteration takes a Newton step over the
coefficients that are free (neither held at 0 by the l1 part nor at a bound), cuts it where a coefficient would change its sign
or leave its bounds, and frees those whose gradient asks for it. On a fixed set of free coefficients and signs the step
is exact, so the answer is exact, not just close; warm starts along a path of penalties need a few steps each. Without
l1 parts and bounds it is one Cholesky solve. Orthant-wise projected Newton steps: Schmidt, Graphical Model Structure
Learning using L1-Regularization (2010), section 2.3.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Final

import numpy as np
from numpy.typing import NDArray

from artesian.core.errors import InvalidArgument

Floats = NDArray[np.float64]
Flags = NDArray[np.bool_]
MAX_STEPS: Final = 500
_TOLERANCE: Final = 1e-11
"""Gradient that counts as 0, relative to the largest of the quadratic's linear part."""
_DEPENDENT: Final = 1e-7
"""Square root of the share of an input's square that the inputs before leave, below which it counts as their combination."""
_DEPENDENT_SHARE: Final = 1e-10
_KEPT: Final = 1e-10
"""By so much, in units of a constraint of norm 1, a constraint may be missed."""
_MOST_ROUNDS: Final = 400
_PATIENCE: Final = 60
"""After so many rounds the weight of the constraints grows in any case."""
_HEAVIEST: Final = 1e6
"""Most weight of the constraints, relative to the largest curvature: beyond it rounding errors take over."""


@dataclass(frozen=True)
class Joint:
    """Constraints on sums of coefficients: `rows` [m, p]·b + `constants` [m] is 0 where `equal` [m], else at most 0.

    `weight` (c0), `growth` (tau), `slack` (eta0), `slack_by_weight` (alpha) and `slack_by_step` (beta) steer how they are
    enforced, see `_constrained`; with `separate` bounds are kept by every step, otherwise they are constraints like these.
    """

    rows: Floats
    constants: Floats
    equal: Flags
    weight: float = 10.0
    growth: float = 10.0
    slack: float = 0.1258925
    slack_by_weight: float = 0.1
    slack_by_step: float = 0.9
    separate: bool = False


@dataclass(frozen=True)
class Penalty:
    """l1 and l2 of each coefficient [p], bounds [p] (±inf for none), and `pull` [p] towards `goal` [p] (½ pull·(b - goal)²);
    `joint` are constraints on sums.
    """

    l1: Floats
    l2: Floats
    low: Floats
    high: Floats
    pull: Floats
    goal: Floats
    joint: Joint | None = None

    @property
    def is_smooth(self) -> bool:
        """Whether there are neither l1 parts nor bounds."""
        return not self.l1.any() and not np.isfinite(self.low).any() and not np.isfinite(self.high).any()

    def value(self, beta: Floats) -> float:
        """What the coefficients cost."""
        ridge = 0.5 * float(self.l2 @ (beta * beta))
        return ridge + float(self.l1 @ np.abs(beta)) + 0.5 * float(self.pull @ (beta - self.goal) ** 2)

    def inside(self, beta: Floats) -> Floats:
        """The nearest coefficients within the bounds, and as the constraints want them."""
        near = np.clip(beta, self.low, self.high)
        if self.joint is None or (np.array_equal(near, beta) and _excess(self.joint, beta) <= _KEPT):
            return near
        free = replace(self, l1=np.zeros_like(beta), l2=np.zeros_like(beta), pull=np.zeros_like(beta))
        return _constrained(np.eye(len(beta)), beta, free, near)


def minimize(hessian: Floats, linear: Floats, penalty: Penalty, start: Floats) -> Floats:
    """The coefficients [p] of the least value; `hessian` [p, p] and `linear` [p] without the penalty's parts."""
    ridge = penalty.l2 + penalty.pull
    h = hessian
    if ridge.any():
        h = hessian.copy()
        h[np.diag_indices_from(h)] += ridge
    c = linear + penalty.pull * penalty.goal
    if penalty.joint is not None:
        return _constrained(h, c, penalty, start)
    return _smooth_or_searched(h, c, penalty, start)


def _smooth_or_searched(h: Floats, c: Floats, penalty: Penalty, start: Floats) -> Floats:
    if penalty.is_smooth:
        return solve(h, c)
    return _Search(h, c, penalty).run(penalty.inside(start))


def _excess(joint: Joint, b: Floats) -> float:
    """By how much the constraint that is missed most is missed, in units of a constraint of norm 1."""
    missed = joint.rows @ b + joint.constants
    missed = np.where(joint.equal, np.abs(missed), missed) / np.linalg.norm(joint.rows, axis=1)
    return float(missed.max(initial=0.0))


def _constrained(h: Floats, c: Floats, penalty: Penalty, start: Floats) -> Floats:
    """The least value under `penalty.joint`, by augmented Lagrangians (Bierlaire, Optimization, 2nd edition, algorithm 19.1).

    Each round minimises the quadratic plus multipliers and squares of what the constraints miss; where they are missed by no
    more than the slack, the multipliers are updated and the slack shrinks, else the weight of the squares grows. Rounds cost no
    pass over data. InvalidArgument where the constraints contradict each other.
    """
    assert penalty.joint is not None
    lagrangian = _Lagrangian(h, c, penalty, penalty.joint)
    joint, weight = penalty.joint, penalty.joint.weight
    slack = joint.slack / weight**joint.slack_by_weight
    heaviest = max(weight, _HEAVIEST * float(np.diag(h).max(initial=1.0)))
    b, multipliers = start, np.zeros(len(lagrangian.constants))
    for round_number in range(_MOST_ROUNDS):
        b = lagrangian.minimum(b, multipliers, weight)
        missed = lagrangian.missed(b, multipliers, weight)
        most = float(np.abs(missed).max(initial=0.0))
        if most <= _KEPT * max(1.0, float(np.abs(b).max(initial=0.0)) * 1e-3):
            return b
        multipliers = multipliers + weight * missed if most <= slack or weight >= heaviest else multipliers
        if most <= slack and round_number < _PATIENCE:
            slack /= weight**joint.slack_by_step
        elif weight < heaviest:
            weight = min(weight * max(joint.growth, 1.0 if round_number < _PATIENCE else 10.0), heaviest)
            slack = joint.slack / weight**joint.slack_by_weight
    raise InvalidArgument(
        "No coefficients were found that fulfil all constraints; they may contradict each other. Look through "
        "linear_constraints and beta_constraints, or leave the constraint_ parameters at their defaults."
    )


class _Lagrangian:
    """A quadratic with constraints of norm 1."""

    def __init__(self, h: Floats, c: Floats, penalty: Penalty, joint: Joint) -> None:
        norms = np.linalg.norm(joint.rows, axis=1)
        rows, constants, equal = joint.rows / norms[:, None], joint.constants / norms, joint.equal
        low, high = penalty.low, penalty.high
        if not joint.separate:
            unit = np.eye(len(c))
            below, above = np.isfinite(low) & (low < high), np.isfinite(high) & (low < high)
            rows = np.vstack([rows, -unit[below], unit[above]])
            constants = np.concatenate([constants, low[below], -high[above]])
            equal = np.concatenate([equal, np.zeros(len(constants) - len(equal), dtype=bool)])
            low, high = np.where(below, -np.inf, low), np.where(above, np.inf, high)
        nothing = np.zeros_like(c)
        self.h, self.c, self.rows, self.constants, self.equal = h, c, rows, constants, equal
        self.bounds = Penalty(nothing, nothing, low, high, nothing, nothing)

    def missed(self, b: Floats, multipliers: Floats, weight: float) -> Floats:
        """What each constraint misses; of an inequality that holds, what its multiplier has too much."""
        values = self.rows @ b + self.constants
        return np.asarray(np.where(self.equal, values, np.maximum(values, -multipliers / weight)))

    def minimum(self, b: Floats, multipliers: Floats, weight: float) -> Floats:
        """Newton steps over which inequalities press, until a whole step leaves these as they are."""
        for _ in range(MAX_STEPS):
            presses = self.presses(b, multipliers, weight)
            rows = self.rows[presses]
            h = self.h + weight * rows.T @ rows
            c = self.c - rows.T @ (multipliers[presses] + weight * self.constants[presses])
            step = _smooth_or_searched(h, c, self.bounds, b) - b
            share = self.lowest(b, step, multipliers, weight)
            b = b + share * step
            if share * np.abs(step).max(initial=0.0) <= 1e-15 * np.abs(b).max(initial=0.0):
                break
            if share == 1.0 and np.array_equal(presses, self.presses(b, multipliers, weight)):
                break
        return b

    def presses(self, b: Floats, multipliers: Floats, weight: float) -> Flags:
        """Which constraints count: those that are equal, and inequalities that are missed or have a multiplier left."""
        return np.asarray(self.equal | (multipliers + weight * (self.rows @ b + self.constants) > 0))

    def lowest(self, b: Floats, step: Floats, multipliers: Floats, weight: float) -> float:
        """How much of the step leads to the lowest value: where its slope, which rises in straight pieces, crosses 0."""
        pull, change = multipliers + weight * (self.rows @ b + self.constants), weight * (self.rows @ step)

        first, second = float(step @ (self.h @ b - self.c)), float(step @ (self.h @ step))

        def slope(share: float) -> float:
            now = pull + share * change
            pressing = np.where(self.equal, now, np.maximum(now, 0.0))
            return first + share * second + float(pressing @ change) / weight

        if slope(1.0) <= 0:
            return 1.0
        with np.errstate(divide="ignore", invalid="ignore"):
            bends = -pull / change
        bends = np.sort(bends[(bends > 0) & (bends < 1) & ~self.equal])
        points = np.concatenate([[0.0], bends, [1.0]])
        after = int(np.searchsorted([slope(share) > 0 for share in points], True))
        if after == 0:  # it does not fall at all
            return 0.0
        low, high = points[after - 1], points[after]
        falls, rises = slope(low), slope(high)
        return float(low + (high - low) * -falls / (rises - falls))


class _Search:
    def __init__(self, h: Floats, c: Floats, penalty: Penalty) -> None:
        self.h, self.c, self.l1, self.low, self.high = h, c, penalty.l1, penalty.low, penalty.high
        self.small = _TOLERANCE * max(float(np.abs(c).max(initial=0.0)), 1e-300)

    def value(self, b: Floats) -> float:
        return float(0.5 * b @ (self.h @ b) - self.c @ b + self.l1 @ np.abs(b))

    def descent(self, b: Floats) -> tuple[Floats, Floats, Flags]:
        """The one-sided gradient, the sign that each coefficient has or would take, and which are free to move."""
        g = self.h @ b - self.c
        sign = np.sign(b)
        at_zero = sign == 0
        sign[at_zero] = np.where(g[at_zero] < 0, 1.0, -1.0)
        total = g + self.l1 * sign
        held = at_zero & (np.abs(g) <= self.l1) & (self.l1 > 0)
        held |= (b <= self.low) & (total > 0)
        held |= (b >= self.high) & (total < 0)
        return np.where(held, 0.0, total), sign, ~held

    def run(self, b: Floats) -> Floats:
        best = self.value(b)
        for _ in range(MAX_STEPS):
            gradient, sign, free = self.descent(b)
            if np.abs(gradient).max(initial=0.0) <= self.small:
                break
            step = self.newton(b, gradient, sign, free)
            b, best, moved = self.move(b, step, sign, best)
            if not moved:
                break
        return b

    def newton(self, b: Floats, gradient: Floats, sign: Floats, free: Flags) -> Floats:
        """A Newton step over the free coefficients; those at 0 or a bound that it would push the wrong way stay."""
        free = free.copy()
        while True:
            where = np.flatnonzero(free)
            step = np.zeros_like(b)
            step[where] = -direction(self.h[np.ix_(where, where)], gradient[where])
            wrong = free & (b == 0) & (self.l1 > 0) & (step * sign < 0)
            wrong |= free & (b <= self.low) & (step < 0)
            wrong |= free & (b >= self.high) & (step > 0)
            if not wrong.any() or wrong.sum() == free.sum():
                return (
                    step if not wrong.any() else np.where(wrong, -gradient / np.maximum(np.diag(self.h), 1e-300), step)
                )
            free &= ~wrong

    def move(self, b: Floats, step: Floats, sign: Floats, best: float) -> tuple[Floats, float, bool]:
        """As far along the step as the value falls: the whole of it cut at signs and bounds, else to the first such cut."""
        for share in (1.0, 0.5, 0.25):
            there = self.cut(b + share * step, sign)
            value = self.value(there)
            if value < best:
                return there, value, True
        share = self.first_break(b, step, sign)
        there = self.cut(b + share * step, sign)
        value = self.value(there)
        return (there, value, True) if value < best else (b, best, False)

    def cut(self, b: Floats, sign: Floats) -> Floats:
        crossed = (b * sign < 0) & (self.l1 > 0)
        return np.clip(np.where(crossed, 0.0, b), self.low, self.high)

    def first_break(self, b: Floats, step: Floats, sign: Floats) -> float:
        with np.errstate(divide="ignore", invalid="ignore"):
            to_zero = np.where((self.l1 > 0) & (b * step < 0), -b / step, np.inf)
            to_bound = np.where(step < 0, (self.low - b) / step, np.where(step > 0, (self.high - b) / step, np.inf))
        shares = np.minimum(to_zero, to_bound)
        shares = shares[np.isfinite(shares) & (shares > 0)]
        return float(min(shares.min(initial=1.0), 1.0))


def solve(matrix: Floats, right: Floats) -> Floats:
    """The solution x of matrix·x = right for a positive semidefinite matrix [p, p]; of several, about the smallest one."""
    diagonal = np.diag(matrix)
    there = diagonal > 1e-14 * diagonal.max(initial=0.0)
    if there.all():
        return _solve(matrix, right)
    out = np.zeros_like(right)  # coefficients of nothing stay 0
    out[there] = _solve(matrix[np.ix_(there, there)], right[there])
    return out


def _solve(matrix: Floats, right: Floats) -> Floats:
    if not len(right):
        return right.copy()
    from scipy.linalg import LinAlgError, cho_factor, cho_solve

    try:
        factor = cho_factor(matrix, lower=True, check_finite=False)
        if (np.diag(factor[0]) > _DEPENDENT * np.sqrt(np.diag(matrix))).all():
            return np.asarray(cho_solve(factor, right, check_finite=False))
    except LinAlgError:
        pass
    values, vectors = np.linalg.eigh(matrix)
    keep = values > 1e-10 * values[-1]
    return np.asarray(vectors[:, keep] @ ((vectors[:, keep].T @ right) / values[keep]))


def direction(matrix: Floats, right: Floats) -> Floats:
    """About the solution; far along what the matrix [p, p] does not see, where the right side asks for it."""
    from scipy.linalg import LinAlgError, cho_factor, cho_solve

    if not len(right):
        return right.copy()
    diagonal = np.diag(matrix)
    least = 1e-14 * float(diagonal.max(initial=0.0)) or 1.0
    for ridge in (0.0, 1e-9, 1e-6, 1e-3):
        try:
            factor = cho_factor(matrix + np.diag(ridge * diagonal + least), lower=True, check_finite=False)
        except LinAlgError:
            continue
        if ridge or (np.diag(factor[0]) > _DEPENDENT * np.sqrt(diagonal)).all():
            return np.asarray(cho_solve(factor, right, check_finite=False))
    return right / np.maximum(diagonal, least)


def independent(matrix: Floats, order: Sequence[int]) -> list[int]:
    """Which inputs, taken in that order, are no linear combination of those before; from their cross products [p, p]."""
    m = matrix[np.ix_(order, order)].astype(np.float64, copy=True)
    first = np.diag(m).copy()
    kept = []
    for i, place in enumerate(order):
        if m[i, i] <= _DEPENDENT_SHARE * first[i] or first[i] <= 0:
            continue
        kept.append(place)
        column = m[i + 1 :, i] / m[i, i]
        m[i + 1 :, i + 1 :] -= np.multiply.outer(column, m[i, i + 1 :])
    return kept
