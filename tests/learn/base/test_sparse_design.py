"""Sparse columns become the same inputs as dense ones of the same values, without being made dense."""

from __future__ import annotations

import numpy as np
import polars as pl
import pytest

from artesian.frame import Column, ColumnType, Frame
from artesian.frame.sparse import SparseBlock, SparseColumn
from artesian.learn.base.design import Design, DesignOptions, Scaling

ROWS, COLUMNS = 150, 60


def tables() -> tuple[Frame, Frame]:
    """The same table with sparse and with dense columns; a category, dense numbers and missing values among them."""
    random = np.random.default_rng(2)
    values = random.normal(size=(ROWS, COLUMNS)) * (random.random((ROWS, COLUMNS)) < 0.06)
    values[random.random(values.shape) < 0.01] = np.nan
    values[:, 7] = 0
    where = [np.flatnonzero(values[:, j] != 0) for j in range(COLUMNS)]
    entries = pl.Series(np.concatenate([values[rows, j] for j, rows in enumerate(where)])).fill_nan(None)
    block = SparseBlock(pl.Series(np.concatenate(where).astype(np.uint32)), entries)
    starts = np.append(0, np.cumsum([len(rows) for rows in where]))
    sparse: dict[str, Column] = {}
    dense: dict[str, Column] = {}
    for j in range(COLUMNS):
        if j in (3, 40):
            full = Column.from_series(pl.Series(random.normal(size=ROWS)))
            word = Column.enum_from_strings(pl.Series(random.choice(["a", "b", "c"], ROWS)))
            sparse |= {f"d{j}": full, f"e{j}": word}
            dense |= {f"d{j}": full, f"e{j}": word}
        count = int(starts[j + 1] - starts[j])
        sparse[f"x{j}"] = SparseColumn(ColumnType.REAL, block, int(starts[j]), count, ROWS, pl.Float64)
        dense[f"x{j}"] = Column(ColumnType.REAL, pl.Series(values[:, j]).fill_nan(None))
    return Frame.from_mapping(sparse), Frame.from_mapping(dense)


@pytest.mark.parametrize("scaling", list(Scaling))
@pytest.mark.parametrize("sparse", [None, True])
@pytest.mark.parametrize("keep_missing", [False, True])
@pytest.mark.parametrize("weighted", [False, True])
def test_inputs_are_those_of_dense_columns(
    scaling: Scaling, sparse: bool | None, keep_missing: bool, weighted: bool
) -> None:
    left, right = tables()
    options = DesignOptions(scaling=scaling, sparse=sparse, keep_missing=keep_missing)
    weights = np.random.default_rng(1).random(ROWS) if weighted else None
    mine = Design.fit(left, left.names, options, weights=weights)
    theirs = Design.fit(right, right.names, options, weights=weights)
    assert mine.in_sparse_part
    assert mine.input_names == theirs.input_names
    a, b = mine.transform(left), theirs.transform(right)
    np.testing.assert_allclose(a.to_dense(), b.to_dense(), rtol=1e-6, atol=1e-7)
    assert a.indptr is not None
    assert b.indptr is not None
    np.testing.assert_array_equal(a.indptr, b.indptr)
    np.testing.assert_array_equal(a.indices, b.indices)
    # a model of one kind of columns scores the other
    np.testing.assert_allclose(theirs.transform(left).to_dense(), b.to_dense(), rtol=1e-6, atol=1e-7)
    rows = pl.Series(np.random.default_rng(3).random(ROWS) < 0.3)
    np.testing.assert_array_equal(mine.transform(left.filter(rows)).to_dense(), a.to_dense()[rows.to_numpy()])


def test_a_few_sparse_columns_become_a_dense_block() -> None:
    left, right = tables()
    names = [f"x{j}" for j in range(5)]
    a = Design.fit(left, names, DesignOptions()).transform(left)
    b = Design.fit(right, names, DesignOptions()).transform(right)
    assert a.indptr is None
    np.testing.assert_allclose(a.to_dense(), b.to_dense(), rtol=1e-6, atol=1e-7)


def test_only_entries_of_sparse_columns_take_room() -> None:
    """Of 62 numbers in a row two are of dense columns, and of the 60 sparse ones at most one in ten is not 0."""
    left, right = tables()
    assert Design.fit(right, right.names, DesignOptions()).cells_per_row(right) >= 62
    assert 2 < Design.fit(left, left.names, DesignOptions()).cells_per_row(left) < 2 + 1 + 6


def test_absent_columns_and_no_rows() -> None:
    left, right = tables()
    design = Design.fit(left, left.names, DesignOptions())
    some = [name for name in left.names if name not in ("x1", "x2", "d3", "e40")]
    np.testing.assert_allclose(
        design.transform(left.select(some)).to_dense(),
        design.transform(right.select(some)).to_dense(),
        rtol=1e-6,
        atol=1e-7,
    )
    assert design.transform(left.slice(0, 0)).to_dense().shape == (0, design.n_inputs)
