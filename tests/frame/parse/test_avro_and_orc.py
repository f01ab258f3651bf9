"""Avro and ORC files, compared with what fastavro and pyarrow wrote."""

from __future__ import annotations

import datetime as dt
import importlib
import sys
from pathlib import Path
from typing import Any

import fastavro
import numpy as np
import pyarrow as pa
import pytest
from pyarrow import orc

from artesian.core.errors import NotAvailable, ParseError
from artesian.frame import ColumnType
from artesian.frame.parse import Format

from .parsing import damaged, parse_files

ROWS = 60
DAY = dt.date(2020, 1, 2)
STAMP = dt.datetime(2020, 1, 2, 3, 4, 5, 678000, tzinfo=dt.UTC)
DAY_MS = 1_577_923_200_000  # 2020-01-02
STAMP_MS = DAY_MS + ((3 * 60 + 4) * 60 + 5) * 1000 + 678

ENUM = {"type": "enum", "name": "colour", "symbols": ["red", "blue", "unused", "amber"]}
SCHEMA = {
    "type": "record",
    "name": "row",
    "fields": [
        {"name": "flag", "type": ["null", "boolean"]},
        {"name": "small", "type": "int"},
        {"name": "big", "type": ["null", "long"]},
        {"name": "single", "type": "float"},
        {"name": "double", "type": ["double", "null"]},
        {"name": "text", "type": ["null", "string"]},
        {"name": "bytes", "type": "bytes"},
        {"name": "colour", "type": ENUM},
        {"name": "maybe", "type": ["null", "colour"]},
        {"name": "stamp", "type": {"type": "long", "logicalType": "timestamp-millis"}},
        {"name": "day", "type": {"type": "int", "logicalType": "date"}},
    ],
}


def records(rows: int = ROWS) -> list[dict[str, Any]]:
    return [
        {
            "flag": [True, False, None][i % 3],
            "small": i,
            "big": [2**40, None, -5][i % 3],
            "single": 0.5 * i,
            "double": [0.1, None][i % 2],
            "text": ["a", "", None][i % 3],
            "bytes": b"q",
            "colour": ["blue", "red"][i % 2],
            "maybe": ["amber", None][i % 2],
            "stamp": STAMP,
            "day": DAY,
        }
        for i in range(rows)
    ]


def write_avro(folder: Path, rows: list[dict[str, Any]], codec: str = "null") -> Path:
    path = folder / f"table-{codec}.avro"
    with path.open("wb") as file:
        fastavro.writer(file, SCHEMA, rows, codec=codec, sync_interval=400)
    return path


@pytest.mark.parametrize("codec", ["null", "deflate"])
def test_avro_values_and_types_are_those_of_the_file(tmp_path: Path, codec: str) -> None:
    rows = records()
    found = parse_files(tmp_path, write_avro(tmp_path, rows, codec))
    assert found.setup.parse_type is Format.AVRO
    types = dict(zip(found.frame.names, found.frame.types, strict=True))
    assert types == {
        "flag": ColumnType.INT,
        "small": ColumnType.INT,
        "big": ColumnType.INT,
        "single": ColumnType.REAL,
        "double": ColumnType.REAL,
        "text": ColumnType.STRING,
        "bytes": ColumnType.STRING,
        "colour": ColumnType.ENUM,
        "maybe": ColumnType.ENUM,
        "stamp": ColumnType.TIME,
        "day": ColumnType.TIME,
    }
    for name in ("flag", "small", "big", "single", "double", "text", "colour", "maybe"):
        assert found.values(name) == [row[name] for row in rows]
    assert found.values("bytes") == ["q"] * ROWS
    assert found.values("stamp") == [STAMP_MS] * ROWS
    assert found.values("day") == [DAY_MS] * ROWS


def test_symbols_of_an_avro_enumeration_keep_their_order_and_the_unused_ones(tmp_path: Path) -> None:
    """As H2O-3, which takes the schema's symbols as the domain."""
    found = parse_files(tmp_path, write_avro(tmp_path, records()))
    assert found.frame["colour"].levels == found.frame["maybe"].levels == ["red", "blue", "unused", "amber"]


def test_one_row_and_none_of_avro(tmp_path: Path) -> None:
    assert parse_files(tmp_path, write_avro(tmp_path, records(1))).values("small") == [0]
    empty = parse_files(tmp_path, write_avro(tmp_path, []))
    assert empty.frame.n_rows == 0
    assert empty.frame.names == tuple(field["name"] for field in SCHEMA["fields"])


def test_avro_columns_are_skipped_and_read_as_asked(tmp_path: Path) -> None:
    types = (None, "enum", *[None] * 9)
    found = parse_files(tmp_path, write_avro(tmp_path, records()), skipped_columns=(0, 2, 5), column_types=types)
    assert found.frame.names == ("small", "single", "double", "bytes", "colour", "maybe", "stamp", "day")
    assert found.frame["small"].levels[:3] == ["0", "1", "10"]


def test_nested_avro_fields_are_refused_by_name_unless_skipped(tmp_path: Path) -> None:
    path = tmp_path / "nested.avro"
    fields = [{"name": "x", "type": "int"}, {"name": "list", "type": {"type": "array", "items": "int"}}]
    with path.open("wb") as file:
        fastavro.writer(file, {"type": "record", "name": "r", "fields": fields}, [{"x": 1, "list": [1, 2]}])
    with pytest.raises(ParseError, match=r"Column 'list' of nested\.avro"):
        parse_files(tmp_path, path)
    assert parse_files(tmp_path, path, skipped_columns=(1,)).values("x") == [1]


