"""`artesian.model.metrics.dim_reduction`, as scripts written for H2O import it. Written by tools/generate_facades.py."""

from artesian.client.model.metrics import H2ODimReductionModelMetrics

__all__ = [
    "H2ODimReductionModelMetrics",
]
