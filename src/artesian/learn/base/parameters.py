"""Parameters of algorithms: one declaration a field, from which validation, metadata, clients, forms and docs all come.

A class of parameters is a frozen dataclass whose fields are made by `parameter(...)`. `fields_of` lists the declarations;
`convert` turns what came over the wire (strings, lists, None) into values and collects every problem at once.
"""

from __future__ import annotations

import ast
import dataclasses
import keyword
import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Literal

from artesian.core.errors import Problem, did_you_mean

Level = Literal["critical", "secondary", "expert"]


class Kind(StrEnum):
    """What a parameter holds."""

    INT = "int"
    LONG = "long"
    FLOAT = "float"
    DOUBLE = "double"
    BOOLEAN = "boolean"
    CHOICE = "choice"
    STRING = "string"
    FRAME = "frame"
    MODEL = "model"
    COLUMN = "column"
    INTS = "ints"
    FLOATS = "floats"
    DOUBLES = "doubles"
    STRINGS = "strings"
    COLUMNS = "columns"
    FRAMES = "frames"
    MODELS = "models"
    PAIRS = "pairs"
    """Numbers by name, a dict."""
    GROUPS = "groups"
    """Lists of names, a tuple of tuples."""

    @property
    def is_list(self) -> bool:
        """Whether the value is a list."""
        return self in _ELEMENT

    @property
    def is_whole(self) -> bool:
        """Whether the value (or element) is a whole number."""
        return self in (Kind.INT, Kind.LONG, Kind.INTS)


_ELEMENT: dict[Kind, Kind] = {
    Kind.INTS: Kind.INT,
    Kind.FLOATS: Kind.FLOAT,
    Kind.DOUBLES: Kind.DOUBLE,
    Kind.STRINGS: Kind.STRING,
    Kind.COLUMNS: Kind.COLUMN,
    Kind.FRAMES: Kind.FRAME,
    Kind.MODELS: Kind.MODEL,
}
_NUMBERS = (Kind.INT, Kind.LONG, Kind.FLOAT, Kind.DOUBLE)


@dataclass(frozen=True)
class Interval:
    """Allowed numbers between two bounds, each closed unless said open."""

    low: float = -math.inf
    high: float = math.inf
    low_open: bool = False
    high_open: bool = False
    also: tuple[float, ...] = ()

    def __contains__(self, value: float) -> bool:
        if value in self.also:
            return True
        above = value > self.low if self.low_open else value >= self.low
        below = value < self.high if self.high_open else value <= self.high
        return above and below

    def describe(self, kind: Kind) -> str:
        """`a float in (0, 1]`, `an int of at least 1`, …"""
        noun = "an int" if kind.is_whole else "a float"
        extra = "".join(f", or {value:g}" for value in self.also)
        if math.isinf(self.high) and not math.isinf(self.low):
            return f"{noun} {'above' if self.low_open else 'of at least'} {self.low:g}{extra}"
        if math.isinf(self.low):
            return noun if math.isinf(self.high) else f"{noun} of at most {self.high:g}{extra}"
        return f"{noun} in {'(' if self.low_open else '['}{self.low:g}, {self.high:g}{')' if self.high_open else ']'}{extra}"

    @property
    def is_limited(self) -> bool:
        """Whether there is a number that it does not hold."""
        return not (math.isinf(self.low) and math.isinf(self.high))

    def outside(self) -> float:
        """A number that this interval does not hold, for tests of bad input."""
        candidates = [self.low - 1, self.low, self.high + 1, self.high, math.nan]
        return next(value for value in candidates if not math.isinf(value) and value not in self)


