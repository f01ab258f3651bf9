"""Continuing a model of trees: what must be the same as in the training that is continued."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from artesian.core.errors import Problem
from artesian.learn.base.algorithm import Situation
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
        yield _error(
            "checkpoint", f"The checkpoint '{previous.key}' is a model of {previous.title}; it needs its own kind."
        )
        return
    for name in FIXED:
        if name in values and not _unchanged(name, values[name], previous):
            yield _error(
                name,
                f"Field {name} cannot be modified if checkpoint is specified: it was "
                f"{previous.parameters[name]['actual']!r} there, and is {_plain(values[name])!r} now.",
            )
    before = int(previous.actual("ntrees"))
    if values["ntrees"] <= before:
        yield _error(
            "ntrees",
            f"If checkpoint is specified then requested ntrees must be higher than {before}, the trees that it has. "
            f"Got {values['ntrees']}.",
        )
    yield from _check_same_columns(situation, previous)


def _algorithm(values: Any) -> str:
    return "gbm" if "learn_rate" in values else "drf"


def _unchanged(name: str, value: Any, previous: ModelDetails) -> bool:
    entry = previous.parameters[name]
    return value == "AUTO" or _plain(value) in (entry["given"], entry["actual"])


def _check_same_columns(situation: Situation, previous: ModelDetails) -> Iterator[Problem]:
    frame, ignored = situation.training, set(situation.values["ignored_columns"] or ())
    for name in previous.predictors:
        if name not in frame or name in ignored:
            what = "is ignored" if name in frame else "is not in the training frame"
            yield _error(
                "checkpoint", f"The checkpoint learns from the column '{name}', which {what}. Use the same columns."
            )
    known = dict(zip(previous.names, previous.domains, strict=True))
    for name in (*previous.predictors, str(previous.response)):
        levels = known.get(name)
        if name not in frame or levels is None or previous.actual("distribution") == "quasibinomial":
            continue
        if frame[name].domain is None:
            yield _error("checkpoint", f"The column '{name}' was categorical for the checkpoint, and is not now.")
        elif new := sorted(set(frame[name].levels) - set(levels)):
            yield _error(
                "checkpoint",
                f"The column '{name}' has levels that the checkpoint does not know: {', '.join(new[:10])}.",
            )


def _plain(value: Any) -> Any:
    return list(value) if isinstance(value, tuple) else value


def _error(name: str, message: str) -> Problem:
    return Problem("error", name, message)
