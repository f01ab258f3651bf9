"""What all estimators share, where scripts written for H2O look for it."""

from artesian.client.estimators.base import H2OEstimator

__all__ = ["H2OEstimator"]
