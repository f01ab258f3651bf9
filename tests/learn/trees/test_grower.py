"""Trees are grown by the best split of each node: against brute force, scikit-learn, and rules worked out by hand."""

from __future__ import annotations

from itertools import combinations

import numpy as np
import polars as pl
import pytest
from sklearn.tree import DecisionTreeRegressor

from artesian.frame.column import Column
from artesian.frame.frame import Frame
from artesian.learn.trees.forest import Forest
from artesian.learn.trees.grid import Grid
from artesian.learn.trees.grower import Grower, GrowOptions, Tree

EXACT = {"bins": 100_000, "bins_top_level": 100_000, "min_split_improvement": 0.0}


def frame_of(*columns: object) -> Frame:
    """Columns x0, x1 … of numbers, or of (level numbers, number of levels); None is missing."""
    made = {}
    for number, column in enumerate(columns):
        if isinstance(column, tuple):
            codes = pl.Series(column[0], dtype=pl.UInt32)
            made[f"x{number}"] = Column.enums(codes, [f"l{i:04d}" for i in range(column[1])])
        else:
            made[f"x{number}"] = Column.from_series(pl.Series(column, strict=False))
    return Frame.from_mapping(made)


def grid_of(frame: Frame, quantiles: bool = True, bins_top: int = 60_000) -> Grid:
    return Grid.fit(frame, frame.names, bins_top=bins_top, bins_cats=1024, quantiles=quantiles)


def grown(
    frame: Frame, target: object, *, threads: int = 1, quantiles: bool = True, **arguments: object
) -> tuple[Tree, np.ndarray, np.ndarray]:
    """The tree, the leaf of each row, and what the tree predicts for the frame."""
    options = {name: arguments.pop(name) for name in list(arguments) if name in GrowOptions.__dataclass_fields__}
    grid = grid_of(frame, quantiles)
    grower = Grower(grid.codes(frame), GrowOptions(**{**EXACT, **options}), threads)
    tree, leaf = grower.grow(np.asarray(target, dtype=np.float64), **arguments)
    return tree, leaf, predicted(tree, grid, frame)


def predicted(tree: Tree, grid: Grid, frame: Frame) -> np.ndarray:
    return Forest([tree], np.zeros(1, np.int32)).predict(grid.raw(frame))[:, 0]


@pytest.mark.parametrize(
    ("rows", "depth", "least"),
    [(40, 1, 1), (40, 4, 5), (40, 30, 1), (30_000, 1, 1), (30_000, 8, 20)],  # by one thread, and by all together
)
def test_numeric_splits_are_those_of_scikit_learn(rows: int, depth: int, least: int) -> None:
    rng = np.random.default_rng(depth)
    x = rng.normal(size=(rows, 4))
    y = x[:, 0] * 2 + np.sin(3 * x[:, 1]) + rng.normal(size=rows)
    theirs = DecisionTreeRegressor(max_depth=depth, min_samples_leaf=least, random_state=0).fit(x, y)
    tree, leaf, ours = grown(frame_of(*x.T), y, max_depth=depth, min_rows=least)
    assert tree.n_nodes == theirs.tree_.node_count
    assert ours == pytest.approx(theirs.predict(x), abs=2e-6)  # targets are summed up from 32 bits
    assert tree.value[leaf] == pytest.approx(ours, abs=0)
    if depth == 30:
        return  # nodes of two rows are split equally well at any column
    gains = np.zeros(4)
    np.add.at(gains, tree.feature[tree.feature >= 0], tree.gain[tree.feature >= 0])
    assert gains / gains.sum() == pytest.approx(theirs.feature_importances_, abs=1e-5)


def test_weighted_splits_are_those_of_scikit_learn() -> None:
    rng = np.random.default_rng(5)
    x, y, w = rng.normal(size=(500, 3)), rng.normal(size=500), rng.uniform(0.1, 3, 500)
    theirs = DecisionTreeRegressor(max_depth=5, random_state=0).fit(x, y, sample_weight=w)
    tree, _, ours = grown(frame_of(*x.T), y, max_depth=5, min_rows=0.01, weight=w)
    assert tree.n_nodes == theirs.tree_.node_count
    assert ours == pytest.approx(theirs.predict(x), abs=2e-6)
    assert tree.cover[0] == pytest.approx(w.sum(), rel=1e-6)


