"""Trains one linear model: goes through alphas and lambdas, picks the best, infers, and tells."""

from __future__ import annotations

import math
from dataclasses import replace
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from artesian.core import blas
from artesian.core.clock import monotonic
from artesian.core.errors import InvalidArgument
from artesian.learn.base.algorithm import Algorithm, Fit
from artesian.learn.base.building import new_details
from artesian.learn.base.details import Category
from artesian.learn.base.early_stopping import STOPPING_METRICS
from artesian.learn.base.finishing import begin, ended_early, finish, warn
from artesian.learn.base.table import Table
from artesian.learn.linear.dispersion import best_variance_power, maximum_likelihood
from artesian.learn.linear.families import DISPERSED
from artesian.learn.linear.fitting import Fitter, Iterate, fit_limited_memory
from artesian.learn.linear.inference import (
    Dispersion,
    covariance,
    dispersion_of,
    infer,
    infer_beside,
    inflation_factors,
)
from artesian.learn.linear.influence import dfbetas
from artesian.learn.linear.model import Facts, GLMModel
from artesian.learn.linear.path import Path, Submodel
from artesian.learn.linear.plan import Plan
from artesian.learn.linear.setting_up import Prepared, prepare
from artesian.learn.linear.tables import (
    Inferred,
    Line,
    coefficient_tables,
    history_table,
    importances,
    of_variant,
    short,
    summary_table,
)
from artesian.learn.metrics import Metrics

Floats = NDArray[np.float64]
SMALL_SIZE: Final = 1500
"""Up to so many coefficients more than one thread does not pay."""
WATCHED: Final = 5
"""Penalties whose gains are looked at to end a path."""
LEAST_GAIN: Final = 1e-4
"""Relative gain of training deviance below which a path ends."""
RIDGE_IN_THE_WAY: Final = 0.1
"""Above it the ridge part hides what least squares could still gain: no path ends there."""


