"""`artesian.model`, as scripts written for H2O import it. Written by tools/generate_facades.py."""

import artesian.model.regression as regression
from artesian.client.model.metrics import H2OAutoEncoderModelMetrics
from artesian.model.confusion_matrix import ConfusionMatrix
from artesian.model.metrics import (
    H2OAnomalyDetectionModelMetrics,
    H2OBinomialModelMetrics,
    H2OClusteringModelMetrics,
    H2ODefaultModelMetrics,
    H2ODimReductionModelMetrics,
    H2OMultinomialModelMetrics,
    H2OOrdinalModelMetrics,
    H2ORegressionModelMetrics,
)
from artesian.model.metrics_base import MetricsBase
from artesian.model.model_base import ModelBase
from artesian.model.models import (
    H2OAnomalyDetectionModel,
    H2OAutoEncoderModel,
    H2OBinomialModel,
    H2OClusteringModel,
    H2ODimReductionModel,
    H2OMultinomialModel,
    H2OOrdinalModel,
    H2ORegressionModel,
)
from artesian.model.segment_models import H2OSegmentModels

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
    "H2OSegmentModels",
    "MetricsBase",
    "ModelBase",
    "regression",
]
