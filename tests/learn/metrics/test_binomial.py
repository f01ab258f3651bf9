from __future__ import annotations

import json
import math
import time

import numpy as np
import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sklearn import metrics as sk

from artesian.core.errors import InvalidArgument
from artesian.learn.metrics import binomial_metrics, metrics_from_dict

H2O_NAMES = {
    "mse": "MSE", "rmse": "RMSE", "r2": "r2", "log_loss": "logloss", "auc": "AUC", "pr_auc": "pr_auc", "gini": "Gini",
    "mean_per_class_error": "mean_per_class_error",
}  # fmt: skip


@pytest.mark.parametrize("weighted", [False, True])
def test_all_values_and_tables_are_those_of_h2o(weighted, data, reference, same_table):
    recorded = reference["binomial_weighted" if weighted else "binomial"]
    ours = binomial_metrics(data.BINARY, data.P1, data.WEIGHTS if weighted else None)
    assert ours.nobs == recorded["nobs"] == 200
    for name, theirs in H2O_NAMES.items():
        assert getattr(ours, name) == pytest.approx(recorded[theirs], rel=1e-12), name
    same_table(ours.thresholds_and_metric_scores, recorded["thresholds_and_metric_scores"])
    same_table(ours.max_criteria_and_metric_scores, recorded["max_criteria_and_metric_scores"])
    same_table(ours.gains_lift, recorded["gains_lift_table"])
    table = ours.confusion_matrix.table()
    assert [list(row) for row in table.rows()] == recorded["cm"]
    assert table.column_names == ("0", "1", "Error", "Rate")
    # the scores went through text on their way to H2O, so their last bit may differ
    best_f1 = recorded["max_criteria_and_metric_scores"]["cells"][0]
    assert ours.default_threshold == pytest.approx(best_f1[1], rel=1e-12)


def test_many_scores_are_exact_where_h2o_bins_them(data, reference, same_table):
    recorded = reference["binomial_many_scores"]
    y, p = data.MANY_BINARY, data.MANY_P1
    ours = binomial_metrics(y, p)
    assert ours.auc == pytest.approx(sk.roc_auc_score(y, p), rel=1e-12)
    # H2O merges 2003 scores into 400 bins: each bin holds about 5 rows, so the areas differ in the fourth digit.
    assert ours.auc == pytest.approx(recorded["AUC"], abs=5e-4)
    assert ours.pr_auc == pytest.approx(recorded["pr_auc"], abs=5e-3)
    assert ours.mean_per_class_error == pytest.approx(recorded["mean_per_class_error"], abs=0.02)
    assert ours.log_loss == pytest.approx(recorded["logloss"], rel=1e-12)
    assert ours.mse == pytest.approx(recorded["MSE"], rel=1e-12)
    assert ours.r2 == pytest.approx(recorded["r2"], rel=1e-12)
    same_table(ours.gains_lift, recorded["gains_lift_table"])


@pytest.mark.parametrize("weighted", [False, True])
def test_agrees_with_scikit_learn(weighted, data):
    y, p = data.MANY_BINARY, data.MANY_P1
    w = 0.1 + (np.arange(len(y)) % 7) / 3 if weighted else None
    ours = binomial_metrics(y, p, w)
    assert ours.auc == pytest.approx(sk.roc_auc_score(y, p, sample_weight=w), rel=1e-12)
    assert ours.gini == pytest.approx(2 * sk.roc_auc_score(y, p, sample_weight=w) - 1, rel=1e-12)
    assert ours.log_loss == pytest.approx(sk.log_loss(y, p, sample_weight=w), rel=1e-12)
    assert ours.mse == pytest.approx(sk.brier_score_loss(y, p, sample_weight=w), rel=1e-12)
    assert ours.r2 == pytest.approx(sk.r2_score(y, p, sample_weight=w), rel=1e-12)
    # scikit-learn takes the precision at the right end of a step, we the curve between both ends
    precision, recall, _ = sk.precision_recall_curve(y, p, sample_weight=w)
    bound = np.abs(np.diff(precision) * np.diff(recall)).sum()
    assert bound < 0.002
    assert ours.pr_auc == pytest.approx(sk.average_precision_score(y, p, sample_weight=w), abs=bound)
    fpr, tpr, _ = sk.roc_curve(y, p, sample_weight=w)
    assert ours.kolmogorov_smirnov == pytest.approx((tpr - fpr).max(), rel=1e-12)
    hard = p >= ours.default_threshold
    counts = sk.confusion_matrix(y, hard, sample_weight=w)
    np.testing.assert_allclose(ours.confusion_matrix.counts, counts, rtol=1e-12)
    # the default threshold is the best of all 2003, not of the 400 in the table
    best = max(sk.f1_score(y, p >= cut, sample_weight=w) for cut in p[::20])
    assert sk.f1_score(y, hard, sample_weight=w) >= best
    assert ours.error == pytest.approx(1 - sk.accuracy_score(y, hard, sample_weight=w), rel=1e-12)
    per_class = 1 - sk.balanced_accuracy_score(y, hard, sample_weight=w)
    assert ours.mean_per_class_error == pytest.approx(per_class, rel=1e-12)