@dataclass(frozen=True)
class Declaration:
    """One parameter: everything that is known of it."""

    name: str
    kind: Kind
    default: Any
    help: str
    level: Level = "secondary"
    gridable: bool = True
    required: bool = False
    choices: tuple[str, ...] = ()
    interval: Interval | None = None
    excludes: tuple[str, ...] = ()
    member_of: tuple[str, ...] = ()
    refused: str = ""
    refused_choices: tuple[tuple[str, str], ...] = ()

    @property
    def offered_choices(self) -> tuple[str, ...]:
        """The choices that are not refused."""
        return tuple(choice for choice in self.choices if choice not in dict(self.refused_choices))

    def allowed(self) -> str:
        """What the value may be, as the end of `must be …`."""
        if self.choices:
            return "one of " + ", ".join(repr(choice) for choice in self.offered_choices)
        if self.kind.is_list:
            return f"a list, each element {Declaration(self.name, _ELEMENT[self.kind], None, '', interval=self.interval).allowed()}"
        if self.kind in _NUMBERS:
            return (self.interval or Interval()).describe(self.kind)
        if self.kind is Kind.PAIRS:
            return f"numbers by name, each {(self.interval or Interval()).describe(Kind.DOUBLE)}"
        if self.kind is Kind.GROUPS:
            return "a list of lists of names"
        return {
            Kind.BOOLEAN: "True or False",
            Kind.STRING: "a string",
            Kind.FRAME: "the key of a frame",
            Kind.MODEL: "the key of a model",
            Kind.COLUMN: "the name of a column",
        }[self.kind]


def parameter(
    default: Any,
    help: str,
    *,
    kind: Kind,
    level: Level = "secondary",
    gridable: bool = True,
    required: bool = False,
    choices: Sequence[str] = (),
    interval: Interval | None = None,
    excludes: Sequence[str] = (),
    member_of: Sequence[str] = (),
    refused: str = "",
    refused_choices: Mapping[str, str] | None = None,
) -> Any:
    """Declares a field of a Parameters class.

    `interval` bounds a number (or each element of a list); `choices` are the values of a CHOICE, matched without regard
    to case and underscores; `refused` is the reason why any value but the default is refused, `refused_choices` maps
    choices that are known but not offered to the reason; `excludes` names parameters that cannot be given the same
    column; `member_of` names the frame parameters whose columns are meant.
    """
    metadata = {
        "declaration": Declaration(
            "",
            kind,
            default,
            help,
            level,
            gridable,
            required,
            tuple(choices),
            interval,
            tuple(excludes),
            tuple(member_of),
            refused,
            tuple((refused_choices or {}).items()),
        )
    }
    if isinstance(default, (list, tuple)):
        values = tuple(default)
        return dataclasses.field(default_factory=lambda: values, metadata=metadata)
    return dataclasses.field(default=default, metadata=metadata)


@dataclass(frozen=True)
class Parameters:
    """Base of all classes of parameters."""


def fields_of(parameters: type[Parameters]) -> dict[str, Declaration]:
    """The declarations of a class by name, in order of declaration (base classes first)."""
    return {
        wire_name(item.name): dataclasses.replace(item.metadata["declaration"], name=wire_name(item.name))
        for item in dataclasses.fields(parameters)
        if "declaration" in item.metadata
    }


def wire_name(attribute: str) -> str:
    """The name of the parameter that an attribute holds: `lambda_`, which Python cannot call `lambda`, is `lambda`."""
    name = attribute.removesuffix("_")
    return name if keyword.iskeyword(name) else attribute


def attribute_name(name: str) -> str:
    """The attribute that holds a parameter: the inverse of `wire_name`."""
    return f"{name}_" if keyword.iskeyword(name) else name


def parameters_of(parameters: type[Parameters], values: Mapping[str, Any]) -> Any:
    """The object of converted values by name."""
    return parameters(**{attribute_name(name): value for name, value in values.items()})


