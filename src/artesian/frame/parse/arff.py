"""Reads ARFF: a header that names the attributes and their types, then rows of comma-separated values, dense or sparse.

The format is that of Weka's manual. The rows become plain delimited text, which `delimited` reads: fields in single quotes
and escapes as a CSV reader knows them, sparse rows `{0 a, 3 b}` written out, with 0 or the first level where they say nothing.
As in H2O-3 the levels of a column are those that stand in its rows, sorted, not those that the header lists.
"""

from __future__ import annotations

import io
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

import polars as pl

from artesian.core.errors import NotAvailable, ParseError
from artesian.core.settings import Settings
from artesian.frame.io.decompress import ByteStream
from artesian.frame.parse.guess import guess_delimited
from artesian.frame.parse.setup import NO_HEADER, Format, ParseSetup, ReadAs, SetupOverrides

ARFF_MARKERS = "%"
ARFF_MISSING = "?"
_BLOCK_BYTES = 4 << 20
_BATCH_CELLS = 1 << 24
_QUOTED = rb"""'(?:[^'\\\r\n]|\\.)*'|"(?:[^"\\\r\n]|\\.)*\""""
_QUOTED_TEXT = _QUOTED.decode()
_ATTRIBUTE = re.compile(rf"(?i)@attribute\s+(?P<name>{_QUOTED_TEXT}|\S+?)\s*(?P<type>\{{.*|\s\S.*)$", re.DOTALL)
_LEVEL = re.compile(rf"\s*({_QUOTED_TEXT}|[^,]*?)\s*(?:,|$)")
_DATE = re.compile(rf"(?i)(?:date|time)(?:\s+({_QUOTED_TEXT}|\S+))?$")
_SPARSE_ROW = re.compile(rb"(?m)^[ \t]*\{")
_SPARSE_QUOTED = re.compile(rb"(\d[ \t]+)(" + _QUOTED + rb")")
_HIDDEN_COMMA = b"\x1f"
_PATTERN_PIECE = re.compile(r"'(?P<literal>[^']*)'|(?P<letters>([A-Za-z])\3*)|.", re.DOTALL)
_ESCAPES = {"n": "\n", "t": "\t", "r": "\r"}
_TYPES = {
    "numeric": ReadAs.NUMERIC,
    "real": ReadAs.NUMERIC,
    "integer": ReadAs.NUMERIC,
    "int": ReadAs.NUMERIC,
    "string": ReadAs.STRING,
    "enum": ReadAs.ENUM,
    "uuid": ReadAs.UUID,
}
# what the letters of a Java date pattern stand for in strftime
_PATTERN = {
    "yyyy": "%Y", "yy": "%y", "MMMM": "%B", "MMM": "%b", "MM": "%m", "M": "%m", "dd": "%d", "d": "%d", "HH": "%H",
    "H": "%H", "hh": "%I", "h": "%I", "mm": "%M", "m": "%M", "ss": "%S", "s": "%S", "SSS": "%3f", "a": "%p",
    "EEEE": "%A", "EEE": "%a", "E": "%a",
}  # fmt: skip


@dataclass
class Attributes:
    """What a header says of each column; `levels` and `patterns` (of dates, as strftime has them) by column number.

    `lines` counts the lines up to `@data`.
    """

    names: list[str] = field(default_factory=list)
    kinds: list[ReadAs] = field(default_factory=list)
    levels: dict[int, list[str]] = field(default_factory=dict)
    patterns: dict[int, str] = field(default_factory=dict)
    lines: int = 0


