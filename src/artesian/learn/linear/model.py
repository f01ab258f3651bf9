"""A fitted linear model: its terms, family and coefficients, and the path of penalties that it comes from."""

from __future__ import annotations

import contextlib
import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, ClassVar, Self

import numpy as np
import polars as pl
from numpy.typing import NDArray

from artesian.core import blas
from artesian.frame import Frame
from artesian.learn.base.details import Category, ModelDetails
from artesian.learn.base.model import Model
from artesian.learn.base.reading import notes_of_missing, offsets
from artesian.learn.linear.families import Family
from artesian.learn.linear.multinomial import ordinal_probabilities, softmax
from artesian.learn.linear.path import Path
from artesian.learn.linear.predicting import linear_predictors
from artesian.learn.linear.rows import BLOCK_ROWS
from artesian.learn.linear.scoring import LinearScorer, Measure
from artesian.learn.linear.terms import Terms

Floats = NDArray[np.float64]


@dataclass
class Facts:
    """What else a model remembers of its training.

    `null_mean`: see `Measure`; `adjustment` is added to the intercept (see the parameter prior); `parameters` and
    `dispersion` serve the full likelihood; `without` are columns that predictions leave out, `without_offset` says that they
    leave the offset out.
    """

    null_mean: tuple[float, ...]
    has_intercept: bool = True
    adjustment: float = 0.0
    parameters: int | None = None
    dispersion: float = 1.0
    without: tuple[str, ...] = ()
    without_offset: bool = False


