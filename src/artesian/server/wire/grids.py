"""Grids and searches: requests that start, save, load and resume one, and what a Grid shows of its models."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from artesian.learn.base.parameters import convert
from artesian.server.wire.builders import parameter_values
from artesian.server.wire.keys import grid_key, model_key
from artesian.server.wire.metrics import metrics
from artesian.server.wire.schema import EXCLUDE, both, declare, given, out
from artesian.server.wire.table import table

if TYPE_CHECKING:
    from artesian.learn.base.algorithm import Algorithm
    from artesian.search.grid import Failure, Grid

_STRATEGIES = ("Unknown", "Cartesian", "RandomDiscrete", "Sequential")
_STOPPING_METRICS = (
    "AUTO", "deviance", "logloss", "MSE", "RMSE", "MAE", "RMSLE", "AUC", "AUCPR", "lift_top_group", "misclassification",
    "mean_per_class_error", "anomaly_score", "AUUC", "ATE", "ATT", "ATC", "qini",
)  # fmt: skip


def _strategy(default: str | None = None) -> Any:
    return both("strategy", "enum", "How the space is searched.", default, required=True, values=_STRATEGIES)


_LIMITS = (
    both("max_models", "int", "Most combinations to train; 0 for all.", 0),
    both("max_runtime_secs", "double", "Time of the whole search, in seconds; 0 for no limit.", 0.0),
    both("stopping_rounds", "int", "Models over which the best scores are averaged to see convergence; 0: never.", 0),
    both("stopping_metric", "enum", "Metric that shows convergence.", "AUTO", values=_STOPPING_METRICS),
    both("stopping_tolerance", "double", "Relative improvement below which the search has converged.", 0.001),
)
CRITERIA = declare("HyperSpaceSearchCriteriaV99", "HyperSpaceSearchCriteria", _strategy(), version=99)
_CRITERIA = {
    "Cartesian": declare(
        "CartesianSearchCriteriaV99",
        "CartesianSearchCriteria",
        _strategy("Cartesian"),
        version=99,
        parent=CRITERIA.name,
    ),
    "RandomDiscrete": declare(
        "RandomDiscreteValueSearchCriteriaV99",
        "RandomDiscreteValueSearchCriteria",
        _strategy("RandomDiscrete"),
        both("seed", "long", "Seed of the random choice; -1 for a random one.", -1),
        *_LIMITS,
        version=99,
        parent=CRITERIA.name,
    ),
    "Sequential": declare(
        "SequentialSearchCriteriaV99",
        "SequentialSearchCriteria",
        _strategy("Sequential"),
        *_LIMITS,
        both("early_stopping", "boolean", "Whether stopping_rounds counts.", True),
        version=99,
        parent=CRITERIA.name,
    ),
}
GRID_SEARCH = declare(
    "GridSearchSchema",
    "Grid",
    given("algo", "string", "Algorithm of the models.", echoed=False),
    out("parameters", "Parameters", "Parameters that all models share; in a request they come along by name."),
    both("hyper_parameters", "Map<Object,Object>", "Lists of values by name of parameter."),
    both("grid_id", "Key<Grid>", "Key of the Grid; one that is there is extended.", of="GridKeyV3"),
    both("search_criteria", "HyperSpaceSearchCriteria", "Strategy and limits.", of="HyperSpaceSearchCriteriaV99"),
    given("parallelism", "int", "Models that are trained side by side: 1 one after the other, 0 as many as fit.", 0),
    given("recovery_dir", "string", "Folder that keeps what it takes to go on after a crash."),
    given("job_id", "Key<Job>", "Not available: jobs get their keys from the server."),
    out("total_models", "int", "Models in the Grid so far.", 0),
    out("job", "Job", "The search.", of="JobV3"),
    version=-1,
)
GRID = declare(
    "GridSchemaV99",
    "Grid",
    given("grid_id", "Key<Grid>", "Which Grid.", of="GridKeyV3"),
    both("sort_by", "string", "Metric to sort the models by, such as logloss, auc or rmse."),
    both("decreasing", "boolean", "Whether the largest value comes first.", False),
    given("model_ids", "Key<Model>[]", "Its models."),
    out("hyper_names", "string[]", "Names of the hyper-parameters."),
    out("failed_params", "Parameters[]", "Parameters of trainings without a model.", of="ModelParametersSchemaV3"),
    out("warning_details", "string[]", "Warnings about the search."),
    out("failure_details", "string[]", "Why there is no model, for each of them."),
    out("failure_stack_traces", "string[]", "Tracebacks of those failures."),
    out("failed_raw_params", "string[][]", "The values of the hyper-parameters that they had."),
    out("training_metrics", "ModelMetrics[]", "Metrics of the sorted models.", of="ModelMetricsBaseV3"),
    out("validation_metrics", "ModelMetrics[]", "The same on the validation frame.", of="ModelMetricsBaseV3"),
    out("cross_validation_metrics", "ModelMetrics[]", "The same on held-out rows.", of="ModelMetricsBaseV3"),
    out("cross_validation_metrics_summary", "TwoDimTable[]", "The same fold by fold.", of="TwoDimTableV3"),
    out("export_checkpoints_dir", "string", "Folder that the Grid and its models are exported to."),
    out("summary_table", "TwoDimTable", "The models, their hyper-parameters and the metric.", of="TwoDimTableV3"),
    out("scoring_history", "TwoDimTable", "The models' metrics, the worst first.", of="TwoDimTableV3"),
    dataclasses.replace(EXCLUDE, echoed=False),
    version=99,
)
GRIDS = declare("GridsV99", "Grids", out("grids", "Grid[]", "All Grids.", of="GridSchemaV99"), version=99)
GRID_IMPORT = declare(
    "GridImportV3",
    "Iced",
    given("grid_path", "string", "Path of the Grid's file.", required=True),
    given("load_params_references", "boolean", "Also load the frames and models that its parameters name.", False),
)
GRID_EXPORT = declare(
    "GridExportV3",
    "Iced",
    given("grid_id", "string", "Which Grid.", required=True),
    given("grid_directory", "string", "Folder to write to.", required=True),
    given("save_params_references", "boolean", "Also save the frames and models that its parameters name.", False),
    given("export_cross_validation_predictions", "boolean", "Save predictions of the folds along.", False),
)
RESUME = declare("ResumeV3", "Iced", given("recovery_dir", "string", "Folder that a search was recorded in."))
_METRICS = ("training_metrics", "validation_metrics", "cross_validation_metrics")


def criteria(plain: Mapping[str, Any]) -> dict[str, Any]:
    """Criteria given as their `to_dict`."""
    return _CRITERIA[plain["strategy"]].new(**plain)


def grid(
    item: Grid,
    models: Mapping[str, Mapping[str, Any]],
    algorithm: type[Algorithm],
    *,
    sort_by: str | None,
    decreasing: bool,
    summary: Any,
    history: Any,
) -> dict[str, Any]:
    """A Grid with its finished models in the order given, each as the `to_dict` of its details."""
    by_metric: dict[str, Any] = {}
    if sort_by is not None:
        by_metric = {part: [metrics(details[part]) for details in models.values()] for part in _METRICS}
        summaries = [table(details["cross_validation_summary"]) for details in models.values()]
        by_metric["cross_validation_metrics_summary"] = summaries
    return GRID.new(
        grid_id=grid_key(item.key),
        sort_by=sort_by,
        decreasing=decreasing,
        model_ids=[model_key(key) for key in models],
        hyper_names=item.hyper_names,
        failed_params=_failed_parameters(item, algorithm),
        warning_details=item.warnings,
        failure_details=[_reason(failure, algorithm) for failure in item.failures],
        failure_stack_traces=[failure.stack_trace or _reason(failure, algorithm) for failure in item.failures],
        failed_raw_params=[failure.raw for failure in item.failures],
        export_checkpoints_dir=item.given.get("export_checkpoints_dir"),
        summary_table=table(summary),
        scoring_history=table(history),
        **by_metric,
    )


def _failed_parameters(item: Grid, algorithm: type[Algorithm]) -> list[dict[str, Any] | None]:
    """The parameters of each failure: those that all models share with its own."""
    shared, _ = convert(algorithm.called, algorithm.parameters, item.given)
    own = [failure.parameters for failure in item.failures]
    return [None if values is None else parameter_values(algorithm, {**shared, **values}) for values in own]


def _reason(failure: Failure, algorithm: type[Algorithm]) -> str:
    """Why there is no model; findings about parameters as scripts look for them."""
    if not failure.problems:
        return failure.message
    findings = "\n".join(f"ERRR on field: _{field}: {text}" for field, text in failure.problems)
    return f"Illegal argument(s) for {algorithm.called} model: {failure.model}.  Details: {findings}\n"
