"""Rows of PostgreSQL through a cursor on the server, in one read-only snapshot; the server itself makes numbers,
milliseconds and texts of all types, so that rows arrive as those alone.

Statements go by the extended protocol, in which the server refuses more than one.
"""

from __future__ import annotations

import contextlib
import math
import os
import threading
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import polars as pl

from artesian.core.errors import ArtesianError, InvalidArgument, NotFound
from artesian.core.settings import Settings
from artesian.frame.parse.setup import ReadAs
from artesian.frame.sql.address import PostgresqlAddress, resolve
from artesian.frame.sql.names import find, quoted, table_name

if TYPE_CHECKING:
    import psycopg

_LEAST_TIMEOUT_SECS = 2  # what libpq can do
_WATCH_SECS = 0.1
_MILLISECONDS = "round(extract(epoch FROM {0})::numeric * 1000)::int8"
_MOMENT = _MILLISECONDS.format("date_trunc('milliseconds', {0}::KIND)").join(("CASE WHEN isfinite({0}) THEN ", " END"))


@dataclass(frozen=True)
class _Reading:
    """How values of a type come: as what they are read, in which type of Polars, by which expression of SQL."""

    kind: ReadAs
    dtype: type[pl.DataType]
    expression: str = "{0}"


_WHOLE = _Reading(ReadAs.NUMERIC, pl.Int64, "{0}::int8")
_REAL = _Reading(ReadAs.NUMERIC, pl.Float64, "{0}::float8")
_TEXT = _Reading(ReadAs.STRING, pl.String)
_AS_TEXT = _Reading(ReadAs.STRING, pl.String, "{0}::text")
_OF_DAY = _Reading(ReadAs.TIME, pl.Int64, _MILLISECONDS)
_READINGS = {
    "bool": _Reading(ReadAs.NUMERIC, pl.Int64, "{0}::int4::int8"),
    "int2": _WHOLE,
    "int4": _WHOLE,
    "int8": _WHOLE,
    "oid": _WHOLE,
    "float4": _REAL,
    "float8": _REAL,
    "numeric": _REAL,
    "money": _Reading(ReadAs.NUMERIC, pl.Float64, "{0}::numeric::float8"),
    "text": _TEXT,
    "varchar": _TEXT,
    "bpchar": _TEXT,
    "date": _Reading(ReadAs.TIME, pl.Int64, _MOMENT.replace("KIND", "timestamp")),
    "timestamp": _Reading(ReadAs.TIME, pl.Int64, _MOMENT.replace("KIND", "timestamp")),
    "timestamptz": _Reading(ReadAs.TIME, pl.Int64, _MOMENT.replace("KIND", "timestamptz")),
    "time": _OF_DAY,
    "timetz": _OF_DAY,
    "uuid": _Reading(ReadAs.UUID, pl.String, "{0}::text"),
}
"""By PostgreSQL's name of the type; all others are read as the text that PostgreSQL writes of them."""


