"""Frames against a running server: results compared with pandas, NumPy and Python."""

from __future__ import annotations

import datetime
import gc
import importlib.metadata
import io
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import polars as pl
import pytest

from artesian.client import config
from artesian.client.exceptions import H2OResponseError, H2OTypeError, H2OValueError, NotAvailable

CARS = Path(__file__).resolve().parents[2] / "src" / "artesian" / "datasets" / "cars_20mpg.csv"


@pytest.fixture
def table() -> pd.DataFrame:
    return pd.DataFrame(
        {
            "i": [3, 1, 4, 1, 5],
            "r": [0.5, np.nan, 2.25, -1.0, 8.0],
            "c": pd.Categorical(["u", "v", None, "u", "w"]),
            "s": ["alpha", "beta", "gamma", "delta", None],
            "t": pd.to_datetime(
                ["2020-01-01", "2020-02-03 04:05:06", None, "1999-12-31", "2020-01-01"], format="mixed"
            ),
        }
    )


def test_tables_go_there_and_back_with_their_types(client: Any, table: pd.DataFrame) -> None:
    frame = client.H2OFrame(table)
    assert frame.types == {"i": "int", "r": "real", "c": "enum", "s": "string", "t": "time"}
    back = frame.to_pandas()
    assert back["i"].tolist() == [3, 1, 4, 1, 5]
    assert back["i"].dtype == "int64"
    np.testing.assert_array_equal(back["r"], table["r"])
    assert back["c"].cat.categories.tolist() == ["u", "v", "w"]
    assert back["c"].cat.codes.tolist() == [0, 1, -1, 0, 2]
    assert back["s"].isna().tolist() == [False] * 4 + [True]
    assert back["t"].tolist()[:2] == table["t"].tolist()[:2]
    assert client.H2OFrame(back).types == frame.types
    polars_frame = frame.to_polars()
    assert polars_frame["t"].to_list()[3] == datetime.datetime(1999, 12, 31)
    assert client.H2OFrame(polars_frame).types == frame.types
    arrow = frame.to_arrow()
    assert client.H2OFrame(arrow).types == frame.types
    assert arrow.column("c").to_pylist() == ["u", "v", None, "u", "w"]
    assert pl.DataFrame(frame).equals(polars_frame)  # through the stream of Arrow
    assert frame[["i", "r"]].to_numpy()[[0, 4]].tolist() == [[3, 0.5], [5, 8]]
    assert np.asarray(frame["i"], dtype="int32").ravel().tolist() == [3, 1, 4, 1, 5]


def test_pandas_gets_what_a_csv_of_the_frame_would_give(client: Any, table: pd.DataFrame) -> None:
    """As the official client brings frames to pandas: its scripts compare types too."""
    table = table.assign(
        w=[1.0, 2.0, 3.0, 4.0, 5.0], n=pd.Categorical(["1", "0", "1", "1", "0"]), d=["NA", "x", "y", "z", "a"]
    )
    frame = client.H2OFrame(table)
    got = frame.as_data_frame()
    read = pd.read_csv(io.StringIO(frame.get_frame_data()), low_memory=False, skip_blank_lines=False)
    pd.testing.assert_frame_equal(got, read)
    assert [got[name].dtype for name in "wnrt"] == ["int64", "int64", "float64", "float64"]
    assert got["t"].tolist()[0] == 1577836800000
    assert got["d"].isna().tolist() == [True, False, False, False, False]
    assert frame.as_data_frame(use_pandas=False)[1] == ["3", "0.5", "u", "alpha", "1577836800000", "1", "1", "NA"]


def test_rows_are_chosen_by_arrays_flags_and_columns_of_pandas(client: Any) -> None:
    frame = client.H2OFrame({"a": [10, 11, 12], "b": [1, 2, 3]})
    for rows in (
        np.array([0, 2]),
        pd.Series([0, 2]),
        pl.Series([0, 2]),
        [True, False, True],
        np.array([True, False, True]),
    ):
        assert frame[rows, "a"].to_polars()["a"].to_list() == [10, 12], rows
    assert frame[np.array(["b", "a"])].names == ["b", "a"]
    assert frame[pd.Series([True, False, True])].to_polars()["b"].to_list() == [1, 3]
    frame[np.array([False, True, True]), "b"] = 0
    frame[[0], "a"] = -1
    frame["c"] = pd.Series(["x", "y", "x"])
    frame["d"] = np.array([0.5, 1.5, 2.5])
    frame["d"] = [1, 2, 3]
    assert frame.to_polars().rows() == [(-1, 1, "x", 1), (11, 0, "y", 2), (12, 0, "x", 3)]
    with pytest.raises(H2OTypeError, match="Got a dict"):
        frame["e"] = {"a": 1}
    frame = client.H2OFrame({"a": [10, 11, 12], "b": [1, 2, 3]})
    with pytest.raises(H2OValueError, match=r"the frame has 3\. Got 2 flags"):
        frame[[True, False], :]
    assert (np.float64(2) * frame["a"]).to_polars().to_series().to_list() == [20, 22, 24]


