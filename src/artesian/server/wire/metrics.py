"""Metrics of models by category."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from artesian.server.wire.keys import frame_key, model_key
from artesian.server.wire.numbers import number
from artesian.server.wire.schema import Field, Schema, both, declare, given, out
from artesian.server.wire.table import table

_CATEGORIES = (
    "Unknown",
    "Binomial",
    "BinomialUplift",
    "Ordinal",
    "Multinomial",
    "Regression",
    "Clustering",
    "AutoEncoder",
    "DimReduction",
    "AnomalyDetection",
)
_BASE = (
    both("model", "Key<Model>", "The model."),
    both("model_checksum", "long", "Checksum of the model.", 0),
    both("frame", "Key<Frame>", "The frame that it was measured on."),
    both("frame_checksum", "long", "Checksum of the frame.", 0),
    out("description", "string", "Which rows were used."),
    given("model_category", "enum", "What the model predicts.", values=_CATEGORIES),
    out("scoring_time", "long", "When it was measured, in milliseconds since 1970 UTC.", 0),
    out("predictions", "Frame", "The predictions, when they were made along the way.", of="FrameV3"),
    out("MSE", "double", "Mean squared error.", 0.0),
    out("RMSE", "double", "Its square root.", 0.0),
    out("nobs", "long", "Rows that counted.", 0),
    out("custom_metric_name", "string", "Name of a custom metric."),
    out("custom_metric_value", "double", "Value of a custom metric.", 0.0),
)


def _declare(name: str, *fields: Field, parent: str = "ModelMetricsBaseV3") -> Schema:
    return declare(name, name.removesuffix("V3").removesuffix("Base"), *_BASE, *fields, parent=parent)


def _value(name: str, help_text: str) -> Field:
    return out(name, "double", help_text, 0.0)


def _table(name: str, help_text: str) -> Field:
    return out(name, "TwoDimTable", help_text, of="TwoDimTableV3")


_R2 = _value("r2", "Share of the response's variance that is explained.")
_LOGLOSS = _value("logloss", "Mean negative logarithm of the probability of the actual class.")
_LIKELIHOOD = (
    _value("loglikelihood", "Logarithm of the likelihood."),
    _value("AIC", "Akaike's information criterion."),
)
_CM = out("cm", "ConfusionMatrix", "Actual against predicted classes.", of="ConfusionMatrixV3")
_CLASS_ERROR = _value("mean_per_class_error", "Mean of the error rates of the classes.")

CONFUSION = declare("ConfusionMatrixV3", "ConfusionMatrix", _table("table", "Counts, errors and rates."))
BASE = _declare("ModelMetricsBaseV3", parent="SchemaV3")
AUTOENCODER = _declare("ModelMetricsAutoEncoderV3")
REGRESSION = _declare(
    "ModelMetricsRegressionV3",
    _R2,
    _value("mean_residual_deviance", "Mean deviance by the model's distribution."),
    _value("mae", "Mean absolute error."),
    _value("rmsle", "Root of the mean squared difference of logarithms."),
    *_LIKELIHOOD,
)
BINOMIAL = _declare(
    "ModelMetricsBinomialV3",
    _R2,
    _LOGLOSS,
    *_LIKELIHOOD,
    _value("AUC", "Area under the ROC curve."),
    _value("pr_auc", "Area under the curve of precision against recall."),
    _value("Gini", "Twice the area under the ROC curve, less one."),
    _CLASS_ERROR,
    out("domain", "string[]", "The classes."),
    _CM,
    _table("thresholds_and_metric_scores", "Scores at each threshold."),
    _table("max_criteria_and_metric_scores", "Best value of each criterion and its threshold."),
    _table("gains_lift_table", "Gain and lift by groups of rows, best first."),
)
MULTINOMIAL = _declare(
    "ModelMetricsMultinomialV3",
    _R2,
    _table("hit_ratio_table", "Share of rows whose class is among the first k."),
    _CM,
    _LOGLOSS,
    *_LIKELIHOOD,
    _CLASS_ERROR,
    _value("AUC", "Average area under the ROC curves."),
    _value("pr_auc", "Average area under the curves of precision against recall."),
    _table("multinomial_auc_table", "Areas under ROC curves, class by class."),
    _table("multinomial_aucpr_table", "Areas under precision-recall curves, class by class."),
)
CLUSTERING = _declare(
    "ModelMetricsClusteringV3",
    _value("tot_withinss", "Squared distances of all rows from the centres of their clusters."),
    _value("totss", "Squared distances of all rows from their mean."),
    _value("betweenss", "Squared distances that the clusters explain."),
    _table("centroid_stats", "Size and sum of squares of each cluster."),
)
ANOMALY = _declare(
    "ModelMetricsAnomalyV3",
    _value("mean_score", "Mean length of the rows' paths."),
    _value("mean_normalized_score", "Mean anomaly score of the rows."),
)
PCA = _declare("ModelMetricsPCAV3")
SVD = declare("ModelMetricsSVDV99", "ModelMetricsSVD", *_BASE, version=99, parent="ModelMetricsBaseV3")
_DEVIANCES = (
    _value("residual_deviance", "Total deviance of the residuals."),
    _value("null_deviance", "Total deviance of the model without inputs."),
    out("null_degrees_of_freedom", "long", "Degrees of freedom of the model without inputs.", 0),
    out("residual_degrees_of_freedom", "long", "Degrees of freedom of the residuals.", 0),
)


def _of_linear_model(schema: Schema) -> Schema:
    """The same metrics with deviances."""
    name = schema.name.replace("V3", "GLMV3")
    own = [field for field in schema.fields if field not in _BASE]
    return _declare(name, *own, *_DEVIANCES, *(() if _LIKELIHOOD[0] in own else _LIKELIHOOD), parent=schema.name)


ORDINAL = _declare(
    "ModelMetricsOrdinalV3",
    _R2,
    _table("hit_ratio_table", "Share of rows whose class is among the first k."),
    _CM,
    _LOGLOSS,
    _CLASS_ERROR,
)
REGRESSION_GLM = _of_linear_model(REGRESSION)
BINOMIAL_GLM = _of_linear_model(BINOMIAL)
MULTINOMIAL_GLM = _of_linear_model(MULTINOMIAL)
ORDINAL_GLM = _of_linear_model(ORDINAL)
_CATEGORY = {
    "autoencoder": "AutoEncoder",
    "regression": "Regression",
    "binomial": "Binomial",
    "multinomial": "Multinomial",
    "ordinal": "Ordinal",
    "clustering": "Clustering",
    "anomaly": "AnomalyDetection",
    "pca": "DimReduction",
    "svd": "DimReduction",
}


def metrics(plain: Mapping[str, Any] | None, predictions: dict[str, Any] | None = None) -> dict[str, Any] | None:
    """Metrics given as the `to_dict` of their object; `predictions` is a frame's answer to go along."""
    if plain is None:
        return None
    kind = plain["kind"]
    mse = plain["mse"]
    base = {
        "model": model_key(plain["model_id"]) if plain.get("model_id") else None,
        "model_checksum": plain.get("model_checksum", 0),
        "frame": frame_key(plain["frame_id"]) if plain.get("frame_id") else None,
        "frame_checksum": plain.get("frame_checksum", 0),
        "description": plain.get("description"),
        "model_category": _CATEGORY[kind],
        "scoring_time": plain["scoring_time"],
        "predictions": predictions,
        "MSE": number(mse),
        "RMSE": mse**0.5 if isinstance(mse, (int, float)) and mse >= 0 else "NaN",
        "nobs": plain["nobs"],
        "custom_metric_name": plain.get("custom_metric_name"),
        "custom_metric_value": _custom(plain),
    }
    return _SHAPES[kind](base, plain)


