"""Comparison and logic: == != < <= > >=, & | && || and negation. Comparing with a missing value is false, == of two is true."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import polars as pl

from artesian.rapids.elementwise import Binary, Operands, unary
from artesian.rapids.registry import DEFERRED, VALUE, Context, Deferred, operator


@operator("==", VALUE("left"), VALUE("right"), doc="Whether cells are equal, up to one unit in the last place.")
def equal(left: Any, right: Any) -> Any:
    return _EQUAL(left, right)


@operator("!=", VALUE("left"), VALUE("right"), doc="Whether cells differ by more than one unit in the last place.")
def unequal(left: Any, right: Any) -> Any:
    return _UNEQUAL(left, right)


@operator("<", VALUE("left"), VALUE("right"), doc="Whether left cells are less; false where one is missing.")
def less(left: Any, right: Any) -> Any:
    return _LESS(left, right)


@operator("<=", VALUE("left"), VALUE("right"), doc="Whether left cells are less or equal; false where one is missing.")
def less_or_equal(left: Any, right: Any) -> Any:
    return _LESS_OR_EQUAL(left, right)


@operator(">", VALUE("left"), VALUE("right"), doc="Whether left cells are greater; false where one is missing.")
def greater(left: Any, right: Any) -> Any:
    return _GREATER(left, right)


@operator(
    ">=", VALUE("left"), VALUE("right"), doc="Whether left cells are greater or equal; false where one is missing."
)
def greater_or_equal(left: Any, right: Any) -> Any:
    return _GREATER_OR_EQUAL(left, right)


@operator("&", VALUE("left"), VALUE("right"), doc="Whether both cells are not 0; 0 outweighs missing.")
def both(left: Any, right: Any) -> Any:
    return _AND(left, right)


@operator("|", VALUE("left"), VALUE("right"), doc="Whether a cell is 1; 1 outweighs missing.")
def either(left: Any, right: Any) -> Any:
    return _OR(left, right)


@operator("&&", DEFERRED("left"), DEFERRED("right"), doc="As &, but the right side of a number 0 is not evaluated.")
def both_lazily(context: Context, left: Deferred, right: Deferred) -> Any:
    first = context.evaluate(left)
    return first if isinstance(first, float) and first == 0.0 else _AND(first, context.evaluate(right))


@operator("||", DEFERRED("left"), DEFERRED("right"), doc="As |, but the right side of a number 1 is not evaluated.")
def either_lazily(context: Context, left: Deferred, right: Deferred) -> Any:
    first = context.evaluate(left)
    return first if isinstance(first, float) and first == 1.0 else _OR(first, context.evaluate(right))


@operator(("not", "!!"), VALUE("values"), doc="Whether cells are 0; missing stays missing.")
def negate(values: Any) -> Any:
    return unary("not", values, lambda x: x if math.isnan(x) else float(x == 0), lambda x: x == 0)


# ---- the functions ----


def _and(a: float, b: float) -> float:
    if a == 0 or b == 0:
        return 0.0
    return math.nan if math.isnan(a) or math.isnan(b) else 1.0


def _or(a: float, b: float) -> float:
    if a == 1 or b == 1:
        return 1.0
    return math.nan if math.isnan(a) or math.isnan(b) else 0.0


def _same(a: float, b: float) -> bool:
    if math.isnan(a) and math.isnan(b):
        return True
    if math.isinf(a) or math.isinf(b):
        return False
    return abs(a - b) <= min(float(np.spacing(abs(a))), float(np.spacing(abs(b))))


def _false_where_missing(comparison: pl.Expr) -> pl.Expr:
    return comparison.fill_null(False)


_EQUAL = Binary("==", lambda a, b: float(_same(a, b)), equal_gives=True)
_UNEQUAL = Binary("!=", lambda a, b: float(not _same(a, b)), equal_gives=False)
_LESS = Binary("<", lambda a, b: float(a < b), lambda x, y: _false_where_missing(x < y), operands=Operands.STORED)
_LESS_OR_EQUAL = Binary(
    "<=", lambda a, b: float(a <= b), lambda x, y: _false_where_missing(x <= y), operands=Operands.STORED
)
_GREATER = Binary(">", lambda a, b: float(a > b), lambda x, y: _false_where_missing(x > y), operands=Operands.STORED)
_GREATER_OR_EQUAL = Binary(
    ">=", lambda a, b: float(a >= b), lambda x, y: _false_where_missing(x >= y), operands=Operands.STORED
)
_AND = Binary("&", _and, lambda x, y: (x != 0) & (y != 0), operands=Operands.STORED)
_OR = Binary("|", _or, lambda x, y: (x == 1) | (y == 1), operands=Operands.STORED)
