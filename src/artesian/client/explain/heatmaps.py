"""Several models side by side: their variable importances, and how alike their predictions are."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from artesian.client import plots
from artesian.client.checks import check_type
from artesian.client.exceptions import H2OValueError
from artesian.client.explain.subjects import Models, models_of, shortened
from artesian.client.frame.frame import H2OFrame

if TYPE_CHECKING:
    from artesian.client.model.base import ModelBase


def consolidated_importances(model: ModelBase) -> dict[str, float]:
    """Importance of each column as a share of all; inputs that stand for levels count for their column."""
    rows = model.varimp() if model._output.get("variable_importances") is not None else None
    if not rows:
        return {}
    columns = list(model._output.get("original_names") or model._output["names"])
    totals: dict[str, float] = {}
    for row in rows:
        owner = max((c for c in columns if row[0] == c or str(row[0]).startswith(f"{c}.")), key=len, default=row[0])
        totals[owner] = totals.get(owner, 0.0) + float(row[3])
    return totals


def varimp(models: Models, num_of_features: int | None = 20, cluster: bool = True, use_pandas: bool = True) -> Any:
    """Importances of the most important columns in each model: a pandas data frame of columns by models.

    Without `use_pandas`: the numbers, the names of the models, the names of the columns.
    """
    import numpy as np

    found = {model.model_id: consolidated_importances(model) for model in models_of(models)}
    found = {name: values for name, values in found.items() if values}
    if not found:
        raise H2OValueError("None of the models has variable importances.")
    names = list(dict.fromkeys(column for values in found.values() for column in values))
    table = np.array([[values.get(column, 0.0) for values in found.values()] for column in names])
    order = np.argsort(-table.max(axis=1), kind="stable")[: num_of_features or len(names)]
    table, names, ids = table[order], [names[i] for i in order], list(found)
    if cluster and len(ids) > 2:
        by_likeness = neighbours(table.T)
        table, ids = table[:, by_likeness], [ids[i] for i in by_likeness]
    if not use_pandas:
        return table, ids, names
    import pandas

    return pandas.DataFrame(table, columns=ids, index=names)


def neighbours(rows: Any) -> list[int]:
    """An order of the rows in which each is followed by the one most like it that is left."""
    import numpy as np

    left = list(range(1, len(rows)))
    order = [0]
    while left:
        distances = [float(np.abs(rows[order[-1]] - rows[i]).sum()) for i in left]
        order.append(left.pop(int(np.argmin(distances))))
    return order


def varimp_heatmap(
    models: Models,
    top_n: int | None = None,
    num_of_features: int | None = 20,
    figsize: tuple[float, float] = (16, 9),
    cluster: bool = True,
    colormap: str = "RdYlBu_r",
    save_plot_path: str | None = None,
) -> plots.Drawn:
    """Importances of columns (rows) in models (columns) as colours; of the first `top_n` models."""
    given = models_of(models)
    chosen = [model for model in given if consolidated_importances(model)][:top_n] or given
    table, ids, names = varimp(chosen, num_of_features, cluster, use_pandas=False)
    return _draw(table, shortened(ids), names, "Variable importances", figsize, colormap, save_plot_path)


def model_correlation(models: Models, frame: H2OFrame, cluster_models: bool = True, use_pandas: bool = True) -> Any:
    """How alike the predictions of models are: correlations of numbers, shares of equal classes.

    A pandas data frame; without `use_pandas` the numbers and the names of the models.
    """
    import numpy as np

    check_type("frame", frame, H2OFrame)
    chosen = models_of(models)
    ids = [model.model_id for model in chosen]
    predictions = [model.predict(frame)["predict"].to_polars().to_series() for model in chosen]
    if predictions and predictions[0].dtype.is_numeric():
        with np.errstate(invalid="ignore"):
            table = np.atleast_2d(np.corrcoef([p.cast(float).to_numpy() for p in predictions]))
    else:
        texts = [p.cast(str).to_numpy() for p in predictions]
        table = np.array([[float((one == other).mean()) for other in texts] for one in texts])
    if cluster_models and len(ids) > 2:
        order = neighbours(table)
        table, ids = table[np.ix_(order, order)], [ids[i] for i in order]
    if not use_pandas:
        return table, ids
    import pandas

    return pandas.DataFrame(table, columns=ids, index=ids)


def model_correlation_heatmap(
    models: Models,
    frame: H2OFrame,
    top_n: int | None = None,
    cluster_models: bool = True,
    triangular: bool = True,
    figsize: tuple[float, float] = (13, 13),
    colormap: str = "RdYlBu_r",
    save_plot_path: str | None = None,
) -> plots.Drawn:
    """How alike the predictions of models are, as colours; `triangular` draws each pair once."""
    import numpy as np

    table, ids = model_correlation(models_of(models)[:top_n], frame, cluster_models, use_pandas=False)
    shown = np.where(np.tri(len(ids)) > 0, table, np.nan) if triangular else table
    short = shortened(ids)
    return _draw(shown, short, short, "Model correlation", figsize, colormap, save_plot_path)


def _draw(
    table: Any,
    columns: Sequence[str],
    rows: Sequence[str],
    title: str,
    figsize: tuple[float, float],
    colormap: str,
    path: str | None,
) -> plots.Drawn:
    figure, axes = plots._axes(False, figsize)
    image = axes.imshow(table, aspect="auto", cmap=colormap)
    axes.set_xticks(range(len(columns)), list(columns), rotation=45, ha="right")
    axes.set_yticks(range(len(rows)), list(rows))
    axes.set_title(title)
    figure.colorbar(image, ax=axes)
    return plots._finished(None, figure, False, path)
