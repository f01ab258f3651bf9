"""Checks of arguments: a wrong type is answered with one sentence that names the argument, before anything is sent."""

from __future__ import annotations

import numbers
import re
from collections.abc import Iterable, Sequence
from typing import Any

from artesian.client.exceptions import H2OTypeError, H2OValueError
from artesian.core.errors import did_you_mean

Number = (int, float, numbers.Real)
COLUMN_TYPES = (
    "unknown", "uuid", "string", "float", "real", "double", "int", "long", "numeric", "categorical", "factor", "enum",
    "time",
)  # fmt: skip
_FRAME_ID = re.compile(r"\$?[A-Za-z0-9\-._~]*")


def check_type(name: str, value: Any, *types: Any) -> None:
    """Raises H2OTypeError unless the value is None (where None is listed) or of one of the types.

    A list of types, `[str]`, stands for a list or tuple of such values. Booleans are no numbers.
    """
    if not any(_matches(value, kind) for kind in types):
        raise H2OTypeError(
            f"The argument '{name}' must be {_describe(types)}. Got {_shorten(value)} ({type(value).__name__}).", name
        )


def check_choice(name: str, value: Any, choices: Iterable[Any]) -> None:
    """Raises H2OValueError, with the nearest choice, unless the value is one of the choices."""
    known = list(choices)
    if value not in known:
        near = did_you_mean(str(value), [str(choice) for choice in known])
        allowed = ", ".join(repr(choice) for choice in known)
        raise H2OValueError(f"The argument '{name}' must be one of {allowed}. Got {_shorten(value)}.{near}", name)


def check_separator(name: str, value: str | None) -> None:
    """Raises unless the value is None or one character."""
    check_type(name, value, None, str)
    if value is not None and len(value) != 1:
        raise H2OTypeError(f"The argument '{name}' must be a single character. Got {value!r}.", name)


def check_frame_id(frame_id: str | None) -> None:
    """Raises unless the name can be written bare in an expression."""
    if frame_id is None:
        return
    check_type("destination_frame", frame_id, str)
    if not frame_id.strip():
        raise H2OValueError("The name of a frame cannot be empty.", "destination_frame")
    if not _FRAME_ID.fullmatch(frame_id) or re.match(r"-?[0-9]", frame_id):
        raise H2OValueError(
            f"The name {frame_id!r} cannot be that of a frame: use letters, digits and - . _ ~, and start with no digit.",
            "destination_frame",
        )


def no_column(name: Any, columns: Sequence[str], what: str = "frame") -> H2OValueError:
    """The error for a column that is not there: by number with the allowed range, by name with near names."""
    if isinstance(name, int):
        return H2OValueError(
            f"Column {name} does not exist in the {what}: it has {len(columns)} columns, numbered from 0 to {len(columns) - 1}."
        )
    near = did_you_mean(str(name), columns)
    if not near:
        shown = ", ".join(repr(column) for column in columns[:10])
        near = f" It has {shown}{', …' if len(columns) > 10 else ''}." if columns else ""
    return H2OValueError(f"Column {name!r} does not exist in the {what}.{near}")


def _matches(value: Any, kind: Any) -> bool:
    if kind is None:
        return value is None
    if isinstance(kind, list):
        return isinstance(value, (list, tuple)) and all(any(_matches(item, k) for k in kind) for item in value)
    if kind is Number or kind is int:
        return isinstance(value, (numbers.Real if kind is Number else numbers.Integral)) and not isinstance(value, bool)
    return isinstance(value, kind)


def _describe(types: Sequence[Any]) -> str:
    return " or ".join(_describe_one(kind) for kind in types)


def _describe_one(kind: Any) -> str:
    if kind is None:
        return "None"
    if isinstance(kind, list):
        return f"a list of {' or '.join(_describe_one(k) for k in kind)}"
    if kind is Number:
        return "a number"
    return {
        int: "an int",
        str: "a string",
        bool: "True or False",
        dict: "a dict",
        list: "a list",
        tuple: "a tuple",
    }.get(kind, f"a{'n' if kind.__name__[:1] in 'AEIOUaeiouH' else ''} {kind.__name__}")


def _shorten(value: Any) -> str:
    if not isinstance(value, (str, int, float, bool, list, tuple, dict, type(None))):
        return "an object"
    text = repr(value)
    return text if len(text) <= 60 else text[:57] + "…"
