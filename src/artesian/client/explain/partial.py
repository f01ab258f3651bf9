"""Partial dependence and individual conditional expectation: tables of the server, and pictures of one model or several."""

from __future__ import annotations

import functools
import inspect
import math
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from artesian.client import plots, session
from artesian.client.checks import check_type
from artesian.client.connection import path_part
from artesian.client.exceptions import H2OValueError
from artesian.client.explain.subjects import models_of, shortened
from artesian.client.frame.frame import H2OFrame
from artesian.client.job import H2OJob
from artesian.client.two_dim_table import H2OTwoDimTable

if TYPE_CHECKING:
    from artesian.client.model.base import ModelBase

_MISSING = ".missing(NA)"
_DECILES = 11


def partial_tables(
    model: ModelBase,
    frame: H2OFrame,
    columns: Sequence[str] | None = None,
    pairs: Sequence[Sequence[str]] | None = None,
    *,
    nbins: int = 20,
    weight_column: str | int | None = None,
    include_na: bool = False,
    user_splits: Mapping[str | int, Sequence[Any]] | None = None,
    row_index: int | None = None,
    targets: Sequence[str] | None = None,
    destination_key: str | None = None,
) -> list[H2OTwoDimTable]:
    """The tables of partial dependence: one a column and target, then one a pair and target."""
    data: dict[str, Any] = {
        "model_id": model.model_id,
        "frame_id": frame.frame_id,
        "cols": list(columns) if columns is not None else None,
        "col_pairs_2dpdp": [list(pair) for pair in pairs] if pairs is not None else None,
        "nbins": nbins,
        "add_missing_na": include_na,
        "row_index": -1 if row_index is None else row_index,
        "weight_column_index": -1 if weight_column is None else _position(frame, weight_column),
        "destination_key": destination_key,
        "targets": list(targets) if targets else None,
        **_splits(frame, user_splits),
    }
    given = {name: value for name, value in data.items() if value is not None}
    job = H2OJob(session.api("POST /3/PartialDependence", data=given), "PartialDependencePlot").poll()
    reply = session.api(f"GET /3/PartialDependence/{path_part(job.dest_key)}")
    return list(reply["partial_dependence_data"])


def _position(frame: H2OFrame, column: str | int) -> int:
    if isinstance(column, int):
        if column == -1:
            return -1
        raise H2OValueError("The weight column must be given by its name.")
    if column not in frame.names:
        raise H2OValueError(f"The frame has no column {column!r} of weights.")
    return frame.names.index(column)


def _splits(frame: H2OFrame, given: Mapping[str | int, Sequence[Any]] | None) -> dict[str, Any]:
    """Values to try as the server takes them: level numbers of categorical columns."""
    if not given:
        return {}
    check_type("user_splits", given, dict)
    columns: list[str] = []
    values: list[float] = []
    for column, chosen in given.items():
        name = frame.names[column] if isinstance(column, int) and column < len(frame.names) else column
        if name not in frame.names:
            raise H2OValueError(f"The frame has no column {column!r} to take user_splits of.")
        columns.append(str(name))
        kind = frame.type(name)
        if kind == "enum":
            levels = frame[name].levels()[0]
            unknown = [value for value in chosen if value not in levels]
            if unknown:
                raise H2OValueError(
                    f"The column {name!r} has no level {unknown[0]!r}. For missing values give include_na=True."
                )
            values += [levels.index(value) for value in chosen]
        elif kind in ("string", "uuid"):
            raise H2OValueError(f"The column {name!r} is of type {kind}: only numbers and categories can be tried.")
        else:
            values += list(chosen)
    return {"user_cols": columns, "user_splits": values, "num_user_splits": [len(v) for v in given.values()]}


