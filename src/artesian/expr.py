"""`artesian.expr`, as scripts written for H2O import it. Written by tools/generate_facades.py."""

from artesian.client.expr import ExprNode

__all__ = [
    "ExprNode",
]