def squared_error(y: np.ndarray, *sides: np.ndarray) -> float:
    return sum(((y[side] - y[side].mean()) ** 2).sum() for side in sides if side.any())


def best_partition(levels: np.ndarray, n_levels: int, y: np.ndarray) -> float:
    """The least squared error after any split of the levels (and of missing ones, level -1) in two."""
    groups = np.unique(levels)
    best = np.inf
    for size in range(1, len(groups)):
        for chosen in combinations(groups, size):
            left = np.isin(levels, chosen)
            best = min(best, squared_error(y, left, ~left))
    return best


@pytest.mark.parametrize("missing", [False, True])
@pytest.mark.parametrize("seed", range(5))
def test_categories_are_parted_in_the_best_of_all_ways(seed: int, missing: bool) -> None:
    rng = np.random.default_rng(seed)
    levels = rng.integers(-1 if missing else 0, 6, 60)
    y = rng.normal(size=60) + rng.normal(size=8)[levels]
    column = ([None if level < 0 else int(level) for level in levels], 6)
    tree, leaf, ours = grown(frame_of(column), y, max_depth=1)
    left = leaf == tree.left[0]
    assert squared_error(y, left, ~left) == pytest.approx(best_partition(levels, 6, y), rel=1e-5)
    assert tree.value[leaf] == pytest.approx(ours, abs=0)
    if not missing:
        cells = tree.left_cells(0, 6)
        assert set(levels[left]) == set(np.flatnonzero(cells)) & set(levels)


def test_missing_values_go_to_the_better_side_or_stand_alone() -> None:
    x = [1.0, 2.0, 3.0, 4.0, None, None]
    for target, missing_left in (([0, 0, 5, 5, 0, 0], True), ([0, 0, 5, 5, 5, 5], False)):
        tree, _, ours = grown(frame_of(x), target, max_depth=1)
        assert tree.threshold[0] == 2.5 and bool(tree.missing_left[0]) is missing_left
        assert ours.tolist() == target
    tree, _, ours = grown(frame_of(x), [1, 1, 1, 1, 9, 9], max_depth=1)
    assert np.isnan(tree.threshold[0]) and not tree.missing_left[0]
    assert ours.tolist() == [1, 1, 1, 1, 9, 9]


def test_what_was_not_missing_in_training_goes_with_the_larger_side() -> None:
    frame = frame_of([1.0, 2.0, 3.0, 4.0, 5.0])
    unknown = frame_of([None])
    for target, expected in (([0, 0, 0, 7, 7], 0.0), ([0, 0, 7, 7, 7], 7.0)):
        tree, _, _ = grown(frame, target, max_depth=1)
        assert predicted(tree, grid_of(frame), unknown).tolist() == [expected]


def test_levels_without_rows_at_a_split_go_with_missing_values() -> None:
    frame = frame_of(([0, 0, 1, 1, 1], 4))
    tree, _, _ = grown(frame, [0, 0, 3, 3, 3], max_depth=1)
    assert tree.left_cells(0, 4).tolist() in ([True, False, False, False], [False, True, True, True])
    assert predicted(tree, grid_of(frame), frame_of(([2, 3, None, 0], 4))).tolist() == [3, 3, 3, 0]


def test_a_weight_of_two_is_the_row_twice_and_of_zero_none() -> None:
    rng = np.random.default_rng(9)
    x, y = rng.normal(size=(300, 2)), rng.integers(0, 5, 300).astype(float)
    levels = rng.integers(0, 7, 300)
    w = rng.integers(0, 3, 300).astype(float)
    twice = np.repeat(np.arange(300), w.astype(int))
    weighted = grown(frame_of(*x.T, (levels, 7)), y, weight=w, max_depth=6, min_rows=4)
    grid = grid_of(frame_of(*x.T, (levels, 7)))
    grower = Grower(grid.codes(frame_of(*x.T, (levels, 7))), GrowOptions(**EXACT, max_depth=6, min_rows=4))
    repeated, _ = grower.grow(y, rows=twice.astype(np.uint32))
    assert repeated.n_nodes == weighted[0].n_nodes > 20
    assert (repeated.nodes == weighted[0].nodes).all() and (repeated.bits == weighted[0].bits).all()


