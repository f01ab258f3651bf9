"""Tables and queries of a real PostgreSQL as frames: types, missing values, names, and what a query may not do."""

from __future__ import annotations

import dataclasses
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from artesian.core.errors import ArtesianError, Cancelled, Forbidden, InvalidArgument, NotFound
from artesian.core.settings import Settings
from artesian.frame.column import ColumnType
from artesian.frame.frame import Frame
from artesian.frame.sql import SqlRequest, read_database
from postgresql_cluster import PASSWORD, USER, Cluster, postgresql_cluster

SETTINGS = dataclasses.replace(Settings(), sql_hosts=("127.0.0.1",), sql_batch_cells=300, http_timeout_secs=5)
DAY = 86_400_000


@pytest.fixture(scope="module")
def cluster() -> Iterator[Cluster]:
    with postgresql_cluster() as made:
        with made.connect() as connection:
            connection.execute("CREATE TYPE mood AS ENUM ('sad', 'glad')")
            connection.execute("CREATE DOMAIN positive AS int CHECK (VALUE > 0)")
            connection.execute(
                "CREATE TABLE types (i2 int2, i4 int, i8 bigint, p positive, r4 real, r8 double precision, n numeric(12,2), "
                "m money, b boolean, t text, v varchar(9), c char(4), d date, ts timestamp, tz timestamptz, tm time, "
                'u uuid, j jsonb, e mood, a int[], nothing text, "Odd ""Name" int)'
            )
            connection.execute(
                "INSERT INTO types VALUES "
                "(1, 2, 9007199254740993, 7, 1.5, 0.1, 10.25, 3.5, true, 'ü', 'v', 'ab', '2024-02-29', "
                "'1969-12-31 23:59:59.999', '2024-02-29 12:00:00+02', '01:02:03.004', "
                "'a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11', '{\"k\": 1}', 'glad', '{1,2}', NULL, 5), "
                "(-1, 0, 0, NULL, 'NaN', 'Infinity', NULL, NULL, false, '', NULL, NULL, 'infinity', NULL, NULL, NULL, "
                "NULL, NULL, NULL, NULL, NULL, NULL), "
                "(NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, "
                "NULL, NULL, NULL, NULL)"
            )
            connection.execute(
                "CREATE TABLE numbers AS SELECT x, x / 2.0 AS half, 's' || x AS s FROM generate_series(1, 1001) x"
            )
            connection.execute("CREATE SCHEMA other")
            connection.execute('CREATE TABLE other."Cars" (x int)')
            connection.execute("CREATE TABLE written (x int)")
        yield made


def read(cluster: Cluster, settings: Settings = SETTINGS, **request: str) -> Frame:
    return read_database(
        SqlRequest(
            request.pop("url", cluster.url), user=request.pop("user", USER), **({"password": PASSWORD} | request)
        ),
        settings,
        progress=lambda fraction, _: None,
        check=lambda: None,
        cancelled=lambda: False,
    )


def values(frame: Frame, name: str) -> list[object]:
    return frame.columns[frame.names.index(name)].values.to_list()


def test_each_type_of_postgresql(cluster: Cluster) -> None:
    frame = read(cluster, table="types")
    types = {name: str(kind) for name, kind in zip(frame.names, frame.types, strict=True)}
    assert types == {
        **dict.fromkeys(["i2", "i4", "i8", "p", "b", 'Odd "Name'], "int"),
        **dict.fromkeys(["r4", "r8", "n", "m"], "real"),
        **dict.fromkeys(["t", "v", "c", "j", "e", "a", "nothing"], "string"),
        **dict.fromkeys(["d", "ts", "tz", "tm"], "time"),
        "u": "uuid",
    }
    assert {name: values(frame, name)[0] for name in frame.names} == {
        "i2": 1, "i4": 2, "i8": 9007199254740993, "p": 7, "r4": 1.5, "r8": 0.1, "n": 10.25, "m": 3.5, "b": 1, "t": "ü",
        "v": "v", "c": "ab  ", "d": 19782 * DAY, "ts": -1, "tz": 19782 * DAY + 10 * 3_600_000, "tm": 3_723_004,
        "u": "A0EEBC99-9C0B-4EF8-BB6D-6BB9BD380A11", "j": '{"k": 1}', "e": "glad", "a": "{1,2}", "nothing": None,
        'Odd "Name': 5,
    }  # fmt: skip
    second = {name: values(frame, name)[1] for name in frame.names}
    assert {name: value for name, value in second.items() if value is not None} == {
        "i2": -1, "i4": 0, "i8": 0, "b": 0, "t": "",
    }  # fmt: skip
    assert all(values(frame, name)[2] is None for name in frame.names)


def test_many_batches_make_one_frame(cluster: Cluster) -> None:
    frame = read(cluster, query="SELECT * FROM numbers ORDER BY x DESC;")
    assert values(frame, "x") == list(range(1001, 0, -1))
    assert values(frame, "half")[:3] == [500.5, 500.0, 499.5]
    assert values(frame, "s")[-1] == "s1"
    assert frame.columns[1].type is ColumnType.REAL


