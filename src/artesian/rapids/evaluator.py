"""Evaluates a tree: walks it with a stack of its own, so that no depth of nesting exhausts Python's."""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from typing import Any

from artesian.core.errors import ArtesianError, InvalidArgument, did_you_mean
from artesian.rapids import registry
from artesian.rapids.environment import Environment
from artesian.rapids.reader import parse
from artesian.rapids.registry import Context, Deferred, Operator
from artesian.rapids.syntax import Call, Lambda, Name, Node, Number, NumberList, Text, TextList, on_one_line
from artesian.rapids.values import Closure, Result, Scope, result_of, shown

_CONSTANTS: dict[str, float | None] = {
    **dict.fromkeys(("TRUE", "True", "true"), 1.0),
    **dict.fromkeys(("FALSE", "False", "false"), 0.0),
    **dict.fromkeys(("NaN", "NA", "nan"), math.nan),
    **dict.fromkeys(("PI", "Pi"), math.pi),
    "null": None,
}


def evaluate(text: str, environment: Environment) -> Result:
    """The outcome of one expression, its assignments made in the environment.

    Raises InvalidArgument for malformed text, an unknown operator or a wrong argument or an unknown object.
    """
    evaluator = Evaluator(environment)
    try:
        value = evaluator.value(parse(text, environment.settings), None)
    except RecursionError:
        raise InvalidArgument(
            "The Rapids expression nests conditions or applied functions too deeply; assign parts of it to names first."
        ) from None
    except ArtesianError as error:
        _print_on_one_line(error)
        raise
    return result_of(value, evaluator.context.key_of)


def _print_on_one_line(error: ArtesianError) -> None:
    """Spells out the line ends and other control characters that a sentence quotes from the expression or the data."""
    error.message = on_one_line(error.message)
    error.args = (error.message,)


@dataclass(slots=True)
class _Pending:
    """A call whose arguments are being evaluated."""

    function: Operator | Closure
    nodes: tuple[Node, ...]
    scope: Scope | None
    values: list[Any] = field(default_factory=list)


class Evaluator:
    """Evaluates nodes in one environment."""

    def __init__(self, environment: Environment) -> None:
        self.environment = environment
        self.context = Context(environment, self.value, self.apply)
        self._applied = 0

    def value(self, node: Node, scope: Scope | None) -> Any:
        """The value of a node under the bindings of `scope`."""
        if not isinstance(node, Call):
            return self._leaf(node, scope)
        pending = [self._open(node, scope)]
        while True:
            top = pending[-1]
            position = len(top.values)
            if position < len(top.nodes):
                argument = top.nodes[position]
                if isinstance(top.function, Operator) and top.function.is_lazy(position):
                    top.values.append(Deferred(argument, top.scope))
                elif isinstance(argument, Call):
                    pending.append(self._open(argument, top.scope))
                else:
                    top.values.append(self._leaf(argument, top.scope))
                continue
            pending.pop()
            if isinstance(top.function, Closure):
                self._count_application()
                inner = self._bind(top.function, top.values)
                body = top.function.function.body
                if isinstance(body, Call):
                    pending.append(self._open(body, inner))
                    continue
                result = self._leaf(body, inner)
            else:
                result = top.function.apply(self.context, top.values)
            if not pending:
                return result
            pending[-1].values.append(result)

    def apply(self, function: Operator | Closure, arguments: list[Any]) -> Any:
        """The value of a function for argument values."""
        if isinstance(function, Closure):
            self._check_parameters(function, len(arguments))
            return self.value(function.function.body, self._bind(function, arguments))
        function.check_count(len(arguments))
        return function.apply(self.context, arguments)

    def _count_application(self) -> None:
        """A function that applies itself would never end."""
        self._applied += 1
        limit = self.environment.settings.max_rapids_applications
        if self._applied > limit:
            raise InvalidArgument(
                f"The Rapids expression applies its functions more than {limit} times (setting max_rapids_applications)."
            )

    # ---- parts ----

    def _open(self, call: Call, scope: Scope | None) -> _Pending:
        function = self._function(call.parts[0], scope)
        nodes = call.parts[1:]
        if isinstance(function, Operator):
            function.check_count(len(nodes))
        else:
            self._check_parameters(function, len(nodes))
        return _Pending(function, nodes, scope)

    def _function(self, head: Node, scope: Scope | None) -> Operator | Closure:
        if isinstance(head, Name):
            bound = _bound(head.value, scope)
            function = bound if bound is not None else registry.find(head.value)
            if function is None:
                if head.value in self.environment:
                    raise InvalidArgument(f"'{head.value}' is an object, not an operator; it cannot be applied.")
                registry.require(head.value)
        else:
            function = self.value(head, scope)
        if not isinstance(function, Operator | Closure):
            raise InvalidArgument(
                f"The first element of a call must be an operator or a function. Got {shown(function)}."
            )
        return function

    def _leaf(self, node: Node, scope: Scope | None) -> Any:
        match node:
            case Number(value) | Text(value):
                return value
            case NumberList():
                return node.expand(self.environment.settings.max_rapids_list)
            case TextList(values):
                return list(values)
            case Lambda():
                return Closure(node, scope)
            case Name(value):
                return self._named(value, scope)
            case _:
                return self.value(node, scope)

    def _named(self, name: str, scope: Scope | None) -> Any:
        bound = _bound(name, scope)
        if bound is not None:
            return bound
        if name in _CONSTANTS:
            return _CONSTANTS[name]
        key = self.context.expand(name)
        if key in self.environment:
            return self.environment.lookup(key)
        function = registry.find(name)
        if function is None:
            known = [*self.environment.names(), *registry.operators()]
            # clients match the first words
            raise InvalidArgument(
                f"Name lookup of '{name}' failed: there is no object or operator of that name.{did_you_mean(name, known)}",
                key=name,
            )
        return function

    @staticmethod
    def _check_parameters(closure: Closure, given: int) -> None:
        expected = len(closure.function.parameters)
        if expected != given:
            raise InvalidArgument(f"A function of {expected} parameters was applied to {given} arguments.")

    @staticmethod
    def _bind(closure: Closure, values: list[Any]) -> Scope:
        return Scope(dict(zip(closure.function.parameters, values, strict=True)), closure.scope)


def _bound(name: str, scope: Scope | None) -> Any:
    if scope is None:
        return None
    try:
        return scope.find(name)
    except KeyError:
        return None
