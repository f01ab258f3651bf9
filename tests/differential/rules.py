"""Rules that tell whether a difference is the one meant: each as narrow as the reason that it stands for.

A rule takes a `Case` and compares what remains once the difference is set aside, or works the right answer out from the
arguments, which it asks the servers for.
"""

from __future__ import annotations

import math
import re
from collections import Counter, defaultdict
from collections.abc import Callable
from dataclasses import dataclass
from itertools import accumulate
from statistics import NormalDist
from typing import Any

from compare import column_difference, difference, same_cells
from draw import Expression

from artesian.rapids.columns import unique_names

Answer = dict[str, Any]
Column = dict[str, Any]


@dataclass(frozen=True)
class Case:
    """A call that was answered differently, and what asks either server for more."""

    call: Expression
    ours: Answer
    theirs: Answer
    ask_ours: Callable[[str], Answer]
    ask_theirs: Callable[[str], Answer]

    @property
    def are_frames(self) -> bool:
        """Whether both answers are frames."""
        return self.ours["kind"] == self.theirs["kind"] == "frame"

    @property
    def pairs(self) -> list[tuple[Column, Column]]:
        """The columns of both in pairs."""
        return list(zip(self.ours["columns"], self.theirs["columns"], strict=False))


Rule = Callable[[Case], bool]


def names(answer: Answer) -> list[str]:
    """The names of a frame's columns."""
    return [column["name"] for column in answer["columns"]]


def rows(answer: Answer) -> list[tuple[Any, ...]]:
    """The rows of a frame, in their order."""
    return list(zip(*(column["cells"] for column in answer["columns"]), strict=True))


def _frame(*columns: Column) -> Answer:
    return {"kind": "frame", "columns": list(columns)}


# ---- one side refuses ----


def refused_there(*reasons: str) -> Rule:
    """It works here and not there, for one of those reasons."""

    def rule(case: Case) -> bool:
        refused = case.theirs["kind"] == "error" and any(reason in case.theirs["message"] for reason in reasons)
        return refused and case.ours["kind"] != "error"

    return rule


def refused_here(reason: str) -> Rule:
    """It is refused here for that reason, and not there."""
    return lambda case: (
        case.ours["kind"] == "error" and reason in case.ours["message"] and case.theirs["kind"] != "error"
    )


def refused_there_without_rows(case: Case) -> bool:
    """There it fails on a frame without rows; here the answer has none either."""
    return case.theirs["kind"] == "error" and case.ours["kind"] == "frame" and not rows(case.ours)


def refused_here_without_rows(case: Case) -> bool:
    """Here strings are refused, though there are none: there the answer has no rows."""
    refused = case.ours["kind"] == "error" and "needs numbers" in case.ours["message"]
    return refused and case.theirs["kind"] == "frame" and not rows(case.theirs)


def lost_columns_there(case: Case) -> bool:
    """The reference misses a column of its own."""
    texts = (
        "Missing chunk",
        "Vec was deleted",
        "is not in DKV",
        "doesn't exist in DKV",
        '"vecs[i]" is null',
        '"vs[cnt]" is null',
    )
    return case.theirs["kind"] == "error" and any(text in case.theirs["message"] for text in texts)


def unreadable_there(case: Case) -> bool:
    """The reference cannot show what it made."""
    return case.theirs["kind"] == "frame" and "(unreadable)" in names(case.theirs)


# ---- names, types, levels, order ----


def repeated_names_there(case: Case) -> bool:
    """What would have a name twice is refused here."""
    repeated = case.theirs["kind"] == "frame" and len(set(names(case.theirs))) < len(names(case.theirs))
    return repeated and case.ours["kind"] == "error" and "more than once" in case.ours["message"]


def names_made_unique(case: Case) -> bool:
    """The same columns, those of a repeated name with a number at its end."""
    if not case.are_frames or names(case.ours) != unique_names(names(case.theirs)):
        return False
    return not any(column_difference(a, b) for a, b in case.pairs)


def whole_beyond_integers(case: Case) -> bool:
    """Equal but for columns of whole numbers that are infinite or too great for every one to have a float64."""
    if not case.are_frames or names(case.ours) != names(case.theirs):
        return False
    columns = [
        mine | {"type": "int"} if mine["type"] == "real" and other["type"] == "int" and _is_huge(mine) else mine
        for mine, other in case.pairs
    ]
    return not difference(_frame(*columns), case.theirs)


def _is_huge(column: Column) -> bool:
    return any(cell is not None and abs(cell) >= 2**53 for cell in column["cells"])