def test_rows_out_of_the_bag_are_sent_down_the_finished_tree() -> None:
    rng = np.random.default_rng(4)
    x = rng.normal(size=(2000, 2))
    x[rng.random((2000, 2)) < 0.2] = np.nan
    levels = rng.integers(0, 30, 2000)
    y = np.nan_to_num(x[:, 0]) + levels % 3 + rng.normal(size=2000)
    frame = frame_of(*[pl.Series(c).fill_nan(None) for c in x.T], (levels, 30))
    rows = np.flatnonzero(rng.random(2000) < 0.6).astype(np.uint32)
    tree, leaf, ours = grown(frame, y, rows=rows, max_depth=12)
    assert tree.value[leaf] == pytest.approx(ours, abs=0)
    only, _, _ = grown(frame, np.where(np.isin(np.arange(2000), rows), y, 1e6), rows=rows, max_depth=12)
    assert (only.nodes == tree.nodes).all()
    assert tree.cover[0] == len(rows)


@pytest.mark.parametrize("random_splits", [False, True])
def test_threads_never_change_a_tree(random_splits: bool) -> None:
    rng = np.random.default_rng(6)
    n = 150_000
    x, levels = rng.normal(size=(n, 3)).round(2), rng.integers(0, 300, n)
    y = (rng.random(n) < 1 / (1 + np.exp(x[:, 0] + np.sin(levels)))).astype(float)
    rows = np.flatnonzero(rng.random(n) < 0.7).astype(np.uint32)
    frame = frame_of(*x.T, (levels, 300))
    arguments = {
        "rows": rows,
        "weight": rng.uniform(0.5, 2, n),
        "count": np.ones(n),
        "split_columns": 2,
        "max_depth": 9,
    }
    arguments |= {"bins": 20, "bins_top_level": 1024} if random_splits else {}
    one, leaf, _ = grown(frame, y, threads=1, seed=5, random_splits=random_splits, **arguments)
    for threads in (2, 5):
        other, other_leaf, _ = grown(frame, y, threads=threads, seed=5, random_splits=random_splits, **arguments)
        assert (one.nodes == other.nodes).all() and (one.bits == other.bits).all() and (leaf == other_leaf).all()
    different, _, _ = grown(frame, y, seed=6, random_splits=random_splits, **arguments)
    assert different.n_nodes != one.n_nodes or (different.nodes != one.nodes).any()


def test_nothing_to_split_makes_one_leaf() -> None:
    for columns, target in (
        (([1.0, 1.0, 1.0],), [1, 2, 3]),
        (([1.0],), [4.0]),
        (([1.0, 2.0, 3.0],), [2, 2, 2]),
        (([None, None, None],), [1, 2, 3]),
        ((([0, 0, 0], 3),), [1, 2, 3]),
    ):
        tree, leaf, ours = grown(frame_of(*columns), target)
        assert tree.n_nodes == 1 and tree.feature.tolist() == [-1] and (leaf == 0).all()
        assert ours == pytest.approx(np.mean(target))


def test_least_rows_are_counted_by_count_not_by_weight() -> None:
    x, y = [1.0, 2.0, 3.0, 4.0], [0.0, 9.0, 9.0, 9.0]
    weight, count = np.full(4, 0.25), np.ones(4)
    assert grown(frame_of(x), y, weight=weight, min_rows=1)[0].n_nodes == 1
    tree, _, _ = grown(frame_of(x), y, weight=weight, count=count, min_rows=1, max_depth=1)
    assert tree.threshold[0] == 1.5
    tree, _, _ = grown(frame_of(x), y, weight=weight, count=count, min_rows=2, max_depth=1)
    assert tree.threshold[0] == 2.5