def convert(
    algorithm: str, parameters: type[Parameters], given: Mapping[str, Any]
) -> tuple[dict[str, Any], list[Problem]]:
    """Values of every declared parameter (defaults where none is given) and all problems of the given ones."""
    declared = fields_of(parameters)
    values = {
        name: tuple(d.default) if isinstance(d.default, (list, tuple)) else d.default for name, d in declared.items()
    }
    problems: list[Problem] = []
    for name, raw in given.items():
        if name not in declared:
            problems.append(
                Problem("error", name, f"{algorithm} has no parameter '{name}'.{did_you_mean(name, declared)}")
            )
            continue
        declaration = declared[name]
        try:
            value = _convert_value(declaration, raw)
        except ValueError:
            problems.append(Problem("error", name, _sentence(algorithm, declaration, raw)))
            continue
        if declaration.refused and value != values[name]:
            problems.append(
                Problem("error", name, f"The '{name}' parameter of {algorithm} is not available: {declaration.refused}")
            )
            continue
        if reason := dict(declaration.refused_choices).get(value if isinstance(value, str) else ""):
            sentence = f"The '{name}' parameter of {algorithm} cannot be '{value}': {reason}"
            problems.append(Problem("error", name, sentence))
            continue
        values[name] = value
    problems += [
        Problem("error", name, f"The '{name}' parameter of {algorithm} is required: give {declaration.allowed()}.")
        for name, declaration in declared.items()
        if declaration.required and values[name] in (None, ())
    ]
    return values, problems


def _sentence(algorithm: str, declaration: Declaration, raw: Any) -> str:
    near = did_you_mean(str(raw), declaration.choices) if declaration.choices else ""
    return f"The '{declaration.name}' parameter of {algorithm} must be {declaration.allowed()}. Got {raw!r}.{near}"


def _convert_value(declaration: Declaration, raw: Any) -> Any:
    """The raw value as the declared kind; ValueError when it is not one that is allowed."""
    if raw is None or (
        isinstance(raw, str) and raw.strip() in ("", "null", "None") and declaration.kind is not Kind.STRING
    ):
        return None if declaration.default is None else declaration.default
    if declaration.kind is Kind.PAIRS:
        return {name: _to_number(Kind.DOUBLE, declaration.interval, value) for name, value in _split_pairs(raw)} or None
    if declaration.kind is Kind.GROUPS:
        return tuple(tuple(str(name) for name in group) for group in _split_groups(raw)) or None
    if declaration.kind.is_list:
        element = _ELEMENT[declaration.kind]
        if element in (Kind.FRAME, Kind.MODEL):  # a gap in a list of keys has a meaning: no frame for that layer
            return tuple(
                _convert_value(dataclasses.replace(declaration, kind=element, default=None), item)
                for item in _split_list(raw)
            )
        return tuple(_convert_scalar(element, declaration, item) for item in _split_list(raw))
    return _convert_scalar(declaration.kind, declaration, raw)


def _convert_scalar(kind: Kind, declaration: Declaration, raw: Any) -> Any:
    if kind is Kind.BOOLEAN:
        return _to_bool(raw)
    if kind is Kind.CHOICE:
        return _to_choice(declaration.choices, raw)
    if kind in _NUMBERS:
        return _to_number(kind, declaration.interval, raw)
    if isinstance(raw, Mapping):  # an object's key, as H2O's clients may write it
        raw = raw.get("name", raw.get("column_name"))
    if raw is None or isinstance(raw, (list, tuple, dict, bool)):
        raise ValueError(raw)
    return str(raw).strip().strip('"')


def _to_number(kind: Kind, interval: Interval | None, raw: Any) -> int | float:
    if isinstance(raw, bool):
        raise ValueError(raw)
    value = float(raw.strip('"') if isinstance(raw, str) else raw)
    if math.isnan(value) or (interval is not None and value not in interval):
        raise ValueError(raw)
    if kind in (Kind.FLOAT, Kind.DOUBLE):
        return value
    if not value.is_integer():
        raise ValueError(raw)
    exact = (
        int(raw)
        if isinstance(raw, int) or (isinstance(raw, str) and raw.strip('"').lstrip("+-").isdigit())
        else int(value)
    )
    limit = 2**31 if kind is Kind.INT else 2**63
    if not -limit <= exact < limit:
        raise ValueError(raw)
    return exact


