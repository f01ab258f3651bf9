"""Continuing a model of trees: what must be the same as in the training that is continued."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from artesian.core.errors import Problem
from artesian.learn.base.algorithm import Situation
from artesian.learn.base.checks import check_same_columns, error
from artesian.learn.base.details import ModelDetails

FIXED = (
    "build_tree_one_node", "sample_rate", "max_depth", "min_rows", "nbins", "nbins_cats", "nbins_top_level",
    "response_column", "distribution", "categorical_encoding", "histogram_type", "sample_rate_per_class",
    "binomial_double_trees", "balance_classes", "offset_column", "weights_column",
)  # fmt: skip
"""Parameters that a continuation cannot change: H2O's list, and what the earlier trees' outputs and rows depend on."""


def check_checkpoint(situation: Situation, previous: ModelDetails) -> Iterator[Problem]:
    """Why the model cannot be continued with these parameters and frames."""
    values = situation.values
    if previous.algorithm != _algorithm(values):
        yield error(
            "checkpoint", f"The checkpoint '{previous.key}' is a model of {previous.title}; it needs its own kind."
        )
        return
    for name in FIXED:
        if name in values and not _unchanged(name, values[name], previous):
            yield error(
                name,
                f"Field {name} cannot be modified if checkpoint is specified: it was "
                f"{previous.parameters[name]['actual']!r} there, and is {_plain(values[name])!r} now.",
            )
    before = int(previous.actual("ntrees"))
    if values["ntrees"] <= before:
        yield error(
            "ntrees",
            f"If checkpoint is specified then requested ntrees must be higher than {before}, the trees that it has. "
            f"Got {values['ntrees']}.",
        )
    yield from check_same_columns(situation, previous, _levels(previous))


def _algorithm(values: Any) -> str:
    return "gbm" if "learn_rate" in values else "drf"


def _unchanged(name: str, value: Any, previous: ModelDetails) -> bool:
    entry = previous.parameters[name]
    return value == "AUTO" or _plain(value) in (entry["given"], entry["actual"])


def _levels(previous: ModelDetails) -> dict[str, list[str]]:
    """The levels of columns that have some; classes that are two numbers to quasibinomial do not count."""
    if previous.actual("distribution") == "quasibinomial":
        return {}
    known = dict(zip(previous.names, previous.domains, strict=True))
    found = {name: known.get(name) for name in (*previous.predictors, str(previous.response))}
    return {name: levels for name, levels in found.items() if levels is not None}


def _plain(value: Any) -> Any:
    return list(value) if isinstance(value, tuple) else value
