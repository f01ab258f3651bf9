"""Measures models on a frame, several in one job: their metrics, and how long they take to predict a row.

What was measured is kept beside other metrics of the model and goes with it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any, Final

from artesian.core.clock import monotonic
from artesian.core.errors import ArtesianError, Cancelled, NotFound
from artesian.core.ids import MAX_KEY_LENGTH
from artesian.frame.segment import open_frame
from artesian.learn.base.context import Context
from artesian.learn.base.custom_code import available
from artesian.learn.base.model import load_model
from artesian.store import Kind

if TYPE_CHECKING:
    from artesian.learn.training import Trainer

_TIMED_ROWS: Final = 10_000
"""Rows that are predicted to tell the time of one: enough to outweigh what a call costs, few enough for large frames."""


def measure(
    trainer: Trainer, models: Sequence[str], frame: str, *, metrics: bool = True, times: bool = False
) -> dict[str, dict[str, Any]]:
    """`{"metrics", "ms_per_row"}` of models on a frame, by key; waits for a job unless all was measured before.

    `metrics` and `times` say which of the two is wanted; the other may be None. A model that cannot predict the frame has
    neither. Of a frame that is not there any more, what was measured before counts. Raises NotFound for a model that is not
    there, Cancelled when the job was cancelled.
    """
    since = trainer.store.entry(frame).created_ms if frame in trainer.store else None
    found = {model: _kept(trainer, model, frame, since) for model in models}
    wanted = [("metrics", metrics), ("ms_per_row", times)]
    lacking = [m for m, item in found.items() if any(needed and item.get(name) is None for name, needed in wanted)]
    if lacking and since is not None:
        for model, result in _run(trainer, lacking, frame, metrics, times).items():
            found[model] = {**found[model], **result}
            _keep(trainer, model, frame, since, found[model])
    return {model: {name: item.get(name) for name, _ in wanted} for model, item in found.items()}


def _run(trainer: Trainer, models: Sequence[str], frame: str, metrics: bool, times: bool) -> dict[str, dict[str, Any]]:
    store = trainer.store
    arguments = {
        "models": [
            {"key": key, "folder": str(store.model_folder(key)), "code": _code(trainer, store.model_details(key))}
            for key in models
        ],
        "frame": {"key": frame, "manifest": store.manifest(frame)},
        "metrics": metrics,
        "times": times,
    }
    done: list[dict[str, dict[str, Any]]] = []
    job = trainer.jobs.submit(
        "artesian.search.measuring:measured",
        arguments,
        description="Leaderboard",
        dest=None,
        dest_kind=None,
        on_done=done.append,
    )
    trainer.jobs.wait(job.key)
    if job.error is not None:
        raise job.error
    if not done:
        raise Cancelled("Measuring the models of the leaderboard was cancelled.")
    return done[0]


def measured(
    context: Context, *, models: Sequence[Mapping[str, Any]], frame: Mapping[str, Any], metrics: bool, times: bool
) -> dict[str, dict[str, Any]]:
    """The task: predicts the frame by each model (`{"key", "folder", "code"}`); see `measure` for what it returns."""
    table = open_frame(frame["manifest"])
    few = table.slice(0, min(table.n_rows, _TIMED_ROWS))
    found: dict[str, dict[str, Any]] = {}
    for number, item in enumerate(models):
        context.check()
        context.progress(number / len(models), f"Measuring {item['key']}")
        result: dict[str, Any] = {}
        try:
            with available(item["code"]):
                model = load_model(item["folder"])
                if times and few.n_rows:
                    model.predict(
                        few.slice(0, 1), threads=context.threads
                    )  # what a first call loads is no work on rows
                    start = monotonic()
                    model.predict(few, threads=context.threads)
                    result["ms_per_row"] = (monotonic() - start) * 1000 / few.n_rows
                if metrics:
                    score = model.score(table, threads=context.threads)
                    about = {"model_id": item["key"], "frame_id": frame["key"]}
                    result["metrics"] = score.about(**about).to_dict() if score is not None else None
        except Cancelled:
            raise
        except ArtesianError as error:
            context.warn(f"The model '{item['key']}' cannot be measured on '{frame['key']}': {error.message}")
        found[item["key"]] = result
    return found


def _code(trainer: Trainer, details: Mapping[str, Any]) -> dict[str, str]:
    """Where the code of a model's custom metric lies; nothing when it is not there any more."""
    reference = (details["parameters"].get("custom_metric_func") or {}).get("actual")
    try:
        return trainer.code(reference)
    except ArtesianError:
        return {}


def _place(model: str, frame: str) -> str:
    return f"modelmetrics_{model}_on_{frame}"[:MAX_KEY_LENGTH]


def _kept(trainer: Trainer, model: str, frame: str, since: int | None) -> dict[str, Any]:
    """What was measured before by this module, on this very frame."""
    trainer.store.model_details(model)  # NotFound for one that is not there
    try:
        document = trainer.store.document(Kind.METRICS, _place(model, frame))
    except NotFound:
        return {}
    same = "frame_created_ms" in document and since in (None, document["frame_created_ms"])
    return {"metrics": document["metrics"], "ms_per_row": document.get("ms_per_row")} if same else {}


def _keep(trainer: Trainer, model: str, frame: str, since: int, result: Mapping[str, Any]) -> None:
    if result.get("metrics") is None:
        return  # what is kept there are metrics; a time alone is measured anew
    document = {"model": model, "frame": frame, "frame_created_ms": since, **result}
    trainer.store.put_document(Kind.METRICS, _place(model, frame), document)
