"""Runs the scripts beside this file with the official client against a server that this starts.

    run.py --official PYTHON [--url URL] [SCRIPT ...]

Each script is a process of its own and passes by ending with status 0. `--url` names a server that runs already (the
real H2O-3, for instance: every script passes there too, except that of databases, for which it has no drivers). Where this
machine has PostgreSQL, a cluster of the run's own is made for that script.
"""

from __future__ import annotations

import argparse
import contextlib
import os
import socket
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path

HERE = Path(__file__).resolve().parent
REPOSITORY = HERE.parent.parent
START_SECONDS = 30.0
SCRIPT_SECONDS = 600.0
DEFAULT_PORT = 54321  # where a bare `h2o.init()` looks


def port_to_use() -> int:
    """The default port where it is free, else any free one."""
    for port in (DEFAULT_PORT, 0):
        with socket.socket() as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind(("127.0.0.1", port))
            except OSError:
                continue
            return int(probe.getsockname()[1])
    raise SystemExit("No port is free.")


def start_server(port: int, folder: Path) -> subprocess.Popen[bytes]:
    """A server of this project on that port, its output in `folder`; returns once it answers."""
    command = [
        sys.executable,
        "-m",
        "artesian.cli",
        "start",
        "--port",
        str(port),
        "--import-roots",
        "/",
        "--export-roots",
        str(folder),
        "--sql-hosts",
        "127.0.0.1",
    ]
    with (folder / "server.log").open("wb") as log:
        server = subprocess.Popen(command, stdout=log, stderr=log, cwd=folder)
    deadline = time.monotonic() + START_SECONDS
    while time.monotonic() < deadline:
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{port}/3/Cloud", timeout=2):
                return server
        except (urllib.error.URLError, OSError):
            if server.poll() is not None:
                break
            time.sleep(0.1)
    server.kill()
    raise SystemExit(f"The server did not come up:\n{(folder / 'server.log').read_text()}")


@contextlib.contextmanager
def databases() -> Iterator[dict[str, str]]:
    """The variables that tell a script of a PostgreSQL with the table `cars`; none where there is no PostgreSQL."""
    sys.path.insert(0, str(REPOSITORY / "tests"))
    with contextlib.ExitStack() as stack:
        try:
            import pytest

            from postgresql_cluster import PASSWORD, USER, postgresql_cluster
        except ImportError:
            yield {}
            return
        try:
            cluster = stack.enter_context(postgresql_cluster())
        except pytest.skip.Exception as reason:
            print(f"no PostgreSQL: {reason}", flush=True)
            yield {}
            return
        with cluster.connect() as connection:
            connection.execute("CREATE TABLE cars (id int, name text, power double precision, built timestamp)")
            connection.execute(
                "INSERT INTO cars SELECT i, 'car ' || i || ', ü', CASE WHEN i <> 7 THEN i / 2.0 END, "
                "timestamp '2024-03-01 10:00' + (i % 28) * interval '1 day' FROM generate_series(1, 1200) i"
            )
        yield {
            "ARTESIAN_POSTGRESQL": cluster.url,
            "ARTESIAN_POSTGRESQL_USER": USER,
            "ARTESIAN_POSTGRESQL_PASSWORD": PASSWORD,
        }


def run_script(python: str, script: Path, url: str, folder: Path, variables: dict[str, str]) -> bool:
    """Whether the script ended with status 0; its output is shown where it did not."""
    environment = {
        **os.environ,
        **variables,
        "ARTESIAN_URL": url,
        "ARTESIAN_EXPORT": str(folder),
        "MPLBACKEND": "Agg",
        "PYTHONPATH": str(HERE),
    }
    started = time.monotonic()
    try:
        done = subprocess.run(
            [python, str(script)],
            capture_output=True,
            text=True,
            timeout=SCRIPT_SECONDS,
            env=environment,
            cwd=folder,
            check=False,
        )
        passed, output = done.returncode == 0, done.stdout + done.stderr
    except subprocess.TimeoutExpired:
        passed, output = False, f"over {SCRIPT_SECONDS:.0f} s"
    print(f"{'passed' if passed else 'FAILED'}  {time.monotonic() - started:6.1f} s  {script.stem}", flush=True)
    if not passed:
        print("\n".join("    " + line for line in output.splitlines()[-30:]), flush=True)
    return passed


def main() -> int:
    """Runs the scripts and prints how many passed."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--official", required=True, help="the Python that has the official client")
    parser.add_argument("--url", help="a running server; by default one is started")
    parser.add_argument("scripts", nargs="*", type=Path)
    options = parser.parse_args()
    scripts = options.scripts or sorted((HERE / "scripts").glob("*.py"))
    server = None
    with tempfile.TemporaryDirectory() as name, databases() as variables:
        folder = Path(name)
        url = options.url
        if url is None:
            port = port_to_use()
            server = start_server(port, folder)
            url = f"http://127.0.0.1:{port}"
        try:
            python = str(Path(options.official).absolute())
            results = [run_script(python, script.resolve(), url, folder, variables) for script in scripts]
        finally:
            if server is not None:
                server.terminate()
                server.wait(10)
    print(f"conformance: {sum(results)} passed, {len(results) - sum(results)} failed")
    return 0 if all(results) else 1


if __name__ == "__main__":
    sys.exit(main())
