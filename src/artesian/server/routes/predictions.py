"""Predictions of models on frames, and metrics: measured now, measured before, made from given predictions."""

from __future__ import annotations

from typing import Any

from artesian.core.errors import InvalidArgument, NotAvailable, NotFound
from artesian.core.ids import MAX_KEY_LENGTH, check_key, new_key
from artesian.jobs import Job
from artesian.server.client_code import measured_by_code
from artesian.server.pages import Page, shown_frame
from artesian.server.routing import Call, route
from artesian.server.state import Server
from artesian.server.wire.jobs import JOB
from artesian.server.wire.jobs import job as shown_job
from artesian.server.wire.keys import frame_key, model_key
from artesian.server.wire.metrics import metrics as shown_metrics
from artesian.server.wire.predictions import METRICS_LIST, METRICS_MAKER
from artesian.store import Kind
from artesian.store.belongings import metrics_prefix

_FLAGS = (
    "reconstruction_error",
    "reconstruction_error_per_feature",
    "reconstruct_train",
    "project_archetypes",
    "reverse_transform",
    "leaf_node_assignment",
    "predict_staged_proba",
    "predict_contributions",
    "row_to_tree_assignment",
    "feature_frequencies",
    "deviances",
)
_OF_CONTRIBUTIONS = (
    "predict_contributions_output_format",
    "top_n",
    "bottom_n",
    "compare_abs",
    "background_frame",
    "output_space",
    "output_per_reference",
)
_UPLIFT = ("auuc_type", "custom_auuc_thresholds")


# ---- predicting ----


def _options(call: Call) -> dict[str, Any]:
    """The other kind of prediction that is asked for, if any. Raises for options that nothing here honours."""
    refused = [name for name in _OF_CONTRIBUTIONS if call[name] and not call["predict_contributions"]]
    if refused:
        raise InvalidArgument(f"The parameter '{refused[0]}' belongs to predict_contributions; set that as well.")
    for name in _UPLIFT:
        if call[name] and str(call[name]).upper() not in ("AUTO", "NONE"):
            raise NotAvailable(
                f"The parameter '{name}' is not available: this server has no models that it applies to."
            )
    options: dict[str, Any] = {name: True for name in _FLAGS if call[name]}
    if "leaf_node_assignment" in options:
        options["leaf_node_assignment"] = call["leaf_node_assignment_type"] or "Path"
    if "predict_contributions" in options:
        options["predict_contributions"] = _of_contributions(call)
    if "reconstruction_error_per_feature" in options:
        options.pop("reconstruction_error", None)  # clients send both; the finer one is meant
    if call["deep_features_hidden_layer"] >= 0:
        options["deep_features_hidden_layer"] = call["deep_features_hidden_layer"]
    if call["deep_features_hidden_layer_name"]:
        options["deep_features_hidden_layer_name"] = call["deep_features_hidden_layer_name"]
    if call["exemplar_index"] >= 0:
        options["exemplar_index"] = call["exemplar_index"]
    return options


def _of_contributions(call: Call) -> dict[str, Any]:
    """How contributions are to be told; the background frame as one to be opened."""
    background = call["background_frame"]
    return {
        "output_format": call["predict_contributions_output_format"] or "Original",
        **{name: call[name] for name in ("top_n", "bottom_n", "compare_abs", "output_space", "output_per_reference")},
        "background_frame": call.server.store.manifest(background) if background else None,
    }


def _default_key(options: dict[str, Any], model: str, frame: str) -> str:
    kind = next(iter(options), "prediction").removesuffix("_hidden_layer").removesuffix("_hidden_layer_name")
    return f"{new_key(kind)}_{model}_on_{frame}"[:MAX_KEY_LENGTH]


