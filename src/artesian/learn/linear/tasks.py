"""What worker processes do with finished linear models. Arguments and results are plain data."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from artesian.core.errors import InvalidArgument
from artesian.core.ids import new_key
from artesian.learn.base.context import Context
from artesian.learn.base.fold_bag import refuse_bag
from artesian.learn.base.model import load_model
from artesian.learn.linear.making import derived, regularization_path, with_coefficients
from artesian.learn.linear.model import GLMModel


def make_model(
    context: Context, *, model_folder: str, dest: str, names: Sequence[str], values: Sequence[float], threshold: float
) -> dict[str, Any]:
    """A model with other coefficients: what `learn.tasks:train` answers of one."""
    return _made(context, with_coefficients(_linear(model_folder), names, values, dest, threshold))


def make_derived(
    context: Context, *, model_folder: str, dest: str, without_controls: bool, without_offset: bool
) -> dict[str, Any]:
    """A model that leaves less out of its predictions: what `learn.tasks:train` answers of one."""
    model = _linear(model_folder)
    return _made(context, derived(model, dest, without_controls=without_controls, without_offset=without_offset))


def tell_path(context: Context, *, model_folder: str) -> Mapping[str, Any]:
    """All models of a path, see `regularization_path`."""
    return regularization_path(_linear(model_folder))


def _linear(folder: str) -> GLMModel:
    model = load_model(folder)
    refuse_bag(model, "no coefficients of its own")
    if not isinstance(model, GLMModel):
        raise InvalidArgument(f"The model '{model.details.key}' is of {model.details.title}; a linear model is needed.")
    return model


def _made(context: Context, model: GLMModel) -> dict[str, Any]:
    folder = model.save(context.scratch / new_key("model"))
    made = {"key": model.details.key, "folder": str(folder)}
    return {"model": made, "models": [], "frames": {}, "metrics": {}}
