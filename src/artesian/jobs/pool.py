"""The worker processes of a server: started by the launcher, kept warm while idle, given out one job at a time.

A worker takes its number of threads with its first job and keeps it, since thread pools cannot shrink; so a job gets an idle
worker of its share, else a new one. One unused worker is always ready, and one that has been idle for long is ended.
"""

from __future__ import annotations

import contextlib
import json
import logging
import mmap
import os
import pickle
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Sequence
from multiprocessing.connection import Connection
from typing import Any

from artesian.core.allocator import give_memory_back
from artesian.core.settings import Settings
from artesian.jobs.context import FLAGS
from artesian.jobs.failure import cancelled
from artesian.jobs.launcher import PACKET_BYTES
from artesian.store import worker_bytes

_log = logging.getLogger("artesian.jobs")
_START_DELAY_SECS = 0.6  # lets the server itself come up first
_SPARE_DELAY_SECS = 1.0  # quick jobs in a row reuse one worker; a spare one is made only when a job goes on
_TICK_SECS = 1.0
_HEAVY_BYTES = 256 << 20  # an idle worker that still holds so much is replaced
_STATUS_WAIT_SECS = 5.0
PRELOAD = ("numpy", "polars", "artesian.frame.segment")


class Worker:
    """One worker process, as the server holds it. `threads` is 0 until its first job."""

    def __init__(self, number: int, connection: Connection, flags: mmap.mmap) -> None:
        self.number = number
        self.connection = connection
        self.flags = flags
        self.threads = 0
        self.pid = 0
        self.idle_since = time.monotonic()
        self.status: int | None = None
        self.ended = threading.Event()

    def held_bytes(self) -> int:
        """Memory that the process holds for itself; mapped files, which the kernel can drop, are not counted."""
        try:
            with open(f"/proc/{self.pid}/status") as file:  # noqa: PTH123 - called twenty times a second
                return sum(int(line.split()[1]) << 10 for line in file if line.startswith(("RssAnon", "RssShmem")))
        except OSError:
            return 0

    def exit_status(self) -> int | None:
        """How the process ended (as of os.waitpid), once its socket is closed; None when that stays unknown."""
        self.ended.wait(_STATUS_WAIT_SECS)
        return self.status


