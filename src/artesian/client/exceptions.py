"""The exceptions of the Python client, under the names that scripts written for H2O catch.

`H2OValueError` and `H2OTypeError` are raised before anything is sent; `H2OResponseError` and `H2OServerError` carry
what a server answered; `H2OConnectionError` says that none could be reached.
"""

from __future__ import annotations

from typing import Any

__all__ = [
    "H2OConnectionError",
    "H2ODependencyWarning",
    "H2ODeprecationWarning",
    "H2OError",
    "H2OErrorV3",
    "H2OFrameGone",
    "H2OJobCancelled",
    "H2OJobFailed",
    "H2OModelBuilderErrorV3",
    "H2OResponseError",
    "H2OServerError",
    "H2OSoftError",
    "H2OStartupError",
    "H2OTypeError",
    "H2OValueError",
    "NoAnswer",
    "NotAvailable",
    "NotOffered",
]


class H2OError(Exception):
    """Base of all errors of the client."""


class H2OSoftError(H2OError):
    """An error whose sentence says all; its traceback helps nobody."""


class H2OValueError(H2OSoftError, ValueError):
    """A value given is outside of what is allowed; `var_name` names the argument."""

    def __init__(self, message: str, var_name: str | None = None) -> None:
        super().__init__(message)
        self.var_name = var_name


class H2OTypeError(H2OSoftError, TypeError):
    """An argument is of the wrong type."""

    def __init__(self, message: str, var_name: str | None = None) -> None:
        super().__init__(message)
        self.var_name = var_name


class H2OFrameGone(H2OValueError, AttributeError):  # noqa: N818 - reads as what is wrong
    """The frame was removed: nothing can be asked of it."""


class NotAvailable(H2OSoftError, NotImplementedError):  # noqa: N818 - reads as what is wrong
    """Something that H2O offers and the connected server does not."""


class H2OServerError(H2OError):
    """The server failed, or answered with something that is no answer."""

    def __init__(self, message: str, stacktrace: list[str] | None = None) -> None:
        super().__init__(message)
        self.stacktrace = stacktrace


class NotOffered(NotAvailable, H2OServerError):  # noqa: N818 - reads as what is wrong
    """The server says that it does not offer what was asked of it."""


class H2OStartupError(H2OSoftError):
    """A local server could not be started."""


class H2OConnectionError(H2OSoftError):
    """No server answers at the address, or it went away."""


class NoAnswer(H2OConnectionError):  # noqa: N818 - reads as what is wrong
    """Nobody answers at the address."""


class H2OErrorV3:
    """What a server tells of a request that it refused: the fields of its reply as attributes.

    `msg` is the sentence for people, `dev_msg` one with more detail, `values` the facts behind it.
    """

    def __init__(self, body: dict[str, Any], endpoint: str = "") -> None:
        self._body = body
        self.endpoint = endpoint
        self.msg = _clean(body.get("msg"))
        self.dev_msg = _clean(body.get("dev_msg"))
        self.exception_msg = _clean(body.get("exception_msg"))
        self.exception_type = str(body.get("exception_type") or "")
        self.http_status = int(body.get("http_status") or 0)
        self.values: dict[str, Any] = body.get("values") or {}
        self.stacktrace: list[str] = body.get("stacktrace") or []
        self.error_url = body.get("error_url")
        self.timestamp = body.get("timestamp")

    @property
    def _props(self) -> dict[str, Any]:
        """The fields of the reply, under the name that scripts reach for."""
        return self._body

    def __getitem__(self, name: str) -> Any:
        return self._body[name]

    def __str__(self) -> str:
        request = f"\n  Request: {self.endpoint}" if self.endpoint else ""
        if self.exception_type:  # what scripts written for H2O look for in the text
            request += f"\n  Server error {self.exception_type}: HTTP {self.http_status}"
        # a server of our own continues the sentence there
        told = self.dev_msg if self.msg and self.dev_msg.startswith(self.msg) else self.msg
        return f"Error: {told or self.exception_msg or self.exception_type}{request}"

    def __repr__(self) -> str:
        return f"<{type(self).__name__} {self.http_status} {self.msg!r}>"


class H2OModelBuilderErrorV3(H2OErrorV3):
    """The answer to wrong parameters of a model: `messages` lists each finding with its field."""

    def __init__(self, body: dict[str, Any], endpoint: str = "") -> None:
        super().__init__(body, endpoint)
        self.parameters = body.get("parameters") or {}
        self.messages: list[dict[str, Any]] = body.get("messages") or []
        self.error_count = int(body.get("error_count") or 0)

    def __str__(self) -> str:
        errors = [message for message in self.messages if message.get("message_type") in ("ERRR", "ERROR", "FATAL")]
        told = f"{self.msg}{self.exception_msg}"
        untold = [m for m in errors if str(m.get("message")).strip().rstrip(".") not in told]
        return "\n".join(
            [super().__str__(), *(f"  {m.get('field_name')}: {str(m.get('message')).strip()}" for m in untold)]
        )


class H2OResponseError(H2OError, EnvironmentError):
    """The server refused the request; `args[0]` is the H2OErrorV3 that says why."""

    def __str__(self) -> str:
        return str(self.args[0]) if self.args else ""


class H2OJobCancelled(H2OError):  # noqa: N818 - H2O's name
    """The job was cancelled, by Ctrl-C or by somebody else."""


class H2OJobFailed(H2OError, EnvironmentError):  # noqa: N818 - the pair of H2OJobCancelled
    """The job ended with an error; `stacktrace` is the server's, where it sent one."""

    def __init__(self, message: str, stacktrace: str | None = None) -> None:
        super().__init__(message)
        self.stacktrace = stacktrace


class H2ODeprecationWarning(DeprecationWarning):
    """A name that still works and has a better one."""


class H2ODependencyWarning(Warning):
    """Something works more slowly or less fully without an optional library."""


def _clean(text: Any) -> str:
    return str(text or "").replace("ERROR MESSAGE:", "").strip()
