from __future__ import annotations

import json
import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sklearn import metrics as sk

from artesian.core.errors import InvalidArgument
from artesian.learn.metrics import metrics_from_dict, multinomial_metrics

H2O_NAMES = {
    "mse": "MSE", "rmse": "RMSE", "r2": "r2", "log_loss": "logloss", "auc": "AUC", "pr_auc": "pr_auc",
    "mean_per_class_error": "mean_per_class_error",
}  # fmt: skip


@pytest.mark.parametrize(("weighted", "auc_type"), [(False, "MACRO_OVR"), (True, "weighted_ovo")])
def test_all_values_and_tables_are_those_of_h2o(weighted, auc_type, data, reference, same_table):
    recorded = reference["multinomial_weighted" if weighted else "multinomial"]
    weights = data.WEIGHTS if weighted else None
    ours = multinomial_metrics(data.CLASSES, data.PROBABILITIES, weights, "abc", auc_type)
    assert ours.nobs == recorded["nobs"] == 200
    for name, theirs in H2O_NAMES.items():
        assert getattr(ours, name) == pytest.approx(recorded[theirs], rel=1e-12), name
    assert [list(row) for row in ours.confusion_matrix.table().rows()] == recorded["cm"]
    assert ours.confusion_matrix.table().row_labels == ("a", "b", "c", "Totals")
    same_table(ours.auc_table, recorded["multinomial_auc_table"])
    same_table(ours.pr_auc_table, recorded["multinomial_aucpr_table"])
    assert ours.auc_table.name == "Multinomial AUC values"
    if not weighted:  # with weights H2O counts a hit at the first place as 1, whatever the row weighs
        theirs = [row[1] for row in recorded["hit_ratio_table"]["cells"]]
        assert ours.hit_ratios == pytest.approx(theirs, rel=1e-6)  # H2O's are 32-bit


def test_hit_ratios_are_weighted_shares(data):
    y, p, w = data.CLASSES, data.PROBABILITIES, data.WEIGHTS
    ours = multinomial_metrics(y, p, w)
    for k, ratio in enumerate(ours.hit_ratios, start=1):
        assert ratio == pytest.approx(sk.top_k_accuracy_score(y, p, k=k, sample_weight=w) if k < 3 else 1.0)
    table = ours.hit_ratio_table
    assert (table.name, table.column_names, table.column("k")) == (
        "Top-3 Hit Ratios",
        ("k", "hit_ratio"),
        ("1", "2", "3"),
    )


def test_only_the_first_ten_hit_ratios_are_kept():
    rng = np.random.default_rng(3)
    p = rng.dirichlet(np.ones(14), 500)
    y = rng.integers(0, 14, 500)
    ours = multinomial_metrics(y, p)
    expected = [sk.top_k_accuracy_score(y, p, k=k) for k in range(1, 11)]
    assert ours.hit_ratios == pytest.approx(expected)
    assert ours.hit_ratio_table.name == "Top-10 Hit Ratios"


@pytest.mark.parametrize("weighted", [False, True])
def test_agrees_with_scikit_learn(weighted, data):
    y, p = data.CLASSES, data.PROBABILITIES
    w = np.linspace(0.1, 3, len(y)) if weighted else None
    ours = multinomial_metrics(y, p, w, auc_type="macro_ovr")
    assert ours.log_loss == pytest.approx(sk.log_loss(y, p, sample_weight=w), rel=1e-12)
    assert ours.error == pytest.approx(1 - sk.accuracy_score(y, p.argmax(axis=1)), rel=1e-12)
    assert ours.accuracy == pytest.approx(sk.accuracy_score(y, p.argmax(axis=1)), rel=1e-12)
    balanced = 1 - sk.balanced_accuracy_score(y, p.argmax(axis=1))
    assert ours.mean_per_class_error == pytest.approx(balanced, rel=1e-12)
    np.testing.assert_array_equal(ours.confusion_matrix.counts, sk.confusion_matrix(y, p.argmax(axis=1)))
    one_hot = np.average((1 - p[np.arange(len(y)), y]) ** 2, weights=w)
    assert ours.mse == pytest.approx(one_hot, rel=1e-12)


@pytest.mark.parametrize(("ours", "multi_class", "average"), [
    ("macro_ovr", "ovr", "macro"), ("weighted_ovr", "ovr", "weighted"),
    ("macro_ovo", "ovo", "macro"), ("weighted_ovo", "ovo", "weighted"),
])  # fmt: skip
def test_each_auc_type_agrees_with_scikit_learn(ours, multi_class, average, data):
    y, p = data.CLASSES, data.PROBABILITIES
    expected = sk.roc_auc_score(y, p, multi_class=multi_class, average=average)
    assert multinomial_metrics(y, p, auc_type=ours).auc == pytest.approx(expected, rel=1e-12)


@pytest.mark.parametrize("auc_type", ["AUTO", "none"])
def test_no_auc_unless_asked_for(auc_type, data):
    ours = multinomial_metrics(data.CLASSES, data.PROBABILITIES, auc_type=auc_type)
    assert math.isnan(ours.auc) and math.isnan(ours.pr_auc) and ours.auc_table is None


