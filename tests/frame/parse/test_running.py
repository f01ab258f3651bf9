"""How a parse runs: progress, cancelling, what it writes, large and real files, packed files of each kind."""

from __future__ import annotations

import bz2
import gzip
import io
import lzma
import os
import zipfile
from collections.abc import Callable
from pathlib import Path

import numpy as np
import polars as pl
import pytest
import zstandard

from artesian.core.errors import Cancelled
from artesian.frame import ColumnType
from artesian.frame.parse import ParseSetup, Source, guess_setup, parse
from artesian.frame.segment import manifest, open_frame

from .parsing import parse_files, settings_for

TEXT = "a,b,c\n" + "".join(f"{i},{i / 8},s{i % 5}\n" for i in range(20_000))


def zipped(data: bytes) -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("folder/", "")
        archive.writestr("folder/table.csv", data)
    return file.getvalue()


PACKERS: dict[str, Callable[[bytes], bytes]] = {
    "gzip": gzip.compress,
    "gzip of two members": lambda data: gzip.compress(data[:1000]) + gzip.compress(data[1000:]),
    "bzip2": bz2.compress,
    "bzip2 of two streams": lambda data: bz2.compress(data[:1000]) + bz2.compress(data[1000:]),
    "xz": lzma.compress,
    "zstandard": zstandard.ZstdCompressor().compress,
    "zstandard of two frames": lambda data: (
        zstandard.ZstdCompressor().compress(data[:1000]) + zstandard.ZstdCompressor().compress(data[1000:])
    ),
    "zip": zipped,
    "plain": bytes,
}


@pytest.mark.parametrize("kind", PACKERS)
def test_packed_files_read_as_plain_ones_whatever_their_name(tmp_path: Path, kind: str) -> None:
    path = tmp_path / "table.dat"
    path.write_bytes(PACKERS[kind](TEXT.encode()))
    found = parse_files(tmp_path, path)
    assert found.values("a") == list(range(20_000))
    assert found.values("b")[-1] == 19_999 / 8
    assert found.frame["c"].levels == [f"s{i}" for i in range(5)]


def test_progress_rises_to_one_and_names_the_file(tmp_path: Path) -> None:
    path = tmp_path / "table.csv"
    path.write_text("a,b\n" + "".join(f"{i},{'x' * 100}{i % 7}\n" for i in range(800_000)))
    settings = settings_for(tmp_path)
    source = [Source(str(path))]
    seen: list[tuple[float, str]] = []
    parse(
        source,
        guess_setup(source, settings=settings),
        folder=tmp_path,
        settings=settings,
        progress=lambda fraction, message: seen.append((fraction, message)),
    )
    fractions = [fraction for fraction, _ in seen]
    assert len(fractions) >= 3
    assert fractions == sorted(fractions)
    assert 0 < fractions[0] < 0.9
    assert fractions[-1] == 1
    assert "table.csv" in seen[0][1]


def test_a_check_that_raises_stops_the_parse_and_leaves_no_segment(tmp_path: Path) -> None:
    path = tmp_path / "table.csv"
    path.write_text(TEXT)
    settings = settings_for(tmp_path)
    source = [Source(str(path))]
    folder = tmp_path / "segments"
    folder.mkdir()

    def stop() -> None:
        raise Cancelled("stopped")

    with pytest.raises(Cancelled):
        parse(source, guess_setup(source, settings=settings), folder=folder, settings=settings, check=stop)
    assert list(folder.iterdir()) == []


def test_the_frame_lies_in_segments_that_a_manifest_opens_again(tmp_path: Path) -> None:
    path = tmp_path / "table.csv"
    path.write_text(TEXT)
    frame = parse_files(tmp_path, path).frame
    assert all(column.stored is not None for column in frame.columns)
    again = open_frame(manifest(frame))
    assert again.names == frame.names
    assert again.to_polars().equals(frame.to_polars())


def test_numbers_are_stored_narrowly(tmp_path: Path) -> None:
    path = tmp_path / "table.csv"
    path.write_text("a,b,c,d,e\n" + "".join(f"{i % 256},{-i % 100 - 50},{i},{i / 2},{i + 0.1}\n" for i in range(1000)))
    stored = [column.values.dtype for column in parse_files(tmp_path, path).frame.columns]
    assert stored == [pl.UInt8, pl.Int8, pl.UInt16, pl.Float32, pl.Float64]


