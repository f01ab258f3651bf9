"""Estimators of Naive Bayes; written by tools/generate_estimators.py, not by hand."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, ClassVar

from artesian.client.estimators.base import Choices, H2OEstimator

if TYPE_CHECKING:
    from artesian.client.frame.frame import H2OFrame


class H2ONaiveBayesEstimator(H2OEstimator):
    """Classes by the product of the probabilities of each column's value.

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
        response_column: Column to predict: a categorical one for classification, a numeric one for regression.
            Default: None.
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
        seed: Seed of the folds of cross-validation; the model itself has no chance in it. -1 draws one and reports
            it. Default: -1.
        balance_classes: Draw the rows of rare classes more often. Only the default is available. Default: False.
        class_sampling_factors: How often rows of each class are drawn. Only the default is available. Default:
            None.
        max_after_balance_size: Largest size of balanced training data. Only the default is available. Default: 5.0.
        max_confusion_matrix_size: Most classes for which the confusion matrix is written to the log. Default: 20.
        laplace: Rows that are added to the count of each level in each class, and of each class. Default: 0.0.
        min_sdev: Deviation that takes the place of one that is at most eps_sdev. Default: 0.001.
        eps_sdev: Largest deviation of a numeric column within a class that min_sdev takes the place of. Default:
            0.0.
        min_prob: Probability (or density) that takes the place of one that is at most eps_prob. Default: 0.001.
        eps_prob: Largest probability (or density) of a value within a class that min_prob takes the place of.
            Default: 0.0.
        compute_metrics: Measure the model on the training frame. Default: True.
        gainslift_bins: Groups of the gains/lift table of a binary classifier: -1 for the standard 16, 0 for no
            table. Default: -1.
        auc_type: Which AUC a model of more than two classes reports: macro or weighted mean, one class against the
            rest (OVR) or against each other (OVO). AUTO and NONE: none. One of auto, none, macro_ovr, weighted_ovr,
            macro_ovo, weighted_ovo. Default: "auto".
    """

    algo = "naivebayes"
    supervised_learning = True
    _choices: ClassVar[Choices] = {
        "fold_assignment": ("auto", "random", "modulo", "stratified"),
        "auc_type": ("auto", "none", "macro_ovr", "weighted_ovr", "macro_ovo", "weighted_ovo"),
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
        response_column: str | None = None,
        nfolds: int = 0,
        keep_cross_validation_models: bool = True,
        keep_cross_validation_predictions: bool = False,
        keep_cross_validation_fold_assignment: bool = False,
        fold_models_predict: bool = False,
        fold_assignment: str = "auto",
        fold_column: str | None = None,
        seed: int = -1,
        balance_classes: bool = False,
        class_sampling_factors: Sequence[float] | None = None,
        max_after_balance_size: float = 5.0,
        max_confusion_matrix_size: int = 20,
        laplace: float = 0.0,
        min_sdev: float = 0.001,
        eps_sdev: float = 0.0,
        min_prob: float = 0.001,
        eps_prob: float = 0.0,
        compute_metrics: bool = True,
        gainslift_bins: int = -1,
        auc_type: str = "auto",
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
            nfolds=nfolds,
            keep_cross_validation_models=keep_cross_validation_models,
            keep_cross_validation_predictions=keep_cross_validation_predictions,
            keep_cross_validation_fold_assignment=keep_cross_validation_fold_assignment,
            fold_models_predict=fold_models_predict,
            fold_assignment=fold_assignment,
            fold_column=fold_column,
            seed=seed,
            balance_classes=balance_classes,
            class_sampling_factors=class_sampling_factors,
            max_after_balance_size=max_after_balance_size,
            max_confusion_matrix_size=max_confusion_matrix_size,
            laplace=laplace,
            min_sdev=min_sdev,
            eps_sdev=eps_sdev,
            min_prob=min_prob,
            eps_prob=eps_prob,
            compute_metrics=compute_metrics,
            gainslift_bins=gainslift_bins,
            auc_type=auc_type,
        )
