"""A store and jobs for tests; tasks are found in job_tasks.py, which worker processes import by name."""

import sys
import threading
import time
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parent))

from artesian.core.settings import Settings
from artesian.jobs import Jobs
from artesian.store import Store


@pytest.fixture(scope="module")
def settings():
    return Settings(threads=2, workers=2, cancel_grace_secs=0.5)


@pytest.fixture(scope="module")
def store(settings):
    with Store(settings) as opened:
        yield opened


@pytest.fixture(scope="module")
def jobs(store, settings):
    manager = Jobs(store, settings)
    yield manager
    manager.close()


@pytest.fixture
def make_jobs(store):
    """Makes further managers with settings of their own."""
    made = []

    def make(**values):
        made.append(Jobs(store, Settings(**{"threads": 2, "workers": 2, **values})))
        return made[-1]

    yield make
    for manager in made:
        manager.close()


@pytest.fixture
def run(jobs):
    """Submits a task of job_tasks and waits for it; the job carries its result."""

    def run_(task, manager=None, timeout=20.0, **arguments):
        manager = manager or jobs
        results = []
        job = manager.submit(f"job_tasks:{task}", arguments, description=task, on_done=results.append)
        manager.wait(job.key, timeout)
        job.result = results[0] if results else None
        return job

    return run_


@pytest.fixture
def until():
    """Waits until a condition holds, at most five seconds, and returns whether it does."""

    def until_(condition, timeout=5.0):
        deadline = time.monotonic() + timeout
        while not condition() and time.monotonic() < deadline:
            threading.Event().wait(0.005)
        return condition()

    return until_


@pytest.fixture
def alive():
    """Whether a process lives (a zombie does not)."""

    def alive_(pid):
        try:
            return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
        except OSError:
            return False

    return alive_
