"""Mapping Arrow files: what Polars wrote comes back without a copy, and damage is told."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import polars as pl
import pytest

from artesian.core.errors import ParseError
from artesian.frame.arrow_layout import map_file
from artesian.frame.flatbuffer import FlatTable, read_at

TYPES = [pl.UInt8, pl.Int8, pl.UInt16, pl.Int16, pl.UInt32, pl.Int32, pl.UInt64, pl.Int64, pl.Float32, pl.Float64]


def written(folder: Path, table: pl.DataFrame, **options: Any) -> Path:
    path = folder / "file.arrow"
    table.write_ipc(path, compression="uncompressed", compat_level=pl.CompatLevel.oldest(), **options)
    return path


@pytest.mark.parametrize("rows", [0, 1, 7, 1000])
@pytest.mark.parametrize("missing", [False, True])
def test_every_type_comes_back(tmp_path: Path, rows: int, missing: bool) -> None:
    values = [None if missing and i % 3 == 0 else i % 100 for i in range(rows)]
    table = pl.DataFrame([pl.Series(str(dtype), values, dtype=dtype) for dtype in TYPES]).with_columns(
        text=pl.Series([None if value is None else f"é{value}" for value in values], dtype=pl.String)
    )
    found = map_file(written(tmp_path, table))
    assert found.schema == table.schema
    assert found.equals(table)


def test_several_batches_become_chunks(tmp_path: Path) -> None:
    table = pl.DataFrame({"a": range(1000), "s": [f"s{i}" for i in range(1000)]})
    found = map_file(written(tmp_path, table, record_batch_size=300))
    assert found.equals(table)
    assert found["a"].n_chunks() == 4


def test_values_lie_in_the_mapped_file(tmp_path: Path) -> None:
    """Nothing is copied: the values can only come from the pages of the file, so changing it changes them."""
    path = written(tmp_path, pl.DataFrame({"a": pl.Series([17] * 100, dtype=pl.UInt8)}))
    found = map_file(path)
    data = path.read_bytes()
    position = data.index(b"\x11" * 100)
    with path.open("r+b") as file:
        file.seek(position)
        file.write(b"\x12" * 100)
    assert found["a"].to_list() == [18] * 100


@pytest.mark.parametrize("cut", [1, 5, 20, 200])
def test_a_file_that_is_cut_short_is_damaged(tmp_path: Path, cut: int) -> None:
    path = written(tmp_path, pl.DataFrame({"a": range(100)}))
    path.write_bytes(path.read_bytes()[:-cut])
    with pytest.raises((ParseError, pl.exceptions.PolarsError)):
        map_file(path)


def test_fields_of_a_flatbuffer_by_hand() -> None:
    """A table at 16 whose description at 4 says: field 0 at +4 (a byte), field 1 absent, field 2 at +8 (eight bytes)."""
    data = bytearray(64)
    data[4:6] = (10).to_bytes(2, "little")  # size of the description: two sizes and three fields
    data[6:8] = (16).to_bytes(2, "little")
    data[8:10] = (4).to_bytes(2, "little")
    data[10:12] = (0).to_bytes(2, "little")
    data[12:14] = (8).to_bytes(2, "little")
    data[16:20] = (12).to_bytes(4, "little", signed=True)  # from the table back to its description
    data[20] = 7
    data[24:32] = (2**40).to_bytes(8, "little")
    table = FlatTable(memoryview(bytes(data)), 16)
    assert (table.byte(0), table.long(1), table.long(2), table.long(3)) == (7, 0, 2**40, 0)
    assert table.slot(1) is None
    assert table.vector(1) == (0, 0)
    with pytest.raises(ParseError, match="lacks a part"):
        table.table(1)
    with pytest.raises(IndexError):
        read_at("<i", table.data, -4)
