"""Frames as files on the wire: CSV as H2O writes it, and Arrow streams; both made piece by piece while they are sent."""

from __future__ import annotations

import contextlib
import os
import threading
from collections.abc import Iterator

import polars as pl

from artesian.frame import Column, ColumnType, Frame

_ROWS = 65_536
_CHUNK = 1 << 20


def csv_pieces(
    frame: Frame,
    *,
    separator: str = ",",
    header: bool = True,
    quote_header: bool = True,
    hex_doubles: bool = False,
    escape_quotes: bool = True,
) -> Iterator[bytes]:
    """The frame as CSV: texts and levels in quotes, missing values empty, times in milliseconds since 1970 UTC."""
    if header and frame.n_columns:
        mark = '"' if quote_header else ""
        yield (separator.join(f"{mark}{name}{mark}" for name in frame.names) + "\n").encode()
    domains = [_quoted(column.domain, escape_quotes) if column.domain is not None else None for column in frame.columns]
    for start in range(0, frame.n_rows if frame.n_columns else 0, _ROWS):
        part = frame.slice(start, _ROWS)
        series = [
            _texts(column, domain, hex_doubles, escape_quotes).alias(f"c{i}")
            for i, (column, domain) in enumerate(zip(part.columns, domains, strict=True))
        ]
        text = pl.DataFrame(series).write_csv(
            include_header=False, separator=separator, quote_style="never", null_value=""
        )
        yield text.encode()


def _quoted(texts: pl.Series, escape_quotes: bool) -> pl.Series:
    inner = texts.str.replace_all('"', '""', literal=True) if escape_quotes else texts
    return pl.select('"' + pl.lit(inner) + '"').to_series() if len(texts) else texts


def _texts(column: Column, domain: pl.Series | None, hex_doubles: bool, escape_quotes: bool) -> pl.Series:
    """The column as it is written; numbers stay numbers."""
    values = column.values
    if domain is not None:
        return (
            domain.gather(values.cast(pl.UInt32)) if len(domain) else pl.Series([None] * len(values), dtype=pl.String)
        )
    if column.type is ColumnType.STRING:
        return _quoted(values, escape_quotes)
    if column.type is ColumnType.REAL:
        doubles = values.cast(pl.Float64)
        if hex_doubles:
            return pl.Series([None if value is None else value.hex() for value in doubles.to_list()], dtype=pl.String)
        return doubles
    return values


def to_arrow_table(frame: Frame) -> pl.DataFrame:
    """The frame as a table of Arrow's types: categoricals as dictionaries, times as timestamps in milliseconds.

    Each piece of rows becomes a record batch of its own.
    """
    pieces = [_arrow_piece(frame.slice(start, _ROWS)) for start in range(0, max(1, frame.n_rows), _ROWS)]
    return pl.concat(pieces, rechunk=False) if len(pieces) > 1 else pieces[0]


def _arrow_piece(frame: Frame) -> pl.DataFrame:
    series = []
    for name, column in zip(frame.names, frame.columns, strict=True):
        values = column.values
        if column.domain is not None:
            levels = pl.Enum(column.domain)
            values = values.cat.to(levels) if len(column.domain) else column.decoded().cast(levels)
        elif column.type is ColumnType.TIME:
            values = column.decoded()
        series.append(values.alias(name))
    return pl.DataFrame(series)


def arrow_pieces(frame: Frame) -> Iterator[bytes]:
    """The frame as an Arrow IPC stream, compressed with zstd: a thread writes it into a pipe, this reads from it."""
    table = to_arrow_table(frame)
    reading, writing = os.pipe()

    def write() -> None:
        with contextlib.suppress(OSError), os.fdopen(writing, "wb") as pipe:  # the reader may go before the end
            table.write_ipc_stream(pipe, compression="zstd", compat_level=pl.CompatLevel.oldest())

    thread = threading.Thread(target=write, name="arrow-download", daemon=True)
    thread.start()
    with os.fdopen(reading, "rb", buffering=0) as pipe:
        while chunk := pipe.read(_CHUNK):
            yield chunk
    thread.join()
