"""Requests: what is sent again and what is not, refusals as exceptions, temporaries removed between requests."""

from __future__ import annotations

import gc
import http.server
import json
import threading
from collections.abc import Iterator
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest

from artesian.client import session
from artesian.client.connection import H2OConnection
from artesian.client.connection_conf import H2OConnectionConf
from artesian.client.exceptions import (
    H2OConnectionError,
    H2OResponseError,
    H2OServerError,
    H2OTypeError,
    H2OValueError,
    NotAvailable,
)
from artesian.client.session import init, memory_size

CLOUD = {
    "__meta": {"schema_name": "CloudV3"},
    "cloud_name": "fake",
    "cloud_healthy": True,
    "consensus": True,
    "version": "3.46.0.12",
    "nodes": [],
}


class Handler(http.server.BaseHTTPRequestHandler):
    """Answers by path from `answers`: (status, body); `drops` counts connections that are closed without an answer."""

    protocol_version = "HTTP/1.1"
    answers: dict[str, tuple[int, Any]]
    seen: list[tuple[str, str, dict[str, list[str]], dict[str, str]]]
    drops: int

    def answer(self) -> None:
        length = int(self.headers.get("Content-Length") or 0)
        body = self.rfile.read(length).decode()
        parts = urlsplit(self.path)
        type(self).seen.append((self.command, parts.path, parse_qs(parts.query or body), dict(self.headers)))
        if type(self).drops:
            type(self).drops -= 1
            self.close_connection = True
            return
        status, reply = self.answers.get(parts.path, (404, {"__meta": {"schema_name": "H2OErrorV3"}, "msg": "nothing"}))
        content = reply if isinstance(reply, bytes) else json.dumps(reply).encode()
        self.send_response(status)
        self.send_header("Content-Type", "text/plain" if isinstance(reply, bytes) else "application/json")
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)

    do_GET = do_POST = do_DELETE = answer  # noqa: N815

    def log_message(self, *_: Any) -> None:
        """Keeps quiet."""


@pytest.fixture
def fake() -> Iterator[type[Handler]]:
    """A server of canned answers."""
    handler = type("Canned", (Handler,), {"answers": {"/3/Cloud": (200, CLOUD)}, "seen": [], "drops": 0})
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    handler.url = f"http://127.0.0.1:{server.server_address[1]}"  # type: ignore[attr-defined]
    yield handler
    server.shutdown()
    server.server_close()


@pytest.fixture
def connection(fake: Any) -> Iterator[H2OConnection]:
    opened = H2OConnection.open(url=fake.url, verbose=False, token="secret")
    yield opened
    opened.close()


def paths(fake: type[Handler]) -> list[str]:
    return [f"{method} {path}" for method, path, _, _ in fake.seen]


def test_parameters_go_into_the_query_or_the_form(fake: Any, connection: H2OConnection) -> None:
    fake.answers["/3/X"] = (200, {"ok": True})
    assert connection.request("GET /3/X", {"a": [1, 2], "b": None}) == {"ok": True}
    connection.request("POST /3/X", {"a": True})
    connection.request("DELETE /3/X", {"c": "d e"})
    assert [query for _, path, query, _ in fake.seen if path == "/3/X"] == [
        {"a": ["[1,2]"]},
        {"a": ["True"]},
        {"c": ["d e"]},
    ]
    assert fake.seen[-1][3]["Authorization"] == "Bearer secret"


def test_a_get_that_met_a_broken_connection_is_sent_again(fake: Any, connection: H2OConnection) -> None:
    fake.answers["/3/X"] = (200, {"ok": True})
    fake.drops = 1
    assert connection.request("GET /3/X") == {"ok": True}
    assert paths(fake).count("GET /3/X") == 2


def test_a_post_is_sent_once(fake: Any, connection: H2OConnection) -> None:
    fake.answers["/3/X"] = (200, {"ok": True})
    fake.drops = 1
    with pytest.raises(H2OConnectionError, match="Could not establish link to http://127"):
        connection.request("POST /3/X", {"a": 1})
    assert paths(fake).count("POST /3/X") == 1


def test_refusals_and_failures_are_told_apart(fake: Any, connection: H2OConnection) -> None:
    body = {
        "__meta": {"schema_name": "H2OErrorV3"},
        "msg": "\n\nERROR MESSAGE:\n\nno such frame\n\n",
        "http_status": 404,
    }
    fake.answers["/3/Frames/x"] = (404, body)
    with pytest.raises(H2OResponseError, match=r"^Error: no such frame\n  Request: GET /3/Frames/x$") as refused:
        connection.request("GET /3/Frames/x")
    assert refused.value.args[0].http_status == 404
    fake.answers["/3/Y"] = (500, body | {"stacktrace": ["at line 1"]})
    with pytest.raises(H2OServerError, match="no such frame") as failed:
        connection.request("POST /3/Y")
    assert failed.value.stacktrace == ["at line 1"]
    fake.answers["/3/N"] = (501, body | {"msg": "Not available yet: saving."})
    with pytest.raises(NotAvailable, match="Not available yet: saving") as missing:
        connection.request("GET /3/N")
    assert isinstance(missing.value, H2OServerError)  # as which scripts written for H2O catch it
    fake.answers["/3/K"] = (400, body | {"exception_type": "java.lang.IllegalArgumentException", "http_status": 400})
    with pytest.raises(H2OResponseError, match=r"\n  Server error java\.lang\.IllegalArgumentException: HTTP 400$"):
        connection.request("GET /3/K")
    fake.answers["/3/Z"] = (502, b"<html>gateway</html>")
    with pytest.raises(H2OServerError, match="HTTP 502: <html>gateway"):
        connection.request("GET /3/Z")


