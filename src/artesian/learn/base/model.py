"""A trained model: it predicts, scores, and is a folder of data (never code): details.json, state.json, arrays.safetensors.

Models that a model is made of lie in folders of their own inside, `parts/<name>`.
"""

from __future__ import annotations

import json
import math
import os
import re
import shutil
from abc import ABC, abstractmethod
from collections.abc import Mapping
from pathlib import Path
from typing import Any, ClassVar, Self

import numpy as np
import orjson
import polars as pl
from numpy.typing import NDArray
from safetensors import SafetensorError
from safetensors.numpy import load_file, save_file

from artesian.core.errors import ArtesianError, Conflict, InvalidArgument
from artesian.core.ids import new_key
from artesian.frame import Column, ColumnType, Frame
from artesian.learn.base.details import Category, ModelDetails
from artesian.learn.base.registry import algorithm
from artesian.learn.base.scoring import Scorer
from artesian.learn.base.target_encoding import TargetStep
from artesian.learn.metrics import Metrics

FORMAT_VERSION = 1
_DETAILS, _STATE, _ARRAYS, _PARTS = "details.json", "state.json", "arrays.safetensors", "parts"
_TARGETS = "target_encoding"
_MOST_NESTED = 8
"""Models inside of models inside of …: more than anybody trains, little enough to read."""


