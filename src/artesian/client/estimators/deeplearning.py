"""Estimators of Deep Learning; written by tools/generate_estimators.py, not by hand."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, ClassVar

from artesian.client.estimators.base import Choices, H2OEstimator

if TYPE_CHECKING:
    from artesian.client.frame.frame import H2OFrame
    from artesian.client.model.base import ModelBase


class H2ODeepLearningEstimator(H2OEstimator):
    """Fully connected networks, trained row by row or in small batches.

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
        balance_classes: Draw the rows of rare classes more often and those of frequent ones less often. Default:
            False.
        class_sampling_factors: How often rows of each class are drawn, one number a class in the order of the
            levels; needs balance_classes. Without it the factors are chosen so that all classes are equally
            frequent. Default: None.
        max_after_balance_size: Largest size of the balanced training data as a multiple of the rows given; needs
            balance_classes. Default: 5.0.
        stopping_rounds: Stop when the moving average of stopping_metric over so many scorings has not improved over
            as many more; 0: never. Default: 5.
        stopping_metric: Metric that early stopping watches; AUTO is logloss for classification, deviance for
            regression, MSE for an autoencoder. One of auto, deviance, logloss, mse, rmse, mae, rmsle, auc, aucpr,
            lift_top_group, misclassification, mean_per_class_error, anomaly_score, auuc, ate, att, atc, qini,
            custom, custom_increasing. Default: "auto".
        stopping_tolerance: Least relative improvement of stopping_metric that counts as one. Default: 0.0.
        max_confusion_matrix_size: Most classes for which the confusion matrix is written to the log. Default: 20.
        auc_type: Which AUC a model of more than two classes reports: macro or weighted mean, one class against the
            rest (OVR) or against each other (OVO). AUTO and NONE: none. One of auto, none, macro_ovr, weighted_ovr,
            macro_ovo, weighted_ovo. Default: "auto".
        gainslift_bins: Groups of the gains/lift table of a binary classifier: -1 for the standard 16, 0 for no
            table. Default: -1.
        custom_metric_func: Reference to a metric in program code that was uploaded, python:key=module.class;
            refused unless the server allows code of its clients. Default: None.
        checkpoint: Key of a Deep Learning model whose training is to be continued; `epochs` is then the total of
            both. Default: None.
        pretrained_autoencoder: Key of an autoencoder with the same inputs and hidden layers, whose hidden layers
            this network starts from. Default: None.
        overwrite_with_best_model: At the end, go back to the best network of the training, by stopping_metric on
            the validation frame where there is one. Off for the main model of cross-validation. Default: True.
        epochs: Passes over the training rows; fractions are allowed. Default: 10.0.
        train_samples_per_iteration: Rows trained between two looks at clock, progress and score: 0 or -1 for one
            epoch, -2 to choose by speed. Default: -2.
        target_ratio_comm_to_comp: With train_samples_per_iteration -2: largest share of the time that may go into
            what happens between iterations (progress, messages), relative to training itself. Default: 0.05.
        seed: Seed of all random numbers: initial weights, order of rows, dropout, folds, samples; -1 draws one and
            reports it. Default: -1.
        score_interval: Least seconds between two scorings. Default: 5.0.
        score_training_samples: Training rows that are scored, drawn at random once; 0 for all. Default: 10000.
        score_validation_samples: Validation rows that are scored, drawn once; 0 for all. Default: 0.
        score_duty_cycle: Largest share of the time that may go into scoring. Default: 0.1.
        score_validation_sampling: How scored validation rows are drawn: Uniform, or Stratified to have classes
            equally often (needs balance_classes). One of uniform, stratified. Default: "uniform".
        classification_stop: Stop when the share of wrongly classified training rows is at most this; -1: never.
            Default: 0.0.
        regression_stop: Stop when the mean squared error on the training rows is at most this; -1: never. Default:
            1e-06.
        quiet_mode: Write no lines about the course of training to the log. Default: False.
        reproducible: Repeat exactly with the same seed: score after every epoch whatever the clock says, so that
            early stopping and the choice of the best network do not depend on speed. Threads never change a result
            here. Default: False.
        activation: Activation of the hidden layers; the WithDropout ones drop units while training. One of tanh,
            tanh_with_dropout, rectifier, rectifier_with_dropout, maxout, maxout_with_dropout, exp_rectifier,
            exp_rectifier_with_dropout. Default: "rectifier".
        hidden: Units of each hidden layer; an empty list makes a linear model. Default: (200, 200).
        initial_weight_distribution: Initial weights: uniform with a width that suits the layer's size, uniform, or
            normal. One of uniform_adaptive, uniform, normal. Default: "uniform_adaptive".
        initial_weight_scale: Half width of Uniform, standard deviation of Normal initial weights. Default: 1.0.
        initial_weights: Keys of frames with the initial weights, one a layer (units in rows, inputs in columns); a
            gap draws that layer's. Default: None.
        initial_biases: Keys of frames of one column with the initial biases, one a layer; a gap takes that layer's
            usual ones. Default: None.
        loss: What training minimises; Automatic suits the distribution. One of automatic, cross_entropy, quadratic,
            huber, absolute, quantile. Default: "automatic".
        distribution: Distribution of the response; AUTO is bernoulli, multinomial or gaussian by the response and
            the loss. One of auto, bernoulli, quasibinomial, ordinal, multinomial, gaussian, poisson, gamma,
            tweedie, laplace, quantile, huber, custom. Default: "auto".
        quantile_alpha: Quantile that the quantile distribution predicts. Default: 0.5.
        tweedie_power: Power of the variance of the tweedie distribution, between 1 and 2. Default: 1.5.
        huber_alpha: Share of the residuals that the huber distribution counts squared; the larger ones count
            linearly. Default: 0.9.
        autoencoder: Learn to reconstruct the inputs instead of a response. Default: False.
        average_activation: Mean activation that an autoencoder's hidden units are drawn to when sparsity_beta is
            above 0. Default: 0.0.
        sparsity_beta: Strength with which an autoencoder's hidden units are drawn to average_activation. Default:
            0.0.
        adaptive_rate: Let ADADELTA choose a rate for each weight; else the manual rate and momentum count. Default:
            True.
        rho: ADADELTA: share of the memory kept at each update. Default: 0.99.
        epsilon: ADADELTA: constant that gets updates going. Default: 1e-08.
        rate: Manual learning rate. Default: 0.005.
        rate_annealing: Manual rate: divided by 1 + rate_annealing × samples trained. Default: 1e-06.
        rate_decay: Manual rate: multiplied by this once more for each layer after the first. Default: 1.0.
        momentum_start: Manual rate: momentum at the start. Default: 0.0.
        momentum_ramp: Manual rate: samples over which momentum goes from momentum_start to momentum_stable.
            Default: 1000000.0.
        momentum_stable: Manual rate: momentum after the ramp. Default: 0.0.
        nesterov_accelerated_gradient: Manual rate: Nesterov's form of momentum. Default: True.
        input_dropout_ratio: Share of the inputs dropped for each training row. Default: 0.0.
        hidden_dropout_ratios: Share of the units dropped for each training row, one number a hidden layer; .5 each
            when an activation with dropout is chosen and none are given. Default: None.
        l1: Penalty on absolute weights; drives many to zero. Default: 0.0.
        l2: Penalty on squared weights; keeps them small. Default: 0.0.
        max_w2: Largest sum of the squared weights that enter a unit. Default: 3.4028234663852886e+38.
        mini_batch_size: Rows whose mean gradient makes one update of the weights; 1 updates after every row.
            Default: 1.
        fast_mode: Leave the weights of zero inputs and inactive units alone; off updates every weight for every
            row, which is slower. Default: True.
        standardize: Scale numeric columns to mean 0 and deviation 1 (an autoencoder's to a range of 1), and a
            response without a link. Default: True.
        use_all_factor_levels: An input for every level of a categorical column; else none for the first. Always on
            for an autoencoder. Default: True.
        max_categorical_features: Most inputs that all categorical columns together may have; beyond it levels share
            inputs by a hash. Default: 2147483647.
        categorical_encoding: How categorical columns become numbers; AUTO is OneHotInternal. TargetEncoding makes
            columns of many levels means of the response, others are OneHotInternal. One of auto, enum,
            one_hot_internal, one_hot_explicit, binary, eigen, label_encoder, sort_by_response, enum_limited,
            target_encoding. Default: "auto".
        missing_values_handling: Rows with missing values: MeanImputation puts the column's mean (an input of its
            own for a categorical one), Skip trains without these rows. One of mean_imputation, skip. Default:
            "mean_imputation".
        sparse: Treat the table as mostly zeros: scale without centring, so that zeros stay zeros and cost nothing.
            Tables that are mostly zeros are noticed and treated so without it, column by column. Default: False.
        shuffle_training_data: Visit the rows in a new random order in every epoch. Rows always are here, so both
            values do the same. Default: False.
        col_major: Storage order of the first layer's weights; not available here. Only the default is available.
            Default: False.
        force_load_balance: Train on all threads that the job is given; off trains on one. The result is the same.
            Default: True.
        replicate_training_data: Whether each machine holds all rows. A network trains on one machine here, which
            does either way. Default: True.
        single_node_mode: Train on one machine only. A network trains on one machine here either way. Default:
            False.
        elastic_averaging: Average over several machines; not available here. Only the default is available.
            Default: False.
        elastic_averaging_moving_rate: Rate of elastic_averaging; not available here. Only the default is available.
            Default: 0.9.
        elastic_averaging_regularization: Strength of elastic_averaging; not available here. Only the default is
            available. Default: 0.001.
        diagnostics: Show means and spreads of weights, biases and rates in the table of layers. Default: True.
        variable_importances: Compute how much each input matters, from the weights of the first two layers (Gedeon
            1997). Default: True.
        export_weights_and_biases: Make frames of the weights and biases. Default: False.
        recipe: classic: one network as the other parameters describe it. tabular: a small ensemble of networks made
            for tables, with robust scaling, embeddings of numbers and of categories with many levels, a learnt
            scale of each input, Adam on a schedule, and each network's best epoch; hidden, epochs, mini_batch_size
            and rate follow the size of the table where they are at their defaults. One of classic, tabular.
            Default: "classic".
        ensemble_size: Recipe tabular: networks that predict together. 0 takes 5, each with its own held-out rows;
            with a validation frame 2, compared on it; in cross-validation one a fold. Default: 0.
        numeric_embeddings: Recipe tabular: give the network of each number also three learnt mixtures of 16 cosines
            of it, with which it draws bends and steps more easily. Default: True.
        dropout: Recipe tabular: share of the hidden units dropped for each training row; falls to 0 over the second
            half. Default: 0.15.
        weight_decay: Recipe tabular: share of each weight that an update takes away, times the learning rate; falls
            to 0 over the second half. Default: 0.02.
        label_smoothing: Recipe tabular: share of each row's target that is spread evenly over all classes. Above 0
            it may classify better and tells worse probabilities. Default: 0.0.
    """

    algo = "deeplearning"
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
        "score_validation_sampling": ("uniform", "stratified"),
        "activation": (
            "tanh",
            "tanh_with_dropout",
            "rectifier",
            "rectifier_with_dropout",
            "maxout",
            "maxout_with_dropout",
            "exp_rectifier",
            "exp_rectifier_with_dropout",
        ),
        "initial_weight_distribution": ("uniform_adaptive", "uniform", "normal"),
        "loss": ("automatic", "cross_entropy", "quadratic", "huber", "absolute", "quantile"),
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
        "missing_values_handling": ("mean_imputation", "skip"),
        "recipe": ("classic", "tabular"),
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
        stopping_rounds: int = 5,
        stopping_metric: str = "auto",
        stopping_tolerance: float = 0.0,
        max_confusion_matrix_size: int = 20,
        auc_type: str = "auto",
        gainslift_bins: int = -1,
        custom_metric_func: str | None = None,
        checkpoint: ModelBase | str | None = None,
        pretrained_autoencoder: ModelBase | str | None = None,
        overwrite_with_best_model: bool = True,
        epochs: float = 10.0,
        train_samples_per_iteration: int = -2,
        target_ratio_comm_to_comp: float = 0.05,
        seed: int = -1,
        score_interval: float = 5.0,
        score_training_samples: int = 10000,
        score_validation_samples: int = 0,
        score_duty_cycle: float = 0.1,
        score_validation_sampling: str = "uniform",
        classification_stop: float = 0.0,
        regression_stop: float = 1e-06,
        quiet_mode: bool = False,
        reproducible: bool = False,
        activation: str = "rectifier",
        hidden: Sequence[int] = (200, 200),
        initial_weight_distribution: str = "uniform_adaptive",
        initial_weight_scale: float = 1.0,
        initial_weights: Sequence[H2OFrame | str] | None = None,
        initial_biases: Sequence[H2OFrame | str] | None = None,
        loss: str = "automatic",
        distribution: str = "auto",
        quantile_alpha: float = 0.5,
        tweedie_power: float = 1.5,
        huber_alpha: float = 0.9,
        autoencoder: bool = False,
        average_activation: float = 0.0,
        sparsity_beta: float = 0.0,
        adaptive_rate: bool = True,
        rho: float = 0.99,
        epsilon: float = 1e-08,
        rate: float = 0.005,
        rate_annealing: float = 1e-06,
        rate_decay: float = 1.0,
        momentum_start: float = 0.0,
        momentum_ramp: float = 1000000.0,
        momentum_stable: float = 0.0,
        nesterov_accelerated_gradient: bool = True,
        input_dropout_ratio: float = 0.0,
        hidden_dropout_ratios: Sequence[float] | None = None,
        l1: float = 0.0,
        l2: float = 0.0,
        max_w2: float = 3.4028234663852886e38,
        mini_batch_size: int = 1,
        fast_mode: bool = True,
        standardize: bool = True,
        use_all_factor_levels: bool = True,
        max_categorical_features: int = 2147483647,
        categorical_encoding: str = "auto",
        missing_values_handling: str = "mean_imputation",
        sparse: bool = False,
        shuffle_training_data: bool = False,
        col_major: bool = False,
        force_load_balance: bool = True,
        replicate_training_data: bool = True,
        single_node_mode: bool = False,
        elastic_averaging: bool = False,
        elastic_averaging_moving_rate: float = 0.9,
        elastic_averaging_regularization: float = 0.001,
        diagnostics: bool = True,
        variable_importances: bool = True,
        export_weights_and_biases: bool = False,
        recipe: str = "classic",
        ensemble_size: int = 0,
        numeric_embeddings: bool = True,
        dropout: float = 0.15,
        weight_decay: float = 0.02,
        label_smoothing: float = 0.0,
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
            checkpoint=checkpoint,
            pretrained_autoencoder=pretrained_autoencoder,
            overwrite_with_best_model=overwrite_with_best_model,
            epochs=epochs,
            train_samples_per_iteration=train_samples_per_iteration,
            target_ratio_comm_to_comp=target_ratio_comm_to_comp,
            seed=seed,
            score_interval=score_interval,
            score_training_samples=score_training_samples,
            score_validation_samples=score_validation_samples,
            score_duty_cycle=score_duty_cycle,
            score_validation_sampling=score_validation_sampling,
            classification_stop=classification_stop,
            regression_stop=regression_stop,
            quiet_mode=quiet_mode,
            reproducible=reproducible,
            activation=activation,
            hidden=hidden,
            initial_weight_distribution=initial_weight_distribution,
            initial_weight_scale=initial_weight_scale,
            initial_weights=initial_weights,
            initial_biases=initial_biases,
            loss=loss,
            distribution=distribution,
            quantile_alpha=quantile_alpha,
            tweedie_power=tweedie_power,
            huber_alpha=huber_alpha,
            autoencoder=autoencoder,
            average_activation=average_activation,
            sparsity_beta=sparsity_beta,
            adaptive_rate=adaptive_rate,
            rho=rho,
            epsilon=epsilon,
            rate=rate,
            rate_annealing=rate_annealing,
            rate_decay=rate_decay,
            momentum_start=momentum_start,
            momentum_ramp=momentum_ramp,
            momentum_stable=momentum_stable,
            nesterov_accelerated_gradient=nesterov_accelerated_gradient,
            input_dropout_ratio=input_dropout_ratio,
            hidden_dropout_ratios=hidden_dropout_ratios,
            l1=l1,
            l2=l2,
            max_w2=max_w2,
            mini_batch_size=mini_batch_size,
            fast_mode=fast_mode,
            standardize=standardize,
            use_all_factor_levels=use_all_factor_levels,
            max_categorical_features=max_categorical_features,
            categorical_encoding=categorical_encoding,
            missing_values_handling=missing_values_handling,
            sparse=sparse,
            shuffle_training_data=shuffle_training_data,
            col_major=col_major,
            force_load_balance=force_load_balance,
            replicate_training_data=replicate_training_data,
            single_node_mode=single_node_mode,
            elastic_averaging=elastic_averaging,
            elastic_averaging_moving_rate=elastic_averaging_moving_rate,
            elastic_averaging_regularization=elastic_averaging_regularization,
            diagnostics=diagnostics,
            variable_importances=variable_importances,
            export_weights_and_biases=export_weights_and_biases,
            recipe=recipe,
            ensemble_size=ensemble_size,
            numeric_embeddings=numeric_embeddings,
            dropout=dropout,
            weight_decay=weight_decay,
            label_smoothing=label_smoothing,
        )


class H2OAutoEncoderEstimator(H2OEstimator):
    """Deep Learning that reconstructs its input. Fully connected networks, trained row by row or in small batches.

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
        balance_classes: Draw the rows of rare classes more often and those of frequent ones less often. Default:
            False.
        class_sampling_factors: How often rows of each class are drawn, one number a class in the order of the
            levels; needs balance_classes. Without it the factors are chosen so that all classes are equally
            frequent. Default: None.
        max_after_balance_size: Largest size of the balanced training data as a multiple of the rows given; needs
            balance_classes. Default: 5.0.
        stopping_rounds: Stop when the moving average of stopping_metric over so many scorings has not improved over
            as many more; 0: never. Default: 5.
        stopping_metric: Metric that early stopping watches; AUTO is logloss for classification, deviance for
            regression, MSE for an autoencoder. One of auto, deviance, logloss, mse, rmse, mae, rmsle, auc, aucpr,
            lift_top_group, misclassification, mean_per_class_error, anomaly_score, auuc, ate, att, atc, qini,
            custom, custom_increasing. Default: "auto".
        stopping_tolerance: Least relative improvement of stopping_metric that counts as one. Default: 0.0.
        max_confusion_matrix_size: Most classes for which the confusion matrix is written to the log. Default: 20.
        auc_type: Which AUC a model of more than two classes reports: macro or weighted mean, one class against the
            rest (OVR) or against each other (OVO). AUTO and NONE: none. One of auto, none, macro_ovr, weighted_ovr,
            macro_ovo, weighted_ovo. Default: "auto".
        gainslift_bins: Groups of the gains/lift table of a binary classifier: -1 for the standard 16, 0 for no
            table. Default: -1.
        custom_metric_func: Reference to a metric in program code that was uploaded, python:key=module.class;
            refused unless the server allows code of its clients. Default: None.
        checkpoint: Key of a Deep Learning model whose training is to be continued; `epochs` is then the total of
            both. Default: None.
        pretrained_autoencoder: Key of an autoencoder with the same inputs and hidden layers, whose hidden layers
            this network starts from. Default: None.
        overwrite_with_best_model: At the end, go back to the best network of the training, by stopping_metric on
            the validation frame where there is one. Off for the main model of cross-validation. Default: True.
        epochs: Passes over the training rows; fractions are allowed. Default: 10.0.
        train_samples_per_iteration: Rows trained between two looks at clock, progress and score: 0 or -1 for one
            epoch, -2 to choose by speed. Default: -2.
        target_ratio_comm_to_comp: With train_samples_per_iteration -2: largest share of the time that may go into
            what happens between iterations (progress, messages), relative to training itself. Default: 0.05.
        seed: Seed of all random numbers: initial weights, order of rows, dropout, folds, samples; -1 draws one and
            reports it. Default: -1.
        score_interval: Least seconds between two scorings. Default: 5.0.
        score_training_samples: Training rows that are scored, drawn at random once; 0 for all. Default: 10000.
        score_validation_samples: Validation rows that are scored, drawn once; 0 for all. Default: 0.
        score_duty_cycle: Largest share of the time that may go into scoring. Default: 0.1.
        score_validation_sampling: How scored validation rows are drawn: Uniform, or Stratified to have classes
            equally often (needs balance_classes). One of uniform, stratified. Default: "uniform".
        classification_stop: Stop when the share of wrongly classified training rows is at most this; -1: never.
            Default: 0.0.
        regression_stop: Stop when the mean squared error on the training rows is at most this; -1: never. Default:
            1e-06.
        quiet_mode: Write no lines about the course of training to the log. Default: False.
        reproducible: Repeat exactly with the same seed: score after every epoch whatever the clock says, so that
            early stopping and the choice of the best network do not depend on speed. Threads never change a result
            here. Default: False.
        activation: Activation of the hidden layers; the WithDropout ones drop units while training. One of tanh,
            tanh_with_dropout, rectifier, rectifier_with_dropout, maxout, maxout_with_dropout, exp_rectifier,
            exp_rectifier_with_dropout. Default: "rectifier".
        hidden: Units of each hidden layer; an empty list makes a linear model. Default: (200, 200).
        initial_weight_distribution: Initial weights: uniform with a width that suits the layer's size, uniform, or
            normal. One of uniform_adaptive, uniform, normal. Default: "uniform_adaptive".
        initial_weight_scale: Half width of Uniform, standard deviation of Normal initial weights. Default: 1.0.
        initial_weights: Keys of frames with the initial weights, one a layer (units in rows, inputs in columns); a
            gap draws that layer's. Default: None.
        initial_biases: Keys of frames of one column with the initial biases, one a layer; a gap takes that layer's
            usual ones. Default: None.
        loss: What training minimises; Automatic suits the distribution. One of automatic, cross_entropy, quadratic,
            huber, absolute, quantile. Default: "automatic".
        distribution: Distribution of the response; AUTO is bernoulli, multinomial or gaussian by the response and
            the loss. One of auto, bernoulli, quasibinomial, ordinal, multinomial, gaussian, poisson, gamma,
            tweedie, laplace, quantile, huber, custom. Default: "auto".
        quantile_alpha: Quantile that the quantile distribution predicts. Default: 0.5.
        tweedie_power: Power of the variance of the tweedie distribution, between 1 and 2. Default: 1.5.
        huber_alpha: Share of the residuals that the huber distribution counts squared; the larger ones count
            linearly. Default: 0.9.
        autoencoder: Learn to reconstruct the inputs instead of a response. Default: True.
        average_activation: Mean activation that an autoencoder's hidden units are drawn to when sparsity_beta is
            above 0. Default: 0.0.
        sparsity_beta: Strength with which an autoencoder's hidden units are drawn to average_activation. Default:
            0.0.
        adaptive_rate: Let ADADELTA choose a rate for each weight; else the manual rate and momentum count. Default:
            True.
        rho: ADADELTA: share of the memory kept at each update. Default: 0.99.
        epsilon: ADADELTA: constant that gets updates going. Default: 1e-08.
        rate: Manual learning rate. Default: 0.005.
        rate_annealing: Manual rate: divided by 1 + rate_annealing × samples trained. Default: 1e-06.
        rate_decay: Manual rate: multiplied by this once more for each layer after the first. Default: 1.0.
        momentum_start: Manual rate: momentum at the start. Default: 0.0.
        momentum_ramp: Manual rate: samples over which momentum goes from momentum_start to momentum_stable.
            Default: 1000000.0.
        momentum_stable: Manual rate: momentum after the ramp. Default: 0.0.
        nesterov_accelerated_gradient: Manual rate: Nesterov's form of momentum. Default: True.
        input_dropout_ratio: Share of the inputs dropped for each training row. Default: 0.0.
        hidden_dropout_ratios: Share of the units dropped for each training row, one number a hidden layer; .5 each
            when an activation with dropout is chosen and none are given. Default: None.
        l1: Penalty on absolute weights; drives many to zero. Default: 0.0.
        l2: Penalty on squared weights; keeps them small. Default: 0.0.
        max_w2: Largest sum of the squared weights that enter a unit. Default: 3.4028234663852886e+38.
        mini_batch_size: Rows whose mean gradient makes one update of the weights; 1 updates after every row.
            Default: 1.
        fast_mode: Leave the weights of zero inputs and inactive units alone; off updates every weight for every
            row, which is slower. Default: True.
        standardize: Scale numeric columns to mean 0 and deviation 1 (an autoencoder's to a range of 1), and a
            response without a link. Default: True.
        use_all_factor_levels: An input for every level of a categorical column; else none for the first. Always on
            for an autoencoder. Default: True.
        max_categorical_features: Most inputs that all categorical columns together may have; beyond it levels share
            inputs by a hash. Default: 2147483647.
        categorical_encoding: How categorical columns become numbers; AUTO is OneHotInternal. TargetEncoding makes
            columns of many levels means of the response, others are OneHotInternal. One of auto, enum,
            one_hot_internal, one_hot_explicit, binary, eigen, label_encoder, sort_by_response, enum_limited,
            target_encoding. Default: "auto".
        missing_values_handling: Rows with missing values: MeanImputation puts the column's mean (an input of its
            own for a categorical one), Skip trains without these rows. One of mean_imputation, skip. Default:
            "mean_imputation".
        sparse: Treat the table as mostly zeros: scale without centring, so that zeros stay zeros and cost nothing.
            Tables that are mostly zeros are noticed and treated so without it, column by column. Default: False.
        shuffle_training_data: Visit the rows in a new random order in every epoch. Rows always are here, so both
            values do the same. Default: False.
        col_major: Storage order of the first layer's weights; not available here. Only the default is available.
            Default: False.
        force_load_balance: Train on all threads that the job is given; off trains on one. The result is the same.
            Default: True.
        replicate_training_data: Whether each machine holds all rows. A network trains on one machine here, which
            does either way. Default: True.
        single_node_mode: Train on one machine only. A network trains on one machine here either way. Default:
            False.
        elastic_averaging: Average over several machines; not available here. Only the default is available.
            Default: False.
        elastic_averaging_moving_rate: Rate of elastic_averaging; not available here. Only the default is available.
            Default: 0.9.
        elastic_averaging_regularization: Strength of elastic_averaging; not available here. Only the default is
            available. Default: 0.001.
        diagnostics: Show means and spreads of weights, biases and rates in the table of layers. Default: True.
        variable_importances: Compute how much each input matters, from the weights of the first two layers (Gedeon
            1997). Default: True.
        export_weights_and_biases: Make frames of the weights and biases. Default: False.
        recipe: classic: one network as the other parameters describe it. tabular: a small ensemble of networks made
            for tables, with robust scaling, embeddings of numbers and of categories with many levels, a learnt
            scale of each input, Adam on a schedule, and each network's best epoch; hidden, epochs, mini_batch_size
            and rate follow the size of the table where they are at their defaults. One of classic, tabular.
            Default: "classic".
        ensemble_size: Recipe tabular: networks that predict together. 0 takes 5, each with its own held-out rows;
            with a validation frame 2, compared on it; in cross-validation one a fold. Default: 0.
        numeric_embeddings: Recipe tabular: give the network of each number also three learnt mixtures of 16 cosines
            of it, with which it draws bends and steps more easily. Default: True.
        dropout: Recipe tabular: share of the hidden units dropped for each training row; falls to 0 over the second
            half. Default: 0.15.
        weight_decay: Recipe tabular: share of each weight that an update takes away, times the learning rate; falls
            to 0 over the second half. Default: 0.02.
        label_smoothing: Recipe tabular: share of each row's target that is spread evenly over all classes. Above 0
            it may classify better and tells worse probabilities. Default: 0.0.
    """

    algo = "deeplearning"
    supervised_learning = False
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
        "score_validation_sampling": ("uniform", "stratified"),
        "activation": (
            "tanh",
            "tanh_with_dropout",
            "rectifier",
            "rectifier_with_dropout",
            "maxout",
            "maxout_with_dropout",
            "exp_rectifier",
            "exp_rectifier_with_dropout",
        ),
        "initial_weight_distribution": ("uniform_adaptive", "uniform", "normal"),
        "loss": ("automatic", "cross_entropy", "quadratic", "huber", "absolute", "quantile"),
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
        "missing_values_handling": ("mean_imputation", "skip"),
        "recipe": ("classic", "tabular"),
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
        stopping_rounds: int = 5,
        stopping_metric: str = "auto",
        stopping_tolerance: float = 0.0,
        max_confusion_matrix_size: int = 20,
        auc_type: str = "auto",
        gainslift_bins: int = -1,
        custom_metric_func: str | None = None,
        checkpoint: ModelBase | str | None = None,
        pretrained_autoencoder: ModelBase | str | None = None,
        overwrite_with_best_model: bool = True,
        epochs: float = 10.0,
        train_samples_per_iteration: int = -2,
        target_ratio_comm_to_comp: float = 0.05,
        seed: int = -1,
        score_interval: float = 5.0,
        score_training_samples: int = 10000,
        score_validation_samples: int = 0,
        score_duty_cycle: float = 0.1,
        score_validation_sampling: str = "uniform",
        classification_stop: float = 0.0,
        regression_stop: float = 1e-06,
        quiet_mode: bool = False,
        reproducible: bool = False,
        activation: str = "rectifier",
        hidden: Sequence[int] = (200, 200),
        initial_weight_distribution: str = "uniform_adaptive",
        initial_weight_scale: float = 1.0,
        initial_weights: Sequence[H2OFrame | str] | None = None,
        initial_biases: Sequence[H2OFrame | str] | None = None,
        loss: str = "automatic",
        distribution: str = "auto",
        quantile_alpha: float = 0.5,
        tweedie_power: float = 1.5,
        huber_alpha: float = 0.9,
        autoencoder: bool = True,
        average_activation: float = 0.0,
        sparsity_beta: float = 0.0,
        adaptive_rate: bool = True,
        rho: float = 0.99,
        epsilon: float = 1e-08,
        rate: float = 0.005,
        rate_annealing: float = 1e-06,
        rate_decay: float = 1.0,
        momentum_start: float = 0.0,
        momentum_ramp: float = 1000000.0,
        momentum_stable: float = 0.0,
        nesterov_accelerated_gradient: bool = True,
        input_dropout_ratio: float = 0.0,
        hidden_dropout_ratios: Sequence[float] | None = None,
        l1: float = 0.0,
        l2: float = 0.0,
        max_w2: float = 3.4028234663852886e38,
        mini_batch_size: int = 1,
        fast_mode: bool = True,
        standardize: bool = True,
        use_all_factor_levels: bool = True,
        max_categorical_features: int = 2147483647,
        categorical_encoding: str = "auto",
        missing_values_handling: str = "mean_imputation",
        sparse: bool = False,
        shuffle_training_data: bool = False,
        col_major: bool = False,
        force_load_balance: bool = True,
        replicate_training_data: bool = True,
        single_node_mode: bool = False,
        elastic_averaging: bool = False,
        elastic_averaging_moving_rate: float = 0.9,
        elastic_averaging_regularization: float = 0.001,
        diagnostics: bool = True,
        variable_importances: bool = True,
        export_weights_and_biases: bool = False,
        recipe: str = "classic",
        ensemble_size: int = 0,
        numeric_embeddings: bool = True,
        dropout: float = 0.15,
        weight_decay: float = 0.02,
        label_smoothing: float = 0.0,
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
            checkpoint=checkpoint,
            pretrained_autoencoder=pretrained_autoencoder,
            overwrite_with_best_model=overwrite_with_best_model,
            epochs=epochs,
            train_samples_per_iteration=train_samples_per_iteration,
            target_ratio_comm_to_comp=target_ratio_comm_to_comp,
            seed=seed,
            score_interval=score_interval,
            score_training_samples=score_training_samples,
            score_validation_samples=score_validation_samples,
            score_duty_cycle=score_duty_cycle,
            score_validation_sampling=score_validation_sampling,
            classification_stop=classification_stop,
            regression_stop=regression_stop,
            quiet_mode=quiet_mode,
            reproducible=reproducible,
            activation=activation,
            hidden=hidden,
            initial_weight_distribution=initial_weight_distribution,
            initial_weight_scale=initial_weight_scale,
            initial_weights=initial_weights,
            initial_biases=initial_biases,
            loss=loss,
            distribution=distribution,
            quantile_alpha=quantile_alpha,
            tweedie_power=tweedie_power,
            huber_alpha=huber_alpha,
            autoencoder=autoencoder,
            average_activation=average_activation,
            sparsity_beta=sparsity_beta,
            adaptive_rate=adaptive_rate,
            rho=rho,
            epsilon=epsilon,
            rate=rate,
            rate_annealing=rate_annealing,
            rate_decay=rate_decay,
            momentum_start=momentum_start,
            momentum_ramp=momentum_ramp,
            momentum_stable=momentum_stable,
            nesterov_accelerated_gradient=nesterov_accelerated_gradient,
            input_dropout_ratio=input_dropout_ratio,
            hidden_dropout_ratios=hidden_dropout_ratios,
            l1=l1,
            l2=l2,
            max_w2=max_w2,
            mini_batch_size=mini_batch_size,
            fast_mode=fast_mode,
            standardize=standardize,
            use_all_factor_levels=use_all_factor_levels,
            max_categorical_features=max_categorical_features,
            categorical_encoding=categorical_encoding,
            missing_values_handling=missing_values_handling,
            sparse=sparse,
            shuffle_training_data=shuffle_training_data,
            col_major=col_major,
            force_load_balance=force_load_balance,
            replicate_training_data=replicate_training_data,
            single_node_mode=single_node_mode,
            elastic_averaging=elastic_averaging,
            elastic_averaging_moving_rate=elastic_averaging_moving_rate,
            elastic_averaging_regularization=elastic_averaging_regularization,
            diagnostics=diagnostics,
            variable_importances=variable_importances,
            export_weights_and_biases=export_weights_and_biases,
            recipe=recipe,
            ensemble_size=ensemble_size,
            numeric_embeddings=numeric_embeddings,
            dropout=dropout,
            weight_decay=weight_decay,
            label_smoothing=label_smoothing,
        )
