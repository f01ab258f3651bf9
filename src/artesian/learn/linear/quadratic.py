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
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Flags = NDArray[np.bool_]
MAX_STEPS: Final = 500
_TOLERANCE: Final = 1e-11
"""Gradient that counts as 0, relative to the largest of the quadratic's linear part."""
_DEPENDENT: Final = 1e-7
"""Square root of the share of an input's square that the inputs before leave, below which it counts as their combination."""
_DEPENDENT_SHARE: Final = 1e-10


@dataclass(frozen=True)
class Penalty:
    """l1 and l2 of each coefficient [p], bounds [p] (±inf for none), and `pull` [p] towards `goal` [p] (½ pull·(b - goal)²)."""

    l1: Floats
    l2: Floats
    low: Floats
    high: Floats
    pull: Floats
    goal: Floats

    @property
    def is_smooth(self) -> bool:
        """Whether there are neither l1 parts nor bounds."""
        return not self.l1.any() and not np.isfinite(self.low).any() and not np.isfinite(self.high).any()

    def value(self, beta: Floats) -> float:
        """What the coefficients cost."""
        ridge = 0.5 * float(self.l2 @ (beta * beta))
        return ridge + float(self.l1 @ np.abs(beta)) + 0.5 * float(self.pull @ (beta - self.goal) ** 2)

    def inside(self, beta: Floats) -> Floats:
        """The nearest coefficients within the bounds."""
        return np.clip(beta, self.low, self.high)


def minimize(hessian: Floats, linear: Floats, penalty: Penalty, start: Floats) -> Floats:
    """The coefficients [p] of the least value; `hessian` [p, p] and `linear` [p] without the penalty's parts."""
    ridge = penalty.l2 + penalty.pull
    h = hessian
    if ridge.any():
        h = hessian.copy()
        h[np.diag_indices_from(h)] += ridge
    c = linear + penalty.pull * penalty.goal
    if penalty.is_smooth:
        return solve(h, c)
    return _Search(h, c, penalty).run(penalty.inside(start))


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
