"""A model whose predictions are known: 2 a + 3 [c = w] + 1, and through the logistic function for two classes."""

from __future__ import annotations

import numpy as np
import polars as pl

from artesian.frame import Column, Frame
from artesian.learn.base.details import Category, ModelDetails
from artesian.learn.base.model import Model


def frame(rows=200, seed=0):
    random = np.random.default_rng(seed)
    a, c = random.integers(0, 9, size=rows), random.integers(0, 3, size=rows)
    group = random.integers(0, 2, size=rows)
    return Frame.from_mapping(
        {
            "a": Column.integers(pl.Series(a)),
            "c": Column.enums(pl.Series(c), ["u", "v", "w"]),
            "noise": Column.reals(pl.Series(random.normal(size=rows))),
            "group": Column.enums(pl.Series(group), ["f", "m"]),
            "weight": Column.reals(pl.Series(random.choice([0.0, 1.0, 2.5], size=rows))),
            "y": Column.reals(pl.Series(2.0 * a + 3.0 * (c == 2) + 1)),
            "label": Column.enums(pl.Series((a + random.normal(size=rows) > 4).astype(np.uint8)), ["no", "yes"]),
        }
    )


class LinearModel(Model):
    """Missing values count as 0 and as no level."""

    algorithm_name = "deeplearning"

    def raw(self, frame, *, threads=1):
        a = np.nan_to_num(frame["a"].floats())
        amounts = 2.0 * a + 3.0 * (frame["c"].codes() == 2) + 1
        if self.details.category is Category.REGRESSION:
            return amounts
        probability = 1 / (1 + np.exp(-(amounts - 9) / 2))
        if self.details.category is Category.BINOMIAL:
            return np.column_stack([1 - probability, probability])
        return np.column_stack([1 - probability, probability / 4, probability * 3 / 4])

    def state(self):
        return {}

    def arrays(self):
        return {}

    @classmethod
    def restore(cls, details, state, arrays):
        return cls(details)


def model(category=Category.REGRESSION):
    domain = {Category.BINOMIAL: ["no", "yes"], Category.MULTINOMIAL: ["p", "q", "r"]}.get(category)
    response = "y" if domain is None else "label"
    names = ["a", "c", "noise", response]
    values = {"response_column": response, "ignored_columns": ["group"], "weights_column": None}
    details = ModelDetails(
        key="known",
        algorithm="deeplearning",
        title="Known",
        category=category,
        supervised=True,
        parameters={name: {"default": None, "given": value, "actual": value} for name, value in values.items()},
        training_frame="rows",
        validation_frame=None,
        response=response,
        names=names,
        column_types=["Numeric", "Enum", "Numeric", "Enum" if domain else "Numeric"],
        domains=[None, ["u", "v", "w"], None, domain],
    )
    return LinearModel(details)