def levels_in_another_order(case: Case) -> bool:
    """The same cells and the same levels, sorted here."""
    if not case.are_frames or any(c["levels"] != sorted(c["levels"]) for c in case.ours["columns"] if "levels" in c):
        return False
    columns = [c | {"levels": sorted(c["levels"])} if "levels" in c else c for c in case.theirs["columns"]]
    return not difference(case.ours, _frame(*columns))


def no_level_without_a_name(case: Case) -> bool:
    """The reference has an unnamed level besides."""
    if not case.are_frames:
        return False
    columns = [
        c | {"levels": [x for x in c["levels"] if x is not None]} for c in case.theirs["columns"] if "levels" in c
    ]
    return not difference(case.ours, _frame(*columns))


def _rows_sorted(answer: Answer) -> Answer:
    ordered = sorted(rows(answer), key=repr)
    cells = list(zip(*ordered, strict=True)) or [()] * len(answer["columns"])
    return _frame(*(c | {"cells": list(values)} for c, values in zip(answer["columns"], cells, strict=True)))


def in_rising_order_here(case: Case) -> bool:
    """The same values, here in rising order, a missing one last."""
    if not case.are_frames or difference(_rows_sorted(case.ours), _rows_sorted(case.theirs)):
        return False
    cells = [cell for cell in case.ours["columns"][0]["cells"] if cell is not None]
    return case.ours["columns"][0]["type"] == "enum" or cells == sorted(cells)


def order_behind_missing_keys(case: Case) -> bool:
    """The same groups, and a key of them is missing."""
    if not case.are_frames or not any(None in column["cells"] for column in case.ours["columns"]):
        return False
    columns = [
        c | {"cells": [cell or None for cell in c["cells"]]} if c["type"] == "string" else c
        for c in case.theirs["columns"]
    ]
    return not difference(_rows_sorted(case.ours), _rows_sorted(_frame(*columns)))


def rows_by_key_here(case: Case) -> bool:
    """The same joined rows, here in rising order of the keys throughout."""
    if not case.are_frames or difference(_rows_sorted(case.ours), _rows_sorted(case.theirs)):
        return False
    first = [cell for cell in case.ours["columns"][0]["cells"] if cell is not None]
    return case.ours["columns"][0]["type"] == "enum" or first == sorted(first)


def no_words_in_missing_texts(case: Case) -> bool:
    """Missing texts have no words; the reference has an empty one."""
    if not case.are_frames or names(case.ours) != names(case.theirs):
        return False
    word = names(case.ours).index("Word")
    return Counter(rows(case.ours)) == Counter(row for row in rows(case.theirs) if row[word])


def missing_pieces_there(case: Case) -> bool:
    """In a frame of pieces, one of nothing but missing texts stays missing where here they become empty."""
    return case.are_frames and _in_pieces(case) and cells_by(lambda mine, other: mine == "" and other is None)(case)


def missing_strings_apart(case: Case) -> bool:
    """Grouped by strings, of which some are missing: the groups of those that are there are the same ones."""
    if not case.are_frames or names(case.ours) != names(case.theirs):
        return False
    keys = [place for place, c in enumerate(case.ours["columns"]) if c["type"] == "string"]
    texts = [{tuple(row[key] or None for key in keys) for row in rows(side)} for side in (case.ours, case.theirs)]
    missing = {row for row in texts[0] if None in row}
    return bool(missing) and texts[0] - missing == {row for row in texts[1] if None not in row}


def ties_in_row_order(case: Case) -> bool:
    """The same values; the numbers of their rows differ only where a value is there more than once, or is the last."""
    if not case.are_frames or names(case.ours) != names(case.theirs) or column_difference(*case.pairs[1]):
        return False
    values = case.ours["columns"][1]["cells"]
    counts = Counter(values)
    places = zip(case.ours["columns"][0]["cells"], case.theirs["columns"][0]["cells"], values, strict=True)
    return all(a == b or counts[value] > 1 or value == values[-1] for a, b, value in places)


# ---- cells ----


def only_columns(*differing: str) -> Rule:
    """Nothing but those columns differs."""

    def rule(case: Case) -> bool:
        if not case.are_frames:
            return False
        sides = [[c for c in side["columns"] if c["name"] not in differing] for side in (case.ours, case.theirs)]
        return not difference(_frame(*sides[0]), _frame(*sides[1]))

    return rule


def _cells(case: Case) -> list[tuple[Any, Any]]:
    """The cells of both answers in pairs; the numbers of both."""
    if case.ours["kind"] != case.theirs["kind"]:
        return [(math.nan, None)]
    if not case.are_frames:
        ours, theirs = (a["value"] if isinstance(a["value"], list) else [a["value"]] for a in (case.ours, case.theirs))
        return list(zip(ours, theirs, strict=False))
    return [pair for mine, other in case.pairs for pair in zip(mine["cells"], other["cells"], strict=False)]


