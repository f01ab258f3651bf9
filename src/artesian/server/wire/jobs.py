"""Jobs: what they make, how far they are, how they ended."""

from __future__ import annotations

import logging
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
DETAILS = declare(
    "JobDetailsV3",
    "Iced",
    given("job_id", "Key<Job>", "Which job."),
    given("first_line", "int", "Number of the first line of the log that is wanted.", 0),
    given("first_glimpse", "int", "Number of the first glimpse that is wanted.", 0),
    out("can_finish", "boolean", "Whether it can be asked to finish now and keep what it has.", False),
    out("finish_refusal", "string", "Why it cannot."),
    out("finishing", "boolean", "Whether it was asked to.", False),
    out("memory_bytes", "long", "Memory that its worker process holds; 0 where it has none of its own.", 0),
    out("threads", "int", "Threads that it may use.", 0),
    out("first", "int", "Number of the first of these lines in the log.", 0),
    out("log", "Iced[]", "Lines of its log.", of="JobLogLineV3"),
    out("glimpses", "Iced[]", "How a training goes between its scorings.", of="GlimpseV3"),
    request=True,
)
GLIMPSE = declare(
    "GlimpseV3",
    "Iced",
    out("metric", "string", "What value is: logloss, deviance, mse …; null where the training tells none."),
    out("value", "double", "The metric of few training rows, or of the rows held out where held_out says so."),
    out("held_out", "boolean", "Whether the rows are not learnt from.", False),
    out("rows", "int", "How many training rows; 0 where held out.", 0),
    out("epochs", "double", "Epochs so far.", 0.0),
    out("samples", "long", "Rows trained so far.", 0),
    out("seconds", "double", "Seconds of training so far.", 0.0),
    out("samples_per_second", "double", "Speed of the training; null where unknown."),
)
LOG_LINE = declare(
    "JobLogLineV3",
    "Iced",
    out("timestamp", "long", "When, in milliseconds since 1970 UTC.", 0),
    out("level", "string", "DEBUG, INFO, WARNING or ERROR."),
    out("message", "string", "What."),
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


def glimpses(item: Job, first: int) -> tuple[int, list[dict[str, Any]]]:
    """Its glimpses from that number on, as far as they are kept, and the number after the last of them."""
    found = [(number, values) for number, values in list(item.glimpses) if number >= first]
    return (found[-1][0] + 1 if found else first), [GLIMPSE.new(**values) for _, values in found]


def details(item: Job, first_line: int = 0) -> dict[str, Any]:
    """What is told of a job beside its state: whether it can finish early, its memory, its log; without its glimpses."""
    lines = [line for line in list(item.log) if line.number >= first_line]
    runs = not item.status.is_final
    can = runs and not item.finish_refusal and not item.cancel_requested
    return DETAILS.new(
        job_id=job_key(item.key),
        can_finish=can,
        finish_refusal=None if can else item.finish_refusal or ("It is being cancelled." if runs else "It has ended."),
        finishing=item.finish_requested and runs,
        memory_bytes=item.memory_bytes if runs else 0,
        threads=item.threads,
        first=lines[0].number if lines else item.log_count,
        log=[
            LOG_LINE.new(timestamp=line.at_ms, level=logging.getLevelName(line.level), message=line.text)
            for line in lines
        ],
    )
