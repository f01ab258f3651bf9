"""The fixed table as a frame, what the reference server made of it, and a bench to train on it as workers do."""

from __future__ import annotations

import json
import sys
from pathlib import Path

import polars as pl
import pytest

HERE = Path(__file__).parent
sys.path.insert(0, str(HERE))
sys.path.insert(0, str(HERE.parent / "battery"))


@pytest.fixture(scope="session")
def frame():
    from artesian.frame import Column, Frame
    from data import ENUMS, columns

    found = {}
    for name, values in columns().items():
        if name in ENUMS:
            found[name] = Column.enum_from_strings(pl.Series(values, dtype=pl.String))
        else:
            found[name] = Column.from_series(pl.Series(values))
    return Frame.from_mapping(found)


@pytest.fixture(scope="session")
def reference():
    return json.loads((HERE / "reference.json").read_text(encoding="utf-8"))


@pytest.fixture
def bench(tmp_path):
    from workbench import Workbench

    def made(algorithm):
        return Workbench(tmp_path, algorithm)

    return made
