"""What all metric objects share: the common values, JSON and back, and the registry by kind."""

from __future__ import annotations

import dataclasses
import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, ClassVar, Self

from artesian.core.clock import now_ms
from artesian.core.errors import InvalidArgument
from artesian.learn.base.table import Table, float_from_json, float_to_json
from artesian.learn.metrics.confusion import ConfusionMatrix

_KINDS: dict[str, type[Metrics]] = {}


@dataclass(frozen=True, kw_only=True)
class Metrics:
    """How a model did on a frame: one subclass a model category, named by `kind`.

    `mse` is the mean squared error by the category's own rule. `model_*`, `frame_*` and `description` say of what the
    metrics are; who scores fills them by `about`. A number that does not exist for the model is NaN.
    """

    kind: ClassVar[str]

    nobs: int
    mse: float
    description: str | None = None
    scoring_time: int = field(default_factory=now_ms)
    """Milliseconds since 1970, UTC."""
    model_id: str | None = None
    model_checksum: int = 0
    frame_id: str | None = None
    frame_checksum: int = 0
    custom_metric_name: str | None = None
    custom_metric_value: float = math.nan

    def __init_subclass__(cls, **kwargs: Any) -> None:
        super().__init_subclass__(**kwargs)
        kind = cls.__dict__.get("kind")
        if not kind:
            raise TypeError(f"The metrics class {cls.__name__} must name its 'kind'.")
        if kind in _KINDS and _KINDS[kind].__qualname__ != cls.__qualname__:
            raise TypeError(f"The kind '{kind}' of {cls.__name__} is taken by {_KINDS[kind].__name__}.")
        _KINDS[kind] = cls

    @property
    def rmse(self) -> float:
        return math.sqrt(self.mse) if self.mse >= 0 else math.nan

    def about(self, **values: Any) -> Self:
        """The same metrics with other values of `description`, `model_id`, `frame_id`, `custom_metric_value` …"""
        return dataclasses.replace(self, **values)

    def to_dict(self) -> dict[str, Any]:
        """JSON-safe; `metrics_from_dict` gives the object back."""
        values = {item.name: _to_json(getattr(self, item.name)) for item in dataclasses.fields(self)}
        return {"kind": self.kind, **values}

    @classmethod
    def from_dict(cls, values: Mapping[str, Any]) -> Self:
        """The object of a dict that `to_dict` made of this class; fields unknown to this version are an error."""
        fields = {item.name: str(item.type) for item in dataclasses.fields(cls)}
        unknown = sorted(set(values) - set(fields) - {"kind"})
        if unknown or values.get("kind", cls.kind) != cls.kind:
            raise InvalidArgument(
                f"These are no stored {cls.kind} metrics: kind '{values.get('kind')}', unknown fields {unknown}."
            )
        return cls(**{name: _from_json(fields[name], value) for name, value in values.items() if name != "kind"})


def metrics_from_dict(values: Mapping[str, Any]) -> Metrics:
    """The metrics object that `Metrics.to_dict` wrote, of whichever kind. Raises InvalidArgument for an unknown kind."""
    kind = values.get("kind")
    if kind not in _KINDS:
        raise InvalidArgument(f"Unknown kind of metrics '{kind}'. Known kinds are {sorted(_KINDS)}.")
    return _KINDS[kind].from_dict(values)


def _to_json(value: Any) -> Any:
    if isinstance(value, Table | ConfusionMatrix):
        return value.to_dict()
    if isinstance(value, float):
        return float_to_json(value)
    if isinstance(value, tuple):
        return [_to_json(item) for item in value]
    return value


def _from_json(annotation: str, value: Any) -> Any:
    """The value of a field by the field's annotation (a text: annotations are postponed in these modules)."""
    if value is None:
        return None
    if annotation.startswith("Table"):
        return Table.from_dict(value)
    if annotation.startswith("ConfusionMatrix"):
        return ConfusionMatrix.from_dict(value)
    if annotation.startswith("tuple[float"):
        return tuple(float_from_json(item) for item in value)
    if annotation.startswith("tuple"):
        return tuple(value)
    return float_from_json(value) if annotation.startswith("float") else value
