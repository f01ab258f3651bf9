"""The dictionaries of an Arrow IPC file or stream, in the order in which the file has them, and the indices into them.

Polars reads a dictionary-encoded column into categories of its own order, and not at all where pandas has put -1 under a
missing value. Messages are therefore changed so that Polars reads what is wanted: a dictionary batch becomes a record
batch of a stream with one column, a field of dictionary type one of integers. The layout of the messages is that of
Apache Arrow's `Message.fbs` and `Schema.fbs`.
"""

from __future__ import annotations

import io
import struct
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

import nanoarrow as na
import polars as pl
from nanoarrow.ipc import StreamWriter

from artesian.core.errors import ParseError
from artesian.frame.flatbuffer import FlatTable, read_at

_FILE_START = 8  # ARROW1 and two bytes of padding
_CONTINUATION = b"\xff\xff\xff\xff"
_END = _CONTINUATION + b"\0\0\0\0"
_SCHEMA, _DICTIONARY, _RECORD = 1, 2, 3  # union MessageHeader
_INT, _UTF8, _LARGE_UTF8, _UTF8_VIEW = 2, 5, 20, 24  # union Type


@dataclass(frozen=True)
class _Message:
    """A message: its kind, its flatbuffer and where that and the body lie in the file."""

    kind: int
    table: FlatTable
    start: int
    size: int
    body: int
    body_size: int


def dictionary_values(data: memoryview) -> dict[str, pl.Series]:
    """For each top-level field of dictionary type its values as texts, by name; values of other types are left out.

    Values that later dictionaries of the same field add come behind. Raises ParseError for damaged messages.
    """
    fields: dict[int, list[tuple[str, int]]] = {}
    values: dict[str, list[pl.Series]] = {}
    try:
        for message in _messages(data):
            if message.kind == _SCHEMA:
                fields = _dictionary_fields(message.table)
            if not fields:
                return {}
            if message.kind == _DICTIONARY:
                for name, type_number in fields.get(message.table.table(2).long(0), []):
                    series = _values(data, message, type_number)
                    if series is not None:
                        values.setdefault(name, []).append(series)
    except (struct.error, IndexError, ValueError, OverflowError, OSError, pl.exceptions.PolarsError) as error:
        raise ParseError(f"The dictionaries of the Arrow file are damaged: {error}.") from error
    return {name: pl.concat(parts).drop_nulls().unique(maintain_order=True) for name, parts in values.items()}


def with_indices(data: memoryview) -> bytes:
    """The stream of a file or stream, its dictionary-encoded columns replaced by columns of their indices.

    Raises ParseError where a message is damaged or a dictionary is replaced on the way.
    """
    parts: list[bytes | memoryview] = []
    seen: set[int] = set()
    try:
        for message in _messages(data):
            flat = bytearray(data[message.start : message.start + message.size])
            if message.kind == _SCHEMA:
                _drop_dictionaries(flat, message)
            elif message.kind == _DICTIONARY:
                number = message.table.table(2).long(0)
                if number in seen:
                    raise ParseError("The Arrow file replaces a dictionary between its batches, which is not read.")
                seen.add(number)
                continue
            body = data[message.body : message.body + message.body_size]
            parts += [_CONTINUATION + struct.pack("<i", len(flat)), bytes(flat), body]
    except (struct.error, IndexError, ValueError, OverflowError) as error:
        raise ParseError(f"The Arrow file is damaged: {error}.") from error
    return b"".join([*parts, _END])


def _drop_dictionaries(flat: bytearray, message: _Message) -> None:
    """Makes each field of dictionary type one of the type of its indices, in the bytes of a schema message."""
    data = memoryview(message.table.data)
    for field in _fields(message.table):
        kind_at, type_at = field.slot(2), field.slot(3)
        if field.slot(4) is None or kind_at is None or type_at is None:
            continue
        index = field.table(4).table(1)
        # fields that share this table of slots all have a dictionary, so none of another type loses anything
        vtable = field.position - read_at("<i", data, field.position)
        flat[kind_at - message.start] = _INT
        struct.pack_into("<I", flat, type_at - message.start, index.position - type_at)
        struct.pack_into("<H", flat, vtable + 4 + 2 * 4 - message.start, 0)


def _fields(message: FlatTable) -> Iterator[FlatTable]:
    """The top-level fields of a schema message."""
    first, count = message.table(2).vector(1)
    for number in range(count):
        slot = first + 4 * number
        yield FlatTable(message.data, slot + read_at("<I", message.data, slot))


def _messages(data: memoryview) -> Iterator[_Message]:
    """Each message in the order of the file."""
    position = _FILE_START if bytes(data[:6]) == b"ARROW1" else 0
    while position + 8 <= len(data):
        if bytes(data[position : position + 4]) == _CONTINUATION:
            position += 4
        size = read_at("<i", data, position)
        start = position + 4
        if size <= 0:
            return
        table = FlatTable(data, start + read_at("<I", data, start))
        body_size = table.long(3)
        position = start + size + body_size
        if body_size < 0 or position > len(data):
            raise ValueError("a message is longer than the file")
        yield _Message(table.byte(1), table, start, size, start + size, body_size)


def _dictionary_fields(message: FlatTable) -> dict[int, list[tuple[str, int]]]:
    """By number of the dictionary the fields that use it: name and number of the type of its values."""
    found: dict[int, list[tuple[str, int]]] = {}
    for field in _fields(message):
        if field.slot(4) is not None:
            found.setdefault(field.table(4).long(0), []).append((field.text(0), field.byte(2)))
    return found


def _values(data: memoryview, message: _Message, type_number: int) -> pl.Series | None:
    """The values of one dictionary batch; None where they are no texts."""
    schema = _schema_message(type_number)
    kind_at, header_at = message.table.slot(1), message.table.slot(2)
    if schema is None or kind_at is None or header_at is None:
        return None
    batch = message.table.table(2).table(1)
    patched = bytearray(data[message.start : message.start + message.size])
    # the message now says that it holds a record batch, and points to the one inside of the dictionary batch
    patched[kind_at - message.start] = _RECORD
    struct.pack_into("<I", patched, header_at - message.start, batch.position - header_at)
    body = data[message.body : message.body + message.body_size]
    head = _CONTINUATION + struct.pack("<i", len(patched))
    stream = b"".join([schema, head, bytes(patched), bytes(body), _END])
    return pl.read_ipc_stream(stream).to_series(0).cast(pl.String)


@lru_cache(maxsize=4)
def _schema_message(type_number: int) -> bytes | None:
    """The schema message of a stream with one text column of that type."""
    file = io.BytesIO()
    if type_number in (_LARGE_UTF8, _UTF8_VIEW):
        level = pl.CompatLevel.oldest() if type_number == _LARGE_UTF8 else pl.CompatLevel.newest()
        pl.DataFrame(schema={"v": pl.String}).write_ipc_stream(file, compat_level=level)
    elif type_number == _UTF8:  # offsets of four bytes, which Polars does not write
        with StreamWriter.from_writable(file) as writer:
            writer.write_stream(na.ArrayStream([], na.struct({"v": na.string()})))
    else:
        return None
    first = next(_messages(memoryview(file.getvalue())))
    return file.getvalue()[: first.body]
