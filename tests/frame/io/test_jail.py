"""The jail: reads and writes stay inside their roots, whatever a path looks like."""

from __future__ import annotations

import os
from pathlib import Path

import polars as pl
import pytest

from artesian.core.errors import ArtesianError, Forbidden, InvalidArgument, NotFound
from artesian.core.settings import Settings, load
from artesian.frame import Column, ColumnType, Frame
from artesian.frame.io import Source, check_export, check_import, export, open_source, resolve, typeahead


@pytest.fixture
def home(tmp_path: Path) -> Path:
    """A root with a file and a link out of it; beside it a folder that is out of bounds."""
    root = tmp_path / "root"
    (root / "inner").mkdir(parents=True)
    (root / "inner" / "table.csv").write_text("a,b\n1,2\n")
    (tmp_path / "outside").mkdir()
    (tmp_path / "outside" / "secret.csv").write_text("s\n1\n")
    (tmp_path / "root2").mkdir()
    (tmp_path / "root2" / "near.csv").write_text("n\n1\n")
    (root / "link.csv").symlink_to(tmp_path / "outside" / "secret.csv")
    (root / "door").symlink_to(tmp_path / "outside")
    (root / "alias.csv").symlink_to(root / "inner" / "table.csv")
    return root


def inside(home: Path) -> Settings:
    return load({"import_roots": [str(home)], "export_roots": [str(home)]}, environment={})


def escapes(home: Path) -> list[str]:
    return [
        "/etc/passwd",
        str(home / ".." / "outside" / "secret.csv"),
        str(home / "inner" / ".." / ".." / "outside" / "secret.csv"),
        str(home / "link.csv"),
        str(home / "door" / "secret.csv"),
        str(home.parent / "root2" / "near.csv"),
        "file:///etc/passwd",
        "FILE:///etc/passwd",
        "file://localhost/etc/passwd",
        "file:///%65tc/passwd",
        f"file://{home}/../outside/secret.csv",
        f"file://{home}/door/secret.csv",
        "/proc/self/environ",
        "../" * 20 + "etc/passwd",
    ]


@pytest.mark.parametrize("number", range(14))
def test_no_path_leads_out_of_the_import_roots(home: Path, number: int) -> None:
    path = escapes(home)[number]
    settings = inside(home)
    with pytest.raises(Forbidden, match="import_roots"):
        check_import(path, settings)
    with pytest.raises(Forbidden):
        resolve(path, settings)
    with pytest.raises(Forbidden):
        open_source(Source(path), settings)


@pytest.mark.parametrize("number", range(14))
def test_no_path_leads_out_of_the_export_roots(home: Path, number: int) -> None:
    path = escapes(home)[number]
    with pytest.raises(Forbidden, match="export_roots"):
        check_export(path, inside(home))
    frame = Frame(["x"], [Column(ColumnType.INT, pl.Series([1], dtype=pl.UInt8))])
    with pytest.raises(Forbidden):
        export(frame, path, inside(home), force=True)
    assert (home.parent / "outside" / "secret.csv").read_text() == "s\n1\n"
    assert sorted(entry.name for entry in (home.parent / "outside").iterdir()) == ["secret.csv"]


def test_a_missing_file_outside_answers_as_one_that_is_there(home: Path) -> None:
    for path in ("/etc/passwd", "/etc/no-such-file"):
        with pytest.raises(Forbidden):
            resolve(path, inside(home))


