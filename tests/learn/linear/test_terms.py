"""Interactions, missing values, constants to start from: what the inputs of a model are."""

from __future__ import annotations

import numpy as np
import polars as pl
import pytest
import statsmodels.api as sm

from artesian.core.errors import InvalidArgument
from artesian.frame import Column, Frame


def with_gaps(frame, name, every):
    column = frame[name]
    keep = pl.Series(np.arange(frame.n_rows) % every > 0)
    blank = pl.Series([None] * frame.n_rows, dtype=column.values.dtype)
    return frame.with_column(name, Column(column.type, column.values.zip_with(keep, blank), column.domain))


def test_interactions_are_products_of_columns(bench, frame_of, drawn):
    d = Column.enums(pl.Series(np.arange(500) % 2), ["x", "y"])
    y = drawn["signal"] + drawn["random"].normal(size=500)
    frame = frame_of(y).with_column("d", d)
    pairs = [["c", "d"], ["a", "c"], ["a", "b"]]
    trained = bench.train(frame, response_column="y", interaction_pairs=pairs, **{"lambda": 0})
    names = ["c.v", "c.w", "c_d.v_y", "c_d.w_y", "d.y", "a_c.v", "a_c.w", "a_b", "a", "b", "Intercept"]
    assert trained.model.coefficient_names == names
    c, a, b, odd = drawn["c"], drawn["a"], drawn["b"], np.arange(500) % 2
    v, w = c == 1, c == 2
    x = np.column_stack([v, w, v * odd, w * odd, odd, a * v, a * w, a * b, a, b, np.ones(500)]).astype(float)
    assert trained.model.beta[0] == pytest.approx(sm.OLS(y, x).fit().params, rel=1e-8)
    assert trained.predict(frame)["predict"].to_numpy() == pytest.approx(sm.OLS(y, x).fit().fittedvalues)


def test_all_pairs_of_interactions(bench, frame_of, drawn):
    trained = bench.train(frame_of(drawn["signal"]), response_column="y", interactions=["a", "b", "c"], **{"lambda": 0})
    assert {"a_b", "a_c.v", "b_c.w"} <= set(trained.model.coefficient_names)


def test_missing_numbers_count_as_the_mean_and_levels_as_the_most_frequent(bench, frame_of, drawn):
    y = drawn["signal"] + drawn["random"].normal(size=500)
    frame = with_gaps(with_gaps(frame_of(y), "a", 7), "c", 11)
    a = np.where(np.arange(500) % 7 > 0, drawn["a"], np.nan)
    a = np.where(np.isnan(a), np.nanmean(a), a)
    known = drawn["c"][np.arange(500) % 11 > 0]
    c = np.where(np.arange(500) % 11 > 0, drawn["c"], np.bincount(known).argmax())
    x = np.column_stack([c == 1, c == 2, a, drawn["b"], np.ones(500)]).astype(float)
    trained = bench.train(frame, response_column="y", **{"lambda": 0})
    assert trained.model.beta[0] == pytest.approx(sm.OLS(y, x).fit().params, rel=1e-8)


def test_rows_with_missing_values_are_skipped_and_have_no_prediction(bench, frame_of, drawn):
    y = drawn["signal"] + drawn["random"].normal(size=500)
    frame = with_gaps(frame_of(y), "a", 5)
    there = np.arange(500) % 5 > 0
    skipping = bench.train(frame, response_column="y", missing_values_handling="Skip", **{"lambda": 0})
    plain = bench.train(frame_of(y).filter(pl.Series(there)), response_column="y", **{"lambda": 0})
    assert skipping.model.beta == pytest.approx(plain.model.beta, rel=1e-9)
    predicted = skipping.predict(frame)["predict"]
    assert predicted.is_null().to_numpy().tolist() == (~there).tolist()
    assert skipping.details.training_metrics["nobs"] == there.sum()


