"""Jobs: list, look at, cancel, have them finish with what they have."""

from __future__ import annotations

from typing import Any

from artesian.server.routing import Call, route
from artesian.server.wire.jobs import DETAILS, JOB, JOB_REQUEST, JOBS, details, glimpses, job
from artesian.server.wire.keys import job_key


@route("GET", "/3/Jobs", "jobs", "Lists the jobs.", takes=JOBS, gives=JOBS)
def jobs(call: Call) -> dict[str, Any]:
    """All remembered jobs that make or write an object, without those that are a part of another one's work."""
    listed = [item for item in call.server.jobs.list() if item.dest and not item.part_of]
    return JOBS.new(job_id=None, jobs=[job(item) for item in listed])


@route("GET", "/3/Jobs/{job_id}", "job", "Tells how a job is doing.", takes=JOBS, gives=JOBS, quick=True)
def one_job(call: Call) -> dict[str, Any]:
    """One job."""
    item = call.server.jobs.get(call["job_id"] or "")
    return JOBS.new(job_id=job_key(item.key), jobs=[job(item)])


@route("POST", "/3/Jobs/{job_id}/cancel", "cancelJob", "Cancels a job.", takes=JOBS, gives=JOBS)
def cancel(call: Call) -> dict[str, Any]:
    """Asks the job to stop; it does within the grace time."""
    item = call.server.jobs.cancel(call["job_id"] or "")
    return JOBS.new(job_id=job_key(item.key))


@route(
    "POST",
    "/3/Jobs/{job_id}/finish",
    "finishJob",
    "Has a job come to its end now and keep what it has: the training of a model as its time limit would, a search with "
    "the models that are there.",
    takes=JOBS,
    gives=JOBS,
)
def finish(call: Call) -> dict[str, Any]:
    """Asks the job to finish; refused with the reason where there is nothing to keep."""
    item = call.server.jobs.finish(call["job_id"] or "")
    return JOBS.new(job_id=job_key(item.key), jobs=[job(item)])


@route(
    "GET",
    "/3/Jobs/{job_id}/details",
    "jobDetails",
    "Tells of a job whether it can finish early, its memory, its log, and how its training goes.",
    takes=DETAILS,
    gives=DETAILS,
    quick=True,
)
def job_details(call: Call) -> dict[str, Any]:
    """What is told of one job beside its state; from now on its training tells how it goes."""
    item = call.server.jobs.get(call["job_id"] or "")
    call.server.jobs.watch(item.key)
    told = details(item, max(0, call["first_line"] or 0))
    return told | {"glimpses": glimpses(item, max(0, call["first_glimpse"] or 0))[1]}


@route("GET", "/4/jobs/{job_id}", "getJob4", "Tells how a job is doing.", takes=JOB_REQUEST, gives=JOB, quick=True)
def job_4(call: Call) -> dict[str, Any]:
    """One job."""
    return job(call.server.jobs.get(call["job_id"]))
