"""Workbooks, written by openpyxl and xlwt."""

from __future__ import annotations

import datetime as dt
import gzip
import importlib
import zipfile
from pathlib import Path
from typing import Any

import numpy as np
import openpyxl
import pytest
import xlwt

from artesian.core.errors import NotAvailable, ParseError, TooLarge
from artesian.frame import ColumnType
from artesian.frame.parse import Format

from .parsing import damaged, parse_files, settings_for

STAMP = dt.datetime(2020, 1, 2, 3, 4, 5)
STAMP_MS = 1_577_934_245_000
ROWS: list[list[Any]] = [
    ["number", "whole", "word", "flag", "stamp", "mixed"],
    [1 / 3, 1, "a", True, STAMP, 1],
    [1e-300, None, "b, c", False, STAMP, "x"],
    [1.5e300, -7, 'say "d"', True, None, 0.1],
    [-0.123456789012345, 2**53 - 1, "a", None, STAMP, "x"],
]


def xlsx(path: Path, rows: list[list[Any]]) -> Path:
    book = openpyxl.Workbook()
    for row in rows:
        book.active.append(row)
    book.save(path)
    return path


def xls(path: Path, rows: list[list[Any]]) -> Path:
    book = xlwt.Workbook()
    sheet = book.add_sheet("one")
    for i, row in enumerate(rows):
        for j, value in enumerate(row):
            if isinstance(value, dt.datetime):
                sheet.write(i, j, value, xlwt.easyxf(num_format_str="YYYY-MM-DD HH:MM:SS"))
            elif value is not None:
                sheet.write(i, j, value)
    book.save(str(path))
    return path


WRITERS = [(xlsx, "book.xlsx", Format.XLSX), (xls, "book.xls", Format.XLS)]


@pytest.mark.parametrize(("write", "name", "form"), WRITERS)
def test_cells_become_typed_columns_without_losing_digits(tmp_path: Path, write: Any, name: str, form: Format) -> None:
    found = parse_files(tmp_path, write(tmp_path / name, ROWS))
    assert found.setup.parse_type is form
    assert found.frame.names == tuple(ROWS[0])
    columns = list(zip(*ROWS[1:], strict=True))
    assert found.frame.types[:2] == (ColumnType.REAL, ColumnType.INT)
    # openpyxl itself writes 16 digits
    assert found.values("number") == [pytest.approx(value, rel=1e-15) for value in columns[0]]
    assert found.values("whole") == list(columns[1])
    assert found.values("word") == list(columns[2])
    assert found.values("flag") == ["true", "false", "true", None]
    assert found.frame["stamp"].type is ColumnType.TIME
    assert found.values("stamp") == [STAMP_MS, STAMP_MS, None, STAMP_MS]


def test_digits_beyond_the_ninth_decimal_stay(tmp_path: Path) -> None:
    values = [1 / 3, np.pi * 1e-12, 1e-300, 123456.7890123456, -2 / 7]
    found = parse_files(tmp_path, xls(tmp_path / "book.xls", [["x"], *([v] for v in values)]))
    assert found.values("x") == values


def test_texts_that_look_like_numbers_are_numbers_as_in_a_text_file(tmp_path: Path) -> None:
    found = parse_files(tmp_path, xlsx(tmp_path / "book.xlsx", [["x", "y"], ["007", 1], ["0.5", 2]]))
    assert found.values("x") == [7, 0.5]


def test_a_sheet_without_a_header(tmp_path: Path) -> None:
    found = parse_files(tmp_path, xlsx(tmp_path / "book.xlsx", [[1, 2.5], [3, 4.5]]))
    assert found.frame.names == ("C1", "C2")
    forced = parse_files(tmp_path, tmp_path / "book.xlsx", check_header=1)
    assert (forced.frame.names, forced.frame.n_rows) == (("1", "2.5"), 1)


def test_options_apply_to_sheets(tmp_path: Path) -> None:
    path = xlsx(tmp_path / "book.xlsx", ROWS)
    types = ("real", None, "string", None, None, "enum")
    found = parse_files(
        tmp_path,
        path,
        skipped_columns=(1,),
        column_types=types,
        na_strings=((), (), ("a",), (), (), ("x",)),
        single_quotes=True,
        separator=";",
    )
    assert found.frame.names == ("number", "word", "flag", "stamp", "mixed")
    assert found.values("word") == [None, "b, c", 'say "d"', None]
    assert found.values("mixed") == ["1", None, "0.1", None]


