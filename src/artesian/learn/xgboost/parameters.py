"""The parameters of XGBoost. A value that would do nothing here is refused by name, with the reason; no default is.

Several have two names, H2O's and the library's; `checks` says what becomes of both given.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from artesian.learn.base.calibration import CalibrationParameters
from artesian.learn.base.custom_code import GBM_ALONE
from artesian.learn.base.model_parameters import (
    STOPPING_METRICS,
    SUPERVISED_ENCODINGS,
    UPLIFT_ONLY,
    CrossValidationParameters,
    MetricParameters,
    ModelParameters,
    StoppingParameters,
    SupervisedParameters,
    TargetEncodingParameters,
)
from artesian.learn.base.parameters import Interval, Kind, parameter

DISTRIBUTIONS = (
    "AUTO", "bernoulli", "quasibinomial", "ordinal", "multinomial", "gaussian", "poisson", "gamma", "tweedie", "laplace",
    "quantile", "huber", "custom",
)  # fmt: skip
MAX_TREES = 100_000
MAX_BINS = 65_535
_RATE = Interval(0, 1, low_open=True)
_NO_OBJECTIVE = "XGBoost has no such distribution here, as in H2O. Use gradient boosting (gbm) for it."
_NO_GPU = "models are trained on CPUs here. Use cpu or auto."


@dataclass(frozen=True)
class _Control:
    """How long to train, from where, and when to look at the model."""

    ntrees: int = parameter(
        50,
        "Rounds of boosting: a tree (or linear model) each, for more than two classes one a class; with a checkpoint the "
        "total of both.",
        kind=Kind.INT,
        level="critical",
        interval=Interval(1, MAX_TREES),
    )
    checkpoint: str | None = parameter(
        None,
        "Key of an XGBoost model whose training is to be continued; `ntrees` is then the total of both.",
        kind=Kind.MODEL,
        gridable=False,
    )
    seed: int = parameter(
        -1,
        "Seed of all random numbers: rows and columns of trees, dropped trees, folds; -1 draws one and reports it.",
        kind=Kind.LONG,
        level="critical",
    )
    score_tree_interval: int = parameter(
        0,
        "Score the model after every so many rounds; 0 goes by the clock, or with early stopping by the number of rows.",
        kind=Kind.INT,
        gridable=False,
        interval=Interval(0),
    )
    stopping_metric: str = parameter(
        "AUTO",
        "Metric that early stopping watches; AUTO is logloss for classification, deviance for regression. custom (less is "
        "better) and custom_increasing are the eval_metric or the custom_metric_func.",
        kind=Kind.CHOICE,
        choices=STOPPING_METRICS,
        refused_choices={
            "anomaly_score": "it measures isolation forests, which this algorithm does not train.",
            **dict.fromkeys(("AUUC", "ATE", "ATT", "ATC", "qini"), UPLIFT_ONLY),
        },
    )
    eval_metric: str | None = parameter(
        None,
        "A metric of the xgboost library, such as logloss, mlogloss, error@0.7 or poisson-nloglik, told in the scoring history "
        "as custom; stopping_metric custom watches it.",
        kind=Kind.STRING,
        level="expert",
    )
    score_eval_metric_only: bool = parameter(
        False,
        "Until the last scoring measure the eval_metric alone, which takes less time.",
        kind=Kind.BOOLEAN,
        level="expert",
    )
    quiet_mode: bool = parameter(
        True,
        "Write no lines about the course of training to the log.",
        kind=Kind.BOOLEAN,
        level="expert",
        gridable=False,
    )


@dataclass(frozen=True)
class _Model:
    """What is learnt: distribution, booster, shape and penalties of trees."""

    distribution: str = parameter(
        "AUTO",
        "Distribution of the response; AUTO is bernoulli, multinomial or gaussian by the response.",
        kind=Kind.CHOICE,
        choices=DISTRIBUTIONS,
        refused_choices={
            **dict.fromkeys(("quasibinomial", "ordinal", "laplace", "quantile", "huber"), _NO_OBJECTIVE),
            "custom": GBM_ALONE,
        },
    )
    tweedie_power: float = parameter(
        1.5,
        "Power of the variance of distribution tweedie.",
        kind=Kind.DOUBLE,
        interval=Interval(1, 2, low_open=True, high_open=True),
    )
    categorical_encoding: str = parameter(
        "AUTO",
        "How categorical columns become numbers; AUTO is OneHotInternal, an input for each level and one for missing ones. "
        "TargetEncoding makes columns of many levels means of the response, others are OneHotInternal.",
        kind=Kind.CHOICE,
        choices=SUPERVISED_ENCODINGS,
        refused_choices={
            "Enum": "the booster splits numbers, not levels. Use OneHotInternal or LabelEncoder.",
            "Eigen": "it is not there for XGBoost, as in H2O. Use OneHotInternal, Binary or LabelEncoder.",
        },
    )
    booster: str = parameter(
        "gbtree",
        "What is boosted: trees (gbtree), trees of which some are dropped in each round (dart), or linear models (gblinear).",
        kind=Kind.CHOICE,
        level="expert",
        choices=("gbtree", "gblinear", "dart"),
    )
    max_depth: int = parameter(
        6,
        "Most splits between the root of a tree and a leaf; 0 for no limit.",
        kind=Kind.INT,
        level="critical",
        interval=Interval(0),
    )
    min_rows: float = parameter(
        1.0,
        "Least sum of second derivatives in a leaf (for gaussian the rows' weights). Also called min_child_weight.",
        kind=Kind.DOUBLE,
        level="critical",
        interval=Interval(0),
    )
    min_child_weight: float = parameter(
        1.0, "The same as min_rows.", kind=Kind.DOUBLE, level="expert", interval=Interval(0)
    )
    learn_rate: float = parameter(
        0.3, "Factor on each round's contribution. Also called eta.", kind=Kind.DOUBLE, level="expert", interval=_RATE
    )
    eta: float = parameter(0.3, "The same as learn_rate.", kind=Kind.DOUBLE, level="critical", interval=_RATE)
    reg_lambda: float = parameter(
        1.0, "Quadratic (L2) penalty on leaves or weights.", kind=Kind.FLOAT, level="expert", interval=Interval(0)
    )
    reg_alpha: float = parameter(
        0.0, "Absolute (L1) penalty on leaves or weights.", kind=Kind.FLOAT, level="expert", interval=Interval(0)
    )
    scale_pos_weight: float = parameter(
        1.0,
        "Factor on the weights of the rows of the second of two classes.",
        kind=Kind.FLOAT,
        level="expert",
        interval=Interval(0, low_open=True),
    )
    max_abs_leafnode_pred: float = parameter(
        0.0,
        "Largest step of a leaf before learn_rate; 0 for no limit. Also called max_delta_step.",
        kind=Kind.FLOAT,
        level="expert",
        interval=Interval(0),
    )
    max_delta_step: float = parameter(
        0.0, "The same as max_abs_leafnode_pred.", kind=Kind.FLOAT, level="expert", interval=Interval(0)
    )
    min_split_improvement: float = parameter(
        0.0, "Least gain of a split. Also called gamma.", kind=Kind.FLOAT, interval=Interval(0)
    )
    gamma: float = parameter(
        0.0, "The same as min_split_improvement.", kind=Kind.FLOAT, level="expert", interval=Interval(0)
    )
    monotone_constraints: Mapping[str, float] | None = parameter(
        None,
        "Numeric columns by name that the prediction must rise (1) or fall (-1) with; 0 constrains nothing.",
        kind=Kind.PAIRS,
        gridable=False,
    )
    interaction_constraints: tuple[tuple[str, ...], ...] | None = parameter(
        None,
        "Groups of columns; splits below each other are of one group.",
        kind=Kind.GROUPS,
        level="expert",
        gridable=False,
    )


@dataclass(frozen=True)
class _Sampling:
    """Which rows and columns a tree sees."""

    sample_rate: float = parameter(
        1.0,
        "Share of the rows that a tree is grown on. Also called subsample.",
        kind=Kind.DOUBLE,
        level="critical",
        interval=_RATE,
    )
    subsample: float = parameter(1.0, "The same as sample_rate.", kind=Kind.DOUBLE, level="expert", interval=_RATE)
    col_sample_rate: float = parameter(
        1.0,
        "Share of the tree's columns that a level of it may split. Also called colsample_bylevel.",
        kind=Kind.DOUBLE,
        level="critical",
        interval=_RATE,
    )
    colsample_bylevel: float = parameter(
        1.0, "The same as col_sample_rate.", kind=Kind.DOUBLE, level="expert", interval=_RATE
    )
    col_sample_rate_per_tree: float = parameter(
        1.0,
        "Share of the columns that a tree may split. Also called colsample_bytree.",
        kind=Kind.DOUBLE,
        interval=_RATE,
    )
    colsample_bytree: float = parameter(
        1.0, "The same as col_sample_rate_per_tree.", kind=Kind.DOUBLE, level="expert", interval=_RATE
    )
    colsample_bynode: float = parameter(
        1.0, "Share of the level's columns that a node may split.", kind=Kind.DOUBLE, interval=_RATE
    )


@dataclass(frozen=True)
class _Growth:
    """How trees are grown, and dart's dropping of trees."""

    tree_method: str = parameter(
        "auto",
        "How splits are found: among all values (exact), among bins made once (hist) or anew for each round (approx). auto is "
        "exact for small tables and hist for others.",
        kind=Kind.CHOICE,
        choices=("auto", "exact", "approx", "hist"),
    )
    grow_policy: str = parameter(
        "depthwise",
        "Which node is split next: one nearest to the root, or that of the largest gain (lossguide, which needs hist).",
        kind=Kind.CHOICE,
        choices=("depthwise", "lossguide"),
    )
    max_bins: int = parameter(
        256,
        "Most bins of a column, where splits are found among bins.",
        kind=Kind.INT,
        level="expert",
        interval=Interval(2, MAX_BINS),
    )
    max_leaves: int = parameter(
        0, "Most leaves of a tree, for grow_policy lossguide; 0 for no limit.", kind=Kind.INT, interval=Interval(0)
    )
    sample_type: str = parameter(
        "uniform",
        "For dart: every tree is equally likely to be dropped, or by its weight (weighted).",
        kind=Kind.CHOICE,
        level="expert",
        choices=("uniform", "weighted"),
    )
    normalize_type: str = parameter(
        "tree",
        "For dart: a new tree weighs as much as each dropped one (tree), or as their sum (forest).",
        kind=Kind.CHOICE,
        level="expert",
        choices=("tree", "forest"),
    )
    rate_drop: float = parameter(
        0.0,
        "For dart: share of the trees that a round drops.",
        kind=Kind.FLOAT,
        level="expert",
        interval=Interval(0, 1),
    )
    one_drop: bool = parameter(
        False, "For dart: drop at least one tree in each round.", kind=Kind.BOOLEAN, level="expert"
    )
    skip_drop: float = parameter(
        0.0,
        "For dart: probability that a round drops no tree.",
        kind=Kind.FLOAT,
        level="expert",
        interval=Interval(0, 1),
    )


