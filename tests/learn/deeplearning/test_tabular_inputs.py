"""How columns become the inputs of tabular networks."""

from __future__ import annotations

import numpy as np
import pytest
from frames import frame_of

from artesian.core.errors import InvalidArgument
from artesian.learn.deeplearning.tabular.inputs import TabularInputs


def fitted(frame, names=None):
    return TabularInputs.fit(frame, names or frame.names, np.arange(frame.n_rows))


def bent(x):
    return x / np.sqrt(1 + (np.asarray(x) / 3) ** 2)


def test_numbers_are_centred_on_the_median_and_divided_by_the_quartiles_distance():
    # 0 … 4: median 2, quartiles 1 and 3
    frame = frame_of(a=[0.0, 1.0, 2.0, 3.0, 4.0])
    inputs = fitted(frame).transform(frame)
    np.testing.assert_allclose(inputs.numbers[:, 0], bent([-1, -0.5, 0, 0.5, 1]), rtol=1e-6)
    assert inputs.plain.shape == (5, 0)


def test_outliers_are_bent_below_three():
    frame = frame_of(a=[0.0, 1.0, 2.0, 3.0, 4.0])
    far = fitted(frame).transform(frame_of(a=[1e6, -1e300, 12.0])).numbers[:, 0]
    np.testing.assert_allclose(far, [3.0, -3.0, bent(5.0)], rtol=1e-5)


def test_half_the_range_stands_in_where_the_quartiles_coincide():
    frame = frame_of(a=[0.0] * 9 + [8.0])  # range 8
    np.testing.assert_allclose(fitted(frame).transform(frame).numbers[-1, 0], bent(8 / 4), rtol=1e-6)


def test_missing_numbers_are_the_median_with_a_mark():
    frame = frame_of(a=[0.0, 1.0, None, 3.0, 4.0], b=[1.0, 2.0, 3.0, 4.0, 5.0])
    columns = fitted(frame)
    inputs = columns.transform(frame)
    np.testing.assert_array_equal(inputs.plain[:, 0], [0, 0, 1, 0, 0])
    assert inputs.numbers[2, 0] == 0.0
    # b missed nothing in training: there is no mark to learn from, and a value that is missing later is the median
    later = columns.transform(frame_of(a=[2.0], b=[None]))
    assert later.plain.tolist() == [[0.0]]
    assert later.numbers[0, 1] == 0.0


def test_infinite_numbers_count_as_missing():
    frame = frame_of(a=[0.0, 1.0, float("inf"), 3.0, 4.0])
    inputs = fitted(frame).transform(frame)
    assert inputs.plain[:, 0].tolist() == [0, 0, 1, 0, 0]


def test_two_levels_are_one_input_and_few_levels_one_each():
    frame = frame_of(two=["n", "y", "n", "y"], three=["a", "b", "c", "a"])
    columns = fitted(frame)
    inputs = columns.transform(frame)
    assert inputs.plain.tolist() == [[-1, 1, 0, 0], [1, 0, 1, 0], [-1, 0, 0, 1], [1, 1, 0, 0]]
    assert columns.sources(4, 8) == ["two", "three", "three", "three"]
    unseen = columns.transform(frame_of(two=["x", "y"], three=["q", "c"]))
    assert unseen.plain.tolist() == [[0, 0, 0, 0], [1, 0, 0, 1]]


def test_a_missing_level_has_an_input_of_its_own():
    frame = frame_of(c=["a", "b", None, "a"])
    columns = fitted(frame)
    assert columns.transform(frame).plain.tolist() == [[-1, 0], [1, 0], [0, 1], [-1, 0]]
    assert columns.transform(frame_of(c=["z", None])).plain.tolist() == [[0, 0], [0, 1]]


def test_many_levels_are_embedded_and_single_ones_share_the_vector_of_unseen_ones():
    levels = [f"l{i}" for i in range(12)]
    frame = frame_of(c=levels * 2 + ["once", None])
    columns = fitted(frame)
    inputs = columns.transform(frame)
    assert columns.cards == [13]
    assert [columns.embedded[0].levels[code - 1] for code in inputs.codes[:24, 0]] == levels * 2
    assert inputs.codes[24:, 0].tolist() == [0, 0]
    assert columns.transform(frame_of(c=["new", "l3"])).codes[:, 0].tolist() == [
        0,
        columns.embedded[0].levels.index("l3") + 1,
    ]


def test_levels_of_rows_that_are_not_learnt_from_are_unseen():
    frame = frame_of(c=["a", "b", "c", "c"])
    columns = TabularInputs.fit(frame, ["c"], np.array([0, 1, 0]))
    assert columns.transform(frame).plain.tolist() == [[-1], [1], [0], [0]]


def test_columns_that_say_nothing_have_no_input():
    frame = frame_of(a=[1.0, 1.0, 1.0], b=["x", "x", "x"], c=[None, None, None], d=[1.0, 2.0, 3.0])
    columns = fitted(frame)
    assert columns.sources(1, 8) == ["d"]
    assert columns.predictors == ("a", "b", "c", "d")


def test_absent_columns_count_as_missing_but_not_all_may_be_absent():
    frame = frame_of(a=[0.0, 1.0, 2.0], b=["x", "y", "z"])
    columns = fitted(frame)
    inputs = columns.transform(frame_of(a=[1.0]))
    assert inputs.plain.tolist() == [[0, 0, 0]]
    assert columns.missing_columns(frame_of(a=[1.0])) == ["b"]
    with pytest.raises(InvalidArgument, match="none of the columns"):
        columns.transform(frame_of(q=[1.0]))


def test_a_column_of_another_kind_is_refused():
    columns = fitted(frame_of(a=[0.0, 1.0, 2.0]))
    with pytest.raises(InvalidArgument, match="'a' is of type enum, and was numeric"):
        columns.transform(frame_of(a=["x", "y"]))


def test_state_makes_an_equal_object():
    frame = frame_of(a=[0.0, 1.5, None, 3.0] * 6, b=["x", "y", None, "z"] * 6, c=[f"l{i % 12}" for i in range(24)])
    columns = fitted(frame)
    assert TabularInputs.from_state(columns.to_state()) == columns
