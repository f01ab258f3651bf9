"""Python tables to Polars and back, as Arrow and as CSV."""

from __future__ import annotations

import datetime
import decimal
import io
import subprocess
import sys

import numpy as np
import pandas as pd
import polars as pl
import pytest

from artesian.client import transfer
from artesian.client.exceptions import H2OTypeError, H2OValueError


def test_a_dict_is_columns_filled_up_to_the_longest() -> None:
    frame = transfer.to_polars({"a": [1, 2, 3], "b": ["x"], "c": 1.5})
    assert frame.to_dict(as_series=False) == {"a": [1, 2, 3], "b": ["x", None, None], "c": [1.5, None, None]}


def test_a_dict_of_columns_keeps_their_types() -> None:
    levels = pd.Series(pd.Categorical(["u"], categories=["v", "u"]))
    frame = transfer.to_polars({"n": np.array([1, 2], dtype="int16"), "p": levels, "q": pl.Series([True, None])})
    assert frame.rows() == [(1, "u", "True"), (2, None, None)]
    assert frame["p"].dtype == pl.Enum(["v", "u"])
    assert frame["n"].dtype.is_integer()


def test_a_list_of_lists_is_rows_and_a_flat_list_one_column() -> None:
    assert transfer.to_polars([[1, "a"], [2, "b"]]).to_dict(as_series=False) == {"C1": [1, 2], "C2": ["a", "b"]}
    assert transfer.to_polars((1, 2, 3)).to_dict(as_series=False) == {"C1": [1, 2, 3]}
    named = transfer.to_polars([["n", "s"], [1, "a"], [2]], header=1)
    assert named.to_dict(as_series=False) == {"n": [1, 2], "s": ["a", None]}


def test_arrays() -> None:
    assert transfer.to_polars(np.arange(6).reshape(3, 2)).to_dict(as_series=False) == {"C1": [0, 2, 4], "C2": [1, 3, 5]}
    assert transfer.to_polars(np.array([1.5, np.nan])).to_dict(as_series=False) == {"C1": [1.5, None]}
    assert transfer.to_polars(np.array(["a", "b"])).schema == {"C1": pl.String}
    structured = np.array([(1, 2.5)], dtype=[("i", "i4"), ("f", "f8")])
    assert transfer.to_polars(structured).to_dict(as_series=False) == {"i": [1], "f": [2.5]}


def test_missing_values_of_every_kind() -> None:
    frame = transfer.to_polars({"a": [1, None, pd.NA], "b": [1.5, float("nan"), None], "c": [pd.NaT, None, "x"]})
    assert frame["a"].to_list() == [1, None, None]
    assert frame["b"].to_list() == [1.5, None, None]
    assert frame["c"].to_list() == [None, None, "x"]


def test_mixtures_become_text_and_huge_integers_floats() -> None:
    frame = transfer.to_polars({"m": [1, "a", None], "h": [2**70, 1, 2], "d": [decimal.Decimal("1.5"), 2, 3]})
    assert frame["m"].to_list() == ["1", "a", None]
    assert frame["h"].to_list() == [float(2**70), 1.0, 2.0]
    assert frame["d"].to_list() == [1.5, 2.0, 3.0]


def test_booleans_are_the_levels_false_and_true() -> None:
    frame = transfer.to_polars({"b": [True, None, False]})
    assert frame["b"].dtype == pl.Enum(["False", "True"])
    assert frame["b"].to_list() == ["True", None, "False"]


def test_dates_and_times_become_milliseconds() -> None:
    zoned = datetime.datetime(2020, 1, 1, 1, tzinfo=datetime.timezone(datetime.timedelta(hours=1)))
    frame = transfer.to_polars(
        pl.DataFrame({"d": [datetime.date(2020, 1, 1)], "t": [datetime.datetime(2020, 1, 1)], "z": [zoned]})
    )
    assert frame.schema == {name: pl.Datetime("ms") for name in "dtz"}
    assert [column.to_physical().to_list() for column in frame] == [[1577836800000]] * 3


