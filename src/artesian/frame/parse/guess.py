"""Guesses how a delimited text is to be read, from its first megabytes, as H2O-3 guesses.

The separator is the one that occurs equally often in the first two lines; the first line is a header when it is all words
and the second is not; a column is numeric, time, uuid, string or categorical by counting what its texts look like.
"""

from __future__ import annotations

import contextlib
import csv
import io
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace

import polars as pl

from artesian.core.errors import ParseError, TooLarge
from artesian.core.settings import Settings
from artesian.frame.io.decompress import ByteStream
from artesian.frame.parse.careful import named_bytes
from artesian.frame.parse.delimited import DelimitedReader
from artesian.frame.parse.numbers import to_numbers
from artesian.frame.parse.setup import (
    HAS_HEADER,
    HIVE_SEPARATOR,
    MISSING_WORDS,
    NO_HEADER,
    Format,
    ParseSetup,
    ReadAs,
    SetupOverrides,
)
from artesian.frame.parse.times import MAYBE_TIME, to_times

PREVIEW_BYTES = 4 << 20
PREVIEW_LINES = 10
_SEPARATORS = (HIVE_SEPARATOR, ",", ";", "|", "\t", " ")  # in doubt the first one of them wins
_UUID = r"(?i)^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$"
_ALMOST_UNIQUE = 0.95
_DASHES = ("-", ".", "+")


@dataclass
class Counts:
    """What the texts of one column look like in a preview."""

    numbers: int = 0  # other than zero
    zeros: int = 0
    words: int = 0
    times: int = 0
    uuids: int = 0
    empty: int = 0
    domain: set[str] = field(default_factory=set)

    def add(self, other: Counts) -> None:
        """Adds those of another file's preview."""
        for name in ("numbers", "zeros", "words", "times", "uuids", "empty"):
            setattr(self, name, getattr(self, name) + getattr(other, name))
        self.domain |= other.domain


def guess_delimited(streams: Iterable[ByteStream], overrides: SetupOverrides, settings: Settings) -> ParseSetup:
    """The setup of texts that make one table. Raises ParseError where they hold no data or cannot be one table."""
    found: ParseSetup | None = None
    first_name = ""
    given = overrides.column_types or ()
    count_types = not given or None in given
    counts: list[Counts] = []
    rows = 0
    for stream in streams:
        head = _head(stream, settings)
        first_name = first_name or stream.name
        if not head.strip():
            continue
        setup = _guess_dialect(head, stream.name, overrides, found)
        if found is not None:
            _check_alike(found, setup, first_name, stream.name)
        fresh = [Counts() for _ in range(setup.number_columns)]
        if count_types:
            table = _preview_table(head, setup, stream, settings)
            rows += table.height
            fresh = _count(table)
        if found is None:
            found, counts = setup, fresh
        else:
            for old, new in zip(counts, fresh, strict=True):
                old.add(new)
            missing = PREVIEW_LINES - len(found.preview)
            if missing > 0:
                found = replace(found, preview=found.preview + setup.preview[:missing])
    if found is None:
        raise ParseError(f"The file {first_name} holds no data.")
    types = [guess_type(one, rows) for one in counts]
    zero_missing = [_zero_is_missing(one, kind, rows) for one, kind in zip(counts, types, strict=True)]
    na_strings = tuple(("0",) if flag else () for flag in zero_missing) if any(zero_missing) else None
    return replace(found, column_types=tuple(kind.value for kind in types), na_strings=na_strings)


