"""Models of principal components and of singular vectors: both project rows onto their vectors."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar, Self

import numpy as np
from numpy.typing import NDArray

from artesian.frame import Frame
from artesian.learn.base.details import ModelDetails
from artesian.learn.base.model import Model, real_column
from artesian.learn.decomposition.expansion import Expansion
from artesian.learn.metrics import Metrics, PrincipalComponentMetrics, SingularValueMetrics

Floats = NDArray[np.float64]


class ProjectionModel(Model):
    """`vectors` [inputs, k]: a row is projected by its inputs times these."""

    def __init__(self, details: ModelDetails, expansion: Expansion, vectors: Floats) -> None:
        super().__init__(details)
        self.expansion, self.vectors = expansion, vectors
        self.own_frames: dict[str, Frame] = {}

    def raw(self, frame: Frame, *, threads: int = 1) -> Floats:
        """The projections [rows, k]. Missing numbers count as the mean, missing and unseen levels as none."""
        self.expansion.columns.missing_columns(frame)
        return self.expansion.projected(frame, self.vectors)

    def prediction_frame(self, raw: Floats) -> Frame:
        """A column a component: PC1, PC2 …."""
        names = [f"PC{i + 1}" for i in range(raw.shape[1])]
        return Frame(names, [real_column(raw[:, i]) for i in range(raw.shape[1])], len(raw))

    def notes(self, frame: Frame) -> list[str]:
        """Names the columns that the frame lacks."""
        return self.expansion.columns.notes(frame)

    def frames(self) -> dict[str, Frame]:
        """Frames of singular vectors, when the model has just been trained."""
        return self.own_frames

    def state(self) -> dict[str, Any]:
        """What the inputs are made of."""
        return {"expansion": self.expansion.to_state()[0]}

    def arrays(self) -> dict[str, NDArray[Any]]:
        """The vectors, and the numbers of the expansion."""
        return {"vectors": self.vectors, **self.expansion.to_state()[1]}

    @classmethod
    def restore(cls, details: ModelDetails, state: Mapping[str, Any], arrays: Mapping[str, NDArray[Any]]) -> Self:
        """The model of a saved state."""
        return cls(details, Expansion.from_state(state["expansion"], arrays), arrays["vectors"])


class PrincipalComponentModel(ProjectionModel):
    """Rows as scores on principal components."""

    algorithm_name: ClassVar[str] = "pca"

    def measure(self, frame: Frame, raw: Floats, *, description: str | None = None) -> Metrics | None:
        """The number of rows that were projected."""
        return PrincipalComponentMetrics(nobs=len(raw), description=description, model_id=self.details.key)


class SingularValueModel(ProjectionModel):
    """Rows as projected onto right singular vectors."""

    algorithm_name: ClassVar[str] = "svd"

    def measure(self, frame: Frame, raw: Floats, *, description: str | None = None) -> Metrics | None:
        """The number of rows that were projected."""
        return SingularValueMetrics(nobs=len(raw), description=description, model_id=self.details.key)
