"""The folder of a store: its parts, the lock that keeps a second server out, and temporary folders of dead servers.

A folder belongs to whoever holds the lock on its file `lock`; the kernel drops that lock when the process ends, however
it ends. So a folder with a free lock has no living owner.
"""

from __future__ import annotations

import fcntl
import logging
import os
import secrets
import shutil
import tempfile
import time
from pathlib import Path

from artesian.core.errors import Conflict, InvalidArgument

_log = logging.getLogger("artesian.store")
_TEMPORARY_PREFIX = "artesian-store-"
_LOCK = "lock"
_IN_MEMORY = ("tmpfs", "ramfs")
_UNLOCKED_AGE_SECS = 60.0  # a folder this young without a lock file may belong to a server that is just starting
_LOCK_WAIT_SECS = 2.0  # a server that was just killed may need a moment to vanish


class StoreFolder:
    """An owned folder with the parts `segments`, `models`, `uploads` and `scratch`; temporary if no `data_dir` is given.

    Raises Conflict when another server owns it, InvalidArgument when it cannot be written.
    """

    def __init__(self, data_dir: str) -> None:
        self.durable = bool(data_dir)
        if self.durable:
            self.path = Path(data_dir).expanduser().resolve()
            self._lock = _own(self.path)
        else:
            _sweep_temporary_folders(Path(tempfile.gettempdir()))
            self.path = Path(tempfile.mkdtemp(prefix=_TEMPORARY_PREFIX)).resolve()
            self._lock = _own(self.path)
        self.segments = self._part("segments")
        self.models = self._part("models")
        self.uploads = self._part("uploads")
        self.scratch = self._part("scratch")

    def _part(self, name: str) -> Path:
        part = self.path / name
        part.mkdir(exist_ok=True)
        return part

    @property
    def catalogue(self) -> str:
        """Where the catalogue lies: a file of a durable folder, memory for a temporary one."""
        return str(self.path / "catalogue.sqlite") if self.durable else ":memory:"

    def is_memory(self) -> bool:
        """Whether the file system keeps its files in memory (as /tmp does on some machines), so that they are not pageable."""
        device = self.path.stat().st_dev
        wanted = f"{os.major(device)}:{os.minor(device)}"
        try:
            lines = Path("/proc/self/mountinfo").read_text().splitlines()
        except OSError:
            return False
        mounts = (line.split(" - ") for line in lines)
        return any(left.split()[2] == wanted and right.split()[0] in _IN_MEMORY for left, right in mounts)

    def sweep(self, named: set[str]) -> int:
        """Removes what no finished object names (paths in `named` stay): leavings of a server that was killed."""
        count = 0
        for part in (self.segments, self.models, self.uploads):
            for path in part.iterdir():
                if str(path) not in named:
                    delete(path)
                    count += 1
        for path in self.scratch.iterdir():
            delete(path)
            count += 1
        if count:
            _log.info("Removed %d unfinished or unnamed files of an earlier run from %s.", count, self.path)
        return count

    def free_bytes(self) -> int:
        """Free space of the file system."""
        return shutil.disk_usage(self.path).free

    def release(self) -> None:
        """Gives the lock back; a temporary folder goes."""
        if not self.durable:
            shutil.rmtree(self.path, ignore_errors=True)
        os.close(self._lock)


def delete(path: Path) -> None:
    """Removes a file or a whole folder; one that is gone already is fine, one that cannot go is logged."""
    try:
        if path.is_dir() and not path.is_symlink():
            shutil.rmtree(path)
        else:
            path.unlink(missing_ok=True)
    except FileNotFoundError:
        pass
    except OSError as error:
        _log.warning("Cannot remove %s: %s.", path, error)


def sync(path: Path, *, deep: bool = True) -> None:
    """Makes a file, or a folder with all in it (only the names when not `deep`), outlive a power cut."""
    if deep and path.is_dir():
        for child in path.iterdir():
            sync(child)
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _own(folder: Path) -> int:
    """Creates the folder if need be and takes its lock; returns the descriptor that holds it."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
        lock = folder / _LOCK
        if not lock.exists():
            # appears under its name only once it is locked, so nobody ever sees it free while its server starts
            new = folder / f"{_LOCK}.{secrets.token_hex(4)}"
            descriptor = os.open(new, os.O_RDWR | os.O_CREAT, 0o600)
            fcntl.flock(descriptor, fcntl.LOCK_EX)
            try:
                os.link(new, lock)
                return _signed(descriptor)
            except FileExistsError:
                os.close(descriptor)
            finally:
                new.unlink()
        descriptor = os.open(lock, os.O_RDWR)
    except OSError as error:
        raise InvalidArgument(
            f"The data folder {folder} cannot be used: {error.strerror or error}. "
            "Give a folder that this user may write to with --data-dir."
        ) from error
    deadline = time.monotonic() + _LOCK_WAIT_SECS
    while not _try_lock(descriptor):
        if time.monotonic() > deadline:
            owner = os.pread(descriptor, 32, 0).decode("ascii", "replace").strip()
            os.close(descriptor)
            raise Conflict(
                f"The data folder {folder} is in use by another Artesian server (process {owner or 'unknown'}). "
                "Stop that server, or start this one with another --data-dir."
            )
        time.sleep(0.05)
    return _signed(descriptor)


def _try_lock(descriptor: int) -> bool:
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        return False
    return True


def _signed(descriptor: int) -> int:
    os.ftruncate(descriptor, 0)
    os.pwrite(descriptor, f"{os.getpid()}\n".encode(), 0)
    return descriptor


def _sweep_temporary_folders(parent: Path) -> None:
    """Removes temporary folders of this user whose servers are dead."""
    for folder in parent.glob(f"{_TEMPORARY_PREFIX}*"):
        try:
            status = folder.lstat()
            if folder.is_symlink() or not folder.is_dir() or status.st_uid != os.getuid():
                continue
            try:
                descriptor = os.open(folder / _LOCK, os.O_RDWR | os.O_NOFOLLOW)
            except FileNotFoundError:
                if time.time() - status.st_mtime > _UNLOCKED_AGE_SECS:
                    delete(folder)
                continue
            try:
                if _try_lock(descriptor):
                    delete(folder)
            finally:
                os.close(descriptor)
        except OSError as error:
            _log.debug("Left %s alone: %s.", folder, error)
