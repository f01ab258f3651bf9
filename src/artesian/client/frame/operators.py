"""Arithmetic, comparison and logic between frames, numbers, strings and times; functions of each value."""

from __future__ import annotations

import datetime
import functools
import operator
from typing import TYPE_CHECKING, Any

from artesian.client.checks import Number
from artesian.client.exceptions import H2OTypeError, H2OValueError
from artesian.client.expr import ExprNode, FrameInfo
from artesian.client.frame.base import NUMERIC_TYPES, FrameBase

if TYPE_CHECKING:
    from artesian.client.frame.frame import H2OFrame


_KEEPING_NAMES = frozenset(["+", "-", "*", "/", "^", "%", "intDiv"])


class Operators(FrameBase):
    """Operators and functions of each value."""

    # --- between two ------------------------------------------------------------------------------------------------

    def __add__(self, other: Any) -> H2OFrame:
        return _binary(self, "+", other)

    def __radd__(self, other: Any) -> H2OFrame:
        return _binary(other, "+", self)

    def __sub__(self, other: Any) -> H2OFrame:
        return _binary(self, "-", other)

    def __rsub__(self, other: Any) -> H2OFrame:
        return _binary(other, "-", self)

    def __mul__(self, other: Any) -> H2OFrame:
        return _binary(self, "*", other)

    def __rmul__(self, other: Any) -> H2OFrame:
        return _binary(other, "*", self)

    def __truediv__(self, other: Any) -> H2OFrame:
        return _binary(self, "/", other)

    def __rtruediv__(self, other: Any) -> H2OFrame:
        return _binary(other, "/", self)

    def __floordiv__(self, other: Any) -> H2OFrame:
        return _binary(self, "intDiv", other)

    def __rfloordiv__(self, other: Any) -> H2OFrame:
        return _binary(other, "intDiv", self)

    def __mod__(self, other: Any) -> H2OFrame:
        return _binary(self, "%", other)

    def __rmod__(self, other: Any) -> H2OFrame:
        return _binary(other, "%", self)

    def __pow__(self, other: Any) -> H2OFrame:
        return _binary(self, "^", other)

    def __rpow__(self, other: Any) -> H2OFrame:
        return _binary(other, "^", self)

    def __and__(self, other: Any) -> H2OFrame:
        return _binary(self, "&", other)

    def __rand__(self, other: Any) -> H2OFrame:
        return _binary(other, "&", self)

    def __or__(self, other: Any) -> H2OFrame:
        return _binary(self, "|", other)

    def __ror__(self, other: Any) -> H2OFrame:
        return _binary(other, "|", self)

    def __lt__(self, other: Any) -> H2OFrame:
        return _binary(self, "<", other)

    def __le__(self, other: Any) -> H2OFrame:
        return _binary(self, "<=", other)

    def __gt__(self, other: Any) -> H2OFrame:
        return _binary(self, ">", other)

    def __ge__(self, other: Any) -> H2OFrame:
        return _binary(self, ">=", other)

    def __eq__(self, other: Any) -> H2OFrame:  # type: ignore[override]
        return _binary(self, "==", float("nan") if other is None else other)

    def __ne__(self, other: Any) -> H2OFrame:  # type: ignore[override]
        return _binary(self, "!=", float("nan") if other is None else other)

    __hash__ = object.__hash__

    def __contains__(self, value: Any) -> bool:
        values = value if isinstance(value, (list, tuple, set)) else [value]
        return all((self == one)._scalar("any") for one in values)

    def __neg__(self) -> H2OFrame:
        return _binary(0, "-", self)

    def __invert__(self) -> H2OFrame:
        return self._derive("!!", info=self._shape_info())

    def __abs__(self) -> H2OFrame:
        return self._function("abs")

    def __int__(self) -> int:
        return int(self._cell())

    def __float__(self) -> float:
        return float(self._cell())

    def logical_negation(self) -> H2OFrame:
        """1 where a value is 0, else 0."""
        return self._derive("not", info=self._shape_info())

    def mult(self, matrix: FrameBase) -> H2OFrame:
        """The matrix product of this frame with another, which has as many rows as this has columns."""
        if self.ncols != matrix.nrows:
            raise H2OValueError(
                f"A matrix of {self.ncols} columns cannot be multiplied with one of {matrix.nrows} rows."
            )
        return self._derive("x", matrix, info=FrameInfo(self.nrows, matrix.ncols))

    def isin(self, item: Any) -> H2OFrame:
        """1 where a value equals the item, or one of a list of items."""
        if not isinstance(item, (list, tuple, set)):
            return _binary(self, "==", item)
        if not item:
            return _binary(self, "!=", self)
        if self.ncols == 1 and self.type(0) in ("enum", "string"):
            return self._derive("match", list(item), 0, 1) > 0
        return functools.reduce(operator.or_, (_binary(self, "==", one) for one in item))

    def ifelse(self, yes: Any, no: Any) -> H2OFrame:
        """`yes` where this is not 0, `no` where it is; both are numbers, strings or frames."""
        return self._derive("ifelse", yes, no)

    # --- to Python --------------------------------------------------------------------------------------------------

    def flatten(self) -> Any:
        """The only value of a frame of one row and column, as a number or string."""
        return self._cell()

    def _cell(self) -> Any:
        if self.shape != (1, 1):
            raise H2OValueError(
                f"Only a frame of one row and one column is a single value. This has shape {self.shape}."
            )
        return self._scalar("flatten")

    def getrow(self) -> list[Any]:
        """The values of a frame of one row, as a list of numbers."""
        if self.nrows != 1:
            raise H2OValueError(f"Only a frame of one row is a list of values. This has {self.nrows} rows.")
        values = self._scalar("getrow")
        return values if isinstance(values, list) else [values]

    # --- functions of each value ------------------------------------------------------------------------------------

    def _function(self, op: str, type_: str | None = None) -> H2OFrame:
        for name, kind in self.types.items():
            if kind not in NUMERIC_TYPES:
                raise H2OValueError(f"The function '{op}' works on numbers. The column {name!r} is of type {kind}.")
        names = [f"{op}({name})" for name in self.names]
        types = None if type_ is None else dict.fromkeys(names, type_)  # else it depends on the values
        return self._derive(op, info=FrameInfo(self._info.nrows, self._info.ncols, names, types))

    def abs(self) -> H2OFrame:
        """Absolute values."""
        return self._function("abs")

    def sign(self) -> H2OFrame:
        """-1, 0 or 1."""
        return self._function("sign", "int")

    def sqrt(self) -> H2OFrame:
        """Square roots."""
        return self._function("sqrt")

    def trunc(self) -> H2OFrame:
        """Whole numbers, towards zero."""
        return self._function("trunc", "int")

    def ceil(self) -> H2OFrame:
        """The next whole numbers above."""
        return self._function("ceiling", "int")

    def floor(self) -> H2OFrame:
        """The next whole numbers below."""
        return self._function("floor", "int")

    def log(self) -> H2OFrame:
        """Natural logarithms."""
        return self._function("log")

    def log10(self) -> H2OFrame:
        """Logarithms to base 10."""
        return self._function("log10")

    def log1p(self) -> H2OFrame:
        """Natural logarithms of 1 + x."""
        return self._function("log1p")

    def log2(self) -> H2OFrame:
        """Logarithms to base 2."""
        return self._function("log2")

    def exp(self) -> H2OFrame:
        """Exponentials."""
        return self._function("exp")

    def expm1(self) -> H2OFrame:
        """exp(x) - 1."""
        return self._function("expm1")

    def gamma(self) -> H2OFrame:
        """The gamma function."""
        return self._function("gamma")

    def lgamma(self) -> H2OFrame:
        """The logarithm of the absolute gamma function."""
        return self._function("lgamma")

    def digamma(self) -> H2OFrame:
        """The derivative of lgamma."""
        return self._function("digamma")

    def trigamma(self) -> H2OFrame:
        """The second derivative of lgamma."""
        return self._function("trigamma")

    def cos(self) -> H2OFrame:
        """Cosines of angles in radians."""
        return self._function("cos")

    def sin(self) -> H2OFrame:
        """Sines of angles in radians."""
        return self._function("sin")

    def tan(self) -> H2OFrame:
        """Tangents of angles in radians."""
        return self._function("tan")

    def acos(self) -> H2OFrame:
        """Inverse cosines, in radians."""
        return self._function("acos")

    def asin(self) -> H2OFrame:
        """Inverse sines, in radians."""
        return self._function("asin")

    def atan(self) -> H2OFrame:
        """Inverse tangents, in radians."""
        return self._function("atan")

    def cosh(self) -> H2OFrame:
        """Hyperbolic cosines."""
        return self._function("cosh")

    def sinh(self) -> H2OFrame:
        """Hyperbolic sines."""
        return self._function("sinh")

    def tanh(self) -> H2OFrame:
        """Hyperbolic tangents."""
        return self._function("tanh")

    def acosh(self) -> H2OFrame:
        """Inverse hyperbolic cosines."""
        return self._function("acosh")

    def asinh(self) -> H2OFrame:
        """Inverse hyperbolic sines."""
        return self._function("asinh")

    def atanh(self) -> H2OFrame:
        """Inverse hyperbolic tangents."""
        return self._function("atanh")

    def cospi(self) -> H2OFrame:
        """cos(pi x)."""
        return self._function("cospi")

    def sinpi(self) -> H2OFrame:
        """sin(pi x)."""
        return self._function("sinpi")

    def tanpi(self) -> H2OFrame:
        """tan(pi x)."""
        return self._function("tanpi")

    def round(self, digits: int = 0) -> H2OFrame:
        """Values with that many digits behind the point, halves to the even neighbour."""
        return self._derive("round", digits, info=self._like().with_changes(types=None))

    def signif(self, digits: int = 6) -> H2OFrame:
        """Values with that many significant digits."""
        return self._derive("signif", digits, info=self._like().with_changes(types=None))


