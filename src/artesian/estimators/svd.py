"""The estimator of singular values, where scripts written for H2O look for it."""

from artesian.client.estimators.svd import H2OSingularValueDecompositionEstimator

__all__ = ["H2OSingularValueDecompositionEstimator"]
