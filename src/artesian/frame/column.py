"""One column of a frame: a type, a narrowly stored Polars series, and for categoricals the levels.

Missing values are nulls of the series; a real column never holds NaN. Columns are immutable and shared between frames.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np
import polars as pl

from artesian.core.errors import InvalidArgument

if TYPE_CHECKING:
    from numpy.typing import NDArray

_UNSIGNED: tuple[type[pl.DataType], ...] = (pl.UInt8, pl.UInt16, pl.UInt32)
_INTEGERS: tuple[tuple[type[pl.DataType], int, int], ...] = (
    (pl.UInt8, 0, 2**8 - 1),
    (pl.Int8, -(2**7), 2**7 - 1),
    (pl.UInt16, 0, 2**16 - 1),
    (pl.Int16, -(2**15), 2**15 - 1),
    (pl.Int32, -(2**31), 2**31 - 1),
)
_EXACT = 2.0**53  # up to here every whole number has a float of 64 bits of its own
_SAMPLE = 256
_BEYOND_64_BITS = (pl.UInt64, pl.Int128, pl.UInt128)


class ColumnType(StrEnum):
    """What the values of a column mean."""

    INT = "int"
    REAL = "real"
    ENUM = "enum"
    TIME = "time"
    STRING = "string"
    UUID = "uuid"
    BAD = "bad"

    @property
    def is_numeric(self) -> bool:
        """Whether arithmetic applies (times count as milliseconds)."""
        return self in (ColumnType.INT, ColumnType.REAL, ColumnType.TIME, ColumnType.BAD)


@dataclass(frozen=True)
class SegmentRef:
    """Where a series lies on disk: the path of an Arrow IPC file and the field in it."""

    path: str
    field: str


@dataclass(frozen=True, eq=False)
class Column:
    """An immutable column of `len(values)` rows.

    Storage by type: int: the smallest integer type; real: Float32 where exact, else Float64; enum: level numbers as
    UInt8/16/32 with `domain` the levels (a String series); time: Int64 milliseconds since 1970 UTC; string and uuid:
    String; bad (nothing but missing values): Null-filled UInt8. `stored` and `domain_stored` say which mapped file holds
    the values, when one does.
    """

    type: ColumnType
    values: pl.Series
    domain: pl.Series | None = None
    stored: SegmentRef | None = field(default=None, compare=False)
    domain_stored: SegmentRef | None = field(default=None, compare=False)

    # ---- making ----

    @classmethod
    def from_series(cls, series: pl.Series) -> Column:
        """The column that a Polars series stands for, stored as narrowly as its values allow."""
        dtype = series.dtype
        if dtype == pl.Null:
            return cls(ColumnType.BAD, pl.Series(series.name, [None] * len(series), dtype=pl.UInt8))
        if dtype.is_integer():
            return cls.integers(series)
        if dtype == pl.Boolean:
            return cls.integers(series.cast(pl.UInt8))
        if dtype.is_float() or dtype.is_decimal():
            return cls.reals(series)
        if dtype in (pl.Categorical, pl.Enum):
            return cls._from_categorical(series)
        if dtype == pl.Datetime or dtype == pl.Date:
            return cls.times(series)
        if dtype == pl.Duration:
            return cls.integers(series.dt.total_milliseconds())
        if dtype == pl.String:
            return cls(ColumnType.STRING, series)
        raise InvalidArgument(
            f"The column '{series.name}' has type {dtype}, which a frame cannot hold; "
            "use numbers, strings, categoricals, booleans, dates or times."
        )

    @classmethod
    def integers(cls, series: pl.Series) -> Column:
        """An int column in the smallest integer type that holds the values; a real one where 64 bits do not hold them."""
        if series.null_count() == len(series):
            return cls(ColumnType.BAD if len(series) else ColumnType.INT, series.cast(pl.UInt8))
        if series.dtype in _BEYOND_64_BITS and series.cast(pl.Int64, strict=False).null_count() > series.null_count():
            return cls(ColumnType.REAL, narrow_reals(series.cast(pl.Float64)))
        return cls(ColumnType.INT, narrow_integers(series))

    @classmethod
    def reals(cls, series: pl.Series) -> Column:
        """A numeric column; whole numbers become int, as in a parsed file, NaN becomes missing."""
        series = series.cast(pl.Float64) if not series.dtype.is_float() else series
        series = series.fill_nan(None)
        if series.null_count() == len(series):
            return cls(ColumnType.BAD if len(series) else ColumnType.REAL, series.cast(pl.UInt8))
        whole = whole_numbers(series)
        return cls.integers(whole) if whole is not None else cls(ColumnType.REAL, narrow_reals(series))

    @classmethod
    def enums(cls, codes: pl.Series, domain: Sequence[str] | pl.Series) -> Column:
        """A categorical column of level numbers (null: missing) into `domain`."""
        levels = domain if isinstance(domain, pl.Series) else pl.Series("levels", list(domain), dtype=pl.String)
        return cls(ColumnType.ENUM, codes.cast(code_type(len(levels))), levels)

    @classmethod
    def enum_from_strings(cls, strings: pl.Series) -> Column:
        """A categorical column of a String series; levels in lexicographic (byte) order, as a parse makes them."""
        levels = strings.drop_nulls().unique().sort()
        codes = strings.replace_strict(levels, pl.Series(range(len(levels)), dtype=pl.UInt32), default=None)
        return cls.enums(codes, levels.rename("levels"))

    @classmethod
    def times(cls, series: pl.Series) -> Column:
        """A time column from dates or datetimes (zones are converted to UTC)."""
        return cls(ColumnType.TIME, series.dt.epoch("ms"))

    @classmethod
    def _from_categorical(cls, series: pl.Series) -> Column:
        if isinstance(series.dtype, pl.Enum):
            return cls.enums(series.to_physical(), series.dtype.categories)
        return cls.enum_from_strings(series.cast(pl.String))

    # ---- reading ----

    def __len__(self) -> int:
        return len(self.values)

    @property
    def levels(self) -> list[str]:
        """The levels of a categorical column, in code order; an empty list for other types."""
        return [] if self.domain is None else self.domain.to_list()

    @property
    def cardinality(self) -> int:
        """Number of levels; -1 for a column that is not categorical."""
        return -1 if self.domain is None else len(self.domain)

    @property
    def missing_count(self) -> int:
        """Number of missing values."""
        return self.values.null_count()

    @cached_property
    def nbytes(self) -> int:
        """Bytes of the stored values, levels included."""
        size = int(self.values.estimated_size())
        return size if self.domain is None else size + int(self.domain.estimated_size())

    def floats(self, dtype: Any = np.float64) -> NDArray[Any]:
        """The values as floats, shape (rows,), NaN where missing; level numbers for a categorical column."""
        if self.type in (ColumnType.STRING, ColumnType.UUID):
            raise InvalidArgument("A string column has no numeric values; make it categorical with asfactor() first.")
        target = pl.Float32 if dtype == np.float32 else pl.Float64
        return self.values.cast(target).fill_null(float("nan")).to_numpy()

    def codes(self) -> NDArray[np.int64]:
        """Level numbers of a categorical column, shape (rows,), -1 where missing."""
        if self.type is not ColumnType.ENUM:
            raise InvalidArgument(
                f"A column of type {self.type} has no levels; make it categorical with asfactor() first."
            )
        return self.values.cast(pl.Int64).fill_null(-1).to_numpy()

    def decoded(self) -> pl.Series:
        """The values as a person reads them: strings for a categorical column, datetimes for a time column."""
        if self.domain is not None:
            if len(self.domain) == 0:
                return pl.Series(self.values.name, [None] * len(self), dtype=pl.String)
            return self.domain.gather(self.values.cast(pl.UInt32)).rename(self.values.name)
        if self.type is ColumnType.TIME:
            return self.values.cast(pl.Int64).cast(pl.Datetime("ms"))
        return self.values

    # ---- deriving ----

    def gather(self, rows: pl.Series | NDArray[Any]) -> Column:
        """The rows of those numbers, in that order."""
        return Column(self.type, self.values.gather(rows), self.domain, None, self.domain_stored)

    def filter(self, mask: pl.Series) -> Column:
        """The rows where the Boolean mask is true."""
        return Column(self.type, self.values.filter(mask), self.domain, None, self.domain_stored)

    def slice(self, start: int, length: int) -> Column:
        """`length` rows from row `start` on, without a copy."""
        return Column(self.type, self.values.slice(start, length), self.domain, None, self.domain_stored)

    def unstored(self) -> Column:
        """The same column, without saying which file holds it."""
        return Column(self.type, self.values, self.domain)


def integer_type(low: int, high: int) -> type[pl.DataType]:
    """The smallest integer type that holds all numbers from `low` to `high`."""
    return next((dtype for dtype, least, most in _INTEGERS if least <= low <= high <= most), pl.Int64)


def narrow_integers(series: pl.Series) -> pl.Series:
    """The series in the smallest integer type that holds its values."""
    low, high = series.min(), series.max()
    if low is None or high is None:
        return series.cast(pl.UInt8)
    return series.cast(integer_type(int(low), int(high)))  # type: ignore[arg-type]


def narrow_reals(series: pl.Series) -> pl.Series:
    """The series as Float32 where that loses nothing, else as Float64."""
    if series.dtype == pl.Float32:
        return series
    if not is_single(series[:_SAMPLE]):  # a look at the start saves most columns the test of every value
        return series
    return series.cast(pl.Float32) if is_single(series) else series


def is_single(series: pl.Series) -> bool:
    """Whether Float32 holds the numbers of the series exactly."""
    values = series.cast(pl.Float64)
    return bool((values.cast(pl.Float32).cast(pl.Float64) == values).all(ignore_nulls=True))


def whole_numbers(series: pl.Series) -> pl.Series | None:
    """The floats as Int64, if all are whole and of fewer than 54 bits; None otherwise, and where there is no value."""
    if series.dtype == pl.Float16:  # which Polars 2.1 leaves as they are where it should round
        series = series.cast(pl.Float32)
    if not bool((series[:_SAMPLE].floor() == series[:_SAMPLE]).all(ignore_nulls=True)):
        return None
    if not bool((series.floor() == series).all(ignore_nulls=True)):
        return None
    low, high = series.min(), series.max()
    if low is None or high is None or not -_EXACT < float(low) <= float(high) < _EXACT:  # type: ignore[arg-type]
        return None
    return series.cast(pl.Int64)


def code_type(n_levels: int) -> type[pl.DataType]:
    """The smallest unsigned type whose values number so many levels."""
    for dtype, bits in zip(_UNSIGNED, (8, 16, 32), strict=True):
        if n_levels <= 2**bits:
            return dtype
    raise InvalidArgument(f"A categorical column can have at most {2**32} levels. Got {n_levels}.")
