"""The Python API without a server, with requests written down, and connected to the shared server."""

from __future__ import annotations

import gc
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

sys.path.insert(0, str(Path(__file__).parent))

from recording import Recorder

import artesian as h2o
from artesian.client import job, session


@pytest.fixture
def recorder(monkeypatch: pytest.MonkeyPatch) -> Recorder:
    """A recording connection as the current one; every expression gives a frame of 3 rows and 2 columns."""
    made = Recorder()
    made.replies["POST /99/Rapids"] = {"key": {"name": "result"}, "num_rows": 3, "num_cols": 2}
    monkeypatch.setattr(session, "_current", made)
    return made


@pytest.fixture
def client(server_url: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[Any]:
    """The Python API, connected to the shared server; what a test leaves there is removed."""
    monkeypatch.setattr(job, "_show_bars", False)
    h2o.connect(url=server_url, verbose=False)
    yield h2o
    gc.collect()
    h2o.remove_all()
    connection = h2o.connection()
    assert connection is not None
    connection.close()
    session._current = None
