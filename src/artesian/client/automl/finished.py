"""Runs that another object or session started: found by their project."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from artesian.client.automl.run import AutoMLRun, State
from artesian.client.checks import check_type
from artesian.client.frame.frame import H2OFrame
from artesian.client.objects import remove


class H2OAutoMLOutput(AutoMLRun):
    """A run of the server; its properties can be had by name too: `run["leader"]`."""

    def __init__(self, state: State) -> None:
        self._took(state)

    @property
    def project_name(self) -> str:
        """The project."""
        return self._project()

    def __getitem__(self, name: str) -> Any:
        if isinstance(getattr(type(self), name, None), property) and not name.startswith("_"):
            return getattr(self, name)
        raise KeyError(name)

    def detach(self) -> None:
        """Forgets the run here; frames of its leaderboard and events are removed."""
        for frame in (self._leaderboard, self._event_log):
            if frame is not None and frame._node is not None:
                remove(frame)
        self._state = self._leaderboard = self._event_log = None

    def __repr__(self) -> str:
        return f"<AutoML run {self._project()}>"


def get_automl(project_name: str) -> H2OAutoMLOutput:
    """The last run of a project, or the run of that key; H2OValueError when there is none."""
    check_type("project_name", project_name, str)
    return H2OAutoMLOutput(State.fetch(project_name))


def get_leaderboard(aml: AutoMLRun, extra_columns: str | Sequence[str] | None = None) -> H2OFrame:
    """The leaderboard of a run as a frame, with extra columns: see `H2OAutoML.get_leaderboard`."""
    check_type("aml", aml, AutoMLRun)
    return aml.get_leaderboard(extra_columns)
