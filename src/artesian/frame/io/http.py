"""Fetches http and https sources behind a guard on addresses: a name is resolved first, and only an address that passed is
connected to, on redirects as well. So neither a redirect nor a second answer of the name server leads inside.
"""

from __future__ import annotations

import ipaddress
import re
import socket
from typing import TYPE_CHECKING, Any
from urllib.parse import SplitResult, unquote, urljoin, urlsplit

from artesian.core.errors import Forbidden, InvalidArgument, NotFound, ParseError
from artesian.core.settings import Settings

if TYPE_CHECKING:
    import urllib3

_MOST_REDIRECTS = 10
_REDIRECTS = (301, 302, 303, 307, 308)
# networks that lead inside though ipaddress may call them global: carriers' own, and IPv6 that stands for any IPv4 (NAT64)
_SPECIAL = tuple(ipaddress.ip_network(net) for net in ("100.64.0.0/10", "64:ff9b::/96", "64:ff9b:1::/48"))


def open_url(url: str, settings: Settings) -> tuple[Any, int]:
    """A stream of the answer's body and its length (0 where unknown).

    Raises Forbidden for a guarded address, NotFound for a 404 or 410, ParseError for any other failure.
    """
    named = _without_secret(url)
    visited = url
    for _ in range(_MOST_REDIRECTS + 1):
        response = _request(visited, settings)
        if response.status not in _REDIRECTS:
            return _answer(named, response)
        target = response.headers.get("Location", "")
        response.close()
        try:
            visited = urljoin(visited, target)
        except ValueError:
            raise ParseError(f"The address '{named}' redirects to what is no address.") from None
    raise ParseError(f"The address '{named}' redirects more than {_MOST_REDIRECTS} times.")


def _without_secret(url: str) -> str:
    """The address without user and password."""
    return re.sub(r"(?<=://)[^/@]*@", "", url)


def check_url(url: str) -> None:
    """Raises InvalidArgument for what is no http or https address."""
    _split(url)


def check_address(host: str, address: str, settings: Settings) -> None:
    """Raises Forbidden for an address that is not public, or that is this machine's own."""
    if settings.allow_private_urls:
        return
    ip = ipaddress.ip_address(address.partition("%")[0])
    inner = getattr(ip, "ipv4_mapped", None) or getattr(ip, "sixtofour", None) or ip
    guarded = not inner.is_global or not ip.is_global or inner.is_multicast or any(inner in net for net in _SPECIAL)
    if guarded or _is_own(str(ip)):
        raise Forbidden(
            f"The address of '{host}' ({address}) is not public; imports reach it only with the setting 'allow_private_urls'.",
            host=host,
        )


def _is_own(address: str) -> bool:
    """Whether this machine answers to the address: only then can a socket be bound to it."""
    family = socket.AF_INET6 if ":" in address else socket.AF_INET
    with socket.socket(family, socket.SOCK_DGRAM) as probe:
        try:
            probe.bind((address, 0))
        except OSError:
            return False
    return True


def _request(url: str, settings: Settings) -> urllib3.BaseHTTPResponse:
    import urllib3  # here, since it takes as long to load as all the rest of this package

    parts, host, port = _split(url)
    address = _resolve(host, port, settings)
    timeout = urllib3.Timeout(connect=settings.http_timeout_secs, read=settings.http_timeout_secs)
    pool: urllib3.HTTPConnectionPool
    if parts.scheme == "https":
        pool = urllib3.HTTPSConnectionPool(
            address, port, timeout=timeout, server_hostname=host, assert_hostname=host, cert_reqs="CERT_REQUIRED"
        )
    else:
        pool = urllib3.HTTPConnectionPool(address, port, timeout=timeout)
    headers = {"Host": parts.netloc.rpartition("@")[2], "User-Agent": "artesian", "Accept-Encoding": "identity"}
    if parts.username is not None:
        headers.update(urllib3.make_headers(basic_auth=unquote(f"{parts.username}:{parts.password or ''}")))
    target = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    try:
        return pool.urlopen("GET", target, headers=headers, redirect=False, retries=False, preload_content=False)
    except (urllib3.exceptions.HTTPError, OSError) as error:
        raise ParseError(f"The address '{_without_secret(url)}' does not answer: {_reason(error)}.") from None


def _split(url: str) -> tuple[SplitResult, str, int]:
    """The address in parts, its host and port."""
    try:
        parts = urlsplit(url)
        host, port = parts.hostname or "", parts.port or (443 if parts.scheme == "https" else 80)
    except ValueError:
        host = ""
    if not host or parts.scheme not in ("http", "https"):
        raise InvalidArgument(
            f"'{_without_secret(url)}' is no address that can be imported; use http://host/path or https://host/path."
        )
    return parts, host, port


def _resolve(host: str, port: int, settings: Settings) -> str:
    """The first address of the host, after all of them passed the guard."""
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError) as error:
        raise NotFound(f"The host '{host}' is not known: {_reason(error)}.") from None
    addresses = [str(entry[4][0]) for entry in found]
    for address in addresses:
        check_address(host, address, settings)
    return addresses[0]


class _Body:
    """The body of an answer; failures on the way become sentences."""

    def __init__(self, url: str, response: urllib3.BaseHTTPResponse) -> None:
        self._url = url
        self._response = response

    def read(self, size: int) -> bytes:
        """At most `size` bytes, none at the end."""
        from urllib3.exceptions import HTTPError

        try:
            return self._response.read(size)
        except (HTTPError, OSError) as error:
            raise ParseError(f"Reading '{self._url}' broke off: {_reason(error)}.") from None

    def close(self) -> None:
        """Ends the connection."""
        self._response.close()


def _answer(url: str, response: urllib3.BaseHTTPResponse) -> tuple[Any, int]:
    if response.status == 200:
        length = response.headers.get("Content-Length", "")
        return _Body(url, response), int(length) if length.isdigit() else 0
    response.close()
    kind = NotFound if response.status in (404, 410) else ParseError
    raise kind(f"The address '{url}' answers with status {response.status} instead of a file.", path=url)


def _reason(error: BaseException) -> str:
    return str(getattr(error, "strerror", "") or error).rstrip(".") or type(error).__name__
