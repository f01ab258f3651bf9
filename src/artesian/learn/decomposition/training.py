"""Trains decompositions: the matrix of the rows that count, singular vectors by the method asked for, and the tables."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np
import polars as pl

from artesian.core.clock import monotonic
from artesian.core.errors import InvalidArgument, Problem
from artesian.core.ids import new_key
from artesian.frame import Column, Frame
from artesian.learn.base.algorithm import Algorithm, Fit, Situation
from artesian.learn.base.building import new_details
from artesian.learn.base.details import Category, ModelDetails
from artesian.learn.base.finishing import begin, ended_early, finish, warn
from artesian.learn.decomposition.expansion import Expansion
from artesian.learn.decomposition.model import PrincipalComponentModel, SingularValueModel
from artesian.learn.decomposition.products import Matrix
from artesian.learn.decomposition.solvers import Solution, by_gram, by_power, by_subspace
from artesian.learn.decomposition.tables import history_table, importance_table, rotation_table, singular_value_table

_MASK = 2**64 - 1
_STREAM = 0x5644
_HISTORIES = {
    "Power": ("Scoring History from Power SVD", "err"),
    "Randomized": ("Scoring History from Randomized SVD", "average_see"),
}


def n_inputs(situation: Situation) -> int:
    """How many inputs the predictors make."""
    drop = 0 if situation.values["use_all_factor_levels"] else 1
    frame, total = situation.training, 0
    for name in situation.roles.predictors:
        total += 1 if frame[name].domain is None else max(0, frame[name].cardinality - drop)
    return total


def check_size(situation: Situation, name: str) -> Iterator[Problem]:
    """Findings about the number of components, the parameter `name`."""
    if not situation.roles.predictors:
        return
    inputs, wanted = n_inputs(situation), situation.values[name]
    if inputs == 0:
        sentence = "The predictors make no inputs: each has one level only. Set use_all_factor_levels to True."
        yield Problem("error", "use_all_factor_levels", sentence)
        return
    most = min(inputs, situation.training.n_rows) if name == "k" else inputs
    if wanted > most:
        what = "inputs and of rows" if name == "k" else "inputs"
        sentence = f"The '{name}' parameter must be at most the number of {what}, {most}. Got {wanted}."
        yield Problem("error", name, sentence)
    elif wanted < 1:
        yield Problem("warning", name, f"The '{name}' parameter is set to {most}, the most that there can be.")


class Training:
    """One fit of either algorithm; `count` is the number of components."""

    def __init__(self, algorithm: type[Algorithm], fit: Fit, method: str, count: int, *, imputes: bool) -> None:
        self.fit, self.method, self.algorithm = fit, method, algorithm
        self.started = monotonic()
        p = fit.parameters
        self.expansion = Expansion.fit(
            fit.training, fit.roles.predictors, p.transform, all_levels=p.use_all_factor_levels
        )
        self.imputes = imputes
        self.count = count

    def details(self, actual: dict[str, Any]) -> ModelDetails:
        """The details of the model, shown as running."""
        # names stay in the order of the frame, the inputs are in one of their own
        columns = self.expansion.columns
        inputs = columns.inputs(self.fit.roles.predictors)
        details = new_details(self.fit, self.algorithm, Category.DIM_REDUCTION, actual, inputs)
        begin(self.fit, details)
        return details

    def matrix(self) -> Matrix:
        """The rows that are learnt from."""
        self.fit.context.check()
        self.fit.context.progress(0.05, "Preparing the rows")
        return Matrix(self.fit.training, self.expansion, imputes=self.imputes, check=self.fit.context.check)

    def solve(self, matrix: Matrix, details: ModelDetails) -> Solution:
        """Singular vectors by the method asked for, with its history and warnings in the details."""
        fit, p = self.fit, self.fit.parameters
        fit.context.progress(0.1, "Decomposing")
        random = np.random.default_rng([fit.seed & _MASK, _STREAM])
        if self.method == "GramSVD":
            by_values = getattr(p, "pca_impl", None) in ("MTJ_SVD_DENSEMATRIX", "JAMA")
            return by_gram(matrix, self.count, by_singular_values=by_values, random=random)
        solver = by_power if self.method == "Power" else by_subspace
        found = solver(
            matrix,
            self.count,
            max_iterations=p.max_iterations,
            random=random,
            is_over=lambda: fit.budget.is_over,
            told=lambda share: fit.context.progress(0.1 + 0.7 * share),
        )
        title, measure = _HISTORIES[self.method]
        details.scoring_history = history_table(title, self.started, found.steps, measure)
        if found.cut_short:
            warn(self.fit, details, ended_early(self.fit))
        elif not found.converged:
            warn(
                self.fit,
                details,
                f"The method {self.method} had not converged after max_iterations ({p.max_iterations}). Raise it, or use GramSVD.",
            )
        return found


def train_components(algorithm: type[Algorithm], fit: Fit) -> PrincipalComponentModel:
    """Principal components."""
    p = fit.parameters
    training = Training(algorithm, fit, p.pca_method, p.k, imputes=p.impute_missing)
    if p.k < 1:
        training.count = min(training.expansion.width, fit.training.n_rows)
    details = training.details({"k": training.count})
    matrix = training.matrix()
    if not p.impute_missing and matrix.n_rows < fit.training.n_rows:
        left_out = fit.training.n_rows - matrix.n_rows
        warn(
            training.fit,
            details,
            f"{left_out} rows with missing values are not learnt from; impute_missing keeps them.",
        )
    if matrix.n_rows < training.count:
        raise InvalidArgument(
            f"Only {matrix.n_rows} rows miss no value, which is fewer than k = {training.count}. Set impute_missing to True, or "
            "lower k."
        )
    found = training.solve(matrix, details)
    freedom = max(1, matrix.n_rows - 1)
    deviations = np.sqrt(found.squares / freedom)
    importance = importance_table(deviations, matrix.squares() / freedom)
    details.extra["importance"] = details.extra["eigenvectors"] = None
    details.extra["importance"] = importance.to_dict()
    details.extra["eigenvectors"] = rotation_table(training.expansion.names, found.vectors).to_dict()
    details.extra["objective"] = 0.0
    details.model_summary = importance
    if details.scoring_history is None:
        details.scoring_history = history_table("Scoring History for GramSVD", training.started, [], "")
    details.parameters["k"]["actual"] = found.vectors.shape[1]
    model = PrincipalComponentModel(details, training.expansion, found.vectors)
    finish(fit, model, training_metrics=p.compute_metrics)
    return model


def train_singular_values(algorithm: type[Algorithm], fit: Fit) -> SingularValueModel:
    """A singular value decomposition, with its left and right vectors as frames."""
    p = fit.parameters
    training = Training(algorithm, fit, p.svd_method, p.nv, imputes=False)
    details = training.details({})
    matrix = training.matrix()
    if matrix.n_rows < fit.training.n_rows:
        left_out = fit.training.n_rows - matrix.n_rows
        warn(training.fit, details, f"{left_out} rows with missing values are left out; fill them in to keep them.")
    found = training.solve(matrix, details)
    values = np.sqrt(found.squares)
    model = SingularValueModel(details, training.expansion, found.vectors)
    v_key = new_key("SVDVMatrix")
    model.own_frames[v_key] = _numbered(found.vectors)
    details.extra |= {"d": values.tolist(), "v_key": v_key, "u_key": None}
    if p.keep_u:
        u_key = p.u_name or new_key("SVDUMatrix")
        inverse = np.divide(1.0, values, out=np.zeros_like(values), where=values > 1e-12 * max(values.max(), 1e-300))
        model.own_frames[u_key] = _numbered(matrix.times(found.vectors * inverse))
        details.extra["u_key"] = u_key
    details.model_summary = singular_value_table(values)
    details.parameters["nv"]["actual"] = found.vectors.shape[1]
    finish(fit, model, training_metrics=False)
    return model


def _numbered(values: Any) -> Frame:
    """A frame of columns C1, C2 …."""
    names = [f"C{i + 1}" for i in range(values.shape[1])]
    return Frame(
        names, [Column.reals(pl.Series(np.ascontiguousarray(values[:, i]))) for i in range(len(names))], len(values)
    )
