"""Fairness of models of two classes: metrics in each group of protected columns, pictures, and models compared by them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any

from artesian.client import plots
from artesian.client.checks import check_type, no_column
from artesian.client.exceptions import H2OValueError
from artesian.client.explain import shap
from artesian.client.explain.subjects import Models, models_of
from artesian.client.expr import AstName, ExprNode
from artesian.client.frame.base import NUMERIC_TYPES
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


def _curve_plot(x: str, y: str, title: str) -> Callable[..., plots.Drawn]:
    def plot(
        model: ModelBase,
        frame: H2OFrame,
        protected_columns: Sequence[str],
        reference: Sequence[str] | None,
        favorable_class: str,
        figsize: tuple[float, float] = (16, 9),
        save_plot_path: str | None = None,
    ) -> plots.Drawn:
        what = (x, y, title)
        return _curves(model, frame, protected_columns, reference, favorable_class, what, figsize, save_plot_path)

    return plot


fair_roc_plot = _curve_plot("fpr", "tpr", "Receiver operating characteristic")
"""The receiver operating characteristic of each group."""
fair_pr_plot = _curve_plot("recall", "precision", "Precision and recall")
"""Precision over recall of each group."""


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
    models: Models,
    frame: H2OFrame,
    protected_columns: Sequence[str],
    reference: Sequence[str] | None,
    favorable_class: str,
    air_metric: str = "selectedRatio",
    alpha: float = 0.05,
) -> H2OFrame:
    """A row a model: how large its adverse impact ratios are over all groups, and over those that differ significantly."""
    rows = []
    for model in models_of(models):
        overview = fairness_metrics(model, frame, protected_columns, reference, favorable_class)["overview"].to_polars()
        if f"AIR_{air_metric}" not in overview.columns:
            known = [name[4:] for name in overview.columns if name.startswith("AIR_")]
            raise H2OValueError(f"There is no ratio of the metric {air_metric!r}. Known are: {', '.join(known)}.")
        rows.append({"model_id": model.model_id, **_row(overview, air_metric, alpha)})
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


def fair_shap_plot(
    model: ModelBase,
    frame: H2OFrame,
    column: str,
    protected_columns: Sequence[str],
    autoscale: bool = True,
    figsize: tuple[float, float] = (16, 9),
    jitter: float = 0.35,
    alpha: float = 1,
    save_plot_path_prefix: str | None = None,
    background_frame: H2OFrame | None = None,
) -> Any:
    """What a column contributes to the predictions in each group, a line of dots a group: pictures by input.

    An input is the column itself, or one of its levels where the model has an input a level. Dots are coloured by the
    column's value; with `autoscale` by its logarithm where the groups' largest values differ by more than a factor e.
    `save_plot_path_prefix` and the input's name make the name of a file. Needs a model that tells contributions.
    """
    import numpy as np

    from artesian.client.explain.report import Explanation

    check_type("frame", frame, H2OFrame)
    frame._position(column)
    groups = _groups(frame, protected_columns)
    told = {name: shap.contributions(model, rows, background_frame) for name, rows in groups.items()}
    values = {name: _numbers(rows[column].to_polars().to_series()) for name, rows in groups.items()}
    logarithm = autoscale and frame.type(column) in NUMERIC_TYPES and _spans(list(values.values()))
    names = next(iter(told.values())).columns if told else []
    inputs = [name for name in names if name == column or name.startswith(f"{column}.")]
    if not inputs:
        raise H2OValueError(f"The column {column!r} is no input of {model.model_id}: it contributes nothing.", "column")
    random = np.random.default_rng(1)
    found = Explanation()
    for name in inputs:
        figure, axes = plots._axes(False, figsize)
        for place, (group, table) in enumerate(told.items()):
            shade = np.log1p(values[group]) if logarithm else values[group]
            heights = place + random.uniform(-jitter, jitter, table.height)
            dots = axes.scatter(table[name].to_numpy(), heights, c=shade, s=14, alpha=alpha, label=group)
            dots.set_clim(*_limits(list(values.values()), logarithm))
        axes.set_yticks(range(len(told)), list(told))
        axes.axvline(0, color="black", linewidth=1)
        axes.set(
            xlabel=f"contribution of {name}", ylabel=", ".join(protected_columns), title=f"Contributions of {name}"
        )
        axes.grid(True)
        figure.colorbar(dots, ax=axes, label=f"log(1 + {column})" if logarithm else column)
        path = None if save_plot_path_prefix is None else f"{save_plot_path_prefix}_{name}"
        found[name] = plots._finished(None, figure, False, path)
    return found


def _numbers(column: Any) -> Any:
    """Values as numbers to colour by: levels by their number, what is missing as NaN."""
    return column.to_physical().cast(float).fill_null(float("nan")).to_numpy()


def _spans(groups: list[Any]) -> bool:
    """Whether the groups' largest values are so far apart that a logarithm shows them better; never below -1."""
    import numpy as np

    largest = np.array([np.nanmax(values) for values in groups if not np.isnan(values).all()])
    smallest = min((float(np.nanmin(values)) for values in groups if not np.isnan(values).all()), default=-1.0)
    return smallest > -1 and bool(np.ptp(np.log(largest - largest.min() + 1)) > 1)


