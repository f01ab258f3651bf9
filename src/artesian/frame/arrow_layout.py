"""Maps an Arrow IPC file: finds the buffers of each column in the mapped bytes and hands them to Polars without a copy.

Polars itself copies a file as it reads it; workers and server should share one mapping instead. The layout of the
flatbuffer messages is that of Apache Arrow's `File.fbs`, `Message.fbs` and `Schema.fbs`; only what Polars writes
uncompressed is understood: fixed-width, Boolean-free, and LargeUtf8 columns.
"""

from __future__ import annotations

import mmap
import struct
import sys
import threading
import weakref
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import Any

import nanoarrow as na
import polars as pl

from artesian.core.errors import ParseError
from artesian.frame.flatbuffer import FlatTable, read_at

_MAGIC = b"ARROW1"
_BLOCK_BYTES = 24  # struct Block { offset: long; metaDataLength: int; (pad) bodyLength: long }
_PAIR_BYTES = 16  # FieldNode and Buffer are both two longs

_MOST_RESIDENT = 1 << 30
_RELEASE_SECS = 0.1

_ARROW_TYPES: dict[type[pl.DataType], Any] = {
    pl.UInt8: na.uint8,
    pl.Int8: na.int8,
    pl.UInt16: na.uint16,
    pl.Int16: na.int16,
    pl.UInt32: na.uint32,
    pl.Int32: na.int32,
    pl.UInt64: na.uint64,
    pl.Int64: na.int64,
    pl.Float32: na.float32,
    pl.Float64: na.float64,
    pl.String: na.large_string,
}

_WIDTHS: dict[type[pl.DataType], int] = {
    pl.UInt8: 1,
    pl.Int8: 1,
    pl.UInt16: 2,
    pl.Int16: 2,
    pl.UInt32: 4,
    pl.Int32: 4,
    pl.UInt64: 8,
    pl.Int64: 8,
    pl.Float32: 4,
    pl.Float64: 8,
}


def map_file(path: str | Path) -> pl.DataFrame:
    """The table of an uncompressed Arrow IPC file, its columns lying in the mapped file (one chunk a record batch)."""
    schema = pl.read_ipc_schema(path)
    with Path(path).open("rb") as file:
        data = memoryview(_map(file.fileno()))
    if bytes(data[:6]) != _MAGIC or bytes(data[-6:]) != _MAGIC:
        raise ParseError(f"The data file {Path(path).name} of a frame is damaged: it is no whole Arrow file.")
    chunks: dict[str, list[pl.Series]] = {name: [] for name in schema}
    whole = _WholeFile(data)
    for rows, buffers in _batches(data):
        for name, dtype in schema.items():
            chunks[name].append(_series(name, dtype, rows, buffers, whole))
    return pl.DataFrame(
        [_joined(parts) if parts else pl.Series(name, [], dtype=schema[name]) for name, parts in chunks.items()]
    )


def _map(descriptor: int) -> mmap.mmap:
    # from Python 3.13 on, a mapping need not keep a file descriptor of its own, of which a process has few
    options: dict[str, Any] = {"trackfd": False} if sys.version_info >= (3, 13) else {}
    mapping = mmap.mmap(descriptor, 0, access=mmap.ACCESS_READ, **options)
    _living.add(mapping)
    return mapping


class _Living:
    """The mappings of this process, as long as something reads them."""

    def __init__(self) -> None:
        self._references: dict[int, weakref.ref[mmap.mmap]] = {}
        self.nbytes = 0
        self.most_resident = _MOST_RESIDENT

    def add(self, mapping: mmap.mmap) -> None:
        self._references[id(mapping)] = weakref.ref(mapping, partial(self._forget, id(mapping), len(mapping)))
        self.nbytes += len(mapping)

    def _forget(self, number: int, nbytes: int, _: object) -> None:
        del self._references[number]
        self.nbytes -= nbytes

    def all(self) -> list[mmap.mmap]:
        return [mapping for reference in list(self._references.values()) if (mapping := reference()) is not None]


_living = _Living()


