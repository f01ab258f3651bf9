"""The parameters of target encoding."""

from __future__ import annotations

from dataclasses import dataclass

from artesian.learn.base.model_parameters import ModelParameters, Response
from artesian.learn.base.parameters import Interval, Kind, parameter

_ONE_STEP = "encodings are learnt in one step."


@dataclass(frozen=True)
class _Own:
    validation_frame: str | None = parameter(
        None,
        "Key of a frame to validate on.",
        kind=Kind.FRAME,
        level="critical",
        refused="an encoding predicts nothing that could be measured.",
    )
    ignore_const_cols: bool = parameter(
        False,
        "Leave out columns that hold one value only (or nothing).",
        kind=Kind.BOOLEAN,
        level="critical",
        gridable=False,
    )
    score_each_iteration: bool = parameter(
        False, "Score after every iteration of training.", kind=Kind.BOOLEAN, gridable=False, refused=_ONE_STEP
    )
    fold_column: str | None = parameter(
        None,
        "Column that names the fold of each row, for the leakage handling KFold.",
        kind=Kind.COLUMN,
        excludes=("response_column", "ignored_columns"),
        member_of=("training_frame",),
    )
    columns_to_encode: tuple[tuple[str, ...], ...] | None = parameter(
        None,
        "Groups of categorical columns; the columns of a group are encoded together, as one column of their combinations. By "
        "default every categorical column is encoded by itself.",
        kind=Kind.GROUPS,
        level="critical",
        gridable=False,
    )
    keep_original_categorical_columns: bool = parameter(
        True,
        "Hand the columns that are encoded on beside their encodings.",
        kind=Kind.BOOLEAN,
        level="critical",
        gridable=False,
    )
    blending: bool = parameter(
        False,
        "Mix the mean of a level with that of all rows, the more of it the fewer rows the level has.",
        kind=Kind.BOOLEAN,
        gridable=False,
    )
    inflection_point: float = parameter(
        10.0,
        "With blending: number of rows at which a level's own mean counts one half. If it or smoothing is 0, both have their "
        "defaults.",
        kind=Kind.DOUBLE,
        gridable=False,
        interval=Interval(0),
    )
    smoothing: float = parameter(
        20.0,
        "With blending: how slowly the share of a level's own mean grows with its rows.",
        kind=Kind.DOUBLE,
        gridable=False,
        interval=Interval(0),
    )
    data_leakage_handling: str = parameter(
        "None",
        "How training rows are kept from seeing their own response when they are encoded as such: LeaveOneOut takes the row's "
        "own response away, KFold uses the other folds alone, None does nothing.",
        kind=Kind.CHOICE,
        gridable=False,
        choices=("LeaveOneOut", "KFold", "None"),
    )
    noise: float = parameter(
        0.01,
        "Largest amount of evenly distributed noise that is added to encodings; below 0 for one hundredth of the response's "
        "range, 0 for none.",
        kind=Kind.DOUBLE,
        level="expert",
    )
    seed: int = parameter(
        -1, "Seed of the noise; -1 draws one and reports it.", kind=Kind.LONG, level="expert", gridable=False
    )


@dataclass(frozen=True)
class TargetEncoderParameters(_Own, Response, ModelParameters):
    """All parameters of target encoding."""
