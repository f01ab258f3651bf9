"""H2OJob: work that goes on in the server; it is polled, shown as a bar, and cancelled by Ctrl-C."""

from __future__ import annotations

import contextlib
import time
import warnings
from collections.abc import Callable, Iterator
from typing import Any

from artesian.client import session
from artesian.client.exceptions import H2OConnectionError, H2OJobCancelled, H2OJobFailed, H2OServerError
from artesian.client.progress import ProgressBar

_SHORTEST_WAIT_SECS = 0.005
_LONGEST_WAIT_SECS = 0.5
_WAITED_SHARE = 0.05
"""Between two questions passes so much of the time that the job has run: its end is seen at most so much later."""
_CANCEL_SECS = 10.0
_LOST_SECS = 30.0
_ENDED = ("DONE", "FAILED", "CANCELLED")

_show_bars = True


def show_progress() -> None:
    """Shows bars again."""
    global _show_bars
    _show_bars = True


def no_progress() -> None:
    """Shows no more bars."""
    global _show_bars
    _show_bars = False


@contextlib.contextmanager
def quietly() -> Iterator[None]:
    """Within it no bars are shown: for jobs that nobody asked for."""
    global _show_bars
    before, _show_bars = _show_bars, False
    try:
        yield
    finally:
        _show_bars = before


class H2OJob:
    """One job: `poll()` waits for its end and gives the job; `dest_key` then names what it made."""

    def __init__(self, reply: dict[str, Any], job_type: str) -> None:
        self.job_type = job_type
        self.warnings: list[str] = []
        self.told: set[str] = set()  # warnings that were issued when the job was submitted
        self._take(_job_of(reply))
        self.job_key: str = self.job["key"]["name"]
        self.dest_key: str = (self.job.get("dest") or {}).get("name") or ""

    def _take(self, job: dict[str, Any]) -> None:
        self.job = job
        self.status: str = job["status"]
        self.exception: str | None = job.get("exception")
        self.warnings = job.get("warnings") or self.warnings
        progress = float(job.get("progress") or 0.0)
        self.progress = {"CREATED": 0.0, "DONE": 1.0}.get(self.status, min(max(progress, 0.0), 0.99))

    def poll(self, poll_updates: Callable[[H2OJob, float], None] | None = None) -> H2OJob:
        """Waits until the job has ended, showing a bar; Ctrl-C cancels the job.

        `poll_updates(job, progress)` is called at each step. The job's warnings are issued as Python warnings. Raises
        H2OJobFailed (an EnvironmentError) or H2OJobCancelled.
        """
        bar = ProgressBar(self.job_type, hidden=not _show_bars)
        try:
            self._wait(bar, poll_updates)
        except KeyboardInterrupt:
            self._cancel_and_wait()
        bar.finish(self.progress, self.status.lower())
        for text in self.warnings:
            if text not in self.told:
                warnings.warn(text, stacklevel=3)
        if self.status == "CANCELLED":
            raise H2OJobCancelled(f"The job {self.job_key} ({self.job_type}) was cancelled.")
        if self.status == "FAILED":
            raise H2OJobFailed(
                f"{self.job_type} failed: {(self.exception or 'the server gave no reason').strip()}",
                self.job.get("stacktrace"),
            )
        return self

    def poll_once(self) -> H2OJob:
        """Asks the server once how the job is."""
        self._take(_job_of(session.api(f"GET /3/Jobs/{self.job_key}")))
        return self

    def cancel(self) -> None:
        """Asks the server to stop the job."""
        session.api(f"POST /3/Jobs/{self.job_key}/cancel")

    def finish(self) -> None:
        """Asks the server to end the job now and keep what it has: a training ends as its time limit would end it.

        The job then becomes DONE with a whole model. Raises H2OResponseError, with the reason, where there is nothing to keep.
        """
        session.api(f"POST /3/Jobs/{self.job_key}/finish")

    def _wait(self, bar: ProgressBar, updates: Callable[[H2OJob, float], None] | None) -> None:
        started = time.monotonic()
        while True:
            self._ask()
            if self.status in _ENDED:
                return
            bar.update(self.progress, str(self.job.get("progress_msg") or ""))
            if updates is not None:
                updates(self, self.progress)
            pause = _WAITED_SHARE * (time.monotonic() - started)
            time.sleep(min(max(pause, _SHORTEST_WAIT_SECS), _LONGEST_WAIT_SECS))

    def _ask(self) -> None:
        """Asks for the state; a server that is briefly away is asked again for some time."""
        deadline = time.monotonic() + _LOST_SECS
        while True:
            try:
                self.poll_once()
                return
            except (H2OConnectionError, H2OServerError):
                local = session.current().local_server
                if time.monotonic() > deadline or (local is not None and not local.is_running()):
                    raise
                time.sleep(_LONGEST_WAIT_SECS)

    def _cancel_and_wait(self) -> None:
        self.cancel()
        deadline = time.monotonic() + _CANCEL_SECS
        while self.status not in _ENDED and time.monotonic() < deadline:
            time.sleep(0.05)
            self.poll_once()
        if self.status not in _ENDED:
            self.status = "CANCELLED"

    def __repr__(self) -> str:
        state = f"at {self.progress:.0%}" if self.status in ("CREATED", "RUNNING") else self.status.lower()
        return f"<H2OJob {self.job_key} {state}>"


def _job_of(reply: dict[str, Any]) -> dict[str, Any]:
    """The job in a reply that holds a list of jobs, one job, or is one."""
    if "jobs" in reply:
        return dict(reply["jobs"][0])
    return dict(reply["job"]) if "job" in reply else dict(reply)
