"""`artesian.sklearn.wrapper`: the bases of the wrappers, as scripts written for H2O import them."""

from artesian.client.scikit.connecting import H2OConnectionMonitorMixin, h2o_connection
from artesian.client.scikit.wrapping import (
    BaseSklearnEstimator,
    H2OEstimatorPredictProbabilitiesSupport,
    H2OEstimatorScoreSupport,
    H2OEstimatorTransformSupport,
    H2OtoSklearnEstimator,
    H2OtoSklearnTransformer,
)

__all__ = [
    "BaseSklearnEstimator",
    "H2OConnectionMonitorMixin",
    "H2OEstimatorPredictProbabilitiesSupport",
    "H2OEstimatorScoreSupport",
    "H2OEstimatorTransformSupport",
    "H2OtoSklearnEstimator",
    "H2OtoSklearnTransformer",
    "h2o_connection",
]
