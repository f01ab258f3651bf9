"""The expression language: run one expression, list the operators."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from artesian.core.ids import check_key
from artesian.rapids import catalogue, evaluate, is_look_up
from artesian.server import leaderboard_operator, model_operators  # noqa: F401  # they register their operators
from artesian.server.environment import StoreEnvironment
from artesian.server.routing import Call, route
from artesian.server.wire.rapids import HELP, HELP_REQUEST, RAPIDS, help_of, result

_NO_SESSION = "_rest_session"


def _is_quick(raw: Mapping[str, Any]) -> bool:
    return is_look_up(str(raw.get("ast", "")))


@route("POST", "/99/Rapids", "rapidsExec", "Runs a Rapids expression.", takes=RAPIDS, gives=RAPIDS, quick=_is_quick)
def rapids(call: Call) -> dict[str, Any]:
    """Runs the expression in its session; a frame that it leaves nameless is kept under `id`, if one is given."""
    session = call["session_id"] or _NO_SESSION
    server = call.server
    server.store.touch(session)
    environment = StoreEnvironment(server, session)
    with environment.evaluating():
        outcome = evaluate(call["ast"], environment)
        shown = result(outcome)
        if call["id"] and outcome.kind == "frame" and outcome.key is None:
            environment.assign(check_key(call["id"]), outcome.value)
            shown["key"] = shown["key"] | {
                "name": call["id"],
                "type": "Key<Frame>",
                "URL": f"/3/Frames/{call['id']}",
            }
        return shown


@route("GET", "/99/Rapids/help", "rapids_help", "Lists the operators of Rapids.", takes=HELP_REQUEST, gives=HELP)
def rapids_help(call: Call) -> dict[str, Any]:
    """Name, family and doc line of every operator."""
    return help_of([tuple(entry) for entry in catalogue()])  # type: ignore[misc]
