"""What every model reads of a frame beside its values: columns that it lacks, levels that are new, offsets of its rows."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from artesian.core.errors import InvalidArgument
from artesian.frame import Frame

_LISTED = 10
_SHOWN_LEVELS = 20


def missing_columns(frame: Frame, predictors: Sequence[str]) -> list[str]:
    """Predictors that a frame lacks; they count as missing values. InvalidArgument where it lacks all."""
    missing = [name for name in predictors if name not in frame]
    if missing and len(missing) == len(predictors):
        listed = ", ".join(predictors[:_LISTED]) + (" …" if len(predictors) > _LISTED else "")
        raise InvalidArgument(f"The frame has none of the columns that the model was trained on: {listed}.")
    return missing


def notes_of_missing(missing: Sequence[str]) -> list[str]:
    """What a person is told of such columns."""
    return [f"The frame has no column '{name}'; it counts as missing in all rows." for name in missing]


def notes_of_unseen(domains: Mapping[str, Sequence[str] | None], frame: Frame) -> list[str]:
    """What a person is told of levels that training did not have, by the levels of training of each column (None: numeric)."""
    notes = []
    for name, levels in domains.items():
        if levels is None or name not in frame or frame[name].domain is None:
            continue
        known = set(levels)
        unseen = [level for level in frame[name].levels if level not in known]
        if unseen:
            shown = ", ".join(f'"{level}"' for level in unseen[:_SHOWN_LEVELS])
            more = f" and {len(unseen) - _SHOWN_LEVELS} more" if len(unseen) > _SHOWN_LEVELS else ""
            notes.append(f"Test/Validation dataset column '{name}' has levels not trained on: [{shown}]{more}")
    return notes


def offsets(frame: Frame, name: str) -> NDArray[Any]:
    """The offsets of a frame's rows [n], float64; InvalidArgument where the column is absent or not numbers throughout."""
    if name not in frame:
        raise InvalidArgument(
            f"The frame has no offset column '{name}', which the model was trained with. Add one; zeros mean no offset."
        )
    column = frame[name]
    if not column.type.is_numeric or column.missing_count:
        raise InvalidArgument(f"The offset column '{name}' must be numeric and without missing values.")
    return np.asarray(column.floats())
