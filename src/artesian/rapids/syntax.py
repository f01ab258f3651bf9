"""The tree of a Rapids expression: what the reader makes and the evaluator walks. Plain data, no behaviour but expansion."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from artesian.core.errors import InvalidArgument


@dataclass(frozen=True, slots=True)
class Number:
    """A number; NaN stands for a missing value."""

    value: float


@dataclass(frozen=True, slots=True)
class Text:
    """A quoted string."""

    value: str


@dataclass(frozen=True, slots=True)
class Name:
    """A bare word: an operator, a frame, a constant or a parameter of a lambda."""

    value: str


@dataclass(frozen=True, slots=True)
class Span:
    """`count` numbers from `base` on, `stride` apart; an infinite count runs to the end of what is selected from."""

    base: float
    count: float = 1.0
    stride: float = 1.0


@dataclass(frozen=True, slots=True)
class NumberList:
    """A list of numbers and ranges."""

    spans: tuple[Span, ...]

    @property
    def is_plain(self) -> bool:
        """Whether no range stands in the list."""
        return all(span.count == 1 for span in self.spans)

    def expand(self, limit: int) -> NDArray[np.float64]:
        """All numbers in order; InvalidArgument when they are more than `limit`."""
        total = sum(span.count for span in self.spans)
        if total > limit:
            shown = "without end" if math.isinf(total) else f"of {total:.0f} numbers"
            raise InvalidArgument(
                f"A list {shown} is too long here; at most {limit} numbers are allowed (setting max_rapids_list)."
            )
        if self.is_plain:
            return np.array([span.base for span in self.spans], dtype=np.float64)
        return np.concatenate(
            [span.base + span.stride * np.arange(span.count, dtype=np.float64) for span in self.spans]
        )


@dataclass(frozen=True, slots=True)
class TextList:
    """A list of quoted strings."""

    values: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Call:
    """`(head argument …)`."""

    parts: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class Lambda:
    """`{parameter … . body}`."""

    parameters: tuple[str, ...]
    body: Node


Node: TypeAlias = Number | Text | Name | NumberList | TextList | Call | Lambda


def describe(node: Node) -> str:
    """What a node is, for a sentence."""
    match node:
        case Number(value):
            return f"the number {value:g}"
        case Text(value):
            return f"the string '{_short(value)}'"
        case Name(value):
            return f"the name '{_short(value)}'"
        case NumberList(spans):
            return f"a list of {len(spans)} numbers or ranges"
        case TextList(values):
            return f"a list of {len(values)} strings"
        case Lambda(parameters):
            return f"a function of {len(parameters)} parameters"
        case Call(parts):
            head = f" of '{_short(parts[0].value)}'" if isinstance(parts[0], Name) else ""
            return f"an expression{head}"


def on_one_line(text: str) -> str:
    """The text with line ends and other control characters spelled out."""
    return "".join(c if c.isprintable() else c.encode("unicode_escape").decode() for c in text)


def _short(text: str) -> str:
    return text if len(text) <= 60 else text[:57] + "..."
