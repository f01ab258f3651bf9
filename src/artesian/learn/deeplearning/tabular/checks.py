"""What the recipes refuse: parameters that they cannot honour, each by name and with the reason."""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Mapping
from typing import Any

from artesian.core.errors import Problem
from artesian.learn.base.algorithm import Situation
from artesian.learn.base.checks import check_factors, error
from artesian.learn.base.parameters import Declaration, fields_of
from artesian.learn.deeplearning.recipe_parameters import RecipeParameters
from artesian.learn.deeplearning.tabular.inputs import ONE_HOT_LEVELS
from artesian.learn.deeplearning.tabular.network import EMBEDDING, NUMBER_WIDTH

_ADAM = "its optimiser is Adam. Set 'rate', its largest learning rate, or leave all at their defaults."
_OWN_UNITS = "its networks choose their own start and units."
_DECAY = "its weights are held back by 'weight_decay'."
_INPUTS = "it has its own inputs: robustly scaled numbers, one-hot or embedded levels."
_EPOCHS = "its iterations are epochs."
_LENGTH = "it ends with its schedule, or when a cycle of the learning rate brings nothing."

REFUSED: dict[str, str] = {
    "autoencoder": "it needs a response to learn.",
    "checkpoint": "its schedule runs from the first to the last epoch and cannot be continued.",
    "pretrained_autoencoder": _OWN_UNITS,
    "initial_weights": _OWN_UNITS,
    "initial_biases": _OWN_UNITS,
    "initial_weight_distribution": _OWN_UNITS,
    "initial_weight_scale": _OWN_UNITS,
    "activation": "its units mix SELU (classes) or Mish (amounts) with the identity.",
    "input_dropout_ratio": "it drops hidden units only. Set 'dropout'.",
    "hidden_dropout_ratios": "all its layers share one ratio. Set 'dropout'.",
    "adaptive_rate": _ADAM,
    "rho": _ADAM,
    "epsilon": _ADAM,
    "rate_annealing": _ADAM,
    "rate_decay": _ADAM,
    "momentum_start": _ADAM,
    "momentum_ramp": _ADAM,
    "momentum_stable": _ADAM,
    "nesterov_accelerated_gradient": _ADAM,
    "l1": _DECAY,
    "l2": _DECAY,
    "max_w2": _DECAY,
    "standardize": _INPUTS,
    "use_all_factor_levels": _INPUTS,
    "max_categorical_features": _INPUTS,
    "sparse": _INPUTS,
    "average_activation": "it is for autoencoders.",
    "sparsity_beta": "it is for autoencoders.",
    "fast_mode": "it has no weights to leave alone.",
    "train_samples_per_iteration": _EPOCHS,
    "target_ratio_comm_to_comp": _EPOCHS,
    "classification_stop": _LENGTH,
    "regression_stop": _LENGTH,
    "score_validation_samples": "it compares epochs on all rows of the validation frame.",
    "score_validation_sampling": "it compares epochs on all rows of the validation frame.",
    "offset_column": "its networks predict without offsets.",
    "quantile_alpha": "it knows the distribution gaussian only for amounts.",
    "tweedie_power": "it knows the distribution gaussian only for amounts.",
    "huber_alpha": "it knows the distribution gaussian only for amounts.",
    "export_weights_and_biases": "its networks are an ensemble, each with weights of its own.",
}
"""Parameters that must be left at their defaults with the recipe tabular."""
_DISTRIBUTIONS = ("AUTO", "gaussian", "bernoulli", "multinomial")
_LOSSES = ("Automatic", "CrossEntropy", "Quadratic")
_ENCODINGS = ("AUTO", "TargetEncoding")


def check_recipe(values: Mapping[str, Any], declared: Mapping[str, Declaration]) -> Iterator[Problem]:
    """Findings that need no frame; `declared` are all parameters of Deep Learning."""
    if values["recipe"] != "tabular":
        for name in fields_of(RecipeParameters):
            if name != "recipe" and values[name] != declared[name].default:
                yield error(name, f"The '{name}' parameter needs recipe='tabular'. Got recipe='{values['recipe']}'.")
        return
    for name, reason in REFUSED.items():
        if values[name] != declared[name].default:
            yield error(
                name,
                f"The '{name}' parameter is not available with recipe='tabular': {reason} Got {_shown(values[name])}.",
            )
    yield from check_factors(values)
    if values["hidden"] == ():
        yield error("hidden", "The 'hidden' parameter must name at least one layer with recipe='tabular'. Got [].")
    for name, allowed in (
        ("distribution", _DISTRIBUTIONS),
        ("loss", _LOSSES),
        ("categorical_encoding", _ENCODINGS),
    ):
        if values[name] not in allowed:
            yield error(
                name,
                f"The '{name}' parameter must be one of {', '.join(allowed)} with recipe='tabular'. Got '{values[name]}'.",
            )


def check_tabular(situation: Situation, most_weights: int) -> Iterator[Problem]:
    """Findings of the recipe tabular about the frame: the loss of its response, and the size of a network."""
    values, frame, roles = situation.values, situation.training, situation.roles
    if roles.is_classification and values["loss"] == "Quadratic":
        yield error(
            "loss", "For a categorical response the 'loss' with recipe='tabular' must be Automatic or CrossEntropy."
        )
    levels = [frame[name].cardinality for name in roles.predictors if frame[name].domain is not None]
    wide = [count for count in levels if count > ONE_HOT_LEVELS]
    inputs = NUMBER_WIDTH * (len(roles.predictors) - len(levels)) + sum(levels) - sum(wide) + EMBEDDING * len(wide)
    outputs = max(1, frame[roles.response].cardinality) if roles.response else 1
    sizes = [inputs, *values["hidden"], outputs]
    count = sum((a + 2) * b for a, b in itertools.pairwise(sizes)) + EMBEDDING * sum(wide)
    count *= max(1, values["ensemble_size"])
    if count > most_weights:
        yield error(
            "hidden",
            f"The networks would have {count:,} weights ({inputs:,} inputs, {outputs:,} outputs); at most {most_weights:,} are "
            "allowed. Make the hidden layers or ensemble_size smaller, or ignore columns with many levels.",
        )


def _shown(value: Any) -> str:
    return repr(list(value) if isinstance(value, tuple) else value)