def _limits(groups: list[Any], logarithm: bool) -> tuple[float, float]:
    """The smallest and largest value of all groups, so that a colour means the same in each."""
    import numpy as np

    values = np.concatenate(groups)
    values = values[~np.isnan(values)]
    if not len(values):
        return 0.0, 1.0
    ends = np.array([values.min(), values.max()])
    low, high = np.log1p(ends) if logarithm else ends
    return float(low), float(high)


def inspect_model_fairness(
    model: ModelBase,
    frame: H2OFrame,
    protected_columns: Sequence[str],
    reference: Sequence[str] | None,
    favorable_class: str,
    metrics: Sequence[str] = ("auc", "aucpr", "f1", "p.value", "selectedRatio", "total"),
    figsize: tuple[float, float] = (16, 9),
    render: bool = True,
    background_frame: H2OFrame | None = None,
) -> Any:
    """How a model treats groups, as an explanation: `overview` with a bar chart of each metric and of its ratio to the
    reference, `ROC` and `PR` curves, `permutation_importance`, and for each column its partial dependence (`pdp`) and
    contributions (`shap`, of models that tell them) by group, the most important column first.
    """
    from artesian.client.explain.permutation import permutation_importance
    from artesian.client.explain.report import Explanation, Heading

    found = Explanation(render)
    overview = fairness_metrics(model, frame, protected_columns, reference, favorable_class)["overview"]
    about = f"Metrics of {model.model_id} by group."
    charts = _charts(overview, protected_columns, metrics, figsize)
    found.add("overview", Heading("Overview", about), data=overview, plots=charts)
    arguments = (model, frame, protected_columns, reference, favorable_class, figsize)
    found.add("ROC", Heading("ROC", "How well each group's classes are told apart."), plot=fair_roc_plot(*arguments))
    found.add("PR", Heading("Precision-Recall Curve", "Precision at each recall."), plot=fair_pr_plot(*arguments))
    importance = permutation_importance(model, frame)
    about = "How much worse the model gets when a column's values are shuffled."
    found.add("permutation_importance", Heading("Permutation Variable Importance", about), data=importance)
    columns = [name for name in importance["Variable"] if frame.type(name) != "string"]
    drawn = {name: fair_pd_plot(model, frame, name, protected_columns, figsize) for name in columns}
    found.add("pdp", Heading("Partial Dependence Plots", "Mean response over a column, by group."), plots=drawn)
    if model._reply["algo"] in shap.TELLING:
        told = {
            name: fair_shap_plot(
                model, frame, name, protected_columns, figsize=figsize, background_frame=background_frame
            )
            for name in columns
        }
        found.add("shap", Heading("SHAP", "What a column contributes to predictions, by group."), plots=told)
    return found


def _charts(
    overview: H2OFrame, protected_columns: Sequence[str], metrics: Sequence[str], figsize: tuple[float, float]
) -> dict[str, plots.Drawn]:
    """A bar chart of each metric and, with the span that is held for fair, of its ratio to the reference group."""
    table = overview.to_polars()
    labels = [", ".join(str(v) for v in row) for row in table.select(list(protected_columns)).rows()]
    for metric in metrics:
        if metric not in table.columns:
            raise no_column(metric, table.columns, "overview")
    ratios = [f"AIR_{metric}" for metric in metrics if f"AIR_{metric}" in table.columns]
    charts = {}
    for metric in [*metrics, *ratios]:
        figure, axes = plots._axes(False, figsize)
        heights = table[metric].cast(float).fill_null(float("nan")).to_list()
        if metric in ratios:
            axes.bar(labels, [height - 1 for height in heights], bottom=1)
            for limit in (0.8, 1.0, 1.25):  # four fifths, and its inverse
                axes.axhline(limit, color="black" if limit == 1 else "grey", linestyle="-" if limit == 1 else "--")
        else:
            axes.bar(labels, heights)
        axes.set(ylabel=metric, title=f"{metric} by group")
        axes.tick_params(axis="x", rotation=45)
        charts[metric] = plots._finished(None, figure, False, None)
    return charts
