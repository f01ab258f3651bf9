"""H2OConnection: one server's address and session, and the requests to it, over kept-alive connections."""

from __future__ import annotations

import atexit
import collections
import contextlib
import json as json_module
import os
import re
import ssl
import threading
import time
import weakref
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any
from urllib.parse import quote, urlencode

import urllib3

from artesian.client import wire
from artesian.client.checks import check_type
from artesian.client.exceptions import (
    H2OConnectionError,
    H2OErrorV3,
    H2OModelBuilderErrorV3,
    H2OResponseError,
    H2OServerError,
    H2OValueError,
    NoAnswer,
    NotOffered,
)

if TYPE_CHECKING:
    from artesian.client.cluster import H2OCluster
    from artesian.client.local_server import H2OLocalServer

DEFAULT_PORT = 54321
PORT_VARIABLE = "ARTESIAN_PORT"
_ENDPOINT = re.compile(r"(GET|POST|PUT|DELETE|PATCH|HEAD) (/.*)")
_URL = re.compile(r"(https?)://(\[[0-9a-fA-F:]+\]|[\w.-]+)(?::(\d+))?((?:/[\w.~-]+)*)/?")
_CONNECT_SECS = 3.0
_PROBE_SECS = 10.0
"""Time for the first answer: a server that has just started, on a busy machine, may need some."""
_CLOSE_SECS = 1.0
_NOT_IMPLEMENTED = 501
_BLOCK_BYTES = 1 << 16
_RETRIES = urllib3.Retry(total=3, backoff_factor=0.1, redirect=0, status=0)

SaveTo = str | Path | Callable[[urllib3.BaseHTTPResponse], str]


