"""Estimators of Stacked Ensemble; written by tools/generate_estimators.py, not by hand."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, ClassVar

from artesian.client.ensembles import EnsembleMembers
from artesian.client.estimators.base import Choices, H2OEstimator

if TYPE_CHECKING:
    from artesian.client.frame.frame import H2OFrame
    from artesian.client.model.base import ModelBase


class H2OStackedEnsembleEstimator(EnsembleMembers, H2OEstimator):
    """A model that learns how to combine the predictions of other models (Wolpert 1992; van der Laan et al. 2007).

    Parameters:
        model_id: Key of the model; a new one is made when none is given. Default: None.
        training_frame: Key of the frame to train on. Default: None.
        validation_frame: Key of a frame that is scored while training but never trained on; early stopping watches
            it. Default: None.
        ignored_columns: Without effect: every base model reads the columns that it learnt from, and no others.
            Default: None.
        ignore_const_cols: Leave out columns that hold one value only (or nothing). Only the default is available.
            Default: True.
        score_each_iteration: Score after every iteration of training. Only the default is available. Default:
            False.
        max_runtime_secs: Longest time in seconds that training may take, cross-validation included; 0 sets no
            limit. Default: 0.0.
        export_checkpoints_dir: Folder, below one of the server's export roots, into which every model that training
            makes is also written. Default: None.
        response_column: Column to predict, that of the base models: a categorical one for classification, a numeric
            one for regression. Default: None.
        weights_column: Column of row weights for the metalearner, at least 0: a row of weight 2 counts as two equal
            rows. Default: None.
        offset_column: Column of known amounts that are added to the metalearner's output before the inverse link;
            by default that of the base models, and it must be theirs. Default: None.
        blending_frame: Key of a frame that no base model has learnt from: the metalearner learns from their
            predictions for it. Without one it learns from what their cross-validation predicted for held-out rows
            of the training frame. Default: None.
        base_models: Keys of the models to combine; a grid stands for its models. Without a blending_frame all must
            have been trained with the same folds and keep_cross_validation_predictions. Default: ().
        metalearner_algorithm: What learns to combine the base models. AUTO is a linear model without negative
            coefficients, with a search for its penalty if there is a validation_frame; greedy are weights chosen by
            forward selection; others are models with their defaults. One of auto, deeplearning, drf, gbm, glm,
            naivebayes, xgboost, greedy. Default: "auto".
        metalearner_nfolds: Number of folds of the metalearner's cross-validation, at least 2; 0 for none. Default:
            0.
        metalearner_fold_assignment: How rows are dealt into the metalearner's folds without a fold column; AUTO is
            Random. One of auto, random, modulo, stratified. Default: None.
        metalearner_fold_column: Column that names the fold of each row for the metalearner's cross-validation.
            Default: None.
        metalearner_params: Parameters of the metalearner, as a JSON object of values (or lists of one value) by
            name. Default: "".
        metalearner_transform: What is done to predicted probabilities before the metalearner sees them: nothing, or
            their log odds. One of none, logit. Default: "none".
        custom_metric_func: Reference to a metric in program code that was uploaded, python:key=module.class;
            refused unless the server allows code of its clients. Default: None.
        seed: Seed of the metalearner, unless metalearner_params gives it one, and of the rows that are drawn for
            training metrics; -1 draws one and reports it. Default: -1.
        score_training_samples: So many rows of the training frame are drawn to measure the ensemble on; 0 for all.
            Default: 10000.
        keep_levelone_frame: Keep the frame that the metalearner learnt from. Default: False.
        auc_type: Which AUC a model of more than two classes reports: macro or weighted mean, one class against the
            rest (OVR) or against each other (OVO). AUTO and NONE: none. One of auto, none, macro_ovr, weighted_ovr,
            macro_ovo, weighted_ovo. Default: "auto".
        gainslift_bins: Groups of the gains/lift table of a binary classifier: -1 for the standard 16, 0 for no
            table. Default: -1.
    """

    algo = "stackedensemble"
    supervised_learning = True
    _choices: ClassVar[Choices] = {
        "metalearner_algorithm": ("auto", "deeplearning", "drf", "gbm", "glm", "naivebayes", "xgboost", "greedy"),
        "metalearner_fold_assignment": ("auto", "random", "modulo", "stratified"),
        "metalearner_transform": ("none", "logit"),
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
        blending_frame: H2OFrame | str | None = None,
        base_models: Sequence[ModelBase | str] = (),
        metalearner_algorithm: str = "auto",
        metalearner_nfolds: int = 0,
        metalearner_fold_assignment: str | None = None,
        metalearner_fold_column: str | None = None,
        metalearner_params: str = "",
        metalearner_transform: str = "none",
        custom_metric_func: str | None = None,
        seed: int = -1,
        score_training_samples: int = 10000,
        keep_levelone_frame: bool = False,
        auc_type: str = "auto",
        gainslift_bins: int = -1,
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
            blending_frame=blending_frame,
            base_models=base_models,
            metalearner_algorithm=metalearner_algorithm,
            metalearner_nfolds=metalearner_nfolds,
            metalearner_fold_assignment=metalearner_fold_assignment,
            metalearner_fold_column=metalearner_fold_column,
            metalearner_params=metalearner_params,
            metalearner_transform=metalearner_transform,
            custom_metric_func=custom_metric_func,
            seed=seed,
            score_training_samples=score_training_samples,
            keep_levelone_frame=keep_levelone_frame,
            auc_type=auc_type,
            gainslift_bins=gainslift_bins,
        )
