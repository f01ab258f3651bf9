"""The estimator of k-means, where scripts written for H2O look for it."""

from artesian.client.estimators.kmeans import H2OKMeansEstimator

__all__ = ["H2OKMeansEstimator"]
