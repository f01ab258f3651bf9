"""The design matrix: values against scikit-learn's scalers and one-hot encoder, or by hand."""

from __future__ import annotations

import math

import numpy as np
import polars as pl
import pytest
from sklearn.preprocessing import OneHotEncoder, StandardScaler

from artesian._native import scaled_entries, scaled_rows
from artesian.core.errors import InvalidArgument
from artesian.frame import Column, Frame
from artesian.learn.base.design import Design, DesignOptions, Scaling
from artesian.learn.base.design.categorical import hash_places
from artesian.learn.base.design.encoding import first_component
from artesian.learn.base.design.matrix import Entries
from artesian.learn.base.design.numeric import statistics_of, statistics_of_column

TABLE = Frame.from_mapping(
    {
        "few": Column.enums(pl.Series([0, 1, None, 0, 1, 0]), ["x", "y"]),
        "n": Column.reals(pl.Series([1.0, 2.0, None, 4.0, 9.0, -3.0])),
        "many": Column.enums(pl.Series([0, 1, 2, 2, 1, 1]), ["p", "q", "r"]),
        "m": Column.integers(pl.Series([10, 20, 30, 40, 50, 60])),
    }
)
NAMES = ["few", "n", "many", "m"]


def dense(options=None, frame=TABLE, **learning):
    design = Design.fit(TABLE, NAMES, options or DesignOptions(), **learning)
    return design, design.transform(frame).to_dense()


def test_inputs_are_levels_with_larger_domains_first_then_numbers():
    design, _ = dense()
    assert design.input_names == [
        "many.p", "many.q", "many.r", "many.missing(NA)", "few.x", "few.y", "few.missing(NA)", "n", "m",
    ]  # fmt: skip


def test_one_hot_and_standardised_as_scikit_learn_does():
    _, inputs = dense()
    many = OneHotEncoder(sparse_output=False).fit_transform(TABLE["many"].codes()[:, None])
    assert np.array_equal(inputs[:, :3], many)
    assert not inputs[:, 3].any()
    assert inputs[:, 4:7].tolist() == [[1, 0, 0], [0, 1, 0], [0, 0, 1], [1, 0, 0], [0, 1, 0], [1, 0, 0]]
    raw = np.column_stack([TABLE["n"].floats(), TABLE["m"].floats()])
    scaler = StandardScaler().fit(raw)  # divides by the population's deviation, so the sample's is √(n/(n-1)) larger
    counts = np.array([5, 6])
    expected = scaler.transform(raw) * np.sqrt((counts - 1) / counts)
    expected[2, 0] = 0.0  # missing: the mean
    assert inputs[:, 7:] == pytest.approx(expected, abs=1e-6)


def test_missing_numbers_stay_missing_when_asked():
    _, inputs = dense(DesignOptions(keep_missing=True))
    assert math.isnan(inputs[2, 7])


def test_without_scaling_a_missing_number_becomes_the_mean():
    _, inputs = dense(DesignOptions(scaling=Scaling.NONE))
    assert inputs[:, 7].tolist() == pytest.approx([1, 2, 13 / 5, 4, 9, -3])
    assert inputs[:, 8].tolist() == [10, 20, 30, 40, 50, 60]


def test_normalised_to_a_range_of_one_about_the_mean():
    _, inputs = dense(DesignOptions(scaling=Scaling.NORMALIZE))
    assert inputs[:, 8].tolist() == pytest.approx([(v - 35) / 50 for v in (10, 20, 30, 40, 50, 60)])
    assert np.ptp(inputs[:, 7]) == pytest.approx(1.0)


def test_the_first_level_can_be_left_out():
    design, inputs = dense(DesignOptions(all_levels=False))
    assert design.input_names[:5] == ["many.q", "many.r", "many.missing(NA)", "few.y", "few.missing(NA)"]
    assert inputs[0, :5].tolist() == [0, 0, 0, 0, 0]
    assert inputs[2, :5].tolist() == [0, 1, 0, 0, 1]


def test_weights_count_as_copies_of_rows():
    weights = np.array([1.0, 2, 0, 3, 1, 1])
    design, _ = dense(weights=weights)
    copies = np.repeat([10.0, 20, 30, 40, 50, 60], weights.astype(int))
    position = design.numbers.names.index("m")
    assert design.numbers.means[position] == pytest.approx(copies.mean())
    # five rows of weight above 0: the deviation is that of the copies, with the sample's correction for five rows
    assert 1 / design.numbers.scales[position] == pytest.approx(copies.std() * math.sqrt(5 / 4))