class PostgresqlRows:
    """The rows of a table or query; `names` and `kinds` of the columns are known at once, `total` (rows) is an estimate."""

    def __init__(
        self,
        address: PostgresqlAddress,
        user: str,
        password: str,
        settings: Settings,
        cancelled: Callable[[], bool],
    ) -> None:
        self._secret = password
        self._cells = settings.sql_batch_cells
        self._connection = self._connect(address, user, password, settings)
        self._query = ""
        self._dtypes: list[type[pl.DataType]] = []
        self.names: list[str] = []
        self.kinds: list[ReadAs | None] = []
        self.total = 0
        self._closing = threading.Event()
        threading.Thread(target=self._watch, args=(cancelled,), daemon=True, name="cancels the query").start()

    # ---- opening ----

    def _connect(
        self, address: PostgresqlAddress, user: str, password: str, settings: Settings
    ) -> psycopg.Connection[Any]:
        import psycopg

        if not user or "\0" in user + password:
            raise InvalidArgument("PostgreSQL needs a 'username', and a 'password' where it asks for one.")
        numeric = resolve(address, settings)
        try:
            connection = psycopg.connect(
                host=address.host,
                hostaddr=numeric,  # what passed the guard, and not what the name may stand for next
                port=address.port,
                dbname=address.database,
                user=user,
                password=password,
                passfile=os.devnull,  # secrets of the server's own account are nobody's here
                gssencmode="disable",
                connect_timeout=max(_LEAST_TIMEOUT_SECS, math.ceil(settings.http_timeout_secs)),
                application_name="artesian",
                client_encoding="UTF8",
            )
            connection.isolation_level = psycopg.IsolationLevel.REPEATABLE_READ
            connection.read_only = True
            connection.execute(b"SET TimeZone = 'UTC'")
        except psycopg.Error as error:
            raise self._failure(error, "The database cannot be opened") from None
        return connection

    def open_table(self, table: str, columns: Sequence[str]) -> None:
        """Chooses a table, or some of its columns, to be read."""
        schema, name = self._find_table(table_name(table))
        source = f"{quoted(schema)}.{quoted(name)}"
        known = self._describe(f"SELECT * FROM {source}")
        chosen = [find(column, [name for name, _ in known], "column") for column in columns]
        self.open_query(f"SELECT {', '.join(map(quoted, chosen)) or '*'} FROM {source}")

    def open_query(self, query: str) -> None:
        """Chooses a SELECT to be read."""
        described = self._describe(query)
        readings = [_READINGS.get(type_name, _AS_TEXT) for _, type_name in described]
        self.names = [name for name, _ in described]
        self.kinds = [reading.kind for reading in readings]
        self._dtypes = [reading.dtype for reading in readings]
        aliases = [f"c{i}" for i in range(len(readings))]
        parts = [reading.expression.format(alias) for reading, alias in zip(readings, aliases, strict=True)]
        self._query = f"SELECT {', '.join(parts)} FROM (\n{query}\n) AS artesian({', '.join(aliases)})"

    def _describe(self, query: str) -> list[tuple[str, str]]:
        """Names and types of a query's columns; it is not run for that."""
        import psycopg

        try:
            with self._connection.cursor(name="artesian_types") as cursor:
                cursor.execute(f"SELECT * FROM (\n{query}\n) AS artesian".encode())
                types = self._connection.adapters.types
                found = []
                for column in cursor.description or ():
                    known = types.get(column.type_code)
                    found.append((column.name, known.name if known and column.type_code == known.oid else ""))
                return found
        except psycopg.Error as error:
            raise self._failure(error, "The database refuses the query") from None

    def _find_table(self, parts: list[str]) -> tuple[str, str]:
        import psycopg

        text = (
            b"SELECT n.nspname, c.relname, pg_table_is_visible(c.oid) FROM pg_catalog.pg_class c "
            b"JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace WHERE c.relkind IN ('r', 'p', 'v', 'm', 'f') "
            b"ORDER BY n.nspname LIKE 'pg\\_%' OR n.nspname = 'information_schema', 1, 2"
        )
        try:
            tables = self._connection.execute(text).fetchall()
        except psycopg.Error as error:
            raise self._failure(error, "The tables of the database cannot be listed") from None
        if len(parts) == 2:
            schema = find(parts[0], sorted({row[0] for row in tables}), "schema")
            return schema, find(parts[1], [row[1] for row in tables if row[0] == schema], "table")
        visible = {row[1]: row[0] for row in reversed(tables) if row[2]}
        name = find(parts[0], list(reversed(visible)), "table")
        return visible[name], name

    # ---- reading ----

    def batches(self) -> Iterator[list[pl.Series]]:
        """The columns of some rows at a time, in the order of the query."""
        import psycopg

        schema = {f"c{i}": dtype for i, dtype in enumerate(self._dtypes)}
        try:
            with self._connection.cursor(name="artesian_rows") as cursor:
                cursor.execute(self._query.encode())
                self.total = self._estimate()
                while rows := cursor.fetchmany(max(1, self._cells // len(self.names))):
                    yield pl.DataFrame(rows, schema=schema, orient="row").get_columns()
        except psycopg.Error as error:
            raise self._failure(error, "The database broke off") from None

    def _estimate(self) -> int:
        """How many rows the planner expects; the query has been taken as a single statement before."""
        found = self._connection.execute(b"EXPLAIN (FORMAT JSON) " + self._query.encode()).fetchone()
        return int(found[0][0]["Plan"]["Plan Rows"]) if found else 0

    def close(self) -> None:
        """Ends the connection."""
        self._closing.set()
        self._connection.close()

    def _watch(self, cancelled: Callable[[], bool]) -> None:
        """Has the server end its query once the job is cancelled: by itself it looks at its client only when it writes."""
        import psycopg

        while not self._closing.wait(_WATCH_SECS):
            if cancelled():
                with contextlib.suppress(psycopg.Error):
                    self._connection.cancel_safe(timeout=_LEAST_TIMEOUT_SECS)
                return

    def _failure(self, error: psycopg.Error, what: str) -> ArtesianError:
        diagnosis = error.diag
        text = diagnosis.message_primary or " ".join(str(error).split()) or type(error).__name__
        if diagnosis.sqlstate == "42601" and "multiple commands" in text:
            text = "it takes a single SELECT, and this is more than one statement"
        if self._secret:
            text = text.replace(self._secret, "…")
        kind = NotFound if diagnosis.sqlstate in ("42P01", "42703") else InvalidArgument
        return kind(f"{what}: {text.rstrip('.')}.")
