"""The tasks that worker processes run: train a model, predict, measure given predictions. Arguments and results are plain data.

`context` is a job's context (see `learn.base.context`). Frames travel as `{"key", "manifest"}`, models as folders.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from artesian.core.errors import InvalidArgument
from artesian.core.ids import new_key
from artesian.frame import Frame
from artesian.frame.segment import open_frame, persist
from artesian.learn.base.building import Order, build
from artesian.learn.base.context import Context
from artesian.learn.base.cross_validation import Built
from artesian.learn.base.custom_code import available
from artesian.learn.base.exporting import export_folder, export_models
from artesian.learn.base.making_metrics import metrics_of_frames
from artesian.learn.base.model import Model, load_model
from artesian.learn.base.reading import notes_of_unseen
from artesian.learn.base.registry import algorithm as find_algorithm

FrameArgument = Mapping[str, Any]


def train(
    context: Context,
    *,
    algorithm: str,
    model_key: str,
    given: Mapping[str, Any],
    parameters: Mapping[str, Any],
    frames: Mapping[str, Any],
    models: Mapping[str, Any],
    code: Mapping[str, str] | None = None,
) -> dict[str, Any]:
    """Trains a model, with cross-validation where the parameters ask for it.

    `parameters` and `given` are `values` and `given` of `ValidatedParameters`. `frames` maps parameters to
    `{"key", "manifest"}`, or to a list of those (None for gaps) where the parameter is a list; `models` maps parameters to
    folders, or to lists of those; `code` maps references of custom metrics and distributions to the files of their
    source. While it trains, `{"details": …}` is published.

    Returns `{"model": {"key", "folder"}, "models": [the kept models of folds, and others beside it], "frames": {key: manifest},
    "metrics": {key: {"model", "frame", "metrics"}}}`; folders and segments lie in the context's scratch folder.
    """
    opened = {name: _open(value) for name, value in frames.items()}
    loaded = {name: _loaded(folders) for name, folders in models.items()}
    values = {name: _as_tuple(value) for name, value in parameters.items()}
    copies = values.get("export_checkpoints_dir")
    destination = export_folder(copies, context.settings) if copies else None
    order = Order(find_algorithm(algorithm), model_key, values, given, opened, loaded)
    with available(code):
        built = build(order, context)
    context.check()
    if destination is not None:
        export_models((*built.all_fold_models, built.model), destination)
    return _finished(built, context)


def _finished(built: Built, context: Context) -> dict[str, Any]:
    folder = context.scratch
    frames = dict(built.frames)
    beside = [*built.fold_models, *built.model.companions()]
    for model in (built.model, *beside):
        frames.update(model.frames())
    manifests = {key: persist(frame, folder)[1] for key, frame in frames.items()}
    models = [{"key": m.details.key, "folder": str(_save(m, folder))} for m in beside]
    main = {"key": built.model.details.key, "folder": str(_save(built.model, folder))}
    metrics: dict[str, Any] = {}
    for model in (built.model, *beside):
        metrics.update(metrics_of(model))
    return {"model": main, "models": models, "frames": manifests, "metrics": metrics}


def _save(model: Model, folder: Path) -> Path:
    return model.save(folder / new_key("model"))


def metrics_of(model: Model) -> dict[str, Any]:
    """The metrics that a model brings along, by the key that they are kept under."""
    details = model.details
    found = (
        ("", details.training_frame, details.training_metrics),
        ("", details.validation_frame, details.validation_metrics),
        ("_cv", details.training_frame, details.cross_validation_metrics),
    )
    return {
        f"modelmetrics_{details.key}_on_{frame}{suffix}": {"model": details.key, "frame": frame, "metrics": metrics}
        for suffix, frame, metrics in found
        if metrics is not None
    }


def predict(
    context: Context,
    *,
    model_folder: str,
    model_key: str,
    frame: FrameArgument,
    options: Mapping[str, Any] | None = None,
    dest: str | None = None,
    want_metrics: bool = True,
    code: Mapping[str, str] | None = None,
    custom_metric_func: str | None = None,
) -> dict[str, Any]:
    """Predicts the rows of a frame.

    `options` names at most one other kind of prediction and its value, e.g. `{"deep_features_hidden_layer": 0}`,
    `{"reconstruction_error": True}` or `{"reconstruction_error_per_feature": True}`; options that are None or False do not
    count. Without a `dest` no frame is made, only metrics. `custom_metric_func` is measured instead of the model's own
    custom metric; `code` maps references of such to the files of their source.

    Returns `{"frame": manifest or None, "metrics": dict or None}`; metrics only if wanted and the frame has a response.
    """
    with available(code):
        return _predicted(
            context, load_model(model_folder), model_key, frame, options, dest, want_metrics, custom_metric_func
        )


def _predicted(
    context: Context,
    model: Model,
    model_key: str,
    frame: FrameArgument,
    options: Mapping[str, Any] | None,
    dest: str | None,
    want_metrics: bool,
    custom_metric_func: str | None,
) -> dict[str, Any]:
    if custom_metric_func:
        model.details.parameters["custom_metric_func"] = {"default": None, "given": None, "actual": custom_metric_func}
    table = open_frame(frame["manifest"])
    context.check()
    asked = {name: value for name, value in (options or {}).items() if value is not None and value is not False}
    if "reconstruction_error_per_feature" in asked:
        asked.pop("reconstruction_error", None)  # the per-feature form is asked for in addition to the plain one
    if len(asked) > 1:
        raise InvalidArgument(f"One kind of prediction at a time; got {', '.join(asked)}.")
    domains: dict[str, Sequence[str] | None] = dict(zip(model.details.names, model.details.domains, strict=True))
    if model.target_step is not None:
        domains |= model.target_step.levels
    for note in [*model.notes(table), *notes_of_unseen(domains, table)]:
        context.warn(note)
    metrics = None
    if asked:
        option, value = next(iter(asked.items()))
        if isinstance(value, Mapping) and value.get("background_frame"):
            value = {**value, "background_frame": open_frame(value["background_frame"])}
        predictions = model.predict_option(table, option, value, threads=context.threads)
        if want_metrics and option.startswith("reconstruction_error"):
            metrics = model.score(table, threads=context.threads)
    elif want_metrics:
        predictions, metrics = model.predict_and_score(table, threads=context.threads)
    else:
        predictions = model.predict(table, threads=context.threads)
    context.check()
    manifest = persist(predictions, context.scratch)[1] if dest is not None else None
    told = metrics.about(model_id=model_key, frame_id=frame["key"]).to_dict() if metrics is not None else None
    return {"frame": manifest, "metrics": told}


def make_metrics(
    context: Context,
    *,
    predictions: FrameArgument,
    actuals: FrameArgument,
    weights: FrameArgument | None = None,
    domain: list[str] | None = None,
    distribution: str | None = None,
    auc_type: str | None = None,
) -> dict[str, Any]:
    """Metrics of given predictions against actual values, each a frame; see `metrics_of_frames`. Returns `{"metrics": dict}`."""
    metrics = metrics_of_frames(
        open_frame(predictions["manifest"]),
        open_frame(actuals["manifest"]),
        weights=open_frame(weights["manifest"]) if weights else None,
        domain=domain,
        distribution=distribution,
        auc_type=auc_type,
    )
    context.check()
    return {"metrics": metrics.about(frame_id=predictions["key"]).to_dict()}


def _loaded(folders: Any) -> Any:
    return [load_model(folder) for folder in folders] if isinstance(folders, list) else load_model(folders)


def _open(value: Any) -> Frame | list[Frame | None]:
    if isinstance(value, list):
        return [open_frame(item["manifest"]) if item else None for item in value]
    return open_frame(value["manifest"])


def _as_tuple(value: Any) -> Any:
    """Lists come back as the tuples that parameters hold."""
    return tuple(value) if isinstance(value, list) else value
