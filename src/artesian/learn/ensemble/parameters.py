"""The parameters of stacked ensembles, and of the greedy weights that can be their metalearner."""

from __future__ import annotations

from dataclasses import dataclass

from artesian.learn.base.model_parameters import (
    CrossValidationParameters,
    ModelParameters,
    Response,
    SupervisedParameters,
    Weights,
)
from artesian.learn.base.parameters import Interval, Kind, parameter

METALEARNERS = ("AUTO", "deeplearning", "drf", "gbm", "glm", "naivebayes", "xgboost", "greedy")
_ONE_STEP = "an ensemble is made in one step."


@dataclass(frozen=True)
class _Own:
    ignored_columns: tuple[str, ...] | None = parameter(
        None,
        "Without effect: every base model reads the columns that it learnt from, and no others.",
        kind=Kind.COLUMNS,
        level="critical",
        gridable=False,
        member_of=("training_frame", "validation_frame"),
    )
    ignore_const_cols: bool = parameter(
        True,
        "Leave out columns that hold one value only (or nothing).",
        kind=Kind.BOOLEAN,
        level="critical",
        gridable=False,
        refused="the base models have chosen their columns.",
    )
    score_each_iteration: bool = parameter(
        False, "Score after every iteration of training.", kind=Kind.BOOLEAN, gridable=False, refused=_ONE_STEP
    )
    blending_frame: str | None = parameter(
        None,
        "Key of a frame that no base model has learnt from: the metalearner learns from their predictions for it. Without one "
        "it learns from what their cross-validation predicted for held-out rows of the training frame.",
        kind=Kind.FRAME,
        level="critical",
        gridable=False,
    )
    base_models: tuple[str, ...] = parameter(
        (),
        "Keys of the models to combine; a grid stands for its models. Without a blending_frame all must have been trained with "
        "the same folds and keep_cross_validation_predictions.",
        kind=Kind.MODELS,
        level="critical",
        gridable=False,
        required=True,
    )
    metalearner_algorithm: str = parameter(
        "AUTO",
        "What learns to combine the base models. AUTO is a linear model without negative coefficients, with a search for its "
        "penalty if there is a validation_frame; greedy are weights chosen by forward selection; others are models with their "
        "defaults.",
        kind=Kind.CHOICE,
        level="critical",
        gridable=False,
        choices=METALEARNERS,
    )
    metalearner_nfolds: int = parameter(
        0,
        "Number of folds of the metalearner's cross-validation, at least 2; 0 for none.",
        kind=Kind.INT,
        level="critical",
        gridable=False,
        interval=Interval(2, also=(0,)),
    )
    metalearner_fold_assignment: str | None = parameter(
        None,
        "How rows are dealt into the metalearner's folds without a fold column; AUTO is Random.",
        kind=Kind.CHOICE,
        gridable=False,
        choices=("AUTO", "Random", "Modulo", "Stratified"),
    )
    metalearner_fold_column: str | None = parameter(
        None,
        "Column that names the fold of each row for the metalearner's cross-validation.",
        kind=Kind.COLUMN,
        gridable=False,
        excludes=("response_column", "ignored_columns"),
        member_of=("training_frame",),
    )
    metalearner_params: str = parameter(
        "",
        "Parameters of the metalearner, as a JSON object of values (or lists of one value) by name.",
        kind=Kind.STRING,
        level="critical",
        gridable=False,
    )
    metalearner_transform: str = parameter(
        "NONE",
        "What is done to predicted probabilities before the metalearner sees them: nothing, or their log odds.",
        kind=Kind.CHOICE,
        level="critical",
        gridable=False,
        choices=("NONE", "Logit"),
    )
    custom_metric_func: str | None = parameter(
        None,
        "Reference to a metric in program code that was uploaded, python:key=module.class; refused unless the server allows "
        "code of its clients.",
        kind=Kind.STRING,
        gridable=False,
    )
    seed: int = parameter(
        -1,
        "Seed of the metalearner, unless metalearner_params gives it one, and of the rows that are drawn for training metrics; "
        "-1 draws one and reports it.",
        kind=Kind.LONG,
        level="critical",
    )
    score_training_samples: int = parameter(
        10_000,
        "So many rows of the training frame are drawn to measure the ensemble on; 0 for all.",
        kind=Kind.LONG,
        gridable=False,
        interval=Interval(0),
    )
    keep_levelone_frame: bool = parameter(
        False, "Keep the frame that the metalearner learnt from.", kind=Kind.BOOLEAN, gridable=False
    )
    auc_type: str = parameter(
        "AUTO",
        "Which AUC a model of more than two classes reports: macro or weighted mean, one class against the rest (OVR) or "
        "against each other (OVO). AUTO and NONE: none.",
        kind=Kind.CHOICE,
        choices=("AUTO", "NONE", "MACRO_OVR", "WEIGHTED_OVR", "MACRO_OVO", "WEIGHTED_OVO"),
    )
    gainslift_bins: int = parameter(
        -1,
        "Groups of the gains/lift table of a binary classifier: -1 for the standard 16, 0 for no table.",
        kind=Kind.INT,
        gridable=False,
        interval=Interval(-1),
    )


