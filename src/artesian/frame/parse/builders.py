"""Gathers one column of a table block by block, narrowly, and makes the finished column of it.

A builder takes texts, or numbers where the reader has made some already. What cannot be read as the column's kind becomes
missing and is counted, with the first such text as an example; texts that are known to stand for missing are not counted.
"""

from __future__ import annotations

import secrets
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

import nanoarrow as na
import numpy as np
import polars as pl

from artesian._native import LevelNumbers
from artesian.core.errors import TooLarge
from artesian.frame.column import Column, ColumnType, code_type, integer_type, is_single, narrow_reals, whole_numbers
from artesian.frame.column_file import write_column
from artesian.frame.parse.numbers import to_numbers
from artesian.frame.parse.setup import ReadAs
from artesian.frame.parse.times import to_times

# texts that files write for a missing value; they make no warning in a column of another kind
_SAID_MISSING = ("", "NA", "na", "Na", "N/A", "n/a", "nan", "NaN", "NAN", "null", "NULL", "None", "?", "-", ".", "+")
_SINGLE_WHOLE = 2**24  # up to here Float32 holds every whole number
_UUID = r"(?i)^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$"


@dataclass
class Unreadable:
    """How many texts of a column could not be read as its kind; the first one, and its row in the whole table."""

    count: int = 0
    example: str = ""
    row: int = -1


class Builder(Protocol):
    """Takes the blocks of one column in order."""

    unreadable: Unreadable
    held_bytes: int

    def add(self, series: pl.Series) -> None:
        """The next block: texts, or numbers for a numeric column."""

    def held(self) -> pl.Series:
        """What lies in memory, as one series."""

    def put_away(self, mapped: pl.Series) -> None:
        """Takes the same values as they lie in a file for those in memory."""

    def finish(self, folder: Path | None = None) -> Column:
        """The column of everything added; in a file of `folder` where parts of it are in files already."""


def make_builder(
    kind: ReadAs,
    missing: tuple[str, ...],
    *,
    name: str,
    timezone: str,
    max_levels: int,
    levels: pl.Series | None = None,
) -> Builder:
    """A builder for a column that is read as `kind`, with the texts that count as missing; `levels` lead a domain."""
    if kind is ReadAs.ENUM:
        return EnumBuilder(missing, name, max_levels, levels)
    if kind is ReadAs.STRING:
        return StringBuilder(missing)
    if kind is ReadAs.UUID:
        return UuidBuilder(missing)
    if kind is ReadAs.TIME:
        return TimeBuilder(missing, timezone)
    return NumberBuilder(missing)


class _Base:
    def __init__(self, missing: tuple[str, ...]) -> None:
        self.unreadable = Unreadable()
        self._missing = [text for text in missing if text]
        self._empty_is_missing = "" in missing
        self._mapped: list[pl.Series] = []  # chunks that were put away come before those in memory
        self._chunks: list[pl.Series] = []
        self._rows = 0
        self.held_bytes = 0  # of the chunks in memory

    def _without_missing(self, texts: pl.Series) -> pl.Series:
        if self._empty_is_missing:  # blanks are a text, as long as nothing strips them
            texts = texts.set((texts == "").fill_null(value=False), None)
        if not self._missing:
            return texts
        stripped = texts.str.strip_chars(" \t")
        return texts.set(stripped.is_in(self._missing).fill_null(value=False), None)

    def _count_unreadable(self, texts: pl.Series, values: pl.Series) -> None:
        """Counts the texts that gave no value."""
        if values.null_count() == texts.null_count():
            return
        lost = (values.is_null() & texts.is_not_null() & ~texts.str.strip_chars(" \t").is_in(_SAID_MISSING)).arg_true()
        if len(lost) == 0:
            return
        if self.unreadable.count == 0:
            self.unreadable.example = str(texts[int(lost[0])])
            self.unreadable.row = self._rows + int(lost[0])
        self.unreadable.count += len(lost)

    def _keep(self, chunk: pl.Series) -> None:
        self._rows += len(chunk)
        self._chunks.append(chunk)
        self.held_bytes += int(chunk.estimated_size())

    def held(self) -> pl.Series:
        """What lies in memory, as one series."""
        target = _common_type(self._chunks)
        parts = [chunk if chunk.dtype == target else chunk.cast(target) for chunk in self._chunks]
        return pl.concat(parts, rechunk=True) if parts else pl.Series("", [], dtype=target)

    def put_away(self, mapped: pl.Series) -> None:
        """Takes the same values as they lie in a file for those in memory."""
        self._mapped.append(mapped)
        self._chunks, self.held_bytes = [], 0

    def _column(
        self,
        folder: Path | None,
        kind: ColumnType,
        dtype: type[pl.DataType],
        domain: pl.Series | None = None,
        convert: Callable[[pl.Series], pl.Series] = lambda chunk: chunk,
    ) -> Column:
        """The column of all chunks in `dtype`: in memory, or straight in a file of `folder` where parts are in files already."""
        pieces = (convert(chunk).cast(dtype) for chunk in (*self._mapped, *self._chunks))
        if self._mapped and folder is not None:
            values, stored = write_column(folder, dtype, self._rows, pieces)
            self._mapped, self._chunks = [], []
            return Column(kind, values, domain, stored)
        parts, self._chunks = list(pieces), []
        if not parts:
            return Column(kind, pl.Series("", [], dtype=dtype), domain)
        return Column(kind, pl.concat(parts, rechunk=True) if len(parts) > 1 else parts[0].rechunk(), domain)

    def _nothing(self) -> Column:
        return Column(ColumnType.BAD, pl.Series([None], dtype=pl.UInt8).new_from_index(0, self._rows))