@pytest.mark.parametrize("row", [0, 1, 57, 200, 399])
def test_each_row_of_the_threshold_table_is_exact(row, data):
    y, p = data.MANY_BINARY, data.MANY_P1
    table = binomial_metrics(y, p).thresholds_and_metric_scores
    row = min(row, len(table) - 1)
    scores = dict(zip(table.column_names, table.rows()[row], strict=True))
    hard = p >= scores["threshold"]
    tn, fp, fn, tp = sk.confusion_matrix(y, hard).ravel()
    assert (scores["tns"], scores["fps"], scores["fns"], scores["tps"]) == (tn, fp, fn, tp)
    assert scores["f1"] == pytest.approx(sk.f1_score(y, hard))
    assert scores["f2"] == pytest.approx(sk.fbeta_score(y, hard, beta=2))
    assert scores["f0point5"] == pytest.approx(sk.fbeta_score(y, hard, beta=0.5))
    assert scores["precision"] == pytest.approx(sk.precision_score(y, hard))
    assert scores["recall"] == scores["tpr"] == pytest.approx(sk.recall_score(y, hard))
    assert scores["specificity"] == scores["tnr"] == pytest.approx(sk.recall_score(y, hard, pos_label=0))
    assert scores["absolute_mcc"] == pytest.approx(abs(sk.matthews_corrcoef(y, hard)), abs=1e-12)
    assert scores["mean_per_class_accuracy"] == pytest.approx(sk.balanced_accuracy_score(y, hard))
    assert scores["idx"] == row


def test_the_table_has_at_most_400_rows_and_no_wide_gap(data):
    y, p = data.MANY_BINARY, data.MANY_P1
    ours = binomial_metrics(y, p)
    table = ours.thresholds_and_metric_scores
    assert 350 <= len(table) <= 400
    cuts = table.array("threshold")
    assert (np.diff(cuts) < 0).all()
    assert cuts[0] == p.max() and cuts[-1] == p.min()
    # scores lie densely here: no gap above 4/400 of their range, nor of the way along the ROC curve, plus one row's step
    assert np.abs(np.diff(cuts)).max() <= 4 / 380 * (p.max() - p.min()) + 1 / 1000
    way = table.array("tpr") + table.array("fpr")
    assert np.diff(way).max() <= 2 * 4 / 380 + 1 / 600
    assert len(binomial_metrics(y, p, max_thresholds=50).thresholds_and_metric_scores) <= 50


def test_maxima_are_over_all_scores_even_when_the_table_is_cut_short(data):
    y, p = data.MANY_BINARY, data.MANY_P1
    whole = binomial_metrics(y, p, max_thresholds=10_000).max_criteria_and_metric_scores
    short = binomial_metrics(y, p, max_thresholds=40).max_criteria_and_metric_scores
    assert whole.column("metric") == short.column("metric")
    assert whole.column("threshold") == short.column("threshold")
    assert whole.column("value") == short.column("value")


def test_confusion_matrix_at_any_threshold(data):
    ours = binomial_metrics(data.BINARY, data.P1, domain=["no", "yes"])
    scores = data.P1
    for cut in (0.0, 0.3, 0.5, 0.7, 0.99):
        expected = sk.confusion_matrix(data.BINARY, scores >= cut)
        np.testing.assert_array_equal(ours.confusion_matrix_at(cut).counts, expected)
    none_positive = ours.confusion_matrix_at(1.5).counts
    np.testing.assert_array_equal(none_positive, [[105, 0], [95, 0]])
    assert ours.confusion_matrix.domain == ("no", "yes")


