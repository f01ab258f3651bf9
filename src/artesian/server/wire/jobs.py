"""Jobs: what they make, how far they are, how they ended."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from artesian.core.clock import now_ms
from artesian.server.wire.keys import (
    any_key,
    automl_key,
    frame_key,
    grid_key,
    job_key,
    model_key,
    partial_dependence_key,
)
from artesian.server.wire.schema import declare, given, out

if TYPE_CHECKING:
    from artesian.jobs import Job

JOB = declare(
    "JobV3",
    "Job",
    out("key", "Key<Job>", "The job itself.", of="JobKeyV3"),
    out("description", "string", "What it does."),
    out("status", "string", "CREATED, RUNNING, CANCELLED, FAILED or DONE."),
    out("progress", "float", "How much is done, 0 to 1.", 0.0),
    out("progress_msg", "string", "What it is at."),
    out("start_time", "long", "When it started, in milliseconds since 1970 UTC.", 0),
    out("msec", "long", "How long it has run, in milliseconds.", 0),
    out("dest", "Key<Keyed>", "The object that it makes.", of="KeyV3"),
    out("warnings", "string[]", "Warnings for the user."),
    out("exception", "string", "Why it failed."),
    out("stacktrace", "string", "Traceback of the failure."),
    out("auto_recoverable", "boolean", "Whether it resumes by itself after a crash.", False),
    out("ready_for_view", "boolean", "Whether the object can be looked at already.", False),
)
JOBS = declare(
    "JobsV3",
    "Iced",
    given("job_id", "Key<Job>", "Which job."),
    out("jobs", "Job[]", "Jobs.", of="JobV3"),
    request=True,
)
JOB_REQUEST = declare("JobIV4", "Iced", given("job_id", "string", "Which job."), version=4)
_KEYS = {"frame": frame_key, "model": model_key, "automl": automl_key, "grid": grid_key}
_KEYS["partial dependence"] = partial_dependence_key


def job(item: Job) -> dict[str, Any]:
    """A job as it stands."""
    started = item.start_ms or 0
    ended = item.end_ms or (now_ms() if started else 0)
    kind = str(getattr(item.dest_kind, "value", item.dest_kind) or "")
    return JOB.new(
        key=job_key(item.key),
        description=item.description,
        status=item.status.value,
        progress=float(item.progress),
        progress_msg=item.message or None,
        start_time=started,
        msec=max(0, ended - started),
        dest=_KEYS.get(kind, any_key)(item.dest) if item.dest else None,
        warnings=list(item.warnings) or None,
        exception=item.exception or None,
        stacktrace=item.traceback or item.exception or None,
        ready_for_view=bool(item.ready_for_view),
    )
