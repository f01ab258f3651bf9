"""How rows are dealt into folds."""

from __future__ import annotations

import numpy as np
import polars as pl
import pytest

from artesian.core.errors import InvalidArgument
from artesian.frame import Column, Frame
from artesian.learn.base.details import Category
from artesian.learn.base.folds import deal_rows
from artesian.learn.base.roles import Roles

ROWS = 101
CODES = np.repeat([0, 1, 2], [60, 31, 10])
TABLE = Frame.from_mapping(
    {
        "y": Column.enums(pl.Series(CODES), ["a", "b", "c"]),
        "n": Column.reals(pl.Series(np.linspace(0.5, 9.5, ROWS) ** 2)),
        "f": Column.integers(pl.Series(np.arange(ROWS) % 4 * 10 - 5)),
    }
)


def deal(assignment="AUTO", nfolds=5, seed=1, response="y", fold=None):
    roles = Roles(Category.MULTINOMIAL, ("n",), response=response, fold=fold)
    return deal_rows(TABLE, roles, nfolds=nfolds, assignment=assignment, seed=seed)


def test_modulo_takes_the_row_number():
    assert deal("Modulo").tolist() == [row % 5 for row in range(ROWS)]


@pytest.mark.parametrize("assignment", ["AUTO", "Random", "Stratified"])
def test_folds_are_of_equal_size_and_repeat_with_the_seed(assignment):
    folds = deal(assignment)
    assert sorted(np.bincount(folds)) == [20, 20, 20, 20, 21]
    assert np.array_equal(folds, deal(assignment))
    assert not np.array_equal(folds, deal(assignment, seed=2))


def test_auto_is_random():
    assert np.array_equal(deal("AUTO"), deal("Random"))


def test_stratified_folds_have_each_class_equally_often():
    folds = deal("Stratified")
    for code, size in enumerate([60, 31, 10]):
        counts = np.bincount(folds[code == CODES], minlength=5)
        assert counts.max() - counts.min() <= 1
        assert counts.sum() == size


def test_stratified_by_a_number_spreads_its_range():
    folds = deal("Stratified", response="n")
    means = [TABLE["n"].floats()[folds == fold].mean() for fold in range(5)]
    assert max(means) / min(means) < 1.15


def test_as_many_folds_as_rows_leave_one_out():
    assert sorted(deal(nfolds=ROWS)) == list(range(ROWS))


def test_more_folds_than_rows_are_refused():
    with pytest.raises(InvalidArgument, match="101 rows cannot be dealt into 102 folds"):
        deal(nfolds=102)


def test_a_fold_column_makes_a_fold_of_each_value_in_order():
    assert deal(fold="f").tolist() == [row % 4 for row in range(ROWS)]
