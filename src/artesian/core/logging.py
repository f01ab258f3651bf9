"""The server's log: to standard error, to a file of the data folder, and to a ring of lines that clients read."""

from __future__ import annotations

import collections
import logging
import threading

_FORMAT = "%(asctime)s %(process)d %(levelname)s %(name)s: %(message)s"


class LogRing(logging.Handler):
    """Keeps the last `size` formatted lines."""

    def __init__(self, size: int) -> None:
        super().__init__()
        self._lines: collections.deque[tuple[int, str]] = collections.deque(maxlen=size)
        self._guard = threading.Lock()
        self.setFormatter(logging.Formatter(_FORMAT))

    def emit(self, record: logging.LogRecord) -> None:
        """Appends the record's line."""
        line = self.format(record)
        with self._guard:
            self._lines.append((record.levelno, line))

    def lines(self, least: int = logging.DEBUG) -> list[str]:
        """The kept lines of at least that level, oldest first."""
        with self._guard:
            return [line for level, line in self._lines if level >= least]


def configure(level: str, ring_size: int, *, quiet: bool = False) -> LogRing:
    """Sets the `artesian` logger up and returns the ring that keeps its lines."""
    logger = logging.getLogger("artesian")
    logger.setLevel(level)
    logger.propagate = False
    for handler in list(logger.handlers):
        logger.removeHandler(handler)
    ring = LogRing(ring_size)
    logger.addHandler(ring)
    if not quiet:
        stream = logging.StreamHandler()
        stream.setFormatter(logging.Formatter(_FORMAT))
        logger.addHandler(stream)
    return ring
