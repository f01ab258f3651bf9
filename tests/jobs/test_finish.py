"""Jobs that are asked to finish early end as DONE with what they have; others are refused with their reason."""

import pytest

from artesian.core.errors import Conflict
from artesian.jobs import JobStatus


def test_job_that_can_finishes_with_what_it_has(jobs, until):
    updates, results = [], []
    job = jobs.submit(
        "job_tasks:finishes_when_asked", {}, description="task", on_update=updates.append, on_done=results.append
    )
    assert until(lambda: updates)
    with pytest.raises(Conflict, match=r"task .* cannot finish early\. Nothing is there yet\."):
        jobs.finish(job.key)
    jobs.watch(job.key)
    assert until(lambda: job.finish_refusal == "")
    assert until(lambda: job.memory_bytes > 1e6)  # no Python is smaller
    jobs.finish(job.key)
    assert jobs.wait(job.key, 10).status is JobStatus.DONE
    assert (results, job.finish_requested, job.cancel_requested) == (["what there is"], True, False)
    assert [values for _, values in job.glimpses] == [{"value": 1.0}]
    assert [line.text for line in job.log] == ["half way"]


def test_next_job_on_the_worker_is_not_asked(jobs, until, run):
    test_job_that_can_finishes_with_what_it_has(jobs, until)
    job = jobs.submit("job_tasks:finishes_when_asked", {}, description="again")
    jobs.watch(job.key)
    assert until(lambda: job.finish_refusal == "")
    assert not jobs.wait(job.key, 0.2).status.is_final
    jobs.cancel(job.key)
    assert jobs.wait(job.key, 10).status is JobStatus.CANCELLED


def test_waiting_silent_and_ended_jobs_are_refused(make_jobs, until, run):
    jobs = make_jobs(workers=1)
    silent = jobs.submit("job_tasks:cooperative", {}, description="silent")
    waiting = jobs.submit("job_tasks:cooperative", {}, description="waiting")
    for job in (silent, waiting):
        with pytest.raises(Conflict, match=f"{job.description} .* cannot finish early. It has not begun to learn"):
            jobs.finish(job.key)
        jobs.cancel(job.key)
        jobs.wait(job.key, 10)
        with pytest.raises(Conflict, match="has ended already: it is CANCELLED"):
            jobs.finish(job.key)


def test_work_in_a_thread_of_the_server_finishes_too(jobs):
    def work(context):
        context.can_finish()
        while not context.finishing:
            context.check()
        return "kept"

    results = []
    job = jobs.run(work, description="search", on_done=results.append)
    while job.finish_refusal:
        pass
    jobs.finish(job.key)
    assert jobs.wait(job.key, 10).status is JobStatus.DONE
    assert results == ["kept"]


def test_only_the_last_lines_of_a_log_are_kept(make_jobs):
    jobs = make_jobs(job_log_lines=2)
    job = jobs.run(lambda context: [context.warn(f"line {i}") for i in range(5)], description="talks")
    jobs.wait(job.key, 10)
    assert [(line.number, line.text) for line in job.log] == [(3, "line 3"), (4, "line 4")]
