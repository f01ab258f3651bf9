"""Algorithms: list them, check parameters, train."""

from __future__ import annotations

import threading
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from starlette.responses import Response

from artesian.core.errors import ArtesianError, InvalidParameters, NotAvailable, NotFound, Problem, did_you_mean
from artesian.core.ids import check_key, new_key
from artesian.server import errors
from artesian.server.client_code import archives, code_problems
from artesian.server.routing import Call, route
from artesian.server.state import Server
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
from artesian.store import Kind

if TYPE_CHECKING:
    from artesian.frame import Frame
    from artesian.jobs import Job
    from artesian.learn import ValidatedParameters
    from artesian.learn.base.algorithm import Algorithm
    from artesian.learn.base.details import ModelDetails


class StoreLookup:
    """Frames and models that parameters name, from the store."""

    def __init__(self, server: Server) -> None:
        self._store = server.store

    def frame(self, key: str) -> Frame:
        """The frame of that key."""
        return self._store.frame(key)

    def model_details(self, key: str) -> ModelDetails:
        """The details of a finished model; Conflict for one in training."""
        from artesian.learn.base.details import ModelDetails

        self._store.model_folder(key)
        return ModelDetails.from_dict(self._store.model_details(key))


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
    """All algorithms with their parameters."""
    from artesian.learn import algorithms

    return BUILDERS.new(model_builders={name: builder(item) for name, item in algorithms().items()})


@route("GET", "/3/ModelBuilders/{algo}", "modelBuilder", "Tells one algorithm.", takes=BUILDERS, gives=BUILDERS)
def one_builder(call: Call) -> dict[str, Any]:
    """One algorithm with its parameters."""
    item = find_algorithm(call["algo"])
    return BUILDERS.new(model_builders={item.name: builder(item)})


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
    from artesian.learn import validate

    given = _given(call)
    asked = given.get("model_id")
    renamed: list[Problem] = []
    if isinstance(asked, str) and "/" in asked:  # it would end the address of the model
        given["model_id"] = asked.replace("/", "_")
        sentence = f"Each slash (/) found in model_id '{asked}' is replaced: the model is called '{given['model_id']}'."
        renamed.append(Problem("warning", "model_id", sentence))
    checked = validate(kind.name, given, StoreLookup(call.server), call.server.settings)
    problems = [
        *renamed,
        *checked.problems,
        *_key_problems(call.server, checked.values.get("model_id")),
        *code_problems(call.server, "custom_metric_func", checked.values.get("custom_metric_func")),
    ]
    return checked, problems


def _key_problems(server: Server, key: str | None) -> list[Problem]:
    """Why the model cannot have the key, if it cannot."""
    if not key:
        return []
    try:
        check_key(key, "model_id")
    except ArtesianError as problem:
        return [Problem("error", "model_id", problem.message)]
    if key in server.store and server.store.kind_of(key) is not Kind.MODEL:
        kind = server.store.kind_of(key).value
        return [Problem("error", "model_id", f"The key '{key}' is taken by a {kind}; choose another model_id.")]
    if any(job.dest == key and not job.status.is_final for job in server.jobs.list()):
        return [Problem("error", "model_id", f"The model '{key}' is being trained; choose another model_id, or wait.")]
    return []


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
    """Every finding about the parameters."""
    kind = find_algorithm(call["algo"])
    checked, problems = _validate(call, kind)
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
    job = start_training(call.server, kind, key, checked)
    values = {**checked.values, "model_id": key}
    told = _not_told_by_the_job(kind, checked, problems)
    return builder(kind, actual=values, given=checked.given, problems=told, job=shown_job(job))


def _not_told_by_the_job(kind: type[Algorithm], checked: ValidatedParameters, problems: list[Problem]) -> list[Problem]:
    """The findings without those warnings that the training gives again: clients show both."""
    once = set(kind.check_declared(checked.values))
    return [p for p in problems if p.severity != "warning" or p.field == "model_id" or p in once]


def start_training(server: Server, kind: type[Algorithm], key: str, checked: ValidatedParameters) -> Job:
    """Submits the training; what it makes is registered when it is done, snapshots as they come."""
    store = server.store

    def frame(name: str | None) -> dict[str, Any] | None:
        return {"key": name, "manifest": store.manifest(name)} if name else None

    frames = {
        role: [frame(item) for item in keys] if isinstance(keys, list) else frame(keys)
        for role, keys in checked.frame_keys.items()
    }
    arguments = {
        "algorithm": kind.name,
        "model_key": key,
        "given": checked.given,
        "parameters": checked.values,
        "frames": frames,
        "models": {role: str(store.model_folder(name)) for role, name in checked.model_keys.items()},
        "code": archives(server, checked.values.get("custom_metric_func")),
    }

    def update(payload: Mapping[str, Any]) -> None:
        if "details" in payload:
            store.put_partial_model(key, dict(payload["details"]))

    job = server.jobs.submit(
        "artesian.learn.tasks:train",
        arguments,
        description=kind.called,
        dest=key,
        dest_kind=Kind.MODEL,
        on_done=lambda result: register(server, result),
        on_update=update,
    )
    threading.Thread(target=_tidy, args=(server, job), name=f"tidy-{job.key}", daemon=True).start()
    return job


def register(server: Server, result: Mapping[str, Any]) -> None:
    """Takes over what a training made, the model itself last."""
    store = server.store
    for key, manifest in result["frames"].items():
        store.put_manifest(key, manifest)
    for model in (*result["models"], result["model"]):
        store.put_model(model["key"], Path(model["folder"]))
    for key, document in result["metrics"].items():
        store.put_document(Kind.METRICS, key, document)


def _tidy(server: Server, job: Job) -> None:
    """Removes the snapshot that a training which was cancelled or failed leaves behind."""
    job.finished.wait()
    if job.status.value == "DONE" or server.closing or not job.dest:
        return
    store = server.store
    try:
        if job.dest in store and store.kind_of(job.dest) is Kind.MODEL:
            store.model_folder(job.dest)  # a finished model of an earlier training stays
    except ArtesianError:
        store.remove(job.dest, missing_ok=True)
