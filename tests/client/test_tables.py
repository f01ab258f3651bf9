"""Tables and how things are shown."""

from __future__ import annotations

import io
import math
import sys

import pytest

from artesian.client.display import html_table, sparkline, text_table
from artesian.client.exceptions import H2OTypeError, H2OValueError
from artesian.client.frame.preview import column_values, preview_table, summary_table, time_text
from artesian.client.model.confusion_matrix import ConfusionMatrix
from artesian.client.progress import ProgressBar
from artesian.client.two_dim_table import H2OTwoDimTable


def table() -> H2OTwoDimTable:
    return H2OTwoDimTable("Name", "what", ["k", "ratio"], ["int", "double"], [(1, 0.5), (2, 0.75), (3, 1.0)])


def test_columns_by_name_number_and_list() -> None:
    assert table()["ratio"] == [0.5, 0.75, 1.0]
    assert table()[0] == [1, 2, 3]
    assert table()[-1] == [0.5, 0.75, 1.0]
    assert table()[["k", 1]] == [[1, 2, 3], [0.5, 0.75, 1.0]]
    with pytest.raises(H2OValueError, match=r"'ration' does not exist in the table\. Did you mean 'ratio'"):
        table()["ration"]
    with pytest.raises(H2OTypeError):
        table()[None]


def test_slices_give_rows() -> None:
    assert table()[1:].cell_values == [(2, 0.75), (3, 1.0)]
    assert len(table().head(2)) == 2
    assert table().tail(1).cell_values == [(3, 1.0)]


def test_a_column_can_be_set() -> None:
    changed = table()
    changed["ratio"] = [1, 2, 3]
    changed["new"] = ["a", "b", "c"]
    assert changed.cell_values[0] == (1, 1, "a")
    with pytest.raises(H2OValueError, match="needs 3 values"):
        changed["ratio"] = [1]


def test_as_pandas_with_numbers_where_the_server_declares_them() -> None:
    gaps = H2OTwoDimTable("", "", ["e", "s"], ["double", "string"], [("", ""), (0.5, "x")])
    frame = gaps.as_data_frame()
    assert frame["e"].dtype == "float64"
    assert math.isnan(frame["e"][0])
    assert list(frame["s"]) == ["", "x"]


def test_text_aligns_numbers_right_and_hides_nameless_empty_columns() -> None:
    shown = H2OTwoDimTable("T", "", ["", "name", "n"], ["string", "string", "int"], [("", "a", 1), ("", "bb", 100)])
    assert shown.to_text().splitlines() == ["T", "name    n", "----  ---", "a       1", "bb    100"]


def test_long_tables_leave_their_middle_out() -> None:
    long = H2OTwoDimTable("", "", ["n"], ["int"], [(i,) for i in range(100)])
    assert "---" in long.to_text().splitlines()[12]
    assert long.to_text().endswith("[100 rows x 1 columns]")


def test_html_is_escaped() -> None:
    assert "<script>" not in html_table([["<script>"]], ["<b>"], "<i>")
    assert "&lt;script&gt;" in html_table([["<script>"]], ["<b>"])


def test_an_empty_table_has_its_header() -> None:
    assert text_table([], ["a", "b"]) == "a  b\n-  -"


def test_confusion_matrix_counts_errors_by_hand() -> None:
    matrix = ConfusionMatrix([[90, 10], [5, 45]], ["no", "yes"])
    assert matrix.to_list() == [[90, 10], [5, 45]]
    assert matrix.table["Error"] == ["0.1", "0.1", "0.1"]  # 10/100, 5/50, 15/150
    assert matrix.table["Rate"] == ["(10/100)", "(5/50)", "(15/150)"]
    assert matrix.table["no"] == [90, 5, 95]


def test_a_class_without_rows_has_no_error_rate() -> None:
    assert ConfusionMatrix([[0, 0], [1, 2]], ["a", "b"]).table["Error"][0] == "nan"


COLUMNS = [
    {"label": "t", "type": "time", "data": [1577836800000.0, "NaN"], "string_data": None, "domain": None},
    {"label": "e", "type": "enum", "data": [1.0, None], "string_data": None, "domain": ["x", "y"]},
    {"label": "s", "type": "string", "data": [], "string_data": ["q", None], "domain": None},
    {"label": "n", "type": "real", "data": [1.5, "NaN"], "string_data": None, "domain": None},
]


