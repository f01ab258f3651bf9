"""The parameters of naive Bayes."""

from __future__ import annotations

from dataclasses import dataclass

from artesian.learn.base.model_parameters import CrossValidationParameters, ModelParameters, Response
from artesian.learn.base.parameters import Interval, Kind, parameter

_NOT_BALANCED = "naive Bayes learns the distribution within each class, which drawing rows more often does not change."


@dataclass(frozen=True)
class _Own:
    seed: int = parameter(
        -1,
        "Seed of the folds of cross-validation; the model itself has no chance in it. -1 draws one and reports it.",
        kind=Kind.LONG,
        level="expert",
    )
    balance_classes: bool = parameter(
        False, "Draw the rows of rare classes more often.", kind=Kind.BOOLEAN, gridable=False, refused=_NOT_BALANCED
    )
    class_sampling_factors: tuple[float, ...] | None = parameter(
        None,
        "How often rows of each class are drawn.",
        kind=Kind.FLOATS,
        level="expert",
        gridable=False,
        refused=_NOT_BALANCED,
    )
    max_after_balance_size: float = parameter(
        5.0,
        "Largest size of balanced training data.",
        kind=Kind.FLOAT,
        level="expert",
        gridable=False,
        refused=_NOT_BALANCED,
    )
    max_confusion_matrix_size: int = parameter(
        20,
        "Most classes for which the confusion matrix is written to the log.",
        kind=Kind.INT,
        gridable=False,
        interval=Interval(0),
    )
    laplace: float = parameter(
        0.0,
        "Rows that are added to the count of each level in each class, and of each class.",
        kind=Kind.DOUBLE,
        level="critical",
        interval=Interval(0),
    )
    min_sdev: float = parameter(
        0.001,
        "Deviation that takes the place of one that is at most eps_sdev.",
        kind=Kind.DOUBLE,
        level="critical",
        interval=Interval(1e-10),
    )
    eps_sdev: float = parameter(
        0.0,
        "Largest deviation of a numeric column within a class that min_sdev takes the place of.",
        kind=Kind.DOUBLE,
        level="critical",
        interval=Interval(0),
    )
    min_prob: float = parameter(
        0.001,
        "Probability (or density) that takes the place of one that is at most eps_prob.",
        kind=Kind.DOUBLE,
        level="critical",
        interval=Interval(1e-10),
    )
    eps_prob: float = parameter(
        0.0,
        "Largest probability (or density) of a value within a class that min_prob takes the place of.",
        kind=Kind.DOUBLE,
        level="critical",
        interval=Interval(0),
    )
    compute_metrics: bool = parameter(
        True, "Measure the model on the training frame.", kind=Kind.BOOLEAN, level="critical"
    )
    gainslift_bins: int = parameter(
        -1,
        "Groups of the gains/lift table of a binary classifier: -1 for the standard 16, 0 for no table.",
        kind=Kind.INT,
        gridable=False,
        interval=Interval(-1),
    )
    auc_type: str = parameter(
        "AUTO",
        "Which AUC a model of more than two classes reports: macro or weighted mean, one class against the rest (OVR) or "
        "against each other (OVO). AUTO and NONE: none.",
        kind=Kind.CHOICE,
        choices=("AUTO", "NONE", "MACRO_OVR", "WEIGHTED_OVR", "MACRO_OVO", "WEIGHTED_OVO"),
    )


@dataclass(frozen=True)
class NaiveBayesParameters(_Own, CrossValidationParameters, Response, ModelParameters):
    """All parameters of naive Bayes."""