class H2OConnection:
    """A connection to a server; made by `open`, used by everything through `request`.

    Requests are sent once, except that a GET which met a broken connection is sent again. Names of temporary frames
    that Python has dropped are collected by `discard` and removed on the server between two requests.
    """

    def __init__(self, base_url: str, *, verbose: bool = True, local_server: H2OLocalServer | None = None) -> None:
        self.base_url = base_url
        self.name: str | None = None
        self.requests_count = 0
        self.timeout_interval: float | None = None
        self._verbose = verbose
        self._local_server = local_server
        self._headers: dict[str, str] = {"User-Agent": "Artesian Python client", "Accept-Encoding": "gzip"}
        self._pool: urllib3.PoolManager = urllib3.PoolManager(maxsize=8)
        self._proxies: dict[str, str | None] = {"http": None, "https": None}
        """The proxy in use, by scheme: none unless one was given (variables of the environment do not count)."""
        self._session_id: str | None = None
        self._cluster: H2OCluster | None = None
        self._closed = False
        self._discarded: collections.deque[str] = collections.deque()
        self._thread = threading.local()
        self._log: IO[str] | None = None
        self._is_artesian: bool | None = None

    @classmethod
    def open(
        cls,
        server: H2OLocalServer | None = None,
        url: str | None = None,
        ip: str | None = None,
        port: int | str | None = None,
        name: str | None = None,
        https: bool | None = None,
        auth: tuple[str, str] | None = None,
        token: str | None = None,
        verify_ssl_certificates: bool | None = True,
        cacert: str | None = None,
        proxy: str | None = None,
        cookies: str | list[str] | None = None,
        verbose: bool = True,
        attempts: int = 3,
    ) -> H2OConnection:
        """Connects to a server and asks for its state; H2OConnectionError when none answers.

        The address is that of `server`, or `url` (`http://host:port/path`), or `ip` and `port`. `auth` is a user name and
        password, `token` a secret sent as a bearer token (default: the variable ARTESIAN_TOKEN).
        """
        base_url = server.url if server else _base_url(url, ip, port, https)
        connection = cls(base_url, verbose=verbose, local_server=server)
        connection._pool = _pool(proxy, verify_ssl_certificates is not False, cacert)
        given = proxy if proxy and proxy != "(default)" else None
        connection._proxies = {"http": given, "https": given}
        connection._headers |= _credentials(auth, token, cookies)
        connection.name = name
        connection._connect(attempts)
        atexit.register(_close_if_alive, weakref.ref(connection))
        return connection

    @property
    def _base_url(self) -> str:
        return self.base_url

    # --- requests ---------------------------------------------------------------------------------------------------

    def request(
        self,
        endpoint: str,
        data: dict[str, Any] | None = None,
        json: dict[str, Any] | None = None,
        filename: str | os.PathLike[str] | None = None,
        save_to: SaveTo | None = None,
    ) -> Any:
        """Sends `"GET /3/…"` with its parameters and gives the decoded reply.

        `filename` uploads a file (POST only), `save_to` writes the body to a path, a folder or what a function of the
        response names, and gives that path. Raises H2OResponseError when the server refuses, H2OServerError when it fails.
        """
        match = _ENDPOINT.fullmatch(endpoint)
        if match is None:
            raise H2OValueError(f"An endpoint reads like 'GET /3/Cloud'. Got {endpoint!r}.", "endpoint")
        method, path = match.groups()
        with contextlib.ExitStack() as stack:
            headers: dict[str, str] = {}
            body: Any = None
            if filename is not None:
                body = stack.enter_context(_existing(filename).open("rb"))
                headers = {
                    "Content-Type": "application/octet-stream",
                    "Content-Length": str(os.fstat(body.fileno()).st_size),
                }
            elif json is not None:
                body, headers = json_module.dumps(json).encode(), {"Content-Type": "application/json"}
            elif method in ("GET", "DELETE"):
                path = _with_query(path, data)
            else:
                body = urlencode(wire.encode(data)).encode()
                headers = {"Content-Type": "application/x-www-form-urlencoded"}
            response = self._send(method, path, body, headers, stream=save_to is not None)
            if save_to is not None and response.status == 200:
                return _save(response, save_to)
            return self._decoded(endpoint, response)

    def download(self, path: str, data: dict[str, Any]) -> tuple[str, bytes]:
        """The content type and bytes of a GET."""
        response = self._send("GET", _with_query(path, data), None, {}, stream=False)
        if response.status != 200:
            self._decoded(f"GET {path}", response)
        return _content_type(response), response.data

    def upload(self, path: str, body: bytes, content_type: str) -> Any:
        """Posts bytes and gives the decoded reply."""
        response = self._send("POST", path, body, {"Content-Type": content_type}, stream=False)
        return self._decoded(f"POST {path}", response)

    def _send(
        self, method: str, path: str, body: Any, headers: dict[str, str], *, stream: bool
    ) -> urllib3.BaseHTTPResponse:
        if self._closed:
            raise H2OConnectionError("This connection was closed. Connect anew with init() or connect().")
        with self._sending():
            self.requests_count += 1
            started = time.monotonic()
            try:
                response = self._pool.request(
                    method,
                    self.base_url + path,
                    body=body,
                    headers=self._headers | headers,
                    preload_content=not stream,
                    timeout=urllib3.Timeout(connect=_CONNECT_SECS, read=self.timeout_interval),
                    retries=_RETRIES if method == "GET" and self._cluster is not None else False,
                    redirect=False,
                )
            except urllib3.exceptions.HTTPError as error:
                self._record(f"{method} {path} failed: {error}")
                raise self._unreachable(error) from error
            self._record(f"{method} {path} -> {response.status} ({(time.monotonic() - started) * 1000:.0f} ms)")
            return response

    @contextlib.contextmanager
    def _sending(self) -> Iterator[None]:
        """Between two requests of a thread the dropped temporaries are removed, never in the middle of one."""
        if getattr(self._thread, "busy", False):
            yield
            return
        self._thread.busy = True
        try:
            self._remove_discarded()
            yield
        finally:
            self._thread.busy = False

    def discard(self, key: str) -> None:
        """Has a temporary frame removed: now if no request of this thread is under way, else before the next one.

        Called from `__del__`, which may run at any moment, so it never raises.
        """
        self._discarded.append(key)
        if (
            self._closed
            or getattr(self._thread, "busy", False)
            or threading.current_thread() is not threading.main_thread()
        ):
            return
        with contextlib.suppress(Exception), self._sending():
            pass

    def _remove_discarded(self) -> None:
        while self._discarded and not self._closed and self._session_id:
            key = self._discarded.popleft()
            with contextlib.suppress(H2OResponseError, H2OServerError):
                self.request("POST /99/Rapids", {"ast": f"(rm {key})", "session_id": self._session_id})

    def _decoded(self, endpoint: str, response: urllib3.BaseHTTPResponse) -> Any:
        kind, content = _content_type(response), response.data
        if kind == "application/json":
            try:
                reply = wire.loads(content)
            except ValueError as error:
                raise H2OServerError(f"The reply to {endpoint} is no valid JSON: {error}.") from error
        else:
            reply = content.decode("utf-8", "replace")
        if 200 <= response.status < 300:
            return wire.decode(reply)
        raise _refusal(endpoint, response.status, reply)

    def _unreachable(self, error: Exception) -> H2OConnectionError:
        if self._local_server is not None and not self._local_server.is_running():
            return H2OConnectionError(
                f"The local server at {self.base_url} has ended. {self._local_server.last_words()}"
            )
        reason = getattr(error, "reason", None) or error
        text = re.sub(r"^.*?(?:object at 0x[0-9a-f]+>|port=\d+\)): ", "", str(reason))
        return NoAnswer(f"Could not establish link to {self.base_url}: {text}.")

    # --- opening and closing ----------------------------------------------------------------------------------------

    def _connect(self, attempts: int) -> None:
        from artesian.client.cluster import H2OCluster

        problem: Exception | None = None
        for attempt in range(attempts):
            if attempt:
                time.sleep(0.2)
            try:
                self.timeout_interval = _PROBE_SECS
                cluster = self.request("GET /3/Cloud")
            except H2OConnectionError as error:
                problem = error
                continue
            finally:
                self.timeout_interval = None
            if not isinstance(cluster, H2OCluster):
                raise H2OConnectionError(f"What answers at {self.base_url} is no server of this kind.")
            if self.name and cluster.cloud_name != self.name:
                raise H2OConnectionError(f"The server at {self.base_url} is '{cluster.cloud_name}', not '{self.name}'.")
            if cluster.cloud_healthy and cluster.consensus:
                cluster.attach(self)
                self._cluster = cluster
                return
            problem = H2OServerError(f"The server at {self.base_url} reports that it is not healthy.")
        raise problem or NoAnswer(f"Could not establish link to {self.base_url}.")

    @property
    def connected(self) -> bool:
        """Whether the connection can be used."""
        return self._cluster is not None and not self._closed

    @property
    def session_id(self) -> str:
        """The session's name; it is opened with the first use."""
        if self._session_id is None:
            reply = self.request("POST /4/sessions")
            self._session_id = str(reply.get("session_key") or reply["session_id"])
        return self._session_id

    @property
    def cluster(self) -> H2OCluster:
        """The server's state."""
        if self._cluster is None:
            raise H2OConnectionError("This connection was never opened.")
        return self._cluster

    @property
    def local_server(self) -> H2OLocalServer | None:
        """The server started for this connection, if it was."""
        return self._local_server

    @property
    def offers_arrow(self) -> bool:
        """Whether the server takes and gives frames as Arrow (H2O-3 does not: then they travel as CSV)."""
        return self.is_artesian

    @property
    def is_artesian(self) -> bool:
        """Whether the server is one of Artesian's."""
        if self._is_artesian is None:
            try:
                self._is_artesian = "artesian" in str(self.request("GET /3/About")).lower()
            except (H2OResponseError, H2OServerError):
                self._is_artesian = False
        return self._is_artesian

    def close(self) -> None:
        """Ends the session, which frees its temporaries; the server stays up."""
        if self._closed:
            return
        if self._session_id is not None:
            self.timeout_interval = _CLOSE_SECS
            with contextlib.suppress(Exception):
                self._discarded.clear()
                self.request(f"DELETE /4/sessions/{self._session_id}")
            self._session_id = None
        self._closed = True
        self._pool.clear()

    def start_logging(self, dest: str | IO[str]) -> None:
        """Writes a line a request to a file or an open stream."""
        self._log = Path(dest).open("a", encoding="utf-8") if isinstance(dest, str) else dest  # noqa: SIM115

    def stop_logging(self) -> None:
        """Ends what `start_logging` began."""
        self._log = None

    def _record(self, line: str) -> None:
        if self._log is not None:
            print(line, file=self._log, flush=True)

    def __enter__(self) -> H2OConnection:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def __repr__(self) -> str:
        state = "closed" if self._closed else f"session {self._session_id}" if self._session_id else "no session yet"
        return f"<H2OConnection to {self.base_url}, {state}>"


