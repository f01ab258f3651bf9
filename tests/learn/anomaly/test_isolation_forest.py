"""Isolation forests: lengths of paths, scores and thresholds by hand, and against scikit-learn's forest."""

from __future__ import annotations

import math

import numpy as np
import polars as pl
import pytest
from sklearn.ensemble import IsolationForest
from sklearn.metrics import roc_auc_score
from workbench import numbers

from artesian.core.errors import InvalidParameters
from artesian.frame import Column, Frame
from artesian.learn.anomaly.extended import average_path
from artesian.learn.anomaly.isolation import IsolationOptions, grow
from artesian.learn.base.validation import validate


def blobs(rows=2000, anomalies=40, seed=0, width=4):
    """Rows around 0, and a few far from it."""
    random = np.random.default_rng(seed)
    values = random.normal(size=(rows, width))
    values[:anomalies] *= 6
    return values, (np.arange(rows) < anomalies)


def frame_of(values, labels=None):
    columns = {f"x{i}": Column.reals(pl.Series(values[:, i])) for i in range(values.shape[1])}
    if labels is not None:
        columns["label"] = Column.enums(pl.Series(labels.astype(np.uint32)), ["ok", "odd"])
    return Frame.from_mapping(columns)


def paths_by_hand(tree, values):
    """The length of each row's path: one less than its splits."""
    found = []
    threshold, feature, left, right, missing = tree.threshold, tree.feature, tree.left, tree.right, tree.missing_left
    for row in values:
        node = splits = 0
        while left[node] >= 0:
            x = row[feature[node]]
            goes_left = missing[node] if math.isnan(x) else x < threshold[node]
            node = left[node] if goes_left else right[node]
            splits += 1
        found.append(max(splits - 1, 0))
    return np.array(found, dtype=float)


def test_predictions_are_mean_path_lengths_scaled_between_the_extremes_of_the_training_rows(bench):
    values, _ = blobs(300)
    values[5, 2] = math.nan
    frame = frame_of(values)
    trained = bench.train(frame, ntrees=7)
    total = sum(paths_by_hand(tree, values.astype(np.float32)) for tree in trained.model.forest.trees)
    predictions = trained.predict(frame)
    assert predictions.columns == ["predict", "mean_length"]
    assert predictions["mean_length"].to_numpy() == pytest.approx(total / 7)
    assert predictions["predict"].to_numpy() == pytest.approx((total.max() - total) / (total.max() - total.min()))


@pytest.mark.parametrize(("depth", "least"), [(3, 1), (8, 1), (0, 1), (5, 4)])
def test_depth_and_rows_of_trees_are_honoured(depth, least):
    values = blobs(500)[0].astype(np.float32)
    grown = grow(values, 5, IsolationOptions(128, depth, least, 4, 4, 1.0), np.random.default_rng(1))
    for tree, rows, lengths in zip(grown.trees, grown.rows, grown.lengths, strict=True):
        assert len(np.unique(rows)) == 128
        assert lengths == pytest.approx(paths_by_hand(tree, values[rows]))
        assert tree.cover[tree.is_leaf].min() >= least
        assert tree.cover[0] == 128
    if depth:
        assert max(grown.depths) <= depth
    elif least == 1:
        assert all(tree.cover[tree.is_leaf].max() == 1 for tree in grown.trees)


def test_trees_split_the_columns_that_they_may():
    values = blobs(500, width=6)[0].astype(np.float32)
    grown = grow(values, 20, IsolationOptions(64, 8, 1, 2, 2, 1.0), np.random.default_rng(1))
    assert all(len(np.unique(tree.feature[tree.feature >= 0])) == 2 for tree in grown.trees)
    assert grown.splits.count.sum() == sum(int((~tree.is_leaf).sum()) for tree in grown.trees)


