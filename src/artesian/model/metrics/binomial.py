"""`artesian.model.metrics.binomial`, as scripts written for H2O import it. Written by tools/generate_facades.py."""

from artesian.client.model.metrics import H2OBinomialModelMetrics

__all__ = [
    "H2OBinomialModelMetrics",
]
