"""The points of a ranking curve, held in one of two ways: as arrays of all of them, or as the sorted rows that they follow from.

A million rows with as many scores make a million points. Where each row counts once, the sorted rows are an eighth of the
memory that all points and what is worked out of them would take: then only the ends of stretches are kept, and a stretch is
made into points when somebody asks for one of them. A point is four numbers: a score, the weights of the true and of the
false positives at and above it, and the sum of score times weight over all of those rows.
"""

from __future__ import annotations

from functools import cached_property
from typing import Final, Protocol

import numpy as np

from artesian import _native
from artesian.learn.metrics.rows import Floats

STRETCH: Final = 128
"""Points of a stretch."""
POINT_SIZE: Final = 4
Keys = np.ndarray[tuple[int], np.dtype[np.uint64]]


class CurvePoints(Protocol):
    """k points, scores descending, in stretches of `STRETCH`, of which the last may be shorter."""

    def __len__(self) -> int: ...

    @property
    def thresholds(self) -> Floats:
        """The distinct scores [k]."""

    @property
    def tps(self) -> Floats:
        """The weights of true positives at and above each score [k]."""

    @property
    def fps(self) -> Floats:
        """The weights of false positives at and above each score [k]."""

    @property
    def first(self) -> Floats:
        """The first point of each stretch [s, 4]."""

    @property
    def last(self) -> Floats:
        """The last point of each stretch [s, 4]."""

    def stretches(self, which: np.ndarray[tuple[int], np.dtype[np.int64]]) -> Floats:
        """The points of some stretches [m, STRETCH, 4]; the curve's last point fills the last stretch."""

    @property
    def trapezoids(self) -> float:
        """Twice the area under the line from the origin through all (false, true) positives."""

    @property
    def hyperbolas(self) -> float:
        """The area under precision by true positives, false ones growing linearly between two points."""


class ListedPoints:
    """All points as arrays [k]."""

    def __init__(self, thresholds: Floats, tps: Floats, fps: Floats) -> None:
        self.thresholds, self.tps, self.fps = thresholds, tps, fps

    def __len__(self) -> int:
        return len(self.thresholds)

    @cached_property
    def _masses(self) -> Floats:
        return np.cumsum(self.thresholds * np.diff(self.tps + self.fps, prepend=0.0))

    def _at(self, places: np.ndarray[tuple[int, ...], np.dtype[np.int64]]) -> Floats:
        return np.stack([values[places] for values in (self.thresholds, self.tps, self.fps, self._masses)], axis=-1)

    @property
    def first(self) -> Floats:
        """See `CurvePoints`."""
        return self._at(np.arange(0, len(self), STRETCH))

    @property
    def last(self) -> Floats:
        """See `CurvePoints`."""
        return self._at(np.minimum(np.arange(0, len(self), STRETCH) + STRETCH, len(self)) - 1)

    def stretches(self, which: np.ndarray[tuple[int], np.dtype[np.int64]]) -> Floats:
        """See `CurvePoints`."""
        return self._at(np.minimum(which[:, None] * STRETCH + np.arange(STRETCH), len(self) - 1))

    @property
    def trapezoids(self) -> float:
        """See `CurvePoints`."""
        return _native.trapezoids(self.tps, self.fps)

    @property
    def hyperbolas(self) -> float:
        """See `CurvePoints`."""
        return _native.hyperbolas(self.tps, self.fps)


class PointsOfRows:
    """Points of rows that each count once, from their sorted `rank_keys`."""

    def __init__(self, keys: Keys) -> None:
        self._keys = keys
        self._size, self.first, self.last, self.trapezoids, self.hyperbolas = _native.curve_outline(keys, STRETCH)

    def __len__(self) -> int:
        return self._size

    @cached_property
    def _arrays(self) -> tuple[Floats, Floats, Floats]:
        return _native.curve_of_keys(self._keys)

    @property
    def thresholds(self) -> Floats:
        """See `CurvePoints`."""
        return self._arrays[0]

    @property
    def tps(self) -> Floats:
        """See `CurvePoints`."""
        return self._arrays[1]

    @property
    def fps(self) -> Floats:
        """See `CurvePoints`."""
        return self._arrays[2]

    def stretches(self, which: np.ndarray[tuple[int], np.dtype[np.int64]]) -> Floats:
        """See `CurvePoints`."""
        before = np.where((which > 0)[:, None], self.last[which - 1], 0.0)
        return _native.curve_stretches(self._keys, before, STRETCH)
