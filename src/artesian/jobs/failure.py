"""Errors of tasks, in a form that travels between processes, and the sentences for workers that died."""

from __future__ import annotations

import importlib
import os
import pickle
import signal
import traceback
from dataclasses import dataclass, field
from typing import Any

from artesian.core.errors import ArtesianError, Cancelled, OutOfMemory, WorkerDied

_AGAIN = "Start the job again; if it fails the same way, report it together with the server's log"
_SMALLER = "Give the machine more memory, use fewer rows or columns or a smaller model, or run fewer jobs at a time"
# signal -> likely cause and what to do
_SIGNALS = {
    "SIGKILL": ("probably because the machine ran out of memory", _SMALLER),
    "SIGABRT": ("native code gave up, possibly for want of memory", _AGAIN),
    "SIGSEGV": ("a fault in native code", _AGAIN),
    "SIGFPE": ("a fault in native code", _AGAIN),
    "SIGILL": ("native code was built for another processor", _AGAIN),
    "SIGBUS": (
        "a data file was cut short, or the disk is full",
        "Free disk space, import the data again and start the job again",
    ),
    "SIGTERM": ("somebody asked it to end", "Start the job again"),
}


@dataclass
class Failure:
    """An exception as it travels: a sentence, the traceback, and for our own errors the class and its facts."""

    message: str
    traceback: str
    home: str = ""
    name: str = ""
    facts: dict[str, Any] = field(default_factory=dict)

    @classmethod
    def of(cls, error: BaseException) -> Failure:
        """The portable form of an exception."""
        text = "".join(traceback.format_exception(error))
        if isinstance(error, MemoryError):
            error = OutOfMemory(
                "The job needs more memory than its worker may hold. Use fewer rows or columns or a smaller model, or start "
                "the server with a larger --worker-memory-mb or --memory-budget-mb."
            )
        if isinstance(error, ArtesianError):
            kind = type(error)
            return cls(error.message, text, kind.__module__, kind.__qualname__, _portable(vars(error)))
        return cls(describe(error), text)

    def error(self) -> ArtesianError:
        """The exception again: of its own class if that is one of ours, else an ArtesianError with the sentence."""
        kind: Any = ArtesianError
        if self.home.startswith("artesian."):
            kind = getattr(importlib.import_module(self.home), self.name, ArtesianError)
        error: ArtesianError = kind.__new__(kind, self.message)
        error.args = (self.message,)
        vars(error).update({"message": self.message, "values": {}, **self.facts})
        return error


def describe(error: BaseException) -> str:
    """An exception in one line, for people: ours as they are, others with their type."""
    if isinstance(error, ArtesianError):
        return error.message
    text = str(error).strip()
    return f"{type(error).__name__}: {text}" if text else type(error).__name__


def _portable(facts: dict[str, Any]) -> dict[str, Any]:
    """The facts that can be sent."""
    portable = {}
    for name, value in facts.items():
        try:
            pickle.dumps(value)
        except Exception:
            continue
        portable[name] = value
    return portable


def death(description: str, status: int | None) -> WorkerDied:
    """The error for a worker that ended without an answer; `status` as of os.waitpid, None when nobody knows it."""
    who = f"The worker process of the job '{description}'"
    unharmed = "Other jobs, frames and models are not affected."
    if status is None:
        return WorkerDied(f"{who} ended without an answer. {unharmed} Start the job again.")
    if os.WIFSIGNALED(status):
        name = _signal_name(os.WTERMSIG(status))
        cause, remedy = _SIGNALS.get(name, ("", _AGAIN))
        reason = f" ({cause})" if cause else ""
        return WorkerDied(f"{who} was ended by {name}{reason}. {unharmed} {remedy}.", signal=name)
    code = os.WEXITSTATUS(status)
    return WorkerDied(
        f"{who} ended itself with exit code {code} before it had an answer. {unharmed} {_AGAIN}.", exit_code=code
    )


def _signal_name(number: int) -> str:
    try:
        return signal.Signals(number).name
    except ValueError:
        return f"signal {number}"


def over_limit(description: str, used: int, limit: int) -> OutOfMemory:
    """The error for a job whose worker was ended because it held too much memory."""
    return OutOfMemory(
        f"The job '{description}' was stopped: its worker held {used >> 20} MB, and {limit >> 20} MB are allowed. "
        "Use fewer rows or columns or a smaller model, or start the server with a larger --worker-memory-mb or "
        "--memory-budget-mb.",
        used=used,
        limit=limit,
    )


def cancelled() -> Cancelled:
    """The error of a job that its user cancelled."""
    return Cancelled("The job was cancelled.")
