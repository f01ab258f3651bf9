"""The parameters of the tree algorithms. A value that would do nothing here is refused by name, with the reason; no default is."""

from __future__ import annotations

import sys
from collections.abc import Mapping
from dataclasses import dataclass

from artesian.learn.base.calibration import CalibrationParameters
from artesian.learn.base.custom_code import GBM_ALONE
from artesian.learn.base.model_parameters import (
    SUPERVISED_ENCODINGS,
    ClassBalanceParameters,
    CrossValidationParameters,
    MetricParameters,
    ModelParameters,
    StoppingParameters,
    SupervisedParameters,
    TargetEncodingParameters,
)
from artesian.learn.base.parameters import Interval, Kind, parameter

DOUBLE_MAX = sys.float_info.max
MAX_TREES = 100_000
MAX_BINS = 65_535
HISTOGRAM_TYPES = ("AUTO", "UniformAdaptive", "Random", "QuantilesGlobal", "RoundRobin", "UniformRobust")
_RATE = Interval(0, 1, low_open=True)
DISTRIBUTIONS = (
    "AUTO",
    "bernoulli",
    "quasibinomial",
    "ordinal",
    "multinomial",
    "gaussian",
    "poisson",
    "gamma",
    "tweedie",
    "laplace",
    "quantile",
    "huber",
    "custom",
)
_NO_ORDER = "trees here know no order of classes. Use multinomial."
_FOREST_FITS_MEANS = (
    "the leaves of a forest are means, of classes or amounts, which is what gaussian, bernoulli and multinomial ask for. "
    "Use gradient boosting (gbm) for it."
)
_ONE_HOT_INTERNAL = "trees split levels as they are. Use Enum, or OneHotExplicit for a column a level."


@dataclass(frozen=True)
class _Ensemble:
    """How many trees, and when to look at them."""

    ntrees: int = parameter(
        50,
        "Number of trees (of rounds of one tree a class); with a checkpoint the total of both.",
        kind=Kind.INT,
        level="critical",
        interval=Interval(1, MAX_TREES),
    )
    score_tree_interval: int = parameter(
        0,
        "Score the model after every so many trees; 0 goes by the clock.",
        kind=Kind.INT,
        gridable=False,
        interval=Interval(0),
    )
    r2_stopping: float = parameter(
        DOUBLE_MAX,
        "Stop at this R²; not available here.",
        kind=Kind.DOUBLE,
        refused="it has been replaced by early stopping. Use stopping_rounds, stopping_metric and stopping_tolerance.",
    )
    seed: int = parameter(
        -1,
        "Seed of all random numbers: rows and columns of trees, folds, noise; -1 draws one and reports it.",
        kind=Kind.LONG,
        level="critical",
    )
    checkpoint: str | None = parameter(
        None,
        "Key of a model of the same algorithm that is to be continued; `ntrees` is then the total of both.",
        kind=Kind.MODEL,
        gridable=False,
    )
    build_tree_one_node: bool = parameter(
        False,
        "Grow trees on one machine only. They are grown on one machine here either way.",
        kind=Kind.BOOLEAN,
        level="expert",
        gridable=False,
    )
    check_constant_response: bool = parameter(
        True,
        "Refuse a response that holds one value only; off trains a model that predicts it.",
        kind=Kind.BOOLEAN,
        level="expert",
        gridable=False,
    )


