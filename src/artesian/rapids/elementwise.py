"""The engine of element-wise operators: how frames, one-row and one-column frames, numbers and strings combine.

Semantics are those of H2O's binary and unary operators: missing values are NaN of a float64 computation, a categorical
column is missing in arithmetic but compares by level, and results are named after the left frame.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from enum import Enum, auto
from typing import Any, TypeAlias

import numpy as np
import polars as pl
from numpy.typing import NDArray

from artesian.core.errors import InvalidArgument
from artesian.frame import Column, ColumnType, Frame
from artesian.rapids.columns import (
    default_names,
    frame_of,
    is_numeric,
    is_text,
    missing,
    numeric,
    positions_in,
    recoded,
    refuse_text,
)
from artesian.rapids.values import Row, shown

Operand: TypeAlias = Frame | Row | float | str
_INT32 = 2**31


class Operands(Enum):
    """How the operands of a binary operator are prepared."""

    STORED = auto()  # compared as they are stored
    WHOLE = auto()  # int64 where both are small integers, else float64
    FLOAT = auto()  # float64


@dataclass(frozen=True)
class Binary:
    """A binary operator: on expressions (null: missing) or, where those lack the function, on float64 arrays (NaN)."""

    symbol: str
    numbers: Callable[[float, float], float]
    expression: Callable[[pl.Expr, pl.Expr], pl.Expr] | None = None
    arrays: Callable[[NDArray[np.float64], NDArray[np.float64]], NDArray[Any]] | None = None
    operands: Operands = Operands.FLOAT
    # of `arrays` alone: the same on small whole numbers, as int64 expressions
    whole: Callable[[pl.Expr, pl.Expr], pl.Expr] | None = None
    # of equality alone: what two equal values give; strings and categories compare with it
    equal_gives: bool | None = None

    def __call__(self, left: Operand, right: Operand) -> Any:
        """The operator's value: a float for two numbers, a Row where one operand is a Row, else a Frame."""
        left, right = _single(left), _single(right)
        if not (isinstance(left, Frame | Row | float | str) and isinstance(right, Frame | Row | float | str)):
            raise InvalidArgument(
                f"'{self.symbol}' cannot combine {shown(left)} and {shown(right)}.", operator=self.symbol
            )
        if isinstance(left, Row) or isinstance(right, Row):
            result = self(_cells(left), _cells(right))
            return Row(
                result.renamed(left.cells.names)
                if isinstance(left, Row) and result.n_columns == left.cells.n_columns
                else result
            )
        if isinstance(left, float) and isinstance(right, float):
            return self.numbers(left, right)
        if isinstance(left, Frame) and isinstance(right, Frame):
            return self._frames(left, right)
        if isinstance(left, Frame):
            return self._with_text(left, right) if isinstance(right, str) else self._with_number(left, right)  # type: ignore[arg-type]
        if isinstance(right, Frame):
            return (
                self._with_text(right, left, flipped=True) if isinstance(left, str) else self._number_with(left, right)
            )
        raise InvalidArgument(f"'{self.symbol}' cannot combine {shown(left)} and {shown(right)}.", operator=self.symbol)

    # ---- a frame and a scalar ----

    def _with_number(self, frame: Frame, number: float) -> Frame:
        if self.equal_gives is not None:
            columns = [self._equals_number(column, number) for column in frame.columns]
            return Frame(default_names(frame.n_columns), columns, frame.n_rows)
        refuse_text(frame, self.symbol)
        computed = self._compute(frame.columns, [number] * frame.n_columns)
        return Frame(frame.names, _without_categories(frame, computed), frame.n_rows)

    def _number_with(self, number: float, frame: Frame) -> Frame:
        refuse_text(frame, self.symbol)
        if self.equal_gives is not None:  # level numbers count as numbers on this side
            columns = [self._equals_number(_as_numbers(column), number) for column in frame.columns]
            return Frame(frame.names, columns, frame.n_rows)
        computed = self._compute([number] * frame.n_columns, frame.columns)
        return Frame(frame.names, _without_categories(frame, computed), frame.n_rows)

    def _equals_number(self, column: Column, number: float) -> Column:
        """Equality up to one unit in the last place; H2O finds nothing equal nor unequal outside of numbers and strings."""
        if is_text(column):
            return self._equals_text(column.values, None if math.isnan(number) else str(number))
        if not is_numeric(column):
            return _flags(pl.repeat(False, len(column), eager=True))
        return _flags(_same_number(column.values, number) ^ (not self.equal_gives))

    def _with_text(self, frame: Frame, text: str, *, flipped: bool = False) -> Frame:
        return Frame(
            frame.names,
            [self._column_with_text(n, c, text, flipped) for n, c in zip(frame.names, frame.columns, strict=True)],
            frame.n_rows,
        )

    def _column_with_text(self, name: str, column: Column, text: str, flipped: bool) -> Column:
        if self.equal_gives is None and column.type is not ColumnType.ENUM:
            raise InvalidArgument(
                f"'{self.symbol}' cannot combine the column '{name}' of type {column.type} with the string '{text}'.",
                operator=self.symbol,
                column=name,
            )
        if is_text(column):
            return self._equals_text(column.values, text)
        if column.domain is None:  # a number never equals a string
            return _flags(pl.repeat(not self.equal_gives, len(column), eager=True))
        code = column.levels.index(text) if text in column.levels else -1
        if self.equal_gives is not None:
            return _flags(
                (column.values == code if code >= 0 else _all(column, False)).fill_null(False) ^ (not self.equal_gives)
            )
        plain = _as_numbers(column)
        sides: list[Any] = [float(code), plain] if flipped else [plain, float(code)]
        return self._compute([sides[0]], [sides[1]])[0]

    def _equals_text(self, values: pl.Series, text: str | None) -> Column:
        """Equality of strings; a missing string equals an empty one."""
        return _flags((values.fill_null("") == (text or "")) ^ (not self.equal_gives))

    # ---- two frames ----

    def _frames(self, left: Frame, right: Frame) -> Frame:
        if left.n_rows != right.n_rows:
            return self._with_row(left, right)
        if not left.n_columns or not right.n_columns:
            return right if left.n_columns else left
        if left.n_columns == 1 and right.n_columns > 1:
            pairs = [(left.columns[0], column) for column in right.columns]
            named = right
        elif right.n_columns == 1 and left.n_columns > 1:
            pairs = [(column, right.columns[0]) for column in left.columns]
            named = left
        elif left.n_columns == right.n_columns:
            pairs = list(zip(left.columns, right.columns, strict=True))
            named = left
        else:
            raise InvalidArgument(
                f"'{self.symbol}' needs frames of as many columns, or one of a single column. "
                f"Got {left.n_columns} and {right.n_columns} columns.",
                operator=self.symbol,
            )
        columns = self._pairs(pairs)
        if self.equal_gives is None:
            columns = _without_categories(named, columns)
        return Frame(named.names, columns, named.n_rows)

    def _pairs(self, pairs: list[tuple[Column, Column]]) -> list[Column]:
        if self.equal_gives is not None:
            return [self._equal_columns(left, right) for left, right in pairs]
        for left, right in pairs:
            if is_text(left) or is_text(right):
                raise InvalidArgument(
                    f"'{self.symbol}' needs numbers, but a column holds strings; convert it with as.numeric or as.factor.",
                    operator=self.symbol,
                )
        return self._compute([left for left, _ in pairs], [right for _, right in pairs])

    def _with_row(self, left: Frame, row: Frame) -> Frame:
        """A frame and a single row, which counts for each row of the frame; what is no number in it is missing.

        Like H2O, a left frame of one row takes the first row of the right one alone.
        """
        if 1 not in (left.n_rows, row.n_rows):
            raise InvalidArgument(
                f"'{self.symbol}' needs frames of as many rows, or one of a single row. "
                f"Got {left.n_rows} and {row.n_rows} rows.",
                operator=self.symbol,
            )
        if left.n_columns != row.n_columns:
            raise InvalidArgument(
                f"'{self.symbol}' of a frame and a single row needs as many columns in both. "
                f"Got {left.n_columns} and {row.n_columns} columns.",
                operator=self.symbol,
            )
        columns: list[Column] = []
        for column, other in zip(left.columns, row.columns, strict=True):
            if is_text(column) or (column.type is ColumnType.ENUM and self.equal_gives is None):
                columns.append(missing(left.n_rows))
                continue
            number = float(other.floats()[0]) if other.type.is_numeric and row.n_rows else math.nan
            if self.equal_gives is None:
                columns += self._compute([column], [number])
            else:
                columns.append(self._equals_number(_as_numbers(column), number))
        return Frame(left.names, columns, left.n_rows)

    def _equal_columns(self, left: Column, right: Column) -> Column:
        if is_text(left) or is_text(right):
            if left.type is ColumnType.ENUM or right.type is ColumnType.ENUM or (is_text(left) and is_text(right)):
                both = [c.decoded().cast(pl.String).fill_null("") for c in (left, right)]
                return _flags((both[0] == both[1]) ^ (not self.equal_gives))
            raise InvalidArgument(f"'{self.symbol}' cannot compare a column of strings with a column of numbers.")
        if left.domain is not None and right.domain is not None:
            mapping = positions_in(right.domain, left.domain)
            # a level that the left column lacks equals nothing, but is not missing either
            outside = np.where(mapping < 0, len(left.domain), mapping)
            same = left.values.cast(pl.UInt32).eq_missing(recoded(right.values, outside))
        else:
            same = _same_numbers(left.values, right.values)
        return _flags(same ^ (not self.equal_gives))

    # ---- computing ----

    def _compute(
        self, left: list[Column | float] | list[Column] | list[float] | tuple[Column, ...], right: Any
    ) -> list[Column]:
        """One result column for each pair of operands."""
        stored: dict[str, pl.Series] = {}
        expressions: list[pl.Expr] = []
        for number, (a, b) in enumerate(zip(left, right, strict=True)):
            small = _is_small(a) and _is_small(b)
            if self.arrays is not None and not (small and self.whole):
                stored[f"r{number}"] = self._on_arrays(a, b)
                expressions.append(pl.col(f"r{number}").alias(str(number)))
                continue
            whole = small and (self.operands is Operands.WHOLE or self.whole is not None)
            target = pl.Int64 if whole else None if self.operands is Operands.STORED else pl.Float64
            sides = [_operand(side, f"{letter}{number}", stored, target) for letter, side in (("a", a), ("b", b))]
            function = self.whole or self.expression
            assert function is not None
            expressions.append(function(*sides).alias(str(number)))
        computed = pl.DataFrame(stored).select(expressions)
        return [numeric(series) for series in computed.get_columns()]

    def _on_arrays(self, left: Column | float, right: Column | float) -> pl.Series:
        assert self.arrays is not None
        with np.errstate(all="ignore"):
            return pl.Series(self.arrays(*np.broadcast_arrays(_array(left), _array(right))))


