"""What kind of process this is: a worker runs nothing but our tasks, so it may import libraries in the way they need."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager

_is_worker = False


def become_worker() -> None:
    """Notes that this process is a worker for the rest of its life."""
    global _is_worker
    _is_worker = True


@contextmanager
def without(module: str) -> Iterator[None]:
    """In a worker, makes the import of a module fail meanwhile: for libraries that only take it up where it is installed.

    Elsewhere, and where the module is imported already, nothing happens.
    """
    if not _is_worker or module in sys.modules:
        yield
        return
    sys.modules[module] = None  # type: ignore[assignment]  # Python's own way of saying that there is none
    try:
        yield
    finally:
        del sys.modules[module]
