"""Texts to numbers, a whole column at a time: blanks around, a currency sign before and a percent sign after are understood."""

from __future__ import annotations

import polars as pl

_DECORATED = r"^\$?([+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?)[ \t]*(%*)$"
_SIGNS = r"[$%]"
_BLANKS = " \t"


def to_numbers(texts: pl.Series) -> pl.Series:
    """Int64 where every text is a whole number that fits, else Float64; null where a text is no number.

    Words such as `inf` and `nan` are no numbers, nor is a number beyond the range of a double.
    """
    trimmed = texts.str.strip_chars(_BLANKS)
    whole = trimmed.cast(pl.Int64, strict=False)
    if whole.null_count() == texts.null_count():
        return whole
    real = trimmed.cast(pl.Float64, strict=False)
    real = real.set(~real.is_finite(), None)
    rest = (real.is_null() & trimmed.str.contains(_SIGNS)).arg_true()
    if len(rest) == 0:
        return real
    found = trimmed.gather(rest).str.extract_groups(_DECORATED).struct.unnest()
    columns = found.get_columns()
    number = columns[0].cast(pl.Float64, strict=False)
    percents = columns[1].str.len_bytes().fill_null(0).cast(pl.Float64)
    value = number / pl.Series([100.0]).pow(percents) if bool((percents > 0).any()) else number
    value = value.set(~value.is_finite(), None)
    if value.null_count() == len(value):
        return real
    return real.scatter(rest, value)
