"""Trains the networks of a tabular ensemble side by side, an epoch each in turn, and keeps the best epoch of each.

Epochs are compared on the validation frame (in cross-validation: the fold's rows). Without one every network holds out its
own fifth of the rows, so that the ensemble as a whole learns from all of them.
"""

from __future__ import annotations

import logging
import math
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any, TypeVar

import numpy as np
from numpy.typing import NDArray

from artesian.core import blas
from artesian.core.clock import monotonic, now_ms
from artesian.learn.base.algorithm import Fit
from artesian.learn.base.balancing import generator
from artesian.learn.base.early_stopping import value_of
from artesian.learn.base.finishing import ended_early
from artesian.learn.base.importances import importance_table
from artesian.learn.base.scoring import Scorer
from artesian.learn.deeplearning.glimpses import INTERVAL_SECS
from artesian.learn.deeplearning.history import History, Moment
from artesian.learn.deeplearning.pace import ScoringClock
from artesian.learn.deeplearning.plan import Plan
from artesian.learn.deeplearning.tabular.inputs import Inputs
from artesian.learn.deeplearning.tabular.member import Member, Targets
from artesian.learn.deeplearning.tabular.model import TabularModel
from artesian.learn.deeplearning.tabular.recipe import CYCLE_ENDS, Recipe
from artesian.learn.deeplearning.tabular.rows import HeldOut, measure
from artesian.learn.deeplearning.tabular.telling import IMPORTANCE_ROWS, importances, layer_table
from artesian.learn.metrics import Metrics

T = TypeVar("T")
_LOG = logging.getLogger("artesian.deeplearning")
_PUBLISHED_SECS = 0.5
_RESERVE = 0.05
"""Share of the time left that is kept for looking at the networks and for the end, when the epochs are fitted into it."""
_LEAST_GAIN = 1e-3
"""A cycle of the learning rate that gains less than this share of the metric is the last."""
_IMPORTANCES = 0x1A


