"""Files on their way to frames: import, upload, parse set-up, parse, completion of paths."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from artesian.core.errors import InvalidArgument, NotAvailable
from artesian.server.wire.keys import frame_key
from artesian.server.wire.schema import both, declare, given, out

if TYPE_CHECKING:
    from artesian.frame.parse.setup import ParseSetup

_FORMATS = ("GUESS", "CSV", "PARQUET", "ARROW", "ARFF", "SVMLight", "XLS", "XLSX", "ORC", "AVRO")
_FILES = (
    out("files", "string[]", "Paths that were found.", []),
    out("destination_frames", "string[]", "Keys of the sources, to be parsed.", []),
    out("fails", "string[]", "Paths that could not be had.", []),
    out("dels", "string[]", "Keys of sources that were replaced.", []),
)
_PATTERN = given("pattern", "string", "Regular expression that the path of a file must contain.")
IMPORT = declare(
    "ImportFilesV3",
    "ImportFiles",
    given("path", "string", "File, folder, glob or address.", required=True),
    _PATTERN,
    *_FILES,
    request=True,
)
IMPORT_MULTI = declare(
    "ImportFilesMultiV3",
    "ImportFilesMulti",
    given("paths", "string[]", "Files, folders, globs or addresses.", required=True),
    _PATTERN,
    *_FILES,
    request=True,
)
POST_FILE = declare(
    "PostFileV3",
    "Iced",
    given("destination_frame", "string", "Key of the uploaded source."),
    given("filename", "string", "Name of the file, for messages.", echoed=False),
    given("format", "enum", "What the file must be; arrow: an Arrow file or stream.", echoed=False, values=("arrow",)),
    out("total_bytes", "long", "Size of the upload.", 0),
    request=True,
)
TYPEAHEAD = declare(
    "TypeaheadV3",
    "Iced",
    given("src", "string", "What has been typed so far.", required=True),
    given("limit", "int", "Most paths to answer; -1 for all.", 100),
    out("matches", "string[]", "Paths that complete it.", []),
    request=True,
)
_SOURCES = both("source_frames", "Key<Frame>[]", "Keys of the sources.", required=True)
_SKIPPED = both("skipped_columns", "int[]", "Numbers of columns to leave out.")
_FORCE = given("force_col_types", "boolean", "Keep real and int as given though the values suggest the other.", False)
_MARKERS = both("custom_non_data_line_markers", "string", "Characters that start a line to skip.")
_DECRYPT = given("decrypt_tool", "string", "Key of a decryption tool; there is none here.")
_ZONE = given(
    "tz_adjust_to_local",
    "boolean",
    "Move times from UTC to the server's time zone; only UTC itself is possible.",
    False,
)
_CHUNK = 4_194_304
PARSE_SETUP = declare(
    "ParseSetupV3",
    "ParseSetup",
    _SOURCES,
    both("parse_type", "enum", "Format.", "GUESS", values=_FORMATS),
    both("separator", "byte", "Code of the character between fields; 0 to guess.", 0),
    both("single_quotes", "boolean", "Fields are enclosed in single quotes.", False),
    both("check_header", "int", "1: the first line is a header; -1: it is data; 0: guess.", 0),
    both("column_names", "string[]", "Names of the columns."),
    _SKIPPED,
    both("column_types", "string[]", "Types of the columns."),
    both("na_strings", "string[][]", "Texts that count as missing, by column."),
    both("column_name_filter", "string", "Part of the names of columns to preview."),
    both("column_offset", "int", "First column to preview.", 0),
    both("column_count", "int", "Columns to preview; 0 for all.", 0),
    out("destination_frame", "string", "Suggested key of the frame."),
    out("header_lines", "long", "Lines of the header.", 0),
    both("number_columns", "int", "Number of columns.", 0),
    out("data", "string[][]", "First rows."),
    out("warnings", "string[]", "What is odd about the sources."),
    both("chunk_size", "int", "Bytes of a piece of work; chosen by the server.", _CHUNK),
    out("total_filtered_column_count", "int", "Columns that the filter lets through.", 0),
    _MARKERS,
    _DECRYPT,
    both("partition_by", "string[]", "Columns whose values stand in the path as name=value."),
    both("escapechar", "byte", "Code of the character that escapes the next one; 0: none.", 0),
    _FORCE,
    _ZONE,
    request=True,
)
PARSE = declare(
    "ParseV3",
    "Iced",
    given("destination_frame", "Key<Frame>", "Key of the frame to make.", required=True),
    _SOURCES,
    given("parse_type", "enum", "Format.", "GUESS", values=_FORMATS),
    given("separator", "byte", "Code of the character between fields; 0 to guess.", 0),
    given("single_quotes", "boolean", "Fields are enclosed in single quotes.", False),
    given("check_header", "int", "1: the first line is a header; -1: it is data; 0: guess.", 0),
    given("number_columns", "int", "Number of columns.", 0),
    given("column_names", "string[]", "Names of the columns."),
    given("column_types", "string[]", "Types of the columns."),
    _SKIPPED,
    _FORCE,
    given("domains", "string[][]", "Levels of the categorical columns; they are found while reading."),
    given("na_strings", "string[][]", "Texts that count as missing, by column."),
    given("chunk_size", "int", "Bytes of a piece of work; chosen by the server.", _CHUNK),
    given("delete_on_done", "boolean", "Remove the sources once they are read.", False),
    given("blocking", "boolean", "Answer when the frame is there.", False),
    _DECRYPT,
    _MARKERS,
    given("partition_by", "string[]", "Columns whose values stand in the path as name=value."),
    out("job", "Job", "The job that parses.", of="JobV3"),
    out("rows", "long", "Rows of the frame, when the answer waited for it.", 0),
    both("escapechar", "byte", "Code of the character that escapes the next one; 0: none.", 0),
    _ZONE,
    request=True,
)


def overrides(values: Mapping[str, Any], time_zone: str) -> dict[str, Any]:
    """What a user set, as the fields of `SetupOverrides`. Times without a zone are read in `time_zone`."""
    if values.get("decrypt_tool"):
        raise InvalidArgument("There are no decryption tools here; decrypt the file before it is imported.")
    if values.get("tz_adjust_to_local") and time_zone != "UTC":
        raise NotAvailable(
            f"The parameter 'tz_adjust_to_local' is not available while the server's time zone is {time_zone}; times in "
            "files without a zone are read in that zone already."
        )
    if any(levels for levels in values.get("domains") or []):
        raise InvalidArgument("Levels cannot be given to a parse; set them on the column with set_levels() afterwards.")
    return {
        "parse_type": values["parse_type"],
        "separator": _character("separator", values["separator"]),
        "check_header": values["check_header"],
        "column_names": _tuple(values["column_names"]),
        "column_types": _types(values["column_types"]),
        "na_strings": _missing(values["na_strings"]),
        "skipped_columns": tuple(values["skipped_columns"] or ()),
        "single_quotes": values["single_quotes"],
        "escape": _character("escapechar", values["escapechar"]),
        "comment_markers": values["custom_non_data_line_markers"],
        "force_types": values["force_col_types"],
        "timezone": time_zone,
        "partition_by": tuple(values["partition_by"] or ()),
    }


def _character(name: str, code: int) -> str:
    if not 0 <= code < 128:
        raise InvalidArgument(f"The parameter '{name}' must be the code of an ASCII character, 0 to 127. Got {code}.")
    return chr(code) if code else ""


def _tuple(items: list[Any] | None) -> tuple[str, ...] | None:
    return tuple("" if item is None else item for item in items) if items else None


def _types(items: list[str | None] | None) -> tuple[str | None, ...] | None:
    return tuple(item or None for item in items) if items else None


def _missing(columns: list[list[str] | None] | None) -> tuple[tuple[str, ...], ...] | None:
    """A flat list stands for the same texts in every column; nothing at all for none."""
    if not columns or not any(columns):
        return None
    return tuple(tuple(text for text in column or () if text is not None) for column in columns)


def parse_setup(
    setup: ParseSetup, values: dict[str, Any], sources: list[str], destination: str, preview: dict[str, Any]
) -> dict[str, Any]:
    """What was found out about sources; `preview` are `data` and `total_filtered_column_count`."""
    types = list(setup.column_types)
    found = {
        "source_frames": [frame_key(key) for key in sources],
        "parse_type": setup.parse_type.value,
        "separator": ord(setup.separator) if setup.separator else 0,
        "single_quotes": setup.single_quotes,
        "check_header": setup.check_header,
        "column_names": list(setup.column_names) if setup.column_names else None,
        "skipped_columns": list(setup.skipped_columns) or None,
        "column_types": types,
        "na_strings": [list(texts) for texts in setup.na_strings] if setup.na_strings else None,
        "destination_frame": destination,
        "header_lines": int(setup.check_header == 1),
        "number_columns": setup.number_columns,
        "warnings": list(setup.warnings) or None,
        "partition_by": list(setup.partition_by) or None,
        "custom_non_data_line_markers": values["custom_non_data_line_markers"],
        "escapechar": ord(setup.escape) if setup.escape else 0,
        "chunk_size": _CHUNK,
    }
    kept = {name: values[name] for name in ("column_name_filter", "column_offset", "column_count")}
    asked = {name: values[name] for name in ("force_col_types", "tz_adjust_to_local", "decrypt_tool")}
    return PARSE_SETUP.new(**found, **kept, **asked, **preview)
