"""Coefficients, standard errors and p values are those of statsmodels; influences and inflation factors too."""

from __future__ import annotations

import numpy as np
import polars as pl
import pytest
import statsmodels.api as sm
from statsmodels.stats.outliers_influence import OLSInfluence, variance_inflation_factor

from artesian.core.errors import InvalidArgument, InvalidParameters
from artesian.frame import Column, Frame
from artesian.frame.segment import open_frame

STRICT = {"beta_epsilon": 1e-9, "objective_epsilon": 0}
LOG, INVERSE = sm.families.links.Log(), sm.families.links.InversePower()


def responses(drawn):
    """Parameters, response and the same family of statsmodels."""
    random, signal = drawn["random"], drawn["signal"]
    mean = np.exp(0.4 * signal)
    return {
        "gaussian": ({"family": "gaussian"}, signal + random.normal(size=500), sm.families.Gaussian()),
        "gaussian log": (
            {"family": "gaussian", "link": "log"},
            mean + random.normal(0, 0.2, 500),
            sm.families.Gaussian(LOG),
        ),
        "binomial": (
            {"family": "binomial"},
            (random.random(500) < 1 / (1 + np.exp(-signal))) * 1.0,
            sm.families.Binomial(),
        ),
        "fractional": (
            {"family": "fractionalbinomial"},
            np.clip(1 / (1 + np.exp(-signal)) + random.normal(0, 0.1, 500), 0, 1),
            sm.families.Binomial(),
        ),
        "poisson": ({"family": "poisson"}, random.poisson(mean).astype(float), sm.families.Poisson()),
        "gamma log": ({"family": "gamma", "link": "log"}, random.gamma(2, mean / 2), sm.families.Gamma(LOG)),
        "gamma": (
            {"family": "gamma"},
            random.gamma(20, 1 / (20 * (0.5 + 0.1 * drawn["b"]))),
            sm.families.Gamma(INVERSE),
        ),
        "negative binomial": (
            {"family": "negativebinomial", "theta": 0.5},
            random.negative_binomial(2, 2 / (2 + mean)).astype(float),
            sm.families.NegativeBinomial(alpha=0.5),
        ),
        "tweedie": (
            {"family": "tweedie", "tweedie_variance_power": 1.5, "tweedie_link_power": 0.0},
            np.where(random.random(500) < 0.2, 0.0, random.gamma(2, mean / 2)),
            sm.families.Tweedie(LOG, var_power=1.5),
        ),
    }


@pytest.mark.parametrize(
    "name",
    [
        "gaussian",
        "gaussian log",
        "binomial",
        "fractional",
        "poisson",
        "gamma log",
        "gamma",
        "negative binomial",
        "tweedie",
    ],
)
def test_coefficients_and_p_values_are_those_of_statsmodels(bench, frame_of, drawn, design, name):
    given, y, family = responses(drawn)[name]
    expected = sm.GLM(y, design, family=family).fit(tol=1e-12, maxiter=200)
    trained = bench.train(
        frame_of(y), response_column="y", **{"lambda": 0, "compute_p_values": True, **STRICT, **given}
    )
    table = trained.details.extra["coefficients_table"]
    found = dict(zip([c["name"] for c in table["columns"]], table["data"], strict=True))
    order = [1, 2, 3, 4, 0]  # the intercept comes first in the table
    assert [found["names"][i] for i in order] == ["c.v", "c.w", "a", "b", "Intercept"]
    assert np.array(found["coefficients"])[order] == pytest.approx(expected.params, rel=1e-5, abs=1e-7)
    by_normal = name in ("binomial", "poisson")
    scale = (
        1.0 if by_normal else expected.pearson_chi2 / expected.df_resid
    )  # statsmodels fixes that of some families at 1
    errors = expected.bse / np.sqrt(expected.scale) * np.sqrt(scale)
    assert np.array(found["std_error"])[order] == pytest.approx(errors, rel=1e-4)
    from scipy.stats import norm, t

    z = expected.params / errors
    p = 2 * (norm.sf(abs(z)) if by_normal else t.sf(abs(z), expected.df_resid))
    assert np.array(found["p_value"])[order] == pytest.approx(p, rel=1e-3, abs=1e-12)
    metrics = trained.details.training_metrics
    assert metrics["residual_deviance"] == pytest.approx(expected.deviance, rel=1e-6)
    assert metrics["null_deviance"] == pytest.approx(expected.null_deviance, rel=1e-6)
    assert metrics["residual_degrees_of_freedom"] == expected.df_resid
    assert metrics["null_degrees_of_freedom"] == 499


def test_weights_and_offsets_count_as_in_statsmodels(bench, frame_of, drawn, design):
    random = drawn["random"]
    offset, weights = random.normal(size=500), random.integers(0, 4, 500).astype(float)
    y = random.poisson(np.exp(0.2 * drawn["signal"] + offset)).astype(float)
    used = weights > 0
    expected = sm.GLM(
        y[used], design[used], family=sm.families.Poisson(), offset=offset[used], freq_weights=weights[used]
    ).fit(tol=1e-12)
    trained = bench.train(
        frame_of(y, o=offset, w=weights),
        response_column="y", offset_column="o", weights_column="w", family="poisson", **{"lambda": 0, **STRICT},
    )  # fmt: skip
    assert trained.model.beta[0] == pytest.approx(expected.params, rel=1e-6)
    assert trained.details.training_metrics["residual_deviance"] == pytest.approx(expected.deviance, rel=1e-7)


