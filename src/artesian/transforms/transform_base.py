"""`artesian.transforms.transform_base`, as scripts written for H2O import it. Written by tools/generate_facades.py."""

from artesian.client.transforms import H2OTransformer

__all__ = [
    "H2OTransformer",
]
