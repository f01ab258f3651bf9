"""`artesian.model.segment_models`, as scripts written for H2O import it. Written by tools/generate_facades.py."""

from artesian.client.model.segment_models import H2OSegmentModels

__all__ = [
    "H2OSegmentModels",
]
