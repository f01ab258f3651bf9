"""Estimators of Extended Isolation Forest; written by tools/generate_estimators.py, not by hand."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, ClassVar

from artesian.client.estimators.base import Choices, H2OEstimator

if TYPE_CHECKING:
    from artesian.client.frame.frame import H2OFrame


class H2OExtendedIsolationForestEstimator(H2OEstimator):
    """Random trees of slanted splits in which anomalies are separated from other rows by few of them.

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
        seed: Seed of all random numbers: rows of trees and their splits; -1 draws one and reports it. Default: -1.
        score_tree_interval: Score the forest after every so many trees; 0 leaves it to the number of trees and
            rows. Default: 0.
        categorical_encoding: How categorical columns become numbers; AUTO is Enum, the number of the level. One of
            auto, enum, one_hot_internal, one_hot_explicit, binary, eigen, label_encoder, sort_by_response,
            enum_limited. Default: "auto".
        ntrees: Number of trees. Default: 100.
        sample_size: Rows that each tree is grown on, drawn at random without replacement; its depth is at most
            their binary logarithm. Default: 256.
        extension_level: How many columns beside one a split may slant in: 0 splits one column at a time, as an
            isolation forest does; at most the number of columns less one. Default: 0.
        disable_training_metrics: Measure the training rows once, at the end, and keep no scoring history. Default:
            True.
    """

    algo = "extendedisolationforest"
    supervised_learning = False
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
        seed: int = -1,
        score_tree_interval: int = 0,
        categorical_encoding: str = "auto",
        ntrees: int = 100,
        sample_size: int = 256,
        extension_level: int = 0,
        disable_training_metrics: bool = True,
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
            seed=seed,
            score_tree_interval=score_tree_interval,
            categorical_encoding=categorical_encoding,
            ntrees=ntrees,
            sample_size=sample_size,
            extension_level=extension_level,
            disable_training_metrics=disable_training_metrics,
        )