class WorkerPool:
    """Thread-safe. `close` ends every worker."""

    def __init__(self, settings: Settings, preload: Sequence[str] = ()) -> None:
        self._settings = settings
        self.memory_limit = worker_bytes(settings)
        self._preload = [*PRELOAD, *preload]
        self._guard = threading.RLock()
        self._wake = threading.Condition(self._guard)
        self._control: socket.socket | None = None
        self._process: subprocess.Popen[bytes] | None = None
        self._workers: dict[int, Worker] = {}
        self._idle: list[Worker] = []
        self._count = 0
        self._last_taken = time.monotonic() + _START_DELAY_SECS - _SPARE_DELAY_SECS
        self._closed = False
        self._keeper = threading.Thread(target=self._keep, name="worker-keeper", daemon=True)
        self._keeper.start()

    def acquire(self, threads: int) -> Worker:
        """A worker that has, or can take, so many threads: an idle one if there is one, else a new one.

        Raises Cancelled once the pool is closed.
        """
        with self._guard:
            if self._closed:
                raise cancelled()
            self._last_taken = time.monotonic()
            for wanted in (threads, 0):
                for worker in reversed(self._idle):
                    if worker.threads == wanted and not worker.ended.is_set():
                        self._idle.remove(worker)
                        worker.threads = threads
                        return worker
            worker = self._start_worker()
            worker.threads = threads
            return worker

    def release(self, worker: Worker) -> None:
        """Takes a worker back that has answered."""
        with self._guard:
            worker.idle_since = time.monotonic()
            if self._closed or worker.ended.is_set():
                self.end(worker)
                return
            self._idle.append(worker)
            while len(self._idle) > self._settings.worker_total():
                self.end(self._idle.pop(0))

    def end(self, worker: Worker) -> None:
        """Ends an idle or finished worker: it leaves when its socket closes."""
        with self._guard, contextlib.suppress(ValueError):
            self._idle.remove(worker)
        worker.connection.close()

    def kill(self, worker: Worker) -> None:
        """Ends a worker at once, whatever it does."""
        with self._guard:
            self._tell(do="kill", worker=worker.number)

    def workers(self) -> list[Worker]:
        """The living workers."""
        with self._guard:
            return list(self._workers.values())

    def close(self) -> None:
        """Ends the launcher, and with it every worker."""
        with self._guard:
            if self._closed:
                return
            self._closed = True
            self._wake.notify_all()
            process, self._process = self._process, None
            if self._control is not None:
                with contextlib.suppress(OSError):
                    self._control.shutdown(socket.SHUT_RDWR)
        self._keeper.join()
        if process is not None:
            with contextlib.suppress(subprocess.TimeoutExpired):
                process.wait(_STATUS_WAIT_SECS)
            if process.poll() is None:
                process.kill()
                process.wait()

    # ---- keeping one ready ----

    def _keep(self) -> None:
        while True:
            with self._guard:
                if self._closed:
                    return
                self._trim()
                delay = self._spare_due()
                if delay <= 0:
                    try:
                        self._idle.append(self._start_worker())
                    except OSError:
                        _log.exception("Cannot start a worker process; trying again.")
                    delay = _TICK_SECS
                self._wake.wait(min(delay, _TICK_SECS))

    def _spare_due(self) -> float:
        """Seconds until a new idle worker should be started."""
        busy = len(self._workers) > len(self._idle)
        next_share = 1 if busy else self._settings.thread_total()
        if any(worker.threads in (0, next_share) for worker in self._idle):
            return _TICK_SECS
        return self._last_taken + _SPARE_DELAY_SECS - time.monotonic()

    def _trim(self) -> None:
        """Ends idle workers that nobody has used for long (but one that is as good as new), or that hold much memory."""
        now = time.monotonic()
        for worker in [*self._idle]:
            idle = now - worker.idle_since
            unused = idle > self._settings.worker_idle_secs and (worker.threads or len(self._idle) > 1)
            if unused or (idle > _SPARE_DELAY_SECS and worker.held_bytes() > _HEAVY_BYTES):
                self.end(worker)

    # ---- the launcher ----

    def _start_worker(self) -> Worker:
        if self._control is None:
            self._start_launcher()
        self._count += 1
        ours, theirs = socket.socketpair()
        flags_descriptor = os.memfd_create("job-flags")
        try:
            os.ftruncate(flags_descriptor, mmap.PAGESIZE)
            flags = mmap.mmap(flags_descriptor, FLAGS)
            worker = Worker(self._count, Connection(ours.detach()), flags)
            self._workers[worker.number] = worker
            self._tell([theirs.fileno(), flags_descriptor], do="fork", worker=worker.number)
        finally:
            theirs.close()
            os.close(flags_descriptor)
        return worker

    def _start_launcher(self) -> None:
        ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        read, write = os.pipe()
        configuration = {
            "path": sys.path,
            "settings": self._settings,
            "memory_limit": self.memory_limit,
            "preload": self._preload,
        }
        command = [sys.executable, "-P", "-m", "artesian.jobs.launcher", str(theirs.fileno()), str(read)]
        environment = {**os.environ, "PYTHONPATH": os.pathsep.join(path for path in sys.path if path)}
        give_memory_back(environment)
        # its own session: a Ctrl-C in the server's terminal is the server's to handle; standard output stays the server's own
        self._process = subprocess.Popen(
            command,
            pass_fds=(theirs.fileno(), read),
            stdin=subprocess.DEVNULL,
            stdout=2,
            start_new_session=True,
            env=environment,
        )
        theirs.close()
        os.close(read)
        with os.fdopen(write, "wb") as pipe:
            pickle.dump(configuration, pipe)
        self._control = ours
        threading.Thread(target=self._listen, args=(ours,), name="worker-listener", daemon=True).start()

    def _tell(self, descriptors: Sequence[int] = (), **message: Any) -> None:
        if self._control is not None:
            with contextlib.suppress(OSError):  # the launcher is gone; the listener deals with that
                socket.send_fds(self._control, [json.dumps(message).encode()], list(descriptors))

    def _listen(self, control: socket.socket) -> None:
        """Notes which workers were forked and which have ended, until the launcher is gone."""
        while True:
            try:
                packet = control.recv(PACKET_BYTES)
            except OSError:
                packet = b""
            if not packet:
                self._launcher_gone(control)
                return
            message = json.loads(packet)
            with self._guard:
                worker = self._workers.get(message["worker"])
                if worker is None:
                    continue
                if message["did"] == "forked":
                    worker.pid = message["pid"]
                else:
                    self._ended(worker, message["status"])

    def _ended(self, worker: Worker, status: int | None) -> None:
        self._workers.pop(worker.number, None)
        worker.status = status
        worker.ended.set()
        if worker in self._idle:
            self._idle.remove(worker)
            worker.connection.close()
            self._wake.notify_all()

    def _launcher_gone(self, control: socket.socket) -> None:
        with self._guard:
            control.close()
            for worker in list(self._workers.values()):
                self._ended(worker, None)
            if self._control is control:
                self._control = None
            process, self._process = self._process, None
        if process is not None:
            process.wait()
            if not self._closed:
                _log.error(
                    "The launcher of worker processes ended (exit code %s); it is started anew.", process.returncode
                )
