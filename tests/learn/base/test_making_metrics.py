"""Metrics of predictions handed over as frames."""

from __future__ import annotations

import numpy as np
import polars as pl
import pytest
from sklearn.metrics import log_loss, roc_auc_score

from artesian.core.errors import InvalidArgument
from artesian.frame import Column, Frame
from artesian.learn.base.making_metrics import metrics_of_frames

RANDOM = np.random.default_rng(3)
ACTUAL = RANDOM.integers(0, 2, 50)
P1 = RANDOM.random(50)


def frame(*columns):
    return Frame.from_polars(pl.DataFrame({f"c{i}": column for i, column in enumerate(columns)}))


def classes(codes, levels):
    return Frame.from_mapping({"y": Column.enums(pl.Series(codes), levels)})


def test_regression_without_a_domain():
    metrics = metrics_of_frames(frame([1.0, 2.0, 4.0]), frame([1.5, 2.0, 3.0]))
    assert metrics.mse == pytest.approx((0.25 + 0 + 1) / 3)


def test_two_classes_from_the_second_probability():
    for predictions in (frame(P1), frame(1 - P1, P1)):
        metrics = metrics_of_frames(predictions, classes(ACTUAL, ["n", "y"]))
        assert metrics.auc == pytest.approx(roc_auc_score(ACTUAL, P1))
        assert metrics.log_loss == pytest.approx(log_loss(ACTUAL, P1))


def test_a_whole_prediction_frame_may_have_its_label_in_front():
    table = frame(1 - P1, P1)
    labelled = Frame(["predict", *table.names], [Column.enums(pl.Series(ACTUAL), ["n", "y"]), *table.columns])
    assert metrics_of_frames(labelled, classes(ACTUAL, ["n", "y"])).auc == pytest.approx(roc_auc_score(ACTUAL, P1))


def test_a_domain_maps_levels_by_name():
    metrics = metrics_of_frames(frame(P1), classes(1 - ACTUAL, ["y", "n"]), domain=["n", "y"])
    assert metrics.auc == pytest.approx(roc_auc_score(ACTUAL, P1))


def test_more_classes_and_weights():
    p = RANDOM.dirichlet([1, 1, 1], 50)
    codes = RANDOM.integers(0, 3, 50)
    weights = RANDOM.integers(0, 3, 50)
    metrics = metrics_of_frames(frame(*p.T), classes(codes, ["a", "b", "c"]), weights=frame(weights))
    assert metrics.log_loss == pytest.approx(log_loss(codes, p, sample_weight=weights))


@pytest.mark.parametrize(
    ("predictions", "actuals", "sentence"),
    [
        (frame([1.0]), frame([1.0, 2.0]), "equally many rows. Got 1 and 2"),
        (frame([1.0]), frame([1.0], [2.0]), "one column. Got 2"),
        (frame([1.0], [2.0]), frame([1.0]), "one column of predictions. Got 2"),
        (frame(["a"]), frame([1.0]), "must be numbers. Got c0"),
        (frame([0.5], [0.5]), classes([0], ["a", "b", "c"]), "domain of 3 classes needs as many columns"),
    ],
)
def test_what_does_not_fit_is_refused(predictions, actuals, sentence):
    with pytest.raises(InvalidArgument, match=sentence):
        metrics_of_frames(predictions, actuals)
