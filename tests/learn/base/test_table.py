from __future__ import annotations

import json
import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from artesian.core.errors import InvalidArgument
from artesian.learn.base.table import Table, TableColumn

TABLE = Table.build(
    "Scores",
    "by round",
    [
        (TableColumn("round", "string"), ["a", "b", None]),
        (TableColumn("rows", "long"), np.array([1, 2, 3], dtype=np.int32)),
        (TableColumn("score", "double", "%.2f", "The Score"), [0.125, math.nan, -math.inf]),
    ],
)


def test_columns_keep_their_values_and_types():
    assert len(TABLE) == 3
    assert TABLE.column_names == ("round", "rows", "score")
    assert TABLE.column("rows") == (1, 2, 3)
    assert all(type(cell) is int for cell in TABLE.column("rows"))
    assert TABLE.column("round") == ("a", "b", None)
    np.testing.assert_array_equal(TABLE.array("score"), [0.125, np.nan, -np.inf])
    assert TABLE.rows()[0] == ("a", 1, 0.125)
    assert TABLE.columns[2].description == "The Score" and TABLE.columns[1].description == "rows"


def test_json_is_strict_and_gives_an_equal_table_back():
    text = json.dumps(TABLE.to_dict(), allow_nan=False)
    assert json.loads(text)["data"][2] == [0.125, "NaN", "-Infinity"]
    assert Table.from_dict(json.loads(text)) == TABLE


def test_repr_shows_header_formatted_cells_and_a_bound_number_of_rows():
    lines = repr(TABLE).splitlines()
    assert lines[0] == "Scores: by round"
    assert lines[1].split() == ["round", "rows", "The", "Score"]
    assert lines[2].split() == ["a", "1", "0.12"]
    assert lines[4].split() == ["3", "-inf"]
    long = Table.build("Long", "", [(TableColumn("n", "int"), range(100))], row_labels=[str(n) for n in range(100)])
    assert repr(long).splitlines()[-1] == "(80 more rows)"


def test_an_integer_format_does_not_hide_the_fraction_of_a_double():
    assert "0.97" in repr(Table.build("t", "", [(TableColumn("auc", "double", "%d"), [0.97])]))


def test_an_empty_table_is_fine():
    empty = Table("none", "", (TableColumn("a"), TableColumn("b", "string")))
    assert len(empty) == 0 and empty.column("a") == ()
    assert Table.from_dict(empty.to_dict()) == empty
    assert "none" in repr(empty)


def test_what_does_not_fit_together_is_refused():
    with pytest.raises(InvalidArgument, match="differ in length"):
        Table.build("t", "", [(TableColumn("a"), [1.0]), (TableColumn("b"), [1.0, 2.0])])
    with pytest.raises(InvalidArgument, match="must be one of"):
        TableColumn("a", "real")  # type: ignore[arg-type]
    with pytest.raises(InvalidArgument, match="Did you mean 'score'"):
        TABLE.column("scor")
    with pytest.raises(InvalidArgument, match="1 rows, but 2 row labels"):
        Table.build("t", "", [(TableColumn("a"), [1.0])], row_labels=["x", "y"])
    with pytest.raises(InvalidArgument, match="1 columns, but data for 2"):
        Table("t", "", (TableColumn("a"),), ((1.0,), (2.0,)))


@given(st.lists(st.tuples(st.one_of(st.none(), st.text()), st.one_of(st.none(), st.floats()), st.integers())))
def test_any_table_survives_json(rows):
    columns = [TableColumn("s", "string"), TableColumn("d"), TableColumn("i", "long")]
    table = Table.build("t", "", [(column, [row[i] for row in rows]) for i, column in enumerate(columns)])
    assert Table.from_dict(json.loads(json.dumps(table.to_dict(), allow_nan=False))) == table
