"""Reads SVMLight: a row a line, `label index:value index:value …`, what is not named is 0; `#` starts a comment.

The label is the first column, index i the column i after it, so the columns are called C1, C2 … as in H2O-3. A `qid:` is
skipped, as there. The entries stay entries (`frame.sparse`): a table of 100,000 columns is never dense.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

import numpy as np
import polars as pl
from numpy.typing import NDArray

from artesian.core.errors import ParseError, TooLarge
from artesian.core.settings import Settings
from artesian.frame.column import Column, ColumnType
from artesian.frame.io.decompress import ByteStream
from artesian.frame.parse.builders import Builder
from artesian.frame.parse.guess import PREVIEW_LINES
from artesian.frame.parse.setup import NO_HEADER, Format, ParseSetup, ReadAs
from artesian.frame.sparse import SPARSE_SHARE, SparseBlock, SparseColumn

_BLOCK_BYTES = 16 << 20
_PREVIEW_COLUMNS = 100
_PREVIEW_SCAN = 1_000
_INDEX_DIGITS = 18  # what 64 bits hold
_MOST_ROWS = 2**32 - 2  # rows are numbered in 32 bits
_NUMBER = rb"[+-]?(?:\d+\.?\d*(?:[eE][+-]?\d+)?|\.\d+(?:[eE][+-]?\d+)?|nan|inf)"
_LINE = re.compile(rb"(?i)" + _NUMBER + rb"(?: \d+:" + _NUMBER + rb")*\Z")
_COMMENT = re.compile(rb"#[^\n]*")
_QUERY = re.compile(rb"[ \t]qid:[^ \t\n]*")
_BLANKS = re.compile(rb"[ \t\r\f\v]+")
_BLANK_LINES = re.compile(rb" ?\n[ \n]*")
_INTEGERS: tuple[tuple[type[pl.DataType], float, float], ...] = (
    (pl.UInt8, 0, 2**8 - 1),
    (pl.Int8, -(2**7), 2**7 - 1),
    (pl.UInt16, 0, 2**16 - 1),
    (pl.Int16, -(2**15), 2**15 - 1),
    (pl.Int32, -(2**31), 2**31 - 1),
    (pl.Int64, -(2**53), 2**53),
)


@dataclass(frozen=True)
class Rows:
    """Some rows: `labels` [n]; for each entry its row (from 0), column (from 1) and value, NaN where missing."""

    labels: NDArray[np.float64]
    rows: NDArray[np.int64]
    columns: NDArray[np.int64]
    values: NDArray[np.float64]


def svmlight_rows(stream: ByteStream, settings: Settings) -> Iterator[Rows]:
    """The rows of a file, some megabytes of text at a time; ParseError names the line that cannot be read."""
    for block, line in _blocks(stream, settings):
        yield _read(block, line, stream.name)


def _blocks(stream: ByteStream, settings: Settings) -> Iterator[tuple[bytes, int]]:
    """Whole lines, some megabytes at a time, and the number of the first one."""
    most = settings.max_line_mb << 20
    rest = b""
    line = 1
    while True:
        part = stream.read(_BLOCK_BYTES)
        block, rest = _whole_lines(rest + part, last=not part)
        if len(rest) > most:
            raise TooLarge(
                f"Line {line + block.count(10)} of {stream.name} is longer than {settings.max_line_mb} MB. "
                "Raise the setting 'max_line_mb' for longer ones."
            )
        if block:
            yield block, line
            line += block.count(b"\n")
        if not part:
            return


def guess_svmlight(stream: ByteStream, settings: Settings) -> ParseSetup:
    """The setup of one file, all of which is looked at for its highest index. Every column is numeric."""
    highest = 0
    preview: tuple[tuple[str | None, ...], ...] | None = None
    for block, line in _blocks(stream, settings):
        if preview is None and (found := _read(_first_lines(block), line, stream.name)) and len(found.labels):
            preview = _preview(found)
        highest = max(highest, _highest_index(block))
    if preview is None:
        raise ParseError(f"The file {stream.name} holds no data.")
    return ParseSetup(
        parse_type=Format.SVMLIGHT,
        separator=" ",
        check_header=NO_HEADER,
        number_columns=highest + 1,
        column_types=(ReadAs.NUMERIC.value,) * (highest + 1) if highest < settings.max_columns else (),
        preview=preview,
    )


@dataclass
class EntryBuilder:
    """Gathers the entries of a table of `n_columns`, and makes columns of them."""

    n_columns: int
    n_rows: int = 0
    _labels: list[NDArray[np.float64]] = field(default_factory=list)
    _rows: list[NDArray[np.uint32]] = field(default_factory=list)
    _columns: list[NDArray[np.int32]] = field(default_factory=list)
    _values: list[NDArray[np.floating]] = field(default_factory=list)

    def add(self, found: Rows, title: str) -> None:
        """The next rows."""
        if self.n_rows + len(found.labels) > _MOST_ROWS:
            raise TooLarge(f"The file {title} has more than {_MOST_ROWS} rows.")
        if len(found.columns) and int(found.columns.max()) >= self.n_columns:
            raise ParseError(
                f"The file {title} has the index {int(found.columns.max())}, which the setup has no column for."
            )
        single = found.values.astype(np.float32)
        exact = bool(((single == found.values) | np.isnan(found.values)).all())
        there = found.values != 0
        self._labels.append(found.labels)
        self._rows.append((found.rows[there] + self.n_rows).astype(np.uint32))
        self._columns.append(found.columns[there].astype(np.int32))
        self._values.append((single if exact else found.values)[there])
        self.n_rows += len(found.labels)

    def columns(self, builders: Mapping[int, Builder], kept: list[int]) -> Iterator[Column]:
        """The columns of those numbers; those that have a builder are made by it, from all of their values."""
        rows, values, bounds = self._by_column()
        block = SparseBlock(pl.Series(rows), pl.Series(values).fill_nan(None))
        kinds, types = _kinds(values, bounds)
        for number in kept:
            start, count = int(bounds[number]), int(bounds[number + 1] - bounds[number])
            if number == 0:
                column: Column = Column.reals(
                    pl.Series(np.concatenate(self._labels)) if self._labels else pl.Series([0.0])[:0]
                )
            else:
                column = SparseColumn(kinds[number], block, start, count, self.n_rows, types[number])
            if number in builders:
                builders[number].add(column.values)
                yield builders[number].finish()
            elif number and count > SPARSE_SHARE * self.n_rows:
                yield Column.reals(column.values)
            else:
                yield column

    def _by_column(self) -> tuple[NDArray[np.uint32], NDArray[np.floating], NDArray[np.int64]]:
        """Rows and values of all entries, column by column, and where each column starts."""
        columns = np.concatenate(self._columns) if self._columns else np.zeros(0, dtype=np.int32)
        rows = np.concatenate(self._rows) if self._rows else np.zeros(0, dtype=np.uint32)
        values = np.concatenate(self._values) if self._values else np.zeros(0, dtype=np.float32)
        self._columns, self._rows, self._values = [], [], []
        order = _order(columns)
        bounds = np.concatenate([[0], np.cumsum(np.bincount(columns, minlength=self.n_columns))]).astype(np.int64)
        return rows[order], values[order], bounds


def _order(columns: NDArray[np.int32]) -> NDArray[np.int64]:
    """The stable order of the columns, sorted by one half of their bits and then by the other: numpy's radix sort takes 16."""
    low = np.argsort((columns & 0xFFFF).astype(np.uint16), kind="stable")
    if not len(columns) or int(columns.max()) <= 0xFFFF:
        return low
    return low[np.argsort((columns[low] >> 16).astype(np.uint16), kind="stable")]


