"""Models: from the details that a model keeps to the schema of its algorithm."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from typing import TYPE_CHECKING, Any

from artesian.learn.base.parameters import Declaration, fields_of
from artesian.server.wire import schema as schema_module
from artesian.server.wire.builders import VERSIONS, schemas_of
from artesian.server.wire.keys import frame_key, model_key
from artesian.server.wire.metrics import metrics
from artesian.server.wire.numbers import number
from artesian.server.wire.outputs import own_fields, own_value
from artesian.server.wire.parameters import parameters
from artesian.server.wire.schema import Schema, declare, given, out
from artesian.server.wire.table import table

if TYPE_CHECKING:
    from artesian.learn.base.algorithm import Algorithm

_HEAD = (
    out("model_id", "Key<Model>", "The model.", of="ModelKeyV3"),
    out("algo", "string", "Name of the algorithm."),
    out("algo_full_name", "string", "Its name for people."),
    out("response_column_name", "string", "The column that it predicts."),
    out("treatment_column_name", "string", "The column of treatments, for uplift models."),
    out("data_frame", "Key<Frame>", "The frame that it was trained on.", of="FrameKeyV3"),
    out("timestamp", "long", "When it was finished, in milliseconds since 1970 UTC.", 0),
    out("have_pojo", "boolean", "Whether it can be had as a POJO.", False),
    out("have_mojo", "boolean", "Whether it can be had as a MOJO.", False),
)
_BODY = (
    out("parameters", "Parameters", "Its parameters.", of="ModelParametersSchemaV3"),
    out("output", "Output", "What came out of the training.", of="ModelOutputSchemaV3"),
    out("compatible_frames", "string[]", "Frames that it can score, when asked for."),
)
_OUTPUT = (
    out("names", "string[]", "Columns, the response last."),
    out("original_names", "string[]", "Columns before categorical ones were expanded, if they were."),
    out("column_types", "string[]", "Types of the columns."),
    out("domains", "string[][]", "Levels of the categorical ones."),
    out("cross_validation_models", "Key<Model>[]", "Models of the folds.", of="ModelKeyV3"),
    out("cross_validation_predictions", "Key<Frame>[]", "Predictions by fold.", of="FrameKeyV3"),
    out(
        "cross_validation_holdout_predictions_frame_id", "Key<Frame>", "Predictions of held-out rows.", of="FrameKeyV3"
    ),
    out("cross_validation_fold_assignment_frame_id", "Key<Frame>", "Fold of each row.", of="FrameKeyV3"),
    out("model_category", "enum", "What the model predicts."),
    out("model_summary", "TwoDimTable", "Summary of the model.", of="TwoDimTableV3"),
    out("scoring_history", "TwoDimTable", "Scores along the training.", of="TwoDimTableV3"),
    out("cv_scoring_history", "TwoDimTable[]", "Scores along the training of the folds.", of="TwoDimTableV3"),
    out("reproducibility_information_table", "TwoDimTable[]", "Where and on what it was trained.", of="TwoDimTableV3"),
    out("training_metrics", "ModelMetrics", "Metrics on the training frame.", of="ModelMetricsBaseV3"),
    out("validation_metrics", "ModelMetrics", "Metrics on the validation frame.", of="ModelMetricsBaseV3"),
    out("cross_validation_metrics", "ModelMetrics", "Metrics on held-out rows.", of="ModelMetricsBaseV3"),
    out("cross_validation_metrics_summary", "TwoDimTable", "Metrics fold by fold.", of="TwoDimTableV3"),
    out("status", "string", "State of the training, while it runs."),
    out("start_time", "long", "When the training started, in milliseconds since 1970 UTC.", 0),
    out("end_time", "long", "When it ended.", 0),
    out("run_time", "long", "How long it took, in milliseconds.", 0),
    out("default_threshold", "double", "Probability from which the second class is predicted.", 0.5),
    out("help", "Map<string,string>", "What these fields mean."),
)
MODEL_BASE = declare("ModelSchemaBaseV3", "Model", *_HEAD)
MODEL = declare("ModelSchemaV3", "Model", *_HEAD, *_BODY, parent="ModelSchemaBaseV3")
OUTPUT = declare("ModelOutputSchemaV3", "ModelOutput", *_OUTPUT)
MODELS = declare(
    "ModelsV3",
    "Models",
    given("model_id", "Key<Model>", "Which model.", echoed=False),
    given("preview", "boolean", "Leave out what is long.", False, echoed=False),
    given("find_compatible_frames", "boolean", "Also list the frames that the model can score.", False, echoed=False),
    out("models", "Model[]", "Models.", of="ModelSchemaV3"),
    out("compatible_frames", "Frame[]", "Frames that the model can score.", of="FrameV3"),
    given("export_cross_validation_predictions", "boolean", "Save predictions of the folds along.", False),
    request=True,
)
MODEL_EXPORT = declare(
    "ModelExportV3",
    "Iced",
    given("model_id", "Key<Model>", "Which model.", echoed=False),
    given("dir", "string", "Path to write to."),
    given("force", "boolean", "Write over what is there.", True),
    given("export_cross_validation_predictions", "boolean", "Save predictions of the folds along.", False),
    request=True,
)
MODEL_IMPORT = declare(
    "ModelImportV3",
    "Iced",
    given("model_id", "Key<Model>", "Not needed: a model keeps its key.", echoed=False),
    given("dir", "string", "Path of the file, or key of an uploaded one."),
    given("force", "boolean", "Replace a model of the same key.", True),
    request=True,
)
_STATUS_SHOWN = ("RUNNING", "CREATED")


@cache
def schemas_of_model(algorithm: type[Algorithm]) -> tuple[Schema, Schema, Schema]:
    """The schemas of an algorithm's models, of their short form and of their output."""
    version = VERSIONS.get(algorithm.name, 3)
    called = algorithm.called
    known = schema_module.schemas()
    if f"{called}ModelV{version}" not in known:
        schemas_of(algorithm)
        declare(
            f"{called}ModelOutputV{version}",
            f"{called}ModelOutput",
            *_OUTPUT,
            *own_fields(algorithm.name),
            version=version,
            parent="ModelOutputSchemaV3",
        )
        declare(f"{called}ModelV{version}", f"{called}Model", *_HEAD, *_BODY, version=version, parent="ModelSchemaV3")
    full = known[f"{called}ModelV{version}"]
    short = Schema(full.name, full.type, _HEAD, version, full.parent, full.meta)
    return full, short, known[f"{called}ModelOutputV{version}"]


