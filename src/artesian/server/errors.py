"""From exceptions to answers: every failure of a request leaves in one shape, with the right status."""

from __future__ import annotations

import logging
import traceback
from typing import TYPE_CHECKING, Any

import orjson
from starlette.responses import Response

from artesian.core.errors import ArtesianError
from artesian.server.wire.errors import error

if TYPE_CHECKING:
    from artesian.core.settings import Settings

_log = logging.getLogger("artesian.server")


def as_artesian(problem: BaseException) -> ArtesianError:
    """The exception as one of ours; an unforeseen one keeps its kind and text."""
    if isinstance(problem, ArtesianError):
        return problem
    if isinstance(problem, MemoryError):
        return _with_status("The server is out of memory for this request; free frames or models and try again.", 507)
    text = str(problem).strip() or "no further message"
    return _with_status(f"The server failed: {type(problem).__name__}: {text}", 500)


def _with_status(text: str, status: int) -> ArtesianError:
    wrapped = ArtesianError(text)
    wrapped.status = status
    return wrapped


def answer(problem: BaseException, url: str, settings: Settings, parameters: dict[str, Any] | None = None) -> Response:
    """The error's answer; what is the server's own fault goes to the log with its traceback."""
    ours = as_artesian(problem)
    lines: list[str] = []
    if not isinstance(problem, ArtesianError):
        _log.error("%s failed", url, exc_info=problem)
    elif ours.status >= 500:
        _log.warning("%s: %s", url, ours.message)
    if settings.show_tracebacks:
        lines = [line for part in traceback.format_exception(problem) for line in part.rstrip().split("\n")]
    body = error(ours, url, traceback=lines, parameters=parameters)
    headers = {"WWW-Authenticate": 'Basic realm="artesian"'} if ours.status == 401 else {}
    content = orjson.dumps(body, default=str, option=orjson.OPT_NON_STR_KEYS | orjson.OPT_SERIALIZE_NUMPY)
    return Response(content, ours.status, headers, "application/json")
