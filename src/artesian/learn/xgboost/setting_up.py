"""Everything between parameters and the first round: rows, design, booster, and what is scored."""

from __future__ import annotations

from typing import Any

import numpy as np
import polars as pl
from numpy.typing import NDArray

from artesian.core.errors import InvalidArgument
from artesian.frame import Frame
from artesian.learn.base.algorithm import Algorithm, Fit
from artesian.learn.base.building import new_details
from artesian.learn.base.design import Design
from artesian.learn.base.scoring import Scorer
from artesian.learn.xgboost import rows
from artesian.learn.xgboost.model import XGBoostModel
from artesian.learn.xgboost.plan import Plan
from artesian.learn.xgboost.training import ScoredRows, Trainer

Floats = NDArray[np.float64]


class SetUp:
    """Prepares one training."""

    def __init__(self, algorithm: type[Algorithm], fit: Fit, plan: Plan, started: float) -> None:
        self.algorithm, self.fit, self.plan, self.started = algorithm, fit, plan, started
        previous = fit.models.get("checkpoint")
        self.previous = previous if isinstance(previous, XGBoostModel) else None
        self.frame = self._eligible(fit.training)
        self.weights = _column(self.frame, fit.roles.weights)

    def trainer(self) -> Trainer:
        """The trainer, ready to run."""
        from artesian.learn.xgboost.library import Booster

        design = self._design()
        sparse = design.in_sparse_part
        count = self.frame.n_rows
        details = new_details(
            self.fit,
            self.algorithm,
            self.plan.category,
            self.plan.actual(count, design.n_inputs, sparse),
            design.expanded,
        )
        details.extra |= {"sparse": sparse, "ntrees": 0}
        classes = len(details.response_domain)
        native = self.plan.booster(
            design, classes=classes, rows=count, seed=self.fit.seed, threads=self.fit.context.threads
        )
        training = self._scored(design, Scorer.of(details), self.frame, native, None)
        training_rows = training.library
        kept = bytearray(self.previous.booster.save_raw("ubj")) if self.previous is not None else None
        validation = None
        if self.fit.validation is not None:
            validation = self._scored(design, Scorer.of(details), self.fit.validation, native, training_rows)
        cached = [training_rows] if validation is None else [training_rows, validation.library]
        booster = Booster(native, cache=cached, model_file=kept)
        progress = None
        if self.previous is not None:
            progress = self.previous.progress
            details.scoring_history = self.previous.details.scoring_history
        model = XGBoostModel(details, design, booster, progress=progress)
        return Trainer(self.fit, self.plan, model, native, training, validation, self.started)

    # ---- rows ----

    def _eligible(self, frame: Frame) -> Frame:
        """The rows that are learnt from: with a response and a weight above 0."""
        keep = frame[str(self.fit.roles.response)].values.is_not_null()
        if self.fit.roles.weights is not None:
            keep &= pl.Series(np.asarray(frame[self.fit.roles.weights].floats()) > 0)
        if keep.all():
            return frame
        if not keep.any():
            raise InvalidArgument(
                f"{self.fit.label}No row is left to learn from: all lack the response or a weight above 0."
            )
        return frame.filter(keep)

    def _design(self) -> Design:
        if self.previous is not None:
            return self.previous.design
        response = np.asarray(self.frame[str(self.fit.roles.response)].floats())
        return Design.fit(
            self.frame, self.fit.roles.predictors, self.plan.design, weights=self.weights, response=response
        )

    def _scored(
        self, design: Design, scorer: Scorer, frame: Frame, native: dict[str, Any], reference: Any
    ) -> ScoredRows:
        """Rows of a frame that have a response; `reference` are the training rows, of which others take the bins."""
        actual = scorer.actual(frame)
        assert actual is not None  # roles and validation see to it that there is a response
        described = "validation" if reference is not None else "training"
        library = self._library_rows(design, frame, actual, scorer, native, reference)
        return ScoredRows(
            library,
            actual,
            scorer.weights(frame),
            scorer.domain_with(frame),
            _column(frame, self.fit.roles.offset),
            self.fit.validation_key if reference is not None else self.fit.training_key,
            f"Metrics on all {frame.n_rows:,} {described} rows",
        )

    def _library_rows(
        self, design: Design, frame: Frame, actual: Floats, scorer: Scorer, native: dict[str, Any], reference: Any
    ) -> Any:
        from artesian.learn.xgboost.library import DMatrix, QuantileDMatrix

        blocks = [block for _, block in rows.chunks(design, frame)]
        classes = len(scorer.domain)
        # what has no label, or one that training does not know, is scored but not evaluated by the library
        known = ~np.isnan(actual) & ((actual < classes) if classes else True)
        label = np.where(known, actual, 0.0).astype(np.float32)
        weights = scorer.weights(frame)
        if not known.all():
            weights = known.astype(np.float64) * (1.0 if weights is None else weights)
        options = {
            "label": label,
            "weight": None if weights is None else weights.astype(np.float32),
            "base_margin": rows.offsets(frame, self.fit.roles.offset),
            "nthread": native["nthread"],
        }
        binned = native.get("tree_method") == "hist" and native["booster"] == "gbtree"
        if binned and reference is None:
            return QuantileDMatrix(_joined(blocks), max_bin=native["max_bin"], **options)
        return DMatrix(_joined(blocks), **options)


def _joined(blocks: list[Any]) -> Any:
    """Blocks of rows as one matrix."""
    if len(blocks) == 1:
        return blocks[0]
    if isinstance(blocks[0], np.ndarray):
        return np.concatenate(blocks)
    from scipy.sparse import vstack

    return vstack(blocks, format="csr")


def _column(frame: Frame, name: str | None) -> Floats | None:
    return None if name is None else np.asarray(frame[name].floats())
