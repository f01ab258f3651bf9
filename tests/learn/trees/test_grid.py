"""Columns become cells: a value's cell is where it lies among the cuts, and prediction reads the same order of values."""

from __future__ import annotations

import numpy as np
import polars as pl
import pytest

from artesian.frame.column import Column
from artesian.frame.frame import Frame
from artesian.learn.trees.grid import CategoricalCells, Grid, NumericCells


def numeric(values: object, **options: object) -> tuple[Grid, np.ndarray]:
    frame = Frame.from_polars(pl.DataFrame({"x": pl.Series(values)}))
    grid = Grid.fit(frame, ["x"], **{"bins_top": 255, "bins_cats": 10, "quantiles": True, **options})
    return grid, grid.codes(frame).columns[0]


def test_few_values_have_a_cell_each_with_cuts_midway() -> None:
    grid, codes = numeric([3.5, 1.0, None, 2.0, 1.0])
    cells = grid.cells[0]
    assert isinstance(cells, NumericCells)
    assert cells.cuts.tolist() == [1.5, 2.75]
    assert codes.tolist() == [2, 0, 3, 1, 0]
    assert codes.dtype == np.uint8


@pytest.mark.parametrize("most", [1, 2, 10, 100])
def test_quantile_cells_hold_about_equally_many_rows(most: int) -> None:
    values = np.random.default_rng(1).lognormal(size=5000)
    _, codes = numeric(values, bins_top=most)
    counts = np.bincount(codes, minlength=most)
    assert len(counts) == most
    assert counts.min() >= 5000 / most - 1 and counts.max() <= 5000 / most + 1


def test_a_heavy_value_has_a_cell_of_its_own() -> None:
    values = np.concatenate([np.zeros(9000), np.random.default_rng(2).normal(size=1000)])
    grid, codes = numeric(values, bins_top=20)
    zero = codes[0]
    assert (codes == zero).sum() == 9000
    assert grid.cells[0].n_cells <= 20 and grid.cells[0].n_cells >= 15


def test_weights_count_in_quantiles() -> None:
    values = np.arange(1000.0) + 0.25
    weights = np.where(values < 500, 9.0, 1.0)
    frame = Frame.from_polars(pl.DataFrame({"x": values}))
    grid = Grid.fit(frame, ["x"], bins_top=10, bins_cats=10, quantiles=True, weights=weights)
    assert (grid.cells[0].cuts < 500).sum() == 9


def test_codes_rise_with_values_and_agree_with_the_cuts() -> None:
    values = np.random.default_rng(3).normal(size=3000)
    for quantiles in (True, False):
        grid, codes = numeric(values, bins_top=50, quantiles=quantiles)
        cuts = grid.cells[0].cuts
        assert (np.diff(codes[np.argsort(values)].astype(int)) >= 0).all()
        below = values[:, None] < cuts[None, :]
        assert (below == (codes[:, None].astype(int) <= np.arange(len(cuts)))).all()


def test_infinite_and_neighbouring_values_keep_cells_of_their_own() -> None:
    near = np.nextafter(1.0, 2.0)
    _, codes = numeric([-np.inf, 1.0, near, np.inf, None])
    assert codes.tolist() == [0, 1, 2, 3, 4]


def test_whole_numbers_are_told_from_fractions() -> None:
    assert numeric([1, 5, 9], quantiles=False)[0].cells[0].integer
    assert not numeric([1.5, 5.0], quantiles=False)[0].cells[0].integer
    assert numeric([1.5, 5.0], quantiles=False)[0].cells[0].positions.tolist() == [1.5, 5.0]


@pytest.mark.parametrize("values", [[None, None, None], [4, 4, 4], [7]])
def test_columns_without_anything_to_part(values: list[int | None]) -> None:
    grid, codes = numeric(pl.Series(values, dtype=pl.Int64))
    assert (codes == codes[0]).all()
    assert grid.cells[0].n_cells == 1


def test_levels_are_cells_and_unseen_ones_missing() -> None:
    frame = Frame.from_mapping({"c": Column.enums(pl.Series([2, None, 0], dtype=pl.UInt8), ["a", "b", "c"])})
    grid = Grid.fit(frame, ["c"], bins_top=10, bins_cats=10, quantiles=True)
    assert grid.codes(frame).columns[0].tolist() == [2, 3, 0]
    other = Frame.from_mapping({"c": Column.enums(pl.Series([0, 1, None, 2], dtype=pl.UInt8), ["c", "new", "a"])})
    assert grid.raw(other).columns[0].tolist() == [2, -1, -1, 0]
    assert grid.levels == (("a", "b", "c"),) and grid.is_categorical.tolist() == [True]


def test_levels_beyond_the_most_share_cells_in_order() -> None:
    levels = [f"l{i:02d}" for i in range(10)]
    frame = Frame.from_mapping({"c": Column.enums(pl.Series(range(10), dtype=pl.UInt8), levels)})
    grid = Grid.fit(frame, ["c"], bins_top=10, bins_cats=4, quantiles=True)
    assert grid.codes(frame).columns[0].tolist() == [0, 0, 0, 1, 1, 2, 2, 2, 3, 3]
    assert grid.levels_in(0, np.array([True, False, False, True])) == ["l00", "l01", "l02", "l08", "l09"]


def test_absent_columns_and_those_of_another_kind_are_missing() -> None:
    frame = Frame.from_mapping(
        {
            "x": Column.from_series(pl.Series([1.5, 2.5])),
            "c": Column.enums(pl.Series([0, 1], dtype=pl.UInt8), ["a", "b"]),
        }
    )
    grid = Grid.fit(frame, ["x", "c"], bins_top=10, bins_cats=10, quantiles=True)
    raw = grid.raw(Frame.from_mapping({"c": frame["x"]}))
    assert np.isnan(raw.columns[0]).all() and (raw.columns[1] == -1).all()
    assert [codes.tolist() for codes in grid.codes(frame.select(["x"])).columns] == [[0, 1], [2, 2]]


def test_state_brings_the_grid_back() -> None:
    frame = Frame.from_mapping(
        {
            "x": Column.from_series(pl.Series([1.5, 2.5, None])),
            "c": Column.enums(pl.Series([0, 1, 1], dtype=pl.UInt8), ["a", "b"]),
        }
    )
    grid = Grid.fit(frame, ["x", "c"], bins_top=10, bins_cats=10, quantiles=False)
    again = Grid.from_state(*grid.to_state())
    assert again.names == grid.names and isinstance(again.cells[1], CategoricalCells)
    for mine, theirs in zip(grid.codes(frame).columns, again.codes(frame).columns, strict=True):
        assert mine.tolist() == theirs.tolist()


def test_a_column_of_many_values_is_coded_in_two_bytes() -> None:
    grid, codes = numeric(np.arange(100_000) / 7, quantiles=False)
    assert codes.dtype == np.uint16 and grid.cells[0].n_cells <= 65_534
    assert grid.cells[0].n_cells > 60_000
