"""Estimators: one class an algorithm, with its parameters as arguments; those of algorithms are generated, `base` is not."""

from __future__ import annotations

from typing import Any

from artesian.client.estimators.base import H2OEstimator
from artesian.client.estimators.deeplearning import H2OAutoEncoderEstimator, H2ODeepLearningEstimator
from artesian.client.estimators.drf import H2ORandomForestEstimator
from artesian.client.estimators.dt import H2ODecisionTreeEstimator
from artesian.client.estimators.extendedisolationforest import H2OExtendedIsolationForestEstimator
from artesian.client.estimators.gbm import H2OGradientBoostingEstimator
from artesian.client.estimators.glm import H2OGeneralizedLinearEstimator
from artesian.client.estimators.greedy import H2OGreedyWeightsEstimator
from artesian.client.estimators.isolationforest import H2OIsolationForestEstimator
from artesian.client.estimators.isotonicregression import H2OIsotonicRegressionEstimator
from artesian.client.estimators.kmeans import H2OKMeansEstimator
from artesian.client.estimators.naivebayes import H2ONaiveBayesEstimator
from artesian.client.estimators.pca import H2OPrincipalComponentAnalysisEstimator
from artesian.client.estimators.stackedensemble import H2OStackedEnsembleEstimator
from artesian.client.estimators.svd import H2OSingularValueDecompositionEstimator
from artesian.client.estimators.targetencoder import H2OTargetEncoderEstimator
from artesian.client.estimators.xgboost import H2OXGBoostEstimator
from artesian.client.exceptions import NotAvailable
from artesian.core.errors import did_you_mean

_BY_ALGORITHM: dict[str, type[H2OEstimator]] = {
    "deeplearning": H2ODeepLearningEstimator,
    "autoencoder": H2OAutoEncoderEstimator,
    "drf": H2ORandomForestEstimator,
    "dt": H2ODecisionTreeEstimator,
    "gbm": H2OGradientBoostingEstimator,
    "glm": H2OGeneralizedLinearEstimator,
    "greedy": H2OGreedyWeightsEstimator,
    "isotonicregression": H2OIsotonicRegressionEstimator,
    "kmeans": H2OKMeansEstimator,
    "naivebayes": H2ONaiveBayesEstimator,
    "pca": H2OPrincipalComponentAnalysisEstimator,
    "stackedensemble": H2OStackedEnsembleEstimator,
    "svd": H2OSingularValueDecompositionEstimator,
    "targetencoder": H2OTargetEncoderEstimator,
    "xgboost": H2OXGBoostEstimator,
    "isolationforest": H2OIsolationForestEstimator,
    "extendedisolationforest": H2OExtendedIsolationForestEstimator,
}


def create_estimator(algo: str, **parameters: Any) -> H2OEstimator:
    """The estimator of an algorithm, by the algorithm's name."""
    if algo not in _BY_ALGORITHM:
        raise NotAvailable(f"This client has no estimator for '{algo}'.{did_you_mean(algo, _BY_ALGORITHM)}")
    return _BY_ALGORITHM[algo](**parameters)


__all__ = [
    "H2OAutoEncoderEstimator",
    "H2ODecisionTreeEstimator",
    "H2ODeepLearningEstimator",
    "H2OEstimator",
    "H2OExtendedIsolationForestEstimator",
    "H2OGeneralizedLinearEstimator",
    "H2OGradientBoostingEstimator",
    "H2OGreedyWeightsEstimator",
    "H2OIsolationForestEstimator",
    "H2OIsotonicRegressionEstimator",
    "H2OKMeansEstimator",
    "H2ONaiveBayesEstimator",
    "H2OPrincipalComponentAnalysisEstimator",
    "H2ORandomForestEstimator",
    "H2OSingularValueDecompositionEstimator",
    "H2OStackedEnsembleEstimator",
    "H2OTargetEncoderEstimator",
    "H2OXGBoostEstimator",
    "create_estimator",
]
