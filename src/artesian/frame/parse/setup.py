"""What is known of a source before it is read as a table: format, dialect, names and types of columns, and what users may set."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field, fields, replace
from enum import StrEnum
from typing import Any

import polars as pl

from artesian.core.errors import InvalidArgument, did_you_mean

AUTO_HEADER, HAS_HEADER, NO_HEADER = 0, 1, -1
DEFAULT_MARKERS = "#"
HIVE_SEPARATOR = "\x01"
MISSING_WORDS = ("NA", "na", "Na", "N/A")


class Format(StrEnum):
    """The formats that are told apart."""

    GUESS = "GUESS"
    CSV = "CSV"
    PARQUET = "PARQUET"
    ARROW = "ARROW"
    ARFF = "ARFF"
    SVMLIGHT = "SVMLight"
    XLS = "XLS"
    XLSX = "XLSX"
    ORC = "ORC"
    AVRO = "AVRO"


class ReadAs(StrEnum):
    """How the fields of a column are read."""

    UNKNOWN = "Unknown"
    NUMERIC = "Numeric"
    ENUM = "Enum"
    STRING = "String"
    TIME = "Time"
    UUID = "UUID"


_TYPE_NAMES: dict[str, ReadAs] = {
    "unknown": ReadAs.UNKNOWN,
    "bad": ReadAs.UNKNOWN,
    "uuid": ReadAs.UUID,
    "string": ReadAs.STRING,
    "float": ReadAs.NUMERIC,
    "real": ReadAs.NUMERIC,
    "double": ReadAs.NUMERIC,
    "int": ReadAs.NUMERIC,
    "long": ReadAs.NUMERIC,
    "numeric": ReadAs.NUMERIC,
    "categorical": ReadAs.ENUM,
    "factor": ReadAs.ENUM,
    "enum": ReadAs.ENUM,
    "time": ReadAs.TIME,
}


def read_as(name: str) -> ReadAs:
    """How a column of a type of that name is read, in any case of letters; InvalidArgument lists the names."""
    try:
        return _TYPE_NAMES[name.lower()]
    except KeyError:
        raise InvalidArgument(
            f"'{name}' is no column type; use one of {', '.join(_TYPE_NAMES)}.{did_you_mean(name.lower(), _TYPE_NAMES)}"
        ) from None


def format_of(name: str) -> Format:
    """The format of that name, in any case of letters; an empty name means to guess."""
    known = {item.value.lower(): item for item in Format} | {"": Format.GUESS, "feather": Format.ARROW}
    try:
        return known[name.lower()]
    except KeyError:
        raise InvalidArgument(
            f"'{name}' is no format; use one of {', '.join(item.value for item in Format if item is not Format.GUESS)} or leave it to be guessed."
        ) from None


def _check_zone(name: str) -> None:
    """Raises InvalidArgument for what Polars, which has a table of zones of its own, does not know as one."""
    try:
        pl.Series([0]).cast(pl.Datetime("ms")).dt.replace_time_zone(name)
    except pl.exceptions.PolarsError:
        raise InvalidArgument(f"'{name}' is no time zone; use a name such as UTC or Europe/Berlin.") from None


@dataclass(frozen=True)
class SetupOverrides:
    """What a user has set; everything else is guessed.

    `separator`, `escape`: one character or empty. `check_header`: 1 the first line is a header, -1 it is data, 0 guess.
    `column_types`: names of types, None for a column to guess. `na_strings`: the texts that count as missing, by column.
    `comment_markers`: characters that start a line to skip; None means `#`. `force_types`: a numeric column whose type is
    given as real (or that a Parquet or Arrow file stores so) stays real though its values are whole, and the other way
    round. `timezone`: where times without a zone
    were written. `partition_by`: names of columns whose values stand in the path as `name=value`.
    """

    parse_type: str = ""
    separator: str = ""
    check_header: int = AUTO_HEADER
    column_names: tuple[str, ...] | None = None
    column_types: tuple[str | None, ...] | None = None
    na_strings: tuple[tuple[str, ...], ...] | None = None
    skipped_columns: tuple[int, ...] = ()
    single_quotes: bool = False
    escape: str = ""
    comment_markers: str | None = None
    force_types: bool = False
    timezone: str = "UTC"
    partition_by: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        for name in ("separator", "escape"):
            text = getattr(self, name)
            if len(text) > 1 or not text.isascii() or text in ("\n", "\r"):
                raise InvalidArgument(f"The {name} must be one ASCII character that ends no line. Got {text!r}.")
        if self.separator and self.separator == self.quote:
            raise InvalidArgument(f"The separator and the quote cannot both be {self.quote!r}.")
        if self.check_header not in (AUTO_HEADER, HAS_HEADER, NO_HEADER):
            raise InvalidArgument(f"check_header must be 1 (header), -1 (data) or 0 (guess). Got {self.check_header}.")
        if self.comment_markers and not self.comment_markers.isascii():
            raise InvalidArgument(
                f"The markers of lines to skip must be ASCII characters. Got {self.comment_markers!r}."
            )
        if self.timezone != "UTC":
            _check_zone(self.timezone)
        format_of(self.parse_type)
        for type_name in self.column_types or ():
            if type_name is not None:
                read_as(type_name)
        if any(number < 0 for number in self.skipped_columns):
            raise InvalidArgument(f"Columns to skip are numbers from 0 on. Got {list(self.skipped_columns)}.")

    @property
    def quote(self) -> str:
        """The character that encloses fields."""
        return "'" if self.single_quotes else '"'

    @classmethod
    def from_dict(cls, values: Mapping[str, Any]) -> SetupOverrides:
        """Overrides from plain values, as `to_dict` makes them."""
        return cls(**_tuples(cls, values))

    def to_dict(self) -> dict[str, Any]:
        """JSON-safe values."""
        return asdict(self)


@dataclass(frozen=True)
class ParseSetup:
    """All that is needed to read sources as one table.

    `number_columns` counts the columns of the file, skipped ones included; `column_names` is None where the file has no
    header, then the columns are called C1, C2 …; `column_types` are type names as users write them; `preview` holds the
    first rows as texts; `total_bytes` is the stored size of all sources, 0 where unknown.
    """

    parse_type: Format = Format.CSV
    separator: str = ","
    check_header: int = NO_HEADER
    single_quotes: bool = False
    escape: str = ""
    comment_markers: str = DEFAULT_MARKERS
    number_columns: int = 0
    column_names: tuple[str, ...] | None = None
    column_types: tuple[str, ...] = ()
    na_strings: tuple[tuple[str, ...], ...] | None = None
    skipped_columns: tuple[int, ...] = ()
    force_types: bool = False
    timezone: str = "UTC"
    partition_by: tuple[str, ...] = ()
    preview: tuple[tuple[str | None, ...], ...] = ()
    warnings: tuple[str, ...] = ()
    total_bytes: int = 0
    header: tuple[str, ...] | None = field(default=None)  # the names as the file has them, where it has some

    def __post_init__(self) -> None:
        object.__setattr__(self, "parse_type", Format(self.parse_type))

    @property
    def quote(self) -> str:
        """The character that encloses fields; empty where none does."""
        if self.separator == HIVE_SEPARATOR:
            return ""
        return "'" if self.single_quotes else '"'

    @property
    def kept(self) -> list[int]:
        """The numbers of the columns to read."""
        skipped = set(self.skipped_columns)
        return [number for number in range(self.number_columns) if number not in skipped]

    def names(self) -> list[str]:
        """A name for each column of the file: the given one, or C1, C2 … where there is none (or it is blank)."""
        given = list(self.column_names or ())[: self.number_columns]
        taken = set(given)
        names: list[str] = []
        for number in range(self.number_columns):
            name = given[number] if number < len(given) else ""
            if not name:
                name = f"C{number + 1}"
                while name in taken:
                    name += name
            names.append(name)
        return names

    def reading(self) -> list[ReadAs]:
        """How each column of the file is read; numeric where nothing is said."""
        kinds = [read_as(name) for name in self.column_types[: self.number_columns]]
        kinds += [ReadAs.NUMERIC] * (self.number_columns - len(kinds))
        return [ReadAs.NUMERIC if kind is ReadAs.UNKNOWN else kind for kind in kinds]

    def missing_texts(self) -> list[tuple[str, ...]]:
        """For each column of the file the texts that count as missing."""
        given = list(self.na_strings or ())
        return [tuple(given[number]) if number < len(given) else () for number in range(self.number_columns)]

    def overridden(self, overrides: SetupOverrides) -> ParseSetup:
        """The setup with what the user has set in place of what was guessed."""
        if overrides.skipped_columns != self.skipped_columns:
            return replace(self, skipped_columns=overrides.skipped_columns).overridden(overrides)
        changes: dict[str, Any] = {
            "single_quotes": overrides.single_quotes,
            "escape": overrides.escape,
            "force_types": overrides.force_types,
            "timezone": overrides.timezone,
            "partition_by": overrides.partition_by,
        }
        if overrides.comment_markers is not None:
            changes["comment_markers"] = overrides.comment_markers
        if overrides.column_names is not None:
            changes["column_names"] = self._names_given(overrides.column_names)
        if overrides.column_types is not None:
            changes["column_types"] = self._types_given(overrides.column_types)
        if overrides.na_strings is not None:
            changes["na_strings"] = self._missing_given(overrides.na_strings)
        beyond = [number for number in overrides.skipped_columns if number >= self.number_columns]
        if beyond:
            raise InvalidArgument(f"Columns {beyond} cannot be skipped: the file has {self.number_columns} columns.")
        return replace(self, **changes)

    def _names_given(self, names: tuple[str, ...]) -> tuple[str, ...]:
        kept = [n for n in range(self.number_columns) if n not in self.skipped_columns]
        if len(names) == self.number_columns:
            return names
        if len(names) == len(kept) and self.skipped_columns:
            full = self.names()
            for number, name in zip(kept, names, strict=True):
                full[number] = name
            return tuple(full)
        raise InvalidArgument(f"{len(names)} column names are given, but the file has {self.number_columns} columns.")

    def _types_given(self, types: tuple[str | None, ...]) -> tuple[str, ...]:
        if len(types) != self.number_columns:
            raise InvalidArgument(
                f"{len(types)} column types are given, but the file has {self.number_columns} columns."
            )
        guessed = [*self.column_types, *["Numeric"] * (self.number_columns - len(self.column_types))]
        return tuple(given or old for given, old in zip(types, guessed, strict=True))

    def _missing_given(self, texts: tuple[tuple[str, ...], ...]) -> tuple[tuple[str, ...], ...]:
        if len(texts) not in (self.number_columns, self.number_columns - len(self.skipped_columns)):
            raise InvalidArgument(
                f"Missing-value texts are given for {len(texts)} columns, but the file has {self.number_columns}."
            )
        return texts

    @classmethod
    def from_dict(cls, values: Mapping[str, Any]) -> ParseSetup:
        """The setup that `to_dict` described."""
        return cls(**_tuples(cls, values))

    def to_dict(self) -> dict[str, Any]:
        """JSON-safe values."""
        return asdict(self) | {"parse_type": self.parse_type.value}


def _tuples(cls: type[Any], values: Mapping[str, Any]) -> dict[str, Any]:
    known = {item.name for item in fields(cls)}
    unknown = sorted(set(values) - known)
    if unknown:
        raise InvalidArgument(f"There is no option '{unknown[0]}' of a parse.{did_you_mean(unknown[0], known)}")
    return {name: _tuple(value) for name, value in values.items()}


def _tuple(value: Any) -> Any:
    if isinstance(value, str) or not isinstance(value, Sequence):
        return value
    return tuple(_tuple(item) for item in value)
