"""Estimators of Isolation Forest; written by tools/generate_estimators.py, not by hand."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, ClassVar

from artesian.client.estimators.base import Choices, H2OEstimator

if TYPE_CHECKING:
    from artesian.client.frame.frame import H2OFrame


class H2OIsolationForestEstimator(H2OEstimator):
    """Random trees in which anomalies are separated from other rows by few splits.

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
        stopping_rounds: Stop when the moving average of stopping_metric over so many scorings has not improved over
            as many more; 0: never. Default: 0.
        stopping_metric: Metric that early stopping watches; AUTO is anomaly_score, the mean path length. With a
            labelled validation frame the metrics of two classes can be watched. One of auto, deviance, logloss,
            mse, rmse, mae, rmsle, auc, aucpr, lift_top_group, misclassification, mean_per_class_error,
            anomaly_score, auuc, ate, att, atc, qini, custom, custom_increasing. Default: "auto".
        stopping_tolerance: Least relative change of stopping_metric that counts as one. Default: 0.01.
        seed: Seed of all random numbers: rows of trees and their splits; -1 draws one and reports it. Default: -1.
        score_tree_interval: Score the forest after every so many trees; 0 leaves it to the number of trees and
            rows. Default: 0.
        categorical_encoding: How categorical columns become numbers; AUTO is Enum, the number of the level. One of
            auto, enum, one_hot_internal, one_hot_explicit, binary, eigen, label_encoder, sort_by_response,
            enum_limited. Default: "auto".
        ntrees: Number of trees. Default: 50.
        max_depth: Most splits between the root of a tree and a leaf; 0 for no limit. Default: 8.
        min_rows: Least number of rows on either side of a split. Default: 1.0.
        sample_size: Rows that each tree is grown on, drawn at random without replacement; sample_rate, where it is
            set, counts instead. Default: 256.
        sample_rate: Share of the rows that each tree is grown on; -1 goes by sample_size. Default: -1.0.
        mtries: Columns that are drawn for each split, of which one with different values is split; -1 for a third
            of them, -2 for all. Default: -1.
        col_sample_rate_per_tree: Share of the columns that a tree may split. Default: 1.0.
        col_sample_rate_change_per_level: Factor on mtries with each level of a tree. Default: 1.0.
        contamination: Share of anomalies among the training rows; the rows of the highest scores are then predicted
            to be anomalies. -1: scores alone are predicted. Default: -1.0.
        validation_response_column: Column of the validation frame, of two levels, whose second says that a row is
            an anomaly; anomalies are then predicted from the score at which F1 is largest on that frame. Default:
            None.
        build_tree_one_node: Train on one machine; a model is always trained on one machine here. Default: False.
    """

    algo = "isolationforest"
    supervised_learning = False
    _choices: ClassVar[Choices] = {
        "stopping_metric": (
            "auto",
            "deviance",
            "logloss",
            "mse",
            "rmse",
            "mae",
            "rmsle",
            "auc",
            "aucpr",
            "lift_top_group",
            "misclassification",
            "mean_per_class_error",
            "anomaly_score",
            "auuc",
            "ate",
            "att",
            "atc",
            "qini",
            "custom",
            "custom_increasing",
        ),
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
        ),
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
        stopping_rounds: int = 0,
        stopping_metric: str = "auto",
        stopping_tolerance: float = 0.01,
        seed: int = -1,
        score_tree_interval: int = 0,
        categorical_encoding: str = "auto",
        ntrees: int = 50,
        max_depth: int = 8,
        min_rows: float = 1.0,
        sample_size: int = 256,
        sample_rate: float = -1.0,
        mtries: int = -1,
        col_sample_rate_per_tree: float = 1.0,
        col_sample_rate_change_per_level: float = 1.0,
        contamination: float = -1.0,
        validation_response_column: str | None = None,
        build_tree_one_node: bool = False,
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
            stopping_rounds=stopping_rounds,
            stopping_metric=stopping_metric,
            stopping_tolerance=stopping_tolerance,
            seed=seed,
            score_tree_interval=score_tree_interval,
            categorical_encoding=categorical_encoding,
            ntrees=ntrees,
            max_depth=max_depth,
            min_rows=min_rows,
            sample_size=sample_size,
            sample_rate=sample_rate,
            mtries=mtries,
            col_sample_rate_per_tree=col_sample_rate_per_tree,
            col_sample_rate_change_per_level=col_sample_rate_change_per_level,
            contamination=contamination,
            validation_response_column=validation_response_column,
            build_tree_one_node=build_tree_one_node,
        )