class NumberBuilder(_Base):
    """A numeric column, each chunk as narrow as its values allow: int while all values are whole, else real."""

    def __init__(self, missing: tuple[str, ...]) -> None:
        super().__init__(missing)
        self._range: tuple[int, int] | None = None  # of the whole numbers
        self._whole = True
        self._single = True  # whether Float32 holds all values exactly

    def add(self, series: pl.Series) -> None:
        """The next block, as texts or numbers."""
        if series.dtype == pl.String:
            texts = self._without_missing(series)
            values = to_numbers(texts)
            self._count_unreadable(texts, values)
        else:
            values = self._numbers(series)
        self._keep_numbers(values if values.dtype.is_integer() else values.fill_nan(None))

    def _numbers(self, series: pl.Series) -> pl.Series:
        values = series
        if values.dtype.is_float():
            values = values.set(~values.is_finite(), None)
        numbers = [number for text in self._missing if (number := _number(text)) is not None]
        for number in numbers:
            values = values.set((values == number).fill_null(value=False), None)
        return values

    def _keep_numbers(self, values: pl.Series) -> None:
        if values.null_count() == len(values):
            self._keep(values.cast(pl.UInt8))
        elif values.dtype.is_integer():
            self._keep_integers(values)
        else:
            whole = whole_numbers(values)
            if whole is None:
                self._keep_reals(values)
            else:
                self._keep_integers(whole)

    def _keep_integers(self, values: pl.Series) -> None:
        low, high = int(values.min()), int(values.max())  # type: ignore[arg-type]
        if not -(2**63) <= low <= high < 2**63:
            self._keep_reals(values.cast(pl.Float64))
            return
        self._range = (low, high) if self._range is None else (min(self._range[0], low), max(self._range[1], high))
        narrow = values.cast(integer_type(low, high))
        if max(-low, high) > _SINGLE_WHOLE:
            self._single = self._single and is_single(narrow)
        self._keep(narrow)

    def _keep_reals(self, values: pl.Series) -> None:
        self._whole = False
        narrow = narrow_reals(values)
        self._single = self._single and narrow.dtype == pl.Float32
        self._keep(narrow)

    def finish(self, folder: Path | None = None) -> Column:
        """An int, real or (without any value) bad column."""
        if not self._rows:
            return Column(ColumnType.INT, pl.Series("", [], dtype=pl.UInt8))
        if self._whole:
            return self._column(folder, ColumnType.INT, integer_type(*self._range)) if self._range else self._nothing()
        return self._column(folder, ColumnType.REAL, pl.Float32 if self._single else pl.Float64)


