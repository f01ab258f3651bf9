"""A naive Bayes model: the probability of each class is its share times the probabilities of the values within it."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any, ClassVar, Self

import numpy as np
from numpy.typing import NDArray

from artesian.frame import Frame
from artesian.learn.base.design.columns import Columns, blocks
from artesian.learn.base.details import ModelDetails
from artesian.learn.base.model import Model
from artesian.learn.bayes.distributions import Distributions

Floats = NDArray[np.float64]
_PREFIX = "conditional."


class NaiveBayesModel(Model):
    """Logarithms of probabilities are added up. Missing values and levels that training did not see say nothing."""

    algorithm_name: ClassVar[str] = "naivebayes"

    def __init__(self, details: ModelDetails, columns: Columns, distributions: Distributions) -> None:
        super().__init__(details)
        self.columns, self.distributions = columns, distributions

    def raw(self, frame: Frame, *, threads: int = 1) -> Floats:
        """Class probabilities [rows, classes]."""
        self.columns.missing_columns(frame)
        width = max(len(self.columns.names), len(self.distributions.apriori))
        return np.concatenate([self._block(part) for _, part in blocks(frame, width)])

    def _block(self, frame: Frame) -> Floats:
        with np.errstate(divide="ignore"):
            total = np.tile(np.log(self.distributions.apriori), (frame.n_rows, 1))
        for name in self.columns.categorical:
            shares = self._replaced(self.distributions.conditional[name])
            table = np.vstack([np.log(shares).T, np.zeros(len(shares))])
            total += table[self.columns.codes(frame, name)]
        for name in self.columns.numeric:
            total += self._log_density(name, self.columns.numbers(frame, name))
        total -= total.max(axis=1, keepdims=True)
        probabilities = np.exp(total)
        return np.asarray(probabilities / probabilities.sum(axis=1, keepdims=True))

    def _replaced(self, probabilities: Floats) -> Floats:
        least, limit = self.details.actual("min_prob"), self.details.actual("eps_prob")
        return np.where(probabilities <= limit, least, probabilities)

    def _log_density(self, name: str, values: Floats) -> Floats:
        """Logarithm of the normal density of each class [rows, classes], 0 where the value is missing.

        A density is never 0: with eps_prob 0 none is replaced, however far a value is from a class.
        """
        moments = self.distributions.conditional[name]
        means = np.nan_to_num(moments[:, 0])
        small = moments[:, 1] <= self.details.actual("eps_sdev")
        spread = np.where(np.isnan(moments[:, 1]), 1.0, np.where(small, self.details.actual("min_sdev"), moments[:, 1]))
        with np.errstate(over="ignore"):
            found = -0.5 * ((values[:, None] - means) / spread) ** 2 - np.log(spread) - 0.5 * math.log(2 * math.pi)
        found = np.maximum(found, -1e300)
        limit = self.details.actual("eps_prob")
        if limit > 0:
            found = np.where(found <= math.log(limit), math.log(self.details.actual("min_prob")), found)
        return np.where(np.isnan(values)[:, None], 0.0, found)

    def notes(self, frame: Frame) -> list[str]:
        """Names the columns that the frame lacks."""
        return self.columns.notes(frame)

    # ---- keeping ----

    def state(self) -> dict[str, Any]:
        """The columns."""
        return {"columns": self.columns.to_state()}

    def arrays(self) -> dict[str, NDArray[Any]]:
        """The distributions, by the number of the column."""
        tables = {f"{_PREFIX}{i}": self.distributions.conditional[name] for i, name in enumerate(self.columns.names)}
        return {"apriori": self.distributions.apriori, **tables}

    @classmethod
    def restore(cls, details: ModelDetails, state: Mapping[str, Any], arrays: Mapping[str, NDArray[Any]]) -> Self:
        """The model of a saved state."""
        columns = Columns.from_state(state["columns"])
        conditional = {name: arrays[f"{_PREFIX}{i}"] for i, name in enumerate(columns.names)}
        return cls(details, columns, Distributions(arrays["apriori"], conditional))
