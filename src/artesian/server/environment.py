"""What Rapids expressions of one session reach: the store's objects, through the session that sends them."""

from __future__ import annotations

import secrets
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from artesian.core.errors import Conflict
from artesian.core.settings import Settings
from artesian.frame import Frame
from artesian.frame.overflow import Overflow, overflowing
from artesian.rapids import Reference
from artesian.server.state import Server
from artesian.store import Kind, budget_bytes

_RESULT_PART = 8  # of the memory budget may be one result in memory


class StoreEnvironment:
    """An `Environment` over the store. Temporaries belong to the session and go with it."""

    def __init__(self, server: Server, session: str) -> None:
        self.server = server
        self.session = session
        self.settings: Settings = server.settings
        self._store = server.store

    @property
    def time_zone(self) -> str:
        """Where times without a zone are; one for the whole server, as clients expect."""
        return self.server.time_zone

    @time_zone.setter
    def time_zone(self, name: str) -> None:
        self.server.time_zone = name

    @contextmanager
    def evaluating(self) -> Iterator[None]:
        """Within it, results that are too large for memory go to a scratch folder, from which the store takes what is named."""
        folders: list[Path] = []

        def folder() -> Path:
            if not folders:
                made = self._store.scratch_folder / f"rapids_{secrets.token_hex(8)}"
                made.mkdir()
                folders.append(made)
            return folders[0]

        most = budget_bytes(self.settings) // _RESULT_PART
        try:
            with overflowing(Overflow(most, folder)):
                yield
        finally:
            for made in folders:
                shutil.rmtree(made, ignore_errors=True)

    def lookup(self, name: str) -> Frame | Reference:
        """The frame, or a reference to another object, of that name; NotFound otherwise."""
        kind = self._store.kind_of(name)
        return self._store.frame(name) if kind is Kind.FRAME else Reference(kind.value, name)

    def __contains__(self, name: str) -> bool:
        return name in self._store

    def assign(self, name: str, frame: Frame) -> None:
        """A global of that name; Conflict where a temporary has it."""
        if name in self._store and self._store.entry(name).session is not None:
            raise Conflict(f"'{name}' is a temporary of a session; assign the frame to another name.")
        self._store.put_frame(name, frame)

    def assign_temporary(self, name: str, frame: Frame) -> None:
        """A temporary of the session."""
        self._store.put_frame(name, frame, session=self.session)

    def replace(self, name: str, frame: Frame) -> None:
        """Puts another frame in the place of one, temporary or global as that is."""
        self._store.put_frame(name, frame, session=self._store.entry(name).session)

    def remove(self, name: str) -> bool:
        """Removes the object; whether there was one."""
        there = name in self._store
        self._store.remove(name, missing_ok=True)
        return there

    def rename(self, old: str, new: str) -> None:
        """Gives a frame another name."""
        session = self._store.entry(old).session
        self._store.put_frame(new, self._store.frame(old), session=session)
        if old != new:
            self._store.remove(old)

    def names(self) -> list[str]:
        """The names of all objects, sorted."""
        return sorted(self._store.keys())
