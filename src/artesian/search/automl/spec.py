"""What an AutoML run is asked for: the request's values, checked against the frames that they name."""

from __future__ import annotations

import dataclasses
import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from artesian.core.errors import InvalidArgument, did_you_mean
from artesian.core.ids import check_key
from artesian.frame import Column, ColumnType, Frame
from artesian.frame.io import jail
from artesian.learn.base.custom_code import DISTRIBUTION_REFUSED
from artesian.learn.base.details import Category
from artesian.learn.training import Trainer
from artesian.search.leaderboard import checked_metric

ALGORITHMS = ("GLM", "DRF", "GBM", "DeepLearning", "StackedEnsemble", "XGBoost")
DEFAULT_RUNTIME_SECS = 3600.0
DEFAULT_FOLDS = 5
MORE_FOLDS = 8
FEW_ROWS_OF_A_CLASS = 250
"""With fewer, runs that time ends take more folds: each row that a model does not learn from counts."""
STOPPING_ROUNDS = 3
STOPPING_TOLERANCE = 0.001
BLENDING_CELLS_PER_SEC = 2064
"""Cells of the table per second and thread of the time limit above which a blending frame takes the place of folds."""
_DISTRIBUTIONS = {
    Category.BINOMIAL: ("bernoulli", "custom"),
    Category.MULTINOMIAL: ("multinomial", "custom"),
    Category.REGRESSION: (
        "gaussian",
        "poisson",
        "gamma",
        "laplace",
        "quantile",
        "huber",
        "tweedie",
        "negativebinomial",
        "custom",
    ),
}
PREPROCESSING = ("target_encoding",)
_FRAME_ROLES = ("training_frame", "validation_frame", "blending_frame", "leaderboard_frame")


@dataclass(frozen=True)
class Spec:
    """The values of a run. Frames and columns are keys and names; 0 or None means that no limit is set."""

    training_frame: str
    response_column: str
    project_name: str
    validation_frame: str | None = None
    blending_frame: str | None = None
    leaderboard_frame: str | None = None
    fold_column: str | None = None
    weights_column: str | None = None
    ignored_columns: tuple[str, ...] = ()
    sort_metric: str = "AUTO"
    nfolds: int = -1
    balance_classes: bool = False
    class_sampling_factors: tuple[float, ...] | None = None
    max_after_balance_size: float = 5.0
    keep_cross_validation_predictions: bool = False
    keep_cross_validation_models: bool = False
    keep_cross_validation_fold_assignment: bool = False
    export_checkpoints_dir: str | None = None
    distribution: str = "AUTO"
    tweedie_power: float = 1.5
    quantile_alpha: float = 0.5
    huber_alpha: float = 0.9
    custom_distribution_func: str | None = None
    custom_metric_func: str | None = None
    max_models: int = 0
    max_runtime_secs: float = 0.0
    max_runtime_secs_per_model: float = 0.0
    stopping_rounds: int = STOPPING_ROUNDS
    stopping_metric: str = "AUTO"
    stopping_tolerance: float = -1.0
    seed: int = -1
    include_algos: tuple[str, ...] | None = None
    exclude_algos: tuple[str, ...] | None = None
    exploitation_ratio: float = -1.0
    modeling_plan: tuple[Any, ...] | None = None
    preprocessing: tuple[str, ...] | None = None
    algo_parameters: Mapping[str, Mapping[str, Any]] | None = None
    """Parameters of single algorithms, by the algorithm's name."""
    monotone_constraints: Mapping[str, float] | None = None
    fold_models_predict: bool | None = None
    """Whether the models of folds together are the predictor: None where time is limited and the number of models is not."""

    @property
    def key(self) -> str:
        """Key of the run: runs of one project and one response share a leaderboard."""
        return f"{self.project_name}@@{self.response_column}"

    @property
    def is_cross_validated(self) -> bool:
        """Whether models are validated by folds (once `settled`)."""
        return self.nfolds > 1 or self.fold_column is not None

    @property
    def is_reproducible(self) -> bool:
        """Whether the number of models, not time, ends the run."""
        return self.max_models > 0

    @property
    def bags_folds(self) -> bool:
        """Whether the models of folds together are the predictor."""
        if not self.is_cross_validated:
            return False
        return not self.is_reproducible if self.fold_models_predict is None else self.fold_models_predict

    def to_dict(self) -> dict[str, Any]:
        """JSON-safe values by name."""
        return {
            name: list(value) if isinstance(value, tuple) else dict(value) if isinstance(value, Mapping) else value
            for name, value in vars(self).items()
        }

    @classmethod
    def of(cls, values: Mapping[str, Any]) -> Spec:
        """The values by name; None stands for a default. InvalidArgument for an unknown name or a missing frame."""
        known = {item.name for item in dataclasses.fields(cls)}
        given = {name: value for name, value in values.items() if value is not None}
        for name in given:
            if name not in known:
                raise InvalidArgument(f"AutoML has no parameter '{name}'.{did_you_mean(name, known)}", argument=name)
        for name in ("training_frame", "response_column", "project_name"):
            if not given.get(name):
                raise InvalidArgument(f"AutoML needs the parameter '{name}'.", argument=name)
        plain: dict[str, Any] = {
            name: tuple(value) if isinstance(value, list) else value for name, value in given.items()
        }
        return cls(**plain)


