"""Constraints on sums of coefficients: the optimum under them is that of SciPy's SLSQP, and they hold."""

from __future__ import annotations

import numpy as np
import polars as pl
import pytest
from scipy.optimize import minimize

from artesian.core.errors import InvalidArgument, InvalidParameters
from artesian.frame import Column, ColumnType, Frame

SUMS = [  # a + 2b = 0.7; c.v + a - 0.5 <= 0; b - c.w - 0.4 <= 0
    ("a", 1.0, "Equal", 0), ("b", 2.0, "Equal", 0), ("constant", -0.7, "Equal", 0),
    ("c.v", 1.0, "LessThanEqual", 1), ("a", 1.0, "LessThanEqual", 1), ("constant", -0.5, "LessThanEqual", 1),
    ("b", 1.0, "LessThanEqual", 2), ("c.w", -1.0, "LessThanEqual", 2), ("constant", -0.4, "LessThanEqual", 2),
]  # fmt: skip
BASE = {"response_column": "y", "solver": "IRLSM", "lambda": 0.0, "beta_epsilon": 1e-9, "objective_epsilon": 1e-14}


def sums(rows):
    names, values, types, numbers = zip(*rows, strict=True)
    return Frame.from_mapping(
        {
            "names": Column(ColumnType.STRING, pl.Series(names)),
            "values": Column.reals(pl.Series(values)),
            "types": Column(ColumnType.STRING, pl.Series(types)),
            "constraint_numbers": Column.reals(pl.Series(numbers, dtype=pl.Float64)),
        }
    )


def bounds(**of):
    low, high = zip(*of.values(), strict=True)
    return Frame.from_mapping(
        {
            "names": Column(ColumnType.STRING, pl.Series(list(of))),
            "lower_bounds": Column.reals(pl.Series(low)),
            "upper_bounds": Column.reals(pl.Series(high)),
        }
    )


def train(bench, frame, rows, *, limits=None, **more):
    frames = {"linear_constraints": sums(rows)} | ({} if limits is None else {"beta_constraints": limits})
    keys = {name: bench.add(name, given) for name, given in frames.items()}
    return bench.train(frame, **{**BASE, **keys, **more})


def half_deviance(family, y, linear):
    if family == "gaussian":
        return 0.5 * np.mean((y - linear) ** 2)
    if family == "binomial":
        return np.mean(np.logaddexp(0, linear) - y * linear)
    return np.mean(np.exp(linear) - y * linear)


def best_of_scipy(family, y, design, limits=None):
    conditions = [
        {"type": "eq", "fun": lambda b: b[2] + 2 * b[3] - 0.7},
        {"type": "ineq", "fun": lambda b: 0.5 - b[0] - b[2]},
        {"type": "ineq", "fun": lambda b: 0.4 - b[3] + b[1]},
    ]
    found = minimize(
        lambda b: half_deviance(family, y, design @ b), np.zeros(5), method="SLSQP", bounds=limits, constraints=conditions,
        options={"ftol": 1e-15, "maxiter": 2000},
    )  # fmt: skip
    assert found.success
    return found.x


@pytest.fixture
def responses(drawn):
    random, signal = drawn["random"], drawn["signal"]
    return {
        "gaussian": signal + random.normal(size=500),
        "binomial": (random.random(500) < 1 / (1 + np.exp(-signal))) * 1,
        "poisson": random.poisson(np.exp(0.3 * signal)).astype(float),
    }


def check(beta, expected, family, y, design):
    assert half_deviance(family, y, design @ beta) <= half_deviance(family, y, design @ expected) + 1e-9
    assert beta == pytest.approx(expected, abs=2e-4)
    assert beta[2] + 2 * beta[3] == pytest.approx(0.7, abs=1e-9)
    assert max(beta[0] + beta[2] - 0.5, beta[3] - beta[1] - 0.4) <= 1e-9


@pytest.mark.parametrize("standardize", [True, False])
@pytest.mark.parametrize("family", ["gaussian", "binomial", "poisson"])
def test_the_optimum_is_that_of_scipy(bench, frame_of, design, responses, family, standardize):
    y = responses[family]
    frame = frame_of(y, ["no", "yes"] if family == "binomial" else None)
    trained = train(bench, frame, SUMS, family=family, standardize=standardize)
    check(trained.model.beta[0], best_of_scipy(family, y, design), family, y, design)
    extra = trained.model.details.extra
    assert extra["all_constraints_satisfied"] is True
    assert len(extra["linear_constraint_states"]) == 3