def cells_by(allowed: Callable[[Any, Any], bool]) -> Rule:
    """The same shape, and each cell is the same or one whose difference is allowed."""

    def rule(case: Case) -> bool:
        if case.are_frames and [len(c["cells"]) for c in case.ours["columns"]] != [
            len(c["cells"]) for c in case.theirs["columns"]
        ]:
            return False
        return all(same_cells([a], [b]) or allowed(a, b) for a, b in _cells(case))

    return rule


def _close(mine: Any, other: Any) -> bool:
    return isinstance(mine, float) and isinstance(other, float) and abs(mine - other) <= 1e-7 * max(1.0, abs(other))


same_to_eight_digits = cells_by(_close)
missing_not_zero = cells_by(lambda mine, other: mine is None and other is not None)
nothing_instead_of_infinity = cells_by(lambda mine, other: mine is None and other is not None and math.isinf(other))
beyond_their_range = cells_by(
    lambda mine, other: mine is not None and abs(mine) > 1e200 and (other is None or math.isinf(other))
)


def a_row_of_nothing_there(case: Case) -> bool:
    """No row is chosen; the reference makes one of missing cells."""
    none_here = case.are_frames and not rows(case.ours)
    return none_here and len(rows(case.theirs)) == 1 and set(rows(case.theirs)[0]) == {None}


def no_rows_here(case: Case) -> bool:
    """A frame without rows stays one."""
    return case.are_frames and names(case.ours) == names(case.theirs) and not rows(case.ours)


def fewer_rows_with_missing_cells_there(case: Case) -> bool:
    """The reference lost some rows, each with a missing cell."""
    if not case.are_frames:
        return False
    lost = Counter(rows(case.ours)) - Counter(rows(case.theirs))
    return not Counter(rows(case.theirs)) - Counter(rows(case.ours)) and all(None in row for row in lost)


_PIECES = re.compile(r"\((?:rbind|sort|merge) ")


def _in_pieces(case: Case) -> bool:
    return bool(_PIECES.search(case.call.text))


def at_borders_of_pieces(case: Case) -> bool:
    """The frame was put together of pieces, which the reference keeps; the first row and what is missing agree."""
    if not case.are_frames or not _in_pieces(case):
        return False
    (mine, other), *_ = case.pairs
    return same_cells(mine["cells"][:1], other["cells"][:1]) and len(mine["cells"]) == len(other["cells"])


def numbers_and_strings(case: Case) -> bool:
    """A string beside a column of numbers or times is refused here; there it counts as a number greater than all."""
    refused = case.ours["kind"] == "error" and "cannot combine" in case.ours["message"]
    return refused and case.theirs["kind"] == "frame" and any("'" in argument for argument in case.call.arguments)


# ---- worked out from the arguments ----


def _column_types(answer: Answer) -> set[str]:
    return {column["type"] for column in answer.get("columns", [])}


def _column(answer: Answer) -> list[Any]:
    return answer["columns"][0]["cells"] if answer["kind"] == "frame" and answer["columns"] else []


def product_of_all(case: Case) -> bool:
    """Ours is the product of all cells (that are there, for prod.na); the reference's of the last column or piece."""
    if not case.ours["kind"] == case.theirs["kind"] == "number":
        return False
    cells = [cell for column in case.ask_ours(case.call.arguments[0])["columns"] for cell in column["cells"]]
    if None in cells and case.call.operator == "prod":
        return case.ours["value"] is None
    return same_cells([case.ours["value"]], [math.prod(cell for cell in cells if cell is not None)])


def running_over_pieces(case: Case) -> bool:
    """Ours runs over all rows of a frame of pieces, worked out here; the reference's begins anew in some."""
    if not case.are_frames or not _in_pieces(case) or case.call.arguments[1] != "False":
        return False
    folds: dict[str, Callable[[Any, Any], Any]] = {
        "cummax": max,
        "cummin": min,
        "cumsum": float.__add__,
        "cumprod": float.__mul__,
    }
    fold = folds[case.call.operator]
    columns = [c["cells"] for c in case.ask_ours(case.call.arguments[0])["columns"]]
    for mine, cells in zip(case.ours["columns"], columns, strict=True):
        expected = accumulate(
            (None if x is None else float(x) for x in cells),
            lambda a, b: None if a is None or b is None else fold(a, b),
        )
        if not same_cells(mine["cells"], list(expected)):
            return False
    return True


