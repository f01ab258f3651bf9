"""Named notes: notebooks and clips of the web page, by category and name."""

from __future__ import annotations

import re
import uuid
from typing import Any

from starlette.responses import Response

from artesian.core.errors import NotFound
from artesian.server.parameters import IllegalRequest
from artesian.server.routing import Call, route
from artesian.server.uploads import small_upload
from artesian.server.wire.admin import NOTE, NOTE_TO_KEEP, NOTE_TO_RENAME, NOTE_VERSION, NOTE_VERSIONS, NOTES

_BASE = "/3/NodePersistentStorage"
_UNFIT = re.compile(r"[^ -~]|[\"/\\:*?<>|%]")  # in a header, or in the name of a file of some system


def _answer(call: Call, **more: Any) -> dict[str, Any]:
    return NOTES.new(**{**call.echo(), **more})


@route(
    "GET", f"{_BASE}/configured", "npsEnabled", "Tells that notes can be kept.", takes=NOTES, gives=NOTES, quick=True
)
def configured(call: Call) -> dict[str, Any]:
    """Notes can always be kept."""
    return _answer(call, configured=True)


@route(
    "GET",
    f"{_BASE}/categories/{{category}}/exists",
    "npsExistsCategory",
    "Tells whether there are notes of a category.",
    takes=NOTES,
    gives=NOTES,
)
@route(
    "GET",
    f"{_BASE}/categories/{{category}}/names/{{name}}/exists",
    "npsContains",
    "Tells whether there is a note.",
    takes=NOTES,
    gives=NOTES,
)
def exists(call: Call) -> dict[str, Any]:
    """Whether there is such a note, or any of the category."""
    return _answer(call, exists=call.server.store.blobs.exists(call["category"], call["name"]))


@route("GET", f"{_BASE}/{{category}}", "npsKeys", "Lists the notes of a category.", takes=NOTES, gives=NOTES)
def entries(call: Call) -> dict[str, Any]:
    """The notes, without their text."""
    found = [
        NOTE.new(category=item.category, name=item.name, size=item.nbytes, timestamp_millis=item.modified_ms)
        for item in call.server.store.blobs.entries(call["category"])
    ]
    return _answer(call, entries=found)


@route(
    "POST",
    f"{_BASE}/{{category}}",
    "npsCreateCategory",
    "Keeps a note under a new name.",
    takes=NOTE_TO_KEEP,
    gives=NOTES,
)
@route("POST", f"{_BASE}/{{category}}/{{name}}", "npsPut", "Keeps a note.", takes=NOTE_TO_KEEP, gives=NOTES)
def put(call: Call) -> dict[str, Any]:
    """Keeps the text; an earlier one of the name becomes a version, unless the request says otherwise."""
    if call["value"] is None:
        raise IllegalRequest("The parameter 'value' is required: give the text of the note.", argument="value")
    name = call["name"] or str(uuid.uuid4())
    text = call["value"].encode(errors="replace")
    call.server.store.blobs.put(call["category"], name, text, keep_earlier=call["keep_earlier"])
    return _answer(call, name=name)


@route("GET", f"{_BASE}/{{category}}/{{name}}", "npsGet", "Reads a note.", takes=NOTES, gives=NOTES)
def get(call: Call) -> dict[str, Any]:
    """The note with its text."""
    content = call.server.store.blobs.get(call["category"], call["name"])
    return _answer(call, value=content.decode(errors="replace"))


@route(
    "GET",
    f"{_BASE}/{{category}}/{{name}}/versions",
    "npsVersions",
    "Lists the earlier texts of a note.",
    takes=NOTE_VERSIONS,
    gives=NOTE_VERSIONS,
)
def versions(call: Call) -> dict[str, Any]:
    """Number, size and time of each version that is kept, the latest first."""
    found = [
        NOTE_VERSION.new(version=item.version, size=item.nbytes, timestamp_millis=item.modified_ms)
        for item in call.server.store.blobs.versions(call["category"], call["name"])
    ]
    return NOTE_VERSIONS.new(**{**call.echo(), "versions": found})


@route(
    "GET",
    f"{_BASE}/{{category}}/{{name}}/versions/{{version}}",
    "npsVersion",
    "Reads an earlier text of a note.",
    takes=NOTE_VERSIONS,
    gives=NOTE_VERSIONS,
)
def version(call: Call) -> dict[str, Any]:
    """One version with its text."""
    content = call.server.store.blobs.version(call["category"], call["name"], call["version"])
    return NOTE_VERSIONS.new(**{**call.echo(), "value": content.decode(errors="replace")})


@route(
    "POST",
    f"{_BASE}/{{category}}/{{name}}/rename",
    "npsRename",
    "Gives a note another name.",
    takes=NOTE_TO_RENAME,
    gives=NOTES,
)
def rename(call: Call) -> dict[str, Any]:
    """The note goes by the new name from now on, with its versions."""
    call.server.store.blobs.rename(call["category"], call["name"], call["new_name"])
    return _answer(call, name=call["new_name"])


@route("DELETE", f"{_BASE}/{{category}}/{{name}}", "npsRemove", "Removes a note.", takes=NOTES, gives=NOTES)
def remove(call: Call) -> dict[str, Any]:
    """Removes the note; one that is not there is removed already."""
    blobs = call.server.store.blobs
    if blobs.exists(call["category"], call["name"]):
        blobs.remove(call["category"], call["name"])
    return _answer(call)


@route(
    "GET",
    "/3/NodePersistentStorage.bin/{category}/{name}",
    "npsDownload",
    "Downloads a note as a file.",
    takes=NOTES,
    gives=None,
)
def download(call: Call) -> Response:
    """The note's bytes."""
    content = call.server.store.blobs.get(call["category"], call["name"])
    ending = ".flow" if call["category"] == "notebook" else ""
    shown = _UNFIT.sub("_", call["name"])
    headers = {"Content-Disposition": f'attachment; filename="{shown}{ending}"'}
    return Response(content, headers=headers, media_type="application/octet-stream")


@route(
    "POST",
    "/3/NodePersistentStorage.bin/{category}/{name}",
    "npsUpload",
    "Keeps an uploaded file as a note.",
    takes=NOTES,
    gives=NOTES,
    streaming=True,
)
async def upload(call: Call) -> dict[str, Any]:
    """Takes the file of a form, or a raw body."""
    content = await small_upload(call.request, call.server.settings.max_form_mb)
    if not content:
        raise NotFound("The upload holds no file; send one as a form or as the raw body.")
    call.server.store.blobs.put(call["category"], call["name"], content)
    return _answer(call)
