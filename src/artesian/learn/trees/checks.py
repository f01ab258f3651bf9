"""What the parameters of the tree algorithms must fulfil together; each finding names the parameter and what to do."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

import numpy as np

from artesian.core.errors import Problem
from artesian.frame import ColumnType
from artesian.learn.base.algorithm import Situation
from artesian.learn.base.calibration import check_calibration
from artesian.learn.base.checks import (
    check_balanced,
    check_continuing,
    check_distribution,
    check_factors,
    error,
    warning,
)
from artesian.learn.base.details import Category
from artesian.learn.base.early_stopping import check_metric
from artesian.learn.base.roles import Roles
from artesian.learn.trees.checkpoints import check_checkpoint
from artesian.learn.trees.plan import category_of, distribution_of

MONOTONE_DISTRIBUTIONS = ("gaussian", "bernoulli", "tweedie", "quantile")
_SHOWN = 10


def check_declared(values: Mapping[str, Any]) -> Iterator[Problem]:
    """Findings that need no frame."""
    if values["nbins_top_level"] < values["nbins"]:
        yield error(
            "nbins_top_level",
            f"The 'nbins_top_level' parameter must be at least nbins ({values['nbins']}). Got {values['nbins_top_level']}.",
        )
    yield from check_factors(values)
    yield from check_continuing(values)
    if values["stopping_rounds"] and not values["score_tree_interval"] and not values["score_each_iteration"]:
        yield warning(
            "stopping_rounds",
            "Without score_tree_interval or score_each_iteration the clock says when trees are scored, so that early "
            "stopping may end a repeated training elsewhere.",
        )
    if values["sample_rate_per_class"] is not None and values["sample_rate"] not in (1.0, 0.632):
        yield warning("sample_rate", "The 'sample_rate' parameter has no effect where there is sample_rate_per_class.")


def check_code(values: Mapping[str, Any]) -> Iterator[Problem]:
    """Findings about a distribution in program code that need no frame."""
    if values["distribution"] == "custom" and not values["custom_distribution_func"]:
        yield error(
            "custom_distribution_func",
            "The distribution custom needs custom_distribution_func: the reference that upload_custom_distribution gives.",
        )
    if values["distribution"] != "custom" and values["custom_distribution_func"]:
        yield warning(
            "custom_distribution_func",
            "The 'custom_distribution_func' parameter has no effect unless the distribution is custom.",
        )


def check_situation(situation: Situation) -> Iterator[Problem]:
    """Findings about parameters together with the frames and models they name."""
    values, response_category = situation.values, situation.roles.category
    if response_category is None:
        return
    category = category_of(values["distribution"], response_category)
    yield from _check_distribution(situation, response_category)
    yield from _check_classes(situation, category)
    yield from _check_rows(situation)
    yield from check_calibration(situation)
    yield from check_metric(values["stopping_metric"], category)
    if "checkpoint" in situation.models:
        yield from check_checkpoint(situation, situation.models["checkpoint"])


def check_boosting(situation: Situation) -> Iterator[Problem]:
    """Findings about what boosting alone has."""
    values, roles = situation.values, situation.roles
    if roles.category is None:
        return
    distribution = distribution_of(values["distribution"], roles.category)
    if roles.offset and distribution == "multinomial":
        yield error("offset_column", "An offset cannot be added to the outputs of several classes.")
    if distribution == "custom":
        yield from _check_custom(values, roles)
    if values["monotone_constraints"]:
        yield from _check_monotone(situation, distribution)
    if values["interaction_constraints"]:
        yield from _check_interactions(situation)


def check_forest(situation: Situation) -> Iterator[Problem]:
    """Findings about what forests alone have."""
    values, predictors = situation.values, situation.roles.predictors
    if values["mtries"] > max(1, len(predictors)):
        yield error(
            "mtries",
            f"The 'mtries' parameter must be -1, -2 or from 1 to {len(predictors)}, the number of columns. "
            f"Got {values['mtries']}.",
        )
    no_other = situation.validation is None and not values["nfolds"] and not values["fold_column"]
    if values["sample_rate"] == 1 and values["sample_rate_per_class"] is None and no_other:
        yield warning(
            "sample_rate",
            "With a sample_rate of 1 no row is out of bag: without validation or cross-validation there are no metrics.",
        )


def _check_distribution(situation: Situation, category: Category) -> Iterator[Problem]:
    signed = ("poisson", "gamma", "tweedie")
    yield from check_distribution(situation, category, non_negative=signed, positive=())
    if category is Category.REGRESSION and situation.values["distribution"] == "quasibinomial":
        yield from _check_two_numbers(situation)


def _check_two_numbers(situation: Situation) -> Iterator[Problem]:
    name = str(situation.roles.response)
    column = situation.training[name]
    found = column.values.drop_nulls().n_unique()
    if column.type is ColumnType.TIME or found != 2:
        yield error(
            "distribution",
            f"The distribution quasibinomial needs a numeric response of two values. '{name}' has {found}.",
        )


def _check_classes(situation: Situation, category: Category) -> Iterator[Problem]:
    values = situation.values
    if category is Category.REGRESSION:
        yield from check_balanced(values)
        if values["sample_rate_per_class"]:
            yield error(
                "sample_rate_per_class",
                "Rates by class need classes. Make the response categorical, or use sample_rate.",
            )
        return
    column = situation.training[str(situation.roles.response)]
    levels = column.cardinality if column.domain is not None else 2
    for name in ("class_sampling_factors", "sample_rate_per_class"):
        given = values[name]
        if given and len(given) != levels:
            yield error(
                name, f"The '{name}' parameter must have one number for each of the {levels} classes. Got {len(given)}."
            )


def _check_rows(situation: Situation) -> Iterator[Problem]:
    """A node is split only into parts of min_rows each: a frame of fewer than two parts gives no tree at all."""
    least, frame = situation.values["min_rows"], situation.training
    weights = situation.roles.weights
    total = float(frame.n_rows) if weights is None else float(np.nansum(frame[weights].floats()))
    if total < 2 * least:
        counted = "rows" if weights is None else "rows by weight"
        yield error(
            "min_rows",
            f"The dataset size is too small to split for min_rows={least:g}: {2 * least:g} {counted} are needed, and there "
            f"are {total:g}. Lower min_rows.",
        )


def _check_custom(values: Mapping[str, Any], roles: Roles) -> Iterator[Problem]:
    if roles.category is not Category.REGRESSION:
        if roles.offset:
            yield error(
                "offset_column", "An offset cannot be added to the outputs of classes of a custom distribution."
            )
    elif values["stopping_rounds"] and values["stopping_metric"] == "deviance":
        yield warning(
            "stopping_metric",
            "A custom distribution has no deviance: early stopping watches the mean squared error instead.",
        )


def _check_monotone(situation: Situation, distribution: str) -> Iterator[Problem]:
    if distribution not in MONOTONE_DISTRIBUTIONS:
        yield error(
            "monotone_constraints",
            f"Monotone constraints are for the distributions {', '.join(MONOTONE_DISTRIBUTIONS)}. Got {distribution}.",
        )
    for name, direction in situation.values["monotone_constraints"].items():
        if direction not in (-1, 0, 1):
            yield error(
                "monotone_constraints", f"The direction of '{name}' must be 1 (rising), -1 or 0. Got {direction:g}."
            )
        if name not in situation.training:
            yield error("monotone_constraints", f"The training frame has no column '{name}' to be constrained.")
        elif not situation.training[name].type.is_numeric:
            kind = situation.training[name].type
            yield error("monotone_constraints", f"Only numeric columns can rise or fall. '{name}' is of type {kind}.")


def _check_interactions(situation: Situation) -> Iterator[Problem]:
    values, roles = situation.values, situation.roles
    if values["categorical_encoding"] != "AUTO":
        yield error("categorical_encoding", "With interaction_constraints the 'categorical_encoding' must be AUTO.")
    unknown = dict.fromkeys(
        name for group in values["interaction_constraints"] for name in group if name not in roles.predictors
    )
    if unknown:
        yield error(
            "interaction_constraints",
            f"Only columns that the model learns from can be in a group; it does not learn from {_listed(unknown)}.",
        )


def _listed(names: Iterable[str]) -> str:
    shown = [f"'{name}'" for name in names]
    return ", ".join(shown[:_SHOWN]) + (f" and {len(shown) - _SHOWN} more" if len(shown) > _SHOWN else "")
