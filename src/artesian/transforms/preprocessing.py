"""Scaling and operations on columns, where scripts written for H2O look for them."""

from artesian.client.transforms import H2OBinaryOp, H2OCol, H2OColOp, H2OColSelect, H2OScaler

__all__ = ["H2OBinaryOp", "H2OCol", "H2OColOp", "H2OColSelect", "H2OScaler"]
