"""Connection URLs: host, port and database are all that is taken from them, however anything else is written."""

from __future__ import annotations

import dataclasses
import socket
from pathlib import Path
from urllib.parse import quote

import pytest
from hypothesis import given
from hypothesis import strategies as st

from artesian.core.errors import Forbidden, InvalidArgument, NotAvailable, NotFound
from artesian.core.settings import Settings
from artesian.frame.sql.address import PostgresqlAddress, SqliteAddress, check_driver, parse_address, resolve


@pytest.mark.parametrize(
    ("url", "address"),
    [
        ("jdbc:postgresql://db.example.org:6543/sales", PostgresqlAddress("db.example.org", 6543, "sales")),
        ("JDBC:PostgreSQL://10.0.0.7/sales-2024", PostgresqlAddress("10.0.0.7", 5432, "sales-2024")),
        ("jdbc:postgresql://[::1]:5432/x", PostgresqlAddress("::1", 5432, "x")),
        ("jdbc:sqlite:data/cars.db", SqliteAddress("data/cars.db")),
        ("jdbc:sqlite:/data/my cars.db", SqliteAddress("/data/my cars.db")),
        ("jdbc:sqlite:file:///data/cars.db", SqliteAddress("/data/cars.db")),
    ],
)
def test_plain_urls(url: str, address: object) -> None:
    assert parse_address(url) == address


@pytest.mark.parametrize(
    ("url", "named"),
    [
        # the published attacks on H2O-3, each once a bypass of the one before
        ("jdbc:postgresql://h:5432/d?socketFactory=org.springframework.Context&socketFactoryArg=x", "socketFactory"),
        ("jdbc:postgresql://h:5432/d?%73ocketFactory=a", "socketFactory"),
        ("jdbc:postgresql://h:5432/d?%2573ocketFactory=a", "socketFactory"),
        ("jdbc:postgresql://h:5432/d%3FsocketFactory=a", "socketFactory"),
        ("jdbc:postgresql://h:5432/d? socketFactory = a", "socketFactory"),
        ("jdbc:postgresql://h:5432/d;loggerFile=/tmp/x", "loggerFile"),
        ("jdbc:postgresql:/?sslfactory=x", "sslfactory"),
        ("jdbc:postgresql://h:5432/d?sslmode=require", "sslmode"),
        ("jdbc:sqlite:cars.db?enable_load_extension=true", "enable_load_extension"),
        ("jdbc:sqlite:file:cars.db?mode=rwc", "mode"),
    ],
)
def test_options_are_refused_by_name(url: str, named: str) -> None:
    with pytest.raises(InvalidArgument, match=f"option '{named}'"):
        parse_address(url)


@pytest.mark.parametrize(
    "url",
    [
        "jdbc:mysql://127.0.0.1:3308/test?autoDeserialize=true&queryInterceptors=x",
        "jdbc:mysql://(host=127.0.0.1,port=3308,autoDeserialize=true)/test",
        "jdbc:h2:mem:test;MODE=MSSQLServer;init=CREATE ALIAS EXEC",
        "jdbc:db2://127.0.0.1:50000/x:clientRerouteServerListJNDIName=ldap://attacker/x;",
        "jdbc:hive2://h:10000/default",
        "jdbc:postgresql+psycopg://h/d",
        "jdbc:duckdb:x.db",
    ],
)
def test_drivers_that_are_not_offered(url: str) -> None:
    with pytest.raises(NotAvailable, match="is not offered; databases are read with postgresql and sqlite"):
        parse_address(url)


