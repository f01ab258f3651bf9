"""`artesian.debug`, as scripts written for H2O import it. Written by tools/generate_facades.py."""

from artesian.client.debug import equal_gbm_model_tree_structure

__all__ = [
    "equal_gbm_model_tree_structure",
]
