"""Tables with far more columns than rows: every algorithm trains on them and predicts, without taking the square of the width."""

from __future__ import annotations

import numpy as np
import polars as pl
import pytest
from workbench import APART, SMALL, numbers, response

from artesian.frame import Column, Frame
from artesian.learn import algorithm as find_algorithm
from artesian.learn.base.details import Category

COLUMNS, ROWS = 5000, 60
FEW_TREES = {"ntrees": 5}


def wide_table(category: Category) -> Frame:
    """Columns x0, x1 …, the first of which tells the response."""
    values = np.random.default_rng(2).normal(size=(ROWS, COLUMNS))
    columns = {f"x{number}": Column.reals(pl.Series(values[:, number])) for number in range(COLUMNS)}
    if category is Category.REGRESSION:
        columns["y"] = Column.reals(pl.Series(3 * values[:, 0]))
    elif category is Category.BINOMIAL:
        columns["y"] = Column.enums(pl.Series((values[:, 0] > 0).astype(np.uint32)), ["no", "yes"])
    return Frame.from_mapping(columns)


@pytest.mark.timeout(60)
def test_five_thousand_columns_are_learnt_from(bench, algorithm):
    if algorithm in APART:
        pytest.skip("it takes one column, or hands columns on")
    category = find_algorithm(algorithm).categories[0]
    frame = wide_table(category)
    quick = FEW_TREES if "ntrees" in SMALL.get(algorithm, {}) else {}
    trained = bench.train(frame, **{**response(category), **quick})
    assert len(trained.details.predictors) == COLUMNS
    predicted = numbers(trained.predict(frame))
    assert predicted.shape[0] == ROWS
    assert np.isfinite(predicted).all()
    if category is Category.REGRESSION:
        assert np.corrcoef(predicted[:, 0], frame["y"].floats())[0, 1] > 0.5
    elif category is Category.BINOMIAL:
        actual = frame["y"].codes()
        assert predicted[actual == 1, 1].mean() > predicted[actual == 0, 1].mean() + 0.2
