"""Arithmetic of two operands: + - * / ^, remainders and whole quotients, rounding to digits."""

from __future__ import annotations

from typing import Any

import numpy as np
import polars as pl
from numpy.typing import NDArray

from artesian.rapids.elementwise import Binary, Operands
from artesian.rapids.registry import VALUE, operator

_SPLITTER = 2.0**27 + 1
_INT32_LEAST, _INT32_MOST = -(2**31), 2**31 - 1


@operator("+", VALUE("left"), VALUE("right"), doc="Sum, cell by cell.")
def add(left: Any, right: Any) -> Any:
    return _ADD(left, right)


@operator("-", VALUE("left"), VALUE("right"), doc="Difference, cell by cell.")
def subtract(left: Any, right: Any) -> Any:
    return _SUBTRACT(left, right)


@operator("*", VALUE("left"), VALUE("right"), doc="Product, cell by cell.")
def multiply(left: Any, right: Any) -> Any:
    return _MULTIPLY(left, right)


@operator("/", VALUE("left"), VALUE("right"), doc="Quotient, cell by cell; a division by zero is infinite.")
def divide(left: Any, right: Any) -> Any:
    return _DIVIDE(left, right)


@operator("^", VALUE("left"), VALUE("right"), doc="Power, cell by cell; anything to the power 0 is 1, missing too.")
def power(left: Any, right: Any) -> Any:
    return _POWER(left, right)


@operator(("%", "%%"), VALUE("left"), VALUE("right"), doc="Remainder of a division, with the sign of the left operand.")
def remainder(left: Any, right: Any) -> Any:
    return _REMAINDER(left, right)


@operator(
    "intDiv",
    VALUE("left"),
    VALUE("right"),
    doc="Quotient of the operands' whole parts, cut towards zero; missing by zero.",
)
def whole_quotient(left: Any, right: Any) -> Any:
    return _WHOLE_QUOTIENT(left, right)


@operator("%/%", VALUE("left"), VALUE("right"), doc="Whole part of a quotient, cut towards zero and to 32 bits.")
def quotient_whole(left: Any, right: Any) -> Any:
    return _QUOTIENT_WHOLE(left, right)


@operator(
    "round", VALUE("values"), VALUE("digits"), doc="Rounds to so many decimals; to none: halves go to even numbers."
)
def round_to(values: Any, digits: Any) -> Any:
    return _ROUND(values, digits)


@operator("signif", VALUE("values"), VALUE("digits"), doc="Rounds to so many significant digits, at least one.")
def significant(values: Any, digits: Any) -> Any:
    return _SIGNIFICANT(values, digits)


# ---- the functions ----


def _divide(a: float, b: float) -> float:
    return float(np.divide(a, b)) if b == 0 else a / b


def _power(a: float, b: float) -> float:
    return float(_power_arrays(np.array([a]), np.array([b]))[0])


def _power_arrays(a: NDArray[np.float64], b: NDArray[np.float64]) -> NDArray[np.float64]:
    with np.errstate(all="ignore"):
        # unlike in C, 1 to a missing or infinite power is missing
        undefined = np.isnan(b) | (np.isinf(b) & (np.abs(a) == 1))
        return np.where(undefined, np.nan, np.power(a, b))


def _remainder(a: float, b: float) -> float:
    with np.errstate(all="ignore"):
        return float(np.fmod(a, b))


def _whole_remainder(x: pl.Expr, y: pl.Expr) -> pl.Expr:
    floored = x % y  # has the sign of the divisor
    truncated = pl.when((floored != 0) & ((x < 0) != (y < 0))).then(floored - y).otherwise(floored)
    return pl.when(y == 0).then(None).otherwise(truncated)


def _int32(values: NDArray[np.float64]) -> NDArray[np.float64]:
    """Cut to a 32-bit integer as a JVM does: towards zero, at the limits where beyond, 0 where missing."""
    return np.clip(np.trunc(np.nan_to_num(values, nan=0.0)), _INT32_LEAST, _INT32_MOST)


