"""Models made of others: with given coefficients, with the effects that predictions leave out put back; and paths told."""

from __future__ import annotations

import copy
import math
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from artesian.core.clock import now_ms
from artesian.core.errors import InvalidArgument
from artesian.learn.base.table import Table
from artesian.learn.linear.model import Facts, GLMModel
from artesian.learn.linear.path import Path, Submodel
from artesian.learn.linear.tables import coefficient_tables, importances

Floats = NDArray[np.float64]


def all_names(model: GLMModel) -> list[str]:
    """Names of all coefficients, those of several classes with `_class` behind."""
    names = model.coefficient_names
    if not model.is_several:
        return names
    return [f"{name}_{level}" for level in model.details.response_domain for name in names]


def with_coefficients(
    model: GLMModel, names: Sequence[str], values: Sequence[float], key: str, threshold: float
) -> GLMModel:
    """A copy of a model with other coefficients by raw inputs; those not named stay. It has no metrics.

    InvalidArgument for an unknown name, or fewer values than names.
    """
    known = all_names(model)
    if len(names) != len(values):
        raise InvalidArgument(f"Each name needs a value. Got {len(names)} names and {len(values)} values.")
    if len(values) != len(known):
        raise InvalidArgument(
            f"The model coefficient length {len(known)} is different from coefficient provided by user {len(values)}: "
            f"give one value for each of {', '.join(known[:50])}."
        )
    unknown = [name for name in names if name not in known]
    if unknown:
        raise InvalidArgument(f"The model has no coefficient '{unknown[0]}'. It has: {', '.join(known[:50])}.")
    beta = model.beta.ravel().copy()
    for name, value in zip(names, values, strict=True):
        beta[known.index(name)] = value
    made = _copy(model, key, beta.reshape(model.beta.shape), Facts(**{**vars(model.facts), "adjustment": 0.0}))
    made.details.default_threshold = threshold
    made.details.training_metrics = made.details.validation_metrics = None
    made.details.scoring_history = made.details.model_summary = None
    _describe(made)
    return made


def derived(model: GLMModel, key: str, *, without_controls: bool, without_offset: bool) -> GLMModel:
    """A copy of a model whose predictions leave out less than its own do; with the metrics that training measured for it.

    InvalidArgument for a model that leaves nothing out, or one that does not leave out what the copy should.
    """
    facts = model.facts
    if not facts.without and not facts.without_offset:
        raise InvalidArgument(
            "The model leaves nothing out of its predictions: it was trained without control_variables and remove_offset_effects."
        )
    if (without_controls or without_offset) and not (facts.without and facts.without_offset):
        raise InvalidArgument(
            "Leaving out one of both effects needs a model trained with control_variables and remove_offset_effects both."
        )
    if without_controls and without_offset:
        raise InvalidArgument("A copy that leaves both effects out would be the model itself.")
    changed = Facts(
        **{
            **vars(facts),
            "without": facts.without if without_controls else (),
            "without_offset": facts.without_offset and without_offset,
        }
    )
    made = _copy(model, key, model.beta.copy(), changed)
    variant = "controls" if without_controls else "offset" if without_offset else "all"
    measured: Mapping[str, Any] = model.variants.get(variant, {})
    made.details.training_metrics = measured.get("training")
    made.details.validation_metrics = measured.get("validation")
    if measured.get("history") is not None:
        made.details.scoring_history = Table.from_dict(measured["history"])
    for name, value in (
        ("control_variables", list(changed.without) or None),
        ("remove_offset_effects", changed.without_offset),
    ):
        made.details.parameters[name] = {**made.details.parameters[name], "given": value, "actual": value}
    made.details.variable_importances = importances(made)
    return made


def _copy(model: GLMModel, key: str, beta: Floats, facts: Facts) -> GLMModel:
    details = copy.deepcopy(model.details)
    details.key, details.created_ms, details.end_ms = key, now_ms(), now_ms()
    details.cross_validation_metrics = details.cross_validation_summary = None
    details.cross_validation_models = details.cross_validation_predictions = None
    details.cross_validation_holdout_predictions = details.cross_validation_fold_assignment = None
    details.cross_validation_scoring_histories = None
    made = GLMModel(details, model.terms, model.family, beta, Path(), facts, centred=model.centred)
    made.target_step = model.target_step
    flat = _flat(made)
    best = model.path.best if model.path.submodels else None
    deviance = math.nan if best is None or not np.array_equal(beta, model.beta) else best.deviance_train
    made.path = Path([Submodel(0.0, 0.0, flat, -1, deviance)])
    return made


