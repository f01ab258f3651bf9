"""A search as a job: combinations are trained one after the other or side by side, and the Grid grows with each model.

What a search gives follows from its combinations alone and not from which training ends first: models are numbered in the
order of the walk, and early stopping looks at them in that order. So a search side by side makes the models of one after
the other; those that it made too many are removed.
"""

from __future__ import annotations

import secrets
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from artesian.core.clock import monotonic
from artesian.core.errors import ArtesianError, Cancelled, Conflict, InvalidArgument
from artesian.core.ids import check_key, new_key
from artesian.jobs import Job, JobContext, JobStatus
from artesian.learn.base.early_stopping import StoppingRule
from artesian.learn.base.parameters import convert
from artesian.learn.base.registry import algorithm as find_algorithm
from artesian.learn.base.time_budget import TimeBudget
from artesian.learn.base.validation import ValidatedParameters
from artesian.learn.training import Trainer
from artesian.search.grid.criteria import RANDOM, Criteria
from artesian.search.grid.document import Failure, Grid, is_finished, mark_of
from artesian.search.grid.ranking import scored_part, stopping_value
from artesian.search.grid.space import HyperSpace, IllegalSearch
from artesian.search.grid.walks import size_of_walk, walk
from artesian.store import Kind
from artesian.store.belongings import remove

_LOOK_SECS = 0.02
_SAVE_SECS = 0.25
_MOST = 10**12
_SHORTEST_SECS = 1e-3
_GRACE_SECS = 2.0
"""A training that goes on for so long after the end of the search's time is cancelled."""
_SLOW_ALPHA = (
    "Adding alpha array to hyperparameter runs slower with gridsearch. Each value is a training of its own, which reads the "
    "data anew; a list of values given as the parameter 'alpha' is tried within one training."
)


class Keeper(Protocol):
    """Writes down what a search has, so that it can go on elsewhere. Called by the thread of the search."""

    def begin(self, grid: Grid) -> None:
        """Before the first training."""

    def model(self, grid: Grid, key: str) -> None:
        """After each model that the Grid took in."""

    def changed(self, grid: Grid) -> None:
        """After anything else that changed."""

    def end(self, grid: Grid) -> None:
        """After the last training; not called for a search that was cancelled."""


def start(
    trainer: Trainer,
    algorithm: str,
    given: Mapping[str, Any],
    hyper_parameters: Mapping[str, Any],
    criteria: Mapping[str, Any] | Criteria | None = None,
    grid_key: str | None = None,
    parallelism: int = 1,
    keepers: Sequence[Keeper] = (),
    recovery_dir: str = "",
) -> Job:
    """Starts a search; its Grid is in the store when this returns. A Grid of that key is extended.

    `given` are parameters as `Trainer.check` takes them, `parallelism` how many models are trained side by side (0: one a
    worker), `recovery_dir` the folder of a keeper, to be told after a restart. The job's `dest` is the Grid. IllegalSearch for what cannot start, NotFound for a frame that is not there,
    Conflict where the key is taken, the search of that key runs already, or its models learn from something else.
    """
    kind = find_algorithm(algorithm)
    chosen = criteria if isinstance(criteria, Criteria) else Criteria.of(criteria)
    space = HyperSpace.of(hyper_parameters)
    shared = {name: value for name, value in given.items() if name != "model_id"}
    values = space.check(kind, shared)
    walk(space, chosen)  # says now what is wrong with it
    if parallelism < 0:
        raise InvalidArgument(f"The parameter 'parallelism' must be 0 (one model a worker) or more. Got {parallelism}.")
    frame = values.get("training_frame")
    if not frame:
        raise IllegalSearch(f"A search for {kind.called} needs a training_frame.", "training_frame")
    trainer.lookup.frame(frame)
    response = values.get("response_column") or None
    key = check_key(grid_key or new_key(f"Grid_{kind.called}_{frame}"), "grid_id")
    grid = _grid_of(trainer, key, kind.name) or Grid(key, kind.name, {}, {}, [], {}, frame, response)
    _check_same(grid, frame, response)
    grid.given, grid.hyper_parameters, grid.hyper_names = shared, space.to_dict(), _names(grid, space)
    grid.search_criteria, grid.parallelism, grid.recovery_dir = chosen.to_dict(), parallelism, recovery_dir
    grid.walk_seed = chosen.seed if chosen.seed != -1 else secrets.randbits(48)
    grid.start_behind(trainer.store.keys())
    return _launch(trainer, grid, keepers)


