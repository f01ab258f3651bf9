"""Segments: immutable Arrow IPC files that frames map, and the manifest that says which columns make a frame.

A segment is written beside its place and renamed, so a name in a manifest always stands for a whole file. Several frames
may share a segment, and all sparse columns of a frame lie in one. Reading maps the file: no copy, and processes that map the same file share its memory.
"""

from __future__ import annotations

import dataclasses
import secrets
import threading
import weakref
from collections import OrderedDict
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import polars as pl

from artesian.core.errors import NotFound
from artesian.frame.arrow_layout import map_file
from artesian.frame.column import Column, ColumnType, SegmentRef
from artesian.frame.column_file import write_column
from artesian.frame.frame import Frame
from artesian.frame.sparse import SparseBlock, SparseColumn, joined

FORMAT_VERSION = 1
_INLINE_LEVELS = 1_000
_OPEN_SEGMENTS = 512
_GROUP_BYTES = 256 << 20
_LONG_BYTES = 32 << 20
_LARGE_BYTES = 1 << 20
_FEW_LARGE = 64  # a file each for many would be more files than stay mapped
_PIECE_ROWS = 1 << 20


def write_segment(folder: Path, fields: Mapping[str, pl.Series]) -> Path:
    """Writes the series (each under its field name; lengths may differ only if there is one) and returns the file's path.

    The bytes have reached the kernel, so they outlive this process; who needs them to outlive a power cut syncs the file.
    """
    path = folder / f"segment_{secrets.token_hex(10)}.arrow"
    unfinished = path.with_suffix(".part")
    table = pl.DataFrame([series.rename(name) for name, series in fields.items()])
    try:
        table.rechunk().write_ipc(
            unfinished,
            compression="uncompressed",
            compat_level=pl.CompatLevel.oldest(),
            record_batch_size=max(1, table.height),
        )
        unfinished.rename(path)
    except BaseException:
        unfinished.unlink(missing_ok=True)
        raise
    return path


class _Mappings:
    """The tables of recently mapped segments, so that a frame's columns share one mapping of their file."""

    def __init__(self, size: int) -> None:
        self._size = size
        self._tables: OrderedDict[str, pl.DataFrame] = OrderedDict()
        self._guard = threading.Lock()

    def table(self, path: str) -> pl.DataFrame:
        with self._guard:
            if path in self._tables:
                self._tables.move_to_end(path)
                return self._tables[path]
        try:
            table = map_file(path)
        except FileNotFoundError:
            raise NotFound(f"The data file {Path(path).name} of a frame is gone; the frame cannot be read.") from None
        with self._guard:
            self._tables[path] = table
            while len(self._tables) > self._size:
                self._tables.popitem(last=False)
        return table

    def drop(self, path: str | None) -> None:
        with self._guard:
            if path is None:
                self._tables.clear()
            else:
                self._tables.pop(path, None)


_mappings = _Mappings(_OPEN_SEGMENTS)


def read_series(ref: SegmentRef) -> pl.Series:
    """The mapped series of a segment's field."""
    return _mappings.table(ref.path).get_column(ref.field)


def persist(frame: Frame, folder: Path) -> tuple[Frame, dict[str, Any]]:
    """Writes what no segment holds yet; returns the frame on mapped columns and its manifest (JSON-safe)."""
    new = {i: column for i, column in enumerate(frame.columns) if column.stored is None}
    dense = {i: column.values for i, column in new.items() if not isinstance(column, SparseColumn)}
    places = _written(dense, folder)
    sparse = _persist_sparse({i: c for i, c in new.items() if isinstance(c, SparseColumn)}, folder)
    columns: list[Column] = []
    for i, column in enumerate(frame.columns):
        if isinstance(column, SparseColumn):
            columns.append(sparse.get(i, column))
            continue
        stored = column.stored or places[i]
        domain_stored = column.domain_stored
        if domain_stored is None and column.domain is not None and len(column.domain) > _INLINE_LEVELS:
            domain_stored = SegmentRef(str(write_segment(folder, {"levels": column.domain})), "levels")
        columns.append(_moved(column, stored, domain_stored))
    mapped = Frame(frame.names, columns, frame.n_rows)
    return mapped, manifest(mapped)


def _written(series: Mapping[int, pl.Series], folder: Path) -> dict[int, SegmentRef]:
    """Writes the series, short ones together and each long one to a file of its own; where they lie, under their old keys.

    Columns of numbers are written from where they are, without a copy; so a few large ones have files of their own, too.
    """
    large = [values for values in series.values() if values.estimated_size() >= _LARGE_BYTES]
    least_bytes = _LARGE_BYTES if len(large) <= _FEW_LARGE else _LONG_BYTES
    places: dict[int, SegmentRef] = {}
    group: dict[str, pl.Series] = {}
    held = 0

    def write_group() -> None:
        if group:
            path = str(write_segment(folder, group))
            places.update({int(name[1:]): SegmentRef(path, name) for name in group})
            group.clear()

    for i, values in series.items():
        size = int(values.estimated_size())
        if size >= (_LONG_BYTES if values.dtype == pl.String else least_bytes):
            pieces = (values[start : start + _PIECE_ROWS] for start in range(0, len(values), _PIECE_ROWS))
            places[i] = write_column(folder, values.dtype, len(values), pieces)[1]
            continue
        group[f"c{i}"] = values
        held += size
        if held >= _GROUP_BYTES:
            write_group()
            held = 0
    write_group()
    return places


