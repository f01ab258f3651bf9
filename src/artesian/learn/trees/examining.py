"""The tasks that workers run to look into models of trees. Arguments and results are plain data."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from artesian.core.errors import InvalidArgument
from artesian.frame.segment import open_frame
from artesian.learn.base.context import Context
from artesian.learn.base.model import Model, load_model
from artesian.learn.trees.friedman_popescu import h_statistic
from artesian.learn.trees.inspection import TreeNodes, tree_of
from artesian.learn.trees.interactions import interaction_tables

_BOOSTING = ("gbm", "xgboost")


def show_tree(
    context: Context, *, model_folder: str, number: int, tree_class: str | None, rules: str
) -> dict[str, Any]:
    """One tree of a model; see `inspection.tree_of`."""
    model: Any = load_model(model_folder)
    if not hasattr(model, "tree_nodes"):
        raise InvalidArgument("Given model is not tree-based.")
    return tree_of(model, number, tree_class, rules)


def find_interactions(
    context: Context, *, model_folder: str, max_interaction_depth: int, max_tree_depth: int, max_deepening: int
) -> dict[str, Any]:
    """`{"tables": […]}`: see `interactions.interaction_tables`."""
    trees = [(number, nodes) for number, _, nodes in _all_nodes(load_model(model_folder), "Feature interactions")]
    context.check()
    tables = interaction_tables(trees, max_interaction_depth, max_tree_depth, max_deepening)
    return {"tables": [table.to_dict() for table in tables]}


def find_h(
    context: Context, *, model_folder: str, frame: Mapping[str, Any], variables: Sequence[str]
) -> dict[str, Any]:
    """`{"h": …}`: see `friedman_popescu.h_statistic`; of several classes that of the first."""
    model = load_model(model_folder)
    trees = [nodes for _, label, nodes in _all_nodes(model, "The H statistic") if label == 0]
    context.check()
    return {"h": h_statistic(open_frame(frame["manifest"]), variables, model.details.predictors, trees)}


def _all_nodes(model: Any, what: str) -> list[tuple[int, int, TreeNodes]]:
    assert isinstance(model, Model)
    if model.details.algorithm not in _BOOSTING or not hasattr(model, "all_nodes"):
        raise InvalidArgument(f"{what} are told of models of gradient boosting; this is one of {model.details.title}.")
    nodes: list[tuple[int, int, TreeNodes]] = model.all_nodes()
    return nodes
