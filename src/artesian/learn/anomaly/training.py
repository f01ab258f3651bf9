"""Trains isolation forests: batches of trees between looks at clock, cancellation, score and stopping rules."""

from __future__ import annotations

import math
from abc import ABC, abstractmethod
from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from artesian.core.clock import monotonic, now_ms
from artesian.core.errors import InvalidArgument
from artesian.frame import Frame
from artesian.learn.anomaly import extended, isolation
from artesian.learn.anomaly.extended import Planes, anomaly_score
from artesian.learn.anomaly.isolation import IsolationOptions, VariableSplits
from artesian.learn.anomaly.model import (
    AnomalyModel,
    ExtendedIsolationForestModel,
    IsolationForestModel,
    check_label,
    forest_of,
    raw_columns,
)
from artesian.learn.anomaly.parameters import ExtendedIsolationForestParameters, IsolationForestParameters
from artesian.learn.anomaly.rows import Reader
from artesian.learn.anomaly.tables import History, extended_summary_table, splits_table, summary_table
from artesian.learn.base.algorithm import Algorithm, Fit
from artesian.learn.base.building import new_details
from artesian.learn.base.details import Category
from artesian.learn.base.early_stopping import StoppingRule, value_of
from artesian.learn.base.finishing import Snapshots, ended_early, warn
from artesian.learn.metrics import Metrics
from artesian.learn.metrics.anomaly import anomaly_metrics
from artesian.learn.trees.grower import Tree

Floats = NDArray[np.float64]
_EACH_TREE_CELLS = 5_000_000
"""Up to so many paths (rows × trees) scoring after each tree takes no time worth mentioning."""
_SCORINGS = 10
_STREAM = 0x150F
"""Keeps the random numbers of trees apart from others of the same seed."""
_PLANE_ROWS = 1 << 15


