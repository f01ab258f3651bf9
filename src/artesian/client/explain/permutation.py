"""Permutation importance, and means of predictions and responses by level: what the server works out, and pictures."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from artesian.client import plots
from artesian.client.checks import check_type
from artesian.client.exceptions import H2OValueError
from artesian.client.expr import AstName, ExprNode
from artesian.client.frame.frame import H2OFrame
from artesian.client.two_dim_table import H2OTwoDimTable

if TYPE_CHECKING:
    from artesian.client.model.base import ModelBase


def permutation_importance(
    model: ModelBase,
    frame: H2OFrame,
    metric: str = "AUTO",
    n_samples: int = 10000,
    n_repeats: int = 1,
    features: Sequence[str] | None = None,
    seed: int = -1,
    use_pandas: bool = False,
) -> Any:
    """A table (or pandas data frame) of importances, greatest first; one column a run with several `n_repeats`."""
    check_type("frame", frame, H2OFrame)
    response = model.actual_params["response_column"]
    if response not in frame.names:
        raise H2OValueError(f"The frame must hold the response {response!r}.")
    if n_samples < -1 or n_samples in (0, 1):
        raise H2OValueError(f"n_samples must be -1 for all rows, or at least 2. Got {n_samples}.")
    if n_repeats < 1:
        raise H2OValueError(f"n_repeats must be at least 1. Got {n_repeats}.")
    unknown = [name for name in features or () if name not in frame.names]
    if unknown:
        raise H2OValueError(f"The frame has no column {unknown[0]!r}.")
    samples = -1 if n_samples > frame.nrows else n_samples
    node = ExprNode(
        "PermutationVarImp", AstName(model.model_id), frame, metric, samples, n_repeats, list(features or ()), seed
    )
    return _as_table(H2OFrame._wrap(node), "Variable Importances", "Variable", use_pandas)


def _as_table(frame: H2OFrame, title: str, index: str, use_pandas: bool) -> Any:
    if use_pandas:
        return frame.as_data_frame().set_index(index)
    table = frame.to_polars()
    return H2OTwoDimTable(
        table_header=title,
        col_header=table.columns,
        col_types=["string", *["double"] * (len(table.columns) - 1)],
        cell_values=table.rows(),
    )


def permutation_importance_plot(
    model: ModelBase,
    frame: H2OFrame,
    metric: str = "AUTO",
    n_samples: int = 10000,
    n_repeats: int = 1,
    features: Sequence[str] | None = None,
    seed: int = -1,
    num_of_features: int = 10,
    server: bool = False,
    save_plot_path: str | None = None,
) -> plots.Drawn:
    """Importances as bars, or as boxes of several runs."""
    table = permutation_importance(model, frame, metric, n_samples, n_repeats, features, seed)
    rows = [list(row) for row in table.cell_values]
    figure, axes = plots._axes(server, (9, 1.5 + 0.4 * min(num_of_features, len(rows))))
    if n_repeats > 1:
        rows.sort(key=lambda row: -sum(row[1:]))
        chosen = rows[:num_of_features][::-1]
        axes.boxplot([row[1:] for row in chosen], orientation="horizontal", tick_labels=[row[0] for row in chosen])
    else:
        chosen = rows[:num_of_features][::-1]
        axes.barh([row[0] for row in chosen], [row[2] for row in chosen])
    measured = "" if metric.lower() == "auto" else f" ({metric.lower()})"
    axes.set_title(f"Permutation importance: {model._reply['algo']}{measured}")
    return plots._finished(table, figure, server, save_plot_path)


def predicted_vs_actual_by_variable(
    model: ModelBase, frame: H2OFrame, predicted: H2OFrame, variable: str, use_pandas: bool = False
) -> Any:
    """Mean prediction and mean response for each level of a categorical column."""
    check_type("frame", frame, H2OFrame)
    check_type("predicted", predicted, H2OFrame)
    check_type("variable", variable, str)
    node = ExprNode("predicted.vs.actual.by.var", AstName(model.model_id), frame, variable, predicted)
    return _as_table(H2OFrame._wrap(node), f"Predicted vs Actual by Variable '{variable}'", variable, use_pandas)
