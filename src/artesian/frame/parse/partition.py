"""Columns whose values stand in the paths of the files, as `…/name=value/…`, the way Hive writes partitioned tables."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import PurePosixPath
from urllib.parse import unquote

import polars as pl

from artesian.core.errors import InvalidArgument
from artesian.frame.column import Column
from artesian.frame.parse.builders import EnumBuilder

_NO_VALUE = "__HIVE_DEFAULT_PARTITION__"


def partition_values(names: Sequence[str], locations: Sequence[str]) -> list[list[str | None]]:
    """For each name its value in each location; InvalidArgument names the first file whose path lacks one."""
    found: list[list[str | None]] = []
    for name in names:
        values: list[str | None] = []
        for location in locations:
            parts = [unquote(part) for part in PurePosixPath(location.partition("?")[0]).parts[:-1]]
            pairs = dict(part.split("=", 1) for part in parts if "=" in part)
            if name not in pairs:
                raise InvalidArgument(
                    f"The path '{location}' has no folder '{name}=…' to take the column '{name}' from."
                )
            values.append(None if pairs[name] == _NO_VALUE else pairs[name])
        found.append(values)
    return found


def partition_columns(values: Sequence[Sequence[str | None]], rows: Sequence[int]) -> list[Column]:
    """A categorical column for each name: the value of a file repeated for each of its rows."""
    columns: list[Column] = []
    for of_files in values:
        builder = EnumBuilder((), "", max(1, len(of_files)))
        for value, count in zip(of_files, rows, strict=True):
            builder.add(pl.Series([value], dtype=pl.String).new_from_index(0, count))
        columns.append(builder.finish())
    return columns
