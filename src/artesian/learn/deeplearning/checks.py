"""What the parameters of Deep Learning must fulfil together; each finding names the parameter and what to do."""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Mapping
from typing import Any

from artesian.core.errors import Problem
from artesian.frame import Frame
from artesian.learn.base import target_encoding
from artesian.learn.base.algorithm import Situation
from artesian.learn.base.checks import (
    check_balanced,
    check_continuing,
    check_distribution,
    check_factors,
    check_same_columns,
    error,
    warning,
    without_effect,
)
from artesian.learn.base.design.encoding import NUMERIC_ENCODINGS
from artesian.learn.base.details import Category, ModelDetails
from artesian.learn.base.early_stopping import check_metric
from artesian.learn.base.parameters import fields_of
from artesian.learn.deeplearning.parameters import DeepLearningParameters
from artesian.learn.deeplearning.plan import Plan, has_dropout
from artesian.learn.deeplearning.tabular.checks import check_recipe, check_tabular
from artesian.learn.deeplearning.tabular.model import RECIPE

MAX_WEIGHTS = 100_000_000
"""1.2 GB with the optimiser's state: beyond it a network of this kind is a slip (a column of names, say), not a wish."""
FIXED_BY_CHECKPOINT = (
    "activation", "use_all_factor_levels", "standardize", "adaptive_rate", "autoencoder", "rho", "epsilon", "sparse",
    "sparsity_beta", "average_activation", "rate", "rate_annealing", "rate_decay", "momentum_start", "momentum_ramp",
    "momentum_stable", "nesterov_accelerated_gradient", "ignore_const_cols", "max_categorical_features", "distribution",
    "quantile_alpha", "huber_alpha", "tweedie_power", "hidden", "response_column", "weights_column", "offset_column",
    "categorical_encoding", "missing_values_handling",
)  # fmt: skip
"""Parameters that a continuation cannot change: the network, its inputs, its optimiser's state depend on them."""
_MANUAL = ("rate", "rate_annealing", "rate_decay", "momentum_start", "momentum_ramp", "momentum_stable")
_ADAPTIVE = ("rho", "epsilon")
_CLASS_LOSSES = ("Automatic", "CrossEntropy", "Quadratic")
_OWN_LOSS = {"laplace": "Absolute", "quantile": "Quantile", "huber": "Huber"}


def check_declared(values: Mapping[str, Any]) -> Iterator[Problem]:
    """Findings that need no frame."""
    yield from check_recipe(values, fields_of(DeepLearningParameters))
    if values["recipe"] == RECIPE:
        return
    yield from _check_layers(values)
    yield from _check_optimiser(values)
    if values["autoencoder"]:
        yield from _check_autoencoder(values)
    elif values["sparsity_beta"]:
        yield error("sparsity_beta", "The 'sparsity_beta' parameter is for autoencoders only. Set it to 0.")
    elif values["average_activation"]:
        yield error("average_activation", "The 'average_activation' parameter is for autoencoders only. Set it to 0.")
    yield from check_factors(values)
    yield from check_continuing(values)
    if values["checkpoint"] and (
        values["initial_weights"] or values["initial_biases"] or values["pretrained_autoencoder"]
    ):
        yield error(
            "checkpoint",
            "A checkpoint brings its weights along. Leave initial_weights, initial_biases and pretrained_autoencoder out.",
        )


def _check_layers(values: Mapping[str, Any]) -> Iterator[Problem]:
    hidden, ratios, activation = values["hidden"], values["hidden_dropout_ratios"], values["activation"]
    if ratios and not has_dropout(activation):
        yield error(
            "hidden_dropout_ratios",
            f"The 'hidden_dropout_ratios' parameter needs an activation with dropout, such as '{activation}WithDropout'. "
            f"Got '{activation}'.",
        )
    elif ratios and len(ratios) != len(hidden):
        yield error(
            "hidden_dropout_ratios",
            f"The 'hidden_dropout_ratios' parameter must have one ratio for each of the {len(hidden)} hidden layers. "
            f"Got {len(ratios)}.",
        )
    for name in ("initial_weights", "initial_biases"):
        if values[name] and len(values[name]) != len(hidden) + 1:
            yield error(
                name,
                f"The '{name}' parameter must have one frame (or a gap) for each of the {len(hidden) + 1} layers of "
                f"weights. Got {len(values[name])}.",
            )


def _check_optimiser(values: Mapping[str, Any]) -> Iterator[Problem]:
    unused, switch = (_MANUAL, "off") if values["adaptive_rate"] else (_ADAPTIVE, "on")
    yield from without_effect(values, DeepLearningParameters, unused, f"adaptive_rate is {switch}")


