"""`artesian.model.models.ordinal`, as scripts written for H2O import it. Written by tools/generate_facades.py."""

from artesian.client.model.categories import H2OOrdinalModel

__all__ = [
    "H2OOrdinalModel",
]
