"""Fits one model: what stands in front of any algorithm is learnt first, and goes with the model that it learns from."""

from __future__ import annotations

import dataclasses
from typing import Any

from artesian.frame import Frame
from artesian.learn.base.algorithm import Algorithm, Fit
from artesian.learn.base.model import Model
from artesian.learn.base.target_encoding import NAME, Options, Targets, TargetStep


def fit_model(algorithm: type[Algorithm], fit: Fit) -> Model:
    """The model of a fit; one of target-encoded columns reads frames as they were before.

    From here on the user may end the training of a model that keeps what it has, unless it is one of a fold.
    """
    if fit.fold is None:
        ends = algorithm.can_end_early(fit.parameters)
        fit.context.can_finish("" if ends else "It has nothing to keep before its end: cancel it, or wait for it.")
    encoded = with_targets(fit)
    model = algorithm.fit(encoded)
    model.target_step = encoded.target_step
    return model


def fold_parameters(algorithm: type[Algorithm], fit: Fit) -> Any:
    """See `Algorithm.fold_parameters`; what all rows settle they settle as they are learnt from."""
    encoded = with_targets(fit)
    found = algorithm.fold_parameters(encoded)
    if encoded.target_step is None:
        return found
    return dataclasses.replace(found, categorical_encoding=fit.parameters.categorical_encoding)


def with_targets(fit: Fit) -> Fit:
    """The fit with columns of many levels encoded, where that is asked for. Columns of few levels are left to the algorithm."""
    p, frame, roles, response = fit.parameters, fit.training, fit.roles, fit.roles.response
    if getattr(p, "categorical_encoding", None) != NAME or response is None:
        return fit
    options = Options(p.target_encoding_levels, p.target_encoding_folds, p.target_encoding_smoothing, fit.seed)
    previous = fit.models.get("checkpoint")
    column = frame[response]
    classes = column.levels if column.domain is not None else None
    if previous is not None and classes is not None:
        classes = previous.details.response_domain
    targets = Targets.of(frame, response, roles.weights, classes)
    if previous is not None and previous.target_step is not None:
        step = previous.target_step
    else:
        step = TargetStep.fit(frame, roles.predictors, targets, options)
    validation, calibration = fit.validation, fit.frames.get("calibration_frame")
    return dataclasses.replace(
        fit,
        parameters=dataclasses.replace(p, categorical_encoding="AUTO"),
        training=step.held_out(frame, targets, options),
        validation=None if validation is None else step.apply(validation),
        frames={**fit.frames, "calibration_frame": step.apply(calibration)}
        if isinstance(calibration, Frame)
        else fit.frames,
        roles=dataclasses.replace(roles, predictors=step.predictors),
        target_step=step,
    )