def partial_plot(
    model: ModelBase,
    frame: H2OFrame,
    cols: Sequence[str] | None,
    pairs: Sequence[Sequence[str]] | None,
    *,
    plot: bool,
    plot_stddev: bool,
    figsize: tuple[float, float],
    server: bool,
    save_plot_path: str | None,
    targets: Sequence[str] | None,
    **options: Any,
) -> plots.Drawn:
    """The tables, with a picture that has one panel a column or pair."""
    check_type("frame", frame, H2OFrame)
    if cols is None and pairs is None:
        raise H2OValueError("Give cols, col_pairs_2dpdp, or both.")
    for name in [*(cols or ()), *(name for pair in pairs or () for name in pair)]:
        if name not in frame.names:
            raise H2OValueError(f"The frame has no column {name!r}.")
    if pairs and targets and len(targets) > 1:
        raise H2OValueError("Pairs of columns can be drawn for one target only.")
    tables = partial_tables(model, frame, cols, pairs, targets=targets, **options)
    if not plot:
        return plots.Drawn(tables)
    panels, each = len(cols or ()) + len(pairs or ()), max(1, len(targets or ()))
    figure = plots._pyplot(server).figure(figsize=figsize)
    for i, name in enumerate(cols or ()):
        axes = figure.add_subplot(panels, 1, i + 1)
        for j, table in enumerate(tables[i * each : (i + 1) * each]):
            _draw_line(axes, table, targets[j] if targets else None, spread=plot_stddev)
        axes.set(xlabel=name, ylabel="mean_response", title=f"Partial dependence on {name}")
        if targets:
            axes.legend()
        axes.grid(True)
    for i, (first, second) in enumerate(pairs or ()):
        axes = figure.add_subplot(panels, 1, len(cols or ()) + i + 1)
        _draw_surface(figure, axes, tables[len(cols or ()) * each + i])
        axes.set(xlabel=second, ylabel=first, title=f"Partial dependence on {first} and {second}")
    return plots._finished(tables, figure, server, save_plot_path)


def _draw_line(axes: Any, table: H2OTwoDimTable, label: str | None, *, spread: bool) -> None:
    values, mean, deviation = table[0], table["mean_response"], table["stddev_response"]
    if values and isinstance(values[0], str):
        axes.errorbar(values, mean, yerr=deviation if spread else None, fmt="o", capsize=4, label=label)
        axes.tick_params(axis="x", rotation=45)
        return
    there = [i for i, value in enumerate(values) if not _is_missing(value)]
    (line,) = axes.plot([values[i] for i in there], [mean[i] for i in there], label=label)
    if spread:
        low, high = ([mean[i] + sign * deviation[i] for i in there] for sign in (-1, 1))
        axes.fill_between([values[i] for i in there], low, high, alpha=0.15, color=line.get_color())
    for i in range(len(values)):
        if _is_missing(values[i]):
            axes.axhline(mean[i], linestyle="--", color=line.get_color(), label=f"{label or ''} missing".strip())


def _is_missing(value: Any) -> bool:
    return value in (None, "", _MISSING) or (isinstance(value, float) and math.isnan(value))


def _draw_surface(figure: Any, axes: Any, table: H2OTwoDimTable) -> None:
    import numpy as np

    rows, columns = (list(dict.fromkeys(map(str, table[i]))) for i in (0, 1))
    heights = np.array(table["mean_response"], dtype=float).reshape(len(rows), len(columns))
    image = axes.imshow(heights, aspect="auto", origin="lower", cmap="coolwarm")
    axes.set_xticks(range(len(columns)), [_short(name) for name in columns], rotation=45)
    axes.set_yticks(range(len(rows)), [_short(name) for name in rows])
    figure.colorbar(image, ax=axes, label="mean response")


def _short(text: str) -> str:
    try:
        return f"{float(text):.4g}"
    except ValueError:
        return text


def _only(target: Any) -> list[str] | None:
    """A target as the list that the server takes."""
    if target is None:
        return None
    names = [target] if isinstance(target, str) else list(target)
    if len(names) > 1:
        raise H2OValueError("Only one target can be drawn.")
    return names


def _bins(frame: H2OFrame, column: str, nbins: int, max_levels: int) -> int:
    if frame.type(column) == "string":
        raise H2OValueError(f"The column {column!r} holds strings, which have no partial dependence.")
    if frame.type(column) != "enum":
        return nbins
    count = len(frame[column].levels()[0])
    if count > max_levels:
        raise H2OValueError(
            f"The column {column!r} has {count} levels; raise max_levels ({max_levels}) to draw them all."
        )
    return count + 1


