"""`artesian.estimators.targetencoder`, as scripts written for H2O import it. Written by tools/generate_facades.py."""

from artesian.client.estimators.targetencoder import H2OTargetEncoderEstimator

__all__ = [
    "H2OTargetEncoderEstimator",
]
