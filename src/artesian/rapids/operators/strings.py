"""Strings, cell by cell: case, trimming, parts, counting, searching, replacing, splitting. Patterns are linear-time regexes."""

from __future__ import annotations

import math
import re
from collections.abc import Callable
from typing import Any

import numpy as np
import polars as pl

from artesian.core.errors import InvalidArgument
from artesian.frame import Column, ColumnType, Frame
from artesian.rapids.columns import default_names, numeric, positions_in, recoded, single, strings
from artesian.rapids.registry import COLUMN, FLAG, FRAME, INTEGER, STRING, STRINGS, VALUE, Context, operator
from artesian.rapids.size import check_size
from artesian.rapids.values import shown

# what Java's trim takes away
_BLANKS = "".join(map(chr, range(33)))
# stands between the parts of a string that is split; no text holds it
_SPLIT = "\x00\x1f\x00"
_REFERENCE = re.compile(r"\\(.)|\$(\d)|\$\{(\w+)\}|\$")


@operator("tolower", FRAME("frame"), doc="Strings and levels in lower case.")
def lower(frame: Frame) -> Frame:
    return _mapped(frame, "tolower", lambda s: s.str.to_lowercase())


@operator("toupper", FRAME("frame"), doc="Strings and levels in upper case.")
def upper(frame: Frame) -> Frame:
    return _mapped(frame, "toupper", lambda s: s.str.to_uppercase())


@operator("trim", FRAME("frame"), doc="Strings and levels without white space at either end.")
def trim(frame: Frame) -> Frame:
    return _mapped(frame, "trim", lambda s: s.str.strip_chars(_BLANKS))


@operator(
    "lstrip", FRAME("frame"), STRING("characters"), doc="Strings and levels without those characters at their start."
)
def strip_left(frame: Frame, characters: str) -> Frame:
    return _mapped(frame, "lstrip", lambda s: s.str.strip_chars_start(characters) if characters else s)


@operator(
    "rstrip", FRAME("frame"), STRING("characters"), doc="Strings and levels without those characters at their end."
)
def strip_right(frame: Frame, characters: str) -> Frame:
    return _mapped(frame, "rstrip", lambda s: s.str.strip_chars_end(characters) if characters else s)


@operator(
    "substring",
    FRAME("frame"),
    INTEGER("start"),
    VALUE("end"),
    doc="Strings and levels from a character number up to before another; [] for the end.",
)
def substring(frame: Frame, start: int, end: Any) -> Frame:
    start = max(start, 0)
    stop: int | None = None
    if isinstance(end, float) and math.isfinite(end) and end == int(end):
        stop = int(end)
    elif not (isinstance(end, np.ndarray) and not len(end)):
        raise InvalidArgument(f"The argument 'end' of 'substring' must be a whole number or []. Got {shown(end)}.")
    if stop is not None and start >= stop:
        return Frame(default_names(frame.n_columns), [_empty(c) for c in _texts(frame, "substring")], frame.n_rows)
    length = None if stop is None else stop - start
    return _mapped(frame, "substring", lambda s: s.str.slice(start, length))


def _empty(column: Column) -> Column:
    texts = pl.repeat("", len(column), dtype=pl.String, eager=True)
    return Column.enum_from_strings(texts) if column.type is ColumnType.ENUM else strings(texts)


@operator("strlen", FRAME("frame"), doc="Numbers of characters.")
def length(frame: Frame) -> Frame:
    return measured(frame, "strlen", lambda s: s.str.len_chars())


@operator("countmatches", FRAME("frame"), STRINGS("patterns"), doc="How often texts occur in the strings, in all.")
def count_matches(frame: Frame, patterns: list[str]) -> Frame:
    def count(values: pl.Series) -> pl.Series:
        total = (values.is_null().cast(pl.UInt32) * 0).set(values.is_null(), None)
        for pattern in patterns:
            total = total + values.str.count_matches(pattern, literal=True) if pattern else total
        return total

    return measured(frame, "countmatches", count)


@operator("entropy", FRAME("frame"), doc="Shannon's entropy of the characters of each string, in bits.")
def entropy(frame: Frame) -> Frame:
    return measured(frame, "entropy", _entropies)


