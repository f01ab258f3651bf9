"""Contributions, leaves and trees of boosters."""

from __future__ import annotations

import numpy as np
import pytest
from workbench import table

from artesian.core.errors import InvalidArgument
from artesian.learn.base.details import Category
from artesian.learn.trees.inspection import tree_of


def margins(model, frame):
    raw = model.raw(frame)
    return raw if raw.ndim == 1 else np.log(raw[:, 1] / raw[:, 0])


@pytest.fixture(params=["gbtree", "dart"])
def trained(bench, request):
    frame = table(Category.BINOMIAL)
    extra = {"rate_drop": 0.3} if request.param == "dart" else {}
    return bench.train(frame, response_column="y", booster=request.param, ntrees=8, **extra).model, frame


def test_contributions_sum_to_the_margin(trained):
    model, frame = trained
    told = model.predict_option(frame, "predict_contributions", True)
    assert list(told.names) == ["c.u", "c.v", "c.w", "c.missing(NA)", "a", "b", "BiasTerm"]
    assert told.to_polars().to_numpy().sum(axis=1) == pytest.approx(margins(model, frame), abs=1e-4)
    compact = model.predict_option(frame, "predict_contributions", {"output_format": "Compact"}).to_polars()
    assert compact.columns == ["c", "a", "b", "BiasTerm"]
    whole = told.to_polars().to_numpy()
    assert compact["c"].to_numpy() == pytest.approx(whole[:, :4].sum(axis=1), abs=1e-9)


def test_contributions_against_a_background_lead_from_its_output_to_the_row_s(trained):
    model, frame = trained
    rows, background = frame.slice(0, 4), frame.slice(50, 3)
    own, base = margins(model, rows), margins(model, background)
    told = model.predict_option(
        rows, "predict_contributions", {"background_frame": background, "output_per_reference": True}
    ).to_polars()
    assert told.columns[-3:] == ["BiasTerm", "RowIdx", "BackgroundRowIdx"]
    values = told.drop("RowIdx", "BackgroundRowIdx").to_numpy()
    assert values.sum(axis=1) == pytest.approx(own[told["RowIdx"].to_numpy()], abs=1e-4)
    assert told["BiasTerm"].to_numpy() == pytest.approx(base[told["BackgroundRowIdx"].to_numpy()], abs=1e-4)
    mean = model.predict_option(rows, "predict_contributions", {"background_frame": background}).to_polars()
    assert mean.to_numpy() == pytest.approx(values.reshape(4, 3, -1).mean(axis=1), abs=1e-9)
    # two inputs that differ are told by Shapley's definition: half of what each adds first and last
    other = rows.slice(0, 1)
    mixed = {}
    for changed in ("a", "b", "ab"):
        copy = other
        for name in changed:
            copy = copy.with_column(name, rows.slice(1, 1)[name])
        mixed[changed] = margins(model, copy)[0]
    before = margins(model, other)[0]
    target = other.with_column("a", rows.slice(1, 1)["a"]).with_column("b", rows.slice(1, 1)["b"])
    found = model.predict_option(target, "predict_contributions", {"background_frame": other}).to_polars()
    first = (mixed["a"] - before + mixed["ab"] - mixed["b"]) / 2
    assert found["a"][0] == pytest.approx(first, abs=1e-4)
    in_space = {"background_frame": background, "output_space": True}
    total = model.predict_option(rows, "predict_contributions", in_space).to_polars().to_numpy().sum(axis=1)
    assert total == pytest.approx(model.raw(rows)[:, 1], abs=1e-5)


def test_leaves_lead_to_the_margin(trained):
    model, frame = trained
    ids = model.predict_option(frame, "leaf_node_assignment", "Node_ID").to_polars()
    assert ids.columns[:2] == ["T1.C1", "T2.C1"]
    total = sum(tree.value[ids.to_numpy()[:, i]] for i, tree in enumerate(model.trees.trees))
    assert total + model.start_value() == pytest.approx(margins(model, frame), abs=1e-4)
    paths = model.predict_option(frame, "leaf_node_assignment", "Path").to_polars()
    turns = model.trees.trees[0].paths()
    assert paths["T1.C1"].to_list() == [turns[leaf] for leaf in ids["T1.C1"]]


def test_a_tree_told_by_its_nodes_predicts_as_the_booster(bench):
    frame = table(Category.REGRESSION)
    model = bench.train(frame, response_column="y", ntrees=1).model
    told = tree_of(model, 0, None)
    codes = frame["c"].codes()
    values = {
        "a": frame["a"].floats(),
        "b": frame["b"].floats(),
        **{f"c.{level}": (codes == i).astype(float) for i, level in enumerate("uvw")},
        "c.missing(NA)": (codes < 0).astype(float),
    }
    nodes = model.tree_nodes(0, 0)
    for row in range(frame.n_rows):
        node = 0
        while nodes.feature[node] is not None:
            x = values[nodes.feature[node]][row]
            left = nodes.missing_left[node] if np.isnan(x) else x < nodes.threshold[node]
            node = nodes.left[node] if left else nodes.right[node]
        assert nodes.value[node] + model.start_value() == pytest.approx(model.raw(frame.slice(row, 1))[0], abs=1e-5)
    assert told["features"][0] in values
    assert len(told["left_children"]) == len(nodes)


def test_linear_boosters_have_no_trees(bench):
    frame = table(Category.REGRESSION)
    model = bench.train(frame, response_column="y", booster="gblinear").model
    with pytest.raises(InvalidArgument, match="linear"):
        model.predict_option(frame, "leaf_node_assignment", "Path")
    told = model.predict_option(frame, "predict_contributions", True).to_polars()
    assert told.to_numpy().sum(axis=1) == pytest.approx(model.raw(frame), abs=1e-4)


def test_importances_are_sums_over_splits(trained):
    model, _ = trained
    gains: dict[str, float] = {}
    for _, _, nodes in model.all_nodes():
        for node, name in enumerate(nodes.feature):
            if name is not None:
                gains[name] = gains.get(name, 0.0) + nodes.gain[node]
    table = model.details.variable_importances
    assert dict(zip(table.column("variable"), table.column("relative_importance"), strict=True)) == pytest.approx(
        gains, rel=1e-4
    )
    frequency = model.details.extra["variable_importances_frequency"]
    assert frequency["name"] == "Variable Importances - Frequency"
