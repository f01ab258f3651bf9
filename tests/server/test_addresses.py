"""Imports by address, and links that clients hand on."""

from __future__ import annotations

import json
from urllib.parse import quote

import pytest
from server_client import Client, Starter

from artesian.core.ids import MAX_KEY_LENGTH, check_key
from artesian.server.routes.importing import destination_for, key_of


@pytest.mark.parametrize("path", ["/3/ImportFiles?path=", "/99/ImportFiles?path=", "/3/ImportFilesMulti?paths="])
def test_an_address_that_imports_is_refused(server: Client, path: str) -> None:
    address = f"{server.url}{path}{server.url}{path}/tmp/a.csv"
    refused = server.call("POST", "/3/ImportFiles", {"path": address})
    assert refused.status == 400
    assert refused.json["msg"].startswith("Recursive path reference: ")
    harmless = "http://data.example/3/ImportFiles.csv?x=/3/ImportFiles"
    assert server.post("/3/ImportFiles", path=harmless)["files"] == [harmless]


def test_long_addresses_have_keys_that_differ() -> None:
    short, long = "http://data.example/a.csv", "http://data.example/a.csv?token=" + "x" * 600
    assert key_of(short) == short
    assert key_of("/data/a.csv") == "nfs://data/a.csv"
    keys = {key_of(long + end) for end in ("1", "2")}
    assert len(keys) == 2
    assert all(check_key(key) and len(key) == MAX_KEY_LENGTH and key.startswith(long[:400]) for key in keys)
    assert len(destination_for(long, ())) < MAX_KEY_LENGTH


def test_a_frame_comes_back_by_the_address_of_its_download(start_server: Starter) -> None:
    server = start_server("--allow-private-urls", "true")
    server.upload("a,b\n1,x\n2,\n", "origin")
    address = f"{server.url}/3/DownloadDataset?frame_id=origin&padding={quote('x' * 600)}"
    [source] = server.post("/3/ImportFilesMulti", paths=json.dumps([address]))["destination_frames"]
    setup = server.post("/3/ParseSetup", source_frames=json.dumps([source]))
    assert setup["column_names"] == ["a", "b"]
    parsed = server.post(
        "/3/Parse",
        source_frames=json.dumps([source]),
        destination_frame=setup["destination_frame"],
        column_names=json.dumps(setup["column_names"]),
        column_types=json.dumps(setup["column_types"]),
        check_header=1,
        blocking="true",
    )
    assert parsed["rows"] == 2
    assert server.rapids(f"(sumNA (cols_py {setup['destination_frame']} 0))")["scalar"] == 3
