"""Worker processes: what kills one, what it may hold, how threads are shared, and that the pool refills."""

import os
import signal
import subprocess
import sys
import textwrap
import time
from pathlib import Path

import polars as pl
import pytest

from artesian.core.errors import NotFound, OutOfMemory, WorkerDied
from artesian.core.settings import Settings
from artesian.frame import Frame
from artesian.jobs import Jobs, JobStatus
from artesian.jobs.failure import death
from artesian.store import Kind, Store

pytestmark = pytest.mark.alone

MB = 1 << 20


@pytest.mark.parametrize(
    ("task", "arguments", "part"),
    [
        ("die", {"number": signal.SIGKILL}, "was ended by SIGKILL (probably because the machine ran out of memory)"),
        ("die", {"number": signal.SIGTERM}, "was ended by SIGTERM"),
        ("die", {"number": signal.SIGABRT}, "was ended by SIGABRT (native code gave up"),
        ("die", {"number": signal.SIGRTMIN + 3}, f"was ended by signal {signal.SIGRTMIN + 3}."),
        ("fault", {}, "was ended by SIGSEGV (a fault in native code)"),
        ("leave_at_once", {}, "ended itself with exit code 3"),
    ],
)
def test_worker_that_dies_fails_its_own_job_only(jobs, run, until, task, arguments, part):
    other = jobs.submit("job_tasks:cooperative", {}, description="other")
    assert until(lambda: other.status is JobStatus.RUNNING)
    job = run(task, **arguments)
    assert job.status is JobStatus.FAILED
    assert type(job.error) is WorkerDied
    assert part in job.exception
    assert "Other jobs, frames and models are not affected" in job.exception
    assert other.status is JobStatus.RUNNING
    jobs.cancel(other.key)
    jobs.wait(other.key, 5)
    assert run("add", a=1, b=2).result == 3


def test_worker_killed_from_outside_fails_its_job_at_once(jobs, run, until, alive):
    updates = []
    job = jobs.submit("job_tasks:start_child", {}, description="training", on_update=updates.append)
    assert until(lambda: updates)
    started = time.monotonic()
    os.kill(updates[0]["worker"], signal.SIGKILL)
    jobs.wait(job.key, 5)
    assert time.monotonic() - started < 1
    assert "job 'training' was ended by SIGKILL" in job.exception
    assert until(lambda: not alive(updates[0]["child"]))


def test_idle_worker_that_was_killed_is_not_given_a_job(jobs, run, until):
    for _ in range(5):
        pid = run("facts").result["pid"]
        os.kill(pid, signal.SIGKILL)
        job = run("facts")
        assert job.status is JobStatus.DONE
        assert job.result["pid"] != pid


def test_launcher_that_was_killed_is_started_anew(make_jobs, run, until, alive):
    jobs = make_jobs()
    updates = []
    job = jobs.submit("job_tasks:start_child", {}, description="x", on_update=updates.append)
    assert until(lambda: updates)
    launcher = jobs._pool._process.pid
    worker = updates[0]["worker"]
    os.kill(launcher, signal.SIGKILL)
    jobs.wait(job.key, 10)
    assert job.status is JobStatus.FAILED
    assert until(lambda: not alive(worker))
    assert run("add", a=1, manager=jobs).result == 1


def test_status_of_a_worker_may_stay_unknown():
    assert "ended without an answer" in str(death("x", None))


def test_worker_over_its_memory_limit_fails_its_job(make_jobs, run):
    jobs = make_jobs(worker_memory_mb=300)
    job = run("hold", manager=jobs, mebibytes=600)
    assert type(job.error) is OutOfMemory
    assert "and 300 MB are allowed" in job.exception
    assert "--worker-memory-mb" in job.exception
    assert job.run_ms < 8000
    assert run("hold", manager=jobs, mebibytes=128, secs=0).status is JobStatus.DONE


def test_memory_is_watched_however_much_a_task_has_to_say(make_jobs, run):
    jobs = make_jobs(worker_memory_mb=300)
    job = run("hold_and_chatter", manager=jobs, mebibytes=600)
    assert type(job.error) is OutOfMemory


def test_request_that_no_memory_holds_is_refused_in_the_task(make_jobs, run):
    jobs = make_jobs(worker_memory_mb=300)
    job = run("ask_for_too_much", manager=jobs)
    assert type(job.error) is OutOfMemory
    assert "needs more memory than its worker may hold" in job.exception
    assert "in ask_for_too_much" in job.traceback


def test_mapped_files_do_not_count_as_memory_of_the_worker(make_jobs, run, tmp_path):
    jobs = make_jobs(worker_memory_mb=250)
    path = tmp_path / "file"
    path.write_bytes(b"\x01" * (400 * MB))
    job = run("map_file", manager=jobs, path=str(path))
    path.unlink()
    assert job.exception is None
    assert job.result == 400 * MB


def test_job_alone_gets_all_threads_in_every_library(make_jobs, run, store):
    jobs = make_jobs(threads=3)
    for _ in range(2):
        result = run("facts", manager=jobs).result
        assert result["threads"] == result["polars"] == 3
        assert result["variables"] == ["3"] * 3
        assert result["blas"] == {3}
        assert result["scratch"].parent == store.scratch_folder
        assert result["scratch_is_empty"]
        assert result["workers"] == 2


def test_threads_are_shared_out_among_running_jobs(make_jobs, run, tmp_path):
    jobs = make_jobs(threads=3, workers=3)
    first = jobs.submit("job_tasks:wait_for", {"file": str(tmp_path / "go")}, description="x")
    shares = [run("facts", manager=jobs).result for _ in range(2)]
    assert [share["threads"] for share in shares] == [share["polars"] for share in shares] == [1, 1]
    (tmp_path / "go").touch()
    jobs.wait(first.key, 5)
    assert first.threads == 3
    assert run("facts", manager=jobs).result["threads"] == 3


