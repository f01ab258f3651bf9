"""Files in and out: imports and uploads with their limits and jails, parse, download, export, save and load."""

from __future__ import annotations

import io
import json
from pathlib import Path

import polars as pl
import pytest
from server_client import Answer, Client, Starter

from artesian.server.routes.frame_files import shares
from artesian.server.routes.importing import destination_for

TABLE = 'a,b,c,d\n1,x,1.5,"say ""hi"""\n2,y,,plain\n,x,-0.25,\n'


def form(content: bytes, name: str = "file", filename: str = "a.csv") -> tuple[bytes, dict[str, str]]:
    """A multipart body with one file."""
    head = f'--limit\r\nContent-Disposition: form-data; name="{name}"; filename="{filename}"\r\n\r\n'.encode()
    return head + content + b"\r\n--limit--\r\n", {"Content-Type": "multipart/form-data; boundary=limit"}


def upload(server: Client, key: str, content: bytes) -> Answer:
    body, headers = form(content)
    return server.call("POST", f"/3/PostFile?destination_frame={key}", body=body, headers=headers)


# ---- in ----


def test_upload_as_a_form_and_raw_hold_the_same_bytes(server: Client) -> None:
    assert upload(server, "up_form", TABLE.encode()).json == {"destination_frame": "up_form", "total_bytes": len(TABLE)}
    raw = server.call("POST", "/3/PostFile?destination_frame=up_raw", body=TABLE.encode())
    assert raw.json == {"destination_frame": "up_raw", "total_bytes": len(TABLE)}
    first, second = (server.post("/3/ParseSetup", source_frames=f'["{key}"]') for key in ("up_form", "up_raw"))
    assert first["data"] == second["data"]
    assert first["column_names"] == ["a", "b", "c", "d"]


def test_large_form_is_stored_whole(server: Client) -> None:
    rows = 400_000
    content = b"n\n" + b"\n".join(b"%d" % (i % 97) for i in range(rows)) + b"\n"
    assert upload(server, "up_large", content).json["total_bytes"] == len(content)
    parsed = server.post("/3/Parse", source_frames='["up_large"]', destination_frame="large", blocking="true")
    assert parsed["rows"] == rows
    total = server.rapids("(sumNA (cols_py large 0))")["scalar"]
    assert total == sum(i % 97 for i in range(rows))


def test_upload_without_a_name_gets_one(server: Client) -> None:
    first, second = (server.call("POST", "/3/PostFile", body=b"a\n1\n").json["destination_frame"] for _ in range(2))
    assert first != second


@pytest.mark.parametrize(
    ("body", "kind", "sentence"),
    [
        (b"--limit\r\n\r\n--limit--\r\n", "multipart/form-data; boundary=limit", "holds no file"),
        (b"nonsense", "multipart/form-data; boundary=limit", "cannot be read as a form"),
        (form(b"a\n1\n")[0][:-20], "multipart/form-data; boundary=limit", "ended before its form did"),
        (b"x", "multipart/form-data", "without a boundary"),
    ],
)
def test_broken_form_is_told_and_leaves_nothing(body: bytes, kind: str, sentence: str, server: Client) -> None:
    answer = server.call("POST", "/3/PostFile?destination_frame=up_broken", body=body, headers={"Content-Type": kind})
    assert answer.status == 400, answer.content
    assert sentence in answer.json["msg"]
    assert server.call("POST", "/3/ParseSetup", {"source_frames": '["up_broken"]'}).status == 400


def test_upload_said_to_be_arrow_must_be(server: Client) -> None:
    table = pl.DataFrame({"k": [1, 2, None], "s": ["a", None, "b"]})
    file = io.BytesIO()
    table.write_ipc(file)
    key = "/3/PostFile?destination_frame=up_arrow&format=arrow"
    assert server.call("POST", key, body=file.getvalue()).status == 200
    refused = server.call("POST", key, body=b"a,b\n")
    assert refused.status == 400
    assert "Arrow" in refused.json["msg"]
    server.post("/3/Parse", source_frames='["up_arrow"]', destination_frame="arrow_in", blocking="true")
    assert [c["label"] for c in server.get("/3/Frames/arrow_in")["frames"][0]["columns"]] == ["k", "s"]


