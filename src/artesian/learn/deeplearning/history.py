"""The scoring history: one row each time that the network was scored."""

from __future__ import annotations

import math
import time
from dataclasses import dataclass, field

from artesian.learn.base.details import Category
from artesian.learn.base.table import Cell, Table, TableColumn, duration
from artesian.learn.metrics import BinomialMetrics, Metrics, MultinomialMetrics, RegressionMetrics

_SHOWN: dict[Category, tuple[tuple[str, str], ...]] = {
    Category.REGRESSION: (("rmse", "RMSE"), ("deviance", "Deviance"), ("mae", "MAE"), ("r2", "r2")),
    Category.BINOMIAL: (
        ("rmse", "RMSE"),
        ("logloss", "LogLoss"),
        ("r2", "r2"),
        ("auc", "AUC"),
        ("pr_auc", "pr_auc"),
        ("lift", "Lift"),
        ("classification_error", "Classification Error"),
    ),
    Category.MULTINOMIAL: (
        ("rmse", "RMSE"),
        ("logloss", "LogLoss"),
        ("r2", "r2"),
        ("classification_error", "Classification Error"),
        ("auc", "AUC"),
        ("pr_auc", "pr_auc"),
    ),
    Category.AUTOENCODER: (("rmse", "RMSE"), ("mse", "MSE")),
}
_CUSTOM = (("custom", "Custom"),)


@dataclass(frozen=True)
class Moment:
    """How far training was when the network was scored. Seconds since the start, scoring included."""

    seconds: float
    speed: float | None
    """Samples a second of training alone; None before the first."""
    epochs: float
    iterations: int
    samples: int


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

    def add(self, moment: Moment, training: Metrics | None, validation: Metrics | None) -> None:
        """Adds a row; without metrics its numbers are NaN (the untrained network)."""
        row: list[Cell] = [
            "",
            time.strftime("%Y-%m-%d %H:%M:%S"),
            duration(moment.seconds),
            None
            if moment.speed is None
            else f"{moment.speed:.0f} obs/sec"
            if moment.speed >= 10
            else f"{moment.speed:.5f} obs/sec",
            moment.epochs,
            moment.iterations,
            float(moment.samples),
        ]
        for metrics in (training, validation) if self.validates else (training,):
            row += _numbers(self.category, metrics)
            if self.custom:
                row.append(metrics.custom_metric_value if metrics is not None else math.nan)
        self._rows.append(tuple(row))

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
            TableColumn("training_speed", "string", "%s", "Training Speed"),
            TableColumn("epochs", "double", "%.5f", "Epochs"),
            TableColumn("iterations", "int", "%d", "Iterations"),
            TableColumn("samples", "double", "%f", "Samples"),
        ]
        for prefix in ("training", "validation") if self.validates else ("training",):
            for name, title in (*_SHOWN[self.category], *(_CUSTOM if self.custom else ())):
                columns.append(TableColumn(f"{prefix}_{name}", "double", "%.5f", f"{prefix.capitalize()} {title}"))
        return columns


def _numbers(category: Category, metrics: Metrics | None) -> list[float]:
    if metrics is None:
        return [math.nan] * len(_SHOWN[category])
    values = {"rmse": metrics.rmse, "mse": metrics.mse}
    if isinstance(metrics, RegressionMetrics):
        values |= {"deviance": metrics.mean_residual_deviance, "mae": metrics.mae, "r2": metrics.r2}
    if isinstance(metrics, BinomialMetrics | MultinomialMetrics):
        values |= {"logloss": metrics.log_loss, "r2": metrics.r2, "auc": metrics.auc, "pr_auc": metrics.pr_auc}
        values["classification_error"] = metrics.error
    if isinstance(metrics, BinomialMetrics):
        values["lift"] = metrics.lift_top_group
    return [values[name] for name, _ in _SHOWN[category]]
