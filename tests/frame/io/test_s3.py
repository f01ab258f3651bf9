"""s3:// imports from an S3-compatible server."""

from __future__ import annotations

import gzip
from collections.abc import Iterator
from pathlib import Path

import pytest

from artesian.core.errors import InvalidArgument, NotAvailable, NotFound
from artesian.core.settings import Settings, load
from artesian.frame.io import Source, open_source, resolve, s3
from artesian.frame.parse import guess_setup, parse

boto3 = pytest.importorskip("boto3")
server = pytest.importorskip("moto.server")

TEXT = b"a,b\n" + b"".join(b"%d,x%d\n" % (i, i % 3) for i in range(5_000))


@pytest.fixture(scope="module")
def endpoint() -> Iterator[str]:
    """A server with the bucket `tables`."""
    patch = pytest.MonkeyPatch()
    patch.setenv("AWS_ACCESS_KEY_ID", "testing")
    patch.setenv("AWS_SECRET_ACCESS_KEY", "testing")
    patch.setenv("AWS_EC2_METADATA_DISABLED", "true")
    running = server.ThreadedMotoServer(ip_address="127.0.0.1", port=0)
    running.start()
    host, port = running.get_host_and_port()
    address = f"http://{host}:{port}"
    client = boto3.client("s3", endpoint_url=address, region_name="us-east-1")
    client.create_bucket(Bucket="tables")
    for key in ("one.csv", "folder/b.csv", "folder/a.csv", "folder/deep/c.csv", "folder/", "with space/d?.csv"):
        client.put_object(Bucket="tables", Key=key, Body=b"" if key.endswith("/") else TEXT)
    client.put_object(Bucket="tables", Key="packed.csv.gz", Body=gzip.compress(TEXT))
    for number in range(25):
        client.put_object(Bucket="tables", Key=f"many/{number:04d}.csv", Body=b"1\n")
    yield address
    running.stop()
    patch.undo()


@pytest.fixture
def settings(endpoint: str, tmp_path: Path) -> Settings:
    return load({"s3_endpoint": endpoint, "import_roots": [str(tmp_path)], "http_timeout_secs": 5}, environment={})


@pytest.mark.parametrize("address", ["s3://tables/one.csv", "s3a://tables/one.csv", "s3n://tables/packed.csv.gz"])
def test_an_object_is_imported(settings: Settings, tmp_path: Path, address: str) -> None:
    sources = [Source(found) for found in resolve(address, settings)]
    frame = parse(sources, guess_setup(sources, settings=settings), folder=tmp_path, settings=settings).frame
    assert frame["a"].values.to_list() == list(range(5_000))
    assert frame["b"].levels == ["x0", "x1", "x2"]


def test_folders_globs_and_patterns(settings: Settings) -> None:
    assert resolve("s3://tables/folder", settings) == [
        "s3://tables/folder/a.csv",
        "s3://tables/folder/b.csv",
        "s3://tables/folder/deep/c.csv",
    ]
    assert resolve("s3://tables/folder/*.csv", settings) == ["s3://tables/folder/a.csv", "s3://tables/folder/b.csv"]
    assert resolve("s3://tables/folder/", settings, r"^[bc]\.csv|deep") == [
        "s3://tables/folder/b.csv",
        "s3://tables/folder/deep/c.csv",
    ]


def test_more_objects_than_one_answer_lists(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(s3, "_LISTED", 10)
    assert resolve("s3://tables/many/", settings) == [f"s3://tables/many/{number:04d}.csv" for number in range(25)]


def test_odd_characters_in_keys(settings: Settings) -> None:
    with open_source("s3://tables/with space/d?.csv", settings) as stream:
        assert stream.read() == TEXT


@pytest.mark.parametrize("address", ["s3://tables/none.csv", "s3://no-such-bucket/one.csv"])
def test_missing_objects_and_buckets(settings: Settings, address: str) -> None:
    with pytest.raises(NotFound):
        resolve(address, settings)
    with pytest.raises(NotFound):
        open_source(address, settings)


def test_an_address_without_bucket(settings: Settings) -> None:
    with pytest.raises(InvalidArgument, match="names no bucket"):
        resolve("s3:///one.csv", settings)


def test_without_boto3_the_sentence_says_what_to_install(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    import sys

    monkeypatch.setitem(sys.modules, "boto3", None)
    with pytest.raises(NotAvailable, match=r"pip install 'artesian\[s3\]'"):
        open_source("s3://tables/one.csv", settings)
