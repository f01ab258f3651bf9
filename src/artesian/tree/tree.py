"""`artesian.tree.tree`, as scripts written for H2O import it. Written by tools/generate_facades.py."""

from artesian.client.tree import H2OLeafNode, H2ONode, H2OSplitNode, H2OTree

__all__ = [
    "H2OLeafNode",
    "H2ONode",
    "H2OSplitNode",
    "H2OTree",
]
