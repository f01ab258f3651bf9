"""One run: trains the plan's models side by side within the limits, ranks them as they come, and stacks them.

Orders start in the plan's order, so that a run that a number of models ends is the same whenever it is repeated with its
seed; how long each takes decides only when the next one starts. Time for the last ensembles is kept back throughout.
"""

from __future__ import annotations

import itertools
import json
import math
import time
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any, Final

from artesian.core.clock import monotonic, now_ms
from artesian.core.errors import ArtesianError, Cancelled
from artesian.jobs import Job, JobContext
from artesian.learn.base.details import Category
from artesian.learn.training import Trainer
from artesian.search.automl.common import Common, why_not
from artesian.search.automl.document import Document
from artesian.search.automl.plan import QUICK, Step, Work, definitions, plan_of
from artesian.search.automl.sources import Ensemble, GridOfModels, Order, Selection, Source, sources_of
from artesian.search.automl.spec import Task
from artesian.search.automl.splitting import frames_of, sample_of
from artesian.search.automl.tuning import MANY_LEVELS, Tuning
from artesian.search.leaderboard import LARGER_IS_BETTER, Leaderboard, value_of
from artesian.search.measuring import measure
from artesian.store import Kind

_LOOK_SECS: Final = 0.02
_MOST_FAILURES: Final = 10
"""Failures in a row after which a run gives up."""
_SIDE_BY_SIDE_CELLS: Final = 20_000_000
"""Cells of the training frame up to which models are trained side by side, each with a part of the threads."""
_EARLY_SHARE: Final = 0.5
"""Most of the time left that a group of the plan takes, so that the groups behind it have some."""
_LATE_GROUP: Final = 4
_LATE_SHARE: Final = 0.6
_RESERVED: Final = 0.05
"""Part of the run's time that is kept for the last ensembles, at least; and at most `_MOST_RESERVED`."""
_MOST_RESERVED: Final = 0.25
_QUICK_SECS: Final = 3.0
_QUICK_SHARE: Final = 0.1
_GRACE_SECS: Final = 0.5
_LEAST_SECS: Final = 0.3
"""Seconds, or `_LEAST_SHARE` of the run's, that are left where a further model is still worth its start."""
_LEAST_SHARE: Final = 0.01
_ENSEMBLE_CELLS_A_SEC: Final = 10_000_000
"""Cells of the training frame for which an ensemble is expected to take a second, until one was made."""
_LAST_SECS: Final = (0.2, 0.5)
"""Bounds of what the last ensembles leave of the run's time, `_LAST_SHARE` of it, to be measured and kept in."""
_LAST_SHARE: Final = 0.01
_BEST_N: Final = 1000
_WIDE_COLUMNS: Final = 40
"""Columns of predictions of many classes up to which an ensemble of a timed run gets a linear metalearner."""


