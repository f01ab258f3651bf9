"""The estimators of Deep Learning, where scripts written for H2O look for them."""

from artesian.client.estimators.deeplearning import H2OAutoEncoderEstimator, H2ODeepLearningEstimator

__all__ = ["H2OAutoEncoderEstimator", "H2ODeepLearningEstimator"]
