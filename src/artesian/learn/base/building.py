"""From parameters and frames to a finished model: roles, seed, time budget, then one fit or cross-validation."""

from __future__ import annotations

import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from artesian.core.clock import now_ms
from artesian.core.errors import InvalidParameters
from artesian.frame import Frame
from artesian.learn.base import target_encoding
from artesian.learn.base.algorithm import Algorithm, Fit, Situation
from artesian.learn.base.checks import check_target_encoding
from artesian.learn.base.context import Context
from artesian.learn.base.cross_validation import Built, cross_validate
from artesian.learn.base.details import Category, ModelDetails
from artesian.learn.base.fitting import fit_model
from artesian.learn.base.folds import actual_assignment
from artesian.learn.base.model import Model
from artesian.learn.base.parameters import attribute_name, fields_of, parameters_of
from artesian.learn.base.roles import find_roles
from artesian.learn.base.time_budget import TimeBudget

_TYPE_NAMES = {"enum": "Enum", "time": "Time", "string": "String", "uuid": "UUID"}


@dataclass(frozen=True)
class Order:
    """What to build: converted parameter values, and the frames and models that they name, by parameter."""

    algorithm: type[Algorithm]
    key: str
    values: Mapping[str, Any]
    given: Mapping[str, Any]
    frames: Mapping[str, Any]
    models: Mapping[str, Any] = field(default_factory=dict)
    """By parameter; a list where the parameter is one."""


def build(order: Order, context: Context) -> Built:
    """Trains as ordered. Raises InvalidParameters for what validation would have found, Cancelled, other ArtesianError."""
    algorithm = order.algorithm
    values = dict(order.values)
    budget = TimeBudget(float(values.get("max_runtime_secs") or 0.0), lambda: context.finishing)
    training: Frame = order.frames["training_frame"]
    details = {name: _details(found) for name, found in order.models.items()}
    roles = find_roles(
        training,
        values,
        supervised=algorithm.is_supervised(values),
        predictors=algorithm.predictors(details),
    )
    situation = Situation(values, training, roles, order.frames.get("validation_frame"), order.frames, details)
    problems = list(roles.problems)
    if training.n_rows:
        problems += check_target_encoding(situation, supervised=algorithm.is_supervised(values))
        problems += algorithm.check(situation)
    if any(problem.severity == "error" for problem in problems):
        raise InvalidParameters(algorithm.called, problems)
    for problem in problems:
        if problem.severity == "warning":
            context.warn(problem.message)
    seed = int(values.get("seed", -1) if values.get("seed") is not None else -1)
    fit = Fit(
        key=order.key,
        parameters=parameters_of(algorithm.parameters, values),
        given=order.given,
        training=training,
        training_key=str(values["training_frame"]),
        roles=roles,
        seed=secrets.randbelow(2**62) if seed == -1 else seed,
        context=context,
        budget=budget,
        validation=order.frames.get("validation_frame"),
        validation_key=values.get("validation_frame"),
        frames=order.frames,
        models=order.models,
    )
    folds = "nfolds" in values and bool(values["nfolds"] or values.get("fold_column"))
    folded = folds and (roles.category is not None or not algorithm.is_supervised(values))
    built = cross_validate(algorithm, fit) if folded else Built(fit_model(algorithm, fit))
    built.model.details.warnings = [
        p.message for p in problems if p.severity == "warning"
    ] + built.model.details.warnings
    return built


def _details(found: Model | Sequence[Model]) -> ModelDetails | list[ModelDetails]:
    return found.details if isinstance(found, Model) else [model.details for model in found]


def new_details(
    fit: Fit,
    algorithm: type[Algorithm],
    category: Category,
    actual: Mapping[str, Any],
    inputs: Sequence[tuple[str, str, list[str] | None]],
) -> ModelDetails:
    """The details of a model that starts to train; `actual` overrides the values of parameters that were settled.

    `inputs` are name, type (`Numeric`, `Enum`) and levels of the columns that it learns from, encoded ones as they became.
    Behind them stand weights, offset, fold, and the response last.
    """
    roles = (fit.roles.weights, fit.roles.offset, fit.roles.fold, fit.roles.response)
    special = [(n, _TYPE_NAMES.get(fit.training[n].type, "Numeric"), _domain(fit, n)) for n in roles if n is not None]
    listed = [*inputs, *special]
    predictors = fit.roles.predictors if fit.target_step is None else fit.target_step.sources
    originals = [*predictors, *(name for name, _, _ in special)]
    settled = {} if fit.target_step is None else {"categorical_encoding": target_encoding.NAME}
    start = now_ms()
    return ModelDetails(
        key=fit.key,
        algorithm=algorithm.name,
        title=algorithm.title,
        category=category,
        supervised=fit.roles.response is not None,
        parameters=parameter_values(
            fit, {"seed": fit.seed, "model_id": fit.key, **actual_assignment(fit.parameters), **actual, **settled}
        ),
        training_frame=fit.training_key,
        validation_frame=fit.validation_key,
        response=fit.roles.response,
        names=[name for name, _, _ in listed],
        column_types=[kind for _, kind, _ in listed],
        domains=[levels for _, _, levels in listed],
        original_names=originals if {name for name, _, _ in listed} != set(originals) else None,
        created_ms=start,
        start_ms=start,
    )


def _domain(fit: Fit, name: str) -> list[str] | None:
    column = fit.training[name]
    return column.levels if column.domain is not None else None


def parameter_values(fit: Fit, actual: Mapping[str, Any]) -> dict[str, dict[str, Any]]:
    """Default, given and actual value of every parameter, JSON-safe."""
    values: dict[str, dict[str, Any]] = {}
    for name, declaration in fields_of(type(fit.parameters)).items():
        used = actual[name] if name in actual else getattr(fit.parameters, attribute_name(name))
        values[name] = {
            "default": _plain(declaration.default),
            "given": _plain(fit.given.get(name, declaration.default)),
            "actual": _plain(used),
        }
    return values


def _plain(value: Any) -> Any:
    return list(value) if isinstance(value, tuple) else value
