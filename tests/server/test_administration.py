"""Looking after a server: notes, log, memory, threads, metadata, shutdown."""

from __future__ import annotations

import io
import json
import re
import zipfile
from importlib.metadata import version
from pathlib import Path
from urllib.parse import quote

import pytest
from server_client import Client, Starter

from artesian.core.errors import NotFound
from artesian.core.settings import describe
from artesian.server.local_clients import client_version
from artesian.server.reference import rest_page, settings_page
from artesian.server.routes import FIRST, load_all
from artesian.server.routing import Table, declared_routes
from artesian.server.wire.schema import schemas

NOTES = "/3/NodePersistentStorage"
DOCS = Path(__file__).resolve().parents[2] / "docs"
load_all()


def test_note_is_kept_listed_and_removed(server: Client) -> None:
    text = json.dumps({"cells": ["plot β"]})
    server.post(f"{NOTES}/notebook/first%20flow", value=text)
    assert server.get(f"{NOTES}/notebook/first%20flow")["value"] == text
    entry = next(e for e in server.get(f"{NOTES}/notebook")["entries"] if e["name"] == "first flow")
    assert entry["size"] == len(text.encode())
    assert server.get(f"{NOTES}/categories/notebook/names/first%20flow/exists")["exists"] is True
    assert server.get(f"{NOTES}/categories/nosuch/exists")["exists"] is False
    server.delete(f"{NOTES}/notebook/first%20flow")
    assert server.get(f"{NOTES}/categories/notebook/names/first%20flow/exists")["exists"] is False
    assert server.call("GET", f"{NOTES}/notebook/first%20flow").status == 404
    assert server.call("POST", f"{NOTES}/notebook/x", {}).status == 412


def test_note_without_a_name_gets_one(server: Client) -> None:
    name = server.post(f"{NOTES}/environment", value="v")["name"]
    assert server.get(f"{NOTES}/environment/{name}")["value"] == "v"


def test_note_goes_out_and_in_as_a_file(server: Client) -> None:
    server.post(f"{NOTES}/notebook/file", value="content")
    answer = server.call("GET", "/3/NodePersistentStorage.bin/notebook/file")
    assert (answer.content, answer.headers["Content-Disposition"]) == (b"content", 'attachment; filename="file.flow"')
    body = b'--x\r\nContent-Disposition: form-data; name="file"; filename="a.flow"\r\n\r\nnew\r\n--x--\r\n'
    headers = {"Content-Type": "multipart/form-data; boundary=x"}
    put = server.call("POST", "/3/NodePersistentStorage.bin/notebook/file", body=body, headers=headers)
    assert put.status == 200
    assert server.get(f"{NOTES}/notebook/file")["value"] == "new"


def test_notes_survive_a_restart_with_a_data_folder(start_server: Starter, tmp_path: Path) -> None:
    folder = str(tmp_path / "kept")
    first = start_server("--data-dir", folder)
    first.post(f"{NOTES}/notebook/n", value="v")
    first.upload("a\n1\n", "kept_frame")
    assert first.process is not None
    first.process.terminate()
    first.process.wait(10)
    second = start_server("--data-dir", folder)
    assert second.get(f"{NOTES}/notebook/n")["value"] == "v"
    assert second.get("/3/Frames/kept_frame")["frames"][0]["rows"] == 1


def test_line_of_a_client_reaches_the_log_as_text(server: Client) -> None:
    server.post("/3/LogAndEcho", message="good day\r\nforged\x1b[31m line")
    log = server.get("/3/Logs/nodes/self/files/info")["log"]
    line = next(line for line in log.splitlines() if "good day" in line)
    assert "forged" in line
    assert "\x1b" not in log
    assert "good day" not in server.get("/3/Logs/nodes/0/files/error")["log"]
    assert server.call("GET", "/3/Logs/nodes/5/files/info").status == 404
    assert server.call("GET", "/3/Logs/nodes/0/files/..%2F..%2Fetc").status == 404


def test_log_downloads_plain_and_zipped(server: Client) -> None:
    server.post("/3/LogAndEcho", message="to be downloaded")
    plain = server.call("GET", "/3/Logs/download/LOG")
    assert b"to be downloaded" in plain.content
    packed = server.call("GET", "/3/Logs/download")
    assert re.search(r'filename="artesianlogs_\d{8}_\d{6}\.zip"$', packed.headers["Content-Disposition"])
    with zipfile.ZipFile(io.BytesIO(packed.content)) as archive:
        assert b"to be downloaded" in archive.read(archive.namelist()[0])


def test_the_root_is_a_page_for_people(server: Client) -> None:
    page = server.call("GET", "/", headers={"Host": "localhost:1"})
    assert (page.status, page.headers["Content-Type"]) == (200, "text/html; charset=utf-8")
    text = page.content.decode()
    assert f"Artesian {version('artesian')}" in text
    assert 'url="http://localhost:1"' in text
    for link in re.findall(r'href="([^"]+)"', text):
        assert server.call("GET", link).status == 200, link


