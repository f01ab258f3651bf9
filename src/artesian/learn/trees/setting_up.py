"""Rows, grid and model of one training: everything between parameters and the first tree."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np
import polars as pl
from numpy.typing import NDArray

from artesian.core.errors import InvalidArgument
from artesian.frame import Frame
from artesian.learn.base.algorithm import Algorithm, Fit
from artesian.learn.base.balancing import balanced, correction
from artesian.learn.base.building import new_details
from artesian.learn.base.encoding_step import EncodingStep
from artesian.learn.base.scoring import Scorer, codes_in
from artesian.learn.trees.grid import Codes, Grid, RawColumns
from artesian.learn.trees.model import TreesModel
from artesian.learn.trees.plan import Plan

if TYPE_CHECKING:
    from artesian.learn.metrics import Metrics

Floats = NDArray[np.float64]


@dataclass
class TrainingRows:
    """The rows that are learnt from: codes by grid (in turn from tree to tree), response, weights, offsets.

    `response` [n] are class codes or amounts; of quasibinomial the amounts, with `codes_of_classes` beside.
    """

    codes: list[Codes]
    response: Floats
    weights: Floats
    has_weights: bool
    offsets: Floats | None
    classes: NDArray[np.int64] | None
    raw: RawColumns | None
    """The rows as the forest reads them, where earlier trees are continued."""

    @property
    def n_rows(self) -> int:
        """How many they are."""
        return len(self.response)

    @cached_property
    def mass(self) -> tuple[Floats | None, Floats | None]:
        """Weights of the rows in splits, and what min_rows counts; None where all are 1.

        Equal weights are left out of the sums, so that they change no split by rounding.
        """
        if not self.has_weights:
            return None, None
        even = bool((self.weights == self.weights[0]).all())
        return (None if even else self.weights), self.weights


@dataclass
class ValidationRows:
    """The rows of the validation frame, as the forest reads them; `sums` [n, trees of a round] grow with the forest."""

    raw: RawColumns
    actual: Floats
    weights: Floats | None
    offsets: Floats | None
    domain: tuple[str, ...]
    sums: Floats
    key: str | None

    def measure(self, model: TreesModel, scorer: Scorer, rounds: int) -> Metrics:
        """Metrics of the trees so far."""
        raw = model.outputs(self.sums, self.offsets, rounds)
        metrics = scorer.of_arrays(self.actual, raw, self.weights, self.domain or None)
        description = "Metrics on the validation frame"
        return metrics.about(model_id=model.details.key, frame_id=self.key, description=description)


class SetUp:
    """Prepares one training."""

    def __init__(self, algorithm: type[Algorithm], fit: Fit, plan: Plan, model: type[TreesModel]) -> None:
        self.algorithm, self.fit, self.plan, self.model_class = algorithm, fit, plan, model
        previous = fit.models.get("checkpoint")
        self.previous = previous if isinstance(previous, TreesModel) else None
        self.domain = self._domain()

    def prepare(self) -> tuple[TreesModel, TrainingRows, ValidationRows | None]:
        """The model without (new) trees, and the rows to learn from and to validate on."""
        fit, frame = self.fit, self.fit.training
        response, classes = self._response(frame)
        weights = _column(frame, fit.roles.weights)
        rows = self._eligible(response, weights)
        chosen, factors = self._balanced(rows, classes, weights)
        if len(chosen) < frame.n_rows or factors is not None:
            places = pl.Series(chosen)
            frame, response = frame.gather(places), response[chosen]
            classes = None if classes is None else classes[chosen]
            weights = None if weights is None else weights[chosen]
        step = self._encoding(frame, response, weights)
        encoded = step.apply(frame)
        grids = self._grids(encoded, step, weights)
        model = self._model(step, grids, factors)
        training = TrainingRows(
            [grid.codes(encoded) for grid in grids],
            response,
            np.ones(len(response)) if weights is None else weights,
            weights is not None,
            _column(frame, fit.roles.offset),
            classes,
            None if self.previous is None else model.grids[0].raw(encoded),
        )
        return model, training, self._validation(model)

    # ---- rows ----

    def _domain(self) -> list[str]:
        """The classes; of quasibinomial the two numbers as texts."""
        name = self.fit.roles.response
        assert name is not None
        if self.previous is not None:
            return self.previous.details.response_domain
        column = self.fit.training[name]
        if self.plan.distribution == "quasibinomial":
            return [_text(value) for value in sorted(column.values.drop_nulls().unique().to_list())]
        return column.levels if self.plan.is_classification else []

    def _response(self, frame: Frame) -> tuple[Floats, NDArray[np.int64] | None]:
        """Response and classes of all rows; a missing class is -1, a missing response NaN."""
        name = self.fit.roles.response
        assert name is not None
        column = frame[name]
        if not self.plan.is_classification:
            return np.asarray(column.floats()), None
        codes = codes_in(column, self.domain, name)
        classes = np.where(np.isnan(codes), -1, codes).astype(np.int64)
        return (np.asarray(column.floats()) if self.plan.distribution == "quasibinomial" else codes), classes

    def _eligible(self, response: Floats, weights: Floats | None) -> NDArray[np.int64]:
        """Rows with a response and a weight above 0."""
        keep = ~np.isnan(response)
        if weights is not None:
            keep &= weights > 0
        rows = np.flatnonzero(keep)
        if not len(rows):
            raise InvalidArgument(
                f"{self.fit.label}No row is left to learn from: all lack the response or a weight above 0."
            )
        return rows

    def _balanced(
        self, rows: NDArray[np.int64], classes: NDArray[np.int64] | None, weights: Floats | None
    ) -> tuple[NDArray[np.int64], Floats | None]:
        """The rows after balancing, and the factors that undo it in the predictions."""
        p = self.plan.parameters
        if not p.balance_classes or classes is None:
            return rows, None
        factors = None if p.class_sampling_factors is None else np.array(p.class_sampling_factors)
        n_classes = len(self.domain)
        chosen, _ = balanced(rows, classes[rows], n_classes, factors, p.max_after_balance_size, self.fit.seed)
        if not len(chosen):
            raise InvalidArgument("class_sampling_factors leave no row to learn from; raise one of them above 0.")
        masses = (None, None) if weights is None else (weights[rows], weights[chosen])
        return chosen, correction(classes[rows], classes[chosen], n_classes, *masses)

    # ---- columns and model ----

    def _encoding(self, frame: Frame, response: Floats, weights: Floats | None) -> EncodingStep:
        if self.previous is not None:
            return self.previous.step
        return EncodingStep.fit(
            frame, self.fit.roles.predictors, self.plan.encoding, weights=weights, response=response
        )

    def _grids(self, encoded: Frame, step: EncodingStep, weights: Floats | None) -> list[Grid]:
        if self.previous is not None:
            return self.previous.grids
        p = self.plan.parameters
        grids: dict[bool, Grid] = {}
        for kind in self.plan.histogram_types:
            quantiles = kind in ("AUTO", "QuantilesGlobal", "UniformRobust")
            if quantiles not in grids:
                grids[quantiles] = Grid.fit(
                    encoded,
                    step.predictors,
                    bins_top=max(p.nbins_top_level, p.nbins),
                    bins_cats=p.nbins_cats,
                    quantiles=quantiles,
                    weights=weights,
                )
        return list(grids.values())

    def _model(self, step: EncodingStep, grids: list[Grid], factors: Floats | None) -> TreesModel:
        details = new_details(self.fit, self.algorithm, self.plan.category, self.plan.actual(), step.inputs)
        if self.plan.is_classification:
            details.domains[-1] = list(self.domain)
        model = self.model_class(details, step, grids, self.plan.trees_per_round(len(self.domain)), correction=factors)
        if self.previous is not None:
            model.continue_from(self.previous)
        return model

    # ---- validation ----

    def _validation(self, model: TreesModel) -> ValidationRows | None:
        frame = self.fit.validation
        if frame is None:
            return None
        scorer = Scorer.of(model.details)
        actual = scorer.actual(frame)
        if actual is None:
            return None
        raw = model.raw_columns(frame)
        return ValidationRows(
            raw,
            actual,
            scorer.weights(frame),
            model.offsets(frame),
            scorer.domain_with(frame),
            model.sums(raw, threads=self.fit.context.threads),
            self.fit.validation_key,
        )


def _column(frame: Frame, name: str | None) -> Floats | None:
    return None if name is None else np.asarray(frame[name].floats())


def _text(value: float) -> str:
    return str(int(value)) if float(value).is_integer() else str(value)
