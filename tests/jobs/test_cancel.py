"""Cancelling: cooperative tasks stop in milliseconds, all others within the grace time, and only the job asked for."""

import time

import pytest

from artesian.jobs import JobStatus

pytestmark = pytest.mark.alone


def start(jobs, task, until, **arguments):
    updates = []
    job = jobs.submit(f"job_tasks:{task}", arguments, description=task, on_update=updates.append)
    assert until(lambda: job.status is JobStatus.RUNNING)
    time.sleep(0.1)
    return job, updates


def cancel(jobs, job):
    """Seconds from the call until the job had ended."""
    started = time.monotonic()
    jobs.cancel(job.key)
    assert job.cancel_requested
    jobs.wait(job.key, 10)
    return time.monotonic() - started


def test_cooperative_task_stops_at_once(jobs, until, run):
    pid = run("facts").result["pid"]
    job, _ = start(jobs, "cooperative", until)
    assert cancel(jobs, job) < 0.5
    assert job.status is JobStatus.CANCELLED
    assert job.exception is None
    assert run("facts").result["pid"] == pid  # the worker goes on with the next job


def test_native_code_sees_the_flag_within_milliseconds(jobs, until):
    job, updates = start(jobs, "polls_in_native_code", until)
    cancelled = time.time()
    cancel(jobs, job)
    assert job.status is JobStatus.CANCELLED
    assert updates[0]["seen"] - cancelled < 0.25


@pytest.mark.parametrize("task", ["deaf_sleep", "deaf_native", "deaf_chatter", "stopped"])
def test_task_that_does_not_listen_is_ended_after_the_grace_time(jobs, until, run, task):
    job, _ = start(jobs, task, until)
    elapsed = cancel(jobs, job)
    assert 0.5 <= elapsed < 2.0
    assert job.status is JobStatus.CANCELLED
    assert run("add", a=1).result == 1


def test_default_grace_time_ends_any_job_within_two_seconds(make_jobs, until):
    jobs = make_jobs()
    job, _ = start(jobs, "deaf_native", until)
    assert cancel(jobs, job) < 2.0


def test_waiting_job_is_cancelled_at_once(make_jobs, until):
    jobs = make_jobs(workers=1)
    running, _ = start(jobs, "cooperative", until)
    waiting = jobs.submit("job_tasks:add", {}, description="x")
    assert cancel(jobs, waiting) < 0.3
    assert waiting.status is JobStatus.CANCELLED
    assert running.status is JobStatus.RUNNING


def test_result_of_a_cancelled_job_is_dropped(jobs, until):
    results = []
    job = jobs.submit("job_tasks:returns_when_cancelled", {}, description="x", on_done=results.append)
    assert until(lambda: job.status is JobStatus.RUNNING)
    cancel(jobs, job)
    assert job.status is JobStatus.CANCELLED
    assert results == []


def test_cancelling_a_job_that_has_ended_changes_nothing(jobs, run):
    job = run("add")
    jobs.cancel(job.key)
    assert job.status is JobStatus.DONE
    assert not job.cancel_requested


def test_cancel_reaches_only_its_own_job(make_jobs, run):
    """Cancels that come as a job ends must not hit the next job of the same worker."""
    jobs = make_jobs(workers=1)
    statuses = []
    for number in range(150):
        job = jobs.submit("job_tasks:add", {}, description="x")
        time.sleep(number % 10 * 0.0004)
        jobs.cancel(job.key)
        innocent = run("cancelled_or_not", manager=jobs)
        statuses.append(innocent.result)
        jobs.wait(job.key, 5)
        assert job.status in (JobStatus.DONE, JobStatus.CANCELLED)
    assert statuses == [False] * 150


def test_children_of_a_cancelled_worker_are_ended_with_it(jobs, until, alive):
    job, updates = start(jobs, "start_child", until, deaf=True)
    assert until(lambda: updates)
    cancel(jobs, job)
    assert until(lambda: not alive(updates[0]["worker"]) and not alive(updates[0]["child"]))


def test_thread_work_stops_when_it_listens(jobs, until):
    def work(context):
        while True:
            context.check()
            time.sleep(0.001)

    job = jobs.run(work, description="x")
    assert until(lambda: job.status is JobStatus.RUNNING)
    assert cancel(jobs, job) < 0.5
    assert job.status is JobStatus.CANCELLED


def test_thread_work_that_does_not_listen_is_left_behind(jobs, until):
    release = []
    job = jobs.run(lambda context: until(lambda: release), description="x", on_done=release.append)
    elapsed = cancel(jobs, job)
    assert 0.4 < elapsed < 2.0
    assert job.status is JobStatus.CANCELLED
    assert release == []
    release.append("go")
