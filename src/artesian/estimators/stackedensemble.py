"""`artesian.estimators.stackedensemble`, as scripts written for H2O import it. Written by tools/generate_facades.py."""

from artesian.client.estimators.stackedensemble import H2OStackedEnsembleEstimator

__all__ = [
    "H2OStackedEnsembleEstimator",
]
