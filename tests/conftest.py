"""What several folders of tests share: one running server."""

from __future__ import annotations

import gc
import os
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import settings

settings.register_profile("untimed", deadline=None)  # a busy machine makes no test fail
settings.load_profile("untimed")

_START_SECS = 60.0
_REPOSITORY = Path(__file__).resolve().parent.parent


def pytest_collection_finish() -> None:
    """Modules and collected tests stay to the end: the garbage collector need not go through them again and again."""
    gc.collect()
    gc.freeze()


@pytest.fixture(scope="session")
def server_url(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of a server in a process of its own, on a free port, in a temporary folder.

    It may import from this repository and from the temporary folders of the test run, and export into the latter.
    """
    folder = tmp_path_factory.mktemp("shared-server")
    roots = os.pathsep.join([str(_REPOSITORY), str(tmp_path_factory.getbasetemp())])
    environment = os.environ | {
        "ARTESIAN_RUNTIME_DIR": str(folder),
        "ARTESIAN_IMPORT_ROOTS": roots,
        "ARTESIAN_EXPORT_ROOTS": str(tmp_path_factory.getbasetemp()),
    }
    output = folder / "output.txt"
    with output.open("wb") as file:
        process = subprocess.Popen(
            [sys.executable, "-m", "artesian.cli", "start", "--port", "0"],
            stdout=file,
            stderr=subprocess.STDOUT,
            cwd=folder,
            env=environment,
        )
    try:
        yield _address(process, output)
    finally:
        process.terminate()
        process.wait(10)


def _address(process: subprocess.Popen[bytes], output: Path) -> str:
    deadline = time.monotonic() + _START_SECS
    while time.monotonic() < deadline:
        text = output.read_text(errors="replace")
        if "answers at " in text:
            return text.split("answers at ", 1)[1].split()[0]
        if process.poll() is not None:
            raise AssertionError(f"the server ended with {process.returncode}: {text}")
        time.sleep(0.02)
    process.kill()
    raise AssertionError(f"the server did not answer: {output.read_text(errors='replace')}")
