"""Whatever a request does wrong, the answer has the one shape and a fitting status, and the server lives on."""

from __future__ import annotations

import asyncio
import json
import random
import socket
from collections.abc import Iterator
from types import SimpleNamespace
from typing import Any

import pytest
from server_client import Client, Starter, start, stop

from artesian.core.errors import ArtesianError
from artesian.core.settings import Settings
from artesian.server import app
from artesian.server.routes import load_all
from artesian.server.routing import Route, declared_routes
from artesian.server.unavailable import check_available

load_all()
ROUTES = [route for route in declared_routes() if route.method != "HEAD" and route.name != "shutdownCluster"]
ERROR_KEYS = [
    "__meta",
    "timestamp",
    "error_url",
    "msg",
    "dev_msg",
    "http_status",
    "values",
    "exception_type",
    "exception_msg",
    "stacktrace",
]


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Client]:
    """A server of this module's own: some of the calls remove everything."""
    client = start(tmp_path_factory.mktemp("errors"))
    yield client
    stop(client)


def check_error(answer: Any, *statuses: int) -> dict[str, Any]:
    """The body of an error of one of the statuses, in the one shape, with a sentence for people."""
    body: dict[str, Any] = answer.json
    assert answer.status in statuses, (answer.status, body)
    assert answer.headers["Content-Type"] == "application/json"
    assert body["__meta"]["schema_name"] in ("H2OErrorV3", "H2OModelBuilderErrorV3")
    assert list(body)[: len(ERROR_KEYS)] == ERROR_KEYS
    assert body["http_status"] == answer.status
    assert len(body["msg"]) > 15
    assert "Traceback" not in body["msg"]
    assert body["stacktrace"] == []
    return body


def path_of(route: Route, value: str = "no_such_thing") -> str:
    return "/" + "/".join(value if part.startswith("{") else part for part in route.segments)


def label(route: Route) -> str:
    return f"{route.method} {route.pattern}"


@pytest.mark.parametrize("route", [r for r in ROUTES if not r.free], ids=label)
def test_unknown_parameter_is_refused_by_name(route: Route, server: Client) -> None:
    if route.streaming:
        answer = server.call(route.method, path_of(route) + "?no_such_parameter=1", body=b"x")
    else:
        answer = server.call(route.method, path_of(route), {"no_such_parameter": "1"})
    body = check_error(answer, 412, 404)
    if not route.path_parameters:
        assert "no_such_parameter" in body["msg"]


@pytest.mark.parametrize("route", [r for r in ROUTES if not r.streaming], ids=label)
def test_missing_parameters_and_objects_are_told(route: Route, server: Client) -> None:
    answer = server.call(route.method, path_of(route), {})
    if answer.status not in (200, 307):  # one route leads to the page
        check_error(answer, 400, 404, 412, 403, 501)
    required = [f.name for f in route.takes.inputs.values() if f.required and f.name not in route.path_parameters]
    if required:
        assert answer.status == 412
        assert any(name in answer.json["msg"] for name in required)


@pytest.mark.parametrize("route", ROUTES, ids=label)
def test_wrong_method_names_the_right_ones(route: Route, server: Client) -> None:
    check_error(server.call("PATCH", path_of(route)), 404)


TYPED = [
    (route, f.name)
    for route in ROUTES
    for f in route.takes.inputs.values()
    if f.type in ("int", "long", "double", "boolean", "byte") and not route.free and not route.streaming
]


@pytest.mark.parametrize(("route", "name"), TYPED, ids=[f"{label(route)} {name}" for route, name in TYPED])
def test_value_of_the_wrong_kind_is_refused_by_name(route: Route, name: str, server: Client) -> None:
    path = path_of(route)
    data = {} if name in route.path_parameters else {name: "nonsense"}
    others = {f.name: "[x]" for f in route.takes.inputs.values() if f.required and f.name != name}
    answer = server.call(
        route.method, path, {**{k: v for k, v in others.items() if "{" + k + "}" not in route.pattern}, **data}
    )
    body = check_error(answer, 412)
    assert f"'{name}'" in body["msg"] or any(f"'{other}'" in body["msg"] for other in others)


def test_unknown_route_is_told_with_a_near_one(server: Client) -> None:
    body = check_error(server.call("GET", "/3/Frams"), 404)
    assert "Did you mean '/3/Frames'" in body["msg"]
    assert body["exception_type"] == "water.exceptions.H2ONotFoundArgumentException"
    wrong = check_error(server.call("POST", "/3/Cloud", {}), 404)
    assert "GET" in wrong["msg"]


def test_missing_object_is_told_with_a_near_one(server: Client) -> None:
    server.upload("power,name\n1,a\n", "cars")
    body = check_error(server.call("GET", "/3/Frames/carz"), 404)
    assert "'cars'" in body["msg"]
    assert body["exception_type"] == "water.exceptions.H2OKeyNotFoundArgumentException"
    column = check_error(server.call("GET", "/3/Frames/cars/columns/powr"), 404)
    assert "'power'" in column["msg"]


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("POST", "/4/Frames/$simple"),
        ("POST", "/99/Assembly"),
        ("POST", "/3/ModelBuilders/coxph"),
        ("GET", "/3/ModelBuilders/glrm"),
    ],
)
def test_what_is_not_there_yet_is_named(method: str, path: str, server: Client) -> None:
    body = check_error(server.call(method, path, {}), 501)
    assert "not available yet" in body["msg"].lower()


def test_no_declared_route_is_called_unavailable() -> None:
    for route in ROUTES:
        check_available(path_of(route, "x"))