class Run:
    """The state of one run. Only its own thread changes it."""

    def __init__(self, trainer: Trainer, task: Task, document: Document, *, blends: bool) -> None:
        self.trainer, self.task, self.spec = trainer, task, task.spec
        self.document, self.events = document, document.events
        self.run_id = document.run_id
        self._blends = blends
        self._started = monotonic() - document.elapsed
        self._deadline = self._started + self.spec.max_runtime_secs if self.spec.max_runtime_secs else math.inf
        self._threads = trainer.settings.thread_total()
        self._running: list[Order] = []
        self._counters: dict[str, int] = {}
        self._seeds = itertools.count(max(0, self.spec.seed))
        self._dispatched = 0
        self._failures = 0
        self._last_error = ""
        self._closed = self._may_end = False
        self._ensemble_secs = 0.0
        self._overruns: dict[str, float] = {}
        """By algorithm, the seconds that its last model took beyond what it was assigned."""
        self._stacked: set[tuple[str, tuple[str, ...]]] = set()
        self._given: dict[str, dict[str, Any]] = {}
        self._sources: list[Source] = []
        self._completed: list[Step] = []
        self._measured: dict[str, Any] = {}
        self._sample = ""
        self._kept = {key for key in document.models if key.endswith(document.run_id) or f"{document.run_id}_" in key}
        """Models of this very run, which was ended by the server's end."""

    # ---- the run ----

    def run(self, context: JobContext) -> None:
        """Trains until a limit is reached or the plan is done. Cancelled keeps what is there."""
        self._prepare()
        try:
            self._loop(context)
            context.progress(0.99, f"{len(self.document.models)} models")
            self._end("DONE")
        except Cancelled:
            self._cancel(self._running)
            if not self.trainer.jobs.closed:  # else the server ends, and takes the run up when it starts again
                self._end("CANCELLED")
            raise
        except BaseException:
            self._cancel(self._running)
            self._end("FAILED")
            raise
        if not self.document.models:
            raise ArtesianError(f"AutoML has trained no model. {self._last_error or 'Give it more time.'}")

    def _prepare(self) -> None:
        spec, events = self.spec, self.events
        events.info("Workflow", f"Project: {spec.project_name}")
        for level, stage, sentence in self.task.notes:
            events.note(level, stage, sentence)
        made = datetime.fromtimestamp(self.document.created_ms / 1000, UTC)
        events.info(
            "Workflow", f"AutoML job created: {_shown(made)}", "creation_epoch", self.document.created_ms // 1000
        )
        self.frames = frames_of(self.trainer, spec, self.run_id, events, blends=self._blends)
        for role in ("training", "validation", "leaderboard", "blending"):
            events.info("DataImport", f"{role} frame: {getattr(self.frames, role)}")
        for role in ("response_column", "fold_column", "weights_column"):
            events.info("DataImport", f"{role.replace('_', ' ')}: {getattr(spec, role)}")
        self.document.set_frames(self.frames)
        self.common = Common(self.trainer, spec, self.task.category, self.frames, events)
        if self._kept:
            events.info("Workflow", f"The run goes on: {len(self._kept)} of its models are there already.")
        elif self.document.models:
            count = len(self.document.models)
            events.warn("Workflow", f"New models join the {count} that the leaderboard of {spec.key} has already.")
        for name in sorted(set(spec.exclude_algos or ())):
            events.info("Workflow", f"{name} is left out, as asked.")
        frame = self.trainer.store.frame(self.frames.training)
        self._tuning = Tuning.of(frame, spec)
        self._sources = sources_of(self, plan_of(spec, is_large=not self._tuning.is_small))
        if self._tuning.encodes:
            sentence = (
                f"Columns of more than {MANY_LEVELS} levels are encoded by the response, out of fold, in most models."
            )
            events.info("FeatureCreation", sentence)
        cells = frame.n_rows * frame.n_columns
        self._ensemble_secs = cells / _ENSEMBLE_CELLS_A_SEC
        side_by_side = cells <= _SIDE_BY_SIDE_CELLS
        self._slots = min(self._threads, self.trainer.settings.worker_total()) if side_by_side else 1
        self._threads_each = max(1, self._threads // self._slots)
        now = now_ms()
        events.info(
            "Workflow",
            f"AutoML build started: {_shown(datetime.fromtimestamp(now / 1000, UTC))}",
            "start_epoch",
            now // 1000,
        )
        self.document.save()

    def _loop(self, context: JobContext) -> None:
        while True:
            context.check()
            self._collect()
            if not self._closed and (self._base_time_is_up() or context.finishing):
                if context.finishing:
                    self.events.info(
                        "Workflow", "The run was asked to end: ensembles of what is trained are the last models."
                    )
                self._close()
            if monotonic() >= self._deadline + self._grace():
                self._cancel(self._running)
                return
            while len(self._running) < self._slots and (order := self._next()) is not None:
                self._start(order)
            if not self._running and all(source.done for source in self._sources):
                return
            self.document.elapsed = monotonic() - self._started
            self._tell(context)
            time.sleep(_LOOK_SECS)

    def _tell(self, context: JobContext) -> None:
        count = len(self.document.models)
        by_models = self._dispatched / self.spec.max_models if self.spec.max_models else 0.0
        by_time = (monotonic() - self._started) / self.spec.max_runtime_secs if self.spec.max_runtime_secs else 0.0
        done = sum(source.finished for source in self._sources) / max(1, len(self._sources))
        training = ", ".join(order.key for order in self._running)
        context.progress(min(0.99, max(by_models, by_time, done)), f"{count} models; training {training}")
        if count and not self._may_end:
            self._may_end = True
            context.can_finish()
        self.document.save_if_changed()

    # ---- which model is next ----

    def _next(self) -> Order | None:
        """The next order in the plan's order; ensembles wait for their group, and hold nobody up."""
        blocked = False
        for source in self._sources:
            if source.done:
                continue
            if isinstance(source, Ensemble):
                if not self._settled(source):
                    continue
            elif blocked or self._closed or self._is_too_late():
                continue
            elif self._has_all_models(source):
                source.done = True
                continue
            elif source.waits and not self._settled(source):
                blocked = True
                continue
            order = source.next()
            if order is not None:
                return order
        return None

    def _has_all_models(self, source: Source) -> bool:
        """Whether the number of models leaves a source nothing to do; selections asked for by a ratio go beyond it."""
        goes_beyond = isinstance(source, Selection) and self.spec.exploitation_ratio > 0
        return bool(self.spec.max_models) and self._dispatched >= self.spec.max_models and not goes_beyond

    def _settled(self, source: Source) -> bool:
        """Whether all steps that a source builds on are finished."""
        for other in self._sources:
            if isinstance(other, Ensemble) or other is source:
                continue
            before = other.group <= source.group if isinstance(source, Ensemble) else self._is_before(other, source)
            if before and not (other.finished or (self._closed and not other.running)):
                return False
        return True

    def _is_before(self, other: Source, source: Source) -> bool:
        return self._sources.index(other) < self._sources.index(source)

    def _base_time_is_up(self) -> bool:
        if not self.document.models and self._running:
            return monotonic() >= self._deadline + self._grace()  # one model before any ensemble
        return monotonic() >= self._deadline - self._reserve()

    def _is_too_late(self) -> bool:
        """Whether the time that is left for base models is too short for one more, and others are there."""
        least = max(_LEAST_SECS, _LEAST_SHARE * self.spec.max_runtime_secs)
        return bool(self.document.models or self._running) and monotonic() >= self._deadline - self._reserve() - least

    def _grace(self) -> float:
        """Seconds beyond the limit: some for the only model, so that a run does not end without any."""
        return 0.0 if self.document.models else _GRACE_SECS + 0.05 * self.spec.max_runtime_secs

    def _close(self) -> None:
        """No base model starts any more; what still trains has had its time. The last ensembles follow."""
        self._closed = True
        self._cancel([order for order in self._running if not isinstance(order.source, Ensemble)])
        last = max((source.group for source in self._sources), default=0)
        for source in self._sources:
            if not isinstance(source, Ensemble) or source.group < last:
                source.done = True

    def _reserve(self) -> float:
        """Seconds at the end that belong to the ensembles: none before there are two models to stack."""
        total = self.spec.max_runtime_secs
        waits = any(isinstance(source, Ensemble) and not source.done for source in self._sources)
        if not waits or len(self.document.models) < 2:
            return 0.0
        return min(_MOST_RESERVED * total, max(_RESERVED * total, 1.0, 2.0 * self._ensemble_secs))

    # ---- shares of time and of models ----

    def share(self, source: Source) -> float:
        """Seconds of training, over all that run side by side, that a source may use now; infinity without a limit.

        The limit of a single model is not in it: a source may train several.
        """
        if math.isinf(self._deadline):
            return math.inf
        now = monotonic()
        if isinstance(source, Ensemble):
            return math.inf if self.spec.is_reproducible else self._ensembles_end() - now
        left = max(0.1, self._deadline - self._reserve() - now)
        if self.spec.is_reproducible:  # no part of it, so that time matters only where it ends the run
            return left
        others = [s for s in self._sources if s.group == source.group and not s.done and not isinstance(s, Ensemble)]
        weight = sum(s.step.weight for s in others if s is not source) + source.step.weight
        behind = any(s.group > source.group and not s.done and not isinstance(s, Ensemble) for s in self._sources)
        part = 1.0 if not behind else _EARLY_SHARE if source.group < _LATE_GROUP else _LATE_SHARE
        secs = part * left * min(self._slots, len(others) + 1) * source.step.weight / weight
        if source.step.work is Work.MODEL:
            secs = min(secs, part * left)
        if source.step == QUICK:
            secs = min(secs, _QUICK_SECS, _QUICK_SHARE * self.spec.max_runtime_secs)
        return secs

    def is_too_late_for_ensembles(self) -> bool:
        """Whether an ensemble that starts now would hardly be there in time."""
        return not self.spec.is_reproducible and self._ensembles_end() - monotonic() < max(
            _LEAST_SECS, 0.5 * self._ensemble_secs
        )

    def _ensembles_end(self) -> float:
        low, high = _LAST_SECS
        return self._deadline - min(high, max(low, _LAST_SHARE * self.spec.max_runtime_secs))

    def allotment(self, source: Source) -> float:
        """How many models a grid may train, of those that are left; infinity without a limit."""
        if not self.spec.max_models:
            return math.inf
        left = self.spec.max_models - self._dispatched
        weights = [s.step.weight for s in self._sources if s.counts and not s.done and s is not source]
        return math.ceil(left * source.step.weight / (sum(weights) + source.step.weight))

    # ---- what sources ask ----

    def model_key(self, name: str) -> str:
        """A key for the next model of that name."""
        self._counters[name] = self._counters.get(name, 0) + 1
        return f"{name}_{self._counters[name]}_{self.run_id}"

    def grid_key(self, provider: str) -> str:
        """A key for the next grid of a provider."""
        return self.model_key(f"{provider}_grid")

    def selection_key(self, step: Step, number: int) -> str:
        """A key for a candidate of a selection."""
        if step.id == "lr_annealing":
            return f"{step.provider}_lr_annealing_selection_{self.run_id}_select_model"
        return f"{step.provider}_{step.id}_selection_{self.run_id}_select_grid_model_{number + 1}"

    def walk_seed(self, step: Step) -> int:
        """The seed of a grid's walk: its own, but the same whenever the run is repeated with its seed."""
        if self.spec.seed == -1:
            return -1
        return self.spec.seed + 1000 * (1 + next(i for i, s in enumerate(self._sources) if s.step == step))

    def tuned(self, provider: str, step: str, parameters: Mapping[str, Any]) -> dict[str, Any]:
        """The parameters of a recipe as they suit this run's data."""
        return self._tuning.parameters(provider, step, parameters)

    def space(self, provider: str, step: str, space: Mapping[str, Sequence[Any]]) -> dict[str, Sequence[Any]]:
        """The space of a grid as it suits this run's data."""
        return self._tuning.space(provider, step, space)

    def sample(self) -> str:
        """The key of the frame for the model that is to be there first; it goes when the run ends."""
        self._sample = sample_of(self.trainer, self.spec, self.run_id, self.frames.training)
        return self._sample

    def best_of(self, algorithm: str) -> str | None:
        """The best model of an algorithm so far."""
        details = self.trainer.store.model_details
        return next((key for key in self.leaderboard().keys if details(key)["algorithm"] == algorithm), None)

    def given_of(self, model: str) -> dict[str, Any]:
        """The parameters that a model was trained with, without key, seed and time limit."""
        if model not in self._given:
            details = self.trainer.store.model_details(model)
            values = {
                name: entry["given"] for name, entry in details["parameters"].items() if entry["given"] is not None
            }
            self._given[model] = {
                name: value for name, value in values.items() if name not in ("model_id", "max_runtime_secs")
            } | {"training_frame": self.frames.training}
        return self._given[model]

    def best_grids(self, count: int) -> list[GridOfModels]:
        """The grids with the best models on average."""
        found: list[tuple[float, int, GridOfModels]] = []
        for grid in (source for source in self._sources if isinstance(source, GridOfModels) and source.trained):
            values = [self._value(key) for key in grid.trained]
            known = [value for value in values if not math.isnan(value)]
            if known:
                found.append((sum(known) / len(known), len(found), grid))
        sign = -1 if self.task.sort_metric in LARGER_IS_BETTER else 1
        found.sort(key=lambda item: (sign * item[0], item[1]))
        return [grid for _, _, grid in found[:count]]

    def stackable(self, group: int) -> list[str]:
        """Models that can be stacked with each other, best first: no ensembles, with held-out predictions on these folds."""
        store = self.trainer.store
        mine = {key for source in self._sources if source.group <= group for key in source.trained}
        found = []
        for key in self.leaderboard().keys:
            details = store.model_details(key)
            if details["algorithm"] == "stackedensemble" or (self.spec.is_reproducible and key not in mine):
                continue
            held_out = details.get("cross_validation_holdout_predictions")
            if self.frames.blending or (held_out and held_out in store and self._same_folds(details)):
                found.append(key)
        return found

    def _same_folds(self, details: Mapping[str, Any]) -> bool:
        parameters = details["parameters"]

        def actual(name: str) -> Any:
            return (parameters.get(name) or {}).get("actual")

        same_frame = bool(details["training_frame"] == self.frames.training)
        if self.spec.fold_column:
            return same_frame and bool(actual("fold_column") == self.spec.fold_column)
        return same_frame and bool(actual("nfolds") == self.spec.nfolds) and actual("fold_assignment") == "Modulo"

    def is_wide(self, models: int) -> bool:
        """Whether so many models of many classes are more than a linear metalearner learns from in the time of a run."""
        return not self.spec.is_reproducible and self._classes > 2 and models * self._classes > _WIDE_COLUMNS

    def is_new_ensemble(self, base: Sequence[str], metalearner: str) -> bool:
        """Whether these models were not stacked like this before; from now on they were."""
        mark = (metalearner, tuple(sorted(base)))
        if mark in self._stacked:
            return False
        self._stacked.add(mark)
        return True

    @property
    def most_stacked(self) -> int:
        """How many models a best_N ensemble takes: fewer with many classes."""
        return _BEST_N if self._classes <= 2 else max(100, _BEST_N // (self._classes - 1))

    @property
    def _classes(self) -> int:
        response = self.trainer.store.frame(self.frames.training)[self.spec.response_column]
        return response.cardinality if response.domain is not None else 1

    def metalearning(self, metalearner: str) -> dict[str, Any]:
        """The parameters of an ensemble by its metalearner."""
        spec = self.spec
        values: dict[str, Any] = {"blending_frame": self.frames.blending, "keep_levelone_frame": False}
        if spec.fold_column:
            values["metalearner_fold_column"] = spec.fold_column
        else:
            values["metalearner_nfolds"] = spec.nfolds
        if metalearner in ("gbm", "xgboost", "greedy"):
            return values | {"metalearner_algorithm": metalearner}
        parameters: dict[str, Any] = {"alpha": [0.5, 1.0]}
        if metalearner == "xglm":
            parameters["lambda_search"] = True
        values["metalearner_params"] = json.dumps(parameters)
        if self.task.category is not Category.REGRESSION:
            values["metalearner_transform"] = "Logit"
        return values

    # ---- ranking ----

    def leaderboard(self) -> Leaderboard:
        """The models of the project, best first."""
        store = self.trainer.store
        models = [key for key in self.document.models if key in store and store.kind_of(key) is Kind.MODEL]
        details = [store.model_details(key) for key in models]
        measured = {key: self._measured.get(key) for key in models} if self._is_measured else None
        return Leaderboard.of(details, self.task.sort_metric, measured=measured)

    @property
    def _is_measured(self) -> bool:
        """Whether models are ranked by their metrics on a frame that they know nothing of."""
        return self.frames.leaderboard is not None and self.frames.leaderboard != self.frames.validation

    def _value(self, model: str) -> float:
        details = self.trainer.store.model_details(model)
        if self._is_measured:
            return value_of(self._measured.get(model), self.task.sort_metric)
        found = details.get("cross_validation_metrics") or details.get("validation_metrics")
        return value_of(found or details.get("training_metrics"), self.task.sort_metric)

    # ---- jobs ----

    def _end_for(self, source: Source) -> float:
        """When the time of a source's models is up."""
        return self._ensembles_end() if isinstance(source, Ensemble) else self._deadline - self._reserve()

    def _is_in_vain(self, order: Order) -> bool:
        """Whether the time that is left is less than such a model takes beyond what it is assigned, and others are there."""
        if not self.document.models or self.spec.is_reproducible:
            return False
        return self._end_for(order.source) - monotonic() < self._overruns.get(order.algorithm, 0.0)

    def _start(self, order: Order) -> None:
        source = order.source
        if self._is_in_vain(order):
            self.events.info("ModelTraining", f"{order.key} is left out: too little time is left for it.")
            source.done = True
            return
        if source.counts:
            self._dispatched += 1
        seed = next(self._seeds) if self.spec.seed != -1 and not order.is_candidate else None
        if order.key in self._kept:  # the run had trained it before the server ended
            source.trained.append(order.key)
            return
        secs = min(order.secs or math.inf, self.spec.max_runtime_secs_per_model or math.inf)
        if not math.isinf(self._deadline) and not self.spec.is_reproducible:
            secs = min(secs, max(0.1, self._end_for(source) - monotonic()))
        given = {**order.parameters, "model_id": order.key}
        if not math.isinf(secs):
            given["max_runtime_secs"] = round(secs, 3)
        if seed is not None:
            given["seed"] = seed
        order.assigned = limit = given.get("max_runtime_secs")
        text = f"Time assigned to {order.key}: {limit:.3g} s" if limit else f"No time limitation for {order.key}"
        self.events.debug("ModelTraining", text)
        try:
            checked = self.trainer.check(order.algorithm, given)
            problem = why_not(checked)
            if problem is not None:
                raise ArtesianError(problem)
            order.job = self.trainer.start(checked, order.key, threads=self._threads_each)
        except ArtesianError as error:
            self._fail(order, error.message)
            return
        order.started = monotonic()
        source.running += 1
        self._running.append(order)
        now = now_ms() // 1000
        self.events.info("ModelTraining", f"AutoML: training {order.key}", f"start_{source.step.label}", now)

    def _collect(self) -> None:
        for order in [order for order in self._running if order.job is not None and order.job.status.is_final]:
            self._running.remove(order)
            order.source.running -= 1
            taken = monotonic() - order.started
            order.source.used += taken
            if order.assigned is not None:
                self._overruns[order.algorithm] = taken - order.assigned
            assert order.job is not None
            if order.job.status.value == "DONE":
                if isinstance(order.source, Ensemble):
                    self._ensemble_secs = max(self._ensemble_secs, taken)
                self._take(order)
            elif order.job.status.value == "FAILED":
                self._fail(order, order.job.exception or "unknown")
            else:
                self.events.debug("ModelTraining", f"{order.key} was cancelled")
            self._note_steps()

    def _take(self, order: Order) -> None:
        """Takes a finished model into the leaderboard."""
        self._failures = 0
        if self._is_measured:
            assert self.frames.leaderboard is not None
            found = measure(self.trainer, [order.key], self.frames.leaderboard)
            self._measured[order.key] = found[order.key]["metrics"]
        order.source.trained.append(order.key)
        if isinstance(order.source, Selection) and not self._beats(order):
            self.events.info("ModelSelection", f"{order.key} is no better than {order.source.best}: it does not stay")
            self.trainer.store.remove(order.key, missing_ok=True)
            return
        step = order.source.step
        self.document.add(order.key, step, order.source.key if isinstance(order.source, GridOfModels) else None)
        self.events.info(
            "ModelTraining", f"{order.key} is trained: {self.task.sort_metric} {self._value(order.key):.6g}"
        )

    def _beats(self, order: Order) -> bool:
        """Whether a candidate is better than the best so far; the one before it then leaves."""
        source = order.source
        assert isinstance(source, Selection) and source.best is not None
        sign = -1 if self.task.sort_metric in LARGER_IS_BETTER else 1
        if not sign * self._value(order.key) < sign * self._value(source.best):
            return False
        if source.best in source.trained or self.spec.is_reproducible:
            self.document.drop(source.best)
        if source.best in source.trained:
            self.trainer.store.remove(source.best, missing_ok=True)
        source.best = order.key
        return True

    def _fail(self, order: Order, reason: str) -> None:
        self._last_error = f"{order.key} failed: {reason}"
        self.events.note("Error", "ModelTraining", self._last_error)
        self._failures += 1
        if order.source.counts and self.spec.max_models:
            self._dispatched -= 1
        if self._failures >= _MOST_FAILURES:
            raise ArtesianError(f"AutoML stops after {self._failures} failures in a row. {self._last_error}")

    def _cancel(self, orders: Sequence[Order]) -> None:
        for order in orders:
            if order.job is not None:
                self.trainer.jobs.cancel(order.job.key)
        for order in orders:
            if order.job is not None:
                self.trainer.jobs.wait(order.job.key)
        self._collect()

    def _note_steps(self) -> None:
        for source in self._sources:
            if source.finished and source.trained and source.step not in self._completed:
                self._completed.append(source.step)

    def _end(self, status: str) -> None:
        self._note_steps()
        spec, store = self.spec, self.trainer.store
        now = now_ms()
        duration = round((now - self.document.created_ms) / 1000)
        stopped = _shown(datetime.fromtimestamp(now / 1000, UTC))
        self.events.info("Workflow", f"Actual modeling steps: {definitions(self._completed)}")
        self.events.info("Workflow", f"AutoML build stopped: {stopped}", "stop_epoch", now // 1000)
        self.events.info("Workflow", f"AutoML build done: built {self._dispatched} models")
        self.events.info("Workflow", f"AutoML duration: {duration} s", "duration_secs", duration)
        if not self.document.models:
            self.events.warn("Workflow", "The leaderboard is empty: no model was trained within the limits.")
        if not spec.keep_cross_validation_predictions:
            for key in self.document.models:
                if key in store and store.kind_of(key) is Kind.MODEL:
                    self._drop_held_out(store.model_details(key))
        if self._sample not in ("", self.frames.training):
            store.remove(self._sample, missing_ok=True)
        self.document.finish(status, definitions(self._completed))

    def _drop_held_out(self, details: Mapping[str, Any]) -> None:
        names = [
            details.get("cross_validation_holdout_predictions"),
            *(details.get("cross_validation_predictions") or ()),
        ]
        for name in filter(None, names):
            self.trainer.store.remove(name, missing_ok=True)


def start(trainer: Trainer, task: Task, document: Document, *, blends: bool) -> Job:
    """The job that does a run."""
    run = Run(trainer, task, document, blends=blends)
    return trainer.jobs.run(run.run, description="AutoML build", dest=document.key, dest_kind=Kind.AUTOML)


def _shown(moment: datetime) -> str:
    return moment.strftime("%Y.%m.%d %H:%M:%S.%f")[:-3]
