"""What a tabular model tells of itself: its layers, and how much each column matters."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from artesian.learn.base.table import Table, TableColumn
from artesian.learn.deeplearning.tabular.inputs import Inputs
from artesian.learn.deeplearning.tabular.model import TabularModel
from artesian.learn.deeplearning.tabular.network import EMBEDDING, NUMBER_WIDTH
from artesian.learn.deeplearning.tabular.recipe import Recipe

_COLUMNS = (
    TableColumn("", "string", "%s", ""),
    TableColumn("layer", "int", "%d", "Layer"),
    TableColumn("units", "int", "%d", "Units"),
    TableColumn("type", "string", "%s", "Type"),
    TableColumn("dropout", "double", "%2.2f %%", "Dropout"),
    TableColumn("weights", "int", "%d", "Weights"),
)
IMPORTANCE_ROWS = 256


def layer_table(model: TabularModel, recipe: Recipe) -> Table:
    """The table "Status of Neuron Layers" of one network; the others are alike."""
    network = model.network
    columns = len(model.inputs.numbers) + len(model.inputs.one_hot) + len(model.inputs.embedded)
    first = sum(b.size for b in network.blocks if b.name.split(".")[0] not in ("weights", "bias", "mix"))
    rows: list[tuple[Any, ...]] = [("", 1, columns, "Columns", None, None)]
    rows.append(("", 2, network.n_inputs, "Embeddings, learnt scale", None, first))
    kind = "Mixed Mish" if network.is_mish else "Mixed SELU"
    for layer, units in enumerate((*network.hidden, network.n_outputs)):
        last = layer == len(network.hidden)
        name = ("Softmax" if recipe.is_classification else "Linear") if last else kind
        weights = (network.sizes[layer] + (1 if last else 2)) * units
        rows.append(("", layer + 3, units, name, None if last else recipe.dropout * 100, weights))
    updates = model.progress.get("updates", 0)
    headline = (
        f"predicting {model.details.response}, mean of {len(model.members)} networks of {network.n_weights:,} weights/biases each, "
        f"{updates:,} updates each, mini-batch size {recipe.batch:,}"
    )
    cells = list(zip(*rows, strict=True))
    return Table.build("Status of Neuron Layers", headline, list(zip(_COLUMNS, cells, strict=True)))


def importances(model: TabularModel, inputs: Inputs) -> NDArray[np.float64]:
    """How much each predictor matters [predictors], in their order, from rows that were trained on.

    By how much the outputs (of classes: each logit against the mean of all) change where all inputs of the column take
    their means: the root of the mean square over rows and outputs, the mean of it over networks.
    """
    network = model.network.twin()
    width = NUMBER_WIDTH if network.embeds_numbers else 1
    sources = np.array(model.inputs.sources(width, EMBEDDING))
    total = np.zeros(len(model.inputs.predictors))
    for weights in model.members:
        views = network.views(weights)
        h = network.embedded(views, inputs).copy()
        whole = _centred(network.forward_embedded(views, h))
        for place, name in enumerate(model.inputs.predictors):
            own = np.flatnonzero(sources == name)
            if len(own):
                without = h.copy()
                without[:, own] = h[:, own].mean(axis=0)
                change = _centred(network.forward_embedded(views, without)) - whole
                total[place] += float(np.sqrt(np.mean(change**2)))
    return np.nan_to_num(total / max(1, len(model.members)), nan=0.0, posinf=0.0)


def _centred(outputs: NDArray[np.float32]) -> NDArray[np.float64]:
    """Amounts, or logits against their mean: what is the same for all classes changes no probability."""
    values = outputs.astype(np.float64)
    return values if values.shape[1] == 1 else values - values.mean(axis=1, keepdims=True)
