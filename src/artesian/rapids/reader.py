"""Reads Rapids text into a tree: the grammar of H2O's expression language, without recursion and within named limits.

`(head argument …)`, numbers, quoted strings, bare names, `[1 2 3]`, `[start:count:stride]`, `["a" "b"]`,
`{x y . body}` and the suffix `(…)->name`, which stands for `(tmp= name (…))`.
"""

from __future__ import annotations

import itertools
import math
import re
from dataclasses import dataclass, field

from artesian.core.errors import InvalidArgument
from artesian.core.settings import Settings
from artesian.rapids.syntax import Call, Lambda, Name, Node, Number, NumberList, Span, Text, TextList, on_one_line

_SPACE = re.compile(r"[ \t\r\n]*")
# what ends a bare word, and what ends a number of a list
_TOKEN = re.compile(r"[^({\[\]}) \t\r\n\\\"']+")
_LIST_NUMBER = re.compile(r"[^:,({\[\]}) \t\r\n\\\"']+")
_NUMBER = re.compile(r"-?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?[fFdD]?", re.ASCII)
_SIGNED_NUMBER = re.compile(
    r"[+-]?(?:(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?[fFdD]?|Infinity)|nan", re.IGNORECASE | re.ASCII
)
_IDENTIFIER = re.compile(r"[^\W\d][\w$]*|\$[\w$]*")
_ESCAPES = {"n": "\n", "t": "\t", "r": "\r", "f": "\f", "b": "\b", "'": "'", '"': '"', "\\": "\\"}
_HEX_DIGITS = {"x": 2, "u": 4, "U": 8}
_HEX = re.compile(r"[0-9a-fA-F]+")
_CLOSING = {"(": ")", "{": "}"}


@dataclass
class _Open:
    """A parenthesis or brace that is not closed yet."""

    bracket: str
    start: int
    parameters: tuple[str, ...] = ()
    parts: list[Node] = field(default_factory=list)


def parse(text: str, settings: Settings | None = None) -> Node:
    """The tree of one expression.

    Raises InvalidArgument naming the position (in characters, from 0), what was found and what was expected, or the
    setting whose limit the text is over.
    """
    settings = settings or Settings()
    limit = settings.max_rapids_length_mb * 2**20
    if len(text) > limit:
        raise InvalidArgument(
            f"A Rapids expression of {len(text)} characters is too long; at most {limit} are allowed "
            "(setting max_rapids_length_mb)."
        )
    return _Reader(text, settings.max_rapids_depth).read()


