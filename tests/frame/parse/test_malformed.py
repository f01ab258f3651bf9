"""Files that are not as they should be: each gives a table with a warning, or an error that names file and line."""

from __future__ import annotations

import time
from pathlib import Path

import pytest

from artesian.core.errors import ParseError, TooLarge
from artesian.frame import ColumnType

from .parsing import parse_files, parse_text, settings_for


def test_short_and_long_rows_are_counted_with_their_first_line(tmp_path: Path) -> None:
    found = parse_text(tmp_path, "a,b\n1,2\n3\n4,5,6\n7,8\n9\n")
    assert found.values("a") == [1, 3, 4, 7, 9]
    assert found.values("b") == [2, None, 5, 8, None]
    assert found.warnings == (
        "table.csv: 2 rows have fewer than 2 fields, the first in line 3; the rest is missing.",
        "table.csv: 1 rows have more than 2 fields, the first in line 3; the rest is ignored.",
    )


def test_a_short_and_a_long_row_that_even_out_are_both_counted(tmp_path: Path) -> None:
    found = parse_text(tmp_path, "a,b\n1,2\n3\n4,5,6\n")
    assert found.values("b") == [2, None, 5]
    assert len(found.warnings) == 2


def test_bytes_that_are_no_utf8_are_spelt_out(tmp_path: Path) -> None:
    found = parse_text(tmp_path, b"a,b\n1,\xff\xfe\n2,\xff\xfe\n3,\xc3\xa9\n4,\xc3\xa9\n")
    assert found.frame["b"].levels == ["<0xFFFE>", "é"]
    assert found.values("b") == ["<0xFFFE>", "<0xFFFE>", "é", "é"]
    assert "no UTF-8" in found.warnings[0] and "table.csv" in found.warnings[0]


def test_bytes_that_are_no_utf8_in_a_numeric_column_are_missing(tmp_path: Path) -> None:
    found = parse_text(tmp_path, b"a,b\n1,2\n2,3\n3,\xff\n")
    assert found.values("b") == [2, 3, None]


@pytest.mark.parametrize("encoding", ["utf-16-le", "utf-16-be"])
def test_utf16_is_refused(tmp_path: Path, encoding: str) -> None:
    mark = b"\xff\xfe" if encoding == "utf-16-le" else b"\xfe\xff"
    with pytest.raises(ParseError, match=r"table\.csv.*UTF-16"):
        parse_text(tmp_path, mark + "a,b\n1,2\n".encode(encoding))


def test_byte_order_mark_is_no_part_of_the_first_name(tmp_path: Path) -> None:
    assert parse_text(tmp_path, b"\xef\xbb\xbfa,b\n1,2\n").frame.names == ("a", "b")


def test_an_empty_file_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(ParseError, match=r"table\.csv is empty"):
        parse_text(tmp_path, "")


@pytest.mark.parametrize("text", ["\n\n\n", "  \n \n", "# only\n#comments\n"])
def test_a_file_of_blank_and_comment_lines_is_an_error(tmp_path: Path, text: str) -> None:
    with pytest.raises(ParseError, match=r"table\.csv holds no data"):
        parse_text(tmp_path, text)


def test_a_header_alone_gives_a_frame_without_rows(tmp_path: Path) -> None:
    found = parse_text(tmp_path, "a,b\n")
    assert found.frame.names == ("a", "b")
    assert found.frame.n_rows == 0


def test_one_column_and_one_row(tmp_path: Path) -> None:
    assert parse_text(tmp_path, "x\n7\n").values("x") == [7]
    assert parse_text(tmp_path, "7\n").values("C1") == [7]
    assert parse_text(tmp_path, "7").values("C1") == [7]


def test_a_line_of_ten_megabytes(tmp_path: Path) -> None:
    long = "x" * 10_000_000
    found = parse_text(tmp_path, f"a,b\n1,{long}\n2,y\n3,{long}\n", column_types=("numeric", "string"))
    assert found.values("a") == [1, 2, 3]
    assert [len(text) for text in found.values("b")] == [10_000_000, 1, 10_000_000]


