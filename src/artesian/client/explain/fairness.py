"""Fairness of models of two classes: metrics in each group of protected columns, pictures, and models compared by them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Any

from artesian.client import plots
from artesian.client.checks import check_type
from artesian.client.exceptions import H2OValueError
from artesian.client.expr import AstName, ExprNode
from artesian.client.frame.frame import H2OFrame

if TYPE_CHECKING:
    from artesian.client.model.base import ModelBase

_GROUP = "thresholds_and_metrics_"


def fairness_metrics(
    model: ModelBase,
    frame: H2OFrame,
    protected_columns: Sequence[str],
    reference: Sequence[str] | None,
    favorable_class: str,
) -> dict[str, H2OFrame]:
    """Frames by name: `overview`, and the metrics by threshold of each group as `thresholds_and_metrics_<group>`.

    `reference` holds a level of each protected column; None takes the largest group.
    """
    check_type("frame", frame, H2OFrame)
    check_type("favorable_class", favorable_class, str)
    node = ExprNode(
        "fairnessMetrics",
        AstName(model.model_id),
        frame,
        list(protected_columns),
        list(reference or ()),
        favorable_class,
    )
    reply = node.evaluate_reply()
    frames = [H2OFrame.get_frame(item["key"]["name"]) for item in reply["frames"]]
    return {name: frame for name, frame in zip(reply["map_keys"]["string"], frames, strict=True) if frame is not None}


def _curves(
    model: ModelBase,
    frame: H2OFrame,
    protected: Sequence[str],
    reference: Sequence[str] | None,
    favorable: str,
    what: tuple[str, str, str],
    figsize: tuple[float, float],
    path: str | None,
) -> plots.Drawn:
    x, y, title = what
    found = fairness_metrics(model, frame, protected, reference, favorable)
    figure, axes = plots._axes(False, figsize)
    for name, table in found.items():
        if name.startswith(_GROUP):
            points = table.to_polars().select(x, y).drop_nulls().sort(x)
            axes.plot(points[x].to_list(), points[y].to_list(), label=name.removeprefix(_GROUP))
    axes.set(xlabel=x, ylabel=y, title=f"{title} by group, {model.model_id}", xlim=(0, 1), ylim=(0, 1.01))
    axes.legend(title=", ".join(protected))
    axes.grid(True)
    return plots._finished(None, figure, False, path)


def fair_roc_plot(
    model: ModelBase,
    frame: H2OFrame,
    protected_columns: Sequence[str],
    reference: Sequence[str] | None,
    favorable_class: str,
    figsize: tuple[float, float] = (16, 9),
    save_plot_path: str | None = None,
) -> plots.Drawn:
    """The receiver operating characteristic of each group."""
    what = ("fpr", "tpr", "Receiver operating characteristic")
    return _curves(model, frame, protected_columns, reference, favorable_class, what, figsize, save_plot_path)


def fair_pr_plot(
    model: ModelBase,
    frame: H2OFrame,
    protected_columns: Sequence[str],
    reference: Sequence[str] | None,
    favorable_class: str,
    figsize: tuple[float, float] = (16, 9),
    save_plot_path: str | None = None,
) -> plots.Drawn:
    """Precision over recall of each group."""
    what = ("recall", "precision", "Precision and recall")
    return _curves(model, frame, protected_columns, reference, favorable_class, what, figsize, save_plot_path)


def _groups(frame: H2OFrame, protected: Sequence[str]) -> dict[str, H2OFrame]:
    """The rows of each group that occurs, by the names of its levels."""
    levels = frame[list(protected)].to_polars().drop_nulls().unique(maintain_order=True).sort(list(protected)).rows()
    found = {}
    for group in levels:
        rows = frame[frame[protected[0]] == group[0], :]
        for name, level in zip(protected[1:], group[1:], strict=True):
            rows = rows[rows[name] == level, :]
        found[", ".join(map(str, group))] = rows
    return found


def fair_pd_plot(
    model: ModelBase,
    frame: H2OFrame,
    column: str,
    protected_columns: Sequence[str],
    figsize: tuple[float, float] = (16, 9),
    autoscale: bool = True,
    save_plot_path: str | None = None,
) -> plots.Drawn:
    """Partial dependence on a column in each group; without `autoscale` probabilities are drawn from 0 to 1."""
    from artesian.client.explain.partial import partial_tables

    check_type("frame", frame, H2OFrame)
    bins = len(frame[column].levels()[0]) + 1 if frame.type(column) == "enum" else 20
    figure, axes = plots._axes(False, figsize)
    for name, rows in _groups(frame, protected_columns).items():
        (table,) = partial_tables(model, rows, [column], nbins=bins)
        style = {"linestyle": "", "marker": "o"} if frame.type(column) == "enum" else {}
        axes.plot(table[0], table["mean_response"], label=name, **style)
    if not autoscale:
        axes.set_ylim(0, 1)
    axes.set(xlabel=column, ylabel="mean response", title=f"Partial dependence on {column} by group")
    axes.legend(title=", ".join(protected_columns))
    axes.grid(True)
    return plots._finished(None, figure, False, save_plot_path)


def disparate_analysis(
    models: Iterable[ModelBase],
    frame: H2OFrame,
    protected_columns: Sequence[str],
    reference: Sequence[str] | None,
    favorable_class: str,
    air_metric: str = "selectedRatio",
    alpha: float = 0.05,
) -> H2OFrame:
    """A row a model: how large its adverse impact ratios are over all groups, and over those that differ significantly."""
    rows = []
    for model in models:
        overview = fairness_metrics(model, frame, protected_columns, reference, favorable_class)["overview"].to_polars()
        if f"AIR_{air_metric}" not in overview.columns:
            known = [name[4:] for name in overview.columns if name.startswith("AIR_")]
            raise H2OValueError(f"There is no ratio of the metric {air_metric!r}. Known are: {', '.join(known)}.")
        rows.append({"model_id": model.model_id, **_row(overview, air_metric, alpha)})
    if not rows:
        raise H2OValueError("Give at least one model.")
    return H2OFrame({name: [row[name] for row in rows] for name in rows[0]})


def _row(overview: Any, air_metric: str, alpha: float) -> dict[str, Any]:
    import numpy as np

    air = overview[f"AIR_{air_metric}"].cast(float).to_numpy()
    accuracy = overview["accuracy"].cast(float).to_numpy()
    total = overview["total"].cast(float).to_numpy()
    p_values = overview["p.value"].cast(float).to_numpy()
    spread = float(np.var(accuracy))
    noise = float(np.mean(accuracy * (1 - accuracy) / total))
    row: dict[str, Any] = {
        "var": spread,
        # chance makes groups of equal accuracy differ too (Lum, Zhang, Bower 2022)
        "corrected_var": max(0.0, spread - noise),
        "cair": float(np.nansum(overview["relativeSize"].cast(float).to_numpy() * air)),
    }
    reductions: dict[str, Any] = {"min": np.nanmin, "mean": np.nanmean, "median": np.nanmedian, "max": np.nanmax}
    for name, values in (("air", air), ("significant_air", air[p_values < alpha]), ("p.value", p_values)):
        for what, reduce in reductions.items():
            row[f"{name}_{what}"] = float(reduce(values)) if len(values) and not np.isnan(values).all() else None
    return row


def inspect_model_fairness(
    model: ModelBase,
    frame: H2OFrame,
    protected_columns: Sequence[str],
    reference: Sequence[str] | None,
    favorable_class: str,
    metrics: Sequence[str] = ("auc", "aucpr", "f1", "p.value", "selectedRatio", "total"),
    figsize: tuple[float, float] = (16, 9),
    render: bool = True,
) -> Any:
    """The overview, a bar chart of each metric by group, and the curves of the groups, as an explanation."""
    from artesian.client.explain.report import Explanation, Heading

    found = Explanation(render)
    metrics_by_group = fairness_metrics(model, frame, protected_columns, reference, favorable_class)
    overview = metrics_by_group["overview"]
    found.add("overview", Heading("Overview", f"Metrics of {model.model_id} by group."), data=overview)
    table = overview.to_polars()
    labels = [", ".join(str(v) for v in row) for row in table.select(list(protected_columns)).rows()]
    charts = {}
    for metric in metrics:
        figure, axes = plots._axes(False, figsize)
        axes.bar(labels, [0.0 if value is None else value for value in table[metric].to_list()])
        axes.set(ylabel=metric, title=f"{metric} by group")
        axes.tick_params(axis="x", rotation=45)
        charts[metric] = plots._finished(None, figure, False, None)
    found.add("metrics", Heading("Metrics", "Each metric by group."), plots=charts)
    arguments = (model, frame, protected_columns, reference, favorable_class, figsize)
    curves = {"roc": fair_roc_plot(*arguments), "pr": fair_pr_plot(*arguments)}
    found.add("curves", Heading("Curves", "How well each group's classes are told apart."), plots=curves)
    return found
