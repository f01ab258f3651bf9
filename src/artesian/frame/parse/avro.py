"""Reads Avro object container files through Polars, which takes enumerations as the numbers that they are stored as.

Polars reads no enumeration that may be missing, and none that is named again. So the schema in the file's header is
replaced by one with integers in their places, and the numbers get their symbols back. The header's layout is that of the
Apache Avro specification, "Object Container Files": a magic, then a map of names to bytes whose key `avro.schema` holds the
schema as JSON.
"""

from __future__ import annotations

import io
import json
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any, BinaryIO

import polars as pl

_MAGIC = b"Obj\x01"
_LONGEST_NUMBER = 10  # bytes of a 64-bit number in groups of seven bits
_LARGEST_HEADER = 64 << 20
_MARK_BYTES = 16
_MOST_ROWS = 2**32 - 2  # what Polars numbers
_CODECS = ("null", "deflate", "snappy")


class AvroTable:
    """One file. Raises ValueError, KeyError or TypeError where it does not start as an Avro file does."""

    def __init__(self, path: Path) -> None:
        self._path = path
        with path.open("rb") as file:
            if file.read(len(_MAGIC)) != _MAGIC:
                raise ValueError("its first bytes are not those of Avro")
            self._entries = dict(_entries(file))
            self._end = file.tell()
            self.n_rows = _count_rows(file, path.stat().st_size)
        codec = self._entries.get("avro.codec", b"null").decode()
        if codec not in _CODECS:
            raise ValueError(f"its codec is {codec}, and only {', '.join(_CODECS)} are read")
        schema = json.loads(self._entries["avro.schema"])
        named: dict[str, list[str]] = {}
        self.levels: dict[str, pl.Series] = {}
        for field in schema["fields"]:
            symbols, field["type"] = _numbered(field["type"], named)
            if symbols:
                self.levels[str(field["name"])] = pl.Series("levels", symbols, dtype=pl.String)
        self._entries["avro.schema"] = json.dumps(schema).encode()

    def read(self, names: Sequence[str] | None = None, rows: int | None = None) -> pl.DataFrame:
        """The columns of those names (None: all), the first `rows` or all; enumerations as Enum columns."""
        with self._path.open("rb") as file:
            file.seek(self._end)
            content = io.BytesIO(_header(self._entries) + file.read())
        table = pl.read_avro(content, columns=None if names is None else list(names), n_rows=rows)
        coded = [name for name in table.columns if name in self.levels]
        return table.with_columns(_symbols(table[name], self.levels[name]) for name in coded)


def _symbols(codes: pl.Series, levels: pl.Series) -> pl.Series:
    found = levels.gather(codes.cast(pl.UInt32))
    return found.cast(pl.Enum(levels)).rename(codes.name)


def _numbered(kind: Any, named: dict[str, list[str]]) -> tuple[list[str] | None, Any]:
    """The symbols of a type, if it is an enumeration or one that may be missing, and the type with an integer in its place.

    `named` gathers the enumerations by their names, by which later fields may refer to them.
    """
    if isinstance(kind, list):
        pairs = [_numbered(one, named) for one in kind]
        symbols = next((found for found, _ in pairs if found), None) if len(kind) <= 2 else None
        types = [new for _, new in pairs] if symbols or len(kind) <= 2 else kind
        return symbols, types[0] if len(types) == 1 else types
    if isinstance(kind, str) and kind in named:
        return named[kind], "int"
    if isinstance(kind, dict) and kind.get("type") == "enum":
        symbols = [str(symbol) for symbol in kind["symbols"]]
        short, space = str(kind.get("name")), kind.get("namespace")
        named |= {short: symbols, short.rpartition(".")[2]: symbols, f"{space}.{short}": symbols}
        return symbols, "int"
    return None, kind


# ---- the header ----


def _entries(file: BinaryIO) -> Iterator[tuple[str, bytes]]:
    """The entries of a map: blocks of them, each with its count before it (negative where its size follows), ended by 0."""
    while count := _number(file):
        if count < 0:
            _number(file)
        for _ in range(abs(count)):
            name = _sized(file).decode()
            yield name, _sized(file)


def _count_rows(file: BinaryIO, size: int) -> int:
    """The rows of all blocks: each tells its number of rows and of bytes, and ends with the mark that ended the header.

    Polars trusts those numbers, so that a wrong one could ask it for more memory than there is.
    """
    mark = file.read(_MARK_BYTES)
    rows = 0
    while file.tell() < size:
        count, length = _number(file), _number(file)
        if count < 0 or not 0 <= length <= size - file.tell() - _MARK_BYTES:
            raise ValueError("one of its blocks tells a wrong size")
        file.seek(length, io.SEEK_CUR)
        if file.read(_MARK_BYTES) != mark:
            raise ValueError("one of its blocks does not end where it should")
        rows += count
    if rows > _MOST_ROWS:
        raise ValueError(f"it tells of {rows} rows")
    return rows


def _sized(file: BinaryIO) -> bytes:
    length = _number(file)
    if not 0 <= length <= _LARGEST_HEADER:
        raise ValueError("its header is damaged")
    part = file.read(length)
    if len(part) != length:
        raise ValueError("its header ends too early")
    return part


def _number(file: BinaryIO) -> int:
    """A number in zigzag code, seven bits a byte, the lowest first."""
    value = 0
    for place in range(_LONGEST_NUMBER):
        byte = file.read(1)
        if not byte:
            raise ValueError("its header ends too early")
        value |= (byte[0] & 0x7F) << (7 * place)
        if byte[0] < 0x80:
            return (value >> 1) ^ -(value & 1)
    raise ValueError("its header is damaged")


def _header(entries: dict[str, bytes]) -> bytes:
    body = b"".join(part for name, value in entries.items() for part in (_packed(name.encode()), _packed(value)))
    return _MAGIC + _coded(len(entries)) + body + _coded(0)


def _packed(value: bytes) -> bytes:
    return _coded(len(value)) + value


def _coded(count: int) -> bytes:
    """A count in zigzag code."""
    left = count << 1
    parts = bytearray()
    while left >= 0x80:
        parts.append(left & 0x7F | 0x80)
        left >>= 7
    return bytes([*parts, left])
