"""JSON as H2O's clients write it: names and words need no quotes, quotes may be single, `None` and `True` are Python's."""

from __future__ import annotations

import re
from typing import Any

import orjson

from artesian.core.errors import InvalidArgument

MAX_DEPTH = 16
_SPACE = re.compile(r"\s*")
_WORD = re.compile(r"[^\s,:\[\]{}()\"']+")
_CONSTANTS: dict[str, Any] = {
    "null": None, "None": None, "true": True, "True": True, "false": False, "False": False,
}  # fmt: skip
_ESCAPES = {"n": "\n", "t": "\t", "r": "\r", "b": "\b", "f": "\f"}


def loads(text: str) -> Any:
    """The value of a text; a bare word that is no number and no constant is a string. InvalidArgument where it breaks."""
    try:
        return orjson.loads(text)
    except orjson.JSONDecodeError:
        return _Reader(text).whole()


class _Reader:
    """Reads one value after the other from the text's current place."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.at = 0

    def whole(self) -> Any:
        value = self._value(0)
        self._skip()
        if self.at < len(self.text):
            raise self._broken("the value is over")
        return value

    def _value(self, depth: int) -> Any:
        if depth > MAX_DEPTH:
            raise self._broken(f"it is nested deeper than {MAX_DEPTH}")
        opening = self._peek()
        if opening == "{":
            return self._object(depth)
        if opening == "[":
            return self._array(depth)
        if opening in ('"', "'"):
            return self._quoted()
        return self._word()

    def _object(self, depth: int) -> dict[str, Any]:
        found: dict[str, Any] = {}
        self.at += 1
        while self._peek() != "}":
            name = self._quoted() if self._peek() in ('"', "'") else self._bare()
            if self._peek() != ":":
                raise self._broken(f"a colon must follow the name '{name}'")
            self.at += 1
            if name in found:
                raise self._broken(f"the name '{name}' comes twice")
            found[name] = self._value(depth + 1)
            self._comma("}")
        self.at += 1
        return found

    def _array(self, depth: int) -> list[Any]:
        found = []
        self.at += 1
        while self._peek() != "]":
            found.append(self._value(depth + 1))
            self._comma("]")
        self.at += 1
        return found

    def _comma(self, closing: str) -> None:
        if self._peek() == ",":
            self.at += 1
        elif self._peek() != closing:
            raise self._broken(f"a comma or {closing} is missing")

    def _quoted(self) -> str:
        quote = self.text[self.at]
        parts: list[str] = []
        self.at += 1
        while self.at < len(self.text):
            character = self.text[self.at]
            self.at += 1
            if character == quote:
                return "".join(parts)
            if character == "\\" and self.at < len(self.text):
                character = self._escaped()
            parts.append(character)
        raise self._broken("a quote is not closed")

    def _escaped(self) -> str:
        kind = self.text[self.at]
        self.at += 1
        if kind == "u" and re.fullmatch("[0-9a-fA-F]{4}", self.text[self.at : self.at + 4]):
            self.at += 4
            return chr(int(self.text[self.at - 4 : self.at], 16))
        return _ESCAPES.get(kind, kind)

    def _word(self) -> Any:
        word = self._bare()
        if word in _CONSTANTS:
            return _CONSTANTS[word]
        for number in (int, float):
            try:
                return number(word)
            except ValueError:
                continue
        return word

    def _bare(self) -> str:
        self._skip()
        found = _WORD.match(self.text, self.at)
        if found is None:
            raise self._broken("a value is missing")
        self.at = found.end()
        return found[0]

    def _peek(self) -> str:
        self._skip()
        if self.at >= len(self.text):
            raise self._broken("it ends too early")
        return self.text[self.at]

    def _skip(self) -> None:
        found = _SPACE.match(self.text, self.at)
        self.at = found.end() if found else self.at

    def _broken(self, why: str) -> InvalidArgument:
        near = self.text[max(0, self.at - 20) : self.at + 20]
        return InvalidArgument(f"{why} at character {self.at + 1}, near {near!r}")