@dataclass(frozen=True)
class _Splits:
    """How splits are looked for."""

    nbins: int = parameter(
        20,
        "Least number of bins of a numeric column in a node's histogram.",
        kind=Kind.INT,
        level="critical",
        interval=Interval(2, MAX_BINS),
    )
    nbins_top_level: int = parameter(
        1024,
        "Bins of a numeric column at the root; the number is halved at each level down to nbins. At least nbins.",
        kind=Kind.INT,
        interval=Interval(2, MAX_BINS),
    )
    nbins_cats: int = parameter(
        1024,
        "Most bins of a categorical column; of one with more levels neighbours share a bin.",
        kind=Kind.INT,
        interval=Interval(2, MAX_BINS),
    )
    min_split_improvement: float = parameter(
        1e-5,
        "Least relative decrease of the squared error for a split to be made.",
        kind=Kind.DOUBLE,
        interval=Interval(0),
    )
    histogram_type: str = parameter(
        "AUTO",
        "How numeric columns are cut into bins; AUTO is UniformAdaptive in forests, while boosting cuts bins of equal width "
        "from `nbins_top_level` cells of about as many rows each.",
        kind=Kind.CHOICE,
        choices=HISTOGRAM_TYPES,
    )
    categorical_encoding: str = parameter(
        "AUTO",
        "How categorical columns are learnt from; AUTO is Enum: levels as they are, split into any two groups. "
        "TargetEncoding makes columns of many levels means of the response, others are Enum.",
        kind=Kind.CHOICE,
        choices=SUPERVISED_ENCODINGS,
        refused_choices={"OneHotInternal": _ONE_HOT_INTERNAL},
    )
    sample_rate_per_class: tuple[float, ...] | None = parameter(
        None,
        "Share of the rows of each class that a tree is grown on, one number a class in the order of the levels; goes "
        "before sample_rate.",
        kind=Kind.DOUBLES,
        level="expert",
        interval=_RATE,
    )
    col_sample_rate_change_per_level: float = parameter(
        1.0,
        "Factor of the number of columns drawn for a split, from each level of a tree to the next.",
        kind=Kind.DOUBLE,
        level="expert",
        interval=Interval(0, 2, low_open=True),
    )
    col_sample_rate_per_tree: float = parameter(
        1.0, "Share of the columns that each tree is grown with.", kind=Kind.DOUBLE, interval=_RATE
    )


def _distribution(refused: dict[str, str]) -> str:
    declared: str = parameter(
        "AUTO",
        "Distribution of the response; AUTO is bernoulli, multinomial or gaussian by the response.",
        kind=Kind.CHOICE,
        choices=DISTRIBUTIONS,
        refused_choices=refused,
    )
    return declared


def _max_depth(default: int, help: str = "Greatest depth of a tree; 0 for no limit.") -> int:
    declared: int = parameter(default, help, kind=Kind.INT, level="critical", interval=Interval(0))
    return declared


def _min_rows(default: float) -> float:
    declared: float = parameter(
        default,
        "Least sum of row weights (of rows, without weights) in each part of a split.",
        kind=Kind.DOUBLE,
        level="critical",
        interval=Interval(0, low_open=True),
    )
    return declared


def _sample_rate(default: float) -> float:
    declared: float = parameter(
        default, "Share of the rows that each tree is grown on.", kind=Kind.DOUBLE, level="critical", interval=_RATE
    )
    return declared


@dataclass(frozen=True)
class _Boosting:
    """How boosting goes on from tree to tree."""

    learn_rate: float = parameter(
        0.1, "Factor of each tree's predictions.", kind=Kind.DOUBLE, level="critical", interval=_RATE
    )
    learn_rate_annealing: float = parameter(
        1.0, "Factor of learn_rate from each tree to the next.", kind=Kind.DOUBLE, interval=_RATE
    )
    col_sample_rate: float = parameter(
        1.0,
        "Share of the tree's columns that each split is looked for in.",
        kind=Kind.DOUBLE,
        level="critical",
        interval=_RATE,
    )
    max_abs_leafnode_pred: float = parameter(
        DOUBLE_MAX,
        "Largest size of what one leaf predicts.",
        kind=Kind.DOUBLE,
        level="expert",
        interval=Interval(0, low_open=True),
    )
    pred_noise_bandwidth: float = parameter(
        0.0,
        "Standard deviation of the random factors, about 1, that the predictions of leaves have while training.",
        kind=Kind.DOUBLE,
        level="expert",
        interval=Interval(0),
    )
    monotone_constraints: Mapping[str, float] | None = parameter(
        None,
        "Numeric columns of which predictions must rise (1) or fall (-1), for gaussian, bernoulli, tweedie and quantile.",
        kind=Kind.PAIRS,
        gridable=False,
        interval=Interval(-1, 1),
    )
    interaction_constraints: tuple[tuple[str, ...], ...] | None = parameter(
        None,
        "Groups of columns that may split one after the other on a path. Columns in no group are not learnt from.",
        kind=Kind.GROUPS,
        level="expert",
        gridable=False,
    )
    quantile_alpha: float = parameter(
        0.5, "Quantile that distribution quantile predicts.", kind=Kind.DOUBLE, interval=Interval(0, 1)
    )
    tweedie_power: float = parameter(
        1.5,
        "Power of the variance of distribution tweedie, between that of poisson (1) and of gamma (2).",
        kind=Kind.DOUBLE,
        interval=Interval(1, 2, low_open=True, high_open=True),
    )
    huber_alpha: float = parameter(
        0.9,
        "Quantile of the absolute errors from which distribution huber turns linear.",
        kind=Kind.DOUBLE,
        interval=Interval(0, 1),
    )
    custom_distribution_func: str | None = parameter(
        None,
        "Reference to a distribution in program code that was uploaded, python:key=module.class, for distribution custom; "
        "refused unless the server allows code of its clients.",
        kind=Kind.STRING,
        gridable=False,
    )
    in_training_checkpoints_dir: str | None = parameter(
        None,
        "Folder, below one of the server's export roots, into which the model is written while it grows.",
        kind=Kind.STRING,
        level="expert",
        gridable=False,
    )
    in_training_checkpoints_tree_interval: int = parameter(
        1,
        "After how many trees each the model is written into in_training_checkpoints_dir.",
        kind=Kind.INT,
        level="expert",
        gridable=False,
        interval=Interval(1),
    )
    auto_rebalance: bool = parameter(
        True,
        "Whether rows may be dealt out anew to machines and cores. It never changes a result here.",
        kind=Kind.BOOLEAN,
        level="expert",
        gridable=False,
    )


