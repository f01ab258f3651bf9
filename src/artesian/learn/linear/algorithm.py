"""Generalised linear models as an algorithm."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any, ClassVar

from artesian.core.errors import Problem
from artesian.learn.base.algorithm import Algorithm, Fit, Situation
from artesian.learn.base.details import Category
from artesian.learn.base.model import Model
from artesian.learn.linear.checks import check_declared, check_situation
from artesian.learn.linear.choosing import choose
from artesian.learn.linear.model import GLMModel
from artesian.learn.linear.parameters import ByFolds, GLMParameters
from artesian.learn.linear.setting_up import has_all_levels
from artesian.learn.linear.training import Trainer


class GLM(Algorithm):
    """Generalised linear models with elastic-net penalties."""

    name: ClassVar[str] = "glm"
    title: ClassVar[str] = "Generalized Linear Modeling"
    called: ClassVar[str] = "GLM"
    parameters = GLMParameters
    model: ClassVar[type[Model]] = GLMModel
    categories: ClassVar[tuple[Category, ...]] = (
        Category.REGRESSION,
        Category.BINOMIAL,
        Category.MULTINOMIAL,
        Category.ORDINAL,
    )

    @classmethod
    def can_end_early(cls, parameters: Any) -> bool:
        """After any iteration, with the penalties that are through."""
        return True

    @classmethod
    def check_declared(cls, values: Mapping[str, Any]) -> Iterator[Problem]:
        """See `checks`."""
        yield from check_declared(values)

    @classmethod
    def check(cls, situation: Situation) -> Iterator[Problem]:
        """See `checks`."""
        yield from check_situation(situation)

    @classmethod
    def fold_parameters(cls, fit: Fit) -> GLMParameters:
        """All folds go through the lambdas that all rows lead to."""
        trainer = Trainer(cls, fit)
        parameters: GLMParameters = fit.parameters
        return replace(parameters, by_folds=ByFolds(trainer.strengths, has_all_levels(parameters)))

    @classmethod
    def main_parameters(cls, parameters: GLMParameters, folds: Sequence[Model]) -> tuple[GLMParameters, list[str]]:
        """The alpha and lambda of the least mean deviance of held-out rows; see `choosing`."""
        models = [fold for fold in folds if isinstance(fold, GLMModel)]
        return choose(parameters, models), []

    @classmethod
    def fit(cls, fit: Fit) -> Model:
        """Trains one model, or the path of one."""
        trainer = Trainer(cls, fit)
        model = trainer.run()
        if fit.fold is not None:
            model.trainer = trainer
        return model
