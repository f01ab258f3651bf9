"""The Python API: `import artesian as h2o`. It knows a server by its REST interface alone.

Names and call shapes are those of the official H2O client 3.46, so that its scripts run with the import line changed.
Names are looked up when first used, so that importing costs nothing.
"""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Any

_HOMES: dict[str, tuple[str, ...]] = {
    "automl": ("H2OAutoML", "make_leaderboard"),
    "session": (
        "api", "cluster", "cluster_info", "cluster_status", "connect", "connection", "flow", "get_timezone", "init",
        "list_timezones", "network_test", "rapids", "set_telemetry", "set_timezone", "shutdown", "telemetry_enabled",
    ),
    "importing": (
        "import_file", "import_hive_table", "import_sql_select", "import_sql_table", "lazy_import", "load_frame",
        "parse_raw", "parse_setup", "upload_file",
    ),
    "objects": (
        "as_list", "assign", "deep_copy", "download_all_logs", "download_csv", "download_model",
        "export_file", "frame", "frames", "get_frame", "get_model", "interaction", "load_dataset", "load_model",
        "log_and_echo", "ls", "make_metrics", "models", "remove", "remove_all", "save_model", "upload_model",
    ),
    "creating": ("create_frame",),
    "custom_functions": ("upload_custom_distribution", "upload_custom_metric"),
    "demos": ("demo",),
    "explain.fairness": ("disparate_analysis",),
    "explain.heatmaps": ("model_correlation", "model_correlation_heatmap", "varimp", "varimp_heatmap"),
    "explain.pareto": ("pareto_front",),
    "explain.partial": ("pd_multi_plot",),
    "explain.report": ("explain", "explain_row"),
    "grid": ("H2OGridSearch", "get_grid", "load_grid", "resume", "save_grid"),
    "job": ("H2OJob", "no_progress", "show_progress"),
    "frame": ("GroupBy", "H2OFrame"),
    "estimators": (
        "H2OAutoEncoderEstimator", "H2ODecisionTreeEstimator", "H2ODeepLearningEstimator", "H2OEstimator",
        "H2OGeneralizedLinearEstimator", "H2OGradientBoostingEstimator", "H2OIsotonicRegressionEstimator",
        "H2OKMeansEstimator", "H2ONaiveBayesEstimator", "H2OPrincipalComponentAnalysisEstimator",
        "H2ORandomForestEstimator", "H2OSingularValueDecompositionEstimator", "H2OTargetEncoderEstimator",
        "H2OExtendedIsolationForestEstimator", "H2OGreedyWeightsEstimator", "H2OIsolationForestEstimator",
        "H2OStackedEnsembleEstimator", "H2OXGBoostEstimator",
        "create_estimator",
    ),
    "model": ("ConfusionMatrix", "H2OBinomialModelMetrics", "H2OMultinomialModelMetrics", "H2ORegressionModelMetrics", "ModelBase"),
    "connection": ("H2OConnection",),
    "connection_conf": ("H2OConnectionConf",),
    "cluster": ("H2OCluster", "estimate_cluster_mem"),
    "expr": ("enable_expr_optimizations", "is_expr_optimizations_enabled"),
    "local_server": ("H2OLocalServer",),
    "two_dim_table": ("H2OTwoDimTable",),
    "exceptions": (
        "H2OConnectionError", "H2OError", "H2OJobCancelled", "H2OJobFailed", "H2OResponseError", "H2OServerError",
        "H2OStartupError", "H2OTypeError", "H2OValueError", "NotAvailable",
    ),
}  # fmt: skip
EXPORTS: dict[str, str] = {name: f"artesian.client.{home}" for home, names in _HOMES.items() for name in names}
"""Where each public name lives."""

MODULES = {
    name: f"artesian.{name}"
    for name in (
        "automl", "backend", "debug", "estimators", "exceptions", "explanation", "expr", "grid", "group_by", "job", "model", "persist",
        "transforms", "tree", "two_dim_table", "utils",
    )
} | {"display": "artesian.client.display"}  # fmt: skip
"""Parts of the package that scripts written for H2O name as attributes, such as `h2o.exceptions`, and their modules."""

NOT_HERE = frozenset((
    "H2OAssembly", "download_pojo", "import_mojo",
    "mojo_predict_csv", "mojo_predict_pandas", "print_mojo", "upload_mojo",
))  # fmt: skip
"""Names of the official client that have no counterpart here yet."""

__all__ = sorted(EXPORTS)


def lookup(name: str) -> Any:
    """The public object of a name; AttributeError, with a near name, when there is none."""
    if name in MODULES:
        return importlib.import_module(MODULES[name])
    if name in NOT_HERE:
        raise AttributeError(f"H2O's '{name}' is not available in artesian yet.")
    if name not in EXPORTS:
        from artesian.core.errors import did_you_mean

        raise AttributeError(f"artesian has nothing called '{name}'.{did_you_mean(name, EXPORTS)}")
    return getattr(importlib.import_module(EXPORTS[name]), name)


if not TYPE_CHECKING:

    def __getattr__(name: str) -> Any:
        if name.startswith("__"):
            raise AttributeError(name)
        return lookup(name)


def __dir__() -> list[str]:
    return __all__
