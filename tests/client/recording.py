"""A connection without a server, which writes down what it is asked."""

from __future__ import annotations

from typing import Any


class Recorder:
    """Stands for a connection: remembers requests, and answers from `replies` (by endpoint) or with an empty dict."""

    session_id = "_sid_1"
    connected = True
    local_server = None
    offers_arrow = is_artesian = True

    def __init__(self) -> None:
        self.requests: list[tuple[str, dict[str, Any]]] = []
        self.discarded: list[str] = []
        self.replies: dict[str, Any] = {}

    def request(self, endpoint: str, data: dict[str, Any] | None = None, **_: Any) -> Any:
        self.requests.append((endpoint, data or {}))
        reply = self.replies.get(endpoint, {})
        if isinstance(reply, Exception):
            raise reply
        return reply(data) if callable(reply) else reply

    def discard(self, key: str) -> None:
        self.discarded.append(key)

    @property
    def expressions(self) -> list[str]:
        """The expressions sent so far."""
        return [data["ast"] for endpoint, data in self.requests if endpoint == "POST /99/Rapids"]
