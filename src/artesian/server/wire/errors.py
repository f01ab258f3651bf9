"""The one shape of errors, and its extension for wrong parameters of an algorithm."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from artesian.core.clock import now_ms
from artesian.core.errors import (
    ArtesianError,
    InvalidArgument,
    InvalidParameters,
    NotFound,
    Problem,
    Severity,
)
from artesian.server.wire.schema import declare, out

_ERROR_FIELDS = (
    out("timestamp", "long", "When the error happened, in milliseconds since 1970 UTC.", 0),
    out("error_url", "string", "Path of the request that failed."),
    out("msg", "string", "What is wrong and what to do, for people."),
    out("dev_msg", "string", "The same with more detail, where there is any."),
    out("http_status", "int", "HTTP status of the answer.", 0),
    out("values", "Map<string,Object>", "Facts behind the message: names, values, limits."),
    out("exception_type", "string", "Kind of the error."),
    out("exception_msg", "string", "The message as it was raised."),
    out("stacktrace", "string[]", "Lines of the traceback, when the server is set to show them."),
)
MESSAGE = declare(
    "ValidationMessageV3",
    "ValidationMessage",
    out("message_type", "string", "ERRR, WARN, INFO or TRACE (the parameter does not apply)."),
    out("field_name", "string", "Parameter that the message is about."),
    out("message", "string", "The message."),
)
ERROR = declare("H2OErrorV3", "H2OError", *_ERROR_FIELDS)
BUILDER_ERROR = declare(
    "H2OModelBuilderErrorV3",
    "H2OModelBuilderError",
    *_ERROR_FIELDS,
    out("parameters", "Parameters", "The parameters as they were given.", of="ModelParametersSchemaV3"),
    out("messages", "ValidationMessage[]", "Every finding of the validation.", of="ValidationMessageV3"),
    out("error_count", "int", "How many findings are errors.", 0),
    parent="H2OErrorV3",
)
_SEVERITIES: dict[Severity, str] = {"error": "ERRR", "warning": "WARN", "info": "INFO", "hidden": "TRACE"}


def message(problem: Problem) -> dict[str, Any]:
    """A finding of a validation."""
    return MESSAGE.new(message_type=_SEVERITIES[problem.severity], field_name=problem.field, message=problem.message)


def _kind(error: BaseException) -> str:
    """The names that clients know, for the kinds that they tell apart."""
    if isinstance(error, InvalidParameters):
        return "water.exceptions.H2OModelBuilderIllegalArgumentException"
    if isinstance(error, NotFound):
        route = "route" in error.values
        return f"water.exceptions.H2O{'' if route else 'Key'}NotFoundArgumentException"
    if isinstance(error, InvalidArgument):
        return (
            "water.exceptions.H2OIllegalArgumentException"
            if error.status == 412
            else "java.lang.IllegalArgumentException"
        )
    return f"artesian.{type(error).__name__}"


def _full_message(problem: ArtesianError) -> str:
    """The sentence with what continues it, behind the name of the route that refused."""
    parts = [f"{problem.values['function']}:" if "function" in problem.values else "", problem.message]
    return " ".join(filter(None, [*parts, problem.values.get("detail")]))


def error(
    problem: ArtesianError, url: str, *, traceback: Sequence[str] = (), parameters: dict[str, Any] | None = None
) -> dict[str, Any]:
    """The answer for an error that a request ran into."""
    facts: dict[str, Any] = {
        "timestamp": now_ms(),
        "error_url": url,
        "msg": problem.message,
        "dev_msg": _full_message(problem),
        "http_status": problem.status,
        "values": problem.values,
        "exception_type": _kind(problem),
        "exception_msg": problem.message,
        "stacktrace": list(traceback),
    }
    if isinstance(problem, InvalidParameters):
        return BUILDER_ERROR.new(
            **facts,
            parameters=parameters,
            messages=[message(finding) for finding in problem.problems],
            error_count=sum(finding.severity == "error" for finding in problem.problems),
        )
    return ERROR.new(**facts)
