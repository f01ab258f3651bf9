"""Many trees as one predictor: sums of leaves, leaves, stages, contributions, frequencies."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from artesian._native import TreeForest
from artesian.learn.trees.grid import RawColumns
from artesian.learn.trees.grower import Tree

Floats = NDArray[np.float64]
_ARRAYS = ("nodes", "bits", "gain", "cover")


class Forest:
    """Trees, and for each the class (0 … n_classes - 1) whose sum its leaves go to."""

    def __init__(self, trees: Sequence[Tree], tree_class: NDArray[np.int32]) -> None:
        self.trees = list(trees)
        self.tree_class = np.ascontiguousarray(tree_class, dtype=np.int32)

    @property
    def n_columns(self) -> int:
        """Number of columns that the trees were grown on."""
        return self.trees[0].n_columns if self.trees else 0

    @cached_property
    def _native(self) -> TreeForest:
        return TreeForest(
            [tree.nodes for tree in self.trees],
            [tree.bits for tree in self.trees],
            [tree.cover for tree in self.trees],
            self.tree_class,
            self.n_columns,
            int(self.tree_class.max(initial=0)) + 1,
        )

    # ---- predicting ----

    def predict(
        self, raw: RawColumns, *, n_classes: int = 1, threads: int = 1, first: int = 0, last: int | None = None
    ) -> Floats:
        """Sums of the leaves of trees first … last - 1 [n, n_classes]."""
        sums = np.zeros((raw.n_rows, n_classes))
        if self.trees:
            found = self._native.predict(
                raw.columns, raw.n_rows, first, len(self.trees) if last is None else last, threads
            )
            if found.shape[1] == n_classes:
                return found
            sums[:, : found.shape[1]] = found
        return sums

    def leaves(self, raw: RawColumns, *, threads: int = 1) -> NDArray[np.int32]:
        """The node number of the leaf that each row falls into [n, trees]."""
        return self._native.leaves(raw.columns, raw.n_rows, threads)

    def staged(self, raw: RawColumns, *, threads: int = 1) -> Floats:
        """The sum of the leaves after each tree, within the tree's class [n, trees]."""
        leaves = self.leaves(raw, threads=threads)
        staged = np.empty(leaves.shape)
        sums = np.zeros((raw.n_rows, int(self.tree_class.max(initial=0)) + 1))
        for number, tree in enumerate(self.trees):
            label = self.tree_class[number]
            sums[:, label] += tree.value[leaves[:, number]]
            staged[:, number] = sums[:, label]
        return staged

    def contributions(self, raw: RawColumns, *, n_classes: int = 1, threads: int = 1) -> Floats:
        """Shapley values of the columns, path-dependent, the expected sum last [n, columns + 1]; [classes, n, …] of several.

        Each row adds up to the sum of its leaves (Lundberg, Erion, Lee 2018).
        """
        found = self._native.contributions(raw.columns, raw.n_rows, threads)
        return found[0] if n_classes == 1 else found

    def contributions_interventional(
        self, raw: RawColumns, background: RawColumns, *, n_classes: int = 1, threads: int = 1
    ) -> Floats:
        """Shapley values against each background row, that row's sum last [n, background, columns + 1]; see `contributions`."""
        found = self._native.contributions_interventional(
            raw.columns, raw.n_rows, background.columns, background.n_rows, threads
        )
        return found[0] if n_classes == 1 else found

    def feature_frequencies(self, raw: RawColumns, *, threads: int = 1) -> NDArray[np.int32]:
        """How many times each column is asked on a row's way to its leaves [n, columns]."""
        return self._native.feature_frequencies(raw.columns, raw.n_rows, threads)

    def gains(self) -> Floats:
        """By how much the splits at each column lessened the squared error [columns]."""
        gains = np.zeros(self.n_columns)
        for tree in self.trees:
            split = ~tree.is_leaf
            gains += np.bincount(tree.feature[split], tree.gain[split].astype(np.float64), minlength=self.n_columns)
        return gains

    # ---- keeping ----

    def to_arrays(self) -> dict[str, NDArray[Any]]:
        """All trees as few arrays, ready to be written."""
        arrays: dict[str, NDArray[Any]] = {
            "n_columns": np.array([self.n_columns], dtype=np.int64),
            "tree_class": self.tree_class,
            "node_counts": np.array([tree.n_nodes for tree in self.trees], dtype=np.int64),
            "bit_counts": np.array([len(tree.bits) for tree in self.trees], dtype=np.int64),
        }
        for name in _ARRAYS:
            parts = [getattr(tree, name) for tree in self.trees]
            arrays[name] = np.concatenate(parts) if parts else np.empty(0)
        return arrays

    @classmethod
    def from_arrays(cls, arrays: Mapping[str, NDArray[Any]]) -> Forest:
        """The forest that `to_arrays` told of; ValueError, at the first prediction, where the arrays are broken."""
        nodes = np.concatenate([[0], np.cumsum(arrays["node_counts"])])
        bits = np.concatenate([[0], np.cumsum(arrays["bit_counts"])])
        trees = []
        for t in range(len(arrays["node_counts"])):
            part = slice(int(nodes[t]), int(nodes[t + 1]))
            trees.append(
                Tree(
                    int(arrays["n_columns"][0]),
                    np.ascontiguousarray(arrays["nodes"][part]),
                    np.ascontiguousarray(arrays["bits"][int(bits[t]) : int(bits[t + 1])]),
                    np.ascontiguousarray(arrays["gain"][part]),
                    np.ascontiguousarray(arrays["cover"][part]),
                )
            )
        return cls(trees, np.asarray(arrays["tree_class"], dtype=np.int32))
