"""Singular values and right singular vectors of a matrix, by three methods.

GramSVD: eigenvalues of the inner products of the inputs, or of the rows where these are far fewer and the inputs many;
where both are, the iteration of a subspace until it stands. Power: power iteration on the inner products, one vector after
the other, each held orthogonal to those found. Randomized: iteration of a random subspace that is ten wider than asked for
(Halko, Martinsson, Tropp 2011, algorithm 4.4, on the inner products) with a Rayleigh-Ritz step.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from artesian.core.clock import monotonic
from artesian.learn.decomposition.products import GRAM_LIMIT, Matrix

Floats = NDArray[np.float64]
TOLERANCE = 1e-14
"""Power iteration ends when a vector is off by less than this share of the largest eigenvalue."""
SUBSPACE_TOLERANCE = 1e-24
"""Subspace iteration ends when the mean squared change of its vectors is below this."""
QUICK_GRAM = 1000
"""The inner products of so many inputs are decomposed in a moment, however few rows there are."""
OVERSAMPLED = 10
LEAST_ITERATIONS = 10


@dataclass
class Solution:
    """Squared singular values [k], largest first, and right singular vectors [inputs, k].

    `steps` are rows of the history: time, error, and the number of the vector that was worked on (0: all). `cut_short` says
    that the time was over, `converged` that the tolerance was reached.
    """

    squares: Floats
    vectors: Floats
    steps: list[tuple[float, float, int]] = field(default_factory=list)
    cut_short: bool = False
    converged: bool = True


def by_gram(matrix: Matrix, k: int, *, by_singular_values: bool, random: np.random.Generator) -> Solution:
    """See the module."""
    few_rows = k <= matrix.n_rows <= GRAM_LIMIT and 2 * matrix.n_rows <= matrix.width
    if matrix.width <= (QUICK_GRAM if few_rows else GRAM_LIMIT) or matrix.width <= matrix.n_rows <= GRAM_LIMIT:
        squares, vectors = _decomposed(matrix.gram(), k, by_singular_values=by_singular_values)
        return _signed(Solution(squares, vectors))
    if matrix.n_rows <= GRAM_LIMIT:
        squares, left = _decomposed(matrix.outer(), k, by_singular_values=by_singular_values)
        vectors = matrix.transposed_times(left)
        lengths = np.linalg.norm(vectors, axis=0)
        vectors = np.divide(vectors, lengths, out=np.zeros_like(vectors), where=lengths > 0)
        return _signed(Solution(squares, vectors))
    return by_subspace(matrix, k, max_iterations=1000, random=random, is_over=lambda: False)


def _decomposed(gram: Floats, k: int, *, by_singular_values: bool) -> tuple[Floats, Floats]:
    from scipy.linalg import eigh

    if by_singular_values:
        vectors, squares, _ = np.linalg.svd(gram, hermitian=True)
        return np.maximum(squares[:k], 0.0), vectors[:, :k]
    size = len(gram)
    some = None if 4 * k > size else (size - k, size - 1)
    squares, vectors = eigh(gram, subset_by_index=some)
    return np.maximum(squares[::-1][:k], 0.0), vectors[:, ::-1][:, :k]


def by_power(
    matrix: Matrix,
    k: int,
    *,
    max_iterations: int,
    random: np.random.Generator,
    is_over: Callable[[], bool],
    told: Callable[[float], None] = lambda share: None,
) -> Solution:
    """See the module."""
    found = Solution(np.zeros(k), np.zeros((matrix.width, k)))
    largest = 0.0
    for number in range(k):
        known = found.vectors[:, :number]
        vector = _orthogonal(random.standard_normal(matrix.width), known)
        value, error = 0.0, np.inf
        for _ in range(max_iterations):
            image = _orthogonal_part(matrix.gram_times(vector[:, None])[:, 0], known)
            value = float(image @ vector)
            largest = max(largest, value)
            error = float(np.linalg.norm(image - value * vector))
            found.steps.append((monotonic(), error / matrix.n_rows, number + 1))
            length = float(np.linalg.norm(image))
            if length <= TOLERANCE * max(largest, 1e-300):
                break
            vector = _orthogonal(image, known)
            if error <= TOLERANCE * largest or is_over():
                break
        found.converged &= error <= 1e-8 * max(largest, 1e-300)
        found.squares[number], found.vectors[:, number] = max(value, 0.0), vector
        told((number + 1) / k)
        if is_over():
            found.cut_short = True
            found.squares, found.vectors = found.squares[: number + 1], found.vectors[:, : number + 1]
            break
    order = np.argsort(-found.squares, kind="stable")
    found.squares, found.vectors = found.squares[order], found.vectors[:, order]
    return _signed(found)


def _orthogonal_part(vector: Floats, known: Floats) -> Floats:
    return np.asarray(vector - known @ (known.T @ vector))


def _orthogonal(vector: Floats, known: Floats) -> Floats:
    """The part of a vector that is orthogonal to those known, of length 1; projected twice, as rounding leaves some."""
    left = _orthogonal_part(_orthogonal_part(vector, known), known)
    return np.asarray(left / max(float(np.linalg.norm(left)), 1e-300))


def by_subspace(
    matrix: Matrix,
    k: int,
    *,
    max_iterations: int,
    random: np.random.Generator,
    is_over: Callable[[], bool],
    told: Callable[[float], None] = lambda share: None,
) -> Solution:
    """See the module."""
    wide = min(k + OVERSAMPLED, matrix.width)
    basis, _ = np.linalg.qr(random.standard_normal((matrix.width, wide)))
    before, steps, cut_short, change = np.zeros((matrix.width, k)), [], False, np.inf
    squares, vectors = np.zeros(k), before
    for number in range(max_iterations):
        image = matrix.gram_times(basis)
        small = basis.T @ image
        values, turns = np.linalg.eigh((small + small.T) / 2)
        squares, vectors = values[::-1][:k], (basis @ turns)[:, ::-1][:, :k]
        signs = np.where((vectors * before).sum(axis=0) < 0, -1.0, 1.0)
        change = float(((vectors * signs - before) ** 2).mean())
        before = vectors * signs
        steps.append((monotonic(), change, 0))
        told(min(1.0, (number + 1) / max_iterations))
        if number + 1 >= LEAST_ITERATIONS and change <= SUBSPACE_TOLERANCE:
            break
        if is_over():
            cut_short = True
            break
        basis, _ = np.linalg.qr(image)
    solution = Solution(np.maximum(squares, 0.0), vectors, steps, cut_short, change <= 1e-12)
    return _signed(solution)


def _signed(solution: Solution) -> Solution:
    """Each vector with the sign that makes its largest entry positive."""
    largest = np.abs(solution.vectors).argmax(axis=0)
    signs = np.where(solution.vectors[largest, np.arange(len(largest))] < 0, -1.0, 1.0)
    solution.vectors = solution.vectors * signs
    return solution
