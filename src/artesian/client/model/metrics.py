"""Metrics of a model on some data: the numbers of the server's reply under the official client's names."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from artesian.client import wire
from artesian.client.checks import Number, check_choice, check_type
from artesian.client.display import Rendered, Shown
from artesian.client.exceptions import H2OValueError
from artesian.client.model.confusion_matrix import ConfusionMatrix
from artesian.client.older_names import older_names
from artesian.client.two_dim_table import H2OTwoDimTable

_SAME_THRESHOLD = 1e-8

_ALIASES = {
    "fallout": "fpr",
    "missrate": "fnr",
    "recall": "tpr",
    "sensitivity": "tpr",
    "specificity": "tnr",
    "mcc": "absolute_mcc",
}
_ERRORS = {
    "error": "accuracy",
    "max_per_class_error": "min_per_class_accuracy",
    "mean_per_class_error": "mean_per_class_accuracy",
}
_MAXIMIZED = (
    "absolute_mcc", "accuracy", "precision", "f0point5", "f1", "f2", "mean_per_class_accuracy", "min_per_class_accuracy",
    "tns", "fns", "fps", "tps", "tnr", "fnr", "fpr", "tpr",
)  # fmt: skip


class MetricsBase(Shown):
    """Metrics of any model; `metrics["name"]` gives any number of the reply by its name there."""

    kind = "Metrics"
    _numbers: tuple[tuple[str, str], ...] = (("MSE", "MSE"), ("RMSE", "RMSE"))

    def __init__(self, metric_json: dict[str, Any], on: str = "test", algo: str = "") -> None:
        self._metric_json = metric_json
        self._on = on
        self._algo = algo

    def labelled(self, on: str, algo: str) -> MetricsBase:
        """The same, told on which data of which algorithm they are."""
        self._on, self._algo = on, algo
        return self

    def __getitem__(self, name: str) -> Any:
        return self._metric_json.get(name)

    def _get(self, name: str) -> Any:
        value = self._metric_json.get(name)
        return float("nan") if value == "NaN" else value

    def mse(self) -> float:
        """Mean squared error."""
        return self._get("MSE")  # type: ignore[no-any-return]

    def rmse(self) -> float:
        """Root of the mean squared error."""
        return self._get("RMSE")  # type: ignore[no-any-return]

    def r2(self) -> float:
        """Share of the response's variance that is explained."""
        return self._get("r2")  # type: ignore[no-any-return]

    def mae(self) -> float:
        """Mean absolute error."""
        return self._get("mae")  # type: ignore[no-any-return]

    def rmsle(self) -> float:
        """Root of the mean squared difference of logarithms."""
        return self._get("rmsle")  # type: ignore[no-any-return]

    def mean_residual_deviance(self) -> float:
        """Mean deviance of the residuals."""
        return self._get("mean_residual_deviance")  # type: ignore[no-any-return]

    def logloss(self) -> float:
        """Mean negative logarithm of the probability given to the true class."""
        return self._get("logloss")  # type: ignore[no-any-return]

    def auc(self) -> float:
        """Area under the receiver operating characteristic."""
        return self._get("AUC")  # type: ignore[no-any-return]

    def aucpr(self) -> float:
        """Area under the precision-recall curve."""
        return self._get("pr_auc")  # type: ignore[no-any-return]

    pr_auc = aucpr

    def gini(self) -> float:
        """2 AUC - 1."""
        return self._get("Gini")  # type: ignore[no-any-return]

    giniCoef = gini  # noqa: N815

    def nobs(self) -> int:
        """Number of rows."""
        return self._get("nobs")  # type: ignore[no-any-return]

    def aic(self) -> float:
        """Akaike's information criterion."""
        return self._get("AIC")  # type: ignore[no-any-return]

    def loglikelihood(self) -> float:
        """Logarithm of the likelihood."""
        return self._get("loglikelihood")  # type: ignore[no-any-return]

    def mean_per_class_error(self) -> Any:
        """Mean of the classes' error rates."""
        return self._get("mean_per_class_error")

    def residual_deviance(self) -> float | None:
        """Deviance of the residuals, of models that have one."""
        return self._get("residual_deviance")  # type: ignore[no-any-return]

    def null_deviance(self) -> float | None:
        """Deviance of the mean, of models that have one."""
        return self._get("null_deviance")  # type: ignore[no-any-return]

    def residual_degrees_of_freedom(self) -> int | None:
        """Degrees of freedom of the residuals, of models that have them."""
        return self._get("residual_degrees_of_freedom")  # type: ignore[no-any-return]

    def null_degrees_of_freedom(self) -> int | None:
        """Degrees of freedom of the mean, of models that have them."""
        return self._get("null_degrees_of_freedom")  # type: ignore[no-any-return]

    def custom_metric_name(self) -> str | None:
        """Name of a metric of the user's own."""
        return self._get("custom_metric_name")  # type: ignore[no-any-return]

    def custom_metric_value(self) -> float | None:
        """Value of a metric of the user's own."""
        return self._get("custom_metric_value")  # type: ignore[no-any-return]

    # --- showing ----------------------------------------------------------------------------------------------------

    def _rendered(self) -> Rendered:
        heading = f"{self.kind}: {self._algo}\n** Reported on {self._on} data. **"
        if not self._metric_json:
            return Rendered.joined([heading, "There are no metrics: the data has no response."])
        lines = [f"{label}: {self._get(name)}" for label, name in self._numbers if self._get(name) is not None]
        if self.custom_metric_name():
            lines.append(f"{self.custom_metric_name()}: {self.custom_metric_value()}")
        return Rendered.joined([heading, "\n".join(lines), *self._tables()])

    def _tables(self) -> list[Any]:
        return []

    def to_text(self) -> str:
        """All numbers and tables as text."""
        return self._rendered().to_text()

    def to_html(self) -> str:
        """All numbers and tables as HTML."""
        return self._rendered().to_html()


