"""Bringing data into the server: files that it can reach, files and tables that this machine sends, and their parsing."""

from __future__ import annotations

import importlib.util
import os
import secrets
import warnings
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from artesian.client import session
from artesian.client.checks import COLUMN_TYPES, check_choice, check_frame_id, check_separator, check_type, no_column
from artesian.client.exceptions import H2OValueError
from artesian.client.job import H2OJob
from artesian.client.wire import quoted
from artesian.datasets import SCHEME

if TYPE_CHECKING:
    from artesian.client.frame.frame import H2OFrame

_PARSE_FIELDS = (
    "parse_type", "separator", "check_header", "number_columns", "chunk_size", "column_types", "skipped_columns",
    "force_col_types", "custom_non_data_line_markers", "partition_by", "single_quotes", "escapechar",
    "tz_adjust_to_local", "destination_frame",
)  # fmt: skip
_LEVELS = ("enum", "categorical", "factor")


def has_pandas() -> bool:
    """Whether pandas is installed."""
    return importlib.util.find_spec("pandas") is not None


def lazy_import(path: str | Sequence[str], pattern: str | None = None) -> list[str]:
    """Names of raw sources in the server for files that it can reach: paths, folders, globs, http(s) or s3 addresses.

    `pattern` is a regular expression that the names of a folder's files match.
    """
    check_type("path", path, str, [str])
    check_type("pattern", pattern, None, str)
    paths = [path] if isinstance(path, str) else list(path)
    reply = session.api("POST /3/ImportFilesMulti", data={"paths": paths, "pattern": pattern})
    if reply["fails"]:
        raise H2OValueError(f"The server cannot import {', '.join(map(str, reply['fails']))}.", "path")
    return list(reply["destination_frames"])


def import_file(
    path: str | Sequence[str] | None = None,
    destination_frame: str | None = None,
    parse: bool = True,
    header: int = 0,
    sep: str | None = None,
    col_names: Sequence[str] | None = None,
    col_types: Any = None,
    na_strings: Any = None,
    pattern: str | None = None,
    skipped_columns: Sequence[int] | None = None,
    force_col_types: bool = False,
    custom_non_data_line_markers: str | None = None,
    partition_by: Sequence[str] | str | None = None,
    quotechar: str | None = None,
    escapechar: str | None = None,
    tz_adjust_to_local: bool = False,
) -> H2OFrame | list[str]:
    """A frame of files that the server can reach (see `lazy_import`); relative paths count from the current folder.

    What is not given is guessed: `header` (1: the first line is one, -1: it is data), `sep`, `col_names`, `col_types` (a
    list or a dict by name) and `na_strings` (texts that stand for missing values: a list, a list a column, or a dict).
    With `parse=False` only the names of the raw sources come back.
    """
    paths = [path] if isinstance(path, (str, os.PathLike)) else list(path or [])
    check_type("path", paths, [str, os.PathLike])
    if not paths:
        raise H2OValueError("The argument 'path' is required: a path, an address, or a list of them.", "path")
    texts = [os.fspath(one) for one in paths]
    for text in texts:
        if text.startswith("~"):
            raise H2OValueError(
                f"The server does not know your home folder: write {text!r} as an absolute path.", "path"
            )
    addresses = [text if "://" in text or text.startswith(SCHEME) else str(Path(text).absolute()) for text in texts]
    sources = lazy_import(addresses, pattern)
    if not parse:
        return sources
    setup = parse_setup(
        sources, destination_frame, header, sep, col_names, col_types, na_strings, skipped_columns, force_col_types,
        custom_non_data_line_markers, partition_by, quotechar, escapechar, tz_adjust_to_local,
    )  # fmt: skip
    return parse_raw(setup)


def upload_file(
    path: str | os.PathLike[str],
    destination_frame: str | None = None,
    header: int = 0,
    sep: str | None = None,
    col_names: Sequence[str] | None = None,
    col_types: Any = None,
    na_strings: Any = None,
    skipped_columns: Sequence[int] | None = None,
    force_col_types: bool = False,
    quotechar: str | None = None,
    escapechar: str | None = None,
) -> H2OFrame:
    """A frame of a file on this machine, which is sent to the server; the arguments are those of `import_file`."""
    check_type("path", path, str, os.PathLike)
    check_frame_id(destination_frame)
    source = session.api("POST /3/PostFile", filename=path)["destination_frame"]
    setup = parse_setup(
        source, destination_frame, header, sep, col_names, col_types, na_strings, skipped_columns, force_col_types,
        quotechar=quotechar, escapechar=escapechar,
    )  # fmt: skip
    return parse_raw(setup)


