"""What the parameters of isolation forests must fulfil together; each finding names the parameter and what to do."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from artesian.core.errors import Problem, did_you_mean
from artesian.learn.base.algorithm import Situation
from artesian.learn.base.checks import error, warning

_LABELLED = ("logloss", "MSE", "RMSE", "AUC", "AUCPR", "lift_top_group", "misclassification", "mean_per_class_error")
"""Stopping metrics that need labels."""


def check_declared(values: Mapping[str, Any]) -> Iterator[Problem]:
    """Findings that need no frame, for the isolation forest."""
    labelled = bool(values["validation_response_column"])
    if values["validation_frame"] and not labelled:
        yield error(
            "validation_response_column",
            "A validation frame needs its 'validation_response_column' named, which tells its anomalies.",
        )
    if labelled and not values["validation_frame"]:
        yield error("validation_response_column", "The 'validation_response_column' needs a validation_frame.")
    if values["validation_frame"] and values["contamination"] > 0:
        yield error(
            "contamination",
            "The 'contamination' parameter cannot be combined with a validation frame, from which the threshold is then "
            "taken. Leave one of them out.",
        )
    if values["stopping_metric"] in _LABELLED and not values["validation_frame"]:
        yield error(
            "stopping_metric",
            f"The 'stopping_metric' {values['stopping_metric']} needs a labelled validation frame. Use anomaly_score, or give "
            "validation_frame and validation_response_column.",
        )
    if values["sample_rate"] != -1 and values["sample_size"] != 256:
        yield Problem(
            "warning", "sample_size", "The 'sample_size' parameter has no effect: sample_rate, which is set, counts."
        )


def check_situation(situation: Situation) -> Iterator[Problem]:
    """Findings about the parameters of the isolation forest together with the frames."""
    values, width = situation.values, len(situation.roles.predictors)
    name, frame = values["validation_response_column"], situation.validation
    if width and values["mtries"] > width:
        yield error("mtries", f"The 'mtries' parameter must be at most the number of columns, {width}, or -1 or -2.")
    rows, least = situation.training.n_rows, values["min_rows"]
    if least > 1 and rows < 2 * least:
        yield error(
            "min_rows",
            f"The dataset size is too small to split for min_rows={least:g}: {2 * least:g} rows are needed, and there are "
            f"{rows}. Lower min_rows.",
        )
    if not name or frame is None:
        return
    if name not in frame:
        near = did_you_mean(name, frame.names)
        yield error("validation_response_column", f"The validation frame has no column '{name}'.{near}")
    elif frame[name].domain is None or frame[name].cardinality != 2:
        yield error(
            "validation_response_column",
            f"The column '{name}' must be categorical with two levels: no anomaly, and anomaly. Use asfactor().",
        )
    if name in situation.roles.predictors:
        yield warning(
            "training_frame",
            f"The column '{name}', which tells anomalies, is learnt from like any other. Put it into ignored_columns to "
            "judge the model by what it could not know.",
        )


def check_extended(situation: Situation) -> Iterator[Problem]:
    """Findings about the parameters of the extended isolation forest together with the frame."""
    values, rows = situation.values, situation.training.n_rows
    if values["sample_size"] > rows:
        yield error(
            "sample_size",
            f"The 'sample_size' parameter must be at most the number of rows, {rows}. Got {values['sample_size']}.",
        )
    width = len(situation.roles.predictors)
    if width and values["categorical_encoding"] in ("AUTO", "Enum") and values["extension_level"] > width - 1:
        yield error(
            "extension_level",
            f"The 'extension_level' parameter must be at most the number of columns less one, {width - 1}. "
            f"Got {values['extension_level']}.",
        )
