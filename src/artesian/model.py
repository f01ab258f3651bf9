"""Models and their metrics, where scripts written for H2O look for them: `from artesian.model import H2OBinomialModel`."""

from artesian.client.model import (
    ConfusionMatrix,
    H2OAutoEncoderModel,
    H2OAutoEncoderModelMetrics,
    H2OBinomialModel,
    H2OBinomialModelMetrics,
    H2ODefaultModelMetrics,
    H2OMultinomialModel,
    H2OMultinomialModelMetrics,
    H2ORegressionModel,
    H2ORegressionModelMetrics,
    MetricsBase,
    ModelBase,
)

__all__ = [
    "ConfusionMatrix",
    "H2OAutoEncoderModel",
    "H2OAutoEncoderModelMetrics",
    "H2OBinomialModel",
    "H2OBinomialModelMetrics",
    "H2ODefaultModelMetrics",
    "H2OMultinomialModel",
    "H2OMultinomialModelMetrics",
    "H2ORegressionModel",
    "H2ORegressionModelMetrics",
    "MetricsBase",
    "ModelBase",
]
