"""The tasks that worker processes run to look into a trained model: partial dependence, permutation importance, fairness.

Arguments and results are plain data, as those of `learn.tasks`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from artesian.frame.segment import open_frame, persist
from artesian.learn.base.context import Context
from artesian.learn.base.fairness import fairness_metrics
from artesian.learn.base.model import load_model
from artesian.learn.base.partial_dependence import DependenceOrder, important_columns, partial_dependence
from artesian.learn.base.permutation import permutation_importance

FrameArgument = Mapping[str, Any]


def depend(context: Context, *, model_folder: str, frame: FrameArgument, order: Mapping[str, Any]) -> dict[str, Any]:
    """Partial dependence; `order` holds the fields of `DependenceOrder`, without columns those that matter most.

    Returns `{"columns": [...], "tables": [...]}`.
    """
    model = load_model(model_folder)
    asked: dict[str, Any] = {name: tuple(value) if isinstance(value, list) else value for name, value in order.items()}
    asked["pairs"] = tuple((first, second) for first, second in asked.get("pairs") or ())
    if not asked.get("columns") and not asked["pairs"]:
        asked["columns"] = important_columns(model.details)
    complete = DependenceOrder(**asked)

    def progress(fraction: float) -> None:
        context.check()
        context.progress(fraction)

    tables = partial_dependence(
        model, open_frame(frame["manifest"]), complete, threads=context.threads, progress=progress
    )
    return {"columns": list(complete.columns), "tables": [table.to_dict() for table in tables]}


def permute(context: Context, *, model_folder: str, frame: FrameArgument, options: Mapping[str, Any]) -> dict[str, Any]:
    """Permutation importance; `options` are the keyword arguments of `permutation_importance`. Returns `{"frame": manifest}`."""

    def progress(fraction: float) -> None:
        context.check()
        context.progress(fraction)

    found = permutation_importance(
        load_model(model_folder),
        open_frame(frame["manifest"]),
        threads=context.threads,
        progress=progress,
        **options,
    )
    return {"frame": persist(found, context.scratch)[1]}


def judge(
    context: Context,
    *,
    model_folder: str,
    frame: FrameArgument,
    protected: Sequence[str],
    reference: Sequence[str],
    favourable: str,
) -> dict[str, Any]:
    """Fairness metrics by groups: `{"frames": {name: manifest}}`, see `fairness_metrics`."""
    found = fairness_metrics(
        load_model(model_folder),
        open_frame(frame["manifest"]),
        protected,
        reference,
        favourable,
        threads=context.threads,
    )
    context.check()
    return {"frames": {name: persist(item, context.scratch)[1] for name, item in found.items()}}
