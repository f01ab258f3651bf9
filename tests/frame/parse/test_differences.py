"""Where reading differs from H2O-3 on purpose, and why."""

from __future__ import annotations

from pathlib import Path

from artesian.frame import ColumnType

from .parsing import parse_files, parse_text


def test_a_lone_sign_or_dot_is_missing(tmp_path: Path) -> None:
    """H2O-3 reads them as 0, which nobody means."""
    assert parse_text(tmp_path, "a,b\n1,-\n2,5\n3,.\n4,6\n").values("b") == [None, 5, None, 6]


def test_missing_texts_count_in_numeric_columns_too(tmp_path: Path) -> None:
    """H2O-3 documents it and does it for words only."""
    found = parse_text(tmp_path, "a,b\n-999,x\n2,x\n3,-999\n", na_strings=(("-999",), ("-999",)))
    assert found.values("a") == [None, 2, 3]
    assert found.values("b") == ["x", "x", None]


def test_missing_texts_among_decimals(tmp_path: Path) -> None:
    found = parse_text(tmp_path, "a\n-999.0\n2.5\n-999\n", na_strings=(("-999",),))
    assert found.values("a") == [None, 2.5, None]


def test_given_names_replace_a_header(tmp_path: Path) -> None:
    """H2O-3 reads the header as a row of data when its names are not those given."""
    found = parse_text(tmp_path, "a,b\n1,2\n3,4\n", column_names=("x", "y"))
    assert found.frame.names == ("x", "y")
    assert found.values("x") == [1, 3]


def test_iso_times_with_t_and_zone_are_times(tmp_path: Path) -> None:
    """H2O-3 leaves them as strings. 1577934245000 ms is 2020-01-02 03:04:05 UTC."""
    found = parse_text(
        tmp_path,
        "t,x\n2020-01-02T03:04:05Z,1\n2020-01-02T05:04:05+02:00,2\n2020-01-02T03:04:05.250,3\n2020-01-01T22:04:05-05:00,4\n",
    )
    assert found.frame["t"].type is ColumnType.TIME
    assert found.values("t") == [1577934245000, 1577934245000, 1577934245250, 1577934245000]


def test_a_fraction_of_one_digit_is_tenths_of_a_second(tmp_path: Path) -> None:
    """H2O-3 takes the digits as milliseconds, so that .5 is five thousandths."""
    found = parse_text(tmp_path, "t,x\n2020-01-02 03:04:05.5,1\n2020-01-02 03:04:05.25,2\n")
    assert found.values("t") == [1577934245500, 1577934245250]


def test_all_files_of_an_archive_are_read(tmp_path: Path) -> None:
    """H2O-3 reads the first one and leaves the others out."""
    import zipfile

    with zipfile.ZipFile(tmp_path / "two.zip", "w") as archive:
        archive.writestr("a.csv", "a,b\n1,x\n2,x\n")
        archive.writestr("b.csv", "a,b\n3,y\n")
        archive.writestr("__MACOSX/._a.csv", "rubbish")
    found = parse_files(tmp_path, tmp_path / "two.zip")
    assert found.values("a") == [1, 2, 3]
    assert found.values("b") == ["x", "x", "y"]


def test_infinite_numbers_are_missing(tmp_path: Path) -> None:
    """H2O-3 keeps 1e400 as infinity; no algorithm can use it."""
    assert parse_text(tmp_path, "a\n1\n1e400\n-1e400\n2.5\n").values("a") == [1, None, None, 2.5]
