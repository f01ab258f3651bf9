"""The table of layers: what each layer is and how its weights and rates stand."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from artesian._native import NeuralNetwork
from artesian.learn.base.details import Category
from artesian.learn.base.table import Table, TableColumn
from artesian.learn.deeplearning.plan import Plan, has_dropout

_COLUMNS = (
    TableColumn("", "string", "%s", ""),
    TableColumn("layer", "int", "%d", "Layer"),
    TableColumn("units", "int", "%d", "Units"),
    TableColumn("type", "string", "%s", "Type"),
    TableColumn("dropout", "double", "%2.2f %%", "Dropout"),
    TableColumn("l1", "double", "%5f", "L1"),
    TableColumn("l2", "double", "%5f", "L2"),
    TableColumn("mean_rate", "double", "%5f", "Mean Rate"),
    TableColumn("rate_rms", "double", "%5f", "Rate RMS"),
    TableColumn("momentum", "double", "%5f", "Momentum"),
    TableColumn("mean_weight", "double", "%5f", "Mean Weight"),
    TableColumn("weight_rms", "double", "%5f", "Weight RMS"),
    TableColumn("mean_bias", "double", "%5f", "Mean Bias"),
    TableColumn("bias_rms", "double", "%5f", "Bias RMS"),
)
_STATISTICS = ("mean_rate", "rate_rms", "momentum", "mean_weight", "weight_rms", "mean_bias", "bias_rms")


def layer_table(network: NeuralNetwork, plan: Plan, response: str | None, samples: int) -> Table:
    """The table "Status of Neuron Layers"; statistics are left out without `diagnostics`."""
    p = plan.parameters
    units = network.units
    statistics: dict[str, NDArray[np.float64]] = network.statistics() if p.diagnostics else {}
    rows: list[tuple[Any, ...]] = []
    last = len(units) - 1
    for layer, size in enumerate(units):
        if layer == 0:
            rows.append(("", 1, size, "Input", p.input_dropout_ratio * 100, None, None, *[None] * len(_STATISTICS)))
            continue
        dropout = None
        if layer < last:
            dropout = plan.hidden_dropout[layer - 1] * 100 if plan.hidden_dropout else 0.0
        numbers = [_at(statistics.get(name), layer - 1) for name in _STATISTICS]
        rows.append(("", layer + 1, size, _layer_type(plan, layer == last), dropout, p.l1, p.l2, *numbers))
    return Table.build(
        "Status of Neuron Layers",
        _headline(network, plan, response, samples),
        list(zip(_COLUMNS, zip(*rows, strict=True), strict=True)),
    )


def _at(values: NDArray[np.float64] | None, index: int) -> float | None:
    return None if values is None else float(values[index])


def _layer_type(plan: Plan, is_last: bool) -> str:
    activation = plan.parameters.activation
    plain = activation.removesuffix("WithDropout")
    if not is_last:
        return f"{plain}Dropout" if has_dropout(activation) else plain
    if plan.category is Category.AUTOENCODER:
        return plain
    return "Softmax" if plan.is_classification else "Linear"


def _headline(network: NeuralNetwork, plan: Plan, response: str | None, samples: int) -> str:
    if plan.category is Category.AUTOENCODER:
        aim = "auto-encoder"
    else:
        kind = f"{network.units[-1]}-class classification" if plan.is_classification else "regression"
        aim = f"predicting {response}, {kind}"
    return (
        f"{aim}, {plan.distribution} distribution, {plan.loss} loss, {network.n_weights:,} weights/biases, "
        f"{_bytes(network.nbytes)}, {samples:,} training samples, mini-batch size {plan.parameters.mini_batch_size:,}"
    )


def _bytes(count: int) -> str:
    size = float(count)
    for unit in ("B", "KB", "MB"):
        if size < 1024:
            return f"{size:.0f} B" if unit == "B" else f"{size:.1f} {unit}"
        size /= 1024
    return f"{size:.1f} GB"
