"""`artesian.model.models.dim_reduction`, as scripts written for H2O import it. Written by tools/generate_facades.py."""

from artesian.client.model.dim_reduction import H2ODimReductionModel

__all__ = [
    "H2ODimReductionModel",
]
