"""Estimators of XGBoost; written by tools/generate_estimators.py, not by hand."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, ClassVar

from artesian.client.estimators.base import Choices, H2OEstimator
from artesian.client.xgboost import XGBoostEstimator

if TYPE_CHECKING:
    from artesian.client.frame.frame import H2OFrame
    from artesian.client.model.base import ModelBase


class H2OXGBoostEstimator(XGBoostEstimator, H2OEstimator):
    """Boosted trees, or boosted linear models, by the xgboost library.

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
        offset_column: Column of known amounts that are added to the model's output before the inverse link.
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
        target_encoding_levels: With categorical_encoding TargetEncoding: columns of more levels become means of the
            response, others stay. Default: 25.
        target_encoding_folds: With categorical_encoding TargetEncoding: the training rows of each of so many folds
            are encoded by the others, so that no row is told of its own response. Default: 5.
        target_encoding_smoothing: With categorical_encoding TargetEncoding: the mean of all rows counts as so many
            rows in that of each level; -1 estimates for each column how many fit. Default: -1.0.
        stopping_rounds: Stop when the moving average of stopping_metric over so many scorings has not improved over
            as many more; 0: never. Default: 0.
        stopping_metric: Metric that early stopping watches; AUTO is logloss for classification, deviance for
            regression. custom (less is better) and custom_increasing are the eval_metric or the custom_metric_func.
            One of auto, deviance, logloss, mse, rmse, mae, rmsle, auc, aucpr, lift_top_group, misclassification,
            mean_per_class_error, anomaly_score, auuc, ate, att, atc, qini, custom, custom_increasing. Default:
            "auto".
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
        ntrees: Rounds of boosting: a tree (or linear model) each, for more than two classes one a class; with a
            checkpoint the total of both. Default: 50.
        checkpoint: Key of an XGBoost model whose training is to be continued; `ntrees` is then the total of both.
            Default: None.
        seed: Seed of all random numbers: rows and columns of trees, dropped trees, folds; -1 draws one and reports
            it. Default: -1.
        score_tree_interval: Score the model after every so many rounds; 0 goes by the clock, or with early stopping
            by the number of rows. Default: 0.
        eval_metric: A metric of the xgboost library, such as logloss, mlogloss, error@0.7 or poisson-nloglik, told
            in the scoring history as custom; stopping_metric custom watches it. Default: None.
        score_eval_metric_only: Until the last scoring measure the eval_metric alone, which takes less time.
            Default: False.
        quiet_mode: Write no lines about the course of training to the log. Default: True.
        distribution: Distribution of the response; AUTO is bernoulli, multinomial or gaussian by the response. One
            of auto, bernoulli, quasibinomial, ordinal, multinomial, gaussian, poisson, gamma, tweedie, laplace,
            quantile, huber, custom. Default: "auto".
        tweedie_power: Power of the variance of distribution tweedie. Default: 1.5.
        categorical_encoding: How categorical columns become numbers; AUTO is OneHotInternal, an input for each
            level and one for missing ones. TargetEncoding makes columns of many levels means of the response,
            others are OneHotInternal. One of auto, enum, one_hot_internal, one_hot_explicit, binary, eigen,
            label_encoder, sort_by_response, enum_limited, target_encoding. Default: "auto".
        booster: What is boosted: trees (gbtree), trees of which some are dropped in each round (dart), or linear
            models (gblinear). One of gbtree, gblinear, dart. Default: "gbtree".
        max_depth: Most splits between the root of a tree and a leaf; 0 for no limit. Default: 6.
        min_rows: Least sum of second derivatives in a leaf (for gaussian the rows' weights). Also called
            min_child_weight. Default: 1.0.
        min_child_weight: The same as min_rows. Default: 1.0.
        learn_rate: Factor on each round's contribution. Also called eta. Default: 0.3.
        eta: The same as learn_rate. Default: 0.3.
        reg_lambda: Quadratic (L2) penalty on leaves or weights. Default: 1.0.
        reg_alpha: Absolute (L1) penalty on leaves or weights. Default: 0.0.
        scale_pos_weight: Factor on the weights of the rows of the second of two classes. Default: 1.0.
        max_abs_leafnode_pred: Largest step of a leaf before learn_rate; 0 for no limit. Also called max_delta_step.
            Default: 0.0.
        max_delta_step: The same as max_abs_leafnode_pred. Default: 0.0.
        min_split_improvement: Least gain of a split. Also called gamma. Default: 0.0.
        gamma: The same as min_split_improvement. Default: 0.0.
        monotone_constraints: Numeric columns by name that the prediction must rise (1) or fall (-1) with; 0
            constrains nothing. Default: None.
        interaction_constraints: Groups of columns; splits below each other are of one group. Default: None.
        sample_rate: Share of the rows that a tree is grown on. Also called subsample. Default: 1.0.
        subsample: The same as sample_rate. Default: 1.0.
        col_sample_rate: Share of the tree's columns that a level of it may split. Also called colsample_bylevel.
            Default: 1.0.
        colsample_bylevel: The same as col_sample_rate. Default: 1.0.
        col_sample_rate_per_tree: Share of the columns that a tree may split. Also called colsample_bytree. Default:
            1.0.
        colsample_bytree: The same as col_sample_rate_per_tree. Default: 1.0.
        colsample_bynode: Share of the level's columns that a node may split. Default: 1.0.
        tree_method: How splits are found: among all values (exact), among bins made once (hist) or anew for each
            round (approx). auto is exact for small tables and hist for others. One of auto, exact, approx, hist.
            Default: "auto".
        grow_policy: Which node is split next: one nearest to the root, or that of the largest gain (lossguide,
            which needs hist). One of depthwise, lossguide. Default: "depthwise".
        max_bins: Most bins of a column, where splits are found among bins. Default: 256.
        max_leaves: Most leaves of a tree, for grow_policy lossguide; 0 for no limit. Default: 0.
        sample_type: For dart: every tree is equally likely to be dropped, or by its weight (weighted). One of
            uniform, weighted. Default: "uniform".
        normalize_type: For dart: a new tree weighs as much as each dropped one (tree), or as their sum (forest).
            One of tree, forest. Default: "tree".
        rate_drop: For dart: share of the trees that a round drops. Default: 0.0.
        one_drop: For dart: drop at least one tree in each round. Default: False.
        skip_drop: For dart: probability that a round drops no tree. Default: 0.0.
        nthread: Most threads to train with; -1 for as many as the server gives a job. Default: -1.
        dmatrix_type: Whether zeros of numeric columns are kept as such (dense) or left out and treated like missing
            values (sparse); auto leaves them out of tables of many columns that are mostly zeros. One of auto,
            dense, sparse. Default: "auto".
        backend: Which processor trains. One of auto, gpu, cpu. Default: "auto".
        gpu_id: Which GPU trains; not available here. Only the default is available. Default: None.
        save_matrix_directory: Folder for the matrix that is trained on; not available here. Only the default is
            available. Default: None.
        build_tree_one_node: Train on one machine; a model is always trained on one machine here. Default: False.
        parallelize_cross_validation: Whether folds may be trained at the same time; here each takes all threads
            after the other, with the same results. Default: True.
    """

    algo = "xgboost"
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
        "booster": ("gbtree", "gblinear", "dart"),
        "tree_method": ("auto", "exact", "approx", "hist"),
        "grow_policy": ("depthwise", "lossguide"),
        "sample_type": ("uniform", "weighted"),
        "normalize_type": ("tree", "forest"),
        "dmatrix_type": ("auto", "dense", "sparse"),
        "backend": ("auto", "gpu", "cpu"),
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
        checkpoint: ModelBase | str | None = None,
        seed: int = -1,
        score_tree_interval: int = 0,
        eval_metric: str | None = None,
        score_eval_metric_only: bool = False,
        quiet_mode: bool = True,
        distribution: str = "auto",
        tweedie_power: float = 1.5,
        categorical_encoding: str = "auto",
        booster: str = "gbtree",
        max_depth: int = 6,
        min_rows: float = 1.0,
        min_child_weight: float = 1.0,
        learn_rate: float = 0.3,
        eta: float = 0.3,
        reg_lambda: float = 1.0,
        reg_alpha: float = 0.0,
        scale_pos_weight: float = 1.0,
        max_abs_leafnode_pred: float = 0.0,
        max_delta_step: float = 0.0,
        min_split_improvement: float = 0.0,
        gamma: float = 0.0,
        monotone_constraints: dict[str, float] | None = None,
        interaction_constraints: Sequence[Sequence[str]] | None = None,
        sample_rate: float = 1.0,
        subsample: float = 1.0,
        col_sample_rate: float = 1.0,
        colsample_bylevel: float = 1.0,
        col_sample_rate_per_tree: float = 1.0,
        colsample_bytree: float = 1.0,
        colsample_bynode: float = 1.0,
        tree_method: str = "auto",
        grow_policy: str = "depthwise",
        max_bins: int = 256,
        max_leaves: int = 0,
        sample_type: str = "uniform",
        normalize_type: str = "tree",
        rate_drop: float = 0.0,
        one_drop: bool = False,
        skip_drop: float = 0.0,
        nthread: int = -1,
        dmatrix_type: str = "auto",
        backend: str = "auto",
        gpu_id: Sequence[int] | None = None,
        save_matrix_directory: str | None = None,
        build_tree_one_node: bool = False,
        parallelize_cross_validation: bool = True,
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
            checkpoint=checkpoint,
            seed=seed,
            score_tree_interval=score_tree_interval,
            eval_metric=eval_metric,
            score_eval_metric_only=score_eval_metric_only,
            quiet_mode=quiet_mode,
            distribution=distribution,
            tweedie_power=tweedie_power,
            categorical_encoding=categorical_encoding,
            booster=booster,
            max_depth=max_depth,
            min_rows=min_rows,
            min_child_weight=min_child_weight,
            learn_rate=learn_rate,
            eta=eta,
            reg_lambda=reg_lambda,
            reg_alpha=reg_alpha,
            scale_pos_weight=scale_pos_weight,
            max_abs_leafnode_pred=max_abs_leafnode_pred,
            max_delta_step=max_delta_step,
            min_split_improvement=min_split_improvement,
            gamma=gamma,
            monotone_constraints=monotone_constraints,
            interaction_constraints=interaction_constraints,
            sample_rate=sample_rate,
            subsample=subsample,
            col_sample_rate=col_sample_rate,
            colsample_bylevel=colsample_bylevel,
            col_sample_rate_per_tree=col_sample_rate_per_tree,
            colsample_bytree=colsample_bytree,
            colsample_bynode=colsample_bynode,
            tree_method=tree_method,
            grow_policy=grow_policy,
            max_bins=max_bins,
            max_leaves=max_leaves,
            sample_type=sample_type,
            normalize_type=normalize_type,
            rate_drop=rate_drop,
            one_drop=one_drop,
            skip_drop=skip_drop,
            nthread=nthread,
            dmatrix_type=dmatrix_type,
            backend=backend,
            gpu_id=gpu_id,
            save_matrix_directory=save_matrix_directory,
            build_tree_one_node=build_tree_one_node,
            parallelize_cross_validation=parallelize_cross_validation,
        )