def test_some_columns_and_other_schemas(cluster: Cluster) -> None:
    assert read(cluster, table="Numbers", columns='S, "x"').names == ("s", "x")
    assert read(cluster, table='other."Cars"').names == ("x",)
    assert read(cluster, table="other.cars").n_rows == 0


def test_queries_keep_what_looks_like_code(cluster: Cluster) -> None:
    frame = read(cluster, query="SELECT 'a;b%s' AS x, $$;$$ AS y -- and; a comment")
    assert (values(frame, "x"), values(frame, "y")) == (["a;b%s"], [";"])


@pytest.mark.parametrize(
    ("query", "said"),
    [
        ("SELECT 1; DROP TABLE numbers", "syntax error"),
        ("SELECT 1) AS q; DROP TABLE numbers; SELECT * FROM (SELECT 2", "more than one statement"),
        ("SELECT 1) AS q; COMMIT; DROP TABLE numbers; --", "syntax error"),
        ("SELECT 1) AS q; COMMIT; DROP TABLE numbers; SELECT (1", "more than one statement"),
        ("SELECT * INTO copied FROM numbers", "syntax error|not allowed"),
        ("SELECT nextval('pg_catalog.none')", "does not exist"),
        ("SELECT set_config('transaction_read_only', 'off', false)", "read-write mode|read-only"),
        ("SELECT x, x FROM numbers", "several columns named 'x'"),
        ("SELECT FROM numbers", "no columns"),
        ("SELECT x FROM nowhere", "nowhere"),
        ("SELECT nothing FROM numbers", "nothing"),
        ("SELECT 1 / (x - x) FROM numbers", "division by zero"),
    ],
)
def test_what_queries_may_not_do(cluster: Cluster, query: str, said: str) -> None:
    with pytest.raises(ArtesianError, match=said):
        read(cluster, query=query)
    with cluster.connect() as connection:
        assert connection.execute("SELECT count(*) FROM numbers").fetchone() == (1001,)
        assert connection.execute("SELECT count(*) FROM pg_tables WHERE tablename = 'copied'").fetchone() == (0,)


def test_nothing_can_be_written_by_a_function(cluster: Cluster) -> None:
    with cluster.connect() as connection:
        connection.execute(
            "CREATE OR REPLACE FUNCTION writes() RETURNS int LANGUAGE plpgsql AS "
            "$$ BEGIN INSERT INTO written VALUES (1); RETURN 1; END $$"
        )
    with pytest.raises(InvalidArgument, match="read-only transaction"):
        read(cluster, query="SELECT writes()")


def test_unknown_tables_and_columns_get_a_near_name(cluster: Cluster) -> None:
    with pytest.raises(NotFound, match=r"no table 'number'\. Did you mean 'numbers'"):
        read(cluster, table="number")
    with pytest.raises(NotFound, match=r"no column 'halve'\. Did you mean 'half'"):
        read(cluster, table="numbers", columns="halve")
    with pytest.raises(NotFound, match=r"no schema 'othr'\. Did you mean 'other'"):
        read(cluster, table="othr.cars")
    with pytest.raises(InvalidArgument, match=r'cannot be opened: .* database "none" does not exist'):
        read(cluster, url=cluster.url.replace("/shop", "/none"), table="numbers")


def test_a_wrong_password_is_said_and_not_shown(cluster: Cluster, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PGPASSWORD", PASSWORD)  # the server's own is nobody's
    for password in ("hunter2", ""):
        with pytest.raises(InvalidArgument, match="cannot be opened") as refusal:
            read(cluster, table="numbers", password=password)
        assert "hunter2" not in str(refusal.value)
    with pytest.raises(InvalidArgument, match="'username'"):
        read(cluster, table="numbers", user="")


def test_private_hosts_are_guarded_again_when_connecting(cluster: Cluster) -> None:
    with pytest.raises(Forbidden, match="'sql_hosts'"):
        read(cluster, settings=dataclasses.replace(SETTINGS, sql_hosts=()), table="numbers")


def test_a_host_that_does_not_answer(cluster: Cluster) -> None:
    with pytest.raises(InvalidArgument, match=r"cannot be opened: .*refused"):
        read(cluster, url="jdbc:postgresql://127.0.0.1:1/shop", table="numbers")


@pytest.mark.timeout(20)
@pytest.mark.parametrize("request_", [{"table": "numbers"}, {"query": "SELECT pg_sleep(60)"}])
def test_a_cancelled_job_ends_its_query_too(cluster: Cluster, request_: dict[str, str]) -> None:
    started = time.monotonic()

    def cancelled() -> bool:
        return time.monotonic() > started + 0.5

    def check() -> None:
        if cancelled():
            raise Cancelled("The job was cancelled.")

    def slowly(fraction: float, message: str) -> None:
        time.sleep(0.2)

    asked = SqlRequest(cluster.url, user=USER, password=PASSWORD, **request_)
    with pytest.raises(Cancelled):
        read_database(asked, SETTINGS, progress=slowly, check=check, cancelled=cancelled)
    assert time.monotonic() < started + 10
    with cluster.connect() as connection:
        running = "SELECT count(*) FROM pg_stat_activity WHERE application_name = 'artesian' AND state = 'active'"
        assert connection.execute(running).fetchone() == (0,)