@pytest.mark.parametrize(
    "url",
    [
        "",
        "postgresql://h/d",
        "jdbc:",
        "jdbc:postgresql:",
        "jdbc:postgresql:d",
        "jdbc:postgresql://h",
        "jdbc:postgresql://h/",
        "jdbc:postgresql://h1,h2/d",
        "jdbc:postgresql://user:secret@h/d",
        "jdbc:postgresql://h:99999/d",
        "jdbc:postgresql://h:5432/d/../e",
        "jdbc:postgresql://h:5432/host=evil",
        "jdbc:postgresql://h:5432/d\nx",
        "jdbc:postgresql:///var/run/postgresql/d",
        "jdbc:sqlite:",
        "jdbc:sqlite::memory:",
        "jdbc:sqlite::resource:http://attacker/x.db",
        "jdbc:sqlite:file:cars.db",
        "jdbc:sqlite:cars%2edb",
        "jdbc:sqlite:cars.db\0.csv",
    ],
)
def test_other_forms_are_refused_and_no_secret_is_repeated(url: str) -> None:
    with pytest.raises(InvalidArgument) as refusal:
        parse_address(url)
    assert "secret" not in str(refusal.value)


def encoded(text: str, times: int) -> str:
    for _ in range(times):
        text = quote(text, safe="")
    return text


@given(
    option=st.sampled_from(["socketFactory", "SSLFACTORY", "loggerFile", "init", "autoDeserialize", "mode"]),
    separator=st.sampled_from("?&;:,/#@ "),
    equals=st.sampled_from(["=", " = ", "%3D", "%253d", "=%20"]),
    times=st.integers(0, 4),
    driver=st.sampled_from(["postgresql://h:5432/d", "postgresql://h/d", "postgresql:", "sqlite:cars.db"]),
)
def test_no_way_of_writing_brings_an_option_past(
    option: str, separator: str, equals: str, times: int, driver: str
) -> None:
    with pytest.raises(InvalidArgument):
        parse_address(f"jdbc:{driver}{encoded(separator + option, times)}{equals}x")


@given(st.text(max_size=40))
def test_whatever_is_taken_as_a_server_is_plain(text: str) -> None:
    try:
        address = parse_address(f"jdbc:postgresql://{text}")
    except InvalidArgument:
        return
    assert isinstance(address, PostgresqlAddress)
    assert not set(address.host + address.database) & set("?&;=%@/\\ '\"\n\0")


# ---- where it leads ----


def test_drivers_are_a_setting() -> None:
    settings = dataclasses.replace(Settings(), sql_drivers=("sqlite",))
    with pytest.raises(
        Forbidden, match=r"'postgresql' is not allowed on this server; name it in the setting 'sql_drivers'"
    ):
        check_driver(parse_address("jdbc:postgresql://db.example.org/x"), settings)


def test_private_hosts_are_refused_unless_named(monkeypatch: pytest.MonkeyPatch) -> None:
    answers = {"db.example.org": "10.1.2.3", "meta": "169.254.169.254", "127.0.0.1": "127.0.0.1", "localhost": "::1"}
    monkeypatch.setattr(
        socket,
        "getaddrinfo",
        lambda host, port, **_: [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (answers[host], port))],
    )
    for host in answers:
        with pytest.raises(Forbidden, match="not public; name the host in the setting 'sql_hosts'"):
            check_driver(PostgresqlAddress(host, 5432, "x"), Settings())
    settings = dataclasses.replace(Settings(), sql_hosts=("DB.example.org",))
    assert resolve(PostgresqlAddress("db.example.org", 5432, "x"), settings) == "10.1.2.3"
    with pytest.raises(Forbidden):
        resolve(PostgresqlAddress("127.0.0.1", 5432, "x"), settings)


def test_hosts_that_nobody_knows() -> None:
    with pytest.raises(NotFound, match=r"host 'nowhere\.invalid' is not known"):
        resolve(PostgresqlAddress("nowhere.invalid", 5432, "x"), Settings())


def test_files_of_sqlite_lie_inside_the_roots(tmp_path: Path) -> None:
    inside = tmp_path / "inside"
    inside.mkdir()
    (tmp_path / "outside.db").touch()
    (inside / "link.db").symlink_to(tmp_path / "outside.db")
    settings = dataclasses.replace(Settings(), import_roots=(str(inside),))
    check_driver(SqliteAddress(str(inside / "cars.db")), settings)
    for path in (tmp_path / "outside.db", inside / ".." / "outside.db", inside / "link.db", "/etc/passwd"):
        with pytest.raises(Forbidden, match="may not be read"):
            check_driver(SqliteAddress(str(path)), settings)
