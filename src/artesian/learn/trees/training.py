"""The loop that grows round after round, scores, and stops; boosting and bagging say how a round is grown."""

from __future__ import annotations

import logging
import math
from abc import ABC, abstractmethod
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from artesian.core.clock import monotonic, now_ms
from artesian.learn.base.algorithm import Fit
from artesian.learn.base.early_stopping import value_of
from artesian.learn.base.finishing import Snapshots, ended_early, warn
from artesian.learn.base.scoring import Scorer
from artesian.learn.base.scoring_history import TreesHistory
from artesian.learn.base.table import Table
from artesian.learn.metrics import Metrics
from artesian.learn.trees.grower import Grower, GrowOptions
from artesian.learn.trees.model import TreesModel
from artesian.learn.trees.plan import Plan
from artesian.learn.trees.sampling import columns_of_tree, round_seed
from artesian.learn.trees.setting_up import TrainingRows, ValidationRows

Floats = NDArray[np.float64]
_LOG = logging.getLogger("artesian.trees")
_EVERY_ROUND_SECS = 4.0
"""So long after the first score every round is scored, as long as that does not take most of the time."""
_SCORE_INTERVAL_SECS = 4.0
_EARLY_SHARE, _LATER_SHARE = 0.3, 0.1
"""Largest shares of the time that go into scoring: of few rows in those first seconds, and otherwise."""
_FEW_ROWS = 20_000
"""So few rows are scored without a look at the clock in the first seconds where early stopping hangs on it."""


