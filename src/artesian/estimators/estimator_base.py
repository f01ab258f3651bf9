"""`artesian.estimators.estimator_base`, as scripts written for H2O import it. Written by tools/generate_facades.py."""

from artesian.client.estimators.base import H2OEstimator

__all__ = [
    "H2OEstimator",
]
