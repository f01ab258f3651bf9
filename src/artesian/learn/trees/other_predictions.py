"""Leaves, stages, contributions and frequencies: what a model of trees tells of rows beside predictions."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import numpy as np
import polars as pl
from numpy.typing import NDArray

from artesian.core.errors import InvalidArgument
from artesian.frame import Column, Frame
from artesian.learn.base.contributions import Contributions, contribution_frame
from artesian.learn.base.details import Category
from artesian.learn.base.model import real_column
from artesian.learn.trees.grower import Tree
from artesian.learn.trees.sampling import rows_in_bag

if TYPE_CHECKING:
    from artesian.learn.trees.model import TreesModel

Floats = NDArray[np.float64]


def tree_names(model: TreesModel) -> list[str]:
    """A name a tree: `T1`, `T2` … of amounts, `T1.C1`, `T1.C2` … of classes."""
    if model.details.category is Category.REGRESSION:
        return [f"T{number + 1}" for number in model.tree_round]
    return [f"T{n + 1}.C{label + 1}" for n, label in zip(model.tree_round, model.tree_class, strict=True)]


def leaf_nodes(model: TreesModel, frame: Frame, value: Any, threads: int) -> Frame:
    """The leaf of each row in each tree: its node number (`Node_ID`), or the turns on the way to it as `LRL` (`Path`)."""
    leaves = model.forest.leaves(model.raw_columns(frame), threads=threads)
    names = tree_names(model)
    if str(value) == "Node_ID":
        columns = [Column.integers(pl.Series(np.ascontiguousarray(leaves[:, t]))) for t in range(leaves.shape[1])]
        return Frame(names, columns, frame.n_rows)
    columns = []
    for number, tree in enumerate(model.trees):
        reached, codes = np.unique(leaves[:, number], return_inverse=True)
        paths = paths_of(tree)
        found = [paths[leaf] for leaf in reached]
        order = sorted(range(len(found)), key=found.__getitem__)
        place = np.empty(len(found), dtype=np.int64)
        place[order] = np.arange(len(found))
        columns.append(Column.enums(pl.Series(place[codes]), [found[i] for i in order]))
    return Frame(names, columns, frame.n_rows)


def paths_of(tree: Tree) -> list[str]:
    """The turns (L, R) from the root to each node."""
    paths = [""] * tree.n_nodes
    left, right = tree.left, tree.right
    for node in np.flatnonzero(left >= 0):
        paths[left[node]] = paths[node] + "L"
        paths[right[node]] = paths[node] + "R"
    return paths


def staged_probabilities(model: TreesModel, frame: Frame, value: Any, threads: int) -> Frame:
    """Probabilities of classes after each round of trees; of two classes that of the first."""
    from artesian.learn.trees.model import BoostingModel

    if not isinstance(model, BoostingModel):
        raise InvalidArgument("Staged predictions are those of gradient boosting; this model averages its trees.")
    raw, offsets = model.raw_columns(frame), model.offsets(frame)
    sums = np.zeros((frame.n_rows, model.trees_per_round))
    columns: list[Column] = []
    rounds = np.array(model.tree_round)
    for number in range(model.n_rounds):
        first, last = (int(place) for place in np.searchsorted(rounds, [number, number + 1]))
        sums += model.sums(raw, threads=threads, first=first, last=last)
        outputs = model.outputs(sums, offsets, number + 1)
        staged = outputs[:, None] if outputs.ndim == 1 else outputs
        columns += [real_column(staged[:, label]) for label in model.tree_class[first:last]]
    return Frame(tree_names(model), columns, frame.n_rows)


def feature_frequencies(model: TreesModel, frame: Frame, value: Any, threads: int) -> Frame:
    """How often each column is asked on a row's way to its leaves."""
    counts = model.forest.feature_frequencies(model.raw_columns(frame), threads=threads)
    columns = [Column.integers(pl.Series(np.ascontiguousarray(counts[:, i]))) for i in range(counts.shape[1])]
    return Frame(model.feature_names, columns, frame.n_rows)


def rows_of_trees(model: TreesModel, frame: Frame, value: Any, threads: int) -> Frame:
    """Which rows of the training frame each round of trees was grown on: 1, or 0."""
    details = model.details
    if details.actual("balance_classes"):
        raise InvalidArgument("The rows of this model were drawn to balance its classes; they are no rows of a frame.")
    actual = model.scorer.actual(frame)
    if actual is None:
        raise InvalidArgument(f"The frame has no response column '{details.response}'; give the training frame.")
    eligible = ~np.isnan(actual)
    weights = model.scorer.weights(frame)
    if weights is not None:
        eligible &= weights > 0
    rates = details.actual("sample_rate_per_class")
    classes = actual[eligible].astype(np.int64) if details.category.is_classifier else None
    columns = [Column.integers(pl.Series(np.arange(frame.n_rows)))]
    for seed in model.seeds:
        in_bag = rows_in_bag(seed, int(eligible.sum()), details.actual("sample_rate"), rates, classes)
        taken = np.zeros(frame.n_rows, dtype=np.int8)
        taken[eligible] = 1 if in_bag is None else in_bag
        columns.append(Column.integers(pl.Series(taken)))
    return Frame(["row_id", *(f"tree_{n + 1}" for n in range(model.n_rounds))], columns, frame.n_rows)


def contributions(model: TreesModel, frame: Frame, value: Any, threads: int) -> Frame:
    """What each column adds to the output of each row (Shapley values), and the output without any of them."""
    if model.details.category is Category.MULTINOMIAL:
        raise InvalidArgument("Contributions are told for amounts and two classes; this model has more classes.")
    if model.trees_per_round > 1:
        raise InvalidArgument("Contributions need one tree a round; this model was trained with binomial_double_trees.")
    options = Contributions.of(value)
    if options.background is None:
        found = model.forest.contributions(model.raw_columns(frame), threads=threads)
        return contribution_frame(model.feature_names, model.shares_of_output(found), options)
    from artesian.learn.trees.background import background_contributions

    return background_contributions(model, frame, options, threads)


Option = Callable[["TreesModel", Frame, Any, int], Frame]
OPTIONS: dict[str, Option] = {
    "leaf_node_assignment": leaf_nodes,
    "predict_staged_proba": staged_probabilities,
    "predict_contributions": contributions,
    "feature_frequencies": feature_frequencies,
    "row_to_tree_assignment": rows_of_trees,
}
