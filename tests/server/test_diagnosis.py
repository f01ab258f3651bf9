"""What a server tells of itself while it runs: its last requests, its threads, its network; nothing of it is markup."""

from __future__ import annotations

import socket

from server_client import Client, Starter

from artesian.server.traffic import Traffic


def test_timeline_tells_the_last_requests_oldest_first(start_server: Starter) -> None:
    server = start_server("--timeline-requests", "3")
    for _ in range(3):
        server.get("/3/Ping")
    assert server.call("GET", "/3/Frames/nosuch?column=secret").status == 404
    told = server.get("/3/Timeline")
    assert [(event["msg_type"], event["type"], event["protocol"]) for event in told["events"]] == [
        ("GET", "network_msg", "TCP")
    ] * 3
    last = told["events"][-1]["data"]
    assert last.startswith("/3/Frames/nosuch 404 ")
    assert "secret" not in last
    assert [event["nanos"] for event in told["events"]] == sorted(event["nanos"] for event in told["events"])


def test_paths_of_the_timeline_are_no_markup(server: Client) -> None:
    host, port = server.url.removeprefix("http://").split(":")
    with socket.create_connection((host, int(port))) as there:
        there.sendall(f"GET /3/<img%20src=x> HTTP/1.1\r\nHost: {host}:{port}\r\nConnection: close\r\n\r\n".encode())
        assert b" 404 " in there.recv(100)
    data = [event["data"] for event in server.get("/3/Timeline")["events"]]
    assert any(item.startswith("/3/%3Cimg%20src=x%3E 404") for item in data)
    assert not any("<" in item for item in data)


def test_traffic_forgets_the_oldest() -> None:
    traffic = Traffic(2)
    for number in range(3):
        traffic.note(("c", 1), "GET", f"/{number}", 200, 1)
    assert [item.path for item in traffic.last()] == ["/1", "/2"]


def test_profiler_counts_where_threads_are(server: Client) -> None:
    (node,) = server.get("/3/Profiler", depth="2")["nodes"]
    counts = [entry["count"] for entry in node["entries"]]
    assert counts == sorted(counts, reverse=True)
    assert counts[0] >= 90  # a thread that waits is found there in nearly each of the hundred samples
    assert all(1 <= entry["stacktrace"].count("\n") <= 2 for entry in node["entries"])
    assert any("(" in entry["stacktrace"] for entry in node["entries"])
    assert server.call("GET", "/3/Profiler", {"depth": "0"}).status == 400


def test_network_test_measures_three_sizes(server: Client) -> None:
    found = server.get("/3/NetworkTest")
    assert len(found["microseconds_collective"]) == 3
    assert all(micros > 0 for micros in found["microseconds_collective"])
    assert (
        found["microseconds_collective"][2] > found["microseconds_collective"][0]
    )  # a megabyte takes longer than a byte
    for micros, rate, size in zip(
        found["microseconds_collective"], found["bandwidths_collective"], (1, 2**10, 2**20), strict=True
    ):
        assert rate * micros / 1e6 == 2 * size or abs(rate * micros / 1e6 / (2 * size) - 1) < 1e-9
    assert found["table"]["rowcount"] == 2


def test_form_of_automl_comes_with_its_defaults(server: Client) -> None:
    (schema,) = server.get("/3/Metadata/schemas/AutoMLBuildSpecV99")["schemas"]
    fields = {field["name"]: field for field in schema["fields"]}
    assert fields["build_control"]["value"]["__meta"]["schema_name"] == "AutoMLBuildControlV99"
    assert fields["build_control"]["value"]["stopping_criteria"]["stopping_rounds"] == 3
    (parts,) = server.get("/3/Metadata/schemas/AutoMLInputV99")["schemas"]
    levels = {field["name"]: (field["level"], field["value"]) for field in parts["fields"]}
    assert levels["response_column"] == ("critical", None)
    assert levels["fold_column"] == ("secondary", None)


def test_algorithms_in_brief_have_no_parameters(server: Client) -> None:
    whole = server.get("/3/ModelBuilders")["model_builders"]
    brief = server.get("/3/ModelBuilders", brief="true")["model_builders"]
    assert list(brief) == list(whole)
    for name, item in brief.items():
        assert item["parameters"] == []
        assert {**whole[name], "parameters": []} == item
    assert len(server.get("/3/ModelBuilders/gbm", brief="false")["model_builders"]["gbm"]["parameters"]) > 40


def test_summaries_keep_what_is_not_left_out(server: Client, cars: str) -> None:
    whole = server.get(f"/3/Frames/{cars}/summary")["frames"][0]
    left_out = "frames/columns/data,frames/columns/percentiles,frames/chunk_summary"
    part = server.get(f"/3/Frames/{cars}/summary", _exclude_fields=left_out)["frames"][0]
    assert "chunk_summary" not in part
    for column, kept in zip(whole["columns"], part["columns"], strict=True):
        assert kept == {name: value for name, value in column.items() if name not in ("data", "percentiles")}
    assert part["checksum"] == whole["checksum"]
    assert whole["columns"][0]["percentiles"] is not None
