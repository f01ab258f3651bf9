"""Partial dependence of a model's predictions on the columns of a frame."""

from __future__ import annotations

from typing import Any

from artesian.core.errors import InvalidArgument, NotFound
from artesian.core.ids import check_key, new_key
from artesian.server.routing import Call, route
from artesian.server.wire.jobs import job as shown_job
from artesian.server.wire.keys import PARTIAL_DEPENDENCE_KEY
from artesian.server.wire.partial_dependence import PARTIAL_DEPENDENCE, asked, partial_dependence
from artesian.store import Kind

KIND = "partial dependence"


@route(
    "POST",
    "/3/PartialDependence",
    "makePartialDependence",
    "Works out partial dependence.",
    takes=PARTIAL_DEPENDENCE,
    gives=PARTIAL_DEPENDENCE,
)
def make(call: Call) -> dict[str, Any]:
    """Starts the job; its outcome is read from its destination."""
    from artesian.learn.base.details import ModelDetails
    from artesian.learn.base.partial_dependence import DependenceOrder, check_order

    store, model, frame = call.server.store, call["model_id"], call["frame_id"]
    for name in ("model_id", "frame_id"):
        if not call[name]:
            raise InvalidArgument(f"The parameter '{name}' is required.", argument=name)
    key = check_key(call["destination_key"] or new_key("partial_dependence"))
    table, order = store.frame(frame), _order(call)
    folder = store.model_folder(model)
    # what cannot be done is told at once, not by a job that fails
    check_order(DependenceOrder(**order), ModelDetails.from_dict(store.model_details(model)), table)
    arguments = {
        "model_folder": str(folder),
        "frame": {"key": frame, "manifest": store.manifest(frame)},
        "order": order,
    }
    repeated = asked(call.values)

    def finish(result: dict[str, Any]) -> None:
        document = {
            "kind": KIND,
            "model": model,
            "frame": frame,
            "asked": {**repeated, "cols": result["columns"] or None},
            "tables": result["tables"],
        }
        store.put_document(Kind.DOCUMENT, key, document)

    job = call.server.jobs.submit(
        "artesian.learn.examining:depend",
        arguments,
        description="PartialDependencePlot",
        dest=key,
        dest_kind=KIND,
        on_done=finish,
    )
    return shown_job(job)


def _order(call: Call) -> dict[str, Any]:
    """The fields of a `DependenceOrder`."""
    frame = call.server.store.frame(call["frame_id"])
    position, weights = call["weight_column_index"], None
    if position >= 0:
        if position >= frame.n_columns:
            raise InvalidArgument(
                f"The parameter 'weight_column_index' must be below the number of columns, {frame.n_columns}. Got {position}."
            )
        weights = frame.names[position]
    pairs = [tuple(pair) for pair in call["col_pairs_2dpdp"] or ()]
    if any(len(pair) != 2 for pair in pairs):
        raise InvalidArgument(f"The parameter 'col_pairs_2dpdp' must hold pairs of columns. Got {pairs}.")
    return {
        "columns": tuple(call["cols"] or ()),
        "pairs": tuple(pairs),
        "bins": call["nbins"],
        "missing": call["add_missing_na"],
        "weights": weights,
        "row": call["row_index"] if call["row_index"] >= 0 else None,
        "targets": tuple(call["targets"] or ()),
        "splits": _splits(call),
    }


def _splits(call: Call) -> dict[str, list[float]]:
    values, names, counts = (call[name] or [] for name in ("user_splits", "user_cols", "num_user_splits"))
    if len(names) != len(counts) or sum(counts) != len(values):
        raise InvalidArgument(
            "The parameters 'user_cols', 'num_user_splits' and 'user_splits' belong together: a count for each column, "
            f"and as many values as the counts add up to. Got {len(names)}, {len(counts)} and {len(values)}."
        )
    splits, start = {}, 0
    for name, count in zip(names, counts, strict=True):
        splits[name] = list(values[start : start + count])
        start += count
    return splits


@route(
    "GET",
    "/3/PartialDependence/{name}",
    "fetchPartialDependence",
    "Shows partial dependence that was worked out.",
    takes=PARTIAL_DEPENDENCE_KEY,
    gives=PARTIAL_DEPENDENCE,
    free=True,
)
def fetch(call: Call) -> dict[str, Any]:
    """The tables; NotFound for a key that holds something else."""
    key = call.raw["name"]
    document = call.server.store.document(Kind.DOCUMENT, key)
    if document.get("kind") != KIND:
        raise NotFound(f"The object '{key}' is no partial dependence.", key=key)
    return partial_dependence(document)
