"""Export: what is written, and how it gets to its place."""

from __future__ import annotations

import bz2
import datetime as dt
import gzip
import struct
import zlib
from collections.abc import Callable
from pathlib import Path
from typing import Any

import polars as pl
import pyarrow.parquet as pq
import pytest
import zstandard

from artesian.core.errors import Cancelled, Conflict, Forbidden, InvalidArgument, NotAvailable
from artesian.core.settings import Settings, load
from artesian.frame import Column, ColumnType, Frame
from artesian.frame.io import csv_pieces, export
from artesian.frame.parse import Source, guess_setup, parse


@pytest.fixture
def frame() -> Frame:
    """One column of each type, with a missing value each and texts that need care."""
    return Frame(
        ["n", "r", "e", 's "x"', "t", "u"],
        [
            Column.integers(pl.Series([1, None, 300])),
            Column.reals(pl.Series([0.5, 1 / 3, None])),
            Column.enums(pl.Series([1, 0, None], dtype=pl.UInt8), pl.Series(['b "q"', "a,b"])),
            Column(ColumnType.STRING, pl.Series(["x\ny", None, 'q"'])),
            Column.times(pl.Series([dt.datetime(2020, 1, 2), None, dt.datetime(1969, 12, 31)])),
            Column(ColumnType.UUID, pl.Series([None, "123E4567-E89B-12D3-A456-426614174000", None], dtype=pl.String)),
        ],
    )


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return load({"import_roots": [str(tmp_path)], "export_roots": [str(tmp_path)]}, environment={})


CSV = (
    '"n","r","e","s ""x""","t","u"\n'
    '1,0.5,"a,b","x\ny",1577923200000,\n'
    ',0.3333333333333333,"b ""q""",,,123E4567-E89B-12D3-A456-426614174000\n'
    '300,,,"q""",-86400000,\n'
)


def test_csv_is_written_as_h2o_writes_it(frame: Frame, settings: Settings, tmp_path: Path) -> None:
    """Texts and levels in quotes, inner quotes doubled, times as milliseconds, missing values empty."""
    written = export(frame, str(tmp_path / "out.csv"), settings)
    assert written == [tmp_path / "out.csv"]
    assert written[0].read_text() == CSV
    assert [path.name for path in tmp_path.iterdir()] == ["out.csv"]


def test_csv_comes_back_as_it_was(frame: Frame, settings: Settings, tmp_path: Path) -> None:
    export(frame, str(tmp_path / "out.csv"), settings)
    source = [Source(str(tmp_path / "out.csv"))]
    setup = guess_setup(source, settings=settings)
    types = ("int", "real", "enum", "string", "time", "uuid")
    setup = type(setup)(**{**setup.__dict__, "column_types": types})
    again = parse(source, setup, folder=tmp_path, settings=settings).frame
    assert again.names == frame.names
    for ours, theirs in zip(again.columns, frame.columns, strict=True):
        assert ours.type is theirs.type
        assert ours.decoded().to_list() == theirs.decoded().to_list()


def test_separator_header_and_quotes_of_the_header(frame: Frame, settings: Settings, tmp_path: Path) -> None:
    some = frame.select(["n", "e"])
    export(some, str(tmp_path / "a"), settings, separator=";", quote_header=False)
    assert (tmp_path / "a").read_text() == 'n;e\n1;"a,b"\n;"b ""q"""\n300;\n'
    export(some, str(tmp_path / "b"), settings, header=False)
    assert (tmp_path / "b").read_text() == '1,"a,b"\n,"b ""q"""\n300,\n'


UNPACKERS: dict[str, Callable[[bytes], bytes]] = {
    "none": bytes,
    "gzip": gzip.decompress,
    "bzip2": bz2.decompress,
    "zstd": lambda data: zstandard.ZstdDecompressor().decompressobj().decompress(data),
}


