"""The estimator of extended isolation forests, where scripts written for H2O look for it."""

from artesian.client.estimators.extendedisolationforest import H2OExtendedIsolationForestEstimator

__all__ = ["H2OExtendedIsolationForestEstimator"]
