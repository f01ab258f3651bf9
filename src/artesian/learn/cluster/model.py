"""A k-means model: centres in a space, the cluster of any row, and sums of squares."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar, Self

import numpy as np
import polars as pl
from numpy.typing import NDArray

from artesian.frame import Column, Frame
from artesian.learn.base.design.columns import Columns
from artesian.learn.base.details import ModelDetails
from artesian.learn.base.encoding_step import EncodingStep
from artesian.learn.base.model import Model
from artesian.learn.cluster.rows import Points, Space
from artesian.learn.metrics import Metrics
from artesian.learn.metrics.clustering import ClusteringMetrics

Floats = NDArray[np.float64]


class KMeansModel(Model):
    """`given` are the columns as training had them, `encoding` what becomes of them, `space` where the centres lie."""

    algorithm_name: ClassVar[str] = "kmeans"

    def __init__(
        self, details: ModelDetails, given: Columns, encoding: EncodingStep, space: Space, centres: Points
    ) -> None:
        super().__init__(details)
        self.given, self.encoding, self.space, self.centres = given, encoding, space, centres

    # ---- predicting ----

    def raw(self, frame: Frame, *, threads: int = 1) -> Floats:
        """Cluster and squared distance from its centre [rows, 2]."""
        self.given.missing_columns(frame)
        clusters, distances = self.space.nearest_of_frame(self.encoding.apply(frame), self.centres)
        return np.stack([clusters.astype(np.float64), distances]).T

    def prediction_frame(self, raw: Floats) -> Frame:
        """The number of each row's cluster, from 0."""
        return Frame(["predict"], [Column.integers(pl.Series("predict", raw[:, 0].astype(np.int64)))])

    def notes(self, frame: Frame) -> list[str]:
        """Names the columns that the frame lacks."""
        return self.given.notes(frame)

    # ---- measuring ----

    def measure(self, frame: Frame, raw: Floats, *, description: str | None = None) -> Metrics | None:
        """Sums of squares of a frame's rows, and the size of each cluster."""
        clusters = raw[:, 0].astype(np.int64)
        k = self.centres.count
        withinss = np.bincount(clusters, raw[:, 1], minlength=k)
        return ClusteringMetrics(
            nobs=len(raw),
            tot_withinss=float(raw[:, 1].sum()),
            totss=self._totss(frame, raw),
            size=tuple(np.bincount(clusters, minlength=k).astype(float).tolist()),
            withinss=tuple(withinss.tolist()),
            description=description,
            model_id=self.details.key,
        )

    def measure_held_out(self, frame: Frame, raw: Floats) -> Metrics | None:
        """The same of rows that the models of several folds dealt to clusters of their own: without single clusters."""
        import dataclasses

        measured = self.measure(frame, raw)
        assert isinstance(measured, ClusteringMetrics)
        return dataclasses.replace(measured, size=None, withinss=None)

    def _totss(self, frame: Frame, raw: Floats) -> float:
        """Squared distances from the mean of the frame's rows; categorical columns from the mode of training."""
        if self.centres.count == 1:
            return float(raw[:, 1].sum())
        space = self.space
        sums, squares, others = np.zeros(len(space.means)), np.zeros(len(space.means)), 0
        encoded = self.encoding.apply(frame)
        for place, name in enumerate(space.columns.numeric):  # missing values are at the mean of training
            count, mean, apart = space.columns.moments(encoded, name)
            sums[place] += count * (mean - space.means[place])
            squares[place] += apart + count * (mean - space.means[place]) ** 2
        for mode, name in zip(space.modes, space.columns.categorical, strict=True):
            codes = space.columns.stored_codes(encoded, name)
            others += int(np.count_nonzero((codes != mode) & (codes >= 0)))
        rows = max(1, frame.n_rows)
        return float((np.maximum(squares - sums**2 / rows, 0.0) * space.scales**2).sum() + others)

    # ---- keeping ----

    def state(self) -> dict[str, Any]:
        """The columns, their encoding, the space."""
        return {
            "given": self.given.to_state(),
            "encoding": self.encoding.to_state()[0],
            "space": self.space.to_state()[0],
        }

    def arrays(self) -> dict[str, NDArray[Any]]:
        """Centres, and the numbers of encoding and space."""
        own = {"centres.numbers": self.centres.numbers, "centres.codes": self.centres.codes.astype(np.int64)}
        return {**own, **self.encoding.to_state()[1], **self.space.to_state()[1]}

    @classmethod
    def restore(cls, details: ModelDetails, state: Mapping[str, Any], arrays: Mapping[str, NDArray[Any]]) -> Self:
        """The model of a saved state."""
        return cls(
            details,
            Columns.from_state(state["given"]),
            EncodingStep.from_state(state["encoding"], arrays),
            Space.from_state(state["space"], arrays),
            Points(arrays["centres.numbers"], arrays["centres.codes"]),
        )