class H2ODefaultModelMetrics(MetricsBase):
    """Metrics of a kind without a class of its own."""


class H2ORegressionModelMetrics(MetricsBase):
    """Metrics of predicted numbers."""

    kind = "ModelMetricsRegression"
    _numbers = (
        ("MSE", "MSE"), ("RMSE", "RMSE"), ("MAE", "mae"), ("RMSLE", "rmsle"),
        ("Mean Residual Deviance", "mean_residual_deviance"), ("R^2", "r2"),
    )  # fmt: skip


class H2OAutoEncoderModelMetrics(H2ODefaultModelMetrics):
    """Metrics of reconstructed rows."""

    kind = "ModelMetricsAutoEncoder"


class H2OAnomalyDetectionModelMetrics(MetricsBase):
    """Metrics of rows that may be anomalies."""

    kind = "ModelMetricsAnomaly"
    _numbers = (("Anomaly Score", "mean_score"), ("Normalized Anomaly Score", "mean_normalized_score"))

    def mean_score(self) -> float:
        """Mean length of the rows' paths in the trees."""
        return self._get("mean_score")  # type: ignore[no-any-return]

    def mean_normalized_score(self) -> float:
        """Mean anomaly score of the rows."""
        return self._get("mean_normalized_score")  # type: ignore[no-any-return]


class H2OClusteringModelMetrics(MetricsBase):
    """Metrics of clusters."""

    kind = "ModelMetricsClustering"
    _numbers = (
        ("Total Within Cluster Sum of Squares", "tot_withinss"), ("Total Sum of Squares", "totss"),
        ("Between Cluster Sum of Squares", "betweenss"),
    )  # fmt: skip

    def tot_withinss(self) -> float:
        """Squared distances of all rows from the centres of their clusters."""
        return self._get("tot_withinss")  # type: ignore[no-any-return]

    def totss(self) -> float:
        """Squared distances of all rows from their mean."""
        return self._get("totss")  # type: ignore[no-any-return]

    def betweenss(self) -> float:
        """Squared distances that the clusters explain."""
        return self._get("betweenss")  # type: ignore[no-any-return]

    def centroid_stats(self) -> H2OTwoDimTable | None:
        """Size and sum of squares of each cluster."""
        return self._metric_json.get("centroid_stats")

    def size(self) -> list[float] | None:
        """Number of rows in each cluster."""
        table = self.centroid_stats()
        return None if table is None else list(table["size"])

    def withinss(self) -> list[float] | None:
        """Squared distances of the rows of each cluster from its centre."""
        table = self.centroid_stats()
        return None if table is None else list(table["within_cluster_sum_of_squares"])

    def _tables(self) -> list[Any]:
        table = self.centroid_stats()
        return [] if table is None else [table]