def _custom(plain: Mapping[str, Any]) -> Any:
    return number(plain["custom_metric_value"]) if plain.get("custom_metric_name") else 0.0


def _autoencoder(base: dict[str, Any], plain: Mapping[str, Any]) -> dict[str, Any]:
    return AUTOENCODER.new(**base)


def _anomaly(base: dict[str, Any], plain: Mapping[str, Any]) -> dict[str, Any]:
    return ANOMALY.new(
        **base,
        mean_score=number(plain["mean_score"]),
        mean_normalized_score=number(plain["mean_normalized_score"]),
    )


def _clustering(base: dict[str, Any], plain: Mapping[str, Any]) -> dict[str, Any]:
    from artesian.learn.metrics import ClusteringMetrics

    measured = ClusteringMetrics.from_dict(plain)
    stats = measured.centroid_stats
    return CLUSTERING.new(
        **base,
        tot_withinss=number(measured.tot_withinss),
        totss=number(measured.totss),
        betweenss=number(measured.betweenss),
        centroid_stats=None if stats is None else table(stats.to_dict()),
    )


def _pca(base: dict[str, Any], plain: Mapping[str, Any]) -> dict[str, Any]:
    return PCA.new(**base)


def _svd(base: dict[str, Any], plain: Mapping[str, Any]) -> dict[str, Any]:
    return SVD.new(**base)


