"""Rows that are written to files as they are taken out of a large frame are those that memory would hold."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import numpy as np
import polars as pl
import pytest

from artesian.core.errors import OutOfMemory
from artesian.core.settings import Settings
from artesian.frame import Column, Frame, overflow
from artesian.frame.overflow import Overflow, overflowing
from artesian.rapids import MemoryEnvironment, evaluate

EXPRESSIONS = [
    "(rows big (> (cols_py big 'whole') 3))",
    "(rows big [5 6 7 900 2500])",
    "(rows big [-1])",
    "(sort big [1 0] [-1 1])",
    "(na.omit big)",
    "(dropdup big [0] 'first')",
    "(merge big few False False [0] [0] 'auto')",
    "(merge big few True False [0] [0] 'auto')",
    "(merge few big False True [0] [0] 'auto')",
    "(merge big few True False [0 2] [0 1] 'auto')",
]


def frames() -> dict[str, Frame]:
    random = np.random.default_rng(3)
    rows = 3000
    missing = pl.Series(random.random(rows) < 0.1)
    level = pl.Series([f"l{i}" for i in random.integers(0, 40, rows)])
    big = Frame.from_mapping(
        {
            "whole": Column.from_series(pl.Series(random.integers(0, 9, rows)).set(missing, None)),
            "real": Column.from_series(pl.Series(random.random(rows))),
            "level": Column.enum_from_strings(level.set(missing, None)),
            "text": Column.from_series(pl.Series([f"t{i % 7}ä" for i in range(rows)]).set(missing, None)),
            "mostly whole": Column.from_series(pl.Series([0.5] + [float(i) for i in range(1, rows)])),
        }
    )
    few = Frame.from_mapping(
        {
            "whole": Column.from_series(pl.Series([1, 4, 4, 77])),
            "level": Column.enum_from_strings(pl.Series(["l1", "l5", "new", "l1"])),
            "worth": Column.from_series(pl.Series([0.25, 2.0, 3.0, 4.0])),
        }
    )
    return {"big": big, "few": few}


@contextmanager
def everything_written(folder: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setattr(overflow, "_PIECE_ROWS", 700)
    with overflowing(Overflow(0, lambda: folder)):
        yield


@pytest.mark.parametrize("expression", EXPRESSIONS)
def test_result_is_the_same_from_files(expression: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    environment = MemoryEnvironment(frames())
    expected = evaluate(expression, environment).value
    with everything_written(tmp_path, monkeypatch):
        found = evaluate(expression, environment).value
    assert found.names == expected.names
    assert found.types == expected.types
    for name in expected.names:
        assert found[name].decoded().equals(expected[name].decoded()), name
        assert found[name].levels == expected[name].levels
    assert any(column.stored and Path(column.stored.path).parent == tmp_path for column in found.columns)


def test_a_join_too_large_for_memory_is_tried_where_results_go_to_files(tmp_path: Path) -> None:
    rows = 300_000  # 11 columns of 8 bytes: 26 MB, of which a budget of 32 MB allows 16 at a time
    wide = Frame.from_polars(pl.DataFrame({"key": np.arange(rows)} | {f"x{i}": np.full(rows, 0.1) for i in range(9)}))
    other = Frame.from_polars(pl.DataFrame({"key": np.arange(rows), "y": np.full(rows, 0.3)}))
    environment = MemoryEnvironment({"wide": wide, "other": other}, settings=Settings(memory_budget_mb=32))
    expression = "(merge wide other False False [0] [0] 'auto')"
    with pytest.raises(OutOfMemory):
        evaluate(expression, environment)
    with overflowing(Overflow(4 << 20, lambda: tmp_path)):
        found = evaluate(expression, environment).value
    assert found["y"].values.sum() == pytest.approx(0.3 * rows)
