"""The settled choices of one tabular training, and the course of learning rate, dropout and decay over it.

Sizes that are not given follow the table: see `Recipe.of`. They were chosen on splits of the training files of six open sets and
of data that comes with scikit-learn, by loss and processor time.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

from artesian.learn.base.details import Category
from artesian.learn.base.parameters import fields_of
from artesian.learn.deeplearning.parameters import DeepLearningParameters

CYCLES = 4
RATE_CLASSIFICATION = 0.04
RATE_REGRESSION = 0.2
BATCH = 256
LAYERS = 3
UNITS = 128
UNITS_OF_MANY_ROWS = 256
MANY_ROWS = 20_000
MOST_EPOCHS = 128
LEAST_EPOCHS = 16
ROWS_OF_MOST_EPOCHS = 2_000
"""Up to so many rows all MOST_EPOCHS are made; beyond, as many as take the same number of updates, but LEAST_EPOCHS."""
MEMBERS = 5
MEMBERS_VALIDATED = 2
"""With a validation frame: each network learns from all training rows, so that fewer make up for chance."""
MEMBERS_OF_FOLD = 1
"""In cross-validation: the models of the folds are an ensemble already."""
CYCLE_ENDS = tuple((2**cycle - 1) / (2**CYCLES - 1) for cycle in range(1, CYCLES + 1))
"""Where the learning rate reaches 0, as shares of the training: 1/15, 3/15, 7/15, 1."""


def learning_rate_factor(share: float) -> float:
    """Four cycles from 0 to 1 and back, each twice as long as the one before ("coslog4"), at a share of the training."""
    return 0.5 * (1.0 - math.cos(2.0 * math.pi * math.log2(1.0 + (2**CYCLES - 1) * share)))


def flat_cosine(share: float) -> float:
    """1 for the first half of the training, then down to 0 along a cosine."""
    return 1.0 if share < 0.5 else 0.5 * (1.0 + math.cos(math.pi * (2.0 * share - 1.0)))


@dataclass(frozen=True)
class Recipe:
    """Sizes and rates of one training."""

    hidden: tuple[int, ...]
    epochs: float
    batch: int
    members: int
    rate: float
    weight_decay: float
    dropout: float
    label_smoothing: float
    numeric_embeddings: bool
    is_classification: bool

    @classmethod
    def of(cls, parameters: DeepLearningParameters, category: Category, n_rows: int, automatic_members: int) -> Recipe:
        """The recipe for so many rows to learn from; a parameter at its default follows the table."""
        p = parameters
        default = {name: declared.default for name, declared in fields_of(DeepLearningParameters).items()}
        is_classification = category is not Category.REGRESSION
        units = UNITS if n_rows <= MANY_ROWS else UNITS_OF_MANY_ROWS
        fitting = MOST_EPOCHS * ROWS_OF_MOST_EPOCHS / max(1, n_rows)
        epochs = float(round(min(MOST_EPOCHS, max(LEAST_EPOCHS, fitting))))
        rate = RATE_CLASSIFICATION if is_classification else RATE_REGRESSION
        return cls(
            hidden=(units,) * LAYERS if p.hidden == tuple(default["hidden"]) else p.hidden,
            epochs=epochs if p.epochs == default["epochs"] else p.epochs,
            batch=BATCH if p.mini_batch_size == default["mini_batch_size"] else p.mini_batch_size,
            members=p.ensemble_size or automatic_members,
            rate=rate if p.rate == default["rate"] else p.rate,
            weight_decay=p.weight_decay,
            dropout=p.dropout,
            label_smoothing=p.label_smoothing if is_classification else 0.0,
            numeric_embeddings=p.numeric_embeddings,
            is_classification=is_classification,
        )

    def actual(self) -> dict[str, Any]:
        """Actual values of the parameters, for the model's details."""
        return {
            "hidden": list(self.hidden),
            "epochs": self.epochs,
            "mini_batch_size": self.batch,
            "ensemble_size": self.members,
            "rate": self.rate,
            "label_smoothing": self.label_smoothing,
        }
