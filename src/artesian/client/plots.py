"""Pictures of metrics, training and frames; matplotlib is asked for when one is drawn.

Each function gives its points (or tables) back as a list, tuple or frame whose `figure()` is the picture. `server` draws
without a window, `save_plot_path` writes the picture to a file.
"""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from artesian.client.checks import check_choice
from artesian.client.exceptions import H2OError, H2OValueError

if TYPE_CHECKING:
    from artesian.client.frame.frame import H2OFrame
    from artesian.client.model.base import ModelBase
    from artesian.client.model.metrics import H2OBinomialModelMetrics
    from artesian.client.two_dim_table import H2OTwoDimTable

_DEFAULT_FEATURES = 10
_COLORS = {"training": "tab:blue", "validation": "tab:orange", "cv": "tab:green"}
_TIMESTEPS = ("epochs", "samples", "iterations", "iteration", "number_of_trees", "duration")


class Drawn:
    """The result of a plot: `figure()` is the picture; other attributes and items are those of its points."""

    def __init__(self, points: Any = None, figure: Any = None) -> None:
        self.points = points
        self._figure = figure

    def figure(self) -> Any:
        """The matplotlib figure, or None when nothing was drawn."""
        return self._figure

    def __getitem__(self, item: Any) -> Any:
        return self.points[item]

    def __iter__(self) -> Any:
        return iter(self.points)

    def __len__(self) -> int:
        return 0 if self.points is None else len(self.points)

    def __getattr__(self, name: str) -> Any:
        return getattr(self.points, name)

    def __repr__(self) -> str:
        return f"<plot of {type(self.points).__name__}>"


def roc(metrics: H2OBinomialModelMetrics, server: bool, path: str | None, draw: bool) -> Drawn:
    """True positive rate over false positive rate."""
    points = metrics.roc()
    if not draw:
        return Drawn(points)
    figure, axes = _axes(server)
    axes.plot(*points, color="tab:blue")
    axes.plot([0, 1], [0, 1], color="grey", linestyle=":")
    axes.set(xlabel="False positive rate", ylabel="True positive rate", xlim=(0, 1), ylim=(0, 1.01))
    axes.set_title(f"Receiver operating characteristic, AUC = {metrics.auc():.4f}")
    axes.grid(True)
    return _finished(points, figure, server, path)


def precision_recall(metrics: H2OBinomialModelMetrics, server: bool, path: str | None, draw: bool) -> Drawn:
    """Precision over recall."""
    points = metrics.tprs, [value for _, value in metrics.precision(thresholds="all")]
    if not draw:
        return Drawn(points)
    figure, axes = _axes(server)
    axes.plot(*points, color="tab:blue")
    axes.set(xlabel="Recall", ylabel="Precision", xlim=(0, 1), ylim=(0, 1.01))
    axes.set_title(f"Precision and recall, area = {metrics.aucpr():.4f}")
    axes.grid(True)
    return _finished(points, figure, server, path)


def gains_lift(metrics: H2OBinomialModelMetrics, kind: str, server: bool, path: str | None, draw: bool) -> Drawn:
    """Cumulative capture rate and lift over the share of data."""
    table = metrics.gains_lift()
    if table is None:
        raise H2OValueError("There is no gains/lift table to draw.")
    if not draw:
        return Drawn(table)
    figure, axes = _axes(server)
    curves = {"gains": "cumulative_capture_rate", "lift": "cumulative_lift"}
    for name in ("gains", "lift") if kind == "both" else (kind,):
        axes.plot(table["cumulative_data_fraction"], table[curves[name]], label=curves[name].replace("_", " "))
    axes.set(xlabel="cumulative data fraction", xlim=(0, None), ylim=(0, None), title="Gains / Lift")
    axes.legend()
    axes.grid(True)
    return _finished(table, figure, server, path)


def variable_importances(
    rows: Sequence[Sequence[Any]], algorithm: str, most: int | None, server: bool, path: str | None
) -> Drawn:
    """Scaled importances as bars, greatest on top."""
    chosen = list(rows)[: _DEFAULT_FEATURES if most is None else most]
    figure, axes = _axes(server, (8, 1.5 + 0.35 * len(chosen)))
    axes.barh([str(row[0]) for row in reversed(chosen)], [row[2] for row in reversed(chosen)])
    axes.set(xlabel="scaled importance", title=f"Variable importances: {algorithm}")
    return _finished(None, figure, server, path)


