"""Estimators of Decision Tree; written by tools/generate_estimators.py, not by hand."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, ClassVar

from artesian.client.estimators.base import Choices, H2OEstimator

if TYPE_CHECKING:
    from artesian.client.frame.frame import H2OFrame


class H2ODecisionTreeEstimator(H2OEstimator):
    """A single tree of two classes.

    Parameters:
        model_id: Key of the model; a new one is made when none is given. Default: None.
        training_frame: Key of the frame to train on. Default: None.
        validation_frame: Key of a frame that is scored while training but never trained on; early stopping watches
            it. Default: None.
        ignored_columns: Columns of the training frame that the model does not see. Default: None.
        ignore_const_cols: Leave out columns that hold one value only (or nothing). Default: True.
        score_each_iteration: Score after every iteration of training, however long that takes. Default: False.
        max_runtime_secs: Longest time in seconds that training may take, cross-validation included; 0 sets no
            limit. Default: 0.0.
        export_checkpoints_dir: Folder, below one of the server's export roots, into which every model that training
            makes is also written. Default: None.
        target_encoding_levels: With categorical_encoding TargetEncoding: columns of more levels become means of the
            response, others stay. Default: 25.
        target_encoding_folds: With categorical_encoding TargetEncoding: the training rows of each of so many folds
            are encoded by the others, so that no row is told of its own response. Default: 5.
        target_encoding_smoothing: With categorical_encoding TargetEncoding: the mean of all rows counts as so many
            rows in that of each level; -1 estimates for each column how many fit. Default: -1.0.
        response_column: Column of two classes to predict. Default: None.
        categorical_encoding: How categorical columns are learnt from; AUTO is Enum: levels as they are, split into
            any two groups. TargetEncoding makes columns of many levels means of the response, others are Enum. One
            of auto, enum, one_hot_internal, one_hot_explicit, binary, eigen, label_encoder, sort_by_response,
            enum_limited, target_encoding. Default: "auto".
        seed: Seed of random numbers, of which this tree needs none: it is the same with any. Default: -1.
        max_depth: Greatest depth of the tree. Default: 20.
        min_rows: Least number of rows in each part of a split; a node with no more rows of one class than that is
            not split. Default: 10.
    """

    algo = "dt"
    supervised_learning = True
    _choices: ClassVar[Choices] = {
        "categorical_encoding": (
            "auto",
            "enum",
            "one_hot_internal",
            "one_hot_explicit",
            "binary",
            "eigen",
            "label_encoder",
            "sort_by_response",
            "enum_limited",
            "target_encoding",
        )
    }

    def __init__(
        self,
        model_id: str | None = None,
        training_frame: H2OFrame | str | None = None,
        validation_frame: H2OFrame | str | None = None,
        ignored_columns: Sequence[str] | None = None,
        ignore_const_cols: bool = True,
        score_each_iteration: bool = False,
        max_runtime_secs: float = 0.0,
        export_checkpoints_dir: str | None = None,
        target_encoding_levels: int = 25,
        target_encoding_folds: int = 5,
        target_encoding_smoothing: float = -1.0,
        response_column: str | None = None,
        categorical_encoding: str = "auto",
        seed: int = -1,
        max_depth: int = 20,
        min_rows: int = 10,
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
            target_encoding_levels=target_encoding_levels,
            target_encoding_folds=target_encoding_folds,
            target_encoding_smoothing=target_encoding_smoothing,
            response_column=response_column,
            categorical_encoding=categorical_encoding,
            seed=seed,
            max_depth=max_depth,
            min_rows=min_rows,
        )
