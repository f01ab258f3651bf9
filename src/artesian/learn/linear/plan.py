"""What parameters and rows come to before anything is fitted: alphas, lambdas, limits, how to stop."""

from __future__ import annotations

from typing import Final

import numpy as np

from artesian.learn.base.early_stopping import StoppingRule
from artesian.learn.linear.fitting import Tolerances
from artesian.learn.linear.setting_up import Prepared, is_unpenalised

SOLVED_BY: Final = {"AUTO": "IRLSM"}


class Plan:
    """The plan of one training. `strongest` is the least lambda that leaves no input."""

    def __init__(self, prepared: Prepared) -> None:
        self.prepared, self.parameters = prepared, prepared.parameters
        self.alphas = self._alphas()
        self.strengths, self.strongest = self._strengths()
        self.max_iterations = self._max_iterations()
        self.rule = self._stopping_rule()

    @property
    def tolerances(self) -> Tolerances:
        """When a fit has converged."""
        p = self.parameters
        objective = p.objective_epsilon
        if objective == -1:
            objective = 1e-6 if self.strengths[0] > 0 else 1e-9
        gradient = 0.0 if p.gradient_epsilon == -1 else p.gradient_epsilon
        return Tolerances(p.beta_epsilon, objective, gradient, p.lambda_search)

    def _alphas(self) -> tuple[float, ...]:
        return tuple(self.parameters.alpha or (0.0 if self.parameters.solver == "L_BFGS" else 0.5,))

    def _strengths(self) -> tuple[tuple[float, ...], float]:
        """The lambdas to go through and the least that leaves no input."""
        p = self.parameters
        strongest = self.prepared.strongest(self.alphas[0])
        if p.by_folds is not None:
            return p.by_folds.strengths, strongest
        if p.lambda_:
            return tuple(p.lambda_), strongest
        if is_unpenalised(p):
            return (0.0,), strongest
        ratio = self.min_ratio / max(1.0, self.prepared.spread)
        if not self.parameters.lambda_search:
            return (10 * ratio * strongest,), strongest
        count = self.n_strengths
        steps = ratio ** (np.arange(count) / max(1, count - 1))
        return tuple(float(value) for value in strongest * steps), strongest

    @property
    def n_strengths(self) -> int:
        """Number of penalties of a search."""
        given = self.parameters.nlambdas
        return given if given != -1 else 30 if self.alphas[0] == 0 else 100

    @property
    def min_ratio(self) -> float:
        """The weakest penalty of a search over the strongest."""
        given = self.parameters.lambda_min_ratio
        if given != -1:
            return given
        ratio = 1e-4 if self.prepared.rows.n // 16 > self.prepared.width else 1e-2
        return ratio * 1e-2 if self.alphas[0] == 0 else ratio

    def _max_iterations(self) -> int:
        given = self.parameters.max_iterations
        if given != -1:
            return given
        several = len(self.alphas) * len(self.strengths)
        if self.prepared.uses_limited_memory:
            return max(200, self.prepared.objective.size // 4) * several
        return 10 * max(self.n_strengths, several) if self.parameters.lambda_search else 50 * several

    @property
    def solver(self) -> str:
        """The solver as it is told."""
        given = self.parameters.solver
        if given == "AUTO" and self.prepared.uses_limited_memory:
            return "L_BFGS"
        return SOLVED_BY.get(given, given)

    def _stopping_rule(self) -> StoppingRule | None:
        p = self.parameters
        if not p.stopping_rounds or self.parameters.lambda_search:
            return None
        return StoppingRule.of(p, self.prepared.category)
