"""How requests are read and answers sent: versions, lists, JSON bodies, left-out fields, compression, open connections."""

from __future__ import annotations

import gzip
import json
import statistics
import time

import pytest
from server_client import Client
from urllib3 import HTTPConnectionPool

from artesian.server.parameters import IllegalRequest, convert, split_list
from artesian.server.routing import excluded
from artesian.server.wire.schema import Schema, given


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("[a,b]", ["a", "b"]),
        ('["a","b"]', ["a", "b"]),
        ("['it''s', x y ]", ["it", "s", "x y"]),
        ('["a,b","c\\"d"]', ["a,b", 'c"d']),
        ("[]", []),
        ("", []),
        ("a", ["a"]),
        ('[["NA",""],[],null]', [["NA", ""], [], None]),
        ("[[a b,c],[d]]", [["a b", "c"], ["d"]]),
        ("[1, 2.5, NaN]", ["1", "2.5", "NaN"]),
    ],
)
def test_list_is_read_as_clients_write_it(text: str, expected: list[object]) -> None:
    assert split_list(text) == expected


@pytest.mark.parametrize("text", ["[a", '["a]', "[a]b", "[" * 50 + "]" * 50 + "x", "[" * 20 + "a" + "]" * 20])
def test_broken_list_is_refused(text: str) -> None:
    with pytest.raises(IllegalRequest, match="cannot be read"):
        split_list(text)


SCHEMA = Schema(
    "TestV3",
    "Test",
    (
        given("count", "int", "", 7),
        given("big", "long", "", 0),
        given("share", "double", "", 0.5),
        given("flag", "boolean", "", False),
        given("mark", "byte", "", 44),
        given("text", "string", ""),
        given("choice", "enum", "", "One", values=("One", "Two")),
        given("names", "string[]", ""),
        given("cuts", "double[]", ""),
        given("frame", "Key<Frame>", ""),
        given("nested", "string[][]", ""),
    ),
)


def test_values_are_converted_by_their_declared_type() -> None:
    raw = {
        "count": "3",
        "big": "9007199254740993",
        "share": "1e-3",
        "flag": "True",
        "mark": ";",
        "text": "",
        "choice": "two",
        "names": "[a,null]",
        "cuts": "[0.1, 2]",
        "frame": '"x y"',
        "nested": '[["a"],["b","c"]]',
    }
    assert convert(SCHEMA, raw) == {
        "count": 3,
        "big": 9007199254740993,
        "share": 0.001,
        "flag": True,
        "mark": 59,
        "text": "",
        "choice": "Two",
        "names": ["a", None],
        "cuts": [0.1, 2.0],
        "frame": "x y",
        "nested": [["a"], ["b", "c"]],
    }


def test_absent_and_empty_values_are_the_defaults() -> None:
    assert convert(SCHEMA, {"count": "", "frame": ""})["count"] == 7
    assert convert(SCHEMA, {})["choice"] == "One"


@pytest.mark.parametrize(
    ("name", "value", "sentence"),
    [
        ("count", "abc", "'count' must be a whole number"),
        ("count", "1.5", "'count' must be a whole number"),
        ("count", str(2**31), "2147483647"),
        ("count", "1e400", "whole number"),
        ("big", str(2**63), "9223372036854775807"),
        ("share", "x", "'share' must be a number"),
        ("flag", "maybe", "true or false"),
        ("choice", "Tow", "Did you mean 'Two'"),
        ("cuts", "[1,x]", "'cuts' must be a number"),
        ("text", ["a"], "a single value"),
        ("cuont", "1", "no parameter 'cuont' here. Did you mean 'count'"),
    ],
)
def test_wrong_value_is_refused_with_name_value_and_what_is_allowed(name: str, value: object, sentence: str) -> None:
    with pytest.raises(IllegalRequest, match=sentence.replace("(", r"\(")):
        convert(SCHEMA, {name: value})