def _regression(base: dict[str, Any], plain: Mapping[str, Any]) -> dict[str, Any]:
    return _schema(plain, REGRESSION, REGRESSION_GLM).new(
        **base,
        r2=number(plain["r2"]),
        mean_residual_deviance=number(plain["mean_residual_deviance"]),
        mae=number(plain["mae"]),
        rmsle=number(plain["rmsle"]),
        **_likelihood(plain),
        **_deviances(plain),
    )


def _likelihood(plain: Mapping[str, Any]) -> dict[str, Any]:
    return {"loglikelihood": number(plain.get("loglikelihood")), "AIC": number(plain.get("aic"))}


def _schema(plain: Mapping[str, Any], schema: Schema, of_linear_model: Schema) -> Schema:
    return schema if plain.get("residual_degrees_of_freedom") is None else of_linear_model


def _deviances(plain: Mapping[str, Any]) -> dict[str, Any]:
    """Deviances and degrees of freedom, of linear models alone."""
    if plain.get("residual_degrees_of_freedom") is None:
        return {}
    return {
        "residual_deviance": number(plain["residual_deviance"]),
        "null_deviance": number(plain["null_deviance"]),
        "null_degrees_of_freedom": plain["null_degrees_of_freedom"],
        "residual_degrees_of_freedom": plain["residual_degrees_of_freedom"],
    }


def _ordinal(base: dict[str, Any], plain: Mapping[str, Any]) -> dict[str, Any]:
    from artesian.learn.metrics import OrdinalMetrics

    schema = _schema(plain, ORDINAL, ORDINAL_GLM)
    likelihood = _likelihood(plain) if schema is ORDINAL_GLM else {}
    return schema.new(
        **base,
        r2=number(plain["r2"]),
        hit_ratio_table=table(OrdinalMetrics.from_dict(plain).hit_ratio_table),
        cm=_confusion(plain),
        logloss=number(plain["log_loss"]),
        mean_per_class_error=number(plain["mean_per_class_error"]),
        **likelihood,
        **_deviances(plain),
    )


def _confusion(plain: Mapping[str, Any]) -> dict[str, Any] | None:
    matrix = plain.get("confusion_matrix")
    if matrix is None:
        return None
    from artesian.learn.metrics import ConfusionMatrix

    return CONFUSION.new(table=table(ConfusionMatrix.from_dict(matrix).table()))


def _binomial(base: dict[str, Any], plain: Mapping[str, Any]) -> dict[str, Any]:
    return _schema(plain, BINOMIAL, BINOMIAL_GLM).new(
        **base,
        r2=number(plain["r2"]),
        logloss=number(plain["log_loss"]),
        **_likelihood(plain),
        **_deviances(plain),
        AUC=number(plain["auc"]),
        pr_auc=number(plain["pr_auc"]),
        Gini=number(plain["gini"]),
        mean_per_class_error=number(plain["mean_per_class_error"]),
        domain=list(plain["domain"]),
        cm=_confusion(plain),
        thresholds_and_metric_scores=table(plain["thresholds_and_metric_scores"]),
        max_criteria_and_metric_scores=table(plain["max_criteria_and_metric_scores"]),
        gains_lift_table=table(plain["gains_lift"]),
    )


def _multinomial(base: dict[str, Any], plain: Mapping[str, Any]) -> dict[str, Any]:
    from artesian.learn.metrics import MultinomialMetrics

    return _schema(plain, MULTINOMIAL, MULTINOMIAL_GLM).new(
        **base,
        r2=number(plain["r2"]),
        hit_ratio_table=table(MultinomialMetrics.from_dict(plain).hit_ratio_table),
        cm=_confusion(plain),
        logloss=number(plain["log_loss"]),
        **_likelihood(plain),
        **_deviances(plain),
        mean_per_class_error=number(plain["mean_per_class_error"]),
        AUC=number(plain["auc"]),
        pr_auc=number(plain["pr_auc"]),
        multinomial_auc_table=table(plain["auc_table"]),
        multinomial_aucpr_table=table(plain["pr_auc_table"]),
    )


_SHAPES = {
    "autoencoder": _autoencoder,
    "regression": _regression,
    "binomial": _binomial,
    "multinomial": _multinomial,
    "ordinal": _ordinal,
    "clustering": _clustering,
    "anomaly": _anomaly,
    "pca": _pca,
    "svd": _svd,
}
