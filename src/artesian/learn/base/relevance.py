"""Which parameters have no say, given the others: forms leave them out until they have."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from artesian.core.errors import Problem


@dataclass(frozen=True)
class _Rule:
    """`fields` count only if `applies`, which looks at the values of the parameters `on`."""

    fields: tuple[str, ...]
    on: tuple[str, ...]
    applies: Callable[..., bool]
    sentence: str


def _distribution(field: str, name: str) -> _Rule:
    return _Rule(
        (field,), ("distribution",), lambda given: given == name, f"It counts for the distribution {name} only."
    )


_RULES = (
    _Rule(
        (
            "fold_assignment",
            "keep_cross_validation_models",
            "keep_cross_validation_predictions",
            "keep_cross_validation_fold_assignment",
            "fold_models_predict",
        ),
        ("nfolds", "fold_column"),
        lambda folds, column: (folds or 0) >= 2 or bool(column),
        "It counts in cross-validation only: set nfolds to 2 or more, or fold_column.",
    ),
    _Rule(
        ("class_sampling_factors", "max_after_balance_size"),
        ("balance_classes",),
        bool,
        "It counts with balance_classes only.",
    ),
    _distribution("tweedie_power", "tweedie"),
    _distribution("quantile_alpha", "quantile"),
    _distribution("huber_alpha", "huber"),
    _distribution("custom_distribution_func", "custom"),
    _Rule(
        ("tweedie_variance_power", "tweedie_link_power"),
        ("family",),
        lambda family: family == "tweedie",
        "It counts for the family tweedie only.",
    ),
    _Rule(("theta",), ("family",), lambda family: family == "negativebinomial", "It counts for negativebinomial only."),
    _Rule(
        ("rate", "rate_annealing", "rate_decay", "momentum_start", "momentum_ramp", "momentum_stable"),
        ("adaptive_rate",),
        lambda adaptive: not adaptive,
        "It counts without adaptive_rate only.",
    ),
    _Rule(("rho", "epsilon"), ("adaptive_rate",), bool, "It counts with adaptive_rate only."),
    _Rule(
        ("hidden_dropout_ratios",),
        ("activation",),
        lambda activation: str(activation).endswith("WithDropout"),
        "It counts with an activation with dropout only.",
    ),
    _Rule(
        ("initial_weight_scale",),
        ("initial_weight_distribution",),
        lambda distribution: distribution != "UniformAdaptive",
        "It does not count with the initial weights UniformAdaptive.",
    ),
    _Rule(("sparsity_beta", "average_activation"), ("autoencoder",), bool, "It counts for autoencoders only."),
    _Rule(
        ("score_validation_samples", "score_validation_sampling"),
        ("validation_frame",),
        bool,
        "It counts with a validation frame only.",
    ),
)


def irrelevant(declared: Collection[str], values: Mapping[str, Any]) -> Iterator[Problem]:
    """A hidden finding for each declared parameter that has no say with these values."""
    for rule in _RULES:
        if all(name in declared for name in rule.on) and not rule.applies(*(values.get(name) for name in rule.on)):
            for name in rule.fields:
                if name in declared:
                    yield Problem("hidden", name, rule.sentence)
