"""Numeric columns as inputs: (value - shift) × scale, with weighted means and deviations of the training rows."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import polars as pl
from numpy.typing import NDArray

from artesian._native import scaled_entries, scaled_rows
from artesian.frame import Column
from artesian.frame.sparse import SparseColumn, joined
from artesian.frame.summary import Rollups, is_narrow, rollups
from artesian.learn.base.design.matrix import Entries

Floats = NDArray[np.float64]
Raw = NDArray[np.integer] | NDArray[np.floating]
"""Values as they are stored; NaN is missing."""


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
    if isinstance(column, SparseColumn) or is_narrow(column):
        return _statistics_of_rollups(rollups(column))
    values = column.values.drop_nulls() if column.missing_count else column.values
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


def _statistics_of_rollups(found: Rollups) -> ColumnStatistics:
    infinite = found.positive_infinity_count + found.negative_infinity_count
    present = found.rows - found.missing_count - infinite
    if not present:
        return ColumnStatistics(0.0, 0.0, 0.0, 0.0, 1.0)
    deviation = 0.0 if found.min == found.max else found.sigma
    return ColumnStatistics(found.mean, deviation, found.min, found.max, found.zero_count / present)


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

    def scaled(self, columns: Sequence[Raw], rows: int, *, keep_missing: bool) -> NDArray[np.float32]:
        """The inputs of raw columns [rows] each, shape (rows, k), C order. Infinite values count as missing.

        A missing value becomes NaN, or (not `keep_missing`) the column's mean.
        """
        return scaled_rows(columns, self.shifts, self.scales, self._fillings(keep_missing), rows)

    def entries(self, columns: Sequence[Raw], rows: int, first_input: int, *, keep_missing: bool) -> Entries:
        """The non-zero inputs as CSR entries from input `first_input` on."""
        fillings = self._fillings(keep_missing)
        return Entries(*scaled_entries(columns, self.shifts, self.scales, fillings, rows, first_input))

    def sparse_entries(
        self,
        columns: Sequence[SparseColumn],
        which: NDArray[np.int64],
        rows: int,
        first_input: int,
        *,
        keep_missing: bool,
    ) -> Entries:
        """The same of the sparse columns that numbers `which` (ascending) are of, none of which is shifted: only their
        entries are looked at.
        """
        block = joined(columns)
        number = np.repeat(which, [column.count for column in columns])
        with np.errstate(over="ignore"):
            values = (block.numbers.astype(np.float64) * self.scales[number]).astype(np.float32)
        missing = ~np.isfinite(block.numbers)
        values[missing] = self._fillings(keep_missing)[number[missing]]
        order = np.argsort(block.row_numbers, kind="stable")
        counts = np.bincount(block.row_numbers, minlength=rows)
        return Entries(counts.astype(np.int64), (number[order] + first_input).astype(np.int32), values[order])

    def some(self, which: NDArray[np.int64]) -> Numbers:
        """Those of these numbers alone."""
        names = tuple(self.names[i] for i in which)
        return Numbers(names, self.means[which], self.shifts[which], self.scales[which])

    def _fillings(self, keep_missing: bool) -> NDArray[np.float32]:
        if keep_missing:
            return np.full(len(self.names), np.nan, dtype=np.float32)
        return ((self.means - self.shifts) * self.scales).astype(np.float32)

    def unscaled(self, inputs: NDArray[np.float32]) -> Floats:
        """Raw values [n, k] of inputs."""
        return inputs.astype(np.float64) / self.scales + self.shifts
