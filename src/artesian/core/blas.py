"""How many threads the linear algebra of NumPy and SciPy uses: OpenBLAS, set in the libraries that this process has loaded.

Threads that wait for each other at small products spend more processor time than they save.
"""

from __future__ import annotations

import contextlib
import ctypes
from collections.abc import Iterator
from pathlib import Path


def set_threads(count: int) -> None:
    """Gives every OpenBLAS of this process so many threads."""
    for library in _loaded():
        for suffix in ("64_", "", "_64"):
            for prefix in ("scipy_openblas", "openblas"):
                setter = getattr(library, f"{prefix}_set_num_threads{suffix}", None)
                if setter is not None:
                    setter(ctypes.c_int(count))


@contextlib.contextmanager
def threads(count: int, afterwards: int) -> Iterator[None]:
    """So many threads meanwhile, and `afterwards` then."""
    set_threads(count)
    try:
        yield
    finally:
        set_threads(afterwards)


def _loaded() -> list[ctypes.CDLL]:
    maps = Path("/proc/self/maps")
    if not maps.exists():
        return []
    lines = maps.read_text(encoding="utf-8", errors="replace").splitlines()
    paths = {line.split(None, 5)[5].strip() for line in lines if "openblas" in line}
    return [ctypes.CDLL(path) for path in sorted(paths) if Path(path).exists()]