class H2ODimReductionModelMetrics(MetricsBase):
    """Metrics of components."""

    kind = "ModelMetricsDimReduction"
    _numbers = (("Number of rows", "nobs"),)

    def num_err(self) -> float | None:
        """Squared error of reconstructed numbers, of models that reconstruct."""
        return self._get("numerr")  # type: ignore[no-any-return]

    def cat_err(self) -> float | None:
        """Number of wrongly reconstructed levels, of models that reconstruct."""
        return self._get("caterr")  # type: ignore[no-any-return]


class H2OMultinomialModelMetrics(MetricsBase):
    """Metrics of predicted classes."""

    kind = "ModelMetricsMultinomial"
    _numbers = (
        ("MSE", "MSE"), ("RMSE", "RMSE"), ("LogLoss", "logloss"), ("Mean Per-Class Error", "mean_per_class_error"),
        ("AUC", "AUC"), ("AUCPR", "pr_auc"),
    )  # fmt: skip

    def confusion_matrix(self) -> H2OTwoDimTable:
        """Counts by actual (rows) and predicted (columns) class."""
        return self._metric_json["cm"]["table"]  # type: ignore[no-any-return]

    def hit_ratio_table(self) -> H2OTwoDimTable:
        """For each k, the share of rows whose class is among the k most probable."""
        return self._metric_json["hit_ratio_table"]  # type: ignore[no-any-return]

    def multinomial_auc_table(self) -> H2OTwoDimTable | str:
        """AUC of each class against the rest, or of each pair; a sentence when 'auc_type' asked for none."""
        return self._metric_json.get("multinomial_auc_table") or _NO_AUC_TABLE

    def multinomial_aucpr_table(self) -> H2OTwoDimTable | str:
        """Area under the precision-recall curve of each class against the rest, or of each pair."""
        return self._metric_json.get("multinomial_aucpr_table") or _NO_AUC_TABLE

    def _tables(self) -> list[Any]:
        names = ("multinomial_auc_table", "multinomial_aucpr_table")
        tables = [self._metric_json.get(name) for name in names]
        cm = (self._metric_json.get("cm") or {}).get("table")
        return [table for table in (*tables, cm, self._metric_json.get("hit_ratio_table")) if table is not None]


class H2OOrdinalModelMetrics(MetricsBase):
    """Metrics of predicted ordered classes."""

    kind = "ModelMetricsOrdinal"
    _numbers = (
        ("MSE", "MSE"), ("RMSE", "RMSE"), ("LogLoss", "logloss"), ("Mean Per-Class Error", "mean_per_class_error"),
    )  # fmt: skip

    def confusion_matrix(self) -> H2OTwoDimTable:
        """Counts by actual (rows) and predicted (columns) class."""
        return self._metric_json["cm"]["table"]  # type: ignore[no-any-return]

    def hit_ratio_table(self) -> H2OTwoDimTable:
        """For each k, the share of rows whose class is among the k most probable."""
        return self._metric_json["hit_ratio_table"]  # type: ignore[no-any-return]

    def _tables(self) -> list[Any]:
        return [table for table in (self.confusion_matrix(), self.hit_ratio_table()) if table is not None]


_NO_AUC_TABLE = (
    "There is no such table: the parameter 'auc_type' of the model was AUTO or NONE, or there are too many classes."
)


class Pairs(list[list[float]]):
    """Pairs of a threshold and a value; `value` is the value alone, or the list of values."""

    value: Any = None


def _by_threshold(name: str, text: str) -> Callable[..., Pairs]:
    """An accessor of one metric by threshold."""

    def accessor(self: H2OBinomialModelMetrics, thresholds: Any = None) -> Pairs:
        return self.metric(name, thresholds)

    accessor.__name__ = name
    accessor.__doc__ = f"{text} Pairs of threshold and value: at the best threshold, at those given, or at 'all'."
    return accessor