class _Reader:
    def __init__(self, text: str, depth: int) -> None:
        self.text = text
        self.position = 0
        self.depth = depth

    def read(self) -> Node:
        opened: list[_Open] = []
        done: Node | None = None
        while done is None or opened:
            node = self._next(opened)
            while node is not None:
                if not opened:
                    done = node
                    break
                opened[-1].parts.append(node)
                node = self._close(opened)
        if self._peek():
            raise self._error("the end of the expression")
        return done

    # ---- structure ----

    def _next(self, opened: list[_Open]) -> Node | None:
        """Reads one leaf, or opens a bracket (then None, unless it closes at once)."""
        character = self._peek()
        if character in _CLOSING:
            if len(opened) >= self.depth:
                raise InvalidArgument(
                    f"The Rapids expression nests deeper than {self.depth} levels at position {self.position} "
                    "(setting max_rapids_depth).",
                    position=self.position,
                )
            opened.append(_Open(character, self.position))
            self.position += 1
            if character == "{":
                opened[-1].parameters = self._parameters()
            return self._close(opened)
        if character == "[":
            return self._list()
        if character in ("'", '"') and character:
            return Text(self._string())
        return self._number_or_name()

    def _close(self, opened: list[_Open]) -> Node | None:
        """The call or lambda that ends here, if the innermost bracket does."""
        innermost = opened[-1]
        character = self._peek()
        if innermost.bracket == "{":
            if not innermost.parts:
                return None
            if character != "}":
                raise self._error("'}' after the body of the function")
            opened.pop()
            self.position += 1
            return Lambda(innermost.parameters, innermost.parts[0])
        if not character:
            raise self._error(f"')' for the '(' at position {innermost.start}")
        if character != ")":
            return None
        if not innermost.parts:
            raise self._error("an operator after '('")
        opened.pop()
        self.position += 1
        return self._named(Call(tuple(innermost.parts)))

    def _named(self, call: Call) -> Call:
        if not self.text.startswith("-", self.position):
            return call
        if not self.text.startswith("->", self.position):
            raise self._error("'->' and a name, white space or a closing bracket")
        self.position += 2
        return Call((Name("tmp="), Name(self._token()), call))

    def _parameters(self) -> tuple[str, ...]:
        names: list[str] = []
        while self._peek() != ".":
            start = self.position
            name = self._token()
            if not _IDENTIFIER.fullmatch(name):
                self.position = start
                raise self._error("the name of a parameter (letters, digits, '_' or '$', no digit first) or '.'")
            names.append(name)
        self.position += 1
        return tuple(names)

    # ---- leaves ----

    def _number_or_name(self) -> Node:
        start = self.position
        token = self._token()
        if _NUMBER.fullmatch(token):
            return Number(float(token.rstrip("fFdD")))
        if token.startswith(("0x", "0X", "-0x", "-0X")):
            self.position = start
            raise self._error("a decimal number")
        return Name(token)

    def _list(self) -> NumberList | TextList:
        self.position += 1
        node = self._strings() if self._peek() in ("'", '"') else self._numbers()
        if self._peek() != "]":
            raise self._error("']' or a further element of the same kind")
        self.position += 1
        return node

    def _strings(self) -> TextList:
        values: list[str] = []
        while self._peek() in ("'", '"') and self._peek():
            values.append(self._string())
            self._skip_comma()
        return TextList(tuple(values))

    def _numbers(self) -> NumberList:
        spans: list[Span] = []
        while self._peek() != "]":
            spans.append(self._span())
            self._skip_comma()
        if any(span.count != 1 for span in spans):
            for earlier, later in itertools.pairwise(spans):
                if earlier.base + (earlier.count - 1) * earlier.stride >= later.base:
                    raise self._error("ranges in rising order that do not overlap")
        return NumberList(tuple(spans))

    def _span(self) -> Span:
        base, count, stride = self._number(), 1.0, 1.0
        if self._peek() == ":":
            self.position += 1
            start = self.position
            count = self._number()
            if math.isnan(count):
                count = math.inf
            elif count < 1 or count != math.floor(count):
                self.position = start
                raise self._error("a count of at least 1, or NaN for all that follow,")
        if self._peek() == ":":
            self.position += 1
            start = self.position
            stride = self._number()
            if not 0 < stride < math.inf or (count == 1 and stride != 1):
                self.position = start
                raise self._error("a stride above 0 (1 where the count is 1)")
        return Span(base, count, stride)

    def _number(self) -> float:
        self._peek()
        match = _LIST_NUMBER.match(self.text, self.position)
        if not match or not _SIGNED_NUMBER.fullmatch(match.group()):
            raise self._error("a number")
        self.position = match.end()
        word = match.group().lower()
        return float(word if word in ("nan", "infinity", "+infinity", "-infinity") else word.rstrip("fd"))

    def _string(self) -> str:
        start, quote = self.position, self.text[self.position]
        ends = re.compile(rf"[{quote}\\]")
        pieces: list[str] = []
        position = start + 1
        while match := ends.search(self.text, position):
            pieces.append(self.text[position : match.start()])
            if match.group() == quote:
                self.position = match.end()
                return self._joined(pieces, start)
            self.position = match.start()
            pieces.append(self._escape())
            position = self.position
        self.position = len(self.text)
        raise self._error(f"{quote} for the string that starts at position {start}")

    def _joined(self, pieces: list[str], start: int) -> str:
        text = "".join(pieces)
        if any("\ud800" <= character <= "\udfff" for character in text):
            try:  # a pair of escapes may stand for one character beyond the basic plane
                text = text.encode("utf-16", "surrogatepass").decode("utf-16")
            except UnicodeDecodeError:
                self.position = start
                raise self._error("a string of whole characters (it holds half of a surrogate pair)") from None
        return text

    def _escape(self) -> str:
        """The character of the escape at the position, which moves behind it."""
        kind = self.text[self.position + 1 : self.position + 2]
        if kind in _ESCAPES:
            self.position += 2
            return _ESCAPES[kind]
        digits = _HEX_DIGITS.get(kind, 0)
        code = self.text[self.position + 2 : self.position + 2 + digits]
        if not digits or len(code) < digits or not _HEX.fullmatch(code) or int(code, 16) > 0x10FFFF:
            raise self._error(r"an escape: \n \t \r \f \b \' \" \\ \xHH \uHHHH \UHHHHHHHH")
        self.position += 2 + digits
        return chr(int(code, 16))

    # ---- characters ----

    def _token(self) -> str:
        self._peek()
        match = _TOKEN.match(self.text, self.position)
        if not match:
            raise self._error("a name or a value")
        self.position = match.end()
        return match.group()

    def _peek(self) -> str:
        """The next character that is no white space; an empty string at the end."""
        match = _SPACE.match(self.text, self.position)
        if match:
            self.position = match.end()
        return self.text[self.position : self.position + 1]

    def _skip_comma(self) -> None:
        if self._peek() == ",":
            self.position += 1

    def _error(self, expected: str) -> InvalidArgument:
        rest = self.text[self.position : self.position + 20]
        found = f"'{on_one_line(rest)}'" if rest else "the end of the text"
        return InvalidArgument(
            f"The Rapids expression is malformed at position {self.position}: expected {expected}, found {found}.",
            position=self.position,
            found=rest,
            expected=expected,
        )
