"""Single trees of models, where scripts written for H2O look for them: `from artesian.tree import H2OTree`."""

from artesian.client.tree import H2OLeafNode, H2ONode, H2OSplitNode, H2OTree

__all__ = ["H2OLeafNode", "H2ONode", "H2OSplitNode", "H2OTree"]
