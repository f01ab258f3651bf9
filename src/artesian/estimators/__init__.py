"""`artesian.estimators`, as scripts written for H2O import it. Written by tools/generate_facades.py."""

from artesian.client.estimators import create_estimator
from artesian.client.estimators.greedy import H2OGreedyWeightsEstimator
from artesian.estimators.decision_tree import H2ODecisionTreeEstimator
from artesian.estimators.deeplearning import H2OAutoEncoderEstimator, H2ODeepLearningEstimator
from artesian.estimators.estimator_base import H2OEstimator
from artesian.estimators.extended_isolation_forest import H2OExtendedIsolationForestEstimator
from artesian.estimators.gbm import H2OGradientBoostingEstimator
from artesian.estimators.glm import H2OGeneralizedLinearEstimator
from artesian.estimators.isolation_forest import H2OIsolationForestEstimator
from artesian.estimators.isotonicregression import H2OIsotonicRegressionEstimator
from artesian.estimators.kmeans import H2OKMeansEstimator
from artesian.estimators.naive_bayes import H2ONaiveBayesEstimator
from artesian.estimators.pca import H2OPrincipalComponentAnalysisEstimator
from artesian.estimators.random_forest import H2ORandomForestEstimator
from artesian.estimators.stackedensemble import H2OStackedEnsembleEstimator
from artesian.estimators.svd import H2OSingularValueDecompositionEstimator
from artesian.estimators.targetencoder import H2OTargetEncoderEstimator
from artesian.estimators.xgboost import H2OXGBoostEstimator

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
