"""Cuts a stream of delimited text into blocks that end where a record ends, and says whether a block is regular.

A regular block can go to the fast reader: quotes stand only around whole fields. Blank lines, comment lines and carriage
returns are taken out here. Everything works on whole blocks with array operations.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from artesian._native import count_byte, scan_lines
from artesian.core.errors import ParseError, TooLarge
from artesian.core.settings import Settings
from artesian.frame.io.decompress import ByteStream

BLOCK_BYTES = 32 << 20
_NEWLINE = 10
_RETURN = 13
_MEGABYTE = 1 << 20
_MOST_BLANKS = 100  # beside a quote; with more of them the block goes the careful way
_BOM = b"\xef\xbb\xbf"
_UTF16 = (b"\xff\xfe", b"\xfe\xff")


@dataclass(frozen=True)
class Dialect:
    """The characters that structure a text, each as one byte; `quote` and `escape` may be empty."""

    separator: bytes
    quote: bytes
    escape: bytes
    markers: bytes

    @cached_property
    def blanks(self) -> bytes:
        """What may stand around a field without counting."""
        return b" " if self.separator == b"\t" else b" \t"

    @cached_property
    def each_marker(self) -> list[bytes]:
        """The markers one by one."""
        return _each(self.markers)

    @cached_property
    def blank_line(self) -> re.Pattern[bytes]:
        """A line of nothing but blanks, with its end."""
        return re.compile(rb"(?m)^[" + self.blanks + rb"]*\n")

    @cached_property
    def comment_line(self) -> re.Pattern[bytes]:
        """A line that starts with a marker, with its end."""
        return re.compile(rb"(?m)^[" + re.escape(self.markers) + rb"][^\n]*\n")


@dataclass(frozen=True)
class Ragged:
    """Rows with too few fields, rows with too many, and the number of the first such row (-1: none)."""

    short: int = 0
    long: int = 0
    first: int = -1


REGULAR = Ragged()


@dataclass(frozen=True)
class Block:
    """Whole records, each ended by a newline; `line` is the number of the first line in the file, from 1."""

    data: bytes
    line: int


@dataclass(frozen=True)
class Cleaned:
    """A regular block without blank and comment lines. `spaced`: blanks stand around fields. `exact`: no line was taken out."""

    data: bytes
    quoted: bool
    spaced: bool
    exact: bool
    ragged: Ragged = REGULAR
    longest: int = 0  # bytes of the longest record
    longest_row: int = 0


class BlockReader:
    """The blocks of one stream."""

    def __init__(
        self, stream: ByteStream, dialect: Dialect, settings: Settings, *, block_bytes: int = BLOCK_BYTES
    ) -> None:
        self._stream = stream
        self._dialect = dialect
        self._most = settings.max_line_mb * _MEGABYTE
        self._size = block_bytes
        self._cr_only = False
        self.rest = b""  # what was read but not handed out when reading stopped

    def __iter__(self) -> Iterator[Block]:
        line = 1
        buffer = self._first()
        while True:
            end = self._cut(buffer)
            if end < 0:
                if len(buffer) > self._most:
                    raise too_long(line, self._stream.name, self._most)
                more = self._read(max(self._size, len(buffer)))
                if more:
                    buffer += more
                    continue
                if buffer:
                    self.rest = b""
                    yield Block(buffer if buffer.endswith(b"\n") else buffer + b"\n", line)
                return
            block, buffer = buffer[:end], buffer[end:]
            self.rest = buffer
            yield Block(block, line)
            line += count_byte(block, b"\n")
            buffer += self._read(max(1, self._size - len(buffer)))

    def _first(self) -> bytes:
        head = self._stream.read(self._size)
        if head.startswith(_UTF16):
            raise ParseError(
                f"The file {self._stream.name} is encoded in UTF-16, which is not read; save it in UTF-8 first."
            )
        if head.startswith(_BOM):
            head = head[len(_BOM) :]
        self._cr_only = b"\n" not in head and b"\r" in head and self._bare_return(head)
        return head.replace(b"\r", b"\n") if self._cr_only else head

    def _bare_return(self, head: bytes) -> bool:
        """Whether a carriage return stands outside of quotes."""
        values = np.frombuffer(head, dtype=np.uint8)
        returns = np.flatnonzero(values == _RETURN)
        if not self._dialect.quote:
            return len(returns) > 0
        quotes = np.flatnonzero(values == self._dialect.quote[0])
        return bool((np.searchsorted(quotes, returns) % 2 == 0).any())

    def _read(self, size: int) -> bytes:
        part = self._stream.read(size)
        return part.replace(b"\r", b"\n") if self._cr_only else part

    def _cut(self, buffer: bytes) -> int:
        """Where the last whole record of the buffer ends, -1 where none does."""
        last = buffer.rfind(b"\n") + 1
        quote = self._dialect.quote
        if not last or not quote or buffer.find(quote, 0, last) < 0:
            return last or -1
        values = np.frombuffer(buffer, dtype=np.uint8, count=last)
        quotes = np.flatnonzero(values == quote[0])
        if not _enclosing(values, quotes, self._dialect):
            return last  # quotes say nothing of where records end; the careful reader goes on from this block
        newlines = np.flatnonzero(values == _NEWLINE)
        outside = newlines[np.searchsorted(quotes, newlines) % 2 == 0]
        return int(outside[-1]) + 1 if len(outside) else -1


def too_long(line: int, name: str, most: int) -> TooLarge:
    """The error for a record, started in that line, of more than `most` bytes."""
    return TooLarge(
        f"The record that starts in line {line} of {name} is longer than {most // _MEGABYTE} MB: a quote in it is not "
        "closed, or the file is no text with lines. Raise the setting 'max_line_mb' for longer ones."
    )


def clean(block: bytes, dialect: Dialect, number_columns: int) -> Cleaned | None:
    """The block ready for the fast reader; None where only the careful one understands it."""
    if not block:
        return Cleaned(block, False, False, True)
    if dialect.escape and dialect.escape in block:
        return None
    if dialect.quote and dialect.quote in block:
        return _clean_quoted(block, dialect, number_columns)
    return _clean_plain(block, dialect, number_columns)


def _clean_plain(block: bytes, dialect: Dialect, number_columns: int) -> Cleaned:
    data = block
    if b"\r" in data:
        data = data.replace(b"\r\n", b"\n").replace(b"\r", b"\n")
    starts = dialect.markers + dialect.blanks + b"\n"
    lines = scan_lines(data, dialect.separator, starts, number_columns)
    count, special = lines[0], lines[-1]
    if special:
        data = dialect.comment_line.sub(b"", data) if dialect.markers else data
        data = dialect.blank_line.sub(b"", data)
    spaced = dialect.separator != b" " and _spaced(data, special, dialect)
    if dialect.separator == b" ":
        data = _single_blanks(data)
    if special or dialect.separator == b" ":
        lines = scan_lines(data, dialect.separator, b"", number_columns)
    left, longest, longest_row, short, long, first, _ = lines
    return Cleaned(data, False, spaced, left == count, Ragged(short, long, first), longest, longest_row)


def _spaced(data: bytes, special: bool, dialect: Dialect) -> bool:
    """Whether a field starts with a blank."""
    if special and re.search(rb"(?m)^[" + dialect.blanks + rb"]", data):
        return True
    return any(blank in data and dialect.separator + blank in data for blank in _each(dialect.blanks))


def _longest(newlines: NDArray[np.intp]) -> tuple[int, int]:
    """The length of the longest record and the number of its row."""
    if len(newlines) == 0:
        return 0, 0
    lengths = np.diff(newlines, prepend=-1)
    row = int(lengths.argmax())
    return int(lengths[row]), row


def _single_blanks(data: bytes) -> bytes:
    """The text with one blank between fields and none around lines, where the blank separates."""
    if b"  " not in data and b"\t" not in data and b" \n" not in data and b"\n " not in data and data[:1] != b" ":
        return data
    return re.sub(rb"(?m)^ | $", b"", re.sub(rb"[ \t]+", b" ", data))


def _all_of(values: NDArray[np.uint8], characters: bytes) -> bool:
    return bool(_table_of(characters)[values].all())


def _table_of(characters: bytes) -> NDArray[np.bool_]:
    """For each byte whether it is one of the characters."""
    table = np.zeros(256, dtype=bool)
    table[list(characters)] = True
    return table


def _any_of(values: NDArray[np.uint8], characters: bytes) -> bool:
    return any(bool((values == character).any()) for character in characters)


def _clean_quoted(block: bytes, dialect: Dialect, number_columns: int) -> Cleaned | None:
    values = np.frombuffer(block, dtype=np.uint8)
    quotes = np.flatnonzero(values == dialect.quote[0])
    if len(quotes) % 2 or not _enclosing(values, quotes, dialect) or dialect.separator == b" ":
        return None
    returns = np.flatnonzero(values == _RETURN)
    returns = returns[np.searchsorted(quotes, returns) % 2 == 0]
    if not _all_of(values[returns + 1], b"\n"):
        return None
    if _any_of(values[quotes[::2] - 1], dialect.blanks) or _any_of(values[quotes[1::2] + 1], dialect.blanks):
        block = _tight(values, quotes, dialect)
        values = np.frombuffer(block, dtype=np.uint8)
        quotes = np.flatnonzero(values == dialect.quote[0])
    newlines = np.flatnonzero(values == _NEWLINE)
    newlines = newlines[np.searchsorted(quotes, newlines) % 2 == 0]
    firsts = values[np.concatenate(([0], newlines[:-1] + 1))]
    if _any_of(firsts, dialect.markers + dialect.blanks + b"\r\n"):
        return None
    separators = np.flatnonzero(values == dialect.separator[0])
    separators = separators[np.searchsorted(quotes, separators) % 2 == 0]
    spaced = _any_of(values[separators + 1], dialect.blanks)
    if spaced and _any_of(values[quotes[::2] + 1], dialect.blanks):
        return None
    exact = len(newlines) == block.count(b"\n")
    return Cleaned(block, True, spaced, exact, _ragged(separators, newlines, number_columns), *_longest(newlines))


def _tight(values: NDArray[np.uint8], quotes: NDArray[np.intp], dialect: Dialect) -> bytes:
    """The block without the blanks between quotes and the ends of their fields."""
    drop = np.zeros(len(values), dtype=bool)
    for edges, step in ((quotes[::2], -1), (quotes[1::2], 1)):
        _beside(values, edges, step, dialect.blanks, drop)
    return values[~drop].tobytes()


def odd_quote_line(block: Block, dialect: Dialect) -> int:
    """The number of the line with the first quote that neither opens nor closes a field; -1 where there is none."""
    if not dialect.quote:
        return -1
    values = np.frombuffer(block.data, dtype=np.uint8)
    quotes = np.flatnonzero(values == dialect.quote[0])
    odd = quotes[_odd_quotes(values, quotes, dialect)]
    return block.line + block.data.count(b"\n", 0, int(odd[0])) if len(odd) else -1


def _enclosing(values: NDArray[np.uint8], quotes: NDArray[np.intp], dialect: Dialect) -> bool:
    """Whether each opening quote starts a field and each closing one ends it (or is one half of a doubled quote)."""
    return not _odd_quotes(values, quotes, dialect).any()


def _odd_quotes(values: NDArray[np.uint8], quotes: NDArray[np.intp], dialect: Dialect) -> NDArray[np.bool_]:
    """For each quote whether it does something else than to enclose a whole field."""
    edges = dialect.separator + b"\n" + dialect.quote
    odd = np.zeros(len(quotes), dtype=bool)
    for first, step, allowed in ((0, -1, edges), (1, 1, edges + b"\r")):
        beside = _beside(values, quotes[first::2], step, dialect.blanks)
        inside = (beside >= 0) & (beside < len(values))
        found = odd[first::2]
        found[inside] = ~_table_of(allowed)[values[beside[inside]]]
    return odd


def _beside(
    values: NDArray[np.uint8],
    positions: NDArray[np.intp],
    step: int,
    blanks: bytes,
    passed: NDArray[np.bool_] | None = None,
) -> NDArray[np.intp]:
    """The nearest position in that direction that holds no blank; blanks on the way are marked in `passed`."""
    is_blank = _table_of(blanks)
    found = positions + step
    for _ in range(_MOST_BLANKS):
        blank = (found >= 0) & (found < len(values))
        blank[blank] = is_blank[values[found[blank]]]
        if not blank.any():
            break
        if passed is not None:
            passed[found[blank]] = True
        found[blank] += step
    return found


def count_ragged(data: bytes, quoted: bool, dialect: Dialect, number_columns: int) -> Ragged:
    """The rows of a regular block whose number of fields is not the table's."""
    values = np.frombuffer(data, dtype=np.uint8)
    separators = np.flatnonzero(values == dialect.separator[0])
    newlines = np.flatnonzero(values == _NEWLINE)
    if quoted:
        quotes = np.flatnonzero(values == dialect.quote[0])
        separators = separators[np.searchsorted(quotes, separators) % 2 == 0]
        newlines = newlines[np.searchsorted(quotes, newlines) % 2 == 0]
    return _ragged(separators, newlines, number_columns)


def _ragged(separators: NDArray[np.intp], newlines: NDArray[np.intp], number_columns: int) -> Ragged:
    fields = np.diff(np.searchsorted(separators, newlines), prepend=0) + 1
    wrong = np.flatnonzero(fields != number_columns)
    short = int((fields < number_columns).sum())
    return Ragged(short, len(wrong) - short, int(wrong[0]) if len(wrong) else -1)


def _each(characters: bytes) -> list[bytes]:
    return [characters[i : i + 1] for i in range(len(characters))]
