"""Trains a stacked ensemble: the level-one frame, the metalearner on it, and the measures of both together."""

from __future__ import annotations

import dataclasses
from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import polars as pl

from artesian.core.errors import InvalidArgument
from artesian.frame import Column, Frame
from artesian.learn.base.algorithm import Algorithm, Fit
from artesian.learn.base.building import Order, build, new_details
from artesian.learn.base.context import Share
from artesian.learn.base.cross_validation import Built
from artesian.learn.base.details import ModelDetails
from artesian.learn.base.finishing import begin, finish
from artesian.learn.base.model import Model
from artesian.learn.base.parameters import convert
from artesian.learn.base.registry import algorithm as find_algorithm
from artesian.learn.base.table import Table, TableColumn
from artesian.learn.ensemble.checks import BASE, HOLDOUTS, fold_assignment_of
from artesian.learn.ensemble.level_one import Floats, LevelOne, assembled
from artesian.learn.ensemble.metalearners import name_of, settled
from artesian.learn.ensemble.model import Base, StackedEnsembleModel, used_columns

_LEAST_SECONDS = 1.0
"""What the metalearner gets of the time at least: predictions of the base models are of no use without it."""


class Trainer:
    """One training of an ensemble."""

    def __init__(self, algorithm: type[Algorithm], fit: Fit) -> None:
        self.fit, self.parameters = fit, fit.parameters
        self.models: Sequence[Model] = fit.models[BASE]
        self.keys = [model.details.key for model in self.models]
        first = self.models[0].details
        self.level_one = LevelOne(
            first.category, tuple(first.response_domain), self.parameters.metalearner_transform == "Logit"
        )
        self.blending: Frame | None = fit.frames.get("blending_frame")
        inputs = [(name, *_type(fit.training, name)) for name in fit.roles.predictors]
        actual = {"metalearner_algorithm": name_of(vars(self.parameters)), **fold_assignment_of(self.parameters)}
        self.details = new_details(fit, algorithm, first.category, actual, inputs)
        self._name_response(first)
        self.details.extra["stacking_strategy"] = "cross_validation" if self.blending is None else "blending"

    def _name_response(self, first: ModelDetails) -> None:
        """The classes in the order of the base models, which the training frame may have otherwise."""
        assert self.details.response is not None
        place = self.details.names.index(self.details.response)
        self.details.domains[place] = list(self.level_one.domain) or None
        self.details.column_types[place] = first.column_types[first.names.index(self.details.response)]

    def run(self) -> StackedEnsembleModel:
        """The finished ensemble."""
        begin(self.fit, self.details)
        context = self.fit.context
        context.progress(0.0, "Collecting the predictions of the base models")
        training = self._training_table()
        validation = self._validation_table()
        built = self._metalearner(training, validation)
        metalearner = built.model
        used = used_columns(metalearner, [name for key in self.keys for name in self.level_one.names(key)])
        bases = [
            Base(key, model if used & set(self.level_one.names(key)) else None)
            for key, model in zip(self.keys, self.models, strict=True)
        ]
        ensemble = StackedEnsembleModel(self.details, bases, metalearner, self.level_one)
        ensemble.beside = built.fold_models
        ensemble.kept_frames = dict(built.frames)
        self._keep_table(ensemble, training)
        self._tell(ensemble, built)
        self._measure(ensemble)
        return ensemble

    # ---- tables ----

    @property
    def _train_key(self) -> str:
        return f"levelone_training_{self.fit.key}"

    def _training_table(self) -> Frame:
        """What the metalearner learns from: held-out predictions, or those for the blending frame."""
        if self.blending is not None:
            return self._table(self.blending, self._predictions(self.blending, 0.0, 0.4), folds=True)
        holdouts: Sequence[Frame | None] = self.fit.frames[HOLDOUTS]
        values = []
        for key, frame in zip(self.keys, holdouts, strict=True):
            if frame is None:
                raise InvalidArgument(f"The held-out predictions of the base model '{key}' are not there any more.")
            values.append(self.level_one.of_predictions(frame, key))
        return self._table(self.fit.training, values, folds=True)

    def _validation_table(self) -> Frame | None:
        frame = self.fit.validation
        return None if frame is None else self._table(frame, self._predictions(frame, 0.4, 0.6), folds=False)

    def _predictions(self, frame: Frame, start: float, end: float) -> list[Floats]:
        context = self.fit.context
        found = []
        for number, model in enumerate(self.models):
            context.check()
            if self.fit.budget.is_over:
                raise InvalidArgument(
                    f"max_runtime_secs ({self.fit.budget.seconds:g} s) was over before all base models had predicted: only "
                    f"{number} of {len(self.models)} had. Give more time, or fewer rows or base models."
                )
            context.progress(start + (end - start) * number / len(self.models), f"Predicting by {self.keys[number]}")
            found.append(self.level_one.of_raw(model.raw(frame, threads=context.threads)))
        return found

    def _table(self, frame: Frame, values: list[Floats], *, folds: bool) -> Frame:
        p = self.parameters
        beside: list[tuple[str, Column]] = []
        for name in (p.metalearner_fold_column if folds else None, p.weights_column, p.offset_column):
            if name is not None and name not in dict(beside):
                beside.append((name, frame[name]))
        beside.append((p.response_column, self.level_one.response(frame[p.response_column], p.response_column)))
        names = [name for key in self.keys for name in self.level_one.names(key)]
        return assembled(names, values, beside, frame.n_rows)

    def _keep_table(self, ensemble: StackedEnsembleModel, training: Frame) -> None:
        if self.parameters.keep_levelone_frame:
            ensemble.kept_frames[self._train_key] = training
            self.details.extra["levelone_frame_id"] = self._train_key

    # ---- the metalearner ----

    def _metalearner(self, training: Frame, validation: Frame | None) -> Built:
        fit, p = self.fit, self.parameters
        details = [model.details for model in self.models]
        name, given, warnings = settled(vars(p), details, has_validation=validation is not None, seed=fit.seed)
        for warning in warnings:
            if warning not in self.details.warnings:
                self.details.warnings.append(warning)
        kind = find_algorithm(name)
        key = f"metalearner_{p.metalearner_algorithm}_{fit.key}"
        roles = {**self._roles(), "training_frame": self._train_key, "model_id": key}
        frames: dict[str, Any] = {"training_frame": training}
        if validation is not None:
            roles["validation_frame"] = f"levelone_validation_{fit.key}"
            frames["validation_frame"] = validation
        declared = {role: value for role, value in roles.items() if role in kind.parameters.__dataclass_fields__}
        values, problems = convert(kind.called, kind.parameters, {**given, **declared})
        wrong = [problem.message for problem in problems if problem.severity == "error"]
        if wrong:
            raise InvalidArgument(f"The metalearner cannot be trained: {' '.join(wrong)}")
        shown = {n: v for n, v in values.items() if n in given and n not in declared}
        share = Share(fit.context, 0.6, 0.85, "Metalearner: ")
        return build(Order(kind, key, values, shown, frames), share)

    def _roles(self) -> dict[str, Any]:
        """What the parameters of the ensemble say of the metalearner."""
        p, budget = self.parameters, self.fit.budget
        found: dict[str, Any] = {
            "response_column": p.response_column,
            "weights_column": p.weights_column,
            "offset_column": p.offset_column,
            "ignore_const_cols": False,
        }
        if budget.is_limited:
            found["max_runtime_secs"] = max(budget.remaining, _LEAST_SECONDS)
        if p.metalearner_fold_column:
            found["fold_column"] = p.metalearner_fold_column
        elif p.metalearner_nfolds:
            found["nfolds"] = p.metalearner_nfolds
            found["fold_assignment"] = p.metalearner_fold_assignment or "AUTO"
        return found

    # ---- telling ----

    def _tell(self, ensemble: StackedEnsembleModel, built: Built) -> None:
        own, meta = self.details, built.model.details
        own.extra["metalearner"] = meta.key
        own.default_threshold = meta.default_threshold
        own.validation_metrics = _renamed(meta.validation_metrics, own.key, self.fit.validation_key)
        own.cross_validation_metrics = _renamed(meta.cross_validation_metrics, own.key, self._train_key)
        own.cross_validation_summary = meta.cross_validation_summary
        own.warnings += [f"Metalearner: {text}" for text in meta.warnings]
        own.model_summary = self._summary(ensemble, meta)

    def _summary(self, ensemble: StackedEnsembleModel, meta: ModelDetails) -> Table:
        titles = {model.details.key: find_algorithm(model.details.algorithm).called for model in self.models}
        total = Counter(titles[base.key] for base in ensemble.bases)
        used = Counter(titles[base.key] for base in ensemble.bases if base.model is not None)
        values: Mapping[str, Any] = {name: entry["actual"] for name, entry in meta.parameters.items()}
        rows: list[tuple[str, str | None]] = [
            ("Stacking strategy", str(self.details.extra["stacking_strategy"])),
            ("Number of base models (used / total)", f"{used.total()}/{total.total()}"),
            *((f"# {name} base models (used / total)", f"{used[name]}/{count}") for name, count in total.items()),
            ("Metalearner algorithm", find_algorithm(meta.algorithm).called),
            ("Metalearner fold assignment scheme", values.get("fold_assignment") or "AUTO"),
            ("Metalearner nfolds", str(values.get("nfolds") or 0)),
            ("Metalearner fold_column", values.get("fold_column")),
            ("Custom metalearner hyperparameters", self.parameters.metalearner_params or "None"),
        ]
        names, cells = zip(*rows, strict=True)
        return Table.build(
            "Model Summary for Stacked Ensemble",
            "",
            [
                (TableColumn("key", "string", "%s", "Key"), names),
                (TableColumn("value", "string", "%s", "Value"), cells),
            ],
        )

    def _measure(self, ensemble: StackedEnsembleModel) -> None:
        """Training metrics of the ensemble itself, of a sample of rows that its base models have learnt from."""
        fit, most = self.fit, self.parameters.score_training_samples
        threshold, validation = self.details.default_threshold, self.details.validation_metrics
        training = fit.training
        if 0 < most < training.n_rows:
            random = np.random.default_rng([fit.seed & (2**64 - 1), 0x5C0E])
            rows = np.sort(random.choice(training.n_rows, most, replace=False))
            training = training.gather(pl.Series(rows))

        sampled = dataclasses.replace(fit, training=training, validation=None)
        finish(sampled, ensemble, even_late=True)
        self.details.default_threshold, self.details.validation_metrics = threshold, validation


def _type(frame: Frame, name: str) -> tuple[str, list[str] | None]:
    if name not in frame:
        return "Numeric", None
    column = frame[name]
    return ("Enum", column.levels) if column.domain is not None else ("Numeric", None)


def _renamed(metrics: dict[str, Any] | None, model: str, frame: str | None) -> dict[str, Any] | None:
    """The metrics of the metalearner as those of the ensemble."""
    if metrics is None:
        return None
    return {**metrics, "model_id": model, "frame_id": frame}
