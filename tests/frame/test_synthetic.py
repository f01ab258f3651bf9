"""Random frames: equal to those that the reference server (H2O-3 3.46.0.12) made of the same recipes, as recorded."""

from __future__ import annotations

import json
import sys
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl
import pytest

from artesian.core.errors import Cancelled, InvalidArgument
from artesian.core.settings import Settings
from artesian.frame import Column, ColumnType, Frame
from artesian.frame.synthetic import Recipe, synthesize, with_missing

RECORDED = json.loads(Path(__file__).with_name("synthetic_reference.json").read_text())
SETTINGS = Settings()


def values(column: Column) -> list[Any]:
    return column.values.to_list()


@pytest.mark.parametrize("case", RECORDED["frames"], ids=lambda case: str(case["recipe"]["seed"]))
def test_equal_recipes_make_equal_frames(case: dict[str, Any], tmp_path: Path) -> None:
    frame = synthesize(Recipe(**case["recipe"]), SETTINGS, folder=tmp_path)
    assert list(frame.names) == [column["name"] for column in case["columns"]]
    for name, found, recorded in zip(frame.names, frame.columns, case["columns"], strict=True):
        assert found.type.value == recorded["type"], name
        levels = found.levels
        assert ([len(levels), levels[0], levels[-1]] if levels else []) == recorded["levels"]
        assert values(found) == recorded["data"], name


def test_missing_values_fall_where_the_reference_puts_them(tmp_path: Path) -> None:
    frame = Frame(
        ["a", "b", "c"],
        [
            Column.from_series(pl.Series(range(30))),
            Column.enums(pl.Series([0, 1, 2] * 10), ["x", "y", "z"]),
            Column.from_series(pl.Series([f"s{i}" for i in range(30)])),
        ],
    )
    changed = with_missing(frame, 0.3, 11, folder=tmp_path)
    assert [values(column) for column in changed.columns] == RECORDED["missing"]
    assert [column.missing_count for column in frame.columns] == [0, 0, 0]
    assert changed["b"].levels == ["x", "y", "z"]
    nothing, everything = (with_missing(frame, fraction, 11, folder=tmp_path) for fraction in (0.0, 1.0))
    assert [column.missing_count for column in nothing.columns] == [0, 0, 0]
    assert [column.missing_count for column in everything.columns] == [30, 30, 30]
    assert everything.types == (ColumnType.BAD, ColumnType.ENUM, ColumnType.STRING)
    for fraction in (-0.1, 1.1, float("nan")):
        with pytest.raises(InvalidArgument, match="from 0 to 1"):
            with_missing(frame, fraction, 1, folder=tmp_path)