def test_unseen_and_missing_levels_and_absent_columns():
    design, _ = dense()
    other = Frame.from_mapping(
        {"many": Column.enums(pl.Series([0, 1, None]), ["zz", "q"]), "m": Column.integers(pl.Series([35, 35, 35]))}
    )
    inputs = design.transform(other).to_dense()
    assert inputs.tolist() == [
        [0, 0, 0, 1, 0, 0, 1, 0, 0],
        [0, 1, 0, 0, 0, 0, 1, 0, 0],
        [0, 0, 0, 1, 0, 0, 1, 0, 0],
    ]
    assert design.missing_columns(other) == ["few", "n"]


def test_constant_columns_are_shifted_only():
    table = Frame.from_mapping({"k": Column.integers(pl.Series([4, 4, None, 4]))})
    design = Design.fit(table, ["k"], DesignOptions())
    assert design.transform(table).to_dense().ravel().tolist() == [0, 0, 0, 0]
    assert design.numbers.scales.tolist() == [1.0]


def test_a_column_without_values_is_zero():
    table = Frame.from_mapping(
        {"k": Column.integers(pl.Series([None, None], dtype=pl.Int8)), "m": TABLE["m"].slice(0, 2)}
    )
    assert Design.fit(table, ["k", "m"], DesignOptions()).transform(table).to_dense()[:, 0].tolist() == [0, 0]


# ---- mostly zeros ----


def _sparse_table(rows=400, columns=40, share=0.8):
    random = np.random.default_rng(1)
    values = random.integers(1, 256, (rows, columns)).astype(float)
    values[random.random((rows, columns)) < share] = 0
    values[:, 0] = np.arange(rows) + 2000  # a year, say: no zeros
    names = [f"p{i}" for i in range(columns)]
    return Frame(names, [Column.reals(pl.Series(values[:, i])) for i in range(columns)]), values


def test_a_mostly_zero_table_keeps_its_zeros_and_centres_the_other_columns():
    table, values = _sparse_table()
    design = Design.fit(table, table.names, DesignOptions())
    matrix = design.transform(table)
    assert design.in_sparse_part
    assert matrix.dense is None
    inputs = matrix.to_dense()
    assert np.array_equal(inputs[:, 1:] == 0, values[:, 1:] == 0)
    assert inputs[:, 0] == pytest.approx((values[:, 0] - values[:, 0].mean()) / values[:, 0].std(ddof=1), abs=1e-6)
    assert len(matrix.indices) == np.count_nonzero(inputs)
    assert inputs[:, 1:] == pytest.approx(values[:, 1:] * design.numbers.scales[1:], rel=1e-6)


def test_rare_values_of_a_mostly_zero_table_do_not_become_huge():
    table, values = _sparse_table()
    rare = values[:, 1].copy()
    rare[1:] = 0
    rare[0] = 200  # 1/deviation would make it √400 = 20
    table = table.with_column("p1", Column.integers(pl.Series(rare.astype(int))))
    inputs = Design.fit(table, table.names, DesignOptions()).transform(table).to_dense()
    assert inputs[0, 1] == pytest.approx(2.0)
    assert np.abs(inputs[:, 1:]).max() <= 2.0 + 1e-6


def test_small_or_full_tables_are_centred():
    narrow, _ = _sparse_table(columns=31)
    assert not Design.fit(narrow, narrow.names, DesignOptions()).in_sparse_part
    full, _ = _sparse_table(share=0.45)
    assert not Design.fit(full, full.names, DesignOptions()).in_sparse_part


def test_sparse_scales_without_centring_whatever_the_zeros():
    _, inputs = dense(DesignOptions(sparse=True))
    assert inputs[:, 8] == pytest.approx(np.arange(1, 7) * 10 / 30, rel=1e-6)  # the largest, 60, becomes 2


def test_levels_and_zeros_side_by_side_in_the_sparse_part():
    table, values = _sparse_table()
    codes = np.arange(400) % 3
    table = table.with_column("c", Column.enums(pl.Series(codes), ["a", "b", "c"]))
    design = Design.fit(table, table.names, DesignOptions())
    inputs = design.transform(table).to_dense()
    assert np.array_equal(inputs[:, :3], np.eye(3)[codes])
    assert np.array_equal(inputs[:, 5:] == 0, values[:, 1:] == 0)


