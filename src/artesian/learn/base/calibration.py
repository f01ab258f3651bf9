"""Calibration of the probabilities of two classes on rows that training did not see: Platt's scaling, or isotonic regression.

An algorithm that offers it inherits `CalibrationParameters`, hands `check_calibration` on from its checks, learns with
`Calibration.learn` once its model is there, adds `calibrated` to the frame of predictions and keeps `to_state`.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Self

import numpy as np
from numpy.typing import NDArray

from artesian.core.errors import InvalidArgument, Problem
from artesian.frame import Frame
from artesian.learn.base.algorithm import Situation
from artesian.learn.base.details import Category
from artesian.learn.base.model import Model, real_column
from artesian.learn.base.parameters import Kind, Parameters, parameter
from artesian.learn.base.scoring import Scorer

Floats = NDArray[np.float64]
METHODS = ("AUTO", "PlattScaling", "IsotonicRegression")
_NEWTON_STEPS = 50
_LARGEST_LOGIT = 500.0


@dataclass(frozen=True)
class CalibrationParameters(Parameters):
    """Whether and on which rows the probabilities of two classes are calibrated."""

    calibrate_model: bool = parameter(
        False,
        "Learn from calibration_frame how often a predicted probability comes true, and add calibrated probabilities to "
        "the predictions; for two classes.",
        kind=Kind.BOOLEAN,
        level="expert",
        gridable=False,
    )
    calibration_frame: str | None = parameter(
        None,
        "Key of the frame that calibration learns from; its rows should not be among those of the training.",
        kind=Kind.FRAME,
        level="expert",
        gridable=False,
    )
    calibration_method: str = parameter(
        "AUTO",
        "How probabilities are calibrated: by a logistic curve (PlattScaling, AUTO too) or a rising step curve.",
        kind=Kind.CHOICE,
        level="expert",
        gridable=False,
        choices=METHODS,
    )


def check_calibration(situation: Situation) -> Iterator[Problem]:
    """What the parameters of calibration must fulfil together with the frames."""
    values, roles = situation.values, situation.roles
    frame: Frame | None = situation.frames.get("calibration_frame")
    if not values["calibrate_model"]:
        if values["calibration_frame"]:
            sentence = "The 'calibration_frame' parameter has no effect unless calibrate_model is on."
            yield Problem("warning", "calibration_frame", sentence)
        return
    if roles.category is not None and roles.category is not Category.BINOMIAL:
        sentence = "The 'calibrate_model' parameter is for models of two classes only. Turn it off."
        yield Problem("error", "calibrate_model", sentence)
    if not values["calibration_frame"]:
        sentence = "The 'calibrate_model' parameter needs a calibration_frame, of rows that training does not see."
        yield Problem("error", "calibrate_model", sentence)
    if frame is not None and roles.response and roles.response not in frame:
        sentence = f"The calibration frame has no response column '{roles.response}'."
        yield Problem("error", "calibration_frame", sentence)


def actual_method(values: Any) -> str | None:
    """The method in use, for the details of a model; None without calibration."""
    if not values.calibrate_model:
        return None
    return "PlattScaling" if values.calibration_method == "AUTO" else str(values.calibration_method)


@dataclass(frozen=True)
class Calibration:
    """A curve from the predicted probability of the second class to the calibrated one.

    Platt's scaling (Platt 1999, Probabilistic outputs for support vector machines; on the probability, as H2O has it):
    `knots` is empty, `values` are intercept and slope of the logit. Isotonic: straight lines between `knots` and `values`,
    level beyond the ends.
    """

    method: str
    knots: Floats
    values: Floats

    @classmethod
    def learn(cls, method: str, model: Model, frame: Frame, *, threads: int = 1) -> Self:
        """From the rows of a calibration frame that have a response and a weight. InvalidArgument where that cannot be."""
        scorer = Scorer.of(model.details)
        actual = scorer.actual(frame)
        if actual is None:
            raise InvalidArgument(f"The calibration frame has no response column '{model.details.response}'.")
        probability = model.raw(frame, threads=threads)[:, 1]
        weights = scorer.weights(frame)
        keep = (actual == 0) | (actual == 1)
        if weights is not None:
            keep &= weights > 0
        response = actual[keep]
        if not len(response) or response.min() == response.max():
            raise InvalidArgument("The calibration frame must have rows of both classes.")
        return cls.fit(method, probability[keep], response, None if weights is None else weights[keep])

    @classmethod
    def fit(cls, method: str, probability: Floats, response: Floats, weights: Floats | None = None) -> Self:
        """From probabilities [n] and responses 0 or 1 [n], both there."""
        mass = np.ones(len(response)) if weights is None else weights
        if method == "IsotonicRegression":
            return cls(method, *_isotonic(probability, response, mass))
        return cls("PlattScaling", np.zeros(0), _logistic(probability, response, mass))

    def calibrated(self, probability: Floats) -> Floats:
        """Calibrated probabilities of the second class [n]."""
        if self.method == "IsotonicRegression":
            return np.asarray(np.interp(probability, self.knots, self.values))
        logit = np.clip(self.values[0] + self.values[1] * probability, -_LARGEST_LOGIT, _LARGEST_LOGIT)
        return np.asarray(1 / (1 + np.exp(-logit)))

    def beside(self, predictions: Frame) -> Frame:
        """A frame of predictions (label, two probabilities) with the two calibrated ones behind them."""
        names = predictions.names[1:3]
        second = self.calibrated(np.asarray(predictions.columns[2].floats()))
        columns = [real_column(1 - second), real_column(second)]
        return Frame([*predictions.names, *(f"cal_{name}" for name in names)], [*predictions.columns, *columns])

    def to_state(self) -> dict[str, Any]:
        """JSON-safe; `from_state` gives an equal curve back."""
        return {"method": self.method, "knots": self.knots.tolist(), "values": self.values.tolist()}

    @classmethod
    def from_state(cls, state: Mapping[str, Any]) -> Self:
        """The curve of a `to_state`."""
        return cls(state["method"], np.array(state["knots"], dtype=float), np.array(state["values"], dtype=float))


def _logistic(x: Floats, y: Floats, mass: Floats) -> Floats:
    """Intercept and slope of the logistic regression of y on x by Newton's method, halving steps that do not improve.

    Where the classes are separable the coefficients have no finite optimum; the last finite ones are taken.
    """
    design = np.column_stack([np.ones_like(x), x])
    share = float(np.clip((mass @ y) / mass.sum(), 1e-6, 1 - 1e-6))
    beta = np.array([np.log(share / (1 - share)), 0.0])
    loss = _logistic_loss(design @ beta, y, mass)
    for _ in range(_NEWTON_STEPS):
        p = 1 / (1 + np.exp(-np.clip(design @ beta, -_LARGEST_LOGIT, _LARGEST_LOGIT)))
        gradient = design.T @ (mass * (y - p))
        hessian = (design * (mass * p * (1 - p))[:, None]).T @ design
        step = np.linalg.lstsq(hessian, gradient, rcond=1e-12)[0]
        while np.abs(step).max() > 1e-12:
            new = _logistic_loss(design @ (beta + step), y, mass)
            if new <= loss:
                break
            step = step / 2
        if np.abs(step).max() <= 1e-12 * max(1.0, np.abs(beta).max()):
            break
        beta, previous, loss = beta + step, loss, _logistic_loss(design @ (beta + step), y, mass)
        if previous - loss <= 1e-14 * max(abs(loss), 1e-300):
            break
    return np.asarray(beta)


def _logistic_loss(logit: Floats, y: Floats, mass: Floats) -> float:
    return float(mass @ (np.logaddexp(0.0, logit) - y * logit))


def _isotonic(x: Floats, y: Floats, mass: Floats) -> tuple[Floats, Floats]:
    """Knots and values of the rising curve nearest to y by weighted squares; equal x count as one row of their mean."""
    from scipy.optimize import isotonic_regression

    knots, place = np.unique(x, return_inverse=True)
    total = np.bincount(place, mass)
    means = np.bincount(place, mass * y) / total
    values = np.asarray(isotonic_regression(means, weights=total).x)
    # only the ends of each level stretch matter
    keep = np.ones(len(knots), dtype=bool)
    keep[1:-1] = (values[1:-1] != values[:-2]) | (values[1:-1] != values[2:])
    return knots[keep], values[keep]
