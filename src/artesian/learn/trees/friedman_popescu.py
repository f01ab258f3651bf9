"""The H statistic of Friedman and Popescu: how much of the joint effect of columns is interaction.

Friedman and Popescu, Predictive Learning via Rule Ensembles (2008), section 8.1: the centred partial dependence on all
columns together, less (plus) those on their subsets, squared and summed over the rows, against the first alone. Partial
dependence goes by the trees: at splits on other columns both ways are taken, weighted by the rows of the training.
"""

from __future__ import annotations

import itertools
import math
from collections.abc import Iterable, Sequence

import numpy as np
from numpy.typing import NDArray

from artesian.core.errors import InvalidArgument, NotAvailable, did_you_mean
from artesian.frame import Frame
from artesian.learn.trees.inspection import TreeNodes

Floats = NDArray[np.float64]
MOST_VARIABLES = 8
"""2^n partial dependences are worked out for n variables."""


def h_statistic(frame: Frame, variables: Sequence[str], known: Sequence[str], trees: Iterable[TreeNodes]) -> float:
    """H of the variables on a frame's rows, 0 (no interaction) to 1; NaN where rounding outweighs weak effects.

    `known` are the columns that the model learnt from. InvalidArgument for variables that are no numbers of the frame.
    """
    _check(frame, variables, known)
    values = np.column_stack([np.asarray(frame[name].floats()) for name in variables])
    rows, counts = np.unique(values, axis=0, return_counts=True, equal_nan=True)
    trees = list(trees)
    effects: dict[tuple[int, ...], Floats] = {}
    for size in range(1, len(variables) + 1):
        for subset in itertools.combinations(range(len(variables)), size):
            effects[subset] = _centred(rows, counts, subset, variables, trees)
    whole = tuple(range(len(variables)))
    rest = sum(((-1) ** (len(whole) - len(subset)) * effect for subset, effect in effects.items()), np.zeros(len(rows)))
    above, below = float(counts @ rest**2), float(counts @ effects[whole] ** 2)
    return math.sqrt(above / below) if above < below else math.nan


def _check(frame: Frame, variables: Sequence[str], known: Sequence[str]) -> None:
    if not 2 <= len(set(variables)) == len(variables) <= MOST_VARIABLES:
        raise InvalidArgument(
            f"The H statistic is of 2 to {MOST_VARIABLES} different variables. Got {list(variables)}."
        )
    for name in variables:
        if name not in frame:
            raise InvalidArgument(f"Column {name} is not present in the input frame!{did_you_mean(name, frame.names)}")
        if name not in known:
            raise InvalidArgument(f"The model does not learn from the column '{name}'.{did_you_mean(name, known)}")
        if not frame[name].type.is_numeric:
            raise NotAvailable(f"The H statistic is of numeric variables; '{name}' is of type {frame[name].type}.")
    if not frame.n_rows:
        raise InvalidArgument("The frame has no rows.")


def _centred(
    rows: Floats, counts: NDArray[np.int64], subset: tuple[int, ...], variables: Sequence[str], trees: list[TreeNodes]
) -> Floats:
    """Partial dependence on a subset of the variables for each distinct row, less its mean over all rows."""
    own, place = np.unique(rows[:, subset], axis=0, return_inverse=True, equal_nan=True)
    columns = {variables[number]: own[:, i] for i, number in enumerate(subset)}
    effect = np.zeros(len(own))
    for tree in trees:
        effect += _dependence(tree, columns, len(own))
    spread = np.asarray(effect[place.ravel()])
    return np.asarray(spread - (counts @ spread) / counts.sum())


def _dependence(tree: TreeNodes, columns: dict[str, Floats], n_rows: int) -> Floats:
    """One tree's partial dependence for rows of the given columns [n_rows]."""
    total = np.zeros(n_rows)
    weights: dict[int, Floats] = {0: np.ones(n_rows)}
    for node, name in enumerate(tree.feature):
        weight = weights.pop(node, None)
        if weight is None:
            continue
        if name is None:
            total += weight * tree.value[node]
            continue
        left, right = tree.left[node], tree.right[node]
        if name in columns and tree.left_levels[node] is None:
            values = columns[name]
            with np.errstate(invalid="ignore"):
                below = values < tree.threshold[node]
            if np.isnan(tree.threshold[node]):  # missing values apart from all others
                below = np.full(n_rows, not tree.missing_left[node])
            goes_left = np.where(np.isnan(values), tree.missing_left[node], below).astype(np.float64)
        else:
            both = tree.cover[left] + tree.cover[right]
            goes_left = np.full(n_rows, tree.cover[left] / both if both > 0 else 0.5)
        weights[left], weights[right] = weight * goes_left, weight * (1 - goes_left)
    return total
