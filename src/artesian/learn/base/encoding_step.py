"""`categorical_encoding` as a step in front of any algorithm: a frame goes in, a frame of other columns comes out.

For algorithms that learn from columns rather than from the inputs of a `Design` (which encodes by itself):

    step = EncodingStep.fit(frame, roles.predictors, parameters.categorical_encoding, weights=w, response=y)
    encoded = step.apply(frame)          # training, validation and prediction frames alike
    step.predictors                      # the columns to learn from, in the order of `encoded`
    new_details(..., inputs=step.inputs) # what the model tells of them
    state, arrays = step.to_state()      # kept with the model; EncodingStep.from_state(state, arrays)

What a categorical column `c` becomes, by encoding, with H2O's names:

- AUTO, Enum, OneHotInternal: itself (what AUTO means is the algorithm's own choice, made before this step);
- OneHotExplicit: `c.level` for each level and `c.missing(NA)`, 0 or 1;
- Binary: `c:0`, `c:1` …, the bits of the level's number from 1, all 0 where missing;
- LabelEncoder: the number of the level, under its old name;
- Eigen: `c.Eigen`, the level's score on the first principal component of its one-hot matrix;
- EnumLimited: `c.top_10_levels`, all but the ten most frequent levels as one, if it has more than ten;
- SortByResponse: itself with its levels in the order of their mean response.

Levels that training did not see, and columns that a frame lacks, count as missing.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Self

import numpy as np
import polars as pl
from numpy.typing import NDArray

from artesian.frame import Column, Frame
from artesian.learn.base.design.encoding import NUMERIC_ENCODINGS, Encoded, encode
from artesian.learn.base.scoring import codes_in

UNCHANGED = ("AUTO", "Enum", "OneHotInternal")
"""Encodings that leave the columns of a frame as they are."""
_PREFIX = "encoding."


@dataclass(frozen=True)
class EncodingStep:
    """How the categorical predictors of a frame are encoded. `levels` are those of training, by column."""

    encoding: str
    kept: tuple[str, ...]
    """Predictors that stay as they are, in the order of the training frame."""
    levels: dict[str, tuple[str, ...]]
    encodings: tuple[Encoded, ...]
    kept_levels: dict[str, tuple[str, ...]]
    """Levels of those categorical predictors that stay as they are."""

    @classmethod
    def fit(
        cls,
        frame: Frame,
        predictors: Sequence[str],
        encoding: str,
        *,
        weights: NDArray[np.float64] | None = None,
        response: NDArray[np.float64] | None = None,
    ) -> Self:
        """Learns the step from a training frame.

        `weights` and `response` [n] belong to the frame's rows; rows of weight 0 do not count. SortByResponse needs the
        response (numbers of classes count as numbers, NaN is missing); without one the levels keep their order.
        """
        categorical = [name for name in predictors if frame[name].domain is not None]
        if encoding in UNCHANGED:
            return cls(encoding, tuple(predictors), {}, (), {name: tuple(frame[name].levels) for name in categorical})
        found = {name: _encode(encoding, name, frame[name], weights, response) for name in categorical}
        changed = {name: item for name, item in found.items() if item.table is not None or item.codes is not None}
        return cls(
            encoding,
            tuple(name for name in predictors if name not in changed),
            {name: tuple(frame[name].levels) for name in changed},
            tuple(changed.values()),
            {name: tuple(frame[name].levels) for name in categorical if name not in changed},
        )

    # ---- what comes out ----

    @property
    def predictors(self) -> tuple[str, ...]:
        """The columns to learn from: those that stay, then the encoded ones."""
        return (*self.kept, *(name for item in self.encodings for name in item.names))

    @property
    def inputs(self) -> list[tuple[str, str, list[str] | None]]:
        """Name, type (`Numeric` or `Enum`) and levels of each column to learn from."""
        told: list[tuple[str, str, list[str] | None]] = []
        for name in self.kept:
            levels = self.kept_levels.get(name)
            told.append((name, "Numeric" if levels is None else "Enum", None if levels is None else list(levels)))
        for item in self.encodings:
            kind = "Numeric" if item.levels is None else "Enum"
            told += [(name, kind, None if item.levels is None else list(item.levels)) for name in item.names]
        return told

    def apply(self, frame: Frame) -> Frame:
        """The frame with its categorical predictors encoded; columns that are no predictors stay.

        InvalidArgument where a column is of another kind than in training.
        """
        if not self.encodings:
            return frame
        gone = [name for name in self.levels if name in frame]
        columns = dict(zip(frame.names, frame.columns, strict=True))
        for name in gone:
            del columns[name]
        for item in self.encodings:
            codes = self._codes(frame, item.column)
            columns |= dict(zip(item.names, _columns(item, codes), strict=True))
        return Frame(list(columns), list(columns.values()), frame.n_rows)

    def _codes(self, frame: Frame, name: str) -> NDArray[np.int64]:
        """Level numbers of training [rows], -1 where missing, unseen or absent."""
        if name not in frame:
            return np.full(frame.n_rows, -1, dtype=np.int64)
        column, levels = frame[name], self.levels[name]
        if column.domain is not None and tuple(column.levels) == levels:
            return column.codes()
        return np.nan_to_num(codes_in(column, levels, name), nan=-1.0).astype(np.int64)

    # ---- keeping ----

    def to_state(self) -> tuple[dict[str, Any], dict[str, NDArray[Any]]]:
        """JSON-safe part and arrays, from which `from_state` makes an equal step."""
        state = {
            "encoding": self.encoding,
            "kept": list(self.kept),
            "levels": {name: list(levels) for name, levels in self.levels.items()},
            "kept_levels": {name: list(levels) for name, levels in self.kept_levels.items()},
            "encodings": [
                {"column": e.column, "names": list(e.names), "levels": None if e.levels is None else list(e.levels)}
                for e in self.encodings
            ],
        }
        arrays: dict[str, NDArray[Any]] = {}
        for i, item in enumerate(self.encodings):
            if item.codes is not None:
                arrays[f"{_PREFIX}codes.{i}"] = item.codes
            if item.table is not None:
                arrays[f"{_PREFIX}table.{i}"] = item.table
        return state, arrays

    @classmethod
    def from_state(cls, state: Mapping[str, Any], arrays: Mapping[str, NDArray[Any]]) -> Self:
        """The step of a `to_state`."""
        encodings = tuple(
            Encoded(
                e["column"],
                tuple(e["names"]),
                None if e["levels"] is None else tuple(e["levels"]),
                arrays.get(f"{_PREFIX}codes.{i}"),
                arrays.get(f"{_PREFIX}table.{i}"),
            )
            for i, e in enumerate(state["encodings"])
        )
        return cls(
            state["encoding"],
            tuple(state["kept"]),
            {name: tuple(levels) for name, levels in state["levels"].items()},
            encodings,
            {name: tuple(levels) for name, levels in state["kept_levels"].items()},
        )


def _encode(
    encoding: str,
    name: str,
    column: Column,
    weights: NDArray[np.float64] | None,
    response: NDArray[np.float64] | None,
) -> Encoded:
    levels = tuple(column.levels)
    if encoding == "OneHotExplicit":
        names = (*(f"{name}.{level}" for level in levels), f"{name}.missing(NA)")
        return Encoded(name, names, table=np.eye(len(levels) + 1))
    codes = column.codes() if encoding not in ("Binary", "LabelEncoder") else np.zeros(0, dtype=np.int64)
    return encode(encoding, name, levels, codes, weights, response)


def _columns(item: Encoded, codes: NDArray[np.int64]) -> list[Column]:
    """The new columns of level numbers (-1: missing)."""
    if item.levels is not None:
        new = item.new_codes(codes)
        series = pl.Series(np.maximum(new, 0)).set(pl.Series(new < 0), None)
        return [Column.enums(series, list(item.levels))]
    assert item.table is not None
    whole = not np.isnan(item.table[:-1]).any() and bool((item.table[:-1] == np.floor(item.table[:-1])).all())
    return [_numbers(item.table[:, j], codes, whole=whole) for j in range(item.table.shape[1])]


def _numbers(values: NDArray[np.float64], codes: NDArray[np.int64], *, whole: bool) -> Column:
    """The number of each level; whole ones go through small integers, of which there may be many columns."""
    if not whole:
        return Column.reals(pl.Series(values[codes]))
    missing = bool(np.isnan(values[-1]))
    small = np.nan_to_num(values).astype(np.uint8 if np.nanmax(values, initial=0.0) < 256 else np.int64)
    series = pl.Series(small[codes])
    return Column.integers(series.set(pl.Series(codes < 0), None) if missing else series)


def is_numeric(encoding: str) -> bool:
    """Whether no categorical column is left after the encoding."""
    return encoding in (*NUMERIC_ENCODINGS, "OneHotExplicit")