def test_it_finds_what_the_forest_of_scikit_learn_finds(bench):
    values, odd = blobs(5000, 100, width=8)
    found = bench.train(frame_of(values), ntrees=100).predict(frame_of(values))["predict"].to_numpy()
    expected = -IsolationForest(n_estimators=100, random_state=0).fit(values).score_samples(values)
    assert roc_auc_score(odd, found) > roc_auc_score(odd, expected) - 0.01
    # two forests of scikit-learn correlate by 0.97; here paths end at depth 8 and leaves of several rows add nothing to them
    assert np.corrcoef(found, expected)[0, 1] > 0.9


def test_contamination_cuts_at_the_quantile_of_the_scores(bench):
    values, _ = blobs()
    trained = bench.train(frame_of(values), contamination=0.05)
    predictions = trained.predict(frame_of(values))
    assert predictions.columns == ["predict", "score", "mean_length"]
    score = predictions["score"].to_numpy()
    assert trained.details.default_threshold == pytest.approx(np.quantile(score, 0.95))
    flagged = predictions["predict"].to_numpy() == "1"
    assert np.array_equal(flagged, score >= trained.details.default_threshold)
    assert flagged.mean() == pytest.approx(0.05, abs=0.01)


def test_a_labelled_validation_frame_sets_the_threshold_and_is_measured(bench):
    values, _ = blobs()
    others, odd = blobs(seed=1)
    validation = frame_of(others, odd)
    trained = bench.train(frame_of(values), validation=validation, validation_response_column="label")
    predictions = trained.predict(validation)
    measured = trained.details.validation_metrics
    assert measured["kind"] == "binomial"
    assert measured["auc"] == pytest.approx(
        roc_auc_score(odd, np.clip(predictions["score"].to_numpy(), 0, 1)), abs=1e-9
    )
    assert set(predictions["predict"]) == {"ok", "odd"}
    score = np.clip(predictions["score"].to_numpy(), 0, 1)
    assert np.array_equal(predictions["predict"].to_numpy() == "odd", score >= trained.details.default_threshold)


def test_labels_in_the_training_frame_are_learnt_from_and_told_of(bench):
    values, odd = blobs()
    others, odd_others = blobs(seed=1)
    validation = frame_of(others, odd_others)
    trained = bench.train(frame_of(values, odd), validation=validation, validation_response_column="label")
    assert "label" in trained.details.names
    given = {"training_frame": "training", "validation_frame": "validation", "validation_response_column": "label"}
    told = validate("isolationforest", given, bench).warnings
    assert any("'label', which tells anomalies, is learnt from" in text for text in told)
    assert trained.details.validation_metrics["kind"] == "binomial"


def test_training_metrics_are_those_of_trees_that_did_not_see_the_row(bench):
    values, _ = blobs(100)
    frame = frame_of(values)
    trained = bench.train(frame, ntrees=30, sample_rate=0.5)
    everything = trained.predict(frame)["mean_length"].to_numpy()
    measured = trained.details.training_metrics
    assert measured["kind"] == "anomaly"
    assert measured["nobs"] == 100
    # rows that a tree was grown on lie in leaves of their own more often: their paths are longer
    assert measured["mean_score"] < everything.mean()


def test_early_stopping_and_history(bench):
    values, _ = blobs(500)
    trained = bench.train(frame_of(values), ntrees=400, stopping_rounds=3, stopping_tolerance=0.01)
    history = trained.details.scoring_history
    assert trained.model.n_trees < 400
    assert history.column("number_of_trees")[:3] == (0, 1, 2)
    assert math.isnan(history.array("mean_tree_path_length")[0])
    table = trained.details.extra["variable_splits"]
    assert [column["name"] for column in table["columns"]][:2] == ["variable", "count"]


def test_leaves_and_frequencies(bench):
    values, _ = blobs(300)
    frame = frame_of(values)
    model = bench.train(frame, ntrees=4).model
    paths = model.predict_option(frame, "leaf_node_assignment", "Path").to_polars()
    splits = sum(paths[name].str.len_chars().fill_null(0).to_numpy() for name in paths.columns)
    frequencies = model.predict_option(frame, "feature_frequencies", True).to_polars()
    assert frequencies.to_numpy().sum(axis=1).tolist() == splits.tolist()