def _predict(call: Call, options: dict[str, Any], dest: str | None, done: list[dict[str, Any]]) -> Job:
    """Starts the prediction; frame and metrics are registered when it is done, and the outcome is added to `done`."""
    server, model, frame = call.server, call["model"], call["frame"]
    folder = server.store.model_folder(model)
    arguments = {
        "model_folder": str(folder),
        "model_key": model,
        "frame": {"key": frame, "manifest": server.store.manifest(frame)},
        "options": options,
        "dest": dest,
        "want_metrics": True,
        **measured_by_code(server, server.store.model_details(model), call["custom_metric_func"]),
    }

    def finish(result: dict[str, Any]) -> None:
        if dest is not None and result["frame"] is not None:
            server.store.put_manifest(dest, result["frame"])
        if result["metrics"] is not None:
            _keep(server, model, frame, result["metrics"])
        done.append(result)

    return server.jobs.submit(
        "artesian.learn.tasks:predict",
        arguments,
        description="prediction" if not options else next(iter(options)),
        dest=dest,
        dest_kind=Kind.FRAME if dest else None,
        on_done=finish,
    )


def _keep(server: Server, model: str, frame: str, measured: dict[str, Any]) -> None:
    document = {"model": model, "frame": frame, "metrics": measured}
    key = f"{metrics_prefix(model)}{frame}"[:MAX_KEY_LENGTH]
    server.store.put_document(Kind.METRICS, key, document)


def _with_auc_type(call: Call, measured: dict[str, Any] | None) -> dict[str, Any] | None:
    """The metrics with areas averaged as asked for, where that differs from the model's own way."""
    kind = (call["auc_type"] or "").upper()
    if measured is None or measured["kind"] != "multinomial" or kind in ("", "AUTO", "NONE"):
        return measured
    server, model, frame = call.server, call["model"], call["frame"]
    predicted: list[dict[str, Any]] = []
    key = new_key("prediction")
    server.settle(_predict(call, {}, key, predicted))
    try:
        details = server.store.model_details(model)
        actual = server.store.frame(frame).select([details["response"]])
        server.store.put_frame(f"{key}_actual", actual)
        made = _make(server, f"{key}_frame", key, f"{key}_actual", domain=measured["domain"], auc_type=kind)
    finally:
        for name in (key, f"{key}_actual"):
            server.store.remove(name, missing_ok=True)
    return made | {"model_id": model, "frame_id": frame}


@route(
    "POST",
    "/3/Predictions/models/{model}/frames/{frame}",
    "predict",
    "Predicts the rows of a frame.",
    takes=METRICS_LIST,
    gives=METRICS_LIST,
)
def predict(call: Call) -> dict[str, Any]:
    """Predicts and measures, and answers when it is done."""
    server = call.server
    options = _options(call)
    dest = check_key(call["predictions_frame"] or _default_key(options, call["model"], call["frame"]))
    done: list[dict[str, Any]] = []
    server.settle(_predict(call, options, dest, done))
    frame = server.store.frame(dest)
    page = Page.of(frame, server.settings, 0, -1, 0, -1, -1)
    shown = shown_frame(dest, frame, page, address=server.address)
    measured = shown_metrics(done[0]["metrics"], shown) or _unmeasured(call, shown)
    return _answer(call, [measured], predictions_frame=frame_key(dest))


def _unmeasured(call: Call, predictions: dict[str, Any]) -> dict[str, Any]:
    """Predictions of a frame without a response: no metrics, but clients look here for the frame."""
    from artesian.server.wire.metrics import BASE

    details = call.server.store.model_details(call["model"])
    return BASE.new(
        model=model_key(call["model"]),
        frame=frame_key(call["frame"]),
        model_category=details["category"],
        predictions=predictions,
        MSE="NaN",
        RMSE="NaN",
    )


@route(
    "POST",
    "/4/Predictions/models/{model}/frames/{frame}",
    "predict_async",
    "Predicts the rows of a frame in a job.",
    takes=METRICS_LIST,
    gives=JOB,
)
def predict_in_job(call: Call) -> dict[str, Any]:
    """Starts the prediction; the job makes the frame."""
    options = _options(call)
    dest = check_key(call["predictions_frame"] or _default_key(options, call["model"], call["frame"]))
    return shown_job(_predict(call, options, dest, []))


# ---- metrics ----


def _answer(call: Call, found: list[Any], **more: Any) -> dict[str, Any]:
    keys = {
        "model": model_key(call["model"]) if call["model"] else None,
        "frame": frame_key(call["frame"]) if call["frame"] else None,
        "predictions_frame": None,
        "deviances_frame": None,
    }
    return METRICS_LIST.new(**{**call.echo(), **keys, **more}, model_metrics=found)


