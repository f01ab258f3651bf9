"""The scoring history: one row each time that the network was scored."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from artesian.learn.base.details import Category
from artesian.learn.base.scoring_history import ScoringHistory
from artesian.learn.base.table import TableColumn
from artesian.learn.metrics import Metrics


@dataclass(frozen=True)
class Moment:
    """How far training was when the network was scored. Seconds since the start, scoring included."""

    seconds: float
    speed: float | None
    """Samples a second of training alone; None before the first."""
    epochs: float
    iterations: int
    samples: int


class History(ScoringHistory):
    """Rows so far; the row of the untrained network has no metrics."""

    progress = (
        TableColumn("training_speed", "string", "%s", "Training Speed"),
        TableColumn("epochs", "double", "%.5f", "Epochs"),
        TableColumn("iterations", "int", "%d", "Iterations"),
        TableColumn("samples", "double", "%f", "Samples"),
    )
    shown: ClassVar = {
        Category.REGRESSION: ("rmse", "deviance", "mae", "r2"),
        Category.BINOMIAL: ("rmse", "logloss", "r2", "auc", "pr_auc", "lift", "classification_error"),
        Category.MULTINOMIAL: ("rmse", "logloss", "r2", "classification_error", "auc", "pr_auc"),
        Category.AUTOENCODER: ("rmse", "mse"),
    }

    def add(self, moment: Moment, training: Metrics | None, validation: Metrics | None) -> None:
        """Adds a row."""
        speed = moment.speed
        told = None if speed is None else f"{speed:.0f} obs/sec" if speed >= 10 else f"{speed:.5f} obs/sec"
        progress = (told, moment.epochs, moment.iterations, float(moment.samples))
        self.add_row(moment.seconds, progress, (training, validation))