def test_paths_inside_are_allowed_in_every_spelling(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    wanted = home / "inner" / "table.csv"
    monkeypatch.chdir(home)
    for path in (
        str(wanted),
        "inner/table.csv",
        "./inner/../inner/table.csv",
        f"file://{wanted}",
        str(home / "alias.csv"),
    ):
        assert check_import(path, inside(home)) == wanted
        assert resolve(path, inside(home)) == [str(wanted)]


def test_without_settings_the_start_folder_is_the_root(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(home / "inner")
    settings = load({}, environment={})
    assert resolve("table.csv", settings) == [str(home / "inner" / "table.csv")]
    with pytest.raises(Forbidden):
        resolve("../link.csv", settings)
    with pytest.raises(Forbidden):
        check_export("/tmp/elsewhere.csv", settings)


def test_further_folders_count_as_roots_for_one_call(home: Path) -> None:
    outside = home.parent / "outside"
    assert resolve(str(outside / "secret.csv"), inside(home), folders=[outside]) == [str(outside / "secret.csv")]


def test_what_the_server_wrote_itself_is_trusted(home: Path) -> None:
    with open_source(Source(str(home.parent / "outside" / "secret.csv"), trusted=True), inside(home)) as stream:
        assert stream.read() == b"s\n1\n"


def test_an_export_root_itself_cannot_be_written_to(home: Path) -> None:
    with pytest.raises(Forbidden):
        check_export(str(home), inside(home))


@pytest.mark.parametrize("path", ["", "  ", "a\0b", "file://other.host/etc/passwd"])
def test_what_is_no_path_is_refused(home: Path, path: str) -> None:
    with pytest.raises(InvalidArgument):
        check_import(path, inside(home))


def test_a_very_long_name_and_a_loop_of_links_are_answered(home: Path) -> None:
    (home / "loop1").symlink_to(home / "loop2")
    (home / "loop2").symlink_to(home / "loop1")
    for path in ("x" * 5000, str(home / "loop1")):
        with pytest.raises(ArtesianError):
            resolve(path, inside(home))


def test_pipes_and_devices_are_no_files(home: Path) -> None:
    os.mkfifo(home / "pipe")
    with pytest.raises(ArtesianError, match="no regular file"):
        open_source(Source(str(home / "pipe")), inside(home))
    with pytest.raises(ArtesianError):
        open_source(Source(str(home / "inner")), inside(home))


# ---- completion ----


def test_completion_stays_inside_the_roots(home: Path) -> None:
    settings = inside(home)
    assert typeahead(str(home) + "/", 10, settings) == [str(home / "alias.csv"), f"{home / 'inner'}/"]
    assert typeahead(str(home / "in"), 10, settings) == [f"{home / 'inner'}/"]
    assert typeahead(str(home / "inner") + "/t", 10, settings) == [str(home / "inner" / "table.csv")]
    for prefix in (
        "/etc/",
        "/etc/pass",
        str(home / "door") + "/",
        str(home.parent / "outside") + "/",
        str(home / ".."),
    ):
        assert typeahead(prefix, 10, settings) == []


def test_completion_offers_the_roots_above_them(home: Path) -> None:
    assert typeahead("/", 10, inside(home)) == [f"{home}/"]
    assert typeahead(str(home)[:-2], 10, inside(home)) == [f"{home}/"]


def test_completion_is_limited_and_leaves_hidden_files_out(home: Path) -> None:
    for number in range(30):
        (home / "inner" / f"many{number:02d}.csv").touch()
    (home / "inner" / ".hidden").touch()
    prefix = str(home / "inner") + "/"
    assert len(typeahead(prefix, 5, inside(home))) == 5
    assert len(typeahead(prefix, -1, inside(home))) == 31
    assert typeahead(prefix + ".h", 5, inside(home)) == [str(home / "inner" / ".hidden")]


@pytest.mark.parametrize("prefix", ["http://127.0.0.1/x", "s3://bucket/x", "hdfs://x", "a\0b", "file://other/x"])
def test_completion_does_no_network_and_never_fails(home: Path, prefix: str) -> None:
    assert typeahead(prefix, 10, inside(home)) == []


def test_a_name_that_is_nearly_right_is_suggested(home: Path) -> None:
    with pytest.raises(NotFound, match=r"Did you mean 'table\.csv'"):
        resolve(str(home / "inner" / "tabel.csv"), inside(home))
