"""Bounds between the leaves of a tree that must rise or fall with a column."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from artesian.learn.trees.grower import Tree

Floats = NDArray[np.float64]


def bounded_values(tree: Tree, values: Floats, directions: NDArray[np.int8]) -> Floats:
    """Leaf values [nodes] moved as little as the directions of columns ask for.

    At a split of a rising column every leaf on the left stays at or below, every leaf on the right at or above the middle
    between the two sides' means (by the rows that they hold). A split that only tells missing values from others, and one
    of a column without a direction, binds nothing.
    """
    result = values.copy()
    means = _means(tree, values)
    low, high = np.full(len(values), -np.inf), np.full(len(values), np.inf)
    for node in range(len(values)):
        feature = int(tree.feature[node])
        if feature < 0:
            result[node] = min(max(result[node], low[node]), high[node])
            continue
        left, right = int(tree.left[node]), int(tree.right[node])
        low[left] = low[right] = low[node]
        high[left] = high[right] = high[node]
        direction = int(directions[feature])
        if direction == 0 or tree.is_categorical[node] or not np.isfinite(tree.threshold[node]):
            continue
        middle = min(max((means[left] + means[right]) / 2, low[node]), high[node])
        below, above = (left, right) if direction > 0 else (right, left)
        high[below], low[above] = middle, middle
    return result


def _means(tree: Tree, values: Floats) -> Floats:
    """Mean leaf value below each node; children have higher numbers than their parents."""
    means = values.copy()
    for node in range(len(values) - 1, -1, -1):
        if tree.feature[node] >= 0:
            left, right = int(tree.left[node]), int(tree.right[node])
            total = tree.cover[left] + tree.cover[right]
            share = tree.cover[left] / total if total > 0 else 0.5
            means[node] = share * means[left] + (1 - share) * means[right]
    return means
