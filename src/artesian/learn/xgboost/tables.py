"""Tables of a boosted model: summary, scoring history, the library's parameters."""

from __future__ import annotations

import math
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

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


@dataclass
class History:
    """Rows so far; `continued` are those of the checkpoint that training went on from. `evaluates`: there is an eval_metric."""

    category: Category
    validates: bool
    evaluates: bool
    continued: Table | None = None
    _rows: list[tuple[Cell, ...]] = field(default_factory=list)

    def __post_init__(self) -> None:
        if self.continued is not None and self.continued.column_names == tuple(c.name for c in self._columns()):
            self._rows = list(self.continued.rows())

    def add(
        self,
        seconds: float,
        trees: int,
        metrics: tuple[Metrics | None, Metrics | None],
        evaluated: tuple[float, float],
    ) -> None:
        """Adds a row of metrics and values of the eval_metric on training and validation rows, in place of one of as many trees."""
        cells: list[Cell] = ["", time.strftime("%Y-%m-%d %H:%M:%S"), duration(seconds), trees]
        for number in range(2 if self.validates else 1):
            cells += _numbers(self.category, metrics[number])
            cells += [evaluated[number]] if self.evaluates else []
        self._rows = [row for row in self._rows if row[3] != trees]
        self._rows.append(tuple(cells))

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
        shown = _SHOWN[self.category] + ((("custom", "Custom"),) if self.evaluates else ())
        for prefix in ("training", "validation") if self.validates else ("training",):
            for name, title in shown:
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


def summary_table(trees: int) -> Table:
    """The summary of a model: its rounds."""
    return Table.build(
        "Model Summary",
        "",
        [
            (TableColumn("", "string", "%s", ""), [""]),
            (TableColumn("number_of_trees", "long", "%d", "Number of Trees"), [trees]),
        ],
    )


def native_table(parameters: Mapping[str, Any]) -> dict[str, Any]:
    """The library's parameters by name, as the `to_dict` of a table; values keep their types, as H2O has it."""
    names = [str(name) for name in parameters]
    columns = [
        (TableColumn("", "string", "%s", ""), [""] * len(names)),
        (TableColumn("name", "string", "%s", "Name"), names),
        (TableColumn("value", "string", "%s", "Value"), names),
    ]
    table = Table.build("Native XGBoost Parameters", "", columns).to_dict()
    table["data"][2] = list(parameters.values())
    return table