def _close_if_alive(reference: weakref.ref[H2OConnection]) -> None:
    connection = reference()
    if connection is not None:
        connection.close()


def _base_url(url: str | None, ip: str | None, port: int | str | None, https: bool | None) -> str:
    check_type("url", url, None, str)
    check_type("ip", ip, None, str)
    if url is not None:
        match = _URL.fullmatch(url)
        if match is None:
            raise H2OValueError(f"An address reads like 'http://127.0.0.1:54321'. Got {url!r}.", "url")
        scheme, host, number, path = match.groups()
        return f"{scheme}://{host}:{number or (443 if scheme == 'https' else 80)}{path}"
    number = str(default_port() if port is None else port).rstrip("+")
    if not number.isdigit() or not 0 < int(number) < 65536:
        raise H2OValueError(f"A port is a number from 1 to 65535. Got {port!r}.", "port")
    return f"{'https' if https else 'http'}://{ip or 'localhost'}:{number}"


def _pool(proxy: str | None, verify: bool, cacert: str | None) -> urllib3.PoolManager:
    options: dict[str, Any] = {"maxsize": 8, "cert_reqs": "CERT_REQUIRED" if verify else "CERT_NONE"}
    if cacert:
        options["ssl_context"] = ssl.create_default_context(cafile=cacert)
    return urllib3.ProxyManager(proxy, **options) if proxy and proxy != "(default)" else urllib3.PoolManager(**options)