def test_import_is_jailed_to_the_roots(server: Client, shared_folder: Path) -> None:
    (shared_folder / "link").unlink(missing_ok=True)
    (shared_folder / "link").symlink_to("/etc/passwd")
    for path in ("/etc/passwd", "../../../../etc/passwd", str(shared_folder / "link"), "file:///etc/passwd"):
        answer = server.call("POST", "/3/ImportFilesMulti", {"paths": json.dumps([path])})
        assert answer.status == 403, path
        assert server.call("GET", "/3/ImportFiles", {"path": path}).status == 403
    assert server.get("/3/Typeahead/files", src="/etc/pass", limit="-1")["matches"] == []
    assert server.get("/3/Typeahead/files", src="http://127.0.0.1/", limit="-1")["matches"] == []


def test_data_that_comes_along_is_imported_by_name_whatever_the_roots(server: Client) -> None:
    assert server.get("/3/Typeahead/files", src="exam", limit="9")["matches"] == ["example:cars_20mpg.csv"]
    answer = server.get("/3/ImportFiles", path="example:cars_20mpg")
    assert answer["destination_frames"] == ["example:cars_20mpg.csv"]
    sources = json.dumps(answer["destination_frames"])
    assert server.post("/3/ParseSetup", source_frames=sources)["destination_frame"] == "cars_20mpg.hex"
    parsed = server.post(
        "/3/Parse", source_frames=sources, destination_frame="along", delete_on_done="true", blocking="true"
    )
    assert parsed["rows"] == 406
    assert server.get("/3/ImportFiles", path="example:cars_20mpg")["fails"] == []  # the file itself is still there
    for name in ("example:../../core/settings.py", "example:__init__.py", "example:"):
        assert server.call("GET", "/3/ImportFiles", {"path": name}).status == 404


def test_import_of_own_and_private_addresses_is_refused(server: Client) -> None:
    server.post("/3/ImportFiles", path=f"{server.url}/3/Cloud")
    answer = server.call("POST", "/3/ParseSetup", {"source_frames": json.dumps([f"{server.url}/3/Cloud"])})
    assert answer.status == 403


def test_folder_and_pattern_name_their_files(server: Client, shared_folder: Path) -> None:
    folder = shared_folder / "many"
    folder.mkdir(exist_ok=True)
    for name in ("a1.csv", "a2.csv", "b1.csv"):
        (folder / name).write_text("k\n1\n")
    found = server.post("/3/ImportFilesMulti", paths=json.dumps([str(folder)]), pattern="a[0-9]")
    assert [Path(file).name for file in found["files"]] == ["a1.csv", "a2.csv"]
    keys = json.dumps(found["destination_frames"])
    assert server.post("/3/Parse", source_frames=keys, destination_frame="many", blocking="true")["rows"] == 2
    missing = server.post("/3/ImportFilesMulti", paths=json.dumps([str(folder / "a1.csv"), str(folder / "zz.csv")]))
    assert [Path(file).name for file in missing["fails"]] == ["zz.csv"]
    assert server.call("POST", "/3/ImportFiles", {"path": str(folder / "zz.csv")}).status == 404


def test_sources_are_removed_with_the_parse_when_asked(server: Client) -> None:
    server.upload("a\n1\n", "consumed")
    assert server.call("POST", "/3/ParseSetup", {"source_frames": '["consumed.raw"]'}).status == 400


def test_failed_parse_says_why(server: Client) -> None:
    server.call("POST", "/3/PostFile?destination_frame=twice", body=b"a,a\n1,2\n")
    answer = server.call(
        "POST",
        "/3/Parse",
        {"source_frames": '["twice"]', "destination_frame": "t", "column_names": '["x","x"]', "check_header": "1"},
    )
    if answer.status == 200:
        job = server.wait(answer.json["job"])
        assert job["status"] == "FAILED"
        assert "x" in job["exception"]


@pytest.mark.parametrize(
    ("source", "taken", "expected"),
    [
        ("nfs://data/cars_20mpg.csv", (), "cars_20mpg.hex"),
        ("https://host/path/2020 data.csv.gz", (), "X2020_data.hex"),
        ("upload", ("upload.hex",), "upload1.hex"),
        ("/a/b/.csv", (), "_csv.hex"),
        ("x.zip", ("x.hex", "x1.hex"), "x2.hex"),
    ],
)
def test_suggested_key_is_the_name_as_an_identifier(source: str, taken: tuple[str, ...], expected: str) -> None:
    assert destination_for(source, taken) == expected


