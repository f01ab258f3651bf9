"""Unpacking: caps, bombs, damage."""

from __future__ import annotations

import bz2
import gzip
import io
import lzma
import time
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest
import zstandard

from artesian.core.errors import ParseError, TooLarge
from artesian.core.settings import Settings, load
from artesian.frame.io import Source, members, open_source
from artesian.frame.parse import guess_setup

ZEROS = bytes(1 << 20)


def settings_for(folder: Path, **more: object) -> Settings:
    return load({"import_roots": [str(folder)], **more}, environment={})


def write(folder: Path, data: bytes, name: str = "bomb.dat") -> Source:
    path = folder / name
    path.write_bytes(data)
    return Source(str(path))


def gzip_bomb(megabytes: int) -> bytes:
    file = io.BytesIO()
    with gzip.GzipFile(fileobj=file, mode="wb", compresslevel=9) as packed:
        for _ in range(megabytes):
            packed.write(ZEROS)
    return file.getvalue()


def zip_bomb(megabytes: int) -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive, archive.open("zeros.csv", "w") as member:
        for _ in range(megabytes):
            member.write(ZEROS)
    return file.getvalue()


def zstd_bomb(megabytes: int) -> bytes:
    return zstandard.ZstdCompressor().compress(bytes(megabytes << 20))


BOMBS: dict[str, Callable[[], bytes]] = {
    "gzip": lambda: gzip_bomb(300),
    "bzip2": lambda: bz2.compress(bytes(200 << 20)),
    "xz": lambda: lzma.compress(bytes(200 << 20), preset=0),
    "zstandard": lambda: zstd_bomb(300),
    "zip": lambda: zip_bomb(300),
}


@pytest.mark.parametrize("kind", BOMBS)
def test_a_bomb_is_refused_within_five_seconds(tmp_path: Path, kind: str) -> None:
    """Already as the setup is guessed, which looks at the first megabytes only."""
    source = write(tmp_path, BOMBS[kind]())
    started = time.monotonic()
    with pytest.raises(TooLarge, match="max_decompression_ratio"):
        guess_setup([source], settings=settings_for(tmp_path))
    assert time.monotonic() - started < 5


def test_reading_a_bomb_to_its_end_is_refused(tmp_path: Path) -> None:
    source = write(tmp_path, gzip_bomb(300))
    with open_source(source, settings_for(tmp_path)) as stream, pytest.raises(TooLarge):
        while stream.read(1 << 20):
            pass
    assert stream.bytes_out < 200 << 20


def test_the_cap_on_bytes_holds_for_what_packs_badly(tmp_path: Path) -> None:
    import numpy as np

    noise = np.random.default_rng(1).integers(0, 256, 3 << 20, dtype=np.uint8).tobytes()
    source = write(tmp_path, gzip.compress(noise, 1))
    capped = settings_for(tmp_path, max_decompressed_mb=2)
    with open_source(source, capped) as stream, pytest.raises(TooLarge, match="max_decompressed_mb"):
        stream.read()
    with open_source(source, settings_for(tmp_path, max_decompressed_mb=4)) as stream:
        assert stream.read() == noise


def test_plain_files_are_not_capped(tmp_path: Path) -> None:
    source = write(tmp_path, ZEROS * 3)
    with open_source(source, settings_for(tmp_path, max_decompressed_mb=1)) as stream:
        assert len(stream.read()) == 3 << 20


def test_an_archive_of_too_many_files_is_refused(tmp_path: Path) -> None:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        for number in range(20):
            archive.writestr(f"{number}.csv", "1\n")
    source = write(tmp_path, file.getvalue())
    with pytest.raises(TooLarge, match=r"20 files.*max_archive_members"):
        members(source, settings_for(tmp_path, max_archive_members=19))
    assert len(members(source, settings_for(tmp_path, max_archive_members=20))) == 20


def test_an_archive_in_an_archive_is_refused(tmp_path: Path) -> None:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        archive.writestr("inner.zip", zip_bomb(1))
        archive.writestr("inner.csv.gz", gzip.compress(b"a,b\n1,2\n"))
    source = write(tmp_path, file.getvalue())
    for member in members(source, settings_for(tmp_path)):
        with pytest.raises(ParseError, match="packed twice"):
            open_source(member, settings_for(tmp_path))


def test_names_in_an_archive_lead_nowhere(tmp_path: Path) -> None:
    """Members are read, never written to disk, so a name with dots does nothing."""
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        archive.writestr("../../evil.csv", "a,b\n1,2\n")
        archive.writestr("/etc/evil.csv", "a,b\n1,2\n")
    folder = tmp_path / "in" / "side"
    folder.mkdir(parents=True)
    for member in members(write(folder, file.getvalue()), settings_for(folder)):
        with open_source(member, settings_for(folder)) as stream:
            assert stream.read() == b"a,b\n1,2\n"
    assert [path.name for path in tmp_path.rglob("*") if path.is_file()] == ["bomb.dat"]


def encrypted() -> bytes:
    """An archive that says of its file that it is encrypted (bit 0 of the flags, in both headers)."""
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        archive.writestr("a.csv", "1\n")
    data = bytearray(file.getvalue())
    data[6] |= 1
    data[data.index(b"PK\x01\x02") + 8] |= 1
    return bytes(data)


@pytest.mark.parametrize(
    "data",
    [
        gzip.compress(b"a,b\n1,2\n" * 1000)[:-12],
        gzip.compress(b"a,b\n1,2\n" * 1000)[:30] + b"\0\1\2" * 20,
        bz2.compress(b"a,b\n1,2\n" * 1000)[:-12],
        lzma.compress(b"a,b\n1,2\n" * 1000)[:-12],
        zstandard.ZstdCompressor().compress(b"a,b\n1,2\n" * 1000)[:8] + b"\xff" * 40,
        zip_bomb(1)[:-30],
        b"PK\x03\x04" + b"\0" * 100,
        b"PK\x05\x06" + b"\0" * 18,
        encrypted(),
    ],
    ids=[
        "short gz",
        "broken gz",
        "short bz2",
        "short xz",
        "broken zst",
        "short zip",
        "broken zip",
        "empty zip",
        "secret zip",
    ],
)
def test_damaged_files_are_an_error_that_names_them(tmp_path: Path, data: bytes) -> None:
    source = write(tmp_path, data, "damaged.bin")
    with pytest.raises(ParseError, match=r"damaged\.bin"):
        for member in members(source, settings_for(tmp_path)):
            with open_source(member, settings_for(tmp_path)) as stream:
                stream.read()


def test_a_stream_tells_how_far_it_is(tmp_path: Path) -> None:
    import numpy as np

    noise = np.random.default_rng(1).integers(0, 256, 4 << 20, dtype=np.uint8).tobytes()
    for data in (noise, gzip.compress(noise, 1)):
        with open_source(write(tmp_path, data), settings_for(tmp_path)) as stream:
            assert stream.fraction() < 0.1
            stream.read(2 << 20)
            assert 0.45 < stream.fraction() < 0.6
            stream.read()
            assert stream.fraction() == 1
