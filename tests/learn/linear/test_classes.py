"""Families of several classes: softmax and ordered classes, against scikit-learn and statsmodels."""

from __future__ import annotations

import numpy as np
import pytest
from sklearn.linear_model import LogisticRegression
from statsmodels.miscmodels.ordinal_model import OrderedModel

from artesian.core.errors import InvalidParameters

LEVELS = ["low", "mid", "top"]


@pytest.fixture
def ordered(drawn):
    return np.digitize(drawn["signal"] + drawn["random"].logistic(size=500), [-0.5, 0.8])


def test_a_softmax_with_ridge_is_that_of_scikit_learn(bench, frame_of, drawn, design, ordered):
    strength = 0.03
    inputs = np.column_stack([drawn["c"] == 0, design[:, :4]])
    expected = LogisticRegression(C=1 / (500 * strength), tol=1e-12, max_iter=10_000).fit(inputs, ordered)
    trained = bench.train(
        frame_of(ordered, LEVELS),
        response_column="y", family="multinomial", standardize=False,
        **{"lambda": strength, "alpha": 0, "beta_epsilon": 1e-8, "objective_epsilon": 1e-14},
    )  # fmt: skip
    assert trained.model.beta[:, :-1] == pytest.approx(expected.coef_, abs=1e-5)
    found, wanted = trained.model.beta[:, -1], expected.intercept_
    assert found - found.mean() == pytest.approx(wanted - wanted.mean(), abs=1e-5)
    predicted = trained.predict(frame_of(ordered, LEVELS)).select(LEVELS).to_numpy()
    assert predicted == pytest.approx(expected.predict_proba(inputs), abs=1e-6)


def test_many_classes_go_without_second_derivatives(bench, frame_of, drawn, ordered):
    given = {"response_column": "y", "family": "multinomial", "lambda": 0.01, "alpha": 0.3}
    newton = bench.train(frame_of(ordered, LEVELS), **given, beta_epsilon=1e-8, objective_epsilon=1e-14)
    limited = bench.train(
        frame_of(ordered, LEVELS),
        **given,
        solver="L_BFGS",
        max_iterations=3000,
        gradient_epsilon=1e-9,
        objective_epsilon=1e-14,
    )
    assert limited.details.actual("solver") == "L_BFGS"
    assert limited.model.beta[:, :-1] == pytest.approx(newton.model.beta[:, :-1], abs=1e-4)


def test_ordered_classes_are_those_of_statsmodels(bench, frame_of, drawn, design, ordered):
    expected = OrderedModel(ordered, design[:, :4], distr="logit").fit(method="bfgs", gtol=1e-9, disp=False)
    trained = bench.train(
        frame_of(ordered, LEVELS),
        response_column="y", family="ordinal",
        **{"lambda": 0, "beta_epsilon": 1e-9, "objective_epsilon": 1e-14},
    )  # fmt: skip
    # statsmodels: P(class <= j) = logistic(threshold - x·b)
    assert trained.model.beta[0, :-1] == pytest.approx(-expected.params[:4], abs=1e-4)
    thresholds = expected.model.transform_threshold_params(expected.params)[1:-1]
    assert trained.model.beta[:2, -1] == pytest.approx(thresholds, abs=1e-4)
    predicted = trained.predict(frame_of(ordered, LEVELS)).select(LEVELS).to_numpy()
    assert predicted == pytest.approx(expected.model.predict(expected.params), abs=1e-5)
    assert trained.details.training_metrics["kind"] == "ordinal"


@pytest.mark.parametrize(
    ("given", "field"),
    [
        ({"family": "ordinal", "lambda_search": True}, "lambda_search"),
        ({"family": "ordinal", "solver": "IRLSM"}, "solver"),
        ({"family": "ordinal", "intercept": False}, "intercept"),
        ({"family": "multinomial", "compute_p_values": True}, "compute_p_values"),
        ({"family": "multinomial", "non_negative": True}, "non_negative"),
        ({"family": "binomial"}, "family"),
        ({"family": "gaussian"}, "response_column"),
    ],
)
def test_what_several_classes_cannot_have_is_refused_by_name(bench, frame_of, ordered, given, field):
    with pytest.raises(InvalidParameters) as error:
        bench.train(frame_of(ordered, LEVELS), response_column="y", **given)
    assert field in {problem.field for problem in error.value.problems}
