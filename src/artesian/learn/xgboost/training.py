"""Trains a booster: rounds of the library between looks at clock, cancellation, score and stopping rules."""

from __future__ import annotations

import logging
import math
import re
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from artesian.core.clock import monotonic, now_ms
from artesian.core.errors import InvalidArgument
from artesian.frame import Frame
from artesian.learn.base.algorithm import Fit
from artesian.learn.base.calibration import Calibration
from artesian.learn.base.early_stopping import value_of
from artesian.learn.base.finishing import Snapshots, ended_early, warn
from artesian.learn.base.scoring import Scorer
from artesian.learn.base.scoring_history import TreesHistory
from artesian.learn.metrics import Metrics
from artesian.learn.xgboost.importances import importance_tables
from artesian.learn.xgboost.model import XGBoostModel
from artesian.learn.xgboost.plan import Plan
from artesian.learn.xgboost.tables import native_table, summary_table

Floats = NDArray[np.float64]
_LOG = logging.getLogger("artesian.xgboost")
_DUTY = 0.1
"""Share of the time that may go into scoring by the clock."""
_PLACE = re.compile(r"^(\[[\d:]+\] )?\S+\.(cc|h|cu):\d+:")
"""Where in the library's sources a complaint comes from."""
_MARGIN = 3.0
"""The last scoring, of more rounds than the one before, and the keeping of the model take about so many times as long."""


@dataclass(frozen=True)
class ScoredRows:
    """Rows in the library's form, and what they are measured against."""

    library: Any
    actual: Floats
    weights: Floats | None
    domain: tuple[str, ...] | None
    offsets: Floats | None
    frame_key: str | None
    description: str


