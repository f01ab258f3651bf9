"""Fits the plan's recipes to the table: small tables get shallower, slower learners, many-level columns an encoding.

H2O's recipes suit tables of many rows. On tables of some thousand rows and fewer, trees of depth 3 to 6 with half the
learning rate had the lower loss in cross-validation on all open sets that were tried, and stopping by a tolerance of
1/√rows ended most of them too early.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from artesian.frame import Frame
from artesian.learn.base.target_encoding import NAME as TARGET_ENCODING
from artesian.search.automl.recipes import Parameters
from artesian.search.automl.spec import Spec

SMALL_ROWS: Final = 20_000
SMALL_RATE: Final = 0.05
MANY_LEVELS: Final = 25
"""Levels above which a column is encoded by the response, as H2O's target encoding does when asked."""

_SHALLOW: Final[Mapping[tuple[str, str], Parameters]] = {
    ("XGBoost", "def_1"): {"max_depth": 4, "min_rows": 5, "sample_rate": 0.8},
    ("XGBoost", "def_2"): {"max_depth": 6, "min_rows": 5, "sample_rate": 0.8},
    ("XGBoost", "def_3"): {"max_depth": 3, "min_rows": 3, "sample_rate": 0.8},
    ("GBM", "def_1"): {"max_depth": 8, "min_rows": 10},
    ("GBM", "def_2"): {"max_depth": 3, "min_rows": 5},
    ("GBM", "def_3"): {"max_depth": 5, "min_rows": 5},
    ("GBM", "def_4"): {"max_depth": 6, "min_rows": 15},
    ("GBM", "def_5"): {"max_depth": 4, "min_rows": 5},
}
_SHALLOW_SPACES: Final[Mapping[tuple[str, str], Mapping[str, Sequence[Any]]]] = {
    ("XGBoost", "grid_1"): {"max_depth": [2, 3, 4, 5, 6, 8, 10], "learn_rate": [0.02, 0.03, 0.05, 0.08, 0.12]},
    ("GBM", "grid_1"): {
        "max_depth": [2, 3, 4, 5, 6, 8, 10],
        "min_rows": [1, 2, 5, 10, 15, 30],
        "learn_rate": [0.02, 0.03, 0.05, 0.08, 0.12],
    },
}
_RAW: Final = {("DRF", "def_1"), ("XGBoost", "def_3"), ("GBM", "def_3")}
"""Steps that learn from many-level columns as they are: an ensemble gains from the difference."""
_ENCODERS: Final = ("GBM", "DRF", "XGBoost", "GLM", "DeepLearning")


@dataclass(frozen=True)
class Tuning:
    """What a table asks of the recipes."""

    is_small: bool
    encodes: bool

    @classmethod
    def of(cls, frame: Frame, spec: Spec) -> Tuning:
        """By the training frame's rows and the levels of its predictors."""
        others = {spec.response_column, spec.fold_column, spec.weights_column, *spec.ignored_columns}
        most = max(
            (
                column.cardinality
                for name, column in zip(frame.names, frame.columns, strict=True)
                if name not in others and column.domain is not None
            ),
            default=0,
        )
        wanted = spec.preprocessing is None or "target_encoding" in spec.preprocessing
        return cls(frame.n_rows <= SMALL_ROWS, wanted and most > MANY_LEVELS)

    def parameters(self, provider: str, step: str, recipe: Mapping[str, Any]) -> Parameters:
        """The recipe of a step as it suits the table."""
        values = dict(recipe)
        if self.is_small and provider in ("GBM", "XGBoost"):
            values |= {"learn_rate": SMALL_RATE, **_SHALLOW.get((provider, step), {})}
        if self.encodes and provider in _ENCODERS and (provider, step) not in _RAW:
            values["categorical_encoding"] = TARGET_ENCODING
        return values

    def space(self, provider: str, step: str, space: Mapping[str, Sequence[Any]]) -> dict[str, Sequence[Any]]:
        """The space of a grid as it suits the table."""
        values: dict[str, Sequence[Any]] = dict(space)
        if self.is_small:
            values |= _SHALLOW_SPACES.get((provider, step), {})
        if self.encodes and provider in ("GBM", "XGBoost"):
            values["categorical_encoding"] = [TARGET_ENCODING, TARGET_ENCODING, "AUTO"]
        return values
