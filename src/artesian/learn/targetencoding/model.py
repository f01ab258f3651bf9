"""A target encoder: frames go in, frames with encoded columns come out."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, ClassVar, Self

import numpy as np
from numpy.typing import NDArray

from artesian.core.errors import InvalidArgument
from artesian.frame import Column, ColumnType, Frame
from artesian.learn.base.details import ModelDetails
from artesian.learn.base.model import Model, real_column
from artesian.learn.base.scoring import codes_in
from artesian.learn.metrics import Metrics
from artesian.learn.targetencoding.encodings import DEFAULT_BLENDING, Blending, Encoding

Floats = NDArray[np.float64]
Codes = NDArray[np.int64]
_AUTOMATIC_NOISE = 0.01
_MASK = 2**64 - 1
_STREAM = 0x5445


@dataclass(frozen=True)
class Request:
    """How a frame is encoded; `as_training` handles leakage as the model's parameters ask for."""

    as_training: bool
    blending: Blending | None
    noise: float


class TargetEncoderModel(Model):
    """`encodings` by group of columns; `folds` are the values of the fold column in training, None without one.

    Its predictions are frames: numeric columns of training, encoded columns, categorical ones, columns that training did not
    know, fold and response.
    """

    algorithm_name: ClassVar[str] = "targetencoder"

    def __init__(self, details: ModelDetails, encodings: list[Encoding], folds: list[float] | list[str] | None) -> None:
        super().__init__(details)
        self.encodings, self.folds = encodings, folds

    # ---- the response and the folds of a frame ----

    def targets(self, frame: Frame) -> Floats:
        """What is averaged [rows, targets]: the amounts, or for each class but the first whether the row has it."""
        return targets_of(frame[str(self.details.response)], self.details.response_domain, str(self.details.response))

    def fold_numbers(self, frame: Frame) -> Codes:
        """The fold of each row; -1 where training had none such."""
        name = self.details.actual("fold_column")
        if name is None or name not in frame:
            raise InvalidArgument(
                f"The leakage handling KFold needs the fold column '{name}', as training had it. The frame has none."
            )
        return fold_numbers(frame[name], self.folds or [], name)

    # ---- encoding ----

    def request(self, options: Mapping[str, Any]) -> Request:
        """How to encode, with what is given in place of the model's parameters."""
        own = self.details.actual
        blends = own("blending") if options.get("blending") is None else options["blending"]
        given = [options.get("inflection_point"), options.get("smoothing")]
        values = [own(n) if v is None else v for n, v in zip(("inflection_point", "smoothing"), given, strict=True)]
        blending = Blending(*(values if all(values) else DEFAULT_BLENDING)) if blends else None
        noise = own("noise") if options.get("noise") is None else options["noise"]
        return Request(bool(options.get("as_training")), blending, float(noise))

    def encode(self, frame: Frame, request: Request) -> Frame:
        """The frame with its encoded columns. InvalidArgument where it has no group of columns that can be encoded."""
        able = [e for e in self.encodings if all(name in frame for name in e.columns.names)]
        if not able:
            wanted = ", ".join(e.name for e in self.encodings)
            raise InvalidArgument(f"The frame has none of the columns that the model encodes: {wanted}.")
        made: dict[str, Column] = {}
        noise = self._noise(frame, request.noise)
        random = np.random.default_rng([int(self.details.actual("seed")) & _MASK, _STREAM])
        for encoding in able:
            for name, values in zip(encoding.outputs, self._values(encoding, frame, request), strict=True):
                shaken = values + random.uniform(-noise, noise, size=len(values)) if noise > 0 else values
                made[name] = real_column(shaken)
        return self._ordered(frame, made)

    def _values(self, encoding: Encoding, frame: Frame, request: Request) -> list[Floats]:
        places = encoding.places(frame)
        leakage = self.details.actual("data_leakage_handling") if request.as_training else "None"
        if leakage == "KFold":
            return encoding.out_of_fold(places, self.fold_numbers(frame), request.blending)
        if leakage == "LeaveOneOut":
            if self.details.response not in frame:
                raise InvalidArgument(
                    f"The leakage handling LeaveOneOut needs the response '{self.details.response}'. The frame has none."
                )
            return encoding.without_own(places, self.targets(frame), request.blending)
        return encoding.plain(places, request.blending)

    def _noise(self, frame: Frame, noise: float) -> float:
        if noise >= 0:
            return noise
        response = self.details.response
        if response is None or response not in frame:
            return 0.0
        if self.details.response_domain:
            return _AUTOMATIC_NOISE
        values = frame[response].floats()
        return _AUTOMATIC_NOISE * float(np.nanmax(values) - np.nanmin(values)) if len(values) else 0.0

    def _ordered(self, frame: Frame, made: dict[str, Column]) -> Frame:
        columns = dict(zip(frame.names, frame.columns, strict=True)) | made
        if not self.details.actual("keep_original_categorical_columns"):
            for name in {name for e in self.encodings for name in e.columns.names}:
                columns.pop(name, None)
        last = [name for name in (self.details.actual("fold_column"), self.details.response) if name in columns]
        known = [name for name in self.details.names if name in columns and name not in last and name not in made]
        numeric = [name for name in known if columns[name].type is not ColumnType.ENUM]
        front = [*numeric, *made, *(name for name in known if name not in numeric)]
        rest = [name for name in columns if name not in front and name not in last]
        order = [*front, *rest, *last]
        return Frame(order, [columns[name] for name in order], frame.n_rows)

    # ---- the face of a model ----

    def raw(self, frame: Frame, *, threads: int = 1) -> Floats:
        """The encoded columns [rows, columns], without noise; NaN where the frame lacks a column."""
        encoded = self.encode(frame, Request(False, self.request({}).blending, 0.0))
        names = [name for encoding in self.encodings for name in encoding.outputs]
        gap = np.full(frame.n_rows, np.nan)
        return np.column_stack([np.asarray(encoded[name].floats()) if name in encoded else gap for name in names])

    def predict(self, frame: Frame, *, threads: int = 1) -> Frame:
        """The frame encoded as a new one."""
        return self.encode(frame, self.request({}))

    def predict_and_score(
        self, frame: Frame, *, threads: int = 1, description: str | None = None
    ) -> tuple[Frame, Metrics | None]:
        """The frame encoded as a new one; there is nothing to measure."""
        return self.predict(frame), None

    def predict_option(self, frame: Frame, option: str, value: Any, *, threads: int = 1) -> Frame:
        """`target_encoding`: a dict of blending, inflection_point, smoothing, noise and as_training."""
        if option != "target_encoding":
            return super().predict_option(frame, option, value, threads=threads)
        return self.encode(frame, self.request(value))

    def notes(self, frame: Frame) -> list[str]:
        """Names the groups that the frame lacks columns of."""
        lacking = [e.name for e in self.encodings if not all(name in frame for name in e.columns.names)]
        return [f"The frame lacks columns of '{name}', which is not encoded." for name in lacking]

    # ---- keeping ----

    def state(self) -> dict[str, Any]:
        """The groups and the folds."""
        return {"encodings": [e.to_state(i)[0] for i, e in enumerate(self.encodings)], "folds": self.folds}

    def arrays(self) -> dict[str, NDArray[Any]]:
        """Sums and counts."""
        found: dict[str, NDArray[Any]] = {}
        for number, encoding in enumerate(self.encodings):
            found |= encoding.to_state(number)[1]
        return found

    @classmethod
    def restore(cls, details: ModelDetails, state: Mapping[str, Any], arrays: Mapping[str, NDArray[Any]]) -> Self:
        """The model of a saved state."""
        encodings = [Encoding.from_state(i, item, arrays) for i, item in enumerate(state["encodings"])]
        return cls(details, encodings, state["folds"])