def test_values_do_not_depend_on_how_many_rows_are_made_at_once(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    recipe = Recipe(rows=1000, columns=8, seed=5, time_fraction=0.2, string_fraction=0.2)
    whole = synthesize(recipe, SETTINGS, folder=tmp_path)
    monkeypatch.setattr(sys.modules[synthesize.__module__], "_BLOCK_ROWS", 7)
    pieces = synthesize(recipe, SETTINGS, folder=tmp_path)
    assert [values(column) for column in pieces.columns] == [values(column) for column in whole.columns]
    longer = synthesize(replace(recipe, rows=1500), SETTINGS, folder=tmp_path)
    assert [values(column.slice(0, 1000)) for column in longer.columns] == [values(column) for column in whole.columns]


def test_shares_and_ranges_hold(tmp_path: Path) -> None:
    recipe = Recipe(
        rows=20_000, columns=10, seed=1, real_range=2.5, integer_range=3, factors=5, binary_ones_fraction=0.25,
        binary_fraction=0.2, time_fraction=0.1, string_fraction=0.1, missing_fraction=0.1,
    )  # fmt: skip
    frame = synthesize(recipe, SETTINGS, folder=tmp_path)
    # five standard deviations of a share p in n draws: 5·√(p(1-p)/n)
    missing = sum(column.missing_count for column in frame.columns) / (10 * 20_000)
    assert missing == pytest.approx(0.1, abs=5 * np.sqrt(0.1 * 0.9 / 200_000))
    kinds = [column.type for column in frame.columns]
    counts = {kind: kinds.count(kind) for kind in ColumnType}
    assert counts == {
        ColumnType.REAL: 2, ColumnType.INT: 4, ColumnType.ENUM: 2, ColumnType.TIME: 1, ColumnType.STRING: 1,
        ColumnType.UUID: 0, ColumnType.BAD: 0,
    }  # fmt: skip
    for column in frame.columns:
        if column.type is ColumnType.REAL:
            assert -2.5 <= column.values.min() < -2.4 < 2.4 < column.values.max() <= 2.5  # type: ignore[operator]
        elif column.type is ColumnType.STRING:
            assert column.values.drop_nulls().str.contains("^[A-Y]{8}$").all()
        elif column.type is ColumnType.INT and column.values.max() == 1:
            ones = float(column.values.mean())  # type: ignore[arg-type]
            assert ones == pytest.approx(0.25, abs=5 * np.sqrt(0.25 * 0.75 / 18_000))
        elif column.type is ColumnType.INT:
            assert sorted(column.values.drop_nulls().unique()) == list(range(-3, 4))


def test_seeds_are_drawn_where_none_is_given(tmp_path: Path) -> None:
    first, second = (synthesize(Recipe(rows=50, columns=2), SETTINGS, folder=tmp_path) for _ in range(2))
    assert [values(column) for column in first.columns] != [values(column) for column in second.columns]


def test_types_have_a_seed_of_their_own(tmp_path: Path) -> None:
    made = [
        synthesize(Recipe(rows=5, columns=30, seed=seed, seed_for_column_types=7), SETTINGS, folder=tmp_path).types
        for seed in (1, 2)
    ]
    assert made[0] == made[1]


def test_a_cell_is_enough(tmp_path: Path) -> None:
    frame = synthesize(Recipe(rows=1, columns=1, randomize=False, value=2.5, categorical_fraction=0,
                              integer_fraction=0, missing_fraction=0), SETTINGS, folder=tmp_path)  # fmt: skip
    assert frame.to_polars().to_dict(as_series=False) == {"C1": [2.5]}


@pytest.mark.parametrize(
    ("wrong", "sentence"),
    [
        ({"rows": 0}, "at least one row"),
        ({"columns": 0}, "one column"),
        ({"columns": 10**6}, "max_columns"),
        ({"missing_fraction": 1.5}, "missing_fraction must be from 0 to 1. Got 1.5"),
        ({"binary_ones_fraction": float("nan")}, "binary_ones_fraction must be from 0 to 1"),
        ({"integer_fraction": 0.9}, "add up to 1.2"),
        ({"factors": 1}, "number of factors must be from 2"),
        ({"factors": 10**8}, "number of factors must be from 2 to 10000000"),
        ({"response_factors": 0}, "response_factors must be from 1"),
        ({"value": 3}, "set randomize to false"),
        ({"randomize": False}, "categorical_fraction, integer_fraction to 0"),
        ({"real_range": -1}, "real_range must be at least 0"),
        ({"integer_range": 2**62}, "integer_range must be below"),
    ],
)
def test_recipes_that_make_no_frame(wrong: dict[str, Any], sentence: str, tmp_path: Path) -> None:
    with pytest.raises(InvalidArgument, match=sentence):
        synthesize(Recipe(**wrong), SETTINGS, folder=tmp_path)


def test_it_stops_when_asked_and_tells_how_far_it_is(tmp_path: Path) -> None:
    told: list[float] = []

    def stop() -> None:
        if len(told) == 2:
            raise Cancelled("The job was cancelled.")

    with pytest.raises(Cancelled):
        synthesize(
            Recipe(rows=10, columns=4),
            SETTINGS,
            folder=tmp_path,
            check=stop,
            progress=lambda done, _: told.append(done),
        )
    assert told == [0.25, 0.5]
