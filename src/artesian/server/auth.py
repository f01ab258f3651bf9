"""Who may call: the token, the Host header (DNS rebinding) and the Origin of web pages.

A request from a page of another site is refused unless that site is an allowed origin. A server on a loopback address
needs no token; on any other address `required_token` makes one when none is set.
"""

from __future__ import annotations

import base64
import binascii
import hmac
import ipaddress
import secrets
import socket
from collections.abc import Mapping
from urllib.parse import urlsplit

from artesian.core.errors import Forbidden, Unauthorized
from artesian.core.settings import Settings

_LOOPBACK_NAMES = frozenset({"localhost", "127.0.0.1", "::1"})
_WILDCARDS = frozenset({"0.0.0.0", "::", ""})


def is_loopback(host: str) -> bool:
    """Whether the address is reachable from this machine alone."""
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def required_token(settings: Settings) -> str:
    """The token that requests must carry: the set one, none on loopback, else a fresh one."""
    if settings.token or is_loopback(settings.host):
        return settings.token
    return secrets.token_urlsafe(24)


class Access:
    """Checks requests of one server. Raises Unauthorized or Forbidden with the reason."""

    def __init__(self, settings: Settings, token: str) -> None:
        self._token = token.encode()
        self._any_address = settings.host in _WILDCARDS
        self._hosts = _LOOPBACK_NAMES | {settings.host.lower()} | {name.lower() for name in settings.allowed_hosts}
        if self._any_address:
            self._hosts |= {socket.gethostname().lower(), socket.getfqdn().lower()}
        self._origins = {origin.rstrip("/").lower() for origin in settings.allowed_origins}

    def check(self, headers: Mapping[str, str], scheme: str, *, public: bool = False) -> None:
        """Lets the request pass or raises; header names are lower-case. What is `public` needs no token."""
        self._check_host(headers.get("host", ""))
        self._check_origin(headers, scheme)
        if self._token and not public:
            self._check_token(headers.get("authorization", ""))

    def allows_origin(self, origin: str) -> bool:
        """Whether pages of that origin may call from the outside."""
        return origin.rstrip("/").lower() in self._origins

    def _check_host(self, host: str) -> None:
        name = _host_name(host)
        if name in self._hosts or is_loopback(name) or (self._any_address and _is_address(name)):
            return
        raise Forbidden(
            f"The Host header {host!r} does not name this server; start it with --allowed-hosts {name or 'NAME'} "
            "if that name is meant to reach it.",
            host=host,
        )

    def _check_origin(self, headers: Mapping[str, str], scheme: str) -> None:
        origin = headers.get("origin", "")
        own = f"{scheme}://{headers.get('host', '')}".lower()
        if origin and origin.lower() != own and not self.allows_origin(origin):
            raise Forbidden(
                f"Pages of {origin!r} may not call this server; start it with --allowed-origins {origin} to let them.",
                origin=origin,
            )
        if not origin and headers.get("sec-fetch-site") == "cross-site" and headers.get("sec-fetch-mode") != "navigate":
            raise Forbidden("A page of another site may not call this server; add it with --allowed-origins.")

    def _check_token(self, authorization: str) -> None:
        scheme, _, value = authorization.partition(" ")
        offered = b""
        if scheme.lower() == "bearer":
            offered = value.strip().encode()
        elif scheme.lower() == "basic":
            try:
                offered = base64.b64decode(value.strip(), validate=True).partition(b":")[2]
            except (binascii.Error, ValueError):
                offered = b""
        if not hmac.compare_digest(offered, self._token):
            raise Unauthorized(
                "This server needs its token: send it as 'Authorization: Bearer TOKEN', or as the password of any "
                "user name (connect(auth=('user', TOKEN)))."
            )


def _host_name(host: str) -> str:
    try:
        return (urlsplit(f"//{host}").hostname or "").lower()
    except ValueError:
        return ""


def _is_address(name: str) -> bool:
    try:
        ipaddress.ip_address(name)
    except ValueError:
        return False
    return True
