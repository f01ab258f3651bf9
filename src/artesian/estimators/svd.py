"""`artesian.estimators.svd`, as scripts written for H2O import it. Written by tools/generate_facades.py."""

from artesian.client.estimators.svd import H2OSingularValueDecompositionEstimator

__all__ = [
    "H2OSingularValueDecompositionEstimator",
]
