"""Rows of a SQLite file, opened for reading alone: no statement but one SELECT, no extension, no other file.

Columns have no types in SQLite, values have: a column is what all its values are. Columns declared as dates or times are
read as times: from texts, from whole numbers as milliseconds since 1970, from real ones as Julian days.
"""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Callable, Iterator, Sequence
from typing import Any, TypeVar

import polars as pl

from artesian.core.errors import ArtesianError, InvalidArgument, ParseError
from artesian.core.settings import Settings
from artesian.frame.io.jail import check_import
from artesian.frame.parse.setup import ReadAs
from artesian.frame.sql.address import SqliteAddress
from artesian.frame.sql.names import find, quoted, table_name

_Made = TypeVar("_Made")
_TIMES = re.compile(r"\s*(date|time)", re.IGNORECASE)
_DAY_MS = 86_400_000
_EPOCH_JULIAN = 2_440_587.5
_STEPS = 20_000
"""Steps of SQLite's machine between two looks at whether to stop: some milliseconds."""
_ALLOWED = {sqlite3.SQLITE_SELECT, sqlite3.SQLITE_READ, sqlite3.SQLITE_RECURSIVE}
_DAMAGED = {sqlite3.SQLITE_NOTADB, sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_CANTOPEN, sqlite3.SQLITE_IOERR}
_REFUSED_FUNCTIONS = {"load_extension", "fts3_tokenizer"}


class SqliteRows:
    """The rows of a table or query; `kinds` are known for columns declared as times, of a query as well."""

    def __init__(self, address: SqliteAddress, settings: Settings, cancelled: Callable[[], bool]) -> None:
        path = check_import(address.path, settings)
        if not path.is_file():
            raise InvalidArgument(f"There is no file '{path}' to be read as a SQLite database.")
        self._title = path.name
        self._cells = settings.sql_batch_cells
        self._connection = sqlite3.connect(f"{path.as_uri()}?mode=ro", uri=True, isolation_level=None)
        self._connection.set_progress_handler(lambda: int(cancelled()), _STEPS)
        self._cursor: sqlite3.Cursor | None = None
        self.names: list[str] = []
        self.kinds: list[ReadAs | None] = []
        self.total = 0
        self._run("PRAGMA trusted_schema = OFF")
        self._run("BEGIN")

    # ---- opening ----

    def open_table(self, table: str, columns: Sequence[str]) -> None:
        """Chooses a table, or some of its columns, to be read."""
        schema, name = (["main", *table_name(table)])[-2:]
        if schema.lower() != "main":
            raise InvalidArgument(f"A SQLite file has the one schema 'main'. Got '{schema[:100]}'.")
        known = self._run("SELECT name FROM main.sqlite_master WHERE type IN ('table', 'view') ORDER BY name")
        source = f"main.{quoted(find(name, [row[0] for row in known], 'table'))}"
        described = [row[1] for row in self._run(f"PRAGMA main.table_xinfo({source.removeprefix('main.')})")]
        chosen = [find(column, described, "column") for column in columns]
        self.total = self._run(f"SELECT count(*) FROM {source}")[0][0]
        self.open_query(f"SELECT {', '.join(map(quoted, chosen)) or '*'} FROM {source}")

    def open_query(self, query: str) -> None:
        """Chooses a SELECT to be read; from here on the connection does nothing else."""
        try:
            # a view can stand on a SELECT alone, and tells the declared types of its columns
            self._run(f"CREATE TEMP VIEW artesian_query AS\n{query}")
            declared = [row[2] or "" for row in self._run("PRAGMA temp.table_info(artesian_query)")]
        except sqlite3.ProgrammingError:
            raise InvalidArgument("The query must be a single SELECT, and this is more than one statement.") from None
        self._run("PRAGMA query_only = ON")
        self._connection.set_authorizer(_authorize)
        self._cursor = self._guarded(lambda: self._connection.execute(query))
        self.names = [column[0] for column in self._cursor.description]
        self.kinds = [ReadAs.TIME if _TIMES.match(kind) else None for kind in declared]

    # ---- reading ----

    def batches(self) -> Iterator[list[pl.Series]]:
        """The columns of some rows at a time, each of the type that its values have there."""
        cursor, size = self._cursor, max(1, self._cells // len(self.names))
        while cursor and (rows := self._guarded(lambda: cursor.fetchmany(size))):
            columns = zip(*rows, strict=True)
            yield [self._series(*column) for column in zip(self.names, self.kinds, columns, strict=True)]

    def _series(self, name: str, kind: ReadAs | None, values: tuple[object, ...]) -> pl.Series:
        types = set(map(type, values)) - {type(None)}
        if bytes in types:
            raise ParseError(
                f"The column '{name}' of {self._title} holds binary values, which a frame cannot; leave it out, or "
                "select hex() of it."
            )
        if str in types:
            return pl.Series(
                values if types == {str} else [v if v is None else str(v) for v in values], dtype=pl.String
            )
        if float not in types:
            return pl.Series(values, dtype=pl.Int64)
        reals = pl.Series(values, dtype=pl.Float64, strict=False)
        return ((reals - _EPOCH_JULIAN) * _DAY_MS).round().cast(pl.Int64) if kind is ReadAs.TIME else reals

    def close(self) -> None:
        """Closes the file."""
        self._connection.close()

    def _run(self, statement: str) -> list[tuple[Any, ...]]:
        return self._guarded(lambda: self._connection.execute(statement).fetchall())

    def _guarded(self, call: Callable[[], _Made]) -> _Made:
        try:
            return call()
        except sqlite3.ProgrammingError:
            raise
        except sqlite3.Error as error:
            raise self._failure(error) from None

    def _failure(self, error: sqlite3.Error) -> ArtesianError:
        text = str(error).rstrip(".")
        if getattr(error, "sqlite_errorcode", 0) & 0xFF in _DAMAGED:
            return ParseError(f"The file {self._title} cannot be read as a SQLite database: {text}.")
        return InvalidArgument(f"SQLite refuses the query: {text}.")


def _authorize(action: int, first: str | None, second: str | None, schema: str | None, trigger: str | None) -> int:
    """What a query may do: read, and call functions that leave this process as it is."""
    if action in _ALLOWED:
        return sqlite3.SQLITE_OK
    if action == sqlite3.SQLITE_FUNCTION and (second or "").lower() not in _REFUSED_FUNCTIONS:
        return sqlite3.SQLITE_OK
    return sqlite3.SQLITE_DENY