@pytest.mark.parametrize("seed", [4, 5, 9, 15])
def test_without_a_penalty_a_fit_ends_at_the_optimum_by_default(bench, seed):
    random = np.random.default_rng(seed)
    logit = random.normal(-1.2, 1.7, 160)
    p = 1 / (1 + np.exp(-logit))
    y = random.random(160) < 1 / (1 + np.exp(0.3 - 0.7 * logit))
    weights = np.abs(random.normal(size=160))
    columns = {"p": Column.reals(pl.Series(p)), "w": Column.reals(pl.Series(weights))}
    frame = Frame.from_mapping(columns | {"y": Column.enums(pl.Series(y.astype(int)), ["no", "yes"])})
    trained = bench.train(frame, response_column="y", weights_column="w", family="binomial", **{"lambda": 0})
    exact = sm.GLM(y * 1.0, sm.add_constant(p), family=sm.families.Binomial(), var_weights=weights).fit(tol=1e-14)
    assert trained.predict(frame)["yes"].to_numpy() == pytest.approx(exact.fittedvalues, abs=2e-8)


def test_collinear_inputs_are_removed_or_named(bench, frame_of, drawn):
    y = drawn["signal"] + drawn["random"].normal(size=500)
    frame = frame_of(y, twice=2 * drawn["a"] + 1)
    given = {"response_column": "y", "lambda": 0, "compute_p_values": True}
    with pytest.raises(InvalidArgument, match="combination of others"):
        bench.train(frame, **given)
    trained = bench.train(frame, **given, remove_collinear_columns=True)
    plain = bench.train(frame.without(["twice"]), **given)
    removed = trained.model.coefficient_names.index("twice")
    assert trained.model.beta[0, removed] == 0
    assert "twice" in " ".join(trained.details.warnings)
    assert np.delete(trained.model.beta[0], removed) == pytest.approx(plain.model.beta[0], rel=1e-8)


def test_inflation_factors_are_those_of_statsmodels(bench, frame_of, drawn, design):
    y = drawn["signal"] + drawn["random"].normal(size=500)
    trained = bench.train(frame_of(y), response_column="y", **{"lambda": 0}, generate_variable_inflation_factors=True)
    assert trained.details.extra["vif_predictor_names"] == ["a", "b"]
    expected = [variance_inflation_factor(design, i) for i in (2, 3)]
    assert trained.details.extra["variable_inflation_factors"] == pytest.approx(expected, rel=1e-9)


def test_influences_of_least_squares_are_those_of_statsmodels(bench, frame_of, drawn, design):
    y = drawn["signal"] + drawn["random"].normal(size=500)
    trained = bench.train(frame_of(y), response_column="y", influence="dfbetas")
    key = trained.details.extra["regression_influence_diagnostics"]
    found = open_frame(trained.answer["frames"][key])
    expected = OLSInfluence(sm.OLS(y, design).fit()).dfbetas
    for i, name in enumerate(["c.v", "c.w", "a", "b", "Intercept"]):
        assert np.asarray(found[f"DFBETA_{name}"].floats()) == pytest.approx(expected[:, i], rel=1e-6, abs=1e-9)


def test_influences_of_logistic_regression_are_one_step_estimates(bench, frame_of, drawn, design):
    y = (drawn["random"].random(500) < 1 / (1 + np.exp(-drawn["signal"]))) * 1
    trained = bench.train(frame_of(y, ["no", "yes"]), response_column="y", influence="dfbetas", **STRICT)
    found = open_frame(trained.answer["frames"][trained.details.extra["regression_influence_diagnostics"]])
    fitted = sm.GLM(y, design, family=sm.families.Binomial()).fit(tol=1e-12)
    p = fitted.fittedvalues
    inverse = np.linalg.inv(design.T @ (design * (p * (1 - p))[:, None]))
    leverage = p * (1 - p) * np.einsum("ij,jk,ik->i", design, inverse, design)
    expected = (design @ inverse) * ((y - p) / (1 - leverage))[:, None] / fitted.bse
    assert np.asarray(found["DFBETA_a"].floats()) == pytest.approx(expected[:, 2], rel=1e-4, abs=1e-7)


@pytest.mark.parametrize(
    ("given", "field"),
    [
        ({"family": "binomial", "compute_p_values": True, "solver": "L_BFGS"}, "compute_p_values"),
        ({"compute_p_values": True, "non_negative": True}, "compute_p_values"),
        ({"influence": "dfbetas", "nfolds": 3}, "influence"),
        ({"influence": "dfbetas", "lambda": 0.1}, "influence"),
        ({"dispersion_parameter_method": "ml"}, "dispersion_parameter_method"),
        ({"family": "poisson", "fix_dispersion_parameter": True}, "fix_dispersion_parameter"),
    ],
)
def test_what_cannot_be_inferred_is_refused_by_name(bench, frame_of, drawn, given, field):
    with pytest.raises(InvalidParameters) as error:
        bench.train(frame_of(np.round(np.exp(drawn["signal"]))), response_column="y", **given)
    assert field in {problem.field for problem in error.value.problems}
