"""`artesian.model.metrics_base`, as scripts written for H2O import it. Written by tools/generate_facades.py."""

from artesian.client.model.metrics import MetricsBase

__all__ = [
    "MetricsBase",
]