def upload_table(
    table: Any,
    destination_frame: str | None,
    header: int,
    column_names: Sequence[str] | None,
    column_types: Any,
    na_strings: Any,
    skipped_columns: Sequence[int] | None,
    force_col_types: bool,
) -> str:
    """Sends a Python table to the server and parses it there; the name of the frame."""
    from artesian.client import transfer

    frame = transfer.to_polars(table, header)
    if column_names is not None:
        frame = transfer.with_names(frame, column_names)
    connection = session.current()
    source = f"upload_{secrets.token_hex(8)}"
    setup_options: dict[str, Any] = {}
    if connection.offers_arrow:
        given_types = column_types
        missing = None if na_strings is None else _given_na_strings(na_strings, frame.columns)
        types = transfer.types_of_texts(frame, missing)
        column_types = _with_known_types(column_types, types, frame.columns)
        told = (
            column_types if isinstance(column_types, Mapping) else dict(zip(frame.columns, column_types, strict=False))
        )
        asked = _asked_types(given_types, frame.columns)  # whoever asks for levels means the empty text by one
        frame = transfer.without_empty_levels(frame, {n: k for n, k in told.items() if asked.get(n) not in _LEVELS})
        path = f"/3/PostFile?destination_frame={source}&format=arrow"
        connection.upload(path, transfer.to_arrow(frame), transfer.ARROW_STREAM)
    else:
        if frame.width == 1:  # a missing value alone on its line would be taken for no line
            frame, skipped_columns = transfer.with_filler(frame), skipped_columns or [1]
        path = f"/3/PostFile?destination_frame={source}.csv"
        connection.upload(path, transfer.to_csv(frame), "application/octet-stream")
        source, setup_options = f"{source}.csv", {"header": 1, "separator": ","}
        column_types = _with_known_types(column_types, transfer.types_lost_in_csv(frame), frame.columns)
    setup = parse_setup(
        source, destination_frame, column_types=column_types, na_strings=na_strings, skipped_columns=skipped_columns,
        force_col_types=force_col_types, **setup_options,
    )  # fmt: skip
    return _parse(setup)


def _asked_types(given: Any, names: Sequence[str]) -> dict[str, Any]:
    """The types that were given, by column."""
    if isinstance(given, Mapping):
        return dict(given)
    return dict(zip(names, given or (), strict=False))


def _with_known_types(given: Any, known: dict[str, str], names: list[str]) -> Any:
    """Types that were given, and for other columns those known or guessed here."""
    if given is None or isinstance(given, Mapping):
        return known | dict(given or {})
    if len(given) != len(names):
        return given
    return [kind if kind is not None else known.get(name) for name, kind in zip(names, given, strict=True)]


def parse_setup(
    raw_frames: str | Sequence[str],
    destination_frame: str | None = None,
    header: int = 0,
    separator: str | None = None,
    column_names: Sequence[str] | None = None,
    column_types: Any = None,
    na_strings: Any = None,
    skipped_columns: Sequence[int] | None = None,
    force_col_types: bool = False,
    custom_non_data_line_markers: str | None = None,
    partition_by: Sequence[str] | str | None = None,
    quotechar: str | None = None,
    escapechar: str | None = None,
    tz_adjust_to_local: bool = False,
) -> dict[str, Any]:
    """How raw sources would be read: the server's guess, changed where the arguments say so; to be given to `parse_raw`."""
    check_type("raw_frames", raw_frames, str, [str])
    check_frame_id(destination_frame)
    check_choice("header", header, (-1, 0, 1))
    check_separator("separator", separator)
    check_separator("escapechar", escapechar)
    check_choice("quotechar", quotechar, (None, "'", '"'))
    sources = [raw_frames] if isinstance(raw_frames, str) else list(raw_frames)
    setup: dict[str, Any] = session.api(
        "POST /3/ParseSetup",
        data={
            "source_frames": [quoted(source) for source in sources],
            "check_header": header,
            "single_quotes": quotechar == "'",
            "separator": ord(separator) if separator else None,
            "escapechar": ord(escapechar) if escapechar else None,
            "custom_non_data_line_markers": custom_non_data_line_markers,
            "partition_by": partition_by,
            "tz_adjust_to_local": tz_adjust_to_local,
        },
    )
    for text in setup.get("warnings") or []:
        warnings.warn(text, stacklevel=3)
    if destination_frame:
        setup["destination_frame"] = destination_frame
    guessed = setup["column_names"] or [f"C{i + 1}" for i in range(setup["number_columns"])]
    skipped = _skipped(skipped_columns, len(guessed))
    kept = [position for position in range(len(guessed)) if position not in skipped]
    names = _given_names(column_names, guessed, kept)
    setup["column_types"] = [quoted(kind) for kind in _given_types(column_types, setup["column_types"], names, kept)]
    if setup["column_names"] or column_names is not None or isinstance(column_types, Mapping):
        setup["column_names"] = [quoted(name) for name in names]
    if na_strings is not None:
        given = _given_na_strings(na_strings, names)
        setup["na_strings"] = [[quoted(text) for text in texts] for texts in given]
    if skipped_columns is not None:
        setup["skipped_columns"] = sorted(skipped)
    setup["force_col_types"] = force_col_types
    return setup


