"""Trains a network: iterations of the kernels between looks at clock, cancellation, score, and stopping rules."""

from __future__ import annotations

import logging
import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from artesian._native import InputRows, Snapshot
from artesian.core.clock import monotonic, now_ms
from artesian.learn.base.algorithm import Fit
from artesian.learn.base.details import Category
from artesian.learn.base.early_stopping import value_of
from artesian.learn.base.finishing import Snapshots, ended_early, warn
from artesian.learn.base.importances import importance_table
from artesian.learn.base.scoring import Scorer
from artesian.learn.deeplearning.glance import can_glance, glance
from artesian.learn.deeplearning.glimpses import Glimpses
from artesian.learn.deeplearning.history import History, Moment
from artesian.learn.deeplearning.importances import importances
from artesian.learn.deeplearning.model import DeepLearningModel
from artesian.learn.deeplearning.pace import IterationLength, ScoringClock
from artesian.learn.deeplearning.plan import Plan
from artesian.learn.deeplearning.sampling import RowOrder
from artesian.learn.deeplearning.scored import ScoredRows
from artesian.learn.deeplearning.summary import layer_table
from artesian.learn.metrics import Metrics, MultinomialMetrics
from artesian.learn.metrics.rows import represented_rows, weighted_quantiles

_LOG = logging.getLogger("artesian.deeplearning")
_SLICE_SECS = 0.2
"""The kernels come back at least so often, for progress and cancellation."""
_UNSTABLE_ADVICE = (
    "The network from before that is kept. Lower the rate, scale the inputs (standardize), limit the weights (max_w2, for "
    "example 10), penalise them (l1 or l2, for example 1e-5), start from smaller ones (initial_weight_distribution Normal "
    "with a small initial_weight_scale), or take a bounded activation (Tanh)."
)


@dataclass
class TrainingRows:
    """What is trained on: inputs, targets (None: the inputs), their order, and the unseen zero of categorical columns."""

    inputs: InputRows
    targets: NDArray[np.int32] | NDArray[np.float32] | None
    offsets: NDArray[np.float32] | None
    order: RowOrder
    unseen_inputs: NDArray[np.int64]
    """Inputs that are 0 in all rows because no value is missing; they have no importance."""


