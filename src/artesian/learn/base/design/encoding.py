"""Encodings of categorical columns other than one-hot: each turns levels into other levels or into numbers.

Binary: the level's number (from 1) in bits, one column a bit, all 0 where missing. LabelEncoder: the level's number.
Eigen: the level's score on the first principal component of the column's one-hot matrix. EnumLimited: the most
frequent levels stay, all others become one. SortByResponse: levels in the order of their mean response.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
MAX_LIMITED_LEVELS = 10
OTHER = "other"
NUMERIC_ENCODINGS = ("Binary", "LabelEncoder", "Eigen")
"""Encodings that make numbers of levels."""


@dataclass(frozen=True)
class Encoded:
    """What one categorical column becomes: levels (with `codes`: old level number → new), or numbers (`table`).

    `table` [levels + 1, columns]: the numbers of each level; the last row is for missing and unseen ones.
    """

    column: str
    names: tuple[str, ...]
    levels: tuple[str, ...] | None = None
    codes: NDArray[np.int64] | None = None
    table: Floats | None = None

    def new_codes(self, codes: NDArray[np.int64]) -> NDArray[np.int64]:
        """New level numbers of old ones (-1: missing stays missing)."""
        if self.codes is None:
            return codes
        return np.append(self.codes, -1)[codes]

    def numbers(self, codes: NDArray[np.int64]) -> list[Floats]:
        """The numeric columns of level numbers (-1: missing)."""
        assert self.table is not None
        return [np.ascontiguousarray(self.table[codes, j]) for j in range(self.table.shape[1])]


def encode(
    encoding: str,
    column: str,
    levels: tuple[str, ...],
    codes: NDArray[np.int64],
    weights: Floats | None,
    response: Floats | None,
) -> Encoded:
    """How a column of level numbers [n] is encoded, learnt from the training rows.

    `response` [n] is needed by SortByResponse only (class numbers count as numbers, missing ones as NaN).
    """
    match encoding:
        case "Binary":
            return _binary(column, levels)
        case "LabelEncoder":
            table = np.append(np.arange(len(levels), dtype=np.float64), np.nan)[:, None]
            return Encoded(column, (column,), table=table)
        case "Eigen":
            shares = _masses(codes, len(levels), weights)
            scores = first_component(shares / max(shares.sum(), 1e-300))
            return Encoded(column, (f"{column}.Eigen",), table=np.append(scores, np.nan)[:, None])
        case "EnumLimited":
            return _limited(column, levels, _masses(codes, len(levels), weights))
        case "SortByResponse" if response is not None:
            return _sorted_by(response, column, levels, codes, weights)
        case _:
            return Encoded(column, (column,), levels=levels)


def _masses(codes: NDArray[np.int64], n_levels: int, weights: Floats | None) -> Floats:
    there = codes >= 0
    mass = None if weights is None else weights[there]
    return np.bincount(codes[there], mass, minlength=n_levels).astype(np.float64)


def _binary(column: str, levels: tuple[str, ...]) -> Encoded:
    bits = max(1, len(levels).bit_length())
    numbers = np.append(np.arange(1, len(levels) + 1), 0)
    table = ((numbers[:, None] >> np.arange(bits)) & 1).astype(np.float64)
    return Encoded(column, tuple(f"{column}:{bit}" for bit in range(bits)), table=table)


def _limited(column: str, levels: tuple[str, ...], masses: Floats) -> Encoded:
    if len(levels) <= MAX_LIMITED_LEVELS:
        return Encoded(column, (column,), levels=levels)
    kept = np.sort(np.argsort(-masses, kind="stable")[:MAX_LIMITED_LEVELS])
    new = np.full(len(levels), MAX_LIMITED_LEVELS, dtype=np.int64)
    new[kept] = np.arange(MAX_LIMITED_LEVELS)
    names = (*(levels[i] for i in kept), OTHER)
    return Encoded(column, (f"{column}.top_{MAX_LIMITED_LEVELS}_levels",), levels=names, codes=new)


def _sorted_by(
    response: Floats, column: str, levels: tuple[str, ...], codes: NDArray[np.int64], weights: Floats | None
) -> Encoded:
    counted = (codes >= 0) & ~np.isnan(response)
    mass = np.ones(int(counted.sum())) if weights is None else weights[counted]
    totals = np.bincount(codes[counted], mass, minlength=len(levels))
    sums = np.bincount(codes[counted], mass * response[counted], minlength=len(levels))
    with np.errstate(invalid="ignore", divide="ignore"):
        means = np.where(totals > 0, sums / totals, np.inf)  # levels without rows come last
    order = np.argsort(means, kind="stable")
    new = np.empty(len(levels), dtype=np.int64)
    new[order] = np.arange(len(levels))
    return Encoded(column, (column,), levels=tuple(levels[i] for i in order), codes=new)


def first_component(shares: Floats) -> Floats:
    """Scores of levels on the first principal component of their one-hot matrix; `shares` [levels] sum to 1.

    The covariance is diag(p) - p pᵀ. Its largest eigenvalue lies between the two largest shares and solves the secular
    equation 1 = Σ p²/(p - λ); the eigenvector is p/(p - λ) (Golub 1973, Some modified matrix eigenvalue problems). The
    sign is chosen so that the most frequent level scores above 0.
    """
    if len(shares) < 2:
        return np.zeros(len(shares))
    order = np.argsort(-shares, kind="stable")
    first, second = float(shares[order[0]]), float(shares[order[1]])
    scores = np.zeros(len(shares))
    if first - second <= 1e-12 * first:  # equally frequent: the difference of the two is an eigenvector
        scores[order[0]], scores[order[1]] = np.sqrt(0.5), -np.sqrt(0.5)
        return scores
    low, high = second, first
    for _ in range(200):
        middle = (low + high) / 2
        if middle in (low, high):
            break
        if float((shares**2 / (shares - middle)).sum()) < 1.0:
            low = middle
        else:
            high = middle
    with np.errstate(divide="ignore", invalid="ignore"):
        scores = np.nan_to_num(shares / (shares - low))
    return np.asarray(scores / np.sqrt((scores**2).sum()))
