"""`artesian.job`, as scripts written for H2O import it. Written by tools/generate_facades.py."""

from artesian.client.job import H2OJob

__all__ = [
    "H2OJob",
]
