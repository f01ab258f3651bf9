"""Frames of leaves: which leaf of each tree a row falls into, by its number or by the way to it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
import polars as pl
from numpy.typing import NDArray

from artesian.frame import Column, Frame


def leaf_frame(names: Sequence[str], leaves: NDArray[Any], paths: Callable[[int], Sequence[str]], kind: str) -> Frame:
    """A column a tree of the leaves' node numbers [rows, trees] (`Node_ID`), or of the turns on the way to them (`Path`).

    `paths(tree)` gives the turns from the root to each node of a tree, as `LRL`. A tree of a root alone has missing paths.
    """
    rows = len(leaves)
    if kind.lower() == "node_id":
        numbers = [np.ascontiguousarray(leaves[:, tree]) for tree in range(leaves.shape[1])]
        return Frame(list(names), [Column.integers(pl.Series(column)) for column in numbers], rows)
    columns = []
    for tree in range(leaves.shape[1]):
        reached, codes = np.unique(leaves[:, tree], return_inverse=True)
        turns = paths(tree)
        found = [turns[leaf] for leaf in reached]
        domain = sorted(path for path in found if path)
        place = {path: number for number, path in enumerate(domain)}
        mapped = pl.Series([place.get(path) for path in found], dtype=pl.UInt32)
        columns.append(Column.enums(mapped.gather(pl.Series(codes)), domain))
    return Frame(list(names), columns, rows)
