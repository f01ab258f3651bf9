"""What is told of one job: its status, progress, messages, outcome and times."""

from __future__ import annotations

import threading
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


@dataclass(eq=False)
class Job:
    """One piece of work. Written by the server's own threads, read by anyone.

    `progress` runs from 0 to 1; `dest` is the key of what the job makes, `dest_kind` its kind. After a failure `exception`
    is the sentence for people, `traceback` the detail, and `error` the exception itself. Times are milliseconds since 1970;
    `start_ms` is 0 until the job starts, `end_ms` until it ends. `threads` is its share of the threads. `part_of` is the key
    of the object, such as a grid, that a larger job makes with the help of this one: such jobs are not listed by themselves.
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
    is_viewable: Callable[[str], bool] = field(default=lambda key: False, repr=False)
    finished: threading.Event = field(default_factory=threading.Event, repr=False)

    @property
    def run_ms(self) -> int:
        """Milliseconds that the job has run so far, or ran."""
        return (self.end_ms or now_ms()) - self.start_ms if self.start_ms else 0

    @property
    def ready_for_view(self) -> bool:
        """Whether `dest` can be looked at: always once the job is done, else as soon as there is an object of that key."""
        return self.status is JobStatus.DONE or (self.dest is not None and self.is_viewable(self.dest))
