"""`artesian.model.models`, as scripts written for H2O import it. Written by tools/generate_facades.py."""

from artesian.model.models.anomaly_detection import H2OAnomalyDetectionModel
from artesian.model.models.autoencoder import H2OAutoEncoderModel
from artesian.model.models.binomial import H2OBinomialModel
from artesian.model.models.clustering import H2OClusteringModel
from artesian.model.models.dim_reduction import H2ODimReductionModel
from artesian.model.models.multinomial import H2OMultinomialModel
from artesian.model.models.ordinal import H2OOrdinalModel
from artesian.model.models.regression import H2ORegressionModel

__all__ = [
    "H2OAnomalyDetectionModel",
    "H2OAutoEncoderModel",
    "H2OBinomialModel",
    "H2OClusteringModel",
    "H2ODimReductionModel",
    "H2OMultinomialModel",
    "H2OOrdinalModel",
    "H2ORegressionModel",
]
