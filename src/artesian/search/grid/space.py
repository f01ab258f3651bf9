"""The space of a search: which values each hyper-parameter can take."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from artesian.core.errors import InvalidArgument, did_you_mean
from artesian.learn.base.algorithm import Algorithm
from artesian.learn.base.parameters import Declaration, convert, fields_of

SUBSPACES = "subspaces"
_NOT_FOR_SEARCH = ("model_id", "training_frame")


class IllegalSearch(InvalidArgument):
    """A search that cannot start: its hyper-parameters, criteria or parameters are wrong."""

    status = 412

    def __init__(self, message: str, argument: str, detail: str = "") -> None:
        super().__init__(message, argument=argument, **({"detail": detail} if detail else {}))


@dataclass(frozen=True)
class HyperSpace:
    """Values by name, names in alphabetical order, and subspaces: each is searched together with the common values.

    Names may end in `_` where Python forbids them (`lambda_`); here they do not.
    """

    values: dict[str, tuple[Any, ...]]
    subspaces: tuple[dict[str, tuple[Any, ...]], ...] = ()

    @classmethod
    def of(cls, hyper_parameters: Mapping[str, Any]) -> HyperSpace:
        """From lists (or single values) by name; `subspaces` may hold a list of such mappings.

        IllegalSearch for an empty list and for a name that is both in a subspace and outside.
        """
        subspaces = hyper_parameters.get(SUBSPACES) or ()
        if not isinstance(subspaces, (list, tuple)) or not all(isinstance(item, Mapping) for item in subspaces):
            raise IllegalSearch(
                f"'{SUBSPACES}' must be a list of mappings, each with values by name. Got {subspaces!r}.", SUBSPACES
            )
        space = cls(
            _values({name: value for name, value in hyper_parameters.items() if name != SUBSPACES}),
            tuple(_values(item) for item in subspaces),
        )
        for name in {name for item in space.subspaces for name in item} & space.values.keys():
            raise IllegalSearch(
                f"The hyper-parameter '{name}' is given in a subspace and outside of the subspaces; give it in one place.",
                name,
            )
        return space

    @property
    def names(self) -> list[str]:
        """All hyper-parameters: those of the whole space first."""
        return list(dict.fromkeys([*self.values, *(name for item in self.subspaces for name in item)]))

    @property
    def regions(self) -> list[dict[str, tuple[Any, ...]]]:
        """The space as boxes, each the common values with those of one subspace; names in alphabetical order."""
        boxes = [self.values | subspace for subspace in self.subspaces] or [self.values]
        return [dict(sorted(box.items())) for box in boxes]

    @property
    def size(self) -> int:
        """How many combinations there are, repeated values counted."""
        return sum(math.prod(len(values) for values in box.values()) for box in self.regions)

    def to_dict(self) -> dict[str, Any]:
        """JSON-safe; `of` gives an equal space back."""
        plain: dict[str, Any] = {name: list(values) for name, values in self.values.items()}
        if self.subspaces:
            plain[SUBSPACES] = [{name: list(values) for name, values in item.items()} for item in self.subspaces]
        return plain

    def check(self, algorithm: type[Algorithm], given: Mapping[str, Any]) -> dict[str, Any]:
        """The converted values of the parameters that all models share.

        IllegalSearch for a hyper-parameter that is unknown, cannot be searched or is fixed as well, and for a shared
        parameter that is unknown or of the wrong kind. Values of hyper-parameters are looked at when their turn comes.
        """
        declared = fields_of(algorithm.parameters)
        for name in self.names:
            _check_name(algorithm, declared, name)
        values, problems = convert(algorithm.called, algorithm.parameters, given)
        for problem in problems:
            if problem.field in given:
                raise IllegalSearch(problem.message, problem.field)
        for name in self.names:
            default = declared[name].default
            default = tuple(default) if isinstance(default, (list, tuple)) else default
            if name in given and name != "seed" and values[name] != default:
                raise IllegalSearch(
                    f"'{name}' is given both as a parameter ({given[name]!r}) and as a hyper-parameter; give one of them.",
                    name,
                )
        return values


def _values(given: Mapping[str, Any]) -> dict[str, tuple[Any, ...]]:
    found: dict[str, tuple[Any, ...]] = {}
    for raw_name, value in sorted(given.items()):
        name = raw_name[:-1] if len(raw_name) > 1 and raw_name.endswith("_") else raw_name
        found[name] = tuple(value) if isinstance(value, (list, tuple)) else (value,)
        if not found[name]:
            raise IllegalSearch(f"The hyper-parameter '{name}' has an empty list of values; give at least one.", name)
    return found


def _check_name(algorithm: type[Algorithm], declared: Mapping[str, Declaration], name: str) -> None:
    if name not in declared:
        searchable = [n for n, item in declared.items() if item.gridable]
        raise IllegalSearch(
            f"{algorithm.called} has no parameter '{name}' to search over.{did_you_mean(name, searchable)}", name
        )
    if not declared[name].gridable or name in _NOT_FOR_SEARCH:
        raise IllegalSearch(
            f"The parameter '{name}' of {algorithm.called} cannot be a hyper-parameter; give it one value for all models.",
            name,
            f"Illegal hyper parameter for grid search! The parameter '{name} is not gridable!",  # scripts compare this
        )


def combinations(box: Mapping[str, tuple[Any, ...]]) -> Iterator[dict[str, Any]]:
    """Every combination of a box; the first parameter changes fastest."""
    for number in range(math.prod(len(values) for values in box.values())):
        yield combination(box, number)


def combination(box: Mapping[str, tuple[Any, ...]], number: int) -> dict[str, Any]:
    """The combination of that number, from 0 on."""
    point = {}
    for name, values in box.items():
        number, at = divmod(number, len(values))
        point[name] = values[at]
    return point