def _stored(call: Call) -> list[tuple[str, dict[str, Any]]]:
    """The stored metrics of the model and frame that are named. NotFound when such an object does not exist."""
    store = call.server.store
    model, frame = call["model"], call["frame"]
    if model:
        store.model_details(model)
    found = []
    for key in store.keys(Kind.METRICS):
        if model and not key.startswith(metrics_prefix(model)):
            continue
        try:
            document = store.document(Kind.METRICS, key)
        except NotFound:  # removed meanwhile
            continue
        if model in (None, document["model"]) and frame in (None, document["frame"]):
            found.append((key, document))
    return found


_PATHS = (
    ("/3/ModelMetrics", "_mmFetch5", "all"),
    ("/3/ModelMetrics/models/{model}", "_mmFetch2", "a model"),
    ("/3/ModelMetrics/models/{model}/frames/{frame}", "_mmFetch1", "a model on a frame"),
    ("/3/ModelMetrics/frames/{frame}", "_mmFetch4", "a frame"),
    ("/3/ModelMetrics/frames/{frame}/models/{model}", "_mmFetch3", "a model on a frame"),
)


def stored_metrics(call: Call) -> dict[str, Any]:
    """Metrics that were measured before."""
    return _answer(call, [shown_metrics(document["metrics"]) for _, document in _stored(call)])


def remove_metrics(call: Call) -> dict[str, Any]:
    """Removes stored metrics and answers them."""
    found = _stored(call)
    for key, _ in found:
        call.server.store.remove(key, missing_ok=True)
    return _answer(call, [shown_metrics(document["metrics"]) for _, document in found])


for _path, _name, _what in _PATHS:
    route("GET", _path, _name, f"Lists stored metrics: {_what}.", takes=METRICS_LIST, gives=METRICS_LIST)(
        stored_metrics
    )
    route(
        "DELETE",
        _path,
        _name.replace("Fetch", "Delete"),
        f"Removes stored metrics: {_what}.",
        takes=METRICS_LIST,
        gives=METRICS_LIST,
    )(remove_metrics)


@route(
    "POST",
    "/3/ModelMetrics/models/{model}/frames/{frame}",
    "score",
    "Measures a model on a frame.",
    takes=METRICS_LIST,
    gives=METRICS_LIST,
)
def score(call: Call) -> dict[str, Any]:
    """Measures, and answers when it is done; nothing for a frame without a response."""
    server = call.server
    done: list[dict[str, Any]] = []
    server.settle(_predict(call, _options(call), None, done))
    measured = _with_auc_type(call, done[0]["metrics"])
    return _answer(call, [shown_metrics(measured)] if measured is not None else [])


def _make(server: Server, title: str, predictions: str, actuals: str, **options: Any) -> dict[str, Any]:
    store = server.store

    def frame(key: str | None) -> dict[str, Any] | None:
        return {"key": key, "manifest": store.manifest(key)} if key else None

    weights = options.pop("weights", None)
    done: list[dict[str, Any]] = []
    arguments = {"predictions": frame(predictions), "actuals": frame(actuals), "weights": frame(weights), **options}
    job = server.jobs.submit(
        "artesian.learn.tasks:make_metrics", arguments, description=f"Metrics of {title}", on_done=done.append
    )
    server.settle(job)
    measured: dict[str, Any] = done[0]["metrics"]
    return measured


@route(
    "POST",
    "/3/ModelMetrics/predictions_frame/{predictions_frame}/actuals_frame/{actuals_frame}",
    "makeMetrics",
    "Measures given predictions against actual values.",
    takes=METRICS_MAKER,
    gives=METRICS_MAKER,
)
def make_metrics(call: Call) -> dict[str, Any]:
    """Metrics of any predictions, whoever made them."""
    if call["treatment_frame"] or call["custom_auuc_thresholds"]:
        raise NotAvailable("Uplift models cannot be measured: leave treatment_frame and custom_auuc_thresholds out.")
    measured = _make(
        call.server,
        call["predictions_frame"],
        call["predictions_frame"],
        call["actuals_frame"],
        weights=call["weights_frame"],
        domain=call["domain"],
        distribution=call["distribution"],
        auc_type=call["auc_type"],
    )
    shown = shown_metrics(measured | {"frame_id": None})
    return METRICS_MAKER.new(**call.echo(), model_metrics=shown)
