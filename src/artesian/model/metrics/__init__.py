"""`artesian.model.metrics`, as scripts written for H2O import it. Written by tools/generate_facades.py."""

from artesian.client.model.metrics import make_metrics
from artesian.model.metrics.anomaly_detection import H2OAnomalyDetectionModelMetrics
from artesian.model.metrics.binomial import H2OBinomialModelMetrics
from artesian.model.metrics.clustering import H2OClusteringModelMetrics
from artesian.model.metrics.dim_reduction import H2ODimReductionModelMetrics
from artesian.model.metrics.generic import H2ODefaultModelMetrics
from artesian.model.metrics.multinomial import H2OMultinomialModelMetrics
from artesian.model.metrics.ordinal import H2OOrdinalModelMetrics
from artesian.model.metrics.regression import H2ORegressionModelMetrics

__all__ = [
    "H2OAnomalyDetectionModelMetrics",
    "H2OBinomialModelMetrics",
    "H2OClusteringModelMetrics",
    "H2ODefaultModelMetrics",
    "H2ODimReductionModelMetrics",
    "H2OMultinomialModelMetrics",
    "H2OOrdinalModelMetrics",
    "H2ORegressionModelMetrics",
    "make_metrics",
]
