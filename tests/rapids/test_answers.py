"""Every operator against the answers that the reference server (H2O-3 3.46.0.12) gave to the same expressions on the same frames.

`answers.json` holds the frames as CSV and, for each expression (@name stands for a frame), the frame, the value or the fact of
an error that came back. Where ours differs, the reason stands here, and the test fails when it differs no longer.
"""

from __future__ import annotations

import csv
import io
import json
import math
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from artesian.core.errors import ArtesianError
from artesian.frame import Column, Frame
from artesian.rapids import MemoryEnvironment, evaluate

RECORDED = json.loads(Path(__file__).with_name("answers.json").read_text(encoding="utf-8"))

_ORDER = "distinct numbers come in rising order, the reference's in the order of a hash table"
_MIDDLES = "mids_true are middles of the values of each bin; the reference mixes in a 0"
_SPREAD = "the median deviation is of the values, not of their whole parts"
_NAMES = "names of columns are unique"
_TIES = "the order of equal values is that of the rows"
_EMPTY = "a real column without values keeps its type"
_SERIES = "digamma is exact to 1e-15, the reference's to 1e-8"
DIFFERENT = {
    "(stratified_kfold_column (cols_py @g 0) 3 42)": "classes are spread evenly; the reference stratifies a column of zeros",
    "(which.min (cols_py @m [0 1]) True 1)": "the least value of a row is found; the reference starts from minus infinity",
    "(cut (cols_py @w 0) 3 [] False True 3)": "no level without a name",
    "(hist (cols_py @w 1) 4)": _MIDDLES,
    "(hist (cols_py @w 1) 'sturges')": _MIDDLES,
    "(hist (cols_py @w 1) [-3 0 4 8])": _MIDDLES,
    "(hist (cols_py @w 1) 'rice')": _MIDDLES,
    "(hist (cols_py @w 1) 'sqrt')": _MIDDLES,
    "(hist (cols_py @w 1) 'scott')": _MIDDLES,
    "(hist (cols_py @w 1) 'fd')": _SPREAD,
    "(h2o.mad (cols_py @w 1) 'interpolate' 1.4826)": _SPREAD,
    "(unique (cols_py @w 0) False)": _ORDER,
    "(unique (cols_py @w 1) False)": _ORDER,
    "(unique (cols_py @g 2) True)": _ORDER,
    "(unique (cols_py @g 2) False)": _ORDER,
    "(unique (cols_py @e 2) False)": _ORDER,
    "(unique (cols_py @e 2) True)": _ORDER,
    "(var @w @w 'everything' True)": "the covariance with a constant is 0, not the rounding error of a mean",
    "(topn @w 1 50 0)": "asks for neither the greatest nor the least values and is refused",
    "(topn @w 1 50 1)": _TIES,
    "(GB @g [0 1] 'sum' 3 'all' 'nrow' 2 'rm' 'nrow' 2 'all' 'nrow' 2 'ignore')": _NAMES,
    "(GB @g [0] 'min' 2 'all' 'max' 2 'rm' 'sumSquares' 2 'rm' 'median' 2 'rm' 'median' 2 'all' 'var' 2 'ignore' "
    "'sdev' 2 'all')": _NAMES,
    "(GB @g [1] 'mode' 0 'rm' 'mode' 0 'all')": _NAMES,
    "(GB @g [4] 'sum' 3 'all')": "missing strings are a group of their own, not part of the group met before",
    "(merge @l @r False False [] [] 'auto')": _EMPTY,
    "(merge @l @r False False [0] [0] 'auto')": _NAMES,
    "(merge @l @r True False [0] [0] 'auto')": _NAMES,
    "(merge @l @r False True [0] [0] 'auto')": _NAMES,
    "(merge @r @l True False [0] [0] 'auto')": _NAMES,
    "(merge @l @r False False [0] [0] 'radix')": _NAMES,
    "(merge @w @w False False [2] [2] 'auto')": _NAMES,
    "(merge (cols_py @m [0 1]) (cols_py @m [0 1]) True False [0] [0] 'auto')": _NAMES,
    "(merge @l @r True False [0] [0] 'hash')": "all methods give the rows in the order of the keys, with every match",
    "(strsplit @st 'a')": "levels of parts are sorted",
    "(replaceall (cols_py @st 1) 'o*' '-' False)": "no empty match directly after another match",
    "(digamma (cols_py @w [0 1]))": _SERIES,
    "(digamma -1.5)": _SERIES,
    "(gamma 171)": "7.26e306 is a float64",
    "(prod @w)": "the product of all columns, not of the last alone",
    "(== (cols_py @e [0 1]) (cols_py @e 0))": "categories are compared by level, not by level number",
    "(cor (cols_py @g [2 3]) (cols_py @g [2 3]) 'complete.obs' 'Spearman')": "rows with missing values are left out",
    "(rows (rows @w []) [])": _EMPTY,
    "(rows @w [7])": _EMPTY,
    "(cbind (rows @w []) (rows @w []))": _EMPTY,
    "(sort (rows @w []) [0] [1])": _EMPTY,
    "(setproperty 'sys.ai.h2o.test' 'c')": "properties keep their own history",
}
MORE = {
    "(match (cols_py @e 0) ['y' 'x'] NaN 1)": "NaN may be written as NaN",
    "(match (cols_py @e 0) 'x' NaN 1)": "NaN may be written as NaN",
    "(which (cols_py @e 3))": "missing values count as true, as in all",
    "(apply @w 1 {x . (ifelse (> x 2) 1 0)})": "conditions within rows",
    "(apply (cols_py @w [0 1]) 1 {x . (which.max x True)})": "the axis may be left out",
    "(mktime (year (cols_py @ts 0)) 0 1 0 0 0 0)": "a missing part makes the time missing",
    "(hist (cols_py @w 1) 'doane')": "the rule of Doane works",
    "(sort @g [4] [1])": "strings are sorted, too",
    "(relevel.by.freq (cols_py @g [0]) null 1)": "null stands for nothing",
    "(append @w 'x' 'text')": "a text of more characters than rows",
    "(h2o.impute @g -1 'mean' 'interpolate' [] _ _)": "strings are passed over",
}