def resume(trainer: Trainer, key: str, keepers: Sequence[Keeper] = ()) -> Job:
    """Goes on with the search of a Grid where it ended, over the same combinations in the same order."""
    grid = Grid.load(trainer.store, key)
    check_idle(trainer, key)
    trainer.lookup.frame(grid.training_frame)
    return _launch(trainer, grid, keepers)


def _launch(trainer: Trainer, grid: Grid, keepers: Sequence[Keeper]) -> Job:
    kind = find_algorithm(grid.algorithm)
    grid.failures, grid.is_running = [], True
    grid.warnings = [_SLOW_ALPHA] if kind.name == "glm" and "alpha" in grid.hyper_names else []
    search = Search(trainer, grid, keepers)
    grid.save(trainer.store)
    return trainer.jobs.run(search.run, description=f"{kind.called} Grid Search", dest=grid.key, dest_kind=Kind.GRID)


def _names(grid: Grid, space: HyperSpace) -> list[str]:
    """The hyper-parameters of this search, and those that its earlier models differ in."""
    return list(dict.fromkeys([*space.names, *grid.hyper_names]))


def _grid_of(trainer: Trainer, key: str, algorithm: str) -> Grid | None:
    """The Grid to extend, if there is one."""
    store = trainer.store
    if key not in store:
        return None
    if store.kind_of(key) is not Kind.GRID:
        raise Conflict(f"The key '{key}' is taken by a {store.kind_of(key).value}; choose another grid_id.")
    check_idle(trainer, key)
    grid = Grid.load(store, key)
    if grid.algorithm != algorithm:
        called = find_algorithm(grid.algorithm).called
        raise Conflict(f"The grid '{key}' holds models of {called}; choose another grid_id for another algorithm.")
    return grid


def check_idle(trainer: Trainer, key: str) -> None:
    """Raises Conflict while the search of that Grid runs."""
    if any(job.dest == key and not job.status.is_final for job in trainer.jobs.list()):
        raise Conflict(f"The search of the grid '{key}' is running. Wait for its end, or cancel it.")


def _check_same(grid: Grid, frame: str, response: str | None) -> None:
    if not grid.models:
        grid.training_frame, grid.response = frame, response
    for what, old, new in (("frame", grid.training_frame, frame), ("response", grid.response, response)):
        if old != new:
            raise IllegalSearch(
                f"The grid '{grid.key}' was trained on the {what} '{old}' and cannot be extended on '{new}'; "
                "choose another grid_id.",
                "training_frame" if what == "frame" else "response_column",
            )


@dataclass
class _Training:
    """A training that runs: the number of its combination, its job and its model's key."""

    number: int
    job: Job
    model: str
    checked: ValidatedParameters
    mark: str


