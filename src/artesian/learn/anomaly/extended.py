"""Grows extended isolation trees (Hariri, Kind, Brunner 2019, Extended isolation forest), all trees of a batch at once.

A split is a plane: through a point at random in the box of the node's rows, across a direction whose coordinates are normal
at random, all but `extension_level` + 1 of them 0. Rows behind it go right; either side may be empty. A missing value lies
on the point's own coordinate and so does not count in the split.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from artesian._native import lengths_of_planes
from artesian.learn.anomaly.isolation import packed
from artesian.learn.trees.grower import Tree

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Matrix = NDArray[np.float32]
_EULER = 0.5772156649
BATCH_TREES = 32


def average_path(rows: NDArray[np.generic] | int) -> Floats:
    """The mean path length of an unsuccessful search in a binary tree of so many rows (Liu et al. 2008, equation 1)."""
    n = np.asarray(rows, dtype=np.float64)
    many = np.maximum(n, 3)
    found = 2 * (np.log(many - 1) + _EULER) - 2 * (many - 1) / many
    return np.asarray(np.where(n < 2, 0.0, np.where(n == 2, 1.0, found)))


def anomaly_score(length: Floats, sample_size: int) -> Floats:
    """2 to the minus mean path length over that of the sample's size."""
    return np.asarray(np.exp2(-length / average_path(sample_size)))


@dataclass(frozen=True)
class Planes:
    """Trees of planes, node by node, one tree behind the other.

    `normal`, `point` [nodes, columns] float32; `left`, `right` [nodes]: the children's numbers, a leaf's own number;
    `length` [nodes]: the path of a leaf; `first` [trees]: the number of each root; `height`: most splits on a path.
    """

    normal: Matrix
    point: Matrix
    left: Ints
    right: Ints
    length: Floats
    first: Ints
    height: int

    def lengths(self, values: Matrix, *, threads: int = 1) -> Floats:
        """Sums over the trees of the path lengths of rows [rows, columns] (NaN: missing)."""
        rows = np.ascontiguousarray(values, dtype=np.float32)
        return lengths_of_planes(
            rows, self.normal, self.point, self.left, self.right, self.length, self.first, self.height, threads
        )


@dataclass(frozen=True)
class GrownPlanes:
    """`trees` where each split is of one column, else `planes`; depth and counts of each tree [trees] for the summary."""

    trees: list[Tree]
    planes: Planes | None
    depths: list[int]
    leaves: list[int]
    isolated: list[int]
    not_isolated: list[int]
    empty: list[int]


def height_limit(sample_size: int) -> int:
    """Most splits on a path."""
    return math.ceil(math.log2(sample_size))


class _Batch:
    def __init__(self, values: Matrix, trees: int, sample_size: int, level: int, random: np.random.Generator) -> None:
        self.values, self.random, self.extension = values, random, level
        drawn = [random.choice(len(values), sample_size, replace=False, shuffle=False) for _ in range(trees)]
        self.slots = np.concatenate(drawn).astype(np.int64)
        self.owner = np.repeat(np.arange(trees), sample_size)  # the number of each slot's node
        self.tree = np.arange(trees, dtype=np.int64)
        self.size = np.full(trees, sample_size, dtype=np.int64)
        self.first = 0
        self.count = trees
        self.parts: list[dict[str, NDArray[Any]]] = []
        self.limit = height_limit(sample_size)
        for depth in range(self.limit + 1):
            if not len(self.tree):
                break
            self._split(depth)

    def _split(self, depth: int) -> None:
        """Splits the nodes of a level that have two rows or more; slots stay sorted by node."""
        n, width = len(self.tree), self.values.shape[1]
        split = (self.size > 1) & (depth < self.limit)
        point, normal = np.zeros((n, width), dtype=np.float32), np.zeros((n, width), dtype=np.float32)
        nodes = np.flatnonzero(split)
        left, right = np.full(n, -1, dtype=np.int64), np.full(n, -1, dtype=np.int64)
        left[nodes] = self.count + 2 * np.arange(len(nodes))
        right[nodes] = left[nodes] + 1
        left_size = np.zeros(n, dtype=np.int64)
        if len(nodes):
            keep = split[self.owner - self.first]
            self.slots, self.owner = self.slots[keep], self.owner[keep]
            rows = self.values[self.slots]
            begin = np.searchsorted(self.owner, self.first + nodes)
            point[nodes] = self._points(rows, begin)
            normal[nodes] = self._normals(len(nodes), width)
            of = self.owner - self.first
            apart = (rows.astype(np.float64) - point[of]) * normal[of]
            behind = np.nansum(apart, axis=1) > 0
            left_size[nodes] = np.add.reduceat((~behind).astype(np.int64), begin)
            child = left[of] + behind
            order = np.argsort(child, kind="stable")
            self.slots, self.owner = self.slots[order], child[order]
        self.parts.append(
            {
                "tree": self.tree, "left": left, "right": right, "size": self.size, "depth": np.full(n, depth),
                "point": point, "normal": normal,
            }
        )  # fmt: skip
        self.first = self.count
        self.count += 2 * len(nodes)
        self.tree = np.repeat(self.tree[nodes], 2)
        self.size = np.stack([left_size[nodes], self.size[nodes] - left_size[nodes]], axis=1).ravel()

    def _points(self, rows: Matrix, begin: Ints) -> Matrix:
        """A point at random in the box of each node's rows; 0 where a column has no value."""
        low, high = np.fmin.reduceat(rows, begin, axis=0), np.fmax.reduceat(rows, begin, axis=0)
        share = self.random.random(low.shape)
        return np.nan_to_num(low + share * (high.astype(np.float64) - low)).astype(np.float32)

    def _normals(self, count: int, width: int) -> Matrix:
        normal = self.random.standard_normal((count, width))
        flat = width - self.extension - 1
        if flat > 0:
            order = np.argsort(self.random.random((count, width)), axis=1)
            np.put_along_axis(normal, order[:, :flat], 0.0, axis=1)
        return normal.astype(np.float32)


