"""Grows isolation trees (Liu, Ting, Zhou 2008, Isolation forest), all trees of a batch at once, level by level.

A split takes a column at random and a threshold at random between the least and the largest value of the node's rows. The
length of a row's path is one less than the number of its splits, as H2O counts it, and at least 0.
"""

from __future__ import annotations

import itertools
import math
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from artesian.learn.trees.grower import Tree, packed_nodes

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Matrix = NDArray[np.float32]
BATCH_SLOTS = 1 << 21
"""Most rows of all trees of a batch."""
BATCH_TREES = 64


@dataclass(frozen=True)
class IsolationOptions:
    """`sample_size`: rows a tree. `columns`: how many of them a tree may split. `tries`, `tries_change`: how many are drawn for
    a split at the root, and the factor on that for each level. `max_depth` 0: no limit.
    """

    sample_size: int
    max_depth: int
    min_rows: int
    columns: int
    tries: int
    tries_change: float

    @property
    def batch(self) -> int:
        """Trees that are grown at once."""
        return max(1, min(BATCH_TREES, BATCH_SLOTS // self.sample_size))


@dataclass(frozen=True)
class VariableSplits:
    """How columns were split [columns]: count, sum of the sides' differences as shares of the rows, sum of depths from 1."""

    count: Ints
    ratios: Floats
    depths: Ints

    def __add__(self, other: VariableSplits) -> VariableSplits:
        return VariableSplits(self.count + other.count, self.ratios + other.ratios, self.depths + other.depths)


@dataclass(frozen=True)
class Grown:
    """Trees; the rows that each was grown on and the lengths of their paths; how columns were split; depth and leaves of each."""

    trees: list[Tree]
    rows: list[Ints]
    lengths: list[Floats]
    splits: VariableSplits
    depths: list[int]
    leaves: list[int]


@dataclass
class _Level:
    """The nodes of a level that are not settled: where their slots start and end, and their trees."""

    number: Ints
    tree: Ints
    start: Ints
    size: Ints


class _Batch:
    """The nodes of all trees of a batch, in the order of their making, and the slots (row of a tree) that are under way."""

    def __init__(self, values: Matrix, trees: int, options: IsolationOptions, random: np.random.Generator) -> None:
        self.values, self.options, self.random = values, options, random
        n_rows, n_columns = values.shape
        size = options.sample_size
        drawn = [random.choice(n_rows, size, replace=False, shuffle=False) for _ in range(trees)]
        self.slots = np.concatenate(drawn).astype(np.int64)
        self.settled: list[tuple[Ints, Ints, Floats]] = []
        """Tree, row and path length of slots in leaves."""
        order = np.argsort(random.random((trees, n_columns)), axis=1)
        self.allowed = order[:, : options.columns]
        numbers = np.arange(trees, dtype=np.int64)
        self.level = _Level(numbers, numbers, numbers * size, np.full(trees, size, dtype=np.int64))
        self.count = trees
        self.parts: list[dict[str, NDArray[Any]]] = []
        self.depth = 0

    def grow(self) -> None:
        """All levels."""
        limit = self.options.max_depth or math.inf
        while len(self.level.number):
            self._split(self.depth < limit)
            self.depth += 1

    def _split(self, may: bool) -> None:
        """Splits what can be split of the level; the rest become leaves."""
        level, size = self.level, self.level.size
        n = len(level.number)
        column, threshold = np.full(n, -1, dtype=np.int64), np.zeros(n)
        if may:
            ready = np.flatnonzero(size >= 2 * self.options.min_rows)
            self._choose(ready, column, threshold)
        split = column >= 0
        missing_left = self.random.random(n) < 0.5
        left, right = np.full(n, -1, dtype=np.int64), np.full(n, -1, dtype=np.int64)
        left[split] = self.count + 2 * np.arange(int(split.sum()))
        right[split] = left[split] + 1
        self._settle(np.flatnonzero(~split))
        left_size = self._part(np.flatnonzero(split), column, threshold, missing_left)
        self.parts.append(
            {
                "tree": level.tree,
                "column": column,
                "threshold": threshold,
                "missing_left": missing_left,
                "left": left,
                "right": right,
                "size": size,
                "left_size": left_size,
                "depth": np.full(n, self.depth),
            }
        )
        self._descend(split, left, left_size)

    def _choose(self, ready: Ints, column: Ints, threshold: Floats) -> None:
        """A column and threshold for each node that has a column with different values among those drawn for it."""
        p = self.options
        tries = max(1, min(p.columns, int(p.tries * p.tries_change**self.depth)))
        keys = self.random.random((len(ready), p.columns))
        drawn = np.argsort(keys, axis=1)[:, :tries] if p.columns > 1 else np.zeros((len(ready), 1), dtype=np.int64)
        places = self.random.random(len(ready))
        left = np.arange(len(ready))
        for attempt in range(tries):
            nodes = ready[left]
            if not len(nodes):
                break
            chosen = self.allowed[self.level.tree[nodes], drawn[left, attempt]]
            low, high = self._range(nodes, chosen)
            fits = low < high
            point = low + (1.0 - places[left]) * (high - low)
            point = np.where(point > low, point, high)  # rounding must not leave a side empty
            column[nodes[fits]], threshold[nodes[fits]] = chosen[fits], point[fits]
            left = left[~fits]

    def _flat(self, nodes: Ints) -> tuple[Ints, Ints]:
        """The places of the nodes' slots, node by node, and where each node's begin among them."""
        size = self.level.size[nodes]
        begin = np.cumsum(size) - size
        return np.repeat(self.level.start[nodes] - begin, size) + np.arange(int(size.sum())), begin

    def _range(self, nodes: Ints, columns: Ints) -> tuple[Floats, Floats]:
        """Between which values each node may be split so that either side has its least rows; NaN without values."""
        places, begin = self._flat(nodes)
        size = self.level.size[nodes]
        values = self.values[self.slots[places], np.repeat(columns, size)]
        least = self.options.min_rows
        if least == 1:
            low, high = np.fmin.reduceat(values, begin), np.fmax.reduceat(values, begin)
            return low.astype(np.float64), high.astype(np.float64)
        ordered = values[np.lexsort((values, np.repeat(np.arange(len(nodes)), size)))].astype(np.float64)
        there = np.add.reduceat((~np.isnan(values)).astype(np.int64), begin)
        enough = there >= 2 * least
        low = np.where(enough, ordered[begin + np.minimum(least, size) - 1], np.nan)
        high = np.where(enough, ordered[begin + np.maximum(there - least, 0)], np.nan)
        return low, high

    def _part(self, nodes: Ints, column: Ints, threshold: Floats, missing_left: NDArray[np.bool_]) -> Ints:
        """Brings the slots of split nodes into the order of their children; returns the sizes of the left ones [all nodes]."""
        left_size = np.zeros(len(column), dtype=np.int64)
        if not len(nodes):
            self.slots = self.slots[:0]
            return left_size
        places, begin = self._flat(nodes)
        size = self.level.size[nodes]
        values = self.values[self.slots[places], np.repeat(column[nodes], size)]
        right = values >= np.repeat(threshold[nodes], size)
        right |= np.isnan(values) & ~np.repeat(missing_left[nodes], size)
        left_size[nodes] = np.add.reduceat((~right).astype(np.int64), begin)
        order = np.argsort(2 * np.repeat(np.arange(len(nodes)), size) + right, kind="stable")
        self.slots = self.slots[places][order]
        return left_size

    def _settle(self, nodes: Ints) -> None:
        """Notes the path lengths of the rows in leaves."""
        if len(nodes):
            places, _ = self._flat(nodes)
            owner = np.repeat(self.level.tree[nodes], self.level.size[nodes])
            length = np.full(len(places), float(max(self.depth - 1, 0)))
            self.settled.append((owner, self.slots[places], length))

    def _descend(self, split: NDArray[np.bool_], left: Ints, left_size: Ints) -> None:
        sizes = np.stack([left_size[split], self.level.size[split] - left_size[split]], axis=1).ravel()
        numbers = np.stack([left[split], left[split] + 1], axis=1).ravel()
        self.level = _Level(numbers, np.repeat(self.level.tree[split], 2), np.cumsum(sizes) - sizes, sizes)
        self.count += len(numbers)


def grow(values: Matrix, trees: int, options: IsolationOptions, random: np.random.Generator) -> Grown:
    """A batch of trees on the rows of `values` [rows, columns], NaN missing."""
    batch = _Batch(values, trees, options, random)
    batch.grow()
    made = {name: np.concatenate([part[name] for part in batch.parts]) for name in batch.parts[0]}
    leaf = made["left"] < 0
    value = np.maximum(made["depth"] - 1, 0).astype(np.float64)
    found = packed(made, value, trees, values.shape[1])
    own = ~leaf
    ratio = np.abs(2 * made["left_size"] - made["size"])[own] / made["size"][own]
    columns, width = made["column"][own], values.shape[1]
    splits = VariableSplits(
        np.bincount(columns, minlength=width),
        np.bincount(columns, ratio, minlength=width).astype(np.float64),
        np.bincount(columns, made["depth"][own] + 1, minlength=width).astype(np.int64),
    )
    deepest = np.zeros(trees, dtype=np.int64)
    np.maximum.at(deepest, made["tree"], made["depth"])
    leaves = np.bincount(made["tree"][leaf], minlength=trees)
    owner, rows, lengths = (np.concatenate(parts) for parts in zip(*batch.settled, strict=True))
    order = np.argsort(owner, kind="stable").reshape(trees, -1)
    return Grown(found, list(rows[order]), list(lengths[order]), splits, deepest.tolist(), leaves.tolist())


def packed(made: dict[str, NDArray[Any]], value: Floats, trees: int, n_columns: int) -> list[Tree]:
    """Trees in preorder of nodes in the order of levels; the first `trees` nodes are the roots."""
    left, right = made["left"].astype(np.int64), made["right"].astype(np.int64)
    depth = made["depth"].astype(np.int64)
    leaf = left < 0
    extent = np.ones(len(left), dtype=np.int64)
    bounds = np.searchsorted(depth, np.arange(int(depth.max()) + 2))
    levels = [np.arange(low, high) for low, high in itertools.pairwise(bounds)]
    for level in reversed(levels):
        inner = level[~leaf[level]]
        extent[inner] += extent[left[inner]] + extent[right[inner]]
    place = np.zeros(len(left), dtype=np.int64)
    for level in levels:
        inner = level[~leaf[level]]
        place[left[inner]] = place[inner] + 1
        place[right[inner]] = place[inner] + 1 + extent[left[inner]]
    first = np.cumsum(extent[:trees]) - extent[:trees]
    order = np.argsort(first[made["tree"].astype(np.int64)] + place)
    nodes = packed_nodes(
        made["column"].astype(np.int64)[order],
        np.where(leaf, value, made["threshold"].astype(np.float64))[order],
        np.where(leaf, 0, place[right])[order],
        leaf[order],
        made["missing_left"].astype(bool)[order],
    )
    cover = made["size"].astype(np.float32)[order]
    gain, bits = np.zeros(len(order), dtype=np.float32), np.zeros(0, dtype=np.uint8)
    return [
        Tree(n_columns, nodes[a : a + n], bits, gain[a : a + n], cover[a : a + n])
        for a, n in zip(first.tolist(), extent[:trees].tolist(), strict=True)
    ]
