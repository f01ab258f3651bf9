"""How the page is served: types, caching, compression, policy; without the token; and the way to it from the bare address."""

from __future__ import annotations

import gzip
import re
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parents[1] / "server"))

from server_client import Client, start, stop

from artesian.server.routes.flow import FOLDER, is_public

pytestmark = pytest.mark.skipif(not (FOLDER / "index.html").is_file(), reason="the page is not built: make ui")
TOKEN = "only-for-this-test"


@pytest.fixture(scope="module")
def guarded(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Client]:
    client = start(tmp_path_factory.mktemp("guarded"), "--workers", "1", "--token", TOKEN)
    yield client
    stop(client)


def scripts(client: Client) -> list[str]:
    page = client.call("GET", "/flow/index.html").content.decode()
    return re.findall(r'(?:src|href)="\./(assets/[^"]+)"', page)


def test_browsers_are_led_from_the_bare_address_to_the_page_and_others_are_not(guarded: Client) -> None:
    led = guarded.call("GET", "/", headers={"Accept": "text/html,*/*"}, redirect=False)
    assert (led.status, led.headers["Location"]) == (307, "/flow/index.html")
    assert guarded.call("GET", "/flow/", redirect=False).headers["Location"] == "/flow/index.html"


def test_the_page_needs_no_token_and_everything_else_does(guarded: Client) -> None:
    page = guarded.call("GET", "/flow/index.html")
    assert (page.status, page.headers["Content-Type"]) == (200, "text/html; charset=utf-8")
    assert TOKEN.encode() not in page.content
    assert guarded.call("GET", "/3/Frames").status == 401
    assert guarded.call("GET", "/3/Frames", headers={"Authorization": f"Bearer {TOKEN}"}).status == 200
    assert guarded.call("POST", "/flow/index.html").status == 401
    assert guarded.call("GET", "/flow/../3/Frames").status == 401


def test_only_paths_of_the_page_are_public() -> None:
    assert all(map(is_public, ("/", "/flow", "/flow/index.html", "/flow/assets/x.js")))
    assert not any(map(is_public, ("/flowers", "/3/Frames", "", "/flow/../3/Frames", "/flow/assets/../../3/Frames")))


def test_scripts_are_kept_for_ever_and_the_page_is_asked_for_again(guarded: Client) -> None:
    names = scripts(guarded)
    assert names
    for name in names:
        answer = guarded.call("GET", f"/flow/{name}")
        assert answer.status == 200
        assert "immutable" in answer.headers["Cache-Control"]
        assert answer.headers["Content-Type"].split(";")[0] in ("text/javascript", "text/css")
    assert guarded.call("GET", "/flow/index.html").headers["Cache-Control"] == "no-cache"


def test_the_policy_lets_nothing_run_but_what_the_server_has(guarded: Client) -> None:
    page = guarded.call("GET", "/flow/index.html")
    policy = page.headers["Content-Security-Policy"]
    assert policy.startswith("default-src 'self';")
    assert "unsafe" not in policy
    text = page.content.decode()
    assert not re.search(r"<script(?![^>]*\bsrc=)|<style|\sstyle=|\son\w+=", text)
    assert not re.search(r"https?://", text)


def test_files_are_sent_as_they_were_compressed(guarded: Client) -> None:
    name = scripts(guarded)[0]
    plain = guarded.call("GET", f"/flow/{name}", headers={"Accept-Encoding": "identity"})
    zipped = guarded.call("GET", f"/flow/{name}", headers={"Accept-Encoding": "gzip"}, decode_content=False)
    assert zipped.headers["Content-Encoding"] == "gzip"
    assert gzip.decompress(zipped.content) == plain.content
    best = guarded.call("GET", f"/flow/{name}", headers={"Accept-Encoding": "gzip, br"}, decode_content=False)
    assert best.headers["Content-Encoding"] == "br"
    assert len(best.content) < len(zipped.content) < len(plain.content)


@pytest.mark.parametrize(
    "name", ["no_such_file.js", "sources.sha256", "..%2f__init__.py", "%2e%2e", "index.html%00", "index.html.gz"]
)
def test_nothing_but_files_of_the_page_is_served(guarded: Client, name: str) -> None:
    answer = guarded.call("GET", f"/flow/{name}", headers={"Authorization": f"Bearer {TOKEN}"})
    assert answer.status == 404
    assert "has no file" in answer.json["msg"]
