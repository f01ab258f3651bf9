"""`artesian.cross_validation`, as scripts written for H2O import it. Written by tools/generate_facades.py."""

from artesian.client.cross_validation import H2OKFold, H2OPartitionIterator, H2OStratifiedKFold

__all__ = [
    "H2OKFold",
    "H2OPartitionIterator",
    "H2OStratifiedKFold",
]
