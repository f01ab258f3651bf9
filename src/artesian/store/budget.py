"""The memory budget: how much frames may take in memory, and on disk beside it, and the sentence when they do not fit.

Values in memory count in full and may take half of the budget, the rest being for jobs. Values in mapped files are
pageable: the kernel drops and re-reads their pages as it needs, so all objects together may take `paging_factor` times the
budget (once, where the files lie in memory themselves). Values in memory are written out before anything is refused.
"""

from __future__ import annotations

import os
from collections.abc import Sequence
from functools import cache
from pathlib import Path

from artesian.core.errors import OutOfMemory
from artesian.core.settings import Settings

_DEFAULT_SHARE = 0.75
_LARGEST_NAMED = 3
_CGROUP_LIMITS = (Path("/sys/fs/cgroup/memory.max"), Path("/sys/fs/cgroup/memory/memory.limit_in_bytes"))


@cache  # asked at every request; a container's limit is taken as it was at the start
def machine_memory() -> int:
    """Bytes of memory that this machine, or the container around this process, has."""
    total = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
    for path in _CGROUP_LIMITS:
        try:
            total = min(total, int(path.read_text()))
        except (OSError, ValueError):  # no such file, or "max"
            continue
    return total


def budget_bytes(settings: Settings) -> int:
    """Bytes that frames, models and jobs may take: `memory_budget_mb`, or three quarters of the machine's memory."""
    return settings.memory_budget_mb << 20 or int(machine_memory() * _DEFAULT_SHARE)


def worker_bytes(settings: Settings) -> int:
    """Bytes that one worker process may hold: `worker_memory_mb`, or the whole budget."""
    return settings.worker_memory_mb << 20 or budget_bytes(settings)


def show_bytes(count: float) -> str:
    """A size as a person reads it: `512 B`, `1.5 MB`."""
    size = float(count)
    for unit in ("B", "KB", "MB", "GB"):
        if size < 1024:
            return f"{size:.0f} {unit}" if unit == "B" else f"{size:.1f} {unit}"
        size /= 1024
    return f"{size:.1f} TB"


def over_budget(
    what: str, needed: int, used: int, allowed: int, budget: int, largest: Sequence[tuple[str, int]]
) -> OutOfMemory:
    """The error for an object that does not fit, with how much is used, by what, and what to do."""
    named = ", ".join(f"'{key}' {show_bytes(size)}" for key, size in largest[:_LARGEST_NAMED])
    return OutOfMemory(
        f"{what} ({show_bytes(needed)}) does not fit: {show_bytes(used)} of the {show_bytes(allowed)} that a memory "
        f"budget of {show_bytes(budget)} allows in memory and on disk are in use"
        f"{f' (largest: {named})' if named else ''}. "
        "Remove objects that are no longer needed, or start the server with a larger --memory-budget-mb.",
        needed=needed,
        used=used,
        allowed=allowed,
    )


def disk_full(what: str, needed: int, free: int, folder: Path) -> OutOfMemory:
    """The error for an object that the disk under the store cannot take."""
    return OutOfMemory(
        f"{what} ({show_bytes(needed)}) cannot be written: the disk of {folder} has {show_bytes(free)} free. "
        "Remove objects that are no longer needed, free disk space, or start the server with --data-dir on a larger disk.",
        needed=needed,
        free=free,
    )
