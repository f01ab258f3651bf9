"""`artesian.estimators.naive_bayes`, as scripts written for H2O import it. Written by tools/generate_facades.py."""

from artesian.client.estimators.naivebayes import H2ONaiveBayesEstimator

__all__ = [
    "H2ONaiveBayesEstimator",
]
