"""XGBoost as an algorithm. It is registered where the xgboost library is installed, and not listed elsewhere."""

from __future__ import annotations

import dataclasses
import importlib.util
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, ClassVar

from artesian.core.clock import monotonic
from artesian.core.errors import Problem
from artesian.learn.base.algorithm import Algorithm, Fit, Situation
from artesian.learn.base.details import Category
from artesian.learn.base.model import Model
from artesian.learn.xgboost.checks import check_declared, check_situation
from artesian.learn.xgboost.model import XGBoostModel
from artesian.learn.xgboost.parameters import XGBoostParameters
from artesian.learn.xgboost.plan import Plan

IS_INSTALLED = importlib.util.find_spec("xgboost") is not None


class XGBoost(Algorithm):
    """Boosted trees, or boosted linear models, by the xgboost library."""

    _abstract = not IS_INSTALLED
    name: ClassVar[str] = "xgboost"
    title: ClassVar[str] = "XGBoost"
    called: ClassVar[str] = "XGBoost"
    parameters = XGBoostParameters
    model: ClassVar[type[Model]] = XGBoostModel
    categories: ClassVar[tuple[Category, ...]] = (Category.REGRESSION, Category.BINOMIAL, Category.MULTINOMIAL)

    @classmethod
    def can_end_early(cls, parameters: Any) -> bool:
        """After any round of trees."""
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
    def main_parameters(
        cls, parameters: XGBoostParameters, folds: Sequence[Model]
    ) -> tuple[XGBoostParameters, list[str]]:
        """Rounds are the mean of what the folds took, early stopping is off; only if something could end a fold early."""
        if parameters.stopping_rounds == 0 and parameters.max_runtime_secs == 0:
            return parameters, []
        counts = [model.progress["trees"] for model in folds if isinstance(model, XGBoostModel)]
        mean = max(1, sum(counts) // len(counts))
        changed = dataclasses.replace(parameters, ntrees=mean, stopping_rounds=0)
        if mean == parameters.ntrees:
            return changed, []
        return changed, [
            f"The main model has {mean} rounds, the mean of the {len(counts)} folds, without early stopping."
        ]

    @classmethod
    def fit(cls, fit: Fit) -> Model:
        """Sets a booster up and trains it."""
        from artesian.learn.xgboost.setting_up import SetUp

        started = monotonic()
        category = fit.roles.category
        assert category is not None  # validation refuses a response that nothing can be predicted of
        fit.context.progress(0.0, "Preparing the rows")
        trainer = SetUp(cls, fit, Plan(fit.parameters, category), started).trainer()
        trainer.run()
        return trainer.model
