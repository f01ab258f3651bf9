"""`artesian.grid.metrics`, as scripts written for H2O import it. Written by tools/generate_facades.py."""

from artesian.client.grid.metrics import (
    H2OAutoEncoderGridSearch,
    H2OBinomialGridSearch,
    H2OClusteringGridSearch,
    H2ODimReductionGridSearch,
    H2OMultinomialGridSearch,
    H2OOBinomialUpliftGridSearch,
    H2OOrdinalGridSearch,
    H2ORegressionGridSearch,
)

__all__ = [
    "H2OAutoEncoderGridSearch",
    "H2OBinomialGridSearch",
    "H2OClusteringGridSearch",
    "H2ODimReductionGridSearch",
    "H2OMultinomialGridSearch",
    "H2OOBinomialUpliftGridSearch",
    "H2OOrdinalGridSearch",
    "H2ORegressionGridSearch",
]
