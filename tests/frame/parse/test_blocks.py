"""Cutting text into blocks: wherever a block ends, the records are the same."""

from __future__ import annotations

import csv
import io

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from artesian.core.settings import Settings
from artesian.frame.io.decompress import ByteStream
from artesian.frame.parse.delimited import DelimitedReader
from artesian.frame.parse.setup import ParseSetup

FIELDS = st.text(alphabet='ab ,"\n\r;é\t#', max_size=6)


def records_of(text: bytes, columns: int, *, block_bytes: int, separator: str = ",") -> list[tuple[str | None, ...]]:
    """The records as texts, read in blocks of about that size."""
    setup = ParseSetup(separator=separator, number_columns=columns, column_types=("String",) * columns)
    reader = DelimitedReader(setup, Settings(), block_bytes=block_bytes)
    stream = ByteStream(io.BytesIO(text), "text")
    tables = [table.data for table in reader.read(stream, skip_header=False)]
    return pl.concat(tables).rows() if tables else []


@settings(deadline=None)
@given(st.lists(st.tuples(FIELDS, FIELDS, FIELDS), max_size=12), st.integers(1, 60))
def test_quoted_text_comes_back_whatever_the_size_of_blocks(rows: list[tuple[str, str, str]], size: int) -> None:
    """Written by Python's csv module with all fields quoted; read back field by field (an empty one may be missing)."""
    file = io.StringIO()
    csv.writer(file, quoting=csv.QUOTE_ALL, lineterminator="\n").writerows(rows)
    assert records_of(file.getvalue().encode(), 3, block_bytes=size) == rows


@settings(deadline=None)
@given(
    st.lists(st.lists(st.integers(-1000, 1000), min_size=2, max_size=2), min_size=1, max_size=30), st.integers(1, 40)
)
def test_numbers_come_back_whatever_the_size_of_blocks(rows: list[list[int]], size: int) -> None:
    text = "".join(",".join(str(value) for value in row) + "\n" for row in rows)
    setup = ParseSetup(number_columns=2, column_types=("Numeric", "Numeric"))
    reader = DelimitedReader(setup, Settings(), block_bytes=size)
    tables = [t.data for t in reader.read(ByteStream(io.BytesIO(text.encode()), "text"), skip_header=False)]
    values = [[int(value) for value in row] for table in tables for row in table.rows()]
    assert values == rows


@pytest.mark.parametrize("size", [1, 3, 7, 20, 1000])
@pytest.mark.parametrize("ending", ["\n", "\r\n", "\r"])
@pytest.mark.parametrize("last", [True, False])
def test_ends_of_lines(size: int, ending: str, last: bool) -> None:
    text = ending.join(["1,x", "2,y", "", "3,z"]) + (ending if last else "")
    assert records_of(text.encode(), 2, block_bytes=size) == [("1", "x"), ("2", "y"), ("3", "z")]


@pytest.mark.parametrize("size", [1, 5, 11, 1000])
def test_the_careful_way_starts_in_any_block(size: int) -> None:
    text = '1,x\n2,"y, y"\n3,5" z\n4,"w\nw"\n5,v\n'
    expected = [("1", "x"), ("2", "y, y"), ("3", '5" z'), ("4", "w\nw"), ("5", "v")]
    assert records_of(text.encode(), 2, block_bytes=size) == expected


def test_one_stray_quote_in_many_blocks_does_not_stop_reading() -> None:
    rows = [(str(i), f"some text {i}") for i in range(20_000)]
    rows[15_000] = ("15000", '5" pipe')
    text = "".join(f"{a},{b}\n" for a, b in rows)
    assert records_of(text.encode(), 2, block_bytes=10_000) == rows


def test_both_ways_agree() -> None:
    """The same rows, once with a stray quote behind them that sends the block the careful way."""
    rows = [("1", "a b"), ("2", "c,d"), ("3", 'e"f'), ("4", "g\nh"), ("5", "i")]
    file = io.StringIO()
    csv.writer(file, lineterminator="\n").writerows(rows)
    plain = records_of(file.getvalue().encode(), 2, block_bytes=1 << 20)
    stray = records_of((file.getvalue() + '6,x"y\n').encode(), 2, block_bytes=1 << 20)
    assert plain == rows
    assert stray == [*rows, ("6", 'x"y')]
