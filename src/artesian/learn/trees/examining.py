"""The tasks that workers run to look into models of trees. Arguments and results are plain data."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from artesian.core.errors import InvalidArgument, did_you_mean
from artesian.core.ids import new_key
from artesian.frame import Frame
from artesian.frame.segment import open_frame
from artesian.learn.base.calibration import Calibration
from artesian.learn.base.context import Context
from artesian.learn.base.details import Category
from artesian.learn.base.fold_bag import refuse_bag
from artesian.learn.base.model import Model, load_model, real_column
from artesian.learn.trees.friedman_popescu import h_statistic
from artesian.learn.trees.inspection import TreeNodes, tree_of
from artesian.learn.trees.interactions import interaction_tables

_BOOSTING = ("gbm", "xgboost")


def show_tree(
    context: Context, *, model_folder: str, number: int, tree_class: str | None, rules: str
) -> dict[str, Any]:
    """One tree of a model; see `inspection.tree_of`."""
    model: Any = load_model(model_folder)
    refuse_bag(model, "no trees of its own")
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


def reweigh(context: Context, *, model_folder: str, frame: Mapping[str, Any], weights_column: str) -> dict[str, Any]:
    """A copy of the model whose nodes count the rows of a frame: `{"folder", "empty"}`; see `TreesModel.reweigh`."""
    model: Any = load_model(model_folder)
    refuse_bag(model, "no trees of its own")
    if not hasattr(model, "reweigh"):
        raise InvalidArgument(f"Models of {model.details.title} have no trees whose weights could be changed.")
    table = open_frame(frame["manifest"])
    if weights_column not in table:
        raise InvalidArgument(f"The frame has no column '{weights_column}'.{did_you_mean(weights_column, table.names)}")
    weights = np.nan_to_num(np.asarray(table[weights_column].floats()))
    empty = model.reweigh(table, weights, threads=context.threads)
    return {"folder": str(model.save(context.scratch / new_key("model"))), "empty": empty}


def calibrate(context: Context, *, model_folder: str, calibration_folder: str) -> dict[str, Any]:
    """A copy of the model that another one calibrates, a logistic or an isotonic regression: `{"folder"}`.

    A logistic regression is of the probability of the first class, an isotonic one of that of the second, as in H2O-3.
    """
    model: Any = load_model(model_folder)
    refuse_bag(model, "no calibration")
    if not hasattr(model, "calibration") or model.details.category is not Category.BINOMIAL:
        raise InvalidArgument("Only models of trees for two classes can be calibrated.")
    model.calibration = _calibration(load_model(calibration_folder))
    return {"folder": str(model.save(context.scratch / new_key("model")))}


def _calibration(model: Any) -> Calibration:
    """The curve of a model of one column."""
    refuse_bag(model, "no single curve")
    details = model.details
    if len(details.predictors) == 1 and details.algorithm == "isotonicregression":
        return Calibration("IsotonicRegression", model.thresholds_x, model.thresholds_y)
    if len(details.predictors) == 1 and details.algorithm == "glm" and details.category is Category.BINOMIAL:
        ends = Frame(details.predictors, [real_column(np.array([0.0, 1.0]))])
        logits = np.log(model.raw(ends)[:, 1] / model.raw(ends)[:, 0])
        return Calibration("PlattScaling", np.zeros(0), np.array([logits[1], logits[0] - logits[1]]))
    raise InvalidArgument(
        "A model is calibrated by a binomial glm or an isotonic regression of one column, its predicted probabilities."
    )


def _all_nodes(model: Any, what: str) -> list[tuple[int, int, TreeNodes]]:
    assert isinstance(model, Model)
    refuse_bag(model, "no trees of its own")
    if model.details.algorithm not in _BOOSTING or not hasattr(model, "all_nodes"):
        raise InvalidArgument(f"{what} are told of models of gradient boosting; this is one of {model.details.title}.")
    nodes: list[tuple[int, int, TreeNodes]] = model.all_nodes()
    return nodes
