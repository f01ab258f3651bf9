"""Writes frames to files inside the export roots: CSV, packed or in parts, and Parquet.

Everything is written beside its place and renamed when it is whole, so a reader never finds half a file, and a file that
stands there already is replaced only on demand. A symbolic link is never written through.
"""

from __future__ import annotations

import bz2
import gzip
import os
import secrets
import shutil
import zlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any, Literal, cast

import polars as pl
import zstandard

from artesian.core.errors import Conflict, Forbidden, InvalidArgument, NotAvailable, ParseError
from artesian.core.settings import Settings
from artesian.frame.arrow_layout import release_pages, releasing_pages
from artesian.frame.column import Column, ColumnType
from artesian.frame.frame import Frame
from artesian.frame.io.csv_text import csv_pieces
from artesian.frame.io.jail import check_export, local_path

CSV_COMPRESSIONS = ("none", "gzip", "bzip2", "zstd")
PARQUET_COMPRESSIONS = ("none", "snappy", "gzip", "zstd")
_PART_ROWS = 1_000_000
_CRC_BYTES = 512
Progress = Callable[[float, str], None]
Check = Callable[[], None]


@dataclass(frozen=True)
class _Options:
    format: str
    compression: str
    separator: str
    header: bool
    quote_header: bool
    write_checksum: bool
    progress: Progress
    check: Check


def export(
    frame: Frame,
    path: str,
    settings: Settings,
    *,
    format: str = "csv",
    force: bool = False,
    num_parts: int = 1,
    parallel: bool = False,
    compression: str | None = None,
    separator: str = ",",
    header: bool = True,
    quote_header: bool = True,
    write_checksum: bool = True,
    progress: Progress = lambda fraction, message: None,
    check: Check = lambda: None,
) -> list[Path]:
    """Writes the frame and returns the files written.

    `num_parts` 1 makes one file; n at most n files `part-m-00000` … in a new or empty folder; -1 as many as suit. Parquet
    goes to one file where the path ends in .parquet, else to a folder of parts; `write_checksum` puts a hidden
    `.<name>.crc` beside each of its files, as Hadoop does. `compression` is none, gzip, bzip2 or zstd for CSV; none, snappy (the
    default), gzip or zstd for Parquet. Formatting always uses all threads, whether `parallel` is asked for or not.

    Raises Forbidden outside the export roots, Conflict where something stands there and `force` is not set (a folder that
    is not empty is never replaced), InvalidArgument for options that do not go together.
    """
    del parallel
    options = _Options(
        _one_of("format", format, ("csv", "parquet")),
        _compression(format, compression),
        separator,
        header,
        quote_header,
        write_checksum and format == "parquet",
        progress,
        check,
    )
    if len(separator) != 1 or not separator.isascii() or separator in '"\r\n':
        raise InvalidArgument(
            f"The separator must be one ASCII character, no quote and no end of line. Got {separator!r}."
        )
    if num_parts < 1 and num_parts != -1:
        raise InvalidArgument(f"num_parts must be at least 1, or -1 for as many as suit. Got {num_parts}.")
    target = check_target(path, settings, format=format, num_parts=num_parts, force=force)
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise InvalidArgument(f"The folder of '{path}' cannot be made: {error.strerror}.") from None
    if _in_parts(target, format, num_parts):
        return _write_folder(frame, target, num_parts if num_parts > 1 else -1, options)
    return [_write_file(frame, target, options, force=force)]


def check_target(
    path: str, settings: Settings, *, format: str = "csv", num_parts: int = 1, force: bool = False
) -> Path:
    """The file or folder that an export goes to.

    Raises Forbidden outside the export roots, Conflict where what stands there is in the way.
    """
    target = _target(path, settings)
    if _in_parts(target, format, num_parts):
        if target.exists() and (not target.is_dir() or any(target.iterdir())):
            raise Conflict(  # clients match the first words
                f"Cannot use path {target}: it exists and is no empty folder; parts are written to a new or an empty "
                "folder only."
            )
    elif target.is_dir():
        raise Conflict(f"'{target}' is a folder; name a file, or ask for several parts.")
    elif target.exists() and not force:
        raise Conflict(f"The file '{target}' exists already; give force=true to replace it.")
    return target


def _in_parts(target: Path, format: str, num_parts: int) -> bool:
    return num_parts != 1 or (format == "parquet" and target.suffix.lower() not in (".parquet", ".pq"))


def _target(path: str, settings: Settings) -> Path:
    if "://" in path and not path.lower().startswith("file://"):
        raise NotAvailable(
            f"Frames can be written to local files only, not to '{path}'; give a path in an export root."
        )
    check_export(path, settings)
    named = local_path(path)
    target = Path(os.path.realpath(named.parent)) / named.name
    if target.is_symlink():
        raise Forbidden(f"The path '{path}' is a symbolic link, which is never written through; name a file.")
    return target


def _write_file(frame: Frame, target: Path, options: _Options, *, force: bool) -> Path:
    with _beside(target) as unfinished:
        _write(frame, unfinished, options, 0.0, 1.0)
        _settle(unfinished)
        if force:
            unfinished.replace(target)
        else:
            _place(unfinished, target)
    if options.write_checksum:
        _write_checksum(target)
    options.progress(1.0, str(target))
    return target


