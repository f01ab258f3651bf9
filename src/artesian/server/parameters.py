"""Reading of requests: text of queries and forms into the values that the route's schema declares.

Lists come as `[a,b]`, `["a","b"]` or nested; numbers and booleans as text; an object's key as its name. What is wrong is
answered at once with the field, the value given and what is allowed.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import orjson

from artesian.core.errors import InvalidArgument, did_you_mean
from artesian.server.wire.schema import EXCLUDE, Field, Schema

_WHOLE = {
    "byte": (-128, 255),
    "short": (-(2**15), 2**15 - 1),
    "int": (-(2**31), 2**31 - 1),
    "long": (-(2**63), 2**63 - 1),
}
_WORDS = {"true": True, "1": True, "false": False, "0": False, "none": False}
MAX_NESTING = 8


class IllegalRequest(InvalidArgument):
    """A parameter of a request that is unknown, missing or of the wrong kind."""

    status = 412


def convert(schema: Schema, raw: Mapping[str, Any]) -> dict[str, Any]:
    """The value of every field that a request may carry: the given one converted, else the default.

    Every request may say what to leave out of its answer.
    Raises IllegalRequest for an unknown name, a missing required field or a value of the wrong kind.
    """
    inputs = schema.inputs
    if EXCLUDE.name in raw:
        inputs = inputs | {EXCLUDE.name: EXCLUDE}
    for name in raw:
        if name not in inputs:
            raise IllegalRequest(
                f"There is no parameter '{name}' here.{did_you_mean(name, inputs)} "
                f"Known are: {', '.join(sorted(inputs)) or 'none'}.",
                argument=name,
                schema=schema.name,
            )
    values: dict[str, Any] = {}
    for name, field in inputs.items():
        if name in raw and raw[name] is not None and not (raw[name] == "" and not field.type.startswith("string")):
            values[name] = _value(field, field.type, raw[name])
        elif field.required:
            raise IllegalRequest(
                f"The parameter '{name}' is required: give a {field.type}.", argument=name, schema=schema.name
            )
        else:
            values[name] = field.default
    return values


def _value(field: Field, kind: str, raw: Any) -> Any:
    if kind.endswith("[]"):
        items = raw if isinstance(raw, list) else split_list(raw) if isinstance(raw, str) else [raw]
        return [None if item is None else _value(field, kind[:-2], item) for item in items]
    if isinstance(raw, dict) and _is_nested(field, kind):
        return raw  # whoever knows the object reads it
    if isinstance(raw, dict):  # a key or column as the web page writes it
        raw = raw.get("name", raw.get("column_name"))
        if raw is None:
            raise _wrong(field, {}, f"a {kind}")
    if kind in _WHOLE:
        return _whole(field, kind, raw)
    if kind in ("float", "double"):
        return _number(field, raw)
    if kind == "boolean":
        word = _WORDS.get(str(raw).lower())
        if word is None:
            raise _wrong(field, raw, "true or false")
        return word
    if isinstance(raw, list):
        raise _wrong(field, raw, "a single value")
    text = str(raw)
    if kind.startswith("Key<") or kind == "enum":
        text = text.strip().strip('"')
    if kind == "enum":
        return _choice(field, text)
    return text


def _is_nested(field: Field, kind: str) -> bool:
    """Whether the value is an object with fields of its own, not the key of one."""
    return field.schema is not None and not kind.startswith(("Key<", "VecSpecifier"))


def _whole(field: Field, kind: str, raw: Any) -> int:
    low, high = _WHOLE[kind]
    text = str(raw).strip().strip('"')
    try:
        value = int(text)
    except ValueError:
        try:
            value = int(float(text)) if float(text).is_integer() else low - 1
        except (ValueError, OverflowError):
            value = ord(text) if kind == "byte" and len(text) == 1 else low - 1
    if not low <= value <= high:
        raise _wrong(field, raw, f"a whole number from {low} to {high}")
    return value


def _number(field: Field, raw: Any) -> float:
    try:
        return float(str(raw).strip().strip('"'))
    except ValueError:
        raise _wrong(field, raw, "a number") from None


def _choice(field: Field, text: str) -> str:
    for value in field.values:
        if value.lower() == text.lower():
            return value
    if not field.values:
        return text
    raise _wrong(field, text, "one of " + ", ".join(field.values) + did_you_mean(text, field.values))


def _wrong(field: Field, raw: Any, allowed: str) -> IllegalRequest:
    shown = repr(raw) if len(repr(raw)) <= 80 else repr(raw)[:80] + "…"
    return IllegalRequest(f"The parameter '{field.name}' must be {allowed}. Got {shown}.", argument=field.name)


def split_list(text: str) -> list[Any]:
    """The elements of `[a, "b", [c]]` (brackets may be left out): strings, None for a bare null, lists where nested.

    Raises IllegalRequest for an unclosed bracket or quote and for nesting deeper than MAX_NESTING.
    """
    stripped = text.strip()
    try:
        parsed = orjson.loads(stripped)
    except orjson.JSONDecodeError:
        parsed = None
    if isinstance(parsed, list):
        return parsed
    if not stripped.startswith("["):
        return _Reader(f"[{stripped}]").read() if stripped else []
    return _Reader(stripped).read()


class _Reader:
    """Reads one bracketed list."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.at = 0

    def read(self) -> list[Any]:
        items = self._list(1)
        if self.text[self.at :].strip():
            raise self._broken("there is text after the closing bracket")
        return items

    def _broken(self, why: str) -> IllegalRequest:
        shown = self.text if len(self.text) <= 80 else self.text[:80] + "…"
        return IllegalRequest(f"The list {shown!r} cannot be read: {why}.")

    def _list(self, depth: int) -> list[Any]:
        if depth > MAX_NESTING:
            raise self._broken(f"it is nested deeper than {MAX_NESTING}")
        self.at += 1
        items: list[Any] = []
        while True:
            self._skip()
            if self.at >= len(self.text):
                raise self._broken("its bracket is not closed")
            character = self.text[self.at]
            if character == "]":
                self.at += 1
                return items
            if character == ",":
                self.at += 1
            elif character == "[":
                items.append(self._list(depth + 1))
            elif character in "\"'":
                items.append(self._quoted(character))
            else:
                items.append(self._bare())

    def _skip(self) -> None:
        while self.at < len(self.text) and self.text[self.at].isspace():
            self.at += 1

    def _quoted(self, quote: str) -> str:
        parts: list[str] = []
        self.at += 1
        while self.at < len(self.text):
            character = self.text[self.at]
            if character == "\\" and self.at + 1 < len(self.text):
                following = self.text[self.at + 1]
                parts.append({"n": "\n", "t": "\t", "r": "\r"}.get(following, following))
                self.at += 2
                continue
            self.at += 1
            if character == quote:
                return "".join(parts)
            parts.append(character)
        raise self._broken("a quote is not closed")

    def _bare(self) -> str | None:
        start = self.at
        while self.at < len(self.text) and self.text[self.at] not in ",]":
            self.at += 1
        word = self.text[start : self.at].strip()
        return None if word in ("null", "None") else word
