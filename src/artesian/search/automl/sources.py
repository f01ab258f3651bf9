"""Where a step's models come from: each source gives one training order after another until its share is used up."""

from __future__ import annotations

import math
from abc import ABC, abstractmethod
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from artesian.core.clock import monotonic
from artesian.search.automl.plan import QUICK, Step, Work
from artesian.search.automl.recipes import ALGORITHM_OF, GRIDS, LEARN_RATE_ANNEALING, LEARN_RATES, MODELS
from artesian.search.grid.walks import walk

if TYPE_CHECKING:
    from artesian.jobs import Job
    from artesian.search.automl.run import Run


@dataclass
class Order:
    """One model to train."""

    source: Source
    algorithm: str
    key: str
    parameters: dict[str, Any]
    secs: float = 0.0
    """Most seconds that it may take; 0 sets no limit."""
    is_candidate: bool = False
    """Whether it must beat another model to stay."""
    assigned: float | None = None
    """Seconds that it was told to take at most, once it trains."""
    job: Job | None = None
    started: float = field(default_factory=monotonic)


class Source(ABC):
    """The orders of one step."""

    counts = True
    """Whether its models count against `max_models`."""
    waits = False
    """Whether it needs all earlier steps finished."""

    def __init__(self, run: Run, step: Step) -> None:
        self.run, self.step = run, step
        self.done = False
        self.running = 0
        self.used = 0.0
        self.trained: list[str] = []

    @property
    def group(self) -> int:
        """The group of its step."""
        return self.step.group

    @property
    def finished(self) -> bool:
        """Whether nothing of it is left to do."""
        return self.done and not self.running

    @abstractmethod
    def next(self) -> Order | None:
        """The next order; None once there are no more."""

    def order(self, key: str, own: Mapping[str, Any], secs: float, **marks: Any) -> Order:
        """An order of this step's algorithm."""
        name = ALGORITHM_OF[self.step.provider]
        values = self.run.common.completed(self.step.provider, self.step.id, name, own)
        return Order(self, name, key, values, secs, **marks)


class OneModel(Source):
    """A step with one model."""

    def next(self) -> Order | None:
        """The model, once."""
        self.done = True
        name = "XRT" if self.step.id == "XRT" else self.step.provider
        parameters = self.run.tuned(self.step.provider, self.step.id, MODELS[self.step.provider, self.step.id])
        if self.step == QUICK:
            parameters = {**parameters, "training_frame": self.run.sample()}
        return self.order(self.run.model_key(name), parameters, self.run.share(self))


class GridOfModels(Source):
    """A random walk through a space: as many models as the plan allots it, or as its share of the time takes."""

    def __init__(self, run: Run, step: Step) -> None:
        super().__init__(run, step)
        self.key = ""
        self.number = 0
        self.secs = self.most = 0.0
        self._points: Iterator[dict[str, Any]] = iter(())
        self._base: Mapping[str, Any] = {}

    def begin(self) -> None:
        """Starts the walk with its share of time and models."""
        self.key = self.run.grid_key(self.step.provider)
        base, space = GRIDS[self.step.provider, self.step.id]
        self._base = self.run.tuned(self.step.provider, self.step.id, base)
        criteria = {"strategy": "RandomDiscrete", "seed": self.run.walk_seed(self.step)}
        self._points = walk(self.run.space(self.step.provider, self.step.id, space), criteria)
        self.secs = self.run.share(self)
        self.most = self.run.allotment(self)

    def next(self) -> Order | None:
        """The next combination's model."""
        if not self.key:
            self.begin()
        return self.further()

    def further(self) -> Order | None:
        """The same for who has begun it."""
        point = None
        if self.secs - self.used > self._least() and self.number < self.most:
            point = next(self._points, None)
        if point is None:
            self.done = True
            return None
        self.number += 1
        left = (self.secs - self.used) / 2 if math.isfinite(self.secs) else 0.0
        return self.order(f"{self.key}_model_{self.number}", {**self._base, **point}, left)

    def _least(self) -> float:
        """Seconds that a further model needs to be worth its start: half of what those before took."""
        return self.used / (2 * len(self.trained)) if self.trained and math.isfinite(self.secs) else 0.0


class Resumed(Source):
    """The grids with the best models on average go on."""

    waits = True
    grids = 2

    def __init__(self, run: Run, step: Step) -> None:
        super().__init__(run, step)
        self._grids: list[GridOfModels] | None = None
        self._turn = 0

    def next(self) -> Order | None:
        """The next model of one of the grids, in turn."""
        if self._grids is None:
            self._grids = self.run.best_grids(self.grids)
            share, most = self.run.share(self), self.run.allotment(self)
            for position, grid in enumerate(self._grids):
                grid.secs = grid.used + share / len(self._grids)
                grid.most = grid.number + (
                    most if math.isinf(most) else most // len(self._grids) + (position < most % len(self._grids))
                )
        while self._grids:
            grid = self._grids[self._turn % len(self._grids)]
            order = grid.further()
            if order is not None:
                self._turn += 1
                order.source = grid
                return order
            self._grids.remove(grid)
        self.done = True
        return None


