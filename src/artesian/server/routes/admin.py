"""Looking after a server: removal of objects, log, memory, threads, shutdown."""

from __future__ import annotations

import gc
import io
import logging
import sys
import threading
import time
import traceback
import zipfile
from typing import Any

from starlette.responses import Response

from artesian.core.clock import now_ms
from artesian.core.errors import NotFound
from artesian.server import machine
from artesian.server.parameters import IllegalRequest
from artesian.server.routing import Call, route
from artesian.server.state import Server
from artesian.server.wire.admin import (
    GARBAGE,
    LOG_AND_ECHO,
    LOGS,
    LOGS_DOWNLOAD,
    REMOVE,
    REMOVE_ALL,
    SHUTDOWN,
    STACKS,
    TICKS,
    TRACE,
    UNLOCK,
)
from artesian.server.wire.keys import any_key
from artesian.store import Kind, belongings

_client_log = logging.getLogger("artesian.client")
_LEVELS = {
    "trace": logging.DEBUG,
    "debug": logging.DEBUG,
    "info": logging.INFO,
    "httpd": logging.INFO,
    "stdout": logging.INFO,
    "stderr": logging.WARNING,
    "warn": logging.WARNING,
    "error": logging.ERROR,
    "fatal": logging.CRITICAL,
}
_GOODBYE_SECS = 0.1
_END_SECS = 10.0


# ---- objects ----


def _end_runs(server: Server, key: str) -> None:
    """Cancels the jobs that make an object."""
    for job in server.jobs.list():
        if job.dest == key and not job.status.is_final:
            server.jobs.cancel(job.key)
            server.jobs.wait(job.key, _END_SECS)


def remove_object(server: Server, key: str, *, cascade: bool = True) -> None:
    """Removes an object with all that belongs to it; one that is not there is removed already.

    An AutoML run or a grid search ends; its models stay unless `cascade` says that they go with it.
    """
    if key in server.store and server.store.kind_of(key) in (Kind.AUTOML, Kind.GRID):
        _end_runs(server, key)
        if not cascade:
            server.store.remove(key, missing_ok=True)
            return
    belongings.remove(server.store, key)


@route("DELETE", "/3/DKV/{key}", "deleteKey", "Removes an object.", takes=REMOVE, gives=REMOVE)
def remove(call: Call) -> dict[str, Any]:
    """Removes the object, whatever it is."""
    remove_object(call.server, call["key"], cascade=call["cascade"])
    return REMOVE.new(key=any_key(call["key"]), cascade=call["cascade"])


@route("DELETE", "/3/DKV", "deleteAllKeys", "Removes all objects but some.", takes=REMOVE_ALL, gives=REMOVE_ALL)
def remove_all(call: Call) -> dict[str, Any]:
    """Removes everything but the retained models and frames and what belongs to them; running jobs go on."""
    server = call.server
    retained = {key for key in call["retained_keys"] or () if key}
    for key in retained:
        kind = server.store.kind_of(key)
        if kind not in (Kind.MODEL, Kind.FRAME):
            raise IllegalRequest(
                f"Only models and frames can be retained; '{key}' is a {kind.value}.", argument="retained_keys"
            )
    keep = set(retained)
    for key in retained:
        keep |= belongings.all_belongings(server.store, key) | _frames_of(server, key)
    models = {key for key in keep if server.store.kind_of(key) is Kind.MODEL}
    keep |= belongings.metrics_of(server.store, models)
    server.store.remove_all(keep)
    return REMOVE_ALL.new(retained_keys=[any_key(key) for key in retained] or None)


def _frames_of(server: Server, key: str) -> set[str]:
    """The frames that a model was trained on."""
    if server.store.kind_of(key) is not Kind.MODEL:
        return set()
    details = server.store.model_details(key)
    frames = {details["training_frame"], details["validation_frame"]}
    return {frame for frame in frames if frame and frame in server.store}


# ---- log ----


@route("POST", "/3/LogAndEcho", "logAndEcho", "Writes a line to the log.", takes=LOG_AND_ECHO, gives=LOG_AND_ECHO)
def log_and_echo(call: Call) -> dict[str, Any]:
    """Logs the message, its control characters made visible, and answers it."""
    text = "".join(c if c.isprintable() or c == " " else repr(c)[1:-1] for c in call["message"])
    _client_log.info("%s", text)
    return LOG_AND_ECHO.new(message=call["message"])


