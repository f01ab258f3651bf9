"""`artesian.estimators.decision_tree`, as scripts written for H2O import it. Written by tools/generate_facades.py."""

from artesian.client.estimators.dt import H2ODecisionTreeEstimator

__all__ = [
    "H2ODecisionTreeEstimator",
]
