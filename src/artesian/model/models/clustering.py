"""`artesian.model.models.clustering`, as scripts written for H2O import it. Written by tools/generate_facades.py."""

from artesian.client.model.clustering import H2OClusteringModel

__all__ = [
    "H2OClusteringModel",
]
