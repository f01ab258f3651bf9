"""Reads files that carry their own types, batch by batch: Parquet, Arrow (IPC file, which Feather 2 is, or stream), Avro, ORC.

Types are taken over: dictionaries and Booleans are categorical (Booleans of Avro and ORC 0 and 1, as in H2O-3), timestamps
and dates times. Texts stay texts; those of a Parquet file are times, uuids, categorical or texts by what they look like, as
in H2O-3.
"""

from __future__ import annotations

import mmap
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, TypeVar

import polars as pl

from artesian.core.errors import ArtesianError, ParseError
from artesian.frame.parse.avro import AvroTable
from artesian.frame.parse.dictionaries import dictionary_values, with_indices
from artesian.frame.parse.guess import PREVIEW_LINES, count_texts, guess_type
from artesian.frame.parse.orc import OrcStripes
from artesian.frame.parse.setup import HAS_HEADER, Format, ParseSetup, ReadAs

_GUESS_ROWS = 1_000
BATCH_BYTES = 128 << 20
_LEAST_ROWS = 10_000
_TEXTS = (ReadAs.ENUM, ReadAs.STRING, ReadAs.UUID)
_Made = TypeVar("_Made")


def open_columnar(path: Path, kind: Format, title: str) -> ColumnarFile:
    """The file on disk. Raises ParseError where it is damaged, NotAvailable without the library that reads it."""
    readers = {Format.AVRO: AvroFile, Format.ORC: OrcFile}
    return readers.get(kind, ColumnarFile)(path, kind, title)