class H2OBinomialModelMetrics(MetricsBase):
    """Metrics of two classes, of which the second is the one looked for."""

    kind = "ModelMetricsBinomial"
    maximizing_metrics = (*_MAXIMIZED, *_ALIASES)
    _numbers = (
        ("MSE", "MSE"), ("RMSE", "RMSE"), ("LogLoss", "logloss"), ("Mean Per-Class Error", "mean_per_class_error"),
        ("AUC", "AUC"), ("AUCPR", "pr_auc"), ("Gini", "Gini"), ("R^2", "r2"),
    )  # fmt: skip

    F1 = _by_threshold("f1", "Harmonic mean of precision and recall.")
    F2 = _by_threshold("f2", "F-measure that weighs recall twice.")
    F0point5 = _by_threshold("f0point5", "F-measure that weighs precision twice.")
    accuracy = _by_threshold("accuracy", "Share of right rows.")
    error = _by_threshold("error", "Share of wrong rows.")
    precision = _by_threshold("precision", "Share of true ones among those found.")
    tpr = _by_threshold("tpr", "True positive rate.")
    tnr = _by_threshold("tnr", "True negative rate.")
    fnr = _by_threshold("fnr", "False negative rate.")
    fpr = _by_threshold("fpr", "False positive rate.")
    recall = _by_threshold("recall", "Share of the true ones that are found.")
    sensitivity = _by_threshold("sensitivity", "Share of the true ones that are found.")
    fallout = _by_threshold("fallout", "False positive rate.")
    missrate = _by_threshold("missrate", "False negative rate.")
    specificity = _by_threshold("specificity", "True negative rate.")
    mcc = _by_threshold("mcc", "Absolute value of Matthews' correlation coefficient.")
    max_per_class_error = _by_threshold("max_per_class_error", "Greater error rate of the two classes.")

    def mean_per_class_error(self, thresholds: Any = None) -> Pairs:
        """Mean of the error rates of the two classes, by threshold."""
        return self.metric("mean_per_class_error", thresholds)

    def metric(self, metric: str, thresholds: Any = None) -> Pairs:
        """Pairs of threshold and value of a metric: at its best threshold, at the given ones, or at 'all'."""
        if metric not in _ERRORS:
            check_choice("metric", metric, self.maximizing_metrics)
        name = _ERRORS.get(metric, metric)
        column = self._thresholds()[_ALIASES.get(name, name)]
        if isinstance(thresholds, str):
            check_choice("thresholds", thresholds, ("all",))
            wanted = list(zip(self._thresholds()["threshold"], column, strict=True))
        else:
            check_type("thresholds", thresholds, None, Number, [Number])
            given = [self.find_threshold_by_max_metric(name)] if thresholds is None else _listed(thresholds)
            wanted = [(threshold, column[self.find_idx_by_threshold(threshold)]) for threshold in given]
        pairs = Pairs([t, 1 - value if metric in _ERRORS else value] for t, value in wanted)
        single = thresholds is None or isinstance(thresholds, Number)
        pairs.value = pairs[0][1] if single else [value for _, value in pairs]
        return pairs

    def _thresholds(self) -> H2OTwoDimTable:
        table = self._metric_json.get("thresholds_and_metric_scores")
        if table is None:
            raise H2OValueError("These metrics have no thresholds.")
        return table  # type: ignore[no-any-return]

    def thresholds_and_metric_scores(self) -> H2OTwoDimTable | None:
        """All metrics at all thresholds."""
        return self._metric_json.get("thresholds_and_metric_scores")

    def find_threshold_by_max_metric(self, metric: str) -> float:
        """The threshold at which a metric is greatest."""
        name = _ALIASES.get(metric.lower(), metric.lower())
        check_choice("metric", name, _MAXIMIZED)
        best = self._metric_json["max_criteria_and_metric_scores"]
        found = dict(zip(best["metric"], best["threshold"], strict=True)).get(f"max {name}")
        if found is None:
            raise H2OValueError(f"The server gave no threshold for the greatest {metric!r}.", "metric")
        return float(found)

    def find_idx_by_threshold(self, threshold: float) -> int:
        """The number of the row of a threshold in the table of all; of the nearest when it is not there."""
        check_type("threshold", threshold, Number)
        thresholds = [float(value) for value in self._thresholds()["threshold"]]
        if not thresholds:
            raise H2OValueError("These metrics have no thresholds.")
        nearest = min(range(len(thresholds)), key=lambda number: abs(thresholds[number] - threshold))
        if abs(thresholds[nearest] - threshold) < _SAME_THRESHOLD * max(thresholds[nearest], threshold):
            return nearest
        if not 0 <= threshold <= 1:
            raise H2OValueError(f"A threshold is a number from 0 to 1. Got {threshold}.", "threshold")
        print(f"There is no threshold {threshold}; the nearest, {thresholds[nearest]}, is taken.")
        return nearest

    def confusion_matrix(self, metrics: Any = None, thresholds: Any = None) -> Any:
        """Confusion matrices at the best thresholds of metrics (default: f1) and at given thresholds; one, or a list."""
        if self._metric_json.get("thresholds_and_metric_scores") is None:
            return None
        names = ["f1"] if metrics is None and thresholds is None else _listed(metrics)
        given = _listed(thresholds)
        check_type("metrics", names, [str])
        check_type("thresholds", given, [Number])
        if not all(0 <= threshold <= 1 for threshold in given):
            raise H2OValueError(f"Thresholds are numbers from 0 to 1. Got {given}.", "thresholds")
        wanted: list[tuple[float, str]] = [(threshold, "") for threshold in given]
        wanted += [(self.find_threshold_by_max_metric(name), f" for max {name}") for name in names]
        matrices = [self._matrix_at(threshold, note) for threshold, note in wanted]
        return matrices[0] if len(matrices) == 1 else matrices

    def _matrix_at(self, threshold: float, note: str) -> ConfusionMatrix:
        table, row = self._thresholds(), self.find_idx_by_threshold(threshold)
        tns, fns, fps, tps = (float(table[name][row]) for name in ("tns", "fns", "fps", "tps"))
        title = f"Confusion Matrix (Act/Pred){note} @ threshold = {table['threshold'][row]}"
        return ConfusionMatrix([[tns, fps], [fns, tps]], self._metric_json["domain"], title)

    @property
    def fprs(self) -> list[float]:
        """False positive rates at all thresholds."""
        return self._thresholds()["fpr"]  # type: ignore[no-any-return]

    @property
    def tprs(self) -> list[float]:
        """True positive rates at all thresholds."""
        return self._thresholds()["tpr"]  # type: ignore[no-any-return]

    def roc(self) -> tuple[list[float], list[float]]:
        """False and true positive rates at all thresholds."""
        return self.fprs, self.tprs

    def gains_lift(self) -> H2OTwoDimTable | None:
        """Gains and lift by groups of falling probability."""
        return self._metric_json.get("gains_lift_table")

    @older_names(save_to_file="save_plot_path")
    def plot(
        self, type: str = "roc", server: bool = False, save_plot_path: str | None = None, plot: bool = True
    ) -> Any:
        """Draws the 'roc', 'pr' or 'gains_lift' curve; its points, with the picture as `.figure()`."""
        check_choice("type", type, ("roc", "pr", "gains_lift"))
        from artesian.client import plots

        if type == "roc":
            return plots.roc(self, server, save_plot_path, plot)
        if type == "pr":
            return plots.precision_recall(self, server, save_plot_path, plot)
        return self.gains_lift_plot(server=server, save_plot_path=save_plot_path, plot=plot)

    @older_names(save_to_file="save_plot_path")
    def gains_lift_plot(
        self, type: str = "both", server: bool = False, save_plot_path: str | None = None, plot: bool = True
    ) -> Any:
        """Draws 'gains', 'lift' or 'both'."""
        check_choice("type", type, ("both", "gains", "lift"))
        from artesian.client import plots

        return plots.gains_lift(self, type, server, save_plot_path, plot)

    def _tables(self) -> list[Any]:
        matrix = self.confusion_matrix()
        best = self._metric_json.get("max_criteria_and_metric_scores")
        return [table for table in (matrix, best, self.gains_lift()) if table is not None]


