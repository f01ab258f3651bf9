"""The store: every object of a server by its key. All server code shares one; every method is thread-safe.

Frames live as immutable values on mapped segment files; those made in the server (by Rapids) are in memory first. With a
data folder a background thread writes them, temporaries of sessions too, so that a restarted server has all of them;
without one they are written only when a worker needs them or the memory budget is short.
"""

from __future__ import annotations

import itertools
import resource
import secrets
import shutil
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

import orjson

from artesian.core.clock import now_ms
from artesian.core.errors import Conflict, InvalidArgument
from artesian.core.ids import check_key
from artesian.core.settings import Settings
from artesian.frame import Frame
from artesian.store.blobs import Blobs
from artesian.store.entry import Entry, Kind, Record, Stamp
from artesian.store.flusher import Flusher
from artesian.store.frames import Frames
from artesian.store.ledger import size_of
from artesian.store.shelf import Lease, Shelf

_NAMED_DELAY_SECS = 0.0
_TEMPORARY_DELAY_SECS = 1.0  # most intermediate results are dropped sooner and never reach the disk
_OPEN_FILES = 65_536
_DETAILS = "details.json"


class Store:
    """Opens `settings.data_dir`, or a temporary folder that goes with the server, and takes its lock.

    `blobs` keeps named notes apart from the objects. Raises Conflict when another server uses the folder,
    InvalidArgument when it cannot be used.
    """

    def __init__(self, settings: Settings) -> None:
        _allow_open_files()
        self._settings = settings
        self._shelf = Shelf(settings)
        self._frames = Frames(self._shelf)
        self.blobs = Blobs(self._shelf.catalogue, settings.note_versions)
        self._flusher = Flusher(self._frames.write_key, self._close_idle_sessions)

    # ---- places ----

    @property
    def folder(self) -> Path:
        """The folder of everything."""
        return self._shelf.place.path

    @property
    def segment_folder(self) -> Path:
        """Where column files of frames lie. Workers write into their scratch folder; `put_manifest` moves it here."""
        return self._shelf.place.segments

    @property
    def upload_folder(self) -> Path:
        """Where uploaded files lie; a file here belongs to the FILE object that names it."""
        return self._shelf.place.uploads

    @property
    def scratch_folder(self) -> Path:
        """Where jobs write what is not finished, on the same file system; emptied at every start."""
        return self._shelf.place.scratch

    @property
    def durable(self) -> bool:
        """Whether objects outlive the server."""
        return self._shelf.place.durable

    # ---- any object ----

    def __contains__(self, key: object) -> bool:
        return key in self._shelf.records

    def __iter__(self) -> Iterator[str]:
        return iter(self.keys())

    def __len__(self) -> int:
        return len(self._shelf.records)

    def keys(self, kind: Kind | None = None) -> list[str]:
        """The keys of all objects, or of those of a kind, oldest first."""
        with self._shelf.lock:
            return [key for key, record in self._shelf.records.items() if kind is None or record.kind is kind]

    def stamps(self) -> dict[str, Stamp]:
        """The stamp of each object, by its key."""
        with self._shelf.lock:
            return {key: record.stamp for key, record in self._shelf.records.items()}

    def removals(self, since: int) -> tuple[int, dict[str, Stamp]]:
        """How many objects were removed so far, and those after the first `since`, by key; of very many the last ones."""
        with self._shelf.lock:
            count = self._shelf.removed
            fresh = min(count - since, len(self._shelf.removals))
            return count, dict(itertools.islice(self._shelf.removals, len(self._shelf.removals) - fresh, None))

    def kind_of(self, key: str) -> Kind:
        """What the object is; NotFound names a near key."""
        return self._shelf.record(key).kind

    def entry(self, key: str) -> Entry:
        """The facts of an object; NotFound names a near key."""
        return self._shelf.record(key).entry()

    def remove(self, key: str, *, missing_ok: bool = False) -> None:
        """Forgets an object and frees the files that nothing else uses; NotFound when there is none."""
        with self._shelf.change() as garbage:
            if missing_ok and key not in self._shelf.records:
                return
            self._shelf.remove([self._shelf.record(key).key], garbage)

    def remove_all(self, keep: Iterable[str] = ()) -> list[str]:
        """Forgets every object but those of these keys; returns the forgotten keys. Notes (`blobs`) stay."""
        kept = set(keep)
        with self._shelf.change() as garbage:
            gone = [key for key in self._shelf.records if key not in kept]
            self._shelf.remove(gone, garbage)
        return gone

    def nbytes(self) -> int:
        """Bytes of all objects, in memory and in files; what objects share counts once."""
        with self._shelf.lock:
            return self._shelf.fresh.nbytes + self._shelf.ledger.nbytes

    def usage(self) -> dict[str, int]:
        """Bytes `in_memory` and `on_disk`, the `budget`, and what both together may take (`allowed`)."""
        with self._shelf.lock:
            return {
                "in_memory": self._shelf.fresh.nbytes,
                "on_disk": self._shelf.ledger.nbytes,
                "budget": self._shelf.budget,
                "allowed": self._shelf.allowed(),
            }

    # ---- frames ----

    def put_frame(self, key: str, frame: Frame, *, session: str | None = None) -> None:
        """Names a frame, in place of any earlier object of the key; with `session`, as a temporary of that session.

        Raises OutOfMemory when the memory budget does not hold it even after other frames were written to disk.
        """
        in_memory = self._frames.put(key, frame, session)
        if in_memory and self.durable:
            self._flusher.schedule(key, _NAMED_DELAY_SECS if session is None else _TEMPORARY_DELAY_SECS)

    def frame(self, key: str) -> Frame:
        """The frame of that key; NotFound names a near key.

        The same object each time (but for once, when it is written to disk), so what is worked out about its columns stays.
        """
        return self._frames.get(key)

    def manifest(self, key: str) -> dict[str, Any]:
        """From which a worker opens the frame; columns in memory are written first. Not to be changed by the caller."""
        return self._frames.manifest(key)

    def put_manifest(self, key: str, manifest: Mapping[str, Any], *, session: str | None = None) -> None:
        """Names the frame that a worker wrote; files outside of the segment folder are moved into it.

        Raises NotFound when a file is gone, OutOfMemory when the budget does not hold it (the files are removed then).
        """
        self._frames.put_manifest(key, manifest, session)

    def flush(self) -> None:
        """Writes every frame that is in memory only; afterwards a durable store loses nothing when it is killed."""
        self._frames.write_all()

    # ---- models ----

    def put_model(self, key: str, folder: str | Path) -> None:
        """Adopts a finished model folder (with its details.json) by moving it, in place of any object of the key."""
        check_key(key)
        folder = Path(folder)
        if not (folder / _DETAILS).is_file():
            raise InvalidArgument(f"The folder {folder.name} is no finished model: it holds no {_DETAILS}.")
        target = self._shelf.place.models / f"model_{secrets.token_hex(10)}"
        shutil.move(folder, target)
        self._shelf.sync([target])
        self._put(Record(key, Kind.MODEL, now_ms(), size_of(target), folder=target), [str(target)])

    def put_partial_model(self, key: str, details: dict[str, Any]) -> None:
        """Shows a model that is still being trained; kept in memory only."""
        check_key(key)
        with self._shelf.change() as garbage:
            record = self._shelf.records.get(key)
            if record is not None and record.kind is Kind.MODEL and record.folder is None:
                record.details = details
            else:
                self._shelf.install(Record(key, Kind.MODEL, now_ms(), 0, details=details), (), garbage)

    def model_folder(self, key: str) -> Path:
        """The folder of a finished model, not to be changed; Conflict while it is being trained."""
        folder = self._shelf.record(key, Kind.MODEL).folder
        if folder is None:
            raise Conflict(f"The model '{key}' is still being trained. Wait until its job is done.")
        return folder

    def model_details(self, key: str) -> dict[str, Any]:
        """What the model tells of itself (its details.json, kept once read), not to be changed by the caller."""
        record = self._shelf.record(key, Kind.MODEL)
        if record.details is None:
            assert record.folder is not None
            record.details = dict(orjson.loads((record.folder / _DETAILS).read_bytes()))
        return record.details

    # ---- documents and files ----

    def put_document(self, kind: Kind, key: str, document: dict[str, Any]) -> None:
        """Keeps a JSON-safe mapping (metrics, …) under the key, in place of any earlier object of it."""
        if not kind.is_document:
            raise InvalidArgument(f"An object of kind {kind} is no document.")
        content = orjson.dumps(document, option=orjson.OPT_SERIALIZE_NUMPY)
        self._put(Record(check_key(key), kind, now_ms(), len(content)), (), content)

    def document(self, kind: Kind, key: str) -> dict[str, Any]:
        """A copy of the mapping; NotFound names a near key."""
        self._shelf.record(key, kind)
        return self._shelf.payload(key)

    def put_file(self, key: str, source: str | Path) -> None:
        """Names a raw source: a file of the upload folder (then removed with the key), another path, or an address."""
        check_key(key)
        source = str(source)
        is_address = "://" in source
        owned = not is_address and Path(source).parent == self.upload_folder
        if owned:
            self._shelf.sync([Path(source)])
        nbytes = 0 if is_address else size_of(Path(source))
        self._put(Record(key, Kind.FILE, now_ms(), nbytes, source=source), [source] if owned else [])

    def file(self, key: str) -> Path | str:
        """The path of a raw source, or its address."""
        source = self._shelf.record(key, Kind.FILE).source
        return source if "://" in source else Path(source)

    def new_upload_path(self) -> Path:
        """A path in the upload folder that nothing else has."""
        return self.upload_folder / f"upload_{secrets.token_hex(10)}"

    def _put(self, record: Record, files: Iterable[str], payload: bytes = b"{}") -> None:
        held = list(files)
        with self._shelf.change() as garbage:
            self._shelf.install(record, held, garbage)
            self._shelf.name(record, held, garbage, payload)

    # ---- sessions ----

    def open_session(self, session: str | None = None) -> str:
        """Opens a session of that name, or of a new one, and returns its name."""
        with self._shelf.change():
            return self._shelf.sessions.open(session)

    def touch(self, session: str) -> None:
        """Notes that the session is in use; one that is unknown is opened."""
        with self._shelf.change():
            self._shelf.sessions.touch(session)

    def close_session(self, session: str) -> list[str]:
        """Ends a session and removes its temporaries; returns their keys. An unknown session has none."""
        with self._shelf.change() as garbage:
            gone = self.session_keys(session)
            self._shelf.remove(gone, garbage)
            self._shelf.sessions.close(session)
        return gone

    def session_keys(self, session: str) -> list[str]:
        """The keys of a session's temporaries, oldest first."""
        with self._shelf.lock:
            return [key for key, record in self._shelf.records.items() if record.session == session]

    def sessions(self) -> list[str]:
        """The open sessions."""
        with self._shelf.lock:
            return self._shelf.sessions.names()

    def _close_idle_sessions(self) -> None:
        with self._shelf.lock:
            idle = self._shelf.sessions.idle(self._settings.session_idle_secs * 1000)
        for session in idle:
            self.close_session(session)

    # ---- leases and the end ----

    def lease(self, paths: Iterable[str | Path]) -> Lease:
        """Keeps segment files, model folders and uploads alive, whatever is removed meanwhile, until it is released.

        Raises NotFound when one of them is gone already.
        """
        return self._shelf.lease(paths)

    def paths_in(self, arguments: Any) -> set[str]:
        """The paths of segments, models and uploads anywhere within nested mappings, lists and tuples."""
        place = self._shelf.place
        parts = tuple(f"{part}/" for part in (place.segments, place.models, place.uploads))
        found: set[str] = set()
        rest = [arguments]
        while rest:
            item = rest.pop()
            if isinstance(item, Mapping):
                rest.extend(item.values())
            elif isinstance(item, (list, tuple, set, frozenset)):
                rest.extend(item)
            elif isinstance(item, (str, Path)) and str(item).startswith(parts):
                found.add(str(item))
        return found

    def close(self) -> None:
        """Writes what is fresh (if the store is durable), gives the lock back and removes a temporary folder."""
        if self._shelf.closed:
            return
        self._flusher.close()
        if self.durable:
            self.flush()
        self._shelf.close()

    def __enter__(self) -> Store:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


def _allow_open_files() -> None:
    """Raises this process's limit of open files as far as it may: each mapped file may keep one open."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = _OPEN_FILES if hard == resource.RLIM_INFINITY else min(hard, _OPEN_FILES)
    if soft != resource.RLIM_INFINITY and soft < wanted:
        resource.setrlimit(resource.RLIMIT_NOFILE, (wanted, hard))
