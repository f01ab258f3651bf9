"""Sources to a frame: guesses the setup, reads block by block into column builders, writes segments, reports what was odd."""

from __future__ import annotations

import io
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

import polars as pl

from artesian.core.errors import InvalidArgument, ParseError, TooLarge
from artesian.core.settings import Settings
from artesian.frame.arrow_layout import map_file, release_pages
from artesian.frame.column import Column, ColumnType, narrow_reals
from artesian.frame.frame import Frame
from artesian.frame.io.decompress import ByteStream, compression_of, probe
from artesian.frame.io.source import Source, members, open_source, unpacked_file
from artesian.frame.parse.arff import ArffFile, Attributes, arff_overrides, check_same_attributes, dated, guess_arff
from artesian.frame.parse.blocks import BLOCK_BYTES
from artesian.frame.parse.builders import Builder, make_builder
from artesian.frame.parse.columnar import BATCH_BYTES, guess_columnar, open_columnar, prepared, stored_types
from artesian.frame.parse.delimited import DelimitedReader
from artesian.frame.parse.formats import HEAD_BYTES, detect, is_workbook
from artesian.frame.parse.guess import guess_delimited, has_header
from artesian.frame.parse.partition import partition_columns, partition_values
from artesian.frame.parse.setup import (
    AUTO_HEADER,
    HAS_HEADER,
    Format,
    ParseSetup,
    ReadAs,
    SetupOverrides,
    format_of,
)
from artesian.frame.parse.sheets import SHEET_SEPARATOR, sheet_text
from artesian.frame.parse.svmlight import EntryBuilder, guess_svmlight, svmlight_rows
from artesian.frame.parse.table import Table
from artesian.frame.segment import ColumnWriter, write_segment
from artesian.frame.sparse import SparseColumn

_MOST_WARNINGS = 50
_BLOCKS = 8  # of text, as much of which is in work at once, take as much memory as columns may
_LEAST_BLOCK = 1 << 20
_SHEETS = (Format.XLS, Format.XLSX)
_TEXTS = (Format.CSV, Format.ARFF, *_SHEETS)
_TOLD = (Format.ARFF, Format.SVMLIGHT)  # texts whose first lines may not show what they are
_REALS = ("float", "real", "double")
_INTEGERS = ("int", "long")
Progress = Callable[[float, str], None]
Check = Callable[[], None]


@dataclass(frozen=True)
class ParseResult:
    """The frame on mapped columns, and sentences on what was odd in the sources."""

    frame: Frame
    warnings: tuple[str, ...] = ()


def guess_setup(
    sources: Sequence[Source], overrides: SetupOverrides | None = None, settings: Settings | None = None
) -> ParseSetup:
    """How the sources are to be read as one table; what `overrides` sets is taken over.

    Raises ParseError for sources that hold no table, NotAvailable for formats that cannot be read, NotFound, Forbidden,
    TooLarge for decompression bombs and too many columns.
    """
    overrides, settings = overrides or SetupOverrides(), settings or Settings()
    files = _files(sources, settings)
    asked = format_of(overrides.parse_type)
    kinds = {_kind_of(file, asked, settings) for file in files} - {None}
    if not kinds:
        raise ParseError(f"The file {files[0].title} is empty.")
    if len(kinds) > 1:
        named = " and ".join(sorted(str(kind) for kind in kinds))
        raise ParseError(f"Files of the formats {named} cannot be one table; import them one by one.")
    kind = kinds.pop()
    assert kind is not None
    if kind in _SHEETS:
        overrides = replace(overrides, separator=SHEET_SEPARATOR, single_quotes=False, escape="", comment_markers="")
    if kind is Format.CSV or kind in _SHEETS:
        sizes: list[int] = []
        setup = guess_delimited(_streams(files, kind, settings, sizes), overrides, settings)
        setup = replace(setup, parse_type=kind, total_bytes=sum(sizes))
    elif kind is Format.ARFF:
        overrides = arff_overrides(overrides)
        setup = _guess_arff(files, overrides, settings)
    elif kind is Format.SVMLIGHT:
        setup = _guess_svmlight(files, settings)
    else:
        setup = _guess_columnar(files, kind, settings)
    if setup.number_columns > settings.max_columns:
        raise TooLarge(
            f"The file {files[0].title} has {setup.number_columns} columns, more than {settings.max_columns}; "
            "raise the setting 'max_columns' to allow it."
        )
    partition_values(overrides.partition_by, [file.location for file in files])
    setup = setup.overridden(overrides)
    repeated = _repeated_name(setup)
    if repeated is None:
        return setup
    note = f"The header of {files[0].title} names the column '{repeated}' more than once; it needs other names to be parsed."
    return replace(setup, warnings=(*setup.warnings, note))