def test_cloud_tells_real_figures(server: Client) -> None:
    cloud = server.get("/3/Cloud")
    node = cloud["nodes"][0]
    assert (cloud["cloud_size"], cloud["consensus"], cloud["cloud_healthy"]) == (1, True, True)
    assert server.process is not None
    assert node["pid"] == server.process.pid
    assert 0 < node["free_mem"] <= node["max_mem"]
    assert 10 * 2**20 < node["pojo_mem"] < 300 * 2**20
    assert node["open_fds"] > 3
    # the official client shows all of these; it takes nothing for an error
    for name in ("version", "branch_name", "last_commit_hash", "describe", "compiled_by", "compiled_on", "build_age"):
        assert cloud[name], name
    server.rapids('(setTimeZone "America/Denver")')
    assert server.get("/3/Cloud")["datafile_parser_timezone"] == "America/Denver"
    server.rapids('(setTimeZone "UTC")')
    assert server.get("/3/Cloud")["cloud_uptime_millis"] >= cloud["cloud_uptime_millis"]
    assert len(server.get("/3/WaterMeterCpuTicks/0")["cpu_ticks"][0]) == 4
    assert any("stacks" in trace for trace in server.get("/3/JStack")["traces"][0]["thread_traces"])


def test_client_that_names_its_version_is_told_the_same(server: Client) -> None:
    told = server.call("GET", "/3/Cloud", headers={"User-Agent": "h2o/3.46.0.7"}).json
    assert (told["version"], told["build_number"], told["branch_name"]) == ("3.46.0.7", "7", "rel-3.46.0")
    python = server.call("GET", "/3/Cloud", headers={"User-Agent": "H2O Python client/3.11.7 (main)"}).json
    assert python["version"] == "3.46.0.12"


def test_only_official_clients_of_this_machine_are_looked_up() -> None:
    assert client_version("curl/8", ("127.0.0.1", 1), 2) is None
    assert client_version("H2O Python client/3.11", ("192.0.2.1", 1), 2) is None
    assert client_version("H2O Python client/3.11", ("127.0.0.1", 1), 2) is None
    assert client_version("H2O Python client/3.11", None, 2) is None


def test_shutdown_answers_first(start_server: Starter) -> None:
    server = start_server()
    assert server.post("/3/Shutdown")["__meta"]["schema_name"] == "ShutdownV3"
    assert server.process is not None
    assert server.process.wait(5) == 0


# ---- metadata and pages ----


def test_every_route_and_schema_is_told(server: Client) -> None:
    told = server.get("/3/Metadata/endpoints")["routes"]
    patterns = {(item["http_method"], item["url_pattern"]) for item in told}
    assert {(r.method, r.pattern) for r in declared_routes() if not r.free} <= patterns
    assert ("POST", "/3/ModelBuilders/deeplearning") in patterns
    names = [item["api_name"] for item in told]
    assert len(names) == len(set(names))
    known = {item["name"]: item for item in server.get("/3/Metadata/schemas")["schemas"]}
    for item in told:
        assert item["input_schema"] in known
        assert item["output_schema"] in known
    assert "DeepLearningParametersV3" in known
    assert server.get("/4/endpoints")["endpoints"][0]["url"]


@pytest.mark.parametrize("name", ["CloudV3", "H2OErrorV3", "H2OModelBuilderErrorV3", "DeepLearningV3", "FrameV3"])
def test_schema_is_told_as_it_is_answered(name: str, server: Client) -> None:
    fields = {f["name"]: f for f in server.get(f"/3/Metadata/schemas/{name}")["schemas"][0]["fields"]}
    assert all(field["help"] for field in fields.values())
    if name == "CloudV3":
        assert set(server.get("/3/Cloud")) == set(fields)


def test_route_is_found_by_number_and_name(server: Client) -> None:
    by_name = server.get("/3/Metadata/endpoints/cloudStatus")["routes"][0]
    assert by_name["url_pattern"] == "/3/Cloud"
    assert "skip_ticks" in by_name["markdown"]
    assert server.get("/3/Metadata/endpoints/0")["routes"]
    assert server.call("GET", "/3/Metadata/endpoints/99999").status == 404
    assert server.get("/3/Metadata/schemaclasses/Frame")["schemas"][0]["name"] == "FrameV3"


def test_declared_schemas_refer_only_to_declared_ones() -> None:
    missing = {
        (item.name, field.name, field.schema)
        for item in schemas().values()
        for field in item.fields
        if field.schema is not None and field.schema not in schemas()
    }
    assert missing == set()


def test_declared_routes_take_what_stands_in_their_path_and_are_found() -> None:
    table = Table(declared_routes())
    for item in declared_routes():
        assert set(item.path_parameters) <= set(item.takes.inputs), item.pattern
        assert item.summary.endswith("."), item.pattern
        path = "/" + "/".join("x" if part.startswith("{") else part for part in item.segments)
        assert table.find(item.method, path)[0] is item


