"""Who needs which file of the store: a file is removed when its last holder lets go.

Holders are the objects in the store, the rows of the catalogue (which may still name an older content of a key), and
leases (running jobs). Segments are shared between frames, so no single object owns them.
"""

from __future__ import annotations

import contextlib
from collections.abc import Hashable, Iterable
from pathlib import Path


class FileLedger:
    """Holders of files and folders, and the sizes of these. Not thread-safe: the store's lock guards it."""

    def __init__(self) -> None:
        self._held: dict[Hashable, frozenset[str]] = {}
        self._holders: dict[str, int] = {}
        self._sizes: dict[str, int] = {}
        self.nbytes = 0

    def __contains__(self, path: object) -> bool:
        return path in self._holders

    def hold(self, holder: Hashable, paths: Iterable[str]) -> list[Path]:
        """The holder needs exactly these paths from now on; returns those that nobody needs any more."""
        before, after = self._held.get(holder, frozenset()), frozenset(paths)
        for path in after - before:
            if path not in self._holders:
                self._sizes[path] = size_of(Path(path))
                self.nbytes += self._sizes[path]
            self._holders[path] = self._holders.get(path, 0) + 1
        if after:
            self._held[holder] = after
        else:
            self._held.pop(holder, None)
        return [path for path in map(self._let_go, before - after) if path]

    def release(self, holder: Hashable) -> list[Path]:
        """The holder needs nothing any more; returns the paths that nobody needs."""
        return self.hold(holder, ())

    def _let_go(self, path: str) -> Path | None:
        self._holders[path] -= 1
        if self._holders[path]:
            return None
        del self._holders[path]
        self.nbytes -= self._sizes.pop(path)
        return Path(path)

    def files(self) -> set[str]:
        """Every path that somebody needs."""
        return set(self._holders)


def size_of(path: Path) -> int:
    """Bytes of a file, or of all files in a folder; 0 when it is gone."""
    with contextlib.suppress(OSError):
        if path.is_dir():
            return sum(size_of(child) for child in path.iterdir())
        return path.stat().st_size
    return 0
