"""From a fit's parameters and frames to rows, family, objective, null model and penalties."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
import polars as pl
from numpy.typing import NDArray

from artesian.core.errors import InvalidArgument
from artesian.frame import ColumnType, Frame
from artesian.learn.base.algorithm import Fit
from artesian.learn.base.details import Category
from artesian.learn.base.scoring import codes_in
from artesian.learn.linear.constraints import Constraints, SumConstraints, constraints_of, sum_constraints_of
from artesian.learn.linear.families import SEVERAL_CLASSES, TWO_CLASSES, Family, link_of
from artesian.learn.linear.fitting import Objective, OneResponse
from artesian.learn.linear.multinomial import Multinomial, Ordinal
from artesian.learn.linear.parameters import GLMParameters
from artesian.learn.linear.quadratic import Penalty, independent
from artesian.learn.linear.rows import Rows, total_gram
from artesian.learn.linear.terms import Terms

Floats = NDArray[np.float64]
DENSE_SIZE: Final = 5000
"""Up to so many coefficients the equations are solved with second derivatives."""
DENSE_SIZE_OF_CLASSES: Final = 1500
"""The same for several classes, whose equations take a table of cross products for each pair of classes."""


def family_name(family: str, category: Category | None) -> str:
    """The family in use: AUTO goes by what the response is."""
    if family != "AUTO":
        return family
    return {Category.BINOMIAL: "binomial", Category.MULTINOMIAL: "multinomial"}.get(
        category or Category.REGRESSION, "gaussian"
    )


def category_of(family: str) -> Category:
    """What a model of the family predicts."""
    if family in TWO_CLASSES:
        return Category.BINOMIAL
    return {"multinomial": Category.MULTINOMIAL, "ordinal": Category.ORDINAL}.get(family, Category.REGRESSION)


def domain_of(fit: Fit, family: str) -> list[str] | None:
    """The classes that a model of the family predicts; None for amounts."""
    assert fit.roles.response is not None
    column = fit.training[fit.roles.response]
    if family not in TWO_CLASSES and family not in SEVERAL_CLASSES:
        return None
    if column.domain is not None:
        return column.levels
    if family == "quasibinomial":
        return [str(float(value)) for value in sorted(column.values.drop_nulls().unique().to_list())]
    return ["0", "1"]


@dataclass
class Prepared:
    """One fit, ready to be optimised. `training` are the rows that count; see `Facts` for `null_mean`."""

    fit: Fit
    family: Family
    category: Category
    domain: list[str] | None
    terms: Terms
    rows: Rows
    objective: Objective
    constraints: Constraints
    null_beta: Floats
    null_mean: tuple[float, ...]
    per_row: float
    adjustment: float
    dropped: list[int]
    """Coefficients that are a combination of others."""
    spread: float
    """Standard deviation of the response (1 but for least squares)."""
    warnings: list[str]
    centred: bool
    """Whether numbers are centred."""
    sums: SumConstraints | None = None
    """Constraints on sums of coefficients."""

    @property
    def parameters(self) -> GLMParameters:
        """The fit's parameters."""
        return self.fit.parameters  # type: ignore[no-any-return]

    @property
    def width(self) -> int:
        """Number of inputs."""
        return self.terms.width

    @property
    def uses_limited_memory(self) -> bool:
        """Whether coefficients are found without second derivatives."""
        if self.parameters.solver != "AUTO" and self.parameters.solver != "L_BFGS":
            return self.objective.size > 4 * DENSE_SIZE
        limit = DENSE_SIZE_OF_CLASSES if self.family.name == "multinomial" else DENSE_SIZE
        return self.parameters.solver == "L_BFGS" or self.objective.size > limit

    # ---- coefficients ----

    def by_class(self, beta: Floats) -> Floats:
        """Optimised coefficients [size] as [1 or classes, width + 1] by scaled inputs."""
        if self.family.name == "multinomial":
            return beta.reshape(-1, self.width + 1)
        if self.family.name == "ordinal":
            thresholds = beta[self.width :]
            shared = np.tile(beta[: self.width], (len(thresholds), 1))
            return np.vstack([np.column_stack([shared, thresholds]), np.zeros(self.width + 1)])
        return beta[None, :]

    def raw(self, beta: Floats) -> Floats:
        """Optimised coefficients [size] by raw inputs, [1 or classes, width + 1]."""
        scaled = self.by_class(beta)
        if self.family.name != "ordinal":
            return self.terms.unstandardized(scaled, centred=self.centred)
        raw = self.terms.unstandardized(scaled[:-1], centred=self.centred)
        return np.vstack([raw, np.zeros(self.width + 1)])

    def flat(self, raw: Floats) -> Floats:
        """The inverse of `raw`."""
        if self.family.name == "ordinal":
            scaled = self.terms.standardized(raw[:-1], centred=self.centred)
            return np.concatenate([scaled[0, :-1], scaled[:, -1]])
        return self.terms.standardized(raw, centred=self.centred).ravel()

    def _spread_out(self, values: Floats, last: float) -> Floats:
        """Values of the inputs [width] for all coefficients [size], `last` for intercepts."""
        if self.family.name == "ordinal":
            return np.concatenate([values, np.full(self.objective.size - self.width, last)])
        return np.tile(np.append(values, last), self.objective.size // (self.width + 1))

    @property
    def units(self) -> Floats:
        """By which factor a coefficient of scaled inputs is larger than what the penalty refers to, turned over [width]."""
        return np.ones(self.width) if self.parameters.standardize else 1.0 / self.terms.scales

    def penalty(self, strength: float, alpha: float) -> Penalty:
        """The penalty of all coefficients."""
        unit = self._spread_out(self.units, 0.0)
        scales = np.append(self.terms.scales, 1.0)
        size = self.objective.size
        low, high, pull, goal = np.full(size, -np.inf), np.full(size, np.inf), np.zeros(size), np.zeros(size)
        if self.family.name not in SEVERAL_CLASSES:
            c = self.constraints
            low, high, goal = c.low * scales, c.high * scales, c.given * scales
            pull = c.rho if self.parameters.standardize else c.rho / scales**2
        for place in self.dropped:
            low[place] = high[place] = 0.0
        if not self.parameters.intercept:
            low[-1] = high[-1] = 0.0
        joint = None if self.sums is None else self.sums.joint(scales, self.parameters)
        return Penalty(strength * alpha * unit, strength * (1 - alpha) * unit**2, low, high, pull, goal, joint)

    def strongest(self, alpha: float) -> float:
        """The least lambda that leaves no input, given alpha (as of 0.01 for a smaller one)."""
        gradient = self.objective.evaluate(self.null_beta, hessian=False).gradient
        unit = self._spread_out(self.units, 0.0)
        with np.errstate(divide="ignore", invalid="ignore"):
            per_unit = np.where(unit > 0, np.abs(gradient) / unit, 0.0)
        return float(per_unit.max(initial=0.0)) / max(0.01, alpha)


def prepare(fit: Fit) -> Prepared:
    """Everything that does not depend on the penalty. Raises InvalidArgument where no rows are left."""
    parameters: GLMParameters = fit.parameters
    name = family_name(parameters.family, fit.roles.category)
    family = family_from(parameters, name)
    domain = domain_of(fit, name)
    warnings: list[str] = []
    predictors = () if parameters.build_null_model else fit.roles.predictors
    actual = response_of(fit.training, str(fit.roles.response), domain, name)
    frame, actual, weights, offsets = counted(fit, actual, predictors)
    if name == "multinomial" and offsets is not None:
        offsets = None
    pairs = [] if parameters.build_null_model else pairs_of(parameters)
    terms = Terms.learn(
        frame,
        predictors,
        weights,
        all_levels=has_all_levels(parameters),
        pairs=pairs,
        skip_missing=parameters.missing_values_handling == "Skip",
        plugs=fit.frames.get("plug_values"),
    )
    bounds = fit.frames.get("beta_constraints")
    if bounds is not None:
        constraints = constraints_of(bounds, terms, non_negative=parameters.non_negative)
    else:
        constraints = Constraints.none(terms, non_negative=parameters.non_negative)
    centred = parameters.intercept and not constraints.concerns_intercept
    rows = Rows(terms, frame, centred=centred, actual=actual, weights=weights, offsets=offsets)
    per_row = 1.0 / rows.total if parameters.obj_reg == -1 else parameters.obj_reg
    null_mean = _null_mean(rows, family, domain, parameters.intercept)
    objective = _objective(rows, family, domain, per_row, fit, parameters.intercept)
    prepared = Prepared(
        fit,
        family,
        category_of(name),
        domain,
        terms,
        rows,
        objective,
        constraints,
        _null_beta(terms, family, null_mean, parameters.intercept),
        null_mean,
        per_row,
        _adjustment(parameters.prior, null_mean),
        [],
        _spread(rows, family),
        warnings,
        centred,
    )
    _drop_collinear(prepared)
    sums = fit.frames.get("linear_constraints")
    if sums is not None:
        if objective.size > DENSE_SIZE:
            raise InvalidArgument(
                f"With linear_constraints a model has at most {DENSE_SIZE} coefficients. It has {objective.size}."
            )
        prepared.sums = sum_constraints_of(sums, terms)
        lost = prepared.sums.about([terms.names[place] for place in prepared.dropped])
        if lost:
            warnings.append(f"Constraints are about inputs that were left out, which count as 0: {', '.join(lost)}.")
    return prepared


def family_from(parameters: GLMParameters, name: str) -> Family:
    """The family with its link and powers."""
    return Family(
        name,
        "multinomial" if name == "multinomial" else link_of(name, parameters.link),
        parameters.tweedie_variance_power,
        parameters.tweedie_link_power,
        parameters.theta,
    )


def pairs_of(parameters: GLMParameters) -> list[tuple[str, str]]:
    """The pairs of columns that are multiplied."""
    pairs = [(str(a), str(b)) for a, b in parameters.interaction_pairs or ()]
    names = parameters.interactions or ()
    pairs += [(names[i], names[j]) for i in range(len(names)) for j in range(i + 1, len(names))]
    return list(dict.fromkeys(pairs))


def response_of(frame: Frame, response: str, domain: list[str] | None, family: str) -> Floats:
    """The response of a frame's rows [n], NaN where missing: amounts, shares of the second class, or class numbers."""
    column = frame[response]
    if domain is None or family == "fractionalbinomial":
        if not column.type.is_numeric or column.type is ColumnType.BAD:
            return np.full(frame.n_rows, np.nan)
        values = np.asarray(column.floats())
        return np.where(np.isfinite(values), values, np.nan)
    return codes_in(column, tuple(domain), response)


def counted(fit: Fit, actual: Floats, predictors: Sequence[str]) -> tuple[Frame, Floats, Floats | None, Floats | None]:
    """The rows with a response and a weight above 0 (and, if others are to be skipped, without missing values)."""
    frame, roles = fit.training, fit.roles
    weights = np.asarray(frame[roles.weights].floats()) if roles.weights else None
    offsets = np.asarray(frame[roles.offset].floats()) if roles.offset else None
    keep = ~np.isnan(actual)
    if weights is not None:
        keep &= weights > 0
    if fit.parameters.missing_values_handling == "Skip":
        for name in dict.fromkeys([*predictors, *(n for pair in pairs_of(fit.parameters) for n in pair)]):
            if frame[name].missing_count:
                keep &= ~frame[name].values.is_null().to_numpy()
    if not keep.any():
        raise InvalidArgument(
            "No row is left to learn from: each lacks the response, a weight above 0, or (with missing_values_handling Skip) "
            "a value. Leave columns with many missing values out, or choose MeanImputation."
        )
    if keep.all():
        return frame, actual, weights, offsets
    return (
        frame.filter(pl.Series(keep)),
        actual[keep],
        None if weights is None else weights[keep],
        None if offsets is None else offsets[keep],
    )


def has_all_levels(parameters: GLMParameters) -> bool:
    """Whether the first level of categorical columns has a coefficient: without a penalty it is what the others are told against."""
    strengths = parameters.lambda_
    if parameters.by_folds is not None and not parameters.lambda_search and parameters.by_folds.all_levels is not None:
        return bool(parameters.by_folds.all_levels)
    if not strengths and is_unpenalised(parameters):
        return False
    return parameters.lambda_search or not parameters.intercept or not strengths or strengths[0] > 0


def is_unpenalised(parameters: GLMParameters) -> bool:
    """Whether there is no penalty unless one is given: what is to be inferred does not go with one."""
    likely = parameters.calc_like and parameters.family == "tweedie"
    inferred = parameters.influence or parameters.dispersion_parameter_method == "ml"
    return bool(inferred or parameters.linear_constraints or likely)


def _objective(
    rows: Rows, family: Family, domain: list[str] | None, per_row: float, fit: Fit, intercept: bool
) -> Objective:
    check = fit.context.check
    if family.name == "multinomial":
        return Multinomial(rows, len(domain or ()), per_row, check, intercept)
    if family.name == "ordinal":
        return Ordinal(rows, len(domain or ()), per_row, check)
    return OneResponse(rows, family, per_row, check, intercept)


def _null_mean(rows: Rows, family: Family, domain: list[str] | None, intercept: bool) -> tuple[float, ...]:
    mass = np.ones(rows.n) if rows.weights is None else rows.weights
    if family.name in SEVERAL_CLASSES:
        shares = np.bincount(rows.actual.astype(np.int64), mass, minlength=len(domain or ())) / mass.sum()
        return tuple(float(share) for share in shares)
    if not intercept:
        return (float(family.mean(np.zeros(1))[0]),)
    mean = float(mass @ rows.actual / mass.sum())
    if rows.offsets is None:
        return (mean,)
    return (float(family.mean(np.array([_null_intercept(rows, family, mass, mean)]))[0]),)


def _null_intercept(rows: Rows, family: Family, mass: Floats, mean: float) -> float:
    """The best constant beside the offsets, by Newton's method."""
    assert rows.offsets is not None
    b = float(family.linear(np.array([mean]))[0] - mass @ rows.offsets / mass.sum())
    b = b if np.isfinite(b) else 0.0
    best = np.inf
    for _ in range(100):
        half, score, curvature = family.working(rows.actual, rows.offsets + b)
        value = float(mass @ half)
        steep, bend = float(mass @ score), float(mass @ curvature)
        if not np.isfinite(value) or bend <= 0:
            return b
        step = steep / bend
        if abs(step) < 1e-12 * (1 + abs(b)) or value > best + 1e-12 * abs(best):
            return b
        best, b = value, b + step
    return b


def _null_beta(terms: Terms, family: Family, null_mean: tuple[float, ...], intercept: bool) -> Floats:
    if family.name == "multinomial":
        beta = np.zeros((len(null_mean), terms.width + 1))
        if intercept:
            beta[:, -1] = np.log(np.maximum(null_mean, 1e-10))
        return beta.ravel()
    if family.name == "ordinal":
        below = np.clip(np.cumsum(null_mean)[:-1], 1e-10, 1 - 1e-10)
        thresholds = np.log(below / (1 - below))
        return np.concatenate([np.zeros(terms.width), thresholds + 1e-9 * np.arange(len(thresholds))])
    single = np.zeros(terms.width + 1)
    if intercept:
        linear = float(family.linear(np.array([null_mean[0]]))[0])
        single[-1] = linear if np.isfinite(linear) else float(np.clip(linear, -20, 20))
    return single


def _adjustment(prior: float, null_mean: tuple[float, ...]) -> float:
    """What the intercept lacks where the share of the second class is `prior` in the population."""
    if prior <= 0:
        return 0.0
    share = null_mean[0]
    return float(-np.log(share * (1 - prior) / (prior * (1 - share))))


def _spread(rows: Rows, family: Family) -> float:
    if not family.is_least_squares:
        return 1.0
    mass = np.ones(rows.n) if rows.weights is None else rows.weights
    mean = float(mass @ rows.actual / mass.sum())
    return float(np.sqrt(mass @ (rows.actual - mean) ** 2 / mass.sum()))


def _drop_collinear(prepared: Prepared) -> None:
    p = prepared.parameters
    if p.solver not in ("AUTO", "IRLSM"):
        return
    if not (p.remove_collinear_columns or p.influence or (p.calc_like and _needs_dispersion(prepared.family.name))):
        return
    if prepared.family.name in SEVERAL_CLASSES or prepared.width > DENSE_SIZE:
        return
    gram = total_gram(prepared.rows, prepared.rows.weights)
    order = [prepared.width, *range(prepared.width)] if p.intercept else list(range(prepared.width))
    kept = set(independent(gram, order))
    prepared.dropped = [place for place in range(prepared.width) if place not in kept]
    if prepared.dropped:
        names = prepared.terms.names
        prepared.warnings.append(
            "Inputs that are a combination of others were left out: "
            + ", ".join(names[i] for i in prepared.dropped)
            + "."
        )


def _needs_dispersion(family: str) -> bool:
    return family in ("gaussian", "gamma", "negativebinomial", "tweedie")
