"""What the parameters of XGBoost come to once the response is known: names joined, AUTO resolved, in the library's terms."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from artesian.learn.base.calibration import actual_method
from artesian.learn.base.design import Design, DesignOptions, Scaling
from artesian.learn.base.details import Category
from artesian.learn.base.early_stopping import StoppingRule, metric_in_use
from artesian.learn.xgboost.parameters import XGBoostParameters

ALIASES: dict[str, str] = {
    "col_sample_rate": "colsample_bylevel",
    "col_sample_rate_per_tree": "colsample_bytree",
    "sample_rate": "subsample",
    "learn_rate": "eta",
    "max_abs_leafnode_pred": "max_delta_step",
    "min_rows": "min_child_weight",
    "min_split_improvement": "gamma",
}
"""H2O's names of parameters, and the library's of the same."""
EXACT_CELLS = 2_000_000
"""Tables of at most so many numbers take a second or two with exact splits."""
_OBJECTIVES = {
    "bernoulli": "binary:logistic",
    "multinomial": "multi:softprob",
    "gaussian": "reg:squarederror",
    "poisson": "count:poisson",
    "gamma": "reg:gamma",
    "tweedie": "reg:tweedie",
}
_INT32_MAX = 2**31 - 1
_ONE_THREAD_CELLS = 50_000
"""On tables of fewer numbers threads wait for each other longer than they work."""
_EACH_ROUND_ROWS = 50_000
_ROUNDS_BETWEEN = 5


@dataclass(frozen=True)
class Plan:
    """Resolved choices of one training."""

    parameters: XGBoostParameters
    category: Category

    @property
    def is_classification(self) -> bool:
        """Whether classes are predicted."""
        return self.category is not Category.REGRESSION

    @property
    def distribution(self) -> str:
        """The distribution in use."""
        if self.category is Category.BINOMIAL:
            return "bernoulli"
        if self.category is Category.MULTINOMIAL:
            return "multinomial"
        return "gaussian" if self.parameters.distribution == "AUTO" else self.parameters.distribution

    @property
    def grows_trees(self) -> bool:
        """Whether the booster is made of trees."""
        return self.parameters.booster != "gblinear"

    def value(self, name: str) -> Any:
        """The value of a parameter of two names, by the name that is H2O's: the library's name counts if it was set."""
        default = XGBoostParameters.__dataclass_fields__[name].default
        alias = getattr(self.parameters, ALIASES[name])
        return alias if alias != default else getattr(self.parameters, name)

    def tree_method(self, rows: int, inputs: int) -> str:
        """How splits are found in a table of that size."""
        p = self.parameters
        if p.tree_method != "auto":
            return p.tree_method
        binned = p.grow_policy == "lossguide" or p.max_leaves > 0 or p.max_bins != 256
        return "hist" if binned or rows * inputs > EXACT_CELLS else "exact"

    @property
    def keeps_rounds_repeatable(self) -> bool:
        """Whether scoring must not go by the clock, so that early stopping ends at the same round every time."""
        return self.parameters.stopping_rounds > 0

    def score_interval(self, rows: int) -> int:
        """Rounds between two scorings; 0 to go by the clock."""
        p = self.parameters
        if p.score_each_iteration:
            return 1
        if p.score_tree_interval:
            return p.score_tree_interval
        if not self.keeps_rounds_repeatable:
            return 0
        return 1 if rows <= _EACH_ROUND_ROWS else _ROUNDS_BETWEEN

    @property
    def scores_eval_metric_only(self) -> bool:
        """Whether scorings before the last measure the eval_metric alone."""
        return self.parameters.score_eval_metric_only and bool(self.parameters.eval_metric)

    @property
    def watches_eval_metric(self) -> bool:
        """Whether early stopping goes by the eval_metric."""
        return self.parameters.stopping_metric in ("custom", "custom_increasing")

    @property
    def stopping(self) -> StoppingRule:
        """The rule of early stopping (rounds 0: never)."""
        return StoppingRule.of(self.parameters, self.category)

    @property
    def encoding(self) -> str:
        """How categorical columns become numbers."""
        chosen = self.parameters.categorical_encoding
        return "OneHotInternal" if chosen == "AUTO" else chosen

    @property
    def design(self) -> DesignOptions:
        """How columns become inputs."""
        sparse = {"auto": None, "dense": False, "sparse": True}[self.parameters.dmatrix_type]
        return DesignOptions(scaling=Scaling.NONE, encoding=self.encoding, sparse=sparse, keep_missing=True)

    def booster(self, design: Design, *, classes: int, rows: int, seed: int, threads: int) -> dict[str, Any]:
        """The library's parameters."""
        p = self.parameters
        chosen: dict[str, Any] = {
            "booster": p.booster,
            "objective": _OBJECTIVES[self.distribution],
            "eta": self.value("learn_rate"),
            "lambda": p.reg_lambda,
            "alpha": p.reg_alpha,
            "seed": seed % _INT32_MAX,
            "seed_per_iteration": True,
            "nthread": useful_threads(rows * design.n_inputs, threads if p.nthread == -1 else min(threads, p.nthread)),
            "verbosity": 0,
        }
        if self.category is Category.MULTINOMIAL:
            chosen["num_class"] = classes
        if self.distribution == "tweedie":
            chosen["tweedie_variance_power"] = p.tweedie_power
        if p.scale_pos_weight != 1:
            chosen["scale_pos_weight"] = p.scale_pos_weight
        if p.eval_metric:
            chosen["eval_metric"] = p.eval_metric
        else:
            chosen["disable_default_eval_metric"] = True
        if not self.grows_trees:
            return {**chosen, "updater": "coord_descent", "feature_selector": "cyclic"}
        return {**chosen, **self._trees(design, rows)}

    def _trees(self, design: Design, rows: int) -> dict[str, Any]:
        p = self.parameters
        chosen: dict[str, Any] = {
            "max_depth": p.max_depth,
            "min_child_weight": self.value("min_rows"),
            "gamma": self.value("min_split_improvement"),
            "max_delta_step": self.value("max_abs_leafnode_pred"),
            "subsample": self.value("sample_rate"),
            "colsample_bytree": self.value("col_sample_rate_per_tree"),
            "colsample_bylevel": self.value("col_sample_rate"),
            "colsample_bynode": p.colsample_bynode,
            "tree_method": self.tree_method(rows, design.n_inputs),
        }
        if chosen["tree_method"] == "exact":
            chosen["max_depth"] = p.max_depth or _INT32_MAX  # exact splits know no 0 for no limit
        else:
            chosen |= {"grow_policy": p.grow_policy, "max_bin": p.max_bins, "max_leaves": p.max_leaves}
        if p.monotone_constraints:
            chosen["monotone_constraints"] = directions(p.monotone_constraints, design)
        if p.interaction_constraints:
            chosen["interaction_constraints"] = groups(p.interaction_constraints, design)
        if p.booster == "dart":
            chosen |= {
                "sample_type": p.sample_type,
                "normalize_type": p.normalize_type,
                "rate_drop": p.rate_drop,
                "one_drop": int(p.one_drop),
                "skip_drop": p.skip_drop,
            }
        return chosen

    def actual(self, rows: int, inputs: int, sparse: bool) -> dict[str, Any]:
        """Actual values of parameters that were settled, for the model's details."""
        p = self.parameters
        joined = {name: self.value(name) for name in ALIASES}
        return {
            **joined,
            **{ALIASES[name]: value for name, value in joined.items()},
            "distribution": self.distribution,
            "categorical_encoding": self.encoding,
            "tree_method": self.tree_method(rows, inputs),
            "dmatrix_type": "sparse" if sparse else "dense",
            "backend": "cpu",
            "stopping_metric": metric_in_use(p, self.category),
            "calibration_method": actual_method(p) or p.calibration_method,
        }