def test_ties_are_one_threshold_and_count_half_in_the_auc():
    ours = binomial_metrics([0, 1, 0, 1], [0.3, 0.3, 0.3, 0.3])
    assert ours.auc == 0.5
    assert len(ours.thresholds_and_metric_scores) == 1
    assert ours.pr_auc == 0.5  # precision is 1/2 at every recall


def test_precision_recall_area_by_hand():
    # Ranked: + - +.  From (tp 1, fp 0) via (1, 1) to (2, 1): recall 0..1/2 at precision 1; then tp = 1 + t, fp = 1:
    # the integral of tp/(tp + 1) over tp in 1..2 is 1 - log(3/2), in recall half of that.
    ours = binomial_metrics([1, 0, 1], [0.9, 0.5, 0.1])
    assert ours.pr_auc == pytest.approx(0.5 + (1 - math.log(1.5)) / 2)


def test_gains_and_lift_with_equal_groups_by_hand():
    # 10 rows, scores 1.0 … 0.1, positives the best three and the worst: 5 groups of two rows.
    p = np.arange(10, 0, -1) / 10
    ours = binomial_metrics([1, 1, 1, 0, 0, 0, 0, 0, 0, 1], p, gainslift_bins=5)
    table = ours.gains_lift
    assert table.column("cumulative_data_fraction") == pytest.approx((0.2, 0.4, 0.6, 0.8, 1.0))
    assert table.column("response_rate") == pytest.approx((1, 0.5, 0, 0, 0.5))
    assert table.column("lift") == pytest.approx((2.5, 1.25, 0, 0, 1.25))
    assert table.column("capture_rate") == pytest.approx((0.5, 0.25, 0, 0, 0.25))
    assert table.column("kolmogorov_smirnov") == pytest.approx((1 / 2, 3 / 4 - 1 / 6, 3 / 4 - 1 / 2, 3 / 4 - 5 / 6, 0))
    assert ours.lift_top_group == pytest.approx(2.5)
    assert binomial_metrics([0, 1], [0.2, 0.4], gainslift_bins=0).gains_lift is None
    with pytest.raises(InvalidArgument, match="Got -2"):
        binomial_metrics([0, 1], [0.2, 0.4], gainslift_bins=-2)


def test_fractional_weights_keep_their_fractions_and_their_scale_is_harmless(data):
    y, p = data.BINARY, data.P1
    w = data.WEIGHTS * 0.3
    ours, scaled = binomial_metrics(y, p, w), binomial_metrics(y, p, w * 7)
    assert ours.thresholds_and_metric_scores.array("tps")[-1] == pytest.approx(w[y == 1].sum())
    assert ours.confusion_matrix.table().column("Rate")[0].count(".") == 2
    for name in ("auc", "pr_auc", "r2", "log_loss", "mean_per_class_error", "default_threshold"):
        assert getattr(ours, name) == pytest.approx(getattr(scaled, name), rel=1e-9), name
    np.testing.assert_allclose(ours.gains_lift.array("lift"), scaled.gains_lift.array("lift"), rtol=1e-9)


@pytest.mark.parametrize("only", [0, 1])
def test_one_class_has_no_auc_and_does_not_fail(only):
    ours = binomial_metrics([only] * 4, [0.1, 0.4, 0.6, 0.9])
    assert math.isnan(ours.auc) and math.isnan(ours.gini) and math.isnan(ours.kolmogorov_smirnov)
    assert ours.r2 == -math.inf
    assert ours.log_loss == pytest.approx(-sum(map(math.log, (0.1, 0.4, 0.6, 0.9))) / 4)
    assert ours.default_threshold == (0.5 if only == 0 else 0.1)
    assert ours.error == (0.5 if only == 0 else 0.0)
    json.dumps(ours.to_dict(), allow_nan=False)


def test_no_rows_are_all_nan():
    ours = binomial_metrics([], [])
    assert ours.nobs == 0
    assert all(map(math.isnan, (ours.mse, ours.auc, ours.pr_auc, ours.log_loss, ours.r2, ours.error)))
    assert ours.confusion_matrix is None and ours.thresholds_and_metric_scores is None and ours.gains_lift is None
    assert ours.confusion_matrix_at(0.5) is None


