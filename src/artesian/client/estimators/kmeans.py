"""Estimators of K-means; written by tools/generate_estimators.py, not by hand."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, ClassVar

from artesian.client.estimators.base import Choices, H2OEstimator

if TYPE_CHECKING:
    from artesian.client.frame.frame import H2OFrame


class H2OKMeansEstimator(H2OEstimator):
    """Clusters of rows around k centres.

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
        nfolds: Number of folds of cross-validation, at least 2; 0 for none. Default: 0.
        keep_cross_validation_models: Keep the models of the folds. Default: True.
        keep_cross_validation_predictions: Keep the predictions for the held-out rows as frames. Default: False.
        keep_cross_validation_fold_assignment: Keep the fold number of each row as a frame. Default: False.
        fold_models_predict: Let the models of the folds predict together, as the mean of their predictions; no
            further model is trained on all rows. Needs cross-validation. Default: False.
        fold_assignment: How rows are dealt into folds without a fold column: at random (AUTO too), row number
            modulo nfolds, or stratified by the classes of the response. One of auto, random, modulo, stratified.
            Default: "auto".
        fold_column: Column that names the fold of each row, one fold for each of its values. Default: None.
        k: Number of clusters; with estimate_k the most that there may be. Default: 1.
        estimate_k: Find the number of clusters, up to k: clusters are split one by one, until the sum of squares
            within clusters no longer falls enough. Start and seed play no part in it. Default: False.
        user_points: Key of a frame with the k centres to start from, one a row: columns of the predictors' names,
            or as many columns as there are predictors, in their order. Default: None.
        max_iterations: Most passes of Lloyd's algorithm over the rows (with estimate_k for each number of
            clusters). Default: 10.
        standardize: Scale numeric columns to mean 0 and deviation 1 before distances are measured. Default: True.
        seed: Seed of the choice of the first centres and of the folds; -1 draws one and reports it. Default: -1.
        init: First centres: random rows, rows drawn by squared distance from the centres so far (PlusPlus), the row
            furthest from the centres so far (Furthest), or those of user_points (User). One of random, plus_plus,
            furthest, user. Default: "furthest".
        categorical_encoding: How categorical columns enter: AUTO, Enum and OneHotInternal keep them (the centre is
            the most frequent level, and another level is at distance 1), the others make numbers of them. One of
            auto, enum, one_hot_internal, one_hot_explicit, binary, eigen, label_encoder, sort_by_response,
            enum_limited. Default: "auto".
        cluster_size_constraints: Least number of rows of each cluster, one number a cluster. Default: None.
    """

    algo = "kmeans"
    supervised_learning = False
    _choices: ClassVar[Choices] = {
        "fold_assignment": ("auto", "random", "modulo", "stratified"),
        "init": ("random", "plus_plus", "furthest", "user"),
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
        nfolds: int = 0,
        keep_cross_validation_models: bool = True,
        keep_cross_validation_predictions: bool = False,
        keep_cross_validation_fold_assignment: bool = False,
        fold_models_predict: bool = False,
        fold_assignment: str = "auto",
        fold_column: str | None = None,
        k: int = 1,
        estimate_k: bool = False,
        user_points: H2OFrame | str | None = None,
        max_iterations: int = 10,
        standardize: bool = True,
        seed: int = -1,
        init: str = "furthest",
        categorical_encoding: str = "auto",
        cluster_size_constraints: Sequence[int] | None = None,
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
            nfolds=nfolds,
            keep_cross_validation_models=keep_cross_validation_models,
            keep_cross_validation_predictions=keep_cross_validation_predictions,
            keep_cross_validation_fold_assignment=keep_cross_validation_fold_assignment,
            fold_models_predict=fold_models_predict,
            fold_assignment=fold_assignment,
            fold_column=fold_column,
            k=k,
            estimate_k=estimate_k,
            user_points=user_points,
            max_iterations=max_iterations,
            standardize=standardize,
            seed=seed,
            init=init,
            categorical_encoding=categorical_encoding,
            cluster_size_constraints=cluster_size_constraints,
        )
