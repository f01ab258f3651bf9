"""Class balancing: rows of rare classes more often, those of frequent ones less often; a function of the seed alone."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Rows = NDArray[np.int64]
Floats = NDArray[np.float64]
_BALANCE = 0xBA


def generator(seed: int, *purpose: int) -> np.random.Generator:
    """Random numbers of a seed (any integer) for one purpose."""
    return np.random.default_rng([seed & (2**64 - 1), *purpose])


def balanced(
    rows: Rows, codes: NDArray[np.int64], n_classes: int, factors: Floats | None, max_size: float, seed: int
) -> tuple[Rows, Floats]:
    """Rows drawn so that classes are balanced, and the factor of each class that was used in the end.

    `rows` are row numbers; the result may name one more than once. `codes` [n] are the classes of `rows`; `factors` [classes] say how often the rows of a class are drawn, None chooses them
    so that all classes that occur are as frequent as the largest. The result has at most max_size × n rows.
    """
    counts = np.bincount(codes, minlength=n_classes).astype(np.float64)
    if factors is None:
        factors = np.where(counts > 0, counts.max() / np.maximum(counts, 1), 0.0)
    total = float((counts * factors).sum())
    limit = max(1.0, np.floor(max_size * len(rows)))
    used = factors * (limit / total) if total > limit else factors
    random = generator(seed, _BALANCE)
    copies = np.zeros(len(rows), dtype=np.int64)
    for label in np.flatnonzero(counts):
        members = random.permutation(np.flatnonzero(codes == label))
        each, more = divmod(round(float(used[label]) * len(members)), len(members))
        copies[members] = each
        copies[members[:more]] += 1
    return np.repeat(rows, copies), np.asarray(used, dtype=np.float64)


def correction(
    before: NDArray[np.int64],
    after: NDArray[np.int64],
    n_classes: int,
    weights_before: Floats | None = None,
    weights_after: Floats | None = None,
) -> Floats:
    """Share of each class in the data over its share in what is trained on, shape (classes,), from the classes of the rows.

    Probabilities of a model that was trained on balanced rows times this, scaled to a sum of 1, are those of the data. A
    class that is never trained on keeps whatever probability the model gives it (1).
    """
    shares = []
    for codes, mass in ((before, weights_before), (after, weights_after)):
        counts = np.bincount(codes, mass, minlength=n_classes)
        shares.append(counts / counts.sum())
    return np.asarray(np.divide(shares[0], shares[1], out=np.ones(n_classes), where=shares[1] > 0))


def corrected(probabilities: Floats, factors: Floats) -> Floats:
    """Probabilities [n, classes] times the factors of `correction`, each row scaled to a sum of 1."""
    scaled = probabilities * factors
    totals = scaled.sum(axis=1, keepdims=True)
    even = np.full_like(scaled, 1 / scaled.shape[1])
    return np.asarray(np.divide(scaled, totals, out=even, where=totals > 0))
