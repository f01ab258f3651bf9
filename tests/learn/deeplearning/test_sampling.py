"""The order of rows: every row once an epoch, by weight, and the same however it is cut."""

from __future__ import annotations

import numpy as np
import pytest

from artesian.learn.base.balancing import balanced
from artesian.learn.deeplearning.sampling import RowOrder, scored_rows

ROWS = np.array([2, 3, 5, 7, 11, 13, 17], dtype=np.int64)


def order(weights=None, seed=1):
    return RowOrder(ROWS, weights=weights, seed=seed)


def test_each_epoch_visits_every_row_once_in_a_new_order():
    taken = order().take(0, 21).reshape(3, 7)
    assert all(sorted(epoch) == ROWS.tolist() for epoch in taken)
    assert taken[0].tolist() != taken[1].tolist()


@pytest.mark.parametrize("weights", [None, np.array([1.0, 2, 3, 4, 5, 6, 7])])
def test_the_sequence_does_not_depend_on_how_it_is_cut(weights):
    whole = order(weights).take(0, 60)
    cut = order(weights)
    parts = [cut.take(0, 1), cut.take(1, 9), cut.take(10, 26), cut.take(36, 24)]
    assert np.array_equal(np.concatenate(parts), whole)
    assert np.array_equal(order(weights).take(36, 24), whole[36:])


def test_another_seed_gives_another_order():
    assert order(seed=2).take(0, 7).tolist() != order(seed=1).take(0, 7).tolist()
    assert sorted(order(seed=-5).take(0, 7)) == ROWS.tolist()


def test_rows_are_drawn_in_proportion_to_their_weight():
    weights = np.array([0.0, 1, 1, 2, 4, 8, 5])
    sampled = order(weights)
    assert sampled.epoch_length == 6  # the row of weight 0 is not there
    counts = dict.fromkeys(ROWS, 0)
    epochs = 700
    for row in sampled.take(0, 6 * epochs):
        counts[int(row)] += 1
    expected = 6 * epochs * weights / weights.sum()
    # systematic sampling draws the floor or the ceiling of the expected number in each epoch: the sum strays little
    assert np.array(list(counts.values())) == pytest.approx(expected, abs=4 * np.sqrt(epochs) / 2)
    first = np.unique(sampled.take(0, 6), return_counts=True)
    drawn = dict(zip(first[0].tolist(), first[1].tolist(), strict=True))
    per_epoch = 6 * weights / weights.sum()
    for row, mean in zip(ROWS, per_epoch, strict=True):
        assert np.floor(mean) <= drawn.get(int(row), 0) <= np.ceil(mean)


def test_equal_weights_are_no_weights():
    assert np.array_equal(order(np.full(7, 3.5)).take(0, 14), order().take(0, 14))


def test_balanced_classes_are_as_frequent_as_the_largest():
    codes = np.repeat([0, 1, 2], [60, 20, 10])
    rows, factors = balanced(np.arange(90), codes, 3, None, 5.0, seed=1)
    assert np.bincount(codes[rows]).tolist() == [60, 60, 60]
    assert factors.tolist() == [1, 3, 6]
    assert np.bincount(rows)[:60].tolist() == [1] * 60


def test_balancing_keeps_to_the_largest_size():
    codes = np.repeat([0, 1, 2], [600, 200, 100])
    rows, factors = balanced(np.arange(900), codes, 3, None, 0.5, seed=1)
    assert np.bincount(codes[rows]).tolist() == [150, 150, 150]
    assert factors == pytest.approx([0.25, 0.75, 1.5])
    assert np.bincount(rows).max() == 2  # rows of the rare class are drawn once or twice, 1.5 times on average


def test_given_factors_draw_rows_that_often():
    codes = np.repeat([0, 1, 2], [600, 200, 100])
    rows, _ = balanced(np.arange(900), codes, 3, np.array([0.5, 1.0, 0.0]), 5.0, seed=1)
    assert np.bincount(codes[rows], minlength=3).tolist() == [300, 200, 0]


def test_scored_rows_are_all_or_a_sample():
    assert scored_rows(ROWS, 0, 1) is ROWS
    assert scored_rows(ROWS, 7, 1) is ROWS
    some = scored_rows(ROWS, 3, 1)
    assert len(set(some)) == 3
    assert set(some) <= set(ROWS.tolist())
    assert sorted(some) == some.tolist()


def test_stratified_scored_rows_share_classes_equally():
    codes = np.repeat([0, 1, 2], [60, 20, 10])
    chosen = scored_rows(np.arange(90), 45, 1, codes)
    assert np.bincount(codes[chosen]).tolist() == [18, 17, 10]
