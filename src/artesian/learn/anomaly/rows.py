"""How the columns of a frame become the numbers that isolation trees split: encoded, levels by their number, NaN missing."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Self

import numpy as np
from numpy.typing import NDArray

from artesian.frame import Frame
from artesian.learn.base.design import Design, DesignOptions, Scaling
from artesian.learn.base.encoding_step import EncodingStep
from artesian.learn.base.reading import missing_columns

_CHUNK_CELLS = 1 << 24
_LARGEST = np.float32(np.finfo(np.float32).max)
Matrix = NDArray[np.float32]


@dataclass(frozen=True)
class Reader:
    """What was learnt of the columns in training. `names` are the columns that are split, `predictors` those of the frame."""

    predictors: tuple[str, ...]
    step: EncodingStep
    design: Design

    @classmethod
    def fit(cls, frame: Frame, predictors: tuple[str, ...], encoding: str) -> Self:
        """Learns from a training frame."""
        step = EncodingStep.fit(frame, predictors, "Enum" if encoding == "AUTO" else encoding)
        options = DesignOptions(scaling=Scaling.NONE, encoding="LabelEncoder", sparse=False, keep_missing=True)
        return cls(tuple(predictors), step, Design.fit(step.apply(frame), step.predictors, options))

    @property
    def names(self) -> list[str]:
        """The columns that are split."""
        return self.design.input_names

    def missing(self, frame: Frame) -> list[str]:
        """Columns that a frame lacks; they count as missing values. InvalidArgument where it lacks all."""
        return missing_columns(frame, self.predictors)

    def matrix(self, frame: Frame) -> Matrix:
        """The numbers of a frame's rows [rows, columns]."""
        values = self.design.transform(self.step.apply(frame)).to_dense()
        return np.clip(values, -_LARGEST, _LARGEST) if np.isinf(values).any() else values

    def chunks(self, frame: Frame) -> Iterator[Matrix]:
        """The numbers in blocks of rows (one empty block of an empty frame)."""
        self.missing(frame)
        size = max(1, _CHUNK_CELLS // max(1, len(self.names)))
        for start in range(0, max(frame.n_rows, 1), size):
            yield self.matrix(frame.slice(start, size))

    def to_state(self) -> tuple[dict[str, Any], dict[str, NDArray[Any]]]:
        """JSON-safe part and arrays, from which `from_state` makes an equal reader."""
        step, step_arrays = self.step.to_state()
        design, arrays = self.design.to_state()
        return {"predictors": list(self.predictors), "step": step, "design": design}, {**step_arrays, **arrays}

    @classmethod
    def from_state(cls, state: Mapping[str, Any], arrays: Mapping[str, NDArray[Any]]) -> Self:
        """The reader of a `to_state`."""
        return cls(
            tuple(state["predictors"]),
            EncodingStep.from_state(state["step"], arrays),
            Design.from_state(state["design"], arrays),
        )
