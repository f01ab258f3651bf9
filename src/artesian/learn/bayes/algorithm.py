"""Naive Bayes as an algorithm."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, ClassVar

import numpy as np

from artesian.core.errors import Problem
from artesian.learn.base.algorithm import Algorithm, Fit, Situation
from artesian.learn.base.building import new_details
from artesian.learn.base.design.columns import Columns
from artesian.learn.base.details import Category
from artesian.learn.base.finishing import begin, finish
from artesian.learn.base.model import Model
from artesian.learn.bayes.distributions import apriori_table, conditional_table, learn, summary_table
from artesian.learn.bayes.model import NaiveBayesModel
from artesian.learn.bayes.parameters import NaiveBayesParameters


class NaiveBayes(Algorithm):
    """Classes by the product of the probabilities of each column's value."""

    name: ClassVar[str] = "naivebayes"
    title: ClassVar[str] = "Naive Bayes"
    called: ClassVar[str] = "NaiveBayes"
    parameters = NaiveBayesParameters
    model: ClassVar[type[Model]] = NaiveBayesModel
    categories: ClassVar[tuple[Category, ...]] = (Category.BINOMIAL, Category.MULTINOMIAL)

    @classmethod
    def check_declared(cls, values: Mapping[str, Any]) -> Iterator[Problem]:
        """Findings that need no frame."""
        if values["score_each_iteration"]:
            sentence = "The 'score_each_iteration' parameter has no effect: naive Bayes is learnt in one step."
            yield Problem("warning", "score_each_iteration", sentence)

    @classmethod
    def check(cls, situation: Situation) -> Iterator[Problem]:
        """Findings about parameters together with the frame."""
        if situation.roles.category is Category.REGRESSION:
            sentence = (
                f"The 'response_column' of naive Bayes must be categorical. Make '{situation.roles.response}' so with "
                "asfactor()."
            )
            yield Problem("error", "response_column", sentence)

    @classmethod
    def fit(cls, fit: Fit) -> Model:
        """Learns one model."""
        roles, training, p = fit.roles, fit.training, fit.parameters
        columns = Columns.fit(training, roles.predictors)
        columns = Columns(columns.largest_first, columns.levels)
        assert roles.category is not None and roles.response is not None
        details = new_details(fit, cls, roles.category, {}, columns.inputs())
        begin(fit, details)
        fit.context.check()
        fit.context.progress(0.1, "Counting")
        classes = details.response_domain
        codes = training[roles.response].codes()
        found = learn(training, columns, codes.astype(np.int64), len(classes), p.laplace)
        details.extra["levels"] = classes
        details.extra["apriori"] = apriori_table(found.apriori, classes).to_dict()
        details.extra["pcond"] = [
            conditional_table(name, found.conditional[name], classes, columns.levels.get(name)).to_dict()
            for name in columns.names
        ]
        details.model_summary = summary_table(found.apriori)
        return finish(fit, NaiveBayesModel(details, columns, found), training_metrics=p.compute_metrics)
