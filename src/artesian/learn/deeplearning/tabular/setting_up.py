"""From parameters and frames to a tabular training that is ready to run."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from artesian.core.errors import InvalidArgument
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
from artesian.learn.deeplearning.tabular.recipe import MEMBERS, MEMBERS_OF_FOLD, MEMBERS_VALIDATED, Recipe
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
        recipe = self._recipe(validation is not None)
        p = self.plan.parameters
        settled = {**self.plan.actual(), **recipe.actual(), "categorical_encoding": p.categorical_encoding}
        for name, value in settled.items():
            details.parameters[name]["actual"] = list(value) if isinstance(value, tuple) else value
        amounts = self._amounts()
        model = TabularModel(
            details,
            self.columns,
            self._network(recipe, classes),
            [],
            amounts,
            self._bounds(amounts),
            correction=self._correction(),
        )
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

    def _recipe(self, validated: bool) -> Recipe:
        members = MEMBERS
        if validated:
            members = MEMBERS_VALIDATED if self.fit.fold is None else MEMBERS_OF_FOLD
        return Recipe.of(self.plan.parameters, self.plan.category, len(self.eligible), members)

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
        weights = self.weights
        factors = self._class_factors()
        if factors is not None:
            weights = factors[self.actual.astype(np.int64)] * (1.0 if weights is None else weights)
        if weights is not None:
            weights = None if (weights == weights[0]).all() else (weights / weights.mean()).astype(np.float32)
        return Targets(values, weights, recipe.label_smoothing)

    def _class_factors(self) -> Floats | None:
        """With balance_classes how much the rows of each class [classes] count: given, or so that all classes count alike."""
        p = self.plan.parameters
        if not p.balance_classes:
            return None
        mass = self._class_mass()
        factors = np.asarray(p.class_sampling_factors or np.divide(1.0, mass, out=np.zeros_like(mass), where=mass > 0))
        if not (factors * mass).any():
            raise InvalidArgument("class_sampling_factors leave no row to learn from; raise one of them above 0.")
        return factors.astype(np.float64)

    def _class_mass(self) -> Floats:
        """The weight of all rows of each class [classes]."""
        name = str(self.fit.roles.response)
        classes = self.fit.training[name].cardinality
        return np.bincount(self.actual.astype(np.int64), self.weights, classes).astype(np.float64)

    def _correction(self) -> Floats | None:
        """What probabilities [classes] are multiplied by to be those of the data, if its classes were balanced."""
        factors = self._class_factors()
        if factors is None:
            return None
        before = self._class_mass()
        after = before * factors
        ones = np.ones_like(before)
        return np.asarray(np.divide(before / before.sum(), after / after.sum(), out=ones, where=after > 0))

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
