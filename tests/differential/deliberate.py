"""Differences that are meant: each of an operator, by a rule on the two answers, with its reason. Never by seed.

A rule says whether the difference is the one meant: it compares what remains once that is set aside.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from compare import column_difference, difference
from random_calls import Expression

Answer = dict[str, Any]


@dataclass(frozen=True)
class Deliberate:
    """A difference that is meant."""

    operators: tuple[str, ...]
    reason: str
    rule: Callable[[Expression, Answer, Answer], bool]


def reason_for(call: Expression, ours: Answer, theirs: Answer) -> str | None:
    """Why the two answers differ, where that is meant."""
    for entry in DELIBERATE:
        if (call.operator in entry.operators or "*" in entry.operators) and entry.rule(call, ours, theirs):
            return entry.reason
    return None


# ---- rules ----


def _works_here(call: Expression, ours: Answer, theirs: Answer) -> bool:
    return theirs["kind"] == "error" and ours["kind"] != "error"


def _same_but_names(call: Expression, ours: Answer, theirs: Answer) -> bool:
    if ours["kind"] != "frame" or theirs["kind"] != "frame" or len(ours["columns"]) != len(theirs["columns"]):
        return False
    return not any(column_difference(a, b) for a, b in zip(ours["columns"], theirs["columns"], strict=True))


def _rows(answer: Answer) -> list[tuple[Any, ...]]:
    return sorted(zip(*(c["cells"] for c in answer["columns"]), strict=True), key=repr)


def _same_rows_in_another_order(call: Expression, ours: Answer, theirs: Answer) -> bool:
    if ours["kind"] != "frame" or theirs["kind"] != "frame":
        return False
    return not difference(_sorted(ours), _sorted(theirs))


def _sorted(answer: Answer) -> Answer:
    cells = list(zip(*_rows(answer), strict=True)) or [()] * len(answer["columns"])
    columns = [c | {"cells": list(values)} for c, values in zip(answer["columns"], cells, strict=True)]
    return {"kind": "frame", "columns": columns}


DELIBERATE: tuple[Deliberate, ...] = (
    Deliberate(("GB", "merge"), "names of columns are unique", _same_but_names),
    Deliberate(
        ("unique",), "distinct numbers come in rising order, not in that of a hash table", _same_rows_in_another_order
    ),
)
