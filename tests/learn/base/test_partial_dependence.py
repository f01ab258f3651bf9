"""Partial dependence of a model that is known: mean, deviation and error are worked out from its formula."""

from __future__ import annotations

import math
import sys
from pathlib import Path

import numpy as np
import pytest

from artesian.core.errors import InvalidArgument
from artesian.learn.base.details import Category
from artesian.learn.base.partial_dependence import DependenceOrder, partial_dependence

sys.path.insert(0, str(Path(__file__).parent))
from linear_model import frame, model


def dependence(category=Category.REGRESSION, table=None, **order):
    return partial_dependence(model(category), table or frame(), DependenceOrder(**order))


def test_one_column_moves_the_mean_by_its_coefficient():
    (table,) = dependence(columns=("a",))
    rest = 3.0 * (frame()["c"].codes() == 2) + 1
    values = table.array("a")
    assert values.tolist() == list(range(9)), "whole numbers below the number of bins are tried one by one"
    assert table.array("mean_response") == pytest.approx(2 * values + rest.mean())
    assert table.array("stddev_response") == pytest.approx(np.full(9, rest.std(ddof=1)))
    assert table.array("std_error_mean_response") == pytest.approx(np.full(9, rest.std(ddof=1) / math.sqrt(200)))


def test_bins_span_the_values_and_missing_ones_come_last():
    (table,) = dependence(columns=("a",), bins=5, missing=True)
    assert table.array("a")[:-1].tolist() == [0, 2, 4, 6, 8]
    assert math.isnan(table.array("a")[-1])
    rest = 3.0 * (frame()["c"].codes() == 2) + 1
    assert table.array("mean_response")[-1] == pytest.approx(rest.mean())


def test_levels_are_tried_one_by_one():
    (table,) = dependence(columns=("c",), missing=True)
    assert table.column("c") == ("u", "v", "w", ".missing(NA)")
    base = 2 * frame()["a"].floats().mean() + 1
    assert table.array("mean_response") == pytest.approx([base, base, base + 3, base])


def test_weights_count_in_the_mean():
    (table,) = dependence(columns=("c",), weights="weight")
    weight, a = frame()["weight"].floats(), frame()["a"].floats()
    mean = np.average(2 * a + 1, weights=weight)
    counted = int((weight > 0).sum())
    deviation = math.sqrt(np.average((2 * a + 1 - mean) ** 2, weights=weight) * counted / (counted - 1))
    assert table.array("mean_response")[0] == pytest.approx(mean)
    assert table.array("stddev_response")[0] == pytest.approx(deviation)
    assert table.array("std_error_mean_response")[0] == pytest.approx(deviation / math.sqrt(200))


def test_pairs_hold_every_combination():
    (table,) = dependence(pairs=(("a", "c"),), bins=3, splits={"a": (1, 5)})
    assert list(zip(table.column("a"), table.column("c"), strict=True)) == [(a, c) for a in (1, 5) for c in "uvw"]
    assert table.array("mean_response") == pytest.approx([3, 3, 6, 11, 11, 14])
    assert table.array("stddev_response") == pytest.approx(np.zeros(6), abs=1e-12)


def test_a_single_row_gives_its_own_curve():
    (table,) = dependence(columns=("a",), row=7)
    level = 3.0 * (frame()["c"].codes()[7] == 2)
    assert table.array("mean_response") == pytest.approx(2 * np.arange(9) + level + 1)
    assert not table.array("stddev_response").any()


def test_classes_have_tables_of_their_own():
    first, second = dependence(Category.MULTINOMIAL, columns=("c",), targets=("r", "q"))
    assert first.array("mean_response") == pytest.approx(3 * second.array("mean_response"))
    (binary,) = dependence(Category.BINOMIAL, columns=("c",))
    assert binary.array("mean_response") == pytest.approx(first.array("mean_response") * 4 / 3)


@pytest.mark.parametrize(
    ("category", "order", "text"),
    [
        (Category.REGRESSION, {"columns": ("nowhere",)}, "no column 'nowhere'"),
        (Category.REGRESSION, {"columns": ("a",), "bins": 1}, "at least 2"),
        (Category.REGRESSION, {"columns": ("c",), "bins": 2}, "3 levels, more than the 2 bins"),
        (Category.REGRESSION, {"columns": ("a",), "targets": ("yes",)}, "more than two classes"),
        (Category.MULTINOMIAL, {"columns": ("a",)}, "say by 'targets'"),
        (Category.MULTINOMIAL, {"columns": ("a",), "targets": ("z",)}, "no class 'z'"),
        (Category.REGRESSION, {"columns": ("a",), "row": 200}, "rows 0 to 199"),
        (Category.REGRESSION, {"columns": ("c",), "splits": {"c": (7,)}}, "outside of 0 to 2"),
    ],
)
def test_what_cannot_be_computed_is_said(category, order, text):
    with pytest.raises(InvalidArgument, match=text):
        dependence(category, **order)
