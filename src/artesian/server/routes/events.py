"""A stream of what happens in the server, so that nobody has to ask again and again."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import TYPE_CHECKING

from starlette.responses import StreamingResponse

from artesian.core.clock import now_ms
from artesian.core.errors import InvalidArgument, did_you_mean
from artesian.server.routing import Call, route
from artesian.server.watch import TOPICS, Hub, Listener, Wanted, message
from artesian.server.wire.events import EVENTS, OPENED

if TYPE_CHECKING:
    from starlette.types import Receive, Scope, Send

_RETRY = b"retry: 2000\n\n"
_HEARTBEAT = b": \n\n"


class _Stream(StreamingResponse):
    """Sends what its listener gets, and gives the listener back however it ends."""

    def __init__(self, hub: Hub, listener: Listener, heartbeat_secs: float) -> None:
        headers = {"Cache-Control": "no-store", "X-Accel-Buffering": "no"}
        super().__init__(self._events(), headers=headers, media_type="text/event-stream")
        self._hub = hub
        self._listener = listener
        self._heartbeat_secs = heartbeat_secs

    async def _events(self) -> AsyncIterator[bytes]:
        topics = sorted(self._listener.memory.wanted.topics)
        opened = OPENED.new(topics=topics, timestamp=now_ms(), heartbeat_secs=self._heartbeat_secs)
        yield _RETRY + message("open", opened)
        while True:
            waiting = await self._listener.take(self._heartbeat_secs)
            yield waiting or _HEARTBEAT
            if self._listener.ended:
                return

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        try:
            await super().__call__(scope, receive, send)
        finally:
            self._hub.leave(self._listener)


@route(
    "GET",
    "/3/Events",
    "events",
    "Streams jobs, points of trainings, AutoML runs and objects as they come and change, as server-sent events.",
    takes=EVENTS,
    gives=None,
    streaming=True,
)
async def events(call: Call) -> StreamingResponse:
    """Opens a stream: first the present state, then what changes."""
    topics = [topic for topic in call["topics"] or () if topic] or TOPICS
    for topic in topics:
        if topic not in TOPICS:
            raise InvalidArgument(
                f"There is no topic '{topic}'.{did_you_mean(topic, TOPICS)} Known: {', '.join(TOPICS)}."
            )
    wanted = Wanted(frozenset(topics), frozenset(key for key in call["keys"] or () if key))
    hub = call.server.events
    return _Stream(hub, hub.join(wanted), call.server.settings.event_heartbeat_secs)
