"""Random forests, where scripts written for H2O look for it: `from artesian.estimators.random_forest import H2ORandomForestEstimator`."""

from artesian.client.estimators.drf import H2ORandomForestEstimator

__all__ = ["H2ORandomForestEstimator"]
