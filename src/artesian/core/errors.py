"""The exceptions of Artesian, one small tree; each says what is wrong, which value, what is allowed and what to do.

`status` is the HTTP status that the server answers with; `values` are the facts behind the sentence, for machines. The value
`detail`, where there is one, continues the sentence: it is for sentences that clients compare word by word.
"""

from __future__ import annotations

import difflib
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, Literal

Severity = Literal["error", "warning", "info", "hidden"]


class ArtesianError(Exception):
    """Something went wrong in the server itself."""

    status = 500

    def __init__(self, message: str, **values: Any) -> None:
        super().__init__(message)
        self.message = message
        self.values: dict[str, Any] = values


class InvalidArgument(ArtesianError):  # noqa: N818 - names read as what is wrong
    """A value given is outside of what is allowed."""

    status = 400


class NotFound(ArtesianError):  # noqa: N818
    """No object, column, file or route of that name."""

    status = 404


class Forbidden(ArtesianError):  # noqa: N818
    """Allowed to nobody here: a path outside the roots, an address that is guarded, a missing token."""

    status = 403


class Unauthorized(ArtesianError):  # noqa: N818
    """The request carries no valid token."""

    status = 401


class TooLarge(ArtesianError):  # noqa: N818
    """A body, a decompressed file or an object is over a limit that a setting names."""

    status = 413


class Conflict(ArtesianError):  # noqa: N818
    """The object is in use or exists already."""

    status = 409


class Busy(ArtesianError):  # noqa: N818
    """As many are at it as a setting allows; later there may be room."""

    status = 503


class NotAvailable(ArtesianError):  # noqa: N818
    """Known to H2O, not offered here (yet); the sentence says so and what to use instead."""

    status = 501


class ParseError(InvalidArgument):
    """A file cannot be read as a table; the sentence names file and line."""


class OutOfMemory(ArtesianError):  # noqa: N818
    """The memory budget does not hold what was asked for."""

    status = 507


class WorkerDied(ArtesianError):  # noqa: N818
    """The worker process of a job ended without an answer (killed, out of memory, crashed in native code)."""


class Cancelled(ArtesianError):  # noqa: N818
    """The job was cancelled by its user."""


@dataclass(frozen=True)
class Problem:
    """One finding of a validation: about which field, how bad, and what to do."""

    severity: Severity
    field: str
    message: str


class InvalidParameters(InvalidArgument):
    """One or more parameters of an algorithm are wrong; carries every problem at once."""

    status = 412

    def __init__(self, algorithm: str, problems: Iterable[Problem], **values: Any) -> None:
        self.algorithm = algorithm
        self.problems = tuple(problems)
        errors = [problem for problem in self.problems if problem.severity == "error"]
        sentences = " ".join(f"{problem.message.rstrip('.')} (field: {problem.field})." for problem in errors)
        super().__init__(f"{algorithm} cannot start: {sentences}", **values)


def did_you_mean(name: str, known: Iterable[str]) -> str:
    """` Did you mean 'x'?` for the nearest known name, or an empty string."""
    near = difflib.get_close_matches(name, list(known), n=1, cutoff=0.6)
    return f" Did you mean '{near[0]}'?" if near else ""
