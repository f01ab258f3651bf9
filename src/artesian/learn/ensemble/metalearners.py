"""Which algorithm learns from the base models, and with which parameters: those given, those of AUTO, and the distribution of
the base models where they agree on one."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from artesian.core.errors import Problem, did_you_mean
from artesian.learn.base.details import Category, ModelDetails
from artesian.learn.base.parameters import Kind, convert, fields_of
from artesian.learn.base.registry import algorithm as find_algorithm

FIELD = "metalearner_params"
SETTLED = (
    "model_id",
    "training_frame",
    "validation_frame",
    "response_column",
    "weights_column",
    "offset_column",
    "ignored_columns",
    "nfolds",
    "fold_column",
    "fold_assignment",
    "max_runtime_secs",
    "export_checkpoints_dir",
)
"""Parameters of the metalearner that the ensemble's own ones say."""
_BASIC = {Category.REGRESSION: "gaussian", Category.BINOMIAL: "bernoulli", Category.MULTINOMIAL: "multinomial"}
_TO_FAMILY = {"bernoulli": "binomial"}
_FROM_FAMILY = {"binomial": "bernoulli"}
_FAMILIES = ("gaussian", "binomial", "quasibinomial", "multinomial", "poisson", "gamma", "tweedie", "negativebinomial")
_OWN_PARAMETER = {"tweedie": "tweedie_power", "quantile": "quantile_alpha", "huber": "huber_alpha"}


def name_of(values: Mapping[str, Any]) -> str:
    """The algorithm that the parameter metalearner_algorithm stands for."""
    chosen = str(values["metalearner_algorithm"])
    return "glm" if chosen == "AUTO" else chosen


def parse(text: str | None) -> dict[str, Any]:
    """Parameters by name of a JSON object whose values may each be in a list; ValueError where it is none."""
    if not text:
        return {}
    found = json.loads(text)
    if not isinstance(found, dict):
        raise ValueError(text)
    return {str(name): value for name, value in found.items()}


def given_parameters(values: Mapping[str, Any]) -> tuple[dict[str, Any], list[Problem]]:
    """The metalearner's parameters as given, with lists of one opened where no list is wanted, and what is wrong with them."""
    name = name_of(values)
    try:
        found = parse(values[FIELD])
    except ValueError:
        sentence = (
            f"The '{FIELD}' parameter must be a JSON object of parameters of {name}, e.g. "
            f'{{"seed": 1}}. Got {str(values[FIELD])[:200]!r}.'
        )
        return {}, [Problem("error", FIELD, sentence)]
    kind = find_algorithm(name)
    declared = fields_of(kind.parameters)
    problems, opened = [], {}
    for key, value in found.items():
        if key in SETTLED or (key in declared and declared[key].kind in (Kind.FRAME, Kind.FRAMES, Kind.MODEL)):
            sentence = f"'{key}' cannot be one of the {FIELD}: the ensemble has parameters for what is settled of it."
            problems.append(Problem("error", FIELD, sentence))
        elif key not in declared:
            near = did_you_mean(key, declared)
            problems.append(Problem("error", FIELD, f"The metalearner {kind.called} has no parameter '{key}'.{near}"))
        else:
            single = isinstance(value, list) and len(value) == 1 and not declared[key].kind.is_list
            opened[key] = value[0] if single else value
    converted, found_problems = convert(kind.called, kind.parameters, opened)
    problems += [Problem(p.severity, FIELD, p.message) for p in found_problems if p.severity == "error"]
    if not problems:
        problems += [
            Problem(p.severity, FIELD, p.message) for p in kind.check_declared(converted) if p.severity == "error"
        ]
    return opened, problems


# ---- the distribution ----


@dataclass
class Inherited:
    """What base models agree on: a distribution with its own parameter, and a link where all are linear models."""

    distribution: str
    details: dict[str, Any] = field(default_factory=dict)
    link: str | None = None
    warnings: list[str] = field(default_factory=list)


def _distribution(model: ModelDetails) -> str:
    """The distribution that a model was trained for; that of its category where it names none."""
    basic = _BASIC[model.category]
    if model.algorithm == "stackedensemble":
        return str(model.extra.get("distribution") or basic)
    if "family" in model.parameters:
        family = str(model.actual("family") or "AUTO")
        return basic if family == "AUTO" else _FROM_FAMILY.get(family, family)
    name = model.parameters.get("distribution", {}).get("actual")
    if model.algorithm == "drf" or not name or str(name).upper() == "AUTO":
        return basic
    return str(name)


