"""Lloyd's algorithm: rows go to their nearest centre, centres to the mean (the most frequent level) of their rows."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from artesian.learn.cluster.constrained import Assignment
from artesian.learn.cluster.rows import Codes, Floats, Points, Rows, Space

TOLERANCE = 1e-4
"""Training ends when fewer than this share of the rows (but at least one row) changed their cluster."""


@dataclass
class Pass:
    """What one pass over the rows found. `low` and `high` [k, p] bound the rows of each cluster."""

    centres: Points
    sizes: Codes
    withinss: Floats
    reassigned: int
    low: Floats
    high: Floats
    worst: tuple[float, int]
    """Squared distance and number of the row that is furthest from its centre."""

    @property
    def total(self) -> float:
        """Sum of squares within all clusters, from the centres that the pass began with."""
        return float(self.withinss.sum())


class Lloyd:
    """Keeps the cluster of each training row from pass to pass. `bounds` asks for `low` and `high` of passes."""

    def __init__(self, rows: Rows, least_sizes: tuple[int, ...] | None = None, *, bounds: bool = False) -> None:
        self.rows = rows
        self.space: Space = rows.space
        self.least_sizes = least_sizes
        self._bounds = bounds
        self.clusters: Codes = np.full(rows.count, -1, dtype=np.int64)

    @property
    def few(self) -> float:
        """Fewer reassigned rows than this end the training."""
        return max(1.0, self.rows.count * TOLERANCE)

    def step(self, centres: Points) -> Pass:
        """One pass: rows to centres, then the centres of those rows."""
        k = centres.count
        tally = _Tally(self.space, k, bounds=self._bounds)
        reassigned = 0
        worst = (-1.0, 0)
        dealt = self._dealt(centres)
        for start, points in self.rows:
            here = slice(start, start + points.count)
            if dealt is not None:
                nearest = dealt[here]
                distance = self.space.exact(points, centres, nearest)
            else:
                nearest, distance = self.space.nearest(points, centres)
            reassigned += int((self.clusters[here] != nearest).sum())
            self.clusters[here] = nearest
            tally.add(points, nearest, distance)
            worst = _furthest(worst, distance, start)
        found = tally.found(centres)
        return Pass(found, tally.sizes, tally.withinss, reassigned, tally.low, tally.high, worst)

    def _dealt(self, centres: Points) -> Codes | None:
        """The clusters of all rows under least sizes; None without such."""
        if self.least_sizes is None:
            return None
        parts = [self.space.distances(points, centres) for _, points in self.rows]
        return Assignment(np.concatenate(parts), self.least_sizes).solve()

    def rescued(self, before: Points, done: Pass) -> tuple[Points, bool]:
        """The centres after a pass, with the first empty cluster's moved to the row that lies furthest from its own.

        Whether more clusters are empty: then these are the centres of before, and the pass is to be done again.
        """
        empty = np.flatnonzero(done.sizes == 0)
        if not len(empty) or self.least_sizes is not None or done.worst[0] <= 0:
            return done.centres, False
        again = len(empty) > 1
        centres = before if again else done.centres
        point = self.rows.some(np.array([done.worst[1]]))
        centres.numbers[empty[0]], centres.codes[empty[0]] = point.numbers[0], point.codes[0]
        return centres, again

    def split(self, centres: Points, done: Pass) -> Points:
        """One centre more: the cluster that is widest along a column is cut there at its centre."""
        ranges = np.where(done.sizes[:, None] > 0, done.high - done.low, 0.0).astype(np.float32)
        cluster, column = np.unravel_index(int(ranges.argmax()), ranges.shape)
        cut = centres.numbers[cluster, column]
        tally = _Tally(self.space, 2)
        for start, points in self.rows:
            own = self.clusters[start : start + points.count] == cluster
            half = (points.numbers[own, column] > cut).astype(np.int64)
            tally.add(points[own], half, np.zeros(int(own.sum())))
            self.clusters[start : start + points.count][own] = np.where(half == 1, centres.count, cluster)
        old = centres[np.array([cluster, cluster])]
        halves = tally.found(old)
        numbers = np.concatenate([centres.numbers, halves.numbers[1:]])
        codes = np.concatenate([centres.codes, halves.codes[1:]])
        numbers[cluster], codes[cluster] = halves.numbers[0], halves.codes[0]
        return Points(numbers, codes)


class _Tally:
    """Sums over the rows of each cluster."""

    def __init__(self, space: Space, k: int, *, bounds: bool = False) -> None:
        p = len(space.columns.numeric)
        self.k, self._bounds = k, bounds
        self.sums = np.zeros((k, p))
        self.low, self.high = np.full((k, p), np.inf), np.full((k, p), -np.inf)
        self.sizes: Codes = np.zeros(k, dtype=np.int64)
        self.withinss = np.zeros(k)
        levels = [max(1, len(space.columns.levels[name])) for name in space.columns.categorical]
        self.counts = [np.zeros((k, n), dtype=np.int64) for n in levels]

    def add(self, points: Points, clusters: Codes, distance: Floats) -> None:
        """Adds a block of rows."""
        if not points.count:
            return
        for place in range(points.numbers.shape[1]):
            self.sums[:, place] += np.bincount(clusters, points.numbers[:, place], minlength=self.k)
        self.sizes += np.bincount(clusters, minlength=self.k)
        self.withinss += np.bincount(clusters, distance, minlength=self.k)
        for place, counts in enumerate(self.counts):
            n = counts.shape[1]
            flat = np.bincount(clusters * n + points.codes[:, place], minlength=self.k * n)
            counts += flat.reshape(self.k, n)
        if self._bounds and self.low.shape[1]:
            order = np.argsort(clusters, kind="stable")
            present, starts = np.unique(clusters[order], return_index=True)
            sorted_numbers = points.numbers[order]
            low, high = np.minimum.reduceat(sorted_numbers, starts), np.maximum.reduceat(sorted_numbers, starts)
            self.low[present] = np.minimum(self.low[present], low)
            self.high[present] = np.maximum(self.high[present], high)

    def found(self, before: Points) -> Points:
        """Centres of the clusters; an empty cluster's stays."""
        there = self.sizes > 0
        numbers, codes = before.numbers.copy(), before.codes.copy()
        numbers[there] = self.sums[there] / self.sizes[there, None]
        for place, counts in enumerate(self.counts):
            codes[there, place] = counts[there].argmax(axis=1)
        return Points(numbers, codes)


def _furthest(worst: tuple[float, int], distance: Floats, start: int) -> tuple[float, int]:
    """The furthest row so far, the first of several."""
    if not len(distance):
        return worst
    place = int(distance.argmax())
    found = (float(distance[place]), start + place)
    return found if found[0] > worst[0] else worst