def no_covariances_of_levels(case: Case) -> bool:
    """A category of more than two levels has none; the reference has those with a single column, if it is not the first."""
    kinds = [c for c in case.ask_ours(case.call.arguments[0])["columns"] if len(c.get("levels") or ()) > 2]
    return bool(kinds) and missing_not_zero(case)


def weights_of_nothing(case: Case) -> bool:
    """All cells of a weighted quantile are missing here: no value has a weight."""
    if not case.are_frames or case.call.arguments[3] == "_":
        return False
    return all(set(c["cells"]) == {None} for c, other in case.pairs if column_difference(c, other))


def least_of_each_row(case: Case) -> bool:
    """Ours are the places of the least values of the rows; the reference starts from minus infinity."""
    if not case.are_frames or case.call.arguments[2] != "1":
        return False
    columns = [c["cells"] for c in case.ask_ours(case.call.arguments[0])["columns"] if c["type"] in ("int", "real")]
    found = []
    for row in zip(*columns, strict=True):
        present = [(cell, place) for place, cell in enumerate(row) if cell is not None]
        complete = len(present) == len(row)
        found.append(min(present)[1] if present and (complete or case.call.arguments[1] == "True") else None)
    return same_cells(_column(case.ours), found)


def evenly_spread(case: Case) -> bool:
    """Each class is spread over the folds as evenly as it can be."""
    if not case.are_frames:
        return False
    by_class: dict[Any, Counter[Any]] = defaultdict(Counter)
    for cell, fold in zip(_column(case.ask_ours(case.call.arguments[0])), _column(case.ours), strict=True):
        by_class[cell][fold] += 1
    folds = int(case.call.arguments[1])
    return all(
        max(counts[fold] for fold in range(folds)) - min(counts[fold] for fold in range(folds)) <= 1
        for counts in by_class.values()
    )


def deviations_of_real_numbers(case: Case) -> bool:
    """Ours is the median of the deviations of real numbers from their median, found step by step."""
    column, combination, factor = case.call.arguments
    if not case.ours["kind"] == case.theirs["kind"] == "number":
        return False
    if _column_types(case.ask_ours(column)) != {"real"}:
        return False
    (median,) = _column(case.ask_ours(f"(cols_py (quantile {column} [0.5] {combination} _) 1)"))
    found = _column(case.ask_ours(f"(cols_py (quantile (abs (- {column} {median!r})) [0.5] {combination} _) 1)"))
    return same_cells([case.ours["value"]], [found[0] * float(factor)])


def bins_by_those_deviations(case: Case) -> bool:
    """Breaks by the rule of Freedman and Diaconis, whose spread the reference takes of whole parts."""
    if case.call.arguments[1] != "'fd'":
        return False
    ours, theirs = (
        ask(f"(h2o.mad {case.call.arguments[0]} 'interpolate' 1)") for ask in (case.ask_ours, case.ask_theirs)
    )
    return difference(ours, theirs) is not None or theirs.get("value") is None


def value_of_its_row(case: Case) -> bool:
    """A quantile that falls on a row is that row's value: 'low' gives the same; there a bin that holds others moves it up."""
    combination = next((a for a in case.call.arguments if a in ("'high'", "'average'")), None)
    if combination is None:
        return False
    low = case.ask_ours(case.call.text.replace(combination, "'low'"))
    if low["kind"] != case.ours["kind"]:
        return False
    ours, theirs = _cells(case), _cells(Case(case.call, case.ours, low, case.ask_ours, case.ask_theirs))
    return all(
        same_cells([a], [b]) or (same_cells([a], [at]) and b is not None and b > a)
        for (a, b), (_, at) in zip(ours, theirs, strict=True)
    )


def complete_rows_alone(case: Case) -> bool:
    """Ours is for each pair of columns what the reference gives for the rows where both have a value."""
    x, y, use, method = case.call.arguments
    if use != "'complete.obs'" or method != "'Spearman'":
        return False
    widths = [len(case.ask_theirs(side)["columns"]) for side in (x, y)]
    ours = [c["cells"] for c in case.ours["columns"]] if case.ours["kind"] == "frame" else [[case.ours["value"]]]
    for i in range(min(widths[0], len(ours))):  # of a single y the first x alone
        for j in range(min(widths[1], len(ours[i]))):
            both = f"(na.omit (cbind (cols_py {x} {i}) (cols_py {y} {j})))"
            expected = case.ask_theirs(f"(cor (cols_py {both} 0) (cols_py {both} 1) 'everything' 'Spearman')")
            if not same_cells([ours[i][j]], [expected.get("value")]):  # nothing is refused there
                return False
    return True


