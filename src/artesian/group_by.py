"""`artesian.group_by`, as scripts written for H2O import it. Written by tools/generate_facades.py."""

from artesian.client.frame.group_by import GroupBy

__all__ = [
    "GroupBy",
]
