"""Who may call: the token, the Host header, pages of other sites; and that a server open to others always has a token."""

from __future__ import annotations

import base64

import pytest
from server_client import Client, Starter

from artesian.core.errors import Forbidden, Unauthorized
from artesian.core.settings import Settings
from artesian.server.auth import Access, is_loopback, required_token


def basic(password: str) -> dict[str, str]:
    return {"Authorization": "Basic " + base64.b64encode(f"anyone:{password}".encode()).decode()}


@pytest.mark.parametrize("headers", [{"Authorization": "Bearer s3cret"}, basic("s3cret")])
def test_token_opens_the_server_as_bearer_or_password(headers: dict[str, str], start_server: Starter) -> None:
    server = start_server("--token", "s3cret")
    assert server.call("GET", "/3/Ping", headers=headers).status == 200


def test_wrong_or_missing_token_is_refused_in_the_one_shape(start_server: Starter) -> None:
    server = start_server("--token", "s3cret")
    for headers in ({}, {"Authorization": "Bearer other"}, basic("other"), {"Authorization": "Basic !!"}):
        answer = server.call("GET", "/3/Cloud", headers=headers)
        assert answer.status == 401
        assert answer.headers["WWW-Authenticate"].startswith("Basic")
        assert answer.json["__meta"]["schema_name"] == "H2OErrorV3"


def test_server_open_to_others_makes_itself_a_token(start_server: Starter) -> None:
    server = start_server("--host", "0.0.0.0")
    assert server.call("GET", "/3/Ping").status == 401


@pytest.mark.parametrize("host", ["evil.example", "evil.example:54321", "", "127.0.0.1.evil.example"])
def test_foreign_host_name_is_refused(host: str, server: Client) -> None:
    answer = server.call("GET", "/3/Ping", headers={"Host": host})
    assert answer.status == 403
    assert "allowed-hosts" in answer.json["msg"]


@pytest.mark.parametrize("host", ["localhost:1234", "127.0.0.1", "[::1]:80"])
def test_loopback_names_are_answered(host: str, server: Client) -> None:
    assert server.call("GET", "/3/Ping", headers={"Host": host}).status == 200


def test_page_of_another_site_is_refused(server: Client) -> None:
    for origin in ("https://evil.example", "null", "http://localhost.evil.example"):
        answer = server.call("POST", "/3/GarbageCollect", {}, headers={"Origin": origin})
        assert answer.status == 403, origin
        assert "Access-Control-Allow-Origin" not in answer.headers
    assert server.call("POST", "/3/GarbageCollect", {}, headers={"Origin": server.url}).status == 200


def test_simple_request_from_another_site_is_refused(server: Client) -> None:
    sneaky = {"Sec-Fetch-Site": "cross-site", "Sec-Fetch-Mode": "no-cors"}
    assert server.call("GET", "/3/ImportFiles?path=x", headers=sneaky).status == 403


def test_allowed_origin_may_call_and_is_told_so(start_server: Starter) -> None:
    server = start_server("--allowed-origin", "https://app.example")
    own = {"Origin": "https://app.example"}
    assert server.call("GET", "/3/Ping", headers=own).headers["Access-Control-Allow-Origin"] == "https://app.example"
    preflight = server.call("OPTIONS", "/3/Ping", headers={**own, "Access-Control-Request-Method": "GET"})
    assert preflight.status == 204
    assert "POST" in preflight.headers["Access-Control-Allow-Methods"]
    other = server.call("OPTIONS", "/3/Ping", headers={"Origin": "https://other.example"})
    assert other.status == 403


def test_answers_forbid_framing_and_sniffing(server: Client) -> None:
    headers = server.call("GET", "/3/Ping").headers
    assert headers["X-Frame-Options"] == "deny"
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert "default-src 'self'" in headers["Content-Security-Policy"]


def test_loopback_needs_no_token_and_others_do() -> None:
    assert required_token(Settings()) == ""
    assert required_token(Settings(host="localhost")) == ""
    assert len(required_token(Settings(host="0.0.0.0"))) >= 24
    assert required_token(Settings(host="10.0.0.1", token="own")) == "own"
    assert [is_loopback(host) for host in ("127.8.9.1", "::1", "10.0.0.1", "name")] == [True, True, False, False]


def test_wildcard_binding_answers_to_addresses_but_not_to_unknown_names() -> None:
    access = Access(Settings(host="0.0.0.0", allowed_hosts=("known.example",)), "t")
    token = {"authorization": "Bearer t"}
    access.check({"host": "192.0.2.7:54321", **token}, "http")
    access.check({"host": "known.example", **token}, "http")
    with pytest.raises(Forbidden, match=r"rebind\.example"):
        access.check({"host": "rebind.example", **token}, "http")
    with pytest.raises(Unauthorized):
        access.check({"host": "192.0.2.7"}, "http")
