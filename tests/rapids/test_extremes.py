"""Infinite cells, cells without a spread, groups of nothing: results or one clear sentence."""

from __future__ import annotations

import math

import polars as pl
import pytest

from artesian.core.errors import InvalidArgument
from artesian.frame import Column, Frame
from artesian.rapids import MemoryEnvironment, evaluate

from .conftest import plain


def _of(text: str, **columns: list[float | None]) -> object:
    frame = Frame(list(columns), [Column.from_series(pl.Series(cells)) for cells in columns.values()])
    return plain(evaluate(text, MemoryEnvironment({"f": frame})).value)


def test_a_histogram_counts_infinite_cells_in_its_last_bin() -> None:
    # bins of width 2 from 0 on; breaks are their right ends, and the counts stand beside all but the first
    found = _of("(hist f 4)", a=[0.0, 1.0, 3.0, 8.0, math.inf])
    assert found["breaks"] == [2, 4, 6, 8]
    assert found["counts"] == [None, 2, 1, 2]


@pytest.mark.parametrize("rule", ["sturges", "rice", "sqrt", "doane", "scott", "fd"])
def test_a_histogram_of_infinite_and_huge_cells_is_made_or_refused_by_every_rule(rule: str) -> None:
    cells = [0.5, None, math.inf, -2.25, 1e300, 0.0, -math.inf]
    try:
        found = _of(f"(hist f '{rule}')", a=cells)
    except InvalidArgument as error:
        assert "'hist'" in str(error)
    else:
        assert sum(count or 0 for count in found["counts"]) == 6


@pytest.mark.parametrize("number", ["4294967296", "9e18", "1"])
def test_so_many_intervals_are_refused(number: str) -> None:
    with pytest.raises(InvalidArgument, match="number of breaks of 'cut' must be from 2 to"):
        _of(f"(cut f {number} [] False True 3)", a=[1.0, 2.0])


def test_ranks_without_groups_are_those_of_all_rows() -> None:
    found = _of("(rank_within_groupby f [] [0] [1] 'rank' 0)", a=[3.0, None, 1.0, 2.0])
    assert found == {"a": [None, 1, 2, 3], "rank": [None, 1, 2, 3]}
    assert _of("(rank_within_groupby f [0] [] [] 'rank' 0)", a=[2.0, 1.0, 2.0])["rank"] == [1, 1, 2]


def test_a_time_of_parts_beyond_all_calendars_is_missing() -> None:
    assert _of("(moment 1e300 1 1 0 0 0 0)", a=[1.0]) == {"time": [None]}
    assert _of("(mktime 2020 1e300 1 0 0 0 0)", a=[1.0]) is None