class Trainer:
    """One training of one booster; `run` leaves the finished state in `model`."""

    def __init__(
        self,
        fit: Fit,
        plan: Plan,
        model: XGBoostModel,
        native: dict[str, Any],
        training: ScoredRows,
        validation: ScoredRows | None,
        started: float,
    ) -> None:
        self.fit, self.plan, self.model, self.native = fit, plan, model, native
        self.training, self.validation = training, validation
        self.started = started
        self.scorer = Scorer.of(model.details)
        self.rule = plan.stopping
        before = model.progress
        self.trees = int(before.get("trees", 0))
        self.earlier_secs = float(before.get("training_secs", 0.0))
        self.values: list[float] = [math.nan if v is None else v for v in before.get("stopping_values", ())]
        self.interval = plan.score_interval(len(training.actual))
        self.evaluates = bool(plan.parameters.eval_metric or plan.parameters.custom_metric_func)
        self.history = TreesHistory(
            model.details.category, validation is not None, model.details.scoring_history, custom=self.evaluates
        )
        self.measured: tuple[Metrics | None, Metrics | None] = (None, None)
        self.scoring_secs = self.last_scoring = 0.0
        self.snapshots = Snapshots(fit)

    # ---- the loop ----

    def run(self) -> None:
        """Boosts until the rounds are done, a rule stops it, or time is over; then scores and tells.

        There is one round however short the time is: a model of none predicts the same for every row.
        """
        target = self.plan.parameters.ntrees
        whole = not self.plan.scores_eval_metric_only
        if not self.trees:
            self._score(whole=whole)
        scored = self.trees
        while self.trees < target:
            if self.trees and self.fit.budget.remaining <= _MARGIN * self.last_scoring:
                self._warn(ended_early(self.fit, f"{self.trees} of {target} rounds"))
                break
            self._update()
            self.fit.context.check()
            self._report(target)
            if self._is_due():
                scored = self.trees
                if self._score(whole=whole) and self.trees < target:
                    self._say(f"Training ends after {self.trees} rounds: {self.rule.metric} does not improve.")
                    break
        if scored != self.trees or not whole:
            self._score(count=scored != self.trees)
        self._finish()

    def _update(self) -> None:
        from artesian.learn.xgboost.library import XGBoostError

        try:
            self.model.booster.update(self.training.library, self.trees)
        except XGBoostError as error:
            raise _refused(error) from error
        self.trees += 1

    def _is_due(self) -> bool:
        if self.interval:
            return self.trees % self.interval == 0
        spent = monotonic() - self.started
        return self.scoring_secs + self.last_scoring <= _DUTY * spent

    def _report(self, target: int) -> None:
        self.fit.context.progress(0.99 * self.trees / target, f"{self.trees} of {target} rounds")

    def _warn(self, sentence: str) -> None:
        warn(self.fit, self.model.details, sentence)

    def _say(self, sentence: str) -> None:
        if not self.plan.parameters.quiet_mode:
            _LOG.info("%s: %s", self.fit.key, sentence)

    # ---- scoring ----

    def _score(self, *, whole: bool = True, count: bool = True) -> bool:
        """Measures training and validation rows; whether early stopping ends the training.

        Not `whole`: the eval_metric alone. Without `count` the value that early stopping watches was noted before.
        """
        entered = monotonic()
        evaluated = self._evaluate()
        if whole:
            self.measured = (self._measure(self.training), self._measure(self.validation))
            watched = self.measured[1] or self.measured[0]
            details = self.model.details
            details.default_threshold = float(getattr(watched, "default_threshold", details.default_threshold))
            if self.plan.parameters.custom_metric_func:
                first, second = (m.custom_metric_value if m else math.nan for m in self.measured)
                evaluated = first, second
        if count:
            self.values.append(self._watched_value(evaluated))
        seconds = self.earlier_secs + monotonic() - self.started
        shown = self.measured if whole else (None, None)
        self.history.add(seconds, self.trees, shown, evaluated if self.evaluates else None)
        if whole:
            self._weigh_inputs()
        self.last_scoring = monotonic() - entered
        self.scoring_secs += self.last_scoring
        self._say(f"{self.trees} rounds, {self.rule.metric} {self.values[-1]:.6g}")
        self._publish()
        return self.rule.should_stop(self.values)

    def _watched_value(self, evaluated: tuple[float, float]) -> float:
        if self.plan.watches_eval_metric:
            return evaluated[1] if self.validation else evaluated[0]
        watched = self.measured[1] or self.measured[0]
        return value_of(watched, self.rule.metric) if watched else math.nan

    def _measure(self, rows: ScoredRows | None) -> Metrics | None:
        if rows is None:
            return None
        raw = self.model.outputs_to_raw(self.model.booster.predict(rows.library))
        metrics = self.scorer.of_arrays(rows.actual, raw, rows.weights, rows.domain, rows.offsets)
        return metrics.about(model_id=self.fit.key, frame_id=rows.frame_key, description=rows.description)

    def _evaluate(self) -> tuple[float, float]:
        """The eval_metric on training and validation rows; NaN without one."""
        from artesian.learn.xgboost.library import XGBoostError

        if not self.plan.parameters.eval_metric:
            return math.nan, math.nan
        sets = [(rows.library, name) for rows, name in ((self.training, "t"), (self.validation, "v")) if rows]
        try:
            told = self.model.booster.eval_set(sets, self.trees)
        except XGBoostError as error:
            raise _refused(error) from error
        values = [float(part.rsplit(":", 1)[1]) for part in told.split("\t")[1:]]
        return values[0], values[1] if self.validation else math.nan

    # ---- telling ----

    def _publish(self) -> None:
        if self.snapshots.are_due:
            self._write_details()
            self.snapshots.show(self.model.details)

    def _write_details(self) -> None:
        details = self.model.details
        measured, validated = self.measured
        details.training_metrics = measured.to_dict() if measured else None
        details.validation_metrics = validated.to_dict() if validated else None
        details.scoring_history = self.history.table()
        details.model_summary = summary_table(self.trees)
        details.extra["ntrees"] = self.trees

    def _weigh_inputs(self) -> None:
        """Puts the importances of the inputs into the details; linear boosters have none."""
        if not self.plan.grows_trees:
            return
        details = self.model.details
        tables = importance_tables(self.model.booster, self.model.design.input_names)
        details.variable_importances = tables.get("")
        for kind in ("Cover", "Frequency"):
            if kind in tables:
                details.extra[f"variable_importances_{kind.lower()}"] = tables[kind].to_dict()

    def _finish(self) -> None:
        details, p = self.model.details, self.plan.parameters
        details.extra["native_parameters"] = native_table({"nround": p.ntrees, **self.native})
        self._write_details()
        if p.calibrate_model and self.fit.fold is None:
            frame: Frame = self.fit.frames["calibration_frame"]
            method = details.actual("calibration_method")
            self.model.calibration = Calibration.learn(method, self.model, frame, threads=self.fit.context.threads)
        details.parameters["ntrees"]["actual"] = self.trees
        details.end_ms = now_ms()
        details.status = "DONE"
        self.model.progress = {
            "trees": self.trees,
            "training_secs": self.earlier_secs + monotonic() - self.started,
            "stopping_values": [None if math.isnan(value) else value for value in self.values],
        }
        self.fit.context.progress(1.0, f"{self.trees} rounds")


def _refused(error: Exception) -> InvalidArgument:
    """The library's own complaint, without its stack."""
    lines = [
        line for line in str(error).splitlines() if line.strip() and not line.lstrip().startswith(("[bt]", "Stack"))
    ]
    text = lines[0] if lines else "no reason given"
    return InvalidArgument(f"XGBoost cannot train so: {_PLACE.sub('', text).strip()}")