def parse_raw(setup: dict[str, Any], id: str | None = None, first_line_is_header: int = 0) -> H2OFrame:
    """The frame that reading sources by a setup makes; `id` names it."""
    from artesian.client.frame.frame import H2OFrame

    check_type("setup", setup, dict)
    check_frame_id(id)
    check_choice("first_line_is_header", first_line_is_header, (-1, 0, 1))
    changes: dict[str, Any] = {"destination_frame": id} if id else {}
    if first_line_is_header:
        changes["check_header"] = first_line_is_header
    frame = H2OFrame.get_frame(_parse(setup | changes))
    if frame is None:
        raise H2OValueError("The parsed frame was removed before it could be used.")
    return frame


def _parse(setup: dict[str, Any]) -> str:
    data = {name: setup.get(name) for name in _PARSE_FIELDS}
    data["source_frames"] = [quoted(source["name"]) for source in setup["source_frames"]]
    for name in ("column_names", "na_strings"):
        if setup.get(name):
            data[name] = setup[name]
    data |= {"delete_on_done": True, "blocking": False}
    job = H2OJob(session.api("POST /3/Parse", data=data), "Parse").poll()
    return job.dest_key or str(setup["destination_frame"])


def _skipped(columns: Sequence[int] | None, width: int) -> set[int]:
    check_type("skipped_columns", columns, None, [int])
    for column in columns or ():
        if not 0 <= column < width:
            raise H2OValueError(
                f"'skipped_columns' holds {column}; the file has columns 0 to {width - 1}.", "skipped_columns"
            )
    return set(columns or ())


def _given_names(names: Sequence[str] | None, guessed: list[str], kept: list[int]) -> list[str]:
    check_type("col_names", names, None, [str])
    if names is None:
        return guessed
    if len(names) == len(guessed):
        return list(names)
    if len(names) != len(kept):
        raise H2OValueError(f"The file has {len(kept)} columns to be read. Got {len(names)} names.", "col_names")
    result = list(guessed)
    for position, name in zip(kept, names, strict=True):
        result[position] = name
    return result


def _given_types(types: Any, guessed: list[str], names: list[str], kept: list[int]) -> list[str]:
    result = list(guessed)
    if types is None:
        return result
    if isinstance(types, Mapping):
        wanted = {names.index(name) if name in names else -1: kind for name, kind in types.items()}
        if -1 in wanted:
            raise no_column(next(name for name in types if name not in names), names, "file")
    else:
        check_type("col_types", types, [str, None], Mapping)
        if len(types) not in (len(kept), len(guessed)):
            raise H2OValueError(f"The file has {len(kept)} columns to be read. Got {len(types)} types.", "col_types")
        positions = kept if len(types) == len(kept) else range(len(guessed))
        wanted = {position: kind for position, kind in zip(positions, types, strict=True) if kind is not None}
    for position, kind in wanted.items():
        check_choice("col_types", kind, COLUMN_TYPES)
        result[position] = kind
    return result


