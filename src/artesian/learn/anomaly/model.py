"""Trained isolation forests: anomaly scores, mean path lengths, and whether a row is an anomaly where that can be told."""

from __future__ import annotations

import math
from abc import abstractmethod
from collections.abc import Mapping, Sequence
from typing import Any, ClassVar, Self

import numpy as np
import polars as pl
from numpy.typing import NDArray

from artesian.core.errors import InvalidArgument
from artesian.frame import Column, Frame
from artesian.learn.anomaly.extended import Planes, anomaly_score
from artesian.learn.anomaly.rows import Matrix, Reader
from artesian.learn.base.details import ModelDetails
from artesian.learn.base.leaves import leaf_frame
from artesian.learn.base.model import Model, real_column
from artesian.learn.base.reading import notes_of_missing
from artesian.learn.base.scoring import codes_in
from artesian.learn.metrics import Metrics, binomial_metrics
from artesian.learn.metrics.anomaly import anomaly_metrics
from artesian.learn.trees.forest import Forest
from artesian.learn.trees.grid import RawColumns
from artesian.learn.trees.grower import Tree
from artesian.learn.trees.inspection import TreeNodes
from artesian.learn.trees.other_predictions import paths_of

Floats = NDArray[np.float64]
_FOREST, _PLANES = "forest.", "planes."
_PLANE_ARRAYS = ("normal", "point", "left", "right", "length", "first")


def raw_columns(values: Matrix) -> RawColumns:
    """Rows of numbers [rows, columns] as the compiled predictor reads them."""
    return RawColumns([np.ascontiguousarray(values[:, i]) for i in range(values.shape[1])], len(values))


def forest_of(trees: Sequence[Tree]) -> Forest:
    """Trees of which each adds the path lengths in its leaves."""
    return Forest(trees, np.zeros(len(trees), dtype=np.int32))


class AnomalyModel(Model):
    """What both kinds share. `raw` gives anomaly scores and mean path lengths [rows, 2]."""

    def __init__(self, details: ModelDetails, reader: Reader, progress: Mapping[str, Any] | None = None) -> None:
        super().__init__(details)
        self.reader = reader
        self.progress: dict[str, Any] = dict(progress or {})

    @property
    @abstractmethod
    def n_trees(self) -> int:
        """Number of trees."""

    @abstractmethod
    def lengths(self, values: Matrix, *, threads: int = 1) -> Floats:
        """Sums over the trees of the path lengths of rows of numbers [rows]."""

    @abstractmethod
    def scores(self, lengths: Floats) -> Floats:
        """Anomaly scores of such sums."""

    def raw(self, frame: Frame, *, threads: int = 1) -> Floats:
        """See `AnomalyModel`."""
        found = [self.lengths(part, threads=threads) for part in self.reader.chunks(frame)]
        total = np.concatenate(found)
        return np.column_stack([self.scores(total), total / self.n_trees])

    def measure(self, frame: Frame, raw: Floats, *, description: str | None = None) -> Metrics | None:
        """See `Model`: mean score and mean path length."""
        metrics = anomaly_metrics(raw[:, 1], raw[:, 0])
        return metrics.about(model_id=self.details.key, description=description)

    def notes(self, frame: Frame) -> list[str]:
        """Names the columns that the frame lacks."""
        return notes_of_missing(self.reader.missing(frame))


