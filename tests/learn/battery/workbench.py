"""Trains and predicts as workers do: validate, run the task on persisted frames, load the model from its folder."""

from __future__ import annotations

import math
import time
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl

from artesian.core.errors import NotFound
from artesian.core.settings import Settings
from artesian.frame import Column, Frame
from artesian.frame.segment import open_frame, persist
from artesian.learn import Lookup, tasks, validate
from artesian.learn.base.context import PlainContext
from artesian.learn.base.details import Category, ModelDetails
from artesian.learn.base.model import Model, load_model

SMALL: dict[str, dict[str, Any]] = {
    "deeplearning": {"hidden": [12, 6], "epochs": 12.0, "activation": "Tanh", "reproducible": True},
    "drf": {"ntrees": 30},
    "extendedisolationforest": {"ntrees": 20, "sample_size": 32},
    "gbm": {"ntrees": 20, "min_rows": 1},
    "isolationforest": {"ntrees": 20},
    "kmeans": {"k": 3},
    "pca": {"k": 2},
    "svd": {"nv": 2},
    "xgboost": {"ntrees": 20, "max_depth": 4},
}
"""Parameters that make a model small and quick; an algorithm that is not listed is tested with its defaults."""
LONG: dict[str, dict[str, Any]] = {
    "deeplearning": {
        "hidden": [200, 200],
        "epochs": 1e6,
        "stopping_rounds": 0,
        "classification_stop": -1,
        "regression_stop": -1,
    },
    "drf": {"ntrees": 100_000},
    "extendedisolationforest": {"ntrees": 100_000, "sample_size": 100, "extension_level": 1},
    "gbm": {"ntrees": 100_000, "min_rows": 1, "learn_rate": 0.001},
    "isolationforest": {"ntrees": 100_000},
    "glm": {"lambda": np.geomspace(1, 1e-9, 20_000).tolist(), "max_iterations": 2**31 - 1},
    "xgboost": {"ntrees": 100_000, "max_depth": 8},
}
"""Parameters that would train for hours: for cancelling and for max_runtime_secs. An algorithm without any is quick."""
APART = ("greedy", "isotonicregression", "stackedensemble", "targetencoder")
"""Algorithms that learn of something else: one column, columns handed on, predictions. Their own tests cover what the battery does."""
COUNTING_WEIGHTS = ("xgboost",)
"""Algorithms whose penalties or least sizes are amounts of rows: weights that are all 2 make a table of twice the rows."""


DRAWING = ("deeplearning",)
"""Algorithms that learn from rows one by one in an order that is drawn: a row of weight 2 is not that row twice."""
BY_WEIGHT: dict[str, dict[str, Any]] = {
    "drf": {"ntrees": 5, "sample_rate": 1.0, "mtries": -2},
    "gbm": {"ntrees": 5},
    "glm": {"lambda": 0.0},
}
"""Parameters with which weights are repeated rows to the last digits: every tree sees every row and column, and is one of few
(between splits of equal gain rounding decides); no penalty, since as in H2O its default and the scaling of inputs go by
the number of rows."""

WITH_RESPONSE = (
    Category.REGRESSION,
    Category.BINOMIAL,
    Category.MULTINOMIAL,
    Category.ORDINAL,
    Category.TARGET_ENCODER,
)

OUT_OF_BAG = ("drf",)
"""Algorithms whose training metrics are those of trees that did not see the row."""


class Trained:
    """What the task answered after so many seconds, with the model loaded from its folder."""

    def __init__(self, answer: dict[str, Any], context: PlainContext, secs: float = 0.0) -> None:
        self.answer, self.context, self.secs = answer, context, secs
        self.folder: str = answer["model"]["folder"]
        self.model: Model = load_model(self.folder)
        self.details: ModelDetails = self.model.details

    def frame(self, key: str) -> Frame:
        return open_frame(self.answer["frames"][key])

    def predict(self, frame: Frame) -> pl.DataFrame:
        return self.model.predict(frame).to_polars()


