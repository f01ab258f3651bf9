"""Levels of categorical columns: listing, counting, replacing, reordering, adding."""

from __future__ import annotations

import numpy as np
import polars as pl

from artesian.core.errors import InvalidArgument, did_you_mean
from artesian.frame import Column, ColumnType, Frame
from artesian.rapids.columns import default_names, missing, recoded, single
from artesian.rapids.registry import COLUMN, FLAG, FRAME, INTEGER, OPTIONAL_STRING, STRING, STRINGS, operator


@operator(
    "levels", FRAME("frame"), doc="The levels of each column, as categorical columns C1, C2, … as long as the longest."
)
def levels(frame: Frame) -> Frame:
    longest = max((column.cardinality for column in frame.columns), default=0)
    longest = max(longest, 0)
    columns = [_listed(column, longest) for column in frame.columns]
    return Frame(default_names(frame.n_columns), columns, longest)


def _listed(column: Column, length: int) -> Column:
    if column.domain is None:
        return missing(length)
    codes = pl.Series(np.arange(length, dtype=np.uint32))
    return Column.enums(codes.set(codes >= len(column.domain), None), column.domain)


@operator("nlevels", COLUMN("column"), doc="The number of levels of a column; 0 if it is not categorical.")
def level_count(frame: Frame) -> float:
    return float(max(frame.columns[0].cardinality, 0))


@operator(
    "setDomain",
    COLUMN("column"),
    FLAG("in place"),
    STRINGS("levels"),
    doc="The column with other texts for its levels; as many as it has, or as are in use.",
)
def set_levels(frame: Frame, in_place: bool, texts: list[str]) -> Frame:
    column = _categorical(frame, "setDomain")
    assert column.domain is not None
    codes = column.values
    if len(texts) != len(column.domain):
        used = codes.drop_nulls().unique().sort().cast(pl.UInt32).to_numpy()
        if len(used) != len(texts):
            raise InvalidArgument(f"'setDomain' needs a text for each of {len(used)} levels. Got {len(texts)}.")
        mapping = np.full(len(column.domain), -1, dtype=np.int64)
        mapping[used] = np.arange(len(used))
        codes = recoded(codes, mapping)
    return single(frame.names[0], Column.enums(codes, _distinct(texts, "setDomain")))


@operator(
    "appendLevels",
    COLUMN("column"),
    FLAG("in place"),
    STRINGS("levels"),
    doc="The column with further levels, which no row has yet.",
)
def append_levels(frame: Frame, in_place: bool, texts: list[str]) -> Frame:
    column = _categorical(frame, "appendLevels")
    return single(frame.names[0], Column.enums(column.values, _distinct([*column.levels, *texts], "appendLevels")))


@operator("setLevel", COLUMN("column"), STRING("level"), doc="The column with that level in every row.")
def set_level(frame: Frame, level: str) -> Frame:
    column = _categorical(frame, "setLevel")
    assert column.domain is not None
    code = _position(column, level, "setLevel")
    values = pl.repeat(code, len(column), dtype=column.values.dtype, eager=True)
    return single(frame.names[0], Column.enums(values, column.domain))


@operator("relevel", COLUMN("column"), STRING("level"), doc="The column with that level first.")
def relevel(frame: Frame, level: str) -> Frame:
    column = _categorical(frame, "relevel")
    first = _position(column, level, "relevel")
    order = [first, *(number for number in range(column.cardinality) if number != first)]
    return single(frame.names[0], _reordered(column, np.array(order, dtype=np.int64)))


@operator(
    "relevel.by.freq",
    FRAME("frame"),
    OPTIONAL_STRING("weights column"),
    INTEGER("top n"),
    doc="Levels by falling frequency or weight; with a top n only so many are moved to the front (-1: all).",
)
def relevel_by_frequency(frame: Frame, weights: str | None, top: int) -> Frame:
    if top != -1 and top <= 0:
        raise InvalidArgument(
            f"The argument 'top n' of 'relevel.by.freq' must be at least 1, or -1 for all. Got {top}."
        )
    weighing = None if weights is None else frame[weights].floats()
    columns = [
        column if column.type is not ColumnType.ENUM else _by_frequency(column, weighing, top)
        for column in frame.columns
    ]
    return Frame(frame.names, columns, frame.n_rows)


def _by_frequency(column: Column, weights: np.ndarray[tuple[int], np.dtype[np.float64]] | None, top: int) -> Column:
    codes = column.codes()
    present = codes >= 0
    used = None if weights is None else np.nan_to_num(weights[present])
    totals = np.bincount(codes[present], used, minlength=column.cardinality)
    order = np.argsort(-totals, kind="stable")
    if top != -1 and top < len(order) - 1:
        rest = np.ones(len(order), dtype=bool)
        rest[order[:top]] = False
        order = np.concatenate([order[:top], np.flatnonzero(rest)])
    return _reordered(column, order)


def _reordered(column: Column, order: np.ndarray[tuple[int], np.dtype[np.int64]]) -> Column:
    """The column whose level i is what was level order[i]."""
    assert column.domain is not None
    mapping = np.empty(len(order), dtype=np.int64)
    mapping[order] = np.arange(len(order))
    return Column.enums(recoded(column.values, mapping), column.domain.gather(pl.Series(order)))


def _categorical(frame: Frame, operator_name: str) -> Column:
    column = frame.columns[0]
    if column.type is not ColumnType.ENUM:
        raise InvalidArgument(
            f"'{operator_name}' needs a categorical column, but '{frame.names[0]}' is of type {column.type}; "
            "convert it with as.factor first."
        )
    return column


def _position(column: Column, level: str, operator_name: str) -> int:
    if level not in column.levels:
        raise InvalidArgument(
            f"'{operator_name}': the column has no level '{level}'.{did_you_mean(level, column.levels)}", level=level
        )
    return column.levels.index(level)


def _distinct(texts: list[str], operator_name: str) -> list[str]:
    if len(set(texts)) != len(texts):
        twice = next(text for position, text in enumerate(texts) if text in texts[:position])
        raise InvalidArgument(f"'{operator_name}': the level '{twice}' stands more than once.")
    return texts
