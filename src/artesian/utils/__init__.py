"""`artesian.utils`, as scripts written for H2O import it. Written by tools/generate_facades.py."""

import artesian.utils.distributions as distributions

__all__ = [
    "distributions",
]
