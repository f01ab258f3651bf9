"""Cross-validation: one model a fold, then the main model on all rows; metrics of the combined held-out predictions.

Time is shared as H2O does: each model of a fold may take max_runtime_secs / (folds + 1), the main model what is left. Where
the models of the folds are to predict together (see `fold_bag`), there is no main model, and theirs is all of the time.
"""

from __future__ import annotations

import dataclasses
import math
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import polars as pl
from numpy.typing import NDArray

from artesian.core.errors import InvalidArgument
from artesian.frame import Column, Frame
from artesian.learn.base import fold_bag
from artesian.learn.base.algorithm import Algorithm, Fit
from artesian.learn.base.context import Share
from artesian.learn.base.details import Category
from artesian.learn.base.fitting import fit_model, fold_parameters
from artesian.learn.base.folds import Folds, deal_rows
from artesian.learn.base.model import Model
from artesian.learn.base.table import Table, TableColumn
from artesian.learn.base.time_budget import TimeBudget
from artesian.learn.metrics import BinomialMetrics, ClusteringMetrics, Metrics, MultinomialMetrics, RegressionMetrics

_FOLDS_FIRST = "The models of its folds are trained first, so the model itself has learnt nothing yet: cancel it, or wait for the folds."
_MEASURING = 0.1
"""Share of the time that predicting held-out rows and measuring a bag of folds may take."""


@dataclass
class Built:
    """What training made: the main model, kept models of folds, and frames by key."""

    model: Model
    fold_models: list[Model] = field(default_factory=list)
    """Those that are kept."""
    all_fold_models: list[Model] = field(default_factory=list)
    frames: dict[str, Frame] = field(default_factory=dict)


def cross_validate(algorithm: type[Algorithm], fit: Fit) -> Built:
    """Fits a model for each fold and the main model, which carries the cross-validation's results in its details."""
    parameters = fit.parameters
    fit.context.can_finish(_FOLDS_FIRST)
    folds = deal_rows(
        fit.training, fit.roles, nfolds=parameters.nfolds, assignment=parameters.fold_assignment, seed=fit.seed
    )
    count = int(folds.max()) + 1
    of_folds = dataclasses.replace(fit, parameters=fold_parameters(algorithm, fit))
    fold_models = []
    for number in range(count):
        fit.context.check()
        fold_models.append(fit_model(algorithm, _fold_fit(of_folds, folds, number, count)))
    main_parameters, changes = algorithm.main_parameters(parameters, fold_models)
    holdouts = [
        model.raw(fit.training.filter(pl.Series(folds == number)), threads=fit.context.threads)
        for number, model in enumerate(fold_models)
    ]
    if parameters.fold_models_predict:
        bag = fold_bag.bag(fit, fold_models)
        built = Built(bag, all_fold_models=fold_models)
        _tell(built, fit, folds, fold_models, holdouts)
        fold_bag.measure(bag, fit)
    else:
        main = _main_model(algorithm, fit, main_parameters, changes, count)
        built = Built(main, all_fold_models=fold_models)
        _tell(built, fit, folds, fold_models, holdouts)
    if parameters.keep_cross_validation_models:
        built.fold_models = fold_models
    return built


def _main_model(algorithm: type[Algorithm], fit: Fit, parameters: Any, changes: list[str], count: int) -> Model:
    """The model of all rows."""
    for change in changes:
        fit.context.warn(change)
    share = Share(fit.context, count / (count + 1), 1.0, publishes=True)
    main = fit_model(algorithm, dataclasses.replace(fit, parameters=parameters, context=share))
    main.details.warnings += changes
    return main


