"""The trees of a booster as arrays: splits, thresholds, ways of missing values, gains, covers, leaves."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

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
    conditions = np.array(kept["split_conditions"], dtype=np.float64)
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