class ArffFile:
    """One open file: its `attributes` and the stream of its `rows` as delimited text."""

    def __init__(self, stream: ByteStream, settings: Settings) -> None:
        self._title = stream.name
        self._most = settings.max_line_mb << 20
        self._stream = stream
        self._rest = b""
        self.attributes = self._header()

    def rows(self, separator: str) -> ByteStream:
        """The rows as text with that separator, quotes `"` where needed."""
        blocks = (self._plain(block, separator.encode()) for block in self._blocks())
        pieces = (piece for block in blocks for piece in block)
        return ByteStream(_Pieces(pieces), self._title, self._stream.size)

    def separator(self) -> str:
        """A comma where the first row has one; else a tabulator or a blank, unless there is one column only."""
        while b"\n" not in self._rest.lstrip() and (part := self._stream.read(_BLOCK_BYTES)):
            self._rest += part
        lines = (line.strip() for line in self._rest.splitlines())
        first = next((line for line in lines if line and not line.startswith(ARFF_MARKERS.encode())), b"")
        if b"," in first or len(self.attributes.names) == 1 or first.startswith(b"{"):
            return ","
        return "\t" if b"\t" in first else " "

    # ---- the header ----

    def _header(self) -> Attributes:
        found = Attributes()
        for line in self._lines():
            found.lines += 1
            text = line.decode("utf-8-sig", errors="replace").strip()
            word = text.split(None, 1)[0].lower() if text else ""
            if word == "@data":
                if not found.names:
                    raise ParseError(f"The file {self._title} names no @attribute before its @data.")
                return found
            if word == "@attribute":
                self._attribute(text, found)
            elif word.startswith("@") and word != "@relation":
                raise ParseError(f"Line {found.lines} of {self._title} is no line of an ARFF header: '{text[:60]}'.")
            elif text and not text.startswith(ARFF_MARKERS) and word != "@relation":
                raise ParseError(f"Line {found.lines} of {self._title} stands before @data, and is no @attribute line.")
        raise ParseError(f"The file {self._title} has no line @data.")

    def _lines(self) -> Iterator[bytes]:
        """The lines up to `@data`, which leave the rest to be read as rows."""
        while True:
            end = self._rest.find(b"\n") + 1
            if not end:
                if len(self._rest) > self._most:
                    raise ParseError(f"A line in the header of {self._title} is longer than {self._most >> 20} MB.")
                more = self._stream.read(_BLOCK_BYTES)
                if more:
                    self._rest += more
                    continue
                end = len(self._rest)
                if not end:
                    return
            line, self._rest = self._rest[:end], self._rest[end:]
            yield line

    def _attribute(self, text: str, found: Attributes) -> None:
        match = _ATTRIBUTE.match(text)
        if match is None:
            raise ParseError(f"Line {found.lines} of {self._title} must be '@attribute NAME TYPE'. Got '{text[:60]}'.")
        name, kind, number = _unquoted(match["name"]), match["type"].strip(), len(found.names)
        date = _DATE.match(kind)
        if kind.startswith("{"):
            if not kind.endswith("}"):
                raise ParseError(f"The list of levels of '{name}' in {self._title} does not end with a brace.")
            levels = [_unquoted(level) for level in _LEVEL.findall(kind[1:-1].strip()) if level]
            found.levels[number] = list(dict.fromkeys(levels))
            found.kinds.append(ReadAs.ENUM)
        elif date is not None:
            found.kinds.append(ReadAs.TIME)
            if date[1]:
                found.patterns[number] = self._pattern(_unquoted(date[1]), name)
        elif kind.lower() == "relational":
            raise NotAvailable(f"The attribute '{name}' of {self._title} is relational, which a frame cannot hold.")
        elif kind.lower() in _TYPES:
            found.kinds.append(_TYPES[kind.lower()])
        else:
            raise ParseError(
                f"The attribute '{name}' of {self._title} has the unknown type '{kind[:60]}'; use numeric, real, integer, "
                "string, date, or levels in braces."
            )
        found.names.append(name)

    def _pattern(self, pattern: str, name: str) -> str:
        """The strftime form of a Java date pattern."""
        parts: list[str] = []
        for piece in _PATTERN_PIECE.finditer(pattern):
            literal, letters = piece["literal"], piece["letters"]
            if letters and letters not in _PATTERN:
                raise NotAvailable(
                    f"The date pattern '{pattern}' of '{name}' in {self._title} has '{letters}', which is not read."
                )
            parts.append(_PATTERN[letters] if letters else (literal or piece[0]).replace("%", "%%"))
        return "".join(parts)

    # ---- the rows ----

    def _blocks(self) -> Iterator[bytes]:
        """Whole lines, some megabytes at a time."""
        rest, self._rest = self._rest, b""
        while True:
            part = self._stream.read(_BLOCK_BYTES)
            if not part:
                break
            rest += part
            end = rest.rfind(b"\n") + 1
            if end:
                yield rest[:end]
                rest = rest[end:]
        if rest:
            yield rest

    def _plain(self, block: bytes, separator: bytes) -> Iterator[bytes]:
        if _SPARSE_ROW.search(block):
            yield from self._spread(block, separator)
        elif b"'" in block or b"\\" in block:
            start = rb"(?m)(^|" + re.escape(separator) + rb")[ \t]*(" + _QUOTED + rb")[ \t]*(?=" + re.escape(separator)
            yield re.sub(start + rb"|\r|\n|$)", lambda found: found[1] + _requoted(found[2]), block)
        else:
            yield block

    def _spread(self, block: bytes, separator: bytes) -> Iterator[bytes]:
        """Sparse rows written out; dense rows among them are an error."""
        hidden = _SPARSE_QUOTED.sub(lambda found: found[1] + found[2].replace(b",", _HIDDEN_COMMA), block)
        text = hidden.decode(errors="replace")
        rows = pl.Series("row", text.splitlines()).str.strip_chars()
        rows = rows.filter((rows != "") & ~rows.str.starts_with(ARFF_MARKERS))
        if not rows.str.contains(r"^\{.*\}$").all():
            raise ParseError(
                f"The file {self._title} has sparse rows, in braces, among others; they must all be of one kind."
            )
        step = max(1, _BATCH_CELLS // len(self.attributes.names))
        for start in range(0, len(rows), step):
            buffer = io.BytesIO()
            table = self._written_out(rows.slice(start, step))
            table.write_csv(buffer, include_header=False, separator=separator.decode(), null_value=ARFF_MISSING)
            yield buffer.getvalue()

    def _written_out(self, rows: pl.Series) -> pl.DataFrame:
        inner = rows.str.strip_chars("{}").str.split(",")
        cells = pl.DataFrame({"row": pl.arange(0, len(rows), eager=True), "cell": inner}).explode("cell")
        cells = cells.with_columns(pl.col("cell").str.strip_chars()).filter(pl.col("cell") != "")
        parts = cells["cell"].str.extract_groups(r"^(\d+)\s+(.*)$").struct.unnest()
        places = parts.get_columns()[0].cast(pl.Int64, strict=False)
        count = len(self.attributes.names)
        if places.null_count() or not (places < count).all():
            bad = cells["cell"].filter(places.is_null() | (places >= count).fill_null(value=True))[0]
            raise ParseError(
                f"'{bad[:60]}' in a sparse row of {self._title} is no number of one of the {count} attributes with a value."
            )
        texts = parts.get_columns()[1].str.replace_all("\x1f", ",", literal=True)
        quoted = texts.str.contains(r"^['\"]")
        if quoted.any():
            texts = texts.scatter(quoted.arg_true(), [_unquoted(text) for text in texts.filter(quoted)])
        found = (
            cells.select("row")
            .with_columns(places.alias("place"), texts.alias("text"))
            .partition_by("place", as_dict=True)
        )
        return pl.DataFrame([self._column(n, found.get((n,)), len(rows)) for n in range(count)])

    def _column(self, number: int, cells: pl.DataFrame | None, rows: int) -> pl.Series:
        kind = self.attributes.kinds[number]
        levels = self.attributes.levels.get(number)
        nothing = levels[0] if levels else "0" if kind in (ReadAs.NUMERIC, ReadAs.TIME) else None
        column = pl.Series(f"c{number}", [nothing], dtype=pl.String).new_from_index(0, rows)
        return column if cells is None else column.scatter(cells["row"], cells["text"])


class _Pieces:
    """A stream of pieces, as bytes."""

    def __init__(self, pieces: Iterator[bytes]) -> None:
        self._pieces = pieces
        self._rest = b""

    def read(self, size: int) -> bytes:
        while not self._rest:
            piece = next(self._pieces, None)
            if piece is None:
                return b""
            self._rest = piece
        part, self._rest = self._rest[:size], self._rest[size:]
        return part

    def close(self) -> None:
        self._rest = b""


def guess_arff(stream: ByteStream, overrides: SetupOverrides, settings: Settings) -> ParseSetup:
    """The setup of one file: names and types are those of its header."""
    file = ArffFile(stream, settings)
    names, kinds = file.attributes.names, file.attributes.kinds
    separator = overrides.separator or file.separator()
    options = replace(arff_overrides(overrides), separator=separator, column_types=("Numeric",), column_names=None)
    rows = file.rows(separator)
    head = rows.read(1)
    preview: tuple[tuple[str | None, ...], ...] = ()
    if head:
        again = ByteStream(rows, stream.name, stream.size, head)
        preview = guess_delimited([again], replace(options, na_strings=None), settings).preview
    return ParseSetup(
        parse_type=Format.ARFF,
        separator=separator,
        check_header=NO_HEADER,
        comment_markers=options.comment_markers or "",
        number_columns=len(names),
        column_names=tuple(names),
        header=tuple(names),
        column_types=tuple(kind.value for kind in kinds),
        na_strings=tuple((ARFF_MISSING,) for _ in names),
        preview=preview,
    )


def arff_overrides(overrides: SetupOverrides) -> SetupOverrides:
    """What a user has set, without what the format settles itself: quotes, escapes, the header; comments start with `%`."""
    markers = ARFF_MARKERS if overrides.comment_markers is None else overrides.comment_markers
    given = overrides.na_strings
    missing = None if given is None else tuple((*texts, ARFF_MISSING) for texts in given)
    return replace(
        overrides,
        single_quotes=False,
        escape="",
        check_header=NO_HEADER,
        comment_markers=markers,
        na_strings=missing,
    )


def dated(texts: pl.Series, patterns: Mapping[int, str], number: int) -> pl.Series:
    """Dates in the pattern that the header gives, as texts in ISO form; what does not follow it is left as it is."""
    pattern = patterns.get(number)
    if pattern is None or texts.dtype != pl.String:
        return texts
    found = texts.str.strip_chars().str.strptime(pl.Datetime("ms"), pattern, strict=False)
    return found.dt.strftime("%Y-%m-%d %H:%M:%S%.3f").fill_null(texts)


def _unquoted(text: str) -> str:
    if len(text) >= 2 and text[0] == text[-1] and text[0] in "'\"":
        return re.sub(r"\\(.)", lambda found: _ESCAPES.get(found[1], found[1]), text[1:-1])
    return text


def _requoted(quoted: bytes) -> bytes:
    text = _unquoted(quoted.decode(errors="surrogateescape")).replace('"', '""')
    return b'"' + text.encode(errors="surrogateescape") + b'"'


def check_same_attributes(first: Sequence[str], other: Sequence[str], first_title: str, title: str) -> None:
    """Raises ParseError where two files cannot be one table."""
    if list(first) != list(other):
        raise ParseError(f"The files {first_title} and {title} cannot be one table: their attributes differ.")