@pytest.mark.parametrize(
    "steering",
    [
        {"separate_linear_beta": True},
        {"init_optimal_glm": True},
        {"constraint_c0": 1.5, "constraint_tau": 1.2, "constraint_eta0": 0.001, "constraint_alpha": 0.001},
        {"constraint_c0": 100.0, "constraint_eta0": 5.0, "constraint_beta": 0.001},
        {"startval": [1.0, 2.0, 3.0, 4.0, 5.0]},
    ],
    ids=lambda steering: next(iter(steering)),
)
def test_steering_and_bounds_lead_to_the_same_optimum(bench, frame_of, design, responses, steering):
    y = responses["gaussian"]
    limits = bounds(**{"c.w": (-0.2, 0.1), "a": (-10.0, 0.2)})
    trained = train(bench, frame_of(y), SUMS, limits=limits, family="gaussian", **steering)
    free = (None, None)
    expected = best_of_scipy("gaussian", y, design, [free, (-0.2, 0.1), (-10.0, 0.2), free, free])
    check(trained.model.beta[0], expected, "gaussian", y, design)
    assert len(trained.model.details.extra["linear_constraint_states"]) == 7


@pytest.mark.parametrize("steering", [{}, {"init_optimal_glm": True}, {"startval": [3.0, -2.0, 4.0, 5.0, 0.0]}])
def test_constraints_far_from_the_start_lead_to_the_optimum(bench, frame_of, design, responses, steering):
    # the first coefficients that fulfil them predict nearly all rows wrongly, with a certainty that leaves little curvature
    y = responses["binomial"]
    far = [
        ("a", -0.25, "LessThanEqual", 0), ("b", -0.75, "LessThanEqual", 0), ("constant", 5.0, "LessThanEqual", 0),
        ("c.v", 0.5, "LessThanEqual", 1), ("c.w", -1.0, "LessThanEqual", 1), ("constant", -1.0, "LessThanEqual", 1),
    ]  # fmt: skip
    conditions = [
        {"type": "ineq", "fun": lambda b: 0.25 * b[2] + 0.75 * b[3] - 5.0},
        {"type": "ineq", "fun": lambda b: 1.0 - 0.5 * b[0] + b[1]},
    ]
    found = minimize(
        lambda b: half_deviance("binomial", y, design @ b), np.zeros(5), method="SLSQP", constraints=conditions,
        options={"ftol": 1e-15, "maxiter": 2000},
    )  # fmt: skip
    trained = train(bench, frame_of(y, ["no", "yes"]), far, family="binomial", **steering)
    beta = trained.model.beta[0]
    assert half_deviance("binomial", y, design @ beta) == pytest.approx(found.fun, rel=1e-6)
    assert 0.25 * beta[2] + 0.75 * beta[3] >= 5.0 - 1e-9


def test_constraints_that_hold_anyway_change_nothing(bench, frame_of, responses):
    frame = frame_of(responses["gaussian"])
    loose = [("a", 1.0, "LessThanEqual", 0), ("b", 1.0, "LessThanEqual", 0), ("constant", -50.0, "LessThanEqual", 0)]
    free = bench.train(frame, **BASE)
    assert train(bench, frame, loose).model.beta == pytest.approx(free.model.beta, abs=1e-8)


@pytest.mark.parametrize(
    ("rows", "message"),
    [
        ([("a", 1.0, "Equal", 0), ("constant", 1.0, "Equal", 0)], "at least two coefficients"),
        ([("a", 1.0, "Equal", 0), ("nobody", 1.0, "Equal", 0)], "names 'nobody'"),
        ([("a", 1.0, "Above", 0), ("b", 1.0, "Above", 0)], "Got 'above'"),
        ([("a", 1.0, "Equal", 0), ("b", 1.0, "LessThanEqual", 0)], "differ in their types"),
        ([*SUMS, ("a", 2.0, "Equal", 3), ("b", 4.0, "Equal", 3), ("constant", -1.4, "Equal", 3)], "redundant linear"),
        ([*SUMS[:3], ("a", 1.0, "Equal", 3), ("b", 2.0, "Equal", 3)], "contradict"),
    ],
)
def test_frames_that_make_no_constraints_are_refused(bench, frame_of, responses, rows, message):
    with pytest.raises(InvalidArgument, match=message):
        train(bench, frame_of(responses["gaussian"]), rows)


def test_a_column_that_is_left_out_counts_as_0(bench, frame_of, drawn, responses):
    frame = frame_of(responses["gaussian"], double=2 * drawn["a"])
    rows = [("double", 1.0, "Equal", 0), ("b", 1.0, "Equal", 0), ("a", 1.0, "Equal", 0), ("constant", 0.1, "Equal", 0)]
    trained = train(bench, frame, rows, remove_collinear_columns=True)
    of = dict(zip(trained.model.coefficient_names, trained.model.beta[0], strict=True))
    assert of["double"] == 0
    assert of["a"] + of["b"] == pytest.approx(-0.1, abs=1e-9)
    assert any("count as 0: double" in warning for warning in trained.context.warnings)


@pytest.mark.parametrize(
    ("field", "given"),
    [("solver", "L_BFGS"), ("lambda", 0.1), ("intercept", False), ("constraint_c0", 0.0), ("constraint_tau", -1.0)],
)
def test_what_does_not_go_with_them_is_refused(bench, frame_of, responses, field, given):
    with pytest.raises(InvalidParameters, match=field):
        train(bench, frame_of(responses["gaussian"]), SUMS, **{field: given})
