"""What every model of a run is trained with beside its step's own parameters: frames, folds, weights, stopping, distribution."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from artesian.learn.base.details import Category
from artesian.learn.base.parameters import fields_of
from artesian.learn.base.registry import algorithm
from artesian.learn.base.validation import ValidatedParameters
from artesian.learn.training import Trainer
from artesian.search.automl.events import EventLog
from artesian.search.automl.spec import Spec

_OF_DISTRIBUTION: Final = {
    "tweedie": "tweedie_power",
    "quantile": "quantile_alpha",
    "huber": "huber_alpha",
    "custom": "custom_distribution_func",
}
_ALONE: Final = {("DeepLearning", "def_1"), ("GLM", "def_1")}
"""Steps with stopping rules of their own."""


@dataclass(frozen=True)
class Frames:
    """Keys of the frames that a run trains with, once they are split."""

    training: str
    validation: str | None
    blending: str | None
    leaderboard: str | None


class Common:
    """Completes the parameters of steps."""

    def __init__(self, trainer: Trainer, spec: Spec, category: Category, frames: Frames, events: EventLog) -> None:
        self._trainer, self._spec, self._category = trainer, spec, category
        self._frames, self._events = frames, events
        self._unsuited: set[str] = set()

    def completed(self, provider: str, step: str, name: str, own: Mapping[str, Any]) -> dict[str, Any]:
        """The parameters of a model of the algorithm `name`, without key, seed and time limit."""
        spec = self._spec
        known = fields_of(algorithm(name).parameters)
        values: dict[str, Any] = {
            "training_frame": self._frames.training,
            "validation_frame": self._frames.validation,
            "response_column": spec.response_column,
            "weights_column": spec.weights_column,
            "ignored_columns": list(spec.ignored_columns) or None,
            "custom_metric_func": spec.custom_metric_func,
            "export_checkpoints_dir": spec.export_checkpoints_dir,
            **self._folds(name),
        }
        if (provider, step) not in _ALONE:
            values |= {
                "stopping_rounds": spec.stopping_rounds,
                "stopping_tolerance": spec.stopping_tolerance,
                "stopping_metric": self._stopping_metric(),
            }
        if spec.balance_classes:
            values |= self._balance(name)
        values |= self._constraints() | dict((spec.algo_parameters or {}).get(algorithm(name).called, {}))
        values |= own
        given = {key: value for key, value in values.items() if value is not None and key in known}
        return self._with_distribution(name, given, known)

    def _folds(self, name: str) -> dict[str, Any]:
        spec = self._spec
        if not spec.is_cross_validated:
            return {}
        values: dict[str, Any] = {
            "keep_cross_validation_predictions": True,
            "keep_cross_validation_models": spec.keep_cross_validation_models,
            "keep_cross_validation_fold_assignment": spec.keep_cross_validation_fold_assignment,
        }
        if spec.bags_folds and (name != "glm" or spec.fold_models_predict):
            values["fold_models_predict"] = (
                True  # a linear model is soon fitted again, and then has coefficients to show
            )
        if spec.fold_column:
            return values | {"fold_column": spec.fold_column}
        return values | {"nfolds": spec.nfolds, "fold_assignment": "Modulo"}

    def _stopping_metric(self) -> str:
        if self._spec.stopping_metric != "AUTO":
            return self._spec.stopping_metric
        return "deviance" if self._category is Category.REGRESSION else "logloss"

    def _balance(self, name: str) -> dict[str, Any]:
        spec = self._spec
        if name != "xgboost":
            return {
                "balance_classes": True,
                "class_sampling_factors": list(spec.class_sampling_factors) if spec.class_sampling_factors else None,
                "max_after_balance_size": spec.max_after_balance_size,
            }
        if self._category is not Category.BINOMIAL:
            return {}
        response = self._trainer.store.frame(self._frames.training)[spec.response_column].values
        positives = int((response == 1).sum())
        return {"scale_pos_weight": int((response == 0).sum()) / positives} if positives else {}

    def _constraints(self) -> dict[str, Any]:
        return (
            {"monotone_constraints": dict(self._spec.monotone_constraints)} if self._spec.monotone_constraints else {}
        )

    def _with_distribution(self, name: str, given: dict[str, Any], known: Mapping[str, Any]) -> dict[str, Any]:
        """With the distribution asked for, where the algorithm has it; else with its own choice, and a note."""
        wanted = self._spec.distribution
        field = next((field for field in ("distribution", "family") if field in known), None)
        if wanted == "AUTO":
            return given
        if field is None:
            return given
        of_it = _OF_DISTRIBUTION.get(wanted)
        values = {**given, field: "binomial" if field == "family" and wanted == "bernoulli" else wanted}
        if of_it is not None and of_it in known:
            values[of_it] = getattr(self._spec, of_it)
        elif of_it is not None and field == "family" and "tweedie_variance_power" in known:
            values["tweedie_variance_power"] = self._spec.tweedie_power
        checked = self._trainer.check(name, values)
        if not any(problem.severity == "error" and problem.field in (field, of_it) for problem in checked.problems):
            return values
        if name not in self._unsuited:
            self._unsuited.add(name)
            title = algorithm(name).title
            self._events.info(
                "ModelTraining", f"{title} has no {wanted} distribution: it takes its own choice instead."
            )
        return given


def why_not(checked: ValidatedParameters) -> str | None:
    """What is wrong with parameters, in one text; None where nothing is."""
    errors = [f"{p.field}: {p.message}" for p in checked.problems if p.severity == "error"]
    return " ".join(errors) or None
