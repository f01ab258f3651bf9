"""Isotonic regression: the reference server's and scikit-learn's thresholds, and what the battery asks of other models."""

from __future__ import annotations

import numpy as np
import polars as pl
import pytest
from sklearn.isotonic import IsotonicRegression

from artesian.core.errors import Cancelled, InvalidArgument, InvalidParameters
from artesian.frame import Column, Frame
from artesian.learn.base.model import load_model
from artesian.learn.metrics import metrics_from_dict


def trained(bench, frame, *, kept=(), context=None, **options):
    used = ("x", "amount", *kept)
    given = {"response_column": "amount", "ignored_columns": [n for n in frame.names if n not in used], **options}
    return bench("isotonicregression").train(frame, context=context, **given)


def numbers(frame, name):
    return np.asarray(frame[name].floats())


@pytest.mark.parametrize(("case", "options"), [("plain", {}), ("weighted", {"weights_column": "weight"})])
def test_thresholds_are_the_reference_servers(bench, frame, reference, case, options):
    expected = reference["isotonic"][case]
    model = trained(bench, frame, kept=options.values(), out_of_bounds="clip", **options)
    assert model.details.extra["thresholds_x"] == pytest.approx(expected["thresholds_x"], rel=1e-12)
    assert model.details.extra["thresholds_y"] == pytest.approx(expected["thresholds_y"], rel=1e-9)
    assert (model.details.extra["min_x"], model.details.extra["max_x"]) == (expected["min_x"], expected["max_x"])
    found = model.predict(frame)["predict"].to_numpy()
    assert found[: len(expected["predictions"])] == pytest.approx(expected["predictions"], rel=1e-9)


def test_the_function_is_scikit_learns(bench, frame):
    x, y, weights = numbers(frame, "x"), numbers(frame, "amount"), numbers(frame, "weight")
    other = IsotonicRegression().fit(x, y, weights)
    model = trained(bench, frame, kept=["weight"], weights_column="weight")
    assert model.details.extra["thresholds_x"] == pytest.approx(other.X_thresholds_, rel=1e-12)
    assert model.details.extra["thresholds_y"] == pytest.approx(other.y_thresholds_, rel=1e-9)
    assert model.predict(frame)["predict"].to_numpy() == pytest.approx(other.predict(x), rel=1e-9)


def test_equal_values_are_one_point(bench):
    table = Frame.from_mapping(
        {"x": Column.reals(pl.Series([1.0, 1.0, 2.0, 3.0])), "amount": Column.reals(pl.Series([0.0, 4.0, 3.0, 9.0]))}
    )
    model = trained(bench, table)
    assert model.details.extra["thresholds_x"] == [1.0, 2.0, 3.0]
    assert model.details.extra["thresholds_y"] == pytest.approx([2.0, 3.0, 9.0])


def test_outside_is_missing_or_clipped(bench, frame):
    outside = Frame.from_mapping({"x": Column.reals(pl.Series([-1.0, 2.5, 99.0, None]))})
    found = trained(bench, frame).predict(outside)["predict"]
    assert found.is_null().to_list() == [True, False, True, True]
    model = trained(bench, frame, out_of_bounds="clip")
    ends = model.details.extra["thresholds_y"]
    found = model.predict(outside)["predict"].to_list()
    assert (found[0], found[2], found[3]) == (pytest.approx(ends[0]), pytest.approx(ends[-1]), None)


def test_metrics_are_those_of_the_predictions(bench, frame):
    model = trained(bench, frame)
    errors = model.predict(frame)["predict"].to_numpy() - numbers(frame, "amount")
    assert model.details.training_metrics["mse"] == pytest.approx((errors**2).mean())
    assert model.context.published[0]["details"]["status"] == "RUNNING"
    assert model.details.status == "DONE"
    assert model.context.fraction == 1.0


def test_rows_of_weight_zero_or_with_gaps_do_not_count(bench, frame):
    keep = np.arange(frame.n_rows) % 3 > 0
    some = trained(bench, frame.filter(pl.Series(keep)))
    weighted = frame.with_column("weight", Column.integers(pl.Series(keep.astype(int))))
    by_weight = trained(bench, weighted, kept=["weight"], weights_column="weight")
    gaps = frame.with_column("x", Column.reals(pl.Series(np.where(keep, numbers(frame, "x"), np.nan))))
    by_gaps = trained(bench, gaps)
    for other in (by_weight, by_gaps):
        assert other.details.extra["thresholds_y"] == pytest.approx(some.details.extra["thresholds_y"])
    assert "without a value of 'x'" in " ".join(by_gaps.details.warnings)


def test_one_value_is_a_constant(bench):
    table = Frame.from_mapping(
        {"x": Column.integers(pl.Series([3, 3, 3])), "amount": Column.reals(pl.Series([1.0, 2.0, 6.0]))}
    )
    model = trained(bench, table, ignore_const_cols=False, out_of_bounds="clip")
    other = Frame.from_mapping({"x": Column.integers(pl.Series([1, 3, 8]))})
    assert model.predict(other)["predict"].to_list() == pytest.approx([3.0, 3.0, 3.0])


def test_cross_validation_measures_held_out_rows(bench, frame):
    model = trained(
        bench, frame, nfolds=4, fold_assignment="Modulo", out_of_bounds="clip", keep_cross_validation_predictions=True
    )
    held_out = model.frame("cv_holdout_prediction_model").to_polars()["predict"].to_numpy()
    metrics = metrics_from_dict(model.details.cross_validation_metrics)
    assert metrics.mse == pytest.approx(((held_out - numbers(frame, "amount")) ** 2).mean())
    by_fold = load_model(model.answer["models"][1]["folder"]).predict(frame).to_polars()["predict"].to_numpy()
    assert np.array_equal(held_out[1::4], by_fold[1::4])


def test_a_kept_model_predicts_as_the_one_in_memory(bench, frame, tmp_path):
    model = trained(bench, frame)
    again = load_model(model.model.save(tmp_path / "copy"))
    assert again.predict(frame).to_polars().equals(model.predict(frame))
    assert again.details.to_dict() == model.details.to_dict()


def test_what_it_cannot_learn_is_refused(bench, frame):
    with pytest.raises(InvalidParameters, match="learns from one column"):
        trained(bench, frame, kept=["a"])
    with pytest.raises(InvalidParameters, match="needs numbers"):
        bench("isotonicregression").train(frame.select(["c", "amount"]), response_column="amount")
    with pytest.raises(InvalidParameters, match="must be numeric"):
        bench("isotonicregression").train(frame.select(["x", "y"]), response_column="y")
    with pytest.raises(InvalidArgument, match="none of the columns"):
        trained(bench, frame).predict(frame.select(["a"]))
    with pytest.raises(InvalidArgument, match="'x' is categorical, and was numeric"):
        trained(bench, frame).predict(Frame.from_mapping({"x": frame["c"]}))


def test_cancelling_takes_effect(bench, frame):
    context = bench("isotonicregression").context()
    context.cancelled = True
    with pytest.raises(Cancelled):
        trained(bench, frame, context=context)
