"""Stacked ensembles, and greedy weights, as algorithms."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, ClassVar

import numpy as np

from artesian.core.errors import InvalidArgument, Problem
from artesian.learn.base.algorithm import Algorithm, Fit, Situation
from artesian.learn.base.building import new_details
from artesian.learn.base.details import Category, ModelDetails
from artesian.learn.base.finishing import begin, finish
from artesian.learn.base.importances import importance_table
from artesian.learn.base.model import Model, probability_names
from artesian.learn.base.scoring import Scorer
from artesian.learn.base.table import Table, TableColumn
from artesian.learn.ensemble import checks
from artesian.learn.ensemble.greedy import Floats, GreedyModel, loss_of, sampled, select
from artesian.learn.ensemble.model import StackedEnsembleModel
from artesian.learn.ensemble.parameters import GreedyParameters, StackedEnsembleParameters
from artesian.learn.ensemble.training import Trainer

_CATEGORIES = (Category.REGRESSION, Category.BINOMIAL, Category.MULTINOMIAL)


class StackedEnsemble(Algorithm):
    """A model that learns how to combine the predictions of other models (Wolpert 1992; van der Laan et al. 2007)."""

    name: ClassVar[str] = "stackedensemble"
    title: ClassVar[str] = "Stacked Ensemble"
    called: ClassVar[str] = "StackedEnsemble"
    parameters = StackedEnsembleParameters
    model: ClassVar[type[Model]] = StackedEnsembleModel
    categories: ClassVar[tuple[Category, ...]] = _CATEGORIES

    @classmethod
    def predictors(cls, models: Mapping[str, Any]) -> Sequence[str] | None:
        """The columns that any of the base models has learnt from; None without base models."""
        bases: Sequence[ModelDetails] = models.get(checks.BASE) or ()
        return list(dict.fromkeys(name for model in bases for name in model.predictors)) if bases else None

    @classmethod
    def inherited(cls, values: Mapping[str, Any], models: Mapping[str, Any]) -> dict[str, Any]:
        """Without an offset_column of its own, the ensemble has that of its base models."""
        bases: Sequence[ModelDetails] = models.get(checks.BASE) or ()
        if values["offset_column"] is not None or not bases:
            return {}
        own = bases[0].parameters.get("offset_column", {}).get("actual")
        return {} if own is None else {"offset_column": own}

    @classmethod
    def further_frames(cls, values: Mapping[str, Any], models: Mapping[str, Any]) -> dict[str, list[str | None]]:
        """The held-out predictions of the base models, unless there is a blending frame."""
        bases: Sequence[ModelDetails] = models.get(checks.BASE) or ()
        if not bases or values["blending_frame"]:
            return {}
        return {checks.HOLDOUTS: [model.cross_validation_holdout_predictions for model in bases]}

    @classmethod
    def check_declared(cls, values: Mapping[str, Any]) -> Iterator[Problem]:
        """See `checks`."""
        yield from checks.check_declared(values)

    @classmethod
    def check(cls, situation: Situation) -> Iterator[Problem]:
        """See `checks`."""
        yield from checks.check_situation(situation)

    @classmethod
    def fit(cls, fit: Fit) -> Model:
        """Trains the metalearner; see `training`."""
        return Trainer(cls, fit).run()


class Greedy(Algorithm):
    """Weights of columns that are predictions themselves, chosen by forward selection (Caruana et al. 2004)."""

    name: ClassVar[str] = "greedy"
    title: ClassVar[str] = "Greedy Weights"
    called: ClassVar[str] = "Greedy"
    parameters = GreedyParameters
    model: ClassVar[type[Model]] = GreedyModel
    categories: ClassVar[tuple[Category, ...]] = _CATEGORIES

    @classmethod
    def check(cls, situation: Situation) -> Iterator[Problem]:
        """What the columns must be, and which metrics there are for the response."""
        roles, values = situation.roles, situation.values
        category, metric = roles.category, values["metric"]
        odd = [name for name in roles.predictors if situation.training[name].domain is not None]
        if odd:
            sentence = f"Greedy weighs columns of predictions, which are numbers; '{odd[0]}' is categorical. Ignore it."
            yield Problem("error", "ignored_columns", sentence)
        if category is Category.MULTINOMIAL and roles.response is not None:
            yield from _check_groups(roles.predictors, situation.training[roles.response].levels)
        allowed: tuple[str, ...] = (
            ("deviance", "MSE", "MAE") if category is Category.REGRESSION else ("logloss", "MSE", "MAE")
        )
        allowed = (*allowed, "AUC") if category is Category.BINOMIAL else allowed
        if metric != "AUTO" and metric not in allowed:
            sentence = f"The 'metric' of Greedy for this response must be one of {', '.join(allowed)}. Got '{metric}'."
            yield Problem("error", "metric", sentence)

    @classmethod
    def fit(cls, fit: Fit) -> Model:
        """Selects the weights."""
        assert fit.roles.category is not None and fit.roles.response is not None
        columns = list(fit.roles.predictors)
        details = new_details(fit, cls, fit.roles.category, {}, [(name, "Numeric", None) for name in columns])
        begin(fit, details)
        table = np.column_stack([fit.training[name].floats() for name in columns])
        fallback = _means(table)
        table = np.where(np.isnan(table), fallback, table)
        weights, history = _selected(fit, details, table)
        model = GreedyModel(details, columns, weights, fallback)
        named = _names(columns, model.width)
        order = np.argsort(-weights, kind="stable")
        details.variable_importances = importance_table(named, weights)
        details.extra["weights_table"] = Table.build(
            "Weights",
            "shares of draws",
            [
                (TableColumn("names", "string", "%s", "Names"), [named[i] for i in order]),
                (TableColumn("weights", "double", "%.6f", "Weights"), weights[order]),
            ],
        ).to_dict()
        details.scoring_history = Table.build(
            "Scoring History",
            "",
            [
                (TableColumn("draws", "int", "%d", "Draws"), list(range(1, len(history) + 1))),
                (TableColumn("training_loss", "double", "%.6f", "Training Loss"), history),
            ],
        )
        return finish(fit, model)


def _check_groups(columns: Sequence[str], levels: Sequence[str]) -> Iterator[Problem]:
    """Whether the columns are probabilities of each class, model by model."""
    wanted = [f"/{name}" for name in probability_names(list(levels))]
    fits = len(columns) % len(wanted) == 0 and all(
        name.endswith(wanted[number % len(wanted)]) for number, name in enumerate(columns)
    )
    if not fits:
        sentence = (
            "For several classes Greedy needs the probabilities of each model as columns 'model/class', all classes of a "
            f"model in the order {', '.join(levels[:10])}. Got {', '.join(columns[:10])}."
        )
        yield Problem("error", "training_frame", sentence)


def _names(columns: list[str], width: int) -> list[str]:
    """The name of each model: of its column, or what stands before the class."""
    return columns if width == 1 else [name.rsplit("/", 1)[0] for name in columns[::width]]


def _means(table: Floats) -> Floats:
    there = ~np.isnan(table)
    return np.asarray(np.where(there, table, 0.0).sum(axis=0) / np.maximum(there.sum(axis=0), 1))


def _selected(fit: Fit, details: ModelDetails, table: Floats) -> tuple[Floats, list[float]]:
    """The weights by model, and the loss after each draw."""
    p, category = fit.parameters, details.category
    scorer = Scorer.of(details)
    actual, given = scorer.actual(fit.training), scorer.weights(fit.training)
    assert actual is not None
    mass = np.ones(len(actual)) if given is None else given
    rows = np.flatnonzero(~np.isnan(actual) & (mass > 0))
    some = sampled(len(rows), p.max_rows, fit.seed)
    if some is not None:
        rows = rows[some.to_numpy()]
    if not len(rows):
        raise InvalidArgument("No row has both a response and a weight above 0: there is nothing to weigh by.")
    table, actual, mass = table[rows], actual[rows], mass[rows]
    width = len(details.response_domain) if category is Category.MULTINOMIAL else 1
    groups = [
        table[:, start] if width == 1 else table[:, start : start + width] for start in range(0, table.shape[1], width)
    ]
    metric = p.metric if p.metric != "AUTO" else ("deviance" if category is Category.REGRESSION else "logloss")
    loss = loss_of(metric, category, actual, mass, scorer.distribution)

    def over() -> bool:
        fit.context.check()
        return fit.budget.is_over

    return select(groups, loss, p.draws, over)