def _scale(model: ModelBase, scale: str) -> Any:
    """How a mean response is shown: as it is, or as the logarithm of the odds."""
    if scale not in ("response", "logodds"):
        raise H2OValueError(f"binary_response_scale must be 'response' or 'logodds'. Got {scale!r}.")
    if scale == "response":
        return float
    if model._output["model_category"] != "Binomial":
        raise H2OValueError("binary_response_scale='logodds' is for models of two classes.")
    return lambda value: math.log(value / (1 - value)) if 0 < value < 1 else math.copysign(math.inf, value - 0.5)


def _by_group(plot: Callable[..., Any]) -> Callable[..., Any]:
    """Makes a function draw each group of rows by itself where there is a `grouping_column`; gives a list then."""
    signature = inspect.signature(plot)

    @functools.wraps(plot)
    def draw(*arguments: Any, **options: Any) -> Any:
        given = signature.bind(*arguments, **options).arguments
        column = given.pop("grouping_column", None)
        if column is None:
            return plot(**given)
        frame = given["frame"]
        if frame.type(column) != "enum":
            raise H2OValueError(f"The grouping column {column!r} must be categorical.")
        parts = [frame[frame[column] == level] for level in frame[column].levels()[0]]
        return [plot(**{**given, "frame": part, "save_plot_path": None}) for part in parts]

    return draw


@_by_group
def pd_plot(
    model: ModelBase,
    frame: H2OFrame,
    column: str,
    row_index: int | None = None,
    target: Any = None,
    max_levels: int = 30,
    figsize: tuple[float, float] = (16, 9),
    colormap: str = "Dark2",
    save_plot_path: str | None = None,
    binary_response_scale: str = "response",
    grouping_column: str | None = None,
    output_graphing_data: bool = False,
    nbins: int = 100,
    show_rug: bool = True,
) -> Any:
    """Mean response over a column with one deviation around it; of one row when `row_index` is given."""
    shown, names = _scale(model, binary_response_scale), _only(target)
    bins = _bins(frame, column, nbins, max_levels)
    (table,) = partial_tables(model, frame, [column], nbins=bins, row_index=row_index, targets=names)
    figure, axes = plots._axes(False, figsize)
    values, mean, deviation = table[0], [shown(v) for v in table["mean_response"]], table["stddev_response"]
    color = plots._palette(colormap, 8)[0]
    if frame.type(column) == "enum":
        axes.errorbar(values, mean, yerr=None if shown is not float else deviation, fmt="o", color=color, markersize=8)
        axes.tick_params(axis="x", rotation=45)
    else:
        axes.plot(values, mean, color=color)
        if shown is float:
            axes.fill_between(
                values,
                [m - d for m, d in zip(mean, deviation, strict=True)],
                [m + d for m, d in zip(mean, deviation, strict=True)],
                color=color,
                alpha=0.2,
            )
        _draw_rug(axes, frame, column, show=show_rug)
    kind = "Partial dependence" if row_index is None else f"Individual conditional expectation of row {row_index}"
    axes.set(xlabel=column, ylabel="mean response", title=f"{kind} on {column}" + (f" for {names[0]}" if names else ""))
    axes.grid(True)
    return plots._finished(table if output_graphing_data else None, figure, False, save_plot_path)


def _draw_rug(axes: Any, frame: H2OFrame, column: str, *, show: bool) -> None:
    """Small strokes where the column has values."""
    if not show:
        return
    values = frame[column].to_polars().to_series().drop_nulls()
    if values.dtype.is_numeric():
        values = values.sample(min(len(values), 500), seed=0)
        axes.plot(values.to_list(), [axes.get_ylim()[0]] * len(values), "|", color="grey", alpha=0.5)


