"""Frames as clients see them: pages, statistics, lists, search; and the expressions and sessions that make them."""

from __future__ import annotations

import json
import math

import pytest
from server_client import Client, Starter

NUMBERS = "k,x,e,s\n1,0.5,a,p q\n2,,b,\n3,-1.5,a,r\n4,0,,r\n5,2.5,c,p q\n"


@pytest.fixture(scope="module")
def small(server: Client) -> str:
    server.upload(NUMBERS, "small")
    server.rapids("(assign small (:= small (as.factor (cols_py small 'e')) 2 []))")
    server.rapids("(assign small (:= small (as.character (cols_py small 's')) 3 []))")
    return "small"


def columns(answer: dict) -> dict[str, dict]:
    return {column["label"]: column for column in answer["frames"][0]["columns"]}


def test_frame_tells_values_and_statistics(server: Client, small: str) -> None:
    answer = server.get(f"/3/Frames/{small}")
    frame, shown = answer["frames"][0], columns(answer)
    assert (frame["rows"], frame["num_columns"], frame["total_column_count"], frame["row_count"]) == (5, 4, 4, 5)
    assert shown["k"]["type"] == "int"
    assert shown["k"]["data"] == [1, 2, 3, 4, 5]
    assert shown["k"]["mean"] == 3.0
    assert shown["k"]["sigma"] == pytest.approx(math.sqrt(2.5))
    assert shown["k"]["mins"] == [1, 2, 3, 4, 5]
    assert shown["k"]["maxs"] == [5, 4, 3, 2, 1]
    assert shown["x"]["type"] == "real"
    assert shown["x"]["data"] == [0.5, "NaN", -1.5, 0.0, 2.5]
    assert (shown["x"]["missing_count"], shown["x"]["zero_count"]) == (1, 1)
    assert shown["x"]["mins"][:4] == [-1.5, 0.0, 0.5, 2.5]
    assert shown["x"]["mins"][4] == "NaN"
    assert shown["e"]["type"] == "enum"
    assert shown["e"]["domain"] == ["a", "b", "c"]
    assert shown["e"]["domain_cardinality"] == 3
    assert shown["e"]["data"] == [0, 1, 0, "NaN", 2]
    assert shown["s"]["string_data"] == ["p q", None, "r", "r", "p q"]
    assert shown["s"]["data"] is None


def test_page_holds_the_rows_and_columns_asked_for(server: Client, small: str) -> None:
    page = server.get(f"/3/Frames/{small}", row_offset="1", row_count="2", column_offset="1", column_count="2")
    shown = columns(page)
    assert list(shown) == ["x", "e"]
    assert shown["x"]["data"] == ["NaN", -1.5]
    assert shown["e"]["data"] == [1, 0]
    light = columns(server.get(f"/3/Frames/{small}", full_column_count="1"))
    assert light["k"]["data"] == [1, 2, 3, 4, 5]
    assert light["x"]["data"] is None
    beyond = server.get(f"/3/Frames/{small}", row_offset="10", row_count="5")
    assert columns(beyond)["k"]["data"] == []
    for wrong in ("row_offset", "column_offset"):
        assert server.call("GET", f"/3/Frames/{small}", {wrong: "-1"}).status == 400


def test_more_cells_than_one_answer_holds_are_refused_with_the_way_out(start_server: Starter) -> None:
    server = start_server("--max-page-cells", "10")
    server.upload("k\n" + "1\n" * 30, "rows")
    answer = server.call("GET", "/3/Frames/rows", {"row_count": "30"})
    assert answer.status == 400
    assert "/3/DownloadDataset" in answer.json["msg"]
    assert columns(server.get("/3/Frames/rows", row_count="10"))["k"]["data"] == [1] * 10


def test_summary_tells_percentiles_and_bins(server: Client, small: str) -> None:
    answer = server.get(f"/3/Frames/{small}/summary")
    shown = columns(answer)
    cuts = dict(zip(answer["frames"][0]["default_percentiles"], shown["k"]["percentiles"], strict=True))
    assert (cuts[0.1], cuts[0.5], cuts[0.75]) == pytest.approx((1.4, 3.0, 4.0))
    assert sum(shown["k"]["histogram_bins"]) == 5
    assert shown["e"]["histogram_bins"] == [2, 1, 1]
    assert shown["s"]["histogram_bins"] is None
    assert columns(server.get(f"/3/Frames/{small}"))["k"]["histogram_bins"] is None


def test_columns_by_name_with_domain_and_summary(server: Client, small: str) -> None:
    assert server.get(f"/3/Frames/{small}/columns/e/domain")["domain"] == [["a", "b", "c"]]
    assert server.get(f"/3/Frames/{small}/columns/k/domain")["domain"] == [None]
    assert columns(server.get(f"/3/Frames/{small}/columns/k"))["k"]["data"] == [1, 2, 3, 4, 5]
    assert columns(server.get(f"/3/Frames/{small}/columns/x/summary"))["x"]["percentiles"] is not None


