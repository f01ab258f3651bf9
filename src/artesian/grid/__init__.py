"""`artesian.grid`, as scripts written for H2O import it. Written by tools/generate_facades.py."""

from artesian.grid.grid_search import H2OGridSearch
from artesian.grid.metrics import (
    H2OAutoEncoderGridSearch,
    H2OBinomialGridSearch,
    H2OClusteringGridSearch,
    H2ODimReductionGridSearch,
    H2OMultinomialGridSearch,
    H2ORegressionGridSearch,
)

__all__ = [
    "H2OAutoEncoderGridSearch",
    "H2OBinomialGridSearch",
    "H2OClusteringGridSearch",
    "H2ODimReductionGridSearch",
    "H2OGridSearch",
    "H2OMultinomialGridSearch",
    "H2ORegressionGridSearch",
]