def _check_node(call: Call) -> None:
    node = call["nodeidx"]
    if node not in ("self", "-1", "0", call.server.address):
        raise NotFound(f"There is no node '{node}'; this server is the only one, number 0.", node=node)


@route(
    "GET",
    "/3/Logs/nodes/{nodeidx}/files/{name}",
    "logs",
    "Reads the log from a severity on.",
    takes=LOGS,
    gives=LOGS,
)
def logs(call: Call) -> dict[str, Any]:
    """Lines of at least the severity that the name stands for."""
    _check_node(call)
    name = (call["name"] or "info").lower()
    if name not in _LEVELS and name != "default":
        raise NotFound(f"There is no log '{name}'; use one of {', '.join(_LEVELS)}.", name=name)
    lines = call.server.log.lines(_LEVELS.get(name, logging.INFO))
    return LOGS.new(**call.echo(), log="".join(f"{line}\n" for line in lines))


@route("GET", "/3/Logs/download", "downloadLogs", "Downloads the log.", takes=LOGS_DOWNLOAD, gives=None)
@route("GET", "/3/Logs/download/{container}", "downloadLogsAs", "Downloads the log.", takes=LOGS_DOWNLOAD, gives=None)
def download_logs(call: Call) -> Response:
    """The whole log that is in memory, zipped or plain."""
    name = f"artesianlogs_{time.strftime('%Y%m%d_%H%M%S')}"
    text = "".join(f"{line}\n" for line in call.server.log.lines())
    if call["container"] == "LOG":
        headers = {"Content-Disposition": f'attachment; filename="{name}.log"'}
        return Response(text, headers=headers, media_type="text/plain")
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(f"{name}/node0_{call.server.address.replace(':', '_')}.log", text)
    headers = {"Content-Disposition": f'attachment; filename="{name}.zip"'}
    return Response(packed.getvalue(), headers=headers, media_type="application/octet-stream")


# ---- process ----


@route("POST", "/3/GarbageCollect", "garbageCollect", "Frees unused memory.", takes=GARBAGE, gives=GARBAGE)
def garbage_collect(call: Call) -> dict[str, Any]:
    """Runs Python's collector."""
    gc.collect()
    return GARBAGE.new()


@route("POST", "/3/UnlockKeys", "unlockAllKeys", "Does nothing: objects are never locked.", takes=UNLOCK, gives=UNLOCK)
def unlock(call: Call) -> dict[str, Any]:
    """Objects are immutable and need no locks."""
    return UNLOCK.new()


@route("GET", "/3/JStack", "stacktraces", "Tells what each thread is at.", takes=STACKS, gives=STACKS)
def stacks(call: Call) -> dict[str, Any]:
    """The stack of every thread of the server process."""
    names = {thread.ident: thread.name for thread in threading.enumerate()}
    traces = [
        f'"{names.get(ident, "native")}"\n' + "".join(traceback.format_stack(frame))
        for ident, frame in sys._current_frames().items()
    ]
    return STACKS.new(traces=[TRACE.new(node=call.server.address, time=now_ms(), thread_traces=traces)])


@route(
    "GET",
    "/3/WaterMeterCpuTicks/{nodeidx}",
    "waterMeterCpuTicks",
    "Tells the clock ticks of the processors.",
    takes=TICKS,
    gives=TICKS,
)
def ticks(call: Call) -> dict[str, Any]:
    """Ticks of each core since the machine started."""
    if call["nodeidx"] != 0:
        raise NotFound(f"There is no node {call['nodeidx']}; this server is the only one, number 0.")
    return TICKS.new(nodeidx=0, cpu_ticks=machine.cpu_ticks())


@route("POST", "/3/Shutdown", "shutdownCluster", "Stops the server.", takes=SHUTDOWN, gives=SHUTDOWN)
def shutdown(call: Call) -> dict[str, Any]:
    """Stops the server once the answer is out."""
    call.server.closing = True
    threading.Timer(_GOODBYE_SECS, call.server.stop).start()
    return SHUTDOWN.new()