class ColumnarFile:
    """One Parquet or Arrow file."""

    def __init__(self, path: Path, kind: Format, title: str) -> None:
        self._path = path
        self._kind = kind
        self._title = title
        self._start()

    def _start(self) -> None:
        self._scan = self._guarded(self._open)
        self.schema: dict[str, pl.DataType] = self._guarded(lambda: dict(self._scan.collect_schema()))
        self.n_rows = int(self._guarded(lambda: self._scan.select(pl.len()).collect().item()))

    def head(self, rows: int) -> pl.DataFrame:
        """The first rows."""
        return self._guarded(lambda: self._scan.head(rows).collect())

    def batches(self, names: Sequence[str], most_bytes: int = BATCH_BYTES) -> Iterator[pl.DataFrame]:
        """The columns of those names, some rows at a time: about so many bytes of numbers where the format allows it."""
        width = 8 * max(1, len(names))
        rows = max(_LEAST_ROWS, most_bytes // width)
        for start in range(0, self.n_rows, rows):
            yield self._guarded(lambda start=start: self._scan.select(names).slice(start, rows).collect())  # type: ignore[misc]

    def levels(self) -> dict[str, pl.Series]:
        """By column the values of its dictionary, in the order of the file; empty where the format keeps none."""
        if self._kind is not Format.ARROW:
            return {}
        listed = {name: dtype.categories for name, dtype in self.schema.items() if isinstance(dtype, pl.Enum)}
        if not any(isinstance(dtype, pl.Categorical) for dtype in self.schema.values()):
            return listed
        with self._path.open("rb") as file, mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as mapped:
            data = memoryview(mapped)
            try:
                return self._guarded(lambda: dictionary_values(data)) | listed
            finally:
                data.release()

    def _open(self) -> pl.LazyFrame:
        if self._kind is Format.PARQUET:
            return pl.scan_parquet(self._path, glob=False, hive_partitioning=False)
        with self._path.open("rb") as file:
            is_file = file.read(6) == b"ARROW1"
        if is_file:
            scan = pl.scan_ipc(self._path, glob=False, hive_partitioning=False)
            if not any(isinstance(dtype, pl.Categorical | pl.Enum) for dtype in scan.collect_schema().values()):
                return scan
        try:
            # an open file, not a path, in which Polars would expand wildcards; fresh, since it reads on from the descriptor
            with self._path.open("rb") as file:
                return (pl.read_ipc(file) if is_file else pl.read_ipc_stream(file)).lazy()
        except (pl.exceptions.PolarsError, pl.exceptions.PanicException) as error:
            if "dictionary key" not in str(error):
                raise
        return self._arrow_by_indices().lazy()

    def _arrow_by_indices(self) -> pl.DataFrame:
        """The table of a file whose dictionary indices are -1 where a value is missing, as pandas writes them."""
        data = memoryview(self._path.read_bytes())
        values = dictionary_values(data)
        table = pl.read_ipc_stream(with_indices(data))
        found = [
            table[name].cast(pl.UInt32, strict=False).cat.to(pl.Enum(levels)).alias(name)
            for name, levels in values.items()
        ]
        return table.with_columns(found)

    def _guarded(self, call: Callable[[], _Made]) -> _Made:
        try:
            return call()
        except ArtesianError:
            raise
        # the readers raise all kinds of errors at a crafted file, and it can make Polars panic, which is no Exception
        except (Exception, pl.exceptions.PanicException) as error:
            reason = str(error).partition("\n")[0].rstrip(".")
            raise ParseError(f"The file {self._title} is no whole {self._kind.value} file: {reason}.") from None


class AvroFile(ColumnarFile):
    """One Avro file; its rows are read at once, when they are asked for."""

    def _start(self) -> None:
        self._table = self._guarded(lambda: AvroTable(self._path))
        self.schema = dict(self.head(_GUESS_ROWS).schema)
        self.n_rows = self._table.n_rows

    def head(self, rows: int) -> pl.DataFrame:
        """The first rows."""
        return self._guarded(lambda: self._table.read(rows=rows))

    def batches(self, names: Sequence[str], most_bytes: int = BATCH_BYTES) -> Iterator[pl.DataFrame]:
        """The columns of those names, all rows."""
        yield self._guarded(lambda: self._table.read(names or None))

    def levels(self) -> dict[str, pl.Series]:
        """By column the symbols of its enumeration."""
        return self._table.levels


class OrcFile(ColumnarFile):
    """One ORC file; a batch is a stripe of it."""

    def _start(self) -> None:
        self._stripes = self._guarded(lambda: OrcStripes(self._path, self._title))
        self.schema, self.n_rows = self._stripes.schema, self._stripes.n_rows

    def head(self, rows: int) -> pl.DataFrame:
        """The first rows."""
        return self._guarded(lambda: self._stripes.head(rows))

    def batches(self, names: Sequence[str], most_bytes: int = BATCH_BYTES) -> Iterator[pl.DataFrame]:
        """The columns of those names, stripe by stripe."""
        tables = self._stripes.tables(names)
        while (table := self._guarded(lambda: next(tables, None))) is not None:
            yield table

    def levels(self) -> dict[str, pl.Series]:
        """ORC keeps none."""
        return {}


def guess_columnar(file: ColumnarFile, kind: Format, title: str) -> ParseSetup:
    """The setup of one file; nested columns are of the type Unknown and must be skipped."""
    table = file.head(_GUESS_ROWS)
    types: list[str] = []
    warnings: list[str] = []
    for name, dtype in file.schema.items():
        found = _natural(dtype)
        if found is None:
            warnings.append(
                f"Column '{name}' of {title} has the nested type {dtype}, which a frame cannot hold; skip it."
            )
            types.append(ReadAs.UNKNOWN.value)
            continue
        if dtype == pl.Boolean and kind in (Format.AVRO, Format.ORC):
            found = ReadAs.NUMERIC
        if found is ReadAs.STRING and kind is Format.PARQUET:
            found = _guess_texts(as_texts(table[name]))
        types.append(found.value)
    names = tuple(file.schema)
    return ParseSetup(
        parse_type=kind,
        separator=",",
        check_header=HAS_HEADER,
        number_columns=len(names),
        column_names=names,
        header=names,
        column_types=tuple(types),
        preview=_preview(table.head(PREVIEW_LINES)),
        warnings=tuple(warnings),
    )


def prepared(series: pl.Series, kind: ReadAs, title: str) -> pl.Series:
    """The series as the builder of a column of that kind takes it: numbers, milliseconds or texts."""
    dtype = series.dtype
    if _natural(dtype) is None:
        raise ParseError(
            f"Column '{series.name}' of {title} has the nested type {dtype}, which a frame cannot hold; "
            "skip it with skipped_columns or flatten it."
        )
    if kind in _TEXTS:
        return as_texts(series)
    if dtype.is_temporal() and not isinstance(dtype, pl.Duration):
        return _milliseconds(series)
    if isinstance(dtype, pl.Duration):
        return series.dt.total_milliseconds()
    if dtype in (pl.String, pl.Categorical, pl.Enum, pl.Binary):
        return as_texts(series)
    if dtype == pl.Boolean or dtype == pl.Null:
        return series.cast(pl.UInt8)
    if dtype.is_integer():
        return _whole(series)
    return series.cast(pl.Float64) if dtype.is_decimal() else series


def stored_types(schema: Mapping[str, pl.DataType]) -> list[str]:
    """For each column of a file whether it is stored as "real" or "int" numbers; empty for all others."""
    return ["real" if t.is_float() or t.is_decimal() else "int" if t.is_integer() else "" for t in schema.values()]


def as_texts(series: pl.Series) -> pl.Series:
    """The values as texts; truth values as False and True."""
    if series.dtype == pl.Boolean:
        words = pl.Series(["False", "True"])
        return words.gather(series.cast(pl.UInt32)).rename(series.name)
    if series.dtype == pl.Binary:
        return series.cast(pl.String, strict=False)
    return series.cast(pl.String)


def _milliseconds(series: pl.Series) -> pl.Series:
    if series.dtype == pl.Time:
        return series.cast(pl.Int64) // 1_000_000
    return series.dt.epoch("ms")


def _whole(series: pl.Series) -> pl.Series:
    """Integers beyond 64 bits as floats."""
    if series.dtype in (pl.UInt64, pl.Int128, pl.UInt128):
        narrow = series.cast(pl.Int64, strict=False)
        return narrow if narrow.null_count() == series.null_count() else series.cast(pl.Float64)
    return series


def _natural(dtype: pl.DataType) -> ReadAs | None:
    """How a column of that type is read; None for one that a frame cannot hold."""
    if dtype.is_nested() or dtype == pl.Object:
        return None
    if dtype in (pl.Categorical, pl.Enum, pl.Boolean):
        return ReadAs.ENUM
    if dtype in (pl.String, pl.Binary):
        return ReadAs.STRING
    if dtype.is_temporal() and not isinstance(dtype, pl.Duration):
        return ReadAs.TIME
    return ReadAs.NUMERIC


def _guess_texts(texts: pl.Series) -> ReadAs:
    if texts.null_count() == len(texts):
        return ReadAs.STRING
    counts = count_texts(texts, numbers=False)
    return guess_type(counts, len(texts))


def _preview(table: pl.DataFrame) -> tuple[tuple[str | None, ...], ...]:
    columns: list[list[Any]] = []
    for series in table.get_columns():
        nested = _natural(series.dtype) is None
        columns.append(
            [None if value is None else str(value) for value in series] if nested else as_texts(series).to_list()
        )
    return tuple(zip(*columns, strict=True)) if columns else ()
