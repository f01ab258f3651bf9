"""Frames in the store: naming, opening, writing out those that are in memory, taking over those that a worker wrote."""

from __future__ import annotations

import dataclasses
import errno
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import orjson
import polars as pl

from artesian.core.clock import now_ms
from artesian.core.errors import NotFound
from artesian.core.ids import check_key
from artesian.frame import Column, Frame
from artesian.frame.column import SegmentRef
from artesian.frame.segment import files_of, open_frame, persist
from artesian.store.entry import Kind, Record
from artesian.store.fresh import fresh
from artesian.store.ledger import size_of
from artesian.store.shelf import Shelf


class Frames:
    """The frames of a shelf. Thread-safe."""

    def __init__(self, shelf: Shelf) -> None:
        self._shelf = shelf

    def put(self, key: str, frame: Frame, session: str | None) -> bool:
        """Names a frame; returns whether some of it is in memory only."""
        check_key(key)
        frame, new = self._taken_over(frame)
        self._shelf.sync(new)
        with self._shelf.lease(new):
            return self._put(key, frame, session)

    def _put(self, key: str, frame: Frame, session: str | None) -> bool:
        shelf, what = self._shelf, f"The frame '{key}'"
        with shelf.lock:
            shelf.check_open()
            frame = shelf.fresh.settled(frame, shelf.ledger.__contains__)
            needed = shelf.fresh.added(frame)
            shelf.admit(what, needed)
        self._make_room(needed)
        record = Record(key, Kind.FRAME, now_ms(), frame.nbytes, session)
        with shelf.change() as garbage:
            # again under the lock: meanwhile a file may have gone or a column may have been written
            record.frame = shelf.fresh.settled(frame, shelf.ledger.__contains__)
            shelf.install(record, _files_in(record.frame), garbage)
            shelf.fresh.keep(record.frame)
            record.in_memory = bool(fresh(record.frame))
        if record.in_memory and not shelf.crowded():
            return True
        try:
            self.write(record)
        except BaseException:
            with shelf.change() as garbage:
                if shelf.records.get(key) is record:
                    shelf.remove([key], garbage)
            raise
        return False

    def get(self, key: str) -> Frame:
        """The frame of a key, opened at the first call and kept."""
        record = self._shelf.record(key, Kind.FRAME)
        frame = record.frame
        if frame is None:
            opened = open_frame(self._manifest_of(record))
            with self._shelf.lock:
                frame = record.frame = record.frame or opened
        record.used = time.monotonic()
        return frame

    def manifest(self, key: str) -> dict[str, Any]:
        """The description of a frame whose columns all lie in files; writes it first if need be."""
        while True:
            record = self._shelf.record(key, Kind.FRAME)
            self.write(record)
            manifest = self._manifest_of(record)
            if self._shelf.records.get(key) is record:  # else it was replaced meanwhile
                return manifest

    def put_manifest(self, key: str, manifest: Mapping[str, Any], session: str | None) -> None:
        """Names the frame of a manifest, moving its files into the segment folder."""
        shelf = self._shelf
        check_key(key)
        own = self._adopted(manifest)
        files = files_of(own)
        with shelf.lock:
            new = [Path(path) for path in files if path not in shelf.ledger]
        frame = open_frame(own)
        record = Record(key, Kind.FRAME, now_ms(), frame.nbytes, session, frame=frame, manifest=own)
        shelf.sync(new)
        with shelf.change() as garbage:
            new = [path for path in new if str(path) not in shelf.ledger]
            try:
                shelf.admit(f"The frame '{key}'", sum(size_of(path) for path in new))
            except BaseException:
                garbage += new
                raise
            shelf.install(record, files, garbage)
            self._name(record, garbage)

    def write_key(self, key: str) -> None:
        """Writes the frame of a key if there still is one."""
        record = self._shelf.records.get(key)
        if record is not None and record.kind is Kind.FRAME:
            self.write(record)

    def write_all(self) -> None:
        """Writes every frame that is in memory only."""
        with self._shelf.lock:
            records = [record for record in self._shelf.records.values() if record.in_memory]
        for record in records:
            self.write(record)

    def write(self, record: Record) -> None:
        """Puts the columns of a frame that are in memory only into a file, and names the frame in the catalogue."""
        shelf = self._shelf
        with record.writing:
            with shelf.lock:
                if record.frame is None or record.manifest is not None:
                    return
                before = record.frame
                frame = shelf.fresh.settled(before, shelf.ledger.__contains__)
                # other frames may let go of the files while the rest is written
                lease = shelf.lease(_files_in(frame))
            with lease:
                self._write_settled(record, before, frame)

    def _write_settled(self, record: Record, before: Frame, frame: Frame) -> None:
        """Writes the fresh columns of `frame`, which is `before` on the columns that are written already."""
        shelf = self._shelf
        mapped, manifest, new = self._persisted(f"The frame '{record.key}'", frame)
        with shelf.change() as garbage:
            if shelf.records.get(record.key) is not record:
                garbage += [path for path in new if str(path) not in shelf.ledger]
                return
            if record.in_memory:
                shelf.fresh.drop(before)
                record.in_memory = False
            shelf.fresh.wrote(before, mapped)
            record.frame, record.manifest = mapped, manifest
            self._name(record, garbage)

    # ---- parts ----

    def _persisted(self, what: str, frame: Frame) -> tuple[Frame, dict[str, Any], list[Path]]:
        shelf = self._shelf
        shelf.check_disk(what, sum(column.nbytes for column in fresh(frame)))
        try:
            mapped, manifest = persist(frame, shelf.place.segments)
        except (OSError, pl.exceptions.PolarsError) as error:
            if _disk_is_full(error):
                shelf.check_disk(what, frame.nbytes + shelf.place.free_bytes())
            raise
        new = [Path(path) for path in files_of(manifest) - _files_in(frame)]
        shelf.sync(new)
        return mapped, manifest, new

    def _taken_over(self, frame: Frame) -> tuple[Frame, list[Path]]:
        """The frame with the columns that lie in scratch files lying among the segments too, and the files that this made."""
        new: list[Path] = []
        columns = [self._linked(column, new) for column in frame.columns]
        return (Frame(frame.names, columns, frame.n_rows) if new else frame), new

    def _linked(self, column: Column, new: list[Path]) -> Column:
        place = self._shelf.place
        if column.stored is None or not column.stored.path.startswith(f"{place.scratch}/"):
            return column
        target = place.segments / Path(column.stored.path).name
        try:
            target.hardlink_to(column.stored.path)
        except FileExistsError:
            pass  # another frame has the same column
        except FileNotFoundError:
            return column.unstored()
        new.append(target)
        return dataclasses.replace(column, stored=SegmentRef(str(target), column.stored.field))

    def _make_room(self, needed: int) -> None:
        """Writes the frames that were not used for longest until the values in memory fit."""
        shelf = self._shelf
        if not shelf.crowded(needed):
            return
        with shelf.lock:
            records = sorted((r for r in shelf.records.values() if r.in_memory), key=lambda record: record.used)
        for record in records:
            if not shelf.crowded(needed):
                return
            self.write(record)

    def _name(self, record: Record, garbage: list[Path]) -> None:
        manifest = record.manifest
        assert manifest is not None
        relative = {path: self._shelf.relative(path) for path in files_of(manifest)}
        stored = {**manifest, "columns": [self._renamed(e, relative.__getitem__) for e in manifest["columns"]]}
        self._shelf.name(record, files_of(manifest), garbage, orjson.dumps(stored))

    def _manifest_of(self, record: Record) -> dict[str, Any]:
        manifest = record.manifest
        if manifest is None:
            stored = self._shelf.payload(record.key)
            absolute = {path: self._shelf.absolute(path) for path in files_of(stored)}
            manifest = {**stored, "columns": [self._renamed(e, absolute.__getitem__) for e in stored["columns"]]}
            record.manifest = manifest
        return manifest

    @staticmethod
    def _renamed(entry: Mapping[str, Any], rename: Any) -> dict[str, Any]:
        return {**entry, **{name: rename(entry[name]) for name in ("file", "levels_file") if name in entry}}

    def _adopted(self, manifest: Mapping[str, Any]) -> dict[str, Any]:
        """The manifest with every file moved into the segment folder."""
        moved = {path: self._adopt(Path(path)) for path in files_of(manifest)}
        return {**manifest, "columns": [self._renamed(e, moved.__getitem__) for e in manifest["columns"]]}

    def _adopt(self, path: Path) -> str:
        target = self._shelf.place.segments / path.name
        if path.parent != target.parent:
            try:
                path.rename(target)
            except FileNotFoundError:
                # moved already, by another frame of the same job that shares the file
                if not target.exists():
                    raise NotFound(f"The data file {path.name} of a frame is gone; the frame cannot be kept.") from None
        return str(target)


def _files_in(frame: Frame) -> set[str]:
    """The files that hold columns of a frame."""
    refs = [ref for column in frame.columns for ref in (column.stored, column.domain_stored)]
    return {ref.path for ref in refs if ref is not None}


def _disk_is_full(error: BaseException) -> bool:
    return getattr(error, "errno", None) in (errno.ENOSPC, errno.EDQUOT) or "No space left" in str(error)
