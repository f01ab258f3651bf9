"""Small tables and a way to train on them without a server or a worker."""

from __future__ import annotations

import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
import pytest

sys.path.insert(0, str(Path(__file__).parent))  # `frames` beside this file

from artesian.core.errors import NotFound
from artesian.frame import Frame
from artesian.learn import validate
from artesian.learn.base.building import Order, build
from artesian.learn.base.context import PlainContext
from artesian.learn.deeplearning.model import DeepLearningModel


class Lookup:
    """Frames and models by key."""

    def __init__(self, frames: Mapping[str, Frame], models: Mapping[str, DeepLearningModel]) -> None:
        self.frames, self.models = frames, models

    def frame(self, key: str) -> Frame:
        try:
            return self.frames[key]
        except KeyError:
            raise NotFound(f"There is no frame '{key}'.") from None

    def model_details(self, key: str):
        try:
            return self.models[key].details
        except KeyError:
            raise NotFound(f"There is no model '{key}'.") from None


class Lab:
    """Trains Deep Learning models; `frames` and `models` are what parameters may name."""

    def __init__(self, folder: Path) -> None:
        self.frames: dict[str, Frame] = {}
        self.models: dict[str, DeepLearningModel] = {}
        self.context = PlainContext(folder, threads=1)

    def validate(self, frame: Frame | None, validation: Frame | None = None, **parameters: Any):
        if frame is not None:
            self.frames["training"] = frame
            parameters["training_frame"] = "training"
        if validation is not None:
            self.frames["validation"] = validation
            parameters["validation_frame"] = "validation"
        return validate("deeplearning", parameters, Lookup(self.frames, self.models))

    def problems(self, frame: Frame | None, validation: Frame | None = None, **parameters: Any) -> dict[str, str]:
        """Errors by field."""
        found = self.validate(frame, validation, **parameters).problems
        return {problem.field: problem.message for problem in found if problem.severity == "error"}

    def train(
        self,
        frame: Frame,
        validation: Frame | None = None,
        *,
        key: str = "model",
        context: Any = None,
        **parameters: Any,
    ) -> DeepLearningModel:
        return self.build(frame, validation, key=key, context=context, **parameters).model

    def build(self, frame, validation=None, *, key="model", context=None, **parameters):
        parameters = {"seed": 1, "reproducible": True, **parameters}
        validated = self.validate(frame, validation, **parameters)
        validated.raise_for_errors()
        named = {
            name: self.frames[value] if isinstance(value, str) else [self.frames[v] if v else None for v in value]
            for name, value in validated.frame_keys.items()
        }
        models = {name: self.models[value] for name, value in validated.model_keys.items()}
        order = Order(validated.algorithm, key, validated.values, validated.given, named, models)
        built = build(order, context or self.context)
        self.models[key] = built.model
        return built


@pytest.fixture
def lab(tmp_path):
    return Lab(tmp_path)


@pytest.fixture(scope="session")
def numbers() -> Frame:
    """200 rows: y = 3a - 2b + 5 + noise of deviation 0.1, and classes by its tertiles."""
    from frames import frame_of

    random = np.random.default_rng(5)
    a, b = random.normal(size=200), random.normal(10, 4, size=200)
    y = 3 * a - 2 * b + 5 + random.normal(0, 0.1, 200)
    return frame_of(
        a=a,
        b=b,
        y=y,
        half=np.where(y > np.median(y), "hi", "lo"),
        third=np.digitize(y, np.quantile(y, [1 / 3, 2 / 3])).astype(str),
    )