def parse(
    sources: Sequence[Source],
    setup: ParseSetup,
    *,
    folder: Path,
    progress: Progress = lambda fraction, message: None,
    check: Check = lambda: None,
    threads: int = 0,
    most_held: int = 0,
    settings: Settings | None = None,
) -> ParseResult:
    """Reads the sources as one table into segments in `folder`.

    `progress` is told how far it is (0 to 1), `check` may raise to stop; both are called between blocks. `threads` work on
    columns at once (0: one a core); taking text apart uses Polars' own pool. Once the columns take more than `most_held`
    bytes of memory (0: never), what there is of them goes to files. Raises what `guess_setup` raises.
    """
    settings = settings or Settings()
    files = _files(sources, settings)
    if setup.skipped_columns and not setup.kept:
        raise InvalidArgument(f"All columns of {files[0].title} are skipped; leave one at least.")
    repeated = _repeated_name(setup)
    if repeated is not None:
        raise ParseError(
            f"The header of {files[0].title} names the column '{repeated}' more than once; give other names or skip one."
        )
    with ThreadPoolExecutor(threads or settings.cores()) as pool:
        run = _Run(setup, settings, progress, check, files, pool, folder, most_held)
        for number, file in enumerate(files):
            if setup.parse_type in _TEXTS:
                run.read_delimited(file, number)
            elif setup.parse_type is Format.SVMLIGHT:
                run.read_svmlight(file, number)
            else:
                run.read_columnar(file, number)
        return run.finish()


def _files(sources: Sequence[Source], settings: Settings) -> list[Source]:
    """The sources with archives replaced by the files in them, unless an archive is a workbook."""
    if not sources:
        raise InvalidArgument("No file to parse is named.")
    files: list[Source] = []
    for source in sources:
        found = members(source, settings)
        files += [source] if is_workbook([file.member for file in found]) else found
    return files


def _kind_of(file: Source, asked: Format, settings: Settings) -> Format | None:
    """The format of one file; None for an empty one."""
    with open_source(file, settings) as stream:
        head = stream.read(HEAD_BYTES)
    if not head:
        return None
    if asked is Format.CSV and compression_of(head) != "zip":
        return asked
    found = detect(head, file.title)
    if asked in _TOLD and found in (Format.CSV, *_TOLD):
        return asked
    if asked not in (Format.GUESS, found):
        raise ParseError(f"The file {file.title} is no {asked.value} file; leave the format to be guessed.")
    return found


def _streams(files: Sequence[Source], kind: Format, settings: Settings, sizes: list[int]) -> Iterator[ByteStream]:
    """Each file opened as long as it is looked at; files that unpack too well are looked at closely."""
    for file in files:
        with _text(file, kind, settings) as stream:
            sizes.append(stream.size)
            yield stream
            probe(stream)


@contextmanager
def _text(file: Source, kind: Format, settings: Settings) -> Iterator[ByteStream]:
    """The delimited text that a file is, or that its sheet is written as."""
    if kind not in _SHEETS:
        with open_source(file, settings) as stream:
            yield stream
        return
    with unpacked_file(file, settings) as path:
        text = sheet_text(path, file.title, settings)
    yield ByteStream(io.BytesIO(text), file.title, len(text))


