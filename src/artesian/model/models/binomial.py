"""`artesian.model.models.binomial`, as scripts written for H2O import it. Written by tools/generate_facades.py."""

from artesian.client.model.categories import H2OBinomialModel

__all__ = [
    "H2OBinomialModel",
]
