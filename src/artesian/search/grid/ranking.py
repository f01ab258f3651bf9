"""Which of several models is better: their metrics by the names that clients use, and the tables that show them in order."""

from __future__ import annotations

import datetime
import math
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from artesian.core.errors import InvalidArgument, did_you_mean
from artesian.learn.base.early_stopping import STOPPING_METRICS, resolve_metric
from artesian.learn.base.table import Table, TableColumn, duration, float_from_json
from artesian.learn.metrics import metrics_from_dict
from artesian.search.grid.document import Grid
from artesian.search.grid.space import IllegalSearch

Details = Mapping[str, Any]
"""What the store tells of a model: the `to_dict` of its ModelDetails."""
PARTS = ("cross_validation_metrics", "validation_metrics", "training_metrics")
_STORED = {
    "mse": "mse", "r2": "r2", "logloss": "log_loss", "auc": "auc", "pr_auc": "pr_auc", "aucpr": "pr_auc", "gini": "gini",
    "mean_per_class_error": "mean_per_class_error", "loglikelihood": "loglikelihood", "aic": "aic", "mae": "mae",
    "rmsle": "rmsle", "mean_residual_deviance": "mean_residual_deviance", "totss": "totss", "betweenss": "betweenss",
    "tot_withinss": "tot_withinss", "mean_score": "mean_score", "mean_normalized_score": "mean_normalized_score",
}  # fmt: skip
"""Metrics that are kept as such, by the name that clients use."""
_DEVIANCES = ("residual_deviance", "null_deviance")
_AT_BEST_THRESHOLD = (
    "f1", "f2", "f0point5", "accuracy", "precision", "recall", "specificity", "mean_per_class_accuracy",
)  # fmt: skip
_OF_MATRIX = ("err", "err_count", "total_rows", "accuracy", "max_per_class_error", "mean_per_class_accuracy")
_CUSTOM = ("custom", "custom_increasing")


def scored_part(details: Details) -> Mapping[str, Any] | None:
    """The metrics that a model is judged by: those of cross-validation, else validation, else training."""
    return next((details[part] for part in PARTS if details.get(part) is not None), None)


def metric_names(details: Details) -> list[str]:
    """The metrics that models like this one can be sorted by."""
    part = scored_part(details)
    if part is None:
        return []
    names = [name for name, stored in _STORED.items() if stored in part]
    names.append("rmse")
    if "mean_residual_deviance" in part or part.get("residual_degrees_of_freedom") is not None:
        names.append("residual_deviance")
    if part.get("residual_degrees_of_freedom") is not None:
        names.append("null_deviance")
    if part.get("confusion_matrix") is not None:
        names += _OF_MATRIX
    if part["kind"] == "binomial":
        names += [*_AT_BEST_THRESHOLD, "mcc", "lift_top_group"]
    if part.get("custom_metric_name"):
        names += _CUSTOM
    return sorted(set(names))


def metric_of(details: Details, name: str) -> float:
    """A metric of the part that a model is judged by; NaN where it has no value. Threshold-bound ones are at their best.

    IllegalSearch for a metric that such models do not have; it lists those that they have.
    """
    wanted, part = name.lower(), scored_part(details)
    known = metric_names(details)
    if part is None or wanted not in known:
        raise IllegalSearch(
            f"Models cannot be sorted by '{name}'.{did_you_mean(wanted, known)} They have: {', '.join(known) or 'nothing'}.",
            "sort_by",
        )
    if wanted in _STORED:
        return _number(part[_STORED[wanted]])
    if wanted == "rmse":
        return math.sqrt(max(0.0, _number(part["mse"])))
    if wanted in _CUSTOM:
        return _number(part["custom_metric_value"])
    if wanted in _DEVIANCES:
        own = part.get("residual_degrees_of_freedom") is not None
        return _number(part[wanted if own else "mean_residual_deviance"])
    return _of_matrix(part, wanted)


def _known(details: Details, name: str) -> float:
    """The same; NaN too for a model that does not have the metric, as where a search tries kinds of models."""
    return metric_of(details, name) if name.lower() in metric_names(details) else math.nan


def _number(value: Any) -> float:
    return math.nan if value is None else float_from_json(value)


