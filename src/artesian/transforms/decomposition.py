"""Components as steps of a pipeline, where scripts written for H2O look for them."""

from artesian.client.decomposition import H2OPCA, H2OSVD

__all__ = ["H2OPCA", "H2OSVD"]