class Trainer:
    """One training. After `run`, `model` is finished; `extend` fits further penalties of a path that ended early."""

    def __init__(self, algorithm: type[Algorithm], fit: Fit) -> None:
        self.algorithm, self.fit = algorithm, fit
        self.prepared: Prepared = prepare(fit)
        self.parameters = self.prepared.parameters
        self.started = monotonic()
        self.searches = self.parameters.lambda_search
        self.plan = Plan(self.prepared)
        self.alphas, self.strengths = self.plan.alphas, self.plan.strengths
        self.max_iterations = self.plan.max_iterations
        self.path = Path()
        self.lines: list[Line] = []
        self.validates = fit.validation is not None
        self._values: list[float] = []
        self._alpha, self._strength = self.alphas[0], self.strengths[0]
        self.out_of_time = self._early = False
        self.fitter = Fitter(self.prepared.objective, self._start(), self.plan.tolerances, self._heard)
        self.model = self._new_model()

    # ---- where to start ----

    def _start(self) -> Floats:
        """Where to start: given values, a checkpoint's coefficients, or the null model."""
        prepared, p = self.prepared, self.parameters
        if p.startval is not None:
            return self._given_start(np.array(p.startval))
        checkpoint = self.fit.models.get("checkpoint")
        if isinstance(checkpoint, GLMModel) and checkpoint.beta.shape[1] == prepared.width + 1:
            return prepared.flat(checkpoint.beta)
        beta = prepared.null_beta.copy()
        starts = prepared.constraints.start
        if prepared.objective.size == len(starts) and not np.isnan(starts).all():
            scaled = starts * np.append(prepared.terms.scales, 1.0)
            beta = np.where(np.isnan(scaled), beta, scaled)
        return beta

    def _given_start(self, given: Floats) -> Floats:
        prepared = self.prepared
        classes = len(prepared.null_mean) if prepared.category in (Category.MULTINOMIAL, Category.ORDINAL) else 1
        expected = classes * (prepared.width + 1)
        if len(given) != expected:
            raise InvalidArgument(
                f"The 'startval' parameter must have {expected} values, one for each coefficient in the order "
                f"{', '.join([*prepared.terms.names, 'Intercept'][:20])}. Got {len(given)}."
            )
        if prepared.category is not Category.ORDINAL:
            return given
        table = given.reshape(classes, -1)
        return np.concatenate([table[0, :-1], table[:-1, -1]])

    def _new_model(self) -> GLMModel:
        prepared, p = self.prepared, self.parameters
        actual = {
            "family": prepared.family.name,
            "categorical_encoding": "OneHotInternal",
            "link": prepared.family.link,
            "solver": self.plan.solver,
            "alpha": list(self.alphas),
            "lambda": list(self.strengths),
            "max_iterations": self.max_iterations,
            "objective_epsilon": self.fitter.tolerances.objective,
            "lambda_min_ratio": self.plan.min_ratio,
            "obj_reg": prepared.per_row,
            "nlambdas": self.plan.n_strengths if self.searches else p.nlambdas,
        }
        details = new_details(self.fit, self.algorithm, prepared.category, actual, prepared.terms.inputs)
        if prepared.domain is not None:
            details.domains[-1] = list(prepared.domain)
        facts = Facts(
            prepared.null_mean,
            p.intercept,
            prepared.adjustment,
            without=tuple(p.control_variables or ()),
            without_offset=p.remove_offset_effects,
        )
        return GLMModel(
            details,
            prepared.terms,
            prepared.family,
            prepared.raw(self.fitter.beta),
            self.path,
            facts,
            centred=prepared.centred,
        )

    # ---- the path ----

    def run(self) -> GLMModel:
        """Fits everything, and finishes the model."""
        begin(self.fit, self.model.details)
        self.fit.context.progress(0.05, "Fitting")
        for warning in self.prepared.warnings:
            self._warn(warning)
        few = self.prepared.objective.size <= SMALL_SIZE
        with blas.threads(1 if few else self.fit.context.threads, self.fit.context.threads):
            self._estimate_dispersion_first()
            self._go_through()
        by_folds = self.parameters.by_folds
        if by_folds is not None and by_folds.chosen is not None:
            self.path.selected = min(by_folds.chosen, len(self.path.submodels) - 1)
        else:
            self.path.pick()
        self._tell_what_ended_it()
        return self.complete()

    def _start_from_optimum(self) -> None:
        """Goes to the best coefficients without constraints, and on from there."""
        p = self.parameters
        if p.linear_constraints and p.init_optimal_glm and p.startval is None:
            penalty = self.prepared.penalty(0.0, 0.0)
            free = np.where(penalty.low == penalty.high, penalty.low, np.inf)
            low = np.where(np.isfinite(free), free, -np.inf)
            unconstrained = replace(penalty, joint=None, low=low, high=free)
            self.fitter.fit(unconstrained, self.max_iterations)
            self.max_iterations += self.fitter.iterations

    def _go_through(self) -> None:
        self._start_from_optimum()
        start = self.fitter.beta.copy()
        old = [math.inf, math.inf]
        for number, alpha in enumerate(self.alphas):
            if number:
                self.fitter.restart(start, afresh=True)
            gains = [[0.0] * WATCHED, [0.0] * WATCHED]
            for position, strength in enumerate(self.strengths):
                if self._is_over() and self.path.submodels:
                    return
                if position and self.parameters.cold_start:
                    self.fitter.restart(start, afresh=True)
                if not self._fit_one(alpha, strength):
                    break
                last = self.path.submodels[-1]
                for which, deviance in enumerate((last.deviance_train, last.deviance_valid)):
                    gains[which][len(self.path.submodels) % WATCHED] = (
                        (old[which] - deviance) / old[which] if math.isfinite(old[which]) and old[which] else 1.0
                    )
                    old[which] = deviance
                if self.searches and self._path_ends(alpha, strength, gains, position):
                    break

    def _fit_one(self, alpha: float, strength: float) -> bool:
        """Adds the model of one penalty; False where it has too many coefficients."""
        self._alpha, self._strength = alpha, strength
        penalty = self.prepared.penalty(strength, alpha)
        if self.prepared.uses_limited_memory:
            fit_limited_memory(self.fitter, penalty, self.max_iterations)
        else:
            self.fitter.fit(penalty, self.max_iterations)
        beta = self.fitter.beta.copy()
        limit = self.parameters.max_active_predictors
        if self.searches and limit != -1 and np.count_nonzero(beta) > limit and self.path.submodels:
            return False
        deviance = 2 * self.fitter.evaluation().value / (self.prepared.per_row * self.prepared.rows.total)
        item = Submodel(alpha, strength, beta, self.fitter.iterations, deviance, self._validation_deviance(beta))
        self.path.submodels.append(item)
        if self.searches:
            self._tell_penalty(item)
        done = len(self.path.submodels) / (len(self.alphas) * len(self.strengths))
        self.fit.context.progress(0.05 + 0.8 * done, f"lambda {strength:.4g}")
        return True

    def extend(self, alpha: float, strength: float) -> None:
        """Adds a penalty behind the last one, for the comparison of folds."""
        self.out_of_time = False
        self.fitter.stopped = False
        self.fitter.restart(self.path.submodels[-1].beta)
        self.max_iterations = self.fitter.iterations + 100
        self._fit_one(alpha, strength)

    def _path_ends(self, alpha: float, strength: float, gains: list[list[float]], position: int) -> bool:
        p = self.parameters
        if not p.early_stopping or (p.by_folds is not None and p.by_folds.chosen is not None):
            return False
        if position < WATCHED or strength >= self.plan.strongest:
            return False
        if self.prepared.objective.is_quadratic and strength * (1 - alpha) > RIDGE_IN_THE_WAY:
            return False
        if max(gains[0]) < LEAST_GAIN:
            return True
        return self.validates and max(gains[1]) < 0

    def _validation_deviance(self, beta: Floats) -> float:
        """Mean deviance of the validation rows, if there are any."""
        if not self.validates:
            return math.nan
        return self._deviance_of_validation(beta)

    def _deviance_of_validation(self, beta: Floats) -> float:
        frame = self.fit.validation
        assert frame is not None
        self.model.beta = self.prepared.raw(beta)
        measured = self.model.scorer
        actual = measured.actual(frame)
        assert actual is not None
        raw = self.model.raw(frame)
        mass = measured.weights(frame)
        return mean_deviance(self.model, actual, raw, np.ones(len(actual)) if mass is None else mass)

    def _is_over(self) -> bool:
        if self.fit.budget.is_over:
            self.out_of_time = True
        return self.out_of_time or self._early or self.fitter.iterations >= self.max_iterations

    def _heard(self, iterate: Iterate) -> bool:
        """After each step: tells it, scores if that is due, and says whether to stop."""
        self.fit.context.check()
        if self.fit.budget.is_over:
            self.out_of_time = True
        if not self.searches:
            self._tell_iteration(iterate)
        return self.out_of_time or self._early

    # ---- histories ----

    def _scores_now(self, iteration: int) -> bool:
        p = self.parameters
        if p.score_each_iteration:
            return True
        if p.score_iteration_interval > 0:
            return iteration % p.score_iteration_interval == 0
        return self.plan.rule is not None

    def _tell_iteration(self, iterate: Iterate) -> None:
        p = self.parameters
        total = self.prepared.rows.total * self.prepared.per_row
        values: dict[str, Any] = {
            "negative_log_likelihood": iterate.value / self.prepared.per_row,
            "objective": iterate.objective,
        }
        if p.generate_scoring_history:
            values |= {"alpha": self._alpha, "lambda": self._strength, "deviance_train": 2 * iterate.value / total}
            if self.validates:
                values["deviance_test"] = self._deviance_of_validation(iterate.beta)
        line = Line(monotonic() - self.started, iterate.iteration, values)
        if self._scores_now(iterate.iteration):
            self.model.beta = self.prepared.raw(iterate.beta)
            line.training = self.model.score(self.fit.training)
            line.validation = None if self.fit.validation is None else self.model.score(self.fit.validation)
            line.variants = self._measured_variants()
            watched = line.validation or line.training
            if self.plan.rule is not None and watched is not None:
                self._values.append(float(getattr(watched, STOPPING_METRICS[self.plan.rule.metric].attribute)))
                self._early = self.plan.rule.should_stop(self._values)
        self.lines.append(line)

    def _tell_penalty(self, item: Submodel) -> None:
        values: dict[str, Any] = {
            "lambda": short(item.strength),
            "predictors": item.rank,
            "deviance_train": item.deviance_train,
            "alpha": item.alpha,
        }
        if self.validates:
            values["deviance_test"] = item.deviance_valid
        by_folds, number = self.parameters.by_folds, len(self.path.submodels) - 1
        if by_folds is not None and by_folds.chosen is not None:
            known = number < len(by_folds.deviances)
            values["deviance_xval"] = by_folds.deviances[number] if known else None
            values["deviance_se"] = by_folds.errors[number] if known else None
        self.lines.append(Line(monotonic() - self.started, item.iteration, values))

    def _history(self, variant: str | None = None) -> Table:
        """The history as it is told, of the model itself or of predictions that leave less out."""
        order = ["lambda", "predictors", "deviance_train", "deviance_test", "deviance_xval", "deviance_se", "alpha"]
        if not self.searches:
            order = ["negative_log_likelihood", "objective", "alpha", "lambda", "deviance_train", "deviance_test"]
        there = {name for line in self.lines for name in line.values}
        names = [name for name in order if name in there]
        lines = [of_variant(line, variant) for line in self.lines] if self.model.variants else self.lines
        return history_table(lines, names, self.prepared.category, search=self.searches, validates=self.validates)

    def _end_of_history(self, training: Metrics | None, validation: Metrics | None) -> None:
        """Puts the last metrics into the last line."""
        if not self.lines:
            total = self.fitter.evaluation().value
            values = {"negative_log_likelihood": total / self.prepared.per_row, "objective": total}
            self.lines.append(Line(monotonic() - self.started, self.fitter.iterations, dict(values)))
        last = self.lines[-1]
        if last.training is None or self.model.variants:
            last.training, last.validation = training, validation

    def _tell_what_ended_it(self) -> None:
        if self.out_of_time:
            penalties = f"{len(self.path.submodels)} of {len(self.alphas) * len(self.strengths)} penalties"
            self._warn(ended_early(self.fit, f"{self.fitter.iterations} iterations and {penalties}"))
        elif self.fitter.iterations >= self.max_iterations > 0:
            self._warn(f"Reached the limit of max_iterations, {self.max_iterations}, before it had converged.")

    def _warn(self, sentence: str) -> None:
        warn(self.fit, self.model.details, sentence)

    # ---- dispersion that the fit itself depends on ----

    def _estimate_dispersion_first(self) -> None:
        """theta of the negative binomial, and Tweedie's variance power, by turns with the coefficients."""
        p, prepared = self.parameters, self.prepared
        if p.dispersion_parameter_method != "ml" or p.fix_dispersion_parameter:
            return
        powers = prepared.family.name == "tweedie" and not p.fix_tweedie_variance_power
        if prepared.family.name != "negativebinomial" and not powers:
            return
        rows = prepared.rows
        mass = np.ones(rows.n) if rows.weights is None else rows.weights
        for _ in range(min(50, p.max_iterations_dispersion)):
            self.fit.context.check()
            quiet = Fitter(prepared.objective, self.fitter.beta, self.fitter.tolerances)
            quiet.fit(prepared.penalty(0.0, 0.0), 50)
            mean = prepared.family.mean(rows.linear(quiet.beta))
            before = prepared.family
            if powers:
                phi = maximum_likelihood(before, rows.actual, mean, mass, p)
                power = best_variance_power(rows.actual, mean, mass, phi, p)
                changed = abs(power - before.variance_power)
                prepared.family = replace(before, variance_power=power)
            else:
                theta = maximum_likelihood(before, rows.actual, mean, mass, p)
                changed = abs(theta - before.theta) / max(theta, 1e-10)
                prepared.family = replace(before, theta=theta)
            prepared.objective.family = prepared.family  # type: ignore[attr-defined]
            self.fitter.restart(quiet.beta, afresh=True)
            if changed < p.dispersion_epsilon:
                break
        self.model.family = prepared.family
        for name, value in (
            ("theta", prepared.family.theta),
            ("tweedie_variance_power", prepared.family.variance_power),
        ):
            self.model.details.parameters[name]["actual"] = value

    # ---- the end ----

    def complete(self) -> GLMModel:
        """Makes the model of the selected penalty: coefficients, what is inferred of them, tables, metrics."""
        model, prepared, fit = self.model, self.prepared, self.fit
        if not self.path.submodels:  # no iteration was allowed
            self.path.submodels.append(
                Submodel(self.alphas[0], self.strengths[0], prepared.null_beta.copy(), 0, math.nan)
            )
        best = self.path.best
        model.beta = prepared.raw(best.beta)
        inferred, dispersion = self._infer(best)
        model.facts.dispersion = dispersion.value
        if self.parameters.calc_like:
            model.facts.parameters = self._counted_parameters(best)
        if prepared.adjustment:
            model.beta[:, -1] += prepared.adjustment
        finish(fit, model, even_late=True)
        self._measure_variants()
        self._describe(inferred, dispersion)
        return model

    def _measure_variants(self) -> None:
        """Metrics of predictions that leave less out; labels are cut where those that leave nothing out are cut best."""
        model, fit = self.model, self.fit
        found = self._measured_variants()
        if not found:
            return
        for name, (training, validation) in found.items():
            model.variants[name] = {
                part: metrics.about(frame_id=key).to_dict()
                for part, metrics, key in (
                    ("training", training, fit.training_key),
                    ("validation", validation, fit.validation_key),
                )
                if metrics is not None
            }
        leading = found["all"][1] or found["all"][0]
        model.details.default_threshold = float(getattr(leading, "default_threshold", 0.5))
        if self.lines:
            self.lines[-1].variants = found

    def _measured_variants(self) -> dict[str, tuple[Metrics | None, Metrics | None]]:
        """Training and validation metrics of the present coefficients, by what predictions leave out less; see `GLMModel`."""
        model, facts, fit = self.model, self.model.facts, self.fit
        own = (facts.without, facts.without_offset)
        if own == ((), False):
            return {}
        wanted: dict[str, tuple[tuple[str, ...], bool]] = {"all": ((), False)}
        if facts.without and facts.without_offset:
            wanted |= {"controls": (facts.without, False), "offset": ((), True)}
        found = {}
        for name, (without, without_offset) in wanted.items():
            facts.without, facts.without_offset = without, without_offset
            validation = None if fit.validation is None else model.score(fit.validation)
            found[name] = (model.score(fit.training), validation)
        facts.without, facts.without_offset = own
        return found

    def _counted_parameters(self, best: Submodel) -> int:
        """How many parameters Akaike's criterion counts."""
        p, name = self.parameters, self.prepared.family.name
        count = self.prepared.width + 1 if self.strengths == (0.0,) and not self.searches else best.rank
        if self.prepared.category in (Category.MULTINOMIAL, Category.ORDINAL):
            count = best.rank
        if not p.fix_dispersion_parameter and name in ("gaussian", *DISPERSED):
            count += 1
        return count + (name == "tweedie" and not p.fix_tweedie_variance_power)

    def _infer(self, best: Submodel) -> tuple[Inferred | None, Dispersion]:
        p, prepared = self.parameters, self.prepared
        several = prepared.category in (Category.MULTINOMIAL, Category.ORDINAL)
        wanted = p.compute_p_values or p.influence is not None
        likely = p.calc_like and prepared.family.name in ("gaussian", *DISPERSED)
        if several or not (wanted or likely):
            fixed = p.fix_dispersion_parameter and prepared.family.name in DISPERSED
            return None, Dispersion(p.init_dispersion_parameter if fixed else 0.0, False)
        linear = prepared.rows.linear(best.beta)
        dispersion = dispersion_of(prepared, linear)
        if not wanted:
            return None, dispersion
        unscaled, places = covariance(prepared, best.beta, linear)
        raw = prepared.raw(best.beta)[0]
        inferred = infer(raw, unscaled, places, dispersion, prepared.rows.n - best.rank)
        best.z, best.dispersion_estimated = inferred.z, dispersion.estimated
        for item in self.path.submodels:
            if item is not best:
                infer_beside(prepared, item)
        if p.influence is not None:
            key = f"{self.fit.key}_influence"
            self.model.extra_frames[key] = dfbetas(prepared, raw, unscaled, inferred.errors, places)
            self.model.details.extra["regression_influence_diagnostics"] = key
        return inferred, dispersion

    def _describe(self, inferred: Inferred | None, dispersion: Dispersion) -> None:
        model, details, p = self.model, self.model.details, self.parameters
        inflation = inflation_factors(self.prepared.rows) if p.generate_variable_inflation_factors else None
        details.extra |= coefficient_tables(model, inferred, inflation)
        best = self.path.best
        several = len(self.path.submodels) > 1
        one_error = p.by_folds.one_error if p.by_folds is not None else -1.0
        details.extra |= {
            "lambda_best": best.strength,
            "alpha_best": best.alpha,
            "best_submodel_index": self.path.selected,
            "lambda_1se": one_error,
            "lambda_min": self.strengths[-1] if self.searches else -1.0,
            "lambda_max": self.strengths[0] if self.searches else -1.0,
            "dispersion": dispersion.value,
        }
        if self.prepared.sums is not None:
            table, states, hold = self.prepared.sums.table(self.prepared.raw(best.beta)[0], self.prepared.constraints)
            details.extra |= {
                "linear_constraints_table": table.to_dict(),
                "linear_constraint_states": states,
                "all_constraints_satisfied": hold,
            }
        details.variable_importances = importances(model)
        search = None
        if self.searches:
            search = (
                f"nlambda = {self.plan.n_strengths}, lambda.max = {self.strengths[0]:.4g}, lambda.min = {best.strength:.4g}, "
                f"lambda.1se = {one_error:.4g}"
            )
        iterations = best.iteration if several else self.fitter.iterations
        details.model_summary = summary_table(model, self.fit.training_key, search, iterations)
        training, validation = (_metrics(values) for values in (details.training_metrics, details.validation_metrics))
        self._end_of_history(training, validation)
        details.scoring_history = self._history()
        for name, measured in model.variants.items():
            measured["history"] = self._history(name).to_dict()
        if model.variants:
            details.extra["scoring_history_unrestricted_model"] = model.variants["all"]["history"]


def _metrics(values: dict[str, Any] | None) -> Metrics | None:
    from artesian.learn.metrics import metrics_from_dict

    return None if values is None else metrics_from_dict(values)


def mean_deviance(model: GLMModel, actual: Floats, raw: Floats, weights: Floats) -> float:
    """Mean deviance of predictions of rows whose response is there."""
    there = ~np.isnan(actual) & (weights > 0)
    there &= ~np.isnan(raw) if raw.ndim == 1 else ~np.isnan(raw).any(axis=1)
    y, w = actual[there], weights[there]
    if not len(y):
        return math.nan
    if model.is_several:
        codes = y.astype(np.int64)
        known = codes < raw.shape[1]
        p = raw[there][known][np.arange(int(known.sum())), codes[known]]
        return float(-2 * w[known] @ np.log(np.maximum(p, 1e-15)) / w[known].sum())
    mean = raw[there][:, 1] if raw.ndim == 2 else raw[there]
    return float(w @ model.family.deviances(y, mean) / w.sum())