class Model(ABC):
    """Base of the models of all algorithms; `details` tells everything that is shown of it."""

    algorithm_name: ClassVar[str]
    form: ClassVar[str | None] = None
    """How models of several algorithms are alike that are not of the class of their algorithm's models."""

    def __init__(self, details: ModelDetails) -> None:
        self.details = details
        self.target_step: TargetStep | None = None
        """How columns of many levels are encoded before the model reads them; None where they are not."""

    # ---- what an algorithm's model provides ----

    @abstractmethod
    def raw(self, frame: Frame, *, threads: int = 1) -> NDArray[np.float64]:
        """Class probabilities [rows, classes], amounts [rows], or reconstructed inputs [rows, inputs] of a frame.

        Raises InvalidArgument when the frame does not hold what the model needs.
        """

    @abstractmethod
    def state(self) -> dict[str, Any]:
        """Everything but arrays, JSON-safe."""

    @abstractmethod
    def arrays(self) -> dict[str, NDArray[Any]]:
        """The arrays by name."""

    @classmethod
    @abstractmethod
    def restore(cls, details: ModelDetails, state: Mapping[str, Any], arrays: Mapping[str, NDArray[Any]]) -> Self:
        """The model of a saved state."""

    def parts(self) -> dict[str, Model]:
        """The models that this one is made of, saved inside of it; names are of letters, digits, `_` and `-`."""
        return {}

    @classmethod
    def assemble(
        cls,
        details: ModelDetails,
        state: Mapping[str, Any],
        arrays: Mapping[str, NDArray[Any]],
        parts: Mapping[str, Model],
    ) -> Model:
        """The model of a saved state and its parts; those that have none leave it at `restore`."""
        return cls.restore(details, state, arrays)

    def predict_option(self, frame: Frame, option: str, value: Any, *, threads: int = 1) -> Frame:
        """A prediction of another kind; InvalidArgument for one that this model does not know."""
        raise InvalidArgument(f"A model of {self.details.title} has no predictions of the kind '{option}'.")

    def notes(self, frame: Frame) -> list[str]:
        """What a person should know about predictions for this frame, e.g. which columns it lacks."""
        return []

    def frames(self) -> dict[str, Frame]:
        """Frames that belong to the model and are registered beside it, by key."""
        return {}

    def companions(self) -> list[Model]:
        """Models that come of the same training and are registered beside it."""
        return []

    # ---- what all models do ----

    def as_learnt(self, frame: Frame) -> Frame:
        """The frame with columns of many levels encoded as in training, if they were: every model reads frames so."""
        return frame if self.target_step is None else self.target_step.apply(frame)

    @property
    def scorer(self) -> Scorer:
        """How predictions of this model are measured."""
        return Scorer.of(self.details)

    def predict(self, frame: Frame, *, threads: int = 1) -> Frame:
        """Predictions of a frame's rows: `predict` and, for classes, a column of probabilities for each."""
        return self.prediction_frame(self.raw(frame, threads=threads))

    def prediction_frame(self, raw: NDArray[np.float64]) -> Frame:
        """The frame of raw predictions (see `raw`); labels of two classes are cut at the default threshold."""
        details = self.details
        if details.category is Category.REGRESSION:
            return Frame(["predict"], [real_column(raw)])
        if details.category is Category.AUTOENCODER:
            names = [f"reconstr_{name}" for name in details.extra["input_names"]]
            return Frame(names, [real_column(raw[:, i]) for i in range(raw.shape[1])])
        domain = details.response_domain
        if details.category is Category.BINOMIAL:
            codes = (raw[:, 1] >= details.default_threshold).view(np.uint8)
        else:
            codes = raw.argmax(axis=1).astype(np.uint32) if len(raw) else np.zeros(0, dtype=np.uint32)
        labels = Column.enums(pl.Series("predict", codes), domain)
        return Frame(
            ["predict", *probability_names(domain)], [labels, *(real_column(raw[:, i]) for i in range(raw.shape[1]))]
        )

    def score(self, frame: Frame, *, threads: int = 1, description: str | None = None) -> Metrics | None:
        """Metrics on a frame; None where it has no response to compare with."""
        return self.predict_and_score(frame, threads=threads, description=description)[1]

    def predict_and_score(
        self, frame: Frame, *, threads: int = 1, description: str | None = None
    ) -> tuple[Frame, Metrics | None]:
        """Both, with one pass over the frame."""
        raw = self.raw(frame, threads=threads)
        metrics = self.measure(frame, raw, description=description)
        return self.prediction_frame(raw), metrics

    def measure(self, frame: Frame, raw: NDArray[np.float64], *, description: str | None = None) -> Metrics | None:
        """Metrics of raw predictions of a frame's rows."""
        metrics = self.scorer.measure(frame, raw)
        return metrics.about(model_id=self.details.key, description=description) if metrics else None

    def measure_held_out(self, frame: Frame, raw: NDArray[np.float64]) -> Metrics | None:
        """Metrics of a frame's rows, each predicted by the model of the fold that did not see it."""
        return self.measure(frame, raw)

    def save(self, folder: Path) -> Path:
        """Writes the folder beside its place and renames it; a model that is there already is replaced.

        Conflict where something that is no model has the place.
        """
        if folder.exists() and not is_model(folder):
            raise Conflict(f"'{folder}' exists and is no model; it is not replaced.")
        unfinished = folder.with_name(f"{folder.name}.{new_key('part')}")
        unfinished.mkdir(parents=True)
        try:
            _write_json(unfinished / _STATE, {**self._head(), **self.state()})
            _write_json(unfinished / _DETAILS, self.details.to_dict())
            arrays = {name: np.ascontiguousarray(values) for name, values in self._all_arrays().items()}
            save_file(arrays, unfinished / _ARRAYS)
            _sync(unfinished / _ARRAYS)
            self._save_parts(unfinished / _PARTS)
            if folder.exists():
                shutil.rmtree(folder)
            unfinished.rename(folder)
        except BaseException:
            shutil.rmtree(unfinished, ignore_errors=True)
            raise
        return folder

    def _head(self) -> dict[str, Any]:
        head: dict[str, Any] = {"format_version": FORMAT_VERSION, "algorithm": self.details.algorithm}
        if self.target_step is not None:
            head[_TARGETS] = self.target_step.to_state()[0]
        return head if self.form is None else {**head, "form": self.form}

    def _all_arrays(self) -> dict[str, NDArray[Any]]:
        return self.arrays() if self.target_step is None else {**self.arrays(), **self.target_step.to_state()[1]}

    def _save_parts(self, folder: Path) -> None:
        parts = self.parts()
        if parts:
            folder.mkdir()
        for name, part in parts.items():
            if not _PART_NAME.fullmatch(name):
                raise ValueError(f"'{name}' is no name for a part of a model.")
            part.save(folder / name)


_PART_NAME = re.compile(r"[A-Za-z0-9_-]{1,64}")


