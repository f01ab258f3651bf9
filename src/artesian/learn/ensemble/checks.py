"""What base models must have in common to be stacked, and what frames must hold."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from artesian.core.errors import Problem, did_you_mean
from artesian.frame import Frame
from artesian.learn.base.algorithm import Situation
from artesian.learn.base.details import Category, ModelDetails
from artesian.learn.ensemble.metalearners import given_parameters, inherited

BASE = "base_models"
HOLDOUTS = "held_out_predictions"
CATEGORIES = (Category.REGRESSION, Category.BINOMIAL, Category.MULTINOMIAL)


def _error(field: str, sentence: str) -> Problem:
    return Problem("error", field, sentence)


def check_declared(values: Mapping[str, Any]) -> Iterator[Problem]:
    """Findings that need no frame."""
    if values["metalearner_fold_column"] and values["metalearner_nfolds"]:
        yield _error(
            "metalearner_nfolds",
            "Give either metalearner_nfolds or metalearner_fold_column; the column's values say how many folds there are.",
        )
    if values["metalearner_fold_column"] and values["metalearner_fold_assignment"] not in (None, "AUTO"):
        yield _error(
            "metalearner_fold_assignment",
            "With a metalearner_fold_column, metalearner_fold_assignment has nothing to assign; leave it out.",
        )
    if values["metalearner_algorithm"] == "greedy" and values["metalearner_transform"] != "NONE":
        yield _error(
            "metalearner_transform",
            "The metalearner greedy weighs predictions as they are; leave metalearner_transform at NONE.",
        )
    yield from given_parameters(values)[1]


def check_situation(situation: Situation) -> Iterator[Problem]:
    """Findings about base models and frames."""
    models: Sequence[ModelDetails] | None = situation.models.get(BASE)
    if not models:
        return
    odd = [*_check_kinds(models)]
    yield from odd
    if odd:
        return
    values = situation.values
    if models[0].category is Category.REGRESSION and values["metalearner_transform"] != "NONE":
        yield _error(
            "metalearner_transform",
            "The metalearner_transform is for probabilities; the base models predict amounts. Leave it at NONE.",
        )
    if models[0].category is not Category.REGRESSION and values["offset_column"] and _learns_without_offset(values):
        yield _error("offset_column", "The metalearner takes no offsets; choose AUTO or glm.")
    yield from _check_response(situation, models)
    yield from _check_ignored(situation)
    yield from _check_columns(situation)
    yield from _check_offsets(values, models)
    yield from _check_weights(values, models)
    if not values["blending_frame"]:
        yield from _check_folds(situation, models)
    for sentence in inherited(models).warnings:
        yield Problem("warning", BASE, sentence)


def _learns_without_offset(values: Mapping[str, Any]) -> bool:
    return values["metalearner_algorithm"] in ("drf", "naivebayes")


def _check_kinds(models: Sequence[ModelDetails]) -> Iterator[Problem]:
    first = models[0]
    for model in models:
        if model.category not in CATEGORIES:
            what = "has no response" if not model.supervised else f"is of the category {model.category.value}"
            yield _error(BASE, f"The base model '{model.key}' {what}; models of amounts or classes can be stacked.")
        elif model.category is not first.category:
            yield _error(
                BASE,
                "Base models are inconsistent: there is a mix of different categories of models. "
                f"'{first.key}' is of {first.category.value}, '{model.key}' of {model.category.value}.",
            )
        elif model.response != first.response:
            yield _error(
                BASE,
                "Base models are inconsistent: they use different response columns. "
                f"'{first.key}' predicts '{first.response}', '{model.key}' '{model.response}'.",
            )
        elif model.response_domain != first.response_domain:
            yield _error(
                BASE,
                f"Base models are inconsistent: '{first.key}' has learnt the classes {_few(first.response_domain)}, "
                f"'{model.key}' {_few(model.response_domain)}.",
            )


def _few(levels: Sequence[str]) -> str:
    return ", ".join(levels[:10]) + (" …" if len(levels) > 10 else "")


def _check_response(situation: Situation, models: Sequence[ModelDetails]) -> Iterator[Problem]:
    response, first = situation.roles.response, models[0]
    if response is not None and first.response != response:
        yield _error(
            "response_column",
            f"The response_column of an ensemble must be that of its base models, '{first.response}'. Got '{response}'.",
        )


def _check_ignored(situation: Situation) -> Iterator[Problem]:
    names = situation.training.names
    for name in situation.values["ignored_columns"] or ():
        if name not in names:
            sentence = f"The training frame has no column '{name}'.{did_you_mean(name, names)}"
            yield _error("ignored_columns", sentence)


def _check_columns(situation: Situation) -> Iterator[Problem]:
    """Whether the frame that the metalearner learns from holds the columns that have a role."""
    values = situation.values
    blending: Frame | None = situation.frames.get("blending_frame")
    fold = values["metalearner_fold_column"]
    if blending is None:
        if fold and fold not in situation.training:
            near = did_you_mean(fold, situation.training.names)
            yield _error("metalearner_fold_column", f"The training frame has no column '{fold}'.{near}")
        return
    if blending.n_rows == 0:
        yield _error("blending_frame", "The blending frame has no rows.")
    for role in ("response_column", "weights_column", "offset_column", "metalearner_fold_column"):
        name = values[role]
        if name and name not in blending:
            yield _error(role, f"The blending frame has no column '{name}'.{did_you_mean(name, blending.names)}")
    response = values["response_column"]
    if response in blending and response in situation.training:
        there, known = blending[response].type, situation.training[response].type
        if (there == "enum") != (known == "enum"):
            yield _error(
                "blending_frame",
                f"The response '{response}' is of type {there} in the blending frame and {known} in the training frame.",
            )


def _check_offsets(values: Mapping[str, Any], models: Sequence[ModelDetails]) -> Iterator[Problem]:
    for model in models:
        own = _actual(model, "offset_column")
        if own != values["offset_column"]:
            yield _error(
                "offset_column",
                "All base models must have the same offset_column as the ensemble, "
                f"{_quoted(values['offset_column'])}; '{model.key}' has {_quoted(own)}.",
            )
            return


def _quoted(name: str | None) -> str:
    return "none" if name is None else f"'{name}'"


def _check_weights(values: Mapping[str, Any], models: Sequence[ModelDetails]) -> Iterator[Problem]:
    used = {_actual(model, "weights_column") for model in models}
    name = next(iter(used))
    if values["weights_column"] is None and len(used) == 1 and name is not None:
        yield Problem(
            "warning",
            "weights_column",
            f'All base models use weights_column="{name}" and the ensemble does not: the metalearner counts all rows alike. '
            "Give it the weights_column as well if that is not meant.",
        )


def _check_folds(situation: Situation, models: Sequence[ModelDetails]) -> Iterator[Problem]:
    """Whether the held-out predictions of all base models are there and of the same folds."""
    holdouts: Sequence[Frame | None] = situation.frames.get(HOLDOUTS) or [None] * len(models)
    rows = situation.training.n_rows
    first = models[0]
    for model, predictions in zip(models, holdouts, strict=True):
        folds, column = _actual(model, "nfolds") or 0, _actual(model, "fold_column")
        if not column and folds < 2:
            yield _error(
                BASE,
                f"Base model does not use cross-validation: '{model.key}'. Train it with nfolds, or give a blending_frame.",
            )
        elif model.cross_validation_holdout_predictions is None:
            yield _error(
                BASE,
                f"Base model does not keep cross-validation predictions: '{model.key}'. Train it with "
                "keep_cross_validation_predictions=True, or give a blending_frame.",
            )
        elif predictions is not None and predictions.n_rows != rows:
            yield _error(
                BASE,
                "Base models are inconsistent: they use different size (number of rows) training frames. "
                f"'{model.key}' was trained on {predictions.n_rows} rows, the ensemble's training frame has {rows}.",
            )
        else:
            yield from _check_same_folds(first, model)


def _check_same_folds(first: ModelDetails, model: ModelDetails) -> Iterator[Problem]:
    leak = "A row may then be predicted by one model that did not see it beside another that did."
    for name, noun in (("fold_column", "fold columns"), ("nfolds", "numbers of folds")):
        if _actual(model, name) != _actual(first, name):
            yield Problem("warning", BASE, f"'{first.key}' and '{model.key}' have different {noun}. {leak}")
            return
    if _actual(first, "fold_column"):
        return
    rules = [_actual(each, "fold_assignment") or "Random" for each in (first, model)]
    if rules[0] != rules[1]:
        yield Problem("warning", BASE, f"'{first.key}' and '{model.key}' deal rows into folds differently. {leak}")
    elif rules[0] != "Modulo" and _actual(first, "seed") != _actual(model, "seed"):
        yield Problem(
            "warning", BASE, f"'{first.key}' and '{model.key}' deal rows into folds by different seeds. {leak}"
        )


def _actual(model: ModelDetails, name: str) -> Any:
    return model.parameters.get(name, {}).get("actual")


def fold_assignment_of(parameters: Any) -> dict[str, str]:
    """What AUTO stands for."""
    return {"metalearner_fold_assignment": "Random"} if parameters.metalearner_fold_assignment == "AUTO" else {}
