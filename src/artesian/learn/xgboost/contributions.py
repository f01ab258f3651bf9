"""Contributions of inputs or columns to a booster's output: against its training rows (TreeSHAP), or a background."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from artesian.core.errors import InvalidArgument
from artesian.frame import Frame
from artesian.learn.base.background import background_frame
from artesian.learn.base.contributions import Contributions, contribution_frame
from artesian.learn.base.details import Category
from artesian.learn.trees.forest import Forest
from artesian.learn.trees.grid import RawColumns
from artesian.learn.trees.grower import Tree, packed_nodes
from artesian.learn.xgboost import rows
from artesian.learn.xgboost.plan import inputs_of
from artesian.learn.xgboost.trees import BoostedTree

if TYPE_CHECKING:
    from artesian.learn.xgboost.model import XGBoostModel

Floats = NDArray[np.float64]


def contributions(model: XGBoostModel, frame: Frame, value: Any, threads: int) -> Frame:
    """The frame that `predict_contributions` asks for; see `Contributions`."""
    options = Contributions.of(value)
    names, places = columns_of(model, compact=options.compact)
    if options.background is None:
        return contribution_frame(names, gathered(model.contributions(frame), places, len(names)), options)
    return _against_background(model, frame, options, names, places, threads)


def columns_of(model: XGBoostModel, *, compact: bool) -> tuple[list[str], NDArray[np.int64]]:
    """The names in the answer, and for each input the place of what it is told under."""
    inputs = model.design.input_names
    if not compact:
        return inputs, np.arange(len(inputs))
    found = inputs_of(model.design)
    places = np.empty(len(inputs), dtype=np.int64)
    for place, numbers in enumerate(found.values()):
        places[numbers] = place
    return list(found), places


def gathered(values: Floats, places: NDArray[np.int64], width: int) -> Floats:
    """Contributions [..., inputs + 1] summed up by place [..., width + 1]; the bias stays last."""
    told = np.zeros((*values.shape[:-1], width + 1))
    np.add.at(np.moveaxis(told, -1, 0), places, np.moveaxis(values[..., :-1], -1, 0))
    told[..., -1] = values[..., -1]
    return told


def _against_background(
    model: XGBoostModel,
    frame: Frame,
    options: Contributions,
    names: list[str],
    places: NDArray[np.int64],
    threads: int,
) -> Frame:
    assert options.background is not None
    if model.details.category is Category.MULTINOMIAL:
        raise InvalidArgument("Contributions are told for amounts and two classes; this model has more classes.")
    if model.details.actual("offset_column"):
        raise InvalidArgument("Contributions against a background are not told of models with an offset.")
    forest, start_value = forest_of(model), model.start_value()
    given, background = raw_columns(model, frame), raw_columns(model, options.background)

    def told(start: int, count: int, scaled: Callable[[Floats], Floats]) -> Floats:
        found = forest.contributions_interventional(given.slice(start, count), background, threads=threads)
        found = gathered(np.asarray(found, dtype=np.float64), places, len(names))
        found[..., -1] += start_value
        return scaled(found)

    return background_frame(names, given.n_rows, options, len(places), told, model.on_response)


def raw_columns(model: XGBoostModel, frame: Frame) -> RawColumns:
    """The inputs of a frame's rows one by one, NaN where missing or without an entry."""
    parts = []
    for _, block in rows.chunks(model.design, model.as_learnt(frame)):
        if isinstance(block, np.ndarray):
            parts.append(block)
            continue
        full = np.full(block.shape, np.nan, dtype=np.float32)
        full[np.repeat(np.arange(block.shape[0]), np.diff(block.indptr)), block.indices] = block.data
        parts.append(full)
    values = np.concatenate(parts)
    return RawColumns([np.ascontiguousarray(values[:, i]) for i in range(values.shape[1])], len(values))


def forest_of(model: XGBoostModel) -> Forest:
    """The booster's trees for the compiled predictor."""
    width = model.design.n_inputs
    trees = [_packed(tree, width) for tree in model.trees.trees]
    return Forest(trees, np.array(model.trees.classes, dtype=np.int32))


def _packed(tree: BoostedTree, width: int) -> Tree:
    """The tree with its nodes in preorder."""
    order, ahead = [], [0]
    while ahead:
        node = ahead.pop()
        order.append(node)
        if tree.left[node] >= 0:
            ahead += [int(tree.right[node]), int(tree.left[node])]
    chosen = np.array(order)
    place = np.zeros(len(tree.left), dtype=np.int64)
    place[chosen] = np.arange(len(chosen))
    leaf = tree.is_leaf[chosen]
    nodes = packed_nodes(
        np.where(leaf, 0, tree.feature[chosen]),
        np.where(leaf, tree.value[chosen], tree.threshold[chosen]),
        np.where(leaf, 0, place[tree.right[chosen]]),
        leaf,
        tree.missing_left[chosen],
    )
    gain, cover = tree.gain[chosen].astype(np.float32), tree.cover[chosen].astype(np.float32)
    return Tree(width, nodes, np.zeros(0, dtype=np.uint8), gain, cover)
