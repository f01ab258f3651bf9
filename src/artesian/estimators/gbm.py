"""Gradient boosting, where scripts written for H2O look for it: `from artesian.estimators.gbm import H2OGradientBoostingEstimator`."""

from artesian.client.estimators.gbm import H2OGradientBoostingEstimator

__all__ = ["H2OGradientBoostingEstimator"]
