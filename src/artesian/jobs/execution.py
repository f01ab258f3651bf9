"""Runs one job to its end, in a thread of the server: on a worker process, or (short work) in that thread itself.

Both return the task's result or raise: Cancelled, WorkerDied, OutOfMemory, or what the task raised.
"""

from __future__ import annotations

import logging
import threading
import time
import traceback
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from artesian.core.settings import Settings
from artesian.jobs.context import CANCEL, FINISH, FLAGS, WATCHED, JobContext
from artesian.jobs.failure import Failure, cancelled, death, over_limit
from artesian.jobs.job import Job
from artesian.jobs.pool import Worker, WorkerPool

_log = logging.getLogger("artesian.jobs")
_WATCH_SECS = 0.05
_KILL_WAIT_SECS = 0.3
_ATTEMPTS = 3


class TaskFailed(Exception):  # noqa: N818 - carries an error and the traceback that it had elsewhere
    """What a task raised in a worker process."""

    def __init__(self, failure: Failure) -> None:
        super().__init__(failure.message)
        self.failure = failure


class _NeverStarted(Exception):  # noqa: N818 - a signal between two functions
    """The worker ended before it took the task."""


@dataclass
class Execution:
    """What it takes to run a job: either a task by name with its pickled arguments, or a callable."""

    job: Job
    task: str | Callable[[JobContext], Any]
    arguments: bytes
    scratch: Path
    settings: Settings
    on_done: Callable[[Any], None] | None = None
    on_update: Callable[[dict[str, Any]], None] | None = None
    release: Callable[[], None] = lambda: None
    most_threads: int | None = None
    cancelled_at: float | None = None
    _worker: Worker | None = None
    _guard: threading.Lock = field(default_factory=threading.Lock)

    def cancel(self) -> None:
        """Asks the task to stop; whoever follows it ends it after the grace time if it does not."""
        with self._guard:
            self.job.cancel_requested = True
            self.cancelled_at = self.cancelled_at or time.monotonic()
            self._tell_worker(CANCEL)

    def finish(self) -> None:
        """Asks the task to come to its end with what it has."""
        with self._guard:
            self.job.finish_requested = True
            self._tell_worker(FINISH)

    def watch(self) -> None:
        """Tells the task that somebody looks on."""
        with self._guard:
            self.job.is_watched = True
            self._tell_worker(WATCHED)

    def _tell_worker(self, flag: int) -> None:
        if self._worker is not None:
            self._worker.flags[flag] = 1

    def runs_on(self, worker: Worker | None) -> None:
        """Notes whose flags tell the task to stop, None once the task has ended there."""
        with self._guard:
            self._worker = worker
            if worker is not None:
                worker.flags[CANCEL] = self.cancelled_at is not None
                worker.flags[FINISH] = self.job.finish_requested
                worker.flags[WATCHED] = self.job.is_watched

    def overdue(self) -> bool:
        """Whether the task was asked to stop and has had its grace time."""
        at = self.cancelled_at
        return at is not None and time.monotonic() - at > self.settings.cancel_grace_secs

    def hear(self, kind: str, *content: Any) -> None:
        """Takes a message of the task into the job."""
        if kind == "progress":
            self.job.progress, self.job.message = content
        elif kind == "warning":
            self.job.warnings.append(content[0])
            self.job.note(logging.WARNING, content[0])
        elif kind == "finish":
            self.job.finish_refusal = content[0]
        elif kind == "glimpse":
            self.job.glimpsed(content[0])
        elif kind == "log":
            name, level, text = content
            self.job.note(level, text)
            logging.getLogger(name).log(level, "[worker %s] %s", self._worker.pid if self._worker else "", text)
        elif kind == "update" and self.on_update is not None:
            try:
                self.on_update(content[0])
            except Exception:
                _log.exception(
                    "A snapshot of the job '%s' could not be taken over; the job goes on.", self.job.description
                )


