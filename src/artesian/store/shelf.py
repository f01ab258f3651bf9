"""The guarded table behind the store: objects by key, the files they need, the catalogue's rows, and leases.

Every change runs under one lock and in this order: new files are whole, then the row that names them is committed, then
what nobody needs any more is removed.
"""

from __future__ import annotations

import contextlib
import itertools
import logging
import threading
from collections import deque
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

import orjson

from artesian.core.errors import Conflict, NotFound, did_you_mean
from artesian.core.settings import Settings
from artesian.frame.segment import forget
from artesian.store.budget import budget_bytes, disk_full, over_budget
from artesian.store.catalogue import Catalogue
from artesian.store.entry import Kind, Record, Stamp
from artesian.store.folder import StoreFolder, delete, sync
from artesian.store.fresh import FreshColumns
from artesian.store.ledger import FileLedger
from artesian.store.sessions import Sessions

_log = logging.getLogger("artesian.store")
_IN_MEMORY_SHARE = 0.5
_REMEMBERED_REMOVALS = 1_000


class Lease:
    """Keeps files of the store from being removed until it is released; also a context manager."""

    def __init__(self, shelf: Shelf, token: object) -> None:
        self._shelf = shelf
        self._token = token

    def release(self) -> None:
        """Lets go; releasing twice is fine."""
        self._shelf.release(self._token)

    def __enter__(self) -> Lease:
        return self

    def __exit__(self, *_: object) -> None:
        self.release()


