"""`artesian.estimators.isotonicregression`, as scripts written for H2O import it. Written by tools/generate_facades.py."""

from artesian.client.estimators.isotonicregression import H2OIsotonicRegressionEstimator

__all__ = [
    "H2OIsotonicRegressionEstimator",
]