class _Trainer(ABC):
    """One training; `run` leaves the finished state in `model`."""

    model: AnomalyModel

    def __init__(self, algorithm: type[Algorithm], fit: Fit, actual: dict[str, Any]) -> None:
        self.fit = fit
        self.started = monotonic()
        fit.context.progress(0.0, "Preparing the rows")
        encoding = fit.parameters.categorical_encoding
        self.reader = Reader.fit(fit.training, fit.roles.predictors, encoding)
        self.values = self.reader.matrix(fit.training)
        self.columns = raw_columns(self.values)
        actual = {"categorical_encoding": "Enum" if encoding == "AUTO" else encoding, **actual}
        self.details = new_details(fit, algorithm, Category.ANOMALY_DETECTION, actual, self.reader.design.expanded)
        self.history = History()
        self.history.add(0.0, 0, math.nan, math.nan)
        self.lengths = np.zeros(len(self.values))
        self.trees = 0
        self.stopping_values: list[float] = []
        self.scored_at = -1
        self.last_scoring = 0.0
        self.snapshots = Snapshots(fit)

    # ---- the loop ----

    def run(self) -> None:
        """Grows batches until the trees are there, a rule stops it, or time is over."""
        target, batch = self.fit.parameters.ntrees, 0
        self.publish()
        stopped = False
        while self.trees < target and not stopped:
            if self.fit.budget.remaining <= self.last_scoring and self.trees:
                warn(self.fit, self.details, ended_early(self.fit, f"{self.trees} of {target} trees"))
                break
            self.fit.context.check()
            random = np.random.default_rng([self.fit.seed & (2**64 - 1), _STREAM, batch])
            stopped = self.grow(target - self.trees, random)
            batch += 1
        if self.scored_at != self.trees:
            self.score()
        self.finish()
        self.details.parameters["ntrees"]["actual"] = self.trees
        self.details.end_ms = now_ms()
        self.details.status = "DONE"
        self.model.progress = {"trees": self.trees, "training_secs": monotonic() - self.started}
        self.fit.context.progress(1.0, f"{self.trees} trees")

    @abstractmethod
    def grow(self, most: int, random: np.random.Generator) -> bool:
        """Grows a batch of at most so many trees and scores on the way; whether training has come to its end."""

    @abstractmethod
    def score(self) -> None:
        """Measures the trees that are there."""

    @abstractmethod
    def finish(self) -> None:
        """Puts the model together."""

    def interval(self) -> int:
        """Trees between two scorings."""
        p = self.fit.parameters
        if p.score_each_iteration:
            return 1
        if p.score_tree_interval:
            return int(p.score_tree_interval)
        if getattr(p, "stopping_rounds", 0) or len(self.values) * p.ntrees <= _EACH_TREE_CELLS:
            return 1
        return max(1, int(p.ntrees) // _SCORINGS)

    def is_over(self) -> bool:
        """Whether time is up, or the work was cancelled (then Cancelled is raised); tells of the progress too."""
        target = self.fit.parameters.ntrees
        self.fit.context.check()
        self.fit.context.progress(0.99 * self.trees / target, f"{self.trees} of {target} trees")
        return self.fit.budget.remaining <= self.last_scoring

    def noted(self, metrics: Metrics | None, description: str, key: str | None) -> dict[str, Any] | None:
        """Metrics as the details hold them."""
        if metrics is None:
            return None
        return metrics.about(model_id=self.fit.key, frame_id=key, description=description).to_dict()

    def publish(self) -> None:
        """Shows the model as it stands."""
        if self.snapshots.are_due:
            self.details.scoring_history = self.history.table()
            self.snapshots.show(self.details)


class IsolationTrainer(_Trainer):
    """Trains an isolation forest; training rows are measured by the trees that were not grown on them."""

    model: IsolationForestModel

    def __init__(self, algorithm: type[Algorithm], fit: Fit) -> None:
        p: IsolationForestParameters = fit.parameters
        rate = p.sample_rate if p.sample_rate != -1 else p.sample_size / fit.training.n_rows
        watched = "anomaly_score" if p.stopping_rounds and p.stopping_metric == "AUTO" else p.stopping_metric
        settled = {"sample_rate": rate, "stopping_metric": None if watched == "AUTO" else watched}
        super().__init__(algorithm, fit, settled)
        self.options = self._options(p)
        rows = len(self.values)
        self.own_lengths, self.own_count = np.zeros(rows), np.zeros(rows, dtype=np.int64)
        self.grown: list[Tree] = []
        self.depths: list[int] = []
        self.leaves: list[int] = []
        width = len(self.reader.names)
        self.splits = VariableSplits(np.zeros(width, np.int64), np.zeros(width), np.zeros(width, np.int64))
        self.model = IsolationForestModel(self.details, self.reader, [], label=self._label(p))
        self.details.default_threshold = 0.5 if p.contamination > 0 or self.model.label else -1.0
        self.validation: Frame | None = fit.validation
        self.validation_columns = None if fit.validation is None else raw_columns(self.reader.matrix(fit.validation))
        self.validation_lengths = np.zeros(0 if fit.validation is None else fit.validation.n_rows)
        labelled = p.stopping_metric not in ("AUTO", "anomaly_score")
        kind = "binomial" if labelled else "anomaly"
        self.rule = StoppingRule.for_category(p.stopping_metric, kind, p.stopping_rounds, p.stopping_tolerance)
        self.measured: tuple[Metrics, Metrics | None] | None = None

    def _options(self, p: IsolationForestParameters) -> IsolationOptions:
        rows, width = self.values.shape
        size = p.sample_size if p.sample_rate == -1 else max(1, round(p.sample_rate * rows))
        columns = max(1, int(p.col_sample_rate_per_tree * width))
        tries = {-1: max(width // 3, 1), -2: width}.get(p.mtries, p.mtries)
        change = p.col_sample_rate_change_per_level
        return IsolationOptions(min(size, rows), p.max_depth, math.ceil(p.min_rows), columns, tries, change)

    def _label(self, p: IsolationForestParameters) -> tuple[str, tuple[str, ...]] | None:
        name = p.validation_response_column
        if name is None or self.fit.validation is None:
            return None
        return name, check_label(self.fit.validation, name)

    def grow(self, most: int, random: np.random.Generator) -> bool:
        """See `_Trainer`."""
        batch = isolation.grow(self.values, min(most, self.options.batch), self.options, random)
        forest, interval = forest_of(batch.trees), self.interval()
        threads = self.fit.context.threads
        done, stopped = 0, False
        while done < len(batch.trees) and not stopped:
            step = min(interval - self.trees % interval, len(batch.trees) - done)
            between = {"threads": threads, "first": done, "last": done + step}
            self.lengths += forest.predict(self.columns, **between)[:, 0]
            if self.validation_columns is not None:
                self.validation_lengths += forest.predict(self.validation_columns, **between)[:, 0]
            for number in range(done, done + step):
                self.own_lengths[batch.rows[number]] += batch.lengths[number]
                self.own_count[batch.rows[number]] += 1
            done += step
            self.trees += step
            over = self.is_over()
            if self.trees % interval == 0:
                self.score()
                stopped = self.rule.should_stop(self.stopping_values)
            if over:
                break
        self.grown += batch.trees[:done]
        self.depths += batch.depths[:done]
        self.leaves += batch.leaves[:done]
        self.splits = self.splits + batch.splits
        return stopped

    def score(self) -> None:
        """See `_Trainer`."""
        entered = monotonic()
        model = self.model
        model.shortest, model.longest = float(self.lengths.min()), float(self.lengths.max())
        unseen = self.trees - self.own_count
        with np.errstate(invalid="ignore", divide="ignore"):
            mean = np.where(unseen > 0, (self.lengths - self.own_lengths) / unseen, np.nan)
        training = anomaly_metrics(mean, model.scores(mean * self.trees))
        validation = None
        if self.validation is not None:
            scores = model.scores(self.validation_lengths)
            validation = model.measure(self.validation, np.column_stack([scores, self.validation_lengths / self.trees]))
        self.measured = training, validation
        watched = validation if self.rule.metric != "anomaly_score" and validation is not None else training
        self.stopping_values.append(value_of(watched, self.rule.metric))
        seconds = monotonic() - self.started
        self.history.add(seconds, self.trees, training.mean_score, training.mean_normalized_score)
        self.scored_at, self.last_scoring = self.trees, monotonic() - entered
        self.publish()

    def finish(self) -> None:
        """See `_Trainer`."""
        p: IsolationForestParameters = self.fit.parameters
        model, details = self.model, self.details
        assert self.measured is not None
        training, validation = self.measured
        model.forest = forest_of(self.grown)
        if p.contamination > 0:
            details.default_threshold = float(np.quantile(model.scores(self.lengths), 1 - p.contamination))
        elif model.label and validation is not None:
            details.default_threshold = float(getattr(validation, "default_threshold", 0.5))
        described = "Metrics of training rows by the trees that were not grown on them"
        details.training_metrics = self.noted(training, described, self.fit.training_key)
        details.validation_metrics = self.noted(validation, "Metrics of validation rows", self.fit.validation_key)
        details.scoring_history = self.history.table()
        details.model_summary = summary_table(self.depths, self.leaves, sum(tree.nbytes for tree in self.grown))
        details.extra["variable_splits"] = splits_table(self.reader.names, self.splits).to_dict()
        details.extra["init_f"] = 0.0


class ExtendedTrainer(_Trainer):
    """Trains an extended isolation forest; all trees measure all training rows."""

    model: ExtendedIsolationForestModel

    def __init__(self, algorithm: type[Algorithm], fit: Fit) -> None:
        super().__init__(algorithm, fit, {})
        p: ExtendedIsolationForestParameters = fit.parameters
        width = len(self.reader.names)
        if p.extension_level > width - 1:
            raise InvalidArgument(
                f"The 'extension_level' parameter must be at most the number of columns less one, {width - 1}. "
                f"Got {p.extension_level}."
            )
        self.grown: list[Tree] = []
        self.planes: list[Planes] = []
        names = ("Depth", "Leaves", "Isolated Point", "Not Isolated Point", "Zero Splits")
        self.counts: dict[str, list[int]] = {name: [] for name in names}
        self.model = ExtendedIsolationForestModel(self.details, self.reader, [], [], p.sample_size)

    def grow(self, most: int, random: np.random.Generator) -> bool:
        """See `_Trainer`."""
        p: ExtendedIsolationForestParameters = self.fit.parameters
        interval = self.interval() if self._scores_on_the_way(p) else extended.BATCH_TREES
        count = min(most, extended.BATCH_TREES, interval - self.trees % interval)
        batch = extended.grow(self.values, count, p.sample_size, p.extension_level, random)
        self.grown += batch.trees
        if batch.planes is not None:
            self.planes.append(batch.planes)
        found: tuple[Sequence[int], ...] = (batch.depths, batch.leaves, batch.isolated, batch.not_isolated, batch.empty)
        for name, values in zip(self.counts, found, strict=True):
            self.counts[name] += values
        self._add_lengths(batch.trees, batch.planes)
        self.trees += count
        self.is_over()
        if self._scores_on_the_way(p) and self.trees % interval == 0:
            self.score()
        return False

    @staticmethod
    def _scores_on_the_way(p: ExtendedIsolationForestParameters) -> bool:
        return not p.disable_training_metrics or p.score_each_iteration or p.score_tree_interval > 0

    def _add_lengths(self, trees: list[Tree], planes: Planes | None) -> None:
        if planes is None:
            self.lengths += forest_of(trees).predict(self.columns, threads=self.fit.context.threads)[:, 0]
            return
        for start in range(0, len(self.values), _PLANE_ROWS):
            self.fit.context.check()
            rows = self.values[start : start + _PLANE_ROWS]
            self.lengths[start : start + _PLANE_ROWS] += planes.lengths(rows, threads=self.fit.context.threads)

    def score(self) -> None:
        """See `_Trainer`."""
        entered = monotonic()
        mean = self.lengths / self.trees
        metrics = anomaly_metrics(mean, anomaly_score(mean, self.fit.parameters.sample_size))
        described = "Metrics of all training rows"
        self.details.training_metrics = self.noted(metrics, described, self.fit.training_key)
        if self._scores_on_the_way(self.fit.parameters):
            seconds = monotonic() - self.started
            self.history.add(seconds, self.trees, metrics.mean_score, metrics.mean_normalized_score)
        self.scored_at, self.last_scoring = self.trees, monotonic() - entered
        self.publish()

    def finish(self) -> None:
        """See `_Trainer`."""
        p: ExtendedIsolationForestParameters = self.fit.parameters
        self.model.forest, self.model.planes = forest_of(self.grown), self.planes
        details = self.details
        details.scoring_history = self.history.table() if self._scores_on_the_way(p) else None
        details.model_summary = extended_summary_table(
            p.sample_size, p.extension_level, self.fit.seed, self.trees, dict(self.counts)
        )
        if self.fit.validation is not None:
            metrics = self.model.score(self.fit.validation, threads=self.fit.context.threads)
            details.validation_metrics = self.noted(metrics, "Metrics of validation rows", self.fit.validation_key)
