"""Numeric columns as inputs: (value - shift) × scale, with weighted means and deviations of the training rows."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
import polars as pl
from numpy.typing import NDArray

from artesian.frame import Column
from artesian.learn.base.design.matrix import Entries

Floats = NDArray[np.float64]
_TURNED_ROWS = 256


@dataclass(frozen=True)
class ColumnStatistics:
    """Of one column's finite values under the weights; a column without values has mean 0 and deviation 0."""

    mean: float
    deviation: float
    low: float
    high: float
    zero_share: float


def statistics_of_column(column: Column, weights: Floats | None = None) -> ColumnStatistics:
    """Statistics of a numeric column; without weights from the narrow values as they are stored."""
    if weights is not None:
        return statistics_of(np.asarray(column.floats()), weights)
    values = column.values.drop_nulls()
    if values.dtype.is_float():
        values = values.filter(values.is_finite())
    if not len(values):
        return ColumnStatistics(0.0, 0.0, 0.0, 0.0, 1.0)
    low, high = float(values.min()), float(values.max())  # type: ignore[arg-type]
    zero_share = 0.0 if low > 0 or high < 0 else float((values == 0).sum()) / len(values)
    if low == high:
        return ColumnStatistics(low, 0.0, low, high, zero_share)
    numbers = values if values.dtype == pl.Float64 else values.cast(pl.Float64)
    return ColumnStatistics(float(numbers.mean()), float(numbers.std()), low, high, zero_share)  # type: ignore[arg-type]


def statistics_of(values: Floats, weights: Floats | None = None) -> ColumnStatistics:
    """Statistics of one column [n]; NaN is missing. The deviation is the sample's (n - 1; weights count as copies)."""
    there = np.isfinite(values)
    if not there.all():
        values = values[there]
        weights = None if weights is None else weights[there]
    if weights is not None:
        values, weights = values[weights > 0], weights[weights > 0]
    if not len(values):
        return ColumnStatistics(0.0, 0.0, 0.0, 0.0, 1.0)
    low, high = float(values.min()), float(values.max())
    zero_share = float(np.count_nonzero(values == 0.0)) / len(values)
    if low == high:
        return ColumnStatistics(low, 0.0, low, high, zero_share)
    if weights is None:
        return ColumnStatistics(float(values.mean()), float(values.std(ddof=1)), low, high, zero_share)
    total = float(weights.sum())
    mean = float(weights @ values) / total
    variance = float(weights @ (values - mean) ** 2) / total
    # scaled as if the weights summed to the number of rows, so that their unit does not matter
    correction = len(values) / (len(values) - 1) if len(values) > 1 else 1.0
    return ColumnStatistics(mean, float(np.sqrt(variance * correction)), low, high, zero_share)


@dataclass(frozen=True)
class Numbers:
    """Names [k], means, shifts and scales [k] of numeric inputs."""

    names: tuple[str, ...]
    means: Floats
    shifts: Floats
    scales: Floats

    def scaled(self, columns: Iterable[Floats], rows: int, *, keep_missing: bool) -> NDArray[np.float32]:
        """The inputs of raw columns [rows] each, shape (rows, k), C order. Infinite values count as missing.

        A missing value becomes NaN, or (not `keep_missing`) the column's mean.
        """
        upright = np.empty((len(self.names), rows), dtype=np.float32)
        for j, values in enumerate(columns):
            upright[j] = self.scaled_column(j, values, keep_missing=keep_missing)
        if len(self.names) == 1:
            return upright.reshape(rows, 1)
        out = np.empty((rows, len(self.names)), dtype=np.float32)
        for start in range(0, rows, _TURNED_ROWS):  # block by block: a column's values lie far apart in `out`
            out[start : start + _TURNED_ROWS] = upright[:, start : start + _TURNED_ROWS].T
        return out

    def scaled_column(self, j: int, values: Floats, *, keep_missing: bool) -> Floats:
        """One column's inputs [n]."""
        scaled = (values - self.shifts[j]) * self.scales[j]
        bad = ~np.isfinite(scaled)
        if bad.any():
            filling = np.nan if keep_missing else (self.means[j] - self.shifts[j]) * self.scales[j]
            scaled[bad] = filling
        return np.asarray(scaled)

    def unscaled(self, inputs: NDArray[np.float32]) -> Floats:
        """Raw values [n, k] of inputs."""
        return inputs.astype(np.float64) / self.scales + self.shifts

    def entries(self, columns: Iterable[Floats], rows: int, first_input: int, *, keep_missing: bool) -> Entries:
        """The non-zero inputs as CSR entries from input `first_input` on."""
        block = self.scaled(columns, rows, keep_missing=keep_missing)
        mask = block != 0
        counts = np.count_nonzero(mask, axis=1).astype(np.int64)
        places = np.flatnonzero(mask)
        row_starts = np.repeat(np.arange(rows, dtype=np.int64) * max(block.shape[1], 1), counts)
        indices = (places - row_starts + first_input).astype(np.int32)
        return Entries(counts, indices, block.ravel()[places])
