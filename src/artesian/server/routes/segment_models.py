"""Segment models: the same training once for each segment of the training frame's rows."""

from __future__ import annotations

import time
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import polars as pl

from artesian.core.errors import ArtesianError, InvalidArgument
from artesian.core.ids import check_key, new_key
from artesian.server.routes.builders import find_algorithm
from artesian.server.routing import Call, route
from artesian.server.segment_results import new_document, rows_of_segments, segments_of
from artesian.server.state import Server
from artesian.server.wire.jobs import job as shown_job
from artesian.server.wire.segment_models import OWN, SEGMENT_MODELS, SEGMENT_MODELS_PARAMETERS
from artesian.store import Kind

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from artesian.frame import Frame
    from artesian.jobs import Job
    from artesian.learn.base.algorithm import Algorithm

_LOOK_SECS = 0.05
_FRAMES = ("training_frame", "validation_frame")


@route(
    "POST",
    "/3/SegmentModelsBuilders/{algo}",
    "trainSegments",
    "Trains one model a segment.",
    takes=SEGMENT_MODELS_PARAMETERS,
    gives=SEGMENT_MODELS,
    free=True,
)
def train_segments(call: Call) -> dict[str, Any]:
    """Starts the job that trains them all; a segment whose training fails does not keep the others from theirs."""
    server, kind = call.server, find_algorithm(call.raw["algo"])
    if call["parallelism"] < 1:
        raise InvalidArgument(f"The parameter 'parallelism' must be at least 1. Got {call['parallelism']}.")
    given = {n: v for n, v in call.raw.items() if n not in (*OWN, "algo", "_exclude_fields")}
    frames = {role: _named(given.get(role)) for role in _FRAMES}
    if not frames["training_frame"]:
        raise InvalidArgument("The parameter 'training_frame' is required: give the key of a frame.")
    training = server.store.frame(frames["training_frame"])
    if call["segments"]:
        segments = server.store.frame(call["segments"])
    else:
        segments = segments_of(training, call["segment_columns"] or ())
    key = check_key(call["segment_models_id"] or new_key(f"{kind.name}_segment_models"))
    rows = {
        role: rows_of_segments(server.store.frame(name), segments) for role, name in frames.items() if name is not None
    }
    document = new_document(segments)
    server.store.put_document(Kind.DOCUMENT, key, document)
    work = _Work(server, kind, key, given, frames, rows, document, call["parallelism"])
    return shown_job(server.jobs.run(work.run, description=kind.called, dest=key, dest_kind=Kind.DOCUMENT))


def _named(value: Any) -> str | None:
    """The key of a frame, given as text or as an object."""
    if isinstance(value, Mapping):
        value = value.get("name")
    return str(value).strip().strip('"') or None if value is not None else None


class _Work:
    """Trains the models of all segments, `parallelism` at a time, and notes how each ended."""

    def __init__(
        self,
        server: Server,
        kind: type[Algorithm],
        key: str,
        given: Mapping[str, Any],
        frames: Mapping[str, str | None],
        rows: Mapping[str, list[NDArray[np.int64]]],
        document: dict[str, Any],
        parallelism: int,
    ) -> None:
        self.server, self.kind, self.key = server, kind, key
        self.given, self.frames, self.rows, self.document = given, frames, rows, document
        self.parallelism = parallelism
        self.running: dict[int, tuple[Job, list[str]]] = {}

    def run(self, context: Any) -> None:
        """All segments; a cancelled context cancels what runs and raises."""
        count = len(self.document["results"])
        waiting = list(range(count))
        try:
            while waiting or self.running:
                context.check()
                while waiting and len(self.running) < self.parallelism:
                    self._start(waiting.pop(0))
                self._collect()
                done = sum(result is not None for result in self.document["results"])
                context.progress(done / max(1, count), f"{done} of {count} models")
                if self.running:
                    time.sleep(_LOOK_SECS)
        except BaseException:
            for job, keys in self.running.values():
                self.server.jobs.cancel(job.key)
                self._forget(keys)
            raise
        finally:
            self.server.store.put_document(Kind.DOCUMENT, self.key, self.document)

    def _start(self, number: int) -> None:
        model = f"{self.key}_{number}"
        given, keys = {**self.given, "model_id": model}, []
        for role, rows in self.rows.items():
            name = self.frames[role]
            assert name is not None
            frame: Frame = self.server.store.frame(name)
            keys.append(f"{name}_segment_{number}_{new_key('rows')}")
            self.server.store.put_frame(keys[-1], frame.gather(pl.Series(rows[number])))
            given[role] = keys[-1]
        try:
            checked = self.server.trainer.check(self.kind.name, given)
            checked.raise_for_errors()
            self.running[number] = (self.server.trainer.start(checked, model), keys)
        except ArtesianError as error:
            self._note(number, "FAILED", error.message, None)
            self._forget(keys)

    def _collect(self) -> None:
        for number, (job, keys) in list(self.running.items()):
            if not job.status.is_final:
                continue
            status = {"DONE": "SUCCEEDED", "CANCELLED": "CANCELED"}.get(job.status.value, "FAILED")
            self._note(number, status, job.exception or None, "\n".join(job.warnings) or None)
            self._forget(keys)
            del self.running[number]

    def _note(self, number: int, status: str, errors: str | None, warnings: str | None) -> None:
        self.document["results"][number] = {
            "model": f"{self.key}_{number}",
            "status": status,
            "errors": errors,
            "warnings": warnings,
        }

    def _forget(self, keys: list[str]) -> None:
        for key in keys:
            self.server.store.remove(key, missing_ok=True)
