"""The job table of a server: jobs are submitted, queue within their lane, share the threads, and are remembered."""

from __future__ import annotations

import collections
import logging
import pickle
import shutil
import threading
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from artesian.core.clock import now_ms
from artesian.core.errors import Cancelled, Conflict, InvalidArgument, NotFound, did_you_mean
from artesian.core.ids import new_key
from artesian.core.settings import Settings
from artesian.jobs.context import JobContext
from artesian.jobs.execution import Execution, TaskFailed, run_in_thread, run_on_worker, traceback_of
from artesian.jobs.failure import describe
from artesian.jobs.job import Job, JobStatus, Lane
from artesian.jobs.pool import WorkerPool
from artesian.store import Kind, Store

_log = logging.getLogger("artesian.jobs")
_CLOSE_WAIT_SECS = 5.0


class Jobs:
    """Runs jobs on worker processes and in threads. Thread-safe.

    `preload` names modules that workers import before their first task. In each lane at most `settings.worker_total()` jobs
    run at a time, the others wait. A job that starts alone gets all threads, later ones what is left, at least one.
    """

    def __init__(self, store: Store, settings: Settings, *, preload: Sequence[str] = ()) -> None:
        self._store = store
        self._settings = settings
        self._pool = WorkerPool(settings, preload)
        self._guard = threading.Lock()
        self._jobs: dict[str, Job] = {}
        self._executions: dict[str, Execution] = {}
        self._waiting: dict[Lane, collections.deque[Execution]] = {lane: collections.deque() for lane in Lane}
        self._running: dict[Lane, int] = dict.fromkeys(Lane, 0)
        self._threads_used = 0
        self._closed = False

    # ---- starting ----

    def submit(
        self,
        task: str,
        arguments: Mapping[str, Any],
        *,
        description: str,
        dest: str | None = None,
        dest_kind: Kind | str | None = None,
        on_done: Callable[[Any], None] | None = None,
        on_update: Callable[[dict[str, Any]], None] | None = None,
        session: str | None = None,
        lane: Lane | None = None,
        threads: int | None = None,
    ) -> Job:
        """Has `task` ("module:function") called in a worker as `function(context, **arguments)`.

        `on_done(result)` runs in the server before the job counts as DONE, and fails it by raising; `on_update(payload)` for
        each `context.publish`. Both may be called before this method returns. Segments and model folders whose paths stand
        anywhere in the arguments stay until the job ends. The lane is LONG for a job that makes a model, else SHORT; `threads`
        is the most that it takes. Raises
        NotFound when one of the files is gone, InvalidArgument when the arguments cannot be sent to another process.
        """
        lane = lane or (Lane.LONG if dest_kind == Kind.MODEL else Lane.SHORT)
        job = self._new_job(description, dest, dest_kind, session, lane)
        packed = _packed(task, arguments)
        lease = self._store.lease(self._store.paths_in(arguments))
        execution = Execution(
            job,
            task,
            packed,
            self._store.scratch_folder / job.key,
            self._settings,
            on_done,
            on_update,
            lease.release,
            most_threads=threads,
        )
        self._enqueue(execution)
        return job

    def run(
        self,
        work: Callable[[JobContext], Any],
        *,
        description: str,
        dest: str | None = None,
        dest_kind: Kind | str | None = None,
        on_done: Callable[[Any], None] | None = None,
        on_update: Callable[[dict[str, Any]], None] | None = None,
        session: str | None = None,
    ) -> Job:
        """Calls `work(context)` in a thread of the server, at once: for short work, or work that mostly waits."""
        job = self._new_job(description, dest, dest_kind, session, Lane.SHORT)
        job.threads = self._settings.thread_total()
        scratch = self._store.scratch_folder / job.key
        execution = Execution(job, work, b"", scratch, self._settings, on_done, on_update)
        with self._guard:
            self._register(execution)
        self._start(execution)
        return job

    # ---- asking ----

    def get(self, key: str) -> Job:
        """The job of that key; NotFound when there is none, or it ended too long ago to be remembered."""
        with self._guard:
            if key not in self._jobs:
                raise NotFound(f"There is no job '{key}'.{did_you_mean(key, self._jobs)}", key=key)
            return self._jobs[key]

    def list(self) -> list[Job]:
        """All remembered jobs, oldest first."""
        with self._guard:
            return [*self._jobs.values()]

    def wait(self, key: str, timeout: float | None = None) -> Job:
        """The job once it has ended, or after `timeout` seconds as it then is (see its status)."""
        job = self.get(key)
        job.finished.wait(timeout)
        return job

    def cancel(self, key: str) -> Job:
        """Stops a job: at once if it waits, else within the grace time; without effect if it has ended."""
        job = self.get(key)
        with self._guard:
            execution = self._executions.get(key)
            if execution is None:
                return job
            waiting = self._waiting[job.lane]
            queued = execution in waiting
            if queued:
                waiting.remove(execution)
            execution.cancel()
        if queued:
            self._finish(execution, JobStatus.CANCELLED)
        return job

    def finish(self, key: str) -> Job:
        """Asks a job to come to its end now and keep what it has. Raises Conflict, with the reason, where it cannot."""
        job = self.get(key)
        with self._guard:
            execution = self._executions.get(key)
            if execution is None:
                raise Conflict(f"The job '{key}' has ended already: it is {job.status.value}.")
            if job.finish_refusal or job.cancel_requested:
                reason = job.finish_refusal or "It is being cancelled."
                raise Conflict(f"{job.description} '{job.dest or key}' cannot finish early. {reason}")
            execution.finish()
        return job

    def watch(self, key: str) -> None:
        """Tells a job that somebody looks on; without effect if it has ended."""
        execution = self._executions.get(key)
        if execution is not None and not execution.job.is_watched:
            execution.watch()

    def close(self) -> None:
        """Cancels every job and ends every worker; returns within a few seconds."""
        with self._guard:
            self._closed = True
            executions = [*self._executions.values()]
        for execution in executions:
            self.cancel(execution.job.key)
        self._pool.close()
        for execution in executions:
            execution.job.finished.wait(_CLOSE_WAIT_SECS)

    @property
    def closed(self) -> bool:
        """Whether `close` was called."""
        return self._closed

    # ---- the queue ----

    def _new_job(self, description: str, dest: str | None, dest_kind: Any, session: str | None, lane: Lane) -> Job:
        return Job(
            new_key("job"),
            description,
            dest,
            dest_kind,
            session,
            lane,
            log=collections.deque(maxlen=self._settings.job_log_lines),
            glimpses=collections.deque(maxlen=self._settings.job_glimpses),
            is_viewable=self._store.__contains__,
        )

    def _register(self, execution: Execution) -> None:
        if self._closed:
            execution.release()
            raise Conflict("No job can start: the server is stopping.")
        self._jobs[execution.job.key] = execution.job
        self._executions[execution.job.key] = execution

    def _enqueue(self, execution: Execution) -> None:
        with self._guard:
            self._register(execution)
            self._waiting[execution.job.lane].append(execution)
        self._start_waiting()

    def _start_waiting(self) -> None:
        """Starts what may start, and shares the free threads among that."""
        ready: list[Execution] = []
        with self._guard:
            for lane in (Lane.SHORT, Lane.LONG):
                while self._waiting[lane] and self._running[lane] < self._settings.worker_total():
                    self._running[lane] += 1
                    ready.append(self._waiting[lane].popleft())
            for position, execution in enumerate(ready):
                free = self._settings.thread_total() - self._threads_used
                share = max(1, free // (len(ready) - position))
                execution.job.threads = min(share, execution.most_threads or share)
                self._threads_used += execution.job.threads
        for execution in ready:
            self._start(execution)

    def _start(self, execution: Execution) -> None:
        name = f"job-{execution.job.key}-follow"
        threading.Thread(target=self._execute, args=(execution,), name=name, daemon=True).start()

    # ---- one job ----

    def _execute(self, execution: Execution) -> None:
        job = execution.job
        on_worker = isinstance(execution.task, str)
        job.start_ms = now_ms()
        job.status = JobStatus.RUNNING
        try:
            execution.scratch.mkdir()
            result = run_on_worker(execution, self._pool) if on_worker else run_in_thread(execution)
            if execution.on_done is not None:
                execution.on_done(result)
            status = JobStatus.DONE
        except Cancelled:
            status = JobStatus.CANCELLED
        except BaseException as error:
            status = JobStatus.FAILED
            job.error = error.failure.error() if isinstance(error, TaskFailed) else error
            job.exception = describe(job.error)
            job.traceback = traceback_of(error)
            job.note(logging.ERROR, job.exception)
            _log.warning("The job '%s' failed: %s", job.description, job.exception)
        if on_worker:
            with self._guard:
                self._running[job.lane] -= 1
                self._threads_used -= job.threads
        self._finish(execution, status)
        if on_worker:
            self._start_waiting()

    def _finish(self, execution: Execution, status: JobStatus) -> None:
        job = execution.job
        shutil.rmtree(execution.scratch, ignore_errors=True)
        execution.release()
        if status is JobStatus.DONE:
            job.progress = 1.0
        job.end_ms = now_ms()
        job.start_ms = job.start_ms or job.end_ms
        with self._guard:
            job.status = status
            self._executions.pop(job.key, None)
            self._forget_oldest()
        job.finished.set()

    def _forget_oldest(self) -> None:
        surplus = len(self._jobs) - len(self._executions) - self._settings.job_history
        if surplus > 0:
            ended = (key for key, job in self._jobs.items() if job.status.is_final)
            for key in [key for key, _ in zip(ended, range(surplus), strict=False)]:
                del self._jobs[key]


def _packed(task: str, arguments: Mapping[str, Any]) -> bytes:
    try:
        return pickle.dumps(dict(arguments), protocol=pickle.HIGHEST_PROTOCOL)
    except Exception as error:
        raise InvalidArgument(
            f"The arguments of the task {task} cannot be sent to a worker process: {error}."
        ) from error
