"""Algorithms: list them, check parameters, train."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from starlette.responses import Response

from artesian.core.errors import InvalidParameters, NotAvailable, NotFound, Problem, did_you_mean
from artesian.core.ids import new_key
from artesian.server import errors
from artesian.server.routing import Call, route
from artesian.server.wire.builders import (
    BUILDER,
    BUILDER_REQUEST,
    BUILDERS,
    KNOWN_ELSEWHERE,
    MODEL_ID,
    builder,
    parameter_values,
)
from artesian.server.wire.jobs import job as shown_job

if TYPE_CHECKING:
    from artesian.learn import ValidatedParameters
    from artesian.learn.base.algorithm import Algorithm


def find_algorithm(name: str) -> type[Algorithm]:
    """The algorithm of that name. NotAvailable for one that H2O has and this server has not yet, else NotFound."""
    from artesian.learn import algorithms

    known = algorithms()
    if name in known:
        return known[name]
    if name == "xgboost":
        raise NotAvailable(
            "XGBoost models need the xgboost library, which is not installed: pip install xgboost-cpu, then start the server anew."
        )
    if name in KNOWN_ELSEWHERE:
        raise NotAvailable(f"The algorithm '{name}' is not available yet; available are: {', '.join(known)}.")
    raise NotFound(
        f"There is no algorithm '{name}'.{did_you_mean(name, known)} Available are: {', '.join(known)}.", algorithm=name
    )


@route("GET", "/3/ModelBuilders", "modelBuilders", "Lists the algorithms.", takes=BUILDERS, gives=BUILDERS)
def builders(call: Call) -> dict[str, Any]:
    """All algorithms with their parameters, or in brief without them."""
    from artesian.learn import algorithms

    found = {name: builder(item, brief=call["brief"]) for name, item in algorithms().items()}
    return BUILDERS.new(model_builders=found)


@route("GET", "/3/ModelBuilders/{algo}", "modelBuilder", "Tells one algorithm.", takes=BUILDERS, gives=BUILDERS)
def one_builder(call: Call) -> dict[str, Any]:
    """One algorithm with its parameters."""
    item = find_algorithm(call["algo"])
    return BUILDERS.new(model_builders={item.name: builder(item, brief=call["brief"])})


@route(
    "POST",
    "/3/ModelBuilders/{algo}/model_id",
    "newModelId",
    "Makes a key that no model has.",
    takes=BUILDERS,
    gives=MODEL_ID,
)
def new_model_id(call: Call) -> dict[str, Any]:
    """A fresh key for a model of the algorithm."""
    return MODEL_ID.new(model_id=new_key(f"{find_algorithm(call['algo']).name}_model"))


def _given(call: Call) -> dict[str, Any]:
    """The parameters of the algorithm that the request carries."""
    return {name: value for name, value in call.raw.items() if name not in ("algo", "_exclude_fields")}


def _validate(call: Call, kind: type[Algorithm]) -> tuple[ValidatedParameters, list[Problem]]:
    given = _given(call)
    asked = given.get("model_id")
    renamed: list[Problem] = []
    if isinstance(asked, str) and "/" in asked:  # it would end the address of the model
        given["model_id"] = asked.replace("/", "_")
        sentence = f"Each slash (/) found in model_id '{asked}' is replaced: the model is called '{given['model_id']}'."
        renamed.append(Problem("warning", "model_id", sentence))
    checked = call.server.trainer.check(kind.name, given)
    return checked, [*renamed, *checked.problems]


@route(
    "POST",
    "/3/ModelBuilders/{algo}/parameters",
    "validate",
    "Checks parameters without training.",
    takes=BUILDER_REQUEST,
    gives=BUILDER,
    free=True,
)
def check_parameters(call: Call) -> dict[str, Any]:
    """Every finding about the parameters, and which of them have no say with the values of the others."""
    from artesian.learn.base.relevance import irrelevant

    kind = find_algorithm(call["algo"])
    checked, problems = _validate(call, kind)
    problems += irrelevant(checked.values, checked.values)
    return builder(kind, actual=checked.values, given=checked.given, problems=problems)


@route(
    "POST",
    "/3/ModelBuilders/{algo}",
    "train",
    "Trains a model.",
    takes=BUILDER_REQUEST,
    gives=BUILDER,
    free=True,
)
def train(call: Call) -> dict[str, Any] | Response:
    """Starts the job that trains, or answers everything that is wrong with the parameters."""
    kind = find_algorithm(call["algo"])
    checked, problems = _validate(call, kind)
    if any(problem.severity == "error" for problem in problems):
        failure = InvalidParameters(kind.called, problems)
        values = parameter_values(kind, checked.values)
        return errors.answer(failure, call.request.url.path, call.server.settings, values)
    key = checked.values.get("model_id") or new_key(f"{kind.called}_model")
    job = call.server.trainer.start(checked, key)
    values = {**checked.values, "model_id": key}
    told = _not_told_by_the_job(kind, checked, problems)
    return builder(kind, actual=values, given=checked.given, problems=told, job=shown_job(job))


def _not_told_by_the_job(kind: type[Algorithm], checked: ValidatedParameters, problems: list[Problem]) -> list[Problem]:
    """The findings without those warnings that the training gives again: clients show both."""
    once = set(kind.check_declared(checked.values))
    return [p for p in problems if p.severity != "warning" or p.field == "model_id" or p in once]
