"""A workbench with base models: a boosted, a forest and a linear one, cross-validated on the same folds."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from workbench import Trained, Workbench, table

from artesian.frame import Frame
from artesian.learn import tasks, validate
from artesian.learn.base.details import Category

FOLDS: dict[str, Any] = {"nfolds": 3, "fold_assignment": "Modulo", "keep_cross_validation_predictions": True}
QUICK: dict[str, dict[str, Any]] = {"gbm": {"ntrees": 10, "min_rows": 1}, "drf": {"ntrees": 10}, "glm": {}}


class Stack:
    """Frames `training` and `fresh`, and base models of some algorithms."""

    def __init__(self, folder: Path, category: Category, algorithms: tuple[str, ...] = ("gbm", "drf", "glm")) -> None:
        self.bench = Workbench(folder, "gbm")
        self.category = category
        self.frame, self.fresh = table(category, rows=240), table(category, rows=150, seed=5)
        self.bench.add("training", self.frame)
        self.bench.add("fresh", self.fresh)
        self.keys = [self.add(name) for name in algorithms]

    def add(self, algorithm: str, key: str | None = None, frame: Frame | None = None, **parameters: Any) -> str:
        """A base model; its held-out predictions are added as a frame."""
        self.bench.algorithm = algorithm
        asked = {**QUICK.get(algorithm, {}), **FOLDS, "response_column": "y", **parameters}
        trained = self.bench.train(self.frame if frame is None else frame, key=key or algorithm, **asked)
        held_out = trained.details.cross_validation_holdout_predictions
        if held_out:
            self.bench.add(held_out, trained.frame(held_out))
        self.bench.add("training", self.frame)
        return key or algorithm

    def model(self, key: str) -> Trained:
        return self.bench.models[key]

    def validated(self, **parameters: Any) -> Any:
        given = {
            "base_models": self.keys,
            "response_column": "y",
            "training_frame": "training",
            "seed": 1,
            **parameters,
        }
        return validate("stackedensemble", given, self.bench)

    def problems(self, severity: str = "error", **parameters: Any) -> dict[str, str]:
        return {p.field: p.message for p in self.validated(**parameters).problems if p.severity == severity}

    def train(self, key: str = "ensemble", **parameters: Any) -> Trained:
        checked = self.validated(**parameters)
        checked.raise_for_errors()
        context = self.bench.context()
        answer = tasks.train(
            context,
            algorithm="stackedensemble",
            model_key=key,
            given=checked.given,
            parameters=checked.values,
            frames={name: self.bench._argument(value) for name, value in checked.frame_keys.items()},
            models={name: [self.model(one).folder for one in keys] for name, keys in checked.model_keys.items()},
        )
        trained = Trained(answer, context)
        self.bench.models[key] = trained
        return trained
