"""Lazy expressions: frame operations nest in Python and are sent to the server as one text when a result is needed.

An ExprNode is an operator with its arguments. It is evaluated when somebody asks for its data; the outermost expression
is then wrapped in `(tmp= key …)`, and so is each inner one that something else in Python still holds, so that nothing
is computed twice. Who holds a node is counted (`hold`, `release`): frames hold theirs, nodes hold their children.
A temporary goes away on the server with the last holder.
"""

from __future__ import annotations

import itertools
import math
import numbers
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from artesian.client import session
from artesian.client.connection import H2OConnection, path_part
from artesian.client.exceptions import H2OTypeError, H2OValueError

if TYPE_CHECKING:
    from artesian.client.frame.fetched import Fetched

_DEEPEST = 60
"""Nesting from which on inner expressions are evaluated at once: servers bound the depth of an expression."""
_FOLDED = ("append", "cbind", "rbind")
"""Operators of any number of arguments, whose nesting on the first one is written flat."""
_counter = itertools.count(1)
_folding = True


@dataclass
class FrameInfo:
    """What is known here of a frame without asking; None where it has to be asked for."""

    nrows: int | None = None
    ncols: int | None = None
    names: list[str] | None = None
    types: dict[str, str] | None = None

    def with_changes(self, **changes: Any) -> FrameInfo:
        """A copy with some fields set."""
        return replace(self, **changes)


def enable_expr_optimizations(flag: bool) -> None:
    """Whether nested appends and bindings are sent as one (the default), or each as it was written."""
    global _folding
    _folding = bool(flag)


def is_expr_optimizations_enabled() -> bool:
    """Whether nested appends and bindings are sent as one."""
    return _folding


class AstName:
    """A bare word in an expression: the argument of a function, a brace, a key."""

    def __init__(self, name: str) -> None:
        self.name = name

    def __repr__(self) -> str:
        return self.name


class ExprNode:
    """An operator and its arguments, or (without arguments) the name of a frame that the server holds."""

    def __init__(self, op: str = "", *children: Any, info: FrameInfo | None = None) -> None:
        self.op = op
        self.children: tuple[Any, ...] = tuple(_as_child(child) for child in children)
        self.key: str | None = None
        self.info = info or FrameInfo()
        self._is_temporary = False
        self._connection: H2OConnection | None = None
        self.rows_to_show: dict[str, Any] = {"row_count": 10}
        self.shows_light = True
        self._holders = 0
        nodes = [child for child in self.children if isinstance(child, ExprNode)]
        for node in nodes:
            node.hold()
        self._depth: int = max((node._depth + (not self._folds(node)) for node in nodes), default=1)
        if self._depth > _DEEPEST:
            for node in nodes:
                node.evaluate()
            self._depth = 1

    @classmethod
    def named(cls, key: str, info: FrameInfo | None = None) -> ExprNode:
        """A frame that the server holds under that name, and keeps when Python drops it."""
        node = cls(info=info)
        node.key = key
        return node

    def hold(self) -> None:
        """One more object refers to this node."""
        self._holders += 1

    def release(self) -> None:
        """One object less refers to this node."""
        self._holders -= 1

    @property
    def _cache(self) -> Fetched:
        """The first rows, and what is known of the frame, under the name by which scripts written for H2O look at it."""
        from artesian.client.frame.fetched import Fetched

        return Fetched(self, self.rows_to_show, self.shows_light)

    # --- evaluation -------------------------------------------------------------------------------------------------

    def evaluate(self) -> str:
        """The key of the frame that this node stands for, computed now if it was not yet."""
        if self.key is None:
            reply = self._send(as_frame=True)
            if "key" not in reply:
                raise H2OTypeError(f"The result of '{self.op}' is no frame: {_scalar_of(reply)!r}.")
            self.info.nrows, self.info.ncols = reply["num_rows"], reply["num_cols"]
        return str(self.key)

    def evaluate_scalar(self) -> Any:
        """The number, string or list that this node gives, computed now."""
        return _scalar_of(self._send(as_frame=False))

    def evaluate_reply(self) -> Any:
        """The whole reply, for operators that give several frames."""
        return self._send(as_frame=False)

    def _send(self, *, as_frame: bool) -> dict[str, Any]:
        connection = session.current()
        made: list[ExprNode] = []
        text = self._text(connection, made, wanted=as_frame)
        try:
            reply: dict[str, Any] = connection.request(
                "POST /99/Rapids", {"ast": text, "session_id": connection.session_id}
            )
        except BaseException:
            for node in made:  # whether the server got so far or not, nobody counts on these temporaries
                connection.discard(str(node.key))
                node.key, node._is_temporary = None, False
            raise
        for node in made:
            node._forget_children()
        if reply.get("key") and as_frame and self.key is None:
            self.key = reply["key"]["name"]
        return reply

    def _text(self, connection: H2OConnection, made: list[ExprNode], wanted: bool | None = None) -> str:
        """This node as text; `wanted`: True for a named result, False for a bare one, None to decide by its holders."""
        if self.key is not None:
            return self.key
        parts = [_argument(child, connection, made) for child in self._flat_children()]
        text = f"({self.op} {' '.join(parts)})" if parts else f"({self.op})"
        if wanted or (wanted is None and self._holders > 1):
            self.key = new_temporary(connection)
            self._is_temporary, self._connection = True, connection
            made.append(self)
            return f"(tmp= {self.key} {text})"
        return text

    def _get_ast_str(self) -> str:
        """The expression as it would be sent, nothing evaluated: the name that scripts know, to see what they wrote."""
        if self.key is not None:
            return self.key
        parts = [child._get_ast_str() if isinstance(child, ExprNode) else to_text(child) for child in self.children]
        return f"({' '.join([self.op, *parts])})"

    def _folds(self, node: Any) -> bool:
        """Whether an argument can be written flat: the first one, of the same operator."""
        if not _folding:
            return False
        return self.op in _FOLDED and isinstance(node, ExprNode) and node is self.children[0] and node.op == self.op

    def _flat_children(self) -> Sequence[Any]:
        """The arguments, those of inner nodes of the same operator in their place where nothing else holds them."""
        node, tails = self, [self.children]
        while node._folds(tails[-1][0] if tails[-1] else None):
            inner = node.children[0]
            if inner.key is not None or inner._holders > 1:
                break
            tails[-1] = tails[-1][1:]
            tails.append(inner.children)
            node = inner
        return [child for tail in reversed(tails) for child in tail]

    def _forget_children(self) -> None:
        for child in self.children:
            if isinstance(child, ExprNode):
                child.release()
        self.children = ()
        self._depth = 1

    def rename(self, key: str) -> None:
        """From now on the server holds the frame under this name, and keeps it."""
        self._forget_children()
        self.key, self._is_temporary = key, False

    def __del__(self) -> None:
        for child in getattr(self, "children", ()):
            if isinstance(child, ExprNode):
                child.release()
        if getattr(self, "_is_temporary", False) and self.key is not None and self._connection is not None:
            self._connection.discard(self.key)

    def __repr__(self) -> str:
        if self.key is not None:
            return f"<ExprNode {self.key}>"
        return f"<ExprNode ({' '.join([self.op, *map(_shown, self.children)])})>"