@dataclass(frozen=True)
class Task:
    """A checked run: its values with defaults filled in, the kind of problem, and notes for the event log."""

    spec: Spec
    category: Category
    notes: tuple[tuple[str, str, str], ...]
    """Level, stage and sentence of each."""

    @property
    def sort_metric(self) -> str:
        """The metric of the leaderboard."""
        return self.spec.sort_metric


def check(spec: Spec, trainer: Trainer, threads: int) -> Task:
    """Fills defaults in and checks everything. Raises InvalidArgument, or NotFound for a frame that is not there."""
    frames = {role: trainer.store.frame(key) for role in _FRAME_ROLES if (key := getattr(spec, role))}
    training = frames["training_frame"]
    for role, frame in frames.items():
        if spec.response_column not in frame:
            raise InvalidArgument(
                f"The {role.replace('_', ' ')} has no response column '{spec.response_column}'."
                f"{did_you_mean(spec.response_column, frame.names)}",
                argument=role,
            )
    for role in ("fold_column", "weights_column"):
        name = getattr(spec, role)
        if name and name not in training:
            raise InvalidArgument(
                f"The training frame has no {role.replace('_', ' ')} '{name}'.{did_you_mean(name, training.names)}",
                argument=role,
            )
    notes: list[tuple[str, str, str]] = []
    category = _category(training[spec.response_column], spec.response_column)
    _check_choices(spec, category, trainer)
    settled = _settle_columns(spec, training, notes)
    settled = _settle_folds(settled, training, frames, threads, notes)
    settled = _settle_stopping(settled, notes)
    sort_metric = checked_metric(category, spec.sort_metric)
    notes.append(("Info", "Validation", f"Build control seed: {spec.seed}{' (random)' if spec.seed == -1 else ''}"))
    return Task(dataclasses.replace(settled, sort_metric=sort_metric), category, tuple(notes))


def _category(response: Column, name: str) -> Category:
    if response.domain is not None:
        if response.cardinality < 2:
            raise InvalidArgument(
                f"The response '{name}' has one class only; at least two are needed to learn from.",
                argument="response_column",
            )
        return Category.BINOMIAL if response.cardinality == 2 else Category.MULTINOMIAL
    if not response.type.is_numeric or response.type is ColumnType.TIME:
        raise InvalidArgument(
            f"The response '{name}' must be categorical or numeric. It is of type {response.type}.",
            argument="response_column",
        )
    return Category.REGRESSION


def _check_choices(spec: Spec, category: Category, trainer: Trainer) -> None:
    check_key(spec.project_name, "project_name")
    if spec.include_algos is not None and spec.exclude_algos is not None:
        raise InvalidArgument("Give either include_algos or exclude_algos, not both.", argument="include_algos")
    for role in ("include_algos", "exclude_algos"):
        for name in getattr(spec, role) or ():
            if name not in ALGORITHMS:
                raise InvalidArgument(
                    f"The parameter '{role}' names algorithms of AutoML: {', '.join(ALGORITHMS)}. Got '{name}'."
                    f"{did_you_mean(str(name), ALGORITHMS)}",
                    argument=role,
                )
    if spec.exploitation_ratio > 1:
        raise InvalidArgument(
            f"The parameter 'exploitation_ratio' must be between 0 and 1, or -1 for the plan's own. Got {spec.exploitation_ratio}.",
            argument="exploitation_ratio",
        )
    if spec.nfolds < -1 or spec.nfolds == 1:
        raise InvalidArgument(
            f"The parameter 'nfolds' must be 0, -1 (automatic) or at least 2. Got {spec.nfolds}.", argument="nfolds"
        )
    for name in ("max_models", "max_runtime_secs", "max_runtime_secs_per_model", "stopping_rounds"):
        value = getattr(spec, name)
        if value < 0 or not math.isfinite(value):
            raise InvalidArgument(f"The parameter '{name}' must be at least 0. Got {value}.", argument=name)
    for name in spec.preprocessing or ():
        if name not in PREPROCESSING:
            raise InvalidArgument(
                f"The parameter 'preprocessing' knows {', '.join(PREPROCESSING)}. Got '{name}'.",
                argument="preprocessing",
            )
    allowed = _DISTRIBUTIONS[category]
    if spec.distribution not in ("AUTO", *allowed):
        raise InvalidArgument(
            f"The distribution '{spec.distribution}' does not suit this response: {category.value.lower()} takes AUTO, "
            f"{', '.join(allowed)}.",
            argument="distribution",
        )
    _check_code(spec, trainer)
    if spec.export_checkpoints_dir:
        jail.check_export(spec.export_checkpoints_dir, trainer.settings)
    if spec.balance_classes and category is Category.REGRESSION:
        raise InvalidArgument(
            "The parameter 'balance_classes' needs a categorical response.", argument="balance_classes"
        )


