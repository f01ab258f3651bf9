"""Reads delimited text into tables of columns, block by block: the fast way through Polars' CSV reader, and a careful way
through Python's csv module for text whose quotes stand where they should not.

A table that comes out has a column of texts or numbers for each column that is kept, in the file's order.
"""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import polars as pl

from artesian.core.errors import ParseError
from artesian.core.settings import Settings
from artesian.frame.io.decompress import ByteStream
from artesian.frame.parse.blocks import (
    BLOCK_BYTES,
    Block,
    BlockReader,
    Cleaned,
    Dialect,
    clean,
    count_ragged,
    odd_quote_line,
    too_long,
)
from artesian.frame.parse.careful import careful_tables, named_bytes
from artesian.frame.parse.setup import ParseSetup, ReadAs
from artesian.frame.parse.table import Table, empty_to_null

_SAMPLE_ROWS = 1_000
_BYTE = 255


def dialect_of(setup: ParseSetup) -> Dialect:
    """The structuring characters of a setup as bytes."""
    return Dialect(
        setup.separator.encode(), setup.quote.encode(), setup.escape.encode(), setup.comment_markers.encode()
    )


class DelimitedReader:
    """The tables of one stream. What it learns of the columns' storage serves the next streams as well (`types`)."""

    def __init__(
        self,
        setup: ParseSetup,
        settings: Settings,
        types: dict[int, type[pl.DataType]] | None = None,
        *,
        block_bytes: int = BLOCK_BYTES,
    ) -> None:
        self._setup = setup
        self._settings = settings
        self._dialect = dialect_of(setup)
        self._block_bytes = block_bytes
        self._most = settings.max_line_mb << 20
        self._kinds = setup.reading()
        self._kept = setup.kept
        self.types: dict[int, type[pl.DataType]] = types if types is not None else {}

    def read(self, stream: ByteStream, *, skip_header: bool, texts: bool = False) -> Iterator[Table]:
        """The rows of the stream after its header; with `texts` a block is all texts, or all doubles where it is all numbers."""
        reader = BlockReader(stream, self._dialect, self._settings, block_bytes=self._block_bytes)
        blocks = iter(reader)
        skip = skip_header
        # the next block is read and unpacked while this one is taken apart
        with ThreadPoolExecutor(1) as ahead:
            coming = ahead.submit(next, blocks, None)
            while (block := coming.result()) is not None:
                after = self._after_header(block) if skip else block
                cleaned = clean(after.data, self._dialect, self._setup.number_columns) if after else None
                if after is None or cleaned is None:
                    start = after or block
                    tables = careful_tables(
                        start.data,
                        _Rest(reader, stream),
                        start.line,
                        self._setup,
                        self._settings,
                        name=stream.name,
                        skip_header=after is None,
                    )
                    line = odd_quote_line(start, self._dialect)
                    yield from (replace(table, odd_quote_line=line) for table in tables)
                    return
                if cleaned.longest > self._most:
                    line = after.line + (cleaned.longest_row if cleaned.exact else 0)
                    raise too_long(line, stream.name, self._most)
                skip = skip and not after.data
                coming = ahead.submit(next, blocks, None)
                if cleaned.data:
                    yield self._fast(after, cleaned, stream.name, texts)

    def _after_header(self, block: Block) -> Block | None:
        """The block after its first line that is neither blank nor a comment; None where that line needs the careful way."""
        dialect = self._dialect
        position = lines = 0
        while position < len(block.data):
            end = block.data.find(b"\n", position) + 1
            line = block.data[position:end]
            position, lines = end, lines + 1
            if not line.strip(dialect.blanks + b"\r\n") or line[:1] in dialect.each_marker:
                continue
            if dialect.quote and (line.count(dialect.quote) % 2 or (dialect.escape and dialect.escape in line)):
                return None
            break
        return Block(block.data[position:], block.line + lines)

    def _fast(self, block: Block, cleaned: Cleaned, name: str, texts: bool) -> Table:
        bad = 0
        try:
            table = self._untyped(cleaned) if texts else self._typed(cleaned)
        except pl.exceptions.PolarsError:
            cleaned, bad = self._mended(cleaned)
            try:
                table = self._read(cleaned, {})
            except pl.exceptions.PolarsError as error:
                reason = str(error).partition("\n")[0].rstrip(".")
                raise ParseError(f"The lines of {name} from {block.line} on cannot be read: {reason}.") from error
            if not texts:
                self._learn(table)
        if cleaned.spaced:
            table = table.with_columns(pl.selectors.string().str.strip_chars_start(self._dialect.blanks.decode()))
            table = table if cleaned.quoted else empty_to_null(table)
        ragged = cleaned.ragged
        line = -1 if ragged.first < 0 else block.line + (ragged.first if cleaned.exact else 0)
        return Table(table, block.line, cleaned.exact, ragged, line, bad)

    def _mended(self, cleaned: Cleaned) -> tuple[Cleaned, int]:
        """The block with bytes that are no UTF-8 spelt out and its ragged rows counted exactly."""
        data, bad = cleaned.data, 0
        try:
            data.decode()
        except UnicodeDecodeError:
            text, bad = named_bytes(data.decode(errors="surrogateescape"))
            data = text.encode()
        ragged = count_ragged(data, cleaned.quoted, self._dialect, self._setup.number_columns)
        return replace(cleaned, data=data, ragged=ragged), bad

    def _untyped(self, cleaned: Cleaned) -> pl.DataFrame:
        try:
            table = self._read(cleaned, dict.fromkeys(range(self._setup.number_columns), pl.Float64))
        except pl.exceptions.PolarsError:
            return self._read(cleaned, {})
        # the words inf and nan read as doubles too
        return table if all(table.select(pl.all().is_finite().all()).row(0)) else self._read(cleaned, {})

    def _typed(self, cleaned: Cleaned) -> pl.DataFrame:
        if any(number not in self.types for number in self._kept):
            self._learn(self._read(cleaned, {}, rows=_SAMPLE_ROWS))
        return self._read(cleaned, self.types)

    def _read(self, cleaned: Cleaned, types: dict[int, type[pl.DataType]], rows: int | None = None) -> pl.DataFrame:
        count = self._setup.number_columns
        return pl.read_csv(
            cleaned.data,
            has_header=False,
            schema={f"c{number}": types.get(number, pl.String) for number in range(count)},
            columns=None if len(self._kept) == count else self._kept,
            separator=self._setup.separator,
            quote_char=self._setup.quote if cleaned.quoted else None,
            n_rows=rows,
            truncate_ragged_lines=cleaned.ragged.long > 0,
            extra_columns="ignore" if cleaned.ragged.long else "raise",
            missing_columns="insert",
            raise_if_empty=False,
            glob=False,
        )

    def _learn(self, table: pl.DataFrame) -> None:
        """Decides in which type each column is read from now on: the narrowest one that read all of these texts."""
        numeric = [n for n in self._kept if self._kinds[n] is ReadAs.NUMERIC and not self._given_up(n)]
        for number in self._kept:
            if self._kinds[number] is not ReadAs.NUMERIC:
                self.types[number] = pl.String
        if not numeric:
            return
        names = [f"c{number}" for number in numeric]
        texts = table.select(names)
        missing = texts.null_count().row(0)
        whole = texts.select(pl.all().cast(pl.Int64, strict=False))
        lost = whole.null_count().row(0)
        lows = whole.select(pl.all().min()).row(0)
        highs = whole.select(pl.all().max()).row(0)
        left: list[int] = []
        for position, number in enumerate(numeric):
            if lost[position] == missing[position]:
                self.types[number] = self._wider(number, lows[position], highs[position])
            else:
                left.append(position)
        real = texts.select(pl.col([names[p] for p in left]).cast(pl.Float64, strict=False)) if left else None
        for position in left:
            assert real is not None
            values = real[names[position]]
            readable = values.null_count() == missing[position] and bool(values.is_finite().all())
            self.types[numeric[position]] = pl.Float64 if readable else pl.String

    def _given_up(self, number: int) -> bool:
        return self.types.get(number) == pl.String

    def _wider(self, number: int, low: int | None, high: int | None) -> type[pl.DataType]:
        """Bytes where they hold all values, which reads fastest; else the widest type, narrowed once a block is read."""
        known = self.types.get(number)
        if known == pl.Float64 or known == pl.Int64:
            return known
        return pl.UInt8 if low is None or high is None or 0 <= low <= high <= _BYTE else pl.Int64


class _Rest:
    """What a block reader has read but not handed out, then the rest of its stream."""

    def __init__(self, reader: BlockReader, stream: ByteStream) -> None:
        self._reader = reader
        self._stream = stream

    def read(self, size: int) -> bytes:
        part, self._reader.rest = self._reader.rest[:size], self._reader.rest[size:]
        return part or self._stream.read(size)
