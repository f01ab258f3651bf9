"""From names to files: folders, globs, patterns, lists, addresses."""

from __future__ import annotations

import contextlib
import time
from pathlib import Path

import pytest

from artesian.core.errors import Forbidden, InvalidArgument, NotAvailable, NotFound
from artesian.core.settings import Settings, load
from artesian.frame.io import resolve


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    for name in ("b.csv", "a.csv", "c.txt", ".hidden.csv", "deep/d.csv", "deep/.git/e.csv", "x1/part-0", "x2/part-0"):
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("1\n")
    return tmp_path


@pytest.fixture
def settings(folder: Path) -> Settings:
    return load({"import_roots": [str(folder)]}, environment={})


def names(found: list[str], folder: Path) -> list[str]:
    return [str(Path(path).relative_to(folder)) for path in found]


def test_a_folder_stands_for_its_files_in_order_without_hidden_ones(folder: Path, settings: Settings) -> None:
    expected = ["a.csv", "b.csv", "c.txt", "deep/d.csv", "x1/part-0", "x2/part-0"]
    assert names(resolve(str(folder), settings), folder) == expected
    assert names(resolve(str(folder) + "/", settings), folder) == expected


@pytest.mark.parametrize(
    ("pattern", "expected"),
    [
        (r".*\.csv", ["a.csv", "b.csv", "deep/d.csv"]),
        (r"^[ab]\.csv$", ["a.csv", "b.csv"]),
        ("deep/", ["deep/d.csv"]),
        ("part", ["x1/part-0", "x2/part-0"]),
    ],
)
def test_a_pattern_picks_files_of_a_folder(folder: Path, settings: Settings, pattern: str, expected: list[str]) -> None:
    assert names(resolve(str(folder), settings, pattern), folder) == expected


@pytest.mark.parametrize(
    ("wildcard", "expected"),
    [("*.csv", ["a.csv", "b.csv"]), ("?.*", ["a.csv", "b.csv", "c.txt"]), ("x[12]/part-*", ["x1/part-0", "x2/part-0"]), ("x*", ["x1/part-0", "x2/part-0"])],
)  # fmt: skip
def test_wildcards(folder: Path, settings: Settings, wildcard: str, expected: list[str]) -> None:
    assert names(resolve(f"{folder}/{wildcard}", settings), folder) == expected


def test_a_name_with_wildcard_characters_is_first_a_name(folder: Path, settings: Settings) -> None:
    (folder / "a[1].csv").write_text("1\n")
    assert names(resolve(str(folder / "a[1].csv"), settings), folder) == ["a[1].csv"]


def test_wildcards_do_not_lead_out(folder: Path) -> None:
    inner = load({"import_roots": [str(folder / "deep")]}, environment={})
    (folder / "deep" / "out").symlink_to(folder / "x1")
    for wildcard in (f"{folder}/deep/o*", f"{folder}/deep/*/part-0"):
        with pytest.raises(NotFound, match="stands for no file"):
            resolve(wildcard, inner)
    for wildcard in (f"{folder}/deep/out/*", f"{folder}/*", "/etc/pass*"):
        with pytest.raises(Forbidden):
            resolve(wildcard, inner)


def test_lists_are_joined_and_each_file_counts_once(folder: Path, settings: Settings) -> None:
    found = resolve([str(folder / "b.csv"), str(folder / "*.csv")], settings)
    assert names(found, folder) == ["b.csv", "a.csv"]


def test_addresses_stand_for_themselves_and_nothing_is_fetched(settings: Settings) -> None:
    assert resolve("https://nowhere.invalid/a.csv", settings) == ["https://nowhere.invalid/a.csv"]


@pytest.mark.parametrize("address", ["hdfs://host/a", "gs://bucket/a", "ftp://host/a", "maprfs://a/b", "jdbc://host/a"])
def test_other_schemes_are_refused_by_name(settings: Settings, address: str) -> None:
    with pytest.raises(NotAvailable, match=f"Addresses of the kind {address.partition(':')[0]}://"):
        resolve(address, settings)


@pytest.mark.parametrize("nothing", [[], "http://"])
def test_nothing_named_is_refused(settings: Settings, nothing: str | list[str]) -> None:
    with pytest.raises(InvalidArgument):
        resolve(nothing, settings)


def test_an_empty_folder_and_a_pattern_without_match_are_not_found(folder: Path, settings: Settings) -> None:
    (folder / "empty").mkdir()
    with pytest.raises(NotFound, match="stands for no file"):
        resolve(str(folder / "empty"), settings)
    with pytest.raises(NotFound):
        resolve(str(folder), settings, "nothing")


@pytest.mark.parametrize("pattern", ["(", "[", "a{2", "(?<x", "(?=a)"])
def test_a_pattern_that_is_no_expression_is_refused(folder: Path, settings: Settings, pattern: str) -> None:
    with pytest.raises(InvalidArgument, match="no regular expression"):
        resolve(str(folder), settings, pattern)


@pytest.mark.alone
@pytest.mark.parametrize(
    "pattern", [r"(a+)+$", r"(a|a)*b", r"(.*)*x", r"^(([a-z])+.)+[A-Z]([a-z])+$", r"(a?){60}a{60}"]
)
def test_a_catastrophic_pattern_ends_at_once(folder: Path, settings: Settings, pattern: str) -> None:
    (folder / ("a" * 200)).write_text("1\n")
    started = time.monotonic()
    with contextlib.suppress(NotFound, InvalidArgument):
        resolve(str(folder), settings, pattern)
    assert time.monotonic() - started < 1


@pytest.mark.alone
def test_a_catastrophic_wildcard_ends_at_once(folder: Path, settings: Settings) -> None:
    (folder / ("a" * 200)).write_text("1\n")
    started = time.monotonic()
    with pytest.raises(NotFound):
        resolve(f"{folder}/{'a*' * 40}b", settings)
    assert time.monotonic() - started < 1