def _flat(model: GLMModel) -> Floats:
    """Coefficients as they are optimised."""
    if model.family.name != "ordinal":
        return model.standardized().ravel()
    scaled = model.terms.standardized(model.beta[:-1], centred=model.centred)
    return np.concatenate([scaled[0, :-1], scaled[:, -1]])


def _describe(model: GLMModel) -> None:
    details = model.details
    details.extra = {**details.extra, **coefficient_tables(model, None, None)}
    details.extra |= {"lambda_best": 0.0, "alpha_best": 0.0, "best_submodel_index": 0}
    details.extra |= {"vif_predictor_names": None, "variable_inflation_factors": None}
    for name in ("linear_constraints_table", "linear_constraint_states", "all_constraints_satisfied"):
        details.extra.pop(name, None)  # of other coefficients
    details.variable_importances = importances(model)


def regularization_path(model: GLMModel) -> dict[str, Any]:
    """All models of the path, as plain data: penalties, explained deviances, coefficients, and inference where there is any."""
    details, path = model.details, model.path.submodels
    training, validation = details.training_metrics, details.validation_metrics
    betas = [_by_class(model, item.beta) for item in path]
    raw = [_raw(model, beta) for beta in betas]
    inferred = bool(path) and all(item.z is not None for item in path) and details.actual("compute_p_values")
    return {
        "coefficient_names": all_names(model),
        "lambdas": [item.strength for item in path],
        "alphas": [item.alpha for item in path],
        "explained_deviance_train": [_explained(item.deviance_train, training) for item in path],
        "explained_deviance_valid": None
        if validation is None
        else [_explained(item.deviance_valid, validation) for item in path],
        "coefficients": [beta.ravel().tolist() for beta in raw],
        "coefficients_std": [b.ravel().tolist() for b in betas] if details.actual("standardize") else None,
        **(_inferred(model, raw) if inferred else {"z_values": None, "p_values": None, "std_errs": None}),
    }


def _by_class(model: GLMModel, beta: Floats) -> Floats:
    width = model.terms.width
    if model.family.name == "multinomial":
        return beta.reshape(-1, width + 1)
    if model.family.name == "ordinal":
        thresholds = beta[width:]
        shared = np.tile(beta[:width], (len(thresholds), 1))
        return np.vstack([np.column_stack([shared, thresholds]), np.zeros(width + 1)])
    return beta[None, :]


def _raw(model: GLMModel, beta: Floats) -> Floats:
    if model.family.name != "ordinal":
        return model.terms.unstandardized(beta, centred=model.centred)
    return np.vstack([model.terms.unstandardized(beta[:-1], centred=model.centred), np.zeros(beta.shape[1])])


def _explained(deviance: float, metrics: Mapping[str, Any] | None) -> float:
    if metrics is None or not isinstance(metrics.get("null_deviance"), (int, float)) or not metrics["null_deviance"]:
        return math.nan
    return 1 - float(metrics["nobs"]) * deviance / float(metrics["null_deviance"])


def _inferred(model: GLMModel, raw: Sequence[Floats]) -> dict[str, Any]:
    from scipy.special import ndtr, stdtr

    metrics = model.details.training_metrics or {}
    freedom = metrics.get("residual_degrees_of_freedom") or 1
    found: dict[str, list[list[float]]] = {"z_values": [], "p_values": [], "std_errs": []}
    for item, beta in zip(model.path.submodels, raw, strict=True):
        z = np.asarray(item.z)
        tail = stdtr(freedom, -np.abs(z)) if item.dispersion_estimated else ndtr(-np.abs(z))
        with np.errstate(divide="ignore", invalid="ignore"):
            errors = beta.ravel() / z
        found["z_values"].append(z.tolist())
        found["p_values"].append((2 * tail).tolist())
        found["std_errs"].append(errors.tolist())
    return found
