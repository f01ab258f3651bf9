"""Floor 2: the expression language that clients send (Rapids): its reader, its evaluator and the operators by family.

`evaluate(text, environment)` runs one expression; `parse(text)` only reads it; `catalogue()` lists the operators. Operators
live in `operators/`, one small function each, registered by `@operator`; floors above may register more.
"""

from artesian.rapids import operators
from artesian.rapids.environment import Environment, MemoryEnvironment
from artesian.rapids.evaluator import evaluate
from artesian.rapids.reader import parse
from artesian.rapids.registry import catalogue, is_look_up, operator
from artesian.rapids.values import Reference, Result

__all__ = [
    "Environment",
    "MemoryEnvironment",
    "Reference",
    "Result",
    "catalogue",
    "evaluate",
    "is_look_up",
    "operator",
    "operators",
    "parse",
]
