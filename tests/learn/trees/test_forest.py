"""Many trees as one predictor: against a walk in Python, and Shapley values against their definition."""

from __future__ import annotations

from collections.abc import Callable
from itertools import combinations
from math import factorial

import numpy as np
import polars as pl
import pytest

from artesian.frame.column import Column
from artesian.frame.frame import Frame
from artesian.learn.trees.forest import Forest
from artesian.learn.trees.grid import Grid, RawColumns
from artesian.learn.trees.grower import Grower, GrowOptions, Tree

ROWS = 200


@pytest.fixture(scope="module")
def table() -> Frame:
    """Three numeric columns with missing values, and a categorical one."""
    rng = np.random.default_rng(1)
    x = rng.normal(size=(ROWS, 3))
    x[rng.random((ROWS, 3)) < 0.1] = np.nan
    made = {f"x{i}": Column.from_series(pl.Series(x[:, i]).fill_nan(None)) for i in range(3)}
    made["c"] = Column.enums(pl.Series(rng.integers(0, 9, ROWS), dtype=pl.UInt8), [f"l{i}" for i in range(9)])
    return Frame.from_mapping(made)


@pytest.fixture(scope="module")
def grid(table: Frame) -> Grid:
    return Grid.fit(table, table.names, bins_top=255, bins_cats=100, quantiles=True)


@pytest.fixture(scope="module")
def forest(table: Frame, grid: Grid) -> Forest:
    """Seven trees for two outputs."""
    rng = np.random.default_rng(2)
    x = np.nan_to_num(table["x0"].floats())
    y = x + np.sin(table["c"].codes()) + x * np.nan_to_num(table["x1"].floats())
    grower = Grower(grid.codes(table), GrowOptions(max_depth=5, min_rows=2, split_columns=2))
    trees = []
    for seed in range(7):
        rows = np.flatnonzero(rng.random(ROWS) < 0.6).astype(np.uint32)
        trees.append(grower.grow(y + rng.normal(size=ROWS) * 0.2, rows=rows, seed=seed)[0])
    return Forest(trees, np.array([0, 1, 0, 1, 0, 0, 1], dtype=np.int32))


class Plain:
    """The public arrays of a tree as lists."""

    def __init__(self, tree: Tree, grid: Grid) -> None:
        names = ("feature", "left", "right", "threshold", "is_categorical", "missing_left", "value", "cover")
        for name in names:
            setattr(self, name, getattr(tree, name).tolist())
        self.cells = {
            node: tree.left_cells(node, grid.cells[self.feature[node]].n_cells).tolist()
            for node in np.flatnonzero(tree.is_categorical).tolist()
        }

    def child(self, node: int, value: float) -> int:
        """Where a value goes; NaN is missing."""
        if np.isnan(value):
            left = self.missing_left[node]
        elif self.is_categorical[node]:
            left = self.cells[node][int(value)]
        else:
            left = not value >= self.threshold[node]
        return self.left[node] if left else self.right[node]

    def walk(self, row: list[float]) -> list[int]:
        """The nodes that a row passes."""
        path = [0]
        while self.feature[path[-1]] >= 0:
            path.append(self.child(path[-1], row[self.feature[path[-1]]]))
        return path

    def leaf(self, row: list[float]) -> float:
        """What the tree predicts."""
        return self.value[self.walk(row)[-1]]

    def expected(self, row: list[float], known: frozenset[int], node: int = 0) -> float:
        """The mean leaf when only some columns are known; at a split of another the training rows' shares count."""
        feature = self.feature[node]
        if feature < 0:
            return self.value[node]
        if feature in known:
            return self.expected(row, known, self.child(node, row[feature]))
        sides = self.left[node], self.right[node]
        weights = [self.cover[side] for side in sides]
        means = [self.expected(row, known, side) for side in sides]
        return (weights[0] * means[0] + weights[1] * means[1]) / sum(weights)


def rows_of(raw: RawColumns) -> np.ndarray:
    columns = [np.where(c < 0, np.nan, c) if c.dtype == np.int32 else c for c in raw.columns]
    return np.column_stack(columns).astype(np.float64)


@pytest.mark.parametrize("threads", [1, 3])
def test_sums_leaves_and_frequencies_are_those_of_a_walk(
    table: Frame, grid: Grid, forest: Forest, threads: int
) -> None:
    raw = grid.raw(table)
    sums, leaves = np.zeros((ROWS, 2)), np.zeros((ROWS, 7), dtype=int)
    frequencies = np.zeros((ROWS, 4), dtype=int)
    trees = [Plain(tree, grid) for tree in forest.trees]
    for r, row in enumerate(rows_of(raw).tolist()):
        for t, tree in enumerate(trees):
            path = tree.walk(row)
            leaves[r, t] = path[-1]
            sums[r, forest.tree_class[t]] += tree.value[path[-1]]
            for node in path[:-1]:
                frequencies[r, tree.feature[node]] += 1
    assert forest.predict(raw, n_classes=2, threads=threads) == pytest.approx(sums, abs=1e-12)
    assert (forest.leaves(raw, threads=threads) == leaves).all()
    assert (forest.feature_frequencies(raw, threads=threads) == frequencies).all()


