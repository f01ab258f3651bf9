"""Trainings as jobs: what a request's parameters say is checked, submitted to a worker, and what comes of it is registered.

Requests to train one model, searches over many and segment models all go through a `Trainer`.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

from artesian.core.errors import ArtesianError, InvalidArgument, Problem
from artesian.core.ids import check_key, new_key
from artesian.core.settings import Settings
from artesian.frame import Frame
from artesian.jobs import Job, Jobs
from artesian.learn.base.custom_code import CODE_PARAMETERS, key_of
from artesian.learn.base.details import ModelDetails
from artesian.learn.base.validation import ValidatedParameters, validate
from artesian.store import Kind, Store

_JAVA_CLASSES = {Kind.FRAME: "class water.fvec.Frame"}
"""How H2O-3 calls kinds of objects; scripts look for the name in the message."""


class StoreLookup:
    """Frames and models that parameters name, from the store."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def frame(self, key: str) -> Frame:
        """The frame of that key."""
        return self._store.frame(key)

    def model_details(self, key: str) -> ModelDetails:
        """The details of a finished model; Conflict for one in training."""
        self._store.model_folder(key)
        return ModelDetails.from_dict(self._store.model_details(key))

    def members(self, key: str) -> Sequence[str]:
        """The models of a grid; of any other key itself. InvalidArgument for an object that is no model."""
        if key not in self._store:
            return (key,)
        kind = self._store.kind_of(key)
        if kind is Kind.GRID:
            return tuple(self._store.document(kind, key)["model_ids"])
        if kind is not Kind.MODEL:
            java = _JAVA_CLASSES.get(kind, kind.value)
            raise InvalidArgument(f"Unsupported type \"{java}\" as a base model. '{key}' is no model and no grid.")
        return (key,)


class Trainer:
    """Checks parameters against what the store holds, and trains. Thread-safe."""

    def __init__(self, store: Store, jobs: Jobs, settings: Settings) -> None:
        self.store = store
        self.jobs = jobs
        self.settings = settings
        self.lookup = StoreLookup(store)

    def check(self, algorithm: str, given: Mapping[str, Any]) -> ValidatedParameters:
        """All findings about given parameters, those included that need the store: the key of the model, uploaded code."""
        checked = validate(algorithm, given, self.lookup, self.settings)
        return checked.with_problems(
            [
                *self._key_problems(checked.values.get("model_id")),
                *(p for name in CODE_PARAMETERS for p in self._code_problems(name, checked.values.get(name))),
            ]
        )

    def start(
        self,
        checked: ValidatedParameters,
        key: str | None = None,
        *,
        threads: int | None = None,
        on_registered: Callable[[Mapping[str, Any]], None] | None = None,
    ) -> Job:
        """Submits the training of parameters without errors; its model gets `key`, else the `model_id` given, else a new one.

        What it makes is registered when it is done, then `on_registered` gets the task's result; snapshots are registered
        as they come. `threads` is the most that it may take.
        """
        kind = checked.algorithm
        key = key or checked.values.get("model_id") or new_key(f"{kind.called}_model")
        arguments = {
            "algorithm": kind.name,
            "model_key": key,
            "given": checked.given,
            "parameters": checked.values,
            "frames": {
                role: [self._frame(item) for item in keys] if isinstance(keys, list) else self._frame(keys)
                for role, keys in checked.frame_keys.items()
            },
            "models": {role: self._folders(names) for role, names in checked.model_keys.items()},
            "code": self.code(*(checked.values.get(name) for name in CODE_PARAMETERS)),
        }

        def update(payload: Mapping[str, Any]) -> None:
            if "details" in payload:
                self.store.put_partial_model(key, dict(payload["details"]))

        def done(result: Mapping[str, Any]) -> None:
            self.register(result)
            if on_registered is not None:
                on_registered(result)

        job = self.jobs.submit(
            "artesian.learn.tasks:train",
            arguments,
            description=kind.called,
            dest=key,
            dest_kind=Kind.MODEL,
            on_done=done,
            on_update=update,
            threads=threads,
        )
        threading.Thread(target=self._tidy, args=(job,), name=f"tidy-{job.key}", daemon=True).start()
        return job

    def register(self, result: Mapping[str, Any]) -> None:
        """Takes over what a training made, the model itself last."""
        for key, manifest in result["frames"].items():
            self.store.put_manifest(key, manifest)
        for model in (*result["models"], result["model"]):
            self.store.put_model(model["key"], Path(model["folder"]))
        for key, document in result["metrics"].items():
            self.store.put_document(Kind.METRICS, key, document)

    def code(self, *references: str | None) -> dict[str, str]:
        """Where the uploaded code of references lies; nothing where there is none or it is not allowed."""
        if not self.settings.allow_client_code:
            return {}
        return {reference: str(self._code_file(key_of(reference))) for reference in references if reference}

    def _code_file(self, key: str) -> Path:
        if key not in self.store or self.store.kind_of(key) is not Kind.FILE:
            raise InvalidArgument(
                f"No code was uploaded as '{key}'; upload it first, with upload_custom_metric or "
                "upload_custom_distribution."
            )
        place = self.store.file(key)
        if not isinstance(place, Path) or place.parent != self.store.upload_folder:
            raise InvalidArgument(f"'{key}' is no code that was uploaded.")
        return place

    def _frame(self, key: str | None) -> dict[str, Any] | None:
        return {"key": key, "manifest": self.store.manifest(key)} if key else None

    def _folders(self, names: str | list[str]) -> str | list[str]:
        if isinstance(names, list):
            return [str(self.store.model_folder(name)) for name in names]
        return str(self.store.model_folder(names))

    def _code_problems(self, field: str, reference: str | None) -> list[Problem]:
        try:
            self.code(reference)
        except ArtesianError as problem:
            return [Problem("error", field, problem.message)]
        return []

    def _key_problems(self, key: str | None) -> list[Problem]:
        """Why the model cannot have the key, if it cannot."""
        if not key:
            return []
        try:
            check_key(key, "model_id")
        except ArtesianError as problem:
            return [Problem("error", "model_id", problem.message)]
        if key in self.store and self.store.kind_of(key) is not Kind.MODEL:
            kind = self.store.kind_of(key).value
            return [Problem("error", "model_id", f"The key '{key}' is taken by a {kind}; choose another model_id.")]
        if any(job.dest == key and not job.status.is_final for job in self.jobs.list()):
            return [
                Problem("error", "model_id", f"The model '{key}' is being trained; choose another model_id, or wait.")
            ]
        return []

    def _tidy(self, job: Job) -> None:
        """Removes the snapshot that a training which was cancelled or failed leaves behind."""
        job.finished.wait()
        if job.status.value == "DONE" or self.jobs.closed or not job.dest:
            return
        try:
            if job.dest in self.store and self.store.kind_of(job.dest) is Kind.MODEL:
                self.store.model_folder(job.dest)  # a finished model of an earlier training stays
        except ArtesianError:
            self.store.remove(job.dest, missing_ok=True)
