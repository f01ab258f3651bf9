"""`artesian.two_dim_table`, as scripts written for H2O import it. Written by tools/generate_facades.py."""

from artesian.client.two_dim_table import H2OTwoDimTable

__all__ = [
    "H2OTwoDimTable",
]
