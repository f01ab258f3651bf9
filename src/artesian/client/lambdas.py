"""A Python function as a function of the expression language: it is called once with a stand-in that writes down what is done.

So anything works that Python evaluates on the way: constants, closures, keyword arguments, helper functions. What asks a
column for a truth value (if, and, or, not, a loop over it) cannot be written down and is refused.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable
from typing import Any

from artesian.client.exceptions import H2OTypeError, H2OValueError
from artesian.client.expr import AstName, to_text

_METHODS = {"ceil": "ceiling", "nacnt": "naCnt", "asfactor": "as.factor", "asnumeric": "as.numeric", "isna": "is.na"}
_SKIPPING_MISSING = {"sum": "sumNA", "min": "minNA", "max": "maxNA"}
_BINARY = {
    "add": "+", "sub": "-", "mul": "*", "truediv": "/", "floordiv": "intDiv", "mod": "%", "pow": "^", "and": "&",
    "or": "|", "lt": "<", "le": "<=", "gt": ">", "ge": ">=", "eq": "==", "ne": "!=",
}  # fmt: skip


def trace(function: Callable[..., Any]) -> str:
    """The function as `{x . body}`; H2OValueError when it takes no argument or does what cannot be written down."""
    names = list(inspect.signature(function).parameters)
    if not names:
        raise H2OValueError("A function to apply takes the column or row as its argument.")
    body = function(*(Traced(name) for name in names))
    return f"{{{' '.join(names)} . {_text(body)}}}"


class Traced:
    """Stands for a column or row; operators, methods and indexing give further stand-ins."""

    def __init__(self, text: str) -> None:
        self._text = text

    def __getitem__(self, item: Any) -> Traced:
        if isinstance(item, tuple) and len(item) == 2:
            return _call("rows", _call("cols", self, item[1]), item[0])
        return _call("cols", self, item)

    def __getattr__(self, name: str) -> Callable[..., Traced]:
        from artesian.client.frame.frame import H2OFrame

        method = getattr(H2OFrame, name, None)
        if name.startswith("_") or not inspect.isfunction(method):
            raise AttributeError(f"A column or row inside a function to apply has no '{name}'.")
        signature = inspect.signature(method)

        def traced_method(*arguments: Any, **keywords: Any) -> Traced:
            values = _arguments(name, signature, arguments, keywords)
            op = _METHODS.get(name, name)
            if name in _SKIPPING_MISSING and values and values[0] is True:
                op = _SKIPPING_MISSING[name]
            return _call(op, self, *values)

        return traced_method

    def __neg__(self) -> Traced:
        return _call("-", 0, self)

    def __invert__(self) -> Traced:
        return _call("!!", self)

    def __abs__(self) -> Traced:
        return _call("abs", self)

    def __bool__(self) -> bool:
        raise H2OTypeError(
            "A function to apply is written down, not run: it cannot branch on a column. "
            "Use & (and), | (or), ~ (not) and ifelse()."
        )

    def __iter__(self) -> Any:
        raise H2OTypeError("A function to apply is written down, not run: it cannot loop over a column.")

    __hash__ = object.__hash__


def _arguments(
    name: str, signature: inspect.Signature, arguments: tuple[Any, ...], keywords: dict[str, Any]
) -> list[Any]:
    """All arguments of a method in order, defaults filled in."""
    try:
        bound = signature.bind(None, *arguments, **keywords)
    except TypeError as error:
        raise H2OTypeError(f"{name}(): {error}.") from None
    bound.apply_defaults()
    plain = (inspect.Parameter.POSITIONAL_ONLY, inspect.Parameter.POSITIONAL_OR_KEYWORD)
    return [bound.arguments[p.name] for p in list(signature.parameters.values())[1:] if p.kind in plain]


def _call(op: str, *arguments: Any) -> Traced:
    return Traced(f"({' '.join([op, *map(_text, arguments)])})")


def _text(value: Any) -> str:
    if isinstance(value, Traced):
        return value._text
    node = getattr(value, "_ex", None)
    return to_text(AstName(node.evaluate()) if node is not None else value)


def _add_operators() -> None:
    for name, op in _BINARY.items():

        def forward(self: Traced, other: Any, op: str = op) -> Traced:
            return _call(op, self, other)

        def backward(self: Traced, other: Any, op: str = op) -> Traced:
            return _call(op, other, self)

        setattr(Traced, f"__{name}__", forward)
        if name not in ("lt", "le", "gt", "ge", "eq", "ne"):
            setattr(Traced, f"__r{name}__", backward)


_add_operators()
