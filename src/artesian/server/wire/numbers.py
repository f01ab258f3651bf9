"""Numbers in JSON: the values that JSON has no number for travel as the strings NaN, Infinity and -Infinity."""

from __future__ import annotations

import math
from collections.abc import Iterable
from typing import Any

import numpy as np
import polars as pl


def number(value: float | int | None) -> float | int | str:
    """One number; None becomes NaN, as a missing number does in H2O's answers."""
    if value is None:
        return "NaN"
    if isinstance(value, float) and not math.isfinite(value):
        return "NaN" if math.isnan(value) else "Infinity" if value > 0 else "-Infinity"
    return value


def numbers(values: Iterable[float | int | None] | np.ndarray[Any, Any] | pl.Series) -> list[float | int | str]:
    """Many numbers; quick where all are finite."""
    if isinstance(values, pl.Series):
        values = values.to_list()
    elif isinstance(values, np.ndarray):
        if values.dtype.kind in "iub" or bool(np.isfinite(values).all()):
            return values.tolist()  # type: ignore[no-any-return]
        values = values.tolist()
    elif isinstance(values, tuple) and math.isfinite(sum(values)):  # of numbers alone; any other makes the sum none
        return list(values)
    return [number(value) for value in values]