def _listed(value: Any) -> list[Any]:
    if value is None:
        return []
    return list(value) if isinstance(value, Sequence) and not isinstance(value, str) else [value]


CLASSES: dict[str, type[MetricsBase]] = {
    "Binomial": H2OBinomialModelMetrics,
    "Multinomial": H2OMultinomialModelMetrics,
    "Ordinal": H2OOrdinalModelMetrics,
    "Regression": H2ORegressionModelMetrics,
    "AutoEncoder": H2OAutoEncoderModelMetrics,
    "Clustering": H2OClusteringModelMetrics,
    "Anomaly": H2OAnomalyDetectionModelMetrics,
    "PCA": H2ODimReductionModelMetrics,
    "SVD": H2ODimReductionModelMetrics,
}


def make_metrics(reply: dict[str, Any]) -> MetricsBase:
    """Metrics of a reply, of the class that its schema names."""
    schema = wire.schema_of(reply).removeprefix("ModelMetrics")
    return next((made for name, made in CLASSES.items() if schema.startswith(name)), H2ODefaultModelMetrics)(reply)


wire.register_schema("ModelMetrics*", make_metrics)
for _container in ("ModelMetricsListSchemaV3", "ModelMetricsMakerSchemaV3"):  # replies that hold metrics, and are none
    wire.register_schema(_container, dict)
