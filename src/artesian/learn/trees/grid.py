"""Cuts columns into cells, whose numbers are what trees are grown on, and reads frames for trees that are grown.

A numeric column has up to `bins_top` cells with about as many rows each (`quantiles`), or, so that nodes can be cut into equal
widths of the values themselves, a cell for each value as far as 65,534 cells go. A categorical column has one cell a level;
beyond `bins_cats` levels, neighbours share one.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import polars as pl
from numpy.typing import NDArray

from artesian._native import cells_of_numbers
from artesian.frame.column import Column, ColumnType
from artesian.frame.frame import Frame

Floats = NDArray[np.float64]
MOST_CELLS = 65_534
"""Cells that a column can have: 16 bits, less one number for missing values."""


@dataclass(frozen=True)
class NumericCells:
    """Cell k holds the values from `cuts[k - 1]` on and below `cuts[k]`.

    `positions` [cells]: where widths are measured; None: all cells are equally wide. `integer`: positions are whole numbers.
    """

    cuts: Floats
    positions: Floats | None
    integer: bool

    @property
    def n_cells(self) -> int:
        """Number of cells."""
        return len(self.cuts) + 1


@dataclass(frozen=True)
class CategoricalCells:
    """`cells` [levels]: the cell of each level, by the level's number; numbers do not fall."""

    levels: tuple[str, ...]
    cells: NDArray[np.int32]

    @property
    def n_cells(self) -> int:
        """Number of cells."""
        return int(self.cells[-1]) + 1 if len(self.cells) else 0


@dataclass(frozen=True)
class Codes:
    """Training rows as cell numbers: one array [rows] a column, uint8 or uint16; the number of cells means missing."""

    columns: list[NDArray[Any]]
    cells: list[NumericCells | CategoricalCells]
    n_rows: int


@dataclass(frozen=True)
class RawColumns:
    """Rows as trees read them for a prediction.

    float32 or float64 values (NaN: missing), or int32 cells of a categorical column (-1: missing or unseen).
    """

    columns: list[NDArray[Any]]
    n_rows: int

    def slice(self, start: int, length: int) -> RawColumns:
        """`length` rows from row `start` on, without a copy."""
        length = max(0, min(length, self.n_rows - start))
        return RawColumns([column[start : start + length] for column in self.columns], length)


@dataclass(frozen=True)
class Grid:
    """The cells of all predictors."""

    names: tuple[str, ...]
    cells: tuple[NumericCells | CategoricalCells, ...]

    @classmethod
    def fit(
        cls,
        frame: Frame,
        predictors: Sequence[str],
        *,
        bins_top: int,
        bins_cats: int,
        quantiles: bool,
        weights: Floats | None = None,
    ) -> Grid:
        """The grid of these columns of a training frame; `weights` [rows] count in quantiles."""
        found: list[NumericCells | CategoricalCells] = []
        for name in predictors:
            column = frame[name]
            if column.type is ColumnType.ENUM:
                found.append(_categorical(column.levels, bins_cats))
            else:
                found.append(_numeric(column, min(bins_top, MOST_CELLS), quantiles, weights))
        return cls(tuple(predictors), tuple(found))

    @property
    def n_columns(self) -> int:
        """Number of columns."""
        return len(self.names)

    @property
    def is_categorical(self) -> NDArray[np.bool_]:
        """Which columns have levels [columns]."""
        return np.array([isinstance(cells, CategoricalCells) for cells in self.cells], dtype=bool)

    @property
    def levels(self) -> tuple[tuple[str, ...], ...]:
        """The levels of each column; none for a numeric one."""
        return tuple(cells.levels if isinstance(cells, CategoricalCells) else () for cells in self.cells)

    def levels_in(self, column: int, cells: NDArray[np.bool_]) -> list[str]:
        """The levels of a categorical column that lie in the cells marked in `cells` [cells]."""
        categorical = self.cells[column]
        assert isinstance(categorical, CategoricalCells)
        return [categorical.levels[level] for level in np.flatnonzero(cells[categorical.cells])]

    def codes(self, frame: Frame) -> Codes:
        """The rows of a frame as cell numbers."""
        columns = [_codes(self._column(frame, i), cells, frame.n_rows) for i, cells in enumerate(self.cells)]
        return Codes(columns, list(self.cells), frame.n_rows)

    def raw(self, frame: Frame) -> RawColumns:
        """The rows of a frame for a prediction: unseen levels and absent columns are missing."""
        columns = [_raw(self._column(frame, i), cells, frame.n_rows) for i, cells in enumerate(self.cells)]
        return RawColumns(columns, frame.n_rows)

    def _column(self, frame: Frame, number: int) -> Column | None:
        """The frame's column of that number; None where the frame has none of its kind."""
        name, cells = self.names[number], self.cells[number]
        if name not in frame:
            return None
        column = frame[name]
        if isinstance(cells, CategoricalCells):
            return column if column.type is ColumnType.ENUM else None
        return None if column.type in (ColumnType.STRING, ColumnType.UUID) else column

    def to_state(self) -> tuple[dict[str, Any], dict[str, NDArray[Any]]]:
        """What JSON holds, and the arrays beside it."""
        columns: list[dict[str, Any]] = []
        arrays: dict[str, NDArray[Any]] = {}
        for number, (name, cells) in enumerate(zip(self.names, self.cells, strict=True)):
            if isinstance(cells, CategoricalCells):
                columns.append({"name": name, "levels": list(cells.levels)})
                arrays[f"cells.{number}"] = cells.cells
                continue
            columns.append({"name": name, "integer": cells.integer})
            arrays[f"cuts.{number}"] = cells.cuts
            if cells.positions is not None:
                arrays[f"positions.{number}"] = cells.positions
        return {"columns": columns}, arrays

    @classmethod
    def from_state(cls, state: Mapping[str, Any], arrays: Mapping[str, NDArray[Any]]) -> Grid:
        """The grid that `to_state` told of."""
        cells: list[NumericCells | CategoricalCells] = []
        for number, column in enumerate(state["columns"]):
            if "levels" in column:
                cells.append(CategoricalCells(tuple(column["levels"]), np.asarray(arrays[f"cells.{number}"], np.int32)))
            else:
                cuts, positions = arrays[f"cuts.{number}"], arrays.get(f"positions.{number}")
                cells.append(NumericCells(np.asarray(cuts), positions, column["integer"]))
        return cls(tuple(column["name"] for column in state["columns"]), tuple(cells))


