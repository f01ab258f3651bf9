"""What all handlers share: settings, store, jobs, the log, and when and where the server started."""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING

from artesian.core.clock import monotonic, now_ms
from artesian.core.errors import Cancelled
from artesian.core.logging import LogRing
from artesian.core.settings import Settings
from artesian.server.traffic import Traffic

if TYPE_CHECKING:
    from artesian.jobs import Job, Jobs
    from artesian.learn.training import Trainer
    from artesian.server.watch import Hub
    from artesian.store import Store


@dataclass
class Server:
    """One running server. `stop` ends it; it is set by whoever runs the event loop."""

    settings: Settings
    log: LogRing
    store: Store
    jobs: Jobs
    host: str = ""
    port: int = 0
    stop: Callable[[], None] = lambda: None
    started_ms: int = field(default_factory=now_ms)
    started: float = field(default_factory=monotonic)
    closing: bool = False
    time_zone: str = "UTC"
    session_properties: dict[tuple[str, str], str] = field(default_factory=dict)
    guard: threading.Lock = field(default_factory=threading.Lock)

    @cached_property
    def traffic(self) -> Traffic:
        """The last requests."""
        return Traffic(self.settings.timeline_requests)

    @cached_property
    def events(self) -> Hub:
        """Those who listen to what happens; first asked for on the event loop."""
        from artesian.server.watch import Hub

        return Hub(self)

    @cached_property
    def trainer(self) -> Trainer:
        """What starts trainings."""
        from artesian.learn.training import Trainer

        return Trainer(self.store, self.jobs, self.settings)

    @property
    def uptime_ms(self) -> int:
        """Milliseconds since the start."""
        return int((monotonic() - self.started) * 1000)

    @property
    def address(self) -> str:
        """Host and port as clients write them."""
        host = self.host or self.settings.host
        shown = f"[{host}]" if ":" in host else host
        return f"{shown}:{self.port or self.settings.port}"

    def settle(self, job: Job) -> Job:
        """The job once it is done. Raises what it failed with, or Cancelled."""
        self.jobs.wait(job.key)
        if job.error is not None:
            raise job.error
        if job.status.value == "CANCELLED":
            raise Cancelled(f"The job '{job.description}' was cancelled.")
        return job

    def close(self) -> None:
        """Ends jobs and workers, and closes the store."""
        self.closing = True
        if "events" in self.__dict__:
            self.events.close()
        self.jobs.close()
        self.store.close()
