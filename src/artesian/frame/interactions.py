"""Interactions of categorical columns: one categorical column whose levels are the combinations that occur in the rows."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Sequence

import numpy as np
import polars as pl

from artesian.core.errors import InvalidArgument
from artesian.frame.column import Column, ColumnType
from artesian.frame.frame import Frame

OTHER = "other"
_MISSING = "NA"
_PAIR = 2
Check = Callable[[], None]


def interactions(
    frame: Frame,
    names: Sequence[str],
    *,
    pairwise: bool = False,
    max_levels: int = 100,
    min_occurrence: int = 1,
    check: Check = lambda: None,
) -> Frame:
    """The interaction of all columns named, or with `pairwise` (and three columns at least) that of every two of them.

    Levels are the `max_levels` most frequent combinations that occur `min_occurrence` times at least, the most frequent first;
    the rest is the level "other". A missing value is a level "NA" of its own, except in a column alone or with itself, which
    keeps its missing values. Raises InvalidArgument for columns that are not categorical and limits that leave no level.
    """
    if not names:
        raise InvalidArgument("An interaction needs at least one column. Got none.")
    if max_levels < 1 or min_occurrence < 0:
        raise InvalidArgument(
            "An interaction keeps at least one level, of combinations that occur 0 times or more often. "
            f"Got max_factors {max_levels} and min_occurrence {min_occurrence}."
        )
    for name in names:
        if frame[name].type is not ColumnType.ENUM:
            raise InvalidArgument(
                f"An interaction needs categorical columns, but '{name}' is of type {frame[name].type}; use asfactor() first."
            )
    groups = list(itertools.combinations(names, _PAIR)) if pairwise and len(names) > _PAIR else [tuple(names)]
    columns: dict[str, Column] = {}
    for group in groups:
        check()
        name, column = _interaction(frame, group, max_levels, min_occurrence)
        columns[_free(name, columns)] = column
    return Frame.from_mapping(columns)


def _interaction(frame: Frame, names: Sequence[str], max_levels: int, min_occurrence: int) -> tuple[str, Column]:
    first, *others = names if len(names) > 1 else [names[0], names[0]]
    title, column = first, frame[first]
    for number, name in enumerate(others):
        title = f"{title}_{name}"
        if number == 0 and name == first:
            column = _most_frequent(column, max_levels, min_occurrence)
        else:
            column = _combined(column, frame[name], max_levels, min_occurrence)
    return title, column


def _most_frequent(column: Column, most: int, least: int) -> Column:
    """The column with its rare levels as one."""
    codes = column.codes()
    counts = np.bincount(codes[codes >= 0], minlength=column.cardinality)
    levels = np.flatnonzero(counts)
    kept = _kept(levels, counts[levels], levels, most, least)
    return _coded(codes, kept, pl.Series(column.levels, dtype=pl.String).gather(kept), bool(len(kept) < len(levels)))


def _combined(left: Column, right: Column, most: int, least: int) -> Column:
    """The combinations of two columns' levels; a missing value comes after the last level."""
    a, b = _with_missing_level(left), _with_missing_level(right)
    width = right.cardinality + 1
    keys, first, counts = np.unique(a * width + b, return_index=True, return_counts=True)
    # equally frequent ones: those of low levels first, then as they appear; as a hash table of few levels has them
    ties = np.argsort(np.lexsort((first, (keys // width) ^ (keys % width))))
    kept = _kept(keys, counts, ties, most, least)
    texts = pl.DataFrame(
        {"a": _texts(left).gather(kept // width), "b": _texts(right).gather(kept % width)}, strict=False
    ).select(pl.format("{}_{}", "a", "b"))
    return _coded(a * width + b, kept, texts.to_series(), bool(len(kept) < len(keys)))


def _with_missing_level(column: Column) -> np.ndarray[tuple[int], np.dtype[np.int64]]:
    codes = column.codes()
    return np.where(codes < 0, column.cardinality, codes)


def _texts(column: Column) -> pl.Series:
    return pl.Series([*column.levels, _MISSING], dtype=pl.String)


def _kept(
    keys: np.ndarray[tuple[int], np.dtype[np.int64]],
    counts: np.ndarray[tuple[int], np.dtype[np.int64]],
    ties: np.ndarray[tuple[int], np.dtype[np.int64]],
    most: int,
    least: int,
) -> np.ndarray[tuple[int], np.dtype[np.int64]]:
    """The keys to keep, the most frequent first."""
    order = np.lexsort((ties, -counts))
    return keys[order][counts[order] >= least][:most]


def _coded(
    keys: np.ndarray[tuple[int], np.dtype[np.int64]],
    kept: np.ndarray[tuple[int], np.dtype[np.int64]],
    levels: pl.Series,
    has_rest: bool,
) -> Column:
    """The column whose levels stand for the kept keys; keys below 0 are missing, all others the last level."""
    if has_rest:
        levels = pl.concat([levels.rename("levels"), pl.Series("levels", [OTHER])])
    numbers = pl.DataFrame({"key": kept, "code": np.arange(len(kept), dtype=np.uint32)})
    table = pl.DataFrame({"key": keys}).join(numbers, on="key", how="left", maintain_order="left")
    codes = table["code"].fill_null(len(kept)) if has_rest else table["code"]
    return Column.enums(codes.set(table["key"] < 0, None), _told_apart(levels))


def _told_apart(levels: pl.Series) -> pl.Series:
    """The levels, equal ones of different combinations ("a_b" with "c", "a" with "b_c") with a number behind."""
    while levels.n_unique() < len(levels):
        table = pl.DataFrame({"level": levels})
        repeat = pl.col("level").cum_count().over("level")
        numbered = pl.when(repeat > 1).then(pl.format("{}_{}", "level", repeat)).otherwise(pl.col("level"))
        levels = table.select(numbered.alias("levels"))["levels"]
    return levels


def _free(name: str, taken: dict[str, Column]) -> str:
    free, number = name, 0
    while free in taken:
        free, number = f"{name}{number}", number + 1
    return free