def test_frames_of_equal_content_have_equal_checksums(server: Client, small: str) -> None:
    server.rapids(f"(assign same {small})")
    server.rapids(f"(assign other (:= {small} 9 0 [0]))")
    first, same, other = (server.get(f"/3/Frames/{key}")["frames"][0]["checksum"] for key in (small, "same", "other"))
    assert first == same != other


def test_list_tells_key_and_size(server: Client, small: str) -> None:
    listed = {frame["frame_id"]["name"]: frame for frame in server.get("/3/Frames")["frames"]}
    assert (listed[small]["rows"], listed[small]["columns"]) == (5, 4)


def test_find_goes_both_ways(server: Client, small: str) -> None:
    assert {k: server.get("/3/Find", key=small, column="e", row="2", match="a")[k] for k in ("prev", "next")} == {
        "prev": 0,
        "next": -1,
    }
    assert server.get("/3/Find", key=small, row="0", match="4")["next"] == 3
    assert server.get("/3/Find", key=small, column="x", row="0")["next"] == 1
    assert server.get("/3/Find", key=small, column="s", row="4", match="r")["prev"] == 3


def test_expressions_answer_by_kind(server: Client, small: str) -> None:
    assert server.rapids("(+ 1 2)")["scalar"] == 3.0
    assert server.rapids("(/ 0 0)")["scalar"] == "NaN"
    assert server.rapids("(/ 1 0)")["scalar"] == "Infinity"
    assert server.rapids('"text"')["string"] == "text"
    assert server.rapids("[1 2 NaN]")["scalar"] == [1.0, 2.0, "NaN"]
    frame = server.rapids(f"(tmp= expr_1 (cols_py {small} [0 1]))")
    assert (frame["key"]["name"], frame["num_rows"], frame["num_cols"]) == ("expr_1", 5, 2)
    named = server.post("/99/Rapids", ast=f"(cols_py {small} 0)", id="by_id", session_id="tests")
    assert named["key"]["name"] == "by_id"
    assert server.get("/3/Frames/by_id")["frames"][0]["rows"] == 5
    assert any(entry["name"] == "+" for entry in server.get("/99/Rapids/help")["expressions"])


def test_wrong_expressions_are_told(server: Client) -> None:
    for text in ("(nosuch 1)", "((((", "(+ 1", "", "(cols_py nosuch 0)", "(" * 5_000):
        answer = server.call("POST", "/99/Rapids", {"ast": text})
        assert answer.status in (400, 404, 412), (text, answer.content)
        assert answer.json["msg"]


def test_temporaries_go_with_their_session(server: Client, small: str) -> None:
    session = server.post("/4/sessions")["session_key"]
    server.rapids(f"(tmp= passing (cols_py {small} 0))", session)
    server.rapids(f"(assign staying (cols_py {small} 0))", session)
    assert server.get("/3/Frames/passing")
    assert server.delete(f"/4/sessions/{session}")["session_key"] == session
    assert server.call("GET", "/3/Frames/passing").status == 404
    assert server.get("/3/Frames/staying")
    assert server.delete(f"/4/sessions/{session}")


def test_properties_belong_to_a_session_and_go_with_it(server: Client) -> None:
    session = server.get("/3/InitID")["session_key"]
    server.post("/3/SessionProperties", session_key=session, key="k", value="v")
    assert server.get("/3/SessionProperties", session_key=session, key="k")["value"] == "v"
    assert server.get("/3/SessionProperties", session_key="other", key="k")["value"] is None
    server.delete("/3/InitID", session_key=session)
    assert server.get("/3/SessionProperties", session_key=session, key="k")["value"] is None


def test_time_zone_is_one_for_the_server(start_server: Starter) -> None:
    server = start_server()
    server.rapids('(setTimeZone "America/Denver")')
    server.upload("t\n2020-01-01 00:00:00\n", "times")
    # Denver is seven hours behind UTC in winter: midnight there is 07:00 UTC, 1577862000 s since 1970.
    assert columns(server.get("/3/Frames/times"))["t"]["data"] == [1_577_862_000_000]


def test_frames_are_removed_one_by_one_and_all_at_once(start_server: Starter) -> None:
    server = start_server()
    for key in ("one", "two", "three"):
        server.upload("a\n1\n", key)
    server.delete("/3/Frames/one")
    assert server.call("DELETE", "/3/Frames/one").status == 404
    assert server.delete("/3/DKV/two")["key"]["name"] == "two"
    assert server.delete("/3/DKV/two")["key"]["name"] == "two"
    assert [frame["frame_id"]["name"] for frame in server.get("/3/Frames")["frames"]] == ["three"]
    server.delete("/3/Frames")
    assert server.get("/3/Frames")["frames"] == []


def test_retained_objects_survive_a_clean_sweep(start_server: Starter) -> None:
    server = start_server()
    for key in ("kept", "gone"):
        server.upload("a\n1\n", key)
    server.delete("/3/DKV", retained_keys=json.dumps(["kept"]))
    assert [frame["frame_id"]["name"] for frame in server.get("/3/Frames")["frames"]] == ["kept"]
    assert server.call("DELETE", "/3/DKV", {"retained_keys": '["nosuch"]'}).status == 404
    server.delete("/3/DKV")
    assert server.get("/3/Frames")["frames"] == []
