"""`artesian.estimators.glm`, as scripts written for H2O import it. Written by tools/generate_facades.py."""

from artesian.client.estimators.glm import H2OGeneralizedLinearEstimator

__all__ = [
    "H2OGeneralizedLinearEstimator",
]
