"""Tables and a workbench for the tests of isolation forests."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parent.parent / "battery"))  # the workbench of the battery


@pytest.fixture
def bench(tmp_path):
    from workbench import Workbench

    return Workbench(tmp_path, "isolationforest")


@pytest.fixture
def extended_bench(tmp_path):
    from workbench import Workbench

    return Workbench(tmp_path, "extendedisolationforest")
