"""Models: list, look at (also while they train), write their details to a file, remove."""

from __future__ import annotations

import os
from typing import Any

import orjson

from artesian.core.errors import NotAvailable, NotFound
from artesian.core.ids import new_key
from artesian.frame.io import check_export
from artesian.server.pages import synopsis
from artesian.server.parameters import IllegalRequest
from artesian.server.reproducibility import reproducibility
from artesian.server.routes.admin import remove_object
from artesian.server.routing import Call, route
from artesian.server.state import Server
from artesian.server.wire.model import MODEL_EXPORT, MODELS, model, short_model
from artesian.store import Kind

_SETTLES_AUTO = "sys.ai.h2o.algos.evaluate_auto_model_parameters"
"""Property that clients set to false to see AUTO where it was left."""
_LATER = "Save it in this server's own format (save_model, download_model) instead."


def shown_model(server: Server, key: str, *, preview: bool = False, frames: list[str] | None = None) -> dict[str, Any]:
    """A model of the store as its schema shows it."""
    from artesian.learn import algorithm
    from artesian.rapids.operators.properties import property_value

    details = server.store.model_details(key)
    if property_value(_SETTLES_AUTO, "true").lower() == "false":
        details = details | {"parameters": _as_asked(details["parameters"])}
    return model(
        details,
        algorithm(details["algorithm"]),
        reproducibility=reproducibility(server, details),
        compatible_frames=frames,
        preview=preview,
    )


def _as_asked(parameters: dict[str, dict[str, Any]]) -> dict[str, dict[str, Any]]:
    """Parameters that were left at AUTO shown so, and not as what AUTO came to stand for."""
    return {
        name: entry | {"actual": "AUTO"} if entry["given"] == "AUTO" else entry for name, entry in parameters.items()
    }


def _compatible_frames(server: Server, key: str) -> list[str]:
    """The frames that have every predictor of the model."""
    details = server.store.model_details(key)
    wanted = set(details["original_names"] or details["names"]) - {details["response"]}
    return [name for name in server.store.keys(Kind.FRAME) if wanted <= set(server.store.frame(name).names)]


@route("GET", "/3/Models", "models", "Lists the models.", takes=MODELS, gives=MODELS)
def models(call: Call) -> dict[str, Any]:
    """Every model in its short form."""
    from artesian.learn import algorithm

    store = call.server.store
    found = []
    for key in store.keys(Kind.MODEL):
        try:
            details = store.model_details(key)
        except NotFound:  # removed meanwhile
            continue
        found.append(short_model(details, algorithm(details["algorithm"])))
    return MODELS.new(models=found)


@route("GET", "/3/Models/{model_id}", "model", "Shows a model.", takes=MODELS, gives=MODELS)
def one_model(call: Call) -> dict[str, Any]:
    """A model, finished or in training; a preview leaves the tables of thresholds out."""
    server, key = call.server, call["model_id"]
    frames = _compatible_frames(server, key) if call["find_compatible_frames"] else None
    shown = shown_model(server, key, preview=call["preview"], frames=frames)
    listed = [synopsis(name, server.store.frame(name)) for name in frames] if frames is not None else None
    return MODELS.new(models=[shown], compatible_frames=listed)


@route("DELETE", "/3/Models/{model_id}", "deleteModel", "Removes a model.", takes=MODELS, gives=MODELS)
def remove(call: Call) -> dict[str, Any]:
    """Removes a model with what belongs to it; NotFound when there is none."""
    call.server.store.model_details(call["model_id"])
    remove_object(call.server, call["model_id"])
    return MODELS.new()


@route("DELETE", "/3/Models", "deleteAllModels", "Removes all models.", takes=MODELS, gives=MODELS)
def remove_all(call: Call) -> dict[str, Any]:
    """Removes every model; frames that are not part of one stay."""
    for key in call.server.store.keys(Kind.MODEL):
        remove_object(call.server, key)
    return MODELS.new()


@route(
    "GET",
    "/99/Models/{model_id}/json",
    "exportModelDetails",
    "Writes the details of a model to a file.",
    takes=MODEL_EXPORT,
    gives=MODEL_EXPORT,
)
def write_details(call: Call) -> dict[str, Any]:
    """Writes what the model tells of itself as JSON, inside the export roots only."""
    server = call.server
    if not call["dir"]:
        raise IllegalRequest("The parameter 'dir' is required: give the path of the file.", argument="dir")
    content = orjson.dumps(shown_model(server, call["model_id"]), option=orjson.OPT_INDENT_2)
    target = check_export(call["dir"], server.settings)
    if target.is_dir():
        target = target / f"{call['model_id'].replace('/', '_')}.json"
    if target.exists() and not call["force"]:
        raise IllegalRequest(f"The file {target} exists already; give force=true to write over it.", argument="dir")
    target.parent.mkdir(parents=True, exist_ok=True)
    unfinished = target.with_name(f"{target.name}.{new_key('part')}")
    descriptor = os.open(unfinished, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW, 0o644)
    with os.fdopen(descriptor, "wb") as file:
        file.write(content)
    unfinished.replace(target)
    return MODEL_EXPORT.new(**{**call.echo(), "dir": str(target)})


def _not_yet(what: str) -> NotAvailable:
    return NotAvailable(f"{what} is not available yet. {_LATER}")


@route("GET", "/3/Models.java/{model_id}", "modelJavaCode", "Refuses: no POJO yet.", takes=MODELS, gives=None)
@route("GET", "/3/Models.java/{model_id}/preview", "modelPreview", "Refuses: no POJO yet.", takes=MODELS, gives=None)
def pojo(call: Call) -> dict[str, Any]:
    """POJOs come with model export."""
    call.server.store.model_details(call["model_id"])
    raise _not_yet("The model as a POJO")


@route("GET", "/3/Models/{model_id}/mojo", "modelMojo", "Refuses: no MOJO yet.", takes=MODELS, gives=None)
@route("GET", "/99/Models.mojo/{model_id}", "exportMojo", "Refuses: no MOJO yet.", takes=MODEL_EXPORT, gives=None)
def mojo(call: Call) -> dict[str, Any]:
    """MOJOs come with model export."""
    call.server.store.model_details(call["model_id"])
    raise _not_yet("The model as a MOJO")
