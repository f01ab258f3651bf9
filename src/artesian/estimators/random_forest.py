"""`artesian.estimators.random_forest`, as scripts written for H2O import it. Written by tools/generate_facades.py."""

from artesian.client.estimators.drf import H2ORandomForestEstimator

__all__ = [
    "H2ORandomForestEstimator",
]