def _check_autoencoder(values: Mapping[str, Any]) -> Iterator[Problem]:
    activation = values["activation"]
    if activation.startswith("Maxout"):
        yield error("activation", "The 'activation' of an autoencoder cannot be Maxout. Use Tanh or Rectifier.")
    if values["nfolds"] or values["fold_column"]:
        yield error("nfolds", "An autoencoder has no response to cross-validate. Set nfolds to 0, without fold_column.")
    if values["loss"] == "CrossEntropy":
        yield error("loss", "The 'loss' of an autoencoder cannot be CrossEntropy, which is for classes. Use Automatic.")
    if values["distribution"] not in ("AUTO", "gaussian", *_OWN_LOSS):
        yield error(
            "distribution",
            f"The 'distribution' of an autoencoder must be AUTO, gaussian, laplace, huber or quantile. Got '{values['distribution']}'.",
        )
    if values["balance_classes"]:
        yield error("balance_classes", "An autoencoder has no classes to balance. Set balance_classes to False.")
    if values["offset_column"]:
        yield error("offset_column", "An autoencoder has no response that an offset could be added to.")
    if values["categorical_encoding"] == "SortByResponse":
        yield error(
            "categorical_encoding", "The encoding SortByResponse needs a response, which an autoencoder has not."
        )
    if values["pretrained_autoencoder"]:
        yield error("pretrained_autoencoder", "Only a network with a response can start from a pretrained autoencoder.")
    if values["stopping_metric"] not in ("AUTO", "MSE", "RMSE"):
        yield error(
            "stopping_metric",
            f"The 'stopping_metric' of an autoencoder must be AUTO, MSE or RMSE. Got '{values['stopping_metric']}'.",
        )
    average = values["average_activation"]
    if values["sparsity_beta"] > 0:
        if activation.startswith("Rectifier") and average <= 0:
            yield error(
                "average_activation", f"With Rectifier units 'average_activation' must be above 0. Got {average:g}."
            )
        elif not activation.startswith("Rectifier") and not -1 < average < 1:
            yield error(
                "average_activation",
                f"With {activation} units 'average_activation' must be in (-1, 1). Got {average:g}.",
            )
    elif average:
        yield warning(
            "average_activation", "The 'average_activation' parameter has no effect unless sparsity_beta is above 0."
        )


def check_situation(situation: Situation) -> Iterator[Problem]:
    """Findings about parameters together with the frames and models they name."""
    values = situation.values
    if values["recipe"] == RECIPE:
        yield from check_tabular(situation, MAX_WEIGHTS)
    if not values["autoencoder"]:
        category = situation.roles.category
        if category is None:
            return
        yield from check_distribution(situation, category, non_negative=("poisson", "tweedie"), positive=("gamma",))
        if category in (Category.BINOMIAL, Category.MULTINOMIAL):
            yield from _check_classification(situation)
        else:
            yield from _check_regression(situation)
        yield from check_metric(values["stopping_metric"], category)
    if values["recipe"] != RECIPE:
        yield from _check_size(situation)
    if "checkpoint" in situation.models:
        yield from _check_checkpoint(situation, situation.models["checkpoint"])
    if "pretrained_autoencoder" in situation.models:
        details = situation.models["pretrained_autoencoder"]
        if details.category is not Category.AUTOENCODER:
            yield error("pretrained_autoencoder", f"The model '{details.key}' is no autoencoder.")
        elif list(details.actual("hidden")) != list(values["hidden"]):
            yield error(
                "pretrained_autoencoder",
                f"The autoencoder '{details.key}' has the hidden layers {details.actual('hidden')}. Give the same.",
            )
    if values["score_validation_sampling"] == "Stratified" and not values["balance_classes"]:
        yield warning("score_validation_sampling", "Stratified sampling has no effect unless balance_classes is on.")


def _check_classification(situation: Situation) -> Iterator[Problem]:
    values, roles = situation.values, situation.roles
    if values["loss"] not in _CLASS_LOSSES:
        yield error(
            "loss",
            f"For a categorical response the 'loss' must be one of {', '.join(_CLASS_LOSSES)}. Got '{values['loss']}'.",
        )
    if roles.offset:
        yield error("offset_column", "An offset can be added to the prediction of amounts only, not of classes.")
    factors = values["class_sampling_factors"]
    levels = situation.training[str(roles.response)].cardinality
    if factors and len(factors) != levels:
        yield error(
            "class_sampling_factors",
            f"The 'class_sampling_factors' parameter must have one factor for each of the {levels} classes. Got {len(factors)}.",
        )


