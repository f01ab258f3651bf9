"""Categorical columns as one-hot inputs: one input a level, and one at the end of each column for missing and unseen levels."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from artesian.learn.base.design.matrix import Entries


@dataclass(frozen=True)
class OneHot:
    """The inputs of some categorical columns, in that order, from input 0 on.

    Without `all_levels` the first level of each column has no input (all of the column's inputs are 0). With more inputs
    than `limit`, inputs share places by a hash, and those that fall together in a row add up.
    """

    names: tuple[str, ...]
    levels: tuple[tuple[str, ...], ...]
    all_levels: bool
    limit: int

    @property
    def offsets(self) -> NDArray[np.int64]:
        """Where the inputs of each column start, and the end; before hashing. Shape (columns + 1,)."""
        widths = [len(levels) + (1 if self.all_levels else 0) for levels in self.levels]
        return np.concatenate([np.zeros(1, dtype=np.int64), np.cumsum(np.asarray(widths, dtype=np.int64))])

    @property
    def is_hashed(self) -> bool:
        """Whether inputs share places."""
        return int(self.offsets[-1]) > self.limit

    @property
    def n_inputs(self) -> int:
        """Number of inputs."""
        return min(int(self.offsets[-1]), self.limit)

    def input_names(self) -> list[str]:
        """A name for each input: `column.level`, `column.missing(NA)`, or `hashed_0` … where inputs share places."""
        if self.is_hashed:
            return [f"hashed_{i}" for i in range(self.n_inputs)]
        names: list[str] = []
        for name, levels in zip(self.names, self.levels, strict=True):
            names += [f"{name}.{level}" for level in (levels if self.all_levels else levels[1:])]
            names.append(f"{name}.missing(NA)")
        return names

    def missing_inputs(self) -> NDArray[np.int64]:
        """The input of missing values of each column; empty where inputs share places."""
        return np.zeros(0, dtype=np.int64) if self.is_hashed else self.offsets[1:] - 1

    def entries(self, codes: Sequence[NDArray[np.int64]], n_rows: int) -> Entries:
        """CSR entries of level numbers, one array [n_rows] a column, -1 where missing or unseen."""
        if not self.names:
            return Entries(np.zeros(n_rows, dtype=np.int64), np.zeros(0, dtype=np.int32))
        offsets = self.offsets
        first = 0 if self.all_levels else 1
        places = np.empty((n_rows, len(self.names)), dtype=np.int64)
        for j, column in enumerate(codes):
            places[:, j] = np.where(column < 0, offsets[j + 1] - 1, column - first + offsets[j])
            if first:
                places[column == 0, j] = -1
        if self.is_hashed:
            return self._hashed(places)
        there = places >= 0
        return Entries(there.sum(axis=1), places[there].astype(np.int32))

    def _hashed(self, places: NDArray[np.int64]) -> Entries:
        shared = np.where(places < 0, -1, hash_places(np.maximum(places, 0), self.limit))
        rows, columns = np.nonzero(shared >= 0)
        keys, counts = np.unique(rows * self.limit + shared[rows, columns], return_counts=True)
        per_row = np.bincount(keys // self.limit, minlength=len(places)).astype(np.int64)
        return Entries(per_row, (keys % self.limit).astype(np.int32), counts.astype(np.float32))


def hash_places(places: NDArray[np.int64], limit: int) -> NDArray[np.int64]:
    """Places in [0, limit) for any places, spread by the finaliser of MurmurHash3 (Appleby 2011, public domain)."""
    h = places.astype(np.uint64)
    h ^= h >> np.uint64(33)
    h *= np.uint64(0xFF51AFD7ED558CCD)
    h ^= h >> np.uint64(33)
    h *= np.uint64(0xC4CEB9FE1A85EC53)
    h ^= h >> np.uint64(33)
    return (h % np.uint64(limit)).astype(np.int64)