def test_a_first_line_of_ten_megabytes(tmp_path: Path) -> None:
    names = ",".join(f"column_with_a_long_name_{'x' * 4_000}_{i}" for i in range(2_500))
    found = parse_text(tmp_path, names + "\n" + ",".join(["1"] * 2_500) + "\n")
    assert found.frame.n_columns == 2_500
    assert found.frame.n_rows == 1


@pytest.mark.parametrize("quoted", [False, True])
def test_a_line_over_the_limit_is_refused_with_its_number_and_the_setting(tmp_path: Path, quoted: bool) -> None:
    long = "x" * 3_000_000
    text = f'a,b\n1,2\n"{long}",5\n3,4\n' if quoted else f"a,b\n1,2\n{long},5\n3,4\n"
    (tmp_path / "table.csv").write_text(text)
    with pytest.raises(TooLarge, match=r"line 3 of table\.csv is longer than 1 MB.*max_line_mb"):
        parse_files(tmp_path, tmp_path / "table.csv", settings=settings_for(tmp_path, max_line_mb=1))


def test_a_file_without_ends_of_lines_is_refused_above_the_limit(tmp_path: Path) -> None:
    (tmp_path / "endless.csv").write_bytes(b"x" * 9_000_000)
    with pytest.raises(TooLarge, match=r"first line of endless\.csv.*max_line_mb"):
        parse_files(tmp_path, tmp_path / "endless.csv", settings=settings_for(tmp_path, max_line_mb=1))


def test_a_name_that_stands_twice_is_an_error_that_names_it(tmp_path: Path) -> None:
    with pytest.raises(ParseError, match=r"header of table\.csv names the column 'a' more than once"):
        parse_text(tmp_path, "a,b,a\n1,2,3\n4,5,6\n")


def test_a_name_that_stands_twice_is_no_matter_when_one_is_skipped(tmp_path: Path) -> None:
    assert parse_text(tmp_path, "a,b,a\n1,2,3\n4,5,6\n", skipped_columns=(2,)).frame.names == ("a", "b")


def test_an_unclosed_quote_names_file_and_line(tmp_path: Path) -> None:
    with pytest.raises(ParseError, match=r"line 3 of table\.csv is never closed"):
        parse_text(tmp_path, 'a,b\n1,x\n2,"y\n3,z\n4,z\n')


def test_an_unclosed_quote_far_behind_the_preview_is_told_with_its_line(tmp_path: Path) -> None:
    """It closes at the next quote, which belongs to the next line: two lines become one, and the warning says where."""
    filling = "x" * 80
    rows = [f'{i},"text {filling}"' for i in range(60_000)]
    rows[50_000] = '50000,"text'
    found = parse_text(tmp_path, "a,b\n" + "\n".join(rows) + "\n", column_types=("numeric", "string"))
    assert found.frame.n_rows == 59_999
    assert found.frame["b"].values[50_001] == f"text {filling}"
    # the quote of line 50002 opens; the first one that does not fit is the opening one of line 50003
    assert found.warnings[0].startswith("table.csv: quotes stand inside of fields, the first in line 50003;")


def test_stray_quotes_inside_of_fields_are_text(tmp_path: Path) -> None:
    rows = ['1,5" pipe', '2,"in quotes, with comma"', '3,6" pipe', '4,7" x 8"', '5,"last"']
    found = parse_text(tmp_path, "a,b\n" + "\n".join(rows) + "\n")
    assert found.values("b") == ['5" pipe', "in quotes, with comma", '6" pipe', '7" x 8"', "last"]
    assert "quotes stand inside of fields, the first in line 2" in found.warnings[0]


def test_text_behind_a_closing_quote_is_kept(tmp_path: Path) -> None:
    assert parse_text(tmp_path, 'a,b\n1,"x"y\n2,z\n3,z\n').values("b") == ["xy", "z", "z"]


def test_nul_bytes_are_characters(tmp_path: Path) -> None:
    found = parse_text(tmp_path, b"a,b\n1,x\x00y\n2,z\n3,z\n4,z\n")
    assert found.values("b") == ["x\x00y", "z", "z", "z"]


