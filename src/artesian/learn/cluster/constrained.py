"""Rows dealt to clusters of a least size, at the least sum of squared distances.

A minimum-cost flow by successive shortest paths (Ahuja, Magnanti, Orlin 1993, chapter 9): each row starts at its nearest
centre, which is the cheapest deal without least sizes. While a cluster has too few rows, one row more is brought to it from
one that can spare it, by the cheapest chain of moves between clusters. The cheapest move between two clusters is kept in a
heap of its rows.
"""

from __future__ import annotations

import heapq
import itertools
import math

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Codes = NDArray[np.int64]


class Assignment:
    """`distances` [rows, clusters] and the least number of rows of each cluster, at most the rows in sum."""

    def __init__(self, distances: Floats, least: tuple[int, ...]) -> None:
        self.distances = distances
        self.least = np.asarray(least, dtype=np.int64)
        self.clusters: Codes = distances.argmin(axis=1)
        self.k = distances.shape[1]
        self._heaps: dict[tuple[int, int], list[tuple[float, int]]] = {}

    def solve(self) -> Codes:
        """The cluster of each row."""
        sizes = np.bincount(self.clusters, minlength=self.k)
        if (sizes >= self.least).all():
            return self.clusters
        for source in range(self.k):
            self._list_moves(source)
        while (sizes < self.least).any():
            chain = self._cheapest_chain(sizes)
            for source, target in itertools.pairwise(chain):
                self._move(source, target)
            sizes[chain[0]] -= 1
            sizes[chain[-1]] += 1
        return self.clusters

    def _list_moves(self, source: int) -> None:
        rows = np.flatnonzero(self.clusters == source)
        for target in range(self.k):
            if target != source:
                costs = self.distances[rows, target] - self.distances[rows, source]
                heap = list(zip(costs.tolist(), rows.tolist(), strict=True))
                heapq.heapify(heap)
                self._heaps[source, target] = heap

    def _best(self, source: int, target: int) -> tuple[float, int]:
        """Cost and row of the cheapest move; rows that have left are dropped on the way."""
        heap = self._heaps[source, target]
        while heap and self.clusters[heap[0][1]] != source:
            heapq.heappop(heap)
        return heap[0] if heap else (math.inf, -1)

    def _move(self, source: int, target: int) -> None:
        _, row = self._best(source, target)
        heapq.heappop(self._heaps[source, target])
        self.clusters[row] = target
        for other in range(self.k):
            if other != target:
                cost = float(self.distances[row, other] - self.distances[row, target])
                heapq.heappush(self._heaps[target, other], (cost, row))

    def _cheapest_chain(self, sizes: Codes) -> list[int]:
        """Clusters from one that can spare a row to one that lacks one, by Bellman and Ford: moves may gain."""
        costs = np.full((self.k, self.k), math.inf)
        for source in range(self.k):
            for target in range(self.k):
                if source != target:
                    costs[source, target] = self._best(source, target)[0]
        reached = np.where(sizes > self.least, 0.0, math.inf)
        before = np.full(self.k, -1, dtype=np.int64)
        for _ in range(self.k):
            through = reached[:, None] + costs
            best = through.min(axis=0)
            better = best < reached - 1e-12 * np.maximum(1.0, np.abs(np.where(np.isfinite(best), best, 0.0)))
            if not better.any():
                break
            before[better] = through.argmin(axis=0)[better]
            reached[better] = best[better]
        lacking = np.flatnonzero(sizes < self.least)
        chain = [int(lacking[reached[lacking].argmin()])]
        while before[chain[-1]] >= 0 and len(chain) <= self.k:
            chain.append(int(before[chain[-1]]))
        return chain[::-1]