def _whole_quotient_arrays(a: NDArray[np.float64], b: NDArray[np.float64]) -> NDArray[np.float64]:
    divisor = _int32(b)
    with np.errstate(all="ignore"):
        return np.where(divisor == 0, np.nan, np.trunc(_int32(a) / divisor))


def _quotient_whole_arrays(a: NDArray[np.float64], b: NDArray[np.float64]) -> NDArray[np.float64]:
    with np.errstate(all="ignore"):
        return _int32(a / b)


def _round_arrays(x: NDArray[np.float64], digits: NDArray[np.float64]) -> NDArray[np.float64]:
    digits = np.floor(digits + 0.5)
    with np.errstate(all="ignore"):
        scale = _int32(np.power(10.0, digits))
        decimals = np.copysign(np.floor(np.abs(x) * scale + 0.5) / scale, x)
        return np.where(digits == 0, np.rint(x), decimals)


def _significant_arrays(x: NDArray[np.float64], digits: NDArray[np.float64]) -> NDArray[np.float64]:
    """Rounds the exact binary value, ties to even digits; from 16 digits on numbers stay as they are."""
    digits = np.floor(np.maximum(digits, 1) + 0.5)
    with np.errstate(all="ignore"):
        size = np.abs(x)
        # powers of ten up to 22 are exact; what lies beyond is brought near by one rounding
        places = digits - 1 - np.floor(np.log10(size))
        near = (
            size
            * np.power(10.0, np.where(places > 22, places - 22, 0))
            / np.power(10.0, np.where(places < -22, -22 - places, 0))
        )
        scale = np.power(10.0, np.minimum(np.abs(places), 22))
        whole, rest = _scaled_up(near, scale)
        left_whole = np.floor(near / scale)
        left_rest = np.fmod(near, scale) / scale
        whole, rest = np.where(places >= 0, whole, left_whole), np.where(places >= 0, rest, left_rest)
        rounded = whole + ((rest > 0.5) | ((rest == 0.5) & (np.fmod(whole, 2) == 1)))
        result = np.where(places >= 0, rounded / scale, rounded * scale)
        result = (
            result
            / np.power(10.0, np.where(places > 22, places - 22, 0))
            * np.power(10.0, np.where(places < -22, -22 - places, 0))
        )
        unchanged = (x == 0) | ~np.isfinite(result) | (digits > 15)
        return np.where(unchanged, x, np.copysign(result, x))


def _scaled_up(x: NDArray[np.float64], scale: NDArray[np.float64]) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """The whole part of a product and the exact rest, by Dekker's splitting of the factors into halves."""
    product = x * scale
    high_x, high_scale = (_SPLITTER * v - (_SPLITTER * v - v) for v in (x, scale))
    low_x, low_scale = x - high_x, scale - high_scale
    error = low_x * low_scale - (((product - high_x * high_scale) - low_x * high_scale) - high_x * low_scale)
    whole = np.floor(product)
    return whole, (product - whole) + error


def _of_numbers(arrays: Any) -> Any:
    return lambda a, b: float(arrays(np.array([a]), np.array([b]))[0])


_ADD = Binary("+", lambda a, b: a + b, lambda x, y: x + y, operands=Operands.WHOLE)
_SUBTRACT = Binary("-", lambda a, b: a - b, lambda x, y: x - y, operands=Operands.WHOLE)
_MULTIPLY = Binary("*", lambda a, b: a * b, lambda x, y: x * y, operands=Operands.WHOLE)
_DIVIDE = Binary("/", _divide, lambda x, y: x / y)
_POWER = Binary("^", _power, arrays=_power_arrays)
_REMAINDER = Binary("%", _remainder, arrays=np.fmod, whole=_whole_remainder)
_WHOLE_QUOTIENT = Binary("intDiv", _of_numbers(_whole_quotient_arrays), arrays=_whole_quotient_arrays)
_QUOTIENT_WHOLE = Binary("%/%", _of_numbers(_quotient_whole_arrays), arrays=_quotient_whole_arrays)
_ROUND = Binary("round", _of_numbers(_round_arrays), arrays=_round_arrays)
_SIGNIFICANT = Binary("signif", _of_numbers(_significant_arrays), arrays=_significant_arrays)
