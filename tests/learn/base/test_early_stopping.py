from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from artesian.core.errors import InvalidArgument
from artesian.learn.base.early_stopping import StoppingRule, allowed_metrics, resolve_metric, value_of
from artesian.learn.metrics import autoencoder_metrics, binomial_metrics, multinomial_metrics, regression_metrics

# The cases below are worked out by hand from the rule of hex.ScoreKeeper.stopEarly: window averages of the last
# 2k events, the first average is the reference, the best of the others must beat it by the relative tolerance.


@pytest.mark.parametrize(
    ("metric", "rounds", "tolerance", "history", "stop"),
    [
        # k=1: event 0 never counts, so three events are needed; then last two are compared.
        ("logloss", 1, 0.0, [9.0, 1.0], False),
        ("logloss", 1, 0.0, [9.0, 1.0, 1.0], True),
        ("logloss", 1, 0.0, [9.0, 1.0, 0.999], False),
        ("logloss", 1, 0.01, [9.0, 1.0, 0.991], True),  # 0.991 >= 1 - 0.01
        ("logloss", 1, 0.01, [9.0, 1.0, 0.989], False),
        # k=2 over [4, 3, 3, 2.9]: averages 3.5, 3.0, 2.95; best 2.95/3.5 improves by 16 %.
        ("mse", 2, 0.1, [99.0, 4.0, 3.0, 3.0, 2.9], False),
        ("mse", 2, 0.2, [99.0, 4.0, 3.0, 3.0, 2.9], True),
        # not the last average counts but the best: 3.5, 3.0, 4.0
        ("mse", 2, 0.1, [99.0, 4.0, 3.0, 3.0, 5.0], False),
        # more is better
        ("auc", 1, 0.0, [0.1, 0.8, 0.81], False),
        ("auc", 1, 0.0, [0.1, 0.8, 0.8], True),
        ("auc", 1, 0.02, [0.1, 0.8, 0.81], True),  # 0.81/0.8 = 1.0125 <= 1.02
        # bounded by 0 and there: converged, even though the events after are worse
        ("misclassification", 1, 0.0, [0.1, 0.0, 0.5], True),
        # deviance is not bounded: reference 0 never stops; nor do averages of differing sign
        ("deviance", 1, 0.0, [1.0, 0.0, 0.0], False),
        ("deviance", 1, 0.0, [1.0, 0.5, -0.5], False),
        ("deviance", 1, 0.0, [1.0, -0.5, 0.5], False),
        # both negative: the ratio grows as the deviance falls: -0.6/-0.5 = 1.2 >= 1, as H2O has it
        ("deviance", 1, 0.0, [1.0, -0.5, -0.6], True),
        ("logloss", 1, 0.0, [9.0, math.nan, 1.0], False),
        ("logloss", 1, 0.0, [math.nan, 1.0, 1.0], True),  # only the window counts
        ("logloss", 0, 0.0, [1.0] * 20, False),
        # no direction: stops while the extreme stays within the tolerance on either side
        ("anomaly_score", 1, 0.01, [0.0, 0.5, 0.504], True),
        ("anomaly_score", 1, 0.01, [0.0, 0.5, 0.49], False),
        # k=3 of the worked example: 20 events, the window is events 14..19
        ("rmse", 3, 0.0, [0.0] * 14 + [3.0, 3.0, 3.0, 3.0, 3.0, 3.0], True),
        ("rmse", 3, 0.0, [0.0] * 14 + [3.0, 3.0, 3.0, 3.0, 3.0, 2.9], False),
    ],
)
def test_stops_as_h2o_does(metric, rounds, tolerance, history, stop):
    assert StoppingRule(metric, rounds, tolerance).should_stop(history) is stop


@given(st.lists(st.floats(0.01, 10), max_size=30), st.integers(1, 5), st.floats(0, 0.5))
def test_a_looser_tolerance_stops_no_later_and_short_histories_never_stop(history, rounds, tolerance):
    tight, loose = StoppingRule("rmse", rounds, 0.0), StoppingRule("rmse", rounds, tolerance)
    if tight.should_stop(history):
        assert loose.should_stop(history)
    if len(history) < 2 * rounds + 1:
        assert not loose.should_stop(history)


