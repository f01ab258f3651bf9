"""Keys of objects on the wire: an object with name, type and address."""

from __future__ import annotations

from typing import Any

from artesian.server.wire.schema import Schema, both, declare


def _declare_key(name: str, of: str, parent: str = "KeyV3") -> Schema:
    return declare(
        name,
        f"Key<{of}>",
        both("name", "string", "Name of the object."),
        both("type", "string", "Kind of the object that the key stands for."),
        both("URL", "string", "Address where the object can be read, if there is one."),
        parent=parent,
    )


KEY = _declare_key("KeyV3", "Keyed", "SchemaV3")
FRAME_KEY = _declare_key("FrameKeyV3", "Frame")
MODEL_KEY = _declare_key("ModelKeyV3", "Model")
JOB_KEY = _declare_key("JobKeyV3", "Job")
AUTOML_KEY = _declare_key("AutoMLKeyV3", "AutoML")
GRID_KEY = _declare_key("GridKeyV3", "Grid")
PARTIAL_DEPENDENCE_KEY = _declare_key("PartialDependenceKeyV3", "PartialDependence")


def any_key(name: str) -> dict[str, Any]:
    """The key of an object of whatever kind."""
    return KEY.new(name=name, type="Key<Keyed>")


def frame_key(name: str | None) -> dict[str, Any]:
    """The key of a frame; of a nameless one for None."""
    if name is None:
        return FRAME_KEY.new()
    return FRAME_KEY.new(name=name, type="Key<Frame>", URL=f"/3/Frames/{name}")


def model_key(name: str) -> dict[str, Any]:
    """The key of a model."""
    return MODEL_KEY.new(name=name, type="Key<Model>", URL=f"/3/Models/{name}")


def job_key(name: str) -> dict[str, Any]:
    """The key of a job."""
    return JOB_KEY.new(name=name, type="Key<Job>", URL=f"/3/Jobs/{name}")


def automl_key(name: str) -> dict[str, Any]:
    """The key of an AutoML run."""
    return AUTOML_KEY.new(name=name, type="Key<AutoML>")


def grid_key(name: str) -> dict[str, Any]:
    """The key of a grid."""
    return GRID_KEY.new(name=name, type="Key<Grid>")


def partial_dependence_key(name: str) -> dict[str, Any]:
    """The key of a partial dependence."""
    return PARTIAL_DEPENDENCE_KEY.new(name=name, type="Key<PartialDependence>", URL=f"/3/PartialDependence/{name}")
