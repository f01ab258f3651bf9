"""`artesian.transforms.preprocessing`, as scripts written for H2O import it. Written by tools/generate_facades.py."""

from artesian.client.transforms import H2OBinaryOp, H2OCol, H2OColOp, H2OColSelect, H2OScaler

__all__ = [
    "H2OBinaryOp",
    "H2OCol",
    "H2OColOp",
    "H2OColSelect",
    "H2OScaler",
]