@given(st.floats(0.01, 10), st.integers(1, 6))
def test_a_flat_history_stops_at_once_when_long_enough(level, rounds):
    rule = StoppingRule("rmse", rounds)
    assert rule.should_stop([level] * (2 * rounds + 1))
    assert not rule.should_stop([level] * (2 * rounds))


@pytest.mark.parametrize(
    ("category", "metric"),
    [("regression", "deviance"), ("binomial", "logloss"), ("multinomial", "logloss"), ("autoencoder", "mse"),
     ("anomaly", "anomaly_score"), ("uplift", "auuc")],
)  # fmt: skip
def test_auto_is_resolved_by_category(category, metric):
    assert StoppingRule.for_category("AUTO", category).metric == metric


def test_a_metric_that_does_not_fit_is_refused_with_those_that_do():
    with pytest.raises(
        InvalidArgument, match=r"'AUC' does not exist for regression models\..*Allowed: auto, deviance, mse"
    ):
        resolve_metric("AUC", "regression")
    with pytest.raises(InvalidArgument, match="'deviance' does not exist for binomial"):
        resolve_metric("deviance", "binomial")
    with pytest.raises(InvalidArgument, match=r"'loglos' is unknown\. Did you mean 'logloss'"):
        resolve_metric("loglos", "multinomial")
    with pytest.raises(InvalidArgument, match="Unknown model category 'cluster'"):
        resolve_metric("auto", "cluster")
    assert "lift_top_group" in allowed_metrics("binomial") and "lift_top_group" not in allowed_metrics("multinomial")
    assert resolve_metric("RMSE", "regression") == "rmse"


@pytest.mark.parametrize(
    ("values", "words"),
    [(("auto",), "Unknown stopping metric 'auto'"), (("mse", -1), "Got -1"), (("mse", 1, 1.0), "below 1. Got 1.0")],
)
def test_a_wrong_rule_is_refused(values, words):
    with pytest.raises(InvalidArgument, match=words):
        StoppingRule(*values)


def test_values_are_taken_from_metrics_of_every_category():
    regression = regression_metrics([1.0, 2.0], [1.0, 4.0], distribution="laplace")
    assert value_of(regression, "AUTO") == value_of(regression, "deviance") == 1.0
    assert (value_of(regression, "mse"), value_of(regression, "rmse")) == (2.0, math.sqrt(2.0))
    binomial = binomial_metrics([0, 1, 1, 0], [0.1, 0.9, 0.8, 0.85])
    assert value_of(binomial, "auc") == binomial.auc == 0.75
    assert value_of(binomial, "aucpr") == binomial.pr_auc
    assert value_of(binomial, "misclassification") == binomial.error
    assert value_of(binomial, "lift_top_group") == binomial.lift_top_group == 2.0
    multinomial = multinomial_metrics([0, 1, 2], [[0.8, 0.1, 0.1], [0.1, 0.8, 0.1], [0.8, 0.1, 0.1]])
    assert value_of(multinomial, "misclassification") == pytest.approx(1 / 3)
    assert value_of(multinomial, "mean_per_class_error") == pytest.approx(1 / 3)
    assert value_of(autoencoder_metrics([0.5, 1.5]), "auto") == 1.0
    with pytest.raises(InvalidArgument, match="does not exist for autoencoder"):
        value_of(autoencoder_metrics([0.5]), "logloss")
    assert value_of(regression.about(custom_metric_value=3.5), "custom_increasing") == 3.5


def test_better_is_by_the_metric_and_never_nan():
    less, more = StoppingRule("logloss"), StoppingRule("auc")
    assert less.improves(0.1, on=0.2) and not less.improves(0.2, on=0.2) and not less.more_is_better
    assert more.improves(0.9, on=0.8) and not more.improves(0.7, on=0.8) and more.more_is_better
    assert less.improves(0.1, on=math.nan) and not less.improves(math.nan, on=0.1)
    assert not less.improves(math.nan, on=math.nan)
