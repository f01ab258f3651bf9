"""Penalised coefficients are those of scikit-learn; bounds and pulls are the optimum by their conditions; searches and lists."""

from __future__ import annotations

import numpy as np
import polars as pl
import pytest
from sklearn.linear_model import ElasticNet, Lasso, LogisticRegression

from artesian.core.errors import InvalidArgument, InvalidParameters
from artesian.frame import Column, Frame
from artesian.learn.linear.quadratic import Penalty, minimize


def test_the_elastic_net_is_that_of_scikit_learn(bench, frame_of, drawn, design):
    y = drawn["signal"] + drawn["random"].normal(size=500)
    inputs = np.column_stack([drawn["c"] == 0, design[:, :4]])  # with a penalty every level has a coefficient
    expected = ElasticNet(alpha=0.05, l1_ratio=0.7, tol=1e-12, max_iter=100_000).fit(inputs, y)
    trained = bench.train(
        frame_of(y), response_column="y", standardize=False, **{"lambda": 0.05, "alpha": 0.7, "beta_epsilon": 1e-9}
    )
    assert trained.model.beta[0, :-1] == pytest.approx(expected.coef_, abs=1e-7)
    assert trained.model.beta[0, -1] == pytest.approx(expected.intercept_, abs=1e-7)


def test_standardised_penalties_are_those_of_standardised_columns(bench, frame_of, drawn, design):
    y = (drawn["random"].random(500) < 1 / (1 + np.exp(-drawn["signal"]))) * 1
    numbers = design[:, 2:4]
    scaled = (numbers - numbers.mean(axis=0)) / numbers.std(axis=0, ddof=1)
    inputs = np.column_stack([drawn["c"] == 0, design[:, :2], scaled])
    strength = 0.02
    expected = LogisticRegression(C=1 / (500 * strength), l1_ratio=0.5, solver="saga", tol=1e-10, max_iter=100_000)
    expected.fit(inputs, y)
    trained = bench.train(
        frame_of(y, ["no", "yes"]),
        response_column="y",
        **{"lambda": strength, "alpha": 0.5, "beta_epsilon": 1e-9, "objective_epsilon": 1e-14},
    )
    assert trained.model.standardized()[0, :-1] == pytest.approx(expected.coef_[0], abs=1e-5)
    assert trained.model.standardized()[0, -1] == pytest.approx(expected.intercept_[0], abs=1e-5)


@pytest.mark.parametrize("solver", ["IRLSM", "COORDINATE_DESCENT", "COORDINATE_DESCENT_NAIVE", "L_BFGS"])
@pytest.mark.parametrize("family", ["gaussian", "poisson"])
def test_all_solvers_find_the_same_optimum(bench, frame_of, drawn, solver, family):
    y = drawn["random"].poisson(np.exp(0.3 * drawn["signal"])).astype(float)
    given = {"response_column": "y", "family": family, "lambda": 0.01, "alpha": 0.5}
    strict = {"beta_epsilon": 1e-9, "objective_epsilon": 1e-14, "gradient_epsilon": 1e-9}
    reference = bench.train(frame_of(y), **given, **strict)
    other = bench.train(frame_of(y), **given, **strict, solver=solver, max_iterations=2000)
    assert other.model.beta == pytest.approx(reference.model.beta, abs=1e-5)


def test_a_quadratic_with_bounds_and_l1_ends_at_its_optimum():
    random = np.random.default_rng(0)
    for _ in range(30):
        p = int(random.integers(2, 12))
        x = random.normal(size=(p + 3, p))
        h, c = x.T @ x, 3 * random.normal(size=p)
        low = np.where(random.random(p) < 0.3, 0.0, -np.inf)
        high = np.where(random.random(p) < 0.3, 0.4, np.inf)
        penalty = Penalty(
            np.where(random.random(p) < 0.6, 0.8, 0.0), np.full(p, 0.1), low, high, random.random(p), np.ones(p)
        )
        b = minimize(h, c, penalty, np.zeros(p))
        g = h @ b - c + penalty.l2 * b + penalty.pull * (b - penalty.goal)
        up, down = g + penalty.l1 * np.where(b >= 0, 1, -1), g + penalty.l1 * np.where(b > 0, 1, -1)
        assert (b >= low).all() and (b <= high).all()
        assert (up[b < high] >= -1e-8).all(), "a step up would lower the value"
        assert (down[b > low] <= 1e-8).all(), "a step down would lower the value"