def run_on_worker(execution: Execution, pool: WorkerPool) -> Any:
    """Runs the task in a worker process."""
    for _ in range(_ATTEMPTS):
        worker = pool.acquire(execution.job.threads)
        execution.runs_on(worker)
        try:
            kind, content = _follow(execution, worker, pool)
        except _NeverStarted:
            continue
        except BaseException:
            execution.runs_on(None)
            pool.kill(worker)
            pool.end(worker)
            worker.ended.wait(_KILL_WAIT_SECS)
            raise
        execution.runs_on(None)
        pool.release(worker)
        return _outcome(execution, kind, content)
    raise death(execution.job.description, None)


def _follow(execution: Execution, worker: Worker, pool: WorkerPool) -> tuple[str, list[Any]]:
    """Sends the task, listens, watches, and returns the task's last message."""
    started = False
    try:
        worker.connection.send(
            {
                "task": execution.task,
                "arguments": execution.arguments,
                "threads": execution.job.threads,
                "scratch": str(execution.scratch),
            }
        )
        next_watch = time.monotonic() + _WATCH_SECS
        while True:
            heard = worker.connection.poll(max(0.0, next_watch - time.monotonic()))
            if time.monotonic() >= next_watch:  # however much the task has to say
                _watch(execution, worker, pool)
                next_watch = time.monotonic() + _WATCH_SECS
            if not heard:
                continue
            kind, *content = worker.connection.recv()
            if kind == "started":
                started = True
            elif kind in ("done", "failed", "cancelled"):
                return kind, content
            else:
                execution.hear(kind, *content)
    except (EOFError, OSError) as error:
        if execution.cancelled_at is not None:
            raise cancelled() from None
        if not started:
            raise _NeverStarted from error
        raise death(execution.job.description, worker.exit_status()) from None


def _outcome(execution: Execution, kind: str, content: list[Any]) -> Any:
    if kind == "cancelled" or execution.cancelled_at is not None:
        raise cancelled()
    if kind == "failed":
        raise TaskFailed(content[0])
    return content[0]


def _watch(execution: Execution, worker: Worker, pool: WorkerPool) -> None:
    """Raises when the job was to stop and has not, or holds too much memory; its worker is ended then."""
    if execution.overdue():
        raise cancelled()
    held = execution.job.memory_bytes = worker.held_bytes()
    if held > pool.memory_limit:
        raise over_limit(execution.job.description, held, pool.memory_limit)


class ThreadContext(JobContext):
    """The context of work in a thread of the server."""

    def __init__(self, execution: Execution) -> None:
        self._execution = execution
        self._bytes = bytearray(FLAGS)
        super().__init__(execution.job.threads, execution.settings, execution.scratch, memoryview(self._bytes))

    def follow(self) -> None:
        """Sets the flags that the work polls, as the server has been asked."""
        self._bytes[CANCEL] = self._execution.cancelled_at is not None
        self._bytes[FINISH] = self._execution.job.finish_requested

    def _send(self, kind: str, *content: Any) -> None:
        self._execution.hear(kind, *content)


def run_in_thread(execution: Execution) -> Any:
    """Calls the work in a thread; one that does not stop when asked is left to itself and its result is dropped."""
    context = ThreadContext(execution)
    outcome: list[tuple[bool, Any]] = []
    work = execution.task
    assert callable(work)

    def call() -> None:
        try:
            outcome.append((True, work(context)))
        except BaseException as error:
            outcome.append((False, error))

    thread = threading.Thread(target=call, name=f"job-{execution.job.key}", daemon=True)
    thread.start()
    while thread.is_alive() and not execution.overdue():
        context.follow()
        thread.join(_WATCH_SECS)
    if execution.cancelled_at is not None:
        raise cancelled()
    succeeded, value = outcome[0]
    if not succeeded:
        raise value
    return value


def traceback_of(error: BaseException) -> str:
    """The traceback of an exception, as it was where it was raised."""
    if isinstance(error, TaskFailed):
        return error.failure.traceback
    return "".join(traceback.format_exception(error))