def whole_parts_of_real_numbers(case: Case) -> bool:
    """Ours is what the reference gives for the whole parts of real columns, which it takes as they are packed."""
    real = [
        argument
        for argument in case.call.arguments
        if argument.startswith("(") and "real" in _column_types(case.ask_ours(argument))
    ]
    if case.ours["kind"] != "frame" or not real:
        return False
    arguments = [f"(trunc {argument})" if argument in real else argument for argument in case.call.arguments]
    whole = case.ask_theirs(" ".join([f"({case.call.operator}", *arguments]) + ")")
    if whole["kind"] == "error":  # a missing part, or one out of range, is no obstacle here
        return "must be in the range" in whole["message"] or "value is missing" in whole["message"]
    return not any(column_difference(a, b) for a, b in zip(case.ours["columns"], whole["columns"], strict=True))


def texts_of_equal_real_numbers(case: Case) -> bool:
    """A column of one real number many times has texts; the reference's are missing."""
    if not case.are_frames or names(case.ours) != names(case.theirs):
        return False
    return all(
        not column_difference(mine, other)
        or (_in_pieces(case) and all(b in (a, None) for a, b in zip(mine["cells"], other["cells"], strict=True)))
        or (set(other["cells"]) == {None} and len(set(mine["cells"])) == 1 and "." in mine["cells"][0])
        for mine, other in case.pairs
    )


def pairs_of_real_keys(case: Case) -> bool:
    """Real keys find their equals; the reference finds none, or fails at a missing one."""
    left, right, _, _, keys, *_ = (
        case.call.arguments
        if len(case.call.arguments) == 7
        else (*case.call.arguments[:2], "", "", *case.call.arguments[3:])
    )
    columns = case.ask_ours(left)["columns"], case.ask_ours(right)["columns"]
    shared = [i for i, c in enumerate(columns[0]) if c["name"] in names(_frame(*columns[1]))]
    places = shared if keys == "[]" else [int(key) for key in keys.strip("[]").split()]
    if not any(columns[0][place]["type"] == "real" for place in places):
        return False
    if case.theirs["kind"] == "error":
        return "value is missing" in case.theirs["message"]
    unmatched = [c["cells"] for c in case.theirs["columns"] if not set(c["cells"]) - {None}]
    return (
        case.are_frames
        and (not rows(case.theirs) or bool(unmatched))
        and len(rows(case.ours)) >= len(rows(case.theirs))
    )


def values_under_their_levels(case: Case) -> bool:
    """The same columns but for those of nothing; the reference puts the first ones under the first levels."""
    if not case.are_frames or names(case.ours) != names(case.theirs) or column_difference(*case.pairs[0]):
        return False
    sides = [
        [c["cells"] for c in side["columns"][1:] if set(c["cells"]) != {None}] for side in (case.ours, case.theirs)
    ]
    return len(sides[0]) == len(sides[1]) and all(same_cells(a, b) for a, b in zip(*sides, strict=True))


def a_heading_lost_there(case: Case) -> bool:
    """Pivoted by times, the reference leaves the first heading out."""
    return case.are_frames and names(case.theirs) == names(case.ours)[:1] + names(case.ours)[2:]


def overlapping_words_there(case: Case) -> bool:
    """Words of segments that overlap from the third one on: theirs is the index of those."""
    frame, words, cardinality, fewest = case.call.arguments
    if not case.are_frames or int(words) < 3:
        return False
    cells = rows(case.ask_theirs(frame))
    symbols = [_overlapping(row, int(words), int(cardinality)) for row in cells]
    if fewest == "True":
        found = [sorted({row[word] for row in symbols}) for word in range(int(words))]
        symbols = [[found[word].index(symbol) for word, symbol in enumerate(row)] for row in symbols]
    return [list(row[1:]) for row in rows(case.theirs)] == symbols


def _overlapping(row: tuple[Any, ...], words: int, cardinality: int) -> list[int]:
    step = len(row) // words
    segments = [[math.nan if x is None else x for x in row[i : i + i + step]] for i in range(0, len(row), step)][:words]
    every = [x for segment in segments for x in segment]
    mean = sum(every) / len(every)
    squares = sum((x - sum(part) / len(part)) ** 2 for part in segments for x in part)
    bounds = [NormalDist().inv_cdf(i / cardinality) for i in range(1, cardinality)]
    spread = math.sqrt(squares / (len(every) - 1)) if len(every) > 1 else math.nan
    scores = [_ratio(sum(part) / len(part) - mean, spread) for part in segments]
    return [sum(bound < score for bound in bounds) for score in scores]


def _ratio(a: float, b: float) -> float:
    return a / b if b else math.copysign(math.inf, a) if a else math.nan
