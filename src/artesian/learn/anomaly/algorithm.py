"""Isolation forests as algorithms."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, ClassVar

from artesian.core.errors import Problem
from artesian.learn.anomaly.checks import check_declared, check_extended, check_situation
from artesian.learn.anomaly.model import ExtendedIsolationForestModel, IsolationForestModel
from artesian.learn.anomaly.parameters import ExtendedIsolationForestParameters, IsolationForestParameters
from artesian.learn.base.algorithm import Algorithm, Fit, Situation
from artesian.learn.base.details import Category
from artesian.learn.base.model import Model


class IsolationForest(Algorithm):
    """Random trees in which anomalies are separated from other rows by few splits."""

    name: ClassVar[str] = "isolationforest"
    title: ClassVar[str] = "Isolation Forest"
    called: ClassVar[str] = "IsolationForest"
    parameters = IsolationForestParameters
    model: ClassVar[type[Model]] = IsolationForestModel
    categories: ClassVar[tuple[Category, ...]] = (Category.ANOMALY_DETECTION,)

    @classmethod
    def can_end_early(cls, parameters: Any) -> bool:
        """After any tree."""
        return True

    @classmethod
    def check_declared(cls, values: Mapping[str, Any]) -> Iterator[Problem]:
        """See `checks`."""
        yield from check_declared(values)

    @classmethod
    def check(cls, situation: Situation) -> Iterator[Problem]:
        """See `checks`."""
        yield from check_situation(situation)

    @classmethod
    def fit(cls, fit: Fit) -> Model:
        """Grows a forest."""
        from artesian.learn.anomaly.training import IsolationTrainer

        trainer = IsolationTrainer(cls, fit)
        trainer.run()
        return trainer.model


class ExtendedIsolationForest(Algorithm):
    """Random trees of slanted splits in which anomalies are separated from other rows by few of them."""

    name: ClassVar[str] = "extendedisolationforest"
    title: ClassVar[str] = "Extended Isolation Forest"
    called: ClassVar[str] = "ExtendedIsolationForest"
    parameters = ExtendedIsolationForestParameters
    model: ClassVar[type[Model]] = ExtendedIsolationForestModel
    categories: ClassVar[tuple[Category, ...]] = (Category.ANOMALY_DETECTION,)

    @classmethod
    def can_end_early(cls, parameters: Any) -> bool:
        """After any batch of trees."""
        return True

    @classmethod
    def check(cls, situation: Situation) -> Iterator[Problem]:
        """See `checks`."""
        yield from check_extended(situation)

    @classmethod
    def fit(cls, fit: Fit) -> Model:
        """Grows a forest."""
        from artesian.learn.anomaly.training import ExtendedTrainer

        trainer = ExtendedTrainer(cls, fit)
        trainer.run()
        return trainer.model
