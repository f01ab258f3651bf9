"""What a task may call while it runs: progress, warnings, snapshots, and whether it should stop or come to an end."""

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
CANCEL, FINISH, WATCHED = 0, 1, 2
"""Bytes that the server writes and the task reads: stop, come to an end with what there is, somebody looks on."""
FLAGS = 3


class JobContext(ABC):
    """The job as its task sees it. Any thread of the task may call it.

    `threads`: how many threads the task may use. `scratch`: an empty folder on the store's file system for results; what the
    server does not take over is removed when the job ends. `settings`: the server's.
    """

    def __init__(self, threads: int, settings: Settings, scratch: Path, flags: memoryview) -> None:
        self.threads = threads
        self.settings = settings
        self.scratch = scratch
        self._flags = flags
        self.latest_progress = (0.0, "")
        self._sent = 0.0

    @property
    def cancelled(self) -> bool:
        """Whether the job should stop. Cheap: one byte of memory that the server writes."""
        return self._flags[CANCEL] != 0

    @property
    def finishing(self) -> bool:
        """Whether the job should come to its end now and keep what it has. As cheap."""
        return self._flags[FINISH] != 0

    @property
    def watched(self) -> bool:
        """Whether anybody looks on while it works, for whom a glance is worth its price. As cheap."""
        return self._flags[WATCHED] != 0

    def check(self) -> None:
        """Raises Cancelled when the job should stop."""
        if self._flags[CANCEL]:
            raise cancelled()

    @property
    def cancel_flag(self) -> NDArray[np.uint8]:
        """The byte behind `cancelled`, shape (1,), read-only: native code polls it without Python's lock."""
        import numpy as np

        flag = np.frombuffer(self._flags, dtype=np.uint8)[CANCEL : CANCEL + 1]
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

    def can_finish(self, refusal: str = "") -> None:
        """Says that the job may be asked to finish early and then keeps what it has; or why not."""
        self._send("finish", refusal)

    def glimpse(self, values: dict[str, Any]) -> None:
        """Tells those who look on how the work goes, beside what it notes for good."""
        self._send("glimpse", values)

    @abstractmethod
    def _send(self, kind: str, *content: Any) -> None:
        """Brings a message to the server."""