def test_a_class_that_does_not_occur_is_left_out_of_mean_areas():
    y, p = [0, 0, 1, 1], np.array([[0.6, 0.3, 0.1], [0.2, 0.5, 0.3], [0.3, 0.4, 0.3], [0.1, 0.6, 0.3]])
    ours = multinomial_metrics(y, p, domain="abc", auc_type="macro_ovo")
    binary = [sk.roc_auc_score([1, 1, 0, 0], p[:, 0]), sk.roc_auc_score([0, 0, 1, 1], p[:, 1])]
    assert ours.auc == pytest.approx(np.mean(binary))
    assert np.isnan(ours.auc_table.array("auc")[2])
    assert ours.mean_per_class_error == pytest.approx((0.5 + 0 + 0) / 3)  # H2O: over the whole domain


def test_ties_prefer_the_earlier_class():
    ours = multinomial_metrics([0, 1, 2], np.full((3, 3), 1 / 3), domain="abc")
    assert ours.hit_ratios == pytest.approx((1 / 3, 2 / 3, 1.0))
    np.testing.assert_array_equal(ours.confusion_matrix.counts[:, 0], [1, 1, 1])


def test_a_class_unseen_in_training_counts_as_wrong():
    ours = multinomial_metrics([0, 2], [[0.9, 0.1], [0.8, 0.2]], domain=["a", "b", "new"])
    assert ours.error == 0.5
    assert ours.log_loss == pytest.approx((-math.log(0.9) - math.log(1e-15)) / 2)
    assert ours.hit_ratios == pytest.approx((0.5, 0.5))


def test_a_large_domain_has_errors_but_no_matrix():
    p = np.zeros((3, 1001))
    p[[0, 1, 2], [5, 6, 7]] = 1.0
    ours = multinomial_metrics([5, 6, 8], p)
    assert ours.confusion_matrix is None
    assert ours.error == pytest.approx(1 / 3)
    assert ours.mean_per_class_error == pytest.approx(1 / 1001)


def test_max_confusion_matrix_size_bounds_what_is_printed_not_what_is_kept(data):
    small = multinomial_metrics(data.CLASSES, data.PROBABILITIES, domain="abc", max_confusion_matrix_size=2)
    assert "3 classes not printed" in small.printed_confusion_matrix
    assert small.confusion_matrix is not None
    assert "Totals" in multinomial_metrics(data.CLASSES, data.PROBABILITIES, domain="abc").printed_confusion_matrix


def test_no_rows_are_all_nan():
    ours = multinomial_metrics([], np.empty((0, 3)), domain="abc", auc_type="macro_ovr")
    assert ours.nobs == 0
    numbers = (ours.mse, ours.log_loss, ours.r2, ours.error, ours.mean_per_class_error, ours.auc, *ours.hit_ratios)
    assert all(map(math.isnan, numbers))


def test_rows_with_a_missing_class_or_probability_do_not_count():
    nan = math.nan
    p = [[0.5, 0.5, 0.0], [nan, 0.5, 0.5], [0.1, 0.1, 0.8], [0.2, 0.2, 0.6]]
    assert multinomial_metrics([0, 1, nan, 2], p).nobs == 2


@pytest.mark.parametrize(
    ("call", "words"),
    [
        (lambda: multinomial_metrics([3], [[0.2, 0.3, 0.5]]), "code 3 is outside"),
        (lambda: multinomial_metrics([0], [[0.2, 0.3, 1.5]]), "between 0 and 1"),
        (lambda: multinomial_metrics([0], [[0.2, 0.3, 0.5]], domain="ab"), "do not fit a domain of 2"),
        (lambda: multinomial_metrics([0], [[0.2, 0.8]], auc_type="macro"), "auc_type must be one of"),
        (lambda: multinomial_metrics([0], [0.2]), "2 dimension"),
    ],
)
def test_wrong_input_gets_a_sentence(call, words):
    with pytest.raises(InvalidArgument, match=words):
        call()


@given(st.integers(2, 6), st.integers(0, 30), st.integers(0, 2**31))
def test_json_gives_the_same_metrics_back(classes, rows, seed):
    rng = np.random.default_rng(seed)
    p = rng.dirichlet(np.ones(classes), rows)
    ours = multinomial_metrics(rng.integers(0, classes, rows), p, auc_type="macro_ovo", description="holdout")
    again = metrics_from_dict(json.loads(json.dumps(ours.to_dict(), allow_nan=False)))
    assert type(again) is type(ours)
    assert again.to_dict() == ours.to_dict()
    assert again.hit_ratio_table == ours.hit_ratio_table
    if rows:
        assert ours.hit_ratios[-1] == pytest.approx(1.0)
        assert (np.diff(ours.hit_ratios) >= -1e-12).all()
        assert ours.confusion_matrix.counts.sum() == rows
