"""The command line: start in the foreground and detached, find, stop, end cleanly on a signal."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from server_client import Starter

from artesian.cli import main
from artesian.core.settings import describe

CLEAN_SECS = 2.0


@pytest.fixture
def runtime(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder of its own for the notes of running servers."""
    folder = tmp_path / "runtime"
    monkeypatch.setenv("ARTESIAN_RUNTIME_DIR", str(folder))
    return folder


def run(*arguments: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "artesian.cli", *arguments]
    return subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)


def test_detached_server_is_found_and_stopped(runtime: Path) -> None:
    started = run("start", "--detach", "--port", "0", "--name", "mine")
    assert started.returncode == 0, started.stderr
    url = started.stdout.split("answers at ")[1].split()[0]
    state = json.loads(run("status", "--json").stdout)
    assert [(item["url"], item["name"], item["healthy"]) for item in state] == [(url, "mine", True)]
    port = url.rpartition(":")[2]
    stopped = run("stop", "--port", port)
    assert stopped.returncode == 0, stopped.stderr
    assert stopped.stdout.strip() == f"{url} stopped"
    assert run("status").stdout.strip() == "No server of this user runs."
    assert run("stop").returncode == 1


def test_detached_server_that_cannot_start_says_why(runtime: Path) -> None:
    first = run("start", "--detach", "--port", "0")
    port = first.stdout.split("answers at ")[1].split()[0].rpartition(":")[2]
    try:
        second = run("start", "--detach", "--port", port)
        assert second.returncode == 1
        assert f"cannot listen on 127.0.0.1:{port}" in second.stderr
    finally:
        run("stop", "--all")


def test_several_servers_are_told_apart(runtime: Path) -> None:
    for _ in range(2):
        assert run("start", "--detach", "--port", "0").returncode == 0
    ambiguous = run("stop")
    assert ambiguous.returncode == 1
    assert "give --port or --all" in ambiguous.stderr
    assert run("stop", "--all").stdout.count("stopped") == 2


@pytest.mark.alone
@pytest.mark.parametrize("kind", [signal.SIGTERM, signal.SIGINT])
def test_signal_ends_the_server_cleanly_while_it_works(kind: signal.Signals, start_server: Starter) -> None:
    server = start_server()
    server.upload("x,y\n" + "\n".join(f"{i},{i % 7}" for i in range(500)) + "\n", "busy")
    parameters = {"training_frame": "busy", "response_column": "y", "epochs": "1000000", "stopping_rounds": "0"}
    server.post("/3/ModelBuilders/deeplearning", **parameters, regression_stop="-1")
    time.sleep(0.3)
    assert server.process is not None
    begun = time.monotonic()
    server.process.send_signal(kind)
    assert server.process.wait(10) == 0
    assert time.monotonic() - begun < CLEAN_SECS


def test_note_of_a_server_is_private(runtime: Path) -> None:
    run("start", "--detach", "--port", "0", "--token", "s3cret")
    try:
        folder = next(runtime.iterdir())
        note = next(folder.glob("*.json"))
        assert (folder.stat().st_mode & 0o777, note.stat().st_mode & 0o777) == (0o700, 0o600)
        assert json.loads(run("status", "--json").stdout)[0]["healthy"] is True
    finally:
        run("stop", "--all")


def test_note_of_a_dead_process_is_dropped(runtime: Path) -> None:
    folder = runtime / f"artesian-{os.getuid()}"
    folder.mkdir(mode=0o700, parents=True)
    facts = {
        "process": 2**22 - 1,
        "url": "http://127.0.0.1:1",
        "token": "",
        "started_ms": 0,
        "name": "",
        "data_dir": "",
    }
    (folder / "1.json").write_text(json.dumps({**facts, "born": "1"}))
    assert "No server" in run("status").stdout
    assert list(folder.iterdir()) == []


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (["start", "--port", "-1"], "at least 0"),
        (["start", "--port", "abc"], "must be a int"),
        (["start", "--config", "/nosuch.toml"], "/nosuch.toml cannot be read"),
        (["start", "--host", "192.0.2.1", "--port", "0"], "cannot listen on 192.0.2.1"),
    ],
)
def test_wrong_flag_is_told(
    arguments: list[str], sentence: str, capsys: pytest.CaptureFixture[str], runtime: Path
) -> None:
    assert main(arguments) == 1
    assert sentence in capsys.readouterr().err


def test_every_setting_is_a_flag(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        main(["start", "--help"])
    text = capsys.readouterr().out
    for item in describe():
        assert f"--{item['name'].replace('_', '-')}" in text


def test_settings_come_from_file_environment_and_flags(start_server: Starter, tmp_path: Path) -> None:
    config = tmp_path / "artesian.toml"
    config.write_text('name = "of the file"\nlog_lines = 200\n')
    server = start_server("--config", str(config), "--import-root", "/tmp", "--import-root", str(tmp_path))
    assert server.get("/3/Cloud")["cloud_name"] == "of the file"
    (tmp_path / "a.csv").write_text("a\n1\n")
    assert server.post("/3/ImportFiles", path=str(tmp_path / "a.csv"))["files"]
    other = start_server("--config", str(config), ARTESIAN_NAME="of the environment")
    assert other.get("/3/Cloud")["cloud_name"] == "of the environment"


def test_starting_imports_nothing_that_only_some_need() -> None:
    code = (
        "import sys, artesian.server.app, artesian.server.routes as r; r.load_all(); "
        "print([m for m in ('pandas', 'pyarrow', 'matplotlib', 'boto3', 'sklearn', 'scipy', 'torch') if m in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
