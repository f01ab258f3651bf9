"""Contributions of the inputs to single predictions (Shapley values), drawn for many rows and for one."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from artesian.client import plots
from artesian.client.checks import check_choice, check_type
from artesian.client.exceptions import H2OValueError
from artesian.client.frame.frame import H2OFrame

if TYPE_CHECKING:
    from artesian.client.model.base import ModelBase

TELLING = ("drf", "gbm", "xgboost")
"""Algorithms whose models tell contributions."""
_BIAS = ("BiasTerm", "BaselineTerm")


def contributions(model: ModelBase, frame: H2OFrame, background: H2OFrame | None) -> Any:
    """A table of contributions [rows, inputs], without the bias."""
    ask: Any = getattr(model, "predict_contributions", None)
    if ask is None or model._reply["algo"] not in TELLING:
        raise H2OValueError(f"Models of {model._reply['algo']} tell no contributions of their inputs.")
    if model._output["model_category"] == "Multinomial":
        raise H2OValueError("Contributions are drawn for regression and for two classes only.")
    found = ask(frame) if background is None else ask(frame, background_frame=background)
    table = found.to_polars()
    return table.select(name for name in table.columns if name not in _BIAS)


def _owner(name: str, columns: Sequence[str]) -> str | None:
    """The column that an input comes from: itself, or the one whose level it stands for."""
    return max((c for c in columns if name == c or name.startswith(f"{c}.")), key=len, default=None)


def shap_summary_plot(
    model: ModelBase,
    frame: H2OFrame,
    columns: Sequence[str] | None = None,
    top_n_features: int = 20,
    samples: int = 1000,
    colorize_factors: bool = True,
    alpha: float = 1,
    colormap: str | None = None,
    figsize: tuple[float, float] = (12, 12),
    jitter: float = 0.35,
    save_plot_path: str | None = None,
    background_frame: H2OFrame | None = None,
) -> plots.Drawn:
    """A dot a row and input: how much the input moved the prediction, coloured by its value from low to high."""
    import numpy as np

    check_type("frame", frame, H2OFrame)
    random = np.random.default_rng(1)
    if frame.nrows > samples:
        rows = sorted(random.choice(frame.nrows, samples, replace=False).tolist())
        frame = frame[rows, :]
    table, values = contributions(model, frame, background_frame), frame.to_polars()
    names = [name for name in table.columns if columns is None or _owner(name, columns) is not None]
    size = {name: float(np.abs(table[name].to_numpy()).mean()) for name in names}
    chosen = sorted(names, key=lambda name: -size[name])[: len(names) if top_n_features < 0 else top_n_features]
    figure, axes = plots._axes(False, figsize)
    for place, name in enumerate(reversed(chosen)):
        heights = place + random.uniform(-jitter, jitter, table.height)
        colors = _places(values, name, colorize_factors)
        dots = axes.scatter(
            table[name].to_numpy(), heights, c=colors, cmap=colormap or "RdYlBu_r", vmin=0, vmax=1, s=14, alpha=alpha
        )
    axes.set_yticks(range(len(chosen)), list(reversed(chosen)))
    axes.axvline(0, color="grey", linewidth=1)
    axes.set(xlabel="contribution", title=f"Contributions of the inputs of {model.model_id}")
    if chosen:
        figure.colorbar(dots, ax=axes, label="value of the input, by rank")
    return plots._finished(None, figure, False, save_plot_path)


def _places(values: Any, name: str, colorize_factors: bool) -> Any:
    """Each row's place of the input's value among all, 0 to 1; one half where it has none."""
    import numpy as np

    owner = _owner(name, values.columns)
    if owner is None:
        return np.full(values.height, 0.5)
    column = values[owner]
    if not column.dtype.is_numeric() and not column.dtype.is_temporal():
        if not colorize_factors:
            return np.full(values.height, 0.5)
        level = name[len(owner) + 1 :]
        if level:
            return (column.cast(str) == level).fill_null(False).cast(float).to_numpy()
    ranks = column.to_physical().rank("dense").cast(float).fill_null(float("nan")).to_numpy()
    most = np.nanmax(ranks, initial=1.0)
    return np.where(np.isnan(ranks), 0.5, (ranks - 1) / max(1.0, most - 1))


def shap_explain_row_plot(
    model: ModelBase,
    frame: H2OFrame,
    row_index: int,
    columns: Sequence[str] | None = None,
    top_n_features: int = 10,
    figsize: tuple[float, float] = (16, 9),
    plot_type: str = "barplot",
    contribution_type: str | Sequence[str] = "both",
    save_plot_path: str | None = None,
    background_frame: H2OFrame | None = None,
) -> plots.Drawn:
    """The contributions to the prediction of one row: as bars, or added up one after the other ('breakdown')."""
    check_type("frame", frame, H2OFrame)
    check_choice("plot_type", plot_type, ("barplot", "breakdown"))
    signs = [contribution_type] if isinstance(contribution_type, str) else list(contribution_type)
    for sign in signs:
        check_choice("contribution_type", sign, ("both", "positive", "negative"))
    row = frame[row_index, :]
    values = row.to_polars().row(0, named=True)
    found = contributions(model, row, background_frame).row(0, named=True)
    if columns is not None:
        found = {name: value for name, value in found.items() if _owner(name, columns) is not None}
    both = "both" in signs or {"positive", "negative"} <= set(signs)
    wanted = [n for n, v in found.items() if both or (v > 0) == ("positive" in signs)]
    wanted.sort(key=lambda name: -abs(found[name]))
    chosen = wanted[: len(wanted) if top_n_features < 0 else top_n_features][::-1]
    labels = [f"{n} = {values.get(_owner(n, list(values)) or '', '')}" for n in chosen]
    amounts = [found[name] for name in chosen]
    figure, axes = plots._axes(False, figsize)
    starts = [0.0] * len(amounts)
    if plot_type == "breakdown":
        for i in range(1, len(amounts)):
            starts[-1 - i] = starts[-i] + amounts[-i]
    axes.barh(labels, amounts, left=starts, color=["tab:red" if value < 0 else "tab:blue" for value in amounts])
    axes.axvline(0, color="grey", linewidth=1)
    axes.set(xlabel="contribution", title=f"Contributions to the prediction of row {row_index} by {model.model_id}")
    axes.grid(True, axis="x")
    return plots._finished(None, figure, False, save_plot_path)
