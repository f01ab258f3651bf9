"""The registry of algorithms: a complete subclass of `Algorithm` is registered by being defined, an incomplete one refused."""

from __future__ import annotations

import importlib
import pkgutil
from typing import TYPE_CHECKING

from artesian.core.errors import NotFound, did_you_mean

if TYPE_CHECKING:
    from artesian.learn.base.algorithm import Algorithm

_ALGORITHMS: dict[str, type[Algorithm]] = {}
_NOT_ALGORITHMS = ("base", "metrics")
_loaded = False


def register(algorithm: type[Algorithm]) -> None:
    """Adds a class under its `name`; TypeError if another class has the name."""
    other = _ALGORITHMS.get(algorithm.name)
    if other is not None and other.__qualname__ != algorithm.__qualname__:
        raise TypeError(
            f"The algorithm {algorithm.__name__} cannot be called '{algorithm.name}': {other.__name__} is. "
            "Give it a name of its own."
        )
    _ALGORITHMS[algorithm.name] = algorithm


def algorithms() -> dict[str, type[Algorithm]]:
    """All registered algorithms by name, in alphabetical order."""
    global _loaded
    if not _loaded:
        package = importlib.import_module("artesian.learn")
        for module in pkgutil.iter_modules(package.__path__):
            if module.ispkg and module.name not in _NOT_ALGORITHMS:
                importlib.import_module(f"artesian.learn.{module.name}.algorithm")
        _loaded = True
    return dict(sorted(_ALGORITHMS.items()))


def algorithm(name: str) -> type[Algorithm]:
    """The algorithm of that name; NotFound names a near one."""
    known = algorithms()
    try:
        return known[name]
    except KeyError:
        raise NotFound(
            f"There is no algorithm '{name}'.{did_you_mean(name, known)} Known: {', '.join(known)}.", algorithm=name
        ) from None
