"""Scoring history and summary of a model of trees, with H2O's columns."""

from __future__ import annotations

import math
import time
from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from artesian.learn.base.details import Category
from artesian.learn.base.table import Cell, Table, TableColumn, duration
from artesian.learn.metrics import BinomialMetrics, Metrics, MultinomialMetrics, RegressionMetrics

_SHOWN: dict[Category, tuple[tuple[str, str], ...]] = {
    Category.REGRESSION: (("rmse", "RMSE"), ("mae", "MAE"), ("deviance", "Deviance")),
    Category.BINOMIAL: (
        ("rmse", "RMSE"),
        ("logloss", "LogLoss"),
        ("auc", "AUC"),
        ("pr_auc", "pr_auc"),
        ("lift", "Lift"),
        ("classification_error", "Classification Error"),
    ),
    Category.MULTINOMIAL: (
        ("rmse", "RMSE"),
        ("logloss", "LogLoss"),
        ("classification_error", "Classification Error"),
        ("auc", "AUC"),
        ("pr_auc", "pr_auc"),
    ),
}
_CUSTOM = (("custom", "Custom"),)


@dataclass
class History:
    """Rows so far; `continued` are those of the checkpoint that training went on from."""

    category: Category
    validates: bool
    continued: Table | None = None
    custom: bool = False
    """Whether a custom metric is measured."""
    _rows: list[tuple[Cell, ...]] = field(default_factory=list)

    def __post_init__(self) -> None:
        if self.continued is not None and self.continued.column_names == tuple(c.name for c in self._columns()):
            self._rows = list(self.continued.rows())

    def add(self, seconds: float, trees: int, training: Metrics | None, validation: Metrics | None) -> None:
        """Adds a row, in place of one of as many trees; without metrics its numbers are NaN."""
        cells: list[Cell] = ["", time.strftime("%Y-%m-%d %H:%M:%S"), duration(seconds), trees]
        for metrics in (training, validation) if self.validates else (training,):
            cells += _numbers(self.category, metrics)
            if self.custom:
                cells.append(metrics.custom_metric_value if metrics is not None else math.nan)
        self._rows = [row for row in self._rows if row[3] != trees]
        self._rows.append(tuple(cells))

    def trim(self, trees: int) -> None:
        """Leaves rows of more trees out."""
        self._rows = [row for row in self._rows if isinstance(row[3], int) and row[3] <= trees]

    def table(self) -> Table:
        """The history as a table."""
        columns = self._columns()
        cells = list(zip(*self._rows, strict=True)) if self._rows else [() for _ in columns]
        return Table.build("Scoring History", "", list(zip(columns, cells, strict=True)))

    def _columns(self) -> list[TableColumn]:
        columns = [
            TableColumn("", "string", "%s", ""),
            TableColumn("timestamp", "string", "%s", "Timestamp"),
            TableColumn("duration", "string", "%s", "Duration"),
            TableColumn("number_of_trees", "long", "%d", "Number of Trees"),
        ]
        for prefix in ("training", "validation") if self.validates else ("training",):
            for name, title in (*_SHOWN[self.category], *(_CUSTOM if self.custom else ())):
                columns.append(TableColumn(f"{prefix}_{name}", "double", "%.5f", f"{prefix.capitalize()} {title}"))
        return columns


def _numbers(category: Category, metrics: Metrics | None) -> list[Cell]:
    if metrics is None:
        return [math.nan] * len(_SHOWN[category])
    values = {"rmse": metrics.rmse}
    if isinstance(metrics, RegressionMetrics):
        values |= {"deviance": metrics.mean_residual_deviance, "mae": metrics.mae}
    if isinstance(metrics, BinomialMetrics | MultinomialMetrics):
        values |= {"logloss": metrics.log_loss, "auc": metrics.auc, "pr_auc": metrics.pr_auc}
        values["classification_error"] = metrics.error
    if isinstance(metrics, BinomialMetrics):
        values["lift"] = metrics.lift_top_group
    return [values[name] for name, _ in _SHOWN[category]]


def depth_of(left: NDArray[np.int32], right: NDArray[np.int32]) -> int:
    """Greatest number of splits between the root and a leaf, from the children of each node (-1: none)."""
    depth, level = 0, np.zeros(1, dtype=np.int64)
    while True:
        parents = level[left[level] >= 0]
        if not len(parents):
            return depth
        level = np.concatenate([left[parents], right[parents]]).astype(np.int64)
        depth += 1


def summary_table(rounds: int, depths: Sequence[int], leaves: Sequence[int], nbytes: int) -> Table:
    """What the trees look like: depths and leaves of single trees, of which there may be several a round.

    A tree that is a root alone has depth 0 and one leaf; H2O's statistics leave it out, so it does not count here either.
    """
    grown = [(depth, count) for depth, count in zip(depths, leaves, strict=True) if depth > 0]
    deep = np.array([depth for depth, _ in grown] or [0], dtype=np.float64)
    wide = np.array([count for _, count in grown] or [0], dtype=np.float64)
    columns: list[tuple[TableColumn, Sequence[Cell]]] = [
        (TableColumn("", "string", "%s", ""), [""]),
        (TableColumn("number_of_trees", "long", "%d", "Number of Trees"), [rounds]),
        (TableColumn("number_of_internal_trees", "long", "%d", "Number of Internal Trees"), [len(depths)]),
        (TableColumn("model_size_in_bytes", "long", "%d", "Model Size in Bytes"), [nbytes]),
        (TableColumn("min_depth", "long", "%d", "Min. Depth"), [int(deep.min())]),
        (TableColumn("max_depth", "long", "%d", "Max. Depth"), [int(deep.max())]),
        (TableColumn("mean_depth", "double", "%.5f", "Mean Depth"), [float(deep.mean())]),
        (TableColumn("min_leaves", "long", "%d", "Min. Leaves"), [int(wide.min())]),
        (TableColumn("max_leaves", "long", "%d", "Max. Leaves"), [int(wide.max())]),
        (TableColumn("mean_leaves", "double", "%.5f", "Mean Leaves"), [float(wide.mean())]),
    ]
    return Table.build("Model Summary", "", columns)