def test_blocks_of_rows_make_the_same_matrix(monkeypatch):
    table, _ = _sparse_table()
    design = Design.fit(table, table.names, DesignOptions())
    whole = design.transform(table)
    monkeypatch.setattr("artesian.learn.base.design.design._BLOCK_CELLS", 40 * 7)
    parts = design.transform(table)
    assert np.array_equal(parts.indices, whole.indices)
    assert np.array_equal(parts.indptr, whole.indptr)
    assert np.array_equal(parts.values, whole.values)


# ---- encodings ----


def test_binary_encoding_writes_the_level_number_in_bits():
    design, inputs = dense(DesignOptions(encoding="Binary", scaling=Scaling.NONE))
    assert design.input_names == ["n", "m", "few:0", "few:1", "many:0", "many:1"]
    assert inputs[:, 2:4].tolist() == [[1, 0], [0, 1], [0, 0], [1, 0], [0, 1], [1, 0]]
    assert inputs[:, 4:].tolist() == [[1, 0], [0, 1], [1, 1], [1, 1], [0, 1], [0, 1]]


def test_label_encoding_takes_the_level_number():
    design, inputs = dense(DesignOptions(encoding="LabelEncoder", scaling=Scaling.NONE))
    assert design.input_names == ["n", "m", "few", "many"]
    assert inputs[:, 3].tolist() == [0, 1, 2, 2, 1, 1]
    assert inputs[2, 2] == pytest.approx(2 / 5)  # missing: the mean of 0 1 0 1 0


def test_eigen_encoding_is_the_first_component_of_the_one_hot_matrix():
    shares = np.array([0.5, 0.3, 0.15, 0.05])
    values, vectors = np.linalg.eigh(np.diag(shares) - np.outer(shares, shares))
    expected = vectors[:, -1] * np.sign(vectors[0, -1])
    assert values[-1] == max(values)
    assert first_component(shares) == pytest.approx(expected, abs=1e-9)


def test_eigen_encoding_of_equally_frequent_levels_is_an_eigenvector_too():
    shares = np.full(4, 0.25)
    covariance = np.diag(shares) - np.outer(shares, shares)
    scores = first_component(shares)
    assert covariance @ scores == pytest.approx(0.25 * scores)
    assert first_component(np.array([1.0])).tolist() == [0.0]


def test_sort_by_response_orders_levels_by_their_mean():
    design, inputs = dense(DesignOptions(encoding="SortByResponse"), response=np.array([5.0, 1, 9, 9, 2, 3]))
    assert design.input_names[:3] == ["many.q", "many.p", "many.r"]  # means 2, 5, 9
    assert inputs[:, :3].argmax(axis=1).tolist() == [1, 0, 2, 2, 0, 0]


def test_enum_limited_keeps_the_ten_most_frequent_levels():
    codes = np.concatenate([np.repeat(np.arange(12), 3), [4] * 5, [11] * 5])
    table = Frame.from_mapping({"c": Column.enums(pl.Series(codes), [f"l{i:02d}" for i in range(12)])})
    design = Design.fit(table, ["c"], DesignOptions(encoding="EnumLimited"))
    assert design.input_names[-2:] == ["c.top_10_levels.other", "c.top_10_levels.missing(NA)"]
    assert "c.top_10_levels.l11" in design.input_names
    assert "c.top_10_levels.l10" not in design.input_names
    inputs = design.transform(table).to_dense()
    assert inputs[codes == 10, -2].tolist() == [1, 1, 1]


@pytest.mark.parametrize(
    "encoding", ["OneHotInternal", "Binary", "Eigen", "LabelEncoder", "SortByResponse", "EnumLimited"]
)
def test_a_kept_design_is_the_same(encoding):
    design, inputs = dense(DesignOptions(encoding=encoding), response=np.arange(6.0))
    again = Design.from_state(*design.to_state())
    assert np.array_equal(again.transform(TABLE).to_dense(), inputs)
    assert again.input_names == design.input_names


# ---- hashing ----


def test_hashed_levels_share_inputs_and_add_up():
    design, inputs = dense(DesignOptions(max_categorical_inputs=2))
    assert design.input_names == ["hashed_0", "hashed_1", "n", "m"]
    assert (inputs[:, :2].sum(axis=1) == 2).all()  # two categorical columns, one entry each
    places = hash_places(np.arange(7), 2)
    offsets = {"many": 0, "few": 4}
    first_row = np.bincount([places[offsets["many"]], places[offsets["few"]]], minlength=2)
    assert inputs[0, :2].tolist() == first_row.tolist()