def test_the_first_routes_of_a_starting_server_answer_for_no_other() -> None:
    modules = {f"artesian.server.routes.{name}" for name in FIRST}
    first = Table([item for item in declared_routes() if item.handler.__module__ in modules])
    for item in declared_routes():
        path = "/" + "/".join("x" if part.startswith("{") else part for part in item.segments)
        if item.handler.__module__ in modules:
            assert first.find(item.method, path)[0] is item
        else:
            with pytest.raises(NotFound):
                first.find(item.method, path)


def test_pages_of_settings_and_routes_are_whole_and_current() -> None:
    settings, routes = (DOCS / "settings.md").read_text(), (DOCS / "rest.md").read_text()
    for item in describe():
        assert f"| `{item['name']}` | `--{item['name'].replace('_', '-')}` |" in settings
    for route in declared_routes():
        assert f"`{route.method} {route.pattern}`" in routes
    assert settings == settings_page()
    assert routes == rest_page()


def test_earlier_texts_of_a_note_are_versions(start_server: Starter, tmp_path: Path) -> None:
    flags = ("--data-dir", str(tmp_path / "versions"), "--note-versions", "3")
    server = start_server(*flags)
    note = f"{NOTES}/notebook/my%20flow"
    for text in ("one", "two", "two", "three"):
        server.post(note, value=text)
    server.post(note, value="four", keep_earlier="false")
    listed = server.get(f"{note}/versions")["versions"]
    assert [item["version"] for item in listed] == [2, 1]  # "two" was saved twice; "three" was not to be kept
    assert [item["size"] for item in listed] == [3, 3]
    assert listed[0]["timestamp_millis"] >= listed[1]["timestamp_millis"] > 1_600_000_000_000
    assert server.get(f"{note}/versions/1")["value"] == "one"
    assert server.get(note)["value"] == "four"
    for text in ("five", "six", "seven"):
        server.post(note, value=text)
    assert [item["version"] for item in server.get(f"{note}/versions")["versions"]] == [5, 4, 3]
    gone = server.call("GET", f"{note}/versions/1")
    assert (gone.status, "kept are: 5, 4, 3" in gone.json["msg"]) == (404, True)
    assert server.process is not None
    server.process.terminate()
    server.process.wait(10)
    again = start_server(*flags)
    assert again.get(f"{note}/versions/5")["value"] == "six"
    again.delete(note)
    assert again.call("GET", f"{note}/versions").status == 404
    again.post(note, value="new")
    assert again.get(f"{note}/versions")["versions"] == []


def test_a_renamed_note_takes_its_versions_along(server: Client) -> None:
    note = f"{NOTES}/notebook/before"
    for text in ("one", "two"):
        server.post(note, value=text)
    server.post(f"{NOTES}/notebook/taken", value="other")
    taken = server.call("POST", f"{note}/rename?new_name=taken")
    assert (taken.status, "'taken'" in taken.json["msg"]) == (409, True)
    assert server.call("POST", f"{note}/rename").status == 412
    assert server.post(f"{note}/rename", new_name="after")["name"] == "after"
    assert server.call("GET", note).status == 404
    after = f"{NOTES}/notebook/after"
    assert server.get(after)["value"] == "two"
    assert server.get(f"{after}/versions/1")["value"] == "one"
    assert server.call("POST", f"{note}/rename?new_name=any").status == 404


@pytest.mark.parametrize(
    "name",
    ["<img src=x onerror=alert(1)>", "../../etc/passwd", "a/b", "'; DROP TABLE blobs; --", "%00", "versions", "名"],
)
def test_any_name_of_a_note_is_plain_text(server: Client, name: str) -> None:
    path = f"{NOTES}/hostile/{quote(name, safe='')}"
    assert server.post(path, value=name)["name"] == name
    server.post(path, value="later")
    assert [item["name"] for item in server.get(f"{NOTES}/hostile")["entries"]] == [name]
    assert server.get(f"{path}/versions/1")["value"] == name
    file = server.call("GET", f"/3/NodePersistentStorage.bin/hostile/{quote(name, safe='')}")
    shown = file.headers["Content-Disposition"].removeprefix('attachment; filename="').removesuffix('"')
    assert not set(shown) & set('"/\\<>%')
    server.delete(path)
    assert server.get(f"{NOTES}/hostile")["entries"] == []


@pytest.mark.parametrize("name", ["%00", "a%0D%0Ab", "x" * 513])
def test_names_with_control_characters_are_refused(server: Client, name: str) -> None:
    answer = server.call("POST", f"{NOTES}/hostile/{name}", {"value": "v"})
    assert (answer.status, "cannot name an object" in answer.json["msg"]) == (400, True)
