"""What the client refuses of a parameter's value before anything is sent: a wrong type, a choice that does not exist.

Whether values are within their ranges and fit each other is the server's to say, which tells of all of them at once.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

from artesian.client.checks import Number, check_type
from artesian.client.exceptions import H2OTypeError
from artesian.client.frame.base import FrameBase
from artesian.core.errors import did_you_mean


def check_parameter(
    name: str, value: Any, annotation: str, choices: Sequence[str] | None, also: tuple[type, ...]
) -> None:
    """Raises H2OTypeError unless the value is None or of the kind that the estimator's signature tells.

    `choices` are those of a parameter that has some; how they are written (`PlusPlus`, `plus_plus`) does not matter.
    `also` are further types that the estimator takes.
    """
    if value is None or isinstance(value, also):
        return
    kinds = [kind for kind in annotation.split(" | ") if kind != "None"]
    plain = value.item() if getattr(value, "ndim", None) == 0 and hasattr(value, "item") else value
    if kinds == ["int"]:
        check_type(name, plain, int)
    elif kinds == ["float"]:
        check_type(name, plain, Number)
    elif kinds == ["bool"]:
        check_type(name, plain, bool)
    elif choices is not None:
        _check_choice(name, plain, choices)
    elif "H2OFrame" in kinds and not isinstance(value, (FrameBase, str)):
        got = f"an empty {type(value).__name__}" if value in ([], (), {}) else f"a {type(value).__name__}"
        raise H2OTypeError(f"The argument '{name}' must be an H2OFrame, or the name of one. Got {got}.", name)


def _check_choice(name: str, value: Any, choices: Sequence[str]) -> None:
    if isinstance(value, str) and _letters(value) in {_letters(choice) for choice in choices}:
        return
    near = did_you_mean(str(value), choices)
    allowed = ", ".join(repr(choice) for choice in choices)
    raise H2OTypeError(f"The argument '{name}' must be one of {allowed}. Got {value!r}.{near}", name)


def _letters(text: str) -> str:
    return re.sub("[^a-z0-9]", "", text.lower())
