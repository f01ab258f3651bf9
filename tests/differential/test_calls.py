"""The generators of random calls cover every operator, and their calls are mostly ones that give an answer."""

from __future__ import annotations

import io
import sys
from collections import Counter
from pathlib import Path
from random import Random

import polars as pl
import pytest

from artesian.core.errors import ArtesianError
from artesian.core.settings import Settings
from artesian.frame import Column, Frame
from artesian.rapids import MemoryEnvironment, evaluate
from artesian.rapids.registry import operators

sys.path.insert(0, str(Path(__file__).parent))
from compare import difference
from deliberate import Case, reason_for
from random_calls import GENERATORS, UNTRIED, Draw, Expression, random_call
from random_frames import TYPES, RandomFrame, random_frames


def _frame(frame: RandomFrame) -> Frame:
    table = pl.read_csv(io.StringIO(frame.text), infer_schema=False)
    make = {
        "Numeric": lambda s: Column.from_series(s.cast(pl.Float64)),
        "Enum": Column.enum_from_strings,
        "String": Column.from_series,
        "Time": lambda s: Column.times(s.str.to_datetime("%Y-%m-%d %H:%M:%S")),
    }
    columns = [make[kind](series) for kind, series in zip(TYPES, table.get_columns(), strict=True)]
    return Frame(table.columns, columns)


def test_every_operator_is_called_or_left_out_with_a_reason() -> None:
    assert set(operators()) == set(GENERATORS) | set(UNTRIED)


@pytest.mark.parametrize("operator", sorted(GENERATORS))
def test_calls_of_an_operator_are_mostly_answered(operator: str, tmp_path: Path) -> None:
    words = tmp_path / "words.txt"
    words.write_text("foo\n")
    random = Random(operator)
    frames = random_frames(random, "df")
    settings = Settings(import_roots=(str(tmp_path),))
    environment = MemoryEnvironment({frame.name: _frame(frame) for frame in frames}, settings=settings)
    draw = Draw(random, frames, str(words))
    outcomes: Counter[bool] = Counter()
    for _ in range(12):
        call = random_call(draw, operator)
        try:
            evaluate(call.text, environment)
            outcomes[True] += 1
        except ArtesianError:
            outcomes[False] += 1
    assert outcomes[True]


def test_answers_are_compared_by_kind_names_types_levels_and_cells() -> None:
    def frame(**more: object) -> dict[str, object]:
        return {"kind": "frame", "columns": [{"name": "a", "type": "real", "cells": [1.5, None]} | more]}

    assert difference(frame(), frame(cells=[1.5 + 1e-12, None])) is None
    for other in (
        frame(name="b"),
        frame(type="int"),
        frame(cells=[1.5, 0.0]),
        frame(cells=[1.5]),
        frame(cells=[1.5 + 1e-6, None]),
        frame(levels=["x"]),
        {"kind": "number", "value": 1.5},
        {"kind": "error", "message": "No."},
    ):
        assert difference(frame(), other) is not None
    whole = frame(type="int", cells=[2, None])
    assert difference(whole, frame(cells=[2 + 1e-14, None])) is None  # a rounding error makes it real
    assert difference(whole, frame(cells=[2.0, None])) is not None
    assert difference({"kind": "error", "message": "No."}, {"kind": "error", "message": "Never."}) is None


@pytest.mark.parametrize("operator", sorted(GENERATORS))
def test_no_rule_excuses_a_wrong_answer(operator: str) -> None:
    """Other cells, a frame instead of an error and an error instead of a frame, none of them for a reason that is listed."""

    def frame(*cells: float | None) -> dict[str, object]:
        columns = [{"name": name, "type": "real", "cells": [0.5, *cells]} for name in ("a", "b")]
        return {"kind": "frame", "columns": columns}

    refused = {"kind": "error", "message": "It is so."}
    call = Expression(f"({operator} f g 2 1 h)", operator, (), "either", ("f", "g", "2", "1", "h"))
    for ours, theirs in (
        (frame(1.5, 2.5), frame(1.5, -7.25)),
        (frame(1.5, 2.5), refused),
        (refused, frame(1.5, 2.5)),
        (frame(1.5), frame(1.5, 2.5)),
        ({"kind": "number", "value": 2.5}, {"kind": "number", "value": 1.5}),
        ({"kind": "hang", "message": "no answer in time"}, frame(1.5)),
    ):
        case = Case(call, ours, theirs, lambda text: frame(3.5, 4.5), lambda text: frame(3.5, 4.5))
        assert reason_for(case) is None
