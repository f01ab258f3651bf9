"""The probability from which on a model predicts the second of two classes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from artesian.client.expr import AstName, ExprNode

if TYPE_CHECKING:
    from artesian.client.model.base import ModelBase


def reset_model_threshold(model: ModelBase, threshold: float) -> float:
    """Sets it for the predictions that follow; the one before."""
    node = ExprNode("flatten", ExprNode("model.reset.threshold", AstName(model.model_id), threshold))
    return float(node.evaluate_scalar())
