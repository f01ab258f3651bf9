"""Transformations of frames, where scripts written for H2O look for them: `from artesian.transforms.preprocessing import …`."""

from artesian.client.transforms import H2OTransformer

__all__ = ["H2OTransformer"]
