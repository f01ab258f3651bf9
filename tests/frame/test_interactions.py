"""Interactions of categorical columns, compared with recorded answers of the reference server (H2O-3 3.46.0.12)."""

from __future__ import annotations

import json
from collections import Counter
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from artesian.core.errors import InvalidArgument, NotFound
from artesian.frame import Column, Frame
from artesian.frame.interactions import interactions

RECORDED = json.loads(Path(__file__).with_name("synthetic_reference.json").read_text())["interactions"]


def categories(**columns: list[str | None]) -> Frame:
    return Frame.from_mapping({n: Column.enum_from_strings(pl.Series(v, dtype=pl.String)) for n, v in columns.items()})


@pytest.fixture(scope="module")
def frame() -> Frame:
    return categories(**{name: [text or None for text in texts] for name, texts in RECORDED["data"].items()})


@pytest.mark.parametrize("answer", RECORDED["answers"], ids=lambda a: f"{a['names']}-{a['pairwise']}-{a['max_levels']}")
def test_recorded_answers(frame: Frame, answer: dict[str, Any]) -> None:
    options = {name: answer[name] for name in ("pairwise", "max_levels", "min_occurrence")}
    result = interactions(frame, answer["names"], **options)
    assert list(result.names) == list(answer["columns"])
    for name, column in zip(result.names, result.columns, strict=True):
        recorded, levels = answer["columns"][name], answer["levels"][name]
        found = column.decoded().to_list()
        counts = Counter(text for text in recorded if text is not None)
        assert sorted(Counter(found).values()) == sorted(Counter(recorded).values())
        assert [counts[level] for level in levels] == [found.count(level) for level in column.levels]
        # which of equally frequent ones comes first, and so is kept, is the accident of a hash table there
        cut = min(counts[level] for level in levels if level != "other")
        certain = {level for level, count in counts.items() if count > cut and level != "other"}
        for ours, theirs in zip(found, recorded, strict=True):
            assert ours == theirs or not {ours, theirs} & certain


def test_equally_frequent_levels_come_in_order_of_low_levels() -> None:
    # as the official client's own script expects: 50 rows of each of (1, 0), (0, 0), (0, 1)
    frame = categories(a=["1"] * 50 + ["0"] * 100, b=["0"] * 100 + ["1"] * 50)
    assert interactions(frame, ["a", "b"]).columns[0].levels == ["0_0", "1_0", "0_1"]


def test_missing_values_are_a_level_but_of_a_column_alone() -> None:
    frame = categories(a=["x", None, "x"], b=["u", "u", None])
    assert interactions(frame, ["a", "b"]).to_polars()["a_b"].to_list() == ["x_u", "NA_u", "x_NA"]
    assert interactions(frame, ["a"]).to_polars()["a_a"].to_list() == ["x", None, "x"]


def test_equal_texts_of_different_combinations_stay_apart() -> None:
    frame = categories(a=["p_q", "p", "p"], b=["r", "q_r", "q_r"])
    column = interactions(frame, ["a", "b"]).columns[0]
    assert column.levels == ["p_q_r", "p_q_r_2"]
    assert column.values.to_list() == [1, 0, 0]
    other = interactions(categories(a=["other", "other", "x"]), ["a"], max_levels=1).columns[0]
    assert other.levels == ["other", "other_2"]


def test_no_rows() -> None:
    result = interactions(categories(a=[], b=[]), ["a", "b"])
    assert (result.n_rows, result.columns[0].levels) == (0, [])


@pytest.mark.parametrize(
    ("names", "options", "error", "sentence"),
    [
        ([], {}, InvalidArgument, "at least one column"),
        (["z"], {}, NotFound, "no column 'z'"),
        (["n"], {}, InvalidArgument, "'n' is of type int"),
        (["a"], {"max_levels": 0}, InvalidArgument, "max_factors 0"),
        (["a"], {"min_occurrence": -1}, InvalidArgument, "min_occurrence -1"),
    ],
)
def test_refusals(names: list[str], options: dict[str, int], error: type[Exception], sentence: str) -> None:
    frame = categories(a=["x"]).with_column("n", Column.from_series(pl.Series([1])))
    with pytest.raises(error, match=sentence):
        interactions(frame, names, **options)
