"""The encoding of a frame's columns in front of an algorithm. Expected columns are worked out by hand."""

from __future__ import annotations

import json

import numpy as np
import polars as pl
import pytest

from artesian.core.errors import InvalidArgument
from artesian.frame import Column, Frame
from artesian.learn.base.encoding_step import EncodingStep
from artesian.learn.base.model_parameters import ENCODINGS

RESPONSE = np.array([3.0, 1.0, 2.0, 2.0, np.nan])


def frame(levels=("u", "v", "w")):
    return Frame.from_mapping(
        {
            "a": Column.reals(pl.Series([1.5, 2.0, 3.0, 4.0, 5.0])),
            "c": Column.enums(pl.Series([0, 2, None, 1, 0]), list(levels)),
            "id": Column.integers(pl.Series([1, 2, 3, 4, 5])),
        }
    )


def encoded(encoding, of=None, **more):
    step = EncodingStep.fit(frame(), ["a", "c"], encoding, response=RESPONSE, **more)
    return step, step.apply(of or frame()).to_polars()


@pytest.mark.parametrize(
    ("encoding", "columns"),
    [
        ("AUTO", {"c": ["u", "w", None, "v", "u"]}),
        ("Enum", {"c": ["u", "w", None, "v", "u"]}),
        ("OneHotInternal", {"c": ["u", "w", None, "v", "u"]}),
        (
            "OneHotExplicit",
            {
                "c.u": [1, 0, 0, 0, 1],
                "c.v": [0, 0, 0, 1, 0],
                "c.w": [0, 1, 0, 0, 0],
                "c.missing(NA)": [0, 0, 1, 0, 0],
            },
        ),
        ("Binary", {"c:0": [1, 1, 0, 0, 1], "c:1": [0, 1, 0, 1, 0]}),  # u, v, w are 1, 2, 3
        ("LabelEncoder", {"c": [0, 2, None, 1, 0]}),
        ("EnumLimited", {"c": ["u", "w", None, "v", "u"]}),  # no more than ten levels: nothing to do
    ],
)
def test_what_becomes_of_a_categorical_column(encoding, columns):
    step, table = encoded(encoding)
    assert step.predictors == ("a", *columns)
    assert {name: table[name].to_list() for name in columns} == columns
    assert table["id"].to_list() == [1, 2, 3, 4, 5], "columns that are no predictors stay"
    assert [name for name, _, _ in step.inputs] == list(step.predictors)


def test_levels_are_sorted_by_their_mean_response():
    step, table = encoded("SortByResponse")
    # means: u 3 (its second row has no response), v 2, w 1
    assert step.inputs[1] == ("c", "Enum", ["w", "v", "u"])
    assert table["c"].to_list() == ["u", "w", None, "v", "u"]


def test_eigen_is_the_first_principal_component_of_the_one_hot_matrix():
    random = np.random.default_rng(1)
    codes = random.choice(4, size=500, p=[0.5, 0.3, 0.15, 0.05])
    table = Frame.from_mapping({"c": Column.enums(pl.Series(codes), list("abcd"))})
    step = EncodingStep.fit(table, ["c"], "Eigen")
    scores = step.apply(table).to_polars()["c.Eigen"].to_numpy()
    one_hot = np.eye(4)[codes]
    vector = np.linalg.svd(one_hot - one_hot.mean(axis=0), full_matrices=False)[2][0]
    vector = vector if vector[0] > 0 else -vector
    assert scores == pytest.approx(vector[codes], abs=1e-9)


def test_rare_levels_become_one():
    codes = np.repeat(np.arange(12), np.arange(12, 0, -1))
    table = Frame.from_mapping({"c": Column.enums(pl.Series(codes), [f"l{i:02}" for i in range(12)])})
    step = EncodingStep.fit(table, ["c"], "EnumLimited")
    assert step.predictors == ("c.top_10_levels",)
    assert step.inputs[0][2] == [*(f"l{i:02}" for i in range(10)), "other"]
    counts = step.apply(table).to_polars()["c.top_10_levels"].value_counts()
    assert dict(counts.iter_rows())["other"] == 2 + 1


@pytest.mark.parametrize("encoding", ENCODINGS)
def test_unseen_levels_and_absent_columns_count_as_missing(encoding):
    step, _ = encoded(encoding)
    if encoding in ("AUTO", "Enum", "OneHotInternal", "EnumLimited"):
        assert step.apply(frame()) is not None
        return  # the column stays as it is: its levels are the algorithm's affair
    unseen = frame().with_column("c", Column.enums(pl.Series([0] * 5), ["new"]))
    missing = frame().with_column("c", Column.enums(pl.Series([None] * 5, dtype=pl.UInt8), ["u", "v", "w"]))
    expected = step.apply(missing).to_polars()
    assert step.apply(unseen).to_polars().equals(expected)
    assert step.apply(frame().without(["c"])).to_polars().equals(expected)


@pytest.mark.parametrize("encoding", ENCODINGS)
def test_levels_in_another_order_mean_the_same_and_the_state_is_complete(encoding):
    step, table = encoded(encoding)
    turned = frame().with_column("c", Column.enums(pl.Series([2, 0, None, 1, 2]), ["w", "v", "u"]))
    assert step.apply(turned).to_polars().equals(table)
    state, arrays = step.to_state()
    again = EncodingStep.from_state(json.loads(json.dumps(state)), arrays)
    assert again.apply(frame()).to_polars().equals(table)
    assert again.inputs == step.inputs


def test_rows_without_weight_do_not_count():
    weights = np.array([1.0, 1.0, 1.0, 1.0, 0.0])
    step = EncodingStep.fit(
        frame(), ["a", "c"], "SortByResponse", response=np.array([3.0, 1, 2, 2, -100]), weights=weights
    )
    assert step.inputs[1][2] == ["w", "v", "u"]


def test_numbers_in_place_of_levels_are_refused():
    step, _ = encoded("Binary")
    with pytest.raises(InvalidArgument, match="'c' is of type int, and was categorical"):
        step.apply(frame().with_column("c", Column.integers(pl.Series([1, 2, 3, 4, 5]))))
