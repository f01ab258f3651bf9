"""Parameters that several algorithms share, in groups: an algorithm's own class inherits the groups that it honours.

A group is honoured by `learn.base` (folds, balancing, stopping, encoding) for whoever inherits it.
"""

from __future__ import annotations

from dataclasses import dataclass

from artesian.learn.base.custom_code import REFUSED
from artesian.learn.base.parameters import Interval, Kind, Parameters, parameter
from artesian.learn.base.target_encoding import ESTIMATED, NAME

CUSTOM_METRIC_REFUSED = REFUSED
UPLIFT_ONLY = "it measures uplift models, which this algorithm does not train."
FOLD_ASSIGNMENTS = ("AUTO", "Random", "Modulo", "Stratified")
ENCODINGS = (
    "AUTO",
    "Enum",
    "OneHotInternal",
    "OneHotExplicit",
    "Binary",
    "Eigen",
    "LabelEncoder",
    "SortByResponse",
    "EnumLimited",
)
SUPERVISED_ENCODINGS = (*ENCODINGS, NAME)
STOPPING_METRICS = (
    "AUTO",
    "deviance",
    "logloss",
    "MSE",
    "RMSE",
    "MAE",
    "RMSLE",
    "AUC",
    "AUCPR",
    "lift_top_group",
    "misclassification",
    "mean_per_class_error",
    "anomaly_score",
    "AUUC",
    "ATE",
    "ATT",
    "ATC",
    "qini",
    "custom",
    "custom_increasing",
)
_ROLES = ("response_column", "weights_column", "offset_column", "fold_column", "ignored_columns")


def _others(name: str) -> tuple[str, ...]:
    return tuple(role for role in _ROLES if role != name)


@dataclass(frozen=True)
class ModelParameters(Parameters):
    """What every model takes: its key, its frames, the columns to leave out, how long it may run, where to keep copies."""

    model_id: str | None = parameter(
        None,
        "Key of the model; a new one is made when none is given.",
        kind=Kind.STRING,
        level="critical",
        gridable=False,
    )
    training_frame: str | None = parameter(
        None, "Key of the frame to train on.", kind=Kind.FRAME, level="critical", gridable=False
    )
    validation_frame: str | None = parameter(
        None,
        "Key of a frame that is scored while training but never trained on; early stopping watches it.",
        kind=Kind.FRAME,
        level="critical",
    )
    ignored_columns: tuple[str, ...] | None = parameter(
        None,
        "Columns of the training frame that the model does not see.",
        kind=Kind.COLUMNS,
        level="critical",
        gridable=False,
        excludes=_others("ignored_columns"),
        member_of=("training_frame", "validation_frame"),
    )
    ignore_const_cols: bool = parameter(
        True,
        "Leave out columns that hold one value only (or nothing).",
        kind=Kind.BOOLEAN,
        level="critical",
        gridable=False,
    )
    score_each_iteration: bool = parameter(
        False, "Score after every iteration of training, however long that takes.", kind=Kind.BOOLEAN, gridable=False
    )
    max_runtime_secs: float = parameter(
        0.0,
        "Longest time in seconds that training may take, cross-validation included; 0 sets no limit.",
        kind=Kind.DOUBLE,
        interval=Interval(0),
    )
    export_checkpoints_dir: str | None = parameter(
        None,
        "Folder, below one of the server's export roots, into which every model that training makes is also written.",
        kind=Kind.STRING,
        gridable=False,
    )


@dataclass(frozen=True)
class Response(Parameters):
    """The column to predict."""

    response_column: str | None = parameter(
        None,
        "Column to predict: a categorical one for classification, a numeric one for regression.",
        kind=Kind.COLUMN,
        level="critical",
        excludes=_others("response_column"),
        member_of=("training_frame", "validation_frame"),
    )


@dataclass(frozen=True)
class Weights(Parameters):
    """The column of row weights."""

    weights_column: str | None = parameter(
        None,
        "Column of row weights, at least 0: a row of weight 2 counts as two equal rows, one of weight 0 not at all.",
        kind=Kind.COLUMN,
        excludes=_others("weights_column"),
        member_of=("training_frame", "validation_frame"),
    )


@dataclass(frozen=True)
class SupervisedParameters(Weights, Response):
    """The columns of the training frame that have a role of their own."""

    offset_column: str | None = parameter(
        None,
        "Column of known amounts that are added to the model's output before the inverse link.",
        kind=Kind.COLUMN,
        excludes=_others("offset_column"),
        member_of=("training_frame", "validation_frame"),
    )


