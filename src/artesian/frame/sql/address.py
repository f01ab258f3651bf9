"""Connection URLs: `jdbc:postgresql://host:port/database` and `jdbc:sqlite:path`, and nothing beyond.

Nothing in a URL reaches a driver but the fields that are parsed here; there are no options, in no encoding. Messages never
repeat a URL, which may hold a password.
"""

from __future__ import annotations

import importlib.util
import re
import socket
from dataclasses import dataclass
from urllib.parse import unquote

from artesian.core.errors import Forbidden, InvalidArgument, NotAvailable, NotFound, did_you_mean
from artesian.core.settings import Settings
from artesian.frame.io.http import check_address
from artesian.frame.io.jail import check_import

_DRIVER = re.compile(r"jdbc:([A-Za-z0-9_+-]+):(.*)", re.IGNORECASE | re.DOTALL)
_SERVER = re.compile(r"//(\[[0-9A-Fa-f:.]+\]|[A-Za-z0-9_.-]+)(?::([0-9]{1,5}))?/([A-Za-z0-9_$.~-]+)")
_OPTION = re.compile(r"(?:^|[?&;:/,])\s*([A-Za-z_][A-Za-z0-9_.]*)\s*=")
_MOST_DECODINGS = 10
_POSTGRESQL_PORT = 5432


@dataclass(frozen=True)
class PostgresqlAddress:
    """A database of a PostgreSQL server."""

    host: str
    port: int
    database: str


@dataclass(frozen=True)
class SqliteAddress:
    """A file of SQLite."""

    path: str


Address = PostgresqlAddress | SqliteAddress
_PACKAGES = {"postgresql": "psycopg", "sqlite": "sqlite3"}


def parse_address(url: str) -> Address:
    """The database that a URL names; InvalidArgument, naming what is wrong, for any other form."""
    found = _DRIVER.fullmatch(url.strip())
    if found is None:
        raise InvalidArgument(
            "The connection URL must be jdbc:postgresql://host:port/database or jdbc:sqlite:path; this one does not "
            "start with jdbc: and the name of a driver."
        )
    driver, rest = found[1].lower(), found[2]
    if driver not in _PACKAGES:
        raise NotAvailable(
            f"The driver '{driver[:40]}' is not offered; databases are read with {' and '.join(sorted(_PACKAGES))}."
            f"{did_you_mean(driver, _PACKAGES)}"
        )
    return _sqlite(rest) if driver == "sqlite" else _postgresql(rest)


def check_driver(address: Address, settings: Settings) -> None:
    """Raises Forbidden for a driver that the settings do not allow, NotAvailable for one that is not installed.

    Also checks where it leads: a SQLite file must lie inside the import roots, a host must be public or named in `sql_hosts`.
    """
    driver = "sqlite" if isinstance(address, SqliteAddress) else "postgresql"
    if driver not in settings.sql_drivers:
        raise Forbidden(
            f"The driver '{driver}' is not allowed on this server; name it in the setting 'sql_drivers' to allow it."
        )
    if importlib.util.find_spec(_PACKAGES[driver]) is None:
        raise NotAvailable(f"Reading from {driver} needs a package that is not installed: pip install 'artesian[sql]'.")
    if isinstance(address, SqliteAddress):
        check_import(address.path, settings)
    else:
        resolve(address, settings)


def resolve(address: PostgresqlAddress, settings: Settings) -> str:
    """The address of the host, after all that its name stands for passed the guard of http imports.

    Hosts named in the setting `sql_hosts` may be private ones.
    """
    try:
        found = socket.getaddrinfo(address.host, address.port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError) as error:
        reason = getattr(error, "strerror", "") or str(error)
        raise NotFound(f"The host '{address.host}' is not known: {reason}.") from None
    addresses = [str(entry[4][0]) for entry in found]
    if address.host.lower() in {host.lower() for host in settings.sql_hosts}:
        return addresses[0]
    for numeric in addresses:
        try:
            check_address(address.host, numeric, settings)
        except Forbidden:
            raise Forbidden(
                f"The address of '{address.host}' ({numeric}) is not public; name the host in the setting 'sql_hosts' to "
                "let databases be read from it.",
                host=address.host,
            ) from None
    return addresses[0]


def _postgresql(rest: str) -> PostgresqlAddress:
    found = _SERVER.fullmatch(rest)
    if found is None:
        raise InvalidArgument(_refusal(rest, "jdbc:postgresql://host:port/database"))
    port = int(found[2]) if found[2] else _POSTGRESQL_PORT
    if not 0 < port < 65536:
        raise InvalidArgument(f"The port of a connection URL must be from 1 to 65535. Got {port}.")
    return PostgresqlAddress(found[1].strip("[]"), port, found[3])


def _sqlite(rest: str) -> SqliteAddress:
    plain = rest[7:] if rest[:7].lower() == "file://" else rest
    if not plain or plain.startswith(":") or plain[:5].lower() == "file:" or set(plain) & set("?;&=%\0"):
        raise InvalidArgument(_refusal(rest, "jdbc:sqlite:path, where the path is that of a file"))
    return SqliteAddress(plain)


def _refusal(rest: str, form: str) -> str:
    """The sentence for a URL with more in it than host, port and database: the option is named, its value is not."""
    plain = rest
    for _ in range(_MOST_DECODINGS):
        decoded = unquote(plain)
        if decoded == plain:
            break
        plain = decoded
    option = _OPTION.search(plain)
    if option:
        return (
            f"The connection URL carries the option '{option[1][:60]}'; options are not taken, "
            f"only the plain form {form}, with user and password given apart."
        )
    if "@" in plain:
        return f"The connection URL carries a user; give user and password apart, and the URL as {form}."
    return f"The connection URL must have the plain form {form}, without options and without encoded characters."