def limit_resident(most_bytes: int) -> None:
    """From now on `release_pages` does something once this process maps more than so many bytes."""
    _living.most_resident = most_bytes


def release_pages() -> None:
    """Gives the pages of all mapped files back to the kernel, if there are many: call it between steps of long work.

    It would take them back in need anyway, and reads them again, mostly from its cache, when they are needed; meanwhile they
    do not count as memory of this process.
    """
    if _living.nbytes > _living.most_resident:
        for mapping in _living.all():
            mapping.madvise(mmap.MADV_DONTNEED)


@contextmanager
def releasing_pages() -> Iterator[None]:
    """Calls `release_pages` now and then while a library works on whole columns within the block."""
    done = threading.Event()

    def release() -> None:
        while not done.wait(_RELEASE_SECS):
            release_pages()

    thread = threading.Thread(target=release, name="page-releaser", daemon=True)
    thread.start()
    try:
        yield
    finally:
        done.set()
        thread.join()


def _joined(parts: list[pl.Series]) -> pl.Series:
    return parts[0] if len(parts) == 1 else pl.concat(parts, rechunk=False)


def _batches(data: memoryview) -> Iterator[tuple[int, Iterator[tuple[int, int]]]]:
    """Row count and places (start, length) of the buffers, in column order, of each record batch."""
    footer_bytes = read_at("<i", data, len(data) - 10)
    start = len(data) - 10 - footer_bytes
    footer = FlatTable(data, start + read_at("<I", data, start))
    first, count = footer.vector(3)
    for number in range(count):
        block = first + number * _BLOCK_BYTES
        offset, metadata_bytes = read_at("<q", data, block), read_at("<i", data, block + 8)
        # the message follows a continuation marker and its own length, four bytes each
        message_start = offset + 8
        message = FlatTable(data, message_start + read_at("<I", data, message_start))
        batch = message.table(2)
        yield batch.long(0), _buffers(data, batch, offset + metadata_bytes)


def _buffers(data: memoryview, batch: FlatTable, body: int) -> Iterator[tuple[int, int]]:
    first, count = batch.vector(2)
    for number in range(count):
        offset, length = struct.unpack_from("<qq", data, first + number * _PAIR_BYTES)
        yield body + offset, length


class _WholeFile:
    """The mapped bytes, also seen as one long series of each fixed-width type.

    A column without missing values is a slice of that, which is much quicker made than an array of its own.
    """

    def __init__(self, data: memoryview) -> None:
        self.data = data
        self._series: dict[type[pl.DataType], tuple[pl.Series, int]] = {}

    def bytes(self, where: tuple[int, int]) -> memoryview:
        start, length = where
        return self.data[start : start + length]

    def slice(self, base: type[pl.DataType], start: int, rows: int) -> pl.Series | None:
        """The values from byte `start` on; None where their place in the file does not fit their width."""
        if base not in self._series:
            width = _WIDTHS[base]
            count = len(self.data) // width
            parts: list[Any] = [None, self.data[: count * width]]
            array = na.c_array_from_buffers(_ARROW_TYPES[base](), count, parts, null_count=0)
            self._series[base] = pl.Series(array), width
        series, width = self._series[base]
        return None if start % width else series.slice(start // width, rows)


def _series(
    name: str, dtype: pl.DataType, rows: int, buffers: Iterator[tuple[int, int]], whole: _WholeFile
) -> pl.Series:
    base = dtype.base_type()
    if base not in _ARROW_TYPES:
        raise ParseError(f"The data file of a frame holds a column '{name}' of type {dtype}, which no frame writes.")
    validity, *values = [next(buffers) for _ in range(3 if dtype == pl.String else 2)]
    if rows == 0:
        return pl.Series(name, [], dtype=dtype)
    if base in _WIDTHS and not validity[1]:
        series = whole.slice(base, values[0][0], rows)
        if series is not None:
            return series.alias(name)
    parts: list[Any] = [whole.bytes(validity) if validity[1] else None, *map(whole.bytes, values)]
    array = na.c_array_from_buffers(_ARROW_TYPES[base](), rows, parts, null_count=-1 if validity[1] else 0)
    return pl.Series(array).alias(name)