def _credentials(auth: tuple[str, str] | None, token: str | None, cookies: str | list[str] | None) -> dict[str, str]:
    headers = {"Cookie": ";".join(cookies) if isinstance(cookies, list) else cookies} if cookies else {}
    token = token or os.environ.get("ARTESIAN_TOKEN")
    if auth is not None:
        headers |= urllib3.make_headers(basic_auth=f"{auth[0]}:{auth[1]}")
    elif token:
        headers["Authorization"] = f"Bearer {token}"
    return headers


def _with_query(path: str, data: dict[str, Any] | None) -> str:
    query = urlencode(wire.encode(data))
    return f"{path}{'&' if '?' in path else '?'}{query}" if query else path


def path_part(name: str) -> str:
    """A name as one part of a path."""
    return quote(name, safe="")


def _existing(filename: str | os.PathLike[str]) -> Path:
    path = Path(filename).expanduser()
    if not path.is_file():
        raise H2OValueError(f"There is no file {str(path)!r} on this machine.", "filename")
    return path


def _content_type(response: urllib3.BaseHTTPResponse) -> str:
    return response.headers.get("Content-Type", "").partition(";")[0].strip()


def _refusal(endpoint: str, status: int, reply: Any) -> Exception:
    schema = wire.schema_of(reply) if isinstance(reply, dict) else ""
    if schema == "H2OModelBuilderErrorV3":
        return H2OResponseError(H2OModelBuilderErrorV3(reply, endpoint))
    if schema == "H2OErrorV3" and status < 500:
        return H2OResponseError(H2OErrorV3(reply, endpoint))
    if schema == "H2OErrorV3":
        error = H2OErrorV3(reply, endpoint)
        if status == _NOT_IMPLEMENTED:
            return NotOffered(str(error), error.stacktrace)
        return H2OServerError(str(error), error.stacktrace)
    return H2OServerError(f"{endpoint} was answered with HTTP {status}: {str(reply)[:500]}")


def _save(response: urllib3.BaseHTTPResponse, save_to: SaveTo) -> str:
    target = Path(save_to(response) if callable(save_to) else save_to).expanduser()
    if target.is_dir() or str(save_to).endswith(os.sep):
        target = target / suggested_name(response)
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        with target.open("wb") as file:
            for block in response.stream(_BLOCK_BYTES):
                file.write(block)
    except OSError as error:
        raise H2OValueError(f"The file {str(target)!r} cannot be written: {error}.") from error
    finally:
        response.release_conn()
    return str(target.resolve())


def suggested_name(response: urllib3.BaseHTTPResponse) -> str:
    """The file name that a reply suggests, without any folder."""
    found = re.search(r'filename="?([^";]+)"?', response.headers.get("Content-Disposition", ""))
    return Path(found.group(1)).name if found else "download"


def default_port() -> str:
    """The port to look at when none is given: that of the server's own setting in the environment, else 54321."""
    return os.environ.get(PORT_VARIABLE) or str(DEFAULT_PORT)
