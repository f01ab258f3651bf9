"""Which version a client is told: the one it names itself in its User-Agent, else the one that the settings say.

Official clients refuse a server whose version differs from their own. A four-part version of the contract's line in the
User-Agent is taken as the client's own; the three-part Python version that the official Python client sends is not one.
"""

from __future__ import annotations

import re

_TOLD = re.compile(r"\b(3\.46\.\d{1,3}\.\d{1,6})\b")


def version_for(user_agent: str, default: str) -> str:
    """The version to answer a client with."""
    told = _TOLD.search(user_agent)
    return told.group(1) if told else default