def _binary(left: Any, op: str, right: Any) -> H2OFrame:
    """`(op left right)`, of which at least one is a frame."""
    left, right = _operand(left, op), _operand(right, op)
    frames = [side for side in (left, right) if isinstance(side, FrameBase)]
    _check_shapes(op, frames)
    return frames[0]._wrap(ExprNode(op, left, right, info=_info_of_result(op, frames)))


def _operand(value: Any, op: str) -> Any:
    if isinstance(value, (FrameBase, str, bool, *Number)):
        return value
    if isinstance(value, datetime.date) or hasattr(value, "to_pydatetime") or type(value).__name__ == "datetime64":
        from artesian.client.frame.times import Times

        return Times.moment(date=value)
    if hasattr(value, "item"):
        return value.item()
    raise H2OTypeError(f"'{op}' works on frames, numbers, strings and dates. Got a {type(value).__name__}.")


def _check_shapes(op: str, frames: list[FrameBase]) -> None:
    """Refuses two frames that cannot match, as far as their shapes are known here."""
    if len(frames) < 2:
        return
    (rows1, cols1), (rows2, cols2) = ((frame._info.nrows, frame._info.ncols) for frame in frames)
    if None in (rows1, cols1, rows2, cols2):
        return
    rows_match = rows1 == rows2 or 1 in (rows1, rows2)
    if not rows_match or not (cols1 == cols2 or 1 in (cols1, cols2)):
        raise H2OValueError(f"'{op}' cannot combine a frame of {rows1} x {cols1} with one of {rows2} x {cols2}.")


def _info_of_result(op: str, frames: list[FrameBase]) -> FrameInfo:
    """The size, where it is sure; the names too where only arithmetic with a constant was done."""
    infos = [frame._info for frame in frames]
    if len(infos) == 1:
        return FrameInfo(infos[0].nrows, infos[0].ncols, infos[0].names if op in _KEEPING_NAMES else None)
    if any(info.nrows is None or info.ncols is None for info in infos):
        return FrameInfo()
    larger = max(infos, key=lambda info: (info.ncols or 0, info.nrows or 0))  # the other is one column or value
    return FrameInfo(larger.nrows, larger.ncols)
