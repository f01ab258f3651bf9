"""The registry of operators: each is one small function with named, typed arguments and a doc line.

    @operator("nrow", FRAME("frame"), doc="Number of rows.")
    def nrow(frame: Frame) -> float:
        return float(frame.n_rows)

The kinds of arguments below convert what an expression passes and refuse the rest with one sentence. A function whose first
parameter is called `context` is handed the evaluator's `Context` too. Registering is all it takes: the operator can be
called, is listed in `catalogue()`, and its arguments are checked.
"""

from __future__ import annotations

import inspect
import math
import re
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, TypeVar

import numpy as np
import polars as pl

from artesian.core.errors import ArtesianError, InvalidArgument, OutOfMemory, did_you_mean
from artesian.core.settings import Settings
from artesian.frame import Frame
from artesian.rapids.environment import Environment
from artesian.rapids.syntax import Name, Node, Number, NumberList, Text, TextList
from artesian.rapids.values import Closure, Reference, Row, Scope, shown

_REQUIRED: Any = object()
_Function = TypeVar("_Function", bound=Callable[..., Any])


class Context:
    """What an operator may use besides its arguments."""

    def __init__(
        self,
        environment: Environment,
        evaluate: Callable[[Node, Scope | None], Any],
        call: Callable[[Any, list[Any]], Any],
    ) -> None:
        self.environment = environment
        self.settings: Settings = environment.settings
        self._evaluate = evaluate
        self._call = call
        self._assigned: dict[int, tuple[str, Frame]] = {}

    def evaluate(self, deferred: Deferred) -> Any:
        """The value of an argument that was taken unevaluated."""
        return self._evaluate(deferred.node, deferred.scope)

    def call(self, function: Any, arguments: list[Any]) -> Any:
        """Applies a function value (a lambda or an operator) to values."""
        return self._call(function, arguments)

    def expand(self, name: str) -> str:
        """The full name of an object: `$name` is private to the session."""
        return f"{name[1:]}~{self.environment.session}" if name.startswith("$") else name

    def assigned(self, name: str, frame: Frame) -> Frame:
        """Notes under which name a frame was just registered."""
        self._assigned[id(frame)] = (name, frame)
        return frame

    def key_of(self, value: Any) -> str | None:
        """The name under which this very frame was registered by the expression."""
        return self._assigned.get(id(value), (None, None))[0]

    def name_of(self, deferred: Deferred, value: Any) -> str | None:
        """The name of the object that an argument stands for: written as a name, or given one on the way by tmp= or assign."""
        if isinstance(deferred.node, Name):
            name = self.expand(deferred.node.value)
            return name if name in self.environment else None
        return self.key_of(value)


@dataclass(frozen=True, slots=True)
class Deferred:
    """An argument as written, with the bindings it would be evaluated in."""

    node: Node
    scope: Scope | None


@dataclass(frozen=True)
class Kind:
    """A kind of argument: what it is called in a sentence and how a value becomes one (ValueError: it does not)."""

    label: str
    convert: Callable[[Any, Context], Any]
    lazy: bool = False

    def __call__(self, name: str, *, default: Any = _REQUIRED, repeated: bool = False) -> Argument:
        """An argument of this kind; with a default it may be left out, a repeated one takes all that follow."""
        return Argument(name, self, default, repeated)


@dataclass(frozen=True)
class Argument:
    """A named argument of an operator."""

    name: str
    kind: Kind
    default: Any = _REQUIRED
    repeated: bool = False

    @property
    def is_required(self) -> bool:
        """Whether a call must give it."""
        return self.default is _REQUIRED and not self.repeated


