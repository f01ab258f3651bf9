"""Metrics of classification into ordered classes."""

from __future__ import annotations

from dataclasses import dataclass, fields
from typing import ClassVar

from artesian.learn.metrics.multinomial import MultinomialMetrics


@dataclass(frozen=True, kw_only=True)
class OrdinalMetrics(MultinomialMetrics):
    """Those of several classes; the order of the classes does not count, and there are no areas under curves."""

    kind: ClassVar[str] = "ordinal"


def ordinal_metrics(metrics: MultinomialMetrics) -> OrdinalMetrics:
    """The metrics of several classes as those of ordered ones."""
    return OrdinalMetrics(**{item.name: getattr(metrics, item.name) for item in fields(metrics)})
