"""Frames of random values made from a recipe, and missing values put into frames at random.

Every cell has a random generator of its own, seeded by its row, its column and the seed; so the same recipe gives the same
frame whatever the number of threads, and the same as H2O-3 makes of the same seeds.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, fields
from pathlib import Path

import numpy as np
import polars as pl
from numpy.typing import NDArray

from artesian.core.errors import InvalidArgument
from artesian.core.settings import Settings
from artesian.frame.column import Column, ColumnType
from artesian.frame.frame import Frame
from artesian.frame.random_numbers import Generators, drawn, shuffled
from artesian.frame.segment import ColumnWriter

_BLOCK_ROWS = 1 << 15  # what a block needs fits into the cache of a core
_SAMPLE = 256
_TIME_SPAN_MS = 50 * 365 * 24 * 3600 * 1000  # from 1970 on
_TEXT_LENGTH = 8
_LETTERS = 25
# 0.3 of 10 columns must be 3 even where 0.3 came as 0.2999999
_ROUNDING = 0.1
_SUM_TOLERANCE = 1e-8
_BYTES = {"real": 8, "integer": 4, "categorical": 4, "binary": 1, "time": 8, "string": 16}
_KINDS = ("categorical", "integer", "real", "binary", "time", "string")
Check = Callable[[], None]
Progress = Callable[[float, str], None]
_Maker = Callable[[NDArray[np.uint64]], pl.Series]


@dataclass(frozen=True)
class Recipe:
    """What a frame of `rows` × `columns` values is made of.

    The fractions say how many of the columns are of each kind; the rest is real. Real values lie in ±`real_range`, whole ones
    in ±`integer_range`, times from 1970 to 2020, strings are eight capitals. `binary_ones_fraction` is the share of ones in
    binary columns, `missing_fraction` the share of missing values in all. Without `randomize` every cell is `value`. With
    `has_response` a column `response` goes before the others: of `response_factors` levels, or real for 1, then at least 0 if
    `positive_response`. `seed` gives the values, `seed_for_column_types` which column is of which kind; -1 draws a seed.
    """

    rows: int = 10_000
    columns: int = 10
    randomize: bool = True
    value: float = 0.0
    real_range: float = 100.0
    categorical_fraction: float = 0.2
    factors: int = 100
    integer_fraction: float = 0.2
    integer_range: int = 100
    binary_fraction: float = 0.1
    binary_ones_fraction: float = 0.02
    time_fraction: float = 0.0
    string_fraction: float = 0.0
    missing_fraction: float = 0.01
    has_response: bool = False
    response_factors: int = 2
    positive_response: bool = False
    seed: int = -1
    seed_for_column_types: int = -1

    def check(self, settings: Settings) -> None:
        """Raises InvalidArgument for the first value that makes no frame."""
        if self.rows < 1 or self.columns < 1:
            raise InvalidArgument(f"A frame needs at least one row and one column. Got {self.rows} × {self.columns}.")
        if self.columns > settings.max_columns:
            raise InvalidArgument(
                f"A frame of {self.columns} columns is wider than {settings.max_columns} (setting max_columns)."
            )
        for field in fields(self):
            value = getattr(self, field.name)
            if field.name.endswith("_fraction") and not 0 <= value <= 1:
                raise InvalidArgument(f"The {field.name} must be from 0 to 1. Got {value:g}.", argument=field.name)
            if field.name.endswith("_range") and not 0 <= value < np.inf:
                raise InvalidArgument(f"The {field.name} must be at least 0. Got {value:g}.", argument=field.name)
        if self.integer_range >= 2**62:
            raise InvalidArgument(f"The integer_range must be below 2⁶². Got {self.integer_range}.")
        self._check_kinds(settings)

    def _check_kinds(self, settings: Settings) -> None:
        shares = {kind: getattr(self, f"{kind}_fraction") for kind in _KINDS if kind != "real"}
        if sum(shares.values()) > 1 + _SUM_TOLERANCE:
            raise InvalidArgument(
                f"The fractions of categorical, integer, binary, time and string columns add up to "
                f"{sum(shares.values()):g}; they may be 1 together."
            )
        for name, least in (("factors", 2 if self.categorical_fraction else 1), ("response_factors", 1)):
            if not least <= getattr(self, name) <= settings.max_levels:
                raise InvalidArgument(
                    f"The number of {name} must be from {least} to {settings.max_levels}. Got {getattr(self, name)}.",
                    argument=name,
                )
        if self.randomize and self.value:
            raise InvalidArgument(
                f"The value {self.value:g} is for frames of one value; set randomize to false with it."
            )
        unused = [kind for kind in shares if shares[kind] and kind != "binary"]
        if not self.randomize and unused:
            raise InvalidArgument(
                f"Without randomize every cell is the one value; set {', '.join(f'{kind}_fraction' for kind in unused)} to 0."
            )

    @property
    def nbytes(self) -> int:
        """About how many bytes the frame takes."""
        if not self.randomize:
            return 8 * self.rows * (self.columns + self.has_response)
        kinds = self.kinds(self.seed)
        return self.rows * (sum(_BYTES[kind] for kind in kinds) + 8 * self.has_response)

    def kinds(self, seed: int) -> list[str]:
        """The kind of each column but the response, as that seed deals them out."""
        counts = {
            kind: int(getattr(self, f"{kind}_fraction") * self.columns + _ROUNDING) for kind in _KINDS if kind != "real"
        }
        for kind in counts:  # rounding may have made one column too many
            if sum(counts.values()) > self.columns and counts[kind]:
                counts[kind] -= 1
        counts["real"] = self.columns - sum(counts.values())
        result = [""] * self.columns
        order = shuffled(np.arange(self.columns), seed)
        for position, kind in zip(order, np.repeat(_KINDS, [counts[kind] for kind in _KINDS]), strict=True):
            result[position] = str(kind)
        return result


def synthesize(
    recipe: Recipe,
    settings: Settings,
    *,
    folder: Path,
    progress: Progress = lambda fraction, message: None,
    check: Check = lambda: None,
) -> Frame:
    """The frame of a recipe, its columns in segments in `folder`. Raises InvalidArgument for a recipe that makes no frame."""
    recipe.check(settings)
    seed = drawn(recipe.seed)
    types_seed = seed if recipe.seed_for_column_types == -1 else recipe.seed_for_column_types
    kinds = recipe.kinds(types_seed) if recipe.randomize else ["constant"] * recipe.columns
    if recipe.has_response:
        kinds = ["response" if recipe.randomize else "constant", *kinds]
    names = [f"C{number + (not recipe.has_response)}" for number in range(len(kinds))]
    if recipe.has_response:
        names[0] = "response"
    columns = ColumnWriter(folder)
    for number, (name, kind) in enumerate(zip(names, kinds, strict=True)):
        column = _column(recipe, number, kind, seed, check)
        columns.add(_with_gaps(column, number, recipe.missing_fraction, seed, check))
        progress((number + 1) / len(names), f"column {name}")
    return Frame(names, columns.finish(), recipe.rows)


def with_missing(
    frame: Frame,
    fraction: float,
    seed: int,
    *,
    folder: Path,
    progress: Progress = lambda fraction, message: None,
    check: Check = lambda: None,
) -> Frame:
    """The frame with a share of its values, chosen at random, missing; columns that change are in segments in `folder`.

    Raises InvalidArgument for a fraction outside of 0 to 1.
    """
    if not 0 <= fraction <= 1:
        raise InvalidArgument(f"The fraction of values to lose must be from 0 to 1. Got {fraction:g}.")
    columns = ColumnWriter(folder)
    for number, column in enumerate(frame.columns):
        columns.add(_with_gaps(column, number, fraction, seed, check))
        progress((number + 1) / frame.n_columns, f"column {frame.names[number]}")
    return Frame(frame.names, columns.finish(), frame.n_rows)


# ---- columns ----


def _column(recipe: Recipe, number: int, kind: str, seed: int, check: Check) -> Column:
    """The column of that number (the response is the first) without missing values."""
    if kind == "constant":
        return _numeric(pl.repeat(float(recipe.value), recipe.rows, dtype=pl.Float64, eager=True))
    if kind == "response":
        kind = "real" if recipe.response_factors == 1 else "categorical"
        levels = _texts("", recipe.response_factors)
        makes: _Maker = lambda seeds: _response(recipe, seeds)  # noqa: E731
    else:
        levels = _texts(f"c{number}.l", recipe.factors) if kind == "categorical" else pl.Series()
        makes = lambda seeds: _values(recipe, kind, seeds)  # noqa: E731
    values = pl.concat([makes(seeds) for seeds in _seeds(recipe, number, seed, check)])
    if kind == "categorical":
        return Column.enums(values, levels)
    if kind == "time":
        return Column(ColumnType.TIME, values)
    return Column(ColumnType.STRING, values) if kind == "string" else _numeric(values)


def _seeds(recipe: Recipe, number: int, seed: int, check: Check) -> Iterator[NDArray[np.uint64]]:
    """The seeds of a column's cells, some rows at a time: each is the first draw of a generator of the cell's number."""
    for start in range(0, recipe.rows, _BLOCK_ROWS):
        check()
        rows = np.arange(start, min(start + _BLOCK_ROWS, recipe.rows), dtype=np.uint64)
        cells = np.uint64((seed + number) % 2**64) + np.uint64(recipe.columns) * rows
        yield Generators(cells).bits64()


def _response(recipe: Recipe, seeds: NDArray[np.uint64]) -> pl.Series:
    uniform = Generators(seeds).doubles()
    if recipe.response_factors > 1:
        return pl.Series((uniform * recipe.response_factors).astype(np.uint32))
    return pl.Series(recipe.real_range * (uniform if recipe.positive_response else 1 - 2 * uniform))


def _values(recipe: Recipe, kind: str, seeds: NDArray[np.uint64]) -> pl.Series:
    generators = Generators(seeds)
    match kind:
        case "categorical":
            return pl.Series((generators.doubles() * recipe.factors).astype(np.uint32))
        case "integer":
            steps = (generators.doubles() * (2 * recipe.integer_range + 1)).astype(np.int64)
            return pl.Series(steps - recipe.integer_range)
        case "real":
            return pl.Series(recipe.real_range * (1 - 2 * generators.doubles()))
        case "binary":
            uniform = generators.singles().astype(np.float64)  # else the fraction would be rounded to a single
            return pl.Series((uniform <= recipe.binary_ones_fraction).astype(np.uint8))
        case "time":
            # the sign of the remainder is that of the number, and then dropped
            return pl.Series(np.abs(np.fmod(generators.bits64().astype(np.int64), _TIME_SPAN_MS)))
        case _:
            letters = [generators.below(_LETTERS).astype(np.uint8) + np.uint8(ord("A")) for _ in range(_TEXT_LENGTH)]
            joined = np.stack(letters, axis=1).view(f"S{_TEXT_LENGTH}").ravel()
            return pl.Series(joined).cast(pl.String)


def _texts(prefix: str, count: int) -> pl.Series:
    """The prefix with the numbers from 0 on."""
    return pl.Series("levels", [f"{prefix}{number}" for number in range(count)])


def _numeric(values: pl.Series) -> Column:
    if values.dtype.is_integer():
        return Column.integers(values)
    start = values.head(_SAMPLE).to_numpy()
    if np.any(start != np.floor(start)) and np.any(start != start.astype(np.float32)):
        return Column(ColumnType.REAL, values)  # as most are: neither whole nor exact as singles
    return Column.reals(values)


# ---- missing values ----


def _with_gaps(column: Column, number: int, fraction: float, seed: int, check: Check) -> Column:
    """The column, the column of that number in its frame, with that share of its values missing."""
    if fraction == 0 or not len(column):
        return column
    gaps = pl.concat([pl.Series(g) for g in _gaps(len(column), number, fraction, seed, check)])
    values = column.values.set(gaps, None)
    if column.type in (ColumnType.INT, ColumnType.REAL) and values.null_count() == len(values):
        return Column.integers(values)
    return Column(column.type, values, column.domain, None, column.domain_stored)


def _gaps(rows: int, number: int, fraction: float, seed: int, check: Check) -> Iterator[NDArray[np.bool_]]:
    """Which rows lose their value, some at a time. The factors keep the seeds of neighbouring cells apart."""
    for start in range(0, rows, _BLOCK_ROWS):
        check()
        row = np.arange(start, min(start + _BLOCK_ROWS, rows), dtype=np.uint64)
        seeds = np.uint64((seed + 1234 * number) % 2**64) ^ (np.uint64(1723) * row)
        yield Generators(seeds).doubles() < fraction