@_by_group
def ice_plot(
    model: ModelBase,
    frame: H2OFrame,
    column: str,
    target: Any = None,
    max_levels: int = 30,
    figsize: tuple[float, float] = (16, 9),
    colormap: str = "plasma",
    save_plot_path: str | None = None,
    show_pdp: bool = True,
    binary_response_scale: str = "response",
    centered: bool = False,
    grouping_column: str | None = None,
    output_graphing_data: bool = False,
    nbins: int = 100,
    show_rug: bool = True,
) -> Any:
    """Curves of eleven rows, at the deciles of the response, and the mean of all rows."""
    shown, names = _scale(model, binary_response_scale), _only(target)
    bins = _bins(frame, column, nbins, max_levels)
    order = frame[model.actual_params["response_column"]].to_polars().to_series().arg_sort().to_list()
    figure, axes = plots._axes(False, figsize)
    tables, is_enum = [], frame.type(column) == "enum"
    for i, color in enumerate(plots._palette(colormap, _DECILES)):
        row = order[round((len(order) - 1) * i / (_DECILES - 1))]
        (table,) = partial_tables(model, frame, [column], nbins=bins, row_index=row, targets=names)
        tables.append(table)
        _draw_curve(axes, table, shown, color, f"{10 * i}th percentile", centered=centered, dots=is_enum)
    if show_pdp:
        (table,) = partial_tables(model, frame, [column], nbins=bins, targets=names)
        _draw_curve(axes, table, shown, "black", "partial dependence", centered=centered, dots=is_enum)
    if not is_enum:
        _draw_rug(axes, frame, column, show=show_rug)
    axes.set(
        xlabel=column, ylabel="response", title=f"Individual conditional expectation of {model.model_id} on {column}"
    )
    axes.legend(loc="center left", bbox_to_anchor=(1, 0.5))
    axes.grid(True)
    return plots._finished(tables if output_graphing_data else None, figure, False, save_plot_path)


def _draw_curve(
    axes: Any, table: H2OTwoDimTable, shown: Any, color: Any, label: str, *, centered: bool, dots: bool
) -> None:
    mean = [shown(value) for value in table["mean_response"]]
    if centered and not dots:
        mean = [value - mean[0] for value in mean]
    style = {"linestyle": "", "marker": "o"} if dots else {"linestyle": "--" if color == "black" else "-"}
    axes.plot(table[0], mean, color=color, label=label, **style)


def pd_multi_plot(
    models: Any,
    frame: H2OFrame,
    column: str,
    best_of_family: bool = True,
    row_index: int | None = None,
    target: Any = None,
    max_levels: int = 30,
    figsize: tuple[float, float] = (16, 9),
    colormap: str = "Dark2",
    markers: Sequence[str] = ("o", "v", "s", "P", "*", "D", "X", "^", "<", ">", "."),
    save_plot_path: str | None = None,
    show_rug: bool = True,
) -> plots.Drawn:
    """Mean response of several models over one column; with `best_of_family` one model an algorithm, the first given."""
    given = models_of(models)
    chosen = first_of_each(given) if best_of_family else given
    bins = _bins(frame, column, 20, max_levels)
    figure, axes = plots._axes(False, figsize)
    names = shortened([model.model_id for model in chosen])
    for model, name, color, marker in zip(
        chosen, names, plots._palette(colormap, max(2, len(chosen))), _repeated(markers), strict=False
    ):
        (table,) = partial_tables(model, frame, [column], nbins=bins, row_index=row_index, targets=_only(target))
        style = {"linestyle": ""} if frame.type(column) == "enum" else {}
        axes.plot(table[0], table["mean_response"], color=color, marker=marker, label=name, **style)
    if frame.type(column) != "enum":
        _draw_rug(axes, frame, column, show=show_rug)
    axes.set(xlabel=column, ylabel="mean response", title=f"Partial dependence on {column}")
    axes.legend()
    axes.grid(True)
    return plots._finished(None, figure, False, save_plot_path)


def _repeated(markers: Sequence[str]) -> Iterable[str]:
    while True:
        yield from markers


def first_of_each(models: Iterable[ModelBase]) -> list[ModelBase]:
    """The first model of each algorithm."""
    found: dict[str, ModelBase] = {}
    for model in models:
        found.setdefault(model._reply["algo"], model)
    return list(found.values())