def unary(
    name: str,
    value: Operand,
    number: Callable[[float], float],
    expression: Callable[[pl.Expr], pl.Expr] | None = None,
    arrays: Callable[[NDArray[np.float64]], NDArray[Any]] | None = None,
) -> Any:
    """Applies a function to a number or to each cell of a frame of numbers, whose results are named `name(column)`."""
    if isinstance(value, Row):
        return Row(Frame(value.cells.names, _apply(value.cells, expression, arrays), value.cells.n_rows))
    if isinstance(value, float):
        return number(value)
    if not isinstance(value, Frame):
        raise InvalidArgument(f"'{name}' needs a number or a frame of numbers. Got {shown(value)}.", operator=name)
    for column_name, column in zip(value.names, value.columns, strict=True):
        if not is_numeric(column):
            raise InvalidArgument(
                f"'{name}' needs numeric columns, but '{column_name}' is of type {column.type}.", column=column_name
            )
    return frame_of([f"{name}({n})" for n in value.names], _apply(value, expression, arrays), value.n_rows)


def _apply(
    frame: Frame,
    expression: Callable[[pl.Expr], pl.Expr] | None,
    arrays: Callable[[NDArray[np.float64]], NDArray[Any]] | None,
) -> list[Column]:
    if arrays is not None:
        with np.errstate(all="ignore"):
            return [numeric(arrays(column.floats())) for column in frame.columns]
    assert expression is not None
    table = pl.DataFrame({str(i): column.values for i, column in enumerate(frame.columns)})
    computed = table.select([expression(pl.col(name).cast(pl.Float64)).alias(name) for name in table.columns])
    return [numeric(series) for series in computed.get_columns()]


