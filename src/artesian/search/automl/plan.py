"""What is trained, in which order: steps by group, with the weight that each has in sharing out the group's time.

The two plans, for runs that time ends and for runs that a number of models ends, are those that H2O documents.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Final

from artesian.core.errors import InvalidArgument, did_you_mean
from artesian.search.automl.spec import ALGORITHMS, Spec


class Work(StrEnum):
    """What a step does."""

    MODEL = "model"
    GRID = "grid"
    SELECTION = "selection"
    ENSEMBLE = "ensemble"
    COMPLETION = "completion"


COMPLETION: Final = "completion"
ENSEMBLES: Final = "StackedEnsemble"
_KNOWN: Final[Mapping[str, Mapping[str, Work]]] = {
    "XGBoost": {
        **dict.fromkeys(("def_1", "def_2", "def_3"), Work.MODEL),
        **dict.fromkeys(("grid_1", "grid_gblinear"), Work.GRID),
        **dict.fromkeys(("lr_annealing", "lr_search"), Work.SELECTION),
    },
    "GLM": {"def_1": Work.MODEL},
    "DRF": {"def_1": Work.MODEL, "XRT": Work.MODEL},
    "GBM": {
        **dict.fromkeys(("def_1", "def_2", "def_3", "def_4", "def_5"), Work.MODEL),
        "grid_1": Work.GRID,
        "lr_annealing": Work.SELECTION,
        "quick": Work.MODEL,
    },
    "DeepLearning": {"def_1": Work.MODEL, **dict.fromkeys(("grid_1", "grid_2", "grid_3"), Work.GRID)},
    COMPLETION: {"resume_best_grids": Work.COMPLETION},
}
_BY_NAME_ALONE: Final = ("grid_gblinear", "quick")
"""Steps that no alias stands for."""
_ENSEMBLE_IDS: Final = (
    "monotonic",
    "best_of_family",
    "all",
    "best_N",
    "best_of_family_gbm",
    "all_gbm",
    "best_of_family_xgboost",
    "all_xgboost",
    "best_of_family_xglm",
    "all_xglm",
    "greedy",
)
_WEIGHTS: Final = {Work.MODEL: 10, Work.GRID: 30, Work.SELECTION: 20, Work.ENSEMBLE: 10, Work.COMPLETION: 60}
_GROUPS: Final = {Work.MODEL: 1, Work.GRID: 2, Work.SELECTION: 3, Work.ENSEMBLE: 3, Work.COMPLETION: 3}
_ALIASES: Final = {
    "all": (Work.MODEL, Work.GRID),
    "defaults": (Work.MODEL,),
    "grids": (Work.GRID,),
    "optionals": (Work.SELECTION, Work.COMPLETION),
}


@dataclass(frozen=True)
class Step:
    """One step: who provides it, its name there, and when and with what weight it runs."""

    provider: str
    id: str
    group: int
    weight: float

    @property
    def work(self) -> Work:
        """What it does."""
        return Work.ENSEMBLE if self.provider == ENSEMBLES else _KNOWN[self.provider][self.id]

    @property
    def label(self) -> str:
        """How the event log calls it."""
        return f"{self.provider}_{self.id}"


def _steps(provider: str, table: Iterable[tuple[str, int, float]]) -> list[Step]:
    return [Step(provider, name, group, weight) for name, group, weight in table]


_BASE: Final = [
    *_steps("XGBoost", [("def_2", 1, 10), ("def_1", 2, 10), ("def_3", 3, 10), ("grid_1", 4, 90)]),
    *_steps("GLM", [("def_1", 1, 10)]),
    *_steps("DRF", [("def_1", 2, 10), ("XRT", 3, 10)]),
    *_steps(
        "GBM",
        [("def_5", 1, 10), ("def_2", 2, 10), ("def_3", 2, 10), ("def_4", 2, 10), ("def_1", 3, 10), ("grid_1", 4, 60)],
    ),
    *_steps("DeepLearning", [("def_1", 2, 10), ("grid_1", 4, 30), ("grid_2", 5, 30), ("grid_3", 5, 30)]),
]
TEN_LAYERED: Final = [
    *_BASE,
    *_steps("XGBoost", [("lr_search", 6, 30)]),
    *_steps("GBM", [("lr_annealing", 6, 10)]),
    *_steps(COMPLETION, [("resume_best_grids", 10, 60)]),
    *_steps(ENSEMBLES, [(f"best_of_family_{group}", group, 5) for group in range(1, 6)]),
    *_steps(ENSEMBLES, [(f"all_{group}", group, 10) for group in range(2, 6)]),
    *_steps(
        ENSEMBLES,
        [
            ("monotonic", 6, 10),
            ("best_of_family_gbm", 6, 10),
            ("all_gbm", 7, 10),
            ("best_of_family_xglm", 8, 10),
            ("all_xglm", 8, 10),
            ("greedy", 10, 10),
            ("best_of_family", 10, 10),
            ("best_N", 10, 10),
        ],
    ),
]
"""For runs that time ends."""
QUICK: Final = Step("GBM", "quick", 0, 10)
REPRODUCIBLE: Final = [
    *_BASE,
    *_steps(COMPLETION, [("resume_best_grids", 6, 60)]),
    *_steps("XGBoost", [("lr_search", 7, 30)]),
    *_steps("GBM", [("lr_annealing", 7, 10)]),
    *_steps(ENSEMBLES, [("monotonic", 9, 10), ("best_of_family_xglm", 10, 10), ("all_xglm", 10, 10)]),
]
"""For runs that a number of models ends."""


def plan_of(spec: Spec, *, is_large: bool = False) -> list[Step]:
    """The steps of a run in order of their groups: the request's own plan or one of the two, without what is left out.

    On a large table a run that time ends begins with a model that is there soon, however good those behind it will be.
    """
    steps = _own(spec.modeling_plan) if spec.modeling_plan else REPRODUCIBLE if spec.is_reproducible else TEN_LAYERED
    if steps is TEN_LAYERED and is_large:
        steps = [QUICK, *steps]
    skipped = set(spec.exclude_algos or ())
    if spec.include_algos is not None:
        skipped = set(ALGORITHMS) - set(spec.include_algos)
    kept = [step for step in steps if step.provider not in skipped]
    return sorted(_exploited(kept, spec.exploitation_ratio), key=lambda step: step.group)


def _exploited(steps: Sequence[Step], ratio: float) -> list[Step]:
    """Weights such that the searches around the best model have their share of the whole."""
    if ratio < 0:
        return list(steps)
    exploiting = sum(step.weight for step in steps if step.work is Work.SELECTION)
    exploring = sum(step.weight for step in steps if step.work is not Work.SELECTION)
    if not exploiting or not exploring:
        return list(steps)
    factor = exploring * ratio / (1 - ratio) / exploiting if ratio < 1 else 1.0
    changed = (
        dataclasses.replace(step, weight=step.weight * factor) if step.work is Work.SELECTION else step
        for step in steps
    )
    return [step for step in changed if step.weight > 0]


def _own(plan: Sequence[Any]) -> list[Step]:
    """The steps of a request's own plan: names of providers, with an alias or a list of steps."""
    found: list[Step] = []
    for item in plan:
        definition = item if isinstance(item, Mapping) else {"name": str(item)}
        provider = _known_provider(str(definition.get("name")))
        if provider == ENSEMBLES:
            continue  # they depend on the groups of the others
        steps = definition.get("steps")
        if steps:
            found += [_step(provider, entry) for entry in steps]
        else:
            wanted = _alias(definition.get("alias"))
            found += [
                Step(provider, name, _GROUPS[work], _WEIGHTS[work])
                for name, work in _KNOWN[provider].items()
                if work in wanted and name not in _BY_NAME_ALONE
            ]
    for item in plan:
        definition = item if isinstance(item, Mapping) else {"name": str(item)}
        if definition.get("name") == ENSEMBLES:
            found += _own_ensembles(definition, sorted({step.group for step in found}))
    return found


