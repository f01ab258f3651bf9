"""`artesian.model.models.anomaly_detection`, as scripts written for H2O import it. Written by tools/generate_facades.py."""

from artesian.client.model.anomaly import H2OAnomalyDetectionModel

__all__ = [
    "H2OAnomalyDetectionModel",
]