def test_values_of_a_preview_are_in_words() -> None:
    assert column_values(COLUMNS[0]) == ["2020-01-01 00:00:00", None]
    assert column_values(COLUMNS[1]) == ["y", None]
    assert column_values(COLUMNS[2]) == ["q", None]
    assert column_values(COLUMNS[3]) == [1.5, None]
    assert time_text(-1) == "1969-12-31 23:59:59.999"


def test_preview_shows_size_and_fits_the_terminal(monkeypatch: pytest.MonkeyPatch) -> None:
    shown = preview_table({"rows": 2, "total_column_count": 4, "columns": COLUMNS}).to_text()
    assert shown.splitlines()[-1] == "[2 rows x 4 columns]"
    monkeypatch.setenv("COLUMNS", "80")
    wide = [{"label": f"column_{i}", "type": "int", "data": [1.0], "domain": None} for i in range(100)]
    narrow = preview_table({"rows": 1, "total_column_count": 100, "columns": wide}).to_text()
    assert max(len(line) for line in narrow.splitlines()[:-1]) <= 80
    assert narrow.splitlines()[-1] == "[1 row x 100 columns]  (shown: the first 8 columns)"


def test_summary_has_a_line_a_column() -> None:
    column = {
        "label": "n", "type": "int", "mins": [1.0], "maxs": [9.0], "mean": 4.5, "sigma": 0.5, "zero_count": 2,
        "missing_count": 1, "domain_cardinality": 0,
    }  # fmt: skip
    levels = {"label": "e", "type": "enum", "mins": [0.0], "maxs": [2.0], "mean": "NaN", "domain_cardinality": 3}
    lines = summary_table({"rows": 9, "total_column_count": 2, "columns": [column, levels]}).to_text().splitlines()
    assert lines[2].split() == ["n", "int", "1", "4.5", "9", "0.5", "2", "1"]
    assert lines[3].split() == ["e", "enum", "3"]


def test_a_bar_in_a_file_grows_once(capsys: pytest.CaptureFixture[str]) -> None:
    bar = ProgressBar("Parse")
    bar.update(0.5)
    bar.finish(1.0, "done")
    assert capsys.readouterr().out == f"Parse progress: |{'█' * 50}| (done) 100%\n"


def test_a_cancelled_bar_stays_where_it_was(capsys: pytest.CaptureFixture[str]) -> None:
    ProgressBar("Build").finish(0.2, "cancelled")
    assert capsys.readouterr().out == f"Build progress: |{'█' * 10}{' ' * 40}| (cancelled) 20%\n"


def test_a_hidden_bar_writes_nothing(capsys: pytest.CaptureFixture[str]) -> None:
    bar = ProgressBar("Build", hidden=True)
    bar.update(0.3)
    bar.finish(1.0, "done")
    assert capsys.readouterr().out == ""


def test_text_and_html_on_demand(capsys: pytest.CaptureFixture[str]) -> None:
    assert table().to_str(fmt="html").startswith("<div")
    assert table().to_str() == str(table())
    table().show(header=False, rows=2)
    assert "Name" not in capsys.readouterr().out
    with pytest.raises(H2OValueError, match="'fmt' must be one of"):
        table().to_str(fmt="pdf")


def test_a_histogram_in_one_line(monkeypatch: pytest.MonkeyPatch) -> None:
    assert sparkline([8, 0, 4, 1]) == "█ ▄▁"  # in eighths of the highest, rounded up; a gap for none
    assert sparkline([]) == sparkline([0, 0]).strip() == ""
    assert len(sparkline([1] * 1000)) == 12
    assert sparkline([1] * 13) == "██████▄"  # two in each, but for the last
    monkeypatch.setattr(sys, "stdout", io.TextIOWrapper(io.BytesIO(), encoding="ascii"))
    assert sparkline([8, 0, 4, 1]) == "# -_"


def test_long_texts_are_cut_where_frames_are_shown() -> None:
    column = {"label": "s", "type": "string", "string_data": ["x" * 1000, "y"], "data": None}
    shown = preview_table({"rows": 2, "total_column_count": 1, "columns": [column]})
    assert shown.to_text().splitlines()[3:5] == ["x" * 59 + "…", "y"]
    assert "x" * 199 + "…<" in shown.to_html()