class GLMModel(Model):
    """`beta` [1, width + 1] (a row a class for several classes) by raw inputs, the intercept last."""

    algorithm_name: ClassVar[str] = "glm"

    def __init__(
        self,
        details: ModelDetails,
        terms: Terms,
        family: Family,
        beta: Floats,
        path: Path,
        facts: Facts,
        *,
        centred: bool,
    ) -> None:
        super().__init__(details)
        self.terms, self.family, self.beta, self.path, self.facts, self.centred = (
            terms,
            family,
            beta,
            path,
            facts,
            centred,
        )
        self.extra_frames: dict[str, Frame] = {}
        self.variants: dict[str, dict[str, Any]] = {}
        """Metrics of predictions that leave less out: `all` nothing, `controls` and `offset` only that; by `training`, `validation`."""
        self.trainer: Any = None
        """While cross-validation goes on, what can fit further penalties of this model's path."""

    # ---- predicting ----

    @property
    def scoring_beta(self) -> Floats:
        """The coefficients that predictions use: those of control variables are 0."""
        if not self.facts.without:
            return self.beta
        beta, start = self.beta.copy(), 0
        for term in self.terms.terms:
            if set(term.sources) & set(self.facts.without):
                beta[:, start : start + term.width] = 0.0
            start += term.width
        return beta

    def linear(self, frame: Frame, out: Floats | None = None) -> Floats:
        """Linear predictors [n, rows of `beta`] of a frame's rows, offsets included; of one row [n], in `out` if it is given."""
        frame = self.as_learnt(frame)
        self.terms.missing_columns(frame)
        scaled = self.terms.standardized(self.scoring_beta, centred=self.centred)
        offsets = self._offsets(frame)
        beta = scaled[0] if len(scaled) == 1 else scaled.T
        return linear_predictors(self.terms, frame, beta, centred=self.centred, offsets=offsets, out=out)

    def _offsets(self, frame: Frame) -> Floats | None:
        name = self.details.actual("offset_column")
        if name is None or self.facts.without_offset or self.family.name == "multinomial":
            return None
        return offsets(frame, name)

    def raw(self, frame: Frame, *, threads: int = 1) -> Floats:
        """See `Model.raw`; NaN for rows with missing values where training skipped those."""
        found = self._probabilities(frame) if self.family.is_two_classes else self._means(frame, threads)
        if self.terms.skip_missing:
            found[~self.terms.present(frame)] = np.nan
        return found

    def _means(self, frame: Frame, threads: int) -> Floats:
        """Means [n], or probabilities of several classes [n, k]."""
        several = len(self.beta) > 1 and threads > 1
        with (
            blas.threads(1, threads) if several else contextlib.nullcontext()
        ):  # the products are too small for several
            linear = self.linear(frame)
        if self.family.name == "multinomial":
            return softmax(linear)[0]
        if self.family.name == "ordinal":
            thresholds = self.beta[:-1, -1]
            return ordinal_probabilities(linear[:, 0] - thresholds[0], thresholds)
        return self.family.mean(linear)

    def _probabilities(self, frame: Frame) -> Floats:
        """Probabilities of two classes [n, 2], which lie behind each other in memory."""
        found = np.empty((2, frame.n_rows))
        self.linear(frame, out=found[1])
        for start in range(0, frame.n_rows, BLOCK_ROWS):
            some = slice(start, start + BLOCK_ROWS)
            found[1, some] = self.family.mean(found[1, some])
            np.subtract(1.0, found[1, some], out=found[0, some])
        return found.T

    @property
    def scorer(self) -> LinearScorer:
        """See `Model`."""
        details, facts = self.details, self.facts
        actual = {name: value["actual"] for name, value in details.parameters.items()}
        rank = self.path.best.rank if self.path.submodels else int(np.count_nonzero(self.beta))
        if self.family.name == "ordinal":  # all classes but the last have the same coefficients
            rank = int(np.count_nonzero(self.beta))
        measured = Measure(self.family, facts.null_mean, rank, facts.has_intercept, facts.parameters, facts.dispersion)
        return LinearScorer(
            details.category, details.response, tuple(details.response_domain), actual, measured=measured
        )

    def prediction_frame(self, raw: Floats) -> Frame:
        """See `Model`; a row without a prediction has no label either."""
        frame = super().prediction_frame(raw)
        if not self.terms.skip_missing or self.details.category is Category.REGRESSION:
            return frame
        there = pl.Series(~np.isnan(raw).any(axis=1))
        label = frame["predict"]
        blank = pl.select(pl.when(there).then(label.values).otherwise(None)).to_series()
        return frame.with_column("predict", type(label)(label.type, blank, label.domain))

    def notes(self, frame: Frame) -> list[str]:
        """Names the columns that the frame lacks."""
        return notes_of_missing(self.terms.missing_columns(self.as_learnt(frame)))

    # ---- coefficients ----

    @property
    def coefficient_names(self) -> list[str]:
        """Names of the coefficients, the intercept last."""
        return [*self.terms.names, "Intercept"]

    @property
    def is_several(self) -> bool:
        """Whether each class has coefficients."""
        return self.details.category in (Category.MULTINOMIAL, Category.ORDINAL)

    def standardized(self) -> Floats:
        """Coefficients by standardised inputs, of the shape of `beta`."""
        return self.terms.standardized(self.beta, centred=self.centred)

    def frames(self) -> dict[str, Frame]:
        """The frame of influences, if there is one."""
        return self.extra_frames

    # ---- keeping ----

    def state(self) -> dict[str, Any]:
        """See `Model`."""
        path, _ = self.path.to_state()
        facts: dict[str, Any] = {n: list(v) if isinstance(v, tuple) else v for n, v in vars(self.facts).items()}
        if not math.isfinite(self.facts.dispersion):
            facts["dispersion"] = None
        return {
            "terms": self.terms.to_state(),
            "family": self.family.to_state(),
            "facts": facts,
            "path": path,
            "centred": self.centred,
            "variants": self.variants,
        }

    def arrays(self) -> dict[str, NDArray[Any]]:
        """See `Model`."""
        _, arrays = self.path.to_state()
        return {"beta": self.beta, **arrays}

    @classmethod
    def restore(cls, details: ModelDetails, state: Mapping[str, Any], arrays: Mapping[str, NDArray[Any]]) -> Self:
        """See `Model`."""
        facts: dict[str, Any] = {n: tuple(v) if isinstance(v, list) else v for n, v in state["facts"].items()}
        if facts["dispersion"] is None:
            facts["dispersion"] = math.nan
        model = cls(
            details,
            Terms.from_state(state["terms"]),
            Family.from_state(state["family"]),
            arrays["beta"],
            Path.from_state(state["path"], arrays),
            Facts(**facts),
            centred=bool(state["centred"]),
        )
        model.variants = dict(state.get("variants", {}))
        return model
