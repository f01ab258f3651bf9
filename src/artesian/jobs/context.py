"""What a task may call while it runs: progress, warnings, snapshots, and whether it should stop."""

from __future__ import annotations

import time
from abc import ABC, abstractmethod
from pathlib import Path
from typing import TYPE_CHECKING, Any

from artesian.core.settings import Settings
from artesian.jobs.failure import cancelled

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

PROGRESS_INTERVAL_SECS = 0.02


class JobContext(ABC):
    """The job as its task sees it. Any thread of the task may call it.

    `threads`: how many threads the task may use. `scratch`: an empty folder on the store's file system for results; what the
    server does not take over is removed when the job ends. `settings`: the server's.
    """

    def __init__(self, threads: int, settings: Settings, scratch: Path, flag: memoryview) -> None:
        self.threads = threads
        self.settings = settings
        self.scratch = scratch
        self._flag = flag
        self.latest_progress = (0.0, "")
        self._sent = 0.0

    @property
    def cancelled(self) -> bool:
        """Whether the job should stop. Cheap: one byte of memory that the server writes."""
        return self._flag[0] != 0

    def check(self) -> None:
        """Raises Cancelled when the job should stop."""
        if self._flag[0]:
            raise cancelled()

    @property
    def cancel_flag(self) -> NDArray[np.uint8]:
        """The byte behind `cancelled`, shape (1,), read-only: native code polls it without Python's lock."""
        import numpy as np

        flag = np.frombuffer(self._flag, dtype=np.uint8)
        flag.flags.writeable = False
        return flag

    def progress(self, fraction: float, message: str | None = None) -> None:
        """Tells how much is done, from 0 to 1, and in words. Call it as often as you like: few of them are sent."""
        text = self.latest_progress[1] if message is None else message
        self.latest_progress = (min(1.0, max(0.0, float(fraction))), text)
        now = time.monotonic()
        if now - self._sent >= PROGRESS_INTERVAL_SECS:
            self._sent = now
            self._send("progress", *self.latest_progress)

    def warn(self, text: str) -> None:
        """Adds a warning that the user sees with the job."""
        self._send("warning", str(text))

    def publish(self, payload: dict[str, Any]) -> None:
        """Hands a snapshot to the server, for the `on_update` of the job."""
        self._send("update", payload)

    @abstractmethod
    def _send(self, kind: str, *content: Any) -> None:
        """Brings a message to the server."""
