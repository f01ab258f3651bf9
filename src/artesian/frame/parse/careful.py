"""Reads delimited text record by record, for text whose quotes stand where the fast reader does not expect them.

Quotes count only where they start a field, as in H2O-3; elsewhere they are characters like others. An empty field and an
empty quoted one both come out as missing. Comment and blank lines are skipped only between records.
"""

from __future__ import annotations

import csv
import io
import itertools
import re
from collections.abc import Iterator
from typing import Protocol

import polars as pl

from artesian.core.errors import ParseError
from artesian.core.settings import Settings
from artesian.frame.parse.blocks import Ragged, too_long
from artesian.frame.parse.setup import ParseSetup
from artesian.frame.parse.table import Table, empty_to_null

_TABLE_FIELDS = 1_000_000
_MEGABYTE = 1 << 20
_UNDECODED = re.compile("[\udc80-\udcff]+")


class Readable(Protocol):
    """Whatever yields bytes."""

    def read(self, size: int) -> bytes:
        """At most `size` bytes, none at the end."""


def careful_tables(
    data: bytes, rest: Readable, line: int, setup: ParseSetup, settings: Settings, *, name: str, skip_header: bool
) -> Iterator[Table]:
    """The records of `data`, which starts at the line of that number, and of all that `rest` yields after it.

    Raises ParseError, naming the line, for a quote that is never closed, TooLarge for a record over `max_line_mb`.
    """
    reader = _Records(data, rest, line, setup, settings, name)
    if skip_header:
        next(reader, None)
    count = setup.number_columns
    size = max(1, _TABLE_FIELDS // max(1, count))
    while True:
        first = reader.line
        rows: list[list[str]] = []
        short = long = 0
        ragged = -1
        for row in itertools.islice(reader, size):
            rows.append(row)
            if len(row) != count:
                short += len(row) < count
                long += len(row) > count
                ragged = reader.line if ragged < 0 else ragged
        if not rows:
            return
        yield Table(
            _columns(rows, setup),
            first,
            ragged=Ragged(short, long),
            ragged_line=ragged,
            bad_bytes=reader.take_bad_bytes(),
        )


def _columns(rows: list[list[str]], setup: ParseSetup) -> pl.DataFrame:
    count = setup.number_columns
    columns = list(itertools.zip_longest(*(row[:count] for row in rows), fillvalue=""))
    columns += [("",) * len(rows)] * (count - len(columns))
    table = pl.DataFrame({f"c{n}": pl.Series(columns[n], dtype=pl.String) for n in setup.kept})
    return empty_to_null(table.with_columns(pl.all().str.strip_chars_start("\t" if setup.separator != "\t" else " ")))


class _Records:
    """The records of a text, each a list of fields; `line` is the number of the line that the last one starts in."""

    def __init__(
        self, data: bytes, rest: Readable, line: int, setup: ParseSetup, settings: Settings, name: str
    ) -> None:
        self.line = line
        self._name = name
        self._most = settings.max_line_mb * _MEGABYTE
        self._markers = tuple(setup.comment_markers)
        self._next_line = line
        self._fresh = True
        self._length = 0
        self._bad_bytes = 0
        self._lines = io.TextIOWrapper(
            io.BufferedReader(_Chained(data, rest)), encoding="utf-8", errors="surrogateescape", newline=""
        )
        csv.field_size_limit(max(self._most, csv.field_size_limit()))
        self._records = csv.reader(
            self._pulled(),
            delimiter=setup.separator,
            quotechar=setup.quote or None,
            quoting=csv.QUOTE_MINIMAL if setup.quote else csv.QUOTE_NONE,
            escapechar=setup.escape or None,
            skipinitialspace=True,
        )

    def __iter__(self) -> Iterator[list[str]]:
        return self

    def __next__(self) -> list[str]:
        self._fresh = True
        self._length = 0
        try:
            return next(self._records)
        except csv.Error as error:
            raise ParseError(f"Line {self._next_line - 1} of {self._name} cannot be read: {error}.") from None

    def take_bad_bytes(self) -> int:
        """Runs of bytes that are no UTF-8 since the last call."""
        found, self._bad_bytes = self._bad_bytes, 0
        return found

    def _pulled(self) -> Iterator[str]:
        """The lines that the csv reader asks for; it asks for more than one a record only inside of quotes."""
        for text in self._lines:
            number, self._next_line = self._next_line, self._next_line + 1
            if self._fresh:
                if text.startswith(self._markers) or not text.strip(" \r\n\t"):
                    continue
                self.line, self._fresh = number, False
            self._length += len(text)
            if self._length > self._most:
                raise too_long(self.line, self._name, self._most)
            yield text if text.isascii() else self._decoded(text)
        if not self._fresh and self._length:
            raise ParseError(
                f"The quote that opens in the record of line {self.line} of {self._name} is never closed. "
                "Close it, or say which character encloses fields."
            )

    def _decoded(self, text: str) -> str:
        fixed, count = named_bytes(text)
        self._bad_bytes += count
        return fixed


def named_bytes(text: str) -> tuple[str, int]:
    """The text with each run of bytes that are no UTF-8 (as `surrogateescape` left them) written as `<0xFFFE>`; their number."""
    return _UNDECODED.subn(lambda run: "<0x" + "".join(f"{ord(char) - 0xDC00:02X}" for char in run.group()) + ">", text)


class _Chained(io.RawIOBase):
    """First the bytes at hand, then those that the rest yields."""

    def __init__(self, data: bytes, rest: Readable) -> None:
        super().__init__()
        self._data = memoryview(data)
        self._rest = rest

    def readable(self) -> bool:
        """Always."""
        return True

    def readinto(self, buffer: bytearray | memoryview) -> int:  # type: ignore[override]
        """Fills the buffer as far as one read goes."""
        size = len(buffer)
        part: bytes | memoryview = self._data[:size]
        if len(part):
            self._data = self._data[size:]
        else:
            part = self._rest.read(size)
        buffer[: len(part)] = part
        return len(part)
