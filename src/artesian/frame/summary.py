"""Statistics of columns: cheap rollups, histograms and percentiles, each worked out once and kept with the column.

`rollups` are what every listing of a frame needs (extremes, mean, counts); `rollups_of` works them out for many columns at
once. `histogram` and `percentiles` cost a sort or a second pass and are separate. Bins are those that H2O shows; percentiles
are exact (linear interpolation, Hyndman and Fan type 7) where H2O reads them off the histogram.
"""

from __future__ import annotations

import math
import operator
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import reduce
from typing import Any

import numpy as np
import polars as pl
from numpy.typing import NDArray

from artesian import _native
from artesian.frame.arrow_layout import release_pages
from artesian.frame.column import Column, ColumnType
from artesian.frame.sparse import SparseColumn
from artesian.frame.sparse_statistics import sparse_statistics

PERCENTILES: tuple[float, ...] = (
    0.001, 0.01, 0.1, 0.2, 0.25, 0.3, 1 / 3, 0.4, 0.5, 0.6, 2 / 3, 0.7, 0.75, 0.8, 0.9, 0.99, 0.999,
)  # fmt: skip
EXTREMES = 5
_BINS = 1_000
_LEVEL_BINS = 10_000_000
_LARGEST_SPAN = 2**31 - 1
_PIECE_ROWS = 1 << 20
_NARROW_BLOCK = 512  # columns whose counts are worked on at once: a few megabytes
_NAN = float("nan")
_TEXT = (ColumnType.STRING, ColumnType.UUID)


@dataclass(frozen=True)
class Rollups:
    """Cheap statistics of one column; level numbers count as the values of a category, milliseconds as those of a time.

    `mins` and `maxs` are the five least and greatest finite values, NaN where there are fewer. `mean` and `sigma` (n - 1)
    are over finite values: NaN for strings and for categories of more than two levels, 0 without any value.
    """

    rows: int
    missing_count: int
    zero_count: int
    positive_infinity_count: int
    negative_infinity_count: int
    mins: tuple[float, ...]
    maxs: tuple[float, ...]
    mean: float
    sigma: float
    is_int: bool

    @property
    def min(self) -> float:
        """Least finite value; NaN without any."""
        return self.mins[0]

    @property
    def max(self) -> float:
        """Greatest finite value; NaN without any."""
        return self.maxs[0]


@dataclass(frozen=True)
class Histogram:
    """Counts of values in bins of equal width: bin i starts at `base + i * stride`; the last one takes the greatest value.

    Whole numbers and levels have a bin each while they are few; other columns have 1000 bins; a constant has one.
    """

    base: float
    stride: float
    counts: NDArray[np.int64]


def rollups(column: Column) -> Rollups:
    """The rollups of a column, from its cache."""
    return rollups_of([column])[0]


def rollups_of(columns: Sequence[Column]) -> list[Rollups]:
    """The rollups of many columns, those that are not cached worked out together."""
    fresh = [column for column in columns if "_rollups" not in vars(column)]
    if not fresh:
        return [vars(column)["_rollups"] for column in columns]
    sparse = [column for column in fresh if isinstance(column, SparseColumn)]
    for each, found in zip(sparse, _sparse_rollups(sparse), strict=True):
        vars(each)["_rollups"] = found
    fresh = [column for column in fresh if not isinstance(column, SparseColumn)]
    wide = [column for column in fresh if not is_narrow(column)]
    narrow = [column for column in fresh if is_narrow(column)]
    for column, found in zip([*wide, *narrow], [*_wide_rollups(wide), *_narrow_rollups(narrow)], strict=True):
        vars(column)["_rollups"] = found
    return [vars(column)["_rollups"] for column in columns]


def histogram(column: Column) -> Histogram | None:
    """The histogram of a column, from its cache; None for strings."""
    if column.type in _TEXT:
        return None
    cache = vars(column)
    if "_histogram" not in cache:
        cache["_histogram"] = _histogram(column, rollups(column))
    found: Histogram = cache["_histogram"]
    return found


def percentiles(column: Column) -> tuple[float, ...] | None:
    """The percentiles of a column at `PERCENTILES`, from its cache; None for strings, NaN without any value."""
    if column.type in _TEXT:
        return None
    cache = vars(column)
    if "_percentiles" not in cache:
        cache["_percentiles"] = tuple(quantiles(column, PERCENTILES))
    found: tuple[float, ...] = cache["_percentiles"]
    return found