def signed_bars(rows: Sequence[tuple[str, float]], most: int | None, server: bool, path: str | None) -> Drawn:
    """Sizes of coefficients as bars, in one colour for each sign, in the order given from top to bottom."""
    chosen = list(rows)[: len(rows) if most is None else most][::-1]
    figure, axes = _axes(server, (10, 1.5 + 0.35 * len(chosen)))
    for label, color, wanted in (("Positive", "#1F77B4", True), ("Negative", "#FF7F0E", False)):
        places = [i for i, (_, value) in enumerate(chosen) if (value >= 0) == wanted]
        if places:
            axes.barh(places, [abs(chosen[i][1]) for i in places], color=color, label=label)
    axes.set_yticks(range(len(chosen)), [name for name, _ in chosen])
    axes.set(xlabel="size of the standardised coefficient", title="Standardised coefficients")
    axes.legend()
    return _finished(None, figure, server, path)


def scree(variances: list[float], kind: str, server: bool, path: str | None) -> Drawn:
    """The variances of components, as bars or as a line."""
    figure, axes = _axes(server)
    numbers = list(range(1, len(variances) + 1))
    if kind == "barplot":
        axes.bar(numbers, variances)
    else:
        axes.plot(numbers, variances, "b--")
    axes.set(xlabel="Components", ylabel="Variances", title="Scree Plot", xticks=numbers)
    return _finished(variances, figure, server, path)


def scoring_history(
    table: H2OTwoDimTable, timestep: str, metric: str, metrics: Sequence[str], server: bool, path: str | None
) -> Drawn:
    """A metric of training, and of validation where there is one, over the course of training."""
    step, name = _step(table, timestep), _metric(table, metric, metrics)
    figure, axes = _axes(server)
    for part, column in _parts(table, name).items():
        _draw_course(axes, _curve(table, step, column), part, _COLORS[part])
    axes.set(xlabel=step, ylabel=name.replace("_", " "), title="Scoring history")
    axes.legend()
    return _finished(None, figure, server, path)


def learning_curve(
    model: ModelBase,
    metric: str,
    ribbon: bool | None,
    lines: bool | None,
    figsize: tuple[float, float],
    colormap: str | None,
    path: str | None,
) -> Drawn:
    """The course of training and validation with those of the folds."""
    table = model._history_to_draw()
    if table is None:
        raise H2OValueError("This model has no scoring history to draw.")
    step, name = _step(table, "AUTO"), _metric(table, metric, model._history_metrics())
    figure, axes = _axes(False, figsize)
    colors = dict(_COLORS) if colormap is None else dict(zip(_COLORS, _palette(colormap, len(_COLORS)), strict=True))
    folds = [fold for fold in model._output.get("cv_scoring_history") or [] if f"validation_{name}" in fold.col_header]
    curves = [_curve(fold, step, f"validation_{name}") for fold in folds]
    if curves and ribbon is not False:
        _draw_ribbon(axes, curves, colors["cv"])
    if curves and (lines or (lines is None and ribbon is False)):
        for curve in curves:
            axes.plot(*curve, color=colors["cv"], alpha=0.5, linestyle="--")
    for part, column in _parts(table, name).items():
        _draw_course(axes, _curve(table, step, column), part, colors[part])
    axes.set(xlabel=step, ylabel=name.replace("_", " "), title=f"Learning curve of {model.model_id}")
    axes.legend()
    axes.grid(True)
    return _finished(None, figure, False, path)


def histogram(bins: H2OFrame, name: str, server: bool, save_plot_path: str | None) -> H2OFrame:
    """Counts by bins as bars; the frame of bins, with the picture as its `figure()`."""
    table = bins.to_polars()
    breaks, counts = table["breaks"].to_list(), table["counts"].to_list()
    figure, axes = _axes(server)
    widths = [high - low for low, high in itertools.pairwise(breaks)]
    axes.bar(breaks[:-1], counts[1:], width=widths, align="edge", edgecolor="white")
    axes.set(xlabel=name, ylabel="count", title=f"Histogram of {name}")
    bins.__dict__["figure"] = _finished(None, figure, server, save_plot_path).figure
    return bins


