"""A connection for as long as wrappers need one: made when the first asks, closed when the last is gone."""

from __future__ import annotations

import contextlib
import weakref
from typing import Any, Self

from artesian.client import job, session
from artesian.client.exceptions import H2OError

_users: weakref.WeakSet[H2OConnectionMonitorMixin] = weakref.WeakSet()
_made: list[Any] = []
"""The connection that was made here, if one was."""


class H2OConnectionMonitorMixin:
    """Something that needs a connection; as a context manager it has one within the block.

    A connection that is there already is used, and stays.
    """

    init_connection_args: Any = None

    def _connect(self) -> None:
        """Connects, by `init` with `init_connection_args`, unless there is a connection."""
        _users.add(self)
        self.init_connection(**(self.init_connection_args or {}))

    def _release(self) -> None:
        _users.discard(self)
        if not _users:
            self.close_connection()

    @classmethod
    def init_connection(cls, auto_close: bool = True, show_progress: bool = True, **options: Any) -> None:
        """Connects to a server, or starts one, as `init` does; `auto_close` closes it when nothing needs it any more."""
        if _is_open():
            return
        session.init(**options)
        if auto_close:
            _made[:] = [session.current()]
        job.show_progress() if show_progress else job.no_progress()

    @classmethod
    def close_connection(cls, force: bool = False) -> None:
        """Closes the connection that was made here, and ends the server that was started for it; with `force` any."""
        connection = session.current() if _is_open() else None
        ours = connection is not None and any(connection is made for made in _made)
        _made.clear()
        if connection is None or not (ours or force):
            return
        local = connection.local_server
        with contextlib.suppress(H2OError):
            connection.close()
            if local is not None:
                local.shutdown()

    def __enter__(self) -> Self:
        self._connect()
        return self

    def __exit__(self, *raised: object) -> None:
        self._release()

    def __del__(self) -> None:
        with contextlib.suppress(Exception):  # the interpreter may be ending
            if self in _users:
                self._release()


def _is_open() -> bool:
    connection = session.connection()
    return connection is not None and bool(connection.connected)


def h2o_connection(**arguments: Any) -> H2OConnectionMonitorMixin:
    """A context with a connection: `with h2o_connection(): …`. The arguments are those of `init`."""
    made = H2OConnectionMonitorMixin()
    made.init_connection_args = arguments
    return made