def is_model(folder: Path) -> bool:
    """Whether a folder holds a saved model (whole or not), with its parts, and nothing else."""
    if not folder.is_dir():
        return False
    for item in folder.iterdir():
        if item.name == _PARTS and item.is_dir() and not item.is_symlink():
            if not all(not part.is_symlink() and is_model(part) for part in item.iterdir()):
                return False
        elif item.name not in (_DETAILS, _STATE, _ARRAYS):
            return False
    return True


def load_model(folder: Path | str) -> Model:
    """The model of a folder, with its parts.

    InvalidArgument for a folder that is damaged, no model's, or of a later version.
    """
    return _load(Path(folder), 0)


def _load(folder: Path, depth: int) -> Model:
    if depth > _MOST_NESTED:
        raise InvalidArgument(
            f"The model in {folder.name} is damaged: it has more than {_MOST_NESTED} levels of parts."
        )
    state = _read_json(folder, _STATE)
    version = state.get("format_version")
    if not isinstance(version, int) or version > FORMAT_VERSION:
        raise InvalidArgument(
            f"The model in {folder.name} has format version {version}; this version reads up to {FORMAT_VERSION}. "
            "Use the version that wrote it, or a later one."
        )
    details = load_details(folder)
    try:
        arrays = load_file(folder / _ARRAYS)
        parts = {item.name: _load(item, depth + 1) for item in sorted(_parts(folder))}
        model = _kind(state).assemble(details, state, arrays, parts)
        if _TARGETS in state:
            model.target_step = TargetStep.from_state(state[_TARGETS], arrays)
        return model
    except ArtesianError:
        raise
    except (OSError, SafetensorError, KeyError, TypeError, ValueError) as error:
        raise InvalidArgument(f"The model in {folder.name} is damaged: {type(error).__name__}: {error}.") from error


def _parts(folder: Path) -> list[Path]:
    place = folder / _PARTS
    return list(place.iterdir()) if place.is_dir() else []


def _kind(state: Mapping[str, Any]) -> type[Model]:
    """The class of a saved model: that of its form, if it has one, else its algorithm's."""
    form = state.get("form")
    if form == "fold_bag":
        from artesian.learn.base.fold_bag import FoldBag

        return FoldBag
    if form is not None:
        raise ValueError(f"its form '{form}' is not known")
    return algorithm(str(state.get("algorithm"))).model


def load_details(folder: Path | str) -> ModelDetails:
    """The details of a model's folder alone."""
    folder = Path(folder)
    try:
        return ModelDetails.from_dict(_read_json(folder, _DETAILS))
    except (KeyError, TypeError, ValueError) as error:
        raise InvalidArgument(f"The model in {folder.name} is damaged: its details lack {error}.") from error


def real_column(values: NDArray[Any]) -> Column:
    """A real column of predictions (NaN: missing)."""
    series = pl.Series("values", np.ascontiguousarray(values))
    may_have_gaps = math.isnan(values.sum())  # a sum is quicker than a look at each
    return Column(ColumnType.REAL, series.fill_nan(None) if may_have_gaps else series)


def probability_names(domain: list[str]) -> list[str]:
    """Column names of class probabilities: the class, with a `p` before whole numbers (`0` → `p0`)."""
    return [f"p{name}" if _is_int32(name) else name for name in domain]


def _is_int32(text: str) -> bool:
    digits = text[1:] if text[:1] in "+-" else text
    return digits.isascii() and digits.isdigit() and -(2**31) <= int(text) < 2**31


def _write_json(path: Path, content: Mapping[str, Any]) -> None:
    path.write_text(json.dumps(content, ensure_ascii=False, allow_nan=False), encoding="utf-8")
    _sync(path)


def _sync(path: Path) -> None:
    with path.open("rb") as file:
        os.fsync(file.fileno())


def _read_json(folder: Path, name: str) -> dict[str, Any]:
    try:
        content = orjson.loads((folder / name).read_bytes())
    except (OSError, ValueError) as error:
        raise InvalidArgument(
            f"There is no readable model in {folder.name}: {name} cannot be read ({error})."
        ) from error
    if not isinstance(content, dict):
        raise InvalidArgument(f"There is no readable model in {folder.name}: {name} holds no object.")
    return content
