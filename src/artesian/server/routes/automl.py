"""AutoML: start a run, look at it while it goes on, its leaderboard."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from artesian.core.errors import NotFound, Problem
from artesian.server.automl_runs import all_runs, leaderboard_of, run_of
from artesian.server.pages import checksum
from artesian.server.parameters import IllegalRequest, convert
from artesian.server.routing import Call, route
from artesian.server.state import Server
from artesian.server.wire.automl import (
    AUTOML,
    CHECK,
    CONTROL,
    CUSTOM,
    INPUT,
    LEADERBOARD,
    LEADERBOARDS,
    MODELS,
    PREPROCESSING,
    SPEC,
    STEP,
    STEPS,
    STOPPING,
    automl,
    leaderboard,
    spec,
)
from artesian.server.wire.errors import message
from artesian.server.wire.jobs import job as shown_job
from artesian.server.wire.schema import Schema
from artesian.store import Kind

# ---- reading the request ----


def _object(value: Any, what: str) -> dict[str, Any]:
    if value is None:
        return {}
    if not isinstance(value, Mapping):
        raise IllegalRequest(f"'{what}' must be an object of parameters. Got {value!r}.", argument=what)
    return {str(name): item for name, item in value.items() if name != "__meta"}


def _list(value: Any, what: str) -> list[Any]:
    if value is None:
        return []
    if not isinstance(value, list):
        raise IllegalRequest(f"'{what}' must be a list. Got {value!r}.", argument=what)
    return value


def _given(schema: Schema, values: Any, what: str, nested: tuple[str, ...] = ()) -> dict[str, Any]:
    """The values that one group of the request gives, converted as its schema says; nulls do not count."""
    plain = {name: item for name, item in _object(values, what).items() if item is not None}
    parts = {name: plain.pop(name) for name in nested if name in plain}
    try:
        converted = convert(schema, plain)
    except IllegalRequest as problem:
        raise IllegalRequest(f"In {what}: {problem.message}", **problem.values) from None
    return {name: converted[name] for name in plain} | parts


def _directions(value: Any, what: str) -> dict[str, float]:
    """Directions of columns, given as `{column: direction}` or as a list of `{"key", "value"}`."""
    if isinstance(value, list):
        pairs = [_object(item, what) for item in value]
        if any(set(pair) != {"key", "value"} for pair in pairs):
            raise IllegalRequest(
                f"'{what}' must be a list of objects with 'key' and 'value'. Got {value!r}.", argument=what
            )
        value = {pair["key"]: pair["value"] for pair in pairs}
    found: dict[str, float] = {}
    for name, direction in _object(value, what).items():
        if isinstance(direction, bool) or direction not in (-1, 0, 1):
            raise IllegalRequest(
                f"In {what}: the direction of '{name}' must be 1, -1 or 0. Got {direction!r}.", argument=what
            )
        found[name] = float(direction)
    return found


def _plan(value: Any) -> list[dict[str, Any]] | None:
    """Steps by provider: a name alone stands for all of its steps."""
    what, plan = "modeling_plan", []
    for entry in _list(value, what):
        item = _given(STEPS, {"name": entry} if isinstance(entry, str) else entry, what, ("steps",))
        if not item.get("name"):
            raise IllegalRequest(f"Each entry of '{what}' needs a 'name', that of an algorithm.", argument=what)
        if "steps" in item:
            if item.get("alias"):
                raise IllegalRequest(f"Give either 'alias' or 'steps' for '{item['name']}', not both.", argument=what)
            item["steps"] = [_step(step, item["name"]) for step in _list(item["steps"], "steps")]
        plan.append(item)
    return plan if value is not None else None


def _step(value: Any, provider: str) -> dict[str, Any]:
    step = _given(STEP, {"id": value} if isinstance(value, str) else value, "steps")
    if not step.get("id"):
        raise IllegalRequest(f"Each step of '{provider}' needs an 'id'.", argument="modeling_plan")
    return {name: number for name, number in step.items() if number != -1}


def _preprocessing(value: Any) -> list[str] | None:
    for entry in _list(value, "preprocessing"):
        item = {"type": entry} if isinstance(entry, str) else _object(entry, "preprocessing")
        kind = str(item.get("type") or "").replace("_", "")
        _given(PREPROCESSING, {**item, "type": kind}, "preprocessing")
    return None if value is None else ["target_encoding" for _ in value[:1]]


def _parameters_of_algorithms(value: Any) -> tuple[dict[str, float] | None, dict[str, dict[str, Any]]]:
    """Constraints for all algorithms, and parameters by algorithm."""
    common: dict[str, float] | None = None
    scoped: dict[str, dict[str, Any]] = {}
    for entry in _list(value, "algo_parameters"):
        item = _given(CUSTOM, entry, "algo_parameters", ("value",))
        name, scope = item.get("name"), item.get("scope", "any")
        if name != "monotone_constraints":
            raise IllegalRequest(
                f"Not allowed in algo_parameters: {name}. What can be set there is monotone_constraints.",
                argument="algo_parameters",
            )
        directions = _directions(item.get("value"), name)
        if scope == "any":
            common = directions
        else:
            scoped.setdefault(scope, {})[name] = directions
    return common, scoped


def read_spec(raw: Mapping[str, Any]) -> dict[str, Any]:
    """What a request asks for, by name, as `search.automl` takes it; names that are absent have their default.

    Raises IllegalRequest for an unknown name or a value of the wrong kind.
    """
    groups = _given(SPEC, raw, "the request", ("build_control", "input_spec", "build_models"))
    control = _given(CONTROL, groups.get("build_control"), "build_control", ("stopping_criteria",))
    stopping = _given(STOPPING, control.pop("stopping_criteria", None), "stopping_criteria")
    data = _given(INPUT, groups.get("input_spec"), "input_spec")
    lists = ("modeling_plan", "preprocessing", "algo_parameters", "monotone_constraints")
    models = _given(MODELS, groups.get("build_models"), "build_models", lists)
    common, scoped = _parameters_of_algorithms(models.pop("algo_parameters", None))
    if models.get("monotone_constraints") is not None:
        common = _directions(models["monotone_constraints"], "monotone_constraints")
    models |= {
        "modeling_plan": _plan(models.get("modeling_plan")),
        "preprocessing": _preprocessing(models.get("preprocessing")),
        "monotone_constraints": common,
        "algo_parameters": scoped or None,
    }
    return {name: value for name, value in {**control, **stopping, **data, **models}.items() if value is not None}


def _asked(call: Call) -> dict[str, Any]:
    return {name: value for name, value in call.raw.items() if name != "_exclude_fields"}


# ---- routes ----


@route(
    "POST",
    "/99/AutoMLBuilder",
    "automl_build",
    "Trains models of many kinds and ranks them.",
    takes=SPEC,
    gives=SPEC,
    free=True,
)
def build(call: Call) -> dict[str, Any]:
    """Starts a run, or says what is wrong with what it is asked for. A project that has a run gets more models."""
    from artesian.search import automl as search

    given = read_spec(_asked(call))
    for name in ("training_frame", "response_column"):
        if not given.get(name):
            raise IllegalRequest(f"The parameter '{name}' is required: give it in input_spec.", argument=name)
    job = search.start(call.server.trainer, given)
    try:
        settled = call.server.store.document(Kind.AUTOML, str(job.dest)).get("spec") or {}
    except NotFound:  # it has failed already; the job tells why
        settled = {}
    return spec({**given, **settled}, shown_job(job))


@route(
    "POST",
    "/99/AutoMLBuilder/parameters",
    "automl_check",
    "Checks what a run is asked for, without starting it.",
    takes=SPEC,
    gives=CHECK,
    free=True,
)
def check(call: Call) -> dict[str, Any]:
    """What is wrong, by field, and which fields have no say with the values of the others."""
    from artesian.search import automl as search

    try:
        found = search.findings(call.server.trainer, read_spec(_asked(call)))
    except IllegalRequest as problem:
        found = [Problem("error", str(problem.values.get("argument") or ""), problem.message)]
    errors = sum(problem.severity == "error" for problem in found)
    return CHECK.new(messages=[message(problem) for problem in found], error_count=errors)


@route("GET", "/99/AutoML/{automl_id}", "automl", "Tells how a run stands.", takes=AUTOML, gives=AUTOML)
def one_run(call: Call) -> dict[str, Any]:
    """Leaderboard, events and steps; of a project that has runs of several responses, the last one.

    One that is not there is told as a run without a project: clients look for that.
    """
    server, asked = call.server, call["automl_id"]
    try:
        document = run_of(server, asked)
    except NotFound:
        document = None
    ranked = leaderboard_of(server, document or {})
    return automl(document, ranked, asked, call["verbosity"], _checksum(server, document or {}))


def _checksum(server: Server, document: Mapping[str, Any]) -> int:
    frame = document.get("leaderboard_frame")
    return checksum(server.store.frame(frame)) if frame and frame in server.store else 0


@route("GET", "/99/Leaderboards", "leaderboards", "Lists leaderboards.", takes=LEADERBOARDS, gives=LEADERBOARDS)
def leaderboards(call: Call) -> dict[str, Any]:
    """Those of all runs."""
    shown = [_shown(call, document) for document in all_runs(call.server)]
    return LEADERBOARDS.new(extensions=call["extensions"], leaderboards=shown)


@route(
    "GET",
    "/99/Leaderboards/{project_name}",
    "leaderboard",
    "Tells the leaderboard of a project.",
    takes=LEADERBOARDS,
    gives=LEADERBOARD,
)
def one_leaderboard(call: Call) -> dict[str, Any]:
    """That of a run, named by its key or its project, with the extra columns asked for."""
    return _shown(call, run_of(call.server, call["project_name"]))


def _shown(call: Call, document: Mapping[str, Any]) -> dict[str, Any]:
    from artesian.search.leaderboard import extension_names

    names = extension_names((name for name in call["extensions"] or () if name), strict=False)
    ranked = leaderboard_of(call.server, document, names)
    frame = document.get("leaderboard_frame")
    return leaderboard(document["key"], ranked, frame, _checksum(call.server, document), names)