class EnumBuilder(_Base):
    """A categorical column: texts are numbered as they come; the levels are put in order at the end.

    Levels that are given come first, in their order and even where no row has them.
    """

    def __init__(self, missing: tuple[str, ...], name: str, max_levels: int, levels: pl.Series | None = None) -> None:
        super().__init__(missing)
        self._name = name
        self._max_levels = max_levels
        self._given = levels
        self._numbers = LevelNumbers(secrets.randbits(64))

    def add(self, series: pl.Series) -> None:
        """The next block, as texts."""
        texts = self._without_missing(series.cast(pl.String))
        codes = pl.Series(self._numbers.add(texts, len(texts)))
        if texts.null_count():
            codes = codes.set(texts.is_null(), None)
        if len(self._numbers) > self._max_levels:
            self._refuse(len(self._numbers))
        self._keep(codes.cast(code_type(max(1, len(self._numbers)))))

    def finish(self, folder: Path | None = None) -> Column:
        """An enum column with its levels in the order of their UTF-8 bytes; bad where no value is left."""
        known = self._known()
        domain = known.sort()
        if self._given is not None:
            domain = pl.concat([self._given.rename("levels"), domain]).unique(maintain_order=True)
        target = code_type(len(domain))
        if not self._rows:
            return Column(ColumnType.ENUM, pl.Series("", [], dtype=target), domain)
        if len(domain) == 0:
            return self._nothing()
        if len(domain) > self._max_levels:
            self._refuse(len(domain))
        if len(known) == 0:  # no row has a value, but a dictionary names levels
            return self._column(folder, ColumnType.ENUM, target, domain)
        numbers = known.cast(pl.Enum(domain)).to_physical().cast(target)
        return self._column(folder, ColumnType.ENUM, target, domain, lambda codes: _renumbered(codes, numbers))

    def _known(self) -> pl.Series:
        """The levels met, in the order of their numbers."""
        starts, text = self._numbers.levels()
        parts = [None, starts, text]
        return pl.Series("levels", na.c_array_from_buffers(na.large_string(), len(self._numbers), parts, null_count=0))

    def _refuse(self, found: int) -> None:
        raise TooLarge(
            f"The column '{self._name}' has {found} or more different values, over the limit of {self._max_levels} levels; "
            "read it as a string, skip it, or raise the setting 'max_levels'."
        )


class StringBuilder(_Base):
    """A column of texts, kept as they are."""

    def add(self, series: pl.Series) -> None:
        """The next block, as texts."""
        self._keep(self._without_missing(series.cast(pl.String)))

    def finish(self, folder: Path | None = None) -> Column:
        """A string column, as in H2O also where no value is left."""
        return self._column(folder, ColumnType.STRING, pl.String)


class UuidBuilder(StringBuilder):
    """A column of UUIDs, kept in upper case."""

    def add(self, series: pl.Series) -> None:
        """The next block, as texts."""
        texts = self._without_missing(series.cast(pl.String))
        trimmed = texts.str.strip_chars(" \t")
        values = trimmed.set(~trimmed.str.contains(_UUID).fill_null(value=False), None).str.to_uppercase()
        self._count_unreadable(texts, values)
        self._keep(values)

    def finish(self, folder: Path | None = None) -> Column:
        """A uuid column, also where no value is left."""
        return self._column(folder, ColumnType.UUID, pl.String)


class TimeBuilder(_Base):
    """A column of times; a plain number, in a text or not, counts as milliseconds since 1970."""

    def __init__(self, missing: tuple[str, ...], timezone: str) -> None:
        super().__init__(missing)
        self._timezone = timezone

    def add(self, series: pl.Series) -> None:
        """The next block, as texts or milliseconds."""
        if series.dtype != pl.String:
            self._keep(series.cast(pl.Int64, strict=False))
            return
        texts = self._without_missing(series)
        values = to_times(texts, self._timezone)
        left = (values.is_null() & texts.is_not_null()).arg_true()
        if len(left):
            values = values.scatter(left, to_numbers(texts.gather(left)).cast(pl.Int64, strict=False))
        self._count_unreadable(texts, values)
        self._keep(values)

    def finish(self, folder: Path | None = None) -> Column:
        """A time column in milliseconds, also where no value is left."""
        return self._column(folder, ColumnType.TIME, pl.Int64)


def _renumbered(codes: pl.Series, numbers: pl.Series) -> pl.Series:
    """The codes replaced by the numbers that stand at their places."""
    if codes.null_count() == 0:
        return pl.Series(codes.name, numbers.to_numpy()[codes.to_numpy()])
    known = pl.Series(codes.name, numbers.to_numpy()[codes.fill_null(0).to_numpy()])
    return known.set(codes.is_null(), None)


def _common_type(chunks: list[pl.Series]) -> type[pl.DataType] | pl.DataType:
    """A type that holds the values of all chunks."""
    types = {chunk.dtype for chunk in chunks if chunk.null_count() < len(chunk)}
    if len(types) <= 1:
        return types.pop() if types else chunks[0].dtype if chunks else pl.UInt8
    if all(dtype.is_unsigned_integer() for dtype in types):
        return max(types, key=lambda dtype: pl.Series([], dtype=dtype).to_numpy().dtype.itemsize)
    return pl.Int64 if all(dtype.is_integer() for dtype in types) else pl.Float64


def _number(text: str) -> float | None:
    try:
        number = float(text)
    except ValueError:
        return None
    return number if np.isfinite(number) else None