def _frame(text: str, types: list[str]) -> Frame:
    names, *rows = [row for row in csv.reader(io.StringIO(text)) if row]
    cells = [pl.Series([cell or None for cell in column], dtype=pl.String) for column in zip(*rows, strict=True)]
    make = {
        "Numeric": lambda s: Column.from_series(s.cast(pl.Float64)),
        "Enum": Column.enum_from_strings,
        "String": Column.from_series,
        "Time": lambda s: Column.times(s.str.to_datetime("%Y-%m-%d %H:%M:%S")),
    }
    return Frame(names, [make[kind](column) for kind, column in zip(types, cells, strict=True)])


FRAMES = {name: _frame(entry["csv"], entry["types"]) for name, entry in RECORDED["frames"].items()}


def _result(expression: str) -> Any:
    """Ours in the shape of the recorded answers."""
    try:
        result = evaluate(expression.replace("@", ""), MemoryEnvironment(dict(FRAMES)))
    except ArtesianError:
        return {"error": True}
    if result.kind != "frame":
        return {"value": _number(result.value)}
    columns = []
    for name, column in zip(result.value.names, result.value.columns, strict=True):
        kind = "int" if column.type == "bad" else column.type.value
        cells = column.values if kind == "time" else column.decoded()
        entry = {"name": name, "type": kind, "cells": [_number(cell) for cell in cells]}
        columns.append(entry | ({"levels": column.levels} if kind == "enum" else {}))
    return {"frame": columns}


def _number(value: Any) -> Any:
    if isinstance(value, list):
        return [_number(item) for item in value]
    if isinstance(value, float) and not math.isfinite(value):
        return None if math.isnan(value) else "Infinity" if value > 0 else "-Infinity"
    return value


def _equal(ours: Any, theirs: Any) -> bool:
    if isinstance(ours, dict) and isinstance(theirs, dict):
        return ours.keys() == theirs.keys() and all(_equal(ours[key], theirs[key]) for key in ours)
    if isinstance(ours, list) and isinstance(theirs, list):
        return len(ours) == len(theirs) and all(_equal(a, b) for a, b in zip(ours, theirs, strict=True))
    if isinstance(ours, int | float) and isinstance(theirs, int | float):
        # sums in another order, and the reference's running means, differ in the last digits
        return math.isclose(ours, theirs, rel_tol=1e-12, abs_tol=1e-12)
    return bool(ours == theirs)


@pytest.mark.parametrize("expression", [e for e in RECORDED["answers"] if e not in DIFFERENT and e not in MORE])
def test_the_answer_is_that_of_the_reference(expression: str) -> None:
    ours, theirs = _result(expression), RECORDED["answers"][expression]
    assert _equal(ours, theirs), f"{ours} instead of {theirs}"


@pytest.mark.parametrize("expression", DIFFERENT)
def test_a_listed_difference_is_one(expression: str) -> None:
    assert not _equal(_result(expression), RECORDED["answers"][expression])


def test_distinct_times_are_times_though_their_counts_are_beside_numbers() -> None:
    kinds = {_result(f"({call} (cols_py @e 2) False)")["frame"][0]["type"] for call in ("unique", "table")}
    assert kinds == {"time", "int"}


@pytest.mark.parametrize("expression", MORE)
def test_what_the_reference_refuses_works_here(expression: str) -> None:
    assert RECORDED["answers"][expression] == {"error": True}
    assert "error" not in _result(expression)