def test_a_split_must_take_its_share_of_the_squared_error() -> None:
    x, y = [1.0, 2.0, 3.0, 4.0], [0.0, 1.0, 1.0, 2.0]
    # By hand: of a squared error of 2 the split at 1.5 (or 3.5) takes 4/3, that is 2/3, the split at 2.5 takes 1.
    assert grown(frame_of(x), y, max_depth=1, min_split_improvement=0.66)[0].n_nodes == 3
    assert grown(frame_of(x), y, max_depth=1, min_split_improvement=0.67)[0].n_nodes == 1


def test_bins_of_equal_width_limit_where_to_split() -> None:
    x = [0.0, 1.0, 2.0, 3.0, 100.0]
    y = [0.0, 0.0, 9.0, 9.0, 9.0]
    tree, _, _ = grown(frame_of([v + 0.5 for v in x]), y, max_depth=1, quantiles=False, bins=10, bins_top_level=10)
    assert tree.threshold[0] == pytest.approx((3.5 + 100.5) / 2)  # 10 bins of width 10: the first four values share one
    tree, _, ours = grown(frame_of([v + 0.5 for v in x]), y, max_depth=2, quantiles=False, bins=10, bins_top_level=10)
    assert ours.tolist() == y  # the next level's bins divide what is left


def test_monotone_columns_rise_or_fall_everywhere() -> None:
    rng = np.random.default_rng(8)
    x = rng.uniform(-2, 2, (3000, 2))
    y = np.sin(2 * x[:, 0]) + x[:, 1] + rng.normal(size=3000) * 0.3
    frame = frame_of(*x.T)
    for direction in (1, -1):
        tree, _, _ = grown(frame, y, max_depth=7, min_rows=5, monotone=np.array([direction, 0], dtype=np.int8))
        ladder = np.linspace(-2, 2, 200)
        for other in (-1.5, 0.0, 1.5):
            values = predicted(tree, grid_of(frame), frame_of(ladder, np.full(200, other)))
            assert (direction * np.diff(values) >= -1e-12).all()
        assert tree.n_nodes > 15 and tree.lower is not None and (tree.lower <= tree.upper).all()
    free, _, _ = grown(frame, y, max_depth=7, min_rows=5)
    assert free.lower is None


def columns_on_paths(tree: Tree) -> list[set[int]]:
    paths, found = {0: set()}, []
    for node in range(tree.n_nodes):
        here = paths.pop(node)
        if tree.feature[node] < 0:
            found.append(here)
            continue
        for child in (tree.left[node], tree.right[node]):
            paths[int(child)] = here | {int(tree.feature[node])}
    return found


def test_columns_meet_only_within_their_sets() -> None:
    rng = np.random.default_rng(3)
    x = rng.normal(size=(2000, 5))
    y = x.sum(axis=1) + x[:, 0] * x[:, 3]
    tree, _, _ = grown(frame_of(*x.T), y, max_depth=6, interaction_sets=[[0, 1], [1, 2], [3]])
    sets = [{0, 1}, {1, 2}, {3}]
    paths = columns_on_paths(tree)
    assert all(any(path <= allowed for allowed in sets) for path in paths)
    assert any(len(path) > 1 for path in paths) and not any(4 in path for path in paths)


def test_columns_of_a_tree_and_of_a_split() -> None:
    rng = np.random.default_rng(1)
    x = rng.normal(size=(500, 6))
    y = x @ np.array([9.0, 5, 3, 1, 1, 1])
    tree, _, _ = grown(frame_of(*x.T), y, columns=np.array([2, 4], dtype=np.uint32))
    assert set(tree.feature) == {-1, 2, 4}
    roots = {int(grown(frame_of(*x.T), y, split_columns=1, seed=seed, max_depth=1)[0].feature[0]) for seed in range(60)}
    assert roots == set(range(6))
    roots = {int(grown(frame_of(*x.T), y, split_columns=5, seed=seed, max_depth=1)[0].feature[0]) for seed in range(60)}
    assert roots == {0, 1}  # without the best, the second best


