"""The estimator of XGBoost, where scripts written for H2O look for it."""

from artesian.client.estimators.xgboost import H2OXGBoostEstimator

__all__ = ["H2OXGBoostEstimator"]
