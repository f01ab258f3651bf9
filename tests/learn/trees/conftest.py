"""Frames and a workbench for the tests of tree algorithms."""

from __future__ import annotations

import sys
from pathlib import Path

import polars as pl
import pytest

from artesian.frame import Column, Frame

sys.path.insert(0, str(Path(__file__).parent.parent / "battery"))  # the workbench of the battery
PROSTATE = Path(__file__).parents[2] / "data" / "prostate.csv"


def levels(values: pl.Series) -> Column:
    """A column of whole numbers as a categorical one."""
    domain = sorted(values.unique().to_list())
    codes = values.replace_strict(domain, list(range(len(domain))), return_dtype=pl.UInt32)
    return Column.enums(codes, [str(value) for value in domain])


@pytest.fixture(scope="session")
def prostate() -> Frame:
    """Prostate cancers; race, capsule and dpros categorical; `off` and `w` as offset and weights."""
    table = pl.read_csv(PROSTATE)
    columns = {name: Column.from_series(table[name]) for name in table.columns}
    columns |= {name: levels(table[name]) for name in ("RACE", "CAPSULE", "DPROS")}
    columns["off"] = Column.reals(table["GLEASON"] * 0.1)
    columns["w"] = Column.integers(table["DCAPS"])
    return Frame.from_mapping(columns)


@pytest.fixture
def gbm(tmp_path):
    from workbench import Workbench

    return Workbench(tmp_path, "gbm")


@pytest.fixture
def drf(tmp_path):
    from workbench import Workbench

    return Workbench(tmp_path, "drf")
