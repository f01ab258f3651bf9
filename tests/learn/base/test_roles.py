"""Which columns play which role, and the sentences about those that cannot."""

from __future__ import annotations

import polars as pl
import pytest

from artesian.frame import Frame
from artesian.learn.base.details import Category
from artesian.learn.base.roles import find_roles

TABLE = Frame.from_polars(
    pl.DataFrame(
        {
            "x": [1.5, 2.5, None, 4.5],
            "level": pl.Series(["a", "b", "a", None], dtype=pl.Categorical),
            "text": ["p", "q", "r", "s"],
            "same": [7, 7, None, 7],
            "void": pl.Series([None] * 4, dtype=pl.Int32),
            "y": [1, 0, 2, 1],
            "class": pl.Series(["n", "m", "n", "m"], dtype=pl.Categorical),
            "three": pl.Series(["n", "m", "o", "m"], dtype=pl.Categorical),
            "w": [1.0, 2.0, 0.0, 1.0],
        }
    )
)


def roles(supervised=True, **values):
    return find_roles(TABLE, {"response_column": "y", **values}, supervised=supervised)


def errors(found):
    return {problem.field: problem.message for problem in found.problems if problem.severity == "error"}


def test_predictors_are_what_is_left_and_varies():
    found = roles(weights_column="w", ignored_columns=("three",))
    assert found.predictors == ("x", "level", "class")
    warnings = [p.message for p in found.problems if p.severity == "warning"]
    assert warnings == [
        "String columns are not used: text. Make them categorical to use them.",
        "Constant columns are not used: same, void.",
    ]
    assert found.special == ("y", "w")


def test_constant_columns_stay_when_asked():
    assert {"same", "void"} <= set(roles(ignore_const_cols=False).predictors)


@pytest.mark.parametrize(
    ("response", "category"),
    [("y", Category.REGRESSION), ("class", Category.BINOMIAL), ("three", Category.MULTINOMIAL)],
)
def test_the_response_decides_the_category(response, category):
    assert roles(response_column=response).category is category


def test_an_unsupervised_model_has_no_response_and_does_not_learn_from_it():
    found = roles(supervised=False)
    assert found.response is None
    assert found.category is None
    assert "y" not in found.predictors


@pytest.mark.parametrize(
    ("values", "field", "sentence"),
    [
        ({"response_column": "yy"}, "response_column", "The training frame has no column 'yy'. Did you mean 'y'?"),
        ({"response_column": None}, "response_column", "The 'response_column' parameter is required: name the column to predict."),
        ({"response_column": "same"}, "response_column", "The response column 'same' is constant: there is nothing to learn."),
        ({"response_column": "void"}, "response_column", "The response column 'void' has no values."),
        ({"response_column": "text"}, "response_column", "The response column 'text' is of type string. Make it categorical with asfactor(), or numeric."),
        ({"weights_column": "level"}, "weights_column", "The weights column 'level' must be numeric. It is of type enum."),
        ({"weights_column": "x"}, "weights_column", "The weights column 'x' must have no missing values. It has 1 of them."),
        ({"offset_column": "text"}, "offset_column", "The offset column 'text' must be numeric. It is of type string."),
        ({"weights_column": "w", "offset_column": "w"}, "offset_column", "The column 'w' is given as weights_column too; a column can have one role only."),
        ({"fold_column": "x"}, "fold_column", "The fold column 'x' must be categorical or whole numbers, not real."),
        ({"fold_column": "level"}, "fold_column", "The fold column 'level' has 1 missing values; it must have none."),
        ({"ignored_columns": ("nope",)}, "ignored_columns", "The training frame has no column 'nope'."),
    ],
)  # fmt: skip
def test_sentences(values, field, sentence):
    assert errors(roles(**values))[field] == sentence


def test_a_numeric_response_of_two_values_gets_a_hint():
    table = TABLE.with_column("y", TABLE["class"]).with_column(
        "z", Frame.from_polars(pl.DataFrame({"z": [0, 1, 0, 1]}))["z"]
    )
    found = find_roles(table, {"response_column": "z"}, supervised=True)
    assert found.category is Category.REGRESSION
    assert any("asfactor()" in p.message for p in found.problems if p.severity == "warning")


def test_predictors_of_an_earlier_training_are_taken_as_they_are():
    found = find_roles(TABLE, {"response_column": "y"}, supervised=True, predictors=["x", "same", "gone"])
    assert found.predictors == ("x", "same")
    assert not errors(found)