def test_names_behind_the_last_column_have_no_value(client: Any) -> None:
    with pytest.warns(UserWarning, match="The data has 2 columns, so these have no value: 'c'"):
        frame = client.H2OFrame([[1, 2], [3, 4]], column_names=["a", "b", "c"])
    assert (frame.shape, frame.nacnt()) == ((2, 3), [0.0, 0.0, 2.0])
    with pytest.raises(H2OValueError, match=r"The data has 2 columns\. Got 1 names"):
        client.H2OFrame([[1, 2]], column_names=["a"])


def test_what_a_frame_does_not_have_is_said_with_what_is_near(client: Any) -> None:
    frame = client.H2OFrame({"age": [1], "b": [2]})
    with pytest.raises(AttributeError, match=r"A column is chosen as frame\['age'\]"):
        frame.age
    with pytest.raises(AttributeError, match="Did you mean 'nrows'"):
        frame.nrowss
    assert not hasattr(frame, "_ipython_display_")


def test_statistics_show_how_values_lie(client: Any, capsys: pytest.CaptureFixture[str]) -> None:
    frame = client.H2OFrame({"i": [1, 1, 1, 1, 2, 3], "e": ["a", "b", "a", "a", "b", "a"], "s": [*"uvwxyz"]})
    frame.describe()
    lines = capsys.readouterr().out.splitlines()
    assert lines[0].split() == [
        "column", "type", "min", "mean", "max", "sigma", "zeros", "missing", "levels", "distribution",
    ]  # fmt: skip
    assert lines[2].endswith("█▂▂")  # 4, 1 and 1 of at most 4: 8, 2 and 2 eighths
    assert lines[3].endswith("a 67%, b 33%")
    assert lines[4].split() == ["s", "string", "0"]
    frame.describe(chunk_summary=True)
    stored = capsys.readouterr().out
    assert "Chunk compression summary" in stored
    assert "1-Byte Integers" in stored
    assert "Frame distribution summary" in stored
    assert str(frame).splitlines()[:4] == ["  i  e     s", "int  enum  string", "---  ----  ------", "  1  a     u"]


def test_rows_of_texts_as_the_csv_reads(client: Any, table: pd.DataFrame) -> None:
    frame = client.H2OFrame(table)
    rows = frame.as_data_frame(use_pandas=False)
    assert rows[0] == ["i", "r", "c", "s", "t"]
    assert rows[2] == ["1", "", "v", "beta", "1580702706000"]
    assert frame.get_frame_data().splitlines()[0] == '"i","r","c","s","t"'
    assert client.as_list(frame, use_pandas=False, header=False) == rows[1:]


def test_python_lists_dicts_and_arrays(client: Any) -> None:
    assert client.H2OFrame([[1, "a"], [2, "b"]]).names == ["C1", "C2"]
    assert client.H2OFrame([["x", "y"], [1, 2]], header=1).names == ["x", "y"]
    assert client.H2OFrame({"k": [1, None, 3]}).nacnt() == [1.0]
    assert client.H2OFrame(np.eye(3)).shape == (3, 3)
    typed = client.H2OFrame({"k": ["1", "2", "1"]}, column_types={"k": "enum"})
    assert typed.types == {"k": "enum"}
    assert client.H2OFrame([1, 2, 3], destination_frame="mine", column_names=["one"]).frame_id == "mine"
    assert client.get_frame("mine").names == ["one"]
    assert client.get_frame("not there") is None


def test_texts_get_levels_and_times(client: Any) -> None:
    frame = client.H2OFrame({"e": ["a", "b", "a", "b"], "t": ["2020-01-01", "2020-01-02", None, "2020-01-04 05:06:07"]})
    assert frame.types == {"e": "enum", "t": "time"}
    assert frame["e"].levels() == [["a", "b"]]
    assert frame["t"].year().as_data_frame(use_pandas=False, header=False) == [["2020"], ["2020"], [], ["2020"]]


