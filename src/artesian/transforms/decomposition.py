"""`artesian.transforms.decomposition`, as scripts written for H2O import it. Written by tools/generate_facades.py."""

from artesian.client.decomposition import H2OPCA, H2OSVD

__all__ = [
    "H2OPCA",
    "H2OSVD",
]
