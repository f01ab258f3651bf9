"""Contributions against the rows of a background frame (interventional Shapley values).

Lundberg et al., From local explanations to global understanding with explainable AI for trees (2020). For each pair of a
row and a background row the contributions sum to the difference of their outputs; without `per_reference` they are the
means over the background.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import polars as pl
from numpy.typing import NDArray

from artesian.core.errors import InvalidArgument
from artesian.frame import Column, Frame
from artesian.learn.base.contributions import BIAS, Contributions
from artesian.learn.base.model import real_column
from artesian.learn.trees.grid import CategoricalCells, RawColumns

if TYPE_CHECKING:
    from artesian.learn.trees.model import TreesModel

Floats = NDArray[np.float64]
_BLOCK_CELLS = 1 << 22
"""Numbers of pairs of rows that are worked out at once: 32 MB."""
_MOST_CELLS = 1 << 28
"""Most numbers of an answer by pairs of rows: 2 GB."""
_NO_DIFFERENCE = 1e-6


def background_contributions(model: TreesModel, frame: Frame, options: Contributions, threads: int) -> Frame:
    """The frame of contributions against `options.background`."""
    assert options.background is not None
    raw, background = model.raw_columns(frame), model.raw_columns(options.background)
    width = _Width(model, raw, options.compact)
    pairs = raw.n_rows * background.n_rows
    if options.per_reference and pairs * len(width.names) > _MOST_CELLS:
        raise InvalidArgument(
            f"Contributions of {raw.n_rows:,} rows against each of {background.n_rows:,} would be {pairs:,} rows of "
            f"{len(width.names)} numbers. Take fewer rows, or leave output_per_reference out."
        )
    step = max(1, _BLOCK_CELLS // max(1, background.n_rows * (len(width.names) + 1)))
    parts = []
    for start in range(0, raw.n_rows, step):
        block = raw.slice(start, step)
        found = model.forest.contributions_interventional(block, background, threads=threads)
        found = model.shares_of_output(found)
        if options.output_space:
            found = _on_response(model, found)
        wide = width.spread(found, start)
        parts.append(wide.reshape(-1, wide.shape[2]) if options.per_reference else wide.mean(axis=1))
    values = np.concatenate(parts) if parts else np.zeros((0, len(width.names) + 1))
    names, columns = [*width.names, BIAS], [real_column(values[:, i]) for i in range(values.shape[1])]
    if options.per_reference:
        names += ["RowIdx", "BackgroundRowIdx"]
        columns.append(Column.integers(pl.Series(np.repeat(np.arange(raw.n_rows), background.n_rows))))
        columns.append(Column.integers(pl.Series(np.tile(np.arange(background.n_rows), raw.n_rows))))
    return Frame(names, columns, len(values))


def _on_response(model: TreesModel, found: Floats) -> Floats:
    """Contributions scaled so that they sum to the difference of the predictions, not of the outputs before the link."""
    bias, total = found[..., -1], found.sum(axis=-1)
    before, after = model.on_response(bias), model.on_response(total)
    difference = total - bias
    flat = np.abs(difference) < _NO_DIFFERENCE
    scale = np.where(flat, 0.0, (after - before) / np.where(flat, 1.0, difference))
    scaled = found * scale[..., None]
    scaled[..., -1] = before
    return np.asarray(scaled)


class _Width:
    """The columns of the answer: one a predictor, or one a level of categorical ones (what a row adds goes to its level)."""

    def __init__(self, model: TreesModel, raw: RawColumns, compact: bool) -> None:
        self.names: list[str] = []
        self._places: list[NDArray[np.int64]] = []
        cells = model.grids[0].cells
        for number, name in enumerate(model.feature_names):
            first, column = len(self.names), cells[number]
            if compact or not isinstance(column, CategoricalCells):
                self.names.append(name)
                self._places.append(np.full(raw.n_rows, first))
                continue
            self.names += [*(f"{name}.{level}" for level in column.levels), f"{name}.missing(NA)"]
            first_level = np.searchsorted(column.cells, np.arange(column.n_cells))  # of levels that share a cell
            code = raw.columns[number].astype(np.int64)
            self._places.append(first + np.where(code < 0, len(column.levels), first_level[code]))

    def spread(self, found: Floats, start: int) -> Floats:
        """Contributions [rows, background, predictors + 1] in the columns of the answer."""
        rows = found.shape[0]
        wide = np.zeros((rows, found.shape[1], len(self.names) + 1))
        for number, places in enumerate(self._places):
            wide[np.arange(rows), :, places[start : start + rows]] = found[:, :, number]
        wide[:, :, -1] = found[:, :, -1]
        return wide
