"""Trained models and their metrics, as the official client presents them; one class a kind of prediction."""

from artesian.client.model.anomaly import H2OAnomalyDetectionModel
from artesian.client.model.base import ModelBase
from artesian.client.model.categories import (
    H2OAutoEncoderModel,
    H2OBinomialModel,
    H2OMultinomialModel,
    H2OOrdinalModel,
    H2ORegressionModel,
)
from artesian.client.model.clustering import H2OClusteringModel
from artesian.client.model.confusion_matrix import ConfusionMatrix
from artesian.client.model.dim_reduction import H2ODimReductionModel
from artesian.client.model.metrics import (
    H2OAnomalyDetectionModelMetrics,
    H2OAutoEncoderModelMetrics,
    H2OBinomialModelMetrics,
    H2OClusteringModelMetrics,
    H2ODefaultModelMetrics,
    H2ODimReductionModelMetrics,
    H2OMultinomialModelMetrics,
    H2OOrdinalModelMetrics,
    H2ORegressionModelMetrics,
    MetricsBase,
)

__all__ = [
    "ConfusionMatrix",
    "H2OAnomalyDetectionModel",
    "H2OAnomalyDetectionModelMetrics",
    "H2OAutoEncoderModel",
    "H2OAutoEncoderModelMetrics",
    "H2OBinomialModel",
    "H2OBinomialModelMetrics",
    "H2OClusteringModel",
    "H2OClusteringModelMetrics",
    "H2ODefaultModelMetrics",
    "H2ODimReductionModel",
    "H2ODimReductionModelMetrics",
    "H2OMultinomialModel",
    "H2OMultinomialModelMetrics",
    "H2OOrdinalModel",
    "H2OOrdinalModelMetrics",
    "H2ORegressionModel",
    "H2ORegressionModelMetrics",
    "MetricsBase",
    "ModelBase",
]