def _check_regression(situation: Situation) -> Iterator[Problem]:
    values, roles = situation.values, situation.roles
    distribution, loss = values["distribution"], values["loss"]
    if loss == "CrossEntropy":
        yield error(
            "loss", f"The loss CrossEntropy needs a categorical response. Make '{roles.response}' one with asfactor()."
        )
    own = _OWN_LOSS.get(distribution)
    if own and loss not in ("Automatic", own):
        yield error(
            "loss", f"With the distribution {distribution} the 'loss' must be Automatic or {own}. Got '{loss}'."
        )
    if distribution in ("poisson", "gamma", "tweedie") and loss != "Automatic":
        yield error("loss", f"With the distribution {distribution} the 'loss' must be Automatic. Got '{loss}'.")
    yield from check_balanced(values)


def _check_size(situation: Situation) -> Iterator[Problem]:
    values = situation.values
    response = situation.roles.response
    classes = max(1, situation.training[response].cardinality) if response else 1
    inputs = _input_count(situation.training, situation.roles.predictors, values, classes)
    outputs = inputs if values["autoencoder"] else classes
    sizes = [inputs, *values["hidden"], outputs]
    channels = 2 if str(values["activation"]).startswith("Maxout") else 1
    factors = [channels] * len(values["hidden"]) + [1]
    count = sum((a + 1) * b * factor for (a, b), factor in zip(itertools.pairwise(sizes), factors, strict=True))
    if count > MAX_WEIGHTS:
        yield error(
            "hidden",
            f"The network would have {count:,} weights ({inputs:,} inputs, {outputs:,} outputs); at most {MAX_WEIGHTS:,} are "
            "allowed. Make the hidden layers smaller, set max_categorical_features, or ignore columns with many levels.",
        )


def _input_count(frame: Frame, predictors: tuple[str, ...], values: Mapping[str, Any], classes: int) -> int:
    """How many inputs the columns make, at most."""
    coded = [frame[name].cardinality for name in predictors if frame[name].domain is not None]
    numbers = len(predictors) - len(coded)
    if values["categorical_encoding"] in NUMERIC_ENCODINGS:
        return numbers + sum(max(1, levels.bit_length()) for levels in coded)
    if values["categorical_encoding"] == target_encoding.NAME:
        few = [levels for levels in coded if levels <= values["target_encoding_levels"]]
        numbers, coded = numbers + (len(coded) - len(few)) * max(1, classes - 1), few
    if values["categorical_encoding"] == "EnumLimited":
        coded = [min(levels, 11) for levels in coded]
    return numbers + min(sum(levels + 1 for levels in coded), int(values["max_categorical_features"]))


def _check_checkpoint(situation: Situation, previous: ModelDetails) -> Iterator[Problem]:
    values = situation.values
    if previous.algorithm != "deeplearning":
        yield error(
            "checkpoint", f"The checkpoint '{previous.key}' is a model of {previous.title}, not of Deep Learning."
        )
        return
    for name in FIXED_BY_CHECKPOINT:
        if not _unchanged(name, situation, previous):
            yield error(
                name,
                f"The '{name}' parameter cannot change when a checkpoint is continued. It was "
                f"{previous.parameters[name]['given']!r}, now it is {_plain(values[name])!r}.",
            )
    if (situation.validation is None) != (previous.validation_frame is None):
        had = "had no" if previous.validation_frame is None else "had a"
        yield error(
            "validation_frame", f"The checkpoint {had} validation frame; its continuation must be the same in that."
        )
    trained = float(previous.extra.get("epochs", 0.0))
    if values["epochs"] <= trained:
        yield error(
            "epochs",
            f"With a checkpoint 'epochs' is the total, so it must be above the {trained:.4g} epochs trained already. "
            f"Got {values['epochs']:g}.",
        )
    yield from check_same_columns(situation, previous, previous.extra.get("training_levels", {}))


def _unchanged(name: str, situation: Situation, previous: ModelDetails) -> bool:
    """Whether a parameter has the value it had, as given or as it was settled (AUTO against what it stood for)."""
    value = _plain(situation.values[name])
    if value in (previous.parameters[name]["given"], previous.parameters[name]["actual"]):
        return True
    if situation.roles.category is None:
        return False
    settled = Plan.of(DeepLearningParameters(**situation.values), situation.roles.category).actual()
    return name in settled and settled[name] == previous.parameters[name]["actual"]


def _plain(value: Any) -> Any:
    return list(value) if isinstance(value, tuple) else value
