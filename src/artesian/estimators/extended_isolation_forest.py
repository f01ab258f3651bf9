"""`artesian.estimators.extended_isolation_forest`, as scripts written for H2O import it. Written by tools/generate_facades.py."""

from artesian.client.estimators.extendedisolationforest import H2OExtendedIsolationForestEstimator

__all__ = [
    "H2OExtendedIsolationForestEstimator",
]