def pandas_frame() -> pd.DataFrame:
    return pd.DataFrame(
        {
            "i": [1, 2, 3],
            "f": [1.5, np.nan, 3.0],
            "s": ["x", None, "z"],
            "c": pd.Categorical(["u", None, "v"], categories=["v", "u", "w"]),
            "t": pd.to_datetime(["2020-01-01", None, "2021-01-01"]),
            "z": pd.to_datetime(["2020-01-01 01:00", None, "2021-01-01 01:00"]).tz_localize("Europe/Berlin"),
            "n": pd.array([1, None, 3], dtype="Int64"),
            "b": [True, False, True],
            "nb": pd.array([True, None, False], dtype="boolean"),
        }
    )


def test_pandas_keeps_its_types() -> None:
    frame = transfer.to_polars(pandas_frame())
    assert frame["i"].to_list() == [1, 2, 3]
    assert frame["f"].to_list() == [1.5, None, 3.0]
    assert frame["s"].to_list() == ["x", None, "z"]
    assert frame["c"].to_list() == ["u", None, "v"]
    assert frame["c"].dtype == pl.Enum(["v", "u", "w"])
    assert frame["t"].to_physical().to_list() == [1577836800000, None, 1609459200000]
    assert frame["z"].to_physical().to_list() == [1577836800000, None, 1609459200000]
    assert frame["n"].to_list() == [1, None, 3]
    assert frame["b"].to_list() == ["True", "False", "True"]
    assert frame["nb"].to_list() == ["True", None, "False"]


def test_pandas_is_read_and_made_without_pyarrow() -> None:
    code = """
import sys
sys.modules["pyarrow"] = None  # any import of it fails
import pandas as pd
from artesian.client import transfer
made = pd.DataFrame({"s": ["x", None], "c": pd.Categorical(["u", "v"]), "f": [1.5, None], "t": pd.to_datetime(["2020-01-01", None])})
back = transfer.to_pandas(transfer.from_arrow(transfer.to_arrow(transfer.to_polars(made))))
assert list(back["c"]) == ["u", "v"] and back["c"].dtype.name == "category", back
assert back["s"].isna().tolist() == [False, True], back
assert back["t"].dtype.kind == "M" and back["f"].dtype == "float64", back
"""
    subprocess.run([sys.executable, "-c", code], check=True)


def test_arrow_tables_and_series_and_sparse_matrices() -> None:
    import pyarrow as pa
    import scipy.sparse as sp

    assert transfer.to_polars(pa.table({"a": [1, 2]})).to_dict(as_series=False) == {"a": [1, 2]}
    assert transfer.to_polars(pl.Series("q", [1, 2])).columns == ["q"]
    assert transfer.to_polars(pd.Series([1, 2], name="p")).columns == ["p"]
    assert transfer.to_polars(sp.eye(2).tocsr()).to_dict(as_series=False) == {"C1": [1.0, 0.0], "C2": [0.0, 1.0]}


def test_what_no_frame_can_hold_is_refused_by_column() -> None:
    with pytest.raises(H2OValueError, match="column 'a' holds lists"):
        transfer.to_polars({"a": [[1], [2]]})
    with pytest.raises(H2OValueError, match="all of its elements are rows"):
        transfer.to_polars([[1], 2])
    with pytest.raises(H2OTypeError, match="column 'l' holds values of type List"):
        transfer.to_polars(pl.DataFrame({"l": [[1], [2]]}))
    with pytest.raises(H2OTypeError, match=r"Got a builtins\.int"):
        transfer.to_polars(3)
    with pytest.raises(H2OValueError, match="one or two dimensions"):
        transfer.to_polars(np.zeros((2, 2, 2)))
    with pytest.raises(H2OValueError, match="no column"):
        transfer.to_polars({})


