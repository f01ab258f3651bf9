"""`artesian.grid.grid_search`, as scripts written for H2O import it. Written by tools/generate_facades.py."""

from artesian.client.grid.grid_search import H2OGridSearch

__all__ = [
    "H2OGridSearch",
]
