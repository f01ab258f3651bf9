"""`artesian.backend.server`, as scripts written for H2O import it. Written by tools/generate_facades.py."""

from artesian.client.local_server import H2OLocalServer

__all__ = [
    "H2OLocalServer",
]
