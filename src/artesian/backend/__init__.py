"""`artesian.backend`, as scripts written for H2O import it. Written by tools/generate_facades.py."""

from artesian.backend.cluster import H2OCluster
from artesian.backend.connection import H2OConnection, H2OConnectionConf
from artesian.backend.server import H2OLocalServer

__all__ = [
    "H2OCluster",
    "H2OConnection",
    "H2OConnectionConf",
    "H2OLocalServer",
]
