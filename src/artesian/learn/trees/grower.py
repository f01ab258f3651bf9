"""Grows regression trees on cells: the best split of each node by how much it lessens the weighted squared error.

The arithmetic is compiled; here are its options, and the tree that comes out.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from artesian._native import TreeGrower
from artesian.learn.trees.grid import CategoricalCells, Codes, NumericCells

Floats = NDArray[np.float64]
_NODE = np.dtype([("number", np.float64), ("right", np.uint32), ("meta", np.uint32)])
_SET = np.dtype(
    [("start", np.uint32), ("first", np.uint16), ("bytes", np.uint16), ("right", np.uint32), ("meta", np.uint32)]
)
LONE_BITS = np.append(1 << np.arange(8), 0).astype(np.uint8)
"""The `bits` of trees whose splits by category part one cell each: a byte for each place in a byte, and an empty one."""
NO_CELL = -2
_LEAF, _CATEGORICAL, _MISSING_LEFT, _COLUMN = 1 << 31, 1 << 30, 1 << 29, (1 << 24) - 1


@dataclass(frozen=True)
class GrowOptions:
    """How far and by what rules a tree grows.

    `min_rows`: least count of rows (or of their `count`) on either side. `bins`, `bins_top_level`: at depth d the range of a
    node's values is cut into max(bins, bins_top_level >> d) bins of equal width, between which it may be split.
    `min_split_improvement`: least share of the node's squared error that a split must take away. `split_columns`: columns
    drawn anew for each split (0: all); `level_column_rate` (rate, change): at depth d the number is times rate · change^d.
    `monotone` [columns]: 1 rising, -1 falling, 0 free. `interaction_sets`: columns that may meet on a path; one in no set is
    not used. `random_splits`: as many random points in place of bins. `leaf_bound`: largest size of a leaf's value.
    """

    max_depth: int = 20
    min_rows: float = 1.0
    bins: int = 20
    bins_top_level: int = 1024
    min_split_improvement: float = 1e-5
    split_columns: int = 0
    level_column_rate: tuple[float, float] = (1.0, 1.0)
    monotone: NDArray[np.int8] | None = None
    interaction_sets: list[list[int]] | None = None
    random_splits: bool = False
    leaf_bound: float = np.inf


@dataclass(frozen=True)
class Tree:
    """A binary tree in preorder: the left child of node i is node i + 1.

    `nodes` uint64 [n, 2]: what the compiled predictor reads. `bits` uint8: the sets of cells of categorical splits. `gain`,
    `cover` float32 [n]: by how much a node's split lessens the weighted squared error (0: leaf), and the weight of its rows.
    `lower`, `upper` [n]: bounds by monotone constraints; None without any.
    """

    n_columns: int
    nodes: NDArray[np.uint64]
    bits: NDArray[np.uint8]
    gain: NDArray[np.float32]
    cover: NDArray[np.float32]
    lower: Floats | None = field(default=None)
    upper: Floats | None = field(default=None)

    @property
    def _packed(self) -> NDArray[Any]:
        return self.nodes.view(_NODE)[:, 0]

    def _flagged(self, flag: int) -> NDArray[np.bool_]:
        flagged: NDArray[np.bool_] = (self._packed["meta"] & flag) != 0
        return flagged

    @property
    def n_nodes(self) -> int:
        """Number of nodes."""
        return len(self.nodes)

    @property
    def nbytes(self) -> int:
        """Bytes of all arrays."""
        bounds = 0 if self.lower is None or self.upper is None else self.lower.nbytes + self.upper.nbytes
        return self.nodes.nbytes + self.bits.nbytes + self.gain.nbytes + self.cover.nbytes + bounds

    @property
    def is_leaf(self) -> NDArray[np.bool_]:
        """Which nodes are leaves."""
        return self._flagged(_LEAF)

    @property
    def feature(self) -> NDArray[np.int32]:
        """The column that a node is split at; -1 for a leaf."""
        column = (self._packed["meta"] & _COLUMN).astype(np.int32)
        return np.where(self.is_leaf, np.int32(-1), column)

    @property
    def is_categorical(self) -> NDArray[np.bool_]:
        """Which nodes are split by category."""
        return self._flagged(_CATEGORICAL)

    @property
    def missing_left(self) -> NDArray[np.bool_]:
        """Where missing values (and cells without rows in training) go left."""
        return self._flagged(_MISSING_LEFT)

    @property
    def threshold(self) -> Floats:
        """Numbers below go left; NaN for a leaf, a split by category, and a split of missing values from all others."""
        return np.where(self.is_leaf | self.is_categorical, np.nan, self._packed["number"])

    @property
    def value(self) -> Floats:
        """The value of a leaf; NaN for other nodes."""
        return np.where(self.is_leaf, self._packed["number"], np.nan)

    @property
    def left(self) -> NDArray[np.int32]:
        """The left child; -1 for a leaf."""
        return np.where(self.is_leaf, np.int32(-1), np.arange(1, self.n_nodes + 1, dtype=np.int32))

    @property
    def right(self) -> NDArray[np.int32]:
        """The right child; -1 for a leaf."""
        return np.where(self.is_leaf, np.int32(-1), self._packed["right"].astype(np.int32))

    def left_cells(self, node: int, n_cells: int) -> NDArray[np.bool_]:
        """Which of its column's cells go left at a split by category [cells]."""
        entry = self.nodes[node : node + 1].view(_SET)[0, 0]
        start, first, length = int(entry["start"]), int(entry["first"]), int(entry["bytes"])
        apart = np.zeros(8 * (first + length), dtype=bool)
        apart[8 * first :] = np.unpackbits(self.bits[start : start + length], bitorder="little")
        apart = (
            np.resize(apart, n_cells)
            if len(apart) >= n_cells
            else np.append(apart, np.zeros(n_cells - len(apart), bool))
        )
        missing_left = bool(entry["meta"] & _MISSING_LEFT)
        return ~apart if missing_left else apart

    def with_leaf_values(self, values: NDArray[Any]) -> Tree:
        """The same splits with other values [nodes] of the leaves; what stands at other nodes is not read."""
        nodes = self.nodes.copy()
        leaf = self.is_leaf
        nodes.view(_NODE)[:, 0]["number"][leaf] = np.asarray(values, dtype=np.float64)[leaf]
        return replace(self, nodes=nodes)


