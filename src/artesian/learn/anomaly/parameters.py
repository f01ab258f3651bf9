"""The parameters of isolation forests. A value that would do nothing here is refused by name, with the reason; no default is."""

from __future__ import annotations

from dataclasses import dataclass

from artesian.learn.base.model_parameters import (
    CUSTOM_METRIC_REFUSED,
    ENCODINGS,
    STOPPING_METRICS,
    UPLIFT_ONLY,
    ModelParameters,
    StoppingParameters,
)
from artesian.learn.base.parameters import Interval, Kind, Parameters, parameter

MAX_TREES = 100_000
MAX_SAMPLE = 100_000
_REGRESSION_ONLY = "it measures predicted amounts; an isolation forest tells anomalies from other rows."


@dataclass(frozen=True)
class _Common(Parameters):
    """What both kinds of forests take."""

    seed: int = parameter(
        -1,
        "Seed of all random numbers: rows of trees and their splits; -1 draws one and reports it.",
        kind=Kind.LONG,
        level="critical",
    )
    score_tree_interval: int = parameter(
        0,
        "Score the forest after every so many trees; 0 leaves it to the number of trees and rows.",
        kind=Kind.INT,
        gridable=False,
        interval=Interval(0),
    )
    categorical_encoding: str = parameter(
        "AUTO",
        "How categorical columns become numbers; AUTO is Enum, the number of the level.",
        kind=Kind.CHOICE,
        choices=ENCODINGS,
        refused_choices={
            "OneHotInternal": "these trees split columns. Use OneHotExplicit for a column a level.",
            "SortByResponse": "an isolation forest has no response to sort levels by.",
        },
    )


@dataclass(frozen=True)
class IsolationForestParameters(_Common, StoppingParameters, ModelParameters):
    """All parameters of the isolation forest."""

    ntrees: int = parameter(50, "Number of trees.", kind=Kind.INT, level="critical", interval=Interval(1, MAX_TREES))
    max_depth: int = parameter(
        8,
        "Most splits between the root of a tree and a leaf; 0 for no limit.",
        kind=Kind.INT,
        level="critical",
        interval=Interval(0),
    )
    min_rows: float = parameter(
        1.0, "Least number of rows on either side of a split.", kind=Kind.DOUBLE, level="critical", interval=Interval(1)
    )
    sample_size: int = parameter(
        256,
        "Rows that each tree is grown on, drawn at random without replacement; sample_rate, where it is set, counts instead.",
        kind=Kind.LONG,
        level="critical",
        interval=Interval(1),
    )
    sample_rate: float = parameter(
        -1.0,
        "Share of the rows that each tree is grown on; -1 goes by sample_size.",
        kind=Kind.DOUBLE,
        level="critical",
        interval=Interval(0, 1, low_open=True, also=(-1,)),
    )
    mtries: int = parameter(
        -1,
        "Columns that are drawn for each split, of which one with different values is split; -1 for a third of them, -2 for all.",
        kind=Kind.INT,
        level="critical",
        interval=Interval(1, also=(-1, -2)),
    )
    col_sample_rate_per_tree: float = parameter(
        1.0,
        "Share of the columns that a tree may split.",
        kind=Kind.DOUBLE,
        interval=Interval(0, 1, low_open=True),
    )
    col_sample_rate_change_per_level: float = parameter(
        1.0,
        "Factor on mtries with each level of a tree.",
        kind=Kind.DOUBLE,
        level="expert",
        interval=Interval(0, 2, low_open=True),
    )
    contamination: float = parameter(
        -1.0,
        "Share of anomalies among the training rows; the rows of the highest scores are then predicted to be anomalies. -1: "
        "scores alone are predicted.",
        kind=Kind.DOUBLE,
        level="critical",
        gridable=False,
        interval=Interval(0, 0.5, low_open=True, also=(-1,)),
    )
    validation_response_column: str | None = parameter(
        None,
        "Column of the validation frame, of two levels, whose second says that a row is an anomaly; anomalies are then "
        "predicted from the score at which F1 is largest on that frame.",
        kind=Kind.COLUMN,
        gridable=False,
        member_of=("validation_frame",),
    )
    stopping_metric: str = parameter(
        "AUTO",
        "Metric that early stopping watches; AUTO is anomaly_score, the mean path length. With a labelled validation frame the "
        "metrics of two classes can be watched.",
        kind=Kind.CHOICE,
        choices=STOPPING_METRICS,
        refused_choices={
            **dict.fromkeys(("deviance", "MAE", "RMSLE"), _REGRESSION_ONLY),
            **dict.fromkeys(("AUUC", "ATE", "ATT", "ATC", "qini"), UPLIFT_ONLY),
            **dict.fromkeys(("custom", "custom_increasing"), CUSTOM_METRIC_REFUSED),
        },
    )
    stopping_tolerance: float = parameter(
        0.01,
        "Least relative change of stopping_metric that counts as one.",
        kind=Kind.DOUBLE,
        interval=Interval(0, 1, high_open=True),
    )
    build_tree_one_node: bool = parameter(
        False,
        "Train on one machine; a model is always trained on one machine here.",
        kind=Kind.BOOLEAN,
        level="expert",
        gridable=False,
    )


@dataclass(frozen=True)
class ExtendedIsolationForestParameters(_Common, ModelParameters):
    """All parameters of the extended isolation forest."""

    ntrees: int = parameter(100, "Number of trees.", kind=Kind.INT, level="critical", interval=Interval(1, MAX_TREES))
    sample_size: int = parameter(
        256,
        "Rows that each tree is grown on, drawn at random without replacement; its depth is at most their binary logarithm.",
        kind=Kind.INT,
        level="critical",
        interval=Interval(2, MAX_SAMPLE),
    )
    extension_level: int = parameter(
        0,
        "How many columns beside one a split may slant in: 0 splits one column at a time, as an isolation forest does; at "
        "most the number of columns less one.",
        kind=Kind.INT,
        level="critical",
        interval=Interval(0),
    )
    disable_training_metrics: bool = parameter(
        True,
        "Measure the training rows once, at the end, and keep no scoring history.",
        kind=Kind.BOOLEAN,
        level="critical",
        gridable=False,
    )
