"""Differences that are meant: each of an operator, by a rule on the two answers, with its reason. Never by seed.

A rule says whether the difference is the one meant: it compares what remains once that is set aside.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from compare import column_difference, difference, same_cells
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


def _unreadable_there(call: Expression, ours: Answer, theirs: Answer) -> bool:
    return theirs["kind"] == "frame" and any(column["name"] == "(unreadable)" for column in theirs["columns"])


def _repeated_names_there(call: Expression, ours: Answer, theirs: Answer) -> bool:
    if ours["kind"] != "error" or theirs["kind"] != "frame":
        return False
    names = [column["name"] for column in theirs["columns"]]
    return len(set(names)) < len(names)


def _whole_beyond_integers(call: Expression, ours: Answer, theirs: Answer) -> bool:
    """Equal but for columns of whole numbers that are infinite or too great for every one to have a float64."""
    if ours["kind"] != "frame" or theirs["kind"] != "frame" or len(ours["columns"]) != len(theirs["columns"]):
        return False
    columns = [
        mine | {"type": other["type"]} if mine["type"] == "real" and other["type"] == "int" and _is_huge(mine) else mine
        for mine, other in zip(ours["columns"], theirs["columns"], strict=True)
    ]
    return not difference({"kind": "frame", "columns": columns}, theirs)


def _is_huge(column: Answer) -> bool:
    return any(cell is not None and abs(cell) >= 2**53 for cell in column["cells"])


def _same_to_eight_digits(call: Expression, ours: Answer, theirs: Answer) -> bool:
    return ours["kind"] == theirs["kind"] and all(
        a == b or (isinstance(a, float) and isinstance(b, float) and abs(a - b) <= 1e-7 * max(1.0, abs(b)))
        for a, b in _cells_of(ours, theirs)
    )


def _cells_of(ours: Answer, theirs: Answer) -> list[tuple[Any, Any]]:
    """The cells of both answers in pairs."""
    if ours["kind"] != "frame":
        return [(ours["value"], theirs["value"])]
    return [
        pair
        for mine, other in zip(ours["columns"], theirs["columns"], strict=True)
        for pair in zip(mine["cells"], other["cells"], strict=True)
    ]


def _only_columns(*names: str) -> Callable[[Expression, Answer, Answer], bool]:
    """The rule that nothing but those columns differs."""

    def rule(call: Expression, ours: Answer, theirs: Answer) -> bool:
        if ours["kind"] != "frame" or theirs["kind"] != "frame":
            return False
        kept = [
            {"kind": "frame", "columns": [c for c in answer["columns"] if c["name"] not in names]}
            for answer in (ours, theirs)
        ]
        return not difference(*kept)

    return rule


def _same_shape(call: Expression, ours: Answer, theirs: Answer) -> bool:
    if ours["kind"] != "frame" or theirs["kind"] != "frame":
        return False
    shapes = [[(c["name"], len(c["cells"])) for c in answer["columns"]] for answer in (ours, theirs)]
    return shapes[0] == shapes[1]


def _lost_columns_there(call: Expression, ours: Answer, theirs: Answer) -> bool:
    texts = ("Missing chunk", "Vec was deleted", "is not in DKV", "doesn't exist in DKV")
    return theirs["kind"] == "error" and any(text in theirs["message"] for text in texts)


def _fewer_rows_there(call: Expression, ours: Answer, theirs: Answer) -> bool:
    if ours["kind"] != "frame" or theirs["kind"] != "frame" or not _rows(theirs):
        return False
    return len(_rows(theirs)) < len(_rows(ours))


def _order_behind_missing_keys(call: Expression, ours: Answer, theirs: Answer) -> bool:
    missing = ours["kind"] == "frame" and any(None in column["cells"] for column in ours["columns"])
    return missing and _same_rows_in_another_order(call, ours, theirs)


def _beyond_their_range(call: Expression, ours: Answer, theirs: Answer) -> bool:
    if ours["kind"] != "frame" or theirs["kind"] != "frame":
        return False
    far = [
        (a is not None and abs(a) > 1e200 and (b is None or math.isinf(b)), a, b) for a, b in _cells_of(ours, theirs)
    ]
    return all(beyond or same_cells([a], [b]) for beyond, a, b in far)


def _zero_for_missing(call: Expression, ours: Answer, theirs: Answer) -> bool:
    if ours["kind"] != "frame" or theirs["kind"] != "frame":
        return False
    return all(same_cells([a], [b]) or (a is None and b is not None) for a, b in _cells_of(ours, theirs))


def _other_order_of_levels(call: Expression, ours: Answer, theirs: Answer) -> bool:
    if ours["kind"] != "frame" or theirs["kind"] != "frame":
        return False
    return not difference(_levels_sorted(ours), _levels_sorted(theirs))


def _levels_sorted(answer: Answer) -> Answer:
    columns = [c | {"levels": sorted(c["levels"])} if "levels" in c else c for c in answer["columns"]]
    return {"kind": "frame", "columns": columns}


def _rows_without_values(call: Expression, ours: Answer, theirs: Answer) -> bool:
    return ours["kind"] == theirs["kind"] == "frame" and not ours["columns"][0]["cells"]


def _least_found(call: Expression, ours: Answer, theirs: Answer) -> bool:
    return call.text.endswith(" 1)") and _same_shape(call, ours, theirs)


def _no_level_without_a_name(call: Expression, ours: Answer, theirs: Answer) -> bool:
    if ours["kind"] != "frame" or theirs["kind"] != "frame":
        return False
    columns = [c | {"levels": [x for x in c["levels"] if x is not None]} for c in theirs["columns"]]
    return not difference(ours, {"kind": "frame", "columns": columns})


DELIBERATE: tuple[Deliberate, ...] = (
    Deliberate(("*",), "the reference cannot read its own answer back", _unreadable_there),
    Deliberate(("*",), "whole numbers that are infinite or beyond 2^53 are real", _whole_beyond_integers),
    Deliberate(("colnames=",), "names of columns are unique", _repeated_names_there),
    Deliberate(("GB", "merge"), "names of columns are unique", _same_but_names),
    Deliberate(
        ("unique",), "distinct numbers come in rising order, not in that of a hash table", _same_rows_in_another_order
    ),
    Deliberate(("topn",), "the order of equal values is that of the rows", _only_columns("Original_Row_Indices")),
    Deliberate(
        ("stratified_kfold_column",),
        "classes are spread evenly; the reference stratifies a column of zeros",
        _same_shape,
    ),
    Deliberate(
        ("which.min",), "the least value of a row is found; the reference starts from minus infinity", _least_found
    ),
    Deliberate(("cut",), "no level without a name", _no_level_without_a_name),
    Deliberate(
        ("hist",),
        "mids_true are middles of the values of each bin; the reference mixes in a 0",
        _only_columns("mids_true"),
    ),
    Deliberate(
        ("hist",), "the median deviation is of the values, not of their whole parts", lambda c, o, t: "'fd'" in c.text
    ),
    Deliberate(
        ("h2o.mad",),
        "the median deviation is of the values, not of their whole parts",
        lambda c, o, t: o["kind"] == t["kind"] == "number",
    ),
    Deliberate(("hist",), "the rule of Doane works", lambda c, o, t: "'doane'" in c.text and _works_here(c, o, t)),
    Deliberate(("digamma",), "exact to 1e-15, the reference's to 1e-8", _same_to_eight_digits),
    Deliberate(("appendLevels",), "a single level needs no brackets", _works_here),
    Deliberate(("apply",), "sums and extremes of the values that there are work on rows, too", _works_here),
    Deliberate(("pivot",), "missing values of the index or the column make no row and no column", _works_here),
    Deliberate(("rank_within_groupby", "sort"), "frames without rows are ordered, too", _works_here),
    Deliberate(("*",), "the reference has deleted a column that another frame still holds", _lost_columns_there),
    Deliberate(("dropdup",), "rows with a missing value are compared in all columns", _fewer_rows_there),
    Deliberate(("GB",), "groups are in order behind missing keys, too", _order_behind_missing_keys),
    Deliberate(("gamma",), "great values are there up to the range of a float64", _beyond_their_range),
    Deliberate(("strsplit",), "levels of parts are sorted", _other_order_of_levels),
    Deliberate(("x",), "missing times 0 is missing; the reference passes over zeros", _zero_for_missing),
    Deliberate(
        ("cor",),
        "all.obs allows missing values on neither side",
        lambda c, o, t: o["kind"] == "error" and t["kind"] != "error" and "'all.obs'" in c.text,
    ),
    Deliberate(("difflag1",), "a column without rows has no differences", _rows_without_values),
    Deliberate(
        ("isax",),
        "words are of segments of their own; the reference's third and later ones count columns twice",
        lambda c, o, t: o["kind"] == t["kind"] == "frame" and " 4 " in c.text.rpartition("]")[2],
    ),
    Deliberate(
        ("rank_within_groupby",),
        "ranks of each group begin with 1; the reference counts on behind a group without values",
        _only_columns("rank"),
    ),
    Deliberate(
        ("prod", "prod.na"),
        "the product of all columns and rows, not of the last column or piece alone",
        lambda c, o, t: o["kind"] == t["kind"] == "number" and (c.text.count(" ") > 3 or "rbind" in c.text),
    ),
    Deliberate(("hist", "merge"), "few or missing values are no obstacle", _works_here),
    Deliberate(
        ("replaceall", "replacefirst"), "levels become one where the column has missing values, too", _works_here
    ),
    Deliberate(
        ("cor",),
        "rows with missing values are left out of Spearman's ranks",
        lambda c, o, t: o["kind"] == t["kind"] and "'complete.obs' 'Spearman'" in c.text,
    ),
    Deliberate(("GB", "t"), "groups without values have no median, and frames without rows no columns", _works_here),
    Deliberate(("rows",), "a mask of other numbers than 0 and 1 takes the rows of 1", _works_here),
    Deliberate(("assign", "rename"), "a frame without rows stays one under another name", _rows_without_values),
    Deliberate(("moment",), "columns without rows make times without rows", _works_here),
    Deliberate(("quantile",), "quantiles by weights of 0 alone are missing", _works_here),
    Deliberate(("getrow", "tf-idf"), "missing times and frames made on the way are no obstacle", _works_here),
    Deliberate(
        ("hist",),
        "a histogram needs different numbers",
        lambda c, o, t: o["kind"] == "error" and "different numbers" in o["message"],
    ),
    Deliberate(("which",), "missing values count as true, as in all", _works_here),
    Deliberate(("var", "cor"), "single rows may be of other columns, too", _works_here),
)
