"""Assertions on types as the scripts make them on what the client gives: `assert_is_type(value, H2OFrame)` and the like."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from artesian.client.exceptions import H2OTypeError
from artesian.client.frame import H2OFrame

numeric = (int, float)
h2oframe = H2OFrame


class U:
    """One of several types."""

    def __init__(self, *types: Any) -> None:
        self.check: Callable[[Any], bool] = lambda value: is_type(value, *types)


class I:  # noqa: E742 - the scripts' name
    """All of several types."""

    def __init__(self, *types: Any) -> None:
        self.check: Callable[[Any], bool] = lambda value: all(is_type(value, kind) for kind in types)


class NOT:
    """None of several types."""

    def __init__(self, *types: Any) -> None:
        self.check: Callable[[Any], bool] = lambda value: not is_type(value, *types)


def is_type(value: Any, *types: Any) -> bool:
    """Whether a value is of one of the types: classes, None, literals, `[T]`, `{T}`, `{K: V}`, `(T, …)`, conditions."""
    return any(_matches(value, kind) for kind in types)


def assert_is_type(value: Any, *types: Any, message: str | None = None, skip_frames: int = 1) -> None:
    """Raises H2OTypeError unless the value is of one of the types."""
    if not is_type(value, *types):
        raise H2OTypeError(message or f"A {type(value).__name__} is none of {types}.")


def assert_satisfies(value: Any, condition: bool, message: str | None = None) -> None:
    """Raises H2OTypeError unless the condition holds."""
    if not condition:
        raise H2OTypeError(message or f"{value!r} does not satisfy the condition.")


def _matches(value: Any, kind: Any) -> bool:
    if kind is numeric or kind is int or kind is float:
        return isinstance(value, kind) and not isinstance(value, bool)
    if isinstance(kind, type):
        return isinstance(value, kind)
    if isinstance(kind, list):
        return isinstance(value, list) and all(is_type(item, *kind) for item in value)
    if isinstance(kind, set):
        return isinstance(value, set) and all(is_type(item, *kind) for item in value)
    if isinstance(kind, tuple):
        same = isinstance(value, tuple) and len(value) == len(kind)
        return same and all(_matches(item, part) for item, part in zip(value, kind, strict=True))
    if isinstance(kind, dict):
        return isinstance(value, dict) and all(
            any(_matches(k, kk) and _matches(v, vv) for kk, vv in kind.items()) for k, v in value.items()
        )
    if isinstance(kind, (U, I, NOT)):
        return kind.check(value)
    return bool(kind(value)) if callable(kind) else value is kind or value == kind
