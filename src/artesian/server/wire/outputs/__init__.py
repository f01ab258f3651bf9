"""What the models of single algorithms show beyond all others: fields of their output, one module a family.

Each module has `OWN`, the fields by algorithm. Values come from the `extra` of a model's details, under the field's name; a
table is there as its `to_dict`, a frame as its key.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from artesian.server.wire.keys import frame_key, model_key
from artesian.server.wire.numbers import numbers
from artesian.server.wire.outputs import (
    anomaly,
    bayes,
    cluster,
    decomposition,
    deeplearning,
    ensemble,
    isotonic,
    linear,
    targetencoding,
    trees,
    xgboost,
)
from artesian.server.wire.outputs.fields import VARIMP
from artesian.server.wire.schema import Field
from artesian.server.wire.table import table

_OWN: dict[str, tuple[Field, ...]] = {
    **deeplearning.OWN,
    **bayes.OWN,
    **cluster.OWN,
    **decomposition.OWN,
    **isotonic.OWN,
    **linear.OWN,
    **targetencoding.OWN,
    **trees.OWN,
    **xgboost.OWN,
    **anomaly.OWN,
    **ensemble.OWN,
}
_TYPES = {field.name: field.type for fields in _OWN.values() for field in fields}


def own_fields(algorithm: str) -> tuple[Field, ...]:
    """The further fields of an algorithm's output; importances of variables, where it names none."""
    return _OWN.get(algorithm, (VARIMP,))


def own_value(name: str, value: Any) -> Any:
    """A value of `extra` as its field shows it."""
    kind = _TYPES.get(name, "")
    if value is None:
        return None
    if kind == "Key<Frame>[]":
        return [frame_key(key) for key in value]
    if kind == "Key<Frame>":
        return frame_key(value)
    if kind == "Key<Model>":
        return model_key(value)
    if kind == "TwoDimTable":
        return table(value)
    if kind == "TwoDimTable[]":
        return [table(item) for item in value]
    if kind == "ColumnsMapping[]":
        return [targetencoding.COLUMNS_MAPPING.new(**item) for item in value]
    if isinstance(value, Mapping):
        return value
    return numbers(value) if isinstance(value, (list, tuple)) else value