class Shelf:
    """Objects by key within one folder. `lock` is reentrant; take it only through `change` and short reads.

    `removed` counts the objects that were removed; `removals` are the last of them, the latest at the end.
    """

    def __init__(self, settings: Settings) -> None:
        self.budget = budget_bytes(settings)
        self.lock = threading.RLock()
        self.place = StoreFolder(settings.data_dir)
        try:
            self.catalogue = Catalogue(self.place.catalogue)
        except BaseException:
            self.place.release()
            raise
        self.records: dict[str, Record] = {}
        self.removals: deque[tuple[str, Stamp]] = deque(maxlen=_REMEMBERED_REMOVALS)
        self.removed = 0
        self.ledger = FileLedger()
        self.fresh = FreshColumns()
        self.sessions = Sessions(self.catalogue)
        self.closed = False
        self.paging_factor = 1.0 if self.place.is_memory() else settings.paging_factor
        self._rows: set[str] = set()
        self._lease_numbers = itertools.count(1)
        self._load()

    # ---- reading ----

    def record(self, key: str, kind: Kind | None = None) -> Record:
        """The object of that key; NotFound names a near key, or says that the object is of another kind."""
        record = self.records.get(key)
        if record is None or (kind is not None and record.kind is not kind):
            self.check_open()
            raise self._missing(key, kind, record)
        return record

    def _missing(self, key: str, kind: Kind | None, other: Record | None) -> NotFound:
        what = "object" if kind is None else kind.value
        if other is not None:
            return NotFound(
                f"There is no {what} '{key}': the object of that key is of kind {other.kind.value}.", key=key
            )
        with self.lock:
            known = [name for name, record in self.records.items() if kind is None or record.kind is kind]
        return NotFound(f"There is no {what} '{key}'.{did_you_mean(key, known)}", key=key)

    def check_open(self) -> None:
        """Raises Conflict once the store is closed."""
        if self.closed:
            raise Conflict("The store is closed: the server is stopping.")

    # ---- changing ----

    @contextlib.contextmanager
    def change(self) -> Iterator[list[Path]]:
        """Holds the lock; paths put into the list are removed from the disk after it is given back."""
        garbage: list[Path] = []
        try:
            with self.lock:
                self.check_open()
                yield garbage
        finally:
            for path in garbage:
                forget(str(path))
                delete(path)

    def install(self, record: Record, files: Iterable[str], garbage: list[Path]) -> None:
        """Puts the object under its key, in place of any earlier one, and holds its files."""
        earlier = self.records.pop(record.key, None)
        garbage += self.ledger.hold(("live", record.key), files)
        if earlier is not None:
            self._let_go(earlier)
        if not self.place.durable:
            # a durable store keeps naming the earlier content until the new one is written: a kill in between loses nothing
            self._unname([record.key], garbage)
        self.records[record.key] = record
        if record.session is not None:
            self.sessions.touch(record.session)

    def name(self, record: Record, files: Iterable[str], garbage: list[Path], payload: bytes = b"{}") -> None:
        """Commits the object to the catalogue; its files must be whole."""
        held = list(files)
        row = {
            "key": record.key,
            "kind": record.kind.value,
            "created_ms": record.created_ms,
            "nbytes": record.nbytes,
            "session": record.session,
            "source": record.source,
            "payload": payload,
        }
        self.catalogue.put(row, [self.relative(path) for path in held])
        self._rows.add(record.key)
        garbage += self.ledger.hold(("live", record.key), held)
        garbage += self.ledger.hold(("row", record.key), held)

    def remove(self, keys: Iterable[str], garbage: list[Path]) -> None:
        """Forgets objects and their rows."""
        gone = list(keys)
        self._unname(gone, garbage)
        for key in gone:
            record = self.records.pop(key)
            self._let_go(record)
            garbage += self.ledger.release(("live", key))
            self.removals.append((key, record.stamp))
        self.removed += len(gone)

    def _unname(self, keys: Iterable[str], garbage: list[Path]) -> None:
        named = [key for key in keys if key in self._rows]
        if named:
            self.catalogue.remove(named)
        for key in named:
            self._rows.discard(key)
            garbage += self.ledger.release(("row", key))

    def _let_go(self, record: Record) -> None:
        if record.in_memory and record.frame is not None:
            self.fresh.drop(record.frame)
            record.in_memory = False

    def sync(self, paths: Iterable[Path]) -> None:
        """Makes new files, and their names, outlive a power cut, if the store is durable."""
        if self.place.durable:
            parents = set()
            for path in paths:
                sync(path)
                parents.add(path.parent)
            for parent in parents:
                sync(parent, deep=False)

    # ---- limits ----

    def admit(self, what: str, needed: int) -> None:
        """Raises OutOfMemory when so many further bytes are over what the budget allows in memory and on disk."""
        allowed = self.allowed()
        used = self.fresh.nbytes + self.ledger.nbytes
        if used + needed > allowed:
            largest = sorted(((r.key, r.nbytes) for r in self.records.values()), key=lambda item: -item[1])
            raise over_budget(what, needed, used, allowed, self.budget, largest)

    def allowed(self) -> int:
        """Bytes that all objects may take in memory and on disk together."""
        return int(self.budget * self.paging_factor)

    def crowded(self, further: int = 0) -> bool:
        """Whether the values in memory and `further` bytes should partly go to disk.

        They may take half of the budget, the rest being for jobs; and less where files, of which pages are in memory too,
        counted at 1 / paging_factor, leave less.
        """
        in_memory = self.fresh.nbytes + further
        on_disk = self.ledger.nbytes / self.paging_factor
        return in_memory > min(self.budget * _IN_MEMORY_SHARE, self.budget - on_disk)

    def check_disk(self, what: str, needed: int) -> None:
        """Raises OutOfMemory when the disk cannot take so many bytes."""
        free = self.place.free_bytes()
        if needed > free:
            raise disk_full(what, needed, free, self.place.path)

    # ---- leases ----

    def lease(self, paths: Iterable[str | Path]) -> Lease:
        """Keeps paths alive; NotFound when one is gone already."""
        wanted = {str(path) for path in paths}
        with self.lock:
            self.check_open()
            for path in wanted:
                if path not in self.ledger and not Path(path).exists():
                    raise NotFound(
                        "An object that was to be used was removed meanwhile. Repeat the call with one that exists."
                    )
            token = ("lease", next(self._lease_numbers))
            self.ledger.hold(token, wanted)
        return Lease(self, token)

    def release(self, token: object) -> None:
        """Ends a lease."""
        with self.lock:
            garbage = self.ledger.release(token)
        for path in garbage:
            forget(str(path))
            delete(path)

    # ---- opening and closing ----

    def relative(self, path: str) -> str:
        """A path of the store as the catalogue names it."""
        return str(Path(path).relative_to(self.place.path))

    def absolute(self, name: str) -> str:
        """The path that the catalogue names."""
        return str(self.place.path / name)

    def _load(self) -> None:
        """Takes over what the catalogue names and removes every other file."""
        named: set[str] = set()
        for row in self.catalogue.objects():
            files = [self.absolute(name) for name in row["files"]]
            named.update(files)
            self._rows.add(row["key"])
            self.ledger.hold(("row", row["key"]), files)
            lost = next((path for path in files if not Path(path).exists()), None)
            if lost is not None:
                _log.error("The object '%s' is left out: its file %s is gone.", row["key"], lost)
                continue
            record = Record(row["key"], Kind(row["kind"]), row["created_ms"], row["nbytes"], row["session"])
            record.folder = Path(files[0]) if record.kind is Kind.MODEL else None
            record.source = files[0] if record.kind is Kind.FILE and files else row["source"]
            self.records[record.key] = record
            self.ledger.hold(("live", record.key), files)
            if record.session is not None:
                self.sessions.touch(record.session)
        self.place.sweep(named)

    def payload(self, key: str) -> dict[str, Any]:
        """The JSON content that the catalogue keeps of an object."""
        content = self.catalogue.payload(key)
        if content is None:
            raise self._missing(key, None, None)
        return dict(orjson.loads(content))

    def close(self) -> None:
        """Gives everything back; a temporary folder goes."""
        with self.lock:
            self.closed = True
            self.records.clear()
            forget()
            self.catalogue.close()
            self.place.release()
