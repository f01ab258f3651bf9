"""Scores of predicted numbers, against scikit-learn."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from sklearn import metrics

from artesian.client.exceptions import H2OTypeError, H2OValueError
from artesian.model.regression import (
    h2o_explained_variance_score,
    h2o_mean_absolute_error,
    h2o_mean_squared_error,
    h2o_median_absolute_error,
    h2o_r2_score,
)

WEIGHTED = {
    h2o_mean_absolute_error: metrics.mean_absolute_error,
    h2o_mean_squared_error: metrics.mean_squared_error,
    h2o_explained_variance_score: metrics.explained_variance_score,
    h2o_r2_score: metrics.r2_score,
}


def test_scores_are_those_of_scikit_learn(client: Any) -> None:
    random = np.random.default_rng(5)
    actual, predicted, weights = random.normal(size=50), random.normal(size=50), random.integers(0, 4, 50)
    frame = client.H2OFrame({"a": actual, "p": predicted, "w": weights})
    for ours, theirs in WEIGHTED.items():
        assert ours(frame["a"], frame["p"]) == pytest.approx(theirs(actual, predicted))
        found = ours(frame["a"], frame["p"], weights=frame["w"])
        assert found == pytest.approx(theirs(actual, predicted, sample_weight=weights))
    median = metrics.median_absolute_error(actual, predicted)
    assert h2o_median_absolute_error(frame["a"], frame["p"]) == pytest.approx(median)


def test_missing_values_constant_responses_and_wrong_shapes(client: Any) -> None:
    frame = client.H2OFrame({"a": [1.0, None, 3.0], "p": [2.0, 5.0, 3.0], "c": [7.0, 7.0, 7.0]})
    assert h2o_mean_squared_error(frame["a"], frame["p"]) == 0.5  # (1 + 0) / 2: the second row has no value
    assert h2o_r2_score(frame["c"], frame["c"]) == 1
    assert h2o_r2_score(frame["c"], frame["p"]) == 0
    with pytest.raises(H2OValueError, match=r"'y_predicted' must be one column of 3 rows. Its shape is \(3, 3\)"):
        h2o_r2_score(frame["a"], frame)
    with pytest.raises(H2OTypeError, match="'y_predicted' must be an H2OFrame"):
        h2o_r2_score(frame["a"], [1, 2, 3])
