"""Standard errors, z and p values, dispersion, and variance inflation factors of a fitted model.

The covariance of the coefficients is the dispersion over the expected information X'WX at the estimates (McCullagh & Nelder
1989, section 2.5). Where the dispersion is estimated, p values are those of Student's t with the residual degrees of freedom,
else those of the normal distribution.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from artesian.core.errors import InvalidArgument
from artesian.learn.linear.dispersion import maximum_likelihood
from artesian.learn.linear.path import Submodel
from artesian.learn.linear.quadratic import independent, solve
from artesian.learn.linear.rows import Rows, total_gram
from artesian.learn.linear.setting_up import Prepared
from artesian.learn.linear.tables import Inferred

Floats = NDArray[np.float64]
KNOWN_DISPERSION = ("binomial", "poisson")
"""Families whose dispersion is 1."""


@dataclass(frozen=True)
class Dispersion:
    """Its value, and whether it was estimated."""

    value: float
    estimated: bool


def dispersion_of(prepared: Prepared, linear: Floats) -> Dispersion:
    """By the parameters: fixed, by residuals, or by maximum likelihood; from linear predictors [n]."""
    p, family, rows = prepared.parameters, prepared.family, prepared.rows
    if p.fix_dispersion_parameter:
        return Dispersion(family.theta if family.name == "negativebinomial" else p.init_dispersion_parameter, False)
    if family.name in KNOWN_DISPERSION:
        return Dispersion(p.init_dispersion_parameter, False)
    mass = np.ones(rows.n) if rows.weights is None else rows.weights
    mean = family.mean(linear)
    if p.dispersion_parameter_method == "ml":
        if family.name == "negativebinomial":
            return Dispersion(family.theta, True)
        return Dispersion(maximum_likelihood(family, rows.actual, mean, mass, p), True)
    left = rows.n - 1 - (prepared.width - len(prepared.dropped))
    if p.dispersion_parameter_method == "deviance":
        total = float(mass @ family.deviances(rows.actual, mean))
    else:
        total = float(mass @ ((rows.actual - mean) ** 2 / family.variance(mean)))
    return Dispersion(total / left if left > 0 else np.nan, True)


def covariance(prepared: Prepared, beta: Floats, linear: Floats) -> tuple[Floats, NDArray[np.int64]]:
    """Unscaled covariance of the coefficients by raw inputs [a, a], and which these are [a] (the intercept is the last).

    Left out are those dropped as combinations of others and, under a penalty, those that are 0. InvalidArgument where one of
    the rest is a combination of others.
    """
    rows, family = prepared.rows, prepared.family
    half, _, curvature = family.working(rows.actual, linear)
    del half
    weights = curvature if rows.weights is None else curvature * rows.weights
    gram = total_gram(rows, weights)
    active = np.ones(prepared.width + 1, dtype=bool)
    active[prepared.dropped] = False
    penalised = prepared.constraints.has_pull or (beta[:-1] == 0).any()
    if penalised:
        active[:-1] &= beta[:-1] != 0
    if not prepared.parameters.intercept:
        active[-1] = False
    places = np.flatnonzero(active)
    order = [int(i) for i in places[::-1]] if active[-1] else [int(i) for i in places]
    kept = independent(gram, [order[0], *sorted(order[1:])] if active[-1] else order)
    if len(kept) < len(places):
        names = [*prepared.terms.names, "Intercept"]
        lost = ", ".join(names[i] for i in places if i not in set(kept))
        raise InvalidArgument(
            f"There are no p values: some inputs are a combination of others ({lost}). Set remove_collinear_columns to True "
            "(and lambda to 0), or leave columns out."
        )
    inverse: Floats = np.linalg.inv(gram[np.ix_(places, places)]).astype(np.float64)
    return _by_raw_inputs(prepared, inverse, places), places


def _by_raw_inputs(prepared: Prepared, matrix: Floats, places: NDArray[np.int64]) -> Floats:
    """The covariance of b_raw = M b_scaled."""
    change = np.eye(prepared.width + 1)
    change[np.arange(prepared.width), np.arange(prepared.width)] = 1.0 / prepared.terms.scales
    if prepared.centred:
        change[-1, :-1] = -prepared.terms.means / prepared.terms.scales
    own = change[np.ix_(places, places)]
    return np.asarray(own @ matrix @ own.T)


def infer(
    raw: Floats, unscaled: Floats, places: NDArray[np.int64], dispersion: Dispersion, degrees_of_freedom: int
) -> Inferred:
    """Errors, z and p of coefficients by raw inputs [width + 1]."""
    from scipy.special import ndtr, stdtr

    errors = np.full(len(raw), np.nan)
    errors[places] = np.sqrt(np.maximum(np.diag(unscaled), 0.0) * dispersion.value)
    with np.errstate(divide="ignore", invalid="ignore"):
        z = raw / errors
    tail = stdtr(degrees_of_freedom, -np.abs(z)) if dispersion.estimated else ndtr(-np.abs(z))
    return Inferred(errors, z, np.where(np.isnan(z), np.nan, 2 * tail))


def infer_beside(prepared: Prepared, item: Submodel) -> None:
    """The z values of a model of the path that was not chosen; NaN where some of its inputs are a combination of others."""
    linear = prepared.rows.linear(item.beta)
    dispersion = dispersion_of(prepared, linear)
    try:
        unscaled, places = covariance(prepared, item.beta, linear)
    except InvalidArgument:
        item.z = np.full(prepared.width + 1, np.nan)
        return
    found = infer(prepared.raw(item.beta)[0], unscaled, places, dispersion, max(prepared.rows.n - item.rank, 1))
    item.z, item.dispersion_estimated = found.z, dispersion.estimated


def inflation_factors(rows: Rows) -> dict[str, float]:
    """1 / (1 - R²) of each numeric column regressed on all other inputs."""
    gram = total_gram(rows, rows.weights)
    found: dict[str, float] = {}
    place = 0
    for term in rows.terms.terms:
        if term.levels is None and len(term.sources) == 1:
            others = np.array([i for i in range(len(gram)) if i != place])
            right = gram[others, place]
            explained = float(right @ solve(gram[np.ix_(others, others)], right))
            mean = gram[-1, place] ** 2 / gram[-1, -1]
            total = gram[place, place] - mean
            rest = gram[place, place] - explained
            found[term.name] = float(total / rest) if rest > 1e-12 * total else np.inf
        place += term.width
    return found
