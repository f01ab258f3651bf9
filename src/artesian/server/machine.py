"""Facts of the machine and of this process, read from the operating system; zero or -1 where it does not tell."""

from __future__ import annotations

import os
import resource
import shutil
import threading
import time
from pathlib import Path

_PAGE = os.sysconf("SC_PAGE_SIZE")
_TICKS = os.sysconf("SC_CLK_TCK")
_STAT = Path("/proc/stat")
_JIFFIES = 5


def memory_total() -> int:
    """Bytes of the machine's memory."""
    return os.sysconf("SC_PHYS_PAGES") * _PAGE


def memory_free() -> int:
    """Bytes that new work can use, page cache counted as free."""
    try:
        for line in Path("/proc/meminfo").read_text().splitlines():
            if line.startswith("MemAvailable:"):
                return int(line.split()[1]) * 1024
    except OSError:
        pass
    return 0


def memory_used() -> int:
    """Resident bytes of this process."""
    try:
        return int(Path("/proc/self/statm").read_text().split()[1]) * _PAGE
    except OSError:
        return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024


def load_average() -> float:
    """Runnable processes, mean of the last minute."""
    return os.getloadavg()[0]


def disk(folder: Path) -> tuple[int, int]:
    """Free and total bytes of the file system that holds the folder."""
    usage = shutil.disk_usage(folder)
    return usage.free, usage.total


def open_files() -> int:
    """Open file descriptors of this process."""
    try:
        return len(os.listdir("/proc/self/fd"))  # noqa: PTH208 - a Path a descriptor would be made for nothing
    except OSError:
        return -1


def cpu_ticks() -> list[list[int]]:
    """User, system, other and idle clock ticks of each core since the machine started."""
    try:
        lines = _STAT.read_text().splitlines()
    except OSError:
        return []
    cores = [line.split() for line in lines if line.startswith("cpu") and line[3:4].isdigit()]
    rows = []
    for fields in cores:
        user, nice, system, idle, *other = (int(field) for field in fields[1:])
        rows.append([user + nice, system, sum(other), idle])
    return rows


class CpuShare:
    """Share of the processors that this process, and everything together, used since the last question."""

    def __init__(self) -> None:
        self._guard = threading.Lock()
        self._last = self._read()
        self._shares = (0, 0)

    def _read(self) -> tuple[float, float, list[int]]:
        busy = [sum(column) for column in zip(*cpu_ticks(), strict=True)] or [0, 0, 0, 0]
        return time.monotonic(), time.process_time(), busy

    def percent(self) -> tuple[int, int]:
        """Whole percents (process, machine)."""
        with self._guard:
            now, mine, ticks = self._read()
            then, mine_then, ticks_then = self._last
            if now - then < _JIFFIES / _TICKS:  # the counters are too coarse for less
                return self._shares
            self._last = (now, mine, ticks)
            spent = [a - b for a, b in zip(ticks, ticks_then, strict=True)]
            total = sum(spent)
            cores = os.cpu_count() or 1
            own = round(100 * (mine - mine_then) / ((now - then) * cores))
            everything = round(100 * (total - spent[3]) / total) if total else 0
            self._shares = (max(0, min(100, own)), everything)
            return self._shares