def test_binary_rubbish_is_an_error_or_a_table_but_no_crash(tmp_path: Path) -> None:
    import numpy as np

    for seed in range(20):
        rubbish = np.random.default_rng(seed).integers(0, 256, 5_000, dtype=np.uint8).tobytes()
        try:
            assert parse_text(tmp_path, rubbish).frame.n_columns > 0
        except ParseError as error:
            assert "table.csv" in str(error)


def test_comment_and_blank_lines_inside_of_quotes_are_text(tmp_path: Path) -> None:
    found = parse_text(tmp_path, 'a,b\n#c,d\n1,"x\n#y\n\nz"\n2,"x\n#y\n\nz"\n3,w\n')
    assert found.values("b") == ["x\n#y\n\nz", "x\n#y\n\nz", "w"]


def test_mixed_ends_of_lines(tmp_path: Path) -> None:
    found = parse_text(tmp_path, 'a,b\r\n1,x\r2,"x"\n3,"y\r\nz"\r\n')
    assert found.values("a") == [1, 2, 3]
    assert found.values("b") == ["x", "x", "y\r\nz"]


def test_texts_in_a_numeric_column_are_reported_with_their_line(tmp_path: Path) -> None:
    rows = [f"{i},{i / 2}" for i in range(50)]
    rows[30] = "30,broken"
    rows[40] = "40,too"
    found = parse_text(tmp_path, "a,b\n" + "\n".join(rows) + "\n")
    assert found.values("b")[30] is None and found.values("b")[31] == 15.5
    assert found.warnings == (
        "Column 'b': 2 texts could not be read as its type and are missing, the first is 'broken' in line 32 of table.csv.",
    )


def test_usual_words_for_missing_are_not_reported(tmp_path: Path) -> None:
    found = parse_text(tmp_path, "a,b\n1,2\n2,NA\n3,?\n4,-\n5,null\n6,7\n7,8\n8,9\n")
    assert found.values("b") == [2, None, None, None, None, 7, 8, 9]
    assert found.warnings == ()


def test_a_number_beyond_the_preview_widens_the_column(tmp_path: Path) -> None:
    rows = [str(i % 200) for i in range(2_000_000)]
    rows[1_500_000] = "70000"
    rows[1_900_000] = "-1"
    found = parse_text(tmp_path, "a\n" + "\n".join(rows) + "\n")
    column = found.frame["a"]
    assert column.type is ColumnType.INT
    assert column.values[1_500_000] == 70_000
    assert column.values[1_900_000] == -1
    assert column.values.sum() == sum(int(row) for row in rows)


def test_a_fraction_beyond_the_preview_makes_the_column_real(tmp_path: Path) -> None:
    rows = [str(i % 200) for i in range(2_000_000)]
    rows[1_500_000] = "0.5"
    found = parse_text(tmp_path, "a\n" + "\n".join(rows) + "\n")
    assert found.frame["a"].type is ColumnType.REAL
    assert found.frame["a"].values[1_500_000] == 0.5


def test_more_levels_than_allowed_are_refused_by_name_of_the_column(tmp_path: Path) -> None:
    text = "a,b\n" + "\n".join(f"{i},s{i % 50}" for i in range(200)) + "\n"
    (tmp_path / "table.csv").write_text(text)
    with pytest.raises(TooLarge, match=r"column 'b' has 50 .*max_levels"):
        parse_files(tmp_path, tmp_path / "table.csv", settings=settings_for(tmp_path, max_levels=20))


def test_more_columns_than_allowed_are_refused(tmp_path: Path) -> None:
    (tmp_path / "table.csv").write_text(",".join("1" * 50) + "\n")
    with pytest.raises(TooLarge, match=r"50 columns.*max_columns"):
        parse_files(tmp_path, tmp_path / "table.csv", settings=settings_for(tmp_path, max_columns=20))


def test_a_preview_full_of_quotes_is_quick(tmp_path: Path) -> None:
    started = time.monotonic()
    with pytest.raises(ParseError, match="never closed"):
        parse_text(tmp_path, 'a,b\n1,"' + "x\n" * 2_000_000)
    assert time.monotonic() - started < 20