def test_selections(client: Any, table: pd.DataFrame) -> None:
    frame = client.H2OFrame(table)
    assert frame[2, "i"] == 4
    assert frame[0, "c"] == "u"
    assert np.isnan(frame[1, "r"])
    assert frame[1:4, ["r", "i"]].to_polars().rows() == [(None, 1), (2.25, 4), (-1.0, 1)]
    assert frame[[0, 4], "i"].to_polars()["i"].to_list() == [3, 5]
    assert frame[frame["i"] > 2, "i"].to_polars()["i"].to_list() == [3, 4, 5]
    assert frame[(frame["i"] == 1) & (frame["r"] < 0), :].nrow == 1
    assert frame[-2:, 0].to_polars()["i"].to_list() == [1, 5]
    assert frame.drop(["s", "t"]).names == ["i", "r", "c"]
    assert frame.drop([0, 4], axis=0).to_polars()["i"].to_list() == [1, 4, 1]
    popped = frame.pop("r")
    assert (popped.names, frame.names) == (["r"], ["i", "c", "s", "t"])


def test_assignments(client: Any, table: pd.DataFrame) -> None:
    frame = client.H2OFrame(table)
    frame["d"] = frame["i"] * 2
    frame[0] = frame[0].asfactor()
    frame[frame["d"] > 6, "r"] = -9
    frame[0, "d"] = None
    frame["k"] = 7
    frame["w"] = "word"
    result = frame.as_data_frame()
    assert result["d"].fillna(-1).tolist() == [-1, 2, 8, 2, 10]
    assert result["r"].tolist()[2:] == [-9, -1, -9]
    assert frame.types["i"] == "enum"
    assert set(result["k"]) == {7}
    assert set(result["w"]) == {"word"}
    for number in range(120):
        frame[f"x{number}"] = number
    assert frame.ncol == 128
    assert frame[0, "x119"] == 119


def test_arithmetic_and_comparison_as_numpy(client: Any) -> None:
    a, b = np.array([5.0, -7.0, 2.5]), np.array([2.0, 3.0, -0.5])
    frame = client.H2OFrame({"a": a.tolist(), "b": b.tolist()})

    def values(result: Any) -> np.ndarray[Any, Any]:
        return result.to_polars().to_series().to_numpy()

    np.testing.assert_allclose(values(frame["a"] + frame["b"] * 2 - 1), a + b * 2 - 1)
    np.testing.assert_allclose(values(1 / frame["a"]), 1 / a)
    np.testing.assert_allclose(values(frame["a"] ** 2), a**2)
    np.testing.assert_allclose(values(abs(frame["a"])), abs(a))
    np.testing.assert_allclose(values(-frame["a"]), -a)
    np.testing.assert_allclose(values((frame["a"] + 10).log()), np.log(a + 10))
    np.testing.assert_array_equal(values((frame["a"] > 0) | (frame["b"] > 0)), [1, 1, 1])
    np.testing.assert_array_equal(values(~(frame["a"] > 0)), [0, 1, 0])
    np.testing.assert_array_equal(values((frame["a"] > 0).ifelse(1, 2)), [1, 2, 1])
    assert 2.5 in frame["a"]
    assert 99 not in frame["a"]


def test_reducers_as_pandas(client: Any, table: pd.DataFrame) -> None:
    frame = client.H2OFrame(table[["i", "r"]])
    assert frame["i"].sum() == 14
    assert frame["i"].mean() == [2.8]
    assert frame.mean() == pytest.approx(table[["i", "r"]].mean().tolist())
    assert frame["i"].sd()[0] == pytest.approx(table["i"].std())
    assert (frame["i"].min(), frame["i"].max()) == (1, 5)
    assert frame["r"].median(na_rm=True)[0] == table["r"].median()
    assert frame.nacnt() == [0, 1]
    assert frame["i"].cor(frame["i"] * -2) == pytest.approx(-1)
    quantiles = frame["i"].quantile(prob=[0.25, 0.5]).to_polars()
    assert quantiles.to_series(1).to_list() == table["i"].quantile([0.25, 0.5]).tolist()
    assert frame["i"].unique().nrow == 4
    assert frame["r"].isna().sum() == 1


