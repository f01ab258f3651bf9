"""The fixed data, and what H2O-3 3.46.0.12 answered for them (see `record_reference.py`)."""

from __future__ import annotations

import json
import math
import runpy
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

HERE = Path(__file__).parent


@pytest.fixture(scope="session")
def data() -> SimpleNamespace:
    return SimpleNamespace(**runpy.run_path(str(HERE / "fixed_data.py")))


@pytest.fixture(scope="session")
def reference() -> dict[str, Any]:
    return json.loads((HERE / "reference_metrics.json").read_text())


@pytest.fixture(scope="session")
def same_table():
    """Asserts that a Table has the names, types and cells of a recorded one (NaN is recorded as null)."""

    def check(table: Any, recorded: dict[str, Any], skip: tuple[str, ...] = ()) -> None:
        assert list(table.column_names) == recorded["names"]
        assert [column.type for column in table.columns] == recorded["types"]
        assert len(table) == len(recorded["cells"])
        for ours, theirs in zip(table.rows(), recorded["cells"], strict=True):
            for name, cell, expected in zip(table.column_names, ours, theirs, strict=True):
                if name in skip:
                    continue
                if expected is None:
                    assert cell is None or math.isnan(cell), (name, ours, theirs)
                elif isinstance(expected, str):
                    assert cell == expected
                else:  # both sides add up the same doubles in another order
                    assert cell == pytest.approx(expected, rel=1e-9, abs=1e-12), (name, ours, theirs)

    return check