def guess_type(counts: Counts, rows: int) -> ReadAs:
    """The kind of a column from the counts of its `rows` texts, by the rules of H2O-3."""
    numeric = counts.numbers + counts.zeros
    levels = len(counts.domain)
    if numeric >= counts.times and numeric >= counts.uuids and counts.numbers >= counts.words:
        return ReadAs.NUMERIC
    if levels == 1 and counts.times == 0:
        missing = any(word in counts.domain for word in MISSING_WORDS) or counts.words < numeric
        return ReadAs.NUMERIC if missing else ReadAs.ENUM
    if levels <= 1 and numeric > counts.times + counts.uuids:
        return ReadAs.NUMERIC
    if counts.times > max(counts.uuids, numeric) and (counts.times > counts.words or levels <= 1):
        return ReadAs.TIME
    if counts.uuids > max(counts.times, numeric) and (counts.uuids > counts.words or levels <= 1):
        return ReadAs.UUID
    if counts.words > max(counts.times, counts.uuids, numeric) and levels >= _ALMOST_UNIQUE * counts.words:
        return ReadAs.STRING
    repeated = levels <= _ALMOST_UNIQUE * counts.words
    zeros_and_words = counts.zeros > 0 and counts.zeros + counts.words >= rows - counts.empty - 1
    if repeated and (zeros_and_words or counts.words >= numeric):
        return ReadAs.ENUM
    return ReadAs.NUMERIC


def _zero_is_missing(counts: Counts, kind: ReadAs, rows: int) -> bool:
    """Whether the zeros among the words of a categorical column stand for missing values."""
    return (
        kind is ReadAs.ENUM
        and counts.zeros > 0
        and counts.zeros + counts.words >= rows - counts.empty - 1
        and len(counts.domain) <= _ALMOST_UNIQUE * counts.words
    )


# ---- counting ----


def _count(table: pl.DataFrame) -> list[Counts]:
    """The counts of each column of texts."""
    if table.height == 0:
        return [Counts() for _ in range(table.width)]
    empty = table.null_count().row(0)
    numbers = table.select(pl.all().cast(pl.Float64, strict=False))
    lost = numbers.null_count().row(0)
    finite = numbers.select(pl.all().is_finite().all()).row(0)
    zeros = numbers.select((pl.all() == 0).sum()).row(0)
    counts: list[Counts] = []
    for position, series in enumerate(table.get_columns()):
        if lost[position] == empty[position] and finite[position]:
            found = table.height - empty[position]
            counts.append(Counts(found - zeros[position], zeros[position], empty=empty[position]))
        else:
            counts.append(count_texts(series))
    return counts


def count_texts(texts: pl.Series, *, numbers: bool = True) -> Counts:
    """The counts of a column of texts; without `numbers` a number counts as a word."""
    word, number = pl.col("word"), pl.col("number")
    seen = (
        texts.drop_nulls()
        .alias("word")
        .value_counts(name="n")
        .with_columns(
            word.str.strip_chars(" \t").is_in(_DASHES).alias("dash"),
            word.str.contains(_UUID).alias("uuid"),
            word.str.contains(MAYBE_TIME).alias("time"),
        )
    )
    values = to_numbers(seen["word"]) if numbers else pl.Series([None], dtype=pl.Float64).new_from_index(0, seen.height)
    times = to_times(seen["word"]).is_not_null() if seen["time"].any() else seen["time"]
    kinds = seen.with_columns(values.alias("number"), times.alias("time")).with_columns(
        pl.when(number.is_not_null())
        .then(pl.when(number == 0).then(pl.lit("zeros")).otherwise(pl.lit("numbers")))
        .when("dash")
        .then(pl.lit("empty"))
        .when("time")
        .then(pl.lit("times"))
        .when("uuid")
        .then(pl.lit("uuids"))
        .otherwise(pl.lit("words"))
        .alias("kind")
    )
    counts = Counts(domain=set(kinds.filter(pl.col("kind") == "words")["word"]))
    for kind, count in kinds.group_by("kind").agg(pl.col("n").sum()).rows():
        setattr(counts, kind, count)
    counts.empty += texts.null_count()
    return counts


# ---- dialect ----


def _head(stream: ByteStream, settings: Settings) -> bytes:
    """The first bytes of a text, ended at a line where there is more; two lines at least, however long they are."""
    head = stream.read(PREVIEW_BYTES)
    if len(head) < PREVIEW_BYTES:
        return head
    most = 2 * (settings.max_line_mb << 20)
    while _line_ends(head) < 2 and len(head) < most:
        more = stream.read(len(head))
        if not more:
            return head
        head += more
    end = max(head.rfind(b"\n"), head.rfind(b"\r")) + 1
    if not end:
        raise TooLarge(
            f"The first line of {stream.name} is longer than {settings.max_line_mb} MB, or the file is no text with lines. "
            "Raise the setting 'max_line_mb' for longer ones."
        )
    return head[:end]