def test_left_out_fields_are_gone_and_others_stay() -> None:
    answer = {"a": [{"b": {"c": 1, "d": 2}, "e": 3}], "f": 4}
    assert excluded(answer, "a/b/c,f") == {"a": [{"b": {"d": 2}, "e": 3}]}
    assert excluded(answer, "a/b/c,a/b") == {"a": [{"e": 3}], "f": 4}
    assert excluded(answer, "nosuch/x") == answer


def test_frames_without_data_are_answered_on_request(server: Client, cars: str) -> None:
    answer = server.get(f"/3/Frames/{cars}", _exclude_fields="frames/columns/data,frames/chunk_summary,__meta")
    assert "__meta" not in answer
    assert "chunk_summary" not in answer["frames"][0]
    assert all("data" not in column and "label" in column for column in answer["frames"][0]["columns"])


def test_unknown_version_falls_back_to_the_next_lower_one(server: Client, cars: str, models: dict[str, str]) -> None:
    assert server.get("/99/Models/cars_bin")["models"][0]["model_id"]["name"] == "cars_bin"
    assert server.get("/4/Ping")["cloud_healthy"] is True
    assert server.get("/7/Frames")["frames"]
    assert server.call("GET", "/2/Ping").status == 404
    assert server.call("GET", "/x/Ping").status == 404


def test_closing_slash_and_escaped_keys_are_understood(server: Client) -> None:
    assert server.call("GET", "/3/Ping/").status == 200
    server.upload("a\n1\n", "odd key/with#marks?")
    path = "/3/Frames/odd%20key%2Fwith%23marks%3F"
    assert server.get(path)["frames"][0]["frame_id"]["name"] == "odd key/with#marks?"
    server.delete(path)


def test_body_may_be_json(server: Client) -> None:
    body = json.dumps({"ast": "(+ 1 2)", "session_id": "s"}).encode()
    answer = server.call("POST", "/99/Rapids", body=body, headers={"Content-Type": "application/json; charset=utf-8"})
    assert answer.json["scalar"] == 3.0


def test_parameters_of_a_post_may_stand_in_the_query(server: Client) -> None:
    assert server.call("POST", "/99/Rapids?ast=(%2B%201%202)", body=b"").json["scalar"] == 3.0


def test_large_answers_are_compressed_for_those_who_take_it(server: Client) -> None:
    plain = server.call("GET", "/3/Metadata/endpoints")
    assert "Content-Encoding" not in plain.headers
    pool = HTTPConnectionPool("127.0.0.1", int(server.url.rpartition(":")[2]))
    packed = pool.request("GET", "/3/Metadata/endpoints", headers={"Accept-Encoding": "gzip"}, decode_content=False)
    assert packed.headers["Content-Encoding"] == "gzip"
    assert len(packed.data) < len(plain.content) / 5
    assert json.loads(gzip.decompress(packed.data)) == plain.json
    refused = pool.request("GET", "/3/Metadata/endpoints", headers={"Accept-Encoding": "gzip;q=0"})
    assert "Content-Encoding" not in refused.headers
    small = pool.request("GET", "/3/Capabilities/Core", headers={"Accept-Encoding": "gzip"}, decode_content=False)
    assert "Content-Encoding" not in small.headers


def test_connection_stays_open_and_answers_at_once(server: Client) -> None:
    pool = HTTPConnectionPool("127.0.0.1", int(server.url.rpartition(":")[2]), maxsize=1)
    times = []
    for _ in range(40):
        start = time.perf_counter()
        pool.request("POST", "/99/Rapids", fields={"ast": "(+ 1 2)"}, encode_multipart=False)
        times.append(time.perf_counter() - start)
    assert pool.num_connections == 1
    # A connection that waits for acknowledgements (Nagle's algorithm) would take 40 ms each time, on any machine.
    assert statistics.median(times) < 0.035


def test_head_answers_without_a_body(server: Client) -> None:
    answer = server.call("HEAD", "/3/Cloud")
    assert (answer.status, answer.content) == (200, b"")