def test_values_agree_with_polars_on_many_rows(tmp_path: Path) -> None:
    random = np.random.default_rng(7)
    n = 300_000
    wanted = pl.DataFrame(
        {
            "id": np.arange(n),
            "x": random.normal(size=n).round(4),
            "k": random.integers(-5, 300, n),
            "word": pl.Series([f"w{i}" for i in range(500)]).gather(random.integers(0, 500, n)),
            "maybe": pl.Series(random.integers(0, 9, n)).set(pl.Series(random.random(n) < 0.2), None),
        }
    )
    path = tmp_path / "table.csv"
    wanted.write_csv(path)
    found = parse_files(tmp_path, path).frame
    for name in ("id", "x", "k", "maybe"):
        assert found[name].values.cast(pl.Float64).equals(wanted[name].cast(pl.Float64))
    assert found["word"].decoded().equals(wanted["word"])
    assert found["word"].levels == sorted(set(wanted["word"]))


def test_a_setup_made_of_plain_values_parses(tmp_path: Path) -> None:
    """As a route does that gets everything from its caller; the header is then looked for in the file."""
    path = tmp_path / "table.csv"
    path.write_text("a,b\n1,x\n2,x\n")
    setup = ParseSetup(number_columns=2, check_header=0, column_names=("a", "b"), column_types=("Numeric", "Enum"))
    result = parse([Source(str(path))], setup, folder=tmp_path, settings=settings_for(tmp_path))
    assert result.frame["a"].values.to_list() == [1, 2]


def mnist(name: str) -> Path:
    """A file of the MNIST data; skips where it is not there."""
    root = Path(__file__).resolve().parents[3]
    places = [os.environ.get("ARTESIAN_TEST_DATA", ""), str(root.parent / "shared" / "data")]
    for place in places:
        path = Path(place) / "mnist" / name
        if place and path.is_file():
            return path
    pytest.skip(f"no mnist/{name}: set ARTESIAN_TEST_DATA to the folder that holds it")


def test_mnist_is_read_at_one_byte_a_value(tmp_path: Path) -> None:
    path = mnist("test.csv.gz")
    settings = settings_for(path.parent)
    source = [Source(str(path))]
    setup = guess_setup(source, settings=settings)
    assert (setup.separator, setup.check_header, setup.number_columns) == (",", -1, 785)
    frame = parse(source, setup, folder=tmp_path, settings=settings).frame
    assert (frame.n_rows, frame.n_columns) == (10_000, 785)
    assert frame.names[0] == "C1" and frame.names[-1] == "C785"
    assert {column.values.dtype for column in frame.columns} == {pl.UInt8()}
    assert {column.type for column in frame.columns} == {ColumnType.INT}
    assert frame.nbytes == 10_000 * 785
    with gzip.open(path) as file:
        expected = np.loadtxt(file, delimiter=",", dtype=np.uint8, max_rows=500)
    assert np.array_equal(np.stack([column.values[:500].to_numpy() for column in frame.columns], axis=1), expected)


def test_parse_that_puts_columns_away_gives_the_same_table(tmp_path: Path) -> None:
    """Five files whose numbers widen, turn real, are missing all through one file, and whose levels outgrow a byte."""
    random = np.random.default_rng(5)
    paths = []
    for number in range(5):
        rows = 1000 + number
        table = pl.DataFrame(
            {
                "small": random.integers(0, 2, rows),
                "wider": random.integers(-10, 10, rows) * 1000**number,
                "real": random.integers(0, 9, rows) / (8 if number == 3 else 1),
                "double": random.random(rows),
                "gap": random.integers(0, 9, rows) if number != 1 else [None] * rows,
                "nothing": [None] * rows,
                "level": [f"level {i % 70}" for i in range(70 * number * rows, (70 * number + 1) * rows)],
                "grown": [f"{number}.{i % 100}x" for i in range(rows)],
                "text": [f"text {random.random()}" for _ in range(rows)],
                "time": [f"2024-0{number + 1}-{i % 28 + 1:02}" for i in range(rows)],
                "uuid": [f"{random.integers(2**31):08x}-1111-2222-3333-444444444444" for _ in range(rows)],
            }
        )
        paths.append(tmp_path / f"{number}.csv")
        table.write_csv(paths[-1])
    settings = settings_for(tmp_path)
    sources = [Source(str(path)) for path in paths]
    setup = guess_setup(sources, settings=settings)
    whole, away = (parse(sources, setup, folder=tmp_path, settings=settings, most_held=held).frame for held in (0, 1))
    assert whole.types == away.types
    assert {kind.value for kind in whole.types} == {"int", "real", "enum", "string", "time", "uuid", "bad"}
    for name in whole.names:
        assert away[name].values.equals(whole[name].values, check_dtypes=True), name
        assert away[name].levels == whole[name].levels
        assert away[name].stored is not None
    named = {column.stored.path for column in (*whole.columns, *away.columns) if column.stored}
    assert {str(path) for path in tmp_path.glob("*.arrow")} == named
