"""The SQLite table of finished objects: what a restarted server finds again.

A row is written only after every file it names lies whole under its final name, and a file is removed only after the row
that named it is gone; so a server killed at any moment leaves a catalogue that tells the truth. File names are relative to
the folder, which may therefore be moved. Write-ahead logging with `synchronous=NORMAL`: a killed process loses nothing
committed, a power cut perhaps the last commits, never the order of them.
"""

from __future__ import annotations

import sqlite3
import threading
from collections.abc import Iterable, Iterator
from typing import Any

from artesian.core.errors import InvalidArgument

FORMAT_VERSION = 1

_SCHEMA = """
CREATE TABLE objects (
    key TEXT PRIMARY KEY, kind TEXT NOT NULL, created_ms INTEGER NOT NULL, nbytes INTEGER NOT NULL,
    session TEXT, source TEXT NOT NULL, payload BLOB
) WITHOUT ROWID;
CREATE TABLE files (key TEXT NOT NULL, name TEXT NOT NULL, PRIMARY KEY (key, name)) WITHOUT ROWID;
CREATE TABLE sessions (key TEXT PRIMARY KEY, used_ms INTEGER NOT NULL) WITHOUT ROWID;
CREATE TABLE blobs (
    category TEXT NOT NULL, name TEXT NOT NULL, modified_ms INTEGER NOT NULL, content BLOB NOT NULL,
    PRIMARY KEY (category, name)
);
"""
_ADDED = """
CREATE TABLE IF NOT EXISTS blob_versions (
    category TEXT NOT NULL, name TEXT NOT NULL, version INTEGER NOT NULL, modified_ms INTEGER NOT NULL, content BLOB NOT NULL,
    PRIMARY KEY (category, name, version)
);
"""
"""What earlier versions of this format do without."""


class Catalogue:
    """The rows of one store. Thread-safe."""

    def __init__(self, path: str) -> None:
        self._guard = threading.Lock()
        self._connection = sqlite3.connect(path, check_same_thread=False, isolation_level=None)
        try:
            self._open(path)
        except sqlite3.DatabaseError as error:
            self._connection.close()
            raise InvalidArgument(
                f"The catalogue {path} of the data folder is damaged or is no catalogue ({error}). "
                "Restore it from a backup, or start with another --data-dir."
            ) from error
        except InvalidArgument:
            self._connection.close()
            raise

    def _open(self, path: str) -> None:
        self._connection.execute("PRAGMA journal_mode=WAL")
        self._connection.execute("PRAGMA synchronous=NORMAL")
        (version,) = self._connection.execute("PRAGMA user_version").fetchone()
        if version == 0:
            self._connection.executescript(f"BEGIN;{_SCHEMA}PRAGMA user_version={FORMAT_VERSION};COMMIT;")
        elif version != FORMAT_VERSION:
            raise InvalidArgument(
                f"The data folder's catalogue {path} has format {version}; this version of Artesian reads format "
                f"{FORMAT_VERSION}. Use the version that wrote it, or another --data-dir."
            )
        self._connection.executescript(_ADDED)

    # ---- objects ----

    def put(self, row: dict[str, Any], files: Iterable[str]) -> None:
        """Names an object (its columns as in the table) and its files, in place of any earlier one of the key."""
        with self._guard, self._connection as connection:
            connection.execute("BEGIN")
            connection.execute(
                "INSERT OR REPLACE INTO objects VALUES (:key, :kind, :created_ms, :nbytes, :session, :source, :payload)",
                row,
            )
            connection.execute("DELETE FROM files WHERE key = ?", (row["key"],))
            connection.executemany("INSERT INTO files VALUES (?, ?)", ((row["key"], name) for name in files))

    def remove(self, keys: Iterable[str]) -> None:
        """Forgets objects."""
        pairs = [(key,) for key in keys]
        with self._guard, self._connection as connection:
            connection.execute("BEGIN")
            connection.executemany("DELETE FROM objects WHERE key = ?", pairs)
            connection.executemany("DELETE FROM files WHERE key = ?", pairs)

    def objects(self) -> Iterator[dict[str, Any]]:
        """Every object in order of creation, without its payload, with the `files` it names."""
        files: dict[str, list[str]] = {}
        with self._guard:
            for key, name in self._connection.execute("SELECT key, name FROM files"):
                files.setdefault(key, []).append(name)
            rows = self._connection.execute(
                "SELECT key, kind, created_ms, nbytes, session, source FROM objects ORDER BY created_ms"
            ).fetchall()
        names = ("key", "kind", "created_ms", "nbytes", "session", "source")
        for row in rows:
            yield {**dict(zip(names, row, strict=True)), "files": files.get(row[0], [])}

    def payload(self, key: str) -> bytes | None:
        """The JSON content of an object, None when the key is unknown."""
        with self._guard:
            row = self._connection.execute("SELECT payload FROM objects WHERE key = ?", (key,)).fetchone()
        return None if row is None else bytes(row[0])

    # ---- sessions ----

    def put_session(self, key: str, used_ms: int) -> None:
        """Notes a session and when it was last used."""
        with self._guard:
            self._connection.execute("INSERT OR REPLACE INTO sessions VALUES (?, ?)", (key, used_ms))

    def remove_session(self, key: str) -> None:
        """Forgets a session."""
        with self._guard:
            self._connection.execute("DELETE FROM sessions WHERE key = ?", (key,))

    def sessions(self) -> dict[str, int]:
        """When each session was last used, in milliseconds since 1970."""
        with self._guard:
            return dict(self._connection.execute("SELECT key, used_ms FROM sessions").fetchall())

    # ---- blobs ----

    def execute(self, statement: str, values: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
        """Runs one statement on the table of blobs and returns its rows."""
        with self._guard:
            return self._connection.execute(statement, values).fetchall()

    def execute_all(self, statements: Iterable[tuple[str, tuple[Any, ...]]]) -> None:
        """Runs several statements on the tables of blobs: all of them or none."""
        with self._guard, self._connection as connection:
            connection.execute("BEGIN")
            for statement, values in statements:
                connection.execute(statement, values)

    def close(self) -> None:
        """Ends the connection; what was committed is on disk."""
        with self._guard:
            self._connection.close()
