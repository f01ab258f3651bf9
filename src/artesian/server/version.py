"""Which version a client is told: its own where that can be known, else the one that the settings say.

Official clients refuse a server whose version differs from their own. A four-part version of the contract's line in the
User-Agent is taken as the client's own (the three-part Python version that the official Python client sends is not one);
for a client on this machine the installed package is looked up, unless the settings forbid it.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from artesian.server.local_clients import client_version

if TYPE_CHECKING:
    from artesian.server.routing import Call

_TOLD = re.compile(r"\b(3\.46\.\d{1,3}\.\d{1,6})\b")


def version_for(call: Call) -> str:
    """The version to answer the client of a call with."""
    settings = call.server.settings
    user_agent = call.request.headers.get("user-agent", "")
    told = _TOLD.search(user_agent)
    if told:
        return told.group(1)
    peer = call.request.client
    if settings.match_local_clients and peer is not None:
        return client_version(user_agent, (peer.host, peer.port), call.server.port) or settings.strict_version
    return settings.strict_version
