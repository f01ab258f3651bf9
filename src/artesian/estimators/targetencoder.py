"""The estimator of target encodings, where scripts written for H2O look for it."""

from artesian.client.estimators.targetencoder import H2OTargetEncoderEstimator

__all__ = ["H2OTargetEncoderEstimator"]