def fetch_info(key: str, rows: int = 0, columns: int = -1, *, rollups: bool = False) -> dict[str, Any]:
    """The server's description of a frame with its first rows; `rollups` also computes minima, means and the like."""
    data = {"row_count": rows, "column_count": columns, "full_column_count": columns}
    reply = session.api(f"GET /3/Frames/{path_part(key)}{'' if rollups else '/light'}", data=data)
    frame: dict[str, Any] = reply["frames"][0]
    return frame


def new_temporary(connection: H2OConnection) -> str:
    """A key for a temporary frame of the connection's session."""
    return f"py_{next(_counter)}{connection.session_id}"


def to_text(value: Any) -> str:
    """An argument that is no expression, as text."""
    if value is None:
        return "[]"
    if isinstance(value, AstName):
        return value.name
    if isinstance(value, str):
        return _quote(value)
    if isinstance(value, (bool, numbers.Real)) or hasattr(value, "item"):
        return _number(value)
    if isinstance(value, range):
        return _range(value.start, value.stop, value.step)
    if isinstance(value, slice):
        return _range(value.start or 0, value.stop, value.step or 1)
    if isinstance(value, (list, tuple)):
        return f"[{' '.join(to_text(item) for item in value)}]"
    raise H2OTypeError(f"A {type(value).__name__} cannot be part of an expression.")


def _argument(child: Any, connection: H2OConnection, made: list[ExprNode]) -> str:
    return child._text(connection, made) if isinstance(child, ExprNode) else to_text(child)


def _as_child(child: Any) -> Any:
    """Frames as their nodes, models as their names, everything else as it is."""
    node = getattr(child, "_ex", None)
    if isinstance(node, ExprNode):
        return node
    model_id = getattr(child, "model_id", None)
    return AstName(model_id) if isinstance(model_id, str) else child


def _scalar_of(reply: dict[str, Any]) -> Any:
    if "scalar" in reply:
        value = reply["scalar"]
        return [_float(item) for item in value] if isinstance(value, list) else _float(value)
    if "string" in reply:
        return reply["string"]
    if "map_keys" in reply:
        return reply
    return reply.get("key", {}).get("name")


def _float(value: Any) -> Any:
    """Numbers, also those written as "NaN" and "Infinity", as floats; other strings and None as they are."""
    if isinstance(value, str):
        try:
            return float(value)
        except ValueError:
            return value
    return None if value is None else float(value)


def _number(value: Any) -> str:
    plain = value.item() if hasattr(value, "item") else value
    if isinstance(plain, bool):
        return str(plain)
    if isinstance(plain, numbers.Integral):
        return str(int(plain))
    number = float(plain)
    if math.isnan(number):
        return "nan"  # some operators of H2O know no other spelling
    if math.isinf(number):
        raise H2OValueError("An infinite number cannot be written in an expression.")
    return repr(number)


def _range(start: int, stop: int | None, step: int) -> str:
    if start < 0 or step < 1:
        raise H2OValueError(f"A range in an expression starts at 0 or above and goes up. Got {start}, {stop}, {step}.")
    count = "NaN" if stop is None else str(max(0, -(-(stop - start) // step)))
    return f"[{start}:{count}]" if step == 1 else f"[{start}:{count}:{step}]"


def _quote(text: str) -> str:
    escaped = (
        text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n").replace("\t", "\\t").replace("\r", "\\r")
    )
    return f'"{escaped}"'


def _shown(child: Any) -> str:
    return repr(child) if isinstance(child, ExprNode) else to_text(child)