@dataclass(frozen=True)
class Operator:
    """A registered operator. One that `looks_up` reads what is known about its frames, never their rows."""

    name: str
    arguments: tuple[Argument, ...]
    function: Callable[..., Any]
    doc: str
    family: str
    wants_context: bool = field(default=False)
    looks_up: bool = False

    def __str__(self) -> str:
        return self.name

    @property
    def signature(self) -> str:
        """How the operator is called."""
        shown_arguments = []
        for argument in self.arguments:
            text = f"{argument.name} …" if argument.repeated else argument.name
            shown_arguments.append(text if argument.is_required else f"[{text}]")
        return " ".join([f"({self.name}", *shown_arguments]) + ")"

    def check_count(self, given: int) -> None:
        """Refuses a call with too few or too many arguments."""
        least = sum(argument.is_required for argument in self.arguments)
        most = math.inf if any(argument.repeated for argument in self.arguments) else len(self.arguments)
        if not least <= given <= most:
            allowed = f"{least}" if least == most else f"at least {least}" if most == math.inf else f"{least} to {most}"
            plural = "" if allowed == "1" else "s"
            raise InvalidArgument(
                f"The operator '{self.name}' takes {allowed} argument{plural}: {self.signature}. Got {given}.",
                operator=self.name,
            )

    def is_lazy(self, position: int) -> bool:
        """Whether the argument at that position is handed over unevaluated."""
        return self._at(position).kind.lazy

    def _at(self, position: int) -> Argument:
        return self.arguments[min(position, len(self.arguments) - 1)]

    def apply(self, context: Context, given: list[Any]) -> Any:
        """The operator's value for evaluated (or deferred) arguments, whose count is checked already."""
        values: list[Any] = [context] if self.wants_context else []
        for position, value in enumerate(given):
            values.append(self._converted(self._at(position), value, context))
        for argument in self.arguments[len(given) :]:
            if not argument.repeated:
                values.append(argument.default)
        try:
            return self.function(*values)
        except ArtesianError:
            raise
        except pl.exceptions.PolarsError as error:
            raise InvalidArgument(_failure(self.name, error), operator=self.name) from error
        except pl.exceptions.PanicException as error:  # no Exception: what panics is a fault of the library
            raise ArtesianError(f"The operator '{self.name}' failed inside of Polars: {error}") from error
        except OverflowError as error:
            raise InvalidArgument(
                f"The operator '{self.name}' met a number that is too great or too small for it: {error}.",
                operator=self.name,
            ) from error
        except MemoryError as error:
            raise OutOfMemory(f"The operator '{self.name}' needs more memory than there is.") from error

    def _converted(self, argument: Argument, value: Any, context: Context) -> Any:
        try:
            return argument.kind.convert(value, context)
        except ValueError as error:
            reason = str(error)
            given = reason or shown(value.node if isinstance(value, Deferred) else value)
            raise InvalidArgument(
                f"The argument '{argument.name}' of '{self.name}' must be {argument.kind.label}. Got {given}.",
                operator=self.name,
                argument=argument.name,
            ) from None


_REGEX_REASON = re.compile(r"regex.*error: (?P<reason>[^\n]+)", re.DOTALL)


def _failure(name: str, error: pl.exceptions.PolarsError) -> str:
    """What the library refused, in its first line; of a pattern why it is none."""
    pattern = _REGEX_REASON.search(str(error))
    if pattern:
        return f"The pattern of '{name}' is no regular expression that can be used: {pattern['reason'].rstrip('.')}."
    return f"The operator '{name}' failed: {str(error).partition(chr(10))[0].rstrip('.')}."


# ---- kinds of arguments ----


def _frame(value: Any, context: Context) -> Frame:
    if isinstance(value, Frame):
        return value
    raise ValueError


def _column(value: Any, context: Context) -> Frame:
    if isinstance(value, Frame) and value.n_columns == 1:
        return value
    raise ValueError


def _frame_or_row(value: Any, context: Context) -> Frame | Row:
    if isinstance(value, Frame | Row):
        return value
    raise ValueError


def _number(value: Any, context: Context) -> float:
    if isinstance(value, np.ndarray) and len(value) == 1:
        return float(value[0])
    if isinstance(value, float):
        return value
    raise ValueError


def _integer(value: Any, context: Context) -> int:
    number = _number(value, context)
    if abs(number) < 2.0**63 and number == int(number):
        return int(number)
    raise ValueError


def _flag(value: Any, context: Context) -> bool:
    return _number(value, context) == 1


def _string(value: Any, context: Context) -> str:
    if isinstance(value, list) and len(value) == 1:
        return str(value[0])
    if isinstance(value, str):
        return value
    raise ValueError


def _optional_string(value: Any, context: Context) -> str | None:
    if value is None or (isinstance(value, np.ndarray) and len(value) == 0):
        return None
    if isinstance(value, float) and math.isnan(value):
        return None
    return _string(value, context)


def _numbers(value: Any, context: Context) -> np.ndarray[Any, np.dtype[np.float64]]:
    if isinstance(value, np.ndarray):
        return value
    if isinstance(value, float):
        return np.array([value])
    raise ValueError


def _integers(value: Any, context: Context) -> list[int]:
    numbers = _numbers(value, context)
    if not np.all((np.abs(numbers) < 2.0**63) & (numbers == np.floor(numbers))):
        raise ValueError("a list with a number that is not whole")
    return [int(number) for number in numbers]