@pytest.mark.parametrize("strength", [0.3, 0.05, 0.005])
def test_a_lasso_over_all_levels_of_columns_ends_at_its_optimum(strength):
    """Levels add up to the constant: the equations alone do not tell their coefficients, the penalty does."""
    random = np.random.default_rng(1)
    codes = [random.integers(0, levels, 300) for levels in (6, 4)]
    x = np.column_stack([np.eye(levels)[c] for c, levels in zip(codes, (6, 4), strict=True)] + [np.ones(300)])
    y = random.normal(size=6)[codes[0]] + random.normal(size=4)[codes[1]] + random.normal(size=300)
    h, c = x.T @ x / 300, x.T @ y / 300
    l1 = np.append(np.full(10, strength), 0.0)
    none = np.full(11, np.inf)
    b = minimize(h, c, Penalty(l1, np.zeros(11), -none, none, np.zeros(11), np.zeros(11)), np.zeros(11))
    expected = Lasso(alpha=strength, tol=1e-14, max_iter=1_000_000).fit(x[:, :10], y)
    value = 0.5 * b @ h @ b - c @ b + l1 @ abs(b)
    other = np.append(expected.coef_, expected.intercept_)
    assert value <= 0.5 * other @ h @ other - c @ other + l1 @ abs(other) + 1e-10


def bounds(**columns):
    made = {
        name: Column.from_series(pl.Series(values)) if name == "names" else Column.reals(pl.Series(values))
        for name, values in columns.items()
    }
    return Frame.from_mapping(made)


def constrained(bench, frame, bounds_frame, **given):
    bench.add("bounds", bounds_frame)
    return bench.train(frame, response_column="y", beta_constraints="bounds", **{"lambda": 0, **given})


def test_bounds_refer_to_coefficients_by_raw_inputs(bench, frame_of, drawn):
    y = drawn["signal"] + drawn["random"].normal(size=500)
    table = bounds(names=["a", "b"], lower_bounds=[0.0, -0.2], upper_bounds=[0.1, 0.5])
    trained = constrained(bench, frame_of(y), table)
    assert trained.model.beta[0, 2:4] == pytest.approx([0.1, -0.2])  # both bounds are met: the truth is 0.3 and -0.5


def test_the_name_of_a_column_bounds_all_of_its_levels(bench, frame_of, drawn):
    y = drawn["signal"] + drawn["random"].normal(size=500)
    trained = constrained(bench, frame_of(y), bounds(names=["c"], lower_bounds=[0.0], upper_bounds=[0.3]))
    assert trained.model.beta[0, :2] == pytest.approx([0.3, 0.0])


def test_a_strong_pull_holds_a_coefficient(bench, frame_of, drawn):
    y = drawn["signal"] + drawn["random"].normal(size=500)
    trained = constrained(bench, frame_of(y), bounds(names=["a"], beta_given=[0.7], rho=[1e9]))
    assert trained.model.beta[0, 2] == pytest.approx(0.7, abs=1e-6)


def test_no_coefficient_is_negative_when_none_may_be(bench, frame_of, drawn):
    y = drawn["signal"] + drawn["random"].normal(size=500)
    trained = bench.train(frame_of(y), response_column="y", non_negative=True, **{"lambda": 0})
    assert (trained.model.beta[0, :-1] >= 0).all()
    assert trained.model.beta[0, 3] == 0


def test_unknown_names_of_constraints_are_named(bench, frame_of, drawn):
    with pytest.raises(InvalidArgument, match=r"'aa'.*Did you mean 'a'"):
        constrained(bench, frame_of(drawn["signal"]), bounds(names=["aa"], lower_bounds=[0.0]))


def test_without_a_lambda_large_amounts_are_fitted_as_well_as_small_ones(bench, frame_of, drawn):
    y = drawn["signal"] + drawn["random"].normal(size=500)
    small, large = (bench.train(frame_of(unit * y), response_column="y") for unit in (1.0, 1e6))
    assert small.details.training_metrics["r2"] == pytest.approx(large.details.training_metrics["r2"], abs=0.02)
    search = bench.train(frame_of(1e6 * y), response_column="y", lambda_search=True)
    assert search.details.training_metrics["r2"] > small.details.training_metrics["r2"] - 0.01