def _write_folder(frame: Frame, target: Path, parts: int, options: _Options) -> list[Path]:
    count = parts if parts > 0 else -(-frame.n_rows // _PART_ROWS)
    rows = max(1, -(-frame.n_rows // max(1, count)))
    starts = list(range(0, frame.n_rows, rows)) or [0]
    names: list[str] = []
    with _beside(target) as unfinished:
        unfinished.mkdir()
        for number, start in enumerate(starts):
            name = f"part-m-{number:05d}" + (".parquet" if options.format == "parquet" else "")
            share = (number / len(starts), (number + 1) / len(starts))
            _write(frame.slice(start, rows), unfinished / name, options, *share)
            _settle(unfinished / name)
            if options.write_checksum:
                _write_checksum(unfinished / name)
            names.append(name)
        if target.exists():
            target.rmdir()
        unfinished.rename(target)
    options.progress(1.0, str(target))
    return [target / name for name in names]


def _write(frame: Frame, path: Path, options: _Options, low: float, high: float) -> None:
    options.check()
    if options.format == "parquet":
        compression = cast(
            "Literal['uncompressed', 'snappy', 'gzip', 'zstd']",
            "uncompressed" if options.compression == "none" else options.compression,
        )
        with releasing_pages():
            typed_table(frame).write_parquet(path, compression=compression)
        options.progress(high, path.name)
        return
    written = 0
    with _opened(path, options.compression) as file:
        for piece in csv_pieces(
            frame, separator=options.separator, header=options.header, quote_header=options.quote_header
        ):
            options.check()
            file.write(piece)
            release_pages()
            written += piece.count(b"\n")
            options.progress(low + (high - low) * min(1.0, written / max(1, frame.n_rows)), path.name)


def typed_table(frame: Frame) -> pl.DataFrame:
    """The frame as a table of Arrow's types: levels as dictionaries in their order, times as timestamps in milliseconds."""
    return pl.DataFrame([_typed(column).alias(name) for name, column in zip(frame.names, frame.columns, strict=True)])


def _typed(column: Column) -> pl.Series:
    if column.domain is not None:
        levels = pl.Enum(column.domain)
        return column.values.cat.to(levels) if len(column.domain) else column.decoded().cast(levels)
    return column.decoded() if column.type is ColumnType.TIME else column.values


@contextmanager
def _opened(path: Path, compression: str) -> Iterator[IO[bytes]]:
    with path.open("xb") as raw:
        if compression == "gzip":
            with gzip.GzipFile(filename="", fileobj=raw, mode="wb", mtime=0) as packed:
                yield cast("IO[bytes]", packed)
        elif compression == "bzip2":
            with bz2.BZ2File(raw, "wb") as packed_bz2:
                yield cast("IO[bytes]", packed_bz2)
        elif compression == "zstd":
            with zstandard.ZstdCompressor().stream_writer(raw, closefd=False) as packed_zstd:
                yield cast("IO[bytes]", packed_zstd)
        else:
            yield raw


@contextmanager
def _beside(target: Path) -> Iterator[Path]:
    """A path beside the target that nothing else has; whatever is left there in the end is removed."""
    unfinished = target.with_name(f".{target.name[:100]}.{secrets.token_hex(6)}.part")
    try:
        yield unfinished
    except OSError as error:
        raise ParseError(f"Writing '{target}' fails: {error.strerror or error}.") from error
    finally:
        if unfinished.is_dir():
            shutil.rmtree(unfinished, ignore_errors=True)
        else:
            unfinished.unlink(missing_ok=True)


def _place(unfinished: Path, target: Path) -> None:
    """Puts the file in its place only if nothing has come there meanwhile."""
    try:
        os.link(unfinished, target)
    except FileExistsError:
        raise Conflict(f"The file '{target}' exists already; give force=true to replace it.") from None


def _settle(path: Path) -> None:
    with path.open("rb") as file:
        os.fsync(file.fileno())


def _write_checksum(path: Path) -> None:
    """Writes the hidden checksum file that Hadoop's file systems verify: a head, then the CRC-32 of every 512 bytes."""
    sums = bytearray(b"crc\0" + _CRC_BYTES.to_bytes(4, "big"))
    with path.open("rb") as file:
        while part := file.read(_CRC_BYTES):
            sums += zlib.crc32(part).to_bytes(4, "big")
    beside = path.with_name(f".{path.name}.crc")
    beside.unlink(missing_ok=True)
    beside.write_bytes(sums)


def _compression(format: str, asked: str | None) -> str:
    known = PARQUET_COMPRESSIONS if format == "parquet" else CSV_COMPRESSIONS
    if not asked:
        return "snappy" if format == "parquet" else "none"
    return _one_of("compression", asked.lower(), known)


def _one_of(what: str, value: Any, known: tuple[str, ...]) -> str:
    if value not in known:
        raise InvalidArgument(f"The {what} of an export must be one of {', '.join(known)}. Got '{value}'.")
    return str(value)