def percentiles_of(columns: Sequence[Column]) -> None:
    """Works the percentiles of many columns out together where that is quicker, for `percentiles` to find."""
    fresh = [c for c in columns if not isinstance(c, SparseColumn) and is_narrow(c) and "_percentiles" not in vars(c)]
    probabilities = np.asarray(PERCENTILES, dtype=np.float64)
    for start in range(0, len(fresh), _NARROW_BLOCK):
        block = [c for c in fresh[start : start + _NARROW_BLOCK] if len(c) > c.missing_count]
        if not block:
            continue
        so_far = np.stack([_counts(column) for column in block]).cumsum(axis=1)
        positions = probabilities * (so_far[:, -1:] - 1)
        below = np.floor(positions).astype(np.int64)
        above = np.minimum(below + 1, so_far[:, -1:] - 1)
        lowest = np.array([[_lowest(column)] for column in block])
        low, high = ((so_far[:, None, :] <= at[:, :, None]).sum(axis=2) + lowest for at in (below, above))
        fraction = positions - below
        result = np.where((fraction == 0) | (low == high), low, low + fraction * (high - low))
        for column, found in zip(block, result.tolist(), strict=True):
            vars(column)["_percentiles"] = tuple(found)


def quantiles(column: Column, probabilities: Sequence[float]) -> list[float]:
    """Exact quantiles of the values that are not missing, interpolated linearly between neighbours; NaN without any."""
    present = len(column) - column.missing_count
    if not present:
        return [_NAN] * len(probabilities)
    positions = np.asarray(probabilities, dtype=np.float64) * (present - 1)
    below = np.floor(positions).astype(np.int64)
    above = np.minimum(below + 1, present - 1)
    fraction = positions - below
    if is_narrow(column):
        counts = _counts(column)
        values = np.searchsorted(np.cumsum(counts), np.stack([below, above]), side="right") + _lowest(column)
        low, high = values.astype(np.float64)
    else:
        ordered = np.sort(column.values.drop_nulls().to_numpy())  # three times as fast as Polars' sort
        low, high = (ordered[at].astype(np.float64) for at in (below, above))
    with np.errstate(invalid="ignore"):
        result = np.where((fraction == 0) | (low == high), low, low + fraction * (high - low))
    return [float(value) for value in result]


# ---- eight-bit columns: everything follows from the count of each value ----


def is_narrow(column: Column) -> bool:
    """Whether the values are stored in eight bits, so that rollups follow quickly from counts."""
    return column.values.dtype in (pl.UInt8, pl.Int8)


def _lowest(column: Column) -> int:
    return 0 if column.values.dtype == pl.UInt8 else -128


def _counts(column: Column) -> NDArray[np.int64]:
    """How often each of the 256 values that the storage can hold occurs."""
    cache = vars(column)
    if "_counts" not in cache:
        values = column.values.drop_nulls() if column.missing_count else column.values
        counts = _native.byte_counts(np.ascontiguousarray(values.to_numpy()).view(np.uint8))
        cache["_counts"] = np.roll(counts, -_lowest(column))  # negative numbers are the upper half of the bytes
    found: NDArray[np.int64] = cache["_counts"]
    return found


def _narrow_rollups(columns: Sequence[Column]) -> Iterator[Rollups]:
    """The rollups of columns, some hundred at a time."""
    for start in range(0, len(columns), _NARROW_BLOCK):
        block = columns[start : start + _NARROW_BLOCK]
        counts = np.stack([_counts(column) for column in block])
        values = np.arange(256) + np.array([[_lowest(column)] for column in block])
        present = counts.sum(axis=1)
        with np.errstate(invalid="ignore", divide="ignore"):
            means = np.where(present > 0, (counts * values).sum(axis=1) / present, 0.0)
            squares = (counts * (values - means[:, None]) ** 2).sum(axis=1)
            deviations = np.where(present > 1, np.sqrt(squares / (present - 1)), 0.0)
        least = _first_values(counts, values, present)
        most = _first_values(counts[:, ::-1], values[:, ::-1], present)
        zeros = counts[values == 0]
        parts = zip(block, *(part.tolist() for part in (present, means, deviations, zeros, least, most)), strict=True)
        for column, filled, mean, deviation, zero, low, high in parts:
            shown_mean, shown_deviation = _hidden_for_levels(column, mean, deviation)
            yield Rollups(
                rows=len(column),
                missing_count=len(column) - filled,
                zero_count=zero,
                positive_infinity_count=0,
                negative_infinity_count=0,
                mins=tuple(low),
                maxs=tuple(high),
                mean=shown_mean,
                sigma=shown_deviation,
                is_int=True,
            )


def _first_values(
    counts: NDArray[np.int64], values: NDArray[np.int64], present: NDArray[np.int64]
) -> NDArray[np.float64]:
    """The first `EXTREMES` values of each row in the order of the counts, NaN behind the last one."""
    so_far = counts.cumsum(axis=1)
    ranks = np.arange(EXTREMES)
    at = np.stack([(so_far > rank).argmax(axis=1) for rank in ranks], axis=1)
    found = np.take_along_axis(values, at, axis=1).astype(np.float64)
    return np.where(ranks < present[:, None], found, _NAN)


def _padded(values: Any) -> tuple[float, ...]:
    found = [float(value) for value in values]
    return tuple(found + [_NAN] * (EXTREMES - len(found)))


def _hidden_for_levels(column: Column, mean: float, sigma: float) -> tuple[float, float]:
    return (_NAN, _NAN) if column.cardinality > 2 else (mean, sigma)


