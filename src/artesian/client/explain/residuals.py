"""Residuals of a model of a number, over its predictions."""

from __future__ import annotations

from typing import TYPE_CHECKING

from artesian.client import plots
from artesian.client.checks import check_type
from artesian.client.exceptions import H2OValueError
from artesian.client.frame.frame import H2OFrame

if TYPE_CHECKING:
    from artesian.client.model.base import ModelBase

_MOST_POINTS = 20_000


def residual_analysis_plot(
    model: ModelBase, frame: H2OFrame, figsize: tuple[float, float] = (16, 9), save_plot_path: str | None = None
) -> plots.Drawn:
    """Actual minus predicted over predicted values, with the line that fits them and their distribution beside it."""
    import numpy as np

    check_type("frame", frame, H2OFrame)
    response = model.actual_params["response_column"]
    if response not in frame.names:
        raise H2OValueError(f"The frame must hold the response {response!r}.")
    fitted = model.predict(frame)["predict"].to_polars().to_series().cast(float).to_numpy()
    actual = frame[response].to_polars().to_series().cast(float).to_numpy()
    there = ~np.isnan(actual) & ~np.isnan(fitted)
    fitted, residuals = fitted[there], (actual - fitted)[there]
    figure, (axes, side) = plots._pyplot(False).subplots(
        1, 2, figsize=figsize, sharey=True, gridspec_kw={"width_ratios": [5, 1]}
    )
    chosen = np.random.default_rng(0).permutation(len(fitted))[:_MOST_POINTS]
    axes.scatter(fitted[chosen], residuals[chosen], s=12, alpha=0.4)
    if len(fitted) > 1 and fitted.min() < fitted.max():
        slope, start = np.polyfit(fitted, residuals, 1)
        ends = np.array([fitted.min(), fitted.max()])
        axes.plot(ends, start + slope * ends, color="tab:orange", label="least squares")
        axes.legend()
    axes.axhline(0, color="grey", linewidth=1)
    axes.set(xlabel="fitted", ylabel="residuals", title=f"Residuals of {model.model_id}")
    side.hist(residuals, bins=50, orientation="horizontal", color="grey")
    side.axis("off")
    axes.grid(True)
    return plots._finished(None, figure, False, save_plot_path)
