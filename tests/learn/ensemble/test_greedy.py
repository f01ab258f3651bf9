"""Greedy weights: the selection against one by hand, and that it is never worse than the best single column."""

from __future__ import annotations

import numpy as np
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sklearn.metrics import log_loss, roc_auc_score

from artesian.frame import Column, Frame
from artesian.learn.base.details import Category
from artesian.learn.ensemble.greedy import loss_of, sampled, select
from artesian.learn.metrics import Distribution

GAUSSIAN = Distribution("gaussian")


def never() -> bool:
    return False


def test_two_opposite_errors_are_averaged_out():
    """Errors +1 and -1: the mean of both is right, which the second draw finds; the third could only make it worse."""
    actual = np.arange(6.0)
    columns = [actual + 1, actual - 1, actual + 3]
    loss = loss_of("deviance", Category.REGRESSION, actual, np.ones(6), GAUSSIAN)
    weights, history = select(columns, loss, 5, never)
    assert weights.tolist() == [0.5, 0.5, 0.0]
    assert history[:3] == pytest.approx([1.0, 0.0, (1 / 3) ** 2])


def test_selection_with_replacement_gives_shares():
    """Errors +1 and -3: three draws of the first and one of the second leave none."""
    actual = np.arange(8.0)
    loss = loss_of("deviance", Category.REGRESSION, actual, np.ones(8), GAUSSIAN)
    weights, history = select([actual + 1, actual - 3], loss, 8, never)
    assert weights.tolist() == [0.75, 0.25]
    assert min(history) == pytest.approx(0.0)


@settings(max_examples=50, deadline=None)
@given(st.integers(0, 2**32 - 1), st.integers(1, 6), st.sampled_from(["logloss", "AUC", "MSE", "MAE"]))
def test_it_is_never_worse_than_the_best_single_column(seed, count, metric):
    random = np.random.default_rng(seed)
    actual = random.integers(0, 2, size=60).astype(float)
    actual[:2] = 0, 1
    columns = [random.uniform(0.01, 0.99, size=60) for _ in range(count)]
    loss = loss_of(metric, Category.BINOMIAL, actual, random.uniform(0.1, 2, size=60), GAUSSIAN)
    weights, history = select(columns, loss, 12, never)
    mean = sum(weight * column for weight, column in zip(weights, columns, strict=True))
    assert weights.sum() == pytest.approx(1)
    assert loss(mean) == pytest.approx(min(history), abs=1e-9)
    assert loss(mean) <= min(loss(column) for column in columns) + 1e-9


def test_losses_are_those_of_other_software():
    random = np.random.default_rng(3)
    actual, weights = random.integers(0, 2, size=200).astype(float), random.uniform(0.5, 2, size=200)
    predicted = np.round(random.uniform(0.05, 0.95, size=200), 2)  # with ties
    found = {
        name: loss_of(name, Category.BINOMIAL, actual, weights, GAUSSIAN)(predicted) for name in ("logloss", "AUC")
    }
    assert found["logloss"] == pytest.approx(log_loss(actual, predicted, sample_weight=weights))
    assert found["AUC"] == pytest.approx(1 - roc_auc_score(actual, predicted, sample_weight=weights))
    several = random.dirichlet(np.ones(3), size=200)
    codes = random.integers(0, 3, size=200).astype(float)
    loss = loss_of("logloss", Category.MULTINOMIAL, codes, weights, GAUSSIAN)
    assert loss(several) == pytest.approx(log_loss(codes, several, sample_weight=weights))


def test_the_selection_ends_when_it_is_asked_to():
    actual = np.arange(6.0)
    loss = loss_of("deviance", Category.REGRESSION, actual, np.ones(6), GAUSSIAN)
    weights, history = select([actual + 1, actual - 1], loss, 50, lambda: True)
    assert weights.tolist() == [1.0, 0.0]
    assert len(history) == 1


def test_rows_are_drawn_only_from_large_frames():
    assert sampled(100, 100, 1) is None
    assert sampled(100, 0, 1) is None
    rows = sampled(1000, 100, 1).to_list()
    assert len(set(rows)) == 100
    assert rows == sorted(rows) == sampled(1000, 100, 1).to_list()


@pytest.fixture
def bench(tmp_path):
    from workbench import Workbench

    return Workbench(tmp_path, "greedy")


def frame_of_predictions(rows: int = 200) -> Frame:
    random = np.random.default_rng(0)
    signal = random.normal(size=rows)
    columns = {
        "good": Column.reals(pl.Series(1 / (1 + np.exp(-2 * signal)))),
        "bad": Column.reals(pl.Series(random.uniform(size=rows))),
        "y": Column.enums(pl.Series((signal + random.normal(size=rows) > 0).astype(np.uint32)), ["no", "yes"]),
    }
    return Frame.from_mapping(columns)


def test_it_is_an_algorithm_of_its_own(bench):
    frame = frame_of_predictions()
    trained = bench.train(frame, response_column="y", nfolds=3, keep_cross_validation_predictions=True)
    table = trained.details.variable_importances
    assert table.column("variable")[0] == "good"
    assert trained.details.training_metrics["log_loss"] <= log_loss(frame["y"].codes(), frame["good"].floats())
    assert trained.details.cross_validation_metrics is not None
    missing = frame.with_column("good", Column.reals(pl.Series([None] * 200, dtype=pl.Float64)))
    assert np.isfinite(trained.predict(missing)["yes"].to_numpy()).all()
    assert trained.predict(frame.without(["bad"]))["yes"].to_numpy() == pytest.approx(
        trained.predict(frame)["yes"].to_numpy()
        if table.array("relative_importance")[table.column("variable").index("bad")] == 0
        else trained.predict(frame.with_column("bad", Column.reals(pl.Series([None] * 200, dtype=pl.Float64))))[
            "yes"
        ].to_numpy()
    )
