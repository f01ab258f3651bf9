"""What an algorithm is: a class that names itself, its parameters and its model, checks parameters, and fits.

Defining a complete subclass registers it. Cross-validation, roles of columns, saving and scoring are done around it by
`learn.base`; it fits one model on one frame.
"""

from __future__ import annotations

import inspect
from abc import ABC, abstractmethod
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, ClassVar

from artesian.core.errors import Problem
from artesian.frame import Frame
from artesian.learn.base.context import Context
from artesian.learn.base.details import Category, ModelDetails
from artesian.learn.base.model_parameters import ModelParameters
from artesian.learn.base.registry import register
from artesian.learn.base.roles import Roles
from artesian.learn.base.target_encoding import TargetStep
from artesian.learn.base.time_budget import TimeBudget

if TYPE_CHECKING:
    from artesian.learn.base.model import Model


@dataclass(frozen=True)
class Situation:
    """What parameters are checked against: the frames, the roles of their columns, and details of models named."""

    values: Mapping[str, Any]
    training: Frame
    roles: Roles
    validation: Frame | None = None
    frames: Mapping[str, Any] = field(default_factory=dict)
    models: Mapping[str, Any] = field(default_factory=dict)
    """Their details; a list of those where the parameter is one."""


@dataclass(frozen=True)
class Fit:
    """One model to fit: on which rows, under which key, within what time.

    `frames` holds the frames of further parameters by parameter name (a list where the parameter is one), `models` the
    loaded models of parameters like `checkpoint` (again). `seed` is the seed in use: the given one, or the one drawn for -1.
    """

    key: str
    parameters: Any
    given: Mapping[str, Any]
    training: Frame
    training_key: str
    roles: Roles
    seed: int
    context: Context
    budget: TimeBudget
    validation: Frame | None = None
    validation_key: str | None = None
    frames: Mapping[str, Any] = field(default_factory=dict)
    models: Mapping[str, Any] = field(default_factory=dict)
    fold: int | None = None
    """Number of the fold, from 1, for a model of cross-validation."""
    actual: Mapping[str, Any] = field(default_factory=dict)
    """Actual values of parameters that were settled outside of the fit, for the model's details."""
    target_step: TargetStep | None = None
    """How columns of many levels were encoded in all frames of this fit."""

    @property
    def label(self) -> str:
        """How messages call this fit."""
        return "" if self.fold is None else f"Fold {self.fold}: "


class Algorithm(ABC):
    """Base of all algorithms."""

    name: ClassVar[str]
    """Key in the registry and in addresses, e.g. `deeplearning`."""
    title: ClassVar[str]
    """Name for people, e.g. `Deep Learning`."""
    called: ClassVar[str]
    """Name in messages and default keys, e.g. `DeepLearning`."""
    parameters: ClassVar[type[ModelParameters]]
    model: ClassVar[type[Model]]
    categories: ClassVar[tuple[Category, ...]]

    def __init_subclass__(cls, **options: Any) -> None:
        super().__init_subclass__(**options)
        if inspect.isabstract(cls) or cls.__dict__.get("_abstract", False):
            return
        _require_complete(cls)
        register(cls)

    @classmethod
    def is_supervised(cls, values: Mapping[str, Any]) -> bool:
        """Whether a model of these parameters predicts a response."""
        return "response_column" in values

    @classmethod
    def predictors(cls, models: Mapping[str, Any]) -> Sequence[str] | None:
        """The columns to learn from where models named by parameters settle them; None where the frame does."""
        previous = models.get("checkpoint")
        return previous.predictors if isinstance(previous, ModelDetails) else None

    @classmethod
    def inherited(cls, values: Mapping[str, Any], models: Mapping[str, Any]) -> dict[str, Any]:
        """Values of parameters that were not given and are taken over from models named by others."""
        return {}

    @classmethod
    def further_frames(cls, values: Mapping[str, Any], models: Mapping[str, Any]) -> dict[str, list[str | None]]:
        """Keys of frames that training needs beside those that parameters name, by a name of the algorithm's own."""
        return {}

    @classmethod
    def check(cls, situation: Situation) -> Iterator[Problem]:
        """The algorithm's own findings about parameters that are each valid by themselves."""
        yield from ()

    @classmethod
    def check_declared(cls, values: Mapping[str, Any]) -> Iterator[Problem]:
        """Findings that need no frame."""
        yield from ()

    @classmethod
    def can_end_early(cls, parameters: Any) -> bool:
        """Whether a training that the user ends before its end keeps what it has: if it asks its `budget` on the way."""
        return False

    @classmethod
    def fold_parameters(cls, fit: Fit) -> Any:
        """Parameters of the models of folds, where all rows settle some that each fold would settle differently."""
        return fit.parameters

    @classmethod
    def main_parameters(cls, parameters: Any, folds: Sequence[Model]) -> tuple[Any, list[str]]:
        """Parameters of the main model once the models of the folds are there, and warnings that tell of the change.

        The models of the folds may still be changed here: they predict their held-out rows afterwards.
        """
        return parameters, []

    @classmethod
    @abstractmethod
    def fit(cls, fit: Fit) -> Model:
        """Trains one model. Raises ArtesianError; a cancelled context raises Cancelled."""


_REQUIRED: dict[str, type] = {
    "name": str,
    "title": str,
    "called": str,
    "parameters": type,
    "model": type,
    "categories": tuple,
}


def _require_complete(cls: type[Algorithm]) -> None:
    missing = [name for name, kind in _REQUIRED.items() if not isinstance(getattr(cls, name, None), kind)]
    if missing:
        raise TypeError(
            f"The algorithm {cls.__name__} cannot be registered: it must set {', '.join(repr(name) for name in missing)} "
            "as class attributes."
        )
    if not issubclass(cls.parameters, ModelParameters):
        raise TypeError(
            f"The algorithm {cls.__name__} cannot be registered: its parameters class {cls.parameters.__name__} must "
            "inherit from ModelParameters."
        )