def test_missing_and_unseen_classes_do_not_count():
    full = binomial_metrics([0, 1, 1], [0.2, 0.7, 0.4])
    ours = binomial_metrics(pl.Series([0, None, 1, 2, 1]), [0.2, 0.5, 0.7, 0.9, 0.4])
    missing = binomial_metrics(np.array([0, 1, -1, 1]), [0.2, 0.7, 0.9, 0.4])
    for other in (ours, missing):
        assert other.about(scoring_time=0).to_dict() == full.about(scoring_time=0).to_dict()


def test_a_sure_error_costs_a_bounded_log_loss():
    assert binomial_metrics([1], [0.0]).log_loss == pytest.approx(-math.log(1e-15))


@pytest.mark.parametrize(
    ("call", "words"),
    [
        (lambda: binomial_metrics([0, 1], [0.5, 1.5]), "between 0 and 1"),
        (lambda: binomial_metrics([0, 1], [0.5, 0.5], domain=["a", "b", "c"]), "two classes"),
        (lambda: binomial_metrics([0, 0.5], [0.5, 0.5]), "whole numbers. Got 0.5"),
        (lambda: binomial_metrics([0, 1], [0.5]), "as many rows"),
    ],
)
def test_wrong_input_gets_a_sentence(call, words):
    with pytest.raises(InvalidArgument, match=words):
        call()


def test_a_million_rows_take_well_under_a_second():
    rng = np.random.default_rng(7)
    p = rng.random(1_000_000)
    y = rng.random(len(p)) < p
    start = time.process_time()
    ours = binomial_metrics(y, p)
    assert time.process_time() - start < 2.0  # 0.4 s on one idle core; room for a loaded machine
    # P(p1 > p0) for densities 2p and 2(1-p) is 5/6; the standard error at this size is below 0.0005
    assert ours.auc == pytest.approx(5 / 6, abs=0.002)
    assert len(ours.thresholds_and_metric_scores) <= 400


probability = st.floats(0, 1).map(lambda value: round(value, 2))
rows_of_both_classes = st.lists(
    st.tuples(st.integers(0, 1), probability, st.integers(1, 3)), min_size=2, max_size=60
).filter(lambda rows: len({y for y, _, _ in rows}) == 2)


@given(rows_of_both_classes)
def test_auc_is_that_of_scikit_learn_and_a_whole_weight_is_so_many_copies(rows):
    y, p, w = (np.array(column) for column in zip(*rows, strict=True))
    weighted = binomial_metrics(y, p, w)
    copied = binomial_metrics(np.repeat(y, w), np.repeat(p, w))
    assert weighted.auc == pytest.approx(sk.roc_auc_score(y, p, sample_weight=w), abs=1e-12)
    assert 0 <= weighted.pr_auc <= 1 + 1e-12
    assert copied.nobs == w.sum() and weighted.nobs == len(y)
    for name in ("mse", "log_loss", "auc", "pr_auc", "default_threshold", "mean_per_class_error", "kolmogorov_smirnov"):
        assert getattr(weighted, name) == pytest.approx(getattr(copied, name), rel=1e-9, abs=1e-12), name
    for name in weighted.gains_lift.column_names:
        np.testing.assert_allclose(
            weighted.gains_lift.array(name), copied.gains_lift.array(name), rtol=1e-9, atol=1e-9, err_msg=name
        )


@given(rows_of_both_classes)
def test_turning_classes_and_scores_round_keeps_the_auc(rows):
    y, p, w = (np.array(column, dtype=float) for column in zip(*rows, strict=True))
    assert binomial_metrics(1 - y, 1 - p, w).auc == pytest.approx(binomial_metrics(y, p, w).auc, abs=1e-12)


@given(st.lists(st.tuples(st.integers(-1, 1), probability), max_size=20))
def test_json_gives_the_same_metrics_back(rows):
    ours = binomial_metrics([y for y, _ in rows], [p for _, p in rows], domain=["no", "yes"], description="holdout")
    again = metrics_from_dict(json.loads(json.dumps(ours.to_dict(), allow_nan=False)))
    assert type(again) is type(ours)
    assert again.to_dict() == ours.to_dict()
    assert again.thresholds_and_metric_scores == ours.thresholds_and_metric_scores
    assert again.confusion_matrix == ours.confusion_matrix
