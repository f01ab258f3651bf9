"""What is kept of a run, and shown while it goes on: its values, its models and where they come from, its event log."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

from artesian.core.clock import monotonic, now_ms
from artesian.search.automl.common import Frames
from artesian.search.automl.events import EventLog
from artesian.search.automl.plan import Step
from artesian.search.automl.spec import Spec, Task
from artesian.search.grid.document import Grid
from artesian.store import Kind, Store

FORMAT_VERSION: Final = 1
RUNNING: Final = "RUNNING"
_SAVE_SECS: Final = 0.25


class Document:
    """The document of a project in the store; later runs of the project add to it."""

    def __init__(
        self, store: Store, task: Task, run_id: str, earlier: dict[str, Any] | None = None, *, asked: Spec
    ) -> None:
        spec = task.spec
        earlier = earlier or {}
        self._store = store
        self.run_id = run_id
        goes_on = earlier.get("run_id") == run_id
        self.created_ms: int = earlier["created_ms"] if goes_on else now_ms()
        self.elapsed: float = earlier["elapsed"] if goes_on else 0.0
        self.events = EventLog(list(earlier.get("events", ())))
        self.models: list[str] = [
            key for key in earlier.get("models", ()) if key in store and store.kind_of(key) is Kind.MODEL
        ]
        self._seen = -1
        self._saved = 0.0
        self._content: dict[str, Any] = {
            "format_version": FORMAT_VERSION,
            "key": spec.key,
            "project_name": spec.project_name,
            "run_id": run_id,
            "spec": spec.to_dict(),
            "asked": asked.to_dict(),
            "created_ms": self.created_ms,
            "status": RUNNING,
            "response": spec.response_column,
            "category": task.category.value,
            "sort_metric": task.sort_metric,
            "training_frame": spec.training_frame,
            "validation_frame": spec.validation_frame,
            "blending_frame": spec.blending_frame,
            "leaderboard_frame": spec.leaderboard_frame,
            "modeling_steps": [],
            "steps_of": dict(earlier.get("steps_of", {})),
            "grids": list(earlier.get("grids", ())),
        }

    @property
    def key(self) -> str:
        """The key of the run."""
        return str(self._content["key"])

    def set_frames(self, frames: Frames) -> None:
        """Notes the frames that the run trains with."""
        for role in ("training", "validation", "blending", "leaderboard"):
            self._content[f"{role}_frame"] = getattr(frames, role)

    def add(self, model: str, step: Step, grid: str | None = None) -> None:
        """Takes a model in; one of a grid joins that too."""
        if model not in self.models:
            self.models.append(model)
        self._content["steps_of"][model] = {"provider": step.provider, "step": step.id, "group": step.group}
        if grid is not None:
            self._add_to_grid(grid, model)
        self.save()

    def drop(self, model: str) -> None:
        """Forgets a model."""
        if model in self.models:
            self.models.remove(model)
            self._content["steps_of"].pop(model, None)

    def _add_to_grid(self, key: str, model: str) -> None:
        if key in self._store and self._store.kind_of(key) is Kind.GRID:
            grid = Grid.load(self._store, key)
        else:
            details = self._store.model_details(model)
            grid = Grid(
                key, details["algorithm"], {}, {}, [], {"strategy": "RandomDiscrete"}, details["training_frame"]
            )
            grid.response = details["response"]
            self._content["grids"].append(key)
        grid.add(model)
        grid.save(self._store)

    def finish(self, status: str, steps: Sequence[dict[str, Any]]) -> None:
        """Notes how the run ended and which steps it did."""
        self._content |= {"status": status, "modeling_steps": list(steps)}
        self.save()

    def save_if_changed(self) -> None:
        """Saves when something happened since, but not too often."""
        if len(self.events.entries) != self._seen and monotonic() - self._saved > _SAVE_SECS:
            self.save()

    def save(self) -> None:
        """Writes the document."""
        self._seen, self._saved = len(self.events.entries), monotonic()
        self._store.put_document(
            Kind.AUTOML,
            self.key,
            {
                **self._content,
                "elapsed": self.elapsed,
                "models": list(self.models),
                "events": list(self.events.entries),
                "training_info": self.events.named_values,
            },
        )
