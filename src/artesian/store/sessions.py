"""Sessions of clients: their names and when each was last used. Which objects are theirs is noted with the objects."""

from __future__ import annotations

from artesian.core.clock import now_ms
from artesian.core.ids import check_key, new_key
from artesian.store.catalogue import Catalogue

_NOTE_EVERY_MS = 60_000  # how stale the catalogue's notion of "last used" may be


class Sessions:
    """The open sessions of a store. Not thread-safe: the store's lock guards it."""

    def __init__(self, catalogue: Catalogue) -> None:
        self._catalogue = catalogue
        self._noted: dict[str, int] = catalogue.sessions()
        self._used: dict[str, int] = dict(self._noted)

    def names(self) -> list[str]:
        """The open sessions, in order of opening."""
        return list(self._used)

    def open(self, session: str | None) -> str:
        """Opens a session of that name, or of a new one, and returns its name."""
        name = check_key(session, "session") if session is not None else new_key("_sid")
        self.touch(name)
        return name

    def touch(self, session: str) -> None:
        """Notes that the session is in use; opens it if need be."""
        now = now_ms()
        if now - self._noted.get(session, 0) > _NOTE_EVERY_MS:
            self._catalogue.put_session(check_key(session, "session"), now)
            self._noted[session] = now
        self._used[session] = now

    def close(self, session: str) -> None:
        """Forgets a session."""
        self._used.pop(session, None)
        if self._noted.pop(session, None) is not None:
            self._catalogue.remove_session(session)

    def idle(self, longer_than_ms: float) -> list[str]:
        """The sessions that were not used for so long."""
        oldest = now_ms() - longer_than_ms
        return [session for session, used in self._used.items() if used < oldest]
