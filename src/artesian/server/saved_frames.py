"""Frames saved outside of the store: a folder with `frame.json` (names, types, levels) and the values as one Arrow file."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import Any

import polars as pl

from artesian.core.errors import InvalidArgument
from artesian.core.ids import new_key
from artesian.frame import Column, ColumnType, Frame

FORMAT_VERSION = 1
_HEAD, _VALUES = "frame.json", "values.arrow"
_INTEGERS = (ColumnType.INT, ColumnType.ENUM, ColumnType.TIME, ColumnType.BAD)


def save(frame: Frame, folder: Path) -> None:
    """Writes the folder beside its place and renames it, replacing an earlier saved frame."""
    unfinished = folder.with_name(f"{folder.name}.{new_key('part')}")
    unfinished.mkdir(parents=True)
    try:
        columns = [
            {"name": name, "type": column.type.value, "levels": column.levels if column.domain is not None else None}
            for name, column in zip(frame.names, frame.columns, strict=True)
        ]
        head = {"format_version": FORMAT_VERSION, "rows": frame.n_rows, "columns": columns}
        (unfinished / _HEAD).write_text(json.dumps(head), encoding="utf-8")
        table = pl.DataFrame([column.values.alias(f"c{i}") for i, column in enumerate(frame.columns)])
        table.write_ipc(unfinished / _VALUES, compression="zstd", compat_level=pl.CompatLevel.oldest())
        if folder.exists():
            if not (folder / _HEAD).is_file():
                raise InvalidArgument(f"The folder {folder} holds something else than a saved frame; remove it first.")
            shutil.rmtree(folder)
        unfinished.rename(folder)
    except BaseException:
        shutil.rmtree(unfinished, ignore_errors=True)
        raise


def load(folder: Path) -> Frame:
    """The frame of a saved folder. Raises InvalidArgument when it is none, damaged, or of a later version."""
    try:
        head = json.loads((folder / _HEAD).read_text(encoding="utf-8"))
        version = head["format_version"]
        if version > FORMAT_VERSION:
            raise InvalidArgument(
                f"The frame saved in {folder} has format version {version}; this version reads up to {FORMAT_VERSION}."
            )
        table = pl.read_ipc(folder / _VALUES)
        columns = [_column(item, table.get_column(f"c{i}")) for i, item in enumerate(head["columns"])]
        return Frame([item["name"] for item in head["columns"]], columns, head["rows"])
    except InvalidArgument:
        raise
    except (OSError, ValueError, KeyError, TypeError, pl.exceptions.PolarsError) as problem:
        raise InvalidArgument(f"There is no readable saved frame in {folder}: {problem}.") from problem


def _column(item: dict[str, Any], values: pl.Series) -> Column:
    kind = ColumnType(item["type"])
    if (kind in _INTEGERS) != values.dtype.is_integer():
        raise ValueError(f"the column '{item['name']}' is said to be {kind}, but holds {values.dtype}")
    if kind is not ColumnType.ENUM:
        return Column(kind, values)
    levels = [str(level) for level in item["levels"]]
    highest = values.max()
    if highest is not None and int(highest) >= len(levels):  # type: ignore[arg-type]
        raise ValueError(f"the column '{item['name']}' holds level {highest!r} of {len(levels)}")
    return Column.enums(values, levels)