# ---- sparse columns: a few passes over the entries of all of them ----


def _sparse_rollups(columns: Sequence[SparseColumn]) -> list[Rollups]:
    if not columns:
        return []
    rows, found = len(columns[0]), sparse_statistics(columns, EXTREMES)
    sigma = np.sqrt(found.squares / np.maximum(found.present - 1, 1))
    lists = (found.missing, found.zeros, found.positive, found.negative, found.least, found.most, found.mean, sigma)
    each = zip(columns, *(part.tolist() for part in lists), strict=True)
    return [
        Rollups(rows, na, zeros, plus, minus, tuple(least), tuple(most), mean, dev, column.type is not ColumnType.REAL)
        for column, na, zeros, plus, minus, least, most, mean, dev in each
    ]


# ---- other columns: one pass over each, some rows of all of them at a time ----


def _wide_rollups(columns: Sequence[Column]) -> list[Rollups]:
    numeric = [column for column in columns if column.type not in _TEXT]
    found = iter(_statistics(numeric))
    return [
        _text_rollups(column) if column.type in _TEXT else _numeric_rollups(column, next(found)) for column in columns
    ]


def _text_rollups(column: Column) -> Rollups:
    nothing = (_NAN,) * EXTREMES
    empty = 0.0 if not len(column) else _NAN
    return Rollups(len(column), column.missing_count, 0, 0, 0, nothing, nothing, empty, empty, is_int=False)


@dataclass(frozen=True)
class _Moments:
    """What a piece of a column, or several of them, tell: of the finite values where nothing else is said."""

    count: int
    mean: float
    squares: float  # of the deviations from the mean
    zeros: int
    least: list[float]
    most: list[float]
    positive: int  # infinite values
    negative: int

    def __add__(self, other: _Moments) -> _Moments:
        """Both together (Chan, Golub and LeVeque, 1983)."""
        count = self.count + other.count
        share = other.count / count if count else 0.0
        apart = other.mean - self.mean
        return _Moments(
            count,
            self.mean + share * apart,
            self.squares + other.squares + share * self.count * apart**2,
            self.zeros + other.zeros,
            sorted(self.least + other.least)[:EXTREMES],
            sorted(self.most + other.most, reverse=True)[:EXTREMES],
            self.positive + other.positive,
            self.negative + other.negative,
        )


def _statistics(columns: Sequence[Column]) -> list[_Moments]:
    """The statistics of columns of numbers; a piece of all of them at a time, which is all that memory is needed for."""
    rows = max((len(column) for column in columns), default=0)
    found = [[_moments(column.values[:_PIECE_ROWS]) for column in columns]]
    for start in range(_PIECE_ROWS, rows, _PIECE_ROWS):
        release_pages()
        found.append([_moments(column.values[start : start + _PIECE_ROWS]) for column in columns])
    return [reduce(operator.add, pieces) for pieces in zip(*found, strict=True)]


def _moments(piece: pl.Series) -> _Moments:
    present = piece.drop_nulls() if piece.null_count() else piece
    return _Moments(*_native.column_statistics(np.ascontiguousarray(present.to_numpy()), EXTREMES))


def _numeric_rollups(column: Column, found: _Moments) -> Rollups:
    deviation = math.sqrt(found.squares / (found.count - 1)) if found.count > 1 else 0.0
    mean, sigma = _hidden_for_levels(column, found.mean, deviation)
    return Rollups(
        rows=len(column),
        missing_count=column.missing_count,
        zero_count=found.zeros,
        positive_infinity_count=found.positive,
        negative_infinity_count=found.negative,
        mins=_padded(found.least),
        maxs=_padded(found.most),
        mean=mean,
        sigma=sigma,
        is_int=column.type is not ColumnType.REAL,
    )


# ---- histograms ----


def _histogram(column: Column, statistics: Rollups) -> Histogram:
    present = statistics.rows - statistics.missing_count
    if not present or math.isnan(statistics.min):
        return Histogram(_NAN, _NAN, np.zeros(0, dtype=np.int64))
    base, span = statistics.min, statistics.max - statistics.min
    if span == 0:
        return Histogram(base, float(statistics.is_int), np.array([present], dtype=np.int64))
    bins = _BINS
    if statistics.is_int and span < _LARGEST_SPAN:
        bins = min(_LEVEL_BINS if column.type is ColumnType.ENUM else _BINS, int(span) + 1)
    stride = (span + statistics.is_int) / bins
    if is_narrow(column):  # at most 256 values: a bin each
        first = int(base) - _lowest(column)
        return Histogram(base, stride, _counts(column)[first : first + bins].copy())
    counts = np.zeros(bins, dtype=np.int64)
    for start in range(0, statistics.rows, _PIECE_ROWS):
        values = column.values[start : start + _PIECE_ROWS].drop_nulls().cast(pl.Float64).to_numpy()
        places = np.clip((values - base) / stride, 0, bins - 1).astype(np.int64)
        counts += np.bincount(places, minlength=bins)
    return Histogram(base, stride, counts)
