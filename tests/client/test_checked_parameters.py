"""Values of parameters that the client refuses before anything is sent, and columns that are named twice."""

from __future__ import annotations

import warnings
from typing import Any

import numpy as np
import pytest
from recording import Recorder

from artesian.client.estimators import (
    H2OGeneralizedLinearEstimator,
    H2OGradientBoostingEstimator,
    H2OKMeansEstimator,
    H2OTargetEncoderEstimator,
)
from artesian.client.exceptions import H2OTypeError
from artesian.client.expr import ExprNode, FrameInfo
from artesian.client.frame import H2OFrame
from artesian.client.frame.base import FrameBase


def frame() -> H2OFrame:
    types = {"y": "int", "a": "int", "b": "real", "w": "int", "v": "int"}
    return FrameBase._wrap(ExprNode.named("fr", FrameInfo(10, 5, list(types), types)))


@pytest.mark.parametrize(
    ("estimator", "parameters", "sentence"),
    [
        (H2OKMeansEstimator, {"init": "Test123"}, "'init' must be one of 'random', 'plus_plus', 'furthest', 'user'"),
        (H2OKMeansEstimator, {"init": "fursthest"}, "Did you mean 'furthest'"),
        (H2OKMeansEstimator, {"user_points": []}, "'user_points' must be an H2OFrame, or the name of one. Got an empty list"),
        (H2OKMeansEstimator, {"user_points": {}}, "Got an empty dict"),
        (H2OKMeansEstimator, {"k": "3"}, "'k' must be an int"),
        (H2OKMeansEstimator, {"k": True}, "'k' must be an int"),
        (H2OGradientBoostingEstimator, {"learn_rate": "fast"}, "'learn_rate' must be a number"),
        (H2OGradientBoostingEstimator, {"balance_classes": "yes"}, "'balance_classes' must be True or False"),
    ],
)  # fmt: skip
def test_wrong_values_are_refused_where_they_are_written(
    estimator: Any, parameters: dict[str, Any], sentence: str
) -> None:
    with pytest.raises(H2OTypeError, match=sentence):
        estimator(**parameters)
    (name, value), made = next(iter(parameters.items())), estimator()
    with pytest.raises(H2OTypeError, match=sentence):
        setattr(made, name, value)
    with pytest.raises(H2OTypeError, match=sentence):
        made.set_params(**parameters)
    assert made.get_params()[name] == estimator().get_params()[name]


@pytest.mark.parametrize(
    ("estimator", "parameters"),
    [
        (H2OKMeansEstimator, {"init": "PlusPlus"}),  # the server's spelling
        (H2OKMeansEstimator, {"init": "plusplus", "k": np.int64(3), "user_points": "centres"}),
        (H2OGradientBoostingEstimator, {"learn_rate": np.float32(0.5), "balance_classes": np.bool_(True)}),
        (H2OGradientBoostingEstimator, {"learn_rate": 1, "max_runtime_secs": None}),
        (H2OGeneralizedLinearEstimator, {"beta_constraints": {"a": {"lower_bound": 0}}}),
    ],
)
def test_what_means_the_same_is_taken(estimator: Any, parameters: dict[str, Any]) -> None:
    made = estimator(**parameters)
    assert {name: made.get_params()[name] for name in parameters} == parameters


def train(estimator: Any, recorder: Recorder, **roles: Any) -> dict[str, Any]:
    path = f"POST /3/ModelBuilders/{estimator.algo}"
    job = {"key": {"name": "job"}, "dest": {"name": "model"}, "status": "RUNNING", "progress": 0.0}
    recorder.replies[path] = {"job": job, "messages": []}
    estimator.start(x=["a", "b"], y="y", training_frame=frame(), **roles)
    return next(data for endpoint, data in reversed(recorder.requests) if endpoint == path)


def test_a_column_named_twice_is_told_of_and_that_of_training_counts(recorder: Recorder) -> None:
    estimator = H2OGradientBoostingEstimator(weights_column="v", offset_column="b")
    for _ in range(2):  # the estimator keeps its own, so each training tells
        with pytest.warns(UserWarning, match="`weights_column` parameter has been already set") as told:
            sent = train(estimator, recorder, weights_column="w")
        assert len(told) == 1
        assert (sent["weights_column"], sent["offset_column"]) == ("w", "b")
    assert estimator.weights_column == "v"


def test_a_column_named_once_or_twice_the_same_is_not_told_of(recorder: Recorder) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        train(H2OGradientBoostingEstimator(weights_column="w"), recorder, weights_column="w")
        train(H2OGradientBoostingEstimator(weights_column=None), recorder, weights_column="w")
        train(H2OGradientBoostingEstimator(weights_column="w"), recorder)


def test_parameters_are_taken_by_their_older_names() -> None:
    assert H2OGeneralizedLinearEstimator(Lambda=0.5).lambda_ == 0.5
    made = H2OTargetEncoderEstimator(k=3.0, f=2.0, noise_level=0.1)
    assert (made.inflection_point, made.smoothing, made.noise) == (3.0, 2.0, 0.1)
    with pytest.raises(H2OTypeError, match="'Lambda' is an earlier name of 'lambda_': give one of them"):
        H2OGeneralizedLinearEstimator(Lambda=0.5, lambda_=0.1)
