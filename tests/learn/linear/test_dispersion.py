"""Dispersions by maximum likelihood, and full likelihoods, are those of statsmodels and SciPy."""

from __future__ import annotations

import numpy as np
import pytest
import statsmodels.api as sm
from scipy import integrate, optimize, stats

from artesian.learn.linear.families import Family
from artesian.learn.linear.likelihood import log_likelihood, tweedie_log_density

ML = {"lambda": 0, "dispersion_parameter_method": "ml", "compute_p_values": True}


@pytest.mark.parametrize("power", [1.2, 1.5, 1.8])
def test_tweedie_densities_are_those_of_statsmodels(power):
    y, mean, phi = np.array([0.0, 0.05, 0.7, 3.0, 40.0]), np.array([0.5, 0.5, 1.0, 2.0, 30.0]), 1.3
    expected = sm.families.Tweedie(var_power=power, eql=False).loglike_obs(y, mean, scale=phi)
    assert tweedie_log_density(y, mean, np.full(5, phi), power) == pytest.approx(expected, rel=1e-8)


@pytest.mark.parametrize("power", [2.5, 3.0])
def test_tweedie_densities_of_positive_amounts_integrate_to_one(power):
    def density(y):
        return float(np.exp(tweedie_log_density(np.array([y]), np.array([1.0]), np.array([0.4]), power))[0])

    assert integrate.quad(density, 0.02, 60, limit=300)[0] == pytest.approx(1, abs=2e-3)


def test_a_tweedie_of_power_three_is_the_inverse_gaussian():
    y = np.array([0.3, 1.0, 2.5])
    expected = stats.invgauss.logpdf(y, 0.4 * 1.5, scale=1 / 0.4)  # mean 1.5, dispersion 0.4
    assert tweedie_log_density(y, np.full(3, 1.5), np.full(3, 0.4), 3.0) == pytest.approx(expected, rel=1e-6)


def test_likelihoods_are_those_of_scipy():
    y, m, w = np.array([1.0, 2.0, 5.0]), np.array([1.5, 2.5, 4.0]), np.ones(3)
    gaussian = stats.norm.logpdf(y, m, np.sqrt(0.7)).sum()
    assert log_likelihood(Family("gaussian", "identity"), y, m, w, 0.7) == pytest.approx(gaussian)
    assert log_likelihood(Family("poisson", "log"), y, m, w, 1.0) == pytest.approx(stats.poisson.logpmf(y, m).sum())
    gamma = stats.gamma.logpdf(y, 1 / 0.3, scale=0.3 * m).sum()
    assert log_likelihood(Family("gamma", "log"), y, m, w, 0.3) == pytest.approx(gamma)
    size = 1 / 0.5
    binomial = stats.nbinom.logpmf(y, size, size / (size + m)).sum()
    assert log_likelihood(Family("negativebinomial", "log"), y, m, w, 0.5) == pytest.approx(binomial)


def test_the_dispersion_of_gamma_is_that_of_the_largest_likelihood(bench, frame_of, drawn):
    mean = np.exp(0.3 * drawn["signal"])
    y = drawn["random"].gamma(1 / 0.4, 0.4 * mean)
    trained = bench.train(frame_of(y), response_column="y", family="gamma", link="log", **ML)
    fitted = np.asarray(trained.model.raw(frame_of(y)))
    best = optimize.minimize_scalar(
        lambda phi: -stats.gamma.logpdf(y, 1 / phi, scale=phi * fitted).sum(), bounds=(0.01, 3), method="bounded",
        options={"xatol": 1e-10},
    ).x  # fmt: skip
    assert trained.details.extra["dispersion"] == pytest.approx(best, rel=1e-3)


def test_theta_of_the_negative_binomial_is_that_of_statsmodels(bench, frame_of, drawn, design):
    mean = np.exp(0.3 * drawn["signal"] + 1)
    y = drawn["random"].negative_binomial(1 / 0.6, 1 / (1 + 0.6 * mean)).astype(float)
    expected = sm.NegativeBinomial(y, design).fit(disp=False, maxiter=500, gtol=1e-9)
    trained = bench.train(frame_of(y), response_column="y", family="negativebinomial", theta=0.1, **ML)
    assert trained.model.family.theta == pytest.approx(expected.params[-1], rel=1e-2)
    assert trained.model.beta[0] == pytest.approx(expected.params[:-1], abs=5e-3)


def test_the_variance_power_of_tweedie_is_found(bench, frame_of, drawn):
    random, n, power, phi = drawn["random"], 500, 1.6, 0.8
    mean = np.exp(0.2 * drawn["signal"] + 1)
    rate = mean ** (2 - power) / (phi * (2 - power))
    counts = random.poisson(rate)
    shape, scale = (2 - power) / (power - 1), phi * (power - 1) * mean ** (power - 1)
    y = np.where(counts > 0, random.gamma(np.maximum(counts, 1) * shape, scale), 0.0)
    trained = bench.train(
        frame_of(y), response_column="y", family="tweedie", tweedie_link_power=0.0, tweedie_variance_power=1.3,
        fix_tweedie_variance_power=False, **ML,
    )  # fmt: skip
    assert trained.model.family.variance_power == pytest.approx(power, abs=0.08)
    assert trained.details.extra["dispersion"] == pytest.approx(phi, rel=0.15)
    assert len(y) == n


def test_akaikes_criterion_counts_the_full_likelihood(bench, frame_of, drawn, design):
    y = drawn["signal"] + drawn["random"].normal(size=500)
    trained = bench.train(frame_of(y), response_column="y", calc_like=True, **{"lambda": 0})
    residuals = sm.OLS(y, design).fit()
    variance = residuals.ssr / (500 - 5)
    expected = stats.norm.logpdf(residuals.resid, 0, np.sqrt(variance)).sum()
    metrics = trained.details.training_metrics
    assert metrics["loglikelihood"] == pytest.approx(expected)
    assert metrics["aic"] == pytest.approx(2 * 6 - 2 * expected)


def test_a_fixed_dispersion_is_taken_as_given(bench, frame_of, drawn):
    y = drawn["random"].gamma(2, np.exp(0.3 * drawn["signal"]) / 2)
    given = {"response_column": "y", "family": "gamma", "link": "log", "lambda": 0, "compute_p_values": True}
    trained = bench.train(frame_of(y), **given, fix_dispersion_parameter=True, init_dispersion_parameter=0.25)
    assert trained.details.extra["dispersion"] == 0.25
    estimated = bench.train(frame_of(y), **given)
    errors = [model.details.extra["coefficients_table"]["data"][2] for model in (trained, estimated)]
    ratio = np.sqrt(0.25 / estimated.details.extra["dispersion"])
    assert np.array(errors[0]) == pytest.approx(ratio * np.array(errors[1]))
