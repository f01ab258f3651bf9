"""What models of trees tell beside predictions: contributions, leaves, stages, single trees, interactions, H."""

from __future__ import annotations

import itertools

import numpy as np
import pytest
from workbench import table

from artesian.core.errors import InvalidArgument
from artesian.learn.base.details import Category
from artesian.learn.trees.friedman_popescu import h_statistic
from artesian.learn.trees.inspection import tree_of
from artesian.learn.trees.interactions import interaction_tables


@pytest.fixture(params=["gbm", "drf"])
def bench(request):
    return request.getfixturevalue(request.param)


def output(model, frame):
    raw = model.raw(frame)
    if raw.ndim == 1:
        return raw
    return np.log(raw[:, 1] / raw[:, 0]) if model.details.algorithm == "gbm" else raw[:, 1]


@pytest.mark.parametrize("category", [Category.REGRESSION, Category.BINOMIAL])
def test_contributions_sum_to_the_output(bench, category):
    frame = table(category)
    model = bench.train(frame, response_column="y").model
    told = model.predict_option(frame, "predict_contributions", True)
    assert list(told.names) == ["a", "b", "c", "BiasTerm"]
    values = told.to_polars().to_numpy()
    assert values.sum(axis=1) == pytest.approx(output(model, frame), abs=1e-6)
    sorted_ones = model.predict_option(frame, "predict_contributions", {"top_n": 1, "bottom_n": 1}).to_polars()
    assert sorted_ones.columns == [
        "top_feature_1", "top_value_1", "bottom_feature_1", "bottom_value_1", "BiasTerm",
    ]  # fmt: skip
    assert sorted_ones["top_value_1"].to_numpy() == pytest.approx(values[:, :3].max(axis=1))
    assert sorted_ones["bottom_value_1"].to_numpy() == pytest.approx(values[:, :3].min(axis=1))


def test_contributions_against_a_background_are_shapley_values(gbm):
    """Against one background row they are the mean over all orders of columns of what exchanging a column changes."""
    frame = table(Category.REGRESSION)
    model = gbm.train(frame, response_column="y").model
    row, base = frame.slice(3, 1), frame.slice(70, 1)
    options = {"background_frame": base, "output_format": "Compact", "output_per_reference": True}
    told = model.predict_option(row, "predict_contributions", options).to_polars()
    expected = dict.fromkeys("abc", 0.0)
    for order in itertools.permutations("abc"):
        mixed = base
        before = model.raw(mixed)[0]
        for name in order:
            mixed = mixed.with_column(name, row[name])
            after = model.raw(mixed)[0]
            expected[name] += (after - before) / 6
            before = after
    assert [told[name][0] for name in "abc"] == pytest.approx(list(expected.values()), abs=1e-6)
    assert told["BiasTerm"][0] == pytest.approx(model.raw(base)[0], abs=1e-6)
    wide = model.predict_option(row, "predict_contributions", {"background_frame": base}).to_polars()
    assert wide.columns == ["a", "b", "c.u", "c.v", "c.w", "c.missing(NA)", "BiasTerm"]


def test_leaves_are_those_of_the_told_trees(bench):
    frame = table(Category.REGRESSION)
    model = bench.train(frame, response_column="y", ntrees=3).model
    numbers = model.predict_option(frame, "leaf_node_assignment", "Node_ID").to_polars()
    paths = model.predict_option(frame, "leaf_node_assignment", "Path").to_polars()
    assert numbers.columns == paths.columns == ["T1", "T2", "T3"]
    total = np.zeros(frame.n_rows)
    for number in range(3):
        nodes = model.tree_nodes(number, 0)
        for row in range(frame.n_rows):
            place = 0
            for turn in paths[f"T{number + 1}"][row]:
                place = nodes.left[place] if turn == "L" else nodes.right[place]
            assert place == numbers[f"T{number + 1}"][row]
            total[row] += nodes.value[place]
    scale = 1 if bench.algorithm == "gbm" else 3
    assert (model.start + total) / scale == pytest.approx(model.raw(frame), abs=1e-9)


def test_stages_end_with_the_prediction(gbm):
    frame = table(Category.MULTINOMIAL)
    model = gbm.train(frame, response_column="y", ntrees=4).model
    staged = model.predict_option(frame, "predict_staged_proba", True).to_polars()
    assert staged.columns == [f"T{n}.C{c}" for n in range(1, 5) for c in range(1, 4)]
    assert staged.select("T4.C1", "T4.C2", "T4.C3").to_numpy() == pytest.approx(model.raw(frame))