def test_a_cell_may_start_with_a_hash_or_hold_lines(tmp_path: Path) -> None:
    rows = [["k", "v"], ["#1", 1], ["two\nlines", 2], ["#1", 3], ["two\nlines", 4], ["#1", 5]]
    found = parse_files(tmp_path, xlsx(tmp_path / "book.xlsx", rows))
    assert found.values("k") == [row[0] for row in rows[1:]]


def test_the_first_sheet_with_cells_is_read(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    for number, value in enumerate([None, "second", "third"]):
        sheet = book.active if number == 0 else book.create_sheet(f"s{number}")
        if value:
            sheet.append(["name", "n"])
            sheet.append([value, number])
    book.save(tmp_path / "book.xlsx")
    assert parse_files(tmp_path, tmp_path / "book.xlsx").values("n") == [1]


def test_one_row(tmp_path: Path) -> None:
    assert parse_files(tmp_path, xlsx(tmp_path / "book.xlsx", [[1, 2]])).values("C2") == [2]


def test_two_workbooks_are_one_table(tmp_path: Path) -> None:
    one = xlsx(tmp_path / "a.xlsx", [["x", "y"], [1, "u"], [2, "v"]])
    two = xlsx(tmp_path / "b.xlsx", [["x", "y"], [3, "v"], [4, "w"]])
    assert parse_files(tmp_path, one, two).values("x") == [1, 2, 3, 4]


def test_a_packed_workbook_is_unpacked(tmp_path: Path) -> None:
    path = xlsx(tmp_path / "book.xlsx", [["x", "y"], [1, 2]])
    packed = tmp_path / "book.xlsx.gz"
    packed.write_bytes(gzip.compress(path.read_bytes()))
    assert parse_files(tmp_path, packed).values("y") == [2]


@pytest.mark.parametrize(("write", "name", "form"), WRITERS)
def test_an_empty_workbook_is_an_error(tmp_path: Path, write: Any, name: str, form: Format) -> None:
    with pytest.raises(ParseError, match=f"The workbook {name} holds no data"):
        parse_files(tmp_path, write(tmp_path / name, []))


@pytest.mark.parametrize(("write", "name", "form"), WRITERS)
def test_damaged_workbooks_are_an_error_that_names_them(tmp_path: Path, write: Any, name: str, form: Format) -> None:
    path = write(tmp_path / name, ROWS)
    whole = path.read_bytes()
    refused = 0
    for broken in damaged(whole, copies=40, first=8, changes=6):
        path.write_bytes(broken)
        try:
            parse_files(tmp_path, path)
        except ParseError as error:
            refused += 1
            assert name in str(error)
    assert refused > 0
    path.write_bytes(whole[: len(whole) // 2])
    with pytest.raises(ParseError, match=name):
        parse_files(tmp_path, path)


def test_a_workbook_that_unpacks_to_too_much_is_refused(tmp_path: Path) -> None:
    path = xlsx(tmp_path / "book.xlsx", [["x"], [1]])
    with zipfile.ZipFile(path, "a", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/big.xml", b"\0" * (200 << 20))
    packed = tmp_path / "book.xlsx.gz"
    packed.write_bytes(gzip.compress(path.read_bytes()))
    for one in (path, packed):
        with pytest.raises(TooLarge, match=r"book\.xlsx"):
            parse_files(tmp_path, one, settings=settings_for(tmp_path))


def test_without_fastexcel_it_says_what_to_install(tmp_path: Path, monkeypatch: Any) -> None:
    path = xlsx(tmp_path / "book.xlsx", ROWS)

    def missing(name: str, package: str | None = None) -> Any:
        raise ImportError(name)

    monkeypatch.setattr(importlib, "import_module", missing)
    with pytest.raises(NotAvailable, match=r"book\.xlsx needs fastexcel: pip install 'artesian\[excel\]'"):
        parse_files(tmp_path, path)


def test_a_workbook_is_no_csv_file(tmp_path: Path) -> None:
    with pytest.raises(ParseError, match="no CSV file"):
        parse_files(tmp_path, xlsx(tmp_path / "book.xlsx", ROWS), parse_type="CSV")