class Search:
    """One search at work."""

    def __init__(self, trainer: Trainer, grid: Grid, keepers: Sequence[Keeper] = ()) -> None:
        self.trainer, self.store, self.grid, self.keepers = trainer, trainer.store, grid, keepers
        self.kind = find_algorithm(grid.algorithm)
        self.criteria = Criteria.of(grid.search_criteria)
        self.space = HyperSpace.of(grid.hyper_parameters)
        settings = trainer.settings
        workers = min(settings.worker_total(), settings.thread_total())
        self.width = grid.parallelism or workers
        self.threads = None if self.width == 1 else max(1, settings.thread_total() // min(self.width, workers))
        self.total = min(size_of_walk(self.space, self.criteria), _MOST)  # larger numbers do not fit a share
        self.budget = TimeBudget()
        self.running: list[_Training] = []
        self.ended: dict[int, str | None] = {}  # the model of each combination that is through, None for none
        self.scores: dict[str, float] = {}
        self.known = {mark: model for model, mark in grid.models.items()}
        self.unsaved, self.saved = False, 0.0
        self.looked_at = 0
        self.counted = 0
        self.last: int | None = None  # the combination that early stopping ends with
        self.ends = self.may_end = False  # whether it was, and can be, asked to end with what there is

    # ---- the loop ----

    def run(self, context: JobContext) -> None:
        """All combinations, or as many as the criteria allow; a cancelled search keeps the models that it has."""
        self.budget = TimeBudget(self.criteria.max_runtime_secs, lambda: context.finishing)
        for keeper in self.keepers:
            keeper.begin(self.grid)
        points = enumerate(walk(self.space, self.criteria.without_limit(), self.grid.walk_seed))
        try:
            more = True
            while more or self.running:
                self._check(context)
                if more and len(self.running) < self.width:
                    more = self._next(points)
                if context.finishing and not self.ends:
                    self.ends, more = True, False
                    self._end_trainings()
                if self.running and (not more or len(self.running) >= self.width):
                    self._hold_to_time()
                    self.running[0].job.finished.wait(_LOOK_SECS)
                self._collect()
                more = more and self.last is None
                self._keep_some_time()
                self._tell(context)
        except BaseException:
            self._abandon(self.running)
            raise
        finally:
            self.grid.is_running = self.trainer.jobs.closed  # with the server the search only pauses
            self._keep()
        for keeper in self.keepers:
            keeper.end(self.grid)

    def _check(self, context: JobContext) -> None:
        context.check()
        if self.grid.key not in self.store:
            raise Cancelled(f"The grid '{self.grid.key}' was removed while it was searched.")

    def _next(self, points: Iterator[tuple[int, dict[str, Any]]]) -> bool:
        """Begins with the next combination; False when there is no further one to begin with."""
        if self.budget.is_over or (self.criteria.max_models and self.counted >= self.criteria.max_models):
            return False
        number, point = next(points, (-1, {}))
        if number < 0:
            return False
        given = self._given(number, point)
        checked = self.trainer.check(self.kind.name, given)
        mark = mark_of(checked)
        known = self.known.get(mark)
        twin = any(training.mark == mark for training in self.running)
        refused = {problem.field for problem in checked.problems if problem.severity == "error"} & point.keys()
        readable = all(_is_number(point[name]) for name in refused)
        self.counted += readable
        if checked.has_errors:  # first: values that could not be read are not among those that the mark is of
            self._refuse(number, point, checked, readable=readable)
        elif twin or (known is not None and is_finished(self.store, known)):
            self.ended[number] = None if twin else known
        else:
            self._train(number, checked, mark)
        return True

    def _given(self, number: int, point: Mapping[str, Any]) -> dict[str, Any]:
        """The parameters of a combination. A random search's seed seeds the models too, each by its number."""
        given = {**self.grid.given, **point}
        unseeded = str(given.get("seed") if given.get("seed") is not None else -1) == "-1"
        if self.criteria.strategy == RANDOM and self.criteria.seed != -1 and unseeded and "seed" not in point:
            given["seed"] = self.criteria.seed + number
        if self.budget.is_limited:
            values, _ = convert(self.kind.called, self.kind.parameters, given)
            left = max(_SHORTEST_SECS, self.budget.remaining)
            if "max_runtime_secs" in values:
                given["max_runtime_secs"] = min(values["max_runtime_secs"] or left, left)
        return given

    def _train(self, number: int, checked: ValidatedParameters, mark: str) -> None:
        model = self.grid.model_key(number)
        try:
            job = self.trainer.start(checked, model, threads=self.threads)
        except ArtesianError as error:
            self._fail(number, checked, error.message)
        else:
            job.part_of = self.grid.key
            self.running.append(_Training(number, job, model, checked, mark))

    # ---- what came of it ----

    def _collect(self) -> None:
        for training in [training for training in self.running if training.job.status.is_final]:
            self.running.remove(training)
            job = training.job
            if self.last is not None and training.number > self.last:
                self._discard(training.model)
            elif job.status is JobStatus.DONE and is_finished(self.store, training.model):
                self.grid.add(training.model, training.mark)
                self.known[training.mark] = training.model
                self.ended[training.number] = training.model
                self._keep(training.model)
            else:
                self._fail(training.number, training.checked, self._reason(job), job.traceback or "")
        self._look()

    def _reason(self, job: Job) -> str:
        """Why a training gave no model."""
        if job.status is not JobStatus.CANCELLED:
            return job.exception or "The model was removed before the search took it in."
        if self.budget.was_asked_to_end:
            return "The search was asked to end before this training had anything to keep."
        if self.budget.is_over:
            return "The training did not end in the time of the search; give the search more time."
        return "The training was cancelled."

    def _refuse(self, number: int, point: Mapping[str, Any], checked: ValidatedParameters, *, readable: bool) -> None:
        """Notes a combination whose parameters are wrong."""
        problems = [(p.field, p.message) for p in checked.problems if p.severity == "error"]
        message = " ".join(text for _, text in problems)
        own = dict(point) if readable else None
        self._note(number, {**checked.values, **point}, Failure("", message, [], own, problems))

    def _fail(self, number: int, checked: ValidatedParameters, message: str, trace: str = "") -> None:
        own = {name: checked.values[name] for name in self.grid.hyper_names}
        self._note(number, checked.values, Failure("", message, [], own, [], trace))

    def _note(self, number: int, values: Mapping[str, Any], failure: Failure) -> None:
        failure.model = self.grid.model_key(number)
        failure.raw = [str(values.get(name)) for name in self.grid.hyper_names]
        self.grid.note(failure)
        self.ended[number] = None
        self.unsaved = True

    def _keep(self, model: str | None = None) -> None:
        """Writes the Grid down, for recovery first: what clients see can be recovered."""
        for keeper in self.keepers:
            if model is None:
                keeper.changed(self.grid)
            else:
                keeper.model(self.grid, model)
        if self.grid.key in self.store:
            self.grid.save(self.store)
        self.unsaved, self.saved = False, monotonic()

    def _keep_some_time(self) -> None:
        """Writes down what changed besides models, now and then: combinations that are refused come by the thousand."""
        if self.unsaved and monotonic() - self.saved > _SAVE_SECS:
            self._keep()

    # ---- early stopping ----

    def _look(self) -> None:
        """Looks at the combinations that are through without a gap; the first one that shows convergence is the last."""
        while self.last is None and self.looked_at in self.ended:
            model = self.ended[self.looked_at]
            if model is not None and model not in self.scores and self._converged(model):
                self._stop_at(self.looked_at)
            self.looked_at += 1

    def _converged(self, model: str) -> bool:
        details = self.store.model_details(model)
        part = scored_part(details)
        if part is None:
            return False
        try:
            rule: StoppingRule | None = self.criteria.rule(part["kind"])
        except InvalidArgument as problem:  # such models have no such metric
            if problem.message not in self.grid.warnings:
                self.grid.warnings.append(problem.message)
                self.unsaved = True
            return False
        found = stopping_value(details, self.criteria.stopping_metric)
        if rule is None or found is None:
            return False
        self.scores[model] = found[0]
        best_last = sorted(self.scores.values(), reverse=not rule.more_is_better)
        return rule.should_stop(best_last)

    def _stop_at(self, number: int) -> None:
        """Ends the search with that combination: what lies behind it is cancelled or removed again."""
        self.last = number
        behind = [training for training in self.running if training.number > number]
        self._abandon(behind)
        self.running = [training for training in self.running if training.number <= number]
        for later, model in self.ended.items():
            if later > number and model == self.grid.model_key(later):
                self._discard(model)
        most = self.grid.number_of(self.grid.model_key(number))
        self.grid.failures = [one for one in self.grid.failures if self.grid.number_of(one.model) <= most]
        self.unsaved = True

    def _discard(self, model: str) -> None:
        self.grid.drop(model)
        remove(self.store, model)

    # ---- the end ----

    def _hold_to_time(self) -> None:
        """Cancels trainings that do not end by themselves when the time is up."""
        if self.budget.is_limited and self.budget.elapsed > self.budget.seconds + _GRACE_SECS:
            for training in self.running:
                self.trainer.jobs.cancel(training.job.key)

    def _end_trainings(self) -> None:
        """Has the trainings that run end with what they have; those that have nothing are cancelled."""
        for training in self.running:
            try:
                self.trainer.jobs.finish(training.job.key)
            except Conflict:
                self.trainer.jobs.cancel(training.job.key)

    def _abandon(self, trainings: Sequence[_Training]) -> None:
        """Cancels trainings and waits for their end; what they made is removed."""
        for training in trainings:
            self.trainer.jobs.cancel(training.job.key)
        for training in trainings:
            training.job.finished.wait(self.trainer.settings.cancel_grace_secs + 5)
            self._discard(training.model)

    def _tell(self, context: JobContext) -> None:
        """How far the search is: by its combinations, or by its time if that is nearer to its end."""
        share = (len(self.ended) + sum(training.job.progress for training in self.running)) / max(1, self.total)
        if self.budget.is_limited:
            share = max(share, self.budget.elapsed / self.budget.seconds)
        made, failed = len(self.grid.models), len(self.grid.failures)
        if not self.may_end and (made or any(not training.job.finish_refusal for training in self.running)):
            self.may_end = True
            context.can_finish()
        context.progress(share, f"{made} models" + (f", {failed} without success" if failed else ""))


def _is_number(value: Any) -> bool:
    """Whether a value that was refused is one of numbers at least, out of range, and not a word where none is known."""
    try:
        return all(float(item) == float(item) for item in (value if isinstance(value, (list, tuple)) else [value]))
    except (TypeError, ValueError):
        return False
