"""Uploads of code that clients want to have run; refused unless a setting allows them."""

from __future__ import annotations

from typing import Any

import anyio

from artesian.core.errors import Conflict
from artesian.core.ids import check_key, new_key
from artesian.server.client_code import require_allowed
from artesian.server.routing import Call, route
from artesian.server.uploads import upload_to
from artesian.server.wire.client_code import PUT_KEY
from artesian.store import Kind


@route(
    "POST",
    "/3/PutKey",
    "putKey",
    "Uploads code of a client, such as a custom metric, if the server allows it.",
    takes=PUT_KEY,
    gives=PUT_KEY,
    streaming=True,
)
async def put_key(call: Call) -> dict[str, Any]:
    """Takes the upload; what the key stood for before is replaced only if it was a file and `overwrite` says so."""
    require_allowed(call.server)
    store = call.server.store
    key = check_key(call["destination_key"] or new_key("code"))
    if key in store and (not call["overwrite"] or store.kind_of(key) is not Kind.FILE):
        raise Conflict(f"There is a {store.kind_of(key).value} '{key}' already; choose another name.")
    path = store.new_upload_path()
    size, _ = await upload_to(path, call.request, call.server.settings.max_form_mb)
    await anyio.to_thread.run_sync(store.put_file, key, path)
    return PUT_KEY.new(destination_key=key, overwrite=call["overwrite"], total_bytes=size)
