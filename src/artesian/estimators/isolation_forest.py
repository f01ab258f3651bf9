"""`artesian.estimators.isolation_forest`, as scripts written for H2O import it. Written by tools/generate_facades.py."""

from artesian.client.estimators.isolationforest import H2OIsolationForestEstimator

__all__ = [
    "H2OIsolationForestEstimator",
]