def _check_code(spec: Spec, trainer: Trainer) -> None:
    """Raises InvalidArgument where a distribution in program code is asked for and is not there, or not allowed."""
    name, reference = "custom_distribution_func", spec.custom_distribution_func
    if spec.distribution == "custom" and not reference:
        raise InvalidArgument(
            "The distribution 'custom' needs custom_distribution_func: the reference that upload_custom_distribution gives.",
            argument=name,
        )
    if reference and spec.distribution != "custom":
        raise InvalidArgument(f"The '{name}' parameter is for the distribution 'custom' alone.", argument=name)
    if reference and not trainer.settings.allow_client_code:
        raise InvalidArgument(f"The '{name}' parameter is not available: {DISTRIBUTION_REFUSED}", argument=name)
    trainer.code(reference)


def _settle_columns(spec: Spec, training: Frame, notes: list[tuple[str, str, str]]) -> Spec:
    ignored = list(spec.ignored_columns)
    for role in ("response_column", "fold_column", "weights_column"):
        name = getattr(spec, role)
        if name in ignored:
            notes.append(("Info", "Validation", f"The {role} '{name}' is taken out of the ignored columns."))
            ignored.remove(name)
    for name in ignored:
        if name not in training:
            raise InvalidArgument(
                f"The training frame has no column '{name}' to ignore.{did_you_mean(name, training.names)}",
                argument="ignored_columns",
            )
    return dataclasses.replace(spec, ignored_columns=tuple(ignored))


def _settle_folds(
    spec: Spec, training: Frame, frames: Mapping[str, Frame], threads: int, notes: list[tuple[str, str, str]]
) -> Spec:
    """Folds, or a blending frame where folds would take longer than there is time."""
    stage = "Validation"
    if not spec.max_models and not spec.max_runtime_secs:
        notes.append(("Info", stage, "Neither max_models nor max_runtime_secs is given: the run takes one hour."))
        spec = dataclasses.replace(spec, max_runtime_secs=DEFAULT_RUNTIME_SECS)
    if spec.fold_column:
        notes.append(
            ("Warn", stage, f"The fold column {spec.fold_column} says what the folds are; nfolds does not count.")
        )
        spec = dataclasses.replace(spec, nfolds=0)
    elif spec.nfolds == -1:
        predictors = training.n_columns - 1 - len(spec.ignored_columns) - (spec.weights_column is not None)
        keeps = (
            spec.keep_cross_validation_predictions
            or spec.keep_cross_validation_models
            or spec.keep_cross_validation_fold_assignment
        )
        pace = predictors * training.n_rows / (spec.max_runtime_secs * threads) if spec.max_runtime_secs else 0.0
        blends = pace > BLENDING_CELLS_PER_SEC and not keeps
        classes = max(training[spec.response_column].cardinality, 1)  # amounts have none
        few = training.n_rows < FEW_ROWS_OF_A_CLASS * classes and not spec.is_reproducible
        folds = 0 if blends else min(MORE_FOLDS if few else DEFAULT_FOLDS, training.n_rows)
        notes.append(
            ("Info", stage, "Blending will be used." if blends else f"{folds}-fold cross-validation will be used.")
        )
        spec = dataclasses.replace(spec, nfolds=folds)
    elif spec.nfolds == 0:
        notes.append(("Info", stage, "Cross-validation is off: there is no fold column and nfolds is 0."))
    if spec.is_cross_validated and "validation_frame" in frames:
        # clients look for how this sentence begins
        sentence = (
            "User specified a validation frame with cross-validation still enabled: models are ranked by the rows that "
            "their folds held out, and are only measured on the frame."
        )
        notes.append(("Warn", stage, sentence))
    return spec


def _settle_stopping(spec: Spec, notes: list[tuple[str, str, str]]) -> Spec:
    if spec.stopping_tolerance < 0:
        # with H2O's 1/√rows models of small tables stop long before they are at their best
        notes.append(("Info", "Validation", f"Stopping tolerance: {STOPPING_TOLERANCE:g}"))
        return dataclasses.replace(spec, stopping_tolerance=STOPPING_TOLERANCE)
    sentence = (
        f"Stopping tolerance set by the user is {spec.stopping_tolerance:g}; {STOPPING_TOLERANCE:g} is the default."
    )
    if spec.stopping_tolerance < STOPPING_TOLERANCE / 2:
        sentence += " With so little models may take long to converge."
    notes.append(("Warn", "Validation", sentence))
    return spec
