from __future__ import annotations

import math

import numpy as np
import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sklearn import metrics as sk

from artesian.core.errors import InvalidArgument
from artesian.learn.metrics import Distribution, metrics_from_dict, regression_metrics

H2O_NAMES = {"mse": "MSE", "rmse": "RMSE", "mae": "mae", "rmsle": "rmsle", "r2": "r2"}
PARAMETERS = {"tweedie": {"tweedie_power": 1.3}, "quantile": {"quantile_alpha": 0.7}, "huber": {"huber_alpha": 0.8}}


@pytest.mark.parametrize("weighted", [False, True])
@pytest.mark.parametrize("family", ["gaussian", "poisson", "gamma", "laplace", "tweedie", "quantile", "huber"])
def test_all_values_are_those_of_h2o(family, weighted, data, reference):
    recorded = reference[f"regression_{family}{'_weighted' if weighted else ''}"]
    predicted = recorded.get("predicted", data.PREDICTED)
    weights = data.WEIGHTS if weighted else None
    ours = regression_metrics(data.ACTUAL, predicted, weights, family, **PARAMETERS.get(family, {}))
    assert ours.nobs == recorded["nobs"] == 200
    # H2O's boosted predictions are floats: its metrics see them before they are rounded for printing.
    tolerance = 1e-6 if "predicted" in recorded else 1e-12
    for name, theirs in H2O_NAMES.items():
        assert getattr(ours, name) == pytest.approx(recorded[theirs], rel=tolerance), name
    assert ours.mean_residual_deviance == pytest.approx(recorded["mean_residual_deviance"], rel=tolerance)
    assert math.isnan(ours.loglikelihood) and math.isnan(ours.aic)


@pytest.mark.parametrize("weighted", [False, True])
def test_agrees_with_scikit_learn(weighted, data):
    y, f = data.ACTUAL, data.PREDICTED
    w = np.linspace(0.1, 2.3, len(y)) if weighted else None
    ours = regression_metrics(y, f, w)
    assert ours.mse == pytest.approx(sk.mean_squared_error(y, f, sample_weight=w), rel=1e-12)
    assert ours.mae == pytest.approx(sk.mean_absolute_error(y, f, sample_weight=w), rel=1e-12)
    assert ours.rmsle == pytest.approx(math.sqrt(sk.mean_squared_log_error(y, f, sample_weight=w)), rel=1e-12)
    assert ours.r2 == pytest.approx(sk.r2_score(y, f, sample_weight=w), rel=1e-12)


@pytest.mark.parametrize(("family", "power"), [("poisson", 1), ("gamma", 2), ("tweedie", 1.7), ("tweedie", 3)])
def test_deviances_and_the_null_deviance_agree_with_scikit_learn(family, power, data):
    y, f, w = data.ACTUAL, data.PREDICTED, data.WEIGHTS
    ours = regression_metrics(y, f, w, family, tweedie_power=power)
    expected = sk.mean_tweedie_deviance(y, f, sample_weight=w, power=power)
    assert ours.mean_residual_deviance == pytest.approx(expected, rel=1e-10)
    constant = np.full(len(y), np.average(y, weights=w))
    null = sk.mean_tweedie_deviance(y, constant, sample_weight=w, power=power) * w.sum()
    assert ours.null_deviance == pytest.approx(null, rel=1e-10)


def test_deviances_by_hand():
    y, f = [0.0, 1.0], [0.25, 0.25]
    # -2 log(3/4) and -2 log(1/4)
    expected = -2 * (math.log(0.75) + math.log(0.25)) / 2
    assert regression_metrics(y, f, distribution="bernoulli").mean_residual_deviance == pytest.approx(expected)
    # a count of 0 costs 2 f
    assert regression_metrics([0.0], [3.0], distribution="poisson").mean_residual_deviance == pytest.approx(6.0)
    # errors 1 and 4 with delta 2: 1 and (2*4 - 2)*2 = 12
    huber = regression_metrics([0.0, 0.0], [1.0, 4.0], distribution="huber", huber_delta=2.0)
    assert huber.mean_residual_deviance == pytest.approx(6.5)
    # 0.7-quantile: above by 2 costs 0.7*2, below by 2 costs 0.3*2
    quantile = regression_metrics([2.0, 0.0], [0.0, 2.0], distribution="quantile", quantile_alpha=0.7)
    assert quantile.mean_residual_deviance == pytest.approx((1.4 + 0.6) / 2)
    assert math.isnan(regression_metrics(y, f, distribution="custom").mean_residual_deviance)