class Trainer(ABC):
    """One training; `run` leaves the finished state in `model`."""

    scores_before_first_tree = True
    training_description = "Metrics on the training rows"
    checkpoints: tuple[Path, int] | None = None
    """Where models are written while they grow, and after how many rounds each."""

    def __init__(
        self,
        fit: Fit,
        plan: Plan,
        model: TreesModel,
        rows: TrainingRows,
        validation: ValidationRows | None,
        started: float,
    ) -> None:
        self.fit, self.plan, self.model, self.rows, self.validation = fit, plan, model, rows, validation
        self._started = started
        self.threads = fit.context.threads
        self.scorer = Scorer.of(model.details)
        self.rule = plan.stopping
        self.target = int(plan.parameters.ntrees)
        self.growers = self._growers()
        self.history = TreesHistory(
            model.details.category,
            validation is not None,
            _history_before(fit),
            custom=bool(getattr(plan.parameters, "custom_metric_func", None)),
            without=("deviance",) if plan.distribution == "custom" else (),
        )
        self.values = [math.nan if value is None else value for value in model.stopping_values]
        self._scored_rounds: list[int] = []
        self._scored: dict[int, tuple[Metrics | None, Metrics | None]] = {}
        self._first_score = self._last_score = -math.inf
        self._last_score_secs = self._all_score_secs = 0.0
        self.snapshots = Snapshots(fit)
        self._validated_trees = len(model.trees)

    # ---- what boosting and bagging provide ----

    @abstractmethod
    def grow_round(self, seed: int) -> bool:
        """Grows a round of trees; True when further ones could not change anything."""

    @abstractmethod
    def training_outputs(self) -> Floats | None:
        """What the model so far predicts for the training rows (of a forest: out of bag); None before the first tree."""

    # ---- the loop ----

    def run(self) -> None:
        """Grows until there are enough trees, a rule stops it, nothing changes any more, or time is over."""
        while self.model.n_rounds < self.target:
            if self._is_due() and self._score() and self.rule.should_stop(self.values):
                self._stop_early()
                break
            self._write_checkpoint()
            self.fit.context.check()
            converged = self.grow_round(round_seed(self.fit.seed, self.model.n_rounds))
            self._report()
            if converged:
                self._warn(f"Further trees change nothing: training ends after {self.model.n_rounds}.")
                break
            if self.fit.budget.is_over:
                if self.model.n_rounds < self.target:
                    self._warn(ended_early(self.fit, f"{self.model.n_rounds} of {self.target} trees"))
                break
        self._score()
        self._finish()

    def _stop_early(self) -> None:
        """Ends the training; a model of a fold goes back to its best score among the last ones, as H2O has it."""
        if self.fit.fold is None:
            return
        last = range(max(0, len(self._scored_rounds) - self.rule.rounds), len(self._scored_rounds))
        first = len(self.values) - len(self._scored_rounds)
        best = last[-1]
        for place in reversed(last):
            if self.rule.improves(self.values[first + place], self.values[first + best]):
                best = place
        rounds = self._scored_rounds[best]
        if rounds < self.model.n_rounds:
            self.model.trim(rounds)
            self.history.trim(rounds)

    @property
    def columns(self) -> NDArray[np.uint32]:
        """The columns that trees may be grown with."""
        return np.arange(len(self.model.feature_names), dtype=np.uint32)

    def columns_of(self, seed: int) -> NDArray[np.uint32] | None:
        """The columns of one tree; None for all."""
        candidates = self.columns
        count = min(len(candidates), self.plan.columns_per_tree(len(self.model.feature_names)))
        chosen = columns_of_tree(seed, candidates, count)
        return None if len(chosen) == len(self.model.feature_names) else chosen

    def _growers(self) -> list[Grower]:
        """One for each way of cutting columns into bins, taken in turn."""
        kinds = self.plan.histogram_types
        places = _grid_places(kinds)
        return [
            Grower(self.rows.codes[places[number]], self._options(kind), self.threads)
            for number, kind in enumerate(kinds)
        ]

    def grower(self) -> Grower:
        """The grower of the next round."""
        return self.growers[self.model.n_rounds % len(self.growers)]

    def _options(self, histogram_type: str) -> GrowOptions:
        """How trees are grown; boosting adds its constraints."""
        p = self.plan.parameters
        n_columns = len(self.model.feature_names)
        split = self.plan.columns_per_split(n_columns)
        changes = p.col_sample_rate_change_per_level
        return GrowOptions(
            max_depth=self.plan.max_depth,
            min_rows=p.min_rows,
            bins=p.nbins,
            bins_top_level=max(p.nbins_top_level, p.nbins),
            min_split_improvement=p.min_split_improvement,
            split_columns=0 if split >= self.plan.columns_per_tree(n_columns) and changes == 1.0 else split,
            level_column_rate=(1.0, changes),
            random_splits=histogram_type == "Random",
        )

    # ---- scoring ----

    def _is_due(self) -> bool:
        p, rounds = self.plan.parameters, self.model.n_rounds
        if p.score_each_iteration:
            return True
        if p.score_tree_interval > 0:
            return rounds % p.score_tree_interval == 0
        now = monotonic()
        if self._first_score == -math.inf:
            return True
        spent = self._all_score_secs / max(now - self._started, 1e-9)
        if now - self._first_score < _EVERY_ROUND_SECS:
            few = self.rows.n_rows <= _FEW_ROWS
            return (few and self.rule.rounds > 0) or spent < (_EARLY_SHARE if few else _LATER_SHARE)
        return now - self._last_score > _SCORE_INTERVAL_SECS and spent < _LATER_SHARE

    def _score(self) -> bool:
        """Measures the model so far, unless that has been done; True if it was measured."""
        rounds = self.model.n_rounds
        if rounds in self._scored:
            return False
        began = monotonic()
        self._first_score = began if self._first_score == -math.inf else self._first_score
        training, validated = self._measure()
        self._scored[rounds] = (training, validated)
        self._scored = {number: pair for number, pair in self._scored.items() if number in self._recent(rounds)}
        self._scored_rounds.append(rounds)
        watched = validated if self.validation is not None else training
        self.values.append(math.nan if watched is None else value_of(watched, self.rule.metric))
        self.history.add(began - self._started, rounds, (training, validated))
        ended = monotonic()
        self._last_score, self._last_score_secs = ended, ended - began
        self._all_score_secs += ended - began
        self._publish()
        return True

    def _recent(self, rounds: int) -> set[int]:
        """The scorings whose metrics may still be asked for."""
        return {*self._scored_rounds[-self.rule.rounds - 1 :], rounds}

    def _measure(self) -> tuple[Metrics | None, Metrics | None]:
        model, validation = self.model, self.validation
        outputs = self.training_outputs()
        training = None
        if outputs is not None:
            weights = self.rows.weights if self.rows.has_weights else None
            actual = self.rows.response if self.rows.classes is None else self.rows.classes.astype(np.float64)
            training = self.scorer.of_arrays(actual, outputs, weights).about(
                model_id=model.details.key, frame_id=self.fit.training_key, description=self.training_description
            )
        validated = None
        if validation is not None and (model.n_rounds or self.scores_before_first_tree):
            if len(model.trees) > self._validated_trees:
                validation.sums += model.sums(validation.raw, threads=self.threads, first=self._validated_trees)
                self._validated_trees = len(model.trees)
            validated = validation.measure(model, self.scorer, model.n_rounds)
        return training, validated

    # ---- telling ----

    def _report(self) -> None:
        rounds = self.model.n_rounds
        self.fit.context.progress(0.99 * rounds / self.target, f"{rounds} of {self.target} trees")

    def _warn(self, sentence: str) -> None:
        warn(self.fit, self.model.details, sentence)

    def _publish(self) -> None:
        if self.snapshots.are_due:
            self._write_details()
            self.snapshots.show(self.model.details)

    def _write_details(self) -> None:
        """Puts what is shown of the last scoring into the details."""
        details, model = self.model.details, self.model
        training, validated = self._scored.get(model.n_rounds, (None, None))
        details.training_metrics = training.to_dict() if training else None
        details.validation_metrics = validated.to_dict() if validated else None
        watched = validated or training
        details.default_threshold = float(getattr(watched, "default_threshold", details.default_threshold))
        details.scoring_history = self.history.table()
        details.model_summary = model.summary()
        details.variable_importances = model.importances()
        details.extra["init_f"] = model.start

    def _finish(self) -> None:
        details, model = self.model.details, self.model
        self._write_details()
        model.stopping_values = [value if math.isfinite(value) else None for value in self.values]
        details.parameters["ntrees"]["actual"] = model.n_rounds
        details.end_ms = now_ms()
        details.status = "DONE"
        self.fit.context.progress(1.0, f"{model.n_rounds} trees")

    def _write_checkpoint(self) -> None:
        """Writes the model so far where that was asked for, every so many rounds."""
        model, rounds = self.model, self.model.n_rounds
        if self.checkpoints is None or rounds == 0 or rounds % self.checkpoints[1]:
            return
        self._score()
        self._write_details()
        ntrees = model.details.parameters["ntrees"]
        asked = ntrees["actual"]
        model.details.status, ntrees["actual"] = "DONE", rounds
        model.save(self.checkpoints[0] / f"{model.details.key}.ntrees_{rounds}")
        model.details.status, ntrees["actual"] = "RUNNING", asked


def _grid_places(kinds: tuple[str, ...]) -> list[int]:
    """Which grid each way of cutting uses, in the order in which `SetUp` makes them."""
    seen: list[bool] = []
    places = []
    for kind in kinds:
        quantiles = kind in ("AUTO", "QuantilesGlobal", "UniformRobust")
        if quantiles not in seen:
            seen.append(quantiles)
        places.append(seen.index(quantiles))
    return places


def _history_before(fit: Fit) -> Table | None:
    previous = fit.models.get("checkpoint")
    return None if previous is None else previous.details.scoring_history