def _own_ensembles(definition: Mapping[str, Any], groups: Sequence[int]) -> list[Step]:
    if definition.get("steps"):
        last = (groups[-1] if groups else 0) + 1
        return [_step(ENSEMBLES, {"group": last, **entry}) for entry in definition["steps"]]
    steps: list[Step] = []
    wanted = _alias(definition.get("alias"))
    if Work.MODEL in wanted:
        for group in groups:
            steps += _steps(ENSEMBLES, [(f"best_of_family_{group}", group, 10), (f"all_{group}", group, 10)])
    if Work.SELECTION in wanted and groups:
        steps += _steps(ENSEMBLES, [(name, groups[-1] + 1, 10) for name in _ENSEMBLE_IDS])
    return steps


def _known_provider(name: str) -> str:
    known = (*_KNOWN, ENSEMBLES)
    if name not in known:
        raise InvalidArgument(
            f"The modeling_plan names '{name}', which provides no steps.{did_you_mean(name, known)} "
            f"Known are {', '.join(known)}.",
            argument="modeling_plan",
        )
    return name


def _alias(name: Any) -> tuple[Work, ...]:
    if name is None:
        return _ALIASES["all"]
    if name not in _ALIASES:
        raise InvalidArgument(
            f"The modeling_plan takes {', '.join(_ALIASES)} of a provider. Got '{name}'.", argument="modeling_plan"
        )
    return _ALIASES[name]


def _step(provider: str, entry: Mapping[str, Any] | str) -> Step:
    given = {"id": entry} if isinstance(entry, str) else entry
    name = str(given.get("id"))
    if provider == ENSEMBLES:
        is_known = name in _ENSEMBLE_IDS or name.rpartition("_")[0] in ("best_of_family", "all")
        work = Work.ENSEMBLE
        known: tuple[str, ...] = _ENSEMBLE_IDS
    else:
        is_known, known = name in _KNOWN[provider], tuple(_KNOWN[provider])
        work = _KNOWN[provider].get(name, Work.MODEL)
    if not is_known:
        raise InvalidArgument(
            f"{provider} has no step '{name}'.{did_you_mean(name, known)} Known are {', '.join(known)}.",
            argument="modeling_plan",
        )
    group, weight = given.get("group"), given.get("weight")
    return Step(
        provider,
        name,
        _GROUPS[work] if group is None or int(group) < 0 else int(group),
        _WEIGHTS[work] if weight is None or float(weight) < 0 else float(weight),
    )


def definitions(steps: Iterable[Step]) -> list[dict[str, Any]]:
    """Steps by provider, as requests name them: `[{"name", "steps": [{"id", "group", "weight"}]}]`."""
    found: dict[str, list[dict[str, Any]]] = {}
    for step in steps:
        entry = {"id": step.id, "group": step.group, "weight": round(step.weight)}
        found.setdefault(step.provider, []).append(entry)
    return [{"name": name, "steps": entries} for name, entries in found.items()]
