"""What training asks of whoever runs it: threads, progress, messages, cancellation, an early end. `artesian.jobs` hands such a context in."""

from __future__ import annotations

from pathlib import Path
from typing import Any, Protocol

from artesian.core.errors import Cancelled
from artesian.core.settings import Settings


class Context(Protocol):
    """The face of a running job, as training sees it."""

    @property
    def threads(self) -> int:
        """Threads that this job may use."""

    @property
    def settings(self) -> Settings:
        """The server's settings."""

    @property
    def scratch(self) -> Path:
        """A folder for results, in the store's file system."""

    @property
    def cancelled(self) -> bool:
        """Whether the user has asked to stop."""

    @property
    def finishing(self) -> bool:
        """Whether the user has asked to end now and keep what there is."""

    @property
    def watched(self) -> bool:
        """Whether anybody looks on."""

    def progress(self, fraction: float, message: str = "") -> None:
        """Reports how much of the work is done, 0 to 1."""

    def warn(self, text: str) -> None:
        """Adds a warning to the job."""

    def publish(self, payload: dict[str, Any]) -> None:
        """Sends a JSON-safe interim result."""

    def check(self) -> None:
        """Raises Cancelled once the user has asked to stop."""

    def can_finish(self, refusal: str = "") -> None:
        """Says that the user may ask to end now and keep what there is; or why not."""

    def glimpse(self, values: dict[str, Any]) -> None:
        """Tells those who look on how the training goes, beside what its history keeps."""


class PlainContext:
    """A context without a job, for direct use and tests: keeps what it is told."""

    def __init__(self, scratch: Path, *, threads: int = 1, settings: Settings | None = None) -> None:
        self.threads = threads
        self.settings = settings or Settings()
        self.scratch = scratch
        self.cancelled = False
        self.finishing = False
        self.watched = False
        self.finish_refusal: str | None = None
        self.fraction = 0.0
        self.messages: list[str] = []
        self.warnings: list[str] = []
        self.published: list[dict[str, Any]] = []
        self.glimpses: list[dict[str, Any]] = []

    def progress(self, fraction: float, message: str = "") -> None:
        """Keeps the fraction, and the message if there is one."""
        self.fraction = fraction
        if message:
            self.messages.append(message)

    def warn(self, text: str) -> None:
        """Keeps the warning."""
        self.warnings.append(text)

    def publish(self, payload: dict[str, Any]) -> None:
        """Keeps the payload."""
        self.published.append(payload)

    def check(self) -> None:
        """Raises Cancelled when `cancelled` was set."""
        if self.cancelled:
            raise Cancelled("The training was cancelled.")

    def can_finish(self, refusal: str = "") -> None:
        """Keeps what it is told."""
        self.finish_refusal = refusal

    def glimpse(self, values: dict[str, Any]) -> None:
        """Keeps the glimpse."""
        self.glimpses.append(values)


class Share:
    """A part of another context's work: progress runs from `start` to `end` of the whole, messages carry a prefix."""

    def __init__(self, whole: Context, start: float, end: float, prefix: str = "", *, publishes: bool = False) -> None:
        self._whole, self._start, self._span, self._prefix, self._publishes = (
            whole,
            start,
            end - start,
            prefix,
            publishes,
        )

    @property
    def threads(self) -> int:
        """Those of the whole."""
        return self._whole.threads

    @property
    def settings(self) -> Settings:
        """Those of the whole."""
        return self._whole.settings

    @property
    def scratch(self) -> Path:
        """That of the whole."""
        return self._whole.scratch

    @property
    def cancelled(self) -> bool:
        """Whether the whole was cancelled."""
        return self._whole.cancelled

    @property
    def finishing(self) -> bool:
        """Whether the whole is to end."""
        return self._whole.finishing

    @property
    def watched(self) -> bool:
        """Whether anybody looks on, and this part is the one that is shown."""
        return self._publishes and self._whole.watched

    def progress(self, fraction: float, message: str = "") -> None:
        """Reports the fraction of this part as one of the whole."""
        self._whole.progress(self._start + self._span * fraction, self._prefix + message if message else "")

    def warn(self, text: str) -> None:
        """Warns with the prefix in front."""
        self._whole.warn(self._prefix + text)

    def publish(self, payload: dict[str, Any]) -> None:
        """Passes on only if this part is the one that is shown."""
        if self._publishes:
            self._whole.publish(payload)

    def check(self) -> None:
        """Raises Cancelled when the whole was cancelled."""
        self._whole.check()

    def can_finish(self, refusal: str = "") -> None:
        """Passes on only if this part is the one that is shown."""
        if self._publishes:
            self._whole.can_finish(refusal)

    def glimpse(self, values: dict[str, Any]) -> None:
        """Passes on."""
        self._whole.glimpse(values)