def test_a_given_lambda_keeps_its_meaning(bench, frame_of, drawn):
    y = 1e4 * (drawn["signal"] + drawn["random"].normal(size=500))
    chosen = bench.train(frame_of(y), response_column="y")
    again = bench.train(frame_of(y), response_column="y", **{"lambda": chosen.details.actual("lambda")[0]})
    assert again.model.beta == pytest.approx(chosen.model.beta, rel=1e-9)


def test_the_strongest_penalty_of_a_search_leaves_no_input(bench, frame_of, drawn):
    y = (drawn["random"].random(500) < 1 / (1 + np.exp(-drawn["signal"]))) * 1
    path = bench.train(frame_of(y, ["n", "p"]), response_column="y", lambda_search=True, nlambdas=20).model.path
    assert path.submodels[0].rank == 1
    assert path.submodels[1].rank > 1
    strengths = [item.strength for item in path.submodels]
    assert np.diff(np.log(strengths)) == pytest.approx(np.full(len(strengths) - 1, np.log(1e-4) / 19))
    deviances = [item.deviance_train for item in path.submodels]
    assert (np.diff(deviances) <= 1e-9).all()


def test_a_model_of_the_path_is_that_of_its_lambda_alone(bench, frame_of, drawn):
    y = (drawn["random"].random(500) < 1 / (1 + np.exp(-drawn["signal"]))) * 1
    strict = {"beta_epsilon": 1e-9, "objective_epsilon": 1e-14}
    search = bench.train(frame_of(y, ["n", "p"]), response_column="y", lambda_search=True, nlambdas=10, **strict)
    item = search.model.path.submodels[5]
    alone = bench.train(frame_of(y, ["n", "p"]), response_column="y", **{"lambda": item.strength}, **strict)
    assert alone.model.path.best.beta == pytest.approx(item.beta, abs=1e-6)


def test_folds_choose_the_penalty_of_the_least_held_out_deviance(bench, frame_of, drawn):
    y = drawn["signal"] + drawn["random"].normal(size=500)
    strengths = [1.0, 0.1, 0.01]
    given = {"response_column": "y", "nfolds": 3, "fold_assignment": "Modulo", "alpha": [0.1, 1.0]}
    trained = bench.train(frame_of(y), **{"lambda": strengths}, **given)
    best = {}
    for alpha in (0.1, 1.0):
        for strength in strengths:
            deviances = []
            for fold in range(3):
                own = np.arange(500) % 3 == fold
                rest = frame_of(y).filter(pl.Series(~own))
                model = bench.train(rest, key="f", response_column="y", **{"lambda": strength, "alpha": alpha}).model
                deviances.append(model.score(frame_of(y).filter(pl.Series(own))).mse)
            best[alpha, strength] = np.mean(deviances)
    expected = min(best, key=lambda key: best[key])
    assert (trained.details.extra["alpha_best"], trained.details.extra["lambda_best"]) == expected
    for entry in trained.answer["models"]:
        from artesian.learn.base.model import load_model

        fold = load_model(entry["folder"])
        assert (fold.path.best.alpha, fold.path.best.strength) == expected


def test_a_search_with_folds_ends_at_the_best_mean(bench, frame_of, drawn):
    y = drawn["signal"] + drawn["random"].normal(size=500)
    trained = bench.train(frame_of(y), response_column="y", lambda_search=True, nlambdas=15, nfolds=4)
    extra, path = trained.details.extra, trained.model.path
    assert extra["best_submodel_index"] == len(path.submodels) - 1
    assert extra["lambda_1se"] >= extra["lambda_best"]
    history = trained.details.scoring_history
    held_out = np.array(history.column("deviance_xval"), dtype=float)
    assert held_out[extra["best_submodel_index"]] == np.nanmin(held_out)


def test_early_stopping_and_search_exclude_each_other(bench, frame_of, drawn):
    with pytest.raises(InvalidParameters, match="stopping_rounds"):
        bench.train(frame_of(drawn["signal"]), response_column="y", lambda_search=True, stopping_rounds=3)
