"""Variable importances against the definition, written as loops."""

from __future__ import annotations

import numpy as np
import pytest

from artesian.learn.base.importances import importance_table
from artesian.learn.deeplearning.importances import importances

RANDOM = np.random.default_rng(0)
FIRST = RANDOM.normal(size=(5, 4)).astype(np.float32)
SECOND = RANDOM.normal(size=(3, 5)).astype(np.float32)


def by_definition(first, second):
    """Gedeon 1997: Q_ik = Σ_j |w_ij| / Σ_i |w_ij| · |w_jk| / Σ_j |w_jk|, normalised over i, summed over k."""
    total = np.zeros(first.shape[1])
    for k in range(len(second)):
        q = np.zeros(first.shape[1])
        for i in range(first.shape[1]):
            for j in range(len(first)):
                q[i] += abs(first[j, i]) / np.abs(first[j]).sum() * abs(second[k, j]) / np.abs(second[k]).sum()
        total += q / q.sum()
    return total / total.max()


def test_two_layers_by_definition():
    assert importances(FIRST, SECOND) == pytest.approx(by_definition(FIRST, SECOND), rel=1e-6)


def test_without_a_hidden_layer_absolute_weights_count():
    sums = np.abs(FIRST).sum(axis=0)
    assert importances(FIRST, None) == pytest.approx(sums / sums.max(), rel=1e-6)


def test_channels_of_a_unit_are_added():
    twice = np.repeat(FIRST, 2, axis=0)  # unit j has two equal channels
    assert importances(twice, SECOND, channels=2) == pytest.approx(importances(FIRST, SECOND), rel=1e-6)


def test_dead_units_and_dead_networks_have_no_importance():
    first = FIRST.copy()
    first[2] = 0
    assert np.isfinite(importances(first, SECOND)).all()
    assert importances(np.zeros_like(FIRST), SECOND).tolist() == [0, 0, 0, 0]


def test_the_table_is_sorted_and_its_shares_sum_to_one():
    table = importance_table(["a", "b", "c"], np.array([0.5, 1.0, 0.0]))
    assert table.column("variable") == ("b", "a", "c")
    assert table.column("scaled_importance") == (1.0, 0.5, 0.0)
    assert sum(table.column("percentage")) == pytest.approx(1.0)


def test_an_input_that_decides_matters_most(lab, numbers):
    frame = numbers.select(["a", "b"]).renamed(["noise", "cause"]).with_column("y", numbers["b"])
    table = lab.train(frame, response_column="y", hidden=[10], epochs=30, l1=1e-2).details.variable_importances
    assert table.column("variable")[0] == "cause"
    assert table.column("scaled_importance")[1] < 0.6  # the penalty lets weights die that no gradient holds up


def test_inputs_for_missing_values_that_never_occur_have_none(lab, numbers):
    table = lab.train(
        numbers.select(["a", "third", "y"]), response_column="y", hidden=[5], epochs=1
    ).details.variable_importances
    assert (
        dict(zip(table.column("variable"), table.column("scaled_importance"), strict=True))["third.missing(NA)"] == 0.0
    )


def test_importances_can_be_left_out(lab, numbers):
    assert (
        lab.train(
            numbers, response_column="y", hidden=[3], epochs=1, variable_importances=False
        ).details.variable_importances
        is None
    )