def _guess_arff(files: Sequence[Source], overrides: SetupOverrides, settings: Settings) -> ParseSetup:
    """The setup of the first file, whose attributes the others must have."""
    first: ParseSetup | None = None
    size = 0
    for file in files:
        with open_source(file, settings) as stream:
            setup = guess_arff(stream, overrides, settings)
            size += stream.size
            probe(stream)
        first = first or setup
        check_same_attributes(first.names(), setup.names(), files[0].title, file.title)
    assert first is not None
    return replace(first, total_bytes=size)


def _guess_columnar(files: Sequence[Source], kind: Format, settings: Settings) -> ParseSetup:
    first: ParseSetup | None = None
    size = 0
    for file in files:
        with unpacked_file(file, settings) as path:
            setup = guess_columnar(open_columnar(path, kind, file.title), kind, file.title)
            size += path.stat().st_size
        if first is None:
            first = setup
        elif setup.column_names != first.column_names:
            raise ParseError(
                f"The files {files[0].title} and {file.title} cannot be one table: their column names differ."
            )
    assert first is not None
    return replace(first, total_bytes=size)


def _guess_svmlight(files: Sequence[Source], settings: Settings) -> ParseSetup:
    """The setup of the first file, with as many columns as the widest one has."""
    setups: list[ParseSetup] = []
    size = 0
    for file in files:
        with open_source(file, settings) as stream:
            setups.append(guess_svmlight(stream, settings))
            size += stream.size
    widest = max(setups, key=lambda setup: setup.number_columns)
    return replace(widest, preview=setups[0].preview, total_bytes=size)


def _repeated_name(setup: ParseSetup) -> str | None:
    """The first name that two of the columns to keep have."""
    names = setup.names()
    seen: set[str] = set(setup.partition_by)
    for number in setup.kept:
        if names[number] in seen:
            return names[number]
        seen.add(names[number])
    return None


def _ahead(tables: Iterator[Table]) -> Iterator[Table]:
    """The tables, each one taken out of its text while the one before is worked on."""
    with ThreadPoolExecutor(1) as reader:
        coming = reader.submit(next, tables, None)
        while (table := coming.result()) is not None:
            coming = reader.submit(next, tables, None)
            yield table