def test_preview_can_be_paged_and_filtered(server: Client) -> None:
    server.call("POST", "/3/PostFile?destination_frame=wide", body=b"aa,ab,ba,bb\n1,2,3,4\n5,6,7,8\n")
    some = server.post("/3/ParseSetup", source_frames='["wide"]', column_name_filter="b", column_count="2")
    assert some["total_filtered_column_count"] == 3
    assert some["data"][-1] == ["6", "7"]


# ---- out ----


@pytest.fixture(scope="module")
def table(server: Client) -> str:
    server.upload(TABLE, "table")
    server.rapids("(assign table (:= table (as.factor (cols_py table 'b')) 1 []))")
    return "table"


def test_download_quotes_texts_and_leaves_missing_values_empty(server: Client, table: str) -> None:
    answer = server.call("GET", "/3/DownloadDataset", {"frame_id": table, "hex_string": "false"})
    assert answer.content.decode() == ('"a","b","c","d"\n1,"x",1.5,"say ""hi"""\n2,"y",,"plain"\n,"x",-0.25,\n')
    assert answer.headers["Content-Disposition"] == "attachment; filename=table.csv"
    assert answer.headers["Content-Type"].startswith("application/octet-stream")
    assert server.call("GET", "/3/DownloadDataset.bin", {"frame_id": table}).content == answer.content


def test_download_in_hexadecimal_loses_nothing(server: Client, table: str) -> None:
    text = server.call("GET", "/3/DownloadDataset", {"frame_id": table, "hex_string": "true"}).content.decode()
    assert float.fromhex(text.splitlines()[1].split(",")[2]) == 1.5


def test_download_as_arrow_keeps_types(server: Client, table: str) -> None:
    answer = server.call("GET", "/3/DownloadDataset", {"frame_id": table, "format": "arrow"})
    got = pl.read_ipc_stream(io.BytesIO(answer.content))
    assert got.columns == ["a", "b", "c", "d"]
    assert got["b"].dtype == pl.Enum(["x", "y"])
    assert got["a"].to_list() == [1, 2, None]
    assert got["c"].to_list() == [1.5, None, -0.25]
    assert answer.headers["Content-Type"].startswith("application/vnd.apache.arrow.stream")


def test_large_frame_downloads_in_pieces_whole(server: Client) -> None:
    server.upload("k\n" + "\n".join(str(i) for i in range(150_000)) + "\n", "long_frame")
    lines = server.call("GET", "/3/DownloadDataset", {"frame_id": "long_frame"}).content.decode().split()
    assert lines[1:] == [str(i) for i in range(150_000)]
    arrow = server.call("GET", "/3/DownloadDataset", {"frame_id": "long_frame", "format": "arrow"}).content
    assert pl.read_ipc_stream(io.BytesIO(arrow))["k"].to_list() == list(range(150_000))


def test_export_writes_once_and_again_only_by_force(server: Client, table: str, shared_folder: Path) -> None:
    target = shared_folder / "exported.csv"
    target.unlink(missing_ok=True)
    job = server.post(f"/3/Frames/{table}/export", path=str(target), force="false")["job"]
    assert server.wait(job)["status"] == "DONE"
    assert target.read_text() == server.call("GET", "/3/DownloadDataset", {"frame_id": table}).content.decode()
    again = server.call("POST", f"/3/Frames/{table}/export", {"path": str(target), "force": "false"})
    assert again.json["dev_msg"] == f"exportFrame: {again.json['msg']}"
    assert again.status == 412
    assert "force" in again.json["msg"]
    forced = server.post(f"/3/Frames/{table}/export", path=str(target), force="true", separator="59", header="false")
    assert server.wait(forced["job"])["status"] == "DONE"
    assert target.read_text().splitlines()[0] == '1;"x";1.5;"say ""hi"""'


def test_parts_go_to_an_empty_folder_only(server: Client, table: str, shared_folder: Path) -> None:
    folder = shared_folder / "parts"
    folder.mkdir()
    started = server.post(f"/3/Frames/{table}/export", path=str(folder), num_parts="2")
    assert server.wait(started["job"])["status"] == "DONE"
    again = server.call("POST", f"/3/Frames/{table}/export", {"path": str(folder), "num_parts": "2", "force": "true"})
    assert again.status == 412
    assert again.json["dev_msg"].startswith(f"exportFrame: Cannot use path {folder}")


