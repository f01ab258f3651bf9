"""Operators of the expression language that look into models or change them; they register when the routes are loaded.

The work is done by a worker process, as that of any prediction; the expression waits for it.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl

from artesian.core.errors import InvalidArgument
from artesian.core.ids import MAX_KEY_LENGTH, check_key, new_key
from artesian.frame import Column, ColumnType, Frame
from artesian.rapids.registry import FRAME, INTEGER, NUMBER, STRING, STRINGS, VALUE, Context, Kind, operator
from artesian.rapids.values import Reference
from artesian.server.environment import StoreEnvironment
from artesian.server.segment_results import KIND as SEGMENTS
from artesian.server.segment_results import as_frame
from artesian.server.state import Server
from artesian.store import Kind as Stored


def _reference(value: Any, kind: str) -> str:
    if isinstance(value, Reference) and value.kind == kind:
        return value.key
    raise ValueError(f"a {value.kind}" if isinstance(value, Reference) else "")


MODEL = Kind("the key of a model", lambda value, context: _reference(value, Stored.MODEL.value))
SEGMENT_MODELS = Kind("the key of segment models", lambda value, context: _reference(value, Stored.DOCUMENT.value))


def _server(context: Context) -> Server:
    environment = context.environment
    if not isinstance(environment, StoreEnvironment):
        raise InvalidArgument("This operator needs a server: models live there.")
    return environment.server


def _run(
    server: Server, task: str, model: str, frame: Frame, arguments: Mapping[str, Any], *, text: str
) -> dict[str, Any]:
    """The result of a task of `learn.examining` on a model and a frame, which is put into the store for its time."""
    key = new_key("examined")
    server.store.put_frame(key, frame)
    try:
        given = {
            "model_folder": str(server.store.model_folder(model)),
            "frame": {"key": key, "manifest": server.store.manifest(key)},
            **arguments,
        }
        done: list[dict[str, Any]] = []
        job = server.jobs.submit(
            f"artesian.learn.examining:{task}",
            given,
            description=text,
            on_done=lambda result: done.append(_adopted(server, result)),  # before the job's files go
        )
        server.settle(job)
        return done[0]
    finally:
        server.store.remove(key, missing_ok=True)


def _adopted(server: Server, result: dict[str, Any]) -> dict[str, Any]:
    """The result with frames in the place of manifests."""

    def opened(manifest: Mapping[str, Any]) -> Frame:
        key = new_key("result")
        server.store.put_manifest(key, manifest)
        frame = server.store.frame(key)
        loose = Frame(frame.names, [_copy(column) for column in frame.columns], frame.n_rows)
        server.store.remove(key)
        return loose

    if "frame" in result:
        return {"frame": opened(result["frame"])}
    return {"frames": {name: opened(manifest) for name, manifest in result["frames"].items()}}


def _copy(column: Column) -> Column:
    """The column in memory: its file goes."""
    values = pl.Series(column.values.name, column.values.to_list(), dtype=column.values.dtype)
    return Column(column.type, values, None if column.domain is None else pl.Series(column.domain.to_list()))


@operator(
    "PermutationVarImp",
    MODEL("model"),
    FRAME("frame"),
    STRING("metric"),
    INTEGER("n_samples"),
    INTEGER("n_repeats"),
    VALUE("features"),
    INTEGER("seed"),
    doc="How much a metric of a model changes when the values of each column are shuffled.",
)
def permutation_importance(
    context: Context, model: str, frame: Frame, metric: str, n_samples: int, n_repeats: int, features: Any, seed: int
) -> Frame:
    """See `learn.base.permutation`; `features` is a list of names, or an empty list (or None) for all columns."""
    names = [features] if isinstance(features, str) else features if isinstance(features, list) else []
    options = {
        "metric": metric,
        "samples": n_samples,
        "repeats": n_repeats,
        "features": [str(name) for name in names],
        "seed": seed,
    }
    answer = _run(
        _server(context), "permute", model, frame, {"options": options}, text=f"Permutation importance of {model}"
    )
    found: Frame = answer["frame"]
    return found


@operator(
    "fairnessMetrics",
    MODEL("model"),
    FRAME("frame"),
    STRINGS("protected_columns"),
    STRINGS("reference"),
    STRING("favourable_class"),
    doc="Metrics of a classifier of two classes in each group of the protected columns.",
)
def fairness_metrics(
    context: Context, model: str, frame: Frame, protected: list[str], reference: list[str], favourable: str
) -> dict[str, Frame]:
    """See `learn.base.fairness`. Each frame is kept under a name that tells group and model."""
    server = _server(context)
    arguments = {"protected": protected, "reference": reference, "favourable": favourable}
    frames: dict[str, Frame] = _run(server, "judge", model, frame, arguments, text=f"Fairness of {model}")["frames"]
    for name, found in frames.items():
        key = f"{name}_for_model_{model}_{new_key('fairness')}"[-MAX_KEY_LENGTH:]
        server.store.put_frame(check_key(key), found, session=context.environment.session)
        context.assigned(key, found)
    return frames


@operator(
    "model.reset.threshold",
    MODEL("model"),
    NUMBER("threshold"),
    doc="Sets the probability from which on a model predicts the second class; the one before is answered.",
)
def reset_threshold(context: Context, model: str, threshold: float) -> Frame:
    """A frame of one cell: the threshold before. The predictions that follow use the new one."""
    store = _server(context).store
    if not 0 <= threshold <= 1:
        raise InvalidArgument(f"The threshold must be from 0 to 1. Got {threshold:g}.", argument="threshold")
    details = store.model_details(model)
    if details["category"] != "Binomial":
        raise InvalidArgument(f"The model '{model}' has no threshold: it does not predict two classes.")
    before = float(details["default_threshold"])
    folder = _copied(store.model_folder(model), store.scratch_folder / new_key("threshold"))
    path = folder / "details.json"
    content = json.loads(path.read_text(encoding="utf-8"))
    path.write_text(json.dumps({**content, "default_threshold": threshold}, ensure_ascii=False), encoding="utf-8")
    store.put_model(model, folder)
    return Frame(["C1"], [Column.reals(pl.Series([before]))])


def _copied(folder: Path, target: Path) -> Path:
    import shutil

    return Path(shutil.copytree(folder, target))


@operator(
    "predicted.vs.actual.by.var",
    MODEL("model"),
    FRAME("frame"),
    STRING("variable"),
    FRAME("predictions"),
    doc="Mean prediction and mean response for each level of a column.",
)
def predicted_and_actual(context: Context, model: str, frame: Frame, variable: str, predictions: Frame) -> Frame:
    """A row a level, and a last one for rows where it is missing if there are such; rows without a response or of weight 0
    do not count. H2O leaves the rows where it is missing out.
    """
    details = _server(context).store.model_details(model)
    if not details["supervised"] or details["category"] == "Multinomial":
        raise InvalidArgument("Predictions are compared with a response that is numeric or has two classes.")
    if variable not in frame or frame[variable].domain is None:
        raise InvalidArgument(f"'{variable}' must be a categorical column of the frame.", argument="variable")
    if frame.n_rows != predictions.n_rows:
        raise InvalidArgument(
            f"The predictions must be those of the frame: it has {frame.n_rows} rows, they have {predictions.n_rows}."
        )
    actual, predicted = frame[details["response"]].floats(), predictions.columns[0].floats()
    weights = (details["parameters"].get("weights_column") or {}).get("actual")
    mass = frame[weights].floats() if weights and weights in frame else np.ones(frame.n_rows)
    counted = ~np.isnan(actual) & (mass > 0)
    levels = frame[variable].levels
    codes = frame[variable].codes()
    groups = np.where(codes < 0, len(levels), codes)[counted]
    totals = np.bincount(groups, mass[counted], minlength=len(levels))

    def means(values: np.ndarray[Any, np.dtype[np.float64]]) -> Column:
        sums = np.bincount(groups, (mass * values)[counted], minlength=len(totals))
        return Column.reals(pl.Series(np.divide(sums, totals, out=np.zeros(len(totals)), where=totals > 0)))

    missing = [None] * (len(totals) - len(levels))
    names = Column(ColumnType.STRING, pl.Series([*levels, *missing], dtype=pl.String))
    return Frame([variable, predictions.names[0], "actual"], [names, means(predicted), means(actual)])


@operator("segment_models_as_frame", SEGMENT_MODELS("segment_models"), doc="The segment models with how each ended.")
def segment_models_as_frame(context: Context, segment_models: str) -> Frame:
    """Columns of the segments, then `model`, `status`, `errors`, `warnings`."""
    server = _server(context)
    document = server.store.document(Stored.DOCUMENT, segment_models)
    if document.get("kind") != SEGMENTS:
        raise InvalidArgument(f"The object '{segment_models}' holds no segment models.")
    return as_frame(document)


def _changed(server: Server, model: str, task: str, text: str, **arguments: Any) -> dict[str, Any]:
    """The result of a task of `learn.trees.examining` that makes a changed copy of a model, which takes its place."""
    done: list[dict[str, Any]] = []

    def finish(result: dict[str, Any]) -> None:
        server.store.put_model(model, Path(result["folder"]))
        done.append(result)

    given = {"model_folder": str(server.store.model_folder(model)), **arguments}
    server.settle(server.jobs.submit(f"artesian.learn.trees.examining:{task}", given, description=text, on_done=finish))
    return done[0]


@operator(
    "tree.update.weights",
    MODEL("model"),
    FRAME("frame"),
    STRING("weights_column"),
    doc="Counts the rows of the nodes of a model's trees anew, from a frame with weights; predictions stay as they are.",
)
def update_tree_weights(context: Context, model: str, frame: Frame, weights_column: str) -> str:
    """OK, or which tree has nodes that no row of a weight arrives at."""
    server, key = _server(context), new_key("reweighed")
    server.store.put_frame(key, frame)
    try:
        table = {"key": key, "manifest": server.store.manifest(key)}
        text = f"Weights of the trees of {model}"
        empty = _changed(server, model, "reweigh", text, frame=table, weights_column=weights_column)["empty"]
    finally:
        server.store.remove(key, missing_ok=True)
    if not empty:
        return "OK"
    number, label = empty[0]
    return f"Some of the updated nodes have zero weights (eg.: tree #{number + 1}, class #{label + 1})."


@operator(
    "set.calibration.model",
    MODEL("model"),
    MODEL("calibration_model"),
    doc="Calibrates a model of trees for two classes by a logistic or isotonic regression of its probabilities.",
)
def set_calibration_model(context: Context, model: str, calibration_model: str) -> str:
    """OK; the predictions that follow have calibrated probabilities beside the others."""
    server = _server(context)
    folder = str(server.store.model_folder(calibration_model))
    _changed(server, model, "calibrate", f"Calibration of {model}", calibration_folder=folder)
    return "OK"
