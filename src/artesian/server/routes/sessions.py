"""Sessions: their temporaries live until they are closed."""

from __future__ import annotations

from typing import Any

from artesian.server.parameters import IllegalRequest
from artesian.server.routing import Call, route
from artesian.server.wire.sessions import INIT_ID, PROPERTY, SESSION_ID, SESSION_REQUEST


@route("POST", "/4/sessions", "newSession4", "Opens a session.", takes=SESSION_REQUEST, gives=SESSION_ID)
def open_session(call: Call) -> dict[str, Any]:
    """A new session's name."""
    return SESSION_ID.new(session_key=call.server.store.open_session())


@route("GET", "/3/InitID", "newSession", "Opens a session.", takes=INIT_ID, gives=INIT_ID)
def init_id(call: Call) -> dict[str, Any]:
    """A new session's name, in the third version's shape."""
    return INIT_ID.new(session_key=call.server.store.open_session())


@route(
    "DELETE",
    "/4/sessions/{session_key}",
    "endSession4",
    "Closes a session and frees its temporaries.",
    takes=INIT_ID,
    gives=INIT_ID,
)
@route("DELETE", "/3/InitID", "endSession", "Closes a session and frees its temporaries.", takes=INIT_ID, gives=INIT_ID)
def close_session(call: Call) -> dict[str, Any]:
    """Closes; a session that is not open is closed already."""
    key = call["session_key"]
    if key:
        call.server.store.close_session(key)
        with call.server.guard:
            for entry in [entry for entry in call.server.session_properties if entry[0] == key]:
                del call.server.session_properties[entry]
    return INIT_ID.new(session_key=key)


def _required(call: Call, *names: str) -> None:
    for name in names:
        if call[name] is None:
            raise IllegalRequest(f"The parameter '{name}' is required.", argument=name)


@route(
    "GET",
    "/3/SessionProperties",
    "getSessionProperty",
    "Reads a property of a session.",
    takes=PROPERTY,
    gives=PROPERTY,
)
def read_property(call: Call) -> dict[str, Any]:
    """The property's value, or nothing."""
    _required(call, "key")
    value = call.server.session_properties.get((call["session_key"] or "", call["key"]))
    return PROPERTY.new(session_key=call["session_key"], key=call["key"], value=value)


@route(
    "POST",
    "/3/SessionProperties",
    "setSessionProperty",
    "Sets a property of a session.",
    takes=PROPERTY,
    gives=PROPERTY,
)
def set_property(call: Call) -> dict[str, Any]:
    """Keeps the value; without one the property is dropped."""
    _required(call, "key")
    entry = (call["session_key"] or "", call["key"])
    with call.server.guard:
        if call["value"] is None:
            call.server.session_properties.pop(entry, None)
        else:
            call.server.session_properties[entry] = call["value"]
    return PROPERTY.new(session_key=call["session_key"], key=call["key"], value=call["value"])
