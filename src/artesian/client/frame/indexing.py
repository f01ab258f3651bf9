"""Choosing and assigning parts of a frame: `frame[rows, columns]`, `frame[…] = value`, `drop`, `pop`."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from artesian.client.checks import no_column
from artesian.client.exceptions import H2OTypeError, H2OValueError
from artesian.client.expr import ExprNode, FrameInfo
from artesian.client.frame.base import FrameBase

if TYPE_CHECKING:
    from artesian.client.frame.frame import H2OFrame


class Indexing(FrameBase):
    """Verbs that choose and assign."""

    def __getitem__(self, item: Any) -> Any:
        """Columns by name, number, list or slice; rows by a frame of conditions or a flag each; both by `[rows, columns]`.

        One cell, `frame[3, "a"]`, comes as a number or string.
        """
        if not isinstance(item, tuple):
            chosen = _listed(item)
            return self._rows(chosen) if isinstance(chosen, FrameBase) or _is_flags(chosen) else self._columns(chosen)
        if len(item) != 2:
            raise H2OValueError(f"A frame is indexed by [rows, columns]. Got {len(item)} parts.")
        rows, columns = map(_listed, item)
        if _is_number(rows) and (_is_number(columns) or isinstance(columns, str)):
            column = ExprNode("cols_py", self, self._position(columns))
            return ExprNode("flatten", ExprNode("rows", column, self._row(rows))).evaluate_scalar()
        chosen = self if _is_all(columns) else self._columns(columns)
        return chosen if _is_all(rows) else chosen._rows(rows)

    def _columns(self, columns: Any) -> H2OFrame:
        self._compute_assignment()
        if isinstance(columns, slice):
            columns = range(*columns.indices(self.ncols))
        elif isinstance(columns, (str, int)) or hasattr(columns, "__index__"):
            position = self._position(columns)
            return self._derive("cols_py", position, info=self._info_of([position]))
        if not isinstance(columns, (list, tuple, range)):
            raise H2OTypeError(f"Columns are chosen by name, number, list or slice. Got a {type(columns).__name__}.")
        positions = self._positions(columns)
        contiguous = positions == list(range(positions[0], positions[0] + len(positions))) if positions else False
        return self._derive(
            "cols_py",
            range(positions[0], positions[-1] + 1) if contiguous else positions,
            info=self._info_of(positions),
        )

    def _info_of(self, positions: list[int]) -> FrameInfo:
        info = self._info
        if info.names is None:
            return FrameInfo(nrows=info.nrows, ncols=len(positions))
        names = [info.names[position] for position in positions]
        if len(set(names)) != len(names):  # a column twice: the server finds new names
            return FrameInfo(nrows=info.nrows, ncols=len(positions))
        types = {name: info.types[name] for name in names} if info.types is not None else None
        return FrameInfo(info.nrows, len(names), names, types)

    def _rows(self, rows: Any) -> H2OFrame:
        info = self._info
        if isinstance(rows, FrameBase):
            return self._derive("rows", rows, info=info.with_changes(nrows=None))
        if isinstance(rows, slice):
            spans = range(*rows.indices(self.nrows))
            if spans.step < 0:
                raise H2OValueError("Rows are chosen upwards: the step of a slice must be positive.")
            return self._derive("rows", spans, info=info.with_changes(nrows=len(spans)))
        if _is_flags(rows):
            rows = self._flagged(rows)
        if isinstance(rows, (list, tuple, range)):
            numbers = [self._row(row) for row in rows]
            return self._derive("rows", numbers, info=info.with_changes(nrows=len(numbers)))
        if _is_number(rows) and int(rows.__index__()) >= self.nrows:  # a row behind the last one has missing values
            return self._derive("rows", int(rows.__index__()), info=info.with_changes(nrows=1))
        return self._derive("rows", self._row(rows), info=info.with_changes(nrows=1))

    def _compute_assignment(self) -> None:
        """Computes what was assigned to some rows, before a column of the frame is used further.

        A value that does not fit its column is then refused by the statement after the assignment at the latest, not
        by a later one that has nothing to do with it.
        """
        if self._ex.op == ":=" and self._ex.key is None and self._info.types is None:
            self._ex.evaluate()

    def _flagged(self, flags: Sequence[bool]) -> list[int]:
        """The numbers of the rows whose flag is set, of one flag a row."""
        if len(flags) != self.nrows:
            raise H2OValueError(
                f"Rows are chosen by one flag each: the frame has {self.nrows}. Got {len(flags)} flags."
            )
        return [number for number, flag in enumerate(flags) if flag]

    def _row(self, row: Any) -> int:
        if isinstance(row, bool) or not hasattr(row, "__index__"):
            raise H2OTypeError(f"Rows are chosen by number, list, slice or condition. Got a {type(row).__name__}.")
        number = int(row.__index__())
        if not -self.nrows <= number < self.nrows:
            raise H2OValueError(f"Row {number} does not exist: the frame has {self.nrows} rows, numbered from 0.")
        return number % self.nrows

    def __setitem__(self, item: Any, value: Any) -> None:
        """Assigns a number, string, None (missing), frame or column of values to columns, rows (by a condition) or both.

        A name that no column has appends one.
        """
        value = self._column_of(value)
        rows, columns = item if isinstance(item, tuple) else (None, item)
        rows, columns = _listed(rows), _listed(columns)
        if not isinstance(item, tuple) and (isinstance(columns, FrameBase) or _is_flags(columns)):
            rows, columns = columns, None
        if _is_flags(rows):
            rows = self._flagged(rows)
        value = float("nan") if value is None else value
        if isinstance(columns, str) and columns not in self.names:
            if rows is not None and not _is_all(rows):
                raise no_column(columns, self.names)
            self._append(columns, value)
            return
        positions = None if columns is None or _is_all(columns) else self._target(columns)
        if isinstance(rows, slice):
            rows = None if _is_all(rows) else range(*rows.indices(self.nrows))
        info = self._info.with_changes(types=self._types_after(positions, rows, value))
        self._ex = ExprNode(":=", self, value, self._target_text(positions, columns), rows, info=info)

    def _column_of(self, value: Any) -> Any:
        """A value that can be assigned: a list, an array or a column of pandas or Polars becomes a frame in the server."""
        if value is None or isinstance(value, (str, int, float, FrameBase)) or getattr(value, "ndim", None) == 0:
            return value
        values = _listed(value)
        if not isinstance(values, (list, tuple)):
            raise H2OTypeError(
                f"A number, string, None, frame or column of values can be assigned. Got a {type(value).__name__}."
            )
        return type(self)(values)  # type: ignore[call-arg]

    def _append(self, name: str, value: Any) -> None:
        info, names = self._info, self.names
        kind = _type_of(value)
        types = info.types | {name: kind} if info.types is not None and kind is not None else None
        self._ex = ExprNode(
            "append", self, value, name, info=FrameInfo(info.nrows, len(names) + 1, [*names, name], types)
        )

    def _target(self, columns: Any) -> list[int]:
        return list(range(*columns.indices(self.ncols))) if isinstance(columns, slice) else self._positions(columns)

    def _target_text(self, positions: list[int] | None, columns: Any) -> Any:
        if positions is None:
            return range(self.ncols) if columns is not None else None
        return positions[0] if len(positions) == 1 else positions

    def _types_after(self, positions: list[int] | None, rows: Any, value: Any) -> dict[str, str] | None:
        """The types after an assignment, where they are sure."""
        info = self._info
        whole = isinstance(value, FrameBase) and rows is None and positions is not None
        if not whole or info.types is None or info.names is None or value._info.types is None:
            return None
        new = list(value._info.types.values())
        if len(new) != len(positions or []):
            return None
        return info.types | {info.names[p]: kind for p, kind in zip(positions or [], new, strict=True)}

    def drop(self, index: Any, axis: int = 1) -> H2OFrame:
        """A frame without columns (by name or number, one or a list) or, with `axis=0`, without rows (a list of numbers)."""
        if axis == 0:
            rows = index if isinstance(index, (list, tuple, range)) else [index]
            gone = sorted({self._row(row) for row in rows})
            return self._derive(
                "rows", [-(row + 1) for row in gone], info=self._info.with_changes(nrows=self.nrows - len(gone))
            )
        if axis != 1:
            raise H2OValueError(f"The argument 'axis' of drop() is 1 for columns or 0 for rows. Got {axis!r}.", "axis")
        positions = set(self._positions(index))
        kept = [position for position in range(self.ncols) if position not in positions]
        return self._derive("cols", [-(position + 1) for position in sorted(positions)], info=self._info_of(kept))

    def pop(self, i: int | str) -> H2OFrame:
        """Takes a column out of this frame and gives it."""
        position = self._position(i)
        kept = [other for other in range(self.ncols) if other != position]
        column = self._derive("cols", position, info=self._info_of([position]))
        self._ex = ExprNode("cols", self, -(position + 1), info=self._info_of(kept))
        return column


def _type_of(value: Any) -> str | None:
    """The type of the column that a value makes, where it is sure."""
    if isinstance(value, FrameBase):
        types = value._info.types
        return next(iter(types.values())) if types is not None and len(types) == 1 else None
    if isinstance(value, str) or value != value:
        return None
    return "int" if float(value).is_integer() else "real"


def _listed(part: Any) -> Any:
    """A column of pandas or Polars, an array or an index as a list, as which it chooses; anything else as it is."""
    if isinstance(part, FrameBase):
        return part
    return part.tolist() if getattr(part, "ndim", 0) == 1 else part.to_list() if hasattr(part, "to_list") else part


def _is_flags(part: Any) -> bool:
    return isinstance(part, (list, tuple)) and bool(part) and all(isinstance(flag, bool) for flag in part)


def _is_all(part: Any) -> bool:
    return isinstance(part, slice) and part == slice(None)


def _is_number(part: Any) -> bool:
    return hasattr(part, "__index__") and not isinstance(part, bool)