def test_grouping_sorting_joining_reshaping(client: Any, table: pd.DataFrame) -> None:
    frame = client.H2OFrame(table)
    grouped = frame.group_by("c").count().mean("i").get_frame().to_polars()
    assert dict(zip(grouped["c"].to_list(), grouped["mean_i"].to_list(), strict=True)) == {
        None: 4,
        "u": 2,
        "v": 1,
        "w": 5,
    }
    assert frame.sort("i", ascending=False).to_polars()["i"].to_list() == [5, 4, 3, 1, 1]
    names = client.H2OFrame({"c": ["u", "v"], "label": [10, 20]}, column_types={"c": "enum"})
    joined = frame[["i", "c"]].merge(names).to_polars().sort("i", "label")
    assert joined.select("i", "label").rows() == [(1, 10), (1, 20), (3, 10)]
    assert frame[["i"]].cbind(frame[["r"]]).names == ["i", "r"]
    assert frame.rbind(frame).nrow == 10
    assert frame[["i", "r"]].transpose().shape == (2, 5)
    assert frame[["i", "r"]].apply(lambda column: column.max() - column.min())[0, "i"] == 4
    assert frame[["i"]].apply(lambda row: row["i"] * 10, axis=1).to_polars().to_series().to_list() == [
        30,
        10,
        40,
        10,
        50,
    ]


def test_levels(client: Any, table: pd.DataFrame) -> None:
    frame = client.H2OFrame(table)
    assert frame.nlevels() == [0, 0, 3, 0, 0]
    assert frame["c"].categories() == ["u", "v", "w"]
    assert frame["c"].relevel("w").levels() == [["w", "u", "v"]]
    assert frame["c"].set_levels(["a", "b", "c"]).levels() == [["a", "b", "c"]]
    assert frame["i"].asfactor().levels() == [["1", "3", "4", "5"]]
    assert frame["i"].asfactor().asnumeric().to_polars()["i"].to_list() == [3, 1, 4, 1, 5]
    assert frame["c"].ascharacter().types == {"c": "string"}
    assert frame.isfactor() == [False, False, True, False, False]
    with pytest.raises(H2OValueError, match="column 'r' is of type real"):
        frame["r"].asfactor()


def test_splits_are_seeded_and_complete(client: Any) -> None:
    frame = client.H2OFrame({"n": list(range(1000))})
    first, second, rest = frame.split_frame(ratios=[0.6, 0.2], seed=1)
    parts = [part.to_polars()["n"].to_list() for part in (first, second, rest)]
    assert sorted(value for part in parts for value in part) == list(range(1000))
    assert 550 < len(parts[0]) < 650
    again = frame.split_frame(ratios=[0.6, 0.2], seed=1)[0]
    assert again.to_polars()["n"].to_list() == parts[0]
    named = frame.split_frame(ratios=[0.5], destination_frames=["left", "right"], seed=2)
    assert [part.frame_id for part in named] == ["left", "right"]
    with pytest.raises(H2OValueError, match="add up to less than 1"):
        frame.split_frame(ratios=[0.5, 0.6])


def test_imports_with_overrides(client: Any, tmp_path: Path) -> None:
    cars = client.import_file(str(CARS))
    assert cars.shape == (406, 9)
    assert cars.types["economy_20mpg"] == "int"
    assert cars.types["name"] in ("string", "enum")
    typed = client.import_file(str(CARS), col_types={"cylinders": "enum"}, destination_frame="cars_typed")
    assert (typed.frame_id, typed.types["cylinders"]) == ("cars_typed", "enum")
    assert typed["cylinders"].levels() == [["3", "4", "5", "6", "8"]]
    path = tmp_path / "data.txt"
    path.write_text("1;x;-\n2;y;5\n")
    plain = client.upload_file(str(path), sep=";", header=-1, col_names=["n", "l", "m"], na_strings=["-"])
    assert plain.to_polars().select("n", "m").rows() == [(1, None), (2, 5)]
    assert client.import_file(str(path), header=-1, skipped_columns=[1]).ncol == 2
    setup = client.parse_setup(client.lazy_import(str(path)), header=-1)
    assert client.parse_raw(setup, id="raw_parsed").frame_id == "raw_parsed"
    with pytest.raises(H2OValueError, match="Did you mean 'cylinders'"):
        client.import_file(str(CARS), col_types={"cylinder": "enum"})
    with pytest.raises((H2OValueError, H2OResponseError), match="nowhere"):
        client.import_file("/nowhere.csv")


