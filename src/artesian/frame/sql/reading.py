"""A frame of the rows of a database: batches become columns as they come, narrowly; no row is ever a text of CSV."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Protocol

import polars as pl

from artesian.core.errors import InvalidArgument, TooLarge
from artesian.core.settings import Settings
from artesian.frame.column import Column, narrow_integers
from artesian.frame.frame import Frame
from artesian.frame.parse.builders import Builder, make_builder
from artesian.frame.parse.setup import ReadAs
from artesian.frame.sql.address import SqliteAddress, parse_address
from artesian.frame.sql.names import column_names, select_of
from artesian.frame.sql.postgresql import PostgresqlRows
from artesian.frame.sql.sqlite import SqliteRows


@dataclass(frozen=True)
class SqlRequest:
    """What to read from where: a table (or some of its columns, by name) or a SELECT."""

    url: str = field(repr=False)
    table: str = ""
    query: str = ""
    columns: str | None = None
    user: str = ""
    password: str = field(default="", repr=False)

    def check(self) -> None:
        """Raises InvalidArgument for what can be seen to be wrong without asking the database."""
        parse_address(self.url)
        if bool(self.table.strip()) == bool(self.query.strip()):
            raise InvalidArgument("Give either a 'table' or a 'select_query'.")
        names = column_names(self.columns)
        if self.query.strip():
            select_of(self.query)
            if names:
                raise InvalidArgument("'columns' belongs to a 'table'; name the columns in the 'select_query' itself.")


class Rows(Protocol):
    """What a database gives: the columns' names and kinds (None: as their values are), then batches of rows."""

    names: list[str]
    kinds: list[ReadAs | None]
    total: int

    def open_table(self, table: str, columns: Sequence[str]) -> None:
        """Chooses a table."""

    def open_query(self, query: str) -> None:
        """Chooses a query."""

    def batches(self) -> Iterator[list[pl.Series]]:
        """Some rows at a time."""

    def close(self) -> None:
        """Ends it."""


def read_database(
    request: SqlRequest,
    settings: Settings,
    *,
    progress: Callable[[float, str], None],
    check: Callable[[], None],
    cancelled: Callable[[], bool],
) -> Frame:
    """The frame of a table or query.

    Raises what `SqlRequest.check` raises, Forbidden where the settings do not allow it, NotFound for an unknown table or
    column, and InvalidArgument with the database's own words where it refuses.
    """
    request.check()
    progress(0.0, "Connecting")
    rows = _open(request, settings, cancelled)
    try:
        if request.query.strip():
            rows.open_query(select_of(request.query))
        else:
            rows.open_table(request.table, column_names(request.columns))
        check()
        _check_names(rows.names, settings)
        return _gather(rows, settings, progress, check)
    except InvalidArgument:
        check()  # a cancelled query ends as a refused one
        raise
    finally:
        rows.close()


def _open(request: SqlRequest, settings: Settings, cancelled: Callable[[], bool]) -> Rows:
    address = parse_address(request.url)
    if isinstance(address, SqliteAddress):
        return SqliteRows(address, settings, cancelled)
    return PostgresqlRows(address, request.user, request.password, settings, cancelled)


def _check_names(names: list[str], settings: Settings) -> None:
    if not names:
        raise InvalidArgument("The query gives no columns.")
    if len(names) > settings.max_columns:
        raise TooLarge(
            f"The query gives {len(names)} columns, over the limit of {settings.max_columns}; name fewer, or raise the "
            "setting 'max_columns'."
        )
    double = next((name for name in names if names.count(name) > 1), None)
    if double is not None:
        raise InvalidArgument(f"The query gives several columns named '{double}'; name them apart with AS.")


def _gather(rows: Rows, settings: Settings, progress: Callable[[float, str], None], check: Callable[[], None]) -> Frame:
    gatherers = [
        _ByValue(name, settings) if kind is None else _builder(kind, name, settings)
        for name, kind in zip(rows.names, rows.kinds, strict=True)
    ]
    count = 0
    for batch in rows.batches():
        check()
        for gatherer, series in zip(gatherers, batch, strict=True):
            gatherer.add(series)
        count += len(batch[0])
        expected = max(rows.total, count + len(batch[0]))
        progress(0.95 * count / expected, f"{count} rows read")
    progress(0.95, "Storing")
    return Frame(rows.names, [gatherer.finish() for gatherer in gatherers], count)


def _builder(kind: ReadAs, name: str, settings: Settings) -> Builder:
    return make_builder(kind, (), name=name, timezone="UTC", max_levels=settings.max_levels)


class _ByValue:
    """A column of no declared type: numbers, unless a text comes among them."""

    def __init__(self, name: str, settings: Settings) -> None:
        self._name = name
        self._settings = settings
        self._chunks: list[pl.Series] = []

    def add(self, series: pl.Series) -> None:
        self._chunks.append(narrow_integers(series) if series.dtype.is_integer() else series)

    def finish(self) -> Column:
        texts = any(chunk.dtype == pl.String for chunk in self._chunks)
        builder = _builder(ReadAs.STRING if texts else ReadAs.NUMERIC, self._name, self._settings)
        while self._chunks:
            builder.add(self._chunks.pop(0))
        return builder.finish()