def grow(
    values: Matrix, trees: int, sample_size: int, extension_level: int, random: np.random.Generator
) -> GrownPlanes:
    """A batch of trees on the rows of `values` [rows, columns], NaN missing."""
    batch = _Batch(values, trees, sample_size, extension_level, random)
    made = {name: np.concatenate([part[name] for part in batch.parts]) for name in batch.parts[0]}
    leaf, size, own = made["left"] < 0, made["size"], made["tree"]
    length = made["depth"] + average_path(size)
    deepest = np.zeros(trees, dtype=np.int64)
    np.maximum.at(deepest, own, made["depth"])

    def counted(chosen: NDArray[np.bool_], weight: NDArray[np.generic] | None = None) -> list[int]:
        return np.bincount(own[chosen], weight, minlength=trees).astype(np.int64).tolist()  # type: ignore[no-any-return]

    crowded = leaf & (size > 1)
    told = (deepest.tolist(), counted(leaf), counted(leaf & (size == 1)), counted(crowded, size[crowded]), counted(leaf & (size == 0)))  # fmt: skip
    if extension_level == 0:
        return GrownPlanes(_one_column(made, length, trees), None, *told)
    order = np.argsort(own, kind="stable")
    place = np.empty(len(order), dtype=np.int64)
    place[order] = np.arange(len(order))
    planes = Planes(
        made["normal"][order],
        made["point"][order],
        _children(made["left"], leaf, place, order),
        _children(made["right"], leaf, place, order),
        np.where(leaf, length, 0.0)[order],
        np.searchsorted(own[order], np.arange(trees)),
        batch.limit,
    )
    return GrownPlanes([], planes, *told)


def _children(child: Ints, leaf: NDArray[np.bool_], place: Ints, order: Ints) -> Ints:
    """The new numbers of children, a leaf's own number."""
    return np.where(leaf, place, place[child])[order]


def _one_column(made: dict[str, NDArray[Any]], length: Floats, trees: int) -> list[Tree]:
    """Trees of thresholds in place of planes across one column each."""
    normal, leaf = made["normal"], made["left"] < 0
    rows = np.arange(len(leaf))
    column = np.argmax(normal != 0, axis=1)
    rising = normal[rows, column] > 0
    # a rising plane has values up to its point on the left, a falling one those from its point on: then sides are changed
    threshold = made["point"][rows, column].astype(np.float64)
    threshold = np.where(rising, np.nextafter(threshold, np.inf), threshold)
    changed = {
        **made,
        "column": column,
        "threshold": threshold,
        "left": np.where(rising | leaf, made["left"], made["right"]),
        "right": np.where(rising | leaf, made["right"], made["left"]),
        "missing_left": rising,
    }
    return packed(changed, length, trees, normal.shape[1])
