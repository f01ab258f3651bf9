"""Sparse columns answer as dense ones do, and stay sparse on disk and when rows are chosen."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import polars as pl
import pytest

from artesian.frame import Column, ColumnType, Frame
from artesian.frame.segment import files_of, open_frame, persist
from artesian.frame.sparse import SparseBlock, SparseColumn, joined
from artesian.frame.summary import histogram, percentiles, rollups

ROWS = 200


def sparse_and_dense(columns: int = 30, *, missing: bool = True) -> tuple[Frame, Frame]:
    """The same random table twice; about one value in twenty is not 0, some of those are missing."""
    random = np.random.default_rng(7)
    dense = random.integers(-50, 50, (ROWS, columns)) * (random.random((ROWS, columns)) < 0.05)
    values = dense / np.where(np.arange(columns) % 2, 4.0, 1.0)
    if missing:
        values[random.random(values.shape) < 0.004] = np.nan
    values[:, 5] = 0.0  # a column without entries
    where = [np.flatnonzero(values[:, j] != 0) for j in range(columns)]
    entries = np.concatenate([values[rows, j] for j, rows in enumerate(where)])
    block = SparseBlock(pl.Series(np.concatenate(where).astype(np.uint32)), pl.Series(entries).fill_nan(None))
    made: list[Column] = []
    start = 0
    for j, rows in enumerate(where):
        real = bool(np.any(np.nan_to_num(values[:, j]) % 1))
        kind, dtype = (ColumnType.REAL, pl.Float32) if real else (ColumnType.INT, pl.Int8)
        made.append(SparseColumn(kind, block, start, len(rows), ROWS, dtype))
        start += len(rows)
    names = [f"c{j}" for j in range(columns)]
    plain = [Column(c.type, pl.Series(values[:, j]).fill_nan(None).cast(c.values.dtype)) for j, c in enumerate(made)]
    return Frame(names, made), Frame(names, plain)


def assert_equal(left: Frame, right: Frame, *, sparse: bool = True) -> None:
    assert (left.names, left.n_rows) == (right.names, right.n_rows)
    for one, other in zip(left.columns, right.columns, strict=True):
        assert isinstance(one, SparseColumn) is sparse
        assert one.type is other.type
        assert one.missing_count == other.missing_count
        assert one.values.equals(other.values, check_names=False, check_dtypes=True)


def test_values_are_those_of_the_entries_and_zero_elsewhere() -> None:
    sparse, dense = sparse_and_dense()
    assert_equal(sparse, dense)
    np.testing.assert_array_equal(sparse["c1"].floats(), dense["c1"].floats())
    assert sparse["c1"].decoded().to_list() == dense["c1"].decoded().to_list()
    assert sparse.nbytes < dense.nbytes


@pytest.mark.parametrize(("start", "length"), [(0, ROWS), (3, 50), (150, 500), (ROWS, 5), (17, 0)])
def test_slices(start: int, length: int) -> None:
    sparse, dense = sparse_and_dense()
    assert_equal(sparse.slice(start, length), dense.slice(start, length))
    assert_equal(sparse.slice(2, 190).slice(start, length), dense.slice(2, 190).slice(start, length))


def test_chosen_rows() -> None:
    sparse, dense = sparse_and_dense()
    random = np.random.default_rng(1)
    for mask in (random.random(ROWS) < 0.4, np.zeros(ROWS, bool), np.ones(ROWS, bool)):
        chosen = pl.Series(mask)
        assert_equal(sparse.filter(chosen), dense.filter(chosen))
        assert_equal(sparse.slice(10, 100).filter(chosen[10:110]), dense.slice(10, 100).filter(chosen[10:110]))
        column = sparse["c3"].filter(chosen)
        assert column.values.equals(dense["c3"].values.filter(chosen), check_names=False)
    for rows in (random.permutation(ROWS), random.integers(0, ROWS, 500), np.zeros(0, np.int64)):
        order = pl.Series(rows)
        assert_equal(sparse.gather(order), dense.gather(order))
        assert_equal(sparse.slice(20, 180).gather(order % 180), dense.slice(20, 180).gather(order % 180))


def test_missing_values_of_a_mask_count_as_false() -> None:
    sparse, dense = sparse_and_dense()
    mask = pl.Series([None, True, False, None] * 50)
    assert_equal(sparse.filter(mask), dense.filter(mask))


def test_statistics() -> None:
    sparse, dense = sparse_and_dense()
    for one, other in zip(sparse.columns, dense.columns, strict=True):
        mine, theirs = rollups(one), rollups(other)
        assert mine.mean == pytest.approx(theirs.mean, rel=1e-12, abs=1e-15)
        assert mine.sigma == pytest.approx(theirs.sigma, rel=1e-12)
        for name in ("rows", "missing_count", "zero_count", "mins", "maxs", "is_int"):
            np.testing.assert_equal(getattr(mine, name), getattr(theirs, name))
        np.testing.assert_allclose(percentiles(one) or (), percentiles(other) or (), rtol=1e-12)
        left, right = histogram(one), histogram(other)
        assert left is not None
        assert right is not None
        np.testing.assert_array_equal(left.counts, right.counts)


def test_a_sparse_frame_is_one_file_and_comes_back_from_its_manifest(tmp_path: Path) -> None:
    sparse, dense = sparse_and_dense()
    mapped, manifest = persist(sparse, tmp_path)
    assert len(list(tmp_path.iterdir())) == len(files_of(manifest)) == 1
    assert_equal(mapped, dense)
    opened = open_frame(json.loads(json.dumps(manifest)))
    assert_equal(opened, dense)
    assert persist(opened, tmp_path)[1] == manifest
    assert len(list(tmp_path.iterdir())) == 1


def test_chosen_rows_and_columns_of_a_sparse_frame_are_written_anew(tmp_path: Path) -> None:
    sparse, dense = sparse_and_dense()
    some = ["c3", "c1", "c9"]
    mask = pl.Series(np.arange(ROWS) % 3 == 0)
    left, right = (
        sparse.select(some).slice(5, 100).filter(mask[5:105]),
        dense.select(some).slice(5, 100).filter(mask[5:105]),
    )
    assert_equal(persist(left, tmp_path)[0], right)
    mixed = sparse.with_column("text", Column.from_series(pl.Series(["x"] * ROWS)))
    opened = open_frame(persist(mixed, tmp_path)[1])
    assert_equal(opened.without(["text"]), dense)
    assert opened["text"].values.to_list() == ["x"] * ROWS


def test_columns_without_entries(tmp_path: Path) -> None:
    empty = SparseBlock(pl.Series([], dtype=pl.UInt32), pl.Series([], dtype=pl.Float32))
    frame = Frame(["a", "b"], [SparseColumn(ColumnType.INT, empty, 0, 0, 4, pl.UInt8)] * 2)
    opened = open_frame(persist(frame, tmp_path)[1])
    assert opened["a"].values.to_list() == [0, 0, 0, 0]
    assert opened.filter(pl.Series([True, False, True, False]))["b"].values.to_list() == [0, 0]
    assert opened.gather(pl.Series([3, 3]))["b"].values.to_list() == [0, 0]
    assert rollups(opened["a"]).mean == 0


def test_entries_of_several_blocks_are_joined() -> None:
    sparse, dense = sparse_and_dense()
    other = sparse.gather(pl.Series(range(ROWS)))
    columns = [sparse.columns[1], other.columns[4], sparse.columns[0].slice(0, ROWS)]
    assert all(isinstance(column, SparseColumn) for column in columns)
    block = joined(columns)  # type: ignore[arg-type]
    expected = [dense.columns[i].values for i in (1, 4, 0)]
    assert len(block.rows) == sum(int((values.is_null() | (values != 0)).sum()) for values in expected)
