"""Which rows and columns each tree is grown on: functions of the tree's seed alone.

A forest that is continued finds the rows that earlier trees did not see again from their seeds.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from artesian.learn.base.balancing import generator

Floats = NDArray[np.float64]
_ROUND, _ROWS, _COLUMNS, _NOISE = 0x70, 0x71, 0x72, 0x73
_SEEDS = 2**62


def round_seed(seed: int, number: int) -> int:
    """The seed of a round of trees, by the seed of the training and the round's number from 0."""
    return int(generator(seed, _ROUND, number).integers(_SEEDS))


def rows_in_bag(
    seed: int, n_rows: int, rate: float, rates: Sequence[float] | None = None, codes: NDArray[np.int64] | None = None
) -> NDArray[np.bool_] | None:
    """Which rows a tree is grown on [n]; None for all. Each is drawn by itself, by its class's rate where there are rates."""
    if rates is None and rate >= 1:
        return None
    drawn = generator(seed, _ROWS).random(n_rows, dtype=np.float32)
    if rates is None or codes is None:
        return np.asarray(drawn < rate)
    return np.asarray(drawn < np.asarray(rates, dtype=np.float64)[codes])


def columns_of_tree(seed: int, candidates: NDArray[np.uint32], count: int) -> NDArray[np.uint32]:
    """The columns that a tree is grown with, ascending: `count` of the candidates, at least one."""
    if count >= len(candidates):
        return candidates
    chosen = generator(seed, _COLUMNS).choice(candidates, max(1, count), replace=False)
    return np.sort(chosen).astype(np.uint32)


def leaf_noise(seed: int, n_leaves: int, bandwidth: float) -> Floats:
    """Random factors around 1, one a leaf."""
    return np.asarray(1.0 + bandwidth * generator(seed, _NOISE).standard_normal(n_leaves))
