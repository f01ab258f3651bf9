"""`artesian.estimators.gbm`, as scripts written for H2O import it. Written by tools/generate_facades.py."""

from artesian.client.estimators.gbm import H2OGradientBoostingEstimator

__all__ = [
    "H2OGradientBoostingEstimator",
]
