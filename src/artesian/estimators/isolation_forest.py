"""The estimator of isolation forests, where scripts written for H2O look for it."""

from artesian.client.estimators.isolationforest import H2OIsolationForestEstimator

__all__ = ["H2OIsolationForestEstimator"]