# ---- making cells ----


def _categorical(levels: Sequence[str], bins_cats: int) -> CategoricalCells:
    n_levels, most = len(levels), max(1, min(bins_cats, MOST_CELLS))
    numbers = np.arange(n_levels, dtype=np.int64)
    cells = numbers if n_levels <= most else numbers * most // n_levels
    return CategoricalCells(tuple(levels), cells.astype(np.int32))


def _numeric(column: Column, bins_top: int, quantiles: bool, weights: Floats | None) -> NumericCells:
    values, masses = _distinct(column, weights)
    if not len(values):
        return NumericCells(np.empty(0), None, True)
    group = _groups(masses, max(1, bins_top) if quantiles else MOST_CELLS)
    first = np.flatnonzero(np.diff(group, prepend=-1))
    last = np.append(first[1:], len(values)) - 1
    cuts = _between(values[last[:-1]], values[first[1:]])
    if quantiles:
        return NumericCells(cuts, None, True)
    low, high = np.finfo(np.float64).min / 4, np.finfo(np.float64).max / 4
    positions = np.clip(values[first], low, high) / 2 + np.clip(values[last], low, high) / 2
    return NumericCells(cuts, positions, column.type is not ColumnType.REAL and len(first) == len(values))


def _distinct(column: Column, weights: Floats | None) -> tuple[Floats, Floats]:
    """The values of a column in order, and how much each weighs."""
    floats = _floats(column)
    there = ~np.isnan(floats)
    floats = floats if there.all() else floats[there]
    if weights is None:
        floats = np.sort(floats)
        first = np.flatnonzero(np.append(True, floats[1:] != floats[:-1])[: len(floats)])
        return floats[first].astype(np.float64), np.diff(np.append(first, len(floats))).astype(np.float64)
    values, place = np.unique(floats, return_inverse=True)
    masses = np.bincount(place, weights[there], minlength=len(values))
    return values.astype(np.float64), masses.astype(np.float64)


def _groups(masses: Floats, most: int) -> NDArray[np.int64]:
    """The cell of each value, so that cells have about equal masses; a heavy value has a cell of its own."""
    if len(masses) <= most:
        return np.arange(len(masses))
    heavy = masses * most >= masses.sum()
    rest = np.where(heavy, 0.0, masses)
    # A heavy value takes up to two cells away from the others: its own, and the one that it cuts in two.
    share = max(1, most - 2 * int(heavy.sum()))
    middle = (np.cumsum(rest) - rest / 2) / max(rest.sum(), 1e-300)
    light = np.minimum((middle * share).astype(np.int64), share - 1)
    starts = np.diff(light, prepend=light[0] - 1) != 0
    starts |= heavy
    starts[1:] |= heavy[:-1]
    return np.cumsum(starts) - 1


def _between(low: Floats, high: Floats) -> Floats:
    """Numbers above `low` and at most `high`, midway where there is room."""
    with np.errstate(invalid="ignore", over="ignore"):
        middle = low / 2 + high / 2
    return np.where((middle > low) & (middle <= high), middle, high)


# ---- reading frames ----


def _codes(column: Column | None, cells: NumericCells | CategoricalCells, n_rows: int) -> NDArray[Any]:
    dtype = np.uint8 if cells.n_cells <= 255 else np.uint16
    if column is None:
        return np.full(n_rows, cells.n_cells, dtype=dtype)
    if isinstance(cells, CategoricalCells):
        table = _cells_of_levels(column, cells, cells.n_cells).astype(dtype)
        return table[column.codes()]
    return cells_of_numbers(_floats(column), cells.cuts)


def _raw(column: Column | None, cells: NumericCells | CategoricalCells, n_rows: int) -> NDArray[Any]:
    if isinstance(cells, CategoricalCells):
        if column is None:
            return np.full(n_rows, -1, dtype=np.int32)
        return _cells_of_levels(column, cells, -1)[column.codes()]
    if column is None:
        return np.full(n_rows, np.nan, dtype=np.float32)
    return _floats(column)


def _floats(column: Column) -> NDArray[Any]:
    """The values, NaN where missing, in 32 bits where those hold them."""
    single = column.values.dtype in (pl.Float32, pl.Int8, pl.UInt8, pl.Int16, pl.UInt16)
    return np.ascontiguousarray(column.floats(np.float32 if single else np.float64))


def _cells_of_levels(column: Column, cells: CategoricalCells, missing: int) -> NDArray[np.int32]:
    """The cell of each level of a frame's column, by name; the last entry is for missing values (level number -1)."""
    levels = column.levels
    if tuple(levels) == cells.levels:
        return np.append(cells.cells, missing).astype(np.int32)
    place = {level: int(cell) for level, cell in zip(cells.levels, cells.cells, strict=True)}
    return np.array([*(place.get(level, missing) for level in levels), missing], dtype=np.int32)
