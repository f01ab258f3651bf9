"""The decision tree, where scripts written for H2O look for it: `from artesian.estimators.decision_tree import H2ODecisionTreeEstimator`."""

from artesian.client.estimators.dt import H2ODecisionTreeEstimator

__all__ = ["H2ODecisionTreeEstimator"]
