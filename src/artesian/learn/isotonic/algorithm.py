"""Isotonic regression as an algorithm."""

from __future__ import annotations

from collections.abc import Iterator
from typing import ClassVar

import numpy as np

from artesian.core.errors import InvalidArgument, Problem
from artesian.learn.base.algorithm import Algorithm, Fit, Situation
from artesian.learn.base.building import new_details
from artesian.learn.base.design.columns import Columns
from artesian.learn.base.details import Category
from artesian.learn.base.finishing import begin, finish
from artesian.learn.base.model import Model
from artesian.learn.base.table import Table, TableColumn
from artesian.learn.isotonic.model import IsotonicRegressionModel, fitted
from artesian.learn.isotonic.parameters import IsotonicRegressionParameters


class IsotonicRegression(Algorithm):
    """A non-decreasing function of one numeric column."""

    name: ClassVar[str] = "isotonicregression"
    title: ClassVar[str] = "Isotonic Regression"
    called: ClassVar[str] = "IsotonicRegression"
    parameters = IsotonicRegressionParameters
    model: ClassVar[type[Model]] = IsotonicRegressionModel
    categories: ClassVar[tuple[Category, ...]] = (Category.REGRESSION,)

    @classmethod
    def check(cls, situation: Situation) -> Iterator[Problem]:
        """One numeric column, and amounts to predict."""
        frame, roles = situation.training, situation.roles
        if roles.is_classification:
            sentence = f"The 'response_column' of isotonic regression must be numeric. Make '{roles.response}' so with asnumeric()."
            yield Problem("error", "response_column", sentence)
        if len(roles.predictors) > 1:
            shown = ", ".join(roles.predictors[:10]) + (" …" if len(roles.predictors) > 10 else "")
            sentence = f"Isotonic regression learns from one column. Ignore all but one of these: {shown}."
            yield Problem("error", "training_frame", sentence)
        elif roles.predictors and frame[roles.predictors[0]].domain is not None:
            sentence = f"The column '{roles.predictors[0]}' is categorical; isotonic regression needs numbers."
            yield Problem("error", "training_frame", sentence)

    @classmethod
    def fit(cls, fit: Fit) -> Model:
        """Learns one model from the rows whose values are all there and whose weight is above 0."""
        training, roles = fit.training, fit.roles
        columns = Columns.fit(training, roles.predictors)
        details = new_details(fit, cls, Category.REGRESSION, {}, columns.inputs())
        begin(fit, details)
        fit.context.check()
        fit.context.progress(0.1, "Pooling")
        x = columns.numbers(training, roles.predictors[0])
        y = np.asarray(training[str(roles.response)].floats())
        weights = np.ones(len(x)) if roles.weights is None else np.asarray(training[roles.weights].floats())
        there = ~np.isnan(x) & ~np.isnan(y) & (weights > 0)
        if not there.any():
            raise InvalidArgument("No row of the training frame has both a value and a response.")
        missing = int((np.isnan(x) & ~np.isnan(y)).sum())
        if missing:
            details.warnings.append(f"{missing} rows without a value of '{roles.predictors[0]}' are not learnt from.")
            fit.context.warn(details.warnings[-1])
        thresholds_x, thresholds_y = fitted(x[there], y[there], weights[there])
        details.extra |= {
            "thresholds_x": thresholds_x.tolist(),
            "thresholds_y": thresholds_y.tolist(),
            "min_x": float(thresholds_x[0]),
            "max_x": float(thresholds_x[-1]),
        }
        details.model_summary = Table.build(
            "Isotonic Regression Model",
            "summary",
            [
                (TableColumn("", "string", "%s", ""), [""]),
                (TableColumn("number_of_observations", "long", "%d", "Number of Observations"), [int(there.sum())]),
                (TableColumn("number_of_thresholds", "long", "%d", "Number of Thresholds"), [len(thresholds_x)]),
            ],
        )
        return finish(fit, IsotonicRegressionModel(details, columns, thresholds_x, thresholds_y))
