"""Permutation importance: how much a metric of a model changes when the values of one column are shuffled.

Breiman, Random forests (2001), section 10, for any model: Fisher, Rudin, Dominici (2019).
"""

from __future__ import annotations

import math
import secrets
import zlib
from collections.abc import Callable, Sequence

import numpy as np
import polars as pl

from artesian.core.errors import InvalidArgument, did_you_mean
from artesian.frame import Column, ColumnType, Frame
from artesian.learn.base.details import Category, ModelDetails
from artesian.learn.base.model import Model

ATTRIBUTES = {
    "auc": "auc",
    "aucpr": "pr_auc",
    "pr_auc": "pr_auc",
    "gini": "gini",
    "logloss": "log_loss",
    "mean_per_class_error": "mean_per_class_error",
    "misclassification": "error",
    "err": "error",
    "mse": "mse",
    "rmse": "rmse",
    "mae": "mae",
    "rmsle": "rmsle",
    "r2": "r2",
    "deviance": "mean_residual_deviance",
    "mean_residual_deviance": "mean_residual_deviance",
    "lift_top_group": "lift_top_group",
    "custom_metric_value": "custom_metric_value",
}
"""Metrics by the names that callers use, and the attribute of the metrics object that holds each."""
_AUTO = {Category.BINOMIAL: "auc", Category.REGRESSION: "rmse", Category.MULTINOMIAL: "logloss"}
_ROLES = ("response_column", "weights_column", "offset_column", "fold_column")


def permutation_importance(
    model: Model,
    frame: Frame,
    *,
    metric: str = "auto",
    samples: int = -1,
    repeats: int = 1,
    features: Sequence[str] | None = None,
    seed: int = -1,
    threads: int = 1,
    progress: Callable[[float], None] = lambda fraction: None,
) -> Frame:
    """A frame with a row a column of the given one, the most important first.

    One repeat: `Variable`, `Relative Importance` (the absolute change of the metric), `Scaled Importance`, `Percentage`;
    several: `Variable` and the change in each `Run`. `samples` rows drawn at random are used, or all with -1. Columns
    that the model does not use have importance 0. Raises InvalidArgument, naming the argument.
    """
    name = _metric(metric, model.details)
    features = _features(model.details, frame, features)
    _check_counts(samples, repeats, frame)
    seed = secrets.randbelow(2**62) if seed == -1 else seed
    found = np.zeros((len(features), repeats))
    used = set(model.details.predictors)
    for run in range(repeats):
        random = np.random.default_rng([(seed + run) & (2**64 - 1), 0x5E3D])
        rows = frame
        if samples > 0:
            chosen = np.sort(random.permutation(frame.n_rows)[:samples])
            rows = frame.gather(pl.Series(chosen))
        base = _measure(model, rows, name, threads)
        for i, feature in enumerate(features):
            if feature in used:
                # each column has a stream of its own, so that leaving others out does not change its importance
                stream = np.random.default_rng([(seed + run) & (2**64 - 1), zlib.crc32(feature.encode())])
                shuffled = rows[feature].gather(pl.Series(stream.permutation(rows.n_rows)))
                changed = _measure(model, rows.with_column(feature, shuffled), name, threads)
                found[i, run] = abs(changed - base)
            progress((run * len(features) + i + 1) / (repeats * len(features)))
    return _frame(features, found)


def _metric(metric: str, details: ModelDetails) -> str:
    name = metric.lower()
    if name == "auto":
        if details.category not in _AUTO:
            raise InvalidArgument("Permutation importance needs a model of a numeric or categorical response.")
        return _AUTO[details.category]
    if name not in ATTRIBUTES:
        raise InvalidArgument(
            f"There is no metric '{metric}' for permutation importance.{did_you_mean(name, ATTRIBUTES)}",
            argument="metric",
        )
    return name


def _check_counts(samples: int, repeats: int, frame: Frame) -> None:
    if frame.n_rows < 2:
        raise InvalidArgument("The frame needs at least two rows for values to be exchanged.")
    if samples != -1 and not 2 <= samples <= frame.n_rows:
        raise InvalidArgument(
            f"The argument 'n_samples' must be -1 for all rows, or from 2 to the number of rows, {frame.n_rows}. Got {samples}.",
            argument="n_samples",
        )
    if repeats < 1:
        raise InvalidArgument(f"The argument 'n_repeats' must be at least 1. Got {repeats}.", argument="n_repeats")


def _features(details: ModelDetails, frame: Frame, features: Sequence[str] | None) -> list[str]:
    if details.response is None or details.response not in frame:
        raise InvalidArgument("The frame must hold the response of the model: its metric is measured anew.")
    special = {details.parameters[role]["actual"] for role in _ROLES if role in details.parameters}
    ignored = details.parameters.get("ignored_columns", {}).get("actual") or ()
    if not features:
        return [name for name in frame.names if name not in special and name not in ignored]
    for name in features:
        if name not in frame:
            raise InvalidArgument(
                f"The frame has no column '{name}'.{did_you_mean(name, frame.names)}", argument="features"
            )
        if name not in details.predictors:
            raise InvalidArgument(f"The model was not trained on the column '{name}'.", argument="features")
    return list(dict.fromkeys(features))


def _measure(model: Model, frame: Frame, metric: str, threads: int) -> float:
    measured = model.measure(frame, model.raw(frame, threads=threads))
    value = float(getattr(measured, ATTRIBUTES[metric], math.nan))
    if math.isnan(value):
        raise InvalidArgument(f"A model of this kind has no metric '{metric}' on the frame.", argument="metric")
    return value


def _frame(features: Sequence[str], found: np.ndarray[tuple[int, int], np.dtype[np.float64]]) -> Frame:
    order = np.argsort(-found[:, 0], kind="stable")
    columns = {"Variable": Column(ColumnType.STRING, pl.Series([features[i] for i in order], dtype=pl.String))}
    found = found[order]
    if found.shape[1] > 1:
        runs = {f"Run {j + 1}": found[:, j] for j in range(found.shape[1])}
    else:
        values = found[:, 0]
        largest, total = float(values.max(initial=0.0)), float(values.sum())
        runs = {
            "Relative Importance": values,
            "Scaled Importance": values / largest if largest > 0 else values,
            "Percentage": values / total if total > 0 else values,
        }
    return Frame.from_mapping(columns | {name: Column.reals(pl.Series(values)) for name, values in runs.items()})
