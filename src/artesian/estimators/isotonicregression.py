"""The estimator of isotonic regression, where scripts written for H2O look for it."""

from artesian.client.estimators.isotonicregression import H2OIsotonicRegressionEstimator

__all__ = ["H2OIsotonicRegressionEstimator"]
