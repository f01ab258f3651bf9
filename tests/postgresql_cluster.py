"""A PostgreSQL cluster of a test run's own, in a temporary folder, where the machine has PostgreSQL."""

from __future__ import annotations

import contextlib
import os
import pwd
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

USER = "artesian"
PASSWORD = "pass'word %41"
DATABASE = "shop"
_START_SECS = 60.0
_ACCOUNTS = ("postgres", "nobody")


@dataclass(frozen=True)
class Cluster:
    """A running cluster on a port of this machine, with the database `shop`."""

    port: int

    @property
    def url(self) -> str:
        return f"jdbc:postgresql://127.0.0.1:{self.port}/{DATABASE}"

    def connect(self, database: str = DATABASE) -> Any:
        """A connection that may write and commits at once."""
        import psycopg

        return psycopg.connect(
            host="127.0.0.1", port=self.port, dbname=database, user=USER, password=PASSWORD, autocommit=True
        )


@contextlib.contextmanager
def postgresql_cluster() -> Iterator[Cluster]:
    """Makes, starts and in the end removes a cluster; skips the test, with the reason, where that is not possible."""
    pytest.importorskip("psycopg", reason="psycopg is not installed (the extra 'sql')")
    initdb, postgres = shutil.which("initdb"), shutil.which("postgres")
    if initdb is None or postgres is None:
        pytest.skip("PostgreSQL's initdb and postgres are not on this machine")
    account = _account()
    folder = Path(tempfile.mkdtemp(prefix="artesian-postgresql-"))
    data = folder / "data"
    try:
        secret = folder / "secret"
        secret.write_text(PASSWORD + "\n")
        if account is not None:
            for path in (folder, secret):
                os.chown(path, account.pw_uid, account.pw_gid)
        options: dict[str, Any] = {"cwd": folder, "env": {"PATH": os.environ["PATH"], "LC_ALL": "C"}}
        if account is not None:
            options |= {"user": account.pw_uid, "group": account.pw_gid, "extra_groups": []}
        made = subprocess.run(
            [initdb, "-D", data, "-U", USER, "-A", "scram-sha-256", f"--pwfile={secret}", "-E", "UTF8", "--no-sync"],
            capture_output=True,
            text=True,
            check=False,
            **options,
        )
        if made.returncode:
            pytest.skip(f"initdb does not work here: {made.stderr.strip().splitlines()[-1]}")
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            port = probe.getsockname()[1]
        switches = ("listen_addresses=127.0.0.1", "unix_socket_directories=", "fsync=off", "shared_buffers=16MB")
        command = [postgres, "-D", data, "-p", str(port), *(part for switch in switches for part in ("-c", switch))]
        with (folder / "log").open("wb") as log:
            process = subprocess.Popen(command, stdout=log, stderr=log, **options)
        try:
            yield _ready(Cluster(port), process, folder / "log")
        finally:
            process.send_signal(signal.SIGINT)
            process.wait(30)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _account() -> pwd.struct_passwd | None:
    """Whom to run as: PostgreSQL refuses root."""
    if os.geteuid() != 0:
        return None
    for name in _ACCOUNTS:
        with contextlib.suppress(KeyError):
            return pwd.getpwnam(name)
    pytest.skip("PostgreSQL does not run as root, and there is no other account")


def _ready(cluster: Cluster, process: subprocess.Popen[bytes], log: Path) -> Cluster:
    import psycopg

    deadline = time.monotonic() + _START_SECS
    while True:
        try:
            with cluster.connect("postgres") as connection:
                connection.execute(f"CREATE DATABASE {DATABASE}")
            return cluster
        except psycopg.OperationalError as error:
            if process.poll() is not None or time.monotonic() > deadline:
                pytest.skip(f"postgres does not start here: {error}; {log.read_text()[-300:]}")
            time.sleep(0.05)
