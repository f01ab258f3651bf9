"""What is in models of trees: single trees, interactions of features, the H statistic."""

from __future__ import annotations

from typing import Any

from artesian.core.errors import InvalidArgument
from artesian.server.routing import Call, route
from artesian.server.wire.numbers import number, numbers
from artesian.server.wire.table import table
from artesian.server.wire.trees import FEATURE_INTERACTION, H_STATISTIC, TREE

_TASKS = "artesian.learn.trees.examining"


def _done(call: Call, task: str, model: str | None, what: str, **arguments: Any) -> dict[str, Any]:
    """What the task answers about a model."""
    if not model:
        raise InvalidArgument("The model is required: give its key.")
    server = call.server
    folder = str(server.store.model_folder(model))
    done: list[dict[str, Any]] = []
    job = server.jobs.submit(
        f"{_TASKS}:{task}", {"model_folder": folder, **arguments}, description=what, on_done=done.append
    )
    server.settle(job)
    return done[0]


@route("GET", "/3/Tree", "get_tree", "Shows one tree of a model.", takes=TREE, gives=TREE)
def tree(call: Call) -> dict[str, Any]:
    """One tree, node by node."""
    found = _done(
        call,
        "show_tree",
        call["model"],
        "Tree",
        number=call["tree_number"],
        tree_class=call["tree_class"],
        rules=call["plain_language_rules"] or "AUTO",
    )
    for name in ("thresholds", "predictions"):
        found[name] = numbers(found[name])
    return TREE.new(**{**call.echo(), **found})


@route(
    "POST",
    "/3/FeatureInteraction",
    "makeFI",
    "Tells which features split together.",
    takes=FEATURE_INTERACTION,
    gives=FEATURE_INTERACTION,
)
def feature_interaction(call: Call) -> dict[str, Any]:
    """Tables of interactions of features."""
    limits = {name: call[name] for name in ("max_interaction_depth", "max_tree_depth", "max_deepening")}
    found = _done(call, "find_interactions", call["model_id"], "Feature interactions", **limits)
    tables = [table(item) for item in found["tables"]]
    return FEATURE_INTERACTION.new(**{**call.echo(), "feature_interaction": tables or None})


@route(
    "POST",
    "/3/FriedmansPopescusH",
    "makeH",
    "Measures the interaction of features.",
    takes=H_STATISTIC,
    gives=H_STATISTIC,
)
def h_statistic(call: Call) -> dict[str, Any]:
    """The H statistic of some columns."""
    frame = call["frame"]
    if not frame or not call["variables"]:
        raise InvalidArgument("The parameters 'frame' and 'variables' are required.")
    manifest = {"key": frame, "manifest": call.server.store.manifest(frame)}
    found = _done(call, "find_h", call["model_id"], "H statistic", frame=manifest, variables=list(call["variables"]))
    return H_STATISTIC.new(**{**call.echo(), "h": number(found["h"])})
