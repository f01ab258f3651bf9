"""What the store knows of one object: its public `Entry`, and the `Record` that the store itself works with."""

from __future__ import annotations

import threading
import time
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path
from typing import Any

from artesian.frame import Frame

Stamp = tuple[str, int, bool]
"""Of an object its kind, when it came or was replaced (milliseconds), and whether it is a session's temporary."""


class Kind(StrEnum):
    """What an object is."""

    FRAME = "frame"
    MODEL = "model"
    METRICS = "metrics"
    FILE = "file"
    DOCUMENT = "document"
    GRID = "grid"
    AUTOML = "automl"

    @property
    def is_document(self) -> bool:
        """Whether it is kept as a JSON-safe mapping."""
        return self in (Kind.METRICS, Kind.DOCUMENT, Kind.GRID, Kind.AUTOML)


@dataclass(frozen=True)
class Entry:
    """The facts of an object that need no reading of it. `session` is set for the temporaries of a session."""

    key: str
    kind: Kind
    created_ms: int
    nbytes: int
    session: str | None


@dataclass(eq=False)
class Record:
    """One object as the store holds it. Content that lies in the catalogue alone is read when asked for.

    `frame` is the opened frame, `manifest` its description once every column lies in a file; `folder` and `details` belong to
    models, `source` (a path or an address) to files. `in_memory`: some of its columns lie in no file; `used`: when last.
    """

    key: str
    kind: Kind
    created_ms: int
    nbytes: int
    session: str | None = None
    frame: Frame | None = None
    manifest: dict[str, Any] | None = None
    folder: Path | None = None
    details: dict[str, Any] | None = None
    source: str = ""
    in_memory: bool = False
    used: float = field(default_factory=time.monotonic)
    writing: threading.Lock = field(default_factory=threading.Lock)

    @property
    def stamp(self) -> Stamp:
        """What tells it from another state of its key."""
        return self.kind.value, self.created_ms, self.session is not None

    def entry(self) -> Entry:
        """The facts for others."""
        return Entry(self.key, self.kind, self.created_ms, self.nbytes, self.session)
