"""AutoML on the wire: the request that builds, runs with their event logs, and leaderboards."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, Final

from artesian.server.wire.keys import AUTOML_KEY, automl_key, frame_key, model_key
from artesian.server.wire.numbers import numbers
from artesian.server.wire.parameters import COLUMN_SPECIFIER
from artesian.server.wire.schema import Schema, both, declare, given, out
from artesian.server.wire.table import simple_table, table

if TYPE_CHECKING:
    from artesian.search.leaderboard import Leaderboard

ALGORITHMS: Final = ("GLM", "DRF", "GBM", "DeepLearning", "StackedEnsemble", "XGBoost")
LEVELS: Final = ("TRACE", "DEBUG", "INFO", "WARN", "ERROR")
_STAGES: Final = (
    "Validation",
    "Workflow",
    "DataImport",
    "FeatureAnalysis",
    "FeatureReduction",
    "FeatureCreation",
    "ModelTraining",
    "ModelSelection",
)
_METRICS: Final = (
    "AUTO",
    "deviance",
    "logloss",
    "MSE",
    "RMSE",
    "MAE",
    "RMSLE",
    "AUC",
    "AUCPR",
    "lift_top_group",
    "misclassification",
    "mean_per_class_error",
)
_DISTRIBUTIONS: Final = (
    "AUTO",
    "bernoulli",
    "multinomial",
    "gaussian",
    "poisson",
    "gamma",
    "tweedie",
    "laplace",
    "quantile",
    "huber",
    "custom",
)

_MEASURED: Final = ("training_frame", "validation_frame", "leaderboard_frame")
_SCORED: Final = (*_MEASURED, "blending_frame")

# ---- the request ----

STOPPING = declare(
    "AutoMLStoppingCriteriaV99",
    "AutoMLStoppingCriteria",
    given("seed", "long", "Seed of what is random; -1 takes another one each time.", -1, level="secondary"),
    given("max_models", "int", "Most models to train, ensembles not counted; 0 sets no limit.", 0, level="secondary"),
    given("max_runtime_secs", "double", "Most seconds that the run takes; 0 sets no limit.", 0.0, level="secondary"),
    given(
        "max_runtime_secs_per_model",
        "double",
        "Most seconds that one model takes; 0 sets no limit.",
        0.0,
        level="secondary",
    ),
    given(
        "stopping_rounds",
        "int",
        "Measurements without improvement after which training stops; 0 never does.",
        3,
        level="secondary",
    ),
    given("stopping_metric", "enum", "Metric that has to improve.", "AUTO", values=_METRICS, level="secondary"),
    given(
        "stopping_tolerance",
        "double",
        "Improvement, relative, that counts as one; -1 goes by the frame.",
        -1.0,
        level="secondary",
    ),
    version=99,
)
CONTROL = declare(
    "AutoMLBuildControlV99",
    "AutoMLBuildControl",
    both("project_name", "string", "Name of the project: runs of one project share a leaderboard."),
    given("stopping_criteria", "AutoMLStoppingCriteria", "When to stop.", of=STOPPING.name),
    given("nfolds", "int", "Folds of the cross-validation: at least 2, 0 for none, -1 chooses.", -1, level="secondary"),
    given("balance_classes", "boolean", "Samples rows so that classes are equally frequent.", False, level="secondary"),
    given(
        "class_sampling_factors", "float[]", "Sampling ratio of each class, in the order of the levels.", level="expert"
    ),
    given(
        "max_after_balance_size", "float", "Most rows after balancing, relative to those before.", 5.0, level="expert"
    ),
    given("keep_cross_validation_predictions", "boolean", "Keeps predictions of held-out rows.", False, level="expert"),
    given("keep_cross_validation_models", "boolean", "Keeps the models of the folds.", False, level="expert"),
    given(
        "keep_cross_validation_fold_assignment", "boolean", "Keeps which row is in which fold.", False, level="expert"
    ),
    given("export_checkpoints_dir", "string", "Folder that every model is saved into.", level="expert"),
    both("distribution", "enum", "Distribution of the response, where models take one.", "AUTO", values=_DISTRIBUTIONS),
    given("tweedie_power", "double", "Power of the Tweedie distribution, 1 to 2.", 1.5),
    given("quantile_alpha", "double", "Quantile to predict, 0 to 1.", 0.5),
    given("huber_alpha", "double", "Quantile of errors from which on Huber's loss is linear.", 0.9),
    both("custom_metric_func", "string", "Reference to an uploaded metric.", level="secondary"),
    both("custom_distribution_func", "string", "Reference to an uploaded distribution."),
    version=99,
)
INPUT = declare(
    "AutoMLInputV99",
    "AutoMLInput",
    given("training_frame", "Key<Frame>", "Frame to learn from."),
    given(
        "response_column",
        "VecSpecifier",
        "Column to predict.",
        of=COLUMN_SPECIFIER.name,
        member_of=_SCORED,
    ),
    given("validation_frame", "Key<Frame>", "Frame that tells when training stops, where there are no folds."),
    given("blending_frame", "Key<Frame>", "Frame whose predictions ensembles learn from, where there are no folds."),
    given("leaderboard_frame", "Key<Frame>", "Frame whose metrics rank the models."),
    given(
        "fold_column",
        "VecSpecifier",
        "Column that holds the fold of each row.",
        of=COLUMN_SPECIFIER.name,
        level="secondary",
        member_of=_MEASURED,
    ),
    given(
        "weights_column",
        "VecSpecifier",
        "Column that holds the weight of each row.",
        of=COLUMN_SPECIFIER.name,
        level="secondary",
        member_of=_MEASURED,
    ),
    given("ignored_columns", "string[]", "Columns that nothing is learnt from.", level="secondary", member_of=_SCORED),
    given("sort_metric", "enum", "Metric that ranks the models.", "AUTO", values=_METRICS, level="secondary"),
    version=99,
)
STEP = declare(
    "StepV99",
    "Step",
    both("id", "string", "Name of the step among those of its provider."),
    both("group", "int", "Group that it runs in; groups run one after the other.", -1),
    both("weight", "int", "Its share of the time of its group.", -1),
    version=99,
    parent="Schema",
)
STEPS = declare(
    "StepDefinitionV99",
    "StepDefinition",
    both("name", "string", "Provider of the steps: an algorithm."),
    both("alias", "enum", "Several steps at once.", values=("all", "defaults", "grids", "exploitation", "optionals")),
    both("steps", "Step[]", "The steps one by one.", of="StepV99"),
    version=99,
    parent="Schema",
)
PREPROCESSING = declare(
    "PreprocessingStepDefinitionV99",
    "PreprocessingStepDefinition",
    both("type", "enum", "What is done before models learn.", values=("TargetEncoding",)),
    version=99,
    parent="Schema",
)
CUSTOM = declare(
    "AutoMLCustomParameterV99",
    "Iced",
    given("scope", "enum", "Algorithm that it is meant for, or any.", values=("any", *ALGORITHMS)),
    given("name", "string", "Name of a parameter of the algorithm."),
    given("value", "Polymorphic", "Its value."),
    version=99,
    parent="Schema",
)
MODELS = declare(
    "AutoMLBuildModelsV99",
    "AutoMLBuildModels",
    given("exclude_algos", "enum[]", "Algorithms to leave out.", values=ALGORITHMS, level="secondary"),
    given(
        "include_algos", "enum[]", "The only algorithms to use; none named: all.", values=ALGORITHMS, level="secondary"
    ),
    given(
        "exploitation_ratio",
        "double",
        "Share of the time for refining the best models; -1 goes by the plan.",
        -1.0,
        level="secondary",
    ),
    given(
        "modeling_plan",
        "StepDefinition[]",
        "Steps to take in the place of the usual plan.",
        of=STEPS.name,
        level="expert",
    ),
    given(
        "preprocessing",
        "PreprocessingStepDefinition[]",
        "What is done before.",
        of=PREPROCESSING.name,
        level="secondary",
    ),
    given("algo_parameters", "Iced[]", "Parameters of algorithms.", of=CUSTOM.name, level="expert"),
    given(
        "monotone_constraints",
        "KeyValue[]",
        "Directions of columns: 1 up, -1 down.",
        of="KeyValueV3",
        level="secondary",
    ),
    dataclasses.replace(
        given("fold_models_predict", "boolean", "Whether the models of the folds together are the predictor."),
        echoed=False,
    ),
    version=99,
)
SPEC = declare(
    "AutoMLBuildSpecV99",
    "AutoMLBuildSpec",
    given("build_control", "AutoMLBuildControl", "How to build.", of=CONTROL.name),
    given("input_spec", "AutoMLInput", "What to learn from.", of=INPUT.name),
    given("build_models", "AutoMLBuildModels", "Which models to train.", of=MODELS.name),
    out("job", "Job", "The job that runs.", of="JobV3"),
    version=99,
)

# ---- answers ----

CHECK = declare(
    "AutoMLCheckV99",
    "AutoMLCheck",
    out("messages", "ValidationMessage[]", "Findings about the request.", of="ValidationMessageV3"),
    out("error_count", "int", "How many of them are errors.", 0),
    version=99,
)
EVENT = declare(
    "EventLogEntryV99",
    "EventLogEntry",
    out("timestamp", "long", "When, in milliseconds since 1970 UTC.", 0),
    dataclasses.replace(out("level", "enum", "How important it is."), values=LEVELS),
    dataclasses.replace(out("stage", "enum", "Where the run was."), values=_STAGES),
    out("message", "string", "What happened."),
    out("name", "string", "Name of a fact that it tells."),
    out("value", "string", "The fact."),
    version=99,
)
EVENTS = declare(
    "EventLogV99",
    "EventLog",
    both("automl_id", "Key<AutoML>", "The run.", of=AUTOML_KEY.name),
    out("events", "EventLogEntry[]", "What happened.", of=EVENT.name),
    out("table", "TwoDimTable", "The same as a table.", of="TwoDimTableV3"),
    both("verbosity", "enum", "Least level that is told.", values=LEVELS),
    version=99,
    parent="Schema",
)
LEADERBOARD = declare(
    "LeaderboardV99",
    "Leaderboard",
    both("project_name", "string", "Key of the run that it belongs to.", "<default>"),
    out("models", "Key<Model>[]", "The models, best first.", of="ModelKeyV3"),
    out("leaderboard_frame", "Key<Frame>", "Frame whose metrics rank them, if there is one.", of="FrameKeyV3"),
    out("leaderboard_frame_checksum", "long", "Checksum of that frame.", 0),
    out("sort_metrics", "double[]", "Value of the sort metric of each model."),
    both("sort_metric", "string", "Metric that ranks them."),
    both("sort_decreasing", "boolean", "Whether large values are good ones.", False),
    out("table", "TwoDimTable", "The same as a table.", of="TwoDimTableV3"),
    version=99,
)
LEADERBOARDS = declare(
    "LeaderboardsV99",
    "Leaderboards",
    given("project_name", "string", "Project, or key of a run.", echoed=False),
    given("extensions", "string[]", "Columns beside the metrics; ALL for the usual ones."),
    out("leaderboards", "Leaderboard[]", "Leaderboards.", of=LEADERBOARD.name),
    version=99,
    request=True,
)
AUTOML = declare(
    "AutoMLV99",
    "AutoML",
    given("automl_id", "Key<AutoML>", "Key of a run, or its project.", of=AUTOML_KEY.name),
    both("verbosity", "enum", "Least level of the events that are told.", values=LEVELS),
    out("training_frame", "Key<Frame>", "Frame that models learn from.", of="FrameKeyV3"),
    out("validation_frame", "Key<Frame>", "Frame that tells when training stops.", of="FrameKeyV3"),
    out("blending_frame", "Key<Frame>", "Frame that ensembles learn from.", of="FrameKeyV3"),
    out("leaderboard_frame", "Key<Frame>", "Frame whose metrics rank the models.", of="FrameKeyV3"),
    both("project_name", "string", "The project."),
    out("leaderboard", "Leaderboard", "Models of the project, best first.", of=LEADERBOARD.name),
    out("leaderboard_table", "TwoDimTable", "The same as a table.", of="TwoDimTableV3"),
    out("event_log", "EventLog", "What happened.", of=EVENTS.name),
    out("event_log_table", "TwoDimTable", "The same as a table.", of="TwoDimTableV3"),
    given("sort_metric", "string", "Metric that ranks the models."),
    out("modeling_steps", "StepDefinition[]", "Steps that were taken.", of=STEPS.name),
    version=99,
)
_FRAMES: Final = ("training_frame", "validation_frame", "blending_frame", "leaderboard_frame")


def _bare(schema: Schema, **values: Any) -> dict[str, Any]:
    """Answers of some schemas go without their metadata."""
    return {name: value for name, value in schema.new(**values).items() if name != "__meta"}


def spec(values: Mapping[str, Any], job: Mapping[str, Any]) -> dict[str, Any]:
    """What a run is asked for: `values` by name, as the search knows them; absent ones are shown as their default."""

    def shown(schema: Schema, **more: Any) -> dict[str, Any]:
        known = {f.name: values[f.name] for f in schema.fields if f.echoed and values.get(f.name) is not None}
        return schema.new(**{**known, **more})

    columns = {
        name: COLUMN_SPECIFIER.new(column_name=values[name])
        for name in ("response_column", "fold_column", "weights_column")
        if values.get(name)
    }
    frames = {name: frame_key(values[name]) for name in _FRAMES if values.get(name)}
    lists = {
        "ignored_columns": list(values.get("ignored_columns") or ()) or None,
        "sort_metric": _spelled(values.get("sort_metric")),
    }
    own = {
        "preprocessing": [_bare(PREPROCESSING, type="TargetEncoding") for _ in values.get("preprocessing") or ()]
        or None,
        "modeling_plan": steps(values["modeling_plan"]) if values.get("modeling_plan") else None,
        "algo_parameters": None,
        "monotone_constraints": None,
    }
    return SPEC.new(
        build_control=shown(CONTROL, stopping_criteria=shown(STOPPING)),
        input_spec=shown(INPUT, **columns, **frames, **lists),
        build_models=shown(MODELS, **own),
        job=job,
    )


def _spelled(metric: str | None) -> str:
    """A metric as requests spell it."""
    if metric is None or metric == "mean_residual_deviance":
        return "deviance" if metric else "AUTO"
    return next((name for name in _METRICS if name.lower() == metric.lower()), metric)


def steps(definitions: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """Steps by provider, each with `id`, and `group` and `weight` where they are known."""
    return [
        _bare(
            STEPS,
            name=item["name"],
            alias=item.get("alias"),
            steps=None
            if item.get("steps") is None
            else [_bare(STEP, **{k: v for k, v in s.items() if v is not None}) for s in item["steps"]],
        )
        for item in definitions
    ]


def leaderboard(
    project: str | None,
    ranked: Leaderboard,
    frame: str | None = None,
    checksum: int = 0,
    extensions: Sequence[str] = (),
) -> dict[str, Any]:
    """A leaderboard; `project` is the key of its run."""
    shown = ranked.table(f"Leaderboard for project {project or 'null'}", extensions)
    sort_metrics = numbers(ranked.sort_values) if ranked.keys else None
    return LEADERBOARD.new(
        project_name=project,
        models=[model_key(key) for key in ranked.keys],
        leaderboard_frame=frame_key(frame) if frame else None,
        leaderboard_frame_checksum=checksum,
        sort_metrics=sort_metrics,
        sort_metric=ranked.sort_metric,
        sort_decreasing=ranked.larger_is_better if ranked.sort_metric else True,
        table=_numbered(table(shown), "#" if ranked.keys else "-"),
    )


def _numbered(shown: dict[str, Any] | None, title: str) -> dict[str, Any]:
    """A table headed by a column that counts its rows."""
    assert shown is not None
    head = simple_table("", "", [("", "string", "%s", title)], [[str(row) for row in range(shown["rowcount"])]])
    return {**shown, "columns": [*head["columns"], *shown["columns"]], "data": [*head["data"], *shown["data"]]}


def events(run: str | None, happened: Sequence[Mapping[str, Any]], verbosity: str | None) -> dict[str, Any]:
    """An event log, of events of at least the level `verbosity`."""
    least = LEVELS.index(verbosity) if verbosity else 0
    told = [event for event in happened if LEVELS.index(_level(event)) >= least]
    columns = ("timestamp", "level", "stage", "message", "name", "value")
    cells: list[list[Any]] = [
        [_clock(event["ms"]) for event in told],
        [_level(event) for event in told],
        *([_text(event.get(name)) for event in told] for name in ("stage", "message", "name", "value")),
    ]
    listed = simple_table(
        f"Event Log for:{run or '(new)'}",
        "Actions taken and discoveries made by AutoML",
        [(name, "string", "%s", name) for name in columns],
        cells,
    )
    entries = [
        EVENT.new(
            timestamp=event["ms"],
            level=_level(event),
            stage=event["stage"],
            message=event["message"],
            name=_text(event.get("name")),
            value=_text(event.get("value")) or "",
        )
        for event in told
    ]
    return _bare(EVENTS, automl_id=None, events=entries, table=_numbered(listed, "#"), verbosity=verbosity)


def _level(event: Mapping[str, Any]) -> str:
    name = str(event["level"]).upper()
    return {"WARNING": "WARN"}.get(name, name if name in LEVELS else "INFO")


def _text(value: Any) -> str | None:
    return None if value is None or value == "" else str(value)


def _clock(ms: int) -> str:
    return datetime.fromtimestamp(ms / 1000, UTC).strftime("%H:%M:%S.%f")[:-3]


def automl(
    document: Mapping[str, Any] | None, ranked: Leaderboard, asked: str, verbosity: str | None, checksum: int = 0
) -> dict[str, Any]:
    """A run as its document tells it, with its leaderboard; None is shown as a run without a project, as clients expect."""
    run = document or {}
    key = run.get("key")
    log = events(key, run.get("events", ()), verbosity)
    board = leaderboard(key, ranked, run.get("leaderboard_frame"), checksum)
    return AUTOML.new(
        automl_id=automl_key(key or asked),
        verbosity=verbosity,
        **{name: frame_key(run[name]) if run.get(name) else None for name in _FRAMES},
        project_name=run.get("project_name"),
        leaderboard=board,
        leaderboard_table=board["table"],
        event_log=log,
        event_log_table=log["table"],
        modeling_steps=steps(run.get("modeling_steps") or ()) or None,
    )