class Selection(Source):
    """Tries changes of the best model of an algorithm; the best of them stays, and only if it is better than that."""

    counts = False
    waits = True

    def __init__(self, run: Run, step: Step) -> None:
        super().__init__(run, step)
        self._changes: list[dict[str, Any]] | None = None
        self.best: str | None = None
        self.given: dict[str, Any] = {}

    def next(self) -> Order | None:
        """The next change."""
        if self._changes is None:
            self.best = self.run.best_of(ALGORITHM_OF[self.step.provider])
            self._changes = []
            if self.best is not None:
                self.given = self.run.given_of(self.best)
                self._changes = self._tried()
                self.run.events.info("ModelSelection", f"{self.step.provider} {self.step.id} starts from {self.best}")
            self.secs = self.run.share(self)
        if not self._changes or self.best is None or self.used >= self.secs:
            self.done = True
            return None
        change = self._changes.pop(0)
        key = self.run.selection_key(self.step, len(self.trained) + self.running)
        left = self.secs - self.used if math.isfinite(self.secs) else 0.0
        return Order(self, ALGORITHM_OF[self.step.provider], key, {**self.given, **change}, left, is_candidate=True)

    def _tried(self) -> list[dict[str, Any]]:
        if self.step.id == "lr_annealing":
            return [{"learn_rate_annealing": LEARN_RATE_ANNEALING}]
        rate = self.given.get("learn_rate", self.given.get("eta"))
        return [{"learn_rate": value} for value in LEARN_RATES if value != rate]


class Ensemble(Source):
    """One stacked ensemble of what there is once its group's models are finished."""

    counts = False

    def __init__(self, run: Run, step: Step) -> None:
        super().__init__(run, step)
        self.kind, self.metalearner = _kind(step.id)

    def next(self) -> Order | None:
        """The ensemble, unless there is nothing to stack, or it was stacked already."""
        self.done = True
        base = self._base_models()
        if len(base) < 2:
            self.run.events.info("ModelTraining", f"Ensemble {self.step.id} is left out: it needs two models to stack.")
            return None
        if self.run.is_too_late_for_ensembles():
            self.run.events.info("ModelTraining", f"Ensemble {self.step.id} is left out: the time is up.")
            return None
        if self.metalearner == "AUTO" and self.run.is_wide(len(base)):
            self.metalearner = "greedy"
        if not self.run.is_new_ensemble(base, self.metalearner):
            return None
        names = {"best_of_family": "BestOfFamily", "all": "AllModels", "monotonic": "Monotonic", "greedy": "Greedy"}
        name = names.get(self.kind, f"Best{self.run.most_stacked}")
        own = {"base_models": base, **self.run.metalearning(self.metalearner)}
        return self.order(self.run.model_key(f"StackedEnsemble_{name}"), own, self.run.share(self))

    def _base_models(self) -> list[str]:
        ranked = self.run.stackable(self.group)
        if self.kind == "best_of_family":
            first: dict[str, str] = {}
            for key in ranked:
                first.setdefault(key.partition("_")[0], key)
            return list(first.values())
        if self.kind == "monotonic":
            return [key for key in ranked if self.run.given_of(key).get("monotone_constraints")]
        return ranked if self.kind == "all" else ranked[: self.run.most_stacked]


def _kind(name: str) -> tuple[str, str]:
    """What is stacked, and by which metalearner, of a step's name."""
    for kind in ("best_of_family", "all", "best"):
        if name.startswith(kind):
            rest = name[len(kind) :].lstrip("_")
            return kind, rest if rest in ("gbm", "xgboost", "xglm") else "AUTO"
    return name, "greedy" if name == "greedy" else "AUTO"


SOURCES: Mapping[Work, Callable[[Any, Step], Source]] = {
    Work.MODEL: OneModel,
    Work.GRID: GridOfModels,
    Work.SELECTION: Selection,
    Work.ENSEMBLE: Ensemble,
    Work.COMPLETION: Resumed,
}


def sources_of(run: Run, steps: Sequence[Step]) -> list[Source]:
    """The sources of a plan, by group, ensembles last in each."""
    found = [SOURCES[step.work](run, step) for step in steps]
    return sorted(found, key=lambda source: (source.group, isinstance(source, Ensemble)))
