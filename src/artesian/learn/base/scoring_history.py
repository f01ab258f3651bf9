"""The scoring history of models that are scored as they grow: one row each time, metrics of training and validation side by side."""

from __future__ import annotations

import math
import time
from collections.abc import Collection, Mapping, Sequence
from typing import ClassVar

from artesian.learn.base.details import Category
from artesian.learn.base.table import Cell, Table, TableColumn, duration
from artesian.learn.metrics import Metrics

_METRICS = {
    "rmse": ("RMSE", "rmse"),
    "mse": ("MSE", "mse"),
    "mae": ("MAE", "mae"),
    "r2": ("r2", "r2"),
    "deviance": ("Deviance", "mean_residual_deviance"),
    "logloss": ("LogLoss", "log_loss"),
    "auc": ("AUC", "auc"),
    "pr_auc": ("pr_auc", "pr_auc"),
    "lift": ("Lift", "lift_top_group"),
    "classification_error": ("Classification Error", "error"),
    "custom": ("Custom", "custom_metric_value"),
}
"""Titles of the columns, and the metrics' names of what they show."""
NUMBER_OF_TREES = TableColumn("number_of_trees", "long", "%d", "Number of Trees")


class ScoringHistory:
    """Rows so far, with H2O's columns.

    `progress` are the columns that say how far training was, `shown` the metrics of each category in their order; `custom` adds
    a metric of the user's, `without` leaves some of those shown out. `continued` is the history of the checkpoint that training goes on from.
    """

    progress: ClassVar[Sequence[TableColumn]]
    shown: ClassVar[Mapping[Category, Sequence[str]]]

    def __init__(
        self,
        category: Category,
        validates: bool,
        continued: Table | None = None,
        *,
        custom: bool = False,
        without: Collection[str] = (),
    ) -> None:
        shown = [name for name in self.shown[category] if name not in without]
        self._names = (*shown, *(("custom",) if custom else ()))
        self._frames = ("training", "validation") if validates else ("training",)
        self._rows: list[tuple[Cell, ...]] = []
        if continued is not None and continued.column_names == tuple(column.name for column in self._columns()):
            self._rows = list(continued.rows())

    def add_row(
        self,
        seconds: float,
        progress: Sequence[Cell],
        measured: tuple[Metrics | None, Metrics | None],
        custom: tuple[float, float] | None = None,
    ) -> None:
        """Adds a row; without metrics its numbers are NaN. `custom` stands in for the user's metric in `measured`."""
        row: list[Cell] = ["", time.strftime("%Y-%m-%d %H:%M:%S"), duration(seconds), *progress]
        for number in range(len(self._frames)):
            metrics = measured[number]
            row += [math.nan if metrics is None else getattr(metrics, _METRICS[name][1]) for name in self._names]
            if custom is not None:
                row[-1] = custom[number]
        self._rows.append(tuple(row))

    def table(self) -> Table:
        """The history as a table."""
        columns = self._columns()
        cells = list(zip(*self._rows, strict=True)) if self._rows else [() for _ in columns]
        return Table.build("Scoring History", "", list(zip(columns, cells, strict=True)))

    def _columns(self) -> list[TableColumn]:
        return [
            TableColumn("", "string", "%s", ""),
            TableColumn("timestamp", "string", "%s", "Timestamp"),
            TableColumn("duration", "string", "%s", "Duration"),
            *self.progress,
            *(
                TableColumn(f"{frame}_{name}", "double", "%.5f", f"{frame.capitalize()} {_METRICS[name][0]}")
                for frame in self._frames
                for name in self._names
            ),
        ]


class TreesHistory(ScoringHistory):
    """The history of models that grow round by round."""

    progress = (NUMBER_OF_TREES,)
    shown: ClassVar = {
        Category.REGRESSION: ("rmse", "mae", "deviance"),
        Category.BINOMIAL: ("rmse", "logloss", "auc", "pr_auc", "lift", "classification_error"),
        Category.MULTINOMIAL: ("rmse", "logloss", "classification_error", "auc", "pr_auc"),
    }

    def add(
        self,
        seconds: float,
        trees: int,
        measured: tuple[Metrics | None, Metrics | None],
        custom: tuple[float, float] | None = None,
    ) -> None:
        """Adds a row, in place of one of as many trees; see `add_row`."""
        self._rows = [row for row in self._rows if row[3] != trees]
        self.add_row(seconds, (trees,), measured, custom)

    def trim(self, trees: int) -> None:
        """Leaves rows of more trees out."""
        self._rows = [row for row in self._rows if isinstance(row[3], int) and row[3] <= trees]
