"""Which models are explained: a model, several, those of an AutoML run or of a leaderboard."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from artesian.client.exceptions import H2OTypeError, H2OValueError
from artesian.client.frame.frame import H2OFrame
from artesian.client.model.base import ModelBase

Models = Any
"""A model, an iterable of models or of their names, an AutoML run, or a frame with a column `model_id` (a leaderboard)."""


@dataclass(frozen=True)
class Subjects:
    """The models, best first where they come `ranked`; of ranked ones only the best is looked at by itself."""

    models: list[ModelBase]
    ranked: bool

    @property
    def alone(self) -> list[ModelBase]:
        """The models that are looked at one by one."""
        return self.models[:1] if self.ranked else self.models

    def among(self, chosen: Iterable[ModelBase]) -> list[ModelBase]:
        """Of some of the models those that are looked at one by one."""
        found = list(chosen)
        return found[:1] if self.ranked else found


def subjects(given: Models) -> Subjects:
    """The models that are meant. H2OValueError when there are none."""
    from artesian.client.automl.run import AutoMLRun
    from artesian.client.objects import get_model

    ranked = isinstance(given, (AutoMLRun, H2OFrame))
    if isinstance(given, AutoMLRun):
        names = [] if given._state is None else given._state.models
        models: list[ModelBase] = [get_model(name) for name in names]
    elif isinstance(given, H2OFrame):
        if "model_id" not in given.names:
            raise H2OValueError("A leaderboard has a column 'model_id'; this frame has none.", "models")
        models = [get_model(name) for name in given["model_id"].to_polars().to_series().to_list()]
    elif isinstance(given, ModelBase):
        models = [given]
    elif hasattr(given, "models") and not isinstance(given, (list, tuple)):  # a grid
        models = list(given.models)
    else:
        models = [get_model(item) if isinstance(item, str) else item for item in given]
    for model in models:
        if not isinstance(model, ModelBase):
            raise H2OTypeError(f"Models can be explained. Got a {type(model).__name__}.", "models")
    if not models:
        raise H2OValueError("Give at least one model.", "models")
    return Subjects(models, ranked)


_RUN = re.compile(r"_AutoML_\d+_\d{8}_\d+")


def shortened(names: Sequence[str]) -> list[str]:
    """Names of models for pictures: without the run that made them, as long as they still differ."""
    short = [_RUN.sub("", name) for name in names]
    return short if len(set(short)) == len(set(names)) else list(names)


def models_of(given: Models) -> list[ModelBase]:
    """All models that are meant, best first where they come ranked."""
    return subjects(given).models
