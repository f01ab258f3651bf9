"""When two answers are the same: their kind, names, types, levels in order, cells, missing ones among them."""

from __future__ import annotations

import math
from typing import Any

# Sums are taken in another order and running means by another formula: each loses some digits of 16. A column's cells
# are measured by the greatest of them, for small ones may be differences of great ones.
RELATIVE = 1e-9
_NUMBERS = {"int", "real", "bad"}


def difference(ours: dict[str, Any], theirs: dict[str, Any]) -> str | None:
    """What differs first, in words; None where nothing does. Errors agree whatever they say."""
    if ours["kind"] != theirs["kind"]:
        return f"{_kind(ours)} instead of {_kind(theirs)}"
    match ours["kind"]:
        case "error":
            return None
        case "frame":
            return _of_frames(ours, theirs)
        case "number" | "numbers":
            a, b = ours["value"], theirs["value"]
            a, b = (x if isinstance(x, list) else [x] for x in (a, b))
            return None if same_cells(a, b) else f"{a} instead of {b}"
        case _:
            return None if ours["value"] == theirs["value"] else f"{ours['value']!r} instead of {theirs['value']!r}"


def _kind(answer: dict[str, Any]) -> str:
    if answer["kind"] in ("error", "hang"):
        return f"the {answer['kind']} '{answer['message'][:200]}'"
    return f"a {answer['kind']}" + (f" {answer['value']}" if answer["kind"] != "frame" else f" of {names(answer)}")


def names(answer: dict[str, Any]) -> list[str]:
    """The names of a frame's columns."""
    return [column["name"] for column in answer["columns"]]


def _of_frames(ours: dict[str, Any], theirs: dict[str, Any]) -> str | None:
    if names(ours) != names(theirs):
        return f"columns {names(ours)} instead of {names(theirs)}"
    for mine, other in zip(ours["columns"], theirs["columns"], strict=True):
        found = column_difference(mine, other)
        if found:
            return f"column {mine['name']}: {found}"
    return None


def column_difference(mine: dict[str, Any], other: dict[str, Any]) -> str | None:
    """What differs between two columns, names apart."""
    if len(mine["cells"]) != len(other["cells"]):
        return f"{len(mine['cells'])} rows instead of {len(other['cells'])}"
    if mine["type"] != other["type"] and not _nothing_but_missing(mine, other) and not _rounded(mine, other):
        return f"type {mine['type']} instead of {other['type']} ({mine['cells'][:8]}, {other['cells'][:8]})"
    if mine.get("levels") != other.get("levels"):
        return f"levels {mine.get('levels')} instead of {other.get('levels')}"
    if not same_cells(mine["cells"], other["cells"]):
        at = next(i for i, (a, b) in enumerate(zip(mine["cells"], other["cells"], strict=True)) if a != b)
        return f"from row {at} on {mine['cells'][at : at + 12]} instead of {other['cells'][at : at + 12]}"
    return None


def _nothing_but_missing(mine: dict[str, Any], other: dict[str, Any]) -> bool:
    """A column without a value is whole, real or bad, as it happens."""
    absent = all(cell is None for cell in (*mine["cells"], *other["cells"]))
    return absent and {mine["type"], other["type"]} <= _NUMBERS


def _rounded(mine: dict[str, Any], other: dict[str, Any]) -> bool:
    """Whether one side has whole numbers where a rounding error keeps those of the other from being whole."""
    if {mine["type"], other["type"]} != {"int", "real"} or not same_cells(mine["cells"], other["cells"]):
        return False
    real, whole = (mine, other) if mine["type"] == "real" else (other, mine)
    if any(cell is not None and math.isfinite(cell) and cell != int(cell) for cell in whole["cells"]):
        return False
    return any(cell is not None and math.isfinite(cell) and cell != int(cell) for cell in real["cells"])


def same_cells(mine: list[Any], other: list[Any]) -> bool:
    """Cells in order: missing where the other is, numbers within the tolerance, texts equal."""
    if len(mine) != len(other):
        return False
    finite = [abs(x) for x in other if isinstance(x, int | float) and math.isfinite(x)]
    allowed = RELATIVE * max(finite, default=0.0) + 1e-12
    return all(_same(a, b, allowed) for a, b in zip(mine, other, strict=True))


def _same(a: Any, b: Any, allowed: float) -> bool:
    if isinstance(a, int | float) and isinstance(b, int | float):
        return a == b or (math.isfinite(a) and math.isfinite(b) and abs(a - b) <= max(allowed, RELATIVE * abs(b)))
    return bool(a == b)
