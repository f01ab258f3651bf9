"""A worker process: waits for tasks on its socket, runs one at a time, and sends back what happens.

It is forked by the launcher, imports the heavy libraries before the first task comes, and takes its share of threads with
the first task; the pool gives it only tasks of that share. Messages are pickled, between our own processes only.
"""

from __future__ import annotations

import contextlib
import ctypes
import gc
import importlib
import logging
import mmap
import os
import pickle
import resource
import sys
import threading
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

from artesian.core import blas
from artesian.core.errors import ArtesianError, Cancelled, InvalidArgument
from artesian.core.processes import become_worker
from artesian.core.settings import Settings
from artesian.jobs.context import FLAGS, JobContext
from artesian.jobs.failure import Failure

_ALLOCATOR_RESERVE = 1 << 30  # what allocators map but never touch
_RESIDENT_PART = 8  # of a worker's memory may be pages of mapped files that nothing reads
_log = logging.getLogger("artesian.worker")


class Channel:
    """The socket to the server; threads of a task may send at once."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._guard = threading.Lock()

    def send(self, kind: str, *content: Any) -> None:
        """Sends one message; raises what pickling raises, before anything is sent."""
        with self._guard:
            self._connection.send((kind, *content))

    def receive(self) -> Any:
        """The next task; EOFError when the server has no more use for this worker."""
        return self._connection.recv()


class WorkerContext(JobContext):
    """The context of a task in a worker process."""

    def __init__(self, channel: Channel, threads: int, settings: Settings, scratch: Path, flags: memoryview) -> None:
        super().__init__(threads, settings, scratch, flags)
        self._channel = channel
        self._ended = False

    def end(self) -> None:
        """The task is over; what a thread that it left behind still says belongs to no job."""
        self._ended = True

    def _send(self, kind: str, *content: Any) -> None:
        if not self._ended:
            self._channel.send(kind, *content)


class _LogSender(logging.Handler):
    """Sends log lines to the server, whose log they join."""

    def __init__(self, channel: Channel) -> None:
        super().__init__()
        self._channel = channel

    def emit(self, record: logging.LogRecord) -> None:
        with contextlib.suppress(OSError):
            self._channel.send("log", record.name, record.levelno, record.getMessage())


def main(socket_descriptor: int, flags_descriptor: int, configuration: dict[str, Any]) -> None:
    """Runs tasks until the server closes the socket."""
    become_worker()
    channel = Channel(Connection(socket_descriptor))
    flags = memoryview(mmap.mmap(flags_descriptor, FLAGS))
    os.close(flags_descriptor)
    _prepare(channel, configuration)
    threads, modules = 0, len(sys.modules)
    while True:
        try:
            task = channel.receive()
        except (EOFError, OSError):
            return
        channel.send("started")
        if not threads:
            threads = task["threads"]
            share_threads(threads)
        context = WorkerContext(channel, threads, configuration["settings"], Path(task["scratch"]), flags)
        _answer(channel, task, context)
        del task, context
        modules = _tidy(modules)


def _prepare(channel: Channel, configuration: dict[str, Any]) -> None:
    """Logging, the memory limit, and the imports that a task would else wait for."""
    logger = logging.getLogger("artesian")
    logger.handlers[:] = [_LogSender(channel)]
    logger.setLevel(configuration["settings"].log_level)
    logger.propagate = False
    # a backstop for a single huge request; what is really held the server watches, since allocators reserve more than they use
    limit = 2 * configuration["memory_limit"] + _ALLOCATOR_RESERVE
    hard = resource.getrlimit(resource.RLIMIT_DATA)[1]
    limit = limit if hard == resource.RLIM_INFINITY else min(limit, hard)
    resource.setrlimit(resource.RLIMIT_DATA, (limit, limit))
    os.environ["OPENBLAS_NUM_THREADS"] = "1"  # until the share is known: see share_threads
    for name in configuration["preload"]:
        try:
            importlib.import_module(name)
        except ImportError as error:
            _log.warning("Cannot import %s ahead of the first task: %s.", name, error)
    layout = sys.modules.get("artesian.frame.arrow_layout")
    if layout is not None:
        layout.limit_resident(configuration["memory_limit"] // _RESIDENT_PART)
    gc.collect()
    gc.freeze()  # what was imported stays; later collections need not look at it


def share_threads(count: int) -> None:
    """Gives every library that this process uses, or will, so many threads."""
    for variable in (
        "POLARS_MAX_THREADS",
        "OMP_NUM_THREADS",
        "OPENBLAS_NUM_THREADS",
        "MKL_NUM_THREADS",
        "NUMEXPR_NUM_THREADS",
    ):
        os.environ[variable] = str(count)
    if "polars" in sys.modules:
        # Polars makes its pool at the first use and has not been used yet; this has it read the variable again
        sys.modules["polars"].Config.restore_defaults()
    blas.set_threads(count)


def _answer(channel: Channel, task: dict[str, Any], context: WorkerContext) -> None:
    """Runs the task and sends its result, or how it failed."""
    try:
        try:
            result = load(task["task"])(context, **pickle.loads(task["arguments"]))
        finally:
            context.end()
        channel.send("progress", *context.latest_progress)
        _send_result(channel, task["task"], result)
    except Cancelled:
        channel.send("cancelled")
    except BaseException as error:
        channel.send("failed", Failure.of(error))


def _send_result(channel: Channel, name: str, result: Any) -> None:
    try:
        channel.send("done", result)
    except OSError:
        raise
    except Exception as error:
        raise ArtesianError(
            f"The result of the task {name} (a {type(result).__name__}) cannot be sent to the server: {error}. "
            "A task must return picklable values."
        ) from error


def load(name: str) -> Any:
    """The function that `module:function` names; InvalidArgument when there is none."""
    module, colon, function = name.partition(":")
    if not colon:
        raise InvalidArgument(f"A task is named 'module:function'. Got {name!r}.")
    try:
        return getattr(importlib.import_module(module), function)
    except (ImportError, AttributeError) as error:
        raise InvalidArgument(f"There is no task {name!r}: {error}.") from error


def _tidy(modules: int) -> int:
    """Gives back what the task held: mapped files, garbage, and the allocator's spare pages.

    What there is after a task that imported modules (there were so many before) stays, and later collections need not look at
    it. Returns how many modules there are.
    """
    segment = sys.modules.get("artesian.frame.segment")
    if segment is not None:
        segment.forget()
    gc.collect()
    if len(sys.modules) != modules:
        gc.freeze()
    with contextlib.suppress(AttributeError):
        ctypes.CDLL(None).malloc_trim(0)
    return len(sys.modules)