def test_exports_and_downloads(client: Any, tmp_path: Path) -> None:
    frame = client.H2OFrame({"a": [1, 2], "b": ["x", "y"]})
    client.export_file(frame, str(tmp_path / "out.csv"))
    assert pd.read_csv(tmp_path / "out.csv").to_dict("list") == {"a": [1, 2], "b": ["x", "y"]}
    with pytest.raises(EnvironmentError, match=r"out\.csv"):
        client.export_file(frame, str(tmp_path / "out.csv"))
    client.export_file(frame, str(tmp_path / "out.csv"), force=True)
    saved = client.download_csv(frame, str(tmp_path / "down.csv"))
    assert pl.read_csv(saved).rows() == [(1, "x"), (2, "y")]


def test_temporaries_go_as_python_drops_them(client: Any) -> None:
    frame = client.H2OFrame({"n": [1, 2, 3]}, destination_frame="kept")
    results = [(frame["n"] + number) for number in range(5)]
    for result in results:
        result.frame_id
    session = client.connection().session_id
    assert sum(session in key for key in client.ls()["key"]) == 5
    del results, result
    gc.collect()
    assert [key for key in client.ls()["key"] if session in key] == []
    assert "kept" in client.ls()["key"].tolist()


def test_objects_by_name(client: Any) -> None:
    frame = client.H2OFrame({"n": [1, 2, 3]}, destination_frame="first")
    client.assign(frame["n"] * 2, "second")
    assert client.get_frame("second").to_polars()["n"].to_list() == [2, 4, 6]
    client.deep_copy(frame, "third")
    frame.frame_id = "renamed"
    assert set(client.ls()["key"]) >= {"second", "third", "renamed"}
    assert "first" not in client.ls()["key"].tolist()
    client.remove("second")
    client.remove([client.get_frame("third")])
    assert client.get_frame("second") is None
    assert client.get_frame("third") is None
    client.remove_all(retained=["renamed"])
    assert client.ls()["key"].tolist() == ["renamed"]
    client.log_and_echo("hello")
    assert client.rapids("(+ 1 2)")["scalar"] == 3


def test_showing(client: Any, table: pd.DataFrame, capsys: pytest.CaptureFixture[str]) -> None:
    frame = client.H2OFrame(table)
    assert "2020-02-03 04:05:06" in str(frame)
    assert repr(frame).endswith("[5 rows x 5 columns]")
    assert "<table" in frame._repr_html_()
    frame.describe()
    frame.structure()
    shown = capsys.readouterr().out
    assert "sigma" in shown
    assert 'Factor w/ 3 level(s) "u","v","w"' in shown
    assert frame.get_summary()["i"]["mean"] == pytest.approx(2.8)
    assert frame.head(2).shape == (2, 5)
    assert frame.tail(2).to_polars()["i"].to_list() == [1, 5]
    assert [column.names for column in frame][:2] == [["i"], ["r"]]


def test_what_the_server_does_not_offer_is_said(client: Any) -> None:
    frame = client.H2OFrame({"f": ["u", "v", "u"]}, column_types={"f": "enum"})
    routes = {
        (route["http_method"], route["url_pattern"]) for route in client.api("GET /3/Metadata/endpoints")["routes"]
    }
    verbs = {
        "/3/CreateFrame": lambda: client.create_frame(rows=3, cols=2),
        "/3/Interaction": lambda: frame.interaction(["f"], False, 10, 1),
        "/3/MissingInserter": lambda: frame.insert_missing_values(0.5),
    }
    for path, verb in verbs.items():
        if ("POST", path) not in routes:
            with pytest.raises(NotAvailable, match=r"(?i)not (available|offer)"):
                verb()
        else:
            assert verb().nrow == 3


def test_an_error_of_the_server_is_one_sentence(client: Any) -> None:
    with pytest.raises(H2OResponseError, match="foo") as raised:
        client.rapids("(foo 1)")
    assert raised.value.args[0].http_status == 400
    frame = client.H2OFrame({"n": [1]})
    client.remove(frame)
    with pytest.raises(H2OValueError, match="was removed"):
        frame.nrow


# ---- what scripts written for the official client count on ----


