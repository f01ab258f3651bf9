"""Estimators of TargetEncoder; written by tools/generate_estimators.py, not by hand."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, ClassVar

from artesian.client.estimators.base import Choices, H2OEstimator
from artesian.client.target_encoding import TargetEncodingEstimator

if TYPE_CHECKING:
    from artesian.client.frame.frame import H2OFrame


class H2OTargetEncoderEstimator(TargetEncodingEstimator, H2OEstimator):
    """Categorical columns as means of the response.

    Parameters:
        model_id: Key of the model; a new one is made when none is given. Default: None.
        training_frame: Key of the frame to train on. Default: None.
        validation_frame: Key of a frame to validate on. Only the default is available. Default: None.
        ignored_columns: Columns of the training frame that the model does not see. Default: None.
        ignore_const_cols: Leave out columns that hold one value only (or nothing). Default: False.
        score_each_iteration: Score after every iteration of training. Only the default is available. Default:
            False.
        max_runtime_secs: Longest time in seconds that training may take, cross-validation included; 0 sets no
            limit. Default: 0.0.
        export_checkpoints_dir: Folder, below one of the server's export roots, into which every model that training
            makes is also written. Default: None.
        response_column: Column to predict: a categorical one for classification, a numeric one for regression.
            Default: None.
        fold_column: Column that names the fold of each row, for the leakage handling KFold. Default: None.
        columns_to_encode: Groups of categorical columns; the columns of a group are encoded together, as one column
            of their combinations. By default every categorical column is encoded by itself. Default: None.
        keep_original_categorical_columns: Hand the columns that are encoded on beside their encodings. Default:
            True.
        blending: Mix the mean of a level with that of all rows, the more of it the fewer rows the level has.
            Default: False.
        inflection_point: With blending: number of rows at which a level's own mean counts one half. If it or
            smoothing is 0, both have their defaults. Default: 10.0.
        smoothing: With blending: how slowly the share of a level's own mean grows with its rows. Default: 20.0.
        data_leakage_handling: How training rows are kept from seeing their own response when they are encoded as
            such: LeaveOneOut takes the row's own response away, KFold uses the other folds alone, None does
            nothing. One of leave_one_out, kfold, none. Default: "none".
        noise: Largest amount of evenly distributed noise that is added to encodings; below 0 for one hundredth of
            the response's range, 0 for none. Default: 0.01.
        seed: Seed of the noise; -1 draws one and reports it. Default: -1.
    """

    algo = "targetencoder"
    supervised_learning = True
    _choices: ClassVar[Choices] = {"data_leakage_handling": ("leave_one_out", "kfold", "none")}

    def __init__(
        self,
        model_id: str | None = None,
        training_frame: H2OFrame | str | None = None,
        validation_frame: H2OFrame | str | None = None,
        ignored_columns: Sequence[str] | None = None,
        ignore_const_cols: bool = False,
        score_each_iteration: bool = False,
        max_runtime_secs: float = 0.0,
        export_checkpoints_dir: str | None = None,
        response_column: str | None = None,
        fold_column: str | None = None,
        columns_to_encode: Sequence[Sequence[str]] | None = None,
        keep_original_categorical_columns: bool = True,
        blending: bool = False,
        inflection_point: float = 10.0,
        smoothing: float = 20.0,
        data_leakage_handling: str = "none",
        noise: float = 0.01,
        seed: int = -1,
    ) -> None:
        super().__init__(
            model_id=model_id,
            training_frame=training_frame,
            validation_frame=validation_frame,
            ignored_columns=ignored_columns,
            ignore_const_cols=ignore_const_cols,
            score_each_iteration=score_each_iteration,
            max_runtime_secs=max_runtime_secs,
            export_checkpoints_dir=export_checkpoints_dir,
            response_column=response_column,
            fold_column=fold_column,
            columns_to_encode=columns_to_encode,
            keep_original_categorical_columns=keep_original_categorical_columns,
            blending=blending,
            inflection_point=inflection_point,
            smoothing=smoothing,
            data_leakage_handling=data_leakage_handling,
            noise=noise,
            seed=seed,
        )
