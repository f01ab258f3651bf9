"""The values that Rapids expressions pass around: frames, numbers, strings, their lists, functions, references.

Plain Python stands for most: `Frame`, `float` (NaN: missing), `str`, a float64 array, a list of strings, a dict of frames,
None. The classes here are the rest.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Literal, TypeAlias

import numpy as np
from numpy.typing import NDArray

from artesian.frame import Frame
from artesian.rapids.syntax import Call, Lambda, Name, Node, Number, NumberList, Text, TextList, describe


@dataclass(frozen=True, slots=True)
class Reference:
    """An object of the environment that is no frame: a model, say."""

    kind: str
    key: str


@dataclass(frozen=True, slots=True)
class Row:
    """Every row of a frame at once, as the function of a row-wise `apply` sees one row.

    Arithmetic works cell by cell; a reducer folds the columns of each row into a single one.
    """

    cells: Frame


@dataclass(frozen=True, slots=True)
class Scope:
    """The parameters bound by the functions that are being applied, innermost first."""

    names: dict[str, Any]
    parent: Scope | None = None

    def find(self, name: str) -> Any:
        """The bound value; KeyError where no function binds the name."""
        scope: Scope | None = self
        while scope is not None:
            if name in scope.names:
                return scope.names[name]
            scope = scope.parent
        raise KeyError(name)


@dataclass(frozen=True, slots=True)
class Closure:
    """A lambda and the bindings around its definition."""

    function: Lambda
    scope: Scope | None


Numbers: TypeAlias = NDArray[np.float64]
ResultKind: TypeAlias = Literal["frame", "number", "string", "numbers", "strings", "frames", "function", "none"]


@dataclass(frozen=True, slots=True)
class Result:
    """The outcome of an expression.

    `value` by `kind`: a Frame; a float; a string; a list of floats; a list of strings; a dict of Frames; the text of a
    function; None. `key` names the frame where the expression assigned it.
    """

    kind: ResultKind
    value: Any
    key: str | None = None
    keys: dict[str, str | None] | None = None
    """The names of the frames of a dict, where the expression assigned them."""

    @property
    def rows(self) -> int:
        """Rows of a frame; 0 for other kinds."""
        return self.value.n_rows if isinstance(self.value, Frame) else 0

    @property
    def columns(self) -> int:
        """Columns of a frame; 0 for other kinds."""
        return self.value.n_columns if isinstance(self.value, Frame) else 0


def result_of(value: Any, key_of: Callable[[Any], str | None]) -> Result:
    """The outcome that a value is."""
    if isinstance(value, Row):
        value = value.cells
    if isinstance(value, Frame):
        return Result("frame", value, key_of(value))
    if isinstance(value, float):
        return Result("number", value)
    if isinstance(value, str):
        return Result("string", value)
    if isinstance(value, np.ndarray):
        return Result("numbers", value.tolist())
    if isinstance(value, list):
        return Result("strings", value)
    if isinstance(value, dict):
        return Result("frames", value, None, {name: key_of(frame) for name, frame in value.items()})
    if value is None:
        return Result("none", None)
    return Result("function", shown(value))


def shown(value: Any) -> str:
    """What a value or a node is, for a sentence."""
    if isinstance(value, Number | Text | Name | NumberList | TextList | Call | Lambda):
        return describe(value)
    if isinstance(value, Frame):
        return f"a frame of {value.n_rows} rows × {value.n_columns} columns"
    if isinstance(value, Row):
        return "a row"
    if isinstance(value, float):
        return f"the number {value:g}"
    if isinstance(value, str):
        return f"the string '{value if len(value) <= 60 else value[:57] + '...'}'"
    if isinstance(value, np.ndarray):
        return f"a list of {len(value)} numbers"
    if isinstance(value, list):
        return f"a list of {len(value)} strings"
    if isinstance(value, Reference):
        return f"the {value.kind} '{value.key}'"
    if isinstance(value, Closure):
        return describe(value.function)
    return str(value)


def node_is_list(node: Node) -> bool:
    """Whether a node is written as a list."""
    return isinstance(node, NumberList | TextList)