def _to_bool(raw: Any) -> bool:
    words = {"true": True, "1": True, "false": False, "0": False}
    try:
        return raw if isinstance(raw, bool) else words[str(raw).lower()]
    except KeyError:
        raise ValueError(raw) from None


def _plain(name: str) -> str:
    return name.replace("_", "").replace("-", "").lower()


def _to_choice(choices: Iterable[str], raw: Any) -> str:
    wanted = _plain(str(raw).strip('"'))
    for choice in choices:
        if _plain(choice) == wanted:
            return choice
    raise ValueError(raw)


def _split_list(raw: Any) -> list[Any]:
    """The elements of a list given as one, or written `[a,b]`, `["a","b"]` or `a,b`."""
    if isinstance(raw, (list, tuple)):
        return list(raw)
    if not isinstance(raw, str):
        return [raw]
    text = raw.strip()
    if text.startswith("[") and text.endswith("]"):
        text = text[1:-1]
    return _split_quoted(text) if text.strip() else []


def _split_quoted(text: str) -> list[str]:
    parts, current, quote = [], "", ""
    for position, character in enumerate(text):
        if quote:
            if character == quote and text[position - 1] != "\\":
                quote = ""
            else:
                current += character
        elif character in "\"'" and not current.strip():
            quote, current = character, ""
        elif character == ",":
            parts.append(current.strip())
            current = ""
        else:
            current += character
    return [*parts, current.strip()]


def _split_pairs(raw: Any) -> list[tuple[str, Any]]:
    """Names and numbers given as a dict, or as a list of `{key, value}` (written as text or not); ValueError otherwise."""
    if isinstance(raw, str):
        try:
            raw = ast.literal_eval(raw.strip())
        except (SyntaxError, TypeError, RecursionError) as error:
            raise ValueError(raw) from error
    if isinstance(raw, Mapping) and set(raw) != {"key", "value"}:
        return [(str(name), value) for name, value in raw.items()]
    pairs = [raw] if isinstance(raw, Mapping) else raw
    if not isinstance(pairs, (list, tuple)) or not all(
        isinstance(pair, Mapping) and {"key", "value"} <= set(pair) for pair in pairs
    ):
        raise ValueError(raw)
    names = [str(pair["key"]) for pair in pairs]
    if len(set(names)) < len(names):
        raise ValueError(raw)
    return [(name, pair["value"]) for name, pair in zip(names, pairs, strict=True)]


def _split_groups(raw: Any) -> list[list[Any]]:
    """Lists of names given as lists, or written `[[a,b],["c","d"]]`; ValueError otherwise."""
    if isinstance(raw, (list, tuple)):
        if not all(isinstance(group, (list, tuple)) or _is_bracketed(group) for group in raw):
            raise ValueError(raw)
        return [_split_list(group) for group in raw]
    if not _is_bracketed(raw):
        raise ValueError(raw)
    if raw.replace(" ", "").startswith("[("):  # pairs as Python writes them
        try:
            return [[str(name).strip('"') for name in group] for group in ast.literal_eval(raw.strip())]
        except (SyntaxError, TypeError, RecursionError) as error:
            raise ValueError(raw) from error
    inner = raw.strip()[1:-1].strip()
    groups, current, quote = [], "", ""
    for character in inner:
        starts = character in "\"'" and current.rstrip()[-1:] in ("[", ",")
        quote = "" if character == quote else quote or (character if starts else "")
        current += character
        if character == "]" and not quote:
            groups.append(current.strip().lstrip(",").strip())
            current = ""
    if current.strip() or not all(_is_bracketed(group) for group in groups):
        raise ValueError(raw)
    return [_split_list(group) for group in groups]


def _is_bracketed(raw: Any) -> bool:
    return isinstance(raw, str) and raw.strip().startswith("[") and raw.strip().endswith("]")