class _Run:
    """One parse: its builders, what it noticed and how far it is."""

    def __init__(
        self,
        setup: ParseSetup,
        settings: Settings,
        progress: Progress,
        check: Check,
        files: Sequence[Source],
        pool: ThreadPoolExecutor,
        folder: Path,
        most_held: int,
    ) -> None:
        self._pool = pool
        self._folder = folder
        self._most_held = most_held
        self._setup = setup
        self._settings = settings
        self._progress = progress
        self._check = check
        self._files = max(1, len(files))
        self._names = setup.names()
        self._kinds = setup.reading()
        self._rows = 0
        self._notes: list[str] = []
        self._starts: list[tuple[int, str, int, bool]] = []  # row, file, line, whether rows are lines
        self._builders: dict[int, Builder] = {}
        block_bytes = min(BLOCK_BYTES, max(_LEAST_BLOCK, most_held // _BLOCKS)) if most_held else BLOCK_BYTES
        self._reader = DelimitedReader(setup, settings, block_bytes=block_bytes)
        self._partitions = partition_values(setup.partition_by, [file.location for file in files])
        self._file_rows: list[int] = []
        self._entries = EntryBuilder(setup.number_columns)
        self._stored_as: list[str] = []  # of a file with types, the kind of numbers of each column

    # ---- reading ----

    def read_delimited(self, file: Source, number: int) -> None:
        """Adds the rows of one text."""
        short = long = bad = 0
        ragged = odd = -1
        before = self._rows
        with self._rows_of(file) as (stream, attributes):
            self._make_builders({})
            skip = self._skips_header(file)
            for table in _ahead(self._reader.read(stream, skip_header=skip)):
                self._check()
                self._add(table, file, attributes)
                short, long, bad = short + table.ragged.short, long + table.ragged.long, bad + table.bad_bytes
                ragged = table.ragged_line if ragged < 0 else ragged
                odd = max(odd, table.odd_quote_line)
                self._tell(number, stream.fraction(), file)
        self._file_rows.append(self._rows - before)
        count = self._setup.number_columns
        if short:
            self._note(
                f"{file.title}: {short} rows have fewer than {count} fields, the first in line {ragged}; the rest is missing."
            )
        if long:
            self._note(
                f"{file.title}: {long} rows have more than {count} fields, the first in line {ragged}; the rest is ignored."
            )
        if odd >= 0:
            self._note(
                f"{file.title}: quotes stand inside of fields, the first in line {odd}; they are read as characters, and one "
                "that is not closed takes the following lines into its field."
            )
        if bad:
            self._note(f"{file.title}: {bad} texts hold bytes that are no UTF-8; they are written as <0x..>.")

    @contextmanager
    def _rows_of(self, file: Source) -> Iterator[tuple[ByteStream, Attributes]]:
        """The rows of one text, and what its header says of them where it is ARFF."""
        with _text(file, self._setup.parse_type, self._settings) as stream:
            if self._setup.parse_type is not Format.ARFF:
                yield stream, Attributes()
                return
            content = ArffFile(stream, self._settings)
            check_same_attributes(self._setup.header or (), content.attributes.names, "before", file.title)
            yield content.rows(self._setup.separator), content.attributes

    def read_svmlight(self, file: Source, number: int) -> None:
        """Adds the rows of one SVMLight file."""
        before = self._rows
        with open_source(file, self._settings) as stream:
            for found in svmlight_rows(stream, self._settings):
                self._check()
                self._entries.add(found, file.title)
                self._rows = self._entries.n_rows
                self._tell(number, stream.fraction(), file)
        self._file_rows.append(self._rows - before)

    def read_columnar(self, file: Source, number: int) -> None:
        """Adds the rows of one file that carries its types."""
        setup = self._setup
        with unpacked_file(file, self._settings) as path:
            content = open_columnar(path, setup.parse_type, file.title)
            if setup.header is not None and tuple(content.schema) != setup.header:
                raise ParseError(f"The columns of {file.title} are not those that the setup names.")
            names = list(content.schema)
            self._make_builders({names.index(name): levels for name, levels in content.levels().items()})
            self._stored_as = self._stored_as or stored_types(content.schema)
            self._starts.append((self._rows, file.title, 1, False))
            for table in content.batches(
                [names[n] for n in setup.kept], min(self._most_held or BATCH_BYTES, BATCH_BYTES)
            ):
                self._check()
                kinds, title = self._kinds, file.title
                self._build({n: prepared(table[names[n]], kinds[n], title) for n in setup.kept})
                self._rows += table.height
                self._tell(number, self._rows / max(1, content.n_rows), file)
            self._file_rows.append(content.n_rows)

    def _make_builders(self, levels: dict[int, pl.Series]) -> None:
        if not self._builders:
            self._builders = self._fresh_builders(self._setup.kept, levels)

    def _fresh_builders(
        self, numbers: Sequence[int], levels: Mapping[int, pl.Series] | None = None
    ) -> dict[int, Builder]:
        missing = self._setup.missing_texts()
        return {
            number: make_builder(
                self._kinds[number],
                missing[number],
                name=self._names[number],
                timezone=self._setup.timezone,
                max_levels=self._settings.max_levels,
                levels=(levels or {}).get(number),
            )
            for number in numbers
        }

    def _skips_header(self, file: Source) -> bool:
        """Whether the file's first line is a header: as the setup says; where it names one, only a line that repeats it."""
        setup = self._setup
        if setup.check_header == HAS_HEADER and (setup.header is None or self._files == 1):
            return True
        if setup.check_header not in (HAS_HEADER, AUTO_HEADER):
            return False
        with _text(file, setup.parse_type, self._settings) as stream:
            return has_header(stream, setup, self._settings)

    def _add(self, table: Table, file: Source, attributes: Attributes) -> None:
        self._starts.append((self._rows, file.title, table.line, table.exact))
        columns = {number: table.data[f"c{number}"] for number in self._setup.kept}
        self._build({number: dated(series, attributes.patterns, number) for number, series in columns.items()})
        self._rows += table.data.height

    def _build(self, columns: Mapping[int, pl.Series]) -> None:
        """Hands each column to its builder; those with texts, which take time, to several threads."""
        later = []
        for number, series in columns.items():
            if series.dtype == pl.String:
                later.append(self._pool.submit(self._builders[number].add, series))
            else:
                self._builders[number].add(series)
        for done in later:
            done.result()
        if self._most_held and sum(builder.held_bytes for builder in self._builders.values()) > self._most_held:
            self._put_away()

    def _put_away(self) -> None:
        """Writes what the builders hold in memory to a file that has no name any more once it is mapped."""
        held = {str(number): builder.held() for number, builder in self._builders.items()}
        path = write_segment(self._folder, held)
        mapped = map_file(path)
        path.unlink()
        for number, builder in self._builders.items():
            builder.put_away(mapped[str(number)])

    def _tell(self, number: int, fraction: float, file: Source) -> None:
        done = (number + min(1.0, fraction)) / self._files
        self._progress(min(0.95, 0.95 * done), f"{self._rows} rows of {file.title}")

    # ---- finishing ----

    def finish(self) -> ParseResult:
        """Writes the columns, some at a time, and gives up the memory of their builders."""
        writer = ColumnWriter(self._folder)
        for number, column in self._finished():
            self._check()
            release_pages()
            writer.add(self._forced(number, column))
        for column in partition_columns(self._partitions, self._file_rows):
            writer.add(column)
        columns = writer.finish()
        self._progress(1.0, f"{self._rows} rows")
        names = [self._names[number] for number in self._setup.kept] + list(self._setup.partition_by)
        return ParseResult(Frame(names, columns, self._rows), tuple(self._notes[:_MOST_WARNINGS]))

    def _finished(self) -> Iterator[tuple[int, Column]]:
        kept = self._setup.kept
        if self._setup.parse_type is Format.SVMLIGHT:
            # whatever is to be more than plain numbers needs a builder, and with it all values at once
            missing = self._setup.missing_texts()
            odd = [n for n in kept if missing[n] or self._kinds[n] is not ReadAs.NUMERIC]
            yield from zip(kept, self._entries.columns(self._fresh_builders(odd), kept), strict=True)
            return
        for number in kept:
            builder = self._builders.pop(number)
            self._note_unreadable(self._names[number], builder)
            yield number, builder.finish(self._folder)

    def _forced(self, number: int, column: Column) -> Column:
        """A numeric column of the very type that was asked for, or that the file has, where the setup insists on it."""
        types = self._setup.column_types
        wanted = types[number].lower() if number < len(types) else ""
        if not self._setup.force_types or column.type not in (ColumnType.INT, ColumnType.REAL):
            return column
        if wanted not in _REALS + _INTEGERS and self._stored_as:
            wanted = self._stored_as[number]
        if isinstance(column, SparseColumn):
            return column.as_real() if wanted in _REALS else column
        if wanted in _REALS and column.type is ColumnType.INT:
            return Column(ColumnType.REAL, narrow_reals(column.values.cast(pl.Float64)))
        if wanted in _INTEGERS and column.type is ColumnType.REAL:
            # halves go up, as in H2O-3
            return Column.integers((column.values.cast(pl.Float64) + 0.5).floor().cast(pl.Int64, strict=False))
        return column

    def _note_unreadable(self, name: str, builder: Builder) -> None:
        lost = builder.unreadable
        if lost.count:
            example = lost.example if len(lost.example) <= 60 else lost.example[:60] + "…"
            self._note(
                f"Column '{name}': {lost.count} texts could not be read as its type and are missing, "
                f"the first is {example!r} {self._where(lost.row)}."
            )

    def _where(self, row: int) -> str:
        start = next((entry for entry in reversed(self._starts) if entry[0] <= row), None)
        if start is None or self._setup.parse_type is not Format.CSV:
            return f"in row {row + 1}"
        first, title, line, exact = start
        return f"in line {line + row - first} of {title}" if exact else f"after line {line - 1} of {title}"

    def _note(self, sentence: str) -> None:
        self._notes.append(sentence)