def _given_na_strings(texts: Any, names: list[str]) -> list[list[str]]:
    if isinstance(texts, Mapping):
        result: list[list[str]] = [[] for _ in names]
        for name, given in texts.items():
            if name not in names:
                raise no_column(name, names, "file")
            result[names.index(name)] = [given] if isinstance(given, str) else list(given)
        return result
    check_type("na_strings", texts, [str], [[str], None], Mapping)
    if all(isinstance(text, str) for text in texts):
        return [list(texts)] * len(names)
    if len(texts) != len(names):
        raise H2OValueError(f"The file has {len(names)} columns. Got {len(texts)} lists of 'na_strings'.", "na_strings")
    return [list(column or []) for column in texts]


def import_sql_table(
    connection_url: str,
    table: str,
    username: str,
    password: str,
    columns: Sequence[str] | None = None,
    optimize: bool = True,
    fetch_mode: str | None = None,
    num_chunks_hint: int | None = None,
) -> H2OFrame:
    """A frame of a database's table, or of some of its columns; the server reads it.

    `connection_url` is `jdbc:postgresql://host:port/database` or `jdbc:sqlite:path`, with no options behind it. `fetch_mode`
    is SINGLE or DISTRIBUTED; like `optimize` and `num_chunks_hint` it changes nothing where one machine reads.
    """
    check_type("table", table, str)
    check_type("columns", columns, None, [str])
    wanted = ", ".join('"' + name.replace('"', '""') + '"' for name in columns) if columns else None
    what = {"table": table, "columns": wanted}
    return _from_database(connection_url, username, password, optimize, fetch_mode, num_chunks_hint, what)


def import_sql_select(
    connection_url: str,
    select_query: str,
    username: str,
    password: str,
    optimize: bool = True,
    use_temp_table: bool | None = None,
    temp_table_name: str | None = None,
    fetch_mode: str | None = None,
    num_chunks_hint: int | None = None,
) -> H2OFrame:
    """A frame of what a SELECT gives; the other arguments are those of `import_sql_table`.

    Artesian reads the query in one snapshot and writes nothing in the database, with or without `use_temp_table`.
    """
    check_type("select_query", select_query, str)
    check_type("use_temp_table", use_temp_table, None, bool)
    check_type("temp_table_name", temp_table_name, None, str)
    what = {"select_query": select_query, "use_temp_table": use_temp_table, "temp_table_name": temp_table_name}
    return _from_database(connection_url, username, password, optimize, fetch_mode, num_chunks_hint, what)


def _from_database(
    connection_url: str,
    username: str,
    password: str,
    optimize: bool,
    fetch_mode: str | None,
    num_chunks_hint: int | None,
    what: dict[str, Any],
) -> H2OFrame:
    from artesian.client.objects import made_by

    for name, value in (("connection_url", connection_url), ("username", username), ("password", password)):
        check_type(name, value, str)
    check_type("optimize", optimize, bool)
    check_type("num_chunks_hint", num_chunks_hint, None, int)
    check_choice("fetch_mode", fetch_mode, (None, "SINGLE", "DISTRIBUTED"))
    data = {"connection_url": connection_url, "username": username, "password": password}
    data |= {"fetch_mode": fetch_mode, "num_chunks_hint": num_chunks_hint} | what
    return made_by(session.offered("import from databases", "POST /99/ImportSQLTable", data), "Import SQL Table")


def import_hive_table(
    database: str | None = None,
    table: str | None = None,
    partitions: Sequence[Sequence[str]] | None = None,
    allow_multi_format: bool = False,
) -> H2OFrame:
    """Asks the server for a table of Hive, which Artesian's does not offer (see `import_sql_table`, and Parquet files)."""
    from artesian.client.objects import made_by

    check_type("database", database, None, str)
    check_type("table", table, str)
    check_type("partitions", partitions, None, [[str]])
    data = {"database": database, "table": table, "partitions": partitions, "allow_multi_format": allow_multi_format}
    return made_by(session.offered("import_hive_table()", "POST /3/ImportHiveTable", data), "Import Hive Table")


def load_frame(frame_id: str, path: str, force: bool = True) -> H2OFrame:
    """The frame that `H2OFrame.save` wrote into a folder of the server's machine."""
    from artesian.client.objects import get_frame

    data = {"frame_id": frame_id, "dir": path, "force": force}
    H2OJob(session.api("POST /3/Frames/load", data=data), "Load frame data").poll()
    frame = get_frame(frame_id)
    if frame is None:
        raise H2OValueError(f"The folder {path!r} holds no frame named {frame_id!r}.")
    return frame
