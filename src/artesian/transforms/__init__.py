"""`artesian.transforms`, as scripts written for H2O import it. Written by tools/generate_facades.py."""

from artesian.transforms.decomposition import H2OPCA, H2OSVD
from artesian.transforms.preprocessing import H2OBinaryOp, H2OColOp, H2OColSelect, H2OScaler
from artesian.transforms.transform_base import H2OTransformer

__all__ = [
    "H2OPCA",
    "H2OSVD",
    "H2OBinaryOp",
    "H2OColOp",
    "H2OColSelect",
    "H2OScaler",
    "H2OTransformer",
]