def targets_of(column: Column, classes: list[str], name: str) -> Floats:
    """What is averaged of a response [rows, targets]: amounts, or 0 and 1 for each class but the first; NaN where missing."""
    if not classes:
        return np.asarray(column.floats(), dtype=np.float64)[:, None]
    codes = codes_in(column, classes, name)
    found = (codes[:, None] == np.arange(1, len(classes))).astype(np.float64)
    found[np.isnan(codes)] = np.nan
    return np.asarray(found)


def fold_values(column: Column) -> list[float] | list[str]:
    """The values of a fold column: its levels, or its numbers in ascending order."""
    if column.domain is not None:
        return column.levels
    values = np.unique(np.asarray(column.floats()))
    return [float(value) for value in values[~np.isnan(values)]]


def fold_numbers(column: Column, folds: list[float] | list[str], name: str) -> Codes:
    """The number of each row's fold among the values of training; -1 for another."""
    codes = codes_in(column, [str(fold) for fold in folds], name)
    return np.where(np.isnan(codes), -1, codes).astype(np.int64)


def output_names(group: tuple[str, ...], classes: list[str]) -> tuple[str, ...]:
    """Names of the encoded columns of a group: `a:b_te`, or with more than two classes `a:b_class_te` for all but the first."""
    name = ":".join(group)
    if len(classes) <= 2:
        return (f"{name}_te",)
    return tuple(f"{name}_{re.sub('[^A-Za-z0-9_$]', '_', level)}_te" for level in classes[1:])
