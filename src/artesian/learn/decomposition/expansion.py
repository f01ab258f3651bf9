"""The matrix that is decomposed: an input for each level of the categorical columns, then the numeric columns transformed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Self

import numpy as np
import polars as pl
from numpy.typing import NDArray

from artesian import _native
from artesian.frame import Frame
from artesian.learn.base.design.columns import Columns, cached_blocks
from artesian.learn.base.design.numeric import ColumnStatistics, statistics_of

Floats = NDArray[np.float64]
Codes = NDArray[np.int64]


@dataclass(frozen=True)
class Block:
    """Some rows of the matrix: the inputs of levels as sparse rows (None without categorical columns), numbers [rows, p]."""

    levels: Any
    numbers: Floats

    @property
    def n_rows(self) -> int:
        """Number of rows."""
        return len(self.numbers)

    def times(self, vectors: Floats) -> Floats:
        """The rows times `vectors` [inputs, k]: [rows, k]."""
        first = len(vectors) - self.numbers.shape[1]
        found = self.numbers @ vectors[first:]
        return found if self.levels is None else found + self.levels @ vectors[:first]

    def transposed_times(self, values: Floats) -> Floats:
        """The transposed rows times `values` [rows, k]: [inputs, k]."""
        numbers = self.numbers.T @ values
        return numbers if self.levels is None else np.concatenate([self.levels.T @ values, numbers])

    def gram(self) -> Floats:
        """Inner products of the inputs over these rows [inputs, inputs]."""
        inner = self.numbers.T @ self.numbers
        if self.levels is None:
            return inner
        across = np.asarray(self.levels.T @ self.numbers)
        among = (self.levels.T @ self.levels).toarray()
        return np.block([[among, across], [across.T, inner]])

    def squares(self) -> float:
        """Sum of all squared numbers."""
        entries = 0.0 if self.levels is None else float(self.levels.nnz)
        return float(np.einsum("ij,ij->", self.numbers, self.numbers)) + entries


@dataclass(frozen=True)
class Expansion:
    """`shifts` and `scales` [p] of the numeric columns, their `means`, and the most frequent levels `modes` [q].

    Categorical columns come first, those with more levels before the others.
    """

    columns: Columns
    all_levels: bool
    means: Floats
    shifts: Floats
    scales: Floats
    modes: Codes

    @classmethod
    def fit(cls, frame: Frame, names: tuple[str, ...], transform: str, *, all_levels: bool) -> Self:
        """Learns from a training frame; every value that is there counts, also in rows that miss others."""
        columns = Columns.fit(frame, names)
        columns = Columns(columns.largest_first, columns.levels)
        found = [statistics_of(columns.numbers(frame, name)) for name in columns.numeric]
        means = np.array([s.mean for s in found], dtype=np.float64)
        centred = transform in ("DEMEAN", "STANDARDIZE", "NORMALIZE")
        modes = []
        for name in columns.categorical:
            codes = columns.codes(frame, name)
            modes.append(int(np.bincount(codes[codes >= 0], minlength=1).argmax()))
        return cls(
            columns,
            all_levels,
            means,
            means if centred else np.zeros_like(means),
            _scales(found, transform),
            np.array(modes, dtype=np.int64),
        )

    # ---- inputs ----

    @property
    def _offsets(self) -> Codes:
        drop = 0 if self.all_levels else 1
        widths = [max(0, len(self.columns.levels[name]) - drop) for name in self.columns.categorical]
        return np.concatenate([[0], np.cumsum(widths)]).astype(np.int64)

    @property
    def width(self) -> int:
        """Number of inputs."""
        return int(self._offsets[-1]) + len(self.columns.numeric)

    @property
    def names(self) -> list[str]:
        """Names of the inputs: `column.level`, then the numeric columns."""
        drop = 0 if self.all_levels else 1
        coded = [f"{name}.{level}" for name in self.columns.categorical for level in self.columns.levels[name][drop:]]
        return [*coded, *self.columns.numeric]

    # ---- rows ----

    def complete(self, frame: Frame) -> pl.Series:
        """Which rows miss nothing."""
        there = np.ones(frame.n_rows, dtype=bool)
        for name in self.columns.categorical:
            there &= self.columns.codes(frame, name) >= 0
        for name in self.columns.numeric:
            there &= ~np.isnan(self.columns.numbers(frame, name))
        return pl.Series(there)

    def block(self, frame: Frame, *, imputes_levels: bool = False) -> Block:
        """The rows of a frame. Missing numbers are the mean; missing levels none at all, or the most frequent one."""
        numbers = self.columns.matrix(frame, self.columns.numeric)
        numbers = np.where(np.isnan(numbers), self.means, numbers)
        numbers -= self.shifts
        numbers *= self.scales
        if not self.columns.categorical:
            return Block(None, numbers)
        codes = self.columns.code_matrix(frame, self.columns.categorical)
        if imputes_levels:
            codes = np.where(codes < 0, self.modes, codes)
        return Block(self._level_rows(codes), numbers)

    def projected(self, frame: Frame, vectors: Floats) -> Floats:
        """The rows of a frame times `vectors` [inputs, k]: [rows, k], without making the inputs of levels."""
        found = np.empty((vectors.shape[1], frame.n_rows))
        tables = self._tables(vectors)
        factors = vectors[int(self._offsets[-1]) :] * self.scales[:, None]
        fillings = factors * (self.means - self.shifts)[:, None]
        for place, block in cached_blocks(frame):
            numbers = [self.columns.numbers(block, name) for name in self.columns.numeric]
            codes = [np.ascontiguousarray(self.columns.stored_codes(block, n)) for n in self.columns.categorical]
            for k, out in enumerate(found):
                weights, filling = (np.ascontiguousarray(each[:, k]) for each in (factors, fillings))
                amounts = [table[k] for table in tables]
                _native.linear_predictors(numbers, self.shifts, weights, filling, codes, amounts, 0.0, out[place])
        return found.T

    def _tables(self, vectors: Floats) -> list[Floats]:
        """Of each categorical column the vectors' parts for its levels, and last 0 for missing ones [k, levels + 1]."""
        tables = []
        for place, name in enumerate(self.columns.categorical):
            table = np.zeros((vectors.shape[1], len(self.columns.levels[name]) + 1))
            own = vectors[self._offsets[place] : self._offsets[place + 1]].T
            first = 0 if self.all_levels else 1
            table[:, first : first + own.shape[1]] = own
            tables.append(table)
        return tables

    def _level_rows(self, codes: Codes) -> Any:
        from scipy.sparse import csr_array

        places = codes - (0 if self.all_levels else 1)
        there = places >= 0
        indices = (places + self._offsets[:-1])[there]
        starts = np.concatenate([[0], np.cumsum(there.sum(axis=1))])
        return csr_array((np.ones(len(indices)), indices, starts), shape=(len(codes), int(self._offsets[-1])))

    # ---- keeping ----

    def to_state(self) -> tuple[dict[str, Any], dict[str, NDArray[Any]]]:
        """JSON-safe part and arrays."""
        arrays = {"means": self.means, "shifts": self.shifts, "scales": self.scales, "modes": self.modes}
        state = {"columns": self.columns.to_state(), "all_levels": self.all_levels}
        return state, {f"expansion.{name}": values for name, values in arrays.items()}

    @classmethod
    def from_state(cls, state: Mapping[str, Any], arrays: Mapping[str, NDArray[Any]]) -> Self:
        """The expansion of a `to_state`."""
        own = [arrays[f"expansion.{name}"] for name in ("means", "shifts", "scales", "modes")]
        return cls(Columns.from_state(state["columns"]), bool(state["all_levels"]), *own)


def _scales(found: list[ColumnStatistics], transform: str) -> Floats:
    if transform == "NORMALIZE":
        spread = np.array([s.high - s.low for s in found], dtype=np.float64)
    elif transform in ("DESCALE", "STANDARDIZE"):
        spread = np.array([s.deviation for s in found], dtype=np.float64)
    else:
        return np.ones(len(found))
    return np.divide(1.0, spread, out=np.ones_like(spread), where=spread > 0)
