"""From parameters and frames to a tabular training that is ready to run."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from artesian.learn.base.algorithm import Algorithm, Fit
from artesian.learn.base.balancing import generator
from artesian.learn.base.building import new_details
from artesian.learn.base.details import Category, ModelDetails
from artesian.learn.base.scoring import Scorer
from artesian.learn.deeplearning.plan import Plan
from artesian.learn.deeplearning.response import AmountScale
from artesian.learn.deeplearning.sampling import scored_rows
from artesian.learn.deeplearning.scored import described
from artesian.learn.deeplearning.setting_up import SetUp
from artesian.learn.deeplearning.tabular.inputs import Inputs, TabularInputs
from artesian.learn.deeplearning.tabular.member import Member, Targets
from artesian.learn.deeplearning.tabular.model import TabularModel
from artesian.learn.deeplearning.tabular.network import TabularNetwork
from artesian.learn.deeplearning.tabular.recipe import Recipe
from artesian.learn.deeplearning.tabular.rows import HeldOut, deal
from artesian.learn.deeplearning.tabular.training import TabularTrainer

Floats = NDArray[np.float64]
_FOLDS, _MEMBER = 0x7A, 0x7B


class TabularSetUp:
    """Prepares one training. All that it keeps of rows is of those that are learnt from, in the frame's order."""

    def __init__(self, algorithm: type[Algorithm], fit: Fit, plan: Plan, started: float) -> None:
        self.algorithm, self.fit, self.plan, self.started = algorithm, fit, plan, started
        found = SetUp(algorithm, fit, plan, started)
        self.eligible = found.eligible
        assert found.response is not None  # validation refuses autoencoders
        self.actual: Floats = found.response[self.eligible]
        self.weights = None if found.weights is None else found.weights[self.eligible]
        self.fit.context.check()
        self.columns = TabularInputs.fit(fit.training, fit.roles.predictors, self.eligible)
        self.inputs: Inputs = self.columns.transform(fit.training).rows(self.eligible)

    def trainer(self) -> TabularTrainer:
        """The trainer, ready to run."""
        details = new_details(self.fit, self.algorithm, self.plan.category, {}, self.columns.described)
        classes = len(details.response_domain)
        validation, scored_validation = self._validation(details, classes)
        recipe = Recipe.of(
            self.plan.parameters, self.plan.category, len(self.eligible), validated=validation is not None
        )
        for name, value in {**self.plan.actual(), **recipe.actual()}.items():
            details.parameters[name]["actual"] = list(value) if isinstance(value, tuple) else value
        amounts = self._amounts()
        model = TabularModel(details, self.columns, self._network(recipe, classes), [], amounts, self._bounds(amounts))
        members = self._members(model, recipe, validation)
        model.members = [member.weights for member in members]
        chosen = scored_rows(np.arange(len(self.eligible)), self.plan.parameters.score_training_samples, self.fit.seed)
        everything = HeldOut(self.inputs, self.actual, self.weights)
        rows = 0 if scored_validation is None else len(scored_validation.actual)
        return TabularTrainer(
            self.fit,
            self.plan,
            recipe,
            model,
            members,
            (self.inputs, self._targets(amounts, recipe)),
            everything.some(chosen),
            scored_validation,
            (described("training", len(chosen), len(self.eligible)), described("validation", rows, rows)),
            self.started,
        )

    # ---- parts ----

    def _validation(self, details: ModelDetails, classes: int) -> tuple[HeldOut | None, HeldOut | None]:
        """The rows of the validation frame that epochs can be compared on, and all of them."""
        frame = self.fit.validation
        if frame is None:
            return None, None
        scorer = Scorer.of(details)
        actual = scorer.actual(frame)
        if actual is None:
            return None, None
        rows = HeldOut(self.columns.transform(frame), actual, scorer.weights(frame), scorer.domain_with(frame))
        return rows.usable(classes), rows

    def _amounts(self) -> AmountScale | None:
        if self.plan.is_classification:
            return None
        return AmountScale.fit(self.actual, self.weights, None, "gaussian", standardize=True)

    def _bounds(self, amounts: AmountScale | None) -> tuple[float, float] | None:
        return None if amounts is None else (float(self.actual.min()), float(self.actual.max()))

    def _network(self, recipe: Recipe, classes: int) -> TabularNetwork:
        return TabularNetwork(
            n_numbers=len(self.columns.numbers),
            n_plain=self.columns.n_plain,
            cards=self.columns.cards,
            hidden=recipe.hidden,
            n_outputs=max(1, classes),
            is_mish=self.plan.category is Category.REGRESSION,
            numeric_embeddings=recipe.numeric_embeddings,
        )

    def _targets(self, amounts: AmountScale | None, recipe: Recipe) -> Targets:
        values = self.actual.astype(np.int64) if amounts is None else amounts.targets(self.actual)
        weights = None
        if self.weights is not None and not (self.weights == self.weights[0]).all():
            weights = (self.weights / self.weights.mean()).astype(np.float32)
        return Targets(values, weights, recipe.label_smoothing)

    def _members(self, model: TabularModel, recipe: Recipe, validation: HeldOut | None) -> list[Member]:
        """The networks, each with its rows and those that its epochs are compared on."""
        folds = None
        if validation is None and self.plan.keeps_best:
            folds = deal(self.actual, recipe.members, generator(self.fit.seed, _FOLDS))
        everything = HeldOut(self.inputs, self.actual, self.weights)
        members: list[Member] = []
        for number in range(recipe.members):
            rows = np.arange(len(self.eligible), dtype=np.int64)
            held_out = validation if self.plan.keeps_best else None
            if folds is not None:
                held_out = everything.some(rows[folds == number])
                rows = rows[folds != number]
            random = generator(self.fit.seed, _MEMBER, number)
            members.append(Member(model.network, self.inputs, rows, held_out, random))
        return members
