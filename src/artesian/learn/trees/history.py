"""The summary of a model of trees, with H2O's columns."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from artesian.learn.base.scoring_history import NUMBER_OF_TREES
from artesian.learn.base.table import Cell, Table, TableColumn


def depth_of(left: NDArray[np.int32], right: NDArray[np.int32]) -> int:
    """Greatest number of splits between the root and a leaf, from the children of each node (-1: none)."""
    depth, level = 0, np.zeros(1, dtype=np.int64)
    while True:
        parents = level[left[level] >= 0]
        if not len(parents):
            return depth
        level = np.concatenate([left[parents], right[parents]]).astype(np.int64)
        depth += 1


def summary_table(rounds: int, depths: Sequence[int], leaves: Sequence[int], nbytes: int) -> Table:
    """What the trees look like: depths and leaves of single trees, of which there may be several a round.

    A tree that is a root alone has depth 0 and one leaf; H2O's statistics leave it out, so it does not count here either.
    """
    grown = [(depth, count) for depth, count in zip(depths, leaves, strict=True) if depth > 0]
    deep = np.array([depth for depth, _ in grown] or [0], dtype=np.float64)
    wide = np.array([count for _, count in grown] or [0], dtype=np.float64)
    columns: list[tuple[TableColumn, Sequence[Cell]]] = [
        (TableColumn("", "string", "%s", ""), [""]),
        (NUMBER_OF_TREES, [rounds]),
        (TableColumn("number_of_internal_trees", "long", "%d", "Number of Internal Trees"), [len(depths)]),
        (TableColumn("model_size_in_bytes", "long", "%d", "Model Size in Bytes"), [nbytes]),
        (TableColumn("min_depth", "long", "%d", "Min. Depth"), [int(deep.min())]),
        (TableColumn("max_depth", "long", "%d", "Max. Depth"), [int(deep.max())]),
        (TableColumn("mean_depth", "double", "%.5f", "Mean Depth"), [float(deep.mean())]),
        (TableColumn("min_leaves", "long", "%d", "Min. Leaves"), [int(wide.min())]),
        (TableColumn("max_leaves", "long", "%d", "Max. Leaves"), [int(wide.max())]),
        (TableColumn("mean_leaves", "double", "%.5f", "Mean Leaves"), [float(wide.mean())]),
    ]
    return Table.build("Model Summary", "", columns)