def test_plugged_values_stand_in_for_missing_ones(bench, frame_of, drawn):
    y = drawn["signal"] + drawn["random"].normal(size=500)
    frame = with_gaps(frame_of(y), "a", 5)
    plugs = {
        "a": Column.reals(pl.Series([9.5])),
        "b": Column.reals(pl.Series([0.0])),
        "c": Column.enums(pl.Series([1]), ["u", "v"]),
    }
    bench.add("plugs", Frame.from_mapping(plugs))
    trained = bench.train(
        frame, response_column="y", missing_values_handling="PlugValues", plug_values="plugs", **{"lambda": 0}
    )
    filled = np.where(np.arange(500) % 5 > 0, drawn["a"], 9.5)
    x = np.column_stack([drawn["c"] == 1, drawn["c"] == 2, filled, drawn["b"], np.ones(500)]).astype(float)
    assert trained.model.beta[0] == pytest.approx(sm.OLS(y, x).fit().params, rel=1e-8)


def test_a_model_without_intercept_goes_through_zero(bench, frame_of, drawn):
    y = drawn["signal"] + drawn["random"].normal(size=500)
    frame = frame_of(y).without(["c"])
    trained = bench.train(frame, response_column="y", intercept=False, **{"lambda": 0})
    x = np.column_stack([drawn["a"], drawn["b"]])
    assert trained.model.beta[0] == pytest.approx([*sm.OLS(y, x).fit().params, 0.0], rel=1e-9)
    assert trained.details.training_metrics["null_degrees_of_freedom"] == 500


def test_a_prior_moves_the_intercept_alone(bench, frame_of, drawn):
    y = (drawn["random"].random(500) < 1 / (1 + np.exp(-drawn["signal"]))) * 1
    frame = frame_of(y, ["no", "yes"])
    plain = bench.train(frame, response_column="y", family="binomial", **{"lambda": 0})
    prior = bench.train(frame, response_column="y", family="binomial", prior=0.1, **{"lambda": 0})
    share = y.mean()
    moved = -np.log(share * 0.9 / (0.1 * (1 - share)))
    assert prior.model.beta[0, :-1] == pytest.approx(plain.model.beta[0, :-1])
    assert prior.model.beta[0, -1] - plain.model.beta[0, -1] == pytest.approx(moved)


def test_wrong_numbers_of_starting_values_are_named(bench, frame_of, drawn):
    with pytest.raises(InvalidArgument, match=r"must have 5 values.*Got 3"):
        bench.train(frame_of(drawn["signal"]), response_column="y", startval=[1, 2, 3], **{"lambda": 0})


def test_starting_values_lead_to_the_same_optimum(bench, frame_of, drawn):
    y = drawn["random"].poisson(np.exp(0.3 * drawn["signal"])).astype(float)
    given = {"response_column": "y", "family": "poisson", "lambda": 0, "beta_epsilon": 1e-9, "objective_epsilon": 0}
    plain = bench.train(frame_of(y), **given)
    started = bench.train(frame_of(y), **given, startval=[0.1, 0.1, 0.1, 0.1, 1.0])
    assert started.model.beta == pytest.approx(plain.model.beta, abs=1e-7)


def test_control_variables_are_learnt_from_but_left_out(bench, frame_of, drawn):
    y = drawn["signal"] + drawn["random"].normal(size=500)
    frame = frame_of(y)
    plain = bench.train(frame, response_column="y", **{"lambda": 0})
    controlled = bench.train(frame, response_column="y", control_variables=["a"], **{"lambda": 0})
    assert controlled.model.beta == pytest.approx(plain.model.beta)
    difference = plain.predict(frame)["predict"].to_numpy() - controlled.predict(frame)["predict"].to_numpy()
    assert difference == pytest.approx(plain.model.beta[0, 2] * drawn["a"])
    unrestricted = controlled.model.variants["all"]["training"]["residual_deviance"]
    assert unrestricted == pytest.approx(plain.details.training_metrics["residual_deviance"])
    assert controlled.details.training_metrics["residual_deviance"] > unrestricted