def _line_ends(head: bytes) -> int:
    return max(head.count(b"\n"), head.count(b"\r"))


def _guess_dialect(head: bytes, name: str, overrides: SetupOverrides, first: ParseSetup | None) -> ParseSetup:
    markers = "#" if overrides.comment_markers is None else overrides.comment_markers
    lines = _first_lines(head, overrides.quote, markers)
    if not lines:
        raise ParseError(f"The file {name} holds no data: all of its lines are blank or comments.")
    separator = overrides.separator or guess_separator(lines, overrides.quote, overrides.escape)
    rows = [_fields(line, separator, overrides) for line in lines]
    count = _number_of_columns(rows)
    header = overrides.check_header
    if header == 0:
        header = HAS_HEADER if _looks_like_header(rows, separator) else NO_HEADER
        if first is not None and first.header is not None:
            header = HAS_HEADER if same_names(rows[0], first.header) else NO_HEADER
    names: tuple[str, ...] | None = None
    if header == HAS_HEADER:
        count = max(count, len(rows[0]))
        names = tuple(rows[0]) + ("",) * (count - len(rows[0]))
    preview = tuple(tuple(row) for row in rows[1 if header == HAS_HEADER else 0 :])
    return ParseSetup(
        parse_type=Format.CSV,
        separator=separator,
        check_header=header,
        single_quotes=overrides.single_quotes,
        escape=overrides.escape,
        comment_markers=markers,
        number_columns=count,
        column_names=names,
        header=names,
        preview=preview,
    )


def _first_lines(head: bytes, quote: str, markers: str) -> list[str]:
    """The first records that are neither blank nor comments, without blanks around."""
    text, _ = named_bytes(head.decode("utf-8-sig", errors="surrogateescape"))
    lines: list[str] = []
    pending: list[str] = []
    quotes = 0
    for line in io.StringIO(text, newline=None):
        if not pending and (line.startswith(tuple(markers)) or not line.strip()):
            continue
        pending.append(line)
        quotes += line.count(quote)
        if quotes % 2:
            continue
        lines.append("".join(pending).rstrip("\n").strip(" "))
        pending, quotes = [], 0
        if len(lines) == PREVIEW_LINES:
            return lines
    if pending:
        lines.append("".join(pending).rstrip("\n").strip(" "))
    return lines


def guess_separator(lines: Sequence[str], quote: str, escape: str) -> str:
    """The separator that the first lines agree on; a blank where none does."""
    if len(lines) == 1:
        return "," if "," in lines[0] else next((one for one in _SEPARATORS if one in lines[0]), " ")
    pairs = [(0, 1), (1, 2), (0, 2)] if len(lines) > 2 else [(0, 1)]
    for left, right in pairs:
        found = _agreed(lines[left], lines[right], quote, escape)
        if found:
            return found
    return " "


def _agreed(left: str, right: str, quote: str, escape: str) -> str:
    a, b = (_separator_counts(line, quote, escape) for line in (left, right))
    most = _SEPARATORS[0]
    for one in _SEPARATORS:
        if a[one] == 0:
            continue
        if a[most] < a[one]:
            most = one
        if a[one] == b[one] and a[one] >= a[most] // 2 and _splits(left, right, one, a[one], b[one], quote, escape):
            return one
    if a[most] == 0:
        return ""
    return most if _splits(left, right, most, a[most], b[most], quote, escape) else ""


def _splits(left: str, right: str, separator: str, a: int, b: int, quote: str, escape: str) -> bool:
    options = SetupOverrides(separator=separator, single_quotes=quote == "'", escape=escape)
    return len(_fields(left, separator, options)) == a + 1 and len(_fields(right, separator, options)) == b + 1


def _separator_counts(line: str, quote: str, escape: str) -> dict[str, int]:
    """How often each separator stands outside of quotes."""
    bare = re.sub(re.escape(escape) + ".", "", line) if escape else line
    outside = re.sub(f"{quote}[^{quote}]*(?:{quote}|$)", "", bare)
    return {one: (line if one == HIVE_SEPARATOR else outside).count(one) for one in _SEPARATORS}


