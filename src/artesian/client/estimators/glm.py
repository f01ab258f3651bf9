"""Estimators of Generalized Linear Modeling; written by tools/generate_estimators.py, not by hand."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, ClassVar

from artesian.client.estimators.base import Choices, H2OEstimator
from artesian.client.linear import LinearMembers

if TYPE_CHECKING:
    from artesian.client.frame.frame import H2OFrame
    from artesian.client.model.base import ModelBase


class H2OGeneralizedLinearEstimator(LinearMembers, H2OEstimator):
    """Generalised linear models with elastic-net penalties.

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
        family: Distribution of the response. AUTO: gaussian for a numeric response, binomial for one of two
            classes, multinomial for more. One of auto, gaussian, binomial, fractionalbinomial, quasibinomial,
            ordinal, multinomial, poisson, gamma, tweedie, negativebinomial. Default: "auto".
        link: Function of the mean that is linear in the inputs. One of family_default, identity, logit, log,
            inverse, tweedie, ologit. Default: "family_default".
        tweedie_variance_power: Family tweedie: the variance is proportional to this power of the mean. Default:
            0.0.
        tweedie_link_power: Family tweedie: this power of the mean is linear in the inputs; 0 for its logarithm.
            Default: 1.0.
        theta: Family negativebinomial: the variance is mean + theta · mean². Default: 1e-10.
        intercept: Whether there is a constant term. Default: True.
        categorical_encoding: How categorical columns become numbers; AUTO is OneHotInternal, a coefficient for each
            level. TargetEncoding makes columns of many levels means of the response, others are OneHotInternal. One
            of auto, one_hot_internal, target_encoding. Default: "auto".
        interactions: Columns of which every pair is multiplied and added as a further term. Default: None.
        interaction_pairs: Pairs of columns that are multiplied and added as further terms. Default: None.
        build_null_model: Leave all inputs out, so that only the constant term is fitted (families tweedie, gamma
            and negativebinomial). Default: False.
        control_variables: Columns that are learnt from but left out of predictions and metrics. Default: None.
        remove_offset_effects: Learn with the offset, but leave it out of predictions and metrics. Default: False.
        alpha: Share of the l1 part in the penalty: 1 is the lasso, 0 ridge. Of several the best is taken. Without
            one 0.5, with the solver L_BFGS 0. Default: None.
        lambda_: Strength of the penalty on the mean half deviance: lambda · (alpha · Σ|b| + (1 - alpha)/2 · Σb²).
            Of several the best is taken. Without one a small share of the least strength that leaves no input (see
            the documentation). Default: None.
        lambda_search: Fit a path of models from the strongest penalty down and take the best. Default: False.
        early_stopping: End the path of lambda_search when neither training nor validation gains any more. Default:
            True.
        nlambdas: Number of penalties on the path of lambda_search; -1: 100, or 30 with alpha 0. Default: -1.
        lambda_min_ratio: Weakest penalty of the path as a share of the strongest; -1: 0.0001 with many rows (more
            than 16 times the inputs), else 0.01; a hundredth of that with alpha 0. Default: -1.0.
        max_active_predictors: The path of lambda_search ends before a model of more coefficients than this; -1:
            5000. Default: -1.
        cold_start: Start each model of several penalties from nothing instead of from the one before. Default:
            False.
        standardize: Penalise the coefficients of numeric columns as if these had mean 0 and standard deviation 1.
            Default: True.
        non_negative: Allow no negative coefficient (but for the constant term). Default: False.
        beta_constraints: Key of a frame that bounds coefficients: a column `names`, and any of `lower_bounds`,
            `upper_bounds`, and `beta_given` with `rho` (strength of the pull towards it). Default: None.
        linear_constraints: Key of a frame of constraints on sums of coefficients (solver IRLSM, without a penalty):
            a row a summand, with its coefficient in `names` (or `constant`), its factor in `values`, Equal or
            LessThanEqual in `types` (the sum is 0, or at most 0), and in `constraint_numbers` the constraint that
            it belongs to. Default: None.
        init_optimal_glm: Starts with linear_constraints from the best coefficients without constraints. Default:
            False.
        separate_linear_beta: Keeps beta_constraints in every step; otherwise they are enforced together with
            linear_constraints. Default: False.
        constraint_eta0: By how much constraints may be missed at first while their multipliers are updated; above
            0. Default: 0.1258925.
        constraint_tau: Factor by which the weight of constraints grows that are missed by more; above 0. Default:
            10.0.
        constraint_alpha: Power of the weight by which constraint_eta0 is divided. Default: 0.1.
        constraint_beta: Power of the weight by which the miss that is allowed shrinks with each update. Default:
            0.9.
        constraint_c0: First weight of constraints; above 0. Default: 10.0.
        solver: How the coefficients are found. L_BFGS works without second derivatives; AUTO, IRLSM,
            COORDINATE_DESCENT and COORDINATE_DESCENT_NAIVE (and for the family ordinal the GRADIENT_DESCENT ones)
            name one method here: reweighted least squares with an exact solution of each penalised step. AUTO
            changes to L_BFGS above 5000 coefficients. One of auto, irlsm, l_bfgs, coordinate_descent_naive,
            coordinate_descent, gradient_descent_lh, gradient_descent_sqerr. Default: "auto".
        max_iterations: Most iterations, all penalties together; -1: 50, with lambda_search 10 for each of nlambdas.
            Default: -1.
        objective_epsilon: It has converged when the objective falls by less than this share of itself; -1:
            0.000001, without a penalty 0.000000001. Default: -1.0.
        beta_epsilon: It has converged when no standardised coefficient changes by more than this. Default: 0.0001.
        gradient_epsilon: It has converged when no component of the gradient is larger than this; -1: not asked for,
            but by L_BFGS: 0.000001. Default: -1.0.
        obj_reg: What the half deviance of a row counts in the objective; -1: one over the sum of the weights.
            Default: -1.0.
        startval: Coefficients to start from, as standardised, in the order of the model's coefficient_names.
            Default: None.
        missing_values_handling: What stands in for missing values: the mean or the most frequent level, values of
            the frame plug_values, or nothing: Skip leaves such rows out. One of mean_imputation, skip, plug_values.
            Default: "mean_imputation".
        plug_values: Key of a frame of one row with the values that stand in for missing ones; needs
            missing_values_handling PlugValues. Default: None.
        remove_collinear_columns: Leave out inputs that are a linear combination of those before them. Default:
            False.
        prior: Family binomial: share of the second class in the population where it differs from that in the
            training rows; -1: it does not. Default: -1.0.
        compute_p_values: Also give standard errors, z values and p values of the coefficients. Default: False.
        dispersion_parameter_method: How the dispersion is estimated: from Pearson's residuals, from the deviance,
            or by maximum likelihood (families gamma, tweedie and negativebinomial). One of deviance, pearson, ml.
            Default: "pearson".
        init_dispersion_parameter: The dispersion to start from, or with fix_dispersion_parameter the dispersion
            itself. Default: 1.0.
        fix_dispersion_parameter: Take init_dispersion_parameter as the dispersion (theta for the family
            negativebinomial) instead of estimating it. Default: False.
        fix_tweedie_variance_power: Family tweedie with maximum likelihood: keep tweedie_variance_power as given
            instead of estimating it too. Default: True.
        dispersion_epsilon: The search for the dispersion ends at changes below this share. Default: 0.0001.
        max_iterations_dispersion: Most iterations of the search for the dispersion. Default: 3000.
        dispersion_learning_rate: Step size of H2O's search for the dispersion of the family tweedie. Only the
            default is available. Default: 0.5.
        tweedie_epsilon: Terms of the series of Tweedie's density below this share of the largest are left out.
            Default: 8e-17.
        calc_like: Also give the full log-likelihood, and Akaike's criterion by it. Default: False.
        generate_variable_inflation_factors: Also give variance inflation factors of the numeric columns. Default:
            False.
        influence: dfbetas: also make a frame that tells for each row how far each coefficient moves when it is left
            out. One of dfbetas. Default: None.
        generate_scoring_history: Tell alpha, lambda and deviances in the scoring history as well. Default: False.
        score_iteration_interval: Score after every so many iterations; -1: at the end, and with early stopping
            after each. Default: -1.
        balance_classes: Balance the classes. Only the default is available. Default: False.
        class_sampling_factors: How often rows of each class are drawn. Only the default is available. Default:
            None.
        max_after_balance_size: Largest size of balanced rows. Only the default is available. Default: 5.0.
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
        seed: Seed of all random choices (the folds); -1 draws one. Default: -1.
        checkpoint: Key of a model whose coefficients are started from. Default: None.
    """

    algo = "glm"
    supervised_learning = True
    _choices: ClassVar[Choices] = {
        "fold_assignment": ("auto", "random", "modulo", "stratified"),
        "family": (
            "auto",
            "gaussian",
            "binomial",
            "fractionalbinomial",
            "quasibinomial",
            "ordinal",
            "multinomial",
            "poisson",
            "gamma",
            "tweedie",
            "negativebinomial",
        ),
        "link": ("family_default", "identity", "logit", "log", "inverse", "tweedie", "ologit"),
        "categorical_encoding": ("auto", "one_hot_internal", "target_encoding"),
        "solver": (
            "auto",
            "irlsm",
            "l_bfgs",
            "coordinate_descent_naive",
            "coordinate_descent",
            "gradient_descent_lh",
            "gradient_descent_sqerr",
        ),
        "missing_values_handling": ("mean_imputation", "skip", "plug_values"),
        "dispersion_parameter_method": ("deviance", "pearson", "ml"),
        "influence": ("dfbetas",),
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
        family: str = "auto",
        link: str = "family_default",
        tweedie_variance_power: float = 0.0,
        tweedie_link_power: float = 1.0,
        theta: float = 1e-10,
        intercept: bool = True,
        categorical_encoding: str = "auto",
        interactions: Sequence[str] | None = None,
        interaction_pairs: Sequence[Sequence[str]] | None = None,
        build_null_model: bool = False,
        control_variables: Sequence[str] | None = None,
        remove_offset_effects: bool = False,
        alpha: Sequence[float] | None = None,
        lambda_: Sequence[float] | None = None,
        lambda_search: bool = False,
        early_stopping: bool = True,
        nlambdas: int = -1,
        lambda_min_ratio: float = -1.0,
        max_active_predictors: int = -1,
        cold_start: bool = False,
        standardize: bool = True,
        non_negative: bool = False,
        beta_constraints: H2OFrame | str | None = None,
        linear_constraints: H2OFrame | str | None = None,
        init_optimal_glm: bool = False,
        separate_linear_beta: bool = False,
        constraint_eta0: float = 0.1258925,
        constraint_tau: float = 10.0,
        constraint_alpha: float = 0.1,
        constraint_beta: float = 0.9,
        constraint_c0: float = 10.0,
        solver: str = "auto",
        max_iterations: int = -1,
        objective_epsilon: float = -1.0,
        beta_epsilon: float = 0.0001,
        gradient_epsilon: float = -1.0,
        obj_reg: float = -1.0,
        startval: Sequence[float] | None = None,
        missing_values_handling: str = "mean_imputation",
        plug_values: H2OFrame | str | None = None,
        remove_collinear_columns: bool = False,
        prior: float = -1.0,
        compute_p_values: bool = False,
        dispersion_parameter_method: str = "pearson",
        init_dispersion_parameter: float = 1.0,
        fix_dispersion_parameter: bool = False,
        fix_tweedie_variance_power: bool = True,
        dispersion_epsilon: float = 0.0001,
        max_iterations_dispersion: int = 3000,
        dispersion_learning_rate: float = 0.5,
        tweedie_epsilon: float = 8e-17,
        calc_like: bool = False,
        generate_variable_inflation_factors: bool = False,
        influence: str | None = None,
        generate_scoring_history: bool = False,
        score_iteration_interval: int = -1,
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
        seed: int = -1,
        checkpoint: ModelBase | str | None = None,
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
            family=family,
            link=link,
            tweedie_variance_power=tweedie_variance_power,
            tweedie_link_power=tweedie_link_power,
            theta=theta,
            intercept=intercept,
            categorical_encoding=categorical_encoding,
            interactions=interactions,
            interaction_pairs=interaction_pairs,
            build_null_model=build_null_model,
            control_variables=control_variables,
            remove_offset_effects=remove_offset_effects,
            alpha=alpha,
            lambda_=lambda_,
            lambda_search=lambda_search,
            early_stopping=early_stopping,
            nlambdas=nlambdas,
            lambda_min_ratio=lambda_min_ratio,
            max_active_predictors=max_active_predictors,
            cold_start=cold_start,
            standardize=standardize,
            non_negative=non_negative,
            beta_constraints=beta_constraints,
            linear_constraints=linear_constraints,
            init_optimal_glm=init_optimal_glm,
            separate_linear_beta=separate_linear_beta,
            constraint_eta0=constraint_eta0,
            constraint_tau=constraint_tau,
            constraint_alpha=constraint_alpha,
            constraint_beta=constraint_beta,
            constraint_c0=constraint_c0,
            solver=solver,
            max_iterations=max_iterations,
            objective_epsilon=objective_epsilon,
            beta_epsilon=beta_epsilon,
            gradient_epsilon=gradient_epsilon,
            obj_reg=obj_reg,
            startval=startval,
            missing_values_handling=missing_values_handling,
            plug_values=plug_values,
            remove_collinear_columns=remove_collinear_columns,
            prior=prior,
            compute_p_values=compute_p_values,
            dispersion_parameter_method=dispersion_parameter_method,
            init_dispersion_parameter=init_dispersion_parameter,
            fix_dispersion_parameter=fix_dispersion_parameter,
            fix_tweedie_variance_power=fix_tweedie_variance_power,
            dispersion_epsilon=dispersion_epsilon,
            max_iterations_dispersion=max_iterations_dispersion,
            dispersion_learning_rate=dispersion_learning_rate,
            tweedie_epsilon=tweedie_epsilon,
            calc_like=calc_like,
            generate_variable_inflation_factors=generate_variable_inflation_factors,
            influence=influence,
            generate_scoring_history=generate_scoring_history,
            score_iteration_interval=score_iteration_interval,
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
            seed=seed,
            checkpoint=checkpoint,
        )
