"""`artesian.model.metrics.anomaly_detection`, as scripts written for H2O import it. Written by tools/generate_facades.py."""

from artesian.client.model.metrics import H2OAnomalyDetectionModelMetrics

__all__ = [
    "H2OAnomalyDetectionModelMetrics",
]