def _kinds(values: NDArray[np.floating], bounds: NDArray[np.int64]) -> tuple[list[ColumnType], list[type[pl.DataType]]]:
    """Type and narrowest storage of each column, zeros included."""
    count = len(bounds) - 1
    low, high = np.zeros(count), np.zeros(count)
    whole, single = np.ones(count, dtype=bool), np.ones(count, dtype=bool)
    filled = np.flatnonzero(np.diff(bounds))
    if len(filled):
        there = np.where(np.isnan(values), values.dtype.type(0), values)
        starts = bounds[:-1][filled]
        low[filled] = np.minimum(np.minimum.reduceat(there, starts), 0)
        high[filled] = np.maximum(np.maximum.reduceat(there, starts), 0)
        whole[filled] = np.logical_and.reduceat(np.floor(there) == there, starts)
        single[filled] = np.logical_and.reduceat(there.astype(np.float32) == there, starts)
    whole &= (low >= -(2**53)) & (high <= 2**53)
    choices: list[type[pl.DataType]] = [pl.Float32, pl.Float64, *(dtype for dtype, _, _ in _INTEGERS)]
    found = np.where(single, 0, 1)
    for place in reversed(range(len(_INTEGERS))):
        _, least, most = _INTEGERS[place]
        found = np.where(whole & (low >= least) & (high <= most), place + 2, found)
    return [ColumnType.INT if one else ColumnType.REAL for one in whole], [choices[place] for place in found]


# ---- text ----


def _whole_lines(text: bytes, *, last: bool) -> tuple[bytes, bytes]:
    end = len(text) if last else text.rfind(b"\n") + 1
    return text[:end], text[end:]


def _first_lines(block: bytes) -> bytes:
    """Lines enough to hold some rows, blank ones and comments aside."""
    end = 0
    for _ in range(_PREVIEW_SCAN):
        end = block.find(b"\n", end) + 1
        if not end:
            return block
    return block[:end]