def _entropies(values: pl.Series) -> pl.Series:
    table = pl.DataFrame({"text": values}).with_row_index("row")
    characters = table.select("row", pl.col("text").str.split("").alias("character")).explode("character")
    counts = characters.filter(pl.col("character") != "").group_by("row", "character").len("count")
    share = pl.col("count") / pl.col("count").sum().over("row")
    bits = counts.with_columns(bits=-share * share.log(2)).group_by("row").agg(pl.col("bits").sum())
    found = table.join(bits, on="row", how="left", maintain_order="left")["bits"]
    return found.fill_null(0.0).set(values.is_null(), None)


@operator(
    "grep",
    COLUMN("column"),
    STRING("pattern"),
    FLAG("ignore case"),
    FLAG("invert"),
    FLAG("as flags"),
    doc="The row numbers of strings that a pattern is found in (or not, inverted), or a flag for each row.",
)
def grep(frame: Frame, pattern: str, ignore_case: bool, invert: bool, as_flags: bool) -> Frame:
    if ignore_case:
        pattern = f"(?i){pattern}"
    (column,) = _texts(frame, "grep")
    found = _values_of(column, lambda s: s.str.contains(pattern)).fill_null(False)
    chosen = ~found if invert else found
    return single("C1", numeric(chosen.cast(pl.UInt8) if as_flags else chosen.arg_true()))


@operator(
    "replaceall",
    FRAME("frame"),
    STRING("pattern"),
    STRING("replacement"),
    FLAG("ignore case"),
    doc="Strings and levels with all matches of a pattern replaced; $1 stands for a group; ignoring case lowers the strings.",
)
def replace_all(frame: Frame, pattern: str, replacement: str, ignore_case: bool) -> Frame:
    return _mapped(frame, "replaceall", _replacing(pattern, replacement, ignore_case, everywhere=True))


@operator(
    "replacefirst",
    FRAME("frame"),
    STRING("pattern"),
    STRING("replacement"),
    FLAG("ignore case"),
    doc="Strings and levels with the first match of a pattern replaced; $1 stands for a group; ignoring case lowers the strings.",
)
def replace_first(frame: Frame, pattern: str, replacement: str, ignore_case: bool) -> Frame:
    replaced = _mapped(frame, "replacefirst", _replacing(pattern, replacement, ignore_case, everywhere=False))
    return replaced.renamed(frame.names)


def _replacing(
    pattern: str, replacement: str, ignore_case: bool, *, everywhere: bool
) -> Callable[[pl.Series], pl.Series]:
    rewritten = _REFERENCE.sub(_reference, replacement)
    numbers = [int(match[2]) for match in _REFERENCE.finditer(replacement) if match[2]]

    def replace(values: pl.Series) -> pl.Series:
        values = values.str.to_lowercase() if ignore_case else values
        if numbers and values.str.contains(pattern).any():
            _check_groups(pattern, max(numbers))
        method = values.str.replace_all if everywhere else values.str.replace
        return method(pattern, rewritten)

    return replace


def _check_groups(pattern: str, highest: int) -> None:
    groups = len(pl.Series([""]).str.extract_groups(pattern).struct.fields)
    if highest > groups:
        raise InvalidArgument(
            f"The replacement refers to the group ${highest}, but the pattern '{pattern}' has {groups} groups."
        )


def _reference(match: re.Match[str]) -> str:
    """A reference to a group of a Java replacement as the regex engine here writes it."""
    literal, number, name = match.groups()
    if literal is not None:
        return "$$" if literal == "$" else literal
    return f"${{{number or name}}}" if number or name else "$$"


@operator(
    "strsplit",
    FRAME("frame"),
    STRING("pattern"),
    doc="Strings and levels split at the matches of a pattern, a column for each part.",
)
def split(context: Context, frame: Frame, pattern: str) -> Frame:
    columns: list[Column] = []
    for column in _texts(frame, "strsplit"):
        columns += _split_column(context, column, pattern)
    return Frame(default_names(len(columns)), columns, frame.n_rows)


