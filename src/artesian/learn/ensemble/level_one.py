"""The table that a metalearner learns from: what each base model predicts, a column a model, of several classes one a class."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import polars as pl
from numpy.typing import NDArray

from artesian.core.errors import InvalidArgument
from artesian.frame import Column, ColumnType, Frame
from artesian.learn.base.details import Category
from artesian.learn.base.model import probability_names, real_column
from artesian.learn.base.scoring import codes_in

Floats = NDArray[np.float64]
_NEAREST = 1e-9
"""Probabilities count as at least this far from 0 and 1, where log odds are infinite."""


@dataclass(frozen=True)
class LevelOne:
    """How predictions become columns. `domain` holds the classes in the order of the base models."""

    category: Category
    domain: tuple[str, ...]
    logit: bool = False

    def names(self, key: str) -> list[str]:
        """The columns of a base model."""
        if self.category is not Category.MULTINOMIAL:
            return [key]
        return [f"{key}/{name}" for name in probability_names(list(self.domain))]

    def of_raw(self, raw: Floats) -> Floats:
        """The columns [rows, columns of a model] of raw predictions (see `Model.raw`)."""
        if self.category is Category.REGRESSION:
            return raw[:, None]
        return self._scaled(raw[:, 1:2] if self.category is Category.BINOMIAL else raw)

    def of_predictions(self, frame: Frame, key: str) -> Floats:
        """The same of a frame of predictions, as cross-validation keeps them."""
        width = 1 if self.category is Category.REGRESSION else 1 + len(self.domain)
        if frame.n_columns < width:
            raise InvalidArgument(
                f"The frame of held-out predictions of the base model '{key}' has {frame.n_columns} columns and needs {width}."
            )
        if self.category is Category.REGRESSION:
            return np.asarray(frame.columns[0].floats())[:, None]
        first = 2 if self.category is Category.BINOMIAL else 1
        chosen = frame.columns[first : 1 + len(self.domain)]
        return self._scaled(np.column_stack([column.floats() for column in chosen]))

    def _scaled(self, probabilities: Floats) -> Floats:
        if not self.logit:
            return probabilities
        inside = np.clip(probabilities, _NEAREST, 1 - _NEAREST)
        return np.asarray(np.log(inside / (1 - inside)))

    def response(self, column: Column, name: str) -> Column:
        """The response with the levels in the order of the base models, where it is categorical."""
        if self.category is Category.REGRESSION or column.type is not ColumnType.ENUM:
            return column
        codes = codes_in(column, self.domain, name)
        missing = np.isnan(codes)
        series = pl.Series(np.where(missing, 0, codes).astype(np.uint32)).set(pl.Series(missing), None)
        return Column.enums(series, list(self.domain))


def assembled(
    names: Sequence[str], values: Sequence[Floats], beside: Sequence[tuple[str, Column]], n_rows: int
) -> Frame:
    """A level-one frame: columns of predictions, then those taken over from the frame that was predicted."""
    table = np.concatenate([np.zeros((n_rows, 0)), *values], axis=1)
    columns = [real_column(table[:, number]) for number in range(table.shape[1])]
    clash = set(names) & {name for name, _ in beside}
    if clash:
        raise InvalidArgument(f"'{clash.pop()}' is a base model and a column of the frame; rename the column.")
    return Frame([*names, *(name for name, _ in beside)], [*columns, *(column for _, column in beside)], n_rows)
