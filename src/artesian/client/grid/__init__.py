"""Grid search in the client: the object that searches, what grids of each kind of models can be asked, stored grids."""

from artesian.client.grid.grid_search import H2OGridSearch
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
from artesian.client.grid.stored import get_grid, load_grid, resume, save_grid

__all__ = [
    "H2OAutoEncoderGridSearch",
    "H2OBinomialGridSearch",
    "H2OClusteringGridSearch",
    "H2ODimReductionGridSearch",
    "H2OGridSearch",
    "H2OMultinomialGridSearch",
    "H2OOBinomialUpliftGridSearch",
    "H2OOrdinalGridSearch",
    "H2ORegressionGridSearch",
    "get_grid",
    "load_grid",
    "resume",
    "save_grid",
]
