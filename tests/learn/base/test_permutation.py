"""Permutation importance of a model that is known: its columns matter by their share of its formula."""

from __future__ import annotations

import sys
from pathlib import Path

import numpy as np
import pytest

from artesian.core.errors import InvalidArgument
from artesian.learn.base.details import Category
from artesian.learn.base.permutation import permutation_importance

sys.path.insert(0, str(Path(__file__).parent))
from linear_model import frame, model


def importance(category=Category.REGRESSION, **options):
    return permutation_importance(model(category), frame(2000), seed=5, **options).to_polars()


def test_importance_is_the_change_of_the_metric():
    table = importance(metric="mse")
    values = dict(zip(table["Variable"], table["Relative Importance"], strict=True))
    # a shuffled column z moves the error by the mean of (z - shuffled z)², which is twice its variance
    a, w = 2 * frame(2000)["a"].floats(), 3.0 * (frame(2000)["c"].codes() == 2)
    assert values["a"] == pytest.approx(2 * a.var(), rel=0.1)
    assert values["c"] == pytest.approx(2 * w.var(), rel=0.1)
    assert values["noise"] == 0, "the model does not look at it"
    assert "group" not in values, "ignored in training"
    assert "y" not in values
    assert table["Scaled Importance"][0] == 1
    assert table["Percentage"].sum() == pytest.approx(1)
    assert table["Relative Importance"].to_list() == sorted(values.values(), reverse=True)


def test_runs_differ_and_a_seed_repeats_them():
    table = importance(repeats=3)
    assert table.columns == ["Variable", "Run 1", "Run 2", "Run 3"]
    runs = table.select(pattern for pattern in table.columns[1:]).to_numpy()
    assert len(np.unique(runs[0])) == 3
    assert table.equals(importance(repeats=3))
    assert importance(features=["a"])["Relative Importance"][0] == importance()["Relative Importance"][0]


@pytest.mark.parametrize(("category", "metric"), [(Category.BINOMIAL, "auc"), (Category.REGRESSION, "rmse")])
def test_the_metric_of_auto(category, metric):
    assert importance(category, samples=500).equals(importance(category, samples=500, metric=metric))


@pytest.mark.parametrize(
    ("options", "text"),
    [
        ({"metric": "nosuch"}, "no metric 'nosuch'"),
        ({"metric": "auc"}, "no metric 'auc'"),
        ({"samples": 1}, "n_samples"),
        ({"samples": 2001}, "n_samples"),
        ({"repeats": 0}, "n_repeats"),
        ({"features": ["nowhere"]}, "no column 'nowhere'"),
        ({"features": ["group"]}, "not trained on the column 'group'"),
    ],
)
def test_wrong_arguments_are_named(options, text):
    with pytest.raises(InvalidArgument, match=text):
        importance(**options)


def test_the_response_is_needed():
    with pytest.raises(InvalidArgument, match="must hold the response"):
        permutation_importance(model(), frame().without(["y"]))
