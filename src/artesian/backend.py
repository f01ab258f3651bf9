"""Connections and servers, where scripts written for H2O look for them: `from artesian.backend import H2OConnection`."""

from artesian.client.cluster import H2OCluster
from artesian.client.connection import H2OConnection
from artesian.client.connection_conf import H2OConnectionConf
from artesian.client.local_server import H2OLocalServer

__all__ = ["H2OCluster", "H2OConnection", "H2OConnectionConf", "H2OLocalServer"]