class IsolationForestModel(AnomalyModel):
    """`shortest` and `longest`: the extremes of the training rows' path lengths, summed over the trees.

    `label`: the column of a validation frame that tells anomalies, and its two levels.
    """

    algorithm_name: ClassVar[str] = "isolationforest"

    def __init__(
        self,
        details: ModelDetails,
        reader: Reader,
        trees: Sequence[Tree],
        shortest: float = 0.0,
        longest: float = 0.0,
        *,
        label: tuple[str, tuple[str, ...]] | None = None,
        progress: Mapping[str, Any] | None = None,
    ) -> None:
        super().__init__(details, reader, progress)
        self.forest = forest_of(trees)
        self.shortest, self.longest, self.label = shortest, longest, label

    @property
    def n_trees(self) -> int:
        """Number of trees."""
        return len(self.forest.trees)

    @property
    def tells_anomalies(self) -> bool:
        """Whether rows are predicted to be anomalies or not, beside their scores."""
        return self.details.default_threshold >= 0

    def lengths(self, values: Matrix, *, threads: int = 1) -> Floats:
        """See `AnomalyModel`."""
        return self.forest.predict(raw_columns(values), threads=threads)[:, 0]

    def scores(self, lengths: Floats) -> Floats:
        """1 for the shortest path of the training rows, 0 for the longest; beyond them outside of [0, 1]."""
        if self.longest <= self.shortest:
            return np.ones(len(lengths))
        return (self.longest - lengths) / (self.longest - self.shortest)

    def prediction_frame(self, raw: Floats) -> Frame:
        """Score and mean length; in front of them whether the row is an anomaly, where that can be told."""
        score, length = real_column(raw[:, 0]), real_column(raw[:, 1])
        if not self.tells_anomalies:
            return Frame(["predict", "mean_length"], [score, length])
        codes = pl.Series((raw[:, 0] >= self.details.default_threshold).astype(np.uint32))
        domain = list(self.label[1]) if self.label else ["0", "1"]
        return Frame(["predict", "score", "mean_length"], [Column.enums(codes, domain), score, length])

    def measure(self, frame: Frame, raw: Floats, *, description: str | None = None) -> Metrics | None:
        """As of two classes where the frame tells anomalies and the model knows the column, else see `AnomalyModel`."""
        if self.label is None or self.label[0] not in frame:
            return super().measure(frame, raw, description=description)
        name, domain = self.label
        actual = codes_in(frame[name], domain, name)
        metrics = binomial_metrics(actual, np.clip(raw[:, 0], 0.0, 1.0), None, domain, 0)
        return metrics.about(model_id=self.details.key, description=description)

    def predict_option(self, frame: Frame, option: str, value: Any, *, threads: int = 1) -> Frame:
        """`leaf_node_assignment` (Path or Node_ID) and `feature_frequencies`."""
        names = [f"T{number + 1}" for number in range(self.n_trees)]
        if option == "leaf_node_assignment":
            parts = [self.forest.leaves(raw_columns(v), threads=threads) for v in self.reader.chunks(frame)]
            kind = "Node_ID" if str(value).lower() == "node_id" else "Path"
            return leaf_frame(names, np.concatenate(parts), lambda tree: paths_of(self.forest.trees[tree]), kind)
        if option == "feature_frequencies":
            parts = [
                self.forest.feature_frequencies(raw_columns(v), threads=threads) for v in self.reader.chunks(frame)
            ]
            counts = np.concatenate(parts)
            columns = [Column.integers(pl.Series(np.ascontiguousarray(counts[:, i]))) for i in range(counts.shape[1])]
            return Frame(self.reader.names, columns, frame.n_rows)
        return super().predict_option(frame, option, value, threads=threads)

    # ---- looking at trees ----

    @property
    def n_rounds(self) -> int:
        """Number of trees, of which each round has one."""
        return self.n_trees

    def tree_nodes(self, number: int, label: int) -> TreeNodes:
        """The nodes of a tree (from 0); a split of levels sends those of lower numbers left."""
        tree, names = self.forest.trees[number], self.reader.names
        levels = {name: len(known) for name, known in self.reader.step.kept_levels.items()}
        features = [names[place] if place >= 0 else None for place in tree.feature]
        left_levels: list[list[int] | None] = [
            list(range(min(levels[name], math.ceil(threshold)))) if name in levels and threshold == threshold else None
            for name, threshold in zip(features, tree.threshold.tolist(), strict=True)
        ]
        threshold = np.where([found is not None for found in left_levels], np.nan, tree.threshold)
        return TreeNodes(
            features,
            threshold.tolist(),
            tree.left.tolist(),
            tree.right.tolist(),
            tree.missing_left.tolist(),
            left_levels,
            levels,
            tree.value.tolist(),
            tree.gain.astype(float).tolist(),
            tree.cover.astype(float).tolist(),
        )

    # ---- keeping ----

    def state(self) -> dict[str, Any]:
        """See `Model`."""
        return {
            "reader": self.reader.to_state()[0],
            "extremes": [self.shortest, self.longest],
            "label": [self.label[0], list(self.label[1])] if self.label else None,
            "progress": self.progress,
        }

    def arrays(self) -> dict[str, NDArray[Any]]:
        """See `Model`."""
        trees = {_FOREST + name: values for name, values in self.forest.to_arrays().items()}
        return {**self.reader.to_state()[1], **trees}

    @classmethod
    def restore(cls, details: ModelDetails, state: Mapping[str, Any], arrays: Mapping[str, NDArray[Any]]) -> Self:
        """See `Model`."""
        label = state["label"]
        return cls(
            details,
            Reader.from_state(state["reader"], arrays),
            _restored_forest(arrays).trees,
            *state["extremes"],
            label=(label[0], tuple(label[1])) if label else None,
            progress=state["progress"],
        )