@cache
def _declared(algorithm: type[Algorithm]) -> dict[str, Declaration]:
    return fields_of(algorithm.parameters)


def _head(details: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "model_id": model_key(details["key"]),
        "algo": details["algorithm"],
        "algo_full_name": details["title"],
        "response_column_name": details["response"],
        "data_frame": frame_key(details["training_frame"]),
        "timestamp": details["end_ms"] or details["start_ms"] or details["created_ms"],
    }


def short_model(details: Mapping[str, Any], algorithm: type[Algorithm]) -> dict[str, Any]:
    """A model of a list."""
    return schemas_of_model(algorithm)[1].new(**_head(details))


def model(
    details: Mapping[str, Any],
    algorithm: type[Algorithm],
    *,
    reproducibility: list[dict[str, Any]] | None = None,
    compatible_frames: list[str] | None = None,
    preview: bool = False,
) -> dict[str, Any]:
    """A model, finished or not, given as the `to_dict` of its details. A preview leaves the tables of thresholds out."""
    full, _, output_schema = schemas_of_model(algorithm)
    given_values = details["parameters"]
    actual = {name: entry["actual"] for name, entry in given_values.items()}
    asked = {name: entry["given"] for name, entry in given_values.items() if entry["given"] is not None}
    return full.new(
        **_head(details),
        parameters=parameters(_declared(algorithm), actual, asked),
        output=_output(details, output_schema, reproducibility, preview),
        compatible_frames=compatible_frames,
    )


def _output(
    details: Mapping[str, Any], shape: Schema, reproducibility: list[dict[str, Any]] | None, preview: bool
) -> dict[str, Any]:
    histories = details.get("cross_validation_scoring_histories")
    own: dict[str, Any] = {field.name: None for field in shape.fields if field not in _OUTPUT}
    own |= {name: own_value(name, value) for name, value in details["extra"].items() if name in own}
    if "variable_importances" in own:
        own["variable_importances"] = table(details["variable_importances"])
    running = details["status"] in _STATUS_SHOWN
    start, end = details["start_ms"], details["end_ms"]
    return shape.new(
        names=details["names"],
        original_names=details["original_names"],
        column_types=details["column_types"],
        domains=details["domains"],
        cross_validation_models=_keys(model_key, details["cross_validation_models"]),
        cross_validation_predictions=_keys(frame_key, details["cross_validation_predictions"]),
        cross_validation_holdout_predictions_frame_id=_key(details["cross_validation_holdout_predictions"]),
        cross_validation_fold_assignment_frame_id=_key(details["cross_validation_fold_assignment"]),
        model_category=details["category"],
        model_summary=table(details["model_summary"]),
        scoring_history=table(details["scoring_history"]),
        cv_scoring_history=[table(item) for item in histories] if histories else None,
        reproducibility_information_table=reproducibility,
        training_metrics=_metrics(details["training_metrics"], preview),
        validation_metrics=_metrics(details["validation_metrics"], preview),
        cross_validation_metrics=_metrics(details["cross_validation_metrics"], preview),
        cross_validation_metrics_summary=table(details["cross_validation_summary"]),
        status=details["status"] if running else None,
        start_time=start,
        end_time=end,
        run_time=max(0, end - start) if end else 0,
        default_threshold=number(details["default_threshold"]),
        help={field.name: field.help for field in shape.fields},
        **own,
    )


def _metrics(plain: Mapping[str, Any] | None, preview: bool) -> dict[str, Any] | None:
    shaped = metrics(plain)
    if shaped and preview and "thresholds_and_metric_scores" in shaped:
        shaped["thresholds_and_metric_scores"] = None
    return shaped


def _key(name: str | None) -> dict[str, Any] | None:
    return frame_key(name) if name else None


def _keys(make: Any, names: list[str] | None) -> list[dict[str, Any]] | None:
    return [make(name) for name in names] if names else None