def test_the_nodes_that_are_told_of_a_tree_lead_to_its_leaves(bench):
    values, _ = blobs(200, width=2)
    levels = np.random.default_rng(3).integers(0, 6, 200)
    frame = frame_of(values).with_column("c", Column.enums(pl.Series(levels.astype(np.uint32)), list("abcdef")))
    model = bench.train(frame, ntrees=3).model
    nodes = model.tree_nodes(2, 0)
    assert {"x0", "x1", "c"} >= set(filter(None, nodes.feature)) > {"c"}
    leaves = model.predict_option(frame, "leaf_node_assignment", "Path").to_polars()["T3"].to_list()
    rows = {"x0": values[:, 0], "x1": values[:, 1]}
    for row, expected in enumerate(leaves):
        node, path = 0, ""
        while (name := nodes.feature[node]) is not None:
            left = levels[row] in nodes.left_levels[node] if name == "c" else rows[name][row] < nodes.threshold[node]
            path += "L" if left else "R"
            node = nodes.left[node] if left else nodes.right[node]
        assert path == expected


@pytest.mark.parametrize(
    ("given", "field"),
    [
        ({"mtries": 9}, "mtries"),
        ({"mtries": 0}, "mtries"),
        ({"contamination": 0.7}, "contamination"),
        ({"stopping_metric": "AUC"}, "stopping_metric"),
        ({"stopping_metric": "MAE"}, "stopping_metric"),
        ({"min_rows": 400}, "min_rows"),
        ({"validation_response_column": "label"}, "validation_response_column"),
        ({"sample_rate": 1.5}, "sample_rate"),
    ],
)
def test_what_cannot_be_is_refused_by_name(bench, given, field):
    with pytest.raises(InvalidParameters) as error:
        bench.train(frame_of(blobs(300)[0]), **given)
    assert field in {problem.field for problem in error.value.problems}


def test_extended_trees_of_one_column_and_of_planes_agree_on_their_rows(extended_bench):
    values, odd = blobs()
    for level in (0, 1, 3):
        trained = extended_bench.train(frame_of(values), ntrees=60, sample_size=128, extension_level=level)
        predictions = trained.predict(frame_of(values))
        assert predictions.columns == ["anomaly_score", "mean_length"]
        length = predictions["mean_length"].to_numpy()
        expected = 2.0 ** (-length / float(average_path(128)))
        assert predictions["anomaly_score"].to_numpy() == pytest.approx(expected)
        assert roc_auc_score(odd, predictions["anomaly_score"].to_numpy()) > 0.97
        summary = trained.details.model_summary
        assert summary.column("max_depth") == (7,)
        isolated, crowded = summary.column("mean_isolated_point")[0], summary.column("mean_not_isolated_point")[0]
        assert isolated + crowded == pytest.approx(128)


def test_average_path_is_that_of_an_unsuccessful_search():
    # c(n) = 2 H(n - 1) - 2 (n - 1) / n with H(n) = ln n + 0.5772156649
    assert average_path(np.array([0, 1, 2])) == pytest.approx([0, 0, 1])
    assert float(average_path(256)) == pytest.approx(2 * (math.log(255) + 0.5772156649) - 2 * 255 / 256)


@pytest.mark.parametrize(
    ("given", "field"), [({"extension_level": 4}, "extension_level"), ({"sample_size": 5000}, "sample_size")]
)
def test_impossible_extended_forests_are_refused(extended_bench, given, field):
    with pytest.raises(InvalidParameters) as error:
        extended_bench.train(frame_of(blobs(300)[0]), **given)
    assert field in {problem.field for problem in error.value.problems}


def test_extended_history_only_when_asked_for(extended_bench):
    frame = frame_of(blobs(300)[0])
    assert extended_bench.train(frame, ntrees=6).details.scoring_history is None
    told = extended_bench.train(frame, ntrees=6, disable_training_metrics=False, score_tree_interval=4)
    assert told.details.scoring_history.column("number_of_trees") == (0, 4, 6)
    assert np.isfinite(numbers(told.predict(frame))).all()
