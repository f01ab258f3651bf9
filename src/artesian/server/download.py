"""Frames as Arrow streams on the wire, made piece by piece while they are sent."""

from __future__ import annotations

import contextlib
import fcntl
import io
import os
import threading
from collections.abc import Iterator
from typing import Literal

import polars as pl

from artesian.frame import Column, ColumnType, Frame
from artesian.frame.io import typed_table

_ROWS = 65_536
_CHUNK = 1 << 20
_LENGTH_BYTES = 8


def arrow_table(frame: Frame) -> pl.DataFrame:
    """The frame as a table of Arrow's types; each piece of rows becomes a record batch of its own."""
    table = typed_table(frame)
    pieces = [table.slice(start, _ROWS) for start in range(0, max(1, frame.n_rows), _ROWS)]
    return pl.concat(pieces, rechunk=False) if len(pieces) > 1 else table


def coded_pieces(frame: Frame, *, compressed: bool) -> Iterator[bytes]:
    """The frame as level numbers, which most readers take much sooner than dictionaries.

    First, for each categorical column, an Arrow IPC stream of its levels under its name, with the stream's length before it (8
    bytes, the lowest first); then a length of 0; then the stream of the table with level numbers in these columns.
    """
    for name, column in zip(frame.names, frame.columns, strict=True):
        if column.domain is not None:
            levels = io.BytesIO()
            pl.DataFrame([column.domain.alias(name)]).write_ipc_stream(levels, compression="uncompressed")
            yield len(levels.getvalue()).to_bytes(_LENGTH_BYTES, "little") + levels.getvalue()
    yield bytes(_LENGTH_BYTES)
    numbered = [
        Column(ColumnType.INT, column.values) if column.domain is not None else column for column in frame.columns
    ]
    yield from arrow_pieces(Frame(frame.names, numbered, frame.n_rows), compressed=compressed)


def arrow_pieces(frame: Frame, *, compressed: bool) -> Iterator[bytes]:
    """The frame as an Arrow IPC stream, compressed with zstd or not: a thread writes it into a pipe, this reads from it."""
    table = arrow_table(frame)
    compression: Literal["zstd", "uncompressed"] = "zstd" if compressed else "uncompressed"
    reading, writing = os.pipe()
    with contextlib.suppress(OSError):  # fewer turns between the two threads, where the system allows so much
        fcntl.fcntl(writing, fcntl.F_SETPIPE_SZ, _CHUNK)

    def write() -> None:
        with contextlib.suppress(OSError), os.fdopen(writing, "wb") as pipe:  # the reader may go before the end
            table.write_ipc_stream(pipe, compression=compression, compat_level=pl.CompatLevel.oldest())

    thread = threading.Thread(target=write, name="arrow-download", daemon=True)
    thread.start()
    with os.fdopen(reading, "rb", buffering=0) as pipe:
        while chunk := pipe.read(_CHUNK):
            yield chunk
    thread.join()
