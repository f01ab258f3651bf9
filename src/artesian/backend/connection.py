"""`artesian.backend.connection`, as scripts written for H2O import it. Written by tools/generate_facades.py."""

from artesian.client.connection import H2OConnection
from artesian.client.connection_conf import H2OConnectionConf

__all__ = [
    "H2OConnection",
    "H2OConnectionConf",
]
