"""Which columns and rows a written selector means: numbers, names, lists and ranges."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import TypeAlias

import numpy as np
import polars as pl

from artesian.core.errors import InvalidArgument, did_you_mean
from artesian.rapids.syntax import Number, NumberList, Text, TextList

Selector: TypeAlias = Number | Text | NumberList | TextList


def column_numbers(names: Sequence[str], selector: Selector) -> list[int]:
    """The column numbers that a selector means, as written: negative ones and ones out of range stay.

    A range stops at one past the last column, so that [0:1000000] means all. Raises InvalidArgument for an unknown name.
    """
    match selector:
        case Number(value):
            return [_whole(value)]
        case Text(value):
            return [_named(names, value)]
        case TextList(values):
            return [_named(names, value) for value in values]
    numbers: list[int] = []
    beyond = len(names) + 1
    for span in selector.spans:
        base = _whole(span.base)
        if span.count == 1:
            numbers.append(base)
            continue
        stop = beyond if math.isinf(span.count) else min(base + int(span.count), beyond)
        numbers.extend(range(min(base, beyond), stop))
    return numbers


def _named(names: Sequence[str], name: str) -> int:
    try:
        return names.index(name)
    except ValueError:
        raise InvalidArgument(f"The frame has no column '{name}'.{did_you_mean(name, names)}", column=name) from None


def _whole(value: float) -> int:
    if not math.isfinite(value):
        raise InvalidArgument(f"A column must be a whole number or a name. Got {value:g}.")
    return int(value)


def row_numbers(selector: NumberList, n_rows: int, limit: int) -> slice | pl.Series:
    """The rows that a list means: a slice for a single range, else sorted row numbers.

    Negative numbers leave out: -1 the first row. Raises InvalidArgument for unsorted numbers, for a mixture of signs and for
    a listed number past the end; ranges are cut at the end.
    """
    spans = selector.spans
    if not spans:
        return slice(0, 0)
    for span in spans:
        if not math.isfinite(span.base):
            raise InvalidArgument(f"A row must be a whole number. Got {span.base:g}.")
    if len(spans) == 1 and spans[0].stride == 1 and spans[0].base >= 0 and spans[0].base == int(spans[0].base):
        start = int(spans[0].base)
        if spans[0].count == 1 and start > n_rows:  # the one behind the last is no row, as in H2O
            raise InvalidArgument(f"The row must be a whole number from 0 to {n_rows - 1}. Got {start}.")
        return slice(min(start, n_rows), int(min(start + spans[0].count, n_rows)))
    cut = tuple(
        type(s)(s.base, min(s.count, max(1.0, math.ceil((n_rows - s.base) / s.stride))), s.stride) for s in spans
    )
    numbers = NumberList(cut).expand(limit)
    if numbers[0] < 0:
        return _without(numbers, n_rows)
    if (np.diff(numbers) < 0).any():
        raise InvalidArgument("Rows are never reordered by 'rows': give the numbers in rising order.")
    if selector.is_plain and numbers[-1] > n_rows:
        raise InvalidArgument(f"The row must be a whole number from 0 to {n_rows - 1}. Got {numbers[-1]:g}.")
    return pl.Series(np.unique(numbers[numbers < n_rows].astype(np.int64)))


def _without(numbers: np.ndarray[tuple[int], np.dtype[np.float64]], n_rows: int) -> pl.Series:
    if (numbers >= 0).any():
        raise InvalidArgument("A list of rows either takes (0 and above) or leaves out (below 0). Got both.")
    keep = np.ones(n_rows, dtype=bool)
    dropped = -numbers.astype(np.int64) - 1
    keep[dropped[dropped < n_rows]] = False
    return pl.Series(np.flatnonzero(keep))


def java_number(value: float) -> str:
    """A float64 as a JVM writes it: 5.0, 0.001, 1.0E-4, 1.2345678E7, NaN."""
    if math.isnan(value):
        return "NaN"
    if math.isinf(value):
        return "Infinity" if value > 0 else "-Infinity"
    if value == 0 or 1e-3 <= abs(value) < 1e7:
        text = np.format_float_positional(value, unique=True, trim="0")
        return text if "." in text else text + ".0"
    mantissa, exponent = np.format_float_scientific(value, unique=True, trim="0").split("e")
    return f"{mantissa}E{int(exponent)}"