def test_jobs_that_start_together_share_equally(make_jobs, tmp_path):
    jobs = make_jobs(threads=4, workers=2)
    blockers = [jobs.submit("job_tasks:wait_for", {"file": str(tmp_path / "a")}, description="x") for _ in range(2)]
    waiting = [jobs.submit("job_tasks:wait_for", {"file": str(tmp_path / "b")}, description="x") for _ in range(2)]
    assert [job.threads for job in blockers] == [4, 1]
    jobs.cancel(blockers[0].key)
    jobs.wait(blockers[0].key, 5)
    assert waiting[0].threads == 3
    (tmp_path / "a").touch()
    jobs.wait(blockers[1].key, 5)
    assert waiting[1].threads == 1
    (tmp_path / "b").touch()
    assert [jobs.wait(job.key, 5).status for job in waiting] == [JobStatus.DONE] * 2


def test_keys_made_in_different_workers_differ(make_jobs, run, tmp_path):
    jobs = make_jobs(workers=3)
    blocker = jobs.submit("job_tasks:wait_for", {"file": str(tmp_path / "go")}, description="x")
    first = run("new_key", manager=jobs).result
    (tmp_path / "go").touch()
    jobs.wait(blocker.key, 5)
    second = run("new_key", manager=jobs).result
    assert first[0] != second[0]
    assert first[1] != second[1]


def test_one_worker_stays_ready_and_used_ones_are_ended(make_jobs, run, until, alive):
    jobs = make_jobs(worker_idle_secs=0.5, workers=3)
    assert until(lambda: [worker.threads for worker in jobs._pool.workers()] == [0])
    used = {run("facts", manager=jobs).result["pid"]}
    assert until(lambda: [worker.threads for worker in jobs._pool.workers()] == [0])
    assert not any(alive(pid) for pid in used)


def test_thread_left_behind_does_not_speak_for_the_next_job(make_jobs, run):
    jobs = make_jobs(workers=1)
    run("leave_a_thread_talking", manager=jobs)
    updates = []
    job = jobs.submit("job_tasks:tell", {}, description="x", on_update=updates.append)
    jobs.wait(job.key, 10)
    assert updates == [{"step": 1}, {"step": 2}]


def test_frame_removed_while_a_job_waits_stays_readable_for_it(jobs, store, until, tmp_path):
    store.put_frame("f", Frame.from_polars(pl.DataFrame({"x": [1, 2, 3]})))
    results = []
    arguments = {"manifest": store.manifest("f"), "wait": str(tmp_path / "go")}
    job = jobs.submit("job_tasks:read_frame", arguments, description="x", on_done=results.append)
    store.remove("f")
    (tmp_path / "go").touch()
    jobs.wait(job.key, 10)
    assert results == [6]
    assert until(lambda: list(store.segment_folder.iterdir()) == [])
    with pytest.raises(NotFound, match="removed meanwhile"):
        jobs.submit("job_tasks:read_frame", arguments, description="x")


def test_frame_of_a_worker_enters_the_store(jobs, store):
    job = jobs.submit(
        "job_tasks:write_frame",
        {"values": [1.5, 2.5]},
        description="x",
        dest="made",
        dest_kind=Kind.FRAME,
        on_done=lambda manifest: store.put_manifest("made", manifest),
    )
    jobs.wait(job.key, 10)
    assert job.exception is None
    assert store.frame("made").to_polars()["x"].to_list() == [1.5, 2.5]
    assert not (store.scratch_folder / job.key).exists()
    store.remove("made")


SERVER = """
    import sys, time
    from artesian.core.settings import Settings
    from artesian.jobs import Jobs, JobStatus
    from artesian.store import Store
    sys.path.insert(0, sys.argv[1])
    settings = Settings(data_dir=sys.argv[2], threads=2)
    jobs = Jobs(Store(settings), settings)
    updates = []
    job = jobs.submit("job_tasks:start_child", {}, description="x", on_update=updates.append)
    while not updates:
        time.sleep(0.01)
    time.sleep(0.2)
    print(jobs._pool._process.pid, *updates[0].values(), flush=True)
    time.sleep(100)
"""


def test_workers_end_with_a_server_that_is_killed(tmp_path, until, alive):
    command = [sys.executable, "-c", textwrap.dedent(SERVER), str(Path(__file__).parent), str(tmp_path)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as server:
        pids = [int(word) for word in server.stdout.readline().split()]
        assert len(pids) == 3
        assert all(alive(pid) for pid in pids)
        server.kill()
    assert until(lambda: not any(alive(pid) for pid in pids))
    with Store(Settings(data_dir=str(tmp_path))) as store:
        assert list(store.scratch_folder.iterdir()) == []


def test_idle_memory_of_launcher_and_worker_is_small(make_jobs, until):
    """An idle server must stay below 300 MB in all; launcher and spare worker may take half of that."""
    jobs = make_jobs()
    assert until(lambda: jobs._pool.workers() and jobs._pool.workers()[0].pid)
    time.sleep(1.5)
    pids = [jobs._pool._process.pid, *(worker.pid for worker in jobs._pool.workers())]
    assert len(pids) == 2
    assert sum(resident(pid) for pid in pids) < 150 * MB


def resident(pid):
    lines = Path(f"/proc/{pid}/status").read_text().splitlines()
    return next(int(line.split()[1]) << 10 for line in lines if line.startswith("VmRSS"))


def test_manager_that_never_ran_a_job_closes_at_once(store):
    started = time.monotonic()
    Jobs(store, Settings()).close()
    assert time.monotonic() - started < 1
