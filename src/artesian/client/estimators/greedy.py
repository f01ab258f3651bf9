"""Estimators of Greedy Weights; written by tools/generate_estimators.py, not by hand."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, ClassVar

from artesian.client.estimators.base import Choices, H2OEstimator

if TYPE_CHECKING:
    from artesian.client.frame.frame import H2OFrame


class H2OGreedyWeightsEstimator(H2OEstimator):
    """Weights of columns that are predictions themselves, chosen by forward selection (Caruana et al. 2004).

    Parameters:
        model_id: Key of the model; a new one is made when none is given. Default: None.
        training_frame: Key of the frame to train on. Default: None.
        validation_frame: Key of a frame that is scored while training but never trained on; early stopping watches
            it. Default: None.
        ignored_columns: Columns of the training frame that the model does not see. Default: None.
        ignore_const_cols: Leave out columns that hold one value only (or nothing). Default: True.
        score_each_iteration: Score after every iteration of training. Only the default is available. Default:
            False.
        max_runtime_secs: Longest time in seconds that training may take, cross-validation included; 0 sets no
            limit. Default: 0.0.
        export_checkpoints_dir: Folder, below one of the server's export roots, into which every model that training
            makes is also written. Default: None.
        response_column: Column to predict: a categorical one for classification, a numeric one for regression.
            Default: None.
        weights_column: Column of row weights, at least 0: a row of weight 2 counts as two equal rows, one of weight
            0 not at all. Default: None.
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
        draws: How many times a column is drawn; a weight is the share of draws that a column has. Default: 50.
        metric: What each draw improves: AUTO is logloss for classes and deviance for amounts. One of auto, logloss,
            auc, deviance, mse, mae. Default: "auto".
        max_rows: On larger frames the columns are compared by so many rows, drawn at random; 0 for all. Default:
            200000.
        seed: Seed of the rows that are drawn, and of folds; -1 draws one and reports it. Default: -1.
        distribution: Distribution whose deviance counts for amounts; AUTO is gaussian. One of auto, gaussian,
            poisson, gamma, tweedie, laplace, quantile, huber. Default: "auto".
        tweedie_power: Power of the variance of a tweedie distribution. Default: 1.5.
        quantile_alpha: Quantile of a quantile distribution. Default: 0.5.
        huber_alpha: Quantile of the errors from which on a huber distribution counts them linearly. Default: 0.9.
        auc_type: Which AUC a model of more than two classes reports: macro or weighted mean, one class against the
            rest (OVR) or against each other (OVO). AUTO and NONE: none. One of auto, none, macro_ovr, weighted_ovr,
            macro_ovo, weighted_ovo. Default: "auto".
        gainslift_bins: Groups of the gains/lift table of a binary classifier: -1 for the standard 16, 0 for no
            table. Default: -1.
        custom_metric_func: Reference to a metric in program code that was uploaded, python:key=module.class;
            refused unless the server allows code of its clients. Default: None.
    """

    algo = "greedy"
    supervised_learning = True
    _choices: ClassVar[Choices] = {
        "fold_assignment": ("auto", "random", "modulo", "stratified"),
        "metric": ("auto", "logloss", "auc", "deviance", "mse", "mae"),
        "distribution": ("auto", "gaussian", "poisson", "gamma", "tweedie", "laplace", "quantile", "huber"),
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
        weights_column: str | None = None,
        nfolds: int = 0,
        keep_cross_validation_models: bool = True,
        keep_cross_validation_predictions: bool = False,
        keep_cross_validation_fold_assignment: bool = False,
        fold_models_predict: bool = False,
        fold_assignment: str = "auto",
        fold_column: str | None = None,
        draws: int = 50,
        metric: str = "auto",
        max_rows: int = 200000,
        seed: int = -1,
        distribution: str = "auto",
        tweedie_power: float = 1.5,
        quantile_alpha: float = 0.5,
        huber_alpha: float = 0.9,
        auc_type: str = "auto",
        gainslift_bins: int = -1,
        custom_metric_func: str | None = None,
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
            weights_column=weights_column,
            nfolds=nfolds,
            keep_cross_validation_models=keep_cross_validation_models,
            keep_cross_validation_predictions=keep_cross_validation_predictions,
            keep_cross_validation_fold_assignment=keep_cross_validation_fold_assignment,
            fold_models_predict=fold_models_predict,
            fold_assignment=fold_assignment,
            fold_column=fold_column,
            draws=draws,
            metric=metric,
            max_rows=max_rows,
            seed=seed,
            distribution=distribution,
            tweedie_power=tweedie_power,
            quantile_alpha=quantile_alpha,
            huber_alpha=huber_alpha,
            auc_type=auc_type,
            gainslift_bins=gainslift_bins,
            custom_metric_func=custom_metric_func,
        )
