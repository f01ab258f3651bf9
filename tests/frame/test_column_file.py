"""A column written piece by piece is the column that the pieces make, in a file that any Arrow reader takes."""

import itertools

import numpy as np
import polars as pl
import pyarrow as pa
import pytest

from artesian.core.errors import ArtesianError
from artesian.frame.column_file import write_column

TYPES = [pl.UInt8, pl.Int16, pl.UInt32, pl.Int64, pl.Float32, pl.Float64, pl.String]


def random_values(dtype, rows, missing):
    random = np.random.default_rng(rows)
    values = pl.Series("c0", random.integers(0, 100, rows)).cast(dtype)
    return values.set(pl.Series(random.random(rows) < 0.3), None) if missing and rows else values


def cut(values, places):
    ends = [0, *places, len(values)]
    return [values[start:end] for start, end in itertools.pairwise(ends)]


@pytest.mark.parametrize("missing", [False, True])
@pytest.mark.parametrize("rows", [0, 1, 7, 8, 9, 1000])
@pytest.mark.parametrize("dtype", TYPES)
def test_pieces_make_the_column(tmp_path, dtype, rows, missing):
    values = random_values(dtype, rows, missing)
    mapped, stored = write_column(tmp_path, dtype, rows, cut(values, [rows // 3, rows // 3, rows // 2]))
    assert mapped.equals(values, check_dtypes=True)
    assert pl.read_ipc(stored.path)[stored.field].equals(values, check_dtypes=True)
    with pa.memory_map(stored.path) as file:
        table = pa.ipc.open_file(file).read_all()
    table.validate(full=True)
    assert table[stored.field].null_count == values.null_count()
    assert [path.name for path in tmp_path.iterdir()] == [stored.path.rpartition("/")[2]]


def test_pieces_are_widened(tmp_path):
    pieces = [pl.Series([1, None], dtype=pl.UInt8), pl.Series([0.5], dtype=pl.Float32), pl.Series([2**40])]
    mapped, _ = write_column(tmp_path, pl.Float64, 4, pieces)
    assert mapped.to_list() == [1.0, None, 0.5, 2.0**40]


def test_texts_of_several_bytes_a_character(tmp_path):
    texts = ["", "äöü", None, "日本", "a\nb"]
    mapped, _ = write_column(tmp_path, pl.String, 5, [pl.Series(texts[:2]), pl.Series(texts[2:])])
    assert mapped.to_list() == texts


@pytest.mark.parametrize("rows", [2, 4])
def test_wrong_number_of_rows_is_refused_and_nothing_left(tmp_path, rows):
    with pytest.raises(ArtesianError, match=rf"A column of {rows} rows was given (3|more)\."):
        write_column(tmp_path, pl.UInt8, rows, [pl.Series([1, 2, 3], dtype=pl.UInt8)])
    assert list(tmp_path.iterdir()) == []