def _split_column(context: Context, column: Column, pattern: str) -> list[Column]:
    source = column.values if column.domain is None else column.domain
    parts = split_parts(source, pattern)
    width = int(parts.list.len().max() or 0)  # type: ignore[arg-type]
    check_size(context, len(source), width, "strsplit")
    pieces = [parts.list.get(i, null_on_oob=True) for i in range(width)]
    if column.domain is None:
        return [strings(piece) for piece in pieces]
    made = []
    for piece in pieces:
        levels = piece.drop_nulls().unique().sort()
        made.append(Column.enums(recoded(column.values, positions_in(piece, levels)), levels))
    return made


def split_parts(values: pl.Series, pattern: str) -> pl.Series:
    """The lists of parts between matches; empty parts at the end are left out, and one that a match of nothing starts."""
    marked = values.str.replace_all(pattern, _SPLIT)
    if "" in pl.Series([""]).str.extract_all(pattern).explode().to_list():  # the pattern matches nothing, too
        marked = marked.str.strip_prefix(_SPLIT)
    parts = marked.str.split(_SPLIT)
    texts = pl.DataFrame({"parts": parts, "values": values})
    kept = pl.col("parts").list.eval(
        pl.element().filter(
            pl.int_range(pl.len()) <= pl.when(pl.element() != "").then(pl.int_range(pl.len())).otherwise(-1).max()
        )
    )
    return texts.select(pl.when(pl.col("values") == "").then(pl.col("parts")).otherwise(kept).alias("parts"))["parts"]


@operator(
    "tokenize",
    FRAME("frame"),
    STRING("pattern"),
    doc="The parts between matches of a pattern one below the other, a missing cell after each row; only of strings.",
)
def tokenize(frame: Frame, pattern: str) -> Frame:
    for name, column in zip(frame.names, frame.columns, strict=True):
        if column.type is not ColumnType.STRING:
            raise InvalidArgument(
                f"'tokenize' needs strings, but '{name}' is of type {column.type}; use as.character first."
            )
    parts = pl.DataFrame([split_parts(c.values, pattern).alias(str(i)) for i, c in enumerate(frame.columns)])
    lists = [pl.col(name).fill_null(pl.lit([], dtype=pl.List(pl.String))) for name in parts.columns]
    end = pl.lit([None], dtype=pl.List(pl.String))
    tokens = parts.select(pl.concat_list([*lists, end]).alias("tokens")).explode("tokens")["tokens"]
    return single("C1", strings(tokens))


# ---- mapping columns ----


def _texts(frame: Frame, name: str) -> list[Column]:
    """The columns, each of strings or categories."""
    for column_name, column in zip(frame.names, frame.columns, strict=True):
        if column.type not in (ColumnType.STRING, ColumnType.ENUM):
            raise InvalidArgument(
                f"'{name}' needs strings or categories, but '{column_name}' is of type {column.type}; "
                "convert it with as.character first.",
                column=column_name,
            )
    return list(frame.columns)


def _mapped(frame: Frame, name: str, function: Callable[[pl.Series], pl.Series]) -> Frame:
    """The columns put through a function of strings; levels that become equal are united in order of their bytes."""
    columns = [_mapped_column(column, function) for column in _texts(frame, name)]
    return Frame(default_names(frame.n_columns), columns, frame.n_rows)


def _mapped_column(column: Column, function: Callable[[pl.Series], pl.Series]) -> Column:
    if column.domain is None:
        return strings(function(column.values))
    texts = function(column.domain)
    if texts.n_unique() == len(texts):
        return Column.enums(column.values, texts)
    levels = texts.unique().sort()
    return Column.enums(recoded(column.values, positions_in(texts, levels)), levels)


def measured(frame: Frame, name: str, function: Callable[[pl.Series], pl.Series]) -> Frame:
    """For each string a number that a function of the strings gives, missing where the string is."""
    columns = [numeric(_values_of(column, function)) for column in _texts(frame, name)]
    return Frame(default_names(frame.n_columns), columns, frame.n_rows)


def _values_of(column: Column, function: Callable[[pl.Series], pl.Series]) -> pl.Series:
    """A function's value for each string; of a category it is worked out once a level."""
    if column.domain is None:
        return function(column.values)
    if not len(column.domain):
        return function(pl.Series([], dtype=pl.String)).extend_constant(None, len(column))
    return function(column.domain).gather(column.values.cast(pl.UInt32))