def _of_matrix(part: Mapping[str, Any], name: str) -> float:
    if part["kind"] == "binomial" and name in _AT_BEST_THRESHOLD:
        if part.get("max_criteria_and_metric_scores") is None:
            return math.nan
        best = Table.from_dict(part["max_criteria_and_metric_scores"])
        metrics = best.column("metric")
        return float(best.array("value")[metrics.index(f"max {name}")]) if f"max {name}" in metrics else math.nan
    if name == "lift_top_group":
        return float(Table.from_dict(part["gains_lift"]).array("lift")[0]) if part.get("gains_lift") else math.nan
    matrix = np.array([[_number(n) for n in row] for row in part["confusion_matrix"]["counts"]])
    total, wrong = float(matrix.sum()), float(matrix.sum() - matrix.trace())
    with np.errstate(divide="ignore", invalid="ignore"):
        errors = np.nan_to_num(1 - matrix.diagonal() / matrix.sum(axis=1))
    if name == "mcc":
        (tn, fp), (fn, tp) = matrix.tolist()
        scale = math.sqrt((tp + fp) * (tp + fn) * (tn + fp) * (tn + fn))
        return (tp * tn - fp * fn) / scale if scale else 0.0
    return {
        "err": wrong / total if total else math.nan,
        "err_count": wrong,
        "total_rows": total,
        "accuracy": 1 - wrong / total if total else math.nan,
        "max_per_class_error": float(errors.max()),
        "mean_per_class_accuracy": 1 - float(errors.mean()),
    }[name]


def default_order(details: Details) -> str | None:
    """What models of this kind are sorted by unless one says otherwise, ascending: None keeps their order."""
    part = scored_part(details)
    if not details["supervised"] or part is None:
        return None
    return {"regression": "residual_deviance"}.get(part["kind"], "logloss" if "log_loss" in part else None)


def ranked(models: Mapping[str, Details], metric: str, decreasing: bool) -> list[str]:
    """The keys in order of a metric; those without a value come last, equal ones stay as they were.

    IllegalSearch for a metric that none of the models has.
    """
    values = {key: _known(details, metric) for key, details in models.items()}
    if not any(metric.lower() in metric_names(details) for details in models.values()):
        for details in models.values():
            metric_of(details, metric)
    known = [key for key in models if not math.isnan(values[key])]
    known.sort(key=lambda key: values[key], reverse=decreasing)
    return known + [key for key in models if math.isnan(values[key])]


# ---- tables ----


def summary_table(
    grid: Grid, models: Mapping[str, Details], metric: str | None, decreasing: bool = False
) -> Table | None:
    """A row a model, in the order given: its values of the hyper-parameters, its key, and the metric; None of no models."""
    if not models:
        return None
    columns: list[tuple[TableColumn, Sequence[Any]]] = [(TableColumn("", "string"), [""] * len(models))]
    for name in grid.hyper_names:
        cells = [_single(details["parameters"][name]["actual"]) for details in models.values()]
        columns.append(_column(name, cells))
    columns.append((TableColumn("model_ids", "string"), list(models)))
    if metric is not None:
        values = [_known(details, metric) for details in models.values()]
        columns.append((TableColumn(metric, "double", "%.5f"), values))
    order = f"ordered by {'decreasing' if decreasing else 'increasing'} {metric}" if metric is not None else ""
    return Table.build("Hyper-Parameter Search Summary", order, columns)


def _single(value: Any) -> Any:
    """A list of one value as that value: regularisation strengths and the like."""
    return value[0] if isinstance(value, (list, tuple)) and len(value) == 1 else value


def _column(name: str, cells: Sequence[Any]) -> tuple[TableColumn, Sequence[Any]]:
    kinds = {type(cell) for cell in cells if cell is not None}
    if kinds == {int}:
        return TableColumn(name, "long", "%d"), cells
    if kinds and kinds <= {int, float}:
        return TableColumn(name, "double", "%.5f"), cells
    texts = [None if cell is None else str(cell).lower() if isinstance(cell, bool) else str(cell) for cell in cells]
    return TableColumn(name, "string", "%s"), texts


