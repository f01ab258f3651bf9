"""The model of a stacked ensemble: the metalearner's prediction of what the base models predict."""

from __future__ import annotations

import copy
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, ClassVar, Self

import numpy as np
import polars as pl
from numpy.typing import NDArray

from artesian.core.errors import InvalidArgument
from artesian.frame import Column, Frame
from artesian.learn.base.details import Category, ModelDetails
from artesian.learn.base.fold_bag import FoldBag
from artesian.learn.base.model import Model
from artesian.learn.base.reading import offsets
from artesian.learn.base.scoring import Scorer
from artesian.learn.ensemble.greedy import GreedyModel
from artesian.learn.ensemble.level_one import LevelOne, assembled
from artesian.learn.linear.model import GLMModel

Floats = NDArray[np.float64]
METALEARNER = "metalearner"


@dataclass
class Base:
    """A base model: its key, and the model itself if the metalearner makes use of it."""

    key: str
    model: Model | None


class StackedEnsembleModel(Model):
    """Holds the base models that count and the metalearner, so that it predicts on its own."""

    algorithm_name: ClassVar[str] = "stackedensemble"

    def __init__(self, details: ModelDetails, bases: Sequence[Base], metalearner: Model, level_one: LevelOne) -> None:
        super().__init__(details)
        self.bases, self.metalearner, self.level_one = list(bases), metalearner, level_one
        self.beside: list[Model] = []
        """Models of the metalearner's folds, until they are registered."""
        self.kept_frames: dict[str, Frame] = {}

    # ---- predicting ----

    def table(self, frame: Frame, *, threads: int = 1) -> Frame:
        """The level-one frame of a frame's rows; base models that do not count are 0 there."""
        names: list[str] = []
        values: list[Floats] = []
        for base in self.bases:
            own = self.level_one.names(base.key)
            names += own
            if base.model is None:
                values.append(np.zeros((frame.n_rows, len(own))))
            else:
                values.append(self.level_one.of_raw(base.model.raw(frame, threads=threads)))
        return assembled(names, values, self._offset(frame), frame.n_rows)

    def _offset(self, frame: Frame) -> list[tuple[str, Column]]:
        name = self.details.actual("offset_column")
        return [] if name is None else [(name, Column.reals(pl.Series(offsets(frame, name))))]

    def raw(self, frame: Frame, *, threads: int = 1) -> Floats:
        """See `Model.raw`."""
        return self.metalearner.raw(self.table(frame, threads=threads), threads=threads)

    @property
    def _speaker(self) -> Model:
        """The metalearner with the details of the ensemble: it knows how its kind is measured and shown."""
        speaker = copy.copy(self.metalearner)
        speaker.details = self.details
        return speaker

    @property
    def scorer(self) -> Scorer:
        """See `Model`; as models of the metalearner's algorithm are measured."""
        return self.metalearner.scorer

    def prediction_frame(self, raw: Floats) -> Frame:
        """See `Model`."""
        return self._speaker.prediction_frame(raw)

    def notes(self, frame: Frame) -> list[str]:
        """What the base models note, once each."""
        models = [base.model for base in self.bases if base.model is not None]
        return list(dict.fromkeys(note for model in models for note in model.notes(frame)))

    def predict_option(self, frame: Frame, option: str, value: Any, *, threads: int = 1) -> Frame:
        """See `Model`: there are none."""
        if option == "predict_contributions":
            raise InvalidArgument(
                "Contributions are not told of stacked ensembles: not all models that can be stacked have any. "
                f"Ask a base model, e.g. '{self.bases[0].key}'."
            )
        return super().predict_option(frame, option, value, threads=threads)

    # ---- what comes with it ----

    def companions(self) -> list[Model]:
        """The metalearner, which is a model of its own too, and the models of its folds."""
        return [*self.beside, self.metalearner]

    def frames(self) -> dict[str, Frame]:
        """The level-one frame of training, if it is kept, and frames of the metalearner's cross-validation."""
        return self.kept_frames

    # ---- keeping ----

    def parts(self) -> dict[str, Model]:
        """The metalearner and the base models that count."""
        found = {f"base_{n + 1}": base.model for n, base in enumerate(self.bases) if base.model is not None}
        return {METALEARNER: self.metalearner, **found}

    def state(self) -> dict[str, Any]:
        """See `Model`."""
        level_one = self.level_one
        return {
            "base_models": [base.key for base in self.bases],
            "category": level_one.category.value,
            "domain": list(level_one.domain),
            "logit": level_one.logit,
        }

    def arrays(self) -> dict[str, NDArray[Any]]:
        """None of its own."""
        return {}

    @classmethod
    def restore(cls, details: ModelDetails, state: Mapping[str, Any], arrays: Mapping[str, NDArray[Any]]) -> Self:
        """Cannot be: it is nothing without its parts."""
        raise KeyError("parts")

    @classmethod
    def assemble(
        cls,
        details: ModelDetails,
        state: Mapping[str, Any],
        arrays: Mapping[str, NDArray[Any]],
        parts: Mapping[str, Model],
    ) -> StackedEnsembleModel:
        """See `Model`."""
        level_one = LevelOne(Category(state["category"]), tuple(state["domain"]), bool(state["logit"]))
        bases = [Base(key, parts.get(f"base_{n + 1}")) for n, key in enumerate(state["base_models"])]
        return cls(details, bases, parts[METALEARNER], level_one)


def used_columns(metalearner: Model, columns: Iterable[str]) -> set[str]:
    """The columns of a level-one frame that a metalearner makes use of; all of them where that is not known."""
    everything = set(columns)
    if isinstance(metalearner, FoldBag):
        return set().union(*(used_columns(fold, everything) for fold in metalearner.folds))
    if isinstance(metalearner, GreedyModel):
        return metalearner.used()
    if isinstance(metalearner, GLMModel):
        return _used_by_linear(metalearner, everything)
    table = metalearner.details.variable_importances
    if metalearner.details.algorithm in ("gbm", "drf", "xgboost") and table is not None:
        pairs = zip(table.column("variable"), table.array("relative_importance"), strict=True)
        return {str(name) for name, amount in pairs if amount > 0} & everything
    return everything


def _used_by_linear(model: GLMModel, columns: set[str]) -> set[str]:
    """Columns that have a coefficient other than 0 for some class."""
    beta = np.atleast_2d(model.beta)
    names = model.coefficient_names
    if beta.shape[1] != len(names):
        beta = beta.T
    if beta.shape[1] != len(names):
        raise InvalidArgument(f"The model '{model.details.key}' has coefficients of another shape than its names.")
    there = {name for name, column in zip(names, beta.T, strict=True) if np.any(column != 0)}
    return there & columns
