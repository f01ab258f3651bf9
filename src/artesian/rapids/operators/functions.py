"""Functions of one number, cell by cell: absolute values, roots, logarithms, trigonometry, rounding to whole numbers."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

import numpy as np
import polars as pl
from numpy.typing import NDArray

from artesian.rapids.elementwise import unary
from artesian.rapids.registry import VALUE, operator

_Arrays = Callable[[NDArray[np.float64]], NDArray[Any]]


def _of_number(arrays: _Arrays) -> Callable[[float], float]:
    def function(value: float) -> float:
        with np.errstate(all="ignore"):
            return float(arrays(np.array([value]))[0])

    return function


@operator("abs", VALUE("values"), doc="Absolute value.")
def absolute(values: Any) -> Any:
    return unary("abs", values, abs, pl.Expr.abs)


@operator("sign", VALUE("values"), doc="Sign: -1, 0 or 1.")
def sign(values: Any) -> Any:
    return unary("sign", values, _of_number(np.sign), pl.Expr.sign)


@operator("sqrt", VALUE("values"), doc="Square root; missing for negative numbers.")
def square_root(values: Any) -> Any:
    return unary("sqrt", values, _of_number(np.sqrt), pl.Expr.sqrt)


@operator("ceiling", VALUE("values"), doc="Least whole number that is not below.")
def ceiling(values: Any) -> Any:
    return unary("ceiling", values, _of_number(np.ceil), pl.Expr.ceil)


@operator("floor", VALUE("values"), doc="Greatest whole number that is not above.")
def floor(values: Any) -> Any:
    return unary("floor", values, _of_number(np.floor), pl.Expr.floor)


@operator("trunc", VALUE("values"), doc="Whole part, cut towards zero.")
def whole_part(values: Any) -> Any:
    return unary("trunc", values, _of_number(np.trunc), arrays=np.trunc)


@operator("none", VALUE("values"), doc="The values themselves.")
def identity(values: Any) -> Any:
    return unary("none", values, float, lambda x: x)


@operator("exp", VALUE("values"), doc="Exponential.")
def exponential(values: Any) -> Any:
    return unary("exp", values, _of_number(np.exp), pl.Expr.exp)


@operator("expm1", VALUE("values"), doc="Exponential minus 1, exact near 0.")
def exponential_minus_one(values: Any) -> Any:
    return unary("expm1", values, _of_number(np.expm1), arrays=np.expm1)


@operator("log", VALUE("values"), doc="Natural logarithm.")
def logarithm(values: Any) -> Any:
    return unary("log", values, _of_number(np.log), arrays=np.log)


@operator("log10", VALUE("values"), doc="Logarithm to base 10.")
def logarithm_10(values: Any) -> Any:
    return unary("log10", values, _of_number(np.log10), arrays=np.log10)


@operator("log2", VALUE("values"), doc="Logarithm to base 2.")
def logarithm_2(values: Any) -> Any:
    return unary("log2", values, _of_number(_log2), arrays=_log2)


@operator("log1p", VALUE("values"), doc="Natural logarithm of 1 plus the value, exact near 0.")
def logarithm_of_one_plus(values: Any) -> Any:
    return unary("log1p", values, _of_number(np.log1p), arrays=np.log1p)


@operator("cos", VALUE("values"), doc="Cosine of an angle in radians.")
def cosine(values: Any) -> Any:
    return unary("cos", values, _of_number(np.cos), arrays=np.cos)


@operator("sin", VALUE("values"), doc="Sine of an angle in radians.")
def sine(values: Any) -> Any:
    return unary("sin", values, _of_number(np.sin), arrays=np.sin)


@operator("tan", VALUE("values"), doc="Tangent of an angle in radians.")
def tangent(values: Any) -> Any:
    return unary("tan", values, _of_number(np.tan), arrays=np.tan)


@operator("acos", VALUE("values"), doc="Inverse cosine, in radians.")
def inverse_cosine(values: Any) -> Any:
    return unary("acos", values, _of_number(np.arccos), arrays=np.arccos)


@operator("asin", VALUE("values"), doc="Inverse sine, in radians.")
def inverse_sine(values: Any) -> Any:
    return unary("asin", values, _of_number(np.arcsin), arrays=np.arcsin)


@operator("atan", VALUE("values"), doc="Inverse tangent, in radians.")
def inverse_tangent(values: Any) -> Any:
    return unary("atan", values, _of_number(np.arctan), arrays=np.arctan)


@operator("cosh", VALUE("values"), doc="Hyperbolic cosine.")
def hyperbolic_cosine(values: Any) -> Any:
    return unary("cosh", values, _of_number(np.cosh), arrays=np.cosh)


@operator("sinh", VALUE("values"), doc="Hyperbolic sine.")
def hyperbolic_sine(values: Any) -> Any:
    return unary("sinh", values, _of_number(np.sinh), arrays=np.sinh)


@operator("tanh", VALUE("values"), doc="Hyperbolic tangent.")
def hyperbolic_tangent(values: Any) -> Any:
    return unary("tanh", values, _of_number(np.tanh), arrays=np.tanh)


@operator("acosh", VALUE("values"), doc="Inverse hyperbolic cosine.")
def inverse_hyperbolic_cosine(values: Any) -> Any:
    return unary("acosh", values, _of_number(np.arccosh), arrays=np.arccosh)


@operator("asinh", VALUE("values"), doc="Inverse hyperbolic sine.")
def inverse_hyperbolic_sine(values: Any) -> Any:
    return unary("asinh", values, _of_number(np.arcsinh), arrays=np.arcsinh)


@operator("atanh", VALUE("values"), doc="Inverse hyperbolic tangent.")
def inverse_hyperbolic_tangent(values: Any) -> Any:
    return unary("atanh", values, _of_number(np.arctanh), arrays=np.arctanh)


@operator("cospi", VALUE("values"), doc="Cosine of pi times the value.")
def cosine_of_pi_times(values: Any) -> Any:
    return unary("cospi", values, _of_number(_cospi), arrays=_cospi)


@operator("sinpi", VALUE("values"), doc="Sine of pi times the value.")
def sine_of_pi_times(values: Any) -> Any:
    return unary("sinpi", values, _of_number(_sinpi), arrays=_sinpi)


@operator("tanpi", VALUE("values"), doc="Tangent of pi times the value.")
def tangent_of_pi_times(values: Any) -> Any:
    return unary("tanpi", values, _of_number(_tanpi), arrays=_tanpi)


def _log2(x: NDArray[np.float64]) -> NDArray[np.float64]:
    return np.log(x) / math.log(2)  # as H2O computes it, not rounded once


def _cospi(x: NDArray[np.float64]) -> NDArray[np.float64]:
    return np.cos(math.pi * x)


def _sinpi(x: NDArray[np.float64]) -> NDArray[np.float64]:
    return np.sin(math.pi * x)


def _tanpi(x: NDArray[np.float64]) -> NDArray[np.float64]:
    return np.tan(math.pi * x)