_HISTORY: dict[str, tuple[tuple[str, str, str], ...]] = {
    "regression": (
        ("rmse", "RMSE", "rmse"),
        ("deviance", "Deviance", "mean_residual_deviance"),
        ("mae", "MAE", "mae"),
        ("r2", "r2", "r2"),
    ),
    "binomial": (
        ("rmse", "RMSE", "rmse"),
        ("logloss", "LogLoss", "logloss"),
        ("r2", "r2", "r2"),
        ("auc", "AUC", "auc"),
        ("pr_auc", "pr_auc", "pr_auc"),
        ("lift", "Lift", "lift_top_group"),
        ("classification_error", "Classification Error", "err"),
    ),
    "multinomial": (
        ("rmse", "RMSE", "rmse"),
        ("logloss", "LogLoss", "logloss"),
        ("r2", "r2", "r2"),
        ("classification_error", "Classification Error", "err"),
        ("auc", "AUC", "auc"),
        ("pr_auc", "pr_auc", "pr_auc"),
    ),
    "ordinal": (
        ("rmse", "RMSE", "rmse"),
        ("logloss", "LogLoss", "logloss"),
        ("r2", "r2", "r2"),
        ("classification_error", "Classification Error", "err"),
    ),
    "autoencoder": (("rmse", "RMSE", "rmse"), ("mse", "MSE", "mse")),
}
"""The columns of the history by kind of metrics: name, title, metric."""
_TITLES = {
    "training_metrics": "Training",
    "validation_metrics": "Validation",
    "cross_validation_metrics": "Cross-Validation",
}


def scoring_history(models: Mapping[str, Details], stopping_metric: str = "AUTO") -> Table:
    """A row a model, the worst by the stopping metric first, with its metrics on every part that it was scored on."""
    first = next(iter(models.values()), None)
    order = worst_first(models, stopping_metric)
    columns: list[tuple[TableColumn, Sequence[Any]]] = [
        (TableColumn("", "string"), [""] * len(order)),
        (TableColumn("timestamp", "string", "%s", "Timestamp"), [_time(models[key]) for key in order]),
        (TableColumn("duration", "string", "%s", "Duration"), [_duration(models[key]) for key in order]),
    ]
    for part, title in _TITLES.items():
        if first is None or first.get(part) is None:
            continue
        for name, shown, metric in _HISTORY.get(first[part]["kind"], (("rmse", "RMSE", "rmse"),)):
            column = TableColumn(f"{title.lower().replace('-', '_')}_{name}", "double", "%.5f", f"{title} {shown}")
            columns.append((column, [_of_part(models[key], part, metric) for key in order]))
    return Table.build("Scoring History", "", columns)


def worst_first(models: Mapping[str, Details], stopping_metric: str) -> list[str]:
    """The keys, best last, by a stopping metric; in the order given where the models have no such metric."""
    losses: dict[str, float] = {}
    for key, details in models.items():
        found = stopping_value(details, stopping_metric)
        if found is None:
            return list(models)
        value, more_is_better = found
        losses[key] = math.inf if math.isnan(value) else -value if more_is_better else value
    return sorted(models, key=lambda key: -losses[key])


def stopping_value(details: Details, stopping_metric: str) -> tuple[float, bool] | None:
    """The value of a stopping metric, and whether more is better; None where the model has no such metric."""
    part = scored_part(details)
    if part is None:
        return None
    try:
        metric = STOPPING_METRICS[resolve_metric(stopping_metric, part["kind"])]
    except InvalidArgument:
        return None
    if metric.better == "none":
        return None
    kept = metric.attribute in part
    value = part[metric.attribute] if kept else getattr(metrics_from_dict(part), metric.attribute, math.nan)
    return _number(value), metric.better == "more"


def _of_part(details: Details, part: str, metric: str) -> float:
    if details.get(part) is None:
        return math.nan
    alone = {**details, **dict.fromkeys(PARTS), part: details[part]}
    return _known(alone, metric)


def _time(details: Details) -> str:
    moment = datetime.datetime.fromtimestamp((details["end_ms"] or details["start_ms"]) / 1000, datetime.UTC)
    return moment.strftime("%Y-%m-%d %H:%M:%S")


def _duration(details: Details) -> str:
    return duration(max(0, details["end_ms"] - details["start_ms"]) / 1000)
