"""`artesian.model.models.autoencoder`, as scripts written for H2O import it. Written by tools/generate_facades.py."""

from artesian.client.model.categories import H2OAutoEncoderModel

__all__ = [
    "H2OAutoEncoderModel",
]