def test_hash_spreads_evenly():
    counts = np.bincount(hash_places(np.arange(10_000), 10), minlength=10)
    assert counts.min() > 900
    assert counts.max() < 1100


# ---- pieces ----


def test_entries_side_by_side_keep_rows_and_order():
    left = Entries(np.array([1, 0, 2]), np.array([0, 0, 1], dtype=np.int32))
    right = Entries(np.array([2, 1, 0]), np.array([5, 6, 5], dtype=np.int32), np.array([0.5, 2, 3], dtype=np.float32))
    both = left.beside(right)
    assert both.indptr().tolist() == [0, 3, 4, 6]
    assert both.indices.tolist() == [0, 5, 6, 5, 0, 1]
    assert both.values.tolist() == [1, 0.5, 2, 3, 1, 1]


def test_statistics_leave_out_what_is_not_finite():
    found = statistics_of(np.array([1.0, math.nan, 3.0, math.inf, 0.0]))
    assert (found.mean, found.low, found.high) == (4 / 3, 0.0, 3.0)
    assert found.deviation == pytest.approx(np.std([1, 3, 0], ddof=1))
    assert found.zero_share == pytest.approx(1 / 3)


def test_statistics_of_bytes_are_those_of_numbers():
    random = np.random.default_rng(3)
    for values in (random.integers(0, 256, 500), random.integers(7, 9, 500), np.array([5]), np.array([0, 0])):
        found = statistics_of_column(Column.from_series(pl.Series(values.astype(np.uint8))))
        wanted = statistics_of(values.astype(float))
        assert (found.mean, found.low, found.high, found.zero_share) == (
            pytest.approx(wanted.mean),
            wanted.low,
            wanted.high,
            wanted.zero_share,
        )
        assert found.deviation == pytest.approx(wanted.deviation, abs=1e-12)


DTYPES = [np.uint8, np.int8, np.uint16, np.int16, np.uint32, np.int32, np.uint64, np.int64, np.float32, np.float64]


@pytest.mark.parametrize("rows", [0, 1, 63, 64, 65, 1500])
def test_scaled_rows_and_entries_of_every_dtype(rows):
    random = np.random.default_rng(rows)
    columns = [random.integers(-2 if np.dtype(dtype).kind == "i" else 0, 4, rows).astype(dtype) for dtype in DTYPES]
    if rows > 2:
        columns[8][1], columns[9][2] = np.nan, np.inf
    shifts, scales = random.integers(0, 2, 10).astype(float), random.normal(size=10)
    fillings = np.arange(10, dtype=np.float32)
    block = scaled_rows(columns, shifts, scales, fillings, rows)
    raw = np.column_stack([c.astype(float) for c in columns]) if rows else np.empty((0, 10))
    wanted = np.where(np.isfinite(raw), (raw - shifts) * scales, fillings).astype(np.float32)
    assert np.array_equal(block, wanted)
    counts, indices, values = scaled_entries(columns, shifts, scales, fillings, rows, 5)
    assert np.array_equal(counts, np.count_nonzero(block, axis=1))
    assert np.array_equal(indices - 5, np.nonzero(block)[1])
    assert np.array_equal(values, block[block != 0])


def test_scaled_rows_refuse_what_they_cannot_read():
    one, filling = np.ones(1), np.zeros(1, dtype=np.float32)
    with pytest.raises(ValueError, match="Column 0 must hold integers or floats"):
        scaled_rows([np.array([True])], one, one, filling, 1)
    with pytest.raises(ValueError, match=r"Column 0 must have 2 values\. Got 1"):
        scaled_rows([np.ones(1)], one, one, filling, 2)
    with pytest.raises(ValueError, match="contiguous"):
        scaled_rows([np.ones(4)[::2]], one, one, filling, 2)
    with pytest.raises(ValueError, match="'scales' must have shape"):
        scaled_rows([np.ones(1)], one, np.ones(2), filling, 1)


def test_a_column_of_the_wrong_kind_is_named():
    design, _ = dense()
    with pytest.raises(InvalidArgument, match="'m' is categorical, and was numeric"):
        design.transform(TABLE.with_column("m", TABLE["few"]))
    with pytest.raises(InvalidArgument, match="'n' is of type string"):
        design.transform(TABLE.with_column("n", Column.from_series(pl.Series(["a"] * 6))))
