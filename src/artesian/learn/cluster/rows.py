"""The space of k-means: numbers scaled, missing ones at the mean; levels at distance 1 from each other, missing ones the mode."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Self

import numpy as np
import polars as pl
from numpy.typing import NDArray

from artesian import _native
from artesian.frame import Frame
from artesian.learn.base.design.columns import LARGEST, Columns, blocks, cached_blocks
from artesian.learn.base.design.numeric import statistics_of

Floats = NDArray[np.float64]
Codes = NDArray[np.int64]
Levels = NDArray[np.integer]
"""Level numbers in as few bytes as hold them."""
_FEW_CELLS = 200
"""Numbers and levels of all centres up to which these are measured one by one."""
_CACHED_CELLS = 1 << 16
"""Distances that are worked out at once: half a megabyte."""
_KEPT_CELLS = 1 << 27
"""Numbers of training rows that are kept from pass to pass (1 GB); larger frames are read anew in each pass."""


@dataclass(frozen=True)
class Points:
    """Rows or centres: scaled numbers [n, p] and level numbers [n, q]; of rows each column lies together."""

    numbers: Floats
    codes: Levels

    def __getitem__(self, which: Any) -> Points:
        """Some of them."""
        return Points(self.numbers[which], self.codes[which])

    @property
    def count(self) -> int:
        """How many there are."""
        return len(self.numbers)


def joined(parts: list[Points]) -> Points:
    """Points one below the other."""
    return Points(np.concatenate([p.numbers for p in parts]), np.concatenate([p.codes for p in parts]))


@dataclass(frozen=True)
class Space:
    """`means` and `scales` [p] belong to the numeric columns, `modes` [q] to the categorical ones.

    Numbers are taken from their mean in any case, which changes no distance and loses no digits.
    """

    columns: Columns
    means: Floats
    scales: Floats
    modes: Codes

    @classmethod
    def fit(cls, frame: Frame, columns: Columns, *, standardize: bool) -> Self:
        """Learns the space of a training frame."""
        found = [statistics_of(columns.numbers(frame, name)) for name in columns.numeric]
        deviations = np.array([s.deviation for s in found], dtype=np.float64)
        scales = np.divide(1.0, deviations, out=np.ones_like(deviations), where=deviations > 0)
        modes = []
        for name in columns.categorical:
            codes = columns.codes(frame, name)
            counts = np.bincount(codes[codes >= 0], minlength=max(1, len(columns.levels[name])))
            modes.append(int(counts.argmax()))
        return cls(
            columns,
            np.array([s.mean for s in found], dtype=np.float64),
            scales if standardize else np.ones_like(scales),
            np.array(modes, dtype=np.int64),
        )

    @property
    def width(self) -> int:
        """Number of columns."""
        return len(self.columns.names)

    def points(self, frame: Frame) -> Points:
        """The rows of a frame."""
        numbers = np.empty((len(self.means), frame.n_rows))
        for place, name in enumerate(self.columns.numeric):
            values = self.columns.numbers(frame, name)
            np.subtract(values, self.means[place], out=numbers[place])
            numbers[place] *= self.scales[place]
            missing = np.isnan(values)
            if missing.any():
                numbers[place, missing] = 0.0
        largest = max((len(self.columns.levels[name]) for name in self.columns.categorical), default=0)
        codes = np.empty((len(self.modes), frame.n_rows), dtype=np.min_scalar_type(max(1, largest)))
        for place, name in enumerate(self.columns.categorical):
            own = self.columns.stored_codes(frame, name)
            codes[place] = own if own.dtype.kind == "u" else np.where(own < 0, self.modes[place], own)
        return Points(numbers.T, codes.T)

    def raw_numbers(self, numbers: Floats) -> Floats:
        """Numbers in the units of their columns."""
        return numbers / self.scales + self.means

    def mismatches(self, centres: Points) -> list[Floats]:
        """For each categorical column 1 where a level is not a centre's: [levels, centres]."""
        tables = []
        for place, name in enumerate(self.columns.categorical):
            levels = np.arange(max(1, len(self.columns.levels[name])))
            tables.append((levels[:, None] != centres.codes[None, :, place]).astype(np.float64))
        return tables

    def distances(self, points: Points, centres: Points) -> Floats:
        """Squared distances [points, centres]; of the order of a rounding error off, never negative."""
        x, c = points.numbers, centres.numbers
        found = (x**2).sum(axis=1)[:, None] + (c**2).sum(axis=1)[None, :] - 2.0 * (x @ c.T)
        np.maximum(found, 0.0, out=found)
        for place, table in enumerate(self.mismatches(centres)):
            found += table[points.codes[:, place]]
        return np.asarray(found)

    def exact(self, points: Points, centres: Points, nearest: Codes) -> Floats:
        """Squared distances of points from the centres that they belong to [points]."""
        found = np.zeros(points.count)
        for place in range(points.numbers.shape[1]):
            difference = points.numbers[:, place] - centres.numbers[:, place].take(nearest)
            difference *= difference
            found += difference
        if points.codes.shape[1]:
            own = centres.codes.astype(points.codes.dtype)
            differing = np.zeros(points.count, dtype=np.uint16)
            for place in range(own.shape[1]):
                differing += points.codes[:, place] != own[:, place].take(nearest)
            found += differing
        return found

    def nearest(self, points: Points, centres: Points) -> tuple[Codes, Floats]:
        """The nearest centre of each point, the first of several, and the squared distance from it.

        A few rows at a time, so that what is worked out of them stays in the processor's cache. Few and short centres are
        measured one by one, for many or long ones matrix products are quicker.
        """
        if self._are_few(centres):
            nothing = np.zeros(points.numbers.shape[1]), np.ones(points.numbers.shape[1]), np.inf
            return self._nearest_of_few(list(points.numbers.T), *nothing, list(points.codes.T), centres)
        chosen = np.zeros(points.count, dtype=np.int64)
        distance = np.zeros(points.count)
        factors, lengths = -2.0 * centres.numbers, (centres.numbers**2).sum(axis=1)
        levels = centres.codes.astype(points.codes.dtype)
        size = max(1, _CACHED_CELLS // max(centres.count, self.width))
        for start in range(0, points.count, size):
            some = points[start : start + size]
            found = factors @ some.numbers.T
            found += lengths[:, None]
            for centre in range(centres.count if levels.shape[1] else 0):
                differing = np.zeros(some.count, dtype=np.uint16)
                for place, level in enumerate(levels[centre]):
                    differing += some.codes[:, place] != level
                found[centre] += differing
            chosen[start : start + size] = nearest = _first_least(found)
            distance[start : start + size] = self.exact(some, centres, nearest)
        return chosen, distance

    def nearest_of_frame(self, frame: Frame, centres: Points) -> tuple[Codes, Floats]:
        """`nearest` of the rows of a frame."""
        if not self._are_few(centres):
            parts = [self.nearest(self.points(block), centres) for _, block in cached_blocks(frame)]
            return np.concatenate([part[0] for part in parts]), np.concatenate([part[1] for part in parts])
        numbers = [self.columns.stored_numbers(frame, name) for name in self.columns.numeric]
        codes = [self.columns.stored_codes(frame, name) for name in self.columns.categorical]
        filled = [
            own if own.dtype.kind == "u" else np.where(own < 0, mode, own)
            for own, mode in zip(codes, self.modes, strict=True)
        ]
        return self._nearest_of_few(numbers, self.means, self.scales, LARGEST, filled, centres)

    def _are_few(self, centres: Points) -> bool:
        return 0 < centres.count * self.width <= _FEW_CELLS

    def _nearest_of_few(
        self,
        numbers: list[NDArray[Any]],
        shifts: Floats,
        scales: Floats,
        largest: float,
        codes: list[Levels],
        centres: Points,
    ) -> tuple[Codes, Floats]:
        return _native.nearest_centres(
            [np.ascontiguousarray(column) for column in numbers],
            shifts,
            scales,
            largest,
            [np.ascontiguousarray(column) for column in codes],
            np.ascontiguousarray(centres.numbers),
            np.ascontiguousarray(centres.codes, dtype=np.int64),
        )

    # ---- keeping ----

    def to_state(self) -> tuple[dict[str, Any], dict[str, NDArray[Any]]]:
        """JSON-safe part and arrays."""
        arrays = {"space.means": self.means, "space.scales": self.scales, "space.modes": self.modes}
        return {"columns": self.columns.to_state()}, arrays

    @classmethod
    def from_state(cls, state: Mapping[str, Any], arrays: Mapping[str, NDArray[Any]]) -> Self:
        """The space of a `to_state`."""
        columns = Columns.from_state(state["columns"])
        return cls(columns, arrays["space.means"], arrays["space.scales"], arrays["space.modes"])


def _first_least(values: Floats) -> Codes:
    """The first row of the least value in each column of `values` [k, n]."""
    least = values.min(axis=0)
    found = np.zeros(values.shape[1], dtype=np.int64)
    for row in range(len(values) - 1, 0, -1):
        np.copyto(found, row, where=values[row] == least)
    found[values[0] == least] = 0
    return found


class Rows:
    """The training rows in blocks, over and over; kept in memory where they are few enough."""

    def __init__(self, frame: Frame, space: Space, clusters: int) -> None:
        self.frame, self.space = frame, space
        self._width = max(1, space.width, clusters)
        keeps = frame.n_rows * max(1, space.width) <= _KEPT_CELLS
        self._kept: list[tuple[int, Points]] | None = list(self._made()) if keeps else None

    def __iter__(self) -> Iterator[tuple[int, Points]]:
        """Number of the first row, and the points of each block."""
        return iter(self._kept) if self._kept is not None else self._made()

    def _made(self) -> Iterator[tuple[int, Points]]:
        for start, block in blocks(self.frame, self._width):
            yield start, self.space.points(block)

    @property
    def count(self) -> int:
        """Number of rows."""
        return self.frame.n_rows

    def some(self, rows: NDArray[np.int64]) -> Points:
        """The points of some rows, in the order of their numbers."""
        return self.space.points(self.frame.gather(pl.Series(rows)))