def test_nobody_at_the_address_is_one_sentence() -> None:
    with pytest.raises(H2OConnectionError, match=r"Could not establish link to http://127\.0\.0\.1:9: .*refused"):
        H2OConnection.open(url="http://127.0.0.1:9", verbose=False, attempts=1)


def test_a_server_that_is_something_else_is_not_taken(fake: Any) -> None:
    fake.answers["/3/Cloud"] = (200, {"hello": "world"})
    with pytest.raises(H2OConnectionError, match="no server of this kind"):
        H2OConnection.open(url=fake.url, verbose=False)


def test_an_unhealthy_or_wrongly_named_server_is_told(fake: Any) -> None:
    with pytest.raises(H2OConnectionError, match="is 'fake', not 'mine'"):
        H2OConnection.open(url=fake.url, name="mine", verbose=False)
    fake.answers["/3/Cloud"] = (200, CLOUD | {"cloud_healthy": False})
    with pytest.raises(H2OServerError, match="not healthy"):
        H2OConnection.open(url=fake.url, verbose=False, attempts=1)


def test_temporaries_are_removed_between_requests_never_within_one(fake: Any, connection: H2OConnection) -> None:
    fake.answers["/4/sessions"] = (200, {"session_key": "_sid_1"})
    fake.answers["/99/Rapids"] = (200, {})
    assert connection.session_id == "_sid_1"
    with connection._sending():  # a request is under way
        connection.discard("py_1")
        gc.collect()
        assert "POST /99/Rapids" not in paths(fake)
    connection.request("GET /3/Cloud")
    assert paths(fake)[-2:] == ["POST /99/Rapids", "GET /3/Cloud"]
    assert fake.seen[-2][2]["ast"] == ["(rm py_1)"]
    connection.discard("py_2")  # nothing under way: at once
    assert fake.seen[-1][2]["ast"] == ["(rm py_2)"]


def test_closing_ends_the_session_and_the_connection(fake: Any, connection: H2OConnection) -> None:
    fake.answers["/4/sessions"] = (200, {"session_key": "_sid_1"})
    fake.answers["/4/sessions/_sid_1"] = (200, {})
    connection.session_id
    connection.close()
    assert paths(fake)[-1] == "DELETE /4/sessions/_sid_1"
    with pytest.raises(H2OConnectionError, match="was closed"):
        connection.request("GET /3/Cloud")


def test_files_are_saved_under_the_suggested_name_without_its_folder(
    fake: Any, connection: H2OConnection, tmp_path: Any
) -> None:
    fake.answers["/3/File"] = (200, b"content")
    saved = connection.request("GET /3/File", save_to=tmp_path / "sub" / "file.txt")
    assert (tmp_path / "sub" / "file.txt").read_bytes() == b"content"
    assert saved == str((tmp_path / "sub" / "file.txt").resolve())
    assert connection.request("GET /3/File", save_to=str(tmp_path)) == str((tmp_path / "download").resolve())


def test_endpoints_addresses_and_files_are_checked(connection: H2OConnection) -> None:
    with pytest.raises(H2OValueError, match="reads like 'GET /3/Cloud'"):
        connection.request("FETCH /3/Cloud")
    with pytest.raises(H2OValueError, match="no file"):
        connection.request("POST /3/PostFile", filename="/no/such/file")
    with pytest.raises(H2OValueError, match="reads like 'http"):
        H2OConnection.open(url="localhost:54321")
    with pytest.raises(H2OValueError, match="number from 1 to 65535"):
        H2OConnection.open(port=99999)


def test_amounts_of_memory() -> None:
    assert memory_size("512M") == 512 * 2**20
    assert memory_size("4G") == memory_size(4) == 4 * 2**30
    assert memory_size(2**31) == 2**31
    assert memory_size(None) is None
    with pytest.raises(H2OValueError, match="reads like '512M'"):
        memory_size("lots")


def test_what_only_a_jvm_has_is_refused_by_name() -> None:
    with pytest.raises(H2OValueError, match="'jvm_custom_args' concerns a JVM"):
        init(jvm_custom_args=["-Xss4m"])
    with pytest.raises(H2OTypeError, match="no argument 'foo'"):
        init(foo=1)


# --- H2OConnectionConf ---


def test_settings_of_a_connection_are_checked_by_name() -> None:
    conf = H2OConnectionConf({"ip": "localhost", "port": 54321, "cacert": "/path/to/cacert", "context_path": "/a/"})
    assert (conf.url, conf.cacert, conf.verify_ssl_certificates) == (
        "http://localhost:54321/a",
        "/path/to/cacert",
        True,
    )
    conf.https = True
    assert conf.url == "https://localhost:54321/a"
    with pytest.raises(H2OValueError, match=r"no setting 'prot'\. Did you mean 'port'"):
        H2OConnectionConf({"prot": 1})
    with pytest.raises(H2OTypeError, match="'port' must be None or an int"):
        conf.port = "54321"  # type: ignore[assignment]
    with pytest.raises(H2OValueError, match="needs its 'ip' and its 'port'"):
        H2OConnectionConf().url


def test_a_connection_is_opened_by_its_settings(fake: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(session, "_current", None)
    address = urlsplit(fake.url)
    opened = session.connect(config=H2OConnectionConf({"ip": address.hostname, "port": address.port, "verbose": False}))
    assert session.connection() is opened
    assert opened.base_url == fake.url
    opened.close()