MALFORMED = [
    b"GET / HTTP/9.9\r\n\r\n",
    b"\x00\x01\x02\x03\r\n\r\n",
    b"GET\r\n\r\n",
    b"GET /3/Ping HTTP/1.1\r\n\r\n",
    b"GET /3/Ping HTTP/1.1\r\nHost: localhost\r\nContent-Length: -5\r\n\r\n",
    b"POST /99/Rapids HTTP/1.1\r\nHost: localhost\r\nContent-Length: abc\r\n\r\nast=1",
    b"POST /99/Rapids HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\nZZ\r\nast\r\n0\r\n\r\n",
    b"POST /99/Rapids HTTP/1.1\r\nHost: localhost\r\nContent-Length: 9\r\n\r\nast=%ff%f",
    b"GET /3/Frames/%zz%%%00 HTTP/1.1\r\nHost: localhost\r\n\r\n",
    b"GET /" + b"a" * 70_000 + b" HTTP/1.1\r\nHost: localhost\r\n\r\n",
    b"GET /3/Ping HTTP/1.1\r\nHost: localhost\r\nX: " + b"y" * 200_000 + b"\r\n\r\n",
    b"GET /3/Frames?" + b"a=1&" * 20_000 + b" HTTP/1.1\r\nHost: localhost\r\n\r\n",
]


def _send(port: int, content: bytes) -> bytes:
    with socket.create_connection(("127.0.0.1", port), timeout=5) as connection:
        connection.settimeout(2)
        try:
            connection.sendall(content)
            connection.shutdown(socket.SHUT_WR)
            return connection.recv(65_536)
        except OSError:  # closed on us: refused
            return b""


def test_two_hundred_malformed_requests_leave_the_server_alive(start_server: Starter) -> None:
    server = start_server()
    port = int(server.url.rpartition(":")[2])
    drawn = random.Random(7)
    valid = b"POST /99/Rapids HTTP/1.1\r\nHost: localhost\r\nContent-Length: 13\r\n\r\nast=(%2B 1 2)"
    for number in range(200):
        if number < 2 * len(MALFORMED):
            content = MALFORMED[number % len(MALFORMED)]
        else:
            spoiled = bytearray(valid)
            for _ in range(drawn.randint(1, 12)):
                spoiled[drawn.randrange(len(spoiled))] = drawn.randrange(256)
            content = bytes(spoiled[: drawn.randint(1, len(spoiled))])
        reply = _send(port, content)
        assert b"500 Internal" not in reply, (content, reply)
        if reply:
            assert reply.startswith(b"HTTP/1.1 "), (content, reply)
    assert server.get("/3/Ping")["cloud_healthy"] is True


BODIES: list[tuple[bytes, str, int]] = [
    (b"{", "application/json", 400),
    (b"[1]", "application/json", 400),
    (b'"x"', "application/json", 400),
    (b"\xff\xfe\x00", "application/x-www-form-urlencoded", 400),
    (b"ast=1&ast=2", "application/x-www-form-urlencoded", 200),
    (b"--x\r\n", "multipart/form-data; boundary=x", 400),
    (b"&".join(b"p%d=1" % i for i in range(20_000)), "application/x-www-form-urlencoded", 400),
    (b'{"ast": {"a": 1}}', "application/json", 412),
    (b'{"ast": ' + b"[" * 100_000, "application/json", 400),
]


@pytest.mark.parametrize(("body", "kind", "status"), BODIES)
def test_broken_bodies_are_told(body: bytes, kind: str, status: int, server: Client) -> None:
    answer = server.call("POST", "/99/Rapids", body=body, headers={"Content-Type": kind})
    if status == 200:
        assert answer.status == 200
    else:
        check_error(answer, status)


def test_body_over_the_limit_is_refused_before_it_is_read(start_server: Starter) -> None:
    server = start_server("--max-form-mb", "1", "--max-upload-mb", "1")
    large = b"ast=" + b"1" * (2 * 2**20)
    for path in ("/99/Rapids", "/3/PostFile?destination_frame=x"):
        body = check_error(server.call("POST", path, body=large), 413)
        assert "1 MB" in body["msg"]


def test_tracebacks_are_shown_only_where_asked_for(start_server: Starter) -> None:
    server = start_server("--show-tracebacks")
    body = server.call("GET", "/3/Frames/nosuch").json
    assert body["stacktrace"][0].startswith("Traceback")
    assert len(body["stacktrace"]) > 3


def test_frame_given_as_a_source_is_told_as_such(server: Client) -> None:
    server.upload("a\n1\n", "errors_frame")
    body = check_error(server.call("POST", "/3/ParseSetup", {"source_frames": json.dumps(["errors_frame"])}), 400)
    assert "'errors_frame' is a frame, not a file" in body["msg"]


def test_routes_that_cannot_be_loaded_are_told_of(monkeypatch: pytest.MonkeyPatch) -> None:
    """As after an update without the compiled parts: half a server must not pass for a whole one."""

    def broken() -> None:
        raise ImportError("cannot import name 'kernel' from 'artesian._native'")

    monkeypatch.setattr(app, "load_all", broken)
    state = SimpleNamespace(settings=Settings(), started_ms=0)
    dispatcher = app.Dispatcher(state, access=None)  # type: ignore[arg-type]
    dispatcher.start_loading()
    with pytest.raises(ArtesianError, match=r"not whole, so GET /3/NoSuch may be missing.*'kernel'.*Install it again"):
        asyncio.run(dispatcher._find("GET", "/3/NoSuch"))
    route, _ = asyncio.run(dispatcher._find("GET", "/3/Cloud"))
    assert route.pattern == "/3/Cloud"