def packed_nodes(
    column: NDArray[np.integer],
    number: Floats,
    right: NDArray[np.integer],
    leaf: NDArray[np.bool_],
    missing_left: NDArray[np.bool_],
    lone_cell: NDArray[np.integer] | None = None,
) -> NDArray[np.uint64]:
    """The `nodes` of trees that were grown elsewhere, uint64 [n, 2]; one entry a node in preorder.

    `number`: the threshold, or the value of a leaf. `right`: the number of the right child within the tree. `lone_cell`, for
    trees whose `bits` are `LONE_BITS`: the one cell that a split by category parts from all others and from missing values,
    `NO_CELL` where it parts none, -1 for a split at a number.
    """
    nodes = np.zeros(len(column), dtype=_NODE)
    nodes["number"] = number
    nodes["right"] = np.where(leaf, 0, right)
    flags = np.where(leaf, _LEAF, np.where(missing_left, _MISSING_LEFT, 0))
    nodes["meta"] = flags | np.where(leaf, 0, column)
    if lone_cell is not None:
        by_cell = np.flatnonzero(~leaf & (lone_cell != -1))
        cell, sets = lone_cell[by_cell], nodes.view(_SET)
        sets["start"][by_cell] = np.where(cell == NO_CELL, 8, cell & 7)
        sets["first"][by_cell] = np.where(cell == NO_CELL, 0, cell >> 3)
        sets["bytes"][by_cell] = 1
        sets["meta"][by_cell] |= _CATEGORICAL
    return nodes.view(np.uint64).reshape(-1, 2)


class Grower:
    """Grows trees on the same cells, one at a time."""

    def __init__(self, codes: Codes, options: GrowOptions, threads: int = 1) -> None:
        self._bound = options.leaf_bound
        self._n_columns = len(codes.columns)
        numeric = [cells if isinstance(cells, NumericCells) else None for cells in codes.cells]
        rate, change = options.level_column_rate
        split_columns = options.split_columns
        if rate != 1.0:
            split_columns = max(1, int((split_columns or self._n_columns) * rate))
        self._native = TreeGrower(
            codes.columns,
            [None if cells is None else cells.cuts for cells in numeric],
            [None if cells is None else cells.positions for cells in numeric],
            np.array([cells.n_cells for cells in codes.cells], dtype=np.int32),
            np.array([isinstance(cells, CategoricalCells) for cells in codes.cells], dtype=np.uint8),
            np.array([cells is None or cells.integer for cells in numeric], dtype=np.uint8),
            codes.n_rows,
            threads=threads,
            max_depth=options.max_depth,
            min_rows=options.min_rows,
            bins=options.bins,
            bins_top_level=options.bins_top_level,
            min_split_improvement=options.min_split_improvement,
            split_columns=split_columns,
            columns_change=change,
            random_splits=options.random_splits,
            monotone=None if options.monotone is None else [int(direction) for direction in options.monotone],
            interactions=options.interaction_sets,
        )

    def grow(
        self,
        target: NDArray[np.floating],
        weight: NDArray[np.floating] | None = None,
        *,
        count: NDArray[np.floating] | None = None,
        rows: NDArray[np.uint32] | None = None,
        columns: NDArray[np.uint32] | None = None,
        seed: int = 0,
    ) -> tuple[Tree, NDArray[np.int32]]:
        """A tree, and the node number of each row's leaf [n], for rows out of the bag too.

        Splits lessen the `weight`ed squared error of `target` [n] (for a Newton step: target -g/h, weight h). `count` [n]:
        what `min_rows` counts; None: the weights, which are 1 each without. Rows whose weight is not above 0 count as out
        of the bag. `rows`: those in the bag (None: all). `columns`: those of this tree (None: all).
        """
        same = count is None or count is weight
        weights = None if weight is None else np.ascontiguousarray(weight, dtype=np.float32)
        nodes, bits, gain, cover, lower, upper, leaf = self._native.grow(
            np.ascontiguousarray(target, dtype=np.float32),
            weights,
            weights if same else np.ascontiguousarray(count, dtype=np.float32),
            None if rows is None else np.ascontiguousarray(rows, dtype=np.uint32),
            None if columns is None else np.ascontiguousarray(columns, dtype=np.uint32),
            seed & (2**64 - 1),
        )
        bounds = (lower, upper) if len(lower) else (None, None)
        tree = Tree(self._n_columns, nodes, bits, gain, cover, *bounds)
        if self._bound != np.inf:
            tree = tree.with_leaf_values(np.clip(tree.value, -self._bound, self._bound))
        return tree, leaf