@pytest.mark.parametrize("compression", UNPACKERS)
def test_csv_is_packed(frame: Frame, settings: Settings, tmp_path: Path, compression: str) -> None:
    export(frame, str(tmp_path / "out"), settings, compression=compression)
    assert UNPACKERS[compression]((tmp_path / "out").read_bytes()).decode() == CSV


@pytest.mark.parametrize("compression", [None, "none", "snappy", "gzip", "zstd"])
def test_parquet(frame: Frame, settings: Settings, tmp_path: Path, compression: str | None) -> None:
    path = tmp_path / "out.parquet"
    assert export(frame, str(path), settings, format="parquet", compression=compression) == [path]
    table = pq.read_table(path)
    names = {None: "SNAPPY", "none": "UNCOMPRESSED"}
    used = pq.ParquetFile(path).metadata.row_group(0).column(0).compression
    assert used == names.get(compression, str(compression).upper())
    assert table["n"].to_pylist() == [1, None, 300]
    assert table["e"].to_pylist() == ["a,b", 'b "q"', None]
    assert table["t"].to_pylist() == [dt.datetime(2020, 1, 2), None, dt.datetime(1969, 12, 31)]
    # what Hadoop's ChecksumFileSystem writes: a head, then CRC-32 of every 512 bytes, big-endian
    content = path.read_bytes()
    sums = [zlib.crc32(content[i : i + 512]) for i in range(0, len(content), 512)]
    assert (tmp_path / ".out.parquet.crc").read_bytes() == struct.pack(f">4sI{len(sums)}I", b"crc\0", 512, *sums)


def test_parquet_goes_to_a_folder_of_parts_that_reads_back(frame: Frame, settings: Settings, tmp_path: Path) -> None:
    written = export(frame, str(tmp_path / "parts"), settings, format="parquet", num_parts=2, write_checksum=False)
    assert [path.name for path in written] == ["part-m-00000.parquet", "part-m-00001.parquet"]
    assert sorted(path.name for path in (tmp_path / "parts").iterdir()) == [path.name for path in written]
    assert pl.read_parquet(written)["n"].to_list() == [1, None, 300]
    single = export(frame, str(tmp_path / "folder"), settings, format="parquet")
    assert [path.name for path in single] == ["part-m-00000.parquet"]


@pytest.mark.parametrize(("parts", "rows"), [(2, [50, 50]), (3, [34, 34, 32]), (100, [1] * 100), (-1, [100])])
def test_csv_in_parts(settings: Settings, tmp_path: Path, parts: int, rows: list[int]) -> None:
    numbers = Frame(["x"], [Column.integers(pl.Series(range(100)))])
    written = export(numbers, str(tmp_path / "parts"), settings, num_parts=parts)
    assert [path.name for path in written] == [f"part-m-{i:05d}" for i in range(len(rows))]
    texts = [path.read_text().splitlines() for path in written]
    assert [len(text) - 1 for text in texts] == rows
    assert [int(line) for text in texts for line in text[1:]] == list(range(100))


def test_what_is_there_is_replaced_only_on_demand(frame: Frame, settings: Settings, tmp_path: Path) -> None:
    path = tmp_path / "out.csv"
    path.write_text("old")
    with pytest.raises(Conflict, match="force=true"):
        export(frame, str(path), settings)
    assert path.read_text() == "old"
    export(frame, str(path), settings, force=True)
    assert path.read_text() == CSV


def test_a_folder_that_holds_something_is_never_replaced(frame: Frame, settings: Settings, tmp_path: Path) -> None:
    (tmp_path / "full").mkdir()
    (tmp_path / "full" / "mine").write_text("mine")
    for force in (False, True):
        with pytest.raises(Conflict, match=r"^Cannot use path .* empty folder"):
            export(frame, str(tmp_path / "full"), settings, num_parts=2, force=force)
        with pytest.raises(Conflict, match="is a folder"):
            export(frame, str(tmp_path / "full"), settings, force=force)
    (tmp_path / "empty").mkdir()
    assert len(export(frame, str(tmp_path / "empty"), settings, num_parts=2)) == 2


