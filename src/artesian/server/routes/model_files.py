"""Models as files: saved on the server, loaded from there, downloaded, uploaded; in this server's own open format."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any
from urllib.parse import quote

from starlette.responses import Response, StreamingResponse

from artesian.core.errors import Conflict, InvalidArgument
from artesian.core.ids import new_key
from artesian.frame.io import check_export, check_import
from artesian.server.model_archive import pieces
from artesian.server.parameters import IllegalRequest
from artesian.server.routes.models import shown_model
from artesian.server.routing import Call, route
from artesian.server.state import Server
from artesian.server.wire.model import MODEL_EXPORT, MODEL_IMPORT, MODELS
from artesian.store import Kind


def save_file(server: Server, key: str, target: Path, *, with_predictions: bool) -> None:
    """Writes the model, with its held-out predictions where they are asked for and kept."""
    folder, details = server.store.model_folder(key), server.store.model_details(key)
    names = [details["cross_validation_holdout_predictions"], *(details["cross_validation_predictions"] or ())]
    frames = {n: server.store.manifest(n) for n in names if with_predictions and n and n in server.store}
    arguments = {"model_folder": str(folder), "frames": frames, "target": str(target)}
    server.settle(server.jobs.submit("artesian.server.tasks:save_model", arguments, description=f"Save {key}"))


def load_file(server: Server, path: Path) -> dict[str, Any]:
    """Takes the model of a file over; one of the same key is replaced. Conflict where another object has the key."""
    done: list[str] = []

    def finish(result: Mapping[str, Any]) -> None:
        for made in (result["model"], *result["models"]):
            key = made["key"]
            if key in server.store and server.store.kind_of(key) is not Kind.MODEL:
                kind = server.store.kind_of(key).value
                raise Conflict(f"A model in the file is called '{key}', and so is a {kind} here; remove that first.")
        server.trainer.register(result)
        done.append(result["model"]["key"])

    job = server.jobs.submit(
        "artesian.server.tasks:load_model", {"path": str(path)}, description="Load a model", on_done=finish
    )
    server.settle(job)
    return MODELS.new(models=[shown_model(server, done[0])])


def _directory(call: Call) -> str:
    if not call["dir"]:
        raise IllegalRequest("The parameter 'dir' is required: give the path of the file.", argument="dir")
    return str(call["dir"])


@route(
    "GET",
    "/99/Models.bin/{model_id}",
    "exportModel",
    "Saves a model to a file.",
    takes=MODEL_EXPORT,
    gives=MODEL_EXPORT,
)
def export_model(call: Call) -> dict[str, Any]:
    """Writes the file inside the export roots; into a folder that is there under the model's key."""
    server, key = call.server, call["model_id"]
    server.store.model_folder(key)
    target = check_export(_directory(call), server.settings)
    if target.is_dir():
        target = target / quote(key, safe=" ()+,=@")
    if target.exists() and not call["force"]:
        raise IllegalRequest(f"The file {target} exists already; give force=true to write over it.", argument="dir")
    if target.is_dir():
        raise InvalidArgument(f"{target} is a folder; give the path of a file.")
    target.parent.mkdir(parents=True, exist_ok=True)
    save_file(server, key, target, with_predictions=call["export_cross_validation_predictions"])
    return MODEL_EXPORT.new(**{**call.echo(), "dir": str(target)})


@route(
    "GET",
    "/3/Models.fetch.bin/{model_id}",
    "modelBinary",
    "Downloads a model as a file.",
    takes=MODELS,
    gives=None,
)
def download(call: Call) -> Response:
    """The file that saving would write."""
    server, key = call.server, call["model_id"]
    server.store.model_folder(key)
    target = server.store.scratch_folder / new_key("download")
    save_file(server, key, target, with_predictions=call["export_cross_validation_predictions"])
    headers = {
        "Content-Disposition": f"attachment; filename*=UTF-8''{quote(key, safe='')}",
        "Content-Length": str(target.stat().st_size),
    }
    return StreamingResponse(pieces(target), media_type="application/octet-stream", headers=headers)


@route(
    "POST",
    "/99/Models.bin/{model_id}",
    "importModel",
    "Loads a model from a file.",
    takes=MODEL_IMPORT,
    gives=MODELS,
)
def import_model(call: Call) -> dict[str, Any]:
    """Reads a saved model inside the import roots; it keeps the key that it had.

    Besides files that were saved, the folders that training itself exports are read.
    """
    from artesian.learn.base.model import is_model

    source = check_import(_directory(call), call.server.settings)
    if not source.is_file() and not is_model(source):
        raise InvalidArgument(f"There is no file {source} to load a model from.")
    return load_file(call.server, source)


@route(
    "POST",
    "/99/Models.upload.bin/{model_id}",
    "uploadModel",
    "Loads a model from an uploaded file.",
    takes=MODEL_IMPORT,
    gives=MODELS,
)
def upload(call: Call) -> dict[str, Any]:
    """`dir` names the uploaded file, which goes once the model is there."""
    server, key = call.server, _directory(call)
    source = server.store.file(key)
    if not isinstance(source, Path):
        raise InvalidArgument(f"'{key}' is no uploaded file.")
    answer = load_file(server, source)
    server.store.remove(key, missing_ok=True)
    return answer
