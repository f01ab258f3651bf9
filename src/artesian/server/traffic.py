"""The last requests that the server answered: a ring of fixed size, cheap to write on the event loop."""

from __future__ import annotations

import collections
import time
from dataclasses import dataclass
from urllib.parse import quote

_KEPT_AS_IT_IS = "/%:@!$&()*+,;=~-._"


@dataclass(frozen=True)
class Exchange:
    """One answered request: when it came (nanoseconds since 1970 UTC), from whom, what it asked, how it went.

    The path has no query, which may hold secrets, and is percent-encoded, so that no page shows it as markup.
    """

    time_ns: int
    client: str
    method: str
    path: str
    status: int
    took_ns: int


class Traffic:
    """Remembers the last `size` exchanges, oldest first."""

    def __init__(self, size: int) -> None:
        self._ring: collections.deque[tuple[int, tuple[str, int] | None, str, str, int, int]] = collections.deque(
            maxlen=size
        )

    def note(self, client: tuple[str, int] | None, method: str, path: str, status: int, took_ns: int) -> None:
        """Adds an exchange that has just ended."""
        self._ring.append((time.time_ns() - took_ns, client, method, path, status, took_ns))

    def last(self) -> list[Exchange]:
        """What is remembered."""
        return [
            Exchange(when, ":".join(map(str, client or ())), method, quote(path, safe=_KEPT_AS_IT_IS), status, took)
            for when, client, method, path, status, took in list(self._ring)
        ]