def _fields(line: str, separator: str, overrides: SetupOverrides) -> list[str]:
    quoted = separator != HIVE_SEPARATOR
    csv.field_size_limit(max(csv.field_size_limit(), len(line) + 1))
    reader = csv.reader(
        io.StringIO(line, newline=""),
        delimiter=separator,
        quotechar=overrides.quote if quoted else None,
        quoting=csv.QUOTE_MINIMAL if quoted else csv.QUOTE_NONE,
        escapechar=overrides.escape or None,
        skipinitialspace=True,
    )
    try:
        fields = next(reader, [])
    except csv.Error:
        return []
    return fields[:-1] if separator == " " and fields and fields[-1] == "" else fields


def _number_of_columns(rows: Sequence[Sequence[str]]) -> int:
    """The first row's length where no row is longer, else the most common one."""
    lengths = [len(row) for row in rows]
    if max(lengths) == lengths[0]:
        return lengths[0]
    return max(sorted(set(lengths)), key=lengths.count)


def _looks_like_header(rows: Sequence[Sequence[str]], separator: str) -> bool:
    if len(rows) == 1:
        single = separator == " " and len(rows[0]) == 1
        return not single and _all_words(rows[0]) and bool(rows[0]) and rows[0][0] != ""
    return _all_words(rows[0]) and not _all_words(rows[1])


def _all_words(row: Sequence[str]) -> bool:
    """Whether no field of the row is a number, a time or a UUID."""
    if not row:
        return True
    texts = pl.Series(row, dtype=pl.String)
    plain = texts.str.strip_chars(" \t").cast(pl.Float64, strict=False)
    return bool(plain.is_null().all() and to_times(texts).is_null().all() and not texts.str.contains(_UUID).any())


def same_names(row: Sequence[str], names: Sequence[str]) -> bool:
    """Whether a row repeats the names of a header, in any case of letters."""
    return len(row) <= len(names) and all(a.lower() == b.lower() for a, b in zip(row, names, strict=False))


def has_header(stream: ByteStream, setup: ParseSetup, settings: Settings) -> bool:
    """Whether a text's first line is a header: it repeats the names, or without names to compare it looks like one."""
    overrides = SetupOverrides(
        separator=setup.separator, single_quotes=setup.single_quotes, escape=setup.escape, check_header=0
    )
    lines = _first_lines(_head(stream, settings), overrides.quote, setup.comment_markers)
    rows = [_fields(line, setup.separator, overrides) for line in lines[:2]]
    names = setup.header or setup.column_names
    if not rows:
        return False
    return same_names(rows[0], names) if names else _looks_like_header(rows, setup.separator)


def _check_alike(first: ParseSetup, other: ParseSetup, first_name: str, name: str) -> None:
    if first.number_columns != other.number_columns:
        raise ParseError(
            f"The files {first_name} and {name} cannot be one table: they have {first.number_columns} and "
            f"{other.number_columns} columns."
        )
    if first.separator != other.separator:
        raise ParseError(
            f"The files {first_name} and {name} cannot be one table: their separators are {first.separator!r} and "
            f"{other.separator!r}. Name the separator to read them all alike."
        )
    if first.header and other.header and not same_names(other.header, first.header):
        raise ParseError(f"The files {first_name} and {name} cannot be one table: their column names differ.")


def _preview_table(head: bytes, setup: ParseSetup, stream: ByteStream, settings: Settings) -> pl.DataFrame:
    """The rows of the preview, all columns: texts, or doubles where all are numbers."""
    reader = DelimitedReader(setup, settings)
    again = ByteStream(io.BytesIO(head), stream.name)
    tables: list[pl.DataFrame] = []
    # a quote that the preview's end leaves open is no error; what was read until there tells enough
    with contextlib.suppress(ParseError):
        tables.extend(t.data for t in reader.read(again, skip_header=setup.check_header == HAS_HEADER, texts=True))
    if len({tuple(table.dtypes) for table in tables}) > 1:
        tables = [table.cast(pl.String) for table in tables]
    return (
        pl.concat(tables) if tables else pl.DataFrame(schema={f"c{n}": pl.String for n in range(setup.number_columns)})
    )
