"""Comparing models with each other, to find out whether trainings can be repeated."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

from artesian.client.tree import H2OTree

if TYPE_CHECKING:
    from artesian.client.model.base import ModelBase

_TREE_PARTS = ("left_children", "right_children", "features", "thresholds", "predictions", "nas", "levels")


def equal_gbm_model_tree_structure(gbm_1: ModelBase, gbm_2: ModelBase) -> bool:
    """Whether two GBM models have the same trees: as many, of the same classes, with equal splits and leaves."""
    if any(getattr(model, "algo", None) != "gbm" for model in (gbm_1, gbm_2)):
        return False
    parts = ("model_category", "domains")
    if any(gbm_1._output[part] != gbm_2._output[part] for part in parts) or _trees(gbm_1) != _trees(gbm_2):
        return False
    several = gbm_1._output["model_category"] == "Multinomial"
    classes = gbm_1._output["domains"][-1] if several else [None]
    return all(_same_tree(gbm_1, gbm_2, number, one) for number in range(_trees(gbm_1)) for one in classes)


def _trees(model: ModelBase) -> int:
    """The number of trees that were grown, which early stopping may have cut."""
    return int(model._output["model_summary"]["number_of_trees"][0])


def _same_tree(gbm_1: Any, gbm_2: Any, number: int, tree_class: str | None) -> bool:
    first, second = (H2OTree(model=model, tree_number=number, tree_class=tree_class) for model in (gbm_1, gbm_2))
    return all(_same(getattr(first, part), getattr(second, part)) for part in _TREE_PARTS)


def _same(first: Any, second: Any) -> bool:
    """Equal values; what is missing in both is equal."""
    if isinstance(first, (list, tuple)) and isinstance(second, (list, tuple)):
        return len(first) == len(second) and all(map(_same, first, second))
    both_missing = isinstance(first, float) and isinstance(second, float) and math.isnan(first) and math.isnan(second)
    return both_missing or bool(first == second)