def test_a_link_is_never_written_through(frame: Frame, tmp_path: Path) -> None:
    root = tmp_path / "root"
    root.mkdir()
    (root / "other.csv").write_text("other")
    (root / "link.csv").symlink_to(root / "other.csv")
    inner = load({"export_roots": [str(root)]}, environment={})
    with pytest.raises(Forbidden, match="symbolic link"):
        export(frame, str(root / "link.csv"), inner, force=True)
    assert (root / "other.csv").read_text() == "other"


def test_cancelling_leaves_nothing_behind(frame: Frame, settings: Settings, tmp_path: Path) -> None:
    def stop() -> None:
        raise Cancelled("stopped")

    for options in ({}, {"num_parts": 2}, {"format": "parquet"}):
        with pytest.raises(Cancelled):
            export(frame, str(tmp_path / "new" / "out.csv"), settings, check=stop, **options)  # type: ignore[arg-type]
        assert [path for path in tmp_path.rglob("*") if path.is_file()] == []


def test_progress_ends_at_one(settings: Settings, tmp_path: Path) -> None:
    numbers = Frame(["x"], [Column.integers(pl.Series(range(200_000)))])
    seen: list[float] = []
    export(numbers, str(tmp_path / "out"), settings, progress=lambda fraction, message: seen.append(fraction))
    assert seen == sorted(seen) and seen[-1] == 1 and len(seen) > 3


@pytest.mark.parametrize(
    ("options", "sentence"),
    [
        ({"format": "orc"}, "format of an export must be one of csv, parquet"),
        ({"compression": "snappy"}, "compression of an export must be one of none, gzip, bzip2, zstd"),
        ({"format": "parquet", "compression": "bzip2"}, "one of none, snappy, gzip, zstd"),
        ({"separator": ""}, "separator must be one ASCII character"),
        ({"separator": '"'}, "separator must be one ASCII character"),
        ({"num_parts": 0}, "num_parts must be at least 1"),
        ({"num_parts": -2}, "num_parts must be at least 1"),
    ],
)
def test_wrong_options_are_refused_by_name(
    frame: Frame, settings: Settings, tmp_path: Path, options: dict[str, Any], sentence: str
) -> None:
    with pytest.raises(InvalidArgument, match=sentence):
        export(frame, str(tmp_path / "out"), settings, **options)


def test_remote_targets_are_refused(frame: Frame, settings: Settings) -> None:
    with pytest.raises(NotAvailable, match="local files only"):
        export(frame, "s3://bucket/out.csv", settings)


def test_frames_without_rows_or_columns(settings: Settings, tmp_path: Path) -> None:
    empty = Frame(["x", "e"], [Column.integers(pl.Series([], dtype=pl.UInt8)), Column.enums(pl.Series([], dtype=pl.UInt8), pl.Series([], dtype=pl.String))])  # fmt: skip
    export(empty, str(tmp_path / "out.csv"), settings)
    assert (tmp_path / "out.csv").read_text() == '"x","e"\n'
    export(empty, str(tmp_path / "out.parquet"), settings, format="parquet")
    assert pq.read_table(tmp_path / "out.parquet").num_rows == 0
    assert b"".join(csv_pieces(Frame([], [], 3))) == b""


def test_hexadecimal_reals_lose_no_bit() -> None:
    values = [0.1, 1e-300, -2.5, None]
    text = b"".join(csv_pieces(Frame(["x"], [Column.reals(pl.Series(values))]), hex_doubles=True)).decode()
    lines = text.splitlines()[1:]
    assert [float.fromhex(line) if line else None for line in lines] == values


def test_quotes_are_left_alone_on_demand() -> None:
    column = Column(ColumnType.STRING, pl.Series(['a"b']))
    text = b"".join(csv_pieces(Frame(["x"], [column]), escape_quotes=False))
    assert text == b'"x"\n"a"b"\n'
