"""Finished linear models: the path that they come from, and models made of them."""

from __future__ import annotations

from typing import Any

from artesian.core.errors import InvalidArgument
from artesian.core.ids import check_key, new_key
from artesian.jobs import Lane
from artesian.server.routes.models import shown_model
from artesian.server.routing import Call, route
from artesian.server.wire.keys import model_key
from artesian.server.wire.linear_models import MAKE_DERIVED, MAKE_MODEL, MAKE_UNRESTRICTED, PATH
from artesian.server.wire.model import MODEL
from artesian.server.wire.numbers import numbers
from artesian.store import Kind


def _folder(call: Call) -> str:
    if not call["model"]:
        raise InvalidArgument("The parameter 'model' is required: give the key of a model.", argument="model")
    return str(call.server.store.model_folder(call["model"]))


def _made(call: Call, task: str, key: str, **arguments: Any) -> dict[str, Any]:
    """Lets a worker make a model, and shows it. InvalidArgument where the key is taken."""
    server = call.server
    check_key(key, "dest")
    if key in server.store:
        raise InvalidArgument(f"A {server.store.kind_of(key).value} '{key}' already exists; choose another dest.")
    job = server.jobs.submit(
        f"artesian.learn.linear.tasks:{task}",
        {"model_folder": _folder(call), "dest": key, **arguments},
        description="GLM",
        dest=key,
        dest_kind=Kind.MODEL,
        lane=Lane.SHORT,
        on_done=server.trainer.register,
    )
    server.settle(job)
    return shown_model(server, key)


@route(
    "POST",
    "/3/MakeGLMModel",
    "make_glm_model",
    "Makes a linear model of given coefficients.",
    takes=MAKE_MODEL,
    gives=MODEL,
)
def make(call: Call) -> dict[str, Any]:
    """A copy of a model with other coefficients."""
    return _made(
        call,
        "make_model",
        call["dest"] or new_key("GLM_model"),
        names=call["names"] or [],
        values=call["beta"] or [],
        threshold=call["threshold"],
    )


@route(
    "POST",
    "/3/MakeUnrestrictedGLMModel",
    "make_unrestricted_model",
    "Makes a linear model whose predictions leave nothing out.",
    takes=MAKE_UNRESTRICTED,
    gives=MODEL,
)
def make_unrestricted(call: Call) -> dict[str, Any]:
    """A copy of a model that uses control variables and the offset in its predictions."""
    key = call["dest"] or f"{call['model']}_unrestricted_model"
    return _made(call, "make_derived", key, without_controls=False, without_offset=False)


@route(
    "POST",
    "/3/MakeDerivedGLMModel",
    "make_derived_model",
    "Makes a linear model whose predictions leave less out.",
    takes=MAKE_DERIVED,
    gives=MODEL,
)
def make_derived(call: Call) -> dict[str, Any]:
    """A copy of a model that leaves out of its predictions only what is asked for."""
    controls, offset = call["remove_control_variables_effects"], call["remove_offset_effects"]
    ending = (
        "remove_offset_effects" if offset else "remove_control_variables_effects" if controls else "unrestricted_model"
    )
    key = call["dest"] or f"{call['model']}_{ending}"
    return _made(call, "make_derived", key, without_controls=controls, without_offset=offset)


@route(
    "GET",
    "/3/GetGLMRegPath",
    "glm_regularization_path",
    "Tells all models of a linear model's path.",
    takes=PATH,
    gives=PATH,
)
def path(call: Call) -> dict[str, Any]:
    """Penalties, explained deviances and coefficients of every model that was fitted on the way."""
    found: dict[str, Any] = {}
    job = call.server.jobs.submit(
        "artesian.learn.linear.tasks:tell_path",
        {"model_folder": _folder(call)},
        description="GLM regularization path",
        on_done=found.update,
    )
    call.server.settle(job)
    shaped = {name: _plain(value) for name, value in found.items()}
    return PATH.new(model=model_key(call["model"]), **shaped)


def _plain(value: Any) -> Any:
    if not isinstance(value, list):
        return value
    if value and isinstance(value[0], list):
        return [numbers(row) for row in value]
    return value if value and isinstance(value[0], str) else numbers(value)
