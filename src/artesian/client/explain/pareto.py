"""The best compromises between two columns of a leaderboard, such as error and time to predict."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from artesian.client import plots
from artesian.client.checks import check_choice, check_type, no_column
from artesian.client.exceptions import H2OTypeError, H2OValueError
from artesian.client.frame.frame import H2OFrame

if TYPE_CHECKING:
    import numpy as np
    import polars as pl

_CORNERS = ("top left", "top right", "bottom left", "bottom right")
_TITLES = {
    "auc": "Area under the ROC curve",
    "aucpr": "Area under the precision-recall curve",
    "logloss": "Logloss",
    "mae": "Mean absolute error",
    "mean_per_class_error": "Mean error per class",
    "mean_residual_deviance": "Mean residual deviance",
    "mse": "Mean squared error",
    "predict_time_per_row_ms": "Time to predict a row [ms]",
    "rmse": "Root of the mean squared error",
    "rmsle": "Root of the mean squared log error",
    "training_time_ms": "Time of training [ms]",
}


def pareto_front(
    frame: Any,
    x_metric: str | None = None,
    y_metric: str | None = None,
    optimum: str = "top left",
    title: str | None = None,
    color_col: str = "algo",
    figsize: tuple[float, float] = (16, 9),
    colormap: str = "Dark2",
) -> plots.Drawn:
    """The rows that no other row beats in both of two columns: a frame of them, whose `figure()` shows all rows.

    `frame` is a leaderboard, any other frame, what a frame can be made of, or models, grids and AutoML runs, which are
    ranked first. `optimum` is the corner of the picture where the best row would lie: 'top left' wants little of
    `x_metric` and much of `y_metric`. Rows in which either is missing are left out. Dots are coloured by `color_col`, if
    it is there.
    """
    check_type("optimum", optimum, str)
    check_choice("optimum", optimum.lower(), _CORNERS)
    board = _board(frame)
    table = board.to_polars()
    x, y = (
        _numbers(board, table, argument, name) for argument, name in (("x_metric", x_metric), ("y_metric", y_metric))
    )
    vertical, horizontal = optimum.lower().split()
    best = _front(x, y, top=vertical == "top", left=horizontal == "left")
    figure, axes = plots._axes(False, figsize)
    _draw(axes, x, y, best, table[color_col].cast(str).to_list() if color_col in table.columns else None, colormap)
    axes.set(xlabel=_TITLES.get(str(x_metric), x_metric), ylabel=_TITLES.get(str(y_metric), y_metric))
    axes.set_title("Pareto front" if title is None else title)
    axes.grid(True)
    return plots._finished(board[sorted(best), :], figure, False, None)


def _board(given: Any) -> H2OFrame:
    if isinstance(given, H2OFrame):
        return given
    items = given if isinstance(given, (list, tuple)) else [given]
    if items and all(any(hasattr(item, name) for name in ("model_id", "model_ids", "leaderboard")) for item in items):
        from artesian.client.automl.leaderboards import make_leaderboard

        return make_leaderboard(given, extra_columns="ALL")
    try:
        return H2OFrame(given)
    except (H2OTypeError, H2OValueError, TypeError) as error:
        raise H2OValueError(
            "The argument 'frame' must be a leaderboard, something that a frame can be made of, or models, grids and "
            f"AutoML runs. Got a {type(given).__name__}.",
            "frame",
        ) from error


def _numbers(board: H2OFrame, table: pl.DataFrame, argument: str, name: str | None) -> np.ndarray[Any, Any]:
    """A column as numbers, NaN where it has none."""
    if name is None:
        raise H2OValueError(f"The argument '{argument}' is required: name a column of the leaderboard.", argument)
    if name not in board.names:
        raise no_column(name, board.names, "leaderboard")
    if not table[name].dtype.is_numeric():
        raise H2OValueError(
            f"A front lies between numbers. The column {name!r} is of type {board.type(name)}.", argument
        )
    return table[name].cast(float).fill_null(float("nan")).to_numpy()


def _front(x: np.ndarray[Any, Any], y: np.ndarray[Any, Any], *, top: bool, left: bool) -> list[int]:
    """The rows that no other beats, from the best in x to the best in y; of equal rows the first.

    Sorted by x and then y, best first, a row is on the front when its y is better than that of all rows before it.
    """
    import numpy as np

    there = np.flatnonzero(~(np.isnan(x) | np.isnan(y)))
    across, up = (x[there] if left else -x[there]), (-y[there] if top else y[there])  # both: less is better
    order = np.lexsort((up, across))
    lowest = np.minimum.accumulate(up[order])
    better = np.append(True, lowest[1:] < lowest[:-1])[: len(order)]
    return [int(row) for row in there[order[better]]]


def _draw(axes: Any, x: Any, y: Any, best: list[int], groups: list[str] | None, colormap: str) -> None:
    names = list(dict.fromkeys(groups)) if groups is not None else []
    palette = dict(zip(names, plots._palette(colormap, max(2, len(names))), strict=False))
    colors = [palette[group] for group in groups] if groups is not None else ["tab:blue"] * len(x)
    axes.plot(x[best], y[best], color="black", linewidth=1)
    axes.scatter(x, y, c=colors, alpha=0.5)
    axes.scatter(x[best], y[best], c=[colors[row] for row in best], s=100, zorder=3)
    for name in names:
        axes.scatter([], [], color=palette[name], label=name)
    if names:
        axes.legend()