def test_a_setting_makes_sums_and_means_frames(client: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """`general.allow_breaking_changes` of a file `.h2oconfig`, as the official client reads it."""
    frame = client.H2OFrame({"a": [1, 2], "b": [3, None]})
    assert frame.sum() == 6
    assert frame.mean() == [1.5, 3]
    (tmp_path / ".h2oconfig").write_text("[general]\nallow_breaking_changes = True\n")
    inner = tmp_path / "inner"
    inner.mkdir()
    monkeypatch.chdir(inner)
    monkeypatch.setattr(config, "_values", None)
    assert frame.sum().shape == (1, 2)
    assert frame["a"].mean().flatten() == 1.5
    assert frame.sum(return_frame=False) == 6


def test_a_removed_frame_has_no_attributes(client: Any) -> None:
    frame = client.H2OFrame({"a": [1, 2]})
    client.remove(frame)
    with pytest.raises(AttributeError, match=r"object has no attribute.*was removed"):
        frame.nrow
    with pytest.raises(H2OValueError):
        frame.nrow


def test_without_any_categorical_column_there_are_no_levels(client: Any) -> None:
    frame = client.H2OFrame({"a": [1, 2], "b": [3, 4]})
    assert frame.levels() == []
    assert frame.nlevels() == 0


def test_rows_of_one_column_are_empty_where_its_value_is_missing(client: Any) -> None:
    frame = client.H2OFrame({"a": [1, None]})
    assert frame.as_data_frame(use_pandas=False) == [["a"], ["1"], []]


def test_a_row_behind_the_last_one_is_missing(client: Any) -> None:
    frame = client.H2OFrame({"a": [1, 2], "b": [3, 4]})
    row = frame[2, :]
    assert row.shape == (1, 2)
    assert row.isna().sum() == 2


def test_data_sets_of_this_package_and_of_an_installed_h2o(
    client: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert client.load_dataset("cars_20mpg").nrow == client.load_dataset("cars_20mpg.csv").nrow == 406
    with pytest.raises(H2OValueError, match="Did you mean 'cars_20mpg'"):
        client.load_dataset("cars_20mp")
    (tmp_path / "h2o_data").mkdir()
    (tmp_path / "h2o_data" / "tiny.csv").write_text("a,b\n1,2\n")
    (tmp_path / "other.csv").write_text("a\n1\n")
    files = [importlib.metadata.PackagePath(name) for name in ("h2o_data/tiny.csv", "other.csv", "h2o_data/gone.csv")]
    for file in files:
        file.dist = importlib.metadata.PathDistribution(tmp_path / "h2o.dist-info")
    monkeypatch.setattr(importlib.metadata, "files", lambda _: files)
    assert client.load_dataset("tiny").names == ["a", "b"]
    for name in ("other", "gone"):
        with pytest.raises(H2OValueError, match=f"No data set is called '{name}'"):
            client.load_dataset(name)


def test_what_does_not_fit_some_rows_is_refused_when_the_frame_is_used_next(client: Any) -> None:
    frame = client.H2OFrame({"a": ["x", "y", "x"], "b": [1, 2, 3]}, column_types=["enum", "int"])
    frame[frame["b"] > 1, "a"] = "z"
    with pytest.raises(H2OResponseError, match="Cannot assign value z into a vector of type Enum") as refused:
        frame["b"] == 2  # noqa: B015 - a column alone is not computed; the assignment before it is
    assert refused.value.args[0].msg.startswith("Cannot assign value z")


def test_an_empty_text_is_a_level_where_levels_are_asked_for(client: Any) -> None:
    """As H2O has it of a frame of one empty text; guessed levels take it for a missing value."""
    asked = client.H2OFrame([""], column_types=["enum"])
    assert (asked.types["C1"], asked.nacnt()) == ("enum", [0.0])
    assert asked.entropy()[0, 0] == 0
    guessed = client.H2OFrame({"a": ["x", "", "y", "x", "y", "x", "x"]})
    assert (guessed.types["a"], guessed.nacnt()) == ("enum", [1.0])


def test_rows_that_scripts_look_at_are_those_that_were_asked_for(client: Any) -> None:
    made = client.H2OFrame({"a": [1, 2, 3], "b": ["u", "v", "w"], "c": [0.5, None, 2.5]}, column_types={"b": "string"})
    looked = client.get_frame(made.frame_id, rows=2, rows_offset=1)._ex._cache
    assert (looked._id, looked._nrows, looked._ncols, looked._l) == (made.frame_id, 3, 3, 2)
    assert looked._names == ["a", "b", "c"]
    assert {name: column["data"] for name, column in looked._data.items()} == {
        "a": [2, 3], "b": ["v", "w"], "c": ["NaN", 2.5],
    }  # fmt: skip
    first = client.get_frame(made.frame_id, full_cols=1)._ex._cache
    assert list(first._data) == ["a"]
    assert len(first._types) == 3
