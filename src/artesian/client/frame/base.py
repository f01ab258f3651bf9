"""What all verbs of a frame stand on: its expression, what is known of it, and how results are made from it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, cast

from artesian.client.checks import no_column
from artesian.client.exceptions import H2OError, H2OFrameGone, H2OTypeError, H2OValueError
from artesian.client.expr import ExprNode, FrameInfo, fetch_info
from artesian.core.errors import did_you_mean

if TYPE_CHECKING:
    from artesian.client.frame.frame import H2OFrame

NUMERIC_TYPES = frozenset({"int", "real", "bad"})


class FrameBase:
    """A frame as an expression; what it is called, how large it is and of which types is asked for when needed."""

    _node: ExprNode | None = None
    __array_ufunc__ = None  # so that NumPy's numbers leave `number * frame` to the frame

    # --- expression and evaluation ----------------------------------------------------------------------------------

    @property
    def _ex(self) -> ExprNode:
        if self._node is None:
            raise H2OFrameGone("This 'H2OFrame' object has no attribute of data: it was removed, or never filled.")
        return self._node

    @_ex.setter
    def _ex(self, node: ExprNode | None) -> None:
        if node is not None:
            node.hold()
        if self._node is not None:
            self._node.release()
        self._node = node

    def __del__(self) -> None:
        node = self.__dict__.get("_node")
        if node is not None:
            node.release()

    @classmethod
    def _wrap(cls, node: ExprNode) -> H2OFrame:
        from artesian.client.frame.frame import H2OFrame

        frame = H2OFrame.__new__(H2OFrame)
        frame._ex = node
        return frame

    def _derive(self, op: str, *arguments: Any, info: FrameInfo | None = None) -> H2OFrame:
        """A frame that is `(op self arguments…)`, about which `info` is known already."""
        return self._wrap(ExprNode(op, self, *arguments, info=info or FrameInfo()))

    def _scalar(self, op: str, *arguments: Any) -> Any:
        """The number, string or list that `(op self arguments…)` gives, computed now."""
        return ExprNode(op, self, *arguments).evaluate_scalar()

    def _evaluated(self) -> H2OFrame:
        """This frame, computed on the server."""
        self._ex.evaluate()
        return cast("H2OFrame", self)

    if not TYPE_CHECKING:

        def __getattr__(self, name: str) -> Any:
            """Only for what is not there: says what may be meant. A column is no attribute."""
            if hasattr(type(self), name):  # a property met an error, which is the one to tell
                return object.__getattribute__(self, name)
            hint = "" if name.startswith("_") else self._meant(name)
            raise AttributeError(f"An H2OFrame has no attribute '{name}'.{hint}")

    def _meant(self, name: str) -> str:
        node = self.__dict__.get("_node")
        if node is not None and node.info.names is not None and name in node.info.names:
            return f" A column is chosen as frame[{name!r}]."
        return did_you_mean(name, [member for member in dir(type(self)) if not member.startswith("_")])

    # --- what is known of it ----------------------------------------------------------------------------------------

    @property
    def _info(self) -> FrameInfo:
        return self._ex.info

    def _asked(self) -> FrameInfo:
        """Everything of the frame's shape and types, from the server where something was not known."""
        info = self._info
        if info.names is None or info.types is None or info.nrows is None or info.ncols is None:
            self._learn(fetch_info(self._ex.evaluate()))
        return self._info

    def _learn(self, description: dict[str, Any]) -> None:
        columns = description["columns"]
        self._ex.info = FrameInfo(
            description["rows"],
            description["total_column_count"],
            [column["label"] for column in columns],
            {column["label"]: column["type"] for column in columns},
        )

    def refresh(self) -> None:
        """Asks the server anew for the frame's shape, names and types."""
        self._learn(fetch_info(self._ex.evaluate()))

    @property
    def names(self) -> list[str]:
        """The names of the columns; assign a list of strings to rename them."""
        return list(self._info.names if self._info.names is not None else _known(self._asked().names))

    @names.setter
    def names(self, value: Sequence[str]) -> None:
        self.set_names(value)

    columns = names
    col_names = names

    def set_names(self, names: Sequence[str]) -> H2OFrame:
        """Renames all columns, in place; as many names as columns."""
        raise NotImplementedError

    @property
    def nrows(self) -> int:
        """The number of rows."""
        return self._info.nrows if self._info.nrows is not None else int(_known(self._asked().nrows))

    @property
    def ncols(self) -> int:
        """The number of columns."""
        return self._info.ncols if self._info.ncols is not None else int(_known(self._asked().ncols))

    @property
    def nrow(self) -> int:
        """The number of rows."""
        return self.nrows

    @property
    def ncol(self) -> int:
        """The number of columns."""
        return self.ncols

    @property
    def shape(self) -> tuple[int, int]:
        """The numbers of rows and columns, as a tuple."""
        return self.nrows, self.ncols

    @property
    def dim(self) -> list[int]:
        """The numbers of rows and columns, as a list."""
        return [self.nrows, self.ncols]

    @property
    def types(self) -> dict[str, str]:
        """The type of each column by its name: int, real, enum, time, string or uuid."""
        return dict(self._info.types if self._info.types is not None else _known(self._asked().types))

    def type(self, col: int | str) -> str:
        """The type of one column, given by name or number."""
        return self.types[self.names[self._position(col)]]

    def __len__(self) -> int:
        return self.nrows

    # --- columns by name or number ----------------------------------------------------------------------------------

    def _position(self, column: Any) -> int:
        """The number, from 0, of a column given by name or (also negative) number."""
        if isinstance(column, str):
            names = self.names
            if column not in names:
                raise no_column(column, names)
            return names.index(column)
        if isinstance(column, bool) or not hasattr(column, "__index__"):
            raise H2OTypeError(f"A column is given by name or number. Got a {type(column).__name__}.")
        number = column.__index__()
        if not -self.ncols <= number < self.ncols:
            raise no_column(number, self.names)
        return int(number % self.ncols)

    def _positions(self, columns: Any) -> list[int]:
        """The numbers of one or several columns."""
        several = columns if isinstance(columns, (list, tuple, set, range)) else [columns]
        return [self._position(column) for column in several]

    def _require_single(self, what: str) -> str:
        """The only column's name; an error when there are several."""
        if self.ncols != 1:
            raise H2OValueError(
                f"{what} works on one column. This frame has {self.ncols}: choose one, as in frame['name']."
            )
        return self.names[0]

    def _key(self) -> str:
        return self._ex.evaluate()

    def _shape_info(self) -> FrameInfo:
        """What is known of the size of a result with as many rows and columns; its names and types are asked for."""
        return FrameInfo(self._info.nrows, self._info.ncols)

    def _like(self, type_: str | None = None) -> FrameInfo:
        """What is known of this frame, for a result of its shape; `type_` is the type of all its columns."""
        info = self._info
        types = info.types if type_ is None or info.types is None else dict.fromkeys(info.types, type_)
        return info.with_changes(types=types)


def _known(value: Any) -> Any:
    if value is None:
        raise H2OError("The server's description of a frame lacks a part.")
    return value
