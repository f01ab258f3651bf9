"""Segment models: one model of the same parameters for each segment of a frame's rows, and how each of them ended."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import polars as pl
from numpy.typing import NDArray

from artesian.core.errors import InvalidArgument, did_you_mean
from artesian.frame import Column, ColumnType, Frame

KIND = "segment models"
STATUSES = ("PENDING", "RUNNING", "SUCCEEDED", "FAILED", "CANCELED")
"""How a model's training ended, by the names that clients know."""
_FOUND = ("model", "status", "errors", "warnings")


def check_segments(frame: Frame, columns: Sequence[str]) -> None:
    """Raises InvalidArgument unless all columns are there and categorical or whole numbers."""
    if not columns:
        raise InvalidArgument("Give segment_columns, or a frame of segments.", argument="segment_columns")
    for name in columns:
        if name not in frame:
            raise InvalidArgument(
                f"The frame has no column '{name}' to make segments of.{did_you_mean(name, frame.names)}",
                argument="segment_columns",
            )
        if frame[name].type not in (ColumnType.ENUM, ColumnType.INT, ColumnType.BAD):
            raise InvalidArgument(
                f"Segments are made of categorical columns and whole numbers; '{name}' is of type {frame[name].type}.",
                argument="segment_columns",
            )


def segments_of(frame: Frame, columns: Sequence[str]) -> Frame:
    """Every combination of values that occurs, in ascending order, missing ones first."""
    check_segments(frame, columns)
    table = pl.DataFrame([frame[name].values.alias(name) for name in columns])
    rows = table.with_row_index("row").unique(subset=list(columns), keep="first").sort(list(columns), nulls_last=False)
    return frame.select(columns).gather(rows["row"])


def rows_of_segments(frame: Frame, segments: Frame) -> list[NDArray[np.int64]]:
    """The numbers of the frame's rows that belong to each segment; levels are compared by name, missing equals missing."""
    names = list(segments.names)
    check_segments(segments, names)
    check_segments(frame, names)
    left = _comparable(frame, names).with_row_index("row")
    right = _comparable(segments, names).with_row_index("segment")
    pairs = left.join(right, on=names, how="inner", nulls_equal=True).sort("segment", "row")
    found = dict(pairs.group_by("segment", maintain_order=True).agg("row").iter_rows())
    return [np.array(found.get(i, ()), dtype=np.int64) for i in range(segments.n_rows)]


def _comparable(frame: Frame, names: Sequence[str]) -> pl.DataFrame:
    columns = []
    for name in names:
        column = frame[name]
        values = column.decoded() if column.domain is not None else column.values.cast(pl.Int64)
        columns.append(values.cast(pl.String).alias(name))
    return pl.DataFrame(columns)


def new_document(segments: Frame) -> dict[str, Any]:
    """A JSON-safe document of segments whose models are not built yet."""
    return {
        "kind": KIND,
        "columns": [
            {
                "name": name,
                "type": column.type.value,
                "levels": column.levels if column.domain is not None else None,
                "values": column.values.to_list(),
            }
            for name, column in zip(segments.names, segments.columns, strict=True)
        ],
        "results": [None] * segments.n_rows,
    }


def as_frame(document: Mapping[str, Any]) -> Frame:
    """A row a segment: its values, then model, status, errors and warnings (missing where there are none)."""
    columns: dict[str, Column] = {}
    for item in document["columns"]:
        values = pl.Series(item["values"], dtype=pl.Int64)
        is_enum = item["levels"] is not None
        columns[item["name"]] = Column.enums(values, item["levels"]) if is_enum else Column.integers(values)
    results = [item or {} for item in document["results"]]
    codes = [STATUSES.index(item.get("status", "PENDING")) for item in results]
    for name in _FOUND:
        if name == "status":
            columns[name] = Column.enums(pl.Series(codes), list(STATUSES))
        else:
            texts = pl.Series([item.get(name) for item in results], dtype=pl.String)
            columns[name] = Column(ColumnType.STRING, texts)
    return Frame.from_mapping(columns)
