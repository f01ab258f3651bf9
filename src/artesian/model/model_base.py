"""`artesian.model.model_base`, as scripts written for H2O import it. Written by tools/generate_facades.py."""

from artesian.client.model.base import ModelBase

__all__ = [
    "ModelBase",
]
