"""Calibration curves against scikit-learn's logistic and isotonic regression."""

from __future__ import annotations

import numpy as np
import polars as pl
import pytest
from sklearn.isotonic import IsotonicRegression
from sklearn.linear_model import LogisticRegression

from artesian.frame import Column, Frame
from artesian.learn.base.calibration import Calibration


@pytest.fixture
def data():
    random = np.random.default_rng(0)
    probability = np.round(random.random(3000), 2)  # with ties
    return probability, (random.random(3000) < probability**2).astype(float), random.integers(1, 4, 3000).astype(float)


def test_platt_scaling_is_a_logistic_regression_on_the_probability(data):
    probability, response, weights = data
    curve = Calibration.fit("AUTO", probability, response, weights)
    expected = LogisticRegression(C=np.inf, tol=1e-12, max_iter=10_000).fit(
        probability[:, None], response, sample_weight=weights
    )
    assert curve.values == pytest.approx([expected.intercept_[0], expected.coef_[0, 0]], rel=1e-4)
    assert curve.calibrated(probability) == pytest.approx(expected.predict_proba(probability[:, None])[:, 1], abs=1e-5)


def test_isotonic_calibration_is_the_isotonic_regression_with_level_ends(data):
    probability, response, weights = data
    curve = Calibration.fit("IsotonicRegression", probability, response, weights)
    expected = IsotonicRegression(out_of_bounds="clip").fit(probability, response, sample_weight=weights)
    grid = np.linspace(-0.2, 1.2, 1001)
    assert curve.calibrated(grid) == pytest.approx(expected.predict(grid), abs=1e-12)


@pytest.mark.parametrize("method", ["PlattScaling", "IsotonicRegression"])
def test_a_curve_is_read_back_and_stands_beside_the_predictions(data, method):
    probability, response, _ = data
    curve = Calibration.fit(method, probability, response)
    again = Calibration.from_state(curve.to_state())
    predictions = Frame.from_mapping(
        {
            "predict": Column.enums(pl.Series([0, 1, 0, 1, 1]), ["no", "yes"]),
            "no": Column.reals(pl.Series(1 - probability[:5])),
            "yes": Column.reals(pl.Series(probability[:5])),
        }
    )
    both = again.beside(predictions)
    assert list(both.names) == ["predict", "no", "yes", "cal_no", "cal_yes"]
    calibrated = curve.calibrated(probability[:5])
    assert both["cal_yes"].floats() == pytest.approx(calibrated)
    assert both["cal_no"].floats() == pytest.approx(1 - calibrated)


def test_separable_classes_give_finite_probabilities():
    curve = Calibration.fit("PlattScaling", np.array([0.0, 0.1, 0.9, 1.0]), np.array([0.0, 0.0, 1.0, 1.0]))
    assert np.isfinite(curve.values).all()
    assert curve.calibrated(np.array([0.05, 0.95])) == pytest.approx([0.0, 1.0], abs=1e-6)
