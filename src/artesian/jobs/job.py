"""What is told of one job: its status, progress, messages, outcome and times."""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from artesian.core.clock import now_ms


class JobStatus(StrEnum):
    """Where a job stands; the last three are final."""

    CREATED = "CREATED"
    RUNNING = "RUNNING"
    DONE = "DONE"
    FAILED = "FAILED"
    CANCELLED = "CANCELLED"

    @property
    def is_final(self) -> bool:
        """Whether nothing changes any more."""
        return self in (JobStatus.DONE, JobStatus.FAILED, JobStatus.CANCELLED)


class Lane(StrEnum):
    """Jobs queue within their lane only, so that a parse or a prediction never waits behind long trainings."""

    LONG = "long"
    SHORT = "short"


NOT_YET = "It has not begun to learn, so there is nothing to keep yet: cancel it, or wait."
"""Why a job cannot finish early, until it says otherwise."""


@dataclass(frozen=True)
class LogLine:
    """One line of a job's log, numbered from 0; `level` is one of `logging`."""

    number: int
    at_ms: int
    level: int
    text: str


@dataclass(eq=False)
class Job:
    """One piece of work. Written by the server's own threads, read by anyone.

    `progress` runs from 0 to 1; `dest` is the key of what the job makes, `dest_kind` its kind. After a failure `exception`
    is the sentence for people, `traceback` the detail, and `error` the exception itself. Times are milliseconds since 1970;
    `start_ms` is 0 until the job starts, `end_ms` until it ends. `threads` is its share of the threads. `part_of` is the key
    of the object, such as a grid, that a larger job makes with the help of this one: such jobs are not listed by themselves.

    `memory_bytes` is what its worker process holds. `log` has its last lines and `glimpses` its last looks at how the work
    goes, each with its number from 0. `finish_refusal` says why it cannot be asked to finish early; empty: it can.
    """

    key: str
    description: str
    dest: str | None
    dest_kind: Any
    session: str | None = None
    lane: Lane = Lane.SHORT
    status: JobStatus = JobStatus.CREATED
    progress: float = 0.0
    message: str = ""
    warnings: list[str] = field(default_factory=list)
    exception: str | None = None
    traceback: str | None = None
    error: BaseException | None = None
    created_ms: int = field(default_factory=now_ms)
    start_ms: int = 0
    end_ms: int = 0
    threads: int = 0
    part_of: str = ""
    cancel_requested: bool = False
    finish_requested: bool = False
    finish_refusal: str = NOT_YET
    is_watched: bool = False
    memory_bytes: int = 0
    log: deque[LogLine] = field(default_factory=deque, repr=False)
    log_count: int = 0
    glimpses: deque[tuple[int, dict[str, Any]]] = field(default_factory=deque, repr=False)
    glimpse_count: int = 0
    is_viewable: Callable[[str], bool] = field(default=lambda key: False, repr=False)
    finished: threading.Event = field(default_factory=threading.Event, repr=False)

    def note(self, level: int, text: str) -> None:
        """Adds a line to its log."""
        self.log.append(LogLine(self.log_count, now_ms(), level, text))
        self.log_count += 1

    def glimpsed(self, values: dict[str, Any]) -> None:
        """Adds a look at how its work goes."""
        self.glimpses.append((self.glimpse_count, values))
        self.glimpse_count += 1

    @property
    def run_ms(self) -> int:
        """Milliseconds that the job has run so far, or ran."""
        return (self.end_ms or now_ms()) - self.start_ms if self.start_ms else 0

    @property
    def ready_for_view(self) -> bool:
        """Whether `dest` can be looked at: always once the job is done, else as soon as there is an object of that key."""
        return self.status is JobStatus.DONE or (self.dest is not None and self.is_viewable(self.dest))
