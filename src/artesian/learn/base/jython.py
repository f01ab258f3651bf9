"""What code written for H2O's Jython may import, given to it here: `java.lang.Math`, `water.udf`, `water.util.MathUtils`.

`Math` takes numbers and arrays alike. Of numbers it has Java's results, which never raise: the exponential of 1000 is
infinite, the logarithm of 0 minus infinity, that of -1 NaN.
"""

from __future__ import annotations

import math
import sys
import types
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import numpy as np

_NUMBERS = (float, int)


class Function:
    """What `water.udf.CMetricFunc` and its like are: a base without anything."""


def _of_one(of_arrays: Callable[..., Any], of_number: Callable[[float], float] | None = None) -> Callable[[Any], Any]:
    """A function of one argument; that of numbers is there where it is quicker than numpy's."""

    def call(x: Any) -> Any:
        if not isinstance(x, _NUMBERS):
            return of_arrays(x)
        return float(of_arrays(float(x))) if of_number is None else of_number(x)

    return call


def _of_two(of_arrays: Callable[..., Any], of_numbers: Callable[[float, float], float] | None = None) -> Any:
    def call(x: Any, y: Any) -> Any:
        if not (isinstance(x, _NUMBERS) and isinstance(y, _NUMBERS)):
            return of_arrays(x, y)
        return float(of_arrays(float(x), float(y))) if of_numbers is None else of_numbers(x, y)

    return call


def _exp(x: float) -> float:
    try:
        return math.exp(x)
    except OverflowError:
        return math.inf


def _log(x: float) -> float:
    if x > 0:
        return math.log(x)
    return -math.inf if x == 0 else math.nan


def _sqrt(x: float) -> float:
    return math.sqrt(x) if x >= 0 else math.nan


def _min(x: float, y: float) -> float:
    return x if x < y or x != x else y


def _max(x: float, y: float) -> float:
    return x if x > y or x != x else y


def _logloss(error: Any) -> Any:
    return -np.log(np.maximum(1e-15, 1.0 - np.asarray(error)))


MATH = types.SimpleNamespace(
    abs=abs, sqrt=_of_one(np.sqrt, _sqrt), exp=_of_one(np.exp, _exp), log=_of_one(np.log, _log), log1p=_of_one(np.log1p),
    expm1=_of_one(np.expm1), log10=_of_one(np.log10), cbrt=_of_one(np.cbrt), floor=_of_one(np.floor),
    ceil=_of_one(np.ceil), rint=_of_one(np.rint), round=_of_one(lambda x: np.floor(np.add(x, 0.5))),
    signum=_of_one(np.sign), sin=_of_one(np.sin), cos=_of_one(np.cos), tan=_of_one(np.tan), asin=_of_one(np.arcsin),
    acos=_of_one(np.arccos), atan=_of_one(np.arctan), sinh=_of_one(np.sinh), cosh=_of_one(np.cosh),
    tanh=_of_one(np.tanh), pow=_of_two(np.power), atan2=_of_two(np.arctan2), hypot=_of_two(np.hypot),
    min=_of_two(np.minimum, _min), max=_of_two(np.maximum, _max), PI=math.pi, E=math.e,
)  # fmt: skip


def _modules() -> dict[str, Any]:
    utilities = types.SimpleNamespace(logloss=_logloss)
    udf = types.SimpleNamespace(CMetricFunc=Function, CDistributionFunc=Function, CFunc=Function)
    java = types.SimpleNamespace(lang=types.SimpleNamespace(Math=MATH))
    water = types.SimpleNamespace(udf=udf, util=types.SimpleNamespace(MathUtils=utilities))
    return {
        "java": java,
        "java.lang": java.lang,
        "java.lang.Math": MATH,
        "water": water,
        "water.udf": udf,
        "water.util": water.util,
        "water.util.MathUtils": utilities,
        **{f"water.udf.{name}": Function for name in vars(udf)},
    }


_MODULES = _modules()


@contextmanager
def jython() -> Iterator[None]:
    """Within it, code can import what it knows from Jython; numpy keeps quiet about infinities and NaN."""
    before = {name: sys.modules[name] for name in _MODULES if name in sys.modules}
    sys.modules.update(_MODULES)
    try:
        with np.errstate(all="ignore"):
            yield
    finally:
        for name in _MODULES:
            sys.modules.pop(name, None)
        sys.modules.update(before)