def _own(model: ModelDetails, distribution: str) -> dict[str, Any]:
    """The parameter of the distribution that a model was trained with."""
    name = _OWN_PARAMETER.get(distribution)
    if name is None or name not in model.parameters:
        return {}
    return {name: model.actual(name)}


def inherited(models: Sequence[ModelDetails]) -> Inherited:
    """What all base models share; the basic distribution of the category where they do not, as H2O has it."""
    first = models[0]
    basic = _BASIC[first.category]
    kinds = [_distribution(model) for model in models]
    if len(set(kinds)) > 1:
        listed = " and ".join(dict.fromkeys(kinds))
        sentence = f"The base models were trained for different distributions, {listed}; the metalearner takes {basic}."
        return Inherited(basic, warnings=[sentence])
    if any(model.algorithm == "drf" for model in models):
        return Inherited(basic)
    links = {_link(model) for model in models if "family" in model.parameters}
    owns = {tuple(sorted(_own(model, kinds[0]).items())) for model in models if _own(model, kinds[0])}
    if len(owns) > 1 or len(links) > 1:
        sentence = (
            f"The base models were trained for the same distribution, {kinds[0]}, with different parameters of it; the "
            f"metalearner takes {basic}."
        )
        return Inherited(basic, warnings=[sentence])
    return Inherited(kinds[0], dict(owns.pop()) if owns else {}, links.pop() if links else None)


def _link(model: ModelDetails) -> str | None:
    link = model.parameters.get("link", {}).get("actual")
    return None if link in (None, "family_default") else str(link)


# ---- all together ----


def settled(
    values: Mapping[str, Any], models: Sequence[ModelDetails], *, has_validation: bool, seed: int
) -> tuple[str, dict[str, Any], list[str]]:
    """The metalearner's algorithm, what is given of its parameters, and warnings; frames and roles come on top."""
    name = name_of(values)
    kind = find_algorithm(name)
    declared = fields_of(kind.parameters)
    chosen, _ = given_parameters(values)
    chosen = {"seed": seed, **chosen}
    warnings: list[str] = []
    role = "family" if "family" in declared else "distribution"
    if role in declared and str(chosen.get(role, "AUTO")).upper() == "AUTO":
        chosen.pop(role, None)
        found = inherited(models)
        warnings += found.warnings
        own, further = _as_parameters(found, models[0].category, role, declared)
        warnings += further
        chosen = {**own, **chosen}
    if values["metalearner_algorithm"] == "AUTO":
        chosen = {**_auto(chosen, models[0].category, has_validation), **chosen}
    for name_ in ("auc_type", "gainslift_bins", "custom_metric_func"):
        if name_ in declared and name_ not in chosen and values.get(name_) is not None:
            chosen[name_] = values[name_]
    return name, {key: value for key, value in chosen.items() if key in declared}, warnings


def _as_parameters(
    found: Inherited, category: Category, role: str, declared: Mapping[str, Any]
) -> tuple[dict[str, Any], list[str]]:
    """The distribution as parameters of the metalearner; the basic one, with a warning, where it does not have it."""
    wanted = _TO_FAMILY.get(found.distribution, found.distribution) if role == "family" else found.distribution
    offered = _FAMILIES if role == "family" else declared[role].offered_choices
    if wanted in offered:
        own: dict[str, Any] = {role: wanted}
        if role == "family":
            if found.link in declared["link"].offered_choices:  # a family's own link may have no name
                own["link"] = found.link
            if "tweedie_power" in found.details:
                own["tweedie_variance_power"] = found.details["tweedie_power"]
            return own, []
        return own | {name: value for name, value in found.details.items() if name in declared}, []
    basic = _BASIC[category]
    own = {role: _TO_FAMILY.get(basic, basic)} if role == "family" else {role: basic}
    if own[role] not in offered:
        return {}, []
    return own, [f"The metalearner cannot be trained for the distribution {found.distribution}; it takes {own[role]}."]


def _auto(chosen: Mapping[str, Any], category: Category, has_validation: bool) -> dict[str, Any]:
    """The parameters of AUTO: no negative coefficients (which several classes do not allow), nothing standardised.

    Predictions are on one scale already: standardising would give more weight to a model whose predictions hardly vary.
    """
    several = category is Category.MULTINOMIAL or chosen.get("family") in ("multinomial", "ordinal")
    auto: dict[str, Any] = {"non_negative": not several, "standardize": False, "generate_scoring_history": True}
    if has_validation:
        auto |= {"lambda_search": True, "early_stopping": False}
    else:
        auto |= {"score_iteration_interval": 5}
    return auto
