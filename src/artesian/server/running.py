"""Which servers run: one private note a server, in the user's runtime folder; stale ones are dropped as they are met."""

from __future__ import annotations

import contextlib
import json
import os
import stat
import tempfile
from dataclasses import asdict, dataclass
from pathlib import Path

from artesian.core.errors import Forbidden


@dataclass(frozen=True)
class Note:
    """A running server: its process, where it answers, its token, when it started."""

    process: int
    url: str
    token: str
    started_ms: int
    name: str
    data_dir: str

    @property
    def port(self) -> int:
        """The port that it listens on."""
        return int(self.url.rpartition(":")[2])


def notes_folder() -> Path:
    """The folder of the notes, readable by its user alone. Raises Forbidden when another user made it."""
    base = os.environ.get("ARTESIAN_RUNTIME_DIR") or os.environ.get("XDG_RUNTIME_DIR") or tempfile.gettempdir()
    folder = Path(base) / f"artesian-{os.getuid()}"
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    facts = folder.lstat()
    if not stat.S_ISDIR(facts.st_mode) or facts.st_uid != os.getuid() or facts.st_mode & 0o077:
        raise Forbidden(f"The folder {folder} must belong to this user alone; remove it or set ARTESIAN_RUNTIME_DIR.")
    return folder


def _path(note: Note) -> Path:
    return notes_folder() / f"{note.port}.json"


def remember(note: Note) -> None:
    """Writes the note of a server that answers."""
    path = _path(note)
    unfinished = path.with_suffix(f".{note.process}")
    descriptor = os.open(unfinished, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "w", encoding="utf-8") as file:
        json.dump({**asdict(note), "born": _born(note.process)}, file)
    unfinished.rename(path)


def forget(note: Note) -> None:
    """Removes the server's note, unless another server has taken the port since."""
    path = _path(note)
    with contextlib.suppress(OSError, ValueError, KeyError):
        if json.loads(path.read_text(encoding="utf-8"))["process"] == note.process:
            path.unlink()


def running() -> list[Note]:
    """The notes of servers whose process lives, by port."""
    found = []
    for path in notes_folder().glob("*.json"):
        try:
            content = json.loads(path.read_text(encoding="utf-8"))
            born = content.pop("born")
            note = Note(**content)
        except (OSError, ValueError, TypeError, KeyError):
            continue
        if _born(note.process) == born and born:
            found.append(note)
        else:
            path.unlink(missing_ok=True)
    return sorted(found, key=lambda note: note.port)


def _born(process: int) -> str:
    """When the process started, as the system counts it: tells it from a later one of the same number."""
    try:
        return Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()[19]
    except (OSError, IndexError):
        try:
            os.kill(process, 0)
        except OSError:
            return ""
        return "unknown"
