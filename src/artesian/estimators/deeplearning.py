"""`artesian.estimators.deeplearning`, as scripts written for H2O import it. Written by tools/generate_facades.py."""

from artesian.client.estimators.deeplearning import H2OAutoEncoderEstimator, H2ODeepLearningEstimator

__all__ = [
    "H2OAutoEncoderEstimator",
    "H2ODeepLearningEstimator",
]
