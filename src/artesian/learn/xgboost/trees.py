"""The trees of a booster as arrays: splits, thresholds, ways of missing values, gains, covers, leaves."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from artesian.learn.trees.forest import Forest
from artesian.learn.trees.grower import LONE_BITS, NO_CELL, Tree, packed_nodes
from artesian.learn.trees.inspection import TreeNodes


@dataclass(frozen=True)
class BoostedTree:
    """One tree; node 0 is the root. Rows whose input is below the threshold go left.

    `left`, `right` [nodes]: children, -1 for a leaf. `feature` [nodes]: the input that is split. `value` [nodes]: what a leaf
    adds (0 elsewhere). `missing_left` [nodes]: where missing inputs go. `gain` and `cover` [nodes]: the split's gain, and the
    sum of second derivatives of the node's rows.
    """

    left: NDArray[np.int32]
    right: NDArray[np.int32]
    feature: NDArray[np.int32]
    threshold: NDArray[np.float64]
    missing_left: NDArray[np.bool_]
    value: NDArray[np.float64]
    gain: NDArray[np.float64]
    cover: NDArray[np.float64]

    @property
    def is_leaf(self) -> NDArray[np.bool_]:
        """Which nodes are leaves."""
        return self.left < 0

    def value_of_missing(self) -> float:
        """What the tree adds to a row of which everything is missing."""
        node = 0
        while self.left[node] >= 0:
            node = int(self.left[node] if self.missing_left[node] else self.right[node])
        return float(self.value[node])

    def paths(self) -> list[str]:
        """The way from the root to each node, `L` and `R`."""
        found = [""] * len(self.left)
        ahead = [0]
        while ahead:
            node = ahead.pop()
            if self.left[node] >= 0:
                for child, step in ((int(self.left[node]), "L"), (int(self.right[node]), "R")):
                    found[child] = found[node] + step
                    ahead.append(child)
        return found


@dataclass(frozen=True)
class BoostedTrees:
    """All trees of a booster; `classes` [trees] says of which class each is, 0 where there is one output."""

    trees: tuple[BoostedTree, ...]
    classes: tuple[int, ...]

    def of_class(self, number: int) -> list[BoostedTree]:
        """The trees of a class, round by round."""
        return [tree for tree, own in zip(self.trees, self.classes, strict=True) if own == number]


def trees_of(booster: Any) -> BoostedTrees:
    """The trees of a booster of trees (gbtree or dart), read from its own JSON."""
    kept = json.loads(bytes(booster.save_raw("json")))["learner"]["gradient_booster"]
    model = kept.get("gbtree", kept)["model"]
    weights = kept.get("weight_drop", [1.0] * len(model["trees"]))  # what dart left of each tree
    trees = tuple(_tree(tree, weight) for tree, weight in zip(model["trees"], weights, strict=True))
    return BoostedTrees(trees, tuple(model["tree_info"]))


def _tree(kept: Mapping[str, Sequence[Any]], weight: float) -> BoostedTree:
    left = np.array(kept["left_children"], dtype=np.int32)
    conditions = np.array(kept["split_conditions"], dtype=np.float32).astype(np.float64)  # as the library holds them
    leaf = left < 0
    return BoostedTree(
        left,
        np.array(kept["right_children"], dtype=np.int32),
        np.array(kept["split_indices"], dtype=np.int32),
        np.where(leaf, 0.0, conditions),
        np.array(kept["default_left"], dtype=bool),
        np.where(leaf, conditions * weight, 0.0),
        np.array(kept["loss_changes"], dtype=np.float64),
        np.array(kept["sum_hessian"], dtype=np.float64),
    )


def forest_of(trees: BoostedTrees, one_hot_offsets: NDArray[np.int64], width: int) -> Forest:
    """The trees as one predictor of columns: first the one-hot ones, by the number of their level, then the numbers;
    `width` in all.

    `one_hot_offsets` [columns + 1]: where the inputs of each one-hot column start, and the end. The sum of a row's leaves is
    its margin, but for what the trees add to.
    """
    sizes = [len(tree.left) for tree in trees.trees]
    first = np.cumsum(sizes) - sizes

    def joined(name: str) -> NDArray[Any]:
        return np.concatenate([getattr(tree, name) for tree in trees.trees])

    shift = np.repeat(first, sizes)
    left, right = joined("left") + shift, joined("right") + shift
    leaf = joined("left") < 0
    levels = [first]
    while len(inner := levels[-1][~leaf[levels[-1]]]):
        levels.append(np.concatenate([left[inner], right[inner]]))
    extent, place = np.zeros(len(leaf), dtype=np.int64), np.zeros(len(leaf), dtype=np.int64)
    for level in reversed(levels):
        extent[level] = 1
        inner = level[~leaf[level]]
        extent[inner] += extent[left[inner]] + extent[right[inner]]
    for level in levels:
        inner = level[~leaf[level]]
        place[left[inner]] = place[inner] + 1
        place[right[inner]] = place[inner] + 1 + extent[left[inner]]
    reached = np.concatenate(levels)  # what was pruned is not
    start = np.cumsum(extent[first]) - extent[first]
    order = np.empty(len(reached), dtype=np.int64)
    order[np.repeat(start, sizes)[reached] + place[reached]] = reached
    column, cell, missing_left = _column_splits(
        joined("feature"), joined("threshold"), joined("missing_left"), one_hot_offsets
    )
    nodes = packed_nodes(
        column[order],
        np.where(leaf, joined("value"), joined("threshold"))[order],
        place[np.where(leaf, 0, right)][order],
        leaf[order],
        missing_left[order],
        cell[order],
    )
    nothing = np.zeros(len(nodes), dtype=np.float32)
    made = [
        Tree(width, nodes[a : a + n], LONE_BITS, nothing[a : a + n], nothing[a : a + n])
        for a, n in zip(start.tolist(), extent[first].tolist(), strict=True)
    ]
    return Forest(made, np.array(trees.classes, dtype=np.int32))


def _column_splits(
    feature: NDArray[np.int32],
    threshold: NDArray[np.float64],
    missing_left: NDArray[np.bool_],
    offsets: NDArray[np.int64],
) -> tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.bool_]]:
    """Of splits of inputs the column, the level that is parted from all others (see `packed_nodes`), and where missing goes.

    A one-hot input is 1 for its level and missing for all others.
    """
    one_hot = len(offsets) - 1
    column = np.searchsorted(offsets, feature, side="right") - 1
    is_level = feature < offsets[-1]
    column = np.where(is_level, column, feature - offsets[-1] + one_hot)
    level_left = threshold > 1
    cell = np.where(level_left == missing_left, NO_CELL, feature - offsets[np.minimum(column, one_hot)])
    return column.astype(np.int64), np.where(is_level, cell, -1).astype(np.int64), missing_left


def nodes_of(tree: BoostedTree, names: Sequence[str], n_one_hot: int) -> TreeNodes:
    """A tree as lists for whoever looks at it. A split on a one-hot input is told as at 1: other levels left, its level right."""
    inner = ~tree.is_leaf
    one_hot = inner & (tree.feature < n_one_hot)
    turned = one_hot & (tree.threshold > 1)  # the level itself goes left in the booster
    threshold = np.where(one_hot, 1.0, np.where(inner, tree.threshold, np.nan))
    return TreeNodes(
        [names[number] if split else None for number, split in zip(tree.feature, inner, strict=True)],
        threshold.tolist(),
        np.where(turned, tree.right, tree.left).tolist(),
        np.where(turned, tree.left, tree.right).tolist(),
        (tree.missing_left | one_hot).tolist(),
        [None] * len(inner),
        {},
        np.where(inner, np.nan, tree.value).tolist(),
        np.where(inner, tree.gain, 0.0).tolist(),
        tree.cover.tolist(),
    )
