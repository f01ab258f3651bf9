"""What models of one kind of prediction have beyond all others."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from artesian.client import session
from artesian.client.checks import check_type
from artesian.client.connection import path_part
from artesian.client.exceptions import H2OValueError
from artesian.client.explain.members import FairlyExplained, ResidualsExplained
from artesian.client.frame.frame import H2OFrame
from artesian.client.model.anomaly import H2OAnomalyDetectionModel
from artesian.client.model.base import ModelBase, _frame, by_part
from artesian.client.model.clustering import H2OClusteringModel
from artesian.client.model.dim_reduction import H2ODimReductionModel
from artesian.client.older_names import older_names
from artesian.client.two_dim_table import H2OTwoDimTable


def _by_threshold(name: str, text: str) -> Callable[..., Any]:
    """An accessor of one metric of two classes by threshold."""

    def accessor(
        self: H2OBinomialModel, thresholds: Any = None, train: bool = False, valid: bool = False, xval: bool = False
    ) -> Any:
        return self.metric(name, thresholds, train, valid, xval)

    accessor.__name__ = name
    accessor.__doc__ = f"{text} Pairs of threshold and value: at the best threshold, at those given, or at 'all'."
    return accessor


class H2OBinomialModel(FairlyExplained, ModelBase):
    """A model of two classes."""

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
    mean_per_class_error = _by_threshold("mean_per_class_error", "Mean of the two error rates.")

    def metric(
        self, metric: str, thresholds: Any = None, train: bool = False, valid: bool = False, xval: bool = False
    ) -> Any:
        """Pairs of threshold and value of a metric: at its best threshold, at the given ones, or at 'all'."""
        return self._of_parts(train, valid, xval, lambda metrics: metrics.metric(metric, thresholds))  # type: ignore[attr-defined]

    roc = by_part("roc", "False and true positive rates at all thresholds.")
    gains_lift = by_part("gains_lift", "Gains and lift by groups of falling probability.")
    thresholds_and_metric_scores = by_part("thresholds_and_metric_scores", "All metrics at all thresholds.")

    def confusion_matrix(
        self, metrics: Any = None, thresholds: Any = None, train: bool = False, valid: bool = False, xval: bool = False
    ) -> Any:
        """Confusion matrices at the best thresholds of metrics (default: f1) and at given thresholds; one, or a list."""
        return self._of_parts(train, valid, xval, lambda m: m.confusion_matrix(metrics, thresholds))  # type: ignore[attr-defined]

    def find_threshold_by_max_metric(
        self, metric: str, train: bool = False, valid: bool = False, xval: bool = False
    ) -> Any:
        """The threshold at which a metric is greatest."""
        return self._of_parts(train, valid, xval, lambda m: m.find_threshold_by_max_metric(metric))  # type: ignore[attr-defined]

    def find_idx_by_threshold(
        self, threshold: float, train: bool = False, valid: bool = False, xval: bool = False
    ) -> Any:
        """The number of the row of a threshold in the table of all."""
        return self._of_parts(train, valid, xval, lambda m: m.find_idx_by_threshold(threshold))  # type: ignore[attr-defined]

    def kolmogorov_smirnov(self) -> float:
        """Greatest distance between the cumulative shares of the two classes, on the training data."""
        table = self.gains_lift()
        if table is None:
            raise H2OValueError("This model has no gains/lift table.")
        return max(table["kolmogorov_smirnov"])  # type: ignore[no-any-return]

    @older_names(save_to_file="save_plot_path")
    def gains_lift_plot(
        self,
        type: str = "both",
        xval: bool = False,
        server: bool = False,
        save_plot_path: str | None = None,
        plot: bool = True,
    ) -> Any:
        """Draws 'gains', 'lift' or 'both'."""
        options = {"type": type, "server": server, "save_plot_path": save_plot_path, "plot": plot}
        return self._of_parts(False, False, xval, lambda m: m.gains_lift_plot(**options))  # type: ignore[attr-defined]

    def _history_metrics(self) -> tuple[str, ...]:
        return ("logloss", "auc", "classification_error", "rmse", "pr_auc", "lift", "r2")


class H2OMultinomialModel(ModelBase):
    """A model of several classes."""

    mean_per_class_error = by_part("mean_per_class_error", "Mean of the classes' error rates.")
    hit_ratio_table = by_part(
        "hit_ratio_table", "For each k, the share of rows whose class is among the k most probable."
    )
    multinomial_auc_table = by_part("multinomial_auc_table", "AUC of each class against the rest, or of each pair.")
    multinomial_aucpr_table = by_part("multinomial_aucpr_table", "The same of precision and recall.")

    def confusion_matrix(self, data: H2OFrame) -> H2OTwoDimTable:
        """Counts by actual (rows) and predicted (columns) class on a frame."""
        check_type("data", data, H2OFrame)
        path = f"models/{path_part(self.model_id)}/frames/{path_part(data.frame_id)}"
        metrics = session.api(f"POST /3/ModelMetrics/{path}")["model_metrics"][0]
        return metrics.confusion_matrix()  # type: ignore[no-any-return]

    def _history_metrics(self) -> tuple[str, ...]:
        return ("classification_error", "logloss", "rmse", "auc", "pr_auc", "r2")


class H2OOrdinalModel(ModelBase):
    """A model of several ordered classes."""

    mean_per_class_error = by_part("mean_per_class_error", "Mean of the classes' error rates.")
    hit_ratio_table = by_part(
        "hit_ratio_table", "For each k, the share of rows whose class is among the k most probable."
    )

    def confusion_matrix(self, data: H2OFrame) -> H2OTwoDimTable:
        """Counts by actual (rows) and predicted (columns) class on a frame."""
        check_type("data", data, H2OFrame)
        path = f"models/{path_part(self.model_id)}/frames/{path_part(data.frame_id)}"
        metrics = session.api(f"POST /3/ModelMetrics/{path}")["model_metrics"][0]
        return metrics.confusion_matrix()  # type: ignore[no-any-return]

    def _history_metrics(self) -> tuple[str, ...]:
        return ("classification_error", "logloss", "rmse", "r2")


class H2ORegressionModel(ResidualsExplained, ModelBase):
    """A model of a number."""

    def _history_metrics(self) -> tuple[str, ...]:
        return ("rmse", "deviance", "mae", "r2")


class H2OAutoEncoderModel(ModelBase):
    """A model that reconstructs its input."""

    def anomaly(self, test_data: H2OFrame, per_feature: bool = False) -> H2OFrame:
        """How badly each row is reconstructed: its mean squared error, or the squared error of each feature."""
        check_type("test_data", test_data, H2OFrame)
        data = {"reconstruction_error": True, "reconstruction_error_per_feature": per_feature}
        path = f"models/{path_part(self.model_id)}/frames/{path_part(test_data.frame_id)}"
        reply = session.api(f"POST /3/Predictions/{path}", data=data)
        return _frame(reply["model_metrics"][0]["predictions"]["frame_id"]["name"])

    def _history_metrics(self) -> tuple[str, ...]:
        return ("rmse", "mse")


CATEGORIES: dict[str, type[ModelBase]] = {
    "AnomalyDetection": H2OAnomalyDetectionModel,
    "Binomial": H2OBinomialModel,
    "Multinomial": H2OMultinomialModel,
    "Ordinal": H2OOrdinalModel,
    "Regression": H2ORegressionModel,
    "AutoEncoder": H2OAutoEncoderModel,
    "Clustering": H2OClusteringModel,
    "DimReduction": H2ODimReductionModel,
}
