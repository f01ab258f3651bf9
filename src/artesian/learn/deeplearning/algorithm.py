"""Deep Learning as an algorithm: what its parameters must fulfil together, and how one network is set up and trained."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, ClassVar

from artesian.core.clock import monotonic
from artesian.core.errors import Problem
from artesian.learn.base.algorithm import Algorithm, Fit, Situation
from artesian.learn.base.details import Category
from artesian.learn.base.model import Model
from artesian.learn.deeplearning.checks import check_declared, check_situation
from artesian.learn.deeplearning.model import DeepLearningModel
from artesian.learn.deeplearning.parameters import DeepLearningParameters
from artesian.learn.deeplearning.plan import Plan
from artesian.learn.deeplearning.setting_up import SetUp
from artesian.learn.deeplearning.tabular.model import RECIPE
from artesian.learn.deeplearning.tabular.setting_up import TabularSetUp


class DeepLearning(Algorithm):
    """Fully connected networks, trained row by row or in small batches."""

    name: ClassVar[str] = "deeplearning"
    title: ClassVar[str] = "Deep Learning"
    called: ClassVar[str] = "DeepLearning"
    parameters = DeepLearningParameters
    model: ClassVar[type[Model]] = DeepLearningModel
    categories: ClassVar[tuple[Category, ...]] = (
        Category.REGRESSION,
        Category.BINOMIAL,
        Category.MULTINOMIAL,
        Category.AUTOENCODER,
    )

    @classmethod
    def is_supervised(cls, values: Mapping[str, Any]) -> bool:
        """An autoencoder has no response."""
        return not values["autoencoder"]

    @classmethod
    def can_end_early(cls, parameters: Any) -> bool:
        """After any of its iterations."""
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
        cls, parameters: DeepLearningParameters, folds: Sequence[Model]
    ) -> tuple[DeepLearningParameters, list[str]]:
        """Epochs are the mean of what the folds took, early stopping is off; only if something could end a fold early.

        `overwrite_with_best_model` is off in any case: no held-out rows are left to choose by. The recipe tabular holds
        out rows of its own, and trains as before.
        """
        if parameters.recipe == RECIPE:
            return parameters, []
        parameters = dataclasses.replace(parameters, overwrite_with_best_model=False)
        if parameters.stopping_rounds == 0 and parameters.max_runtime_secs == 0:
            return parameters, []
        epochs = [model.progress["epochs"] for model in folds if isinstance(model, DeepLearningModel)]
        mean = sum(epochs) / len(epochs)
        changed = dataclasses.replace(parameters, epochs=mean, stopping_rounds=0)
        if parameters.quiet_mode or mean == parameters.epochs:
            return changed, []
        return changed, [
            f"The main model trains for {mean:.4g} epochs, the mean of the {len(epochs)} folds, without early stopping."
        ]

    @classmethod
    def fit(cls, fit: Fit) -> Model:
        """Sets a network up and trains it."""
        started = monotonic()
        parameters: DeepLearningParameters = fit.parameters
        category = Category.AUTOENCODER if parameters.autoencoder else fit.roles.category
        assert category is not None  # validation refuses a response that nothing can be predicted of
        fit.context.progress(0.0, "Preparing the rows")
        set_up = TabularSetUp if parameters.recipe == RECIPE else SetUp
        trainer = set_up(cls, fit, Plan.of(parameters, category), started).trainer()
        trainer.run()
        return trainer.model
