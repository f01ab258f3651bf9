"""Floor 2: jobs: their table, progress and cancel, and the worker processes that run them.

`manager` is the face (`Jobs`), `job` what is told of one job, `context` what a task may call. `pool` keeps worker processes,
which `launcher` forks and in which `worker` runs; `execution` follows one job on its worker; `failure` carries errors over.

The names are imported on first use: worker processes start from this package and need little of it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from artesian.jobs.context import JobContext
    from artesian.jobs.job import Job, JobStatus, Lane
    from artesian.jobs.manager import Jobs

__all__ = ["Job", "JobContext", "JobStatus", "Jobs", "Lane"]

_HOMES = {"Job": "job", "JobContext": "context", "JobStatus": "job", "Jobs": "manager", "Lane": "job"}


def __getattr__(name: str) -> Any:
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    import importlib

    return getattr(importlib.import_module(f"{__name__}.{_HOMES[name]}"), name)
