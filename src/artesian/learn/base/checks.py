"""What parameters of several algorithms must fulfil alike; each finding names the parameter and what to do."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

import numpy as np

from artesian.core.errors import Problem
from artesian.learn.base import target_encoding
from artesian.learn.base.algorithm import Situation
from artesian.learn.base.details import Category, ModelDetails
from artesian.learn.base.model_parameters import TargetEncodingParameters
from artesian.learn.base.parameters import Parameters, fields_of

_SHOWN = 10


def error(name: str, message: str) -> Problem:
    """A problem that training cannot start with."""
    return Problem("error", name, message)


def warning(name: str, message: str) -> Problem:
    """A problem that training can do with."""
    return Problem("warning", name, message)


def without_effect(
    values: Mapping[str, Any], parameters: type[Parameters], names: Iterable[str], unless: str
) -> Iterator[Problem]:
    """Parameters that were set and do nothing."""
    declared = fields_of(parameters)
    for name in names:
        if values[name] != declared[name].default:
            yield warning(name, f"The '{name}' parameter has no effect unless {unless}.")


def check_continuing(values: Mapping[str, Any]) -> Iterator[Problem]:
    """A checkpoint and folds."""
    if values["checkpoint"] and (values["nfolds"] or values["fold_column"]):
        yield error(
            "nfolds", "A checkpoint cannot be continued with cross-validation. Set nfolds to 0, without fold_column."
        )


def check_factors(values: Mapping[str, Any]) -> Iterator[Problem]:
    """Factors of classes that are not balanced."""
    if values["class_sampling_factors"] and not values["balance_classes"]:
        yield error("class_sampling_factors", "The 'class_sampling_factors' parameter needs balance_classes=True.")


def check_balanced(values: Mapping[str, Any]) -> Iterator[Problem]:
    """Balanced classes of a response that has none."""
    if values["balance_classes"]:
        yield error(
            "balance_classes",
            "Only classes can be balanced. Make the response categorical, or set balance_classes to False.",
        )


def check_distribution(
    situation: Situation, category: Category, *, non_negative: tuple[str, ...], positive: tuple[str, ...]
) -> Iterator[Problem]:
    """The distribution and the response: classes or numbers, and for which distributions of at least, or above, 0."""
    distribution, name = situation.values["distribution"], str(situation.roles.response)
    column = situation.training[name]
    if category is not Category.REGRESSION:
        if distribution not in ("AUTO", "bernoulli", "multinomial", "custom"):
            yield error(
                "distribution",
                f"The response '{name}' is categorical, so the 'distribution' must be AUTO, bernoulli or multinomial. "
                f"Got '{distribution}'; for it make the response numeric with asnumeric().",
            )
        elif distribution == "bernoulli" and category is not Category.BINOMIAL:
            sentence = f"The distribution bernoulli needs two classes. '{name}' has {column.cardinality}."
            yield error("distribution", sentence)
        return
    if distribution in ("bernoulli", "multinomial"):
        sentence = f"The distribution {distribution} needs a categorical response. Make '{name}' one with asfactor()."
        yield error("distribution", sentence)
        return
    least = column.values.min()
    low = float(least) if isinstance(least, int | float) else np.nan
    if (distribution in non_negative and low < 0) or (distribution in positive and low <= 0):
        bound = "above 0" if distribution in positive else "of at least 0"
        sentence = f"The distribution {distribution} needs a response {bound}. '{name}' goes down to {low:g}."
        yield error("distribution", sentence)


def check_target_encoding(situation: Situation, *, supervised: bool) -> Iterator[Problem]:
    """Whether there is a response to encode by, and no parameter names a column that becomes several."""
    values, frame = situation.values, situation.training
    if values.get("categorical_encoding") != target_encoding.NAME:
        for name in fields_of(TargetEncodingParameters):
            if name in values and values[name] != fields_of(TargetEncodingParameters)[name].default:
                needs = f"categorical_encoding is {target_encoding.NAME}"
                yield warning(name, f"The '{name}' parameter has no effect unless {needs}.")
        return
    if not supervised:
        sentence = f"The encoding {target_encoding.NAME} needs a response, which this model has not."
        yield error("categorical_encoding", sentence)
        return
    if situation.roles.response is None or frame[situation.roles.response].cardinality <= 2:
        return
    for parameter in ("interactions", "interaction_pairs", "control_variables"):
        for entry in values.get(parameter) or ():
            for name in (entry,) if isinstance(entry, str) else entry:
                if name in frame and frame[name].cardinality > values["target_encoding_levels"]:
                    yield error(
                        parameter,
                        f"The column '{name}' becomes one for each class with the encoding {target_encoding.NAME} and cannot be "
                        f"named in '{parameter}'. Leave it out, or raise target_encoding_levels.",
                    )


def check_same_columns(
    situation: Situation, previous: ModelDetails, levels: Mapping[str, Iterable[str]]
) -> Iterator[Problem]:
    """The columns of a checkpoint are there, with no levels but those that it knew."""
    frame, ignored = situation.training, set(situation.values["ignored_columns"] or ())
    for name in previous.predictors:
        if name not in frame or name in ignored:
            what = "is ignored" if name in frame else "is not in the training frame"
            yield error(
                "checkpoint", f"The checkpoint learns from the column '{name}', which {what}. Use the same columns."
            )
    for name, known in levels.items():
        if name not in frame:
            continue
        if frame[name].domain is None:
            yield error("checkpoint", f"The column '{name}' was categorical for the checkpoint, and is not now.")
        elif new := sorted(set(frame[name].levels) - set(known)):
            told = ", ".join(new[:_SHOWN])
            yield error("checkpoint", f"The column '{name}' has levels that the checkpoint does not know: {told}.")
