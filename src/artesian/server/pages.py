"""Frames as answers: a page of rows and columns with their statistics, and what is told of the frame as a whole."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Container, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import polars as pl

from artesian.core.errors import InvalidArgument
from artesian.core.settings import Settings
from artesian.frame import Column, ColumnType, Frame
from artesian.frame.sparse import SparseColumn, dense_page
from artesian.frame.summary import PERCENTILES, Rollups, histogram, percentiles, percentiles_of, rollups_of
from artesian.server.wire.frames import COLUMN, FRAME, SYNOPSIS
from artesian.server.wire.keys import frame_key
from artesian.server.wire.numbers import number, numbers
from artesian.server.wire.table import simple_table

DEFAULT_ROWS = 100
_TEXTS = (ColumnType.STRING, ColumnType.UUID)


@dataclass(frozen=True)
class Page:
    """Which rows and columns are shown; of columns from the `full`-th on only names and types."""

    row_offset: int = 0
    rows: int = DEFAULT_ROWS
    column_offset: int = 0
    columns: int = 0
    full: int = 0

    @classmethod
    def of(
        cls, frame: Frame, settings: Settings, row_offset: int, rows: int, column_offset: int, columns: int, full: int
    ) -> Page:
        """The page that was asked for, cut to the frame; negative counts stand for the defaults.

        Raises InvalidArgument for negative offsets and for more cells than one answer may hold.
        """
        if row_offset < 0 or column_offset < 0:
            raise InvalidArgument(f"Offsets count from 0. Got row {row_offset} and column {column_offset}.")
        wanted = min(DEFAULT_ROWS if rows < 0 else rows, max(0, frame.n_rows - row_offset))
        width = max(0, frame.n_columns - column_offset)
        width = width if columns < 0 else min(columns, width)
        shown = width if full < 0 else min(full, width)
        if wanted * shown > settings.max_page_cells:
            raise InvalidArgument(
                f"One answer holds at most {settings.max_page_cells} cells; {wanted} rows of {shown} columns are more. Ask "
                "page by page, or download the frame with /3/DownloadDataset."
            )
        return cls(row_offset, wanted, column_offset, width, shown)


def synopsis(key: str, frame: Frame) -> dict[str, Any]:
    """A frame of a list."""
    return SYNOPSIS.new(frame_id=frame_key(key), byte_size=frame.nbytes, rows=frame.n_rows, columns=frame.n_columns)


def shown_frame(
    key: str | None,
    frame: Frame,
    page: Page,
    *,
    light: bool = False,
    summary: bool = False,
    address: str = "",
    without: Container[str] = (),
) -> dict[str, Any]:
    """A frame: `light` without what needs every column, `summary` with histograms and percentiles of the page's columns.

    What stands in `without` is not worked out, since the answer leaves it out: columns/data, columns/histogram_bins,
    columns/percentiles, chunk_summary, distribution_summary, checksum.
    """
    last = page.column_offset + page.columns
    names, columns = frame.names[page.column_offset : last], frame.columns[page.column_offset : last]
    statistics = rollups_of(columns)
    parts = _parts(columns[: page.full], page) if "columns/data" not in without else []
    bins, cuts = (summary and f"columns/{name}" not in without for name in ("histogram_bins", "percentiles"))
    if cuts:
        percentiles_of(columns)
    shown = [
        _column(name, column, found, parts[i] if i < len(parts) else None, bins, cuts)
        for i, (name, column, found) in enumerate(zip(names, columns, statistics, strict=True))
    ]
    return FRAME.new(
        frame_id=frame_key(key),
        byte_size=0 if light else frame.nbytes,
        row_offset=page.row_offset,
        row_count=page.rows,
        column_offset=page.column_offset,
        column_count=page.columns,
        full_column_count=page.full,
        total_column_count=frame.n_columns,
        checksum=0 if light or "checksum" in without else checksum(frame),
        rows=frame.n_rows,
        num_columns=frame.n_columns,
        default_percentiles=list(PERCENTILES),
        columns=shown,
        chunk_summary=None if light or "chunk_summary" in without else _storage(frame),
        distribution_summary=None if light or "distribution_summary" in without else _distribution(frame, address),
    )


def checksum(frame: Frame) -> int:
    """A number that frames of equal names, types and statistics share: 64 bits, signed. It is kept with the frame."""
    known = vars(frame).get("_checksum")
    if known is None:
        digest = hashlib.blake2b(digest_size=8)
        for name, column, found in zip(frame.names, frame.columns, rollups_of(frame.columns), strict=True):
            digest.update(repr((name, column.type.value, found)).encode())
            if column.domain is not None:
                digest.update(str(column.domain.hash().sum()).encode())
        known = vars(frame)["_checksum"] = int.from_bytes(digest.digest(), signed=True)
    return int(known)


def shown_type(column: Column) -> str:
    """The name of the type on the wire; a column of missing values counts as whole numbers."""
    # like H2O, a column of numbers without any counts as whole
    empty = column.type is ColumnType.REAL and column.missing_count == len(column)
    return "int" if empty or column.type is ColumnType.BAD else column.type.value


def _parts(columns: Sequence[Column], page: Page) -> list[pl.Series | np.ndarray[Any, Any]]:
    """The rows of the page of each column; those of sparse columns together."""
    sparse = [column for column in columns if isinstance(column, SparseColumn)]
    rows = iter(dense_page(sparse, page.row_offset, page.rows) if sparse else ())
    return [
        next(rows) if isinstance(column, SparseColumn) else column.slice(page.row_offset, page.rows).values
        for column in columns
    ]


def _column(
    name: str,
    column: Column,
    found: Rollups,
    part: pl.Series | np.ndarray[Any, Any] | None,
    with_bins: bool,
    with_cuts: bool,
) -> dict[str, Any]:
    text = column.type in _TEXTS
    bins = histogram(column) if with_bins and len(column) else None
    cuts = percentiles(column) if with_cuts and len(column) else None
    return COLUMN.new(
        label=name,
        missing_count=found.missing_count,
        zero_count=found.zero_count,
        positive_infinity_count=found.positive_infinity_count,
        negative_infinity_count=found.negative_infinity_count,
        mins=numbers(found.mins),
        maxs=numbers(found.maxs),
        mean=number(found.mean),
        sigma=number(found.sigma),
        type=shown_type(column),
        domain=column.levels if column.type is ColumnType.ENUM else None,
        domain_cardinality=max(0, column.cardinality),
        data=numbers(part) if part is not None and not text else None,
        string_data=part.to_list() if isinstance(part, pl.Series) and text else None,
        histogram_bins=bins.counts.tolist() if bins else None,
        histogram_base=number(bins.base) if bins else 0.0,
        histogram_stride=number(bins.stride) if bins else 0.0,
        percentiles=numbers(cuts) if cuts else None,
    )


_KINDS = {
    "UInt8": "1-Byte Integers",
    "Int8": "1-Byte Integers",
    "UInt16": "2-Byte Integers",
    "Int16": "2-Byte Integers",
    "UInt32": "4-Byte Integers",
    "Int32": "4-Byte Integers",
    "Int64": "64-bit Integers",
    "Float32": "32-bit Reals",
    "Float64": "64-bit Reals",
    "String": "Strings",
}


def _storage(frame: Frame) -> dict[str, Any]:
    """How many columns are stored in which type, and in how many bytes."""
    counts: Counter[str] = Counter()
    sizes: Counter[str] = Counter()
    for column in frame.columns:
        kind = str(column.values.dtype)
        counts[kind] += 1
        sizes[kind] += column.nbytes
    kinds = sorted(counts)
    n_columns, nbytes = max(1, frame.n_columns), max(1, frame.nbytes)
    return simple_table(
        "Chunk compression summary",
        "",
        [
            ("chunk_type", "string", "%8s", "Chunk Type"),
            ("chunk_name", "string", "%s", "Chunk Name"),
            ("count", "int", "%10d", "Count"),
            ("count_percentage", "float", "%10.3f %%", "Count Percentage"),
            ("size", "string", "%10s", "Size"),
            ("size_percentage", "float", "%10.3f %%", "Size Percentage"),
        ],
        [
            kinds,
            [_KINDS.get(kind, kind) for kind in kinds],
            [counts[kind] for kind in kinds],
            [100 * counts[kind] / n_columns for kind in kinds],
            [readable_bytes(sizes[kind]) for kind in kinds],
            [100 * sizes[kind] / nbytes for kind in kinds],
        ],
    )


def _distribution(frame: Frame, address: str) -> dict[str, Any]:
    """Where the columns lie: all of them on the one node, in one piece each."""
    rows, columns = frame.n_rows, frame.n_columns
    size, nothing = readable_bytes(frame.nbytes), readable_bytes(0)
    return simple_table(
        "Frame distribution summary",
        "",
        [
            ("", "string", "%s", ""),
            ("size", "string", "%s", "Size"),
            ("number_of_rows", "float", "%f", "Number of Rows"),
            ("number_of_chunks_per_column", "float", "%f", "Number of Chunks per Column"),
            ("number_of_chunks", "float", "%f", "Number of Chunks"),
        ],
        [
            [address, "mean", "min", "max", "stddev", "total"],
            [size, size, size, size, nothing, size],
            _spread(rows),
            _spread(1 if columns else 0),
            _spread(columns),
        ],
    )


def _spread(value: int) -> list[float]:
    return [value, float(value), float(value), float(value), 0.0, value]


def readable_bytes(count: int) -> str:
    """A size as H2O writes it: a number of seven characters and a unit."""
    size, unit = float(count), " B"
    for following in ("KB", "MB", "GB", "TB"):
        if size < 1024:
            break
        size, unit = size / 1024, following
    return f"{size:7.0f} {unit}" if unit == " B" else f"{size:7.1f} {unit}"


def find_rows(columns: Sequence[Column], text: str | None, row: int) -> tuple[int, int]:
    """The nearest rows before and after a row that hold the text (or a missing value) in one of the columns, else -1."""
    before, after = -1, -1
    for column in columns:
        found = np.flatnonzero(_matches(column, text))
        earlier, later = found[found < row], found[found > row]
        before = max(before, int(earlier[-1])) if len(earlier) else before
        after = min(after if after >= 0 else int(later[0]), int(later[0])) if len(later) else after
    return before, after


def _matches(column: Column, text: str | None) -> Any:
    if not text:
        return column.values.is_null().to_numpy()
    if column.type is ColumnType.ENUM:
        if text not in column.levels:
            return np.zeros(len(column), dtype=bool)
        return (column.values == column.levels.index(text)).fill_null(False).to_numpy()
    if column.type in _TEXTS:
        return (column.values == text).fill_null(False).to_numpy()
    try:
        wanted = float(text)
    except ValueError:
        return np.zeros(len(column), dtype=bool)
    return np.asarray(column.floats() == wanted)