# ---- operands ----


def _single(operand: Any) -> Any:
    """The element of a list of one."""
    if isinstance(operand, np.ndarray) and len(operand) == 1:
        return float(operand[0])
    return operand[0] if isinstance(operand, list) and len(operand) == 1 else operand


def _cells(operand: Any) -> Any:
    return operand.cells if isinstance(operand, Row) else operand


def _operand(side: Column | float, name: str, stored: dict[str, pl.Series], target: Any) -> pl.Expr:
    if isinstance(side, Column):
        stored[name] = side.values
        if target is None:  # an exact float32 must not meet a rounded literal
            return pl.col(name).cast(pl.Float64) if side.values.dtype == pl.Float32 else pl.col(name)
        return pl.col(name).cast(target)
    if math.isnan(side):
        return pl.lit(None, dtype=target or pl.Float64)
    return pl.lit(int(side), dtype=pl.Int64) if target is pl.Int64 else pl.lit(side, dtype=pl.Float64)


def _is_small(side: Column | float) -> bool:
    """Whether int64 holds the sum and the product of two such operands exactly."""
    if isinstance(side, Column):
        return side.values.dtype.is_integer() and side.values.dtype != pl.Int64
    return math.isfinite(side) and side == int(side) and abs(side) < _INT32


def _array(side: Column | float) -> NDArray[np.float64]:
    return side.floats() if isinstance(side, Column) else np.array([side])