def test_frequencies_count_the_splits_on_the_way(gbm):
    frame = table(Category.REGRESSION)
    model = gbm.train(frame, response_column="y", ntrees=5).model
    counts = model.predict_option(frame, "feature_frequencies", True).to_polars()
    paths = model.predict_option(frame, "leaf_node_assignment", "Path").to_polars()
    lengths = [sum(len(path) for path in row) for row in paths.rows()]
    assert counts.sum_horizontal().to_list() == lengths


def test_a_tree_is_told_level_by_level(gbm):
    frame = table(Category.MULTINOMIAL)
    model = gbm.train(frame, response_column="y", ntrees=2, max_depth=2).model
    told = tree_of(model, 1, "mid")
    assert told["tree_class"] == "mid"
    lengths = {name: len(values) for name, values in told.items() if isinstance(values, list)}
    assert set(lengths.values()) == {len(told["left_children"])}
    inner = [left != -1 for left in told["left_children"]]
    assert [feature is not None for feature in told["features"]] == inner
    assert told["tree_decision_path"].count("Predicted value") == inner.count(False)
    for node, path in enumerate(told["decision_paths"]):
        if inner[node]:
            assert path is None
        else:
            assert float(path.rsplit("Prediction: ", 1)[1]) == pytest.approx(told["predictions"][node], rel=1e-7)
    for wrong in ((2, "mid"), (-1, "mid"), (0, "no such class"), (0, None)):
        with pytest.raises(InvalidArgument):
            tree_of(model, *wrong)


def test_interactions_share_out_the_whole_gain(gbm):
    frame = table(Category.REGRESSION)
    model = gbm.train(frame, response_column="y", ntrees=4, max_depth=3).model
    trees = [(number, nodes) for number, _, nodes in model.all_nodes()]
    tables = {item.name: item for item in interaction_tables(trees, 100, 100, -1)}
    singles = tables["Interaction Depth 0"]
    gains = dict(zip(singles.column("interaction"), singles.column("gain"), strict=True))
    importances = model.details.variable_importances
    assert gains == pytest.approx(
        dict(zip(importances.column("variable"), importances.column("relative_importance"), strict=True)), rel=1e-6
    )
    splits = sum(sum(name is not None for name in nodes.feature) for _, nodes in trees)
    assert sum(singles.column("fscore")) == splits
    pairs = tables["Interaction Depth 1"]
    inner = sum(
        nodes.feature[child] is not None
        for _, nodes in trees
        for node in range(len(nodes))
        for child in (nodes.left[node], nodes.right[node])
        if child >= 0
    )
    assert sum(pairs.column("fscore")) == inner
    assert sum(tables["a Split Value Histogram"].column("count")) == dict(
        zip(singles.column("interaction"), singles.column("fscore"), strict=True)
    )["a"]  # fmt: skip
    assert "Leaf Statistics" in tables


def test_h_is_zero_without_and_large_with_interaction(gbm):
    import polars as pl

    from artesian.frame import Column, Frame

    random = np.random.default_rng(1)
    a, b = random.normal(size=(2, 500)).round(1)

    def h(y):
        columns = {"a": a, "b": b, "y": y}
        frame = Frame.from_mapping({name: Column.reals(pl.Series(values)) for name, values in columns.items()})
        model = gbm.train(frame, response_column="y", ntrees=60, max_depth=3).model
        trees = [nodes for _, _, nodes in model.all_nodes()]
        return h_statistic(frame, ["a", "b"], ["a", "b"], trees)

    assert h(a + b) < 0.15
    assert h(a * b) > 0.6


def test_rows_counted_anew_change_contributions_and_no_prediction(bench):
    frame = table(Category.REGRESSION)
    model = bench.train(frame, response_column="y", ntrees=4).model
    raw = model.raw(frame)
    before = model.predict_option(frame, "predict_contributions", True).to_polars().to_numpy()
    weights = (np.arange(frame.n_rows) % 2).astype(float)
    model.reweigh(frame, weights)
    after = model.predict_option(frame, "predict_contributions", True).to_polars().to_numpy()
    assert np.array_equal(model.raw(frame), raw)
    assert after.sum(axis=1) == pytest.approx(raw, abs=1e-6)
    assert after[0, -1] == pytest.approx((raw * weights).sum() / weights.sum(), abs=1e-6)  # the mean of those rows
    assert abs(after[0, -1] - before[0, -1]) > 1e-3
    assert model.reweigh(frame, np.eye(1, frame.n_rows)[0]) != []  # one row leaves nodes without any