def test_every_route_that_writes_is_jailed(server: Client, table: str, models: dict[str, str], tmp_path: Path) -> None:
    outside = tmp_path / "outside"
    (tmp_path / "there").mkdir()
    for path in (str(outside), "../../escaped", "/etc/artesian"):
        assert server.call("POST", f"/3/Frames/{table}/export", {"path": path}).status == 403, path
        assert server.call("POST", f"/3/Frames/{table}/save", {"dir": path}).status == 403, path
        assert server.call("GET", "/99/Models/cars_bin/json", {"dir": path}).status == 403, path
        assert server.call("POST", "/3/Frames/load", {"dir": path, "frame_id": "x"}).status == 403, path
    assert not outside.exists()


def test_saved_frame_loads_as_it_was(server: Client, table: str, shared_folder: Path) -> None:
    folder = str(shared_folder / "saved")
    before = server.call("GET", "/3/DownloadDataset", {"frame_id": table}).content
    assert server.wait(server.post(f"/3/Frames/{table}/save", dir=folder)["job"])["status"] == "DONE"
    assert server.call("POST", f"/3/Frames/{table}/save", {"dir": folder, "force": "false"}).status == 400
    kept = server.call("POST", "/3/Frames/load", {"dir": folder, "frame_id": table, "force": "false"})
    assert kept.status == 400
    assert server.wait(server.post("/3/Frames/load", dir=folder, frame_id=table)["job"])["status"] == "DONE"
    assert server.call("GET", "/3/DownloadDataset", {"frame_id": table}).content == before
    kinds = [column["type"] for column in server.get(f"/3/Frames/{table}")["frames"][0]["columns"]]
    assert kinds == ["int", "enum", "real", "string"]


def test_damaged_saved_frame_is_refused(server: Client, shared_folder: Path) -> None:
    folder = shared_folder / "damaged" / "lost"
    folder.mkdir(parents=True, exist_ok=True)
    head = {"format_version": 1, "rows": 3, "columns": [{"name": "a", "type": "enum", "levels": ["x"]}]}
    (folder / "frame.json").write_text(json.dumps(head))
    pl.DataFrame({"c0": pl.Series([0, 1, 2], dtype=pl.UInt8)}).write_ipc(folder / "values.arrow")
    job = server.wait(server.post("/3/Frames/load", dir=str(folder.parent), frame_id="lost")["job"])
    assert job["status"] == "FAILED"
    assert "level 2 of 1" in job["exception"]


def test_model_details_are_written_as_json(server: Client, models: dict[str, str], shared_folder: Path) -> None:
    target = shared_folder / "details.json"
    target.unlink(missing_ok=True)
    assert server.get("/99/Models/cars_bin/json", dir=str(target), force="false")["dir"] == str(target)
    assert json.loads(target.read_text())["model_id"]["name"] == "cars_bin"
    assert server.call("GET", "/99/Models/cars_bin/json", {"dir": str(target), "force": "false"}).status == 412


@pytest.mark.parametrize(
    ("ratios", "expected"),
    [([0.7], [0.7, 0.3]), ([0.5, 0.25], [0.5, 0.25, 0.25]), ([0.5, 0.5], [0.5, 0.5]), ([2, 2], [0.5, 0.5])],
)
def test_shares_of_a_split(ratios: list[float], expected: list[float]) -> None:
    assert shares(ratios) == pytest.approx(expected)


def test_split_keeps_every_row_once_in_order(server: Client) -> None:
    server.upload("k\n" + "\n".join(str(i) for i in range(101)) + "\n", "to_split")
    made = server.post("/3/SplitFrame", dataset="to_split", ratios="[0.5,0.25]", destination_frames="[p0,p1,p2]")
    assert server.wait({"key": made["key"]})["status"] == "DONE"
    parts = [
        server.call("GET", "/3/DownloadDataset", {"frame_id": f"p{i}"}).content.decode().split()[1:] for i in range(3)
    ]
    assert [int(value) for part in parts for value in part] == list(range(101))
    assert [len(part) for part in parts] == [50, 26, 25]
    for bad in ("[0]", "[-1]", "[1.5]", "[]"):
        assert server.call("POST", "/3/SplitFrame", {"dataset": "to_split", "ratios": bad}).status in (400, 412), bad


def test_nothing_is_left_behind_without_a_data_folder(start_server: Starter, tmp_path: Path) -> None:
    place = tmp_path / "temporary"
    place.mkdir()
    server = start_server(TMPDIR=str(place))
    server.upload("a\n1\n", "gone")
    assert list(place.iterdir())
    assert server.process is not None
    server.process.terminate()
    server.process.wait(10)
    assert list(place.iterdir()) == []