def test_rows_with_a_missing_value_or_no_weight_do_not_count():
    full = regression_metrics([1.0, 2.0, 4.0], [1.5, 2.0, 3.0], [1.0, 2.0, 3.0])
    nan = math.nan
    ours = regression_metrics(
        pl.Series([1.0, 2.0, 4.0, None, 5.0, 6.0, 7.0]),
        np.array([1.5, 2.0, 3.0, 9.0, nan, 9.0, 9.0]),
        [1.0, 2.0, 3.0, 1.0, 1.0, 0.0, nan],
    )
    assert ours.nobs == 3
    assert ours.about(scoring_time=0).to_dict() == full.about(scoring_time=0).to_dict()


def test_rmsle_is_nan_below_minus_one():
    assert math.isnan(regression_metrics([1.0, 2.0], [1.0, -1.5]).rmsle)
    assert regression_metrics([1.0, 2.0], [1.0, -1.5]).mae == pytest.approx(1.75)


def test_constant_response_has_no_r2():
    assert regression_metrics([0.1] * 10, [0.1] * 9 + [0.2]).r2 == -math.inf  # as H2O
    assert math.isnan(regression_metrics([0.1] * 10, [0.1] * 10).r2)
    assert regression_metrics([3.0], [4.0]).r2 == -math.inf


def test_no_rows_are_all_nan():
    ours = regression_metrics([], [], distribution="huber")
    assert ours.nobs == 0
    numbers = (ours.mse, ours.rmse, ours.mae, ours.rmsle, ours.r2, ours.mean_residual_deviance, ours.null_deviance)
    assert all(map(math.isnan, numbers))


def test_an_infinite_prediction_is_not_hidden():
    assert regression_metrics([1.0, 2.0], [1.0, math.inf]).mse == math.inf


@pytest.mark.parametrize(
    ("call", "words"),
    [
        (lambda: regression_metrics([1.0], [1.0, 2.0]), "as many rows"),
        (lambda: regression_metrics([1.0], [1.0], [-1.0]), "at least 0. Got -1"),
        (lambda: regression_metrics([1.0], [1.0], distribution="gausian"), "Did you mean 'gaussian'"),
        (lambda: regression_metrics(["a"], [1.0]), "must be numbers"),
        (lambda: regression_metrics([[1.0]], [1.0]), "1 dimension"),
        (lambda: Distribution("tweedie", tweedie_power=0.5), "power between 0 and 1. Got tweedie_power=0.5"),
        (lambda: Distribution("quantile", quantile_alpha=2), "quantile_alpha must be between 0 and 1. Got 2"),
    ],
)
def test_wrong_input_gets_a_sentence(call, words):
    with pytest.raises(InvalidArgument, match=words):
        call()


values = st.floats(-1e6, 1e6)


@given(st.lists(st.tuples(values, values, st.integers(1, 4)), min_size=1, max_size=30))
def test_a_whole_weight_is_so_many_copies_of_the_row(rows):
    y, f, w = (np.array(column, dtype=float) for column in zip(*rows, strict=True))
    copies = w.astype(int)
    weighted = regression_metrics(y, f, w, "huber")
    copied = regression_metrics(np.repeat(y, copies), np.repeat(f, copies), distribution="huber")
    assert weighted.mse == pytest.approx(copied.mse, rel=1e-9)
    assert weighted.mae == pytest.approx(copied.mae, rel=1e-9)
    assert weighted.mean_residual_deviance == pytest.approx(copied.mean_residual_deviance, rel=1e-6, abs=1e-12)


@given(st.lists(st.tuples(values, values), max_size=20))
def test_json_gives_the_same_metrics_back(rows):
    ours = regression_metrics([y for y, _ in rows], [f for _, f in rows], description="holdout")
    again = metrics_from_dict(ours.to_dict())
    assert type(again) is type(ours)
    assert again.to_dict() == ours.to_dict()
