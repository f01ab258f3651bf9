"""The trees of a booster as arrays: splits, thresholds, ways of missing values, gains, covers, leaves."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray


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
    return BoostedTrees(tuple(_tree(tree) for tree in model["trees"]), tuple(model["tree_info"]))


def _tree(kept: Mapping[str, Sequence[Any]]) -> BoostedTree:
    left = np.array(kept["left_children"], dtype=np.int32)
    conditions = np.array(kept["split_conditions"], dtype=np.float64)
    leaf = left < 0
    return BoostedTree(
        left,
        np.array(kept["right_children"], dtype=np.int32),
        np.array(kept["split_indices"], dtype=np.int32),
        np.where(leaf, 0.0, conditions),
        np.array(kept["default_left"], dtype=bool),
        np.where(leaf, conditions, 0.0),
        np.array(kept["loss_changes"], dtype=np.float64),
        np.array(kept["sum_hessian"], dtype=np.float64),
    )
