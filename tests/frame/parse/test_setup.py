"""Setups and overrides: checked as they are made, carried as plain values."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from artesian.core.errors import ArtesianError, Forbidden, InvalidArgument, NotFound, ParseError
from artesian.frame import ColumnType
from artesian.frame.parse import Format, ParseSetup, SetupOverrides, Source, guess_setup, read_as

from .parsing import parse_files, parse_text, settings_for


@pytest.mark.parametrize(
    ("options", "sentence"),
    [
        ({"separator": "ab"}, "separator must be one ASCII character"),
        ({"separator": "é"}, "separator must be one ASCII character"),
        ({"separator": "\n"}, "separator must be one ASCII character"),
        ({"separator": '"'}, "cannot both be"),
        ({"separator": "'", "single_quotes": True}, "cannot both be"),
        ({"escape": "xx"}, "escape must be one ASCII character"),
        ({"check_header": 2}, "check_header must be"),
        ({"column_types": ("nummeric",)}, "Did you mean 'numeric'"),
        ({"skipped_columns": (-1,)}, "numbers from 0"),
        ({"parse_type": "CVS"}, "'CVS' is no format"),
        ({"comment_markers": "é"}, "ASCII"),
        ({"timezone": "Mars/Olympus"}, "time zone"),
    ],
)
def test_wrong_options_are_refused_by_name(options: dict[str, Any], sentence: str) -> None:
    with pytest.raises(InvalidArgument, match=sentence):
        SetupOverrides(**options)


@pytest.mark.parametrize(
    ("options", "sentence"),
    [
        ({"column_names": ("x",)}, "1 column names are given, but the file has 2 columns"),
        ({"column_types": ("int", "int", "int")}, "3 column types are given, but the file has 2 columns"),
        ({"skipped_columns": (5,)}, r"\[5\] cannot be skipped"),
        ({"na_strings": (("x",), ("y",), ("z",))}, "3 columns, but the file has 2"),
    ],
)
def test_options_that_do_not_fit_the_file_are_refused(tmp_path: Path, options: dict[str, Any], sentence: str) -> None:
    with pytest.raises(InvalidArgument, match=sentence):
        parse_text(tmp_path, "a,b\n1,2\n3,4\n", **options)


def test_names_of_types_mean_what_h2o_means_by_them() -> None:
    numeric = ["Numeric", "int", "long", "real", "float", "double"]
    assert {read_as(name).value for name in numeric} == {"Numeric"}
    assert {read_as(name).value for name in ["Enum", "factor", "categorical", "ENUM"]} == {"Enum"}
    assert [read_as(name).value for name in ["string", "time", "uuid", "unknown", "bad"]] == [
        "String",
        "Time",
        "UUID",
        "Unknown",
        "Unknown",
    ]


def test_setup_and_overrides_survive_json(tmp_path: Path) -> None:
    options = SetupOverrides(
        separator=";", column_types=(None, "enum"), na_strings=(("x",), ()), skipped_columns=(1,), timezone="Asia/Tokyo"
    )
    assert SetupOverrides.from_dict(json.loads(json.dumps(options.to_dict()))) == options
    setup = parse_text(tmp_path, "a;b\n1;u\n0;u\n2;u\n").setup
    assert ParseSetup.from_dict(json.loads(json.dumps(setup.to_dict()))) == setup


def test_unknown_option_is_refused_with_a_near_name() -> None:
    with pytest.raises(InvalidArgument, match="Did you mean 'separator'"):
        SetupOverrides.from_dict({"seperator": ","})


def test_a_type_left_open_is_guessed(tmp_path: Path) -> None:
    found = parse_text(tmp_path, "a,b\n1,2\n3,4\n", column_types=(None, "enum"))
    assert found.frame.types == (ColumnType.INT, ColumnType.ENUM)


def test_unknown_type_reads_numbers(tmp_path: Path) -> None:
    assert parse_text(tmp_path, "a,b\n1,x\n3,4\n", column_types=("bad", "Unknown")).values("b") == [None, 4]


def test_names_given_for_the_kept_columns_alone(tmp_path: Path) -> None:
    found = parse_text(tmp_path, "1,2,3\n4,5,6\n", skipped_columns=(1,), column_names=("x", "y"))
    assert found.frame.names == ("x", "y")
    assert found.values("y") == [3, 6]


def test_forced_types_hold_although_values_suggest_the_other(tmp_path: Path) -> None:
    text = "a,b,c\n1,1.5,7\n2,2.5,8\n"
    forced = parse_text(tmp_path, text, column_types=("real", "int", "numeric"), force_types=True)
    assert forced.frame.types == (ColumnType.REAL, ColumnType.INT, ColumnType.INT)
    assert forced.values("b") == [2, 3]
    free = parse_text(tmp_path, text, column_types=("real", "int", "numeric"))
    assert free.frame.types == (ColumnType.INT, ColumnType.REAL, ColumnType.INT)


def test_times_are_of_the_zone_given(tmp_path: Path) -> None:
    """New York is 5 hours behind UTC in January, 4 in July (2020-07-01 00:00 UTC is 1593561600000 ms)."""
    text = "t,x\n2020-01-02 03:04:05,1\n1-Jul-20,2\n"
    found = parse_text(tmp_path, text, timezone="America/New_York")
    assert found.values("t") == [1577934245000 + 5 * 3_600_000, 1593561600000 + 4 * 3_600_000]


def test_guess_tells_preview_size_and_types(tmp_path: Path) -> None:
    text = "a,b\n" + "\n".join(f"{i},s{i % 3}" for i in range(50)) + "\n"
    setup = parse_text(tmp_path, text).setup
    assert setup.parse_type is Format.CSV
    assert setup.column_names == ("a", "b")
    assert setup.column_types == ("Numeric", "Enum")
    assert setup.preview[0] == ("0", "s0")
    assert len(setup.preview) == 9  # ten lines are looked at, the header is one of them
    assert setup.total_bytes == len(text)


@pytest.mark.parametrize(
    ("content", "name"),
    [
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 100, "XLS"),
        (b"ORC" + b"\0" * 100, "ORC"),
        (b"Obj\x01" + b"\0" * 100, "AVRO"),
        (b"PAR1" + b"\0" * 100, "PARQUET"),
    ],
)
def test_what_starts_as_a_format_and_is_none_is_an_error(tmp_path: Path, content: bytes, name: str) -> None:
    with pytest.raises(ParseError, match=r"table\.dat"):
        parse_text(tmp_path, content, name="table.dat")


def test_an_archive_with_a_broken_workbook_is_an_error(tmp_path: Path) -> None:
    import zipfile

    with zipfile.ZipFile(tmp_path / "book.xlsx", "w") as archive:
        archive.writestr("[Content_Types].xml", "<Types/>")
        archive.writestr("xl/workbook.xml", "<workbook/>")
    with pytest.raises(ParseError, match=r"The workbook book\.xlsx"):
        parse_files(tmp_path, tmp_path / "book.xlsx")


def test_skipping_all_columns_is_refused(tmp_path: Path) -> None:
    with pytest.raises(InvalidArgument, match="are skipped; leave one"):
        parse_text(tmp_path, "a,b\n1,2\n", skipped_columns=(0, 1))


def test_reals_forced_to_whole_numbers_are_rounded_halves_up(tmp_path: Path) -> None:
    """The values are those of H2O-3 3.46.0.12."""
    text = "a\n1.5\n2.5\n-1.5\n-0.4\n-2.6\n3.49\n"
    found = parse_text(tmp_path, text, column_types=("int",), force_types=True)
    assert found.values("a") == [2, 3, -1, 0, -3, 3]


def test_an_escape_before_a_quote(tmp_path: Path) -> None:
    text = 'a,b\n"x\\"q,",2\n"y",3\n"x\\"q,",4\n'
    found = parse_text(tmp_path, text, escape="\\", separator=",")
    assert found.values("a") == ['x"q,', "y", 'x"q,']
    assert found.values("b") == [2, 3, 4]


def test_a_text_may_start_as_orc_does(tmp_path: Path) -> None:
    assert parse_text(tmp_path, "ORC,elf\n1,2\n").values("elf") == [2]


def test_a_format_that_the_file_is_not_of_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(ParseError, match=r"table\.csv is no PARQUET file"):
        parse_text(tmp_path, "a,b\n1,2\n", parse_type="PARQUET")


def test_missing_and_forbidden_sources(tmp_path: Path) -> None:
    settings = settings_for(tmp_path)
    for location, error in ((tmp_path / "none.csv", NotFound), (Path("/etc/passwd"), Forbidden)):
        with pytest.raises(error):
            guess_setup([Source(str(location))], settings=settings)
    with pytest.raises(ArtesianError, match="No file"):
        guess_setup([], settings=settings)


# ---- several files ----


def write(folder: Path, **texts: str) -> list[Path]:
    paths = []
    for name, text in texts.items():
        paths.append(folder / f"{name}.csv")
        paths[-1].write_text(text)
    return paths


def test_several_files_with_a_header_each(tmp_path: Path) -> None:
    paths = write(tmp_path, a="x,y\n1,u\n2,v\n", b="X,Y\n3,u\n4,w\n")
    found = parse_files(tmp_path, *paths)
    assert found.frame.names == ("x", "y")
    assert found.values("x") == [1, 2, 3, 4]
    assert found.values("y") == ["u", "v", "u", "w"]


def test_a_header_in_the_first_file_only(tmp_path: Path) -> None:
    paths = write(tmp_path, a="x,y\n1,u\n2,v\n", b="3,u\n4,w\n")
    assert parse_files(tmp_path, *paths).values("x") == [1, 2, 3, 4]


def test_files_without_headers(tmp_path: Path) -> None:
    paths = write(tmp_path, a="1,u\n2,u\n", b="3,u\n4,w\n")
    assert parse_files(tmp_path, *paths).values("C1") == [1, 2, 3, 4]


def test_empty_files_among_others_count_for_nothing(tmp_path: Path) -> None:
    paths = write(tmp_path, a="", b="x,y\n1,2\n3,4\n", c="")
    assert parse_files(tmp_path, *paths).values("x") == [1, 3]


def test_types_are_guessed_from_all_files(tmp_path: Path) -> None:
    paths = write(tmp_path, a="x,y\n1,2\n", b="x,y\nu,3\nv,4\nu,4\nu,5\n")
    assert parse_files(tmp_path, *paths).setup.column_types == ("Enum", "Numeric")


@pytest.mark.parametrize(
    ("texts", "sentence"),
    [
        (
            {"a": "x,y\n1,2\n", "b": "x,y,z\n1,2,3\n"},
            r"a\.csv and b\.csv cannot be one table: they have 2 and 3 columns",
        ),
        ({"a": "x,y\n1,2\n", "b": "x;y\n1;2\n"}, "separators are ',' and ';'"),
    ],
)
def test_files_that_do_not_fit_together(tmp_path: Path, texts: dict[str, str], sentence: str) -> None:
    with pytest.raises(ParseError, match=sentence):
        parse_files(tmp_path, *write(tmp_path, **texts))


def test_columns_from_the_paths(tmp_path: Path) -> None:
    for value in ("2020", "2021"):
        (tmp_path / f"year={value}").mkdir()
        (tmp_path / f"year={value}" / "part.csv").write_text(f"x,y\n1,{value}\n2,{value}\n")
    paths = sorted(tmp_path.glob("*/part.csv"))
    found = parse_files(tmp_path, *paths, partition_by=("year",))
    assert found.frame.names == ("x", "y", "year")
    assert found.values("year") == ["2020", "2020", "2021", "2021"]
    with pytest.raises(InvalidArgument, match="no folder 'month="):
        parse_files(tmp_path, *paths, partition_by=("month",))