class Workbench(Lookup):
    """Frames and models by key, and the tasks run on them."""

    def __init__(self, folder: Path, algorithm: str, shared: dict[Any, tuple[Frame, Trained]] | None = None) -> None:
        self.folder, self.algorithm = folder, algorithm
        self._shared = {} if shared is None else shared
        self.frames: dict[str, Frame] = {}
        self.models: dict[str, Trained] = {}
        self.code: dict[str, Path] = {}
        """Archives of program code by reference; with any of them such code is allowed."""

    def frame(self, key: str) -> Frame:
        if key not in self.frames:
            raise NotFound(f"There is no frame '{key}'.")
        return self.frames[key]

    def model_details(self, key: str) -> ModelDetails:
        if key not in self.models:
            raise NotFound(f"There is no model '{key}'.")
        return self.models[key].details

    def add(self, key: str, frame: Frame) -> str:
        self.frames[key] = frame
        return key

    def context(self) -> PlainContext:
        scratch = self.folder / f"scratch{len(list(self.folder.iterdir()))}"
        scratch.mkdir()
        return PlainContext(scratch, threads=2)

    def train(
        self,
        frame: Frame,
        *,
        validation: Frame | None = None,
        context: PlainContext | None = None,
        key: str = "model",
        **parameters: Any,
    ) -> Trained:
        """A model of the frame; parameters as given, on top of what makes the algorithm quick."""
        given: dict[str, Any] = {**SMALL.get(self.algorithm, {}), "seed": 7, **parameters}
        given["training_frame"] = self.add("training", frame)
        if validation is not None:
            given["validation_frame"] = self.add("validation", validation)
        validated = validate(self.algorithm, given, self, Settings(allow_client_code=True) if self.code else None)
        validated.raise_for_errors()
        context = context or self.context()
        began = time.monotonic()
        answer = tasks.train(
            context,
            algorithm=self.algorithm,
            model_key=key,
            given=validated.given,
            parameters=validated.values,
            frames={name: self._argument(value) for name, value in validated.frame_keys.items()},
            models={name: self.models[value].folder for name, value in validated.model_keys.items()},
            code=self.code,
        )
        trained = Trained(answer, context, time.monotonic() - began)
        self.models[key] = trained
        return trained

    def plain(self, category: Category) -> tuple[Frame, Trained]:
        """The battery's table and a model of it with no parameters but those that make it quick.

        It is trained once for all tests that only look at it; each gets it as read from its folder.
        """
        place = (self.algorithm, category)
        if place not in self._shared:
            frame = table(category)
            self._shared[place] = frame, self.train(frame, **response(category))
        frame, trained = self._shared[place]
        self.models["model"] = again = Trained(trained.answer, trained.context)
        return frame, again

    def _argument(self, key: Any) -> Any:
        if isinstance(key, list):
            return [self._argument(item) if item else None for item in key]
        return {"key": key, "manifest": persist(self.frames[key], self.folder)[1]}


def table(category: Category | None, rows: int = 120, seed: int = 0) -> Frame:
    """A frame that can be learnt: numbers a, b, a categorical c with missing values in it, and a response y."""
    random = np.random.default_rng(seed)
    a, b = random.normal(size=rows), random.normal(size=rows)
    c = random.integers(0, 3, size=rows)
    signal = 2 * a - b + np.array([-1.5, 0.0, 1.5])[c]
    missing = random.random(rows) < 0.1
    columns = {
        "a": Column.reals(pl.Series(np.where(random.random(rows) < 0.05, math.nan, a))),
        "b": Column.reals(pl.Series(b)),
        "c": Column.enums(
            pl.Series(c).cast(pl.UInt32).zip_with(pl.Series(~missing), pl.Series([None] * rows, dtype=pl.UInt32)),
            ["u", "v", "w"],
        ),
    }
    if category is Category.REGRESSION:
        columns["y"] = Column.reals(pl.Series(signal))
    elif category in (Category.BINOMIAL, Category.TARGET_ENCODER):
        columns["y"] = Column.enums(pl.Series((signal > 0).astype(np.uint32)), ["no", "yes"])
    elif category in (Category.MULTINOMIAL, Category.ORDINAL):
        columns["y"] = Column.enums(
            pl.Series(np.digitize(signal, [-1.2, 1.2]).astype(np.uint32)), ["low", "mid", "top"]
        )
    return Frame.from_mapping(columns)


def numbers(predictions: pl.DataFrame) -> np.ndarray:
    """The numeric columns of predictions [rows, columns]."""
    return predictions.select(pl.selectors.numeric()).to_numpy()


def response(category: Category) -> dict[str, Any]:
    """Parameters that name the response, or that there is none."""
    if category is Category.AUTOENCODER:
        return {"autoencoder": True}
    if category is Category.ORDINAL:
        return {"response_column": "y", "family": "ordinal"}
    return {"response_column": "y"} if category in WITH_RESPONSE else {}
