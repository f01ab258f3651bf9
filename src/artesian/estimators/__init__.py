"""The estimators of the Python API, where scripts written for H2O look for them: `from artesian.estimators import …`."""

from artesian.client.estimators import (
    H2OAutoEncoderEstimator,
    H2ODeepLearningEstimator,
    H2OEstimator,
    create_estimator,
)

__all__ = ["H2OAutoEncoderEstimator", "H2ODeepLearningEstimator", "H2OEstimator", "create_estimator"]
