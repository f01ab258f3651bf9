"""Contributions of trees against the rows of a background frame; see `artesian.learn.base.background`."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from artesian.frame import Frame
from artesian.learn.base.background import background_frame
from artesian.learn.base.contributions import Contributions
from artesian.learn.trees.grid import CategoricalCells, RawColumns

if TYPE_CHECKING:
    from artesian.learn.trees.model import TreesModel

Floats = NDArray[np.float64]


def background_contributions(model: TreesModel, frame: Frame, options: Contributions, threads: int) -> Frame:
    """The frame of contributions against `options.background`."""
    assert options.background is not None
    raw, background = model.raw_columns(frame), model.raw_columns(options.background)
    width = _Width(model, raw, options.compact)

    def told(start: int, count: int, scaled: Callable[[Floats], Floats]) -> Floats:
        found = model.forest.contributions_interventional(raw.slice(start, count), background, threads=threads)
        return width.spread(scaled(model.shares_of_output(found)), start)

    inputs = len(model.feature_names)
    return background_frame(width.names, raw.n_rows, options, inputs, told, model.on_response)


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
