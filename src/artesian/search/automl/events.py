"""The event log of a run: what happened when, for people, and named values for programs."""

from __future__ import annotations

import threading
from typing import Any

from artesian.core.clock import now_ms


class EventLog:
    """Entries in order of time. Thread-safe; `entries` may be read while others write."""

    def __init__(self, entries: list[dict[str, Any]] | None = None) -> None:
        self.entries = entries if entries is not None else []
        self._guard = threading.Lock()

    def note(self, level: str, stage: str, message: str, name: str = "", value: Any = "") -> None:
        """Adds an entry: a level (Debug, Info, Warn, Error), a stage, a sentence, and maybe a value by name."""
        with self._guard:
            self.entries.append(
                {"ms": now_ms(), "level": level, "stage": stage, "message": message, "name": name, "value": str(value)}
            )

    def info(self, stage: str, message: str, name: str = "", value: Any = "") -> None:
        """A note of what happens."""
        self.note("Info", stage, message, name, value)

    def warn(self, stage: str, message: str) -> None:
        """A note of what a person should know."""
        self.note("Warn", stage, message)

    def debug(self, stage: str, message: str) -> None:
        """A note of details."""
        self.note("Debug", stage, message)

    @property
    def named_values(self) -> dict[str, str]:
        """The values by name."""
        return {entry["name"]: entry["value"] for entry in self.entries if entry["name"]}
