"""The first centres: random rows, or candidates drawn by their distance (k-means||, Bahmani et al. 2012) and thinned to k."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from artesian.learn.cluster.rows import Floats, Points, Rows, Space, joined

ROUNDS = 5
"""Rounds in which candidates are drawn."""
PER_ROUND = 3
"""About how many candidates a round draws for each cluster."""


def random_rows(rows: Rows, k: int, random: np.random.Generator) -> Points:
    """k rows, each at most once."""
    return rows.some(random.choice(rows.count, size=k, replace=False))


def candidates(rows: Rows, k: int, random: np.random.Generator) -> Points:
    """One random row, then in each round rows with a probability that grows with their distance; at least k of them."""
    found = rows.some(random.integers(0, rows.count, size=1))
    nearest: dict[int, Floats] = {}
    latest = found
    for _ in range(ROUNDS):
        for start, points in rows:
            distance = rows.space.nearest(points, latest)[1]
            nearest[start] = np.minimum(nearest[start], distance) if start in nearest else distance
        total = sum(float(distance.sum()) for distance in nearest.values())
        if total <= 0:
            break
        drawn = [points[PER_ROUND * k * nearest[start] > random.random(points.count) * total] for start, points in rows]
        latest = joined(drawn)
        if not latest.count:
            latest = found[:1]
            continue
        found = joined([found, latest])
    missing = k - found.count
    return found if missing <= 0 else joined([found, rows.some(random.integers(0, rows.count, size=missing))])


def furthest(space: Space, points: Points, k: int) -> Points:
    """k of the points: the first, then always the one that is furthest from those chosen."""
    chosen = [0]
    distance = _to(space, points, 0)
    for _ in range(k - 1):
        chosen.append(int(distance.argmax()))
        distance = np.minimum(distance, _to(space, points, chosen[-1]))
    return points[np.array(chosen)]


def plus_plus(space: Space, points: Points, k: int, random: np.random.Generator) -> Points:
    """k of the points: the first, then drawn with the squared distance from those chosen as weight (k-means++)."""
    chosen = [0]
    distance = _to(space, points, 0)
    for _ in range(k - 1):
        chosen.append(_drawn(distance, random))
        distance = np.minimum(distance, _to(space, points, chosen[-1]))
    return points[np.array(chosen)]


def _to(space: Space, points: Points, which: int) -> Floats:
    centre: NDArray[np.int64] = np.zeros(points.count, dtype=np.int64)
    return space.exact(points, points[which : which + 1], centre)


def _drawn(weights: Floats, random: np.random.Generator) -> int:
    total = float(weights.sum())
    if total <= 0:  # all points lie on those chosen
        return int(random.integers(0, len(weights)))
    ends: Floats = np.cumsum(weights)
    place = int(np.searchsorted(ends, random.random() * float(ends[-1]), side="right"))
    return min(place, len(weights) - 1)
