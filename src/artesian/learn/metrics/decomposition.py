"""Metrics of a decomposition: how much of a frame its components give back."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import ClassVar

from artesian.learn.metrics.base import Metrics


@dataclass(frozen=True, kw_only=True)
class PrincipalComponentMetrics(Metrics):
    """The rows that were projected; their number alone, and `mse` NaN: there is no response."""

    kind: ClassVar[str] = "pca"

    mse: float = math.nan


@dataclass(frozen=True, kw_only=True)
class SingularValueMetrics(Metrics):
    """The same of a singular value decomposition."""

    kind: ClassVar[str] = "svd"

    mse: float = math.nan
