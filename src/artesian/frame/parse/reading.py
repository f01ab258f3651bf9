"""Sources to a frame: guesses the setup, reads block by block into column builders, writes segments, reports what was odd."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import polars as pl

from artesian.core.errors import InvalidArgument, TooLarge
from artesian.core.settings import Settings
from artesian.frame.column import Column, ColumnType, narrow_reals
from artesian.frame.frame import Frame
from artesian.frame.io.decompress import ByteStream
from artesian.frame.io.source import Source, members, open_source
from artesian.frame.parse.builders import Builder, make_builder
from artesian.frame.parse.delimited import DelimitedReader
from artesian.frame.parse.guess import guess_delimited
from artesian.frame.parse.setup import (
    HAS_HEADER,
    ParseSetup,
    SetupOverrides,
    check_readable,
    format_of,
)
from artesian.frame.parse.table import Table
from artesian.frame.segment import persist

_GROUP_BYTES = 256 << 20
_MOST_WARNINGS = 50
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

    Raises ParseError for sources that hold no table, NotAvailable for formats that cannot be read, NotFound, Forbidden.
    """
    overrides, settings = overrides or SetupOverrides(), settings or Settings()
    if not sources:
        raise InvalidArgument("No file to parse is named.")
    files = [file for source in sources for file in members(source, settings)]
    check_readable(format_of(overrides.parse_type), files[0].title)
    streams: list[ByteStream] = []
    try:
        for file in files:
            streams.append(open_source(file, settings))
        setup, warnings = guess_delimited(streams, overrides, settings)
    finally:
        for stream in streams:
            stream.close()
    if setup.number_columns > settings.max_columns:
        raise TooLarge(
            f"The file {files[0].title} has {setup.number_columns} columns, more than {settings.max_columns}; "
            "raise the setting 'max_columns' to allow it."
        )
    setup = replace(setup, warnings=tuple(warnings), total_bytes=sum(stream.size for stream in streams))
    return setup.overridden(overrides)


def parse(
    sources: Sequence[Source],
    setup: ParseSetup,
    *,
    folder: Path,
    progress: Progress = lambda fraction, message: None,
    check: Check = lambda: None,
    threads: int = 0,
    settings: Settings | None = None,
) -> ParseResult:
    """Reads the sources as one table into segments in `folder`.

    `progress` is told how far it is (0 to 1), `check` may raise to stop; both are called between blocks. `threads` is for
    the caller's accounts only: Polars' pool is set up with the process.
    """
    del threads
    settings = settings or Settings()
    check_names(setup)
    files = [file for source in sources for file in members(source, settings)]
    run = _Run(setup, settings, progress, check, len(files))
    for number, file in enumerate(files):
        run.read(file, number)
    return run.finish(folder)


def check_names(setup: ParseSetup) -> None:
    """Raises InvalidArgument where two columns that are kept have one name."""
    names = setup.names()
    seen: set[str] = set()
    for number in setup.kept:
        if names[number] in seen:
            raise InvalidArgument(
                f"The column name '{names[number]}' stands more than once; name the columns otherwise or skip one of them."
            )
        seen.add(names[number])


class _Run:
    """One parse: its builders, what it noticed and how far it is."""

    def __init__(self, setup: ParseSetup, settings: Settings, progress: Progress, check: Check, files: int) -> None:
        self._setup = setup
        self._settings = settings
        self._progress = progress
        self._check = check
        self._files = max(1, files)
        self._names = setup.names()
        self._rows = 0
        self._notes: list[str] = []
        self._starts: list[tuple[int, str, int, bool]] = []  # row, file, line, whether rows are lines
        kinds, missing = setup.reading(), setup.missing_texts()
        self._builders: dict[int, Builder] = {
            number: make_builder(
                kinds[number],
                missing[number],
                name=self._names[number],
                timezone=setup.timezone,
                max_levels=settings.max_levels,
            )
            for number in setup.kept
        }
        self._reader = DelimitedReader(setup, settings)

    def read(self, file: Source, number: int) -> None:
        """Adds the rows of one file."""
        short = long = bad = 0
        ragged = -1
        with open_source(file, self._settings) as stream:
            for table in self._reader.read(stream, skip_header=self._setup.check_header == HAS_HEADER):
                self._check()
                self._add(table, file)
                short, long, bad = short + table.ragged.short, long + table.ragged.long, bad + table.bad_bytes
                ragged = table.ragged_line if ragged < 0 else ragged
                done = (number + stream.fraction()) / self._files
                self._progress(min(0.95, 0.95 * done), f"{self._rows} rows of {file.title}")
        count = self._setup.number_columns
        if short:
            self._note(
                f"{file.title}: {short} rows have fewer than {count} fields, the first in line {ragged}; the rest is missing."
            )
        if long:
            self._note(
                f"{file.title}: {long} rows have more than {count} fields, the first in line {ragged}; the rest is ignored."
            )
        if bad:
            self._note(f"{file.title}: {bad} texts hold bytes that are no UTF-8; they are written as <0x..>.")

    def finish(self, folder: Path) -> ParseResult:
        """Writes the columns, some at a time, and gives up the memory of their builders."""
        columns: list[Column] = []
        group: list[Column] = []
        names = [self._names[number] for number in self._setup.kept]
        for number in self._setup.kept:
            self._check()
            builder = self._builders.pop(number)
            self._note_unreadable(self._names[number], builder)
            group.append(self._forced(number, builder.finish()))
            if sum(column.nbytes for column in group) >= _GROUP_BYTES:
                columns += self._written(group, folder)
                group = []
        columns += self._written(group, folder)
        self._progress(1.0, f"{self._rows} rows")
        return ParseResult(Frame(names, columns, self._rows), tuple(self._notes[:_MOST_WARNINGS]))

    def _add(self, table: Table, file: Source) -> None:
        self._starts.append((self._rows, file.title, table.line, table.exact))
        for number in self._setup.kept:
            self._builders[number].add(table.data[f"c{number}"])
        self._rows += table.data.height

    def _forced(self, number: int, column: Column) -> Column:
        """A numeric column of the very type that was asked for, where the setup insists on it."""
        wanted = self._setup.column_types[number].lower() if number < len(self._setup.column_types) else ""
        if not self._setup.force_types or column.type not in (ColumnType.INT, ColumnType.REAL):
            return column
        if wanted in ("float", "real", "double") and column.type is ColumnType.INT:
            return Column(ColumnType.REAL, narrow_reals(column.values.cast(pl.Float64)))
        if wanted in ("int", "long") and column.type is ColumnType.REAL:
            return Column.integers(column.values.cast(pl.Int64, strict=False))
        return column

    def _written(self, group: list[Column], folder: Path) -> list[Column]:
        if not group:
            return []
        frame, _ = persist(Frame([f"c{i}" for i in range(len(group))], group, self._rows), folder)
        return list(frame.columns)

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
        if start is None:
            return f"in row {row + 1}"
        first, title, line, exact = start
        return f"in line {line + row - first} of {title}" if exact else f"after line {line - 1} of {title}"

    def _note(self, sentence: str) -> None:
        self._notes.append(sentence)