class Trainer:
    """One training of one network; `run` leaves the finished state in `model`."""

    def __init__(
        self,
        fit: Fit,
        plan: Plan,
        model: DeepLearningModel,
        rows: TrainingRows,
        training: ScoredRows,
        validation: ScoredRows | None,
        started: float,
    ) -> None:
        self.fit, self.plan, self.model, self.rows = fit, plan, model, rows
        self.training, self.validation = training, validation
        self._started = started
        self._setup_secs = monotonic() - started
        self.network = model.network
        self.scorer = Scorer.of(model.details)
        self.rule = plan.stopping
        p = plan.parameters
        self.threads = fit.context.threads if p.force_load_balance else 1
        before = model.progress
        self.trained = int(before.get("samples", 0))
        self.iterations = int(before.get("iterations", 0))
        self._earlier_secs = float(before.get("training_secs", 0.0))
        self._earlier_samples = self.trained
        values = before.get("stopping_values")
        self.values: list[float] = [math.nan if v is None else v for v in values] if values else []
        epoch = max(1, rows.order.epoch_length)
        self.target = math.ceil(round(p.epochs * epoch, 6)) if rows.order.epoch_length else 0
        asked = p.train_samples_per_iteration
        self.length = IterationLength(
            -1 if p.reproducible and asked == -2 else asked,
            epoch,
            max(1, self.target - self.trained),
            self.network.n_weights,
            p.target_ratio_comm_to_comp,
            p.mini_batch_size,
            p.score_interval,
        )
        self.clock = ScoringClock(p.score_interval, p.score_duty_cycle, plan.scores_each_iteration)
        self.history = History(
            model.details.category,
            validation is not None,
            model.details.scoring_history,
            custom=bool(p.custom_metric_func),
        )
        self._kernel_secs = 0.0
        self.snapshots = Snapshots(fit)
        self._measured: tuple[Metrics | None, Metrics | None] = (None, None)
        self._best: Snapshot | None = None
        self._best_value = math.nan
        self._best_samples = -1
        self._good: Snapshot = self.network.snapshot()
        self._stopped = False
        self._watched = validation or training
        classes = len(model.details.response_domain)
        self._glances = plan.keeps_best and can_glance(self.rule.metric, self._watched, classes)
        self._looked_at = self.trained
        loss = "mse" if plan.category is Category.AUTOENCODER else "logloss" if plan.is_classification else "deviance"
        self._glimpses = Glimpses(fit, model, self.scorer, training, loss)

    # ---- the loop ----

    def run(self) -> None:
        """Trains until the epochs are done, a rule stops it, or time is over; then scores and keeps the right network."""
        p = self.plan.parameters
        if not self.values:
            self._begin()
        elif self.plan.keeps_best:
            self._remember_best(self.values[-1])
        size = self.length.first()
        while self.trained < self.target and not self._stopped:
            entered, kernel_before = monotonic(), self._kernel_secs
            done = self._iterate(min(size, self.target - self.trained))
            self.iterations += 1
            over = self.fit.budget.is_over or self._out_of_time()
            last = self.trained >= self.target or over or self._stopped
            if last or self.clock.is_due():
                self._score()
            else:
                self._glance()
            if over:
                self._tell_time_is_over()
                break
            spent = self._kernel_secs - kernel_before
            overhead = max(0.0, monotonic() - entered - spent - self.clock.last_secs)
            size = self.length.following(done / spent if spent > 0 else 1e6, overhead)
        if p.epochs == 0 or self.target == 0:
            self._score()
        self._keep_best()
        self._finish()

    def _begin(self) -> None:
        """The first row of the history: nothing yet, or the untrained autoencoder."""
        if self.plan.category is Category.AUTOENCODER:
            self._score()
            return
        self.history.add(Moment(0.0, None, 0.0, 0, 0), None, None)
        self.values.append(math.nan)
        self._publish()

    def _iterate(self, count: int) -> int:
        """Trains `count` rows in slices of time; returns how many it trained."""
        order = self.rows.order.take(self.trained, count)
        done = 0
        while done < count:
            seconds = min(_SLICE_SECS, max(1e-3, self.fit.budget.remaining - self.clock.last_secs))
            result = self.network.train(
                self.rows.inputs,
                self.rows.targets,
                order[done:] if done else order,
                offsets=self.rows.offsets,
                batch_size=self.plan.parameters.mini_batch_size,
                threads=self.threads,
                seconds=seconds,
            )
            done += result.samples
            self.trained += result.samples
            self._kernel_secs += result.seconds
            self.fit.context.check()
            if result.unstable:
                self._undo(result.unstable_reason)
                return done
            self._report()
            if self._glimpses.are_due:
                seconds = self._earlier_secs + monotonic() - self._started
                self._glimpses.look(self._epochs, self.trained, seconds, self._speed, self.threads)
            if self._out_of_time():
                return done
        self._good = self.network.snapshot()
        return done

    def _out_of_time(self) -> bool:
        return self.fit.budget.is_limited and self.fit.budget.remaining <= self.clock.last_secs + 1e-3

    def _undo(self, reason: str) -> None:
        """Goes back to the last good network and ends the training."""
        self.network.restore(self._good)
        self._stopped = True
        self._warn(
            f"Training became unstable after {self.trained:,} rows ({reason}) and was stopped. {_UNSTABLE_ADVICE}"
        )

    def _tell_time_is_over(self) -> None:
        p = self.plan.parameters
        if self.trained < self.target:
            self._warn(ended_early(self.fit, f"{_readable(self._epochs)} of {_readable(p.epochs)} epochs"))

    def _warn(self, sentence: str) -> None:
        warn(self.fit, self.model.details, sentence)

    @property
    def _epochs(self) -> float:
        return self.trained / max(1, self.rows.order.epoch_length)

    @property
    def _speed(self) -> float | None:
        """Rows trained a second, scoring and setting up aside."""
        new = self.trained - self._earlier_samples
        return new / self._kernel_secs if self._kernel_secs > 0 else None

    def _report(self) -> None:
        fraction = min(1.0, self.trained / max(1, self.target))
        speed = self._speed or 0.0
        message = f"epoch {self._epochs:.2f} of {self.plan.parameters.epochs:g}, {speed:,.0f} rows a second"
        if speed:
            message += f", about {max(0, self.target - self.trained) / speed:,.0f} s left"
        self.fit.context.progress(fraction * 0.99, message)

    # ---- scoring ----

    def _score(self) -> None:
        """Scores, remembers the best network, and applies the stopping rules."""
        self.clock.start()
        model, details = self.model, self.model.details
        measured, raw = self.training.measure(model, self.scorer, self.threads)
        validated = self.validation.measure(model, self.scorer, self.threads)[0] if self.validation else None
        if self.plan.distribution == "huber" and self.training.actual is not None:
            self._set_huber_delta(raw)
        self._measured = (measured, validated)
        watched = validated or measured
        details.default_threshold = float(getattr(watched, "default_threshold", details.default_threshold))
        self._looked_at = self.trained
        value = value_of(watched, self.rule.metric)
        self.values.append(value)
        seconds = self._earlier_secs + monotonic() - self._started
        self.history.add(
            Moment(seconds, self._speed or 0.0, self._epochs, self.iterations, self.trained), measured, validated
        )
        if self.plan.keeps_best:
            self._remember_best(value)
        self._stop_by(measured)
        self.clock.stop()
        self._log(watched)
        self._publish()

    def _glance(self) -> None:
        """Remembers the network if it is the best so far, unless looking would cost more than a fraction of the training.

        A forward pass is at least ten times faster than training a row, so rows trained since the last look pay for as
        many rows looked at. The rule counts rows, not seconds: a repeated training glances at the same networks.
        """
        if not self._glances or self.trained - self._looked_at < len(self._watched.order):
            return
        self._looked_at = self.trained
        self._remember_best(glance(self.rule.metric, self._watched, self.model, self.scorer, self.threads))

    def _set_huber_delta(self, raw: NDArray[np.float64]) -> None:
        """Re-estimates where the loss turns linear, in the units of the network's targets."""
        assert self.training.actual is not None and self.model.amounts is not None
        errors = np.abs(self.training.actual - raw)
        order = np.argsort(errors)
        weights = None if self.training.weights is None else self.training.weights[order]
        alpha = np.array([self.plan.parameters.huber_alpha])
        quantile = weighted_quantiles(errors[order], alpha, weights, represented_rows(weights, len(errors)))
        delta = float(quantile[0]) * self.model.amounts.scale
        if math.isfinite(delta) and delta > 0:
            self.network.huber_delta = delta

    def _describe_network(self) -> None:
        details, p = self.model.details, self.plan.parameters
        details.model_summary = layer_table(self.network, self.plan, details.response, self.trained)
        if p.variable_importances:
            details.variable_importances = importance_table(self.model.design.input_names, self._gedeon())

    def _gedeon(self) -> NDArray[np.float64]:
        layers = len(self.network.units) - 1
        channels = 2 if "Maxout" in self.plan.parameters.activation else 1
        values = importances(
            self.network.weights(0),
            self.network.weights(1) if layers > 1 else None,
            channels=channels if layers > 1 else 1,
            last_channels=channels if layers > 2 else 1,
        )
        values[self.rows.unseen_inputs] = 0.0
        return values

    def _remember_best(self, value: float) -> None:
        if self._best is None or self.rule.improves(value, self._best_value):
            self._best, self._best_value, self._best_samples = self.network.snapshot(), value, self.trained

    def _stop_by(self, measured: Metrics) -> None:
        """classification_stop, regression_stop and early stopping."""
        p = self.plan.parameters
        if self.plan.is_classification:
            reached = p.classification_stop >= 0 and getattr(measured, "error", math.nan) <= p.classification_stop
            reason = f"the training error is at most classification_stop ({p.classification_stop:g})"
        else:
            reached = p.regression_stop >= 0 and measured.mse <= p.regression_stop
            reason = f"the training error is at most regression_stop ({p.regression_stop:g})"
        if not reached and self.rule.should_stop(self.values):
            reached = True
            reason = f"{self.rule.metric} has not improved over the last {p.stopping_rounds} scorings"
        if reached and not self._stopped:
            self._stopped = True
            if self.trained < self.target:
                self._say(f"Training ends after {self._epochs:.3g} epochs: {reason}.")

    def _keep_best(self) -> None:
        """Goes back to the network that scored best, unless it is the last one."""
        if self._best is None or self._best_samples == self.trained:
            return
        if self.values and not self.rule.improves(self._best_value, self.values[-1]):
            return
        self.network.restore(self._best)
        self._say(f"The network of {self._best_samples:,} rows scored best and is kept.")
        stopped = self._stopped
        self._score()
        self._stopped = stopped

    def _finish(self) -> None:
        details = self.model.details
        self._write_details()
        details.end_ms = now_ms()
        details.status = "DONE"
        details.extra["epochs"] = self._epochs
        self.model.progress = {
            "epochs": self._epochs,
            "samples": self.trained,
            "iterations": self.iterations,
            "training_secs": self._earlier_secs + monotonic() - self._started,
            "scoring_secs": self.clock.total,
            "setup_secs": self._setup_secs,
            "stopping_values": [None if math.isnan(value) else value for value in self.values],
        }
        self.fit.context.progress(1.0, f"{self._epochs:.2f} epochs, {self._speed or 0.0:,.0f} rows a second")

    # ---- telling ----

    def _publish(self) -> None:
        if self.snapshots.are_due:
            self._write_details()
            self.snapshots.show(self.model.details)

    def _write_details(self) -> None:
        """Puts what is shown of the last scoring into the details."""
        details = self.model.details
        measured, validated = self._measured
        details.training_metrics = measured.to_dict() if measured else None
        details.validation_metrics = validated.to_dict() if validated else None
        details.scoring_history = self.history.table()
        self._describe_network()

    def _say(self, sentence: str) -> None:
        if not self.plan.parameters.quiet_mode:
            _LOG.info("%s: %s", self.fit.key, sentence)

    def _log(self, metrics: Metrics) -> None:
        if self.plan.parameters.quiet_mode or not _LOG.isEnabledFor(logging.INFO):
            return
        self._say(f"epoch {self._epochs:.3f}, {self.rule.metric} {self.values[-1]:.6g}")
        if isinstance(metrics, MultinomialMetrics) and (self._stopped or self.trained >= self.target):
            _LOG.info("%s", metrics.printed_confusion_matrix)


def _readable(epochs: float) -> str:
    """Epochs with three digits, or whole: 0.125, 12.5, 4,087."""
    return f"{epochs:.3g}" if epochs < 100 else f"{epochs:,.0f}"
