"""Running a server: bind, tell the address, serve until told to stop. While it runs its note stands in `running`."""

from __future__ import annotations

import contextlib
import os
import signal
import socket
import sys
import threading
from collections.abc import Callable

from artesian.core.clock import now_ms
from artesian.core.errors import InvalidArgument
from artesian.core.settings import Settings
from artesian.server.auth import required_token
from artesian.server.running import Note, forget, remember

_BACKLOG = 2048
_SWITCH_SECS = 0.0005  # a busy thread gives way to another after so long: answers do not wait for long work


def bind(settings: Settings) -> socket.socket:
    """A listening socket on the settings' address. Raises InvalidArgument when it is taken or not ours."""
    family = socket.AF_INET6 if ":" in settings.host else socket.AF_INET
    listener = socket.socket(family, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    listener.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)  # connections inherit it: no 40 ms pauses
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind((settings.host, settings.port))
    except OSError as problem:
        listener.close()
        raise InvalidArgument(
            f"The server cannot listen on {settings.host}:{settings.port}: {problem.strerror}. "
            "Choose another --port (0 takes a free one) or --host."
        ) from None
    listener.listen(_BACKLOG)
    listener.set_inheritable(False)
    return listener


def serve(settings: Settings, *, ready: Callable[[Note], None] | None = None, quiet: bool = False) -> None:
    """Serves until SIGTERM, SIGINT or a shutdown request; `ready` is told its note once it answers."""
    sys.setswitchinterval(_SWITCH_SECS)
    listener = bind(settings)
    import uvicorn  # after the port is ours: a taken one is told at once

    from artesian.server.app import create_app

    token = required_token(settings)
    app = create_app(settings, token, quiet=quiet)
    state = app.state.server
    state.host, state.port = settings.host, listener.getsockname()[1]
    config = uvicorn.Config(
        app,
        http="httptools",
        ws="none",
        lifespan="on",
        access_log=False,
        log_level="warning",
        timeout_keep_alive=settings.keep_alive_secs,
        timeout_graceful_shutdown=1,
        server_header=False,
        date_header=True,
    )
    runner = uvicorn.Server(config)
    runner.capture_signals = contextlib.nullcontext  # type: ignore[assignment, method-assign]  # its own ends by the signal again
    url = f"http://{_reachable(state.address)}"
    note = Note(os.getpid(), url, token, now_ms(), settings.name, settings.data_dir)

    def stop(*_: object) -> None:
        runner.force_exit = runner.should_exit  # a second request does not wait for open answers
        runner.should_exit = True
        state.closing = True  # streams of events end by themselves

    state.stop = stop
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, stop)
    announcer = threading.Thread(target=_announce, args=(runner, note, ready), daemon=True)
    announcer.start()
    try:
        runner.run(sockets=[listener])
    finally:
        forget(note)
        listener.close()


def _reachable(address: str) -> str:
    """The address that a client of this machine would use."""
    for wildcard in ("0.0.0.0", "[::]"):
        if address.startswith(wildcard):
            return "127.0.0.1" + address[len(wildcard) :]
    return address


def _announce(runner: object, note: Note, ready: Callable[[Note], None] | None) -> None:
    pause = threading.Event()
    while not getattr(runner, "started", False):
        if getattr(runner, "should_exit", False):
            return
        pause.wait(0.005)
    remember(note)
    if ready:
        ready(note)


def end_process(process: int) -> None:
    """Asks a server's process to end."""
    os.kill(process, signal.SIGTERM)