def _without_categories(named: Frame, computed: list[Column]) -> list[Column]:
    """The computed columns, missing where the frame that names them has a category: it takes part in no arithmetic."""
    return [
        missing(named.n_rows) if old.type is ColumnType.ENUM else new
        for old, new in zip(named.columns, computed, strict=True)
    ]


def _as_numbers(column: Column) -> Column:
    """The column with level numbers and milliseconds as plain numbers."""
    if column.type in (ColumnType.ENUM, ColumnType.TIME):
        return Column(ColumnType.INT, column.values)
    return column


def _flags(series: pl.Series) -> Column:
    return Column(ColumnType.INT, series.cast(pl.UInt8))


def _all(column: Column, value: bool) -> pl.Series:
    return pl.repeat(value, len(column), dtype=pl.Boolean, eager=True)


def _same_number(values: pl.Series, number: float) -> pl.Series:
    """Whether each value equals the number up to one unit in the last place of the smaller; missing equals missing."""
    if math.isnan(number):
        return values.is_null()
    if math.isinf(number):
        return pl.repeat(False, len(values), dtype=pl.Boolean, eager=True)
    low, high = float(np.nextafter(number, -np.inf)), float(np.nextafter(number, np.inf))
    if values.dtype.is_integer():
        nearest = round(number)
        if not low <= nearest <= high:
            return pl.repeat(False, len(values), dtype=pl.Boolean, eager=True)
        return (values == float(nearest)).fill_null(False)
    return values.cast(pl.Float64).is_between(low, high).fill_null(False)


def _same_numbers(left: pl.Series, right: pl.Series) -> pl.Series:
    if left.dtype.is_integer() and right.dtype.is_integer():
        return left.cast(pl.Int64).eq_missing(right.cast(pl.Int64))
    a, b = (s.cast(pl.Float64).fill_null(np.nan).to_numpy() for s in (left, right))
    with np.errstate(all="ignore"):
        close = np.abs(a - b) <= np.minimum(np.spacing(np.abs(a)), np.spacing(np.abs(b)))
    return pl.Series(close | (np.isnan(a) & np.isnan(b)))