def test_the_meaning_of_texts_is_guessed() -> None:
    frame = pl.DataFrame(
        {
            "number": ["1", "-2.5e3", " .5 "],
            "time": ["2020-01-01", "2020-01-01 10:00", "2020-01-01T10:00:00.5"],
            "level": ["x", "y", "x"],
            "text": ["x", "y", "z"],
            "uuid": ["e3c1b7a6-6e0b-4bb5-8b52-6a0c5d2b6e0f"] * 3,
            "mixed": ["1", "2", "x"],
            "nothing": pl.Series([None, None, None], dtype=pl.String),
        }
    )
    assert transfer.types_of_texts(frame) == {
        "number": "numeric",
        "time": "time",
        "level": "enum",
        "text": "string",
        "uuid": "uuid",
        "mixed": "string",  # three different values of three
        "nothing": "string",
    }


def test_texts_that_stand_for_no_value_do_not_count_in_the_guess() -> None:
    frame = pl.DataFrame({"n": [1, 2], "a": ["1", "gone"], "b": ["1", "gone"]})
    assert transfer.types_of_texts(frame, [[], ["gone", "lost"], []]) == {"a": "numeric", "b": "string"}


def test_a_csv_keeps_missing_apart_and_is_read_back_by_type() -> None:
    frame = transfer.to_polars(
        {
            "i": [1, None],
            "r": [0.1, 2.0],
            "e": [True, None],
            "s": ['a"b,c\nd', None],
            "t": [datetime.datetime(2020, 1, 1), None],
        }
    )
    text = transfer.to_csv(frame)
    assert text.splitlines()[0] == b'"i","r","e","s","t"'
    assert b"\n,2.0,,,\n" in text
    times = text.replace(b'"2020-01-01 00:00:00.000"', b"1577836800000")  # H2O writes times as numbers
    back = transfer.from_csv(times, ["int", "real", "enum", "string", "time"])
    assert back["i"].to_list() == [1, None]
    assert back["r"].to_list() == [0.1, 2.0]
    assert back["e"].to_list() == ["True", None]
    assert back["s"].to_list() == ['a"b,c\nd', None]
    assert back["t"].to_list() == [datetime.datetime(2020, 1, 1), None]


def test_an_empty_csv_keeps_its_columns() -> None:
    assert transfer.from_csv(b'"a","b"\n', ["int", "enum"]).shape == (0, 2)


def test_numbers_come_back_as_wide_as_python_expects() -> None:
    narrow = pl.DataFrame({"a": pl.Series([200, 255], dtype=pl.UInt8), "b": pl.Series([1.5, 2.0], dtype=pl.Float32)})
    back = transfer.from_arrow(transfer.to_arrow(narrow))
    assert back.schema == {"a": pl.Int64, "b": pl.Float64}


def test_rows_of_texts_as_a_csv_reads() -> None:
    frame = pl.DataFrame({"a": [1, None], "t": pl.Series([1577836800000, None]).cast(pl.Datetime("ms"))})
    assert transfer.to_rows(frame) == [["1", "1577836800000"], ["", ""]]


