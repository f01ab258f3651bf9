"""`init()`: connects to what is there, or starts a server that ends with Python."""

from __future__ import annotations

import os
import re
import socket
import subprocess
import sys
import time
from pathlib import Path

import pytest

from artesian.client.exceptions import H2OConnectionError, H2OStartupError, H2OValueError
from artesian.client.local_server import H2OLocalServer, default_roots, free_port
from artesian.client.session import init


def run(code: str, folder: Path) -> str:
    """The output of a Python process in a folder."""
    environment = os.environ | {"ARTESIAN_RUNTIME_DIR": str(folder)}
    result = subprocess.run(
        [sys.executable, "-c", code],
        capture_output=True,
        text=True,
        cwd=folder,
        env=environment,
        timeout=120,
        check=False,
    )
    assert result.returncode == 0, result.stderr
    return result.stdout


def test_a_started_server_says_where_it_is_and_ends_with_python(tmp_path: Path) -> None:
    port = free_port("54800+")
    (tmp_path / "data.csv").write_text("a,b\n1,2\n3,4\n")
    code = f"""
import artesian as h2o
h2o.init(port={port}, nthreads=1)
print(h2o.import_file("data.csv").shape, h2o.connection().local_server.pid)
"""
    output = run(code, tmp_path)
    found = re.search(r"Started a server at http://127\.0\.0\.1:(\d+) \(process (\d+)", output)
    assert found is not None, output
    assert int(found[1]) >= port
    assert f"(2, 2) {found[2]}" in output
    assert "was stopped" in output
    deadline = time.monotonic() + 5
    while Path(f"/proc/{found[2]}").exists() and time.monotonic() < deadline:
        time.sleep(0.05)
    assert not Path(f"/proc/{found[2]}").exists()


def test_a_running_server_is_used_and_left_running(server_url: str, tmp_path: Path) -> None:
    code = f"import artesian as h2o; h2o.init(url='{server_url}'); print(h2o.connection().local_server)"
    output = run(code, tmp_path)
    assert f"Connected to the server at {server_url}" in output
    assert output.rstrip().endswith("None")
    assert f"Connected to the server at {server_url}" in run(code, tmp_path)


def test_without_permission_to_start_one_a_missing_server_is_an_error() -> None:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    with pytest.raises(H2OConnectionError, match="Could not establish link"):
        init(port=port, start_h2o=False, verbose=False)
    with pytest.raises(H2OConnectionError, match="Could not establish link"):
        init(url=f"http://127.0.0.1:{port}", verbose=False)


def test_a_server_that_cannot_start_shows_the_end_of_its_log(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("ARTESIAN_LOG_LINES", "many")
    with pytest.raises(H2OStartupError, match=r"(?s)did not start.*ARTESIAN_LOG_LINES"):
        H2OLocalServer.start(port="54900+", log_dir=str(tmp_path), verbose=False)


def test_free_ports() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        number = taken.getsockname()[1]
        assert free_port(f"{number}+") > number
        assert free_port(number) == number
    with pytest.raises(H2OValueError, match="with a plus"):
        free_port("+1")


def test_the_package_data_can_be_imported_by_default() -> None:
    assert any(root.endswith("datasets") for root in default_roots())
