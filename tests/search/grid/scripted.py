"""A trainer whose trainings last and end as a script says, without workers: searches are tested against it."""

from __future__ import annotations

import itertools
import json
import threading
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import polars as pl

from artesian.core.settings import Settings
from artesian.frame import Frame
from artesian.jobs import Job, Jobs, JobStatus
from artesian.learn.base.validation import ValidatedParameters, validate
from artesian.learn.training import Trainer
from artesian.store import Kind, Store

Outcome = float | Exception
"""The log loss of a model, or what its training fails with."""


class ScriptedTrainer(Trainer):
    """`outcome(values)` says what comes of parameters, `secs(values)` how long it takes (0: at once)."""

    def __init__(
        self,
        store: Store,
        settings: Settings,
        outcome: Callable[[Mapping[str, Any]], Outcome],
        secs: Callable[[Mapping[str, Any]], float] = lambda values: 0.0,
    ) -> None:
        super().__init__(store, Jobs(store, settings), settings)
        self.outcome, self.secs = outcome, secs
        self.begun: list[dict[str, Any]] = []
        self.most_at_once = 0
        self.threads: list[int | None] = []
        self._stops: dict[str, threading.Event] = {}
        self._guard = threading.Lock()
        self._folders = itertools.count()
        jobs_cancel = self.jobs.cancel

        def cancel(key: str) -> Job:
            if key in self._stops:
                self._stops[key].set()
                return self._jobs[key]
            return jobs_cancel(key)

        self._jobs: dict[str, Job] = {}
        self.jobs.cancel = cancel  # type: ignore[method-assign]
        store.put_frame("train", Frame.from_polars(pl.DataFrame({"x": [1.0, 2.0]})))

    def check(self, algorithm: str, given: Mapping[str, Any]) -> ValidatedParameters:
        return validate(algorithm, given)

    def start(self, checked: ValidatedParameters, key: str | None = None, **options: Any) -> Job:
        assert key is not None
        job = Job(f"training-{key}", "training", key, Kind.MODEL)
        job.status = JobStatus.RUNNING
        self._stops[job.key], self._jobs[job.key] = threading.Event(), job
        self.begun.append(checked.values)
        self.threads.append(options.get("threads"))
        self.most_at_once = max(self.most_at_once, sum(not one.status.is_final for one in self._jobs.values()))
        threading.Thread(target=self._train, args=(job, checked.values), daemon=True).start()
        return job

    def _train(self, job: Job, values: Mapping[str, Any]) -> None:
        stopped = self._stops[job.key].wait(self.secs(values))
        outcome = self.outcome(values)
        if stopped:
            status = JobStatus.CANCELLED
        elif isinstance(outcome, Exception):
            job.exception, job.traceback, status = str(outcome), "Traceback: …", JobStatus.FAILED
        else:
            self._register(str(job.dest), values, outcome)
            status = JobStatus.DONE
        job.status = status
        job.finished.set()

    def _register(self, key: str, values: Mapping[str, Any], log_loss: float) -> None:
        with self._guard:
            folder = Path(self.store.scratch_folder) / f"model{next(self._folders)}"
        folder.mkdir()
        metrics = {"kind": "binomial", "log_loss": log_loss, "mse": log_loss / 2, "auc": 1 - log_loss}
        details = {
            "key": key,
            "algorithm": "gbm",
            "supervised": True,
            "category": "Binomial",
            "start_ms": 1_000,
            "end_ms": 3_500,
            "parameters": {name: {"actual": value} for name, value in values.items()},
            "training_metrics": metrics,
            "validation_metrics": None,
            "cross_validation_metrics": None,
        }
        (folder / "details.json").write_text(json.dumps(details))
        self.store.put_model(key, folder)


def settle(trainer: Trainer, job: Job, timeout: float = 30.0) -> Job:
    """The job once it has ended."""
    assert job.finished.wait(timeout), f"the search goes on at {job.progress:.0%}: {job.message}"
    return job