@dataclass(frozen=True)
class CrossValidationParameters(Parameters):
    """How rows are dealt into folds, and what is kept of the models of the folds."""

    nfolds: int = parameter(
        0,
        "Number of folds of cross-validation, at least 2; 0 for none.",
        kind=Kind.INT,
        level="critical",
        gridable=False,
        interval=Interval(2, also=(0,)),
    )
    keep_cross_validation_models: bool = parameter(
        True, "Keep the models of the folds.", kind=Kind.BOOLEAN, level="expert", gridable=False
    )
    keep_cross_validation_predictions: bool = parameter(
        False,
        "Keep the predictions for the held-out rows as frames.",
        kind=Kind.BOOLEAN,
        level="expert",
        gridable=False,
    )
    keep_cross_validation_fold_assignment: bool = parameter(
        False, "Keep the fold number of each row as a frame.", kind=Kind.BOOLEAN, level="expert", gridable=False
    )
    fold_models_predict: bool = parameter(
        False,
        "Let the models of the folds predict together, as the mean of their predictions; no further model is trained on all "
        "rows. Needs cross-validation.",
        kind=Kind.BOOLEAN,
        level="expert",
        gridable=False,
    )
    fold_assignment: str = parameter(
        "AUTO",
        "How rows are dealt into folds without a fold column: at random (AUTO too), row number modulo nfolds, or stratified by "
        "the classes of the response.",
        kind=Kind.CHOICE,
        choices=FOLD_ASSIGNMENTS,
    )
    fold_column: str | None = parameter(
        None,
        "Column that names the fold of each row, one fold for each of its values.",
        kind=Kind.COLUMN,
        excludes=_others("fold_column"),
        member_of=("training_frame",),
    )


@dataclass(frozen=True)
class TargetEncodingParameters(Parameters):
    """How the encoding TargetEncoding is learnt (see `target_encoding`)."""

    target_encoding_levels: int = parameter(
        25,
        "With categorical_encoding TargetEncoding: columns of more levels become means of the response, others stay.",
        kind=Kind.INT,
        level="expert",
        interval=Interval(1),
    )
    target_encoding_folds: int = parameter(
        5,
        "With categorical_encoding TargetEncoding: the training rows of each of so many folds are encoded by the others, so "
        "that no row is told of its own response.",
        kind=Kind.INT,
        level="expert",
        interval=Interval(2),
    )
    target_encoding_smoothing: float = parameter(
        ESTIMATED,
        "With categorical_encoding TargetEncoding: the mean of all rows counts as so many rows in that of each level; -1 "
        "estimates for each column how many fit.",
        kind=Kind.DOUBLE,
        level="expert",
        interval=Interval(0, also=(ESTIMATED,)),
    )


@dataclass(frozen=True)
class ClassBalanceParameters(Parameters):
    """Rows drawn more or less often so that rare classes count."""

    balance_classes: bool = parameter(
        False, "Draw the rows of rare classes more often and those of frequent ones less often.", kind=Kind.BOOLEAN
    )
    class_sampling_factors: tuple[float, ...] | None = parameter(
        None,
        "How often rows of each class are drawn, one number a class in the order of the levels; needs balance_classes. "
        "Without it the factors are chosen so that all classes are equally frequent.",
        kind=Kind.FLOATS,
        level="expert",
        interval=Interval(0),
    )
    max_after_balance_size: float = parameter(
        5.0,
        "Largest size of the balanced training data as a multiple of the rows given; needs balance_classes.",
        kind=Kind.FLOAT,
        level="expert",
        gridable=False,
        interval=Interval(0, low_open=True),
    )


@dataclass(frozen=True)
class StoppingParameters(Parameters):
    """Early stopping; algorithms override the defaults."""

    stopping_rounds: int = parameter(
        0,
        "Stop when the moving average of stopping_metric over so many scorings has not improved over as many more; 0: never.",
        kind=Kind.INT,
        interval=Interval(0),
    )
    stopping_metric: str = parameter(
        "AUTO",
        "Metric that early stopping watches; AUTO is logloss for classification, deviance for regression, MSE for an autoencoder.",
        kind=Kind.CHOICE,
        choices=STOPPING_METRICS,
        refused_choices={
            "anomaly_score": "it measures isolation forests, which this algorithm does not train.",
            **dict.fromkeys(("AUUC", "ATE", "ATT", "ATC", "qini"), UPLIFT_ONLY),
        },
    )
    stopping_tolerance: float = parameter(
        0.001,
        "Least relative improvement of stopping_metric that counts as one.",
        kind=Kind.DOUBLE,
        interval=Interval(0, 1, high_open=True),
    )


@dataclass(frozen=True)
class MetricParameters(Parameters):
    """What is measured beyond the standard metrics."""

    max_confusion_matrix_size: int = parameter(
        20,
        "Most classes for which the confusion matrix is written to the log.",
        kind=Kind.INT,
        gridable=False,
        interval=Interval(0),
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