def _fold_fit(fit: Fit, folds: Folds, number: int, count: int) -> Fit:
    """The fit of one fold: all other rows to train on, its own to validate on."""
    held_out = folds == number
    key = f"{fit.key}_cv_{number + 1}"
    steps = count if fit.parameters.fold_models_predict else count + 1
    parameters = dataclasses.replace(
        fit.parameters,
        nfolds=0,
        fold_models_predict=False,
        fold_assignment="AUTO",
        keep_cross_validation_models=True,
        keep_cross_validation_predictions=False,
        keep_cross_validation_fold_assignment=False,
    )
    training = fit.training.filter(pl.Series(~held_out))
    weights = np.asarray(training[fit.roles.weights].floats()) if fit.roles.weights else None
    if training.n_rows == 0 or (weights is not None and not weights.any()):
        raise InvalidArgument(
            f"Fold {number + 1} of {count} leaves no rows to train on; lower nfolds or give more rows."
        )
    return dataclasses.replace(
        fit,
        key=key,
        parameters=parameters,
        training=training,
        training_key=f"{key}_train",
        validation=fit.training.filter(pl.Series(held_out)),
        validation_key=f"{key}_valid",
        context=Share(fit.context, number / steps, (number + 1) / steps, f"Fold {number + 1} of {count}: "),
        budget=_fold_budget(fit, number, count),
        fold=number + 1,
        models={},
    )


def _fold_budget(fit: Fit, number: int, count: int) -> TimeBudget:
    """The time of a fold: a fixed share, or where the folds have all of it, an equal one of what is left for their training."""
    budget = fit.budget
    if not fit.parameters.fold_models_predict or not budget.is_limited:
        return budget.part(1 / (count + 1))
    left = max(0.0, budget.remaining - budget.seconds * _MEASURING)
    return budget.part(left / (count - number) / budget.seconds)


def _tell(built: Built, fit: Fit, folds: Folds, fold_models: list[Model], holdouts: list[NDArray[np.float64]]) -> None:
    """Writes the results into the main model's details and makes the frames that were asked for."""
    details, parameters, count = built.model.details, fit.parameters, len(fold_models)
    raw = np.full((fit.training.n_rows, *holdouts[0].shape[1:]), np.nan)
    for number, values in enumerate(holdouts):
        raw[folds == number] = values
    metrics = built.model.measure_held_out(fit.training, raw)
    if metrics is not None:
        description = f"{count}-fold cross-validation: each training row predicted by the model that did not see it"
        details.cross_validation_metrics = metrics.about(
            model_id=fit.key, frame_id=fit.training_key, description=description
        ).to_dict()
        if parameters.fold_models_predict:  # the rows that it learnt from tell less of where to cut
            details.default_threshold = float(getattr(metrics, "default_threshold", 0.5))
    details.cross_validation_summary = summary_table(
        [_held_out_metrics(fit, model, folds == n, holdouts[n]) for n, model in enumerate(fold_models)]
    )
    details.cross_validation_scoring_histories = [
        model.details.scoring_history for model in fold_models if model.details.scoring_history is not None
    ] or None
    if parameters.keep_cross_validation_models:
        details.cross_validation_models = [model.details.key for model in fold_models]
    if parameters.keep_cross_validation_predictions:
        details.cross_validation_holdout_predictions = f"cv_holdout_prediction_{fit.key}"
        details.cross_validation_predictions = [f"prediction_{model.details.key}" for model in fold_models]
        built.frames[details.cross_validation_holdout_predictions] = built.model.prediction_frame(raw)
        for number, (key, model) in enumerate(zip(details.cross_validation_predictions, fold_models, strict=True)):
            built.frames[key] = _own_rows(model.prediction_frame(holdouts[number]), folds == number)
    if parameters.keep_cross_validation_fold_assignment:
        details.cross_validation_fold_assignment = f"cv_fold_assignment_{fit.key}"
        column = Column.integers(pl.Series("fold_assignment", folds))
        built.frames[details.cross_validation_fold_assignment] = Frame(["fold_assignment"], [column])


def _own_rows(predictions: Frame, held_out: NDArray[np.bool_]) -> Frame:
    """The predictions of a fold's rows at their places in the whole frame, 0 in all other rows (as H2O has it)."""
    places = np.where(held_out, np.cumsum(held_out) - 1, -1)
    take = pl.Series(np.where(places < 0, 0, places))
    columns = []
    for column in predictions.columns:
        values = pl.select(
            pl.when(pl.Series(held_out)).then(column.values.gather(take)).otherwise(pl.lit(0, column.values.dtype))
        ).to_series()
        columns.append(Column(column.type, values, column.domain))
    return Frame(predictions.names, columns, len(held_out))


