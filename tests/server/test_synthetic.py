"""Random frames, missing values and interactions, by their routes."""

from __future__ import annotations

from typing import Any

import pytest
from server_client import Client


def made(server: Client, path: str, /, **parameters: Any) -> list[dict[str, Any]]:
    """The columns of the frame that the job of a route makes."""
    job = server.post(path, **parameters)
    assert job["__meta"]["schema_name"] == "JobV3"
    ended = server.wait({"key": job["key"]})
    assert ended["status"] == "DONE", ended
    columns: list[dict[str, Any]] = server.get(f"/3/Frames/{ended['dest']['name']}", row_count=100)["frames"][0][
        "columns"
    ]
    return columns


def test_create_frame(server: Client) -> None:
    columns = made(server, "/3/CreateFrame", dest="random", rows=50, cols=10, seed=123, missing_fraction=0.5)
    assert [column["label"] for column in columns] == [f"C{i}" for i in range(1, 11)]
    # which column is of which kind follows from the seed, as recorded from H2O-3
    kinds = "real int enum real enum real real real int int"
    assert [column["type"] for column in columns] == kinds.split()
    assert columns[2]["domain"][:2] == ["c2.l0", "c2.l1"]
    assert columns[2]["domain_cardinality"] == 100
    again = made(server, "/3/CreateFrame", dest="random2", rows=50, cols=10, seed=123, missing_fraction=0.5)
    assert [column["data"] for column in again] == [column["data"] for column in columns]


def test_create_frame_names_what_it_is_given_none_for(server: Client) -> None:
    columns = made(
        server, "/3/CreateFrame", rows=3, cols=1, has_response="true", response_factors=4, missing_fraction=0
    )
    assert [column["label"] for column in columns] == ["response", "C1"]
    assert columns[0]["domain"] == ["0", "1", "2", "3"]
    assert {job["description"] for job in server.get("/3/Jobs")["jobs"]} >= {"Create frame"}


@pytest.mark.parametrize(
    ("wrong", "status", "word"),
    [
        ({"rows": 0}, 400, "at least one row"),
        ({"rows": "many"}, 412, "rows"),
        ({"missing_fraction": 2}, 400, "missing_fraction"),
        ({"rows": 10**12}, 507, "MB are free"),
        ({"dest": "no\nname"}, 400, "control characters"),
        ({"unknown": 1}, 412, "unknown"),
    ],
)
def test_create_frame_refuses(server: Client, wrong: dict[str, Any], status: int, word: str) -> None:
    refused = server.call("POST", "/3/CreateFrame", wrong)
    assert (refused.status, word in refused.json["msg"]) == (status, True), refused.json["msg"]


def test_missing_values_change_the_frame_and_no_other(server: Client) -> None:
    server.upload("a,b\n" + "\n".join(f"{i},{'xyz'[i % 3]}" for i in range(100)) + "\n", "whole")
    server.rapids("(tmp= shared (cols_py whole [0 1]))", session="missing")
    columns = made(server, "/3/MissingInserter", dataset="whole", fraction=0.25, seed=11)
    assert all(10 < column["missing_count"] < 40 for column in columns)  # 25 ± 3.5 standard deviations of 4.3
    shared = server.get("/3/Frames/shared")["frames"][0]["columns"]
    assert [column["missing_count"] for column in shared] == [0, 0]
    changed = made(server, "/3/MissingInserter", dataset="shared", fraction=1)
    assert [column["missing_count"] for column in changed] == [100, 100]
    server.delete("/4/sessions/missing")  # a temporary stays one
    assert server.call("GET", "/3/Frames/shared").status == 404


def test_missing_values_refuse(server: Client) -> None:
    server.upload("a\n1\n2\n", "pair")
    assert server.call("POST", "/3/MissingInserter", {"dataset": "nothing", "fraction": 0.1}).status == 404
    for fraction in ("-0.1", "2", "nan"):
        refused = server.call("POST", "/3/MissingInserter", {"dataset": "pair", "fraction": fraction})
        assert (refused.status, "from 0 to 1" in refused.json["msg"]) == (412, True)
    assert server.call("POST", "/3/MissingInserter", {"dataset": "pair"}).status == 412


def test_interaction(server: Client) -> None:
    server.upload(
        "a,b,n\n" + "u,x,1\nu,y,2\nv,x,3\n" * 20 + "v,y,4\n", "pairs", column_types='["Enum","Enum","Numeric"]'
    )
    parameters = {"source_frame": "pairs", "factor_columns": '["a","b"]', "max_factors": 2, "min_occurrence": 1}
    [column] = made(server, "/3/Interaction", dest="crossed", **parameters)
    assert (column["label"], column["domain"]) == ("a_b", ["u_x", "u_y", "other"])
    assert column["data"][:4] == [0, 1, 2, 0]
    missing = server.call("POST", "/3/Interaction", {"source_frame": "pairs", "max_factors": 3})
    assert (missing.status, "factor_columns" in missing.json["msg"]) == (412, True)
    failed = server.wait(server.post("/3/Interaction", **(parameters | {"factor_columns": '["n"]'})) | {})
    assert failed["status"] == "FAILED"
    assert "'n' is of type int" in failed["exception"]