@dataclass(frozen=True)
class TreesParameters(
    _Splits,
    _Ensemble,
    CalibrationParameters,
    MetricParameters,
    StoppingParameters,
    ClassBalanceParameters,
    TargetEncodingParameters,
    CrossValidationParameters,
    SupervisedParameters,
    ModelParameters,
):
    """What boosting and forests share; dataclasses list fields from the last base on."""


@dataclass(frozen=True)
class BoostingParameters(_Boosting, TreesParameters):
    """All 64 of gradient boosting."""

    max_depth: int = _max_depth(5)
    min_rows: float = _min_rows(10.0)
    sample_rate: float = _sample_rate(1.0)
    distribution: str = _distribution({"ordinal": _NO_ORDER})


@dataclass(frozen=True)
class ForestParameters(TreesParameters):
    """All 52 of random forests."""

    max_depth: int = _max_depth(20)
    min_rows: float = _min_rows(1.0)
    sample_rate: float = _sample_rate(0.632)
    mtries: int = parameter(
        -1,
        "Columns drawn for each split: -1 for the root of their number (a third of it for regression), -2 for all.",
        kind=Kind.INT,
        level="critical",
        interval=Interval(1, also=(-1, -2)),
    )
    binomial_double_trees: bool = parameter(
        False,
        "Grow a tree for each of two classes, not one for both.",
        kind=Kind.BOOLEAN,
        level="expert",
    )
    distribution: str = _distribution(
        {
            "ordinal": _NO_ORDER,
            "custom": GBM_ALONE,
            **dict.fromkeys(
                ("quasibinomial", "poisson", "gamma", "tweedie", "laplace", "quantile", "huber"), _FOREST_FITS_MEANS
            ),
        }
    )
    offset_column: str | None = parameter(
        None,
        "Column of known amounts to add to the output; not available here.",
        kind=Kind.COLUMN,
        excludes=("response_column", "weights_column", "fold_column", "ignored_columns"),
        member_of=("training_frame", "validation_frame"),
        refused="the leaves of a forest are means, to which an offset cannot be added. Use gradient boosting (gbm).",
    )


@dataclass(frozen=True)
class DecisionTreeParameters(TargetEncodingParameters, ModelParameters):
    """The 9 of the single decision tree, and those that every model takes."""

    response_column: str | None = parameter(
        None,
        "Column of two classes to predict.",
        kind=Kind.COLUMN,
        level="critical",
        excludes=("ignored_columns",),
        member_of=("training_frame", "validation_frame"),
    )
    categorical_encoding: str = parameter(
        "AUTO",
        "How categorical columns are learnt from; AUTO is Enum: levels as they are, split into any two groups. "
        "TargetEncoding makes columns of many levels means of the response, others are Enum.",
        kind=Kind.CHOICE,
        choices=SUPERVISED_ENCODINGS,
        refused_choices={"OneHotInternal": _ONE_HOT_INTERNAL},
    )
    seed: int = parameter(
        -1,
        "Seed of random numbers, of which this tree needs none: it is the same with any.",
        kind=Kind.LONG,
        level="expert",
    )
    max_depth: int = parameter(20, "Greatest depth of the tree.", kind=Kind.INT, level="critical", interval=Interval(1))
    min_rows: int = parameter(
        10,
        "Least number of rows in each part of a split; a node with no more rows of one class than that is not split.",
        kind=Kind.INT,
        level="critical",
        interval=Interval(1),
    )
