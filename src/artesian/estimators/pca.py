"""The estimator of principal components, where scripts written for H2O look for it."""

from artesian.client.estimators.pca import H2OPrincipalComponentAnalysisEstimator

__all__ = ["H2OPrincipalComponentAnalysisEstimator"]