def _pyplot(server: bool) -> Any:
    try:
        import matplotlib
    except ImportError:
        raise H2OError("Pictures need matplotlib: install it with pip install 'artesian[plot]'.") from None
    if server:
        matplotlib.use("Agg")
    import matplotlib.pyplot as plt

    return plt


def _axes(server: bool, size: tuple[float, float] | None = None) -> tuple[Any, Any]:
    figure, axes = _pyplot(server).subplots(figsize=size)
    return figure, axes


def _finished(points: Any, figure: Any, server: bool, path: str | None) -> Drawn:
    figure.tight_layout()
    if path is not None:
        figure.savefig(path)
    plt = _pyplot(False)
    if not server and plt.get_backend().lower() != "agg":
        plt.show()
    if server or path is not None:
        plt.close(figure)  # the figure itself stays usable; only its window goes
    return Drawn(points, figure)


def _palette(colormap: str, count: int) -> list[Any]:
    import matplotlib

    colors = matplotlib.colormaps[colormap]
    return [colors(number / max(1, count - 1)) for number in range(count)]


def _draw_course(axes: Any, curve: tuple[list[float], list[float]], label: str, color: Any) -> None:
    """A line; a last event at the step of the one before is no progress but the best network, taken back: a dot."""
    steps, values = curve
    kept = len(steps) > 1 and steps[-1] == steps[-2]
    end = len(steps) - kept
    axes.plot(steps[:end], values[:end], label=label, color=color, marker="." if end < 30 else None)
    if kept:
        axes.plot(steps[end:], values[end:], label=f"{label}, best network", color=color, marker="o", linestyle="")


def _draw_ribbon(axes: Any, curves: list[tuple[list[float], list[float]]], color: Any) -> None:
    """The mean of the folds and one standard deviation around it, at the steps of the shortest of them."""
    import numpy as np

    steps = np.array(min((curve[0] for curve in curves), key=len))
    values = np.array([np.interp(steps, *curve) for curve in curves])
    mean, spread = values.mean(axis=0), values.std(axis=0)
    axes.plot(steps, mean, color=color, label="mean of the folds")
    axes.fill_between(steps, mean - spread, mean + spread, color=color, alpha=0.2)


def _step(table: H2OTwoDimTable, timestep: str) -> str:
    known = [name for name in _TIMESTEPS if name in table.col_header]
    if timestep == "AUTO":
        return known[0]
    check_choice("timestep", timestep, ("AUTO", *known))
    return timestep


def _metric(table: H2OTwoDimTable, metric: str, metrics: Sequence[str]) -> str:
    known = [name for name in metrics if _parts(table, name)]
    if not known:
        raise H2OValueError("The scoring history holds no metric that can be drawn.")
    if metric == "AUTO":
        return known[0]
    name = metric.lower()
    check_choice("metric", name, known)
    return name


def _parts(table: H2OTwoDimTable, name: str) -> dict[str, str]:
    """The columns of a metric by the data that it was measured on; one without such a mark is of training."""
    marked = {part: f"{part}_{name}" for part in ("training", "validation") if f"{part}_{name}" in table.col_header}
    return marked or ({"training": name} if name in table.col_header else {})


def _curve(table: H2OTwoDimTable, step: str, name: str) -> tuple[list[float], list[float]]:
    """Step and value of each event that has a value."""
    steps = [_seconds(value) for value in table[step]] if step == "duration" else table[step]
    pairs = [(s, v) for s, v in zip(steps, table[name], strict=True) if v not in ("", None) and v == v]
    return [s for s, _ in pairs], [v for _, v in pairs]


def _seconds(duration: str) -> float:
    """` 1.234 sec`, `2 min 3.4 sec`, … in seconds."""
    units = {"sec": 1.0, "min": 60.0, "hour": 3600.0, "hr": 3600.0, "day": 86400.0, "ms": 0.001}
    total, words = 0.0, duration.split()
    for number, unit in zip(words[::2], words[1::2], strict=False):
        total += float(number) * units.get(unit.rstrip("s") if unit != "ms" else unit, 0.0)
    return total