@dataclass(frozen=True)
class _Machine:
    """Where and with what the work is done."""

    nthread: int = parameter(
        -1,
        "Most threads to train with; -1 for as many as the server gives a job.",
        kind=Kind.INT,
        level="expert",
        gridable=False,
        interval=Interval(1, also=(-1,)),
    )
    dmatrix_type: str = parameter(
        "auto",
        "Whether zeros of numeric columns are kept as such (dense) or left out and treated like missing values (sparse); auto "
        "leaves them out of tables of many columns that are mostly zeros.",
        kind=Kind.CHOICE,
        choices=("auto", "dense", "sparse"),
    )
    backend: str = parameter(
        "auto",
        "Which processor trains.",
        kind=Kind.CHOICE,
        level="expert",
        choices=("auto", "gpu", "cpu"),
        refused_choices={"gpu": _NO_GPU},
    )
    gpu_id: tuple[int, ...] | None = parameter(
        None, "Which GPU trains; not available here.", kind=Kind.INTS, level="expert", gridable=False, refused=_NO_GPU
    )
    save_matrix_directory: str | None = parameter(
        None,
        "Folder for the matrix that is trained on; not available here.",
        kind=Kind.STRING,
        level="expert",
        gridable=False,
        refused="the rows stay in the server's own format. Export the frame instead.",
    )
    build_tree_one_node: bool = parameter(
        False,
        "Train on one machine; a model is always trained on one machine here.",
        kind=Kind.BOOLEAN,
        level="expert",
        gridable=False,
    )
    parallelize_cross_validation: bool = parameter(
        True,
        "Whether folds may be trained at the same time; here each takes all threads after the other, with the same results.",
        kind=Kind.BOOLEAN,
        level="expert",
        gridable=False,
    )


@dataclass(frozen=True)
class XGBoostParameters(
    _Machine,
    _Growth,
    _Sampling,
    _Model,
    _Control,
    CalibrationParameters,
    MetricParameters,
    StoppingParameters,
    TargetEncodingParameters,
    CrossValidationParameters,
    SupervisedParameters,
    ModelParameters,
):
    """All parameters of XGBoost."""
