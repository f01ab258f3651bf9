"""Frames and trained linear models for the tests of this folder."""

from __future__ import annotations

import sys
from pathlib import Path

import numpy as np
import polars as pl
import pytest

from artesian.frame import Column, Frame

sys.path.insert(0, str(Path(__file__).parent.parent / "battery"))  # its workbench


@pytest.fixture
def bench(tmp_path):
    from workbench import Workbench

    return Workbench(tmp_path, "glm")


@pytest.fixture
def drawn():
    """Columns a, b (numbers), c (three levels) and what depends on them, as arrays; 500 rows."""
    random = np.random.default_rng(3)
    n = 500
    a, b, c = random.normal(2, 3, n), random.exponential(1.5, n), random.integers(0, 3, n)
    signal = 0.3 * a - 0.5 * b + np.array([0.0, 0.6, -0.4])[c]
    return {"a": a, "b": b, "c": c, "signal": signal, "random": random}


@pytest.fixture
def frame_of(drawn):
    """A frame of those columns with a response: numbers, or level numbers with levels."""

    def make(y, levels=None, **more):
        response = Column.reals(pl.Series(y)) if levels is None else Column.enums(pl.Series(y), levels)
        columns = {
            "a": Column.reals(pl.Series(drawn["a"])),
            "b": Column.reals(pl.Series(drawn["b"])),
            "c": Column.enums(pl.Series(drawn["c"]), ["u", "v", "w"]),
            "y": response,
        }
        columns |= {name: Column.reals(pl.Series(np.asarray(values, dtype=float))) for name, values in more.items()}
        return Frame.from_mapping(columns)

    return make


@pytest.fixture
def design(drawn):
    """The inputs as statsmodels takes them: c.v, c.w, a, b and a constant, in the order of the coefficients."""
    c = drawn["c"]
    return np.column_stack([c == 1, c == 2, drawn["a"], drawn["b"], np.ones(len(c))]).astype(float)