def _strings(value: Any, context: Context) -> list[str]:
    if isinstance(value, np.ndarray) and len(value) == 0:
        return []
    if isinstance(value, str):
        return [value]
    if isinstance(value, list):
        return value
    raise ValueError


def _any(value: Any, context: Context) -> Any:
    if isinstance(value, Reference):
        raise ValueError
    return value


def _function(value: Any, context: Context) -> Closure | Operator:
    if isinstance(value, Closure | Operator):
        return value
    raise ValueError


def _name(value: Deferred, context: Context) -> str:
    if isinstance(value.node, Name | Text):
        return context.expand(value.node.value)
    if isinstance(value.node, Number):
        return f"{value.node.value:g}"
    raise ValueError


def _deferred(value: Deferred, context: Context) -> Deferred:
    return value


def _selector(value: Deferred, context: Context) -> Number | Text | NumberList | TextList:
    node = value.node
    if isinstance(node, Number | Text | NumberList | TextList):
        return node
    computed = context.evaluate(value)
    if isinstance(computed, float):
        return Number(computed)
    if isinstance(computed, str):
        return Text(computed)
    raise ValueError


FRAME = Kind("a frame", _frame)
COLUMN = Kind("a frame of one column", _column)
FRAME_OR_ROW = Kind("a frame (or the row of a function that is applied row by row)", _frame_or_row)
NUMBER = Kind("a number", _number)
INTEGER = Kind("a whole number", _integer)
FLAG = Kind("True or False", _flag)
STRING = Kind("a string", _string)
OPTIONAL_STRING = Kind("a string, or [] or NaN for none", _optional_string)
NUMBERS = Kind("a list of numbers", _numbers)
INTEGERS = Kind("a list of whole numbers", _integers)
STRINGS = Kind("a list of strings", _strings)
VALUE = Kind("a frame, a number, a string or a list", _any)
FUNCTION = Kind("a function: {x . …} or the name of an operator", _function)
NAME = Kind("a name", _name, lazy=True)
DEFERRED = Kind("an expression", _deferred, lazy=True)
SELECTOR = Kind("a number, a name in quotes or a list of either", _selector, lazy=True)

# ---- registering and finding ----

_operators: dict[str, Operator] = {}
_PLAIN_CALL = re.compile(r"\(([\w.]+)(?: [\w.$%~-]+)*\)")


def operator(
    names: str | tuple[str, ...], *arguments: Argument, doc: str, looks_up: bool = False
) -> Callable[[_Function], _Function]:
    """Registers the decorated function under the name, or under each of several.

    `looks_up` promises that it answers at once, from what is known about its frames. The family is the last part of the module's name. Raises ValueError for an operator without a doc line, for a name that
    is taken, and for an argument after a repeated one.
    """

    names = (names,) if isinstance(names, str) else names

    def register(function: _Function) -> _Function:
        if not doc.strip().endswith("."):
            raise ValueError(f"The operator '{names[0]}' needs a doc line: a sentence that ends with a full stop.")
        if any(argument.repeated for argument in arguments[:-1]):
            raise ValueError(f"Only the last argument of '{names[0]}' can be repeated.")
        wants_context = next(iter(inspect.signature(function).parameters), "") == "context"
        family = function.__module__.rsplit(".", 1)[-1]
        for name in names:
            if name in _operators:
                raise ValueError(f"There is an operator '{name}' already, in {_operators[name].family}.")
            _operators[name] = Operator(name, arguments, function, doc, family, wants_context, looks_up)
        return function

    return register


def find(name: str) -> Operator | None:
    """The operator of that name, if there is one."""
    return _operators.get(name)


def is_look_up(text: str) -> bool:
    """Whether the expression applies one operator that only looks something up to names of objects."""
    found = _PLAIN_CALL.fullmatch(text)
    applied = _operators.get(found[1]) if found else None
    return applied is not None and applied.looks_up


def require(name: str) -> Operator:
    """The operator of that name; InvalidArgument names a near one."""
    found = _operators.get(name)
    if found is None:
        raise InvalidArgument(f"There is no operator '{name}'.{did_you_mean(name, _operators)}", operator=name)
    return found


def catalogue() -> list[tuple[str, str, str]]:
    """Name, family and doc line of every operator, by family and name."""
    return sorted(((o.name, o.family, o.doc) for o in _operators.values()), key=lambda entry: (entry[1], entry[0]))


def operators() -> dict[str, Operator]:
    """All operators by name."""
    return dict(_operators)