class TabularTrainer:
    """One training; `run` leaves the finished state in `model`."""

    def __init__(
        self,
        fit: Fit,
        plan: Plan,
        recipe: Recipe,
        model: TabularModel,
        members: list[Member],
        training: tuple[Inputs, Targets],
        scored: HeldOut,
        validation: HeldOut | None,
        descriptions: tuple[str, str],
        started: float,
    ) -> None:
        self.fit, self.plan, self.recipe, self.model, self.members = fit, plan, recipe, model, members
        self.inputs, self.targets = training
        self.scored, self.validation = scored, validation
        self.descriptions = descriptions
        self._started = started
        self.scorer = Scorer.of(model.details)
        self.rule = plan.stopping
        self._measure = measure(self.rule.metric, self.scorer)
        p = plan.parameters
        self.epochs = math.ceil(recipe.epochs)
        self.epoch = 0
        self.trained = 0
        self.clock = ScoringClock(p.score_interval, p.score_duty_cycle, p.score_each_iteration or p.reproducible)
        self.history = History(model.details.category, validation is not None, custom=bool(p.custom_metric_func))
        self._measured: tuple[Metrics | None, Metrics | None] = (None, None)
        self._values: list[float] = []
        self._train_secs = 0.0
        self._look_secs = 0.0
        self._published = -math.inf
        self._cycle_value = math.nan
        self._late = False
        self._glimpsed = -math.inf
        self._pool: ThreadPoolExecutor | None = None

    # ---- the loop ----

    def run(self) -> None:
        """Trains until the epochs are done, a cycle brings nothing, or time is over; then scores the best networks.

        Every network trains in one thread and the linear algebra in none beside it: the products are too small to share,
        and no result depends on the number of threads.
        """
        threads = self.fit.context.threads if self.plan.parameters.force_load_balance else 1
        with blas.threads(1, afterwards=self.fit.context.threads):
            if min(threads, len(self.members)) > 1:
                with ThreadPoolExecutor(min(threads, len(self.members))) as self._pool:
                    self._train()
            else:
                self._train()
        self._pool = None
        self._tell_if_late()
        self._finish()

    def _train(self) -> None:
        self.history.add(Moment(0.0, None, 0.0, 0, 0), None, None)
        cycles = [share * self.epochs for share in CYCLE_ENDS]
        while self.epoch < self.epochs and not self._late:
            self._train_epoch()
            if self._late:
                break
            self._look()
            if self.epoch == 1 and self._fit_into_time():
                cycles = [share * self.epochs for share in CYCLE_ENDS]
            if self.epoch < self.epochs and self.clock.is_due():
                self._score([member.weights for member in self.members])
            if cycles and self.epoch >= cycles[0] - 1e-9:
                cycles = [end for end in cycles if end > self.epoch + 1e-9]
                if self._cycle_was_in_vain():
                    break

    def _each(self, work: Callable[[Member], T]) -> list[T]:
        """The results of some work on every network, in threads side by side; the first failure is raised."""
        return list(self._pool.map(work, self.members)) if self._pool else [work(member) for member in self.members]

    def _train_epoch(self) -> None:
        begun = monotonic()
        shares = (self.epoch / self.epochs, (self.epoch + 1) / self.epochs)
        self.trained += sum(
            self._each(
                lambda member: member.train_epoch(self.inputs, self.targets, self.recipe, shares, self._may_go_on)
            )
        )
        self._train_secs += monotonic() - begun
        if not self._late:
            self.epoch += 1
        self._report()

    def _may_go_on(self) -> bool:
        """Whether there is time for another update; Cancelled where the user asked to stop."""
        self.fit.context.check()
        budget = self.fit.budget
        if budget.is_limited and budget.remaining <= self.clock.last_secs:
            self._late = True
        return not self._late

    def _look(self) -> None:
        """Compares the epoch of each network with its best."""
        begun = monotonic()
        values = [value for value in self._each(self._look_at) if math.isfinite(value)]
        self._look_secs += monotonic() - begun
        if self.fit.context.watched and begun - self._glimpsed >= INTERVAL_SECS:
            self._glimpsed = begun
            self.fit.context.glimpse(self._told(values))

    def _told(self, values: list[float]) -> dict[str, Any]:
        """Where the training is, with the mean of what the networks make of the rows that they do not learn from."""
        return {
            "metric": self.rule.metric if values else None,
            "value": float(np.mean(values)) if values else None,
            "held_out": True,
            "rows": 0,
            "epochs": self._epochs,
            "samples": self.trained,
            "seconds": monotonic() - self._started,
            "samples_per_second": self._speed,
        }

    def _look_at(self, member: Member) -> float:
        rows = member.compared
        if rows is None:
            return math.nan
        value = self._measure(rows, self.model.to_raw(member.network.outputs(member.views, rows.inputs)))
        if member.best is None or self.rule.improves(value, member.best_value):
            member.remember(value, self.epoch)
        return value

    def _fit_into_time(self) -> bool:
        """After the first epoch: makes so many that time suffices for all, so that the learning rate gets to its end."""
        budget = self.fit.budget
        if not budget.is_limited or budget.was_asked_to_end or self._train_secs <= 0:
            return False
        fitting = 1 + int(budget.remaining * (1.0 - _RESERVE) / (self._train_secs + self._look_secs))
        if fitting >= self.epochs:
            return False
        asked, self.epochs = self.epochs, max(2, fitting)
        self._warn(
            f"max_runtime_secs ({self.plan.parameters.max_runtime_secs:g} s) leaves time for about {self.epochs} of {asked} "
            "epochs; the learning rate follows the shorter training. Raise it, or set it to 0 for no limit."
        )
        return True

    def _cycle_was_in_vain(self) -> bool:
        """At the end of a cycle: whether the networks' best epochs are hardly better than a cycle ago."""
        values = [member.best_value for member in self.members if member.compared is not None]
        if not values or not self.plan.parameters.stopping_rounds:
            return False
        before, self._cycle_value = self._cycle_value, float(np.mean(values))
        if math.isnan(before) or self.epoch >= self.epochs:
            return False
        gain = abs(self._cycle_value - before)
        in_vain = gain <= max(self.plan.parameters.stopping_tolerance, _LEAST_GAIN) * abs(before)
        if in_vain:
            self._say(
                f"Training ends after {self.epoch} epochs: a cycle of the learning rate left {self.rule.metric} as it was."
            )
        return in_vain

    def _tell_if_late(self) -> None:
        if self._late:
            self._warn(ended_early(self.fit, f"{self.epoch} of {self.epochs} epochs"))

    # ---- scoring ----

    def _score(self, members: list[NDArray[np.float32]]) -> None:
        self.clock.start()
        self.model.members = members
        details = self.model.details
        measured = self._metrics(self.scored, self.descriptions[0], self.fit.training_key)
        validated = None
        if self.validation is not None:
            validated = self._metrics(self.validation, self.descriptions[1], self.fit.validation_key)
        self._measured = (measured, validated)
        watched = validated or measured
        details.default_threshold = float(getattr(watched, "default_threshold", details.default_threshold))
        self._values.append(value_of(watched, self.rule.metric))
        seconds = monotonic() - self._started
        self.history.add(Moment(seconds, self._speed, self._epochs, self.epoch, self.trained), measured, validated)
        self.clock.stop()
        self._say(f"epoch {self.epoch}, {self.rule.metric} {self._values[-1]:.6g}")
        self._publish()

    def _metrics(self, rows: HeldOut, description: str, frame_key: str | None) -> Metrics:
        metrics = self.scorer.of_arrays(rows.actual, self.model.raw_of(rows.inputs), rows.weights, rows.domain)
        return metrics.about(model_id=self.model.details.key, frame_id=frame_key, description=description)

    def _finish(self) -> None:
        model, details = self.model, self.model.details
        model.progress = {
            "epochs": float(self.epoch),
            "samples": self.trained,
            "updates": max(member.updates for member in self.members),
            "best_epochs": [member.best_epoch or self.epoch for member in self.members],
            "training_secs": monotonic() - self._started,
        }
        self._score([member.result for member in self.members])
        details.extra["epochs"] = float(self.epoch)
        if self.plan.parameters.variable_importances:
            self._weigh_columns()
        self._write_details()
        details.end_ms = now_ms()
        details.status = "DONE"
        self.fit.context.progress(1.0, f"{self.epoch} epochs, {self._speed:,.0f} rows a second")

    def _weigh_columns(self) -> None:
        """The table of importances, of rows drawn from those that were scored."""
        inputs = self.scored.inputs
        if len(inputs) > IMPORTANCE_ROWS:
            drawn = generator(self.fit.seed, _IMPORTANCES).choice(len(inputs), IMPORTANCE_ROWS, replace=False)
            inputs = inputs.rows(np.sort(drawn))
        values = importances(self.model, inputs)
        self.model.details.variable_importances = importance_table(self.model.inputs.predictors, values)

    # ---- telling ----

    @property
    def _epochs(self) -> float:
        """How often each network has seen each of its rows."""
        return self.trained / max(1, sum(len(member.rows) for member in self.members))

    @property
    def _speed(self) -> float:
        """Rows trained a second, each network's counted."""
        return self.trained / self._train_secs if self._train_secs > 0 else 0.0

    def _report(self) -> None:
        left = (self.epochs - self.epoch) * self._train_secs / max(1, self.epoch)
        self.fit.context.progress(
            0.99 * self.epoch / max(1, self.epochs),
            f"epoch {self.epoch} of {self.epochs}, {self._speed:,.0f} rows a second, about {left:,.0f} s left",
        )

    def _publish(self) -> None:
        """Shows the model as it stands, not too often; models of folds are seen when they are done."""
        if self.fit.fold is not None or monotonic() - self._published < _PUBLISHED_SECS:
            return
        self._write_details()
        self.fit.context.publish({"details": self.model.details.to_dict()})
        self._published = monotonic()

    def _write_details(self) -> None:
        details = self.model.details
        measured, validated = self._measured
        details.training_metrics = measured.to_dict() if measured else None
        details.validation_metrics = validated.to_dict() if validated else None
        details.scoring_history = self.history.table()
        details.model_summary = layer_table(self.model, self.recipe)

    def _warn(self, sentence: str) -> None:
        self.model.details.warnings.append(sentence)
        self.fit.context.warn(sentence)

    def _say(self, sentence: str) -> None:
        if not self.plan.parameters.quiet_mode:
            _LOG.info("%s: %s", self.fit.key, sentence)
