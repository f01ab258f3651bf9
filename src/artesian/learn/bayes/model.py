"""A naive Bayes model: the probability of each class is its share times the probabilities of the values within it."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any, ClassVar, Self

import numpy as np
from numpy.typing import NDArray

from artesian.frame import Frame
from artesian.learn.base.design.columns import Columns, cached_blocks
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
        found = np.empty((len(self.distributions.apriori), frame.n_rows))
        tables = {name: self._log_shares(name) for name in self.columns.categorical}
        for place, block in cached_blocks(frame):
            found[:, place] = self._block(block, tables)
        return found.T

    def _block(self, frame: Frame, tables: Mapping[str, Floats]) -> Floats:
        """Class probabilities [classes, rows] of a few rows; of `tables` see `_log_shares`."""
        with np.errstate(divide="ignore"):
            total = np.tile(np.log(self.distributions.apriori)[:, None], (1, frame.n_rows))
        for name in self.columns.categorical:
            total += tables[name].take(self.columns.stored_codes(frame, name), axis=1)
        for name in self.columns.numeric:
            self._add_log_densities(name, self.columns.numbers(frame, name), total)
        total -= total.max(axis=0)
        np.exp(total, out=total)
        total /= total.sum(axis=0)
        return total

    def _log_shares(self, name: str) -> Floats:
        """Logarithms of the shares of a column's levels within the classes, and last 0 for missing ones [classes, levels + 1]."""
        shares = self.distributions.conditional[name]
        least, limit = self.details.actual("min_prob"), self.details.actual("eps_prob")
        with np.errstate(divide="ignore"):
            logs = np.log(np.where(shares <= limit, least, shares))
        return np.column_stack([logs, np.zeros(len(logs))])

    def _add_log_densities(self, name: str, values: Floats, total: Floats) -> None:
        """Adds the logarithm of the normal density of each class to `total` [classes, rows]; 0 where the value is missing.

        A density is never 0: with eps_prob 0 none is replaced, however far a value is from a class.
        """
        p = self.details.actual
        moments = self.distributions.conditional[name]
        means = np.nan_to_num(moments[:, 0])
        small = moments[:, 1] <= p("eps_sdev")
        spread = np.where(np.isnan(moments[:, 1]), 1.0, np.where(small, p("min_sdev"), moments[:, 1]))
        missing = np.isnan(values)
        some_missing = bool(missing.any())
        for label, (mean, deviation) in enumerate(zip(means, spread, strict=True)):
            with np.errstate(over="ignore"):
                found = (values - mean) / deviation
                found *= found
            found *= -0.5
            found -= np.log(deviation) + 0.5 * math.log(2 * math.pi)
            np.maximum(found, -1e300, out=found)
            if p("eps_prob") > 0:
                np.copyto(found, math.log(p("min_prob")), where=found <= math.log(p("eps_prob")))
            if some_missing:
                found[missing] = 0.0
            total[label] += found

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