def useful_threads(cells: int, threads: int) -> int:
    """How many threads work on so many numbers in no more time than one."""
    return threads if cells > _ONE_THREAD_CELLS else 1


def inputs_of(design: Design) -> dict[str, list[int]]:
    """The numbers of the inputs that each column (or column that it was encoded to) became."""
    found: dict[str, list[int]] = {}
    offsets = design.one_hot.offsets
    for encoded in design.encodings:
        if encoded.levels is not None:
            place = design.one_hot.names.index(encoded.names[0])
            found[encoded.column] = list(range(int(offsets[place]), int(offsets[place + 1])))
    names = list(design.numbers.names)
    first = design.one_hot.n_inputs
    for name in design.numeric:
        found[name] = [first + names.index(name)]
    for encoded in design.encodings:
        if encoded.table is not None:
            found[encoded.column] = [first + names.index(name) for name in encoded.names]
    return found


def directions(constraints: Mapping[str, float], design: Design) -> str:
    """The monotone constraints of all inputs as the library wants them: `(0,1,-1)`."""
    signs = ["0"] * design.n_inputs
    inputs = inputs_of(design)
    for name, value in constraints.items():
        for number in inputs[name]:
            signs[number] = "1" if value > 0 else "-1" if value < 0 else "0"
    return f"({','.join(signs)})"


def groups(constraints: Sequence[Sequence[str]], design: Design) -> str:
    """The interaction constraints as the library wants them: lists of numbers of inputs."""
    inputs = inputs_of(design)
    numbers = [[number for name in group for number in inputs[name]] for group in constraints]
    return json.dumps(numbers, separators=(",", ":"))