class ExtendedIsolationForestModel(AnomalyModel):
    """Trees of thresholds where splits are of one column each, else of planes."""

    algorithm_name: ClassVar[str] = "extendedisolationforest"

    def __init__(
        self,
        details: ModelDetails,
        reader: Reader,
        trees: Sequence[Tree],
        planes: Sequence[Planes],
        sample_size: int,
        *,
        progress: Mapping[str, Any] | None = None,
    ) -> None:
        super().__init__(details, reader, progress)
        self.forest = forest_of(trees)
        self.planes = list(planes)
        self.sample_size = sample_size

    @property
    def n_trees(self) -> int:
        """Number of trees."""
        return len(self.forest.trees) + sum(len(planes.first) for planes in self.planes)

    def lengths(self, values: Matrix, *, threads: int = 1) -> Floats:
        """See `AnomalyModel`."""
        if not self.planes:
            return self.forest.predict(raw_columns(values), threads=threads)[:, 0]
        return np.asarray(
            sum((planes.lengths(values, threads=threads) for planes in self.planes), np.zeros(len(values)))
        )

    def scores(self, lengths: Floats) -> Floats:
        """By the mean path length over that of a search tree of the sample's size: near 1 for anomalies."""
        return anomaly_score(lengths / max(1, self.n_trees), self.sample_size)

    def prediction_frame(self, raw: Floats) -> Frame:
        """Score and mean length."""
        return Frame(["anomaly_score", "mean_length"], [real_column(raw[:, 0]), real_column(raw[:, 1])])

    def state(self) -> dict[str, Any]:
        """See `Model`."""
        return {
            "reader": self.reader.to_state()[0],
            "sample_size": self.sample_size,
            "heights": [planes.height for planes in self.planes],
            "progress": self.progress,
        }

    def arrays(self) -> dict[str, NDArray[Any]]:
        """See `Model`."""
        arrays = {**self.reader.to_state()[1]}
        if not self.planes:
            return arrays | {_FOREST + name: values for name, values in self.forest.to_arrays().items()}
        for number, planes in enumerate(self.planes):
            arrays |= {f"{_PLANES}{number}.{name}": getattr(planes, name) for name in _PLANE_ARRAYS}
        return arrays

    @classmethod
    def restore(cls, details: ModelDetails, state: Mapping[str, Any], arrays: Mapping[str, NDArray[Any]]) -> Self:
        """See `Model`."""
        planes = [
            Planes(**{name: arrays[f"{_PLANES}{number}.{name}"] for name in _PLANE_ARRAYS}, height=height)
            for number, height in enumerate(state["heights"])
        ]
        trees = [] if planes else _restored_forest(arrays).trees
        reader = Reader.from_state(state["reader"], arrays)
        return cls(details, reader, trees, planes, state["sample_size"], progress=state["progress"])


def _restored_forest(arrays: Mapping[str, NDArray[Any]]) -> Forest:
    own = {name.removeprefix(_FOREST): values for name, values in arrays.items() if name.startswith(_FOREST)}
    return Forest.from_arrays(own)


def check_label(frame: Frame, name: str) -> tuple[str, ...]:
    """The two levels of a column that tells anomalies; InvalidArgument where it has not two."""
    column = frame[name]
    if column.domain is None or column.cardinality != 2:
        raise InvalidArgument(f"The column '{name}' must be categorical with two levels: no anomaly, and anomaly.")
    return tuple(column.levels)
