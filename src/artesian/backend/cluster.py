"""`artesian.backend.cluster`, as scripts written for H2O import it. Written by tools/generate_facades.py."""

from artesian.client.cluster import H2OCluster

__all__ = [
    "H2OCluster",
]
