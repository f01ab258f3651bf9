"""How a space of hyper-parameters is searched, and when the search ends."""

from __future__ import annotations

import dataclasses
import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from artesian.core.errors import did_you_mean
from artesian.learn.base.early_stopping import STOPPING_METRICS, StoppingRule
from artesian.search.grid.space import IllegalSearch

CARTESIAN, RANDOM, SEQUENTIAL = "Cartesian", "RandomDiscrete", "Sequential"
_LIMITS = ("max_models", "max_runtime_secs", "stopping_rounds", "stopping_metric", "stopping_tolerance")
FIELDS: dict[str, tuple[str, ...]] = {
    CARTESIAN: (),
    RANDOM: ("seed", *_LIMITS),
    SEQUENTIAL: (*_LIMITS, "early_stopping"),
}
"""The strategies, and what each can be told besides."""
_WHOLE = ("max_models", "seed", "stopping_rounds")
_PARSE = "Can't parse the search_criteria dictionary:"  # clients look for these words


@dataclass(frozen=True)
class Criteria:
    """A strategy and its limits; 0 is no limit, `stopping_rounds` 0 never stops early, `seed` -1 is drawn anew.

    Cartesian takes every combination, RandomDiscrete draws combinations without repeating one, Sequential takes the first
    values of all parameters together, then the second ones, and so on.
    """

    strategy: str = CARTESIAN
    max_models: int = 0
    max_runtime_secs: float = 0.0
    seed: int = -1
    stopping_rounds: int = 0
    stopping_metric: str = "AUTO"
    stopping_tolerance: float = 1e-3
    early_stopping: bool = True

    @classmethod
    def of(cls, given: Mapping[str, Any] | None) -> Criteria:
        """From values by name, as they came; IllegalSearch for one that is unknown, of the wrong kind or out of range."""
        if not given:
            return cls()
        if given.get("strategy") is None:
            raise IllegalSearch(f"{_PARSE} it names no 'strategy'; give one of {', '.join(FIELDS)}.", "strategy")
        strategy = _strategy(given["strategy"])
        values: dict[str, Any] = {}
        for name, raw in given.items():
            if name == "strategy" or raw is None:
                continue
            if name not in FIELDS[strategy]:
                known = ", ".join(("strategy", *FIELDS[strategy]))
                raise IllegalSearch(
                    f"{_PARSE} the strategy {strategy} has no '{name}'.{did_you_mean(name, FIELDS[strategy])} "
                    f"It knows {known}.",
                    name,
                )
            values[name] = _converted(name, raw)
        return cls(strategy, **values)

    def to_dict(self) -> dict[str, Any]:
        """What the strategy knows, by name."""
        return {name: getattr(self, name) for name in ("strategy", *FIELDS[self.strategy])}

    def rule(self, category: str) -> StoppingRule | None:
        """When to stop early, for the models' kind of metrics; None for never."""
        if self.stopping_rounds == 0 or self.strategy == CARTESIAN or not self.early_stopping:
            return None
        tolerance = min(self.stopping_tolerance, math.nextafter(1.0, 0.0))  # the whole of a metric and more: never
        return StoppingRule.for_category(self.stopping_metric, category, self.stopping_rounds, tolerance)

    def without_limit(self) -> Criteria:
        """The same with any number of models."""
        return dataclasses.replace(self, max_models=0)


def _strategy(raw: Any) -> str:
    for name in FIELDS:
        if str(raw).strip().replace("_", "").lower() == name.lower():
            return name
    raise IllegalSearch(
        f"{_PARSE} there is no strategy {raw!r}.{did_you_mean(str(raw), FIELDS)} Use one of {', '.join(FIELDS)}.",
        "strategy",
    )


def _converted(name: str, raw: Any) -> Any:
    if name == "early_stopping":
        words = {"true": True, "false": False, "1": True, "0": False}
        if str(raw).lower() not in words:
            raise _wrong(name, raw, "true or false")
        return words[str(raw).lower()]
    if name == "stopping_metric":
        known = {metric.lower(): metric for metric in ("auto", *STOPPING_METRICS)}
        if str(raw).lower() not in known:
            raise _wrong(name, raw, f"one of AUTO, {', '.join(STOPPING_METRICS)}", str(raw).lower())
        return str(raw)
    try:
        number = float(raw)
        if isinstance(raw, bool) or not math.isfinite(number) or (name in _WHOLE and not number.is_integer()):
            raise ValueError(raw)
    except (TypeError, ValueError):
        raise _wrong(name, raw, "a whole number" if name in _WHOLE else "a number") from None
    if number < 0 and name != "seed":
        raise _wrong(name, raw, "0 (no limit) or more" if name.startswith("max") else "0 or more")
    return int(raw) if name in _WHOLE and not isinstance(raw, float) else int(number) if name in _WHOLE else number


def _wrong(name: str, raw: Any, allowed: str, near: str = "") -> IllegalSearch:
    hint = did_you_mean(near, STOPPING_METRICS) if near else ""
    return IllegalSearch(f"{_PARSE} '{name}' must be {allowed}. Got {raw!r}.{hint}", name)