def _held_out_metrics(fit: Fit, model: Model, held_out: NDArray[np.bool_], raw: NDArray[np.float64]) -> Metrics | None:
    """What a fold's model measured on its held-out rows; measured now where its time was over before."""
    from artesian.learn.metrics import metrics_from_dict

    values = model.details.validation_metrics
    if values:
        return metrics_from_dict(values)
    return model.measure(fit.training.filter(pl.Series(held_out)), raw) if holds_out(model.details.category) else None


def summary_table(metrics: Sequence[Metrics | None]) -> Table | None:
    """The metrics of the folds side by side with their mean and standard deviation; None without metrics."""
    found = [fold_values(item) if item is not None else {} for item in metrics]
    names = sorted(set().union(*found))
    if not names:
        return None
    cells = np.array([[values.get(name, math.nan) for values in found] for name in names], dtype=np.float64)
    with np.errstate(invalid="ignore"):
        means = cells.mean(axis=1)
        spreads = cells.std(axis=1, ddof=1) if cells.shape[1] > 1 else np.zeros(len(names))
    columns: list[tuple[TableColumn, Any]] = [
        (TableColumn("", "string", "%s", ""), names),
        (TableColumn("mean", "float", "%f", "mean"), means),
        (TableColumn("sd", "float", "%f", "sd"), np.where(np.isnan(means), 0.0, spreads)),
    ]
    for number in range(cells.shape[1]):
        name = f"cv_{number + 1}_valid"
        columns.append((TableColumn(name, "float", "%f", name), cells[:, number]))
    return Table.build("Cross-Validation Metrics Summary", "", columns)


def fold_values(metrics: Metrics) -> dict[str, float]:
    """The numbers of one fold that the summary shows, by H2O's names."""
    values = {"mse": metrics.mse, "rmse": metrics.rmse}
    if isinstance(metrics, ClusteringMetrics):
        return values | {
            "betweenss": metrics.betweenss,
            "tot_withinss": metrics.tot_withinss,
            "totss": metrics.totss,
        }
    if isinstance(metrics, RegressionMetrics):
        return values | {
            "aic": metrics.aic,
            "loglikelihood": _likelihood(metrics),
            "mae": metrics.mae,
            "mean_residual_deviance": metrics.mean_residual_deviance,
            "r2": metrics.r2,
            "residual_deviance": metrics.mean_residual_deviance,
            "rmsle": metrics.rmsle,
        }
    if isinstance(metrics, BinomialMetrics | MultinomialMetrics):
        values |= {
            "accuracy": metrics.accuracy,
            "aic": metrics.aic,
            "auc": metrics.auc,
            "err": metrics.error,
            "err_count": round(metrics.error * metrics.nobs, 6),
            "loglikelihood": _likelihood(metrics),
            "logloss": metrics.log_loss,
            "mean_per_class_accuracy": 1 - metrics.mean_per_class_error,
            "mean_per_class_error": metrics.mean_per_class_error,
            "pr_auc": metrics.pr_auc,
            "r2": metrics.r2,
        }
        matrix = metrics.confusion_matrix
        if matrix is not None:
            values["max_per_class_error"] = float(np.max(matrix.class_errors, initial=0.0))
    if isinstance(metrics, BinomialMetrics):
        values |= _at_default_threshold(metrics)
    return values


def _likelihood(metrics: RegressionMetrics | BinomialMetrics | MultinomialMetrics) -> float:
    """The logarithm of the likelihood; 0, as clients expect in this table, where the model does not tell it."""
    return 0.0 if math.isnan(metrics.loglikelihood) else metrics.loglikelihood


def _at_default_threshold(metrics: BinomialMetrics) -> dict[str, float]:
    """The criteria of a binary classifier at the threshold of the largest F1."""
    values = {"lift_top_group": metrics.lift_top_group}
    table = metrics.thresholds_and_metric_scores
    if table is None or not len(table):
        return values
    row = int(np.abs(table.array("threshold") - metrics.default_threshold).argmin())
    names = {"absolute_mcc": "mcc"} | {n: n for n in ("f0point5", "f1", "f2", "precision", "recall", "specificity")}
    return values | {shown: float(table.array(name)[row]) for name, shown in names.items()}


def holds_out(category: Category | None) -> bool:
    """Whether models of this category can be cross-validated: not those without a response."""
    return category in (Category.REGRESSION, Category.BINOMIAL, Category.MULTINOMIAL)
