"""The tree algorithms: gradient boosting, random forest, decision tree."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, ClassVar

from artesian.core.clock import monotonic
from artesian.core.errors import Problem
from artesian.learn.base.algorithm import Algorithm, Fit, Situation
from artesian.learn.base.calibration import Calibration, actual_method
from artesian.learn.base.checks import error
from artesian.learn.base.details import Category
from artesian.learn.base.model import Model
from artesian.learn.trees import checks
from artesian.learn.trees.bagging import Bagger
from artesian.learn.trees.boosting import Booster
from artesian.learn.trees.decision_tree import grow
from artesian.learn.trees.model import BoostingModel, DecisionTreeModel, ForestModel, TreesModel
from artesian.learn.trees.parameters import (
    BoostingParameters,
    DecisionTreeParameters,
    ForestParameters,
    TreesParameters,
)
from artesian.learn.trees.plan import Plan
from artesian.learn.trees.setting_up import SetUp
from artesian.learn.trees.training import Trainer

_CATEGORIES = (Category.REGRESSION, Category.BINOMIAL, Category.MULTINOMIAL)


class _Trees(Algorithm):
    """What boosting and forests share."""

    _abstract = True
    categories: ClassVar[tuple[Category, ...]] = _CATEGORIES
    trainer: ClassVar[type[Trainer]]
    trees_model: ClassVar[type[TreesModel]]

    @classmethod
    def can_end_early(cls, parameters: Any) -> bool:
        """After any round of trees."""
        return True

    @classmethod
    def check_declared(cls, values: Mapping[str, Any]) -> Iterator[Problem]:
        """See `checks`."""
        yield from checks.check_declared(values)

    @classmethod
    def main_parameters(cls, parameters: TreesParameters, folds: Sequence[Model]) -> tuple[TreesParameters, list[str]]:
        """Trees are the mean of what the folds took, early stopping is off; only if something could end a fold early."""
        if parameters.stopping_rounds == 0 and parameters.max_runtime_secs == 0:
            return parameters, []
        counts = [model.n_rounds for model in folds if isinstance(model, TreesModel)]
        mean = max(1, int(sum(counts) / len(counts)))
        changed = dataclasses.replace(parameters, ntrees=mean, stopping_rounds=0)
        if mean == parameters.ntrees:
            return changed, []
        return changed, [
            f"The main model has {mean} trees, the mean of the {len(counts)} folds, and does not stop early."
        ]

    @classmethod
    def fit(cls, fit: Fit) -> Model:
        """Grows the trees, then learns the calibration."""
        started = monotonic()
        assert fit.roles.category is not None  # validation refuses a response that nothing can be predicted of
        fit.context.progress(0.0, "Preparing the rows")
        plan = Plan(fit.parameters, fit.roles.category)
        model, rows, validation = SetUp(cls, fit, plan, cls.trees_model).prepare()
        cls.trainer(fit, plan, model, rows, validation, started).run()
        method, frame = actual_method(fit.parameters), fit.frames.get("calibration_frame")
        if method is not None and frame is not None and fit.fold is None:
            model.calibration = Calibration.learn(method, model, frame, threads=fit.context.threads)
        return model


class GradientBoosting(_Trees):
    """Trees that each correct what the ones before them still get wrong, added up (Friedman 1999)."""

    name: ClassVar[str] = "gbm"
    title: ClassVar[str] = "Gradient Boosting Machine"
    called: ClassVar[str] = "GBM"
    parameters = BoostingParameters
    model: ClassVar[type[Model]] = BoostingModel
    categories: ClassVar[tuple[Category, ...]] = _CATEGORIES
    trainer = Booster
    trees_model = BoostingModel

    @classmethod
    def check_declared(cls, values: Mapping[str, Any]) -> Iterator[Problem]:
        """See `checks`."""
        yield from checks.check_declared(values)
        yield from checks.check_code(values)

    @classmethod
    def check(cls, situation: Situation) -> Iterator[Problem]:
        """See `checks`."""
        yield from checks.check_situation(situation)
        yield from checks.check_boosting(situation)


class RandomForest(_Trees):
    """Deep trees on random rows and columns, averaged (Breiman 2001); with histogram_type Random extremely random ones."""

    name: ClassVar[str] = "drf"
    title: ClassVar[str] = "Distributed Random Forest"
    called: ClassVar[str] = "DRF"
    parameters = ForestParameters
    model: ClassVar[type[Model]] = ForestModel
    categories: ClassVar[tuple[Category, ...]] = _CATEGORIES
    trainer = Bagger
    trees_model = ForestModel

    @classmethod
    def check(cls, situation: Situation) -> Iterator[Problem]:
        """See `checks`."""
        yield from checks.check_situation(situation)
        yield from checks.check_forest(situation)


class DecisionTree(Algorithm):
    """A single tree of two classes."""

    name: ClassVar[str] = "dt"
    title: ClassVar[str] = "Decision Tree"
    called: ClassVar[str] = "DT"
    parameters = DecisionTreeParameters
    model: ClassVar[type[Model]] = DecisionTreeModel
    categories: ClassVar[tuple[Category, ...]] = (Category.BINOMIAL,)

    @classmethod
    def check(cls, situation: Situation) -> Iterator[Problem]:
        """Two classes are what it predicts."""
        category, name = situation.roles.category, situation.roles.response
        if category is Category.REGRESSION:
            yield error(
                "response_column",
                f"Only categorical response is supported by a decision tree. Make '{name}' one with asfactor().",
            )
        elif category is not None and category is not Category.BINOMIAL:
            levels = situation.training[str(name)].cardinality
            yield error(
                "response_column",
                f"Only binary response is supported by a decision tree; '{name}' has {levels} classes. Use drf or gbm.",
            )

    @classmethod
    def fit(cls, fit: Fit) -> Model:
        """Grows the tree."""
        fit.context.progress(0.0, "Preparing the rows")
        return grow(cls, fit)
