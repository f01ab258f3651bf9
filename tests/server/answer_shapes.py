"""Shapes of JSON answers: which keys in which order, and of which kind each value is; and how two shapes may differ."""

from __future__ import annotations

from typing import Any

SPECIAL = ("NaN", "Infinity", "-Infinity")
OPEN = ("values", "help", "model_builders")
"""Fields whose keys are data, not part of the schema."""


def shape_of(value: Any) -> Any:
    """`{key: shape}` of an object, `[shape of the elements]` of a list, else the kind of the value."""
    if isinstance(value, dict):
        return {key: "open" if key in OPEN else shape_of(item) for key, item in value.items()}
    if isinstance(value, list):
        shapes = [shape_of(item) for item in value]
        return [merged(shapes)]
    if value is None:
        return "null"
    if isinstance(value, bool):
        return "boolean"
    if isinstance(value, (int, float)) or value in SPECIAL:
        return "number"
    return "string"


def merged(shapes: list[Any]) -> Any:
    """One shape for the elements of a list: nulls give way, different kinds become `mixed`."""
    known = [shape for shape in shapes if shape != "null"]
    if not known:
        return "null"
    first = known[0]
    if all(isinstance(shape, dict) for shape in known):
        return {key: merged([shape[key] for shape in known if key in shape]) for key in first}
    if all(isinstance(shape, list) for shape in known):
        return [merged([shape[0] for shape in known])]
    return first if all(shape == first for shape in known) else "mixed"


def differences(expected: Any, actual: Any, path: str = "") -> list[str]:
    """Where the actual shape departs from the expected one; null on either side fits anything."""
    if "null" in (expected, actual) or "mixed" in (expected, actual) or "open" in (expected, actual):
        return []
    if isinstance(expected, dict) and isinstance(actual, dict):
        found = []
        if list(expected) != list(actual):
            missing = [key for key in expected if key not in actual]
            extra = [key for key in actual if key not in expected]
            found.append(f"{path}: missing {missing}, extra {extra}" if missing or extra else f"{path}: order of keys")
        for key in expected:
            if key in actual:
                found += differences(expected[key], actual[key], f"{path}/{key}")
        return found
    if isinstance(expected, list) and isinstance(actual, list):
        return differences(expected[0], actual[0], f"{path}[]")
    return [] if expected == actual else [f"{path}: expected {expected}, got {actual}"]
