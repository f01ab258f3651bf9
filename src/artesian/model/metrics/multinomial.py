"""`artesian.model.metrics.multinomial`, as scripts written for H2O import it. Written by tools/generate_facades.py."""

from artesian.client.model.metrics import H2OMultinomialModelMetrics

__all__ = [
    "H2OMultinomialModelMetrics",
]