@pytest.fixture(scope="module")
def table() -> pa.Table:
    return pa.table(
        {
            "flag": pa.array([True, False, None] * 20),
            "small": pa.array(range(ROWS), pa.int8()),
            "big": pa.array([2**40, None, -5] * 20, pa.int64()),
            "single": pa.array([0.5, None, 1.25] * 20, pa.float32()),
            "double": pa.array(np.linspace(0, 1, ROWS)),
            "decimal": pa.array([None, 12, 7] * 20, pa.decimal128(10, 2)),
            "words": pa.array(["a", "b", None] * 20),
            "stamp": pa.array([STAMP.replace(tzinfo=None)] * ROWS, pa.timestamp("ns")),
            "day": pa.array([DAY, None] * 30),
            "a.b": pa.array(range(ROWS), pa.int16()),
        }
    )


@pytest.mark.parametrize("compression", ["uncompressed", "zlib", "snappy", "zstd"])
def test_orc_values_and_types_are_those_of_the_file(tmp_path: Path, table: pa.Table, compression: str) -> None:
    path = tmp_path / "table.orc"
    orc.write_table(table, path, compression=compression)
    found = parse_files(tmp_path, path)
    assert found.setup.parse_type is Format.ORC
    assert found.frame.names == tuple(table.column_names)
    types = dict(zip(found.frame.names, found.frame.types, strict=True))
    assert types["flag"] is types["small"] is types["big"] is types["decimal"] is ColumnType.INT
    assert types["single"] is types["double"] is ColumnType.REAL
    assert types["words"] is ColumnType.STRING
    assert types["stamp"] is types["day"] is ColumnType.TIME
    plain = table.to_pydict()
    for name in ("flag", "small", "big", "single", "double", "decimal", "words", "a.b"):
        assert found.values(name) == plain[name]
    assert found.values("stamp") == [STAMP_MS] * ROWS
    assert found.values("day") == [DAY_MS, None] * 30


def test_orc_stripes_follow_one_another(tmp_path: Path) -> None:
    path = tmp_path / "stripes.orc"
    rows = 200_000
    numbers = np.random.default_rng(1).integers(0, 2**40, rows)
    with orc.ORCWriter(path, stripe_size=1 << 16, compression="uncompressed") as writer:
        for start in range(0, rows, 20_000):
            writer.write(pa.table({"x": numbers[start : start + 20_000], "y": ["u"] * 20_000}))
    assert orc.ORCFile(path).nstripes > 3
    assert parse_files(tmp_path, path).values("x") == numbers.tolist()
    assert parse_files(tmp_path, path, path, skipped_columns=(1,)).frame.n_rows == 2 * rows


def test_one_row_and_none_of_orc(tmp_path: Path, table: pa.Table) -> None:
    path = tmp_path / "table.orc"
    orc.write_table(table.slice(0, 1), path)
    assert parse_files(tmp_path, path).values("small") == [0]
    orc.write_table(table.slice(0, 0), path)
    empty = parse_files(tmp_path, path).frame
    assert (empty.n_rows, empty.names) == (0, tuple(table.column_names))


def test_nested_orc_columns_are_refused_by_name_unless_skipped(tmp_path: Path) -> None:
    path = tmp_path / "nested.orc"
    orc.write_table(pa.table({"x": [1, 2], "nest": [[1], [2, 3]]}), path)
    with pytest.raises(ParseError, match=r"Column 'nest' of nested\.orc"):
        parse_files(tmp_path, path)
    assert parse_files(tmp_path, path, skipped_columns=(1,)).values("x") == [1, 2]


def test_orc_without_pyarrow_says_what_to_install(tmp_path: Path, table: pa.Table, monkeypatch: Any) -> None:
    path = tmp_path / "table.orc"
    orc.write_table(table, path)

    def missing(name: str, package: str | None = None) -> Any:
        raise ImportError(name)

    monkeypatch.setattr(importlib, "import_module", missing)
    with pytest.raises(NotAvailable, match=r"table\.orc needs pyarrow: pip install 'artesian\[orc\]'"):
        parse_files(tmp_path, path)


def test_damaged_avro_files_are_an_error_that_names_them(tmp_path: Path) -> None:
    """Bytes are replaced at random: a table or a sentence, never a crash."""
    path = write_avro(tmp_path, records(), "deflate")
    whole = path.read_bytes()
    refused = 0
    for broken in damaged(whole, copies=60, first=4, changes=4):
        path.write_bytes(broken)
        try:
            parse_files(tmp_path, path)
        except ParseError as error:
            refused += 1
            assert path.name in str(error)
    assert refused > 0


def test_an_avro_block_that_tells_a_wrong_size_is_an_error(tmp_path: Path) -> None:
    path = write_avro(tmp_path, records())
    whole = path.read_bytes()
    mark = whole[-16:]
    first = whole.index(mark) + 16
    path.write_bytes(whole[:first] + b"\xfe\xff\xff\xff\x7f" + whole[first + 1 :])
    with pytest.raises(ParseError, match=r"tells of 17179869230 rows"):
        parse_files(tmp_path, path)


@pytest.mark.parametrize("form", ["avro", "orc"])
def test_a_part_of_a_file_is_an_error(tmp_path: Path, table: pa.Table, form: str) -> None:
    path = tmp_path / "table.orc"
    if form == "avro":
        path = write_avro(tmp_path, records(), "deflate")
    else:
        orc.write_table(table, path, compression="zlib")
    whole = path.read_bytes()
    for share in (0.2, 0.5, 0.8, 0.97):
        path.write_bytes(whole[: int(share * len(whole))])
        with pytest.raises(ParseError, match=path.name.replace(".", r"\.")):
            parse_files(tmp_path, path)


def test_the_default_path_imports_no_pyarrow() -> None:
    import subprocess

    code = "import sys, artesian.frame.parse; sys.exit('pyarrow' in sys.modules or 'fastexcel' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
