"""The estimator of naive Bayes, where scripts written for H2O look for it."""

from artesian.client.estimators.naivebayes import H2ONaiveBayesEstimator

__all__ = ["H2ONaiveBayesEstimator"]
