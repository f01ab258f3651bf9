"""AutoML runs as the store keeps them, and the leaderboards of their models."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from artesian.core.errors import NotFound, did_you_mean
from artesian.server.state import Server
from artesian.store import Kind

if TYPE_CHECKING:
    from artesian.search.leaderboard import Leaderboard


def all_runs(server: Server) -> list[dict[str, Any]]:
    """The documents of all runs, oldest first."""
    found = []
    for key in server.store.keys(Kind.AUTOML):
        try:
            found.append(server.store.document(Kind.AUTOML, key))
        except NotFound:  # removed meanwhile
            continue
    return found


def run_of(server: Server, name: str) -> dict[str, Any]:
    """The document of a run by its key, or of the last one of a project by its name. NotFound names a near one."""
    if name in server.store and server.store.kind_of(name) is Kind.AUTOML:
        return server.store.document(Kind.AUTOML, name)
    runs = all_runs(server)
    of_project = [run for run in runs if run.get("project_name") == name]
    if not of_project:
        known = {str(run.get("project_name")) for run in runs}
        raise NotFound(f"There is no AutoML project '{name}'.{did_you_mean(name, known)}", name=name)
    return max(of_project, key=lambda run: int(run.get("created_ms", 0)))


def models_of(server: Server, document: Mapping[str, Any]) -> list[str]:
    """The finished models of a run that are still there, in the order in which they were trained."""
    return [
        key for key in document.get("models", ()) if key in server.store and server.store.kind_of(key) is Kind.MODEL
    ]


def leaderboard_of(server: Server, document: Mapping[str, Any], extensions: Sequence[str] = ()) -> Leaderboard:
    """The models of a run, ranked; by the metrics on its leaderboard frame, if it has one."""
    from artesian.search.leaderboard import Leaderboard
    from artesian.search.measuring import measure

    keys = models_of(server, document)
    frame = document.get("leaderboard_frame")
    columns: dict[str, dict[str, Any]] = {
        name: {key: place.get(name) for key, place in document.get("steps_of", {}).items()}
        for name in ("provider", "step", "group")
    }
    timed = "predict_time_per_row_ms" in extensions
    place = frame or document.get("training_frame")
    details = [server.store.model_details(key) for key in keys]
    measured = None
    if frame and frame == document.get("validation_frame"):  # the models were measured on it when they were trained
        measured = {key: model.get("validation_metrics") for key, model in zip(keys, details, strict=True)}
        measured = measured if all(measured.values()) else None
    needs_metrics = bool(frame) and measured is None
    if keys and (needs_metrics or (timed and place in server.store)):
        found = measure(server.trainer, keys, str(place), metrics=needs_metrics, times=timed)
        columns["predict_time_per_row_ms"] = {key: item["ms_per_row"] for key, item in found.items()}
        if needs_metrics:
            measured = {key: item["metrics"] for key, item in found.items()}
    return Leaderboard.of(details, document.get("sort_metric"), measured=measured, columns=columns)
