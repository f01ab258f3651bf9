"""The operators of the expression language, one module a family; importing this package registers them all."""

from artesian.rapids.operators import (
    arithmetic,
    assignment,
    categories,
    comparison,
    conversion,
    functions,
    reducers,
    sampling,
    selection,
)

__all__ = [
    "arithmetic",
    "assignment",
    "categories",
    "comparison",
    "conversion",
    "functions",
    "reducers",
    "sampling",
    "selection",
]
