"""Fairness by groups, against counts made with numpy and p-values of scipy on tables made by hand."""

from __future__ import annotations

import sys
from pathlib import Path

import numpy as np
import pytest
from scipy import stats
from sklearn.metrics import log_loss, roc_auc_score

from artesian.core.errors import InvalidArgument
from artesian.learn.base.details import Category
from artesian.learn.base.fairness import fairness_metrics, p_value

sys.path.insert(0, str(Path(__file__).parent))
from linear_model import frame, model


def found(favourable="yes", protected=("group",), reference=("m",)):
    fitted = model(Category.BINOMIAL)
    fitted.details.default_threshold = 0.5
    return fairness_metrics(fitted, frame(), list(protected), list(reference), favourable)


@pytest.mark.parametrize(("favourable", "column"), [("yes", 1), ("no", 0)])
def test_each_group_is_measured_by_itself(favourable, column):
    table = frame()
    overview = found(favourable)["overview"].to_polars()
    probability = model(Category.BINOMIAL).raw(table)[:, column]
    actual = table["label"].codes() == column
    predicted = (model(Category.BINOMIAL).raw(table)[:, 1] >= 0.5) == bool(column)
    for code, name in enumerate(("f", "m")):
        own = table["group"].codes() == code
        row = overview.filter(overview["group"] == name).to_dicts()[0]
        assert row["tp"] == (actual & predicted & own).sum()
        assert row["fn"] == (actual & ~predicted & own).sum()
        assert row["total"] == own.sum()
        assert row["selectedRatio"] == pytest.approx(predicted[own].mean())
        assert row["auc"] == pytest.approx(roc_auc_score(actual[own], probability[own]))
        assert row["logloss"] == pytest.approx(log_loss(actual[own], probability[own]))


def test_ratios_are_those_to_the_reference_group():
    overview = found()["overview"].to_polars()
    by_group = {row["group"]: row for row in overview.to_dicts()}
    assert by_group["m"]["AIR_selectedRatio"] == 1
    assert by_group["f"]["AIR_accuracy"] == pytest.approx(by_group["f"]["accuracy"] / by_group["m"]["accuracy"])
    assert by_group["m"]["p.value"] == pytest.approx(1)
    f, m = by_group["f"], by_group["m"]
    table = [[f["selected"], m["selected"]], [f["total"] - f["selected"], m["total"] - m["selected"]]]
    assert f["p.value"] == pytest.approx(stats.fisher_exact(np.array(table, dtype=int)).pvalue)


def test_large_groups_are_compared_by_the_g_test():
    reference, group = {"selected": 8000.0, "total": 20000.0}, {"selected": 4200.0, "total": 10000.0}
    # G = 2 Σ o ln(o/e) with one degree of freedom
    observed = np.array([[4200.0, 8000.0], [5800.0, 12000.0]])
    expected = observed.sum(axis=1, keepdims=True) * observed.sum(axis=0) / observed.sum()
    g = 2 * (observed * np.log(observed / expected)).sum()
    assert p_value(reference, group) == pytest.approx(stats.chi2.sf(g, 1))


def test_groups_of_several_columns_and_their_thresholds():
    answer = found(protected=("group", "c"), reference=("m", "w"))
    overview = answer.pop("overview").to_polars()
    assert overview.height == 6
    assert set(answer) == {f"thresholds_and_metrics_{g},{c}" for g in "fm" for c in "uvw"}
    assert "Threshold" in answer["thresholds_and_metrics_f,u"].names


@pytest.mark.parametrize(
    ("options", "text"),
    [
        ({"favourable": "maybe"}, "no class 'maybe'"),
        ({"protected": ("nowhere",)}, "no column 'nowhere'"),
        ({"protected": ("a",)}, "must be categorical"),
        ({"reference": ("x",)}, "no level 'x'"),
    ],
)
def test_wrong_arguments_are_named(options, text):
    with pytest.raises(InvalidArgument, match=text):
        found(**options)


def test_only_two_classes_can_be_judged():
    with pytest.raises(InvalidArgument, match="two classes only"):
        fairness_metrics(model(), frame(), ["group"], ["m"], "yes")
