"""Estimators of Distributed Random Forest; written by tools/generate_estimators.py, not by hand."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, ClassVar

from artesian.client.estimators.base import Choices, H2OEstimator

if TYPE_CHECKING:
    from artesian.client.frame.frame import H2OFrame
    from artesian.client.model.base import ModelBase


class H2ORandomForestEstimator(H2OEstimator):
    """Deep trees on random rows and columns, averaged (Breiman 2001); with histogram_type Random extremely random ones.

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
        weights_column: Column of row weights, at least 0: a row of weight 2 counts as two equal rows, one of weight
            0 not at all. Default: None.
        offset_column: Column of known amounts to add to the output; not available here. Only the default is
            available. Default: None.
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
        target_encoding_levels: With categorical_encoding TargetEncoding: columns of more levels become means of the
            response, others stay. Default: 25.
        target_encoding_folds: With categorical_encoding TargetEncoding: the training rows of each of so many folds
            are encoded by the others, so that no row is told of its own response. Default: 5.
        target_encoding_smoothing: With categorical_encoding TargetEncoding: the mean of all rows counts as so many
            rows in that of each level; -1 estimates for each column how many fit. Default: -1.0.
        balance_classes: Draw the rows of rare classes more often and those of frequent ones less often. Default:
            False.
        class_sampling_factors: How often rows of each class are drawn, one number a class in the order of the
            levels; needs balance_classes. Without it the factors are chosen so that all classes are equally
            frequent. Default: None.
        max_after_balance_size: Largest size of the balanced training data as a multiple of the rows given; needs
            balance_classes. Default: 5.0.
        stopping_rounds: Stop when the moving average of stopping_metric over so many scorings has not improved over
            as many more; 0: never. Default: 0.
        stopping_metric: Metric that early stopping watches; AUTO is logloss for classification, deviance for
            regression, MSE for an autoencoder. One of auto, deviance, logloss, mse, rmse, mae, rmsle, auc, aucpr,
            lift_top_group, misclassification, mean_per_class_error, anomaly_score, auuc, ate, att, atc, qini,
            custom, custom_increasing. Default: "auto".
        stopping_tolerance: Least relative improvement of stopping_metric that counts as one. Default: 0.001.
        max_confusion_matrix_size: Most classes for which the confusion matrix is written to the log. Default: 20.
        auc_type: Which AUC a model of more than two classes reports: macro or weighted mean, one class against the
            rest (OVR) or against each other (OVO). AUTO and NONE: none. One of auto, none, macro_ovr, weighted_ovr,
            macro_ovo, weighted_ovo. Default: "auto".
        gainslift_bins: Groups of the gains/lift table of a binary classifier: -1 for the standard 16, 0 for no
            table. Default: -1.
        custom_metric_func: Reference to a metric in program code that was uploaded, python:key=module.class;
            refused unless the server allows code of its clients. Default: None.
        calibrate_model: Learn from calibration_frame how often a predicted probability comes true, and add
            calibrated probabilities to the predictions; for two classes. Default: False.
        calibration_frame: Key of the frame that calibration learns from; its rows should not be among those of the
            training. Default: None.
        calibration_method: How probabilities are calibrated: by a logistic curve (PlattScaling, AUTO too) or a
            rising step curve. One of auto, platt_scaling, isotonic_regression. Default: "auto".
        ntrees: Number of trees (of rounds of one tree a class); with a checkpoint the total of both. Default: 50.
        score_tree_interval: Score the model after every so many trees; 0 goes by the clock. Default: 0.
        r2_stopping: Stop at this R²; not available here. Only the default is available. Default:
            1.7976931348623157e+308.
        seed: Seed of all random numbers: rows and columns of trees, folds, noise; -1 draws one and reports it.
            Default: -1.
        checkpoint: Key of a model of the same algorithm that is to be continued; `ntrees` is then the total of
            both. Default: None.
        build_tree_one_node: Grow trees on one machine only. They are grown on one machine here either way. Default:
            False.
        check_constant_response: Refuse a response that holds one value only; off trains a model that predicts it.
            Default: True.
        nbins: Least number of bins of a numeric column in a node's histogram. Default: 20.
        nbins_top_level: Bins of a numeric column at the root; the number is halved at each level down to nbins. At
            least nbins. Default: 1024.
        nbins_cats: Most bins of a categorical column; of one with more levels neighbours share a bin. Default:
            1024.
        min_split_improvement: Least relative decrease of the squared error for a split to be made. Default: 1e-05.
        histogram_type: How numeric columns are cut into bins; AUTO is UniformAdaptive in forests, while boosting
            cuts bins of equal width from `nbins_top_level` cells of about as many rows each. One of auto,
            uniform_adaptive, random, quantiles_global, round_robin, uniform_robust. Default: "auto".
        categorical_encoding: How categorical columns are learnt from; AUTO is Enum: levels as they are, split into
            any two groups. TargetEncoding makes columns of many levels means of the response, others are Enum. One
            of auto, enum, one_hot_internal, one_hot_explicit, binary, eigen, label_encoder, sort_by_response,
            enum_limited, target_encoding. Default: "auto".
        sample_rate_per_class: Share of the rows of each class that a tree is grown on, one number a class in the
            order of the levels; goes before sample_rate. Default: None.
        col_sample_rate_change_per_level: Factor of the number of columns drawn for a split, from each level of a
            tree to the next. Default: 1.0.
        col_sample_rate_per_tree: Share of the columns that each tree is grown with. Default: 1.0.
        max_depth: Greatest depth of a tree; 0 for no limit. Default: 20.
        min_rows: Least sum of row weights (of rows, without weights) in each part of a split. Default: 1.0.
        sample_rate: Share of the rows that each tree is grown on. Default: 0.632.
        mtries: Columns drawn for each split: -1 for the root of their number (a third of it for regression), -2 for
            all. Default: -1.
        binomial_double_trees: Grow a tree for each of two classes, not one for both. Default: False.
        distribution: Distribution of the response; AUTO is bernoulli, multinomial or gaussian by the response. One
            of auto, bernoulli, quasibinomial, ordinal, multinomial, gaussian, poisson, gamma, tweedie, laplace,
            quantile, huber, custom. Default: "auto".
    """

    algo = "drf"
    supervised_learning = True
    _choices: ClassVar[Choices] = {
        "fold_assignment": ("auto", "random", "modulo", "stratified"),
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
        "auc_type": ("auto", "none", "macro_ovr", "weighted_ovr", "macro_ovo", "weighted_ovo"),
        "calibration_method": ("auto", "platt_scaling", "isotonic_regression"),
        "histogram_type": ("auto", "uniform_adaptive", "random", "quantiles_global", "round_robin", "uniform_robust"),
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
        ),
        "distribution": (
            "auto",
            "bernoulli",
            "quasibinomial",
            "ordinal",
            "multinomial",
            "gaussian",
            "poisson",
            "gamma",
            "tweedie",
            "laplace",
            "quantile",
            "huber",
            "custom",
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
        response_column: str | None = None,
        weights_column: str | None = None,
        offset_column: str | None = None,
        nfolds: int = 0,
        keep_cross_validation_models: bool = True,
        keep_cross_validation_predictions: bool = False,
        keep_cross_validation_fold_assignment: bool = False,
        fold_models_predict: bool = False,
        fold_assignment: str = "auto",
        fold_column: str | None = None,
        target_encoding_levels: int = 25,
        target_encoding_folds: int = 5,
        target_encoding_smoothing: float = -1.0,
        balance_classes: bool = False,
        class_sampling_factors: Sequence[float] | None = None,
        max_after_balance_size: float = 5.0,
        stopping_rounds: int = 0,
        stopping_metric: str = "auto",
        stopping_tolerance: float = 0.001,
        max_confusion_matrix_size: int = 20,
        auc_type: str = "auto",
        gainslift_bins: int = -1,
        custom_metric_func: str | None = None,
        calibrate_model: bool = False,
        calibration_frame: H2OFrame | str | None = None,
        calibration_method: str = "auto",
        ntrees: int = 50,
        score_tree_interval: int = 0,
        r2_stopping: float = 1.7976931348623157e308,
        seed: int = -1,
        checkpoint: ModelBase | str | None = None,
        build_tree_one_node: bool = False,
        check_constant_response: bool = True,
        nbins: int = 20,
        nbins_top_level: int = 1024,
        nbins_cats: int = 1024,
        min_split_improvement: float = 1e-05,
        histogram_type: str = "auto",
        categorical_encoding: str = "auto",
        sample_rate_per_class: Sequence[float] | None = None,
        col_sample_rate_change_per_level: float = 1.0,
        col_sample_rate_per_tree: float = 1.0,
        max_depth: int = 20,
        min_rows: float = 1.0,
        sample_rate: float = 0.632,
        mtries: int = -1,
        binomial_double_trees: bool = False,
        distribution: str = "auto",
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
            offset_column=offset_column,
            nfolds=nfolds,
            keep_cross_validation_models=keep_cross_validation_models,
            keep_cross_validation_predictions=keep_cross_validation_predictions,
            keep_cross_validation_fold_assignment=keep_cross_validation_fold_assignment,
            fold_models_predict=fold_models_predict,
            fold_assignment=fold_assignment,
            fold_column=fold_column,
            target_encoding_levels=target_encoding_levels,
            target_encoding_folds=target_encoding_folds,
            target_encoding_smoothing=target_encoding_smoothing,
            balance_classes=balance_classes,
            class_sampling_factors=class_sampling_factors,
            max_after_balance_size=max_after_balance_size,
            stopping_rounds=stopping_rounds,
            stopping_metric=stopping_metric,
            stopping_tolerance=stopping_tolerance,
            max_confusion_matrix_size=max_confusion_matrix_size,
            auc_type=auc_type,
            gainslift_bins=gainslift_bins,
            custom_metric_func=custom_metric_func,
            calibrate_model=calibrate_model,
            calibration_frame=calibration_frame,
            calibration_method=calibration_method,
            ntrees=ntrees,
            score_tree_interval=score_tree_interval,
            r2_stopping=r2_stopping,
            seed=seed,
            checkpoint=checkpoint,
            build_tree_one_node=build_tree_one_node,
            check_constant_response=check_constant_response,
            nbins=nbins,
            nbins_top_level=nbins_top_level,
            nbins_cats=nbins_cats,
            min_split_improvement=min_split_improvement,
            histogram_type=histogram_type,
            categorical_encoding=categorical_encoding,
            sample_rate_per_class=sample_rate_per_class,
            col_sample_rate_change_per_level=col_sample_rate_change_per_level,
            col_sample_rate_per_tree=col_sample_rate_per_tree,
            max_depth=max_depth,
            min_rows=min_rows,
            sample_rate=sample_rate,
            mtries=mtries,
            binomial_double_trees=binomial_double_trees,
            distribution=distribution,
        )
