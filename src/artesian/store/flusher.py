"""The background thread of a store: writes fresh frames to disk after a short delay and closes idle sessions."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable

_log = logging.getLogger("artesian.store")
_TICK_SECS = 5.0


class Flusher:
    """Calls `write(key)` once a key is due, and `tick()` now and then, in one thread. Thread-safe."""

    def __init__(self, write: Callable[[str], None], tick: Callable[[], None]) -> None:
        self._write = write
        self._tick = tick
        self._due: dict[str, float] = {}
        self._changed = threading.Condition()
        self._closing = False
        self._thread = threading.Thread(target=self._run, name="store-flusher", daemon=True)
        self._thread.start()

    def schedule(self, key: str, delay: float) -> None:
        """Has the key written `delay` seconds from now, unless it is due earlier already."""
        with self._changed:
            self._due[key] = min(self._due.get(key, float("inf")), time.monotonic() + delay)
            self._changed.notify()

    def close(self) -> None:
        """Ends the thread; what it is writing is finished, what is due is left."""
        with self._changed:
            self._closing = True
            self._changed.notify()
        self._thread.join()

    def _run(self) -> None:
        next_tick = time.monotonic() + _TICK_SECS
        while True:
            with self._changed:
                wake = min([next_tick, *self._due.values()])
                while not self._closing and time.monotonic() < wake:
                    self._changed.wait(wake - time.monotonic())
                    wake = min([next_tick, *self._due.values()])
                if self._closing:
                    return
                now = time.monotonic()
                ready = [key for key, due in self._due.items() if due <= now]
                for key in ready:
                    del self._due[key]
            for key in ready:
                self._guarded(lambda key=key: self._write(key))  # type: ignore[misc]
            if time.monotonic() >= next_tick:
                self._guarded(self._tick)
                next_tick = time.monotonic() + _TICK_SECS

    def _guarded(self, work: Callable[[], None]) -> None:
        try:
            work()
        except Exception:
            _log.exception("The background writer of the store failed; it goes on.")
