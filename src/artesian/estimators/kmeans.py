"""`artesian.estimators.kmeans`, as scripts written for H2O import it. Written by tools/generate_facades.py."""

from artesian.client.estimators.kmeans import H2OKMeansEstimator

__all__ = [
    "H2OKMeansEstimator",
]
