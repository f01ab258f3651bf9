"""Tables and queries of SQLite as frames; what a file or query may not do."""

from __future__ import annotations

import dataclasses
import sqlite3
from pathlib import Path

import pytest

from artesian.core.errors import ArtesianError, Cancelled, InvalidArgument, NotFound, ParseError, TooLarge
from artesian.core.settings import Settings
from artesian.frame.column import ColumnType
from artesian.frame.frame import Frame
from artesian.frame.sql import SqlRequest, read_database


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder with `cars.db`: values of all kinds, missing ones, odd names."""
    with sqlite3.connect(tmp_path / "cars.db") as connection:
        connection.execute(
            'CREATE TABLE "My Cars" (id INTEGER, price REAL, name TEXT, "a,b" NUMERIC, sold DATE, seen DATETIME, '
            "loose, ok BOOLEAN, gone TEXT)"
        )
        connection.executemany(
            'INSERT INTO "My Cars" VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)',
            [
                (1, 1.5, "a", 10, "2024-02-29", 1000, 1, True, None),
                (2, None, None, 2.5, "1969-12-31", None, 2.5, False, None),
                (2**40, 2.0, "ü;'", None, None, 1.5e12, "x", None, None),
            ],
        )
        connection.execute("CREATE TABLE empty (x INTEGER, y TEXT)")
        connection.execute("CREATE TABLE blobs (x BLOB)")
        connection.execute("INSERT INTO blobs VALUES (x'00ff')")
    connection.close()
    return tmp_path


def read(folder: Path, cancel_after: int | None = None, file: str = "cars.db", **request: str) -> Frame:
    settings = dataclasses.replace(Settings(), import_roots=(str(folder),), sql_batch_cells=20, max_columns=20)
    looks = 0

    def cancelled() -> bool:
        nonlocal looks
        looks += 1
        return cancel_after is not None and looks > cancel_after

    def check() -> None:
        if cancel_after is not None and looks > cancel_after:
            raise Cancelled("The job was cancelled.")

    return read_database(
        SqlRequest(f"jdbc:sqlite:{folder / file}", **request),
        settings,
        progress=lambda fraction, _: None,
        check=check,
        cancelled=cancelled,
    )


def values(frame: Frame, name: str) -> list[object]:
    return frame.columns[frame.names.index(name)].values.to_list()


def test_values_decide_the_types_and_declared_dates_are_times(folder: Path) -> None:
    frame = read(folder, table="my cars")
    types = dict(zip(frame.names, frame.types, strict=True))
    assert types == {
        "id": ColumnType.INT,
        "price": ColumnType.REAL,
        "name": ColumnType.STRING,
        "a,b": ColumnType.REAL,
        "sold": ColumnType.TIME,
        "seen": ColumnType.TIME,
        "loose": ColumnType.STRING,
        "ok": ColumnType.INT,
        "gone": ColumnType.BAD,
    }
    assert values(frame, "id") == [1, 2, 2**40]
    assert values(frame, "price") == [1.5, None, 2.0]
    assert values(frame, "name") == ["a", None, "ü;'"]
    assert values(frame, "a,b") == [10.0, 2.5, None]
    assert values(frame, "sold") == [19782 * 86_400_000, -86_400_000, None]  # 19782 days from 1970 to 2024-02-29
    assert values(frame, "loose") == ["1.0", "2.5", "x"]
    assert values(frame, "ok") == [1, 0, None]
    assert values(frame, "gone") == [None] * 3


def test_real_numbers_in_a_column_of_times_are_julian_days(folder: Path) -> None:
    with sqlite3.connect(folder / "julian.db") as connection:
        connection.execute("CREATE TABLE t (at TIMESTAMP)")
        connection.executemany("INSERT INTO t VALUES (?)", [(2440587.5,), (2440588.5,), (None,)])
    connection.close()
    assert values(read(folder, file="julian.db", table="t"), "at") == [0, 86_400_000, None]


def test_some_columns_in_the_order_that_they_are_named(folder: Path) -> None:
    frame = read(folder, table='main."My Cars"', columns='"a,b", ID')
    assert frame.names == ("a,b", "id")
    assert values(frame, "id") == [1, 2, 2**40]


def test_a_query(folder: Path) -> None:
    frame = read(folder, query="SELECT id * 2 AS twice, 'x;y' AS text, sold FROM \"My Cars\" ORDER BY id DESC;  ")
    assert frame.names == ("twice", "text", "sold")
    assert values(frame, "twice") == [2**41, 4, 2]
    assert values(frame, "text") == ["x;y"] * 3
    assert frame.types[2] is ColumnType.TIME


def test_a_query_of_many_batches_is_whole(folder: Path) -> None:
    query = (
        "SELECT x FROM (WITH RECURSIVE n(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM n WHERE x < 1001) SELECT x FROM n)"
    )
    frame = read(folder, query=query)
    assert values(frame, "x") == list(range(1, 1002))


def test_an_empty_table_keeps_its_columns(folder: Path) -> None:
    frame = read(folder, table="empty")
    assert (frame.names, frame.n_rows) == (("x", "y"), 0)


@pytest.mark.parametrize(
    ("request_", "error", "said"),
    [
        ({"table": "vans"}, NotFound, "no table 'vans'"),
        ({"table": "other.cars"}, InvalidArgument, "one schema 'main'"),
        ({"table": "empty", "columns": "z"}, NotFound, "no column 'z'. It has 'x', 'y'"),
        ({"table": 'empty"; DROP TABLE empty; --'}, InvalidArgument, "named 'table' or 'schema.table'"),
        ({"table": "blobs"}, ParseError, "binary values"),
        ({"query": "SELECT 1; DROP TABLE empty"}, InvalidArgument, "single SELECT"),
        ({"query": "SELECT 1; SELECT 2"}, InvalidArgument, "single SELECT"),
        ({"query": "DROP TABLE empty"}, InvalidArgument, "one SELECT"),
        ({"query": "PRAGMA query_only = OFF"}, InvalidArgument, "one SELECT"),
        ({"query": "SELECT load_extension('/tmp/x.so')"}, ArtesianError, "not authorized"),
        ({"query": "SELECT writefile('/tmp/x', 'y')"}, InvalidArgument, "no such function"),
        ({"query": "SELECT x FROM nowhere"}, InvalidArgument, "no such table"),
        ({"query": "SELECT x, x FROM empty"}, InvalidArgument, "several columns named 'x'"),
        ({"query": "SELECT " + ", ".join(f"{i} AS c{i}" for i in range(30))}, TooLarge, "30 columns"),
        ({"query": "SELECT 1", "table": "empty"}, InvalidArgument, "either a 'table' or a 'select_query'"),
        ({}, InvalidArgument, "either a 'table' or a 'select_query'"),
        ({"query": "SELECT 1", "columns": "x"}, InvalidArgument, "'columns' belongs to a 'table'"),
    ],
)
def test_what_is_refused(folder: Path, request_: dict[str, str], error: type[Exception], said: str) -> None:
    before = (folder / "cars.db").read_bytes()
    with pytest.raises(error, match=said):
        read(folder, **request_)
    assert (folder / "cars.db").read_bytes() == before
    assert sorted(path.name for path in folder.iterdir()) == ["cars.db"]


def test_other_files_cannot_be_attached(folder: Path) -> None:
    (folder.parent / "other.db").touch()
    for query in ("SELECT 1 FROM (ATTACH 'other.db' AS o)", "SELECT * FROM pragma_database_list"):
        with pytest.raises(ArtesianError):
            read(folder, query=query)


def test_what_is_no_database(folder: Path) -> None:
    (folder / "text.db").write_text("a,b\n1,2\n" * 100)
    with pytest.raises(ParseError, match=r"text\.db cannot be read as a SQLite database"):
        read(folder, file="text.db", table="x")
    with pytest.raises(InvalidArgument, match="no file"):
        read(folder, file="none.db", table="x")
    assert not (folder / "none.db").exists()


@pytest.mark.timeout(20)
def test_an_endless_query_is_cancelled(folder: Path) -> None:
    query = "SELECT count(*) FROM (WITH RECURSIVE n(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM n) SELECT x FROM n)"
    with pytest.raises(Cancelled):
        read(folder, cancel_after=5, query=query)
