"""Statistics of many sparse columns at once: a few passes over all of their entries, however many columns there are."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from artesian.frame.sparse import SparseColumn, entry_bounds, joined

_Counts = NDArray[np.int64]
_Numbers = NDArray[np.float64]


@dataclass(frozen=True)
class SparseStatistics:
    """One element a column: counts of missing, zero and infinite values; over finite values the mean, the sum of squared
    deviations from it, and the `extremes` least and greatest, rising and falling, shape (columns, extremes), padded with NaN.
    """

    missing: _Counts
    zeros: _Counts
    positive: _Counts
    negative: _Counts
    present: _Counts
    mean: _Numbers
    squares: _Numbers
    least: _Numbers
    most: _Numbers


def sparse_statistics(columns: Sequence[SparseColumn], extremes: int) -> SparseStatistics:
    """The statistics of columns of equal length."""
    n, rows = len(columns), len(columns[0])
    bounds = entry_bounds(columns)
    values = joined(columns).numbers.astype(np.float64)
    of = np.repeat(np.arange(n), np.diff(bounds))
    finite = np.isfinite(values)

    def count(which: NDArray[np.bool_]) -> _Counts:
        return np.bincount(of[which], minlength=n)

    kept, place = values[finite], of[finite]
    unlisted = rows - np.diff(bounds)
    listed = np.bincount(place, minlength=n)
    present = unlisted + listed
    divisor = np.maximum(present, 1)
    mean = np.bincount(place, kept, minlength=n) / divisor
    squares = np.bincount(place, (kept - mean[place]) ** 2, minlength=n) + unlisted * mean**2
    order = np.lexsort((kept, place))
    ends = np.cumsum(listed)
    return SparseStatistics(
        count(np.isnan(values)),
        unlisted + np.bincount(place[kept == 0], minlength=n),
        count(values == np.inf),
        count(values == -np.inf),
        present,
        mean,
        squares,
        _extremes(kept[order], ends - listed, listed, unlisted, extremes),
        0.0 - _extremes(-kept[order][::-1], len(kept) - ends, listed, unlisted, extremes),  # no negative zeros
    )


def _extremes(ordered: _Numbers, starts: Any, listed: _Counts, unlisted: _Counts, extremes: int) -> _Numbers:
    """The least values of each column, of those listed from `starts` on, rising, and of zeros, as many as are not listed."""
    step = np.arange(extremes)
    padded = np.append(ordered, np.zeros(extremes))
    places = np.minimum(np.asarray(starts)[:, None] + step, len(ordered))
    found = np.where(step < listed[:, None], padded[places], np.inf)
    zeros = np.where(step < unlisted[:, None], 0.0, np.inf)
    least = np.sort(np.concatenate([found, zeros], axis=1), axis=1)[:, :extremes]
    return np.where(np.isinf(least), np.nan, least)
