"""Metrics of an autoencoder: how well it gives its input back."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, ClassVar

from artesian.learn.metrics.base import Metrics
from artesian.learn.metrics.rows import counted_rows, weighted_mean


@dataclass(frozen=True, kw_only=True)
class AutoencoderMetrics(Metrics):
    """`mse` is the mean over rows of each row's mean squared reconstruction error."""

    kind: ClassVar[str] = "autoencoder"


def autoencoder_metrics(per_row_mse: Any, weights: Any = None, *, description: str | None = None) -> AutoencoderMetrics:
    """From the reconstruction error of each row [n]; rows whose error is missing do not count."""
    errors, _, mass = counted_rows(per_row_mse, per_row_mse, weights)
    return AutoencoderMetrics(nobs=len(errors), mse=weighted_mean(errors, mass), description=description)
