"""`artesian.estimators.pca`, as scripts written for H2O import it. Written by tools/generate_facades.py."""

from artesian.client.estimators.pca import H2OPrincipalComponentAnalysisEstimator

__all__ = [
    "H2OPrincipalComponentAnalysisEstimator",
]
