"""Artesian: an open machine-learning server that speaks H2O-3's REST contract, and its Python API."""

__version__ = "0.1.0"
