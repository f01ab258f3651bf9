"""AutoML: trains many models of several algorithms within a limit of time or number, ranks and stacks them.

`start` checks a request and starts its run, `findings` only checks. Behind it `spec` holds what is asked for, `plan` the steps and their order,
`recipes` their parameters, `common` what all models share, `sources` make orders of steps, `run` trains them, `splitting`
sets rows aside, `events` is the log, `document` what is kept and shown.
"""

from __future__ import annotations

import dataclasses
import logging
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any, Final

from artesian.core.errors import ArtesianError, Conflict, Problem
from artesian.jobs import Job
from artesian.learn.base.relevance import irrelevant
from artesian.learn.training import Trainer
from artesian.search.automl.document import RUNNING, Document
from artesian.search.automl.plan import plan_of
from artesian.search.automl.run import start as start_run
from artesian.search.automl.spec import ALGORITHMS, Spec, Task, check
from artesian.store import Kind

_log = logging.getLogger("artesian.search")
_NEEDED: Final = {
    "training_frame": "Choose the frame to learn from.",
    "response_column": "Choose the column to predict.",
}


def start(trainer: Trainer, values: Mapping[str, Any]) -> Job:
    """Starts the run of a request's values (see `spec.Spec`); without a project_name it gets one of its own.

    The job's `dest` is the key of the run's document, which grows as the run does. Raises InvalidArgument for values that
    are wrong, NotFound for frames that are not there, Conflict while another run of the project goes on.
    """
    store = trainer.store
    run_id = _new_run_id(trainer)
    spec = Spec.of({**values, "project_name": values.get("project_name") or run_id})
    task = check(spec, trainer, trainer.settings.thread_total())
    plan_of(task.spec)
    if any(job.dest == spec.key and not job.status.is_final for job in trainer.jobs.list()):
        raise Conflict(f"AutoML is running for the project '{spec.project_name}'; wait for it, or take another name.")
    earlier = store.document(Kind.AUTOML, spec.key) if spec.key in store else None
    document = Document(store, task, run_id, earlier, asked=spec)
    document.save()
    return start_run(trainer, task, document, blends=_blends(spec, task))


def findings(trainer: Trainer, values: Mapping[str, Any]) -> list[Problem]:
    """What is to be said about the values of a request, without starting its run.

    The errors are those that `start` would raise, with their fields; fields that have no say with the values of the others are
    `hidden`, as they are for models.
    """
    defaults = {item.name: item.default for item in dataclasses.fields(Spec) if item.default is not dataclasses.MISSING}
    told: dict[str, Any] = {**defaults, **values}
    found = [Problem("error", name, sentence) for name, sentence in _NEEDED.items() if not values.get(name)]
    if not found:
        try:
            spec = Spec.of({**values, "project_name": values.get("project_name") or _new_run_id(trainer)})
            task = check(spec, trainer, trainer.settings.thread_total())
            plan_of(task.spec)
            told = vars(task.spec)
        except ArtesianError as error:
            found.append(Problem("error", str(error.values.get("argument") or ""), error.message))
    if not values.get("max_models") and not values.get("max_runtime_secs"):
        sentence = "Without max_models and max_runtime_secs the run takes one hour."
        found.append(Problem("warning", "max_runtime_secs", sentence))
    if told["nfolds"] == -1:  # the run chooses: most have folds
        told = {**told, "nfolds": 2}
    return [*found, *irrelevant(told, told)]


def resume_all(trainer: Trainer) -> list[Job]:
    """Takes up the runs that the end of the server interrupted: what they trained stays, the time that was left is used."""
    jobs: list[Job] = []
    for key in trainer.store.keys(Kind.AUTOML):
        earlier = trainer.store.document(Kind.AUTOML, key)
        if earlier.get("status") != RUNNING:
            continue
        spec = Spec.of(earlier["asked"])
        try:
            task = check(spec, trainer, trainer.settings.thread_total())
        except ArtesianError as error:
            _log.warning("The AutoML run '%s' cannot go on: %s", key, error.message)
            trainer.store.put_document(Kind.AUTOML, key, {**earlier, "status": "FAILED"})
            continue
        document = Document(trainer.store, task, earlier["run_id"], earlier, asked=spec)
        jobs.append(start_run(trainer, task, document, blends=_blends(spec, task)))
    return jobs


def _blends(spec: Spec, task: Task) -> bool:
    return not task.spec.is_cross_validated and spec.nfolds == -1


def _new_run_id(trainer: Trainer) -> str:
    """`AutoML_<number>_<date>_<time>`, as no other run is called."""
    moment = datetime.now(UTC)
    number = 1 + len(list(trainer.store.keys(Kind.AUTOML)))
    return f"AutoML_{number}_{moment:%Y%m%d}_{int(f'{moment:%H%M%S}')}"


__all__ = ["ALGORITHMS", "findings", "resume_all", "start"]
