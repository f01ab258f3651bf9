"""Linear predictors of columns as they are stored, against the blocks of scaled rows that training works on."""

from __future__ import annotations

import numpy as np
import polars as pl
import pytest

from artesian import _native
from artesian.frame import Column, ColumnType, Frame
from artesian.learn.linear import predicting
from artesian.learn.linear.predicting import linear_predictors
from artesian.learn.linear.rows import Rows
from artesian.learn.linear.terms import Terms

ROWS = 3000


@pytest.fixture
def frame():
    random = np.random.default_rng(11)
    return Frame.from_mapping(
        {
            "real": Column.reals(pl.Series(random.normal(1e6, 3.0, ROWS))),
            "whole": Column.from_series(pl.Series(random.integers(-50, 50, ROWS)).cast(pl.Int16)),
            "wide": Column.enums(pl.Series(random.integers(0, 400, ROWS)), [f"w{i:03}" for i in range(400)]),
            "few": Column.enums(pl.Series(random.integers(0, 3, ROWS)), ["u", "v", "w"]),
        }
    )


def terms_of(frame, **options):
    return Terms.learn(frame, list(frame.names), None, all_levels=False, **options)


def both(terms, frame, offsets=None):
    beta = np.random.default_rng(12).normal(size=terms.width + 1)
    rows = Rows(terms, frame, centred=True, actual=np.zeros(0), offsets=offsets, keep=False)
    return linear_predictors(terms, frame, beta, centred=True, offsets=offsets), rows.linear(beta)


def check(terms, frame, offsets=None):
    found, expected = both(terms, frame, offsets)
    assert found == pytest.approx(expected, rel=1e-11, abs=1e-11)


def gap(column, every):
    keep = pl.Series(np.arange(len(column)) % every > 0)
    blank = pl.Series([None] * len(column), dtype=column.values.dtype)
    return Column(column.type, column.values.zip_with(keep, blank), column.domain)


def test_predictors_are_those_of_blocks(frame, monkeypatch):
    terms = terms_of(frame)
    check(terms, frame)
    check(terms, frame, offsets=np.linspace(-1, 1, ROWS))
    monkeypatch.setattr(predicting, "PIECE_ROWS", 700)
    check(terms, frame)


def test_missing_infinite_and_unseen_values_stand_for_what_training_chose(frame):
    terms = terms_of(frame)
    gaps = Frame.from_mapping({name: gap(frame[name], 5 + i) for i, name in enumerate(frame.names)})
    check(terms, gaps)
    infinite = np.where(np.arange(ROWS) % 9 == 0, np.inf, frame["real"].values.to_numpy())
    check(terms, frame.with_column("real", Column.reals(pl.Series(infinite))))
    other = Column.enums(pl.Series(np.arange(ROWS) % 4), ["v", "new", "u", "w"])
    check(terms, frame.with_column("few", other))
    check(terms, frame.with_column("real", Column(ColumnType.BAD, pl.Series([None] * ROWS, dtype=pl.UInt8))))
    check(terms, frame.without(["whole", "wide"]))


def test_no_rows_have_no_predictors(frame):
    terms = terms_of(frame)
    found = linear_predictors(terms, frame.slice(0, 0), np.zeros(terms.width + 1), centred=True, offsets=None)
    assert found.shape == (0,)


def test_interactions_and_several_classes_are_predicted_too(frame):
    terms = terms_of(frame, pairs=[("real", "few"), ("few", "wide")])
    check(terms, frame)
    betas = np.random.default_rng(13).normal(size=(terms.width + 1, 3))
    found = linear_predictors(terms, frame, betas, centred=True, offsets=None)
    for k in range(3):
        assert found[:, k] == pytest.approx(linear_predictors(terms, frame, betas[:, k], centred=True, offsets=None))


def test_the_kernel_refuses_what_does_not_fit():
    none, out = np.zeros(0), np.zeros(4)
    with pytest.raises(ValueError, match="must have 4 values"):
        _native.linear_predictors([np.zeros(3)], np.zeros(1), np.zeros(1), np.zeros(1), [], [], 0.0, out)
    with pytest.raises(ValueError, match="must be integers"):
        _native.linear_predictors([], none, none, none, [np.zeros(4)], [np.zeros(2)], 0.0, out)
    with pytest.raises(ValueError, match="at least one"):
        _native.linear_predictors([], none, none, none, [np.zeros(4, np.uint8)], [np.zeros(0)], 0.0, out)
    _native.linear_predictors(
        [], none, none, none, [np.array([0, 1, 2, 200], np.uint8)], [np.array([1.0, 2.0, 9.0])], 0.5, out
    )
    assert out.tolist() == [1.5, 2.5, 9.5, 9.5]