def test_pandas_as_read_from_a_csv() -> None:
    """The CSV is what H2O writes of these columns; pandas reads it for comparison."""
    frame = pl.DataFrame(
        {
            "int": [1, 2, 3],
            "gap": [1, None, 3],
            "whole": [1.0, 2.0, 3.0],
            "huge": [1e20, 1.0, 2.0],
            "level": pl.Series(["a", None, "b"], dtype=pl.Enum(["b", "a", "unused"])),
            "digit": pl.Series(["1", "0", "1"], dtype=pl.Enum(["0", "1", "x"])),
            "digit_gap": pl.Series(["1", None, "1"], dtype=pl.Enum(["0", "1", "x"])),
            "flag": pl.Series(["True", "False", "True"], dtype=pl.Enum(["False", "True"])),
            "flag_gap": pl.Series(["True", None, "False"], dtype=pl.Enum(["False", "True"])),
            "word": ["x", "NA", "z"],
            "number": ["1", "2", "3"],
            "mixed": ["1", None, "x"],
            "time": pl.Series([1577836800000, None, 2]).cast(pl.Datetime("ms")),
            "nothing": pl.Series([None, None, None], dtype=pl.String),
            "quoted": ['a"b', "c,d", ""],
        }
    )
    csv = (
        ",".join(frame.columns) + "\n"
        '1,1,1,1.0E20,"a","1","1","True","True","x","1","1",1577836800000,,"a""b"\n'
        '2,,2,1.0,,"0",,"False",,"NA","2",,,,"c,d"\n'
        '3,3,3,2.0,"b","1","1","True","False","z","3","x",2,,""\n'
    )
    read = pd.read_csv(io.StringIO(csv), low_memory=False, skip_blank_lines=False)
    pd.testing.assert_frame_equal(transfer.to_pandas_as_csv(frame), read)
    empty = pd.read_csv(io.StringIO(csv.splitlines()[0]))
    pd.testing.assert_frame_equal(transfer.to_pandas_as_csv(frame.clear()), empty)


def test_a_text_behind_many_numbers_keeps_the_column_one_of_texts() -> None:
    texts = [str(number) for number in range(2000)]
    numbers = transfer.to_pandas_as_csv(pl.DataFrame({"s": texts}))["s"]
    assert (numbers.dtype, numbers.iloc[-1]) == ("int64", 1999)
    assert transfer.to_pandas_as_csv(pl.DataFrame({"s": [*texts, "x"]}))["s"].tolist()[-2:] == ["1999", "x"]


def test_whole_reals_read_as_integers_in_rows() -> None:
    assert transfer.to_rows(pl.DataFrame({"a": [1.0, None], "b": [1.5, 2.0]})) == [["1", "1.5"], ["", "2.0"]]


def test_names_of_columns_are_different_and_never_empty() -> None:
    assert transfer.to_polars(pd.DataFrame([[1, 2]], columns=["a", ""])).columns == ["a", "C2"]
    for table in (pd.DataFrame([[1, 2]], columns=["a", "a"]), pd.DataFrame([[1, 2]], columns=[1, "1"])):
        with pytest.raises(H2OValueError, match=r"Two columns are called '[a1]'"):
            transfer.to_polars(table)
    with pytest.raises(H2OValueError, match="Two columns are called 'x'"):
        transfer.to_polars([["x", "x"], [1, 2]], header=1)


def test_matrices_and_half_precision() -> None:
    assert transfer.to_polars(np.matrix([[1, 2], [3, 4]])).rows() == [(1, 2), (3, 4)]
    half = transfer.to_polars(pd.DataFrame({"h": np.array([1.5, np.nan], dtype="float16")}))
    assert (half["h"].dtype, half["h"].to_list()) == (pl.Float32, [1.5, None])


def test_an_empty_text_is_a_value_of_strings_alone() -> None:
    frame = pl.DataFrame(
        {
            "level": ["a", "", "a", None, "b", "a"],
            "text": ["a", "", "b", "c", "d", "e"],
            "n": ["1", "", "2", "3", "4", "5"],
        }
    )
    types = transfer.types_of_texts(frame)
    assert types == {"level": "enum", "text": "string", "n": "numeric"}
    sent = transfer.without_empty_levels(frame, types)
    assert sent["level"].to_list() == ["a", None, "a", None, "b", "a"]
    assert sent["text"].to_list() == ["a", "", "b", "c", "d", "e"]
    assert sent["n"].null_count() == 1


def test_words_among_numbers_are_no_value() -> None:
    """As H2O reads them in a file; a word alone, or beside words, is what it says."""
    frame = pl.DataFrame(
        {"a": ["1.5", "NA", "-Inf"], "b": ["nan", "NA", "nan"], "c": ["1", "Inf", "x"], "d": ["?", "-2", "."]}
    )
    assert transfer.types_of_texts(frame) == {"a": "numeric", "b": "enum", "c": "string", "d": "numeric"}