_FOLDS = "metalearner_fold_column"


@dataclass(frozen=True)
class _Columns:
    """The columns with a role, which the ensemble's fold column must not have too."""

    response_column: str | None = parameter(
        None,
        "Column to predict, that of the base models: a categorical one for classification, a numeric one for regression.",
        kind=Kind.COLUMN,
        level="critical",
        excludes=("weights_column", "ignored_columns", "offset_column", _FOLDS),
        member_of=("training_frame", "validation_frame"),
    )
    weights_column: str | None = parameter(
        None,
        "Column of row weights for the metalearner, at least 0: a row of weight 2 counts as two equal rows.",
        kind=Kind.COLUMN,
        excludes=("response_column", "ignored_columns", "offset_column", _FOLDS),
        member_of=("training_frame", "validation_frame"),
    )
    offset_column: str | None = parameter(
        None,
        "Column of known amounts that are added to the metalearner's output before the inverse link; by default that of the "
        "base models, and it must be theirs.",
        kind=Kind.COLUMN,
        excludes=("response_column", "weights_column", "ignored_columns", _FOLDS),
        member_of=("training_frame", "validation_frame"),
    )


@dataclass(frozen=True)
class StackedEnsembleParameters(_Own, _Columns, SupervisedParameters, ModelParameters):
    """All parameters of stacked ensembles."""


GREEDY_METRICS = ("AUTO", "logloss", "AUC", "deviance", "MSE", "MAE")


@dataclass(frozen=True)
class _GreedyOwn:
    score_each_iteration: bool = parameter(
        False, "Score after every iteration of training.", kind=Kind.BOOLEAN, gridable=False, refused=_ONE_STEP
    )
    draws: int = parameter(
        50,
        "How many times a column is drawn; a weight is the share of draws that a column has.",
        kind=Kind.INT,
        level="critical",
        interval=Interval(1),
    )
    metric: str = parameter(
        "AUTO",
        "What each draw improves: AUTO is logloss for classes and deviance for amounts.",
        kind=Kind.CHOICE,
        level="critical",
        choices=GREEDY_METRICS,
    )
    max_rows: int = parameter(
        200_000,
        "On larger frames the columns are compared by so many rows, drawn at random; 0 for all.",
        kind=Kind.INT,
        level="expert",
        interval=Interval(0),
    )
    seed: int = parameter(
        -1,
        "Seed of the rows that are drawn, and of folds; -1 draws one and reports it.",
        kind=Kind.LONG,
        level="expert",
    )
    distribution: str = parameter(
        "AUTO",
        "Distribution whose deviance counts for amounts; AUTO is gaussian.",
        kind=Kind.CHOICE,
        choices=("AUTO", "gaussian", "poisson", "gamma", "tweedie", "laplace", "quantile", "huber"),
    )
    tweedie_power: float = parameter(
        1.5, "Power of the variance of a tweedie distribution.", kind=Kind.DOUBLE, interval=Interval(1, 2, True, True)
    )
    quantile_alpha: float = parameter(
        0.5, "Quantile of a quantile distribution.", kind=Kind.DOUBLE, interval=Interval(0, 1)
    )
    huber_alpha: float = parameter(
        0.9,
        "Quantile of the errors from which on a huber distribution counts them linearly.",
        kind=Kind.DOUBLE,
        interval=Interval(0, 1),
    )
    auc_type: str = parameter(
        "AUTO",
        "Which AUC a model of more than two classes reports: macro or weighted mean, one class against the rest (OVR) or "
        "against each other (OVO). AUTO and NONE: none.",
        kind=Kind.CHOICE,
        choices=("AUTO", "NONE", "MACRO_OVR", "WEIGHTED_OVR", "MACRO_OVO", "WEIGHTED_OVO"),
    )
    gainslift_bins: int = parameter(
        -1,
        "Groups of the gains/lift table of a binary classifier: -1 for the standard 16, 0 for no table.",
        kind=Kind.INT,
        gridable=False,
        interval=Interval(-1),
    )
    custom_metric_func: str | None = parameter(
        None,
        "Reference to a metric in program code that was uploaded, python:key=module.class; refused unless the server allows "
        "code of its clients.",
        kind=Kind.STRING,
        gridable=False,
    )


@dataclass(frozen=True)
class GreedyParameters(_GreedyOwn, CrossValidationParameters, Weights, Response, ModelParameters):
    """All parameters of greedy weights."""