def _highest_index(block: bytes) -> int:
    """The highest of the last indices of the lines, which are the highest of theirs."""
    text = np.frombuffer(_COMMENT.sub(b"", block) if b"#" in block else block, dtype=np.uint8)
    colons = np.flatnonzero(text == ord(":"))
    ends = np.append(np.flatnonzero(text == ord("\n")), len(text))
    last = np.searchsorted(colons, ends) - 1
    places = colons[np.unique(last[last >= 0])]
    index = np.zeros(len(places), dtype=np.int64)
    going = np.ones(len(places), dtype=bool)
    for power in range(_INDEX_DIGITS):
        digit = np.where(places - power - 1 >= 0, text[np.maximum(places - power - 1, 0)], 0).astype(np.int64) - ord(
            "0"
        )
        going &= (digit >= 0) & (digit <= 9)
        index += np.where(going, digit * 10**power, 0)
    return int(index.max()) if len(index) else 0


def _read(block: bytes, line: int, title: str) -> Rows:
    """The rows of some lines; they are taken as they are, and only where that fails without all that may be left out."""
    plain = block.rstrip(b"\r\n ")
    if not any(sign in plain for sign in (b"#", b"q", b"\t", b"\r")):
        found = _tokens(plain)
        if found is not None:
            return found
    text = _normal(block)
    if not text:
        nothing = np.zeros(0)
        return Rows(nothing, nothing.astype(np.int64), nothing.astype(np.int64), nothing)
    found = _tokens(text)
    if found is None:
        raise _bad_line(block, line, title)
    return found


def _tokens(text: bytes) -> Rows | None:
    """The rows of a text with one blank between tokens and one line end between rows; None where it is not like that."""
    if not text:
        return None
    count = text.count(b"\n") + 1
    # a token a line, labels behind a colon: then both are read as a table of two columns
    tokens = (b":" + text.replace(b"\n", b"\n:")).replace(b" ", b"\n")
    try:
        table = pl.read_csv(
            tokens,
            has_header=False,
            separator=":",
            schema={"index": pl.Int64, "value": pl.Float64},
            quote_char=None,
            missing_columns="insert",
            glob=False,
        )
    except pl.exceptions.PolarsError:
        return None
    is_label = table["index"].is_null().to_numpy()
    index = table["index"].fill_null(0).to_numpy()
    # in a row the label comes first, as if its index were 0, and then the indices grow
    grows = is_label[1:] | (np.diff(index) > 0)
    if table["value"].null_count() or int(is_label.sum()) != count or not grows.all():
        return None
    values = table["value"].to_numpy()
    values = np.where(np.isfinite(values), values, np.nan)
    entry = ~is_label
    return Rows(values[is_label], (np.cumsum(is_label) - 1)[entry], index[entry], values[entry])


def _normal(block: bytes) -> bytes:
    """The text with one blank between tokens, one line end between rows, without comments and query ids."""
    text = _COMMENT.sub(b"", block) if b"#" in block else block
    if b"qid:" in text:
        text = _QUERY.sub(b"", text)
    if b"\t" in text or b"\r" in text or b"  " in text:
        text = _BLANKS.sub(b" ", text)
    text = text.strip(b" \r\n\t")
    if b" \n" in text or b"\n " in text or b"\n\n" in text:
        text = _BLANK_LINES.sub(b"\n", text)
    return text


def _bad_line(block: bytes, first: int, title: str) -> ParseError:
    for number, line in enumerate(block.split(b"\n")):
        text = _normal(line)
        where = f"Line {first + number} of {title}"
        if not text:
            continue
        if not _LINE.match(text):
            shown = text[:60].decode(errors="replace")
            return ParseError(f"{where} is no row of SVMLight, 'label index:value index:value …': '{shown}'.")
        places = [int(place) for place in re.findall(rb" (\d+):", text)]
        if places and places[0] == 0:
            return ParseError(
                f"{where} has the index 0; indices of SVMLight start at 1 (scikit-learn writes them so with zero_based=False)."
            )
        for one, other in itertools.pairwise(places):
            if one >= other:
                return ParseError(f"{where} has the index {other} after {one}; the indices of a row must grow.")
    return ParseError(f"The lines of {title} from {first} on are no rows of SVMLight.")


def _preview(found: Rows) -> tuple[tuple[str | None, ...], ...]:
    rows = min(PREVIEW_LINES, len(found.labels))
    some = (found.rows < rows) & (found.columns < _PREVIEW_COLUMNS)
    highest = int(found.columns.max()) if len(found.columns) else 0
    table = np.zeros((rows, min(_PREVIEW_COLUMNS, highest + 1)))
    table[:, 0] = found.labels[:rows]
    table[found.rows[some], found.columns[some]] = found.values[some]
    return tuple(tuple(None if np.isnan(value) else repr(float(value)) for value in row) for row in table)