def test_some_of_the_trees_and_stages(table: Frame, grid: Grid, forest: Forest) -> None:
    raw = grid.raw(table)
    whole = forest.predict(raw, n_classes=2)
    parts = forest.predict(raw, n_classes=2, last=3) + forest.predict(raw, n_classes=2, first=3)
    assert parts == pytest.approx(whole, abs=1e-12)
    staged = forest.staged(raw)
    assert staged.shape == (ROWS, 7)
    assert staged[:, 2] == pytest.approx(forest.predict(raw, n_classes=2, last=3)[:, 0], abs=1e-12)
    assert staged[:, 5:] == pytest.approx(whole, abs=1e-12)
    assert forest.predict(raw, n_classes=3)[:, 2].tolist() == [0.0] * ROWS


def of_class(forest: Forest, grid: Grid, label: int) -> list[Plain]:
    return [Plain(tree, grid) for tree, c in zip(forest.trees, forest.tree_class, strict=True) if c == label]


def shapley(value: Callable[[frozenset[int]], float], n: int) -> np.ndarray:
    """Shapley values by their definition."""
    result = np.zeros(n)
    for i in range(n):
        others = [j for j in range(n) if j != i]
        for size in range(n):
            share = factorial(size) * factorial(n - size - 1) / factorial(n)
            for known in combinations(others, size):
                result[i] += share * (value(frozenset({*known, i})) - value(frozenset(known)))
    return result


def test_contributions_are_shapley_values_and_add_up(table: Frame, grid: Grid, forest: Forest) -> None:
    raw = grid.raw(table)
    found = forest.contributions(raw, n_classes=2, threads=2)
    assert found.shape == (2, ROWS, 5)
    sums = found.sum(axis=2).T
    assert sums == pytest.approx(forest.predict(raw, n_classes=2), abs=1e-9)
    for r, row in list(enumerate(rows_of(raw).tolist()))[:6]:
        for label in (0, 1):
            trees = of_class(forest, grid, label)

            def value(known: frozenset[int], row: list[float] = row, trees: list[Plain] = trees) -> float:
                return sum(tree.expected(row, known) for tree in trees)

            assert found[label, r, :4] == pytest.approx(shapley(value, 4), abs=1e-9)
            assert found[label, r, 4] == pytest.approx(value(frozenset()), abs=1e-9)


def test_contributions_against_background_rows_are_shapley_values(table: Frame, grid: Grid, forest: Forest) -> None:
    raw, background = grid.raw(table.slice(0, 6)), grid.raw(table.slice(50, 4))
    found = forest.contributions_interventional(raw, background, n_classes=2, threads=2)
    assert found.shape == (2, 6, 4, 5)
    sums, base = forest.predict(raw, n_classes=2), forest.predict(background, n_classes=2)
    assert found.sum(axis=3) == pytest.approx(np.repeat(sums.T[:, :, None], 4, axis=2), abs=1e-9)
    assert found[..., 4] == pytest.approx(np.repeat(base.T[:, None, :], 6, axis=1), abs=1e-9)
    trees = of_class(forest, grid, 0)
    for r, row in enumerate(rows_of(raw).tolist()):
        for b, other in enumerate(rows_of(background).tolist()):

            def value(known: frozenset[int], row: list[float] = row, other: list[float] = other) -> float:
                return sum(tree.leaf([row[j] if j in known else other[j] for j in range(4)]) for tree in trees)

            assert found[0, r, b, :4] == pytest.approx(shapley(value, 4), abs=1e-9)


def test_gains_are_those_of_the_nodes(forest: Forest) -> None:
    gains = np.zeros(4)
    for tree in forest.trees:
        for node in range(tree.n_nodes):
            if tree.feature[node] >= 0:
                gains[tree.feature[node]] += float(tree.gain[node])
    assert forest.gains() == pytest.approx(gains, rel=1e-6)
    assert (gains > 0).all()


def test_arrays_bring_the_forest_back(table: Frame, grid: Grid, forest: Forest) -> None:
    again = Forest.from_arrays(forest.to_arrays())
    raw = grid.raw(table)
    assert (again.predict(raw, n_classes=2) == forest.predict(raw, n_classes=2)).all()
    assert (again.contributions(raw, n_classes=2) == forest.contributions(raw, n_classes=2)).all()
    assert (again.gains() == forest.gains()).all() and again.n_columns == 4


def test_broken_arrays_are_refused_and_never_read(table: Frame, grid: Grid, forest: Forest) -> None:
    raw = grid.raw(table)
    for name, place, value in (("nodes", (0, 1), 10**6), ("bit_counts", (0,), 0), ("node_counts", (0,), 1)):
        arrays = {key: array.copy() for key, array in forest.to_arrays().items()}
        arrays[name][place] = value
        with pytest.raises(ValueError, match="broken"):
            Forest.from_arrays(arrays).predict(raw, n_classes=2)


def test_no_rows_and_no_trees(table: Frame, grid: Grid, forest: Forest) -> None:
    assert forest.predict(grid.raw(table.slice(0, 0)), n_classes=2).shape == (0, 2)
    assert Forest([], np.zeros(0, np.int32)).predict(grid.raw(table)).tolist() == [[0.0]] * ROWS


def test_a_frame_of_fewer_columns_is_refused(table: Frame, grid: Grid, forest: Forest) -> None:
    raw = grid.raw(table)
    with pytest.raises(ValueError, match="4 columns"):
        forest.predict(RawColumns(raw.columns[:3], raw.n_rows))
