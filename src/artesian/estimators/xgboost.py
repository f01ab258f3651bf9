"""`artesian.estimators.xgboost`, as scripts written for H2O import it. Written by tools/generate_facades.py."""

from artesian.client.estimators.xgboost import H2OXGBoostEstimator

__all__ = [
    "H2OXGBoostEstimator",
]
