"""The parameters of isotonic regression."""

from __future__ import annotations

from dataclasses import dataclass

from artesian.learn.base.model_parameters import (
    CUSTOM_METRIC_REFUSED,
    CrossValidationParameters,
    ModelParameters,
    Response,
    Weights,
)
from artesian.learn.base.parameters import Kind, parameter


@dataclass(frozen=True)
class _Own:
    score_each_iteration: bool = parameter(
        False,
        "Score after every iteration of training.",
        kind=Kind.BOOLEAN,
        gridable=False,
        refused="isotonic regression is found in one step.",
    )
    out_of_bounds: str = parameter(
        "NA",
        "Prediction outside of the values that training saw: missing (NA), or that of the nearest one (clip).",
        kind=Kind.CHOICE,
        level="critical",
        gridable=False,
        choices=("NA", "clip"),
    )
    custom_metric_func: str | None = parameter(
        None,
        "Reference to a metric in program code; not available here.",
        kind=Kind.STRING,
        gridable=False,
        refused=CUSTOM_METRIC_REFUSED,
    )
    seed: int = parameter(
        -1,
        "Seed of the folds of cross-validation; the model itself has no chance in it. -1 draws one and reports it.",
        kind=Kind.LONG,
        level="expert",
    )


@dataclass(frozen=True)
class IsotonicRegressionParameters(_Own, CrossValidationParameters, Weights, Response, ModelParameters):
    """All parameters of isotonic regression."""
