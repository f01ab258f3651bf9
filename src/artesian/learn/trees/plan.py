"""What the parameters of trees come to once the response is known: AUTO resolved, numbers of columns counted."""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass
from typing import Any

from artesian.learn.base.calibration import actual_method
from artesian.learn.base.details import Category
from artesian.learn.base.early_stopping import StoppingRule, metric_in_use
from artesian.learn.trees.distributions import Boosted
from artesian.learn.trees.parameters import BoostingParameters, ForestParameters

UNLIMITED_DEPTH = 2**31 - 1


def category_of(distribution: str, category: Category) -> Category:
    """What the model predicts: two numbers are classes to quasibinomial."""
    return Category.BINOMIAL if distribution == "quasibinomial" else category


def distribution_of(distribution: str, category: Category) -> str:
    """The distribution in use."""
    if distribution != "AUTO":
        return distribution
    return {Category.BINOMIAL: "bernoulli", Category.MULTINOMIAL: "multinomial"}.get(category, "gaussian")


@dataclass(frozen=True)
class Plan:
    """Resolved choices of one training; `response_category` is what the response's column says by itself."""

    parameters: BoostingParameters | ForestParameters
    response_category: Category

    @property
    def boosts(self) -> bool:
        """Whether trees are added up (else they are averaged)."""
        return isinstance(self.parameters, BoostingParameters)

    @property
    def distribution(self) -> str:
        """See `distribution_of`."""
        return distribution_of(self.parameters.distribution, self.response_category)

    @property
    def category(self) -> Category:
        """See `category_of`."""
        return category_of(self.parameters.distribution, self.response_category)

    @property
    def is_classification(self) -> bool:
        """Whether classes are predicted."""
        return self.category is not Category.REGRESSION

    @property
    def boosted(self) -> Boosted:
        """The distribution that boosting fits."""
        p = self.parameters
        assert isinstance(p, BoostingParameters)
        return Boosted(self.distribution, p.quantile_alpha, p.tweedie_power, p.huber_alpha)

    @property
    def max_depth(self) -> int:
        """Greatest depth; 0 stands for no limit."""
        return self.parameters.max_depth or UNLIMITED_DEPTH

    def columns_per_tree(self, n_columns: int) -> int:
        """How many columns each tree is grown with."""
        return max(1, int(self.parameters.col_sample_rate_per_tree * n_columns))

    def columns_per_split(self, n_columns: int) -> int:
        """How many columns are drawn for a split at the root, of all columns."""
        p = self.parameters
        if isinstance(p, BoostingParameters):
            return max(1, int(p.col_sample_rate * p.col_sample_rate_per_tree * n_columns))
        if p.mtries == -2:
            return n_columns
        if p.mtries == -1:
            return max(1, int(n_columns**0.5) if self.is_classification else n_columns // 3)
        return min(p.mtries, n_columns)

    def trees_per_round(self, n_classes: int) -> int:
        """Trees of one round: one, or one a class; a forest has one for two classes unless it is told otherwise."""
        if not self.is_classification:
            return 1
        if n_classes > 2:
            return n_classes
        p = self.parameters
        return 2 if isinstance(p, ForestParameters) and p.binomial_double_trees else 1

    @property
    def histogram_types(self) -> tuple[str, ...]:
        """The ways in which columns are cut into bins, taken in turn from tree to tree."""
        kind = self.parameters.histogram_type
        if kind == "RoundRobin":
            return ("UniformAdaptive", "Random", "QuantilesGlobal")
        if kind == "AUTO" and isinstance(self.parameters, ForestParameters):
            return (
                "UniformAdaptive",
            )  # deep trees part the values finer than 1,024 cells of equally many rows let them
        return (kind,)

    @property
    def encoding(self) -> str:
        """The encoding of categorical columns in use."""
        return "Enum" if self.parameters.categorical_encoding == "AUTO" else self.parameters.categorical_encoding

    @property
    def stopping(self) -> StoppingRule:
        """The rule of early stopping (rounds 0: never)."""
        return StoppingRule.of(self._watched, self.category)

    @property
    def _watched(self) -> BoostingParameters | ForestParameters:
        """The parameters with the metric that early stopping watches: a custom distribution has no deviance."""
        p = self.parameters
        if self.distribution == "custom" and not self.is_classification and p.stopping_metric in ("AUTO", "deviance"):
            return dataclasses.replace(p, stopping_metric="MSE")
        return p

    def actual(self) -> dict[str, Any]:
        """Actual values of parameters that were settled, for the model's details."""
        p = self.parameters
        return {
            "distribution": self.distribution if self.boosts or not self.is_classification else "multinomial",
            "categorical_encoding": self.encoding,
            "histogram_type": "UniformAdaptive" if p.histogram_type == "AUTO" else p.histogram_type,
            "stopping_metric": metric_in_use(p if not p.stopping_rounds else self._watched, self.category),
            "calibration_method": actual_method(p),
            "auc_type": "NONE" if p.auc_type == "AUTO" else p.auc_type,
        }
