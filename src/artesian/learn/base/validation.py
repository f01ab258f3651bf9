"""Validates the parameters of an algorithm without training: collects every problem, raises nothing."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol

from artesian.core.errors import ArtesianError, InvalidParameters, Problem, did_you_mean
from artesian.core.settings import Settings
from artesian.frame import Frame
from artesian.frame.io import jail
from artesian.learn.base.algorithm import Algorithm, Situation
from artesian.learn.base.checks import check_target_encoding
from artesian.learn.base.custom_code import CODE_PARAMETERS, key_of
from artesian.learn.base.details import ModelDetails
from artesian.learn.base.parameters import Declaration, Kind, convert, fields_of
from artesian.learn.base.registry import algorithm as find_algorithm
from artesian.learn.base.roles import Roles, find_roles


class Lookup(Protocol):
    """Where frames and models are found by key; NotFound where there is none."""

    def frame(self, key: str) -> Frame:
        """The frame of that key."""

    def model_details(self, key: str) -> ModelDetails:
        """The details of the model of that key."""

    def members(self, key: str) -> Sequence[str]:
        """The keys of models that a key in a list of models stands for: those of a grid, else itself."""
        return (key,)


@dataclass(frozen=True)
class ValidatedParameters:
    """Converted values of all parameters (defaults where none was given) and everything found wrong or noteworthy."""

    algorithm: type[Algorithm]
    values: dict[str, Any]
    given: dict[str, Any]
    """The converted values of those parameters that were given."""
    problems: tuple[Problem, ...]
    roles: Roles | None = None
    frame_keys: dict[str, str | list[str | None]] = field(default_factory=dict)
    """The keys of frames that training needs, by parameter; a list (with None for gaps) where the parameter is one."""
    model_keys: dict[str, str | list[str]] = field(default_factory=dict)
    """The keys of models that training needs, by parameter; a list where the parameter is one."""

    @property
    def has_errors(self) -> bool:
        """Whether training cannot start."""
        return any(problem.severity == "error" for problem in self.problems)

    @property
    def warnings(self) -> list[str]:
        """The sentences of the warnings."""
        return [problem.message for problem in self.problems if problem.severity == "warning"]

    def with_problems(self, further: Iterable[Problem]) -> ValidatedParameters:
        """The same with further findings."""
        return dataclasses.replace(self, problems=tuple(dict.fromkeys((*self.problems, *further))))

    def raise_for_errors(self) -> None:
        """Raises InvalidParameters with all problems when there is an error among them."""
        if self.has_errors:
            raise InvalidParameters(self.algorithm.called, self.problems, parameters=list(self.given))


def validate(
    algorithm: str, given: Mapping[str, Any], lookup: Lookup | None = None, settings: Settings | None = None
) -> ValidatedParameters:
    """All problems of the given parameters (as they came over the wire or from Python) of an algorithm.

    Without a `lookup` only what needs no frame is checked, without `settings` no path. NotFound for an unknown algorithm.
    """
    kind = find_algorithm(algorithm)
    values, problems = convert(kind.called, kind.parameters, given)
    declared = fields_of(kind.parameters)
    resolved = _Resolved(declared, values, lookup)
    for name, value in kind.inherited(values, resolved.models).items():
        values[name] = value
    resolved.add(kind.further_frames(values, resolved.models), lookup)
    problems += resolved.problems
    problems += kind.check_declared(values)
    problems += _check_export_folder(values, settings)
    problems += _check_code(kind, values, settings)
    roles = None
    if lookup is not None:
        found, roles = _check_frames(kind, values, resolved)
        problems += found
    return ValidatedParameters(
        kind,
        values,
        {name: values[name] for name in given if name in values},
        tuple(dict.fromkeys(problems)),
        roles,
        resolved.frame_keys,
        resolved.model_keys,
    )


class _Resolved:
    """The frames and models that parameters name; in `values`, grids among models become their models."""

    def __init__(self, declared: Mapping[str, Declaration], values: dict[str, Any], lookup: Lookup | None) -> None:
        self.frames: dict[str, Any] = {}
        self.models: dict[str, Any] = {}
        self.frame_keys: dict[str, str | list[str | None]] = {}
        self.model_keys: dict[str, str | list[str]] = {}
        self.problems: list[Problem] = []
        for name, declaration in declared.items():
            value = values[name]
            if not value:
                continue
            if declaration.kind is Kind.FRAME:
                self.frame_keys[name] = value
                self.frames[name] = self._frame(name, value, lookup)
            elif declaration.kind is Kind.FRAMES:
                self.frame_keys[name] = list(value)
                self.frames[name] = [self._frame(name, key, lookup) if key else None for key in value]
            elif declaration.kind is Kind.MODEL:
                self.model_keys[name] = value
                found = self._model(name, value, lookup)
                if found is not None:
                    self.models[name] = found
            elif declaration.kind is Kind.MODELS:
                keys = values[name] = self._members(name, value, lookup)
                self.model_keys[name] = list(keys)
                details = [self._model(name, key, lookup) for key in keys]
                if lookup is not None and None not in details:
                    self.models[name] = details

    def add(self, frames: Mapping[str, list[str | None]], lookup: Lookup | None) -> None:
        """Further frames by name, lists with None for gaps."""
        for name, keys in frames.items():
            self.frame_keys[name] = keys
            self.frames[name] = [self._frame(name, key, lookup) if key else None for key in keys]

    def _members(self, name: str, keys: Sequence[str | None], lookup: Lookup | None) -> tuple[str, ...]:
        """The keys that a list of keys stands for, each once."""
        found: list[str] = []
        for key in keys:
            try:
                found += (lookup.members(key) if lookup else (key,)) if key else ()
            except ArtesianError as error:
                self.problems.append(Problem("error", name, error.message))
        return tuple(dict.fromkeys(found))

    def _frame(self, name: str, key: str, lookup: Lookup | None) -> Frame | None:
        try:
            return lookup.frame(key) if lookup else None
        except ArtesianError as error:
            self.problems.append(Problem("error", name, error.message))
            return None

    def _model(self, name: str, key: str, lookup: Lookup | None) -> ModelDetails | None:
        if lookup is None:
            return None
        try:
            return lookup.model_details(key)
        except ArtesianError as error:
            self.problems.append(Problem("error", name, error.message))
            return None


def _check_frames(
    kind: type[Algorithm], values: dict[str, Any], resolved: _Resolved
) -> tuple[list[Problem], Roles | None]:
    training: Frame | None = resolved.frames.get("training_frame")
    if training is None:
        if values.get("training_frame"):
            return [], None  # not found: said already
        sentence = f"The 'training_frame' parameter of {kind.called} is required: give the key of a frame."
        return [Problem("error", "training_frame", sentence)], None
    roles = find_roles(
        training,
        values,
        supervised=kind.is_supervised(values),
        predictors=kind.predictors(resolved.models),
    )
    problems = list(roles.problems)
    validation: Frame | None = resolved.frames.get("validation_frame")
    if validation is not None:
        problems += _check_validation(training, validation, roles)
    problems += _check_folds(training, values)
    problems += _check_fold_models(kind, values)
    bags = _bags(resolved.models)
    if bags:
        return [*problems, *bags], roles
    if roles.category is not None or not kind.is_supervised(values):
        situation = Situation(values, training, roles, validation, resolved.frames, resolved.models)
        problems += check_target_encoding(situation, supervised=kind.is_supervised(values))
        problems += kind.check(situation)
    return problems, roles


def _bags(models: Mapping[str, Any]) -> list[Problem]:
    """What says that a model named by a parameter is no single one."""
    return [
        Problem(
            "error",
            name,
            f"The model '{details.key}' is the models of its folds together (fold_models_predict). Give a single model.",
        )
        for name, details in models.items()
        if isinstance(details, ModelDetails) and details.is_fold_bag
    ]


def _check_fold_models(kind: type[Algorithm], values: Mapping[str, Any]) -> Iterator[Problem]:
    """Whether the models of folds can predict together."""
    name = "fold_models_predict"
    if not values.get(name):
        return
    if not kind.is_supervised(values):
        yield Problem("error", name, f"The models of folds of {kind.called} cannot predict together: no response is.")
    if not values["nfolds"] and not values.get("fold_column"):
        yield Problem(
            "error", name, "Without cross-validation there are no models of folds; set nfolds or fold_column."
        )
    if values.get("calibrate_model"):
        yield Problem(
            "error", name, "The models of folds are not calibrated together; leave calibrate_model or this out."
        )


def _check_export_folder(values: Mapping[str, Any], settings: Settings | None) -> Iterator[Problem]:
    name = values.get("export_checkpoints_dir")
    if not name or settings is None:
        return
    try:
        jail.check_export(name, settings)
    except ArtesianError as error:
        yield Problem("error", "export_checkpoints_dir", error.message)


def _check_code(kind: type[Algorithm], values: Mapping[str, Any], settings: Settings | None) -> Iterator[Problem]:
    """Whether a custom metric and a custom distribution may and can be used."""
    measures = values.get("custom_metric_func")
    watches = str(values.get("stopping_metric", "")).startswith("custom")
    if watches and not measures and not values.get("eval_metric"):
        yield Problem(
            "error", "stopping_metric", "The stopping_metric 'custom' needs a metric: give custom_metric_func."
        )
    allowed = settings is not None and settings.allow_client_code
    if measures and allowed and not kind.is_supervised(values):
        sentence = "Custom metric is not supported for Autoencoder. It has no response to measure."
        yield Problem("error", "custom_metric_func", sentence)
    for name, reason in CODE_PARAMETERS.items():
        reference = values.get(name)
        if not reference:
            continue
        if not allowed:
            yield Problem("error", name, f"The '{name}' parameter of {kind.called} is not available: {reason}")
            continue
        try:
            key_of(str(reference))
        except ArtesianError as error:
            yield Problem("error", name, error.message)


def _check_validation(training: Frame, validation: Frame, roles: Roles) -> Iterator[Problem]:
    field_name = "validation_frame"
    if validation.n_rows == 0:
        yield Problem("error", field_name, "The validation frame has no rows.")
    if roles.response and roles.response not in validation:
        yield Problem("error", field_name, f"The validation frame has no response column '{roles.response}'.")
    elif roles.response:
        actual, expected = validation[roles.response].type, training[roles.response].type
        if (actual == "enum") != (expected == "enum"):
            yield Problem(
                "error",
                field_name,
                f"The response '{roles.response}' is of type {actual} in the validation frame and {expected} in the training frame.",
            )
    if not any(name in validation for name in roles.predictors):
        yield Problem("error", field_name, "The validation frame has none of the columns that the model learns from.")
    for role, name in (("weights_column", roles.weights), ("offset_column", roles.offset)):
        if name and name not in validation:
            near = did_you_mean(name, validation.names)
            yield Problem("error", role, f"The validation frame has no column '{name}'.{near}")


def _check_folds(training: Frame, values: Mapping[str, Any]) -> Iterator[Problem]:
    if "nfolds" not in values:
        return
    folds, column, assignment = values["nfolds"], values.get("fold_column"), values.get("fold_assignment", "AUTO")
    if folds > training.n_rows:
        yield Problem(
            "error",
            "nfolds",
            f"The 'nfolds' parameter must be at most the number of rows, {training.n_rows}. Got {folds}.",
        )
    if column and folds:
        yield Problem(
            "error",
            "nfolds",
            f"Give either nfolds or fold_column; the values of '{column}' say how many folds there are.",
        )
    if column and assignment != "AUTO":
        yield Problem(
            "error", "fold_assignment", "With a fold_column, fold_assignment has nothing to assign; leave it at AUTO."
        )
    if not column and not folds and assignment != "AUTO":
        yield Problem(
            "error",
            "fold_assignment",
            "Fold assignment needs cross-validation: without it there are no folds to assign; set nfolds as well.",
        )