def _persist_sparse(columns: Mapping[int, SparseColumn], folder: Path) -> dict[int, Column]:
    """Writes the entries of all sparse columns to one segment; the columns on it, under their old keys."""
    if not columns:
        return {}
    block = joined(list(columns.values()))
    path = str(write_segment(folder, {"rows": block.rows, "values": block.values}))
    stored, mapped = SegmentRef(path, "values"), _sparse_block(path)
    moved: dict[int, Column] = {}
    start = 0
    for key, column in columns.items():
        moved[key] = column.moved(mapped, start, stored)
        start += column.count
    return moved


_blocks: weakref.WeakValueDictionary[str, SparseBlock] = weakref.WeakValueDictionary()


def _sparse_block(path: str) -> SparseBlock:
    """The mapped entries of a segment, the same object for all of its columns."""
    block = _blocks.get(path)
    if block is None:
        block = SparseBlock(read_series(SegmentRef(path, "rows")), read_series(SegmentRef(path, "values")))
        _blocks[path] = block
    return block


class ColumnWriter:
    """Takes the columns of a frame one by one and writes them in groups, so that few of them are in memory at once."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._written: list[Column] = []
        self._waiting: list[Column] = []
        self._nbytes = 0

    def add(self, column: Column) -> None:
        """The next column; all must have the same length."""
        self._waiting.append(column)
        self._nbytes += column.nbytes
        if self._nbytes >= _GROUP_BYTES:
            self._write()

    def finish(self) -> list[Column]:
        """All columns, mapped."""
        self._write()
        return self._written

    def _write(self) -> None:
        if self._waiting:
            group = Frame([f"c{i}" for i in range(len(self._waiting))], self._waiting)
            self._written += persist(group, self._folder)[0].columns
            self._waiting, self._nbytes = [], 0


def _moved(column: Column, stored: SegmentRef, domain_stored: SegmentRef | None) -> Column:
    """The column on its mapped values; what was worked out about the values (its statistics) moves along."""
    moved = dataclasses.replace(column, values=read_series(stored), stored=stored, domain_stored=domain_stored)
    for name, value in vars(column).items():
        vars(moved).setdefault(name, value)
    return moved


def manifest(frame: Frame) -> dict[str, Any]:
    """The JSON-safe description from which `open_frame` makes the same frame; every column must be stored."""
    return {
        "version": FORMAT_VERSION,
        "rows": frame.n_rows,
        "columns": [_describe(n, c) for n, c in zip(frame.names, frame.columns, strict=True)],
    }


def _describe(name: str, column: Column) -> dict[str, Any]:
    assert column.stored is not None
    entry: dict[str, Any] = {
        "name": name,
        "type": column.type.value,
        "file": column.stored.path,
        "field": column.stored.field,
    }
    if isinstance(column, SparseColumn):
        entry["sparse"] = [column.start, column.count, column.n_rows, str(column.dtype)]
    if column.domain_stored is not None:
        entry["levels_file"] = column.domain_stored.path
    elif column.domain is not None:
        entry["levels"] = column.domain.to_list()
    return entry


def open_frame(description: Mapping[str, Any]) -> Frame:
    """The frame of a manifest, its columns mapped."""
    entries = description["columns"]
    return Frame([entry["name"] for entry in entries], [_open_column(entry) for entry in entries], description["rows"])


def _open_column(entry: Mapping[str, Any]) -> Column:
    stored = SegmentRef(entry["file"], entry["field"])
    if "sparse" in entry:
        start, count, rows, dtype = entry["sparse"]
        block = _sparse_block(stored.path)
        return SparseColumn(ColumnType(entry["type"]), block, start, count, rows, getattr(pl, dtype)(), stored=stored)
    domain, domain_stored = None, None
    if "levels_file" in entry:
        domain_stored = SegmentRef(entry["levels_file"], "levels")
        domain = read_series(domain_stored)
    elif "levels" in entry:
        domain = pl.Series("levels", entry["levels"], dtype=pl.String)
    return Column(ColumnType(entry["type"]), read_series(stored), domain, stored, domain_stored)


def files_of(description: Mapping[str, Any]) -> set[str]:
    """The segment files that a manifest names."""
    entries = description["columns"]
    return {e["file"] for e in entries} | {e["levels_file"] for e in entries if "levels_file" in e}


def forget(path: str | None = None) -> None:
    """Drops the kept mapping of a file, or of all, so that its space is given back once no frame holds it."""
    _mappings.drop(path)