def test_random_splits_are_not_the_best_but_follow_the_target() -> None:
    rng = np.random.default_rng(2)
    x = rng.uniform(size=2000)
    y = (x > 0.5).astype(float)
    thresholds = {
        float(grown(frame_of(x), y, max_depth=1, bins=4, bins_top_level=4, random_splits=True, seed=s)[0].threshold[0])
        for s in range(20)
    }
    assert len(thresholds) > 15 and all(0.0 < t < 1.0 for t in thresholds)
    assert np.median(np.abs(np.array(sorted(thresholds)) - 0.5)) < 0.15  # the best of four random points


def test_large_targets_lose_no_precision() -> None:
    x = np.arange(100.0)
    y = 1e7 + (x >= 37)
    tree, _, ours = grown(frame_of(x), y, max_depth=1)
    assert tree.threshold[0] == 36.5 and ours == pytest.approx(y, abs=1e-3)


def test_leaf_values_are_bounded_and_replaceable() -> None:
    tree, leaf, ours = grown(frame_of([1.0, 2.0]), [-50.0, 50.0], leaf_bound=8.0)
    assert ours.tolist() == [-8, 8]
    other = tree.with_leaf_values(np.array([99.0, 1.0, 2.0]))
    assert other.value[leaf].tolist() == [1, 2] and np.isnan(other.value[0]) and tree.value[leaf].tolist() == [-8, 8]
    assert other.threshold[0] == 1.5


def test_wide_columns_of_many_levels() -> None:
    n_levels = 1000
    levels = np.arange(20_000) % n_levels
    y = (levels % 2).astype(float)
    tree, _, ours = grown(frame_of((levels, n_levels)), y, max_depth=1)
    assert tree.n_nodes == 3 and ours.tolist() == y.tolist()


@pytest.mark.parametrize(
    "bad", [{"target": np.zeros(3)}, {"rows": np.array([9], dtype=np.uint32)}, {"columns": np.array([4], np.uint32)}]
)
def test_arrays_of_a_wrong_shape_are_refused(bad: dict[str, np.ndarray]) -> None:
    frame = frame_of([1.0, 2.0])
    grower = Grower(grid_of(frame).codes(frame), GrowOptions())
    with pytest.raises(ValueError, match="must"):
        grower.grow(**{"target": np.zeros(2), **bad})


def test_differences_of_histograms_are_those_of_the_rows() -> None:
    rng = np.random.default_rng(12)
    n = 60_000
    x = rng.normal(size=(n, 2)).round(2)
    x[rng.random((n, 2)) < 0.1] = np.nan
    levels = rng.integers(0, 40, n)
    y = (rng.random(n) < 1 / (1 + np.exp(np.nan_to_num(x[:, 0]) + levels % 5 - 2))).astype(float)
    frame = frame_of(*[pl.Series(column).fill_nan(None) for column in x.T], (levels, 40))
    # Counts that are no whole numbers are never taken from each other: each node's rows are summed up anew.
    by_difference = grown(frame, y, max_depth=6, min_rows=30)
    anew = grown(frame, y, max_depth=6, min_rows=15, count=np.full(n, 0.5))
    assert by_difference[0].n_nodes > 60
    assert (by_difference[0].nodes == anew[0].nodes).all() and (by_difference[0].bits == anew[0].bits).all()
    assert (by_difference[1] == anew[1]).all()


def test_wide_tables_are_shared_by_columns_with_the_same_result() -> None:
    rng = np.random.default_rng(13)
    x = rng.normal(size=(4000, 150)).round(1)
    y = x[:, 3] + x[:, 90] * x[:, 140] + rng.normal(size=4000)
    frame = frame_of(*x.T)
    one, leaf, ours = grown(frame, y, max_depth=5, min_rows=20)
    many, other_leaf, _ = grown(frame, y, max_depth=5, min_rows=20, threads=3)
    assert (one.nodes == many.nodes).all() and (leaf == other_leaf).all()
    theirs = DecisionTreeRegressor(max_depth=5, min_samples_leaf=20, random_state=0).fit(x, y)
    assert ours == pytest.approx(theirs.predict(x), abs=2e-6)
