"""ARFF files: the names and types of the header, rows as Weka and scipy understand them."""

from __future__ import annotations

import io
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from scipy.io import arff

from artesian.core.errors import NotAvailable, ParseError
from artesian.frame import ColumnType
from artesian.frame.parse import Format

from .parsing import parse_files, parse_text

IRIS = """% a comment
%

@RELATION 'iris flowers'

@attribute sepallength\tNUMERIC
@ATTRIBUTE "petal width" real
@Attribute 'count' integer
@attribute class {Iris-setosa, 'Iris versicolor', "it's" , unused}
@attribute note string
@attribute seen date
@attribute day date "dd.MM.yyyy"
@DATA
% rows
5.1,0.2,3,Iris-setosa,'a, b',2020-01-02 03:04:05,31.12.1999
?, 1.5 ,?,'Iris versicolor',"say \\"x\\"",?,?

4.9,?,-2,"it's",'it\\'s',2020-01-02 03:04:05,01.02.2000
"""
STAMP_MS = 1_577_934_245_000
DAYS_MS = [946_598_400_000, None, 949_363_200_000]  # 1999-12-31, 2000-02-01


def test_header_and_rows(tmp_path: Path) -> None:
    found = parse_text(tmp_path, IRIS, name="iris.arff")
    assert found.setup.parse_type is Format.ARFF
    assert found.frame.names == ("sepallength", "petal width", "count", "class", "note", "seen", "day")
    assert found.setup.column_types == ("Numeric", "Numeric", "Numeric", "Enum", "String", "Time", "Time")
    assert found.values("sepallength") == pytest.approx([5.1, None, 4.9])
    assert found.values("petal width") == pytest.approx([0.2, 1.5, None])
    assert found.values("count") == [3, None, -2]
    assert found.values("class") == ["Iris-setosa", "Iris versicolor", "it's"]
    assert found.values("note") == ["a, b", 'say "x"', "it's"]
    assert found.values("seen") == [STAMP_MS, None, STAMP_MS]
    assert found.values("day") == DAYS_MS
    assert found.warnings == ()
    assert found.setup.preview[0][:2] == ("5.1", "0.2")


def test_levels_are_those_of_the_rows_sorted_as_in_h2o(tmp_path: Path) -> None:
    """H2O-3 3.46.0.12 answers a, b, other for this file, whatever its header lists."""
    text = "@relation r\n@attribute a real\n@attribute c {z,b,a,unused}\n@data\n1,a\n2,other\n3,b\n"
    assert parse_text(tmp_path, text, name="r.arff").frame["c"].levels == ["a", "b", "other"]


def test_random_rows_are_read_as_scipy_reads_them(tmp_path: Path) -> None:
    random = np.random.default_rng(3)
    levels = ["low", "mid", "high"]
    lines = ["@relation r", "@attribute a real", "@attribute b integer", "@attribute c {low,mid,high}", "@data"]
    for _ in range(500):
        cells = [repr(float(random.normal())), str(random.integers(-9, 9)), str(random.choice(levels))]
        lines.append(",".join("?" if random.random() < 0.1 else cell for cell in cells))
    text = "\r\n".join(lines) + "\r\n"
    data, _ = arff.loadarff(io.StringIO(text))
    found = parse_text(tmp_path, text, name="r.arff")
    for name in ("a", "b"):
        np.testing.assert_allclose(found.frame[name].floats(), data[name], rtol=1e-15)
    words = [None if word == b"?" else word.decode() for word in data["c"]]
    assert found.values("c") == words
    assert found.frame["c"].levels == sorted(levels)


def test_quotes_inside_of_a_field_are_characters(tmp_path: Path) -> None:
    text = "@relation r\n@attribute s string\n@attribute t string\n@data\nO'Brien,it's\n'x','y'\n"
    found = parse_text(tmp_path, text, name="r.arff")
    assert found.values("s") == ["O'Brien", "x"]
    assert found.values("t") == ["it's", "y"]


def test_tabulators_and_blanks_between_fields(tmp_path: Path) -> None:
    for separator in ("\t", " "):
        text = f"@relation r\n@attribute a real\n@attribute b {{u,v}}\n@data\n1{separator}u\n2{separator}v\n"
        found = parse_text(tmp_path, text, name="r.arff")
        assert (found.values("a"), found.values("b")) == ([1, 2], ["u", "v"])


def test_sparse_rows_say_what_is_not_zero(tmp_path: Path) -> None:
    text = """@relation sparse
@attribute n numeric
@attribute c {zero, 'one, or two', three}
@attribute m integer
@attribute s string
@data
{0 1.5, 3 'a, b'}
{}
% nothing
{ 1 'one, or two' , 2 -4, 3 ? }
{0 ?,1 three}
"""
    found = parse_text(tmp_path, text, name="sparse.arff")
    assert found.values("n") == [1.5, 0, 0, None]
    assert found.values("c") == ["zero", "zero", "one, or two", "three"]
    assert found.values("m") == [0, 0, -4, 0]
    assert found.values("s") == ["a, b", None, None, None]


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("@relation r\n@attribute a real\n1\n", "Line 3 of r.arff stands before @data"),
        ("@relation r\n@attribute a real\n", "no line @data"),
        ("@relation r\n@data\n1\n", "names no @attribute"),
        ("@relation r\n@attribute a\n@data\n1\n", "must be '@attribute NAME TYPE'"),
        ("@relation r\n@attribute a quux\n@data\n1\n", "unknown type 'quux'"),
        ("@relation r\n@attribute a {x,y\n@data\n1\n", "does not end with a brace"),
        ("@relation r\n@attr a real\n@data\n1\n", "no line of an ARFF header"),
        ("@relation r\n@attribute a real\n@data\n{0 1}\n2\n", "all be of one kind"),
        ("@relation r\n@attribute a real\n@data\n{3 1}\n", "'3 1' in a sparse row"),
        ("@relation r\n@attribute a real\n@data\n{x}\n", "'x' in a sparse row"),
        ("@relation r\n@attribute a real\n@attribute a real\n@data\n1,2\n", "'a' more than once"),
    ],
)
def test_damaged_files_are_an_error_that_says_where(tmp_path: Path, text: str, sentence: str) -> None:
    with pytest.raises(ParseError, match=sentence):
        parse_text(tmp_path, text, name="r.arff")


@pytest.mark.parametrize("kind", ["relational", 'date "yyyy-ww"'])
def test_what_is_not_read_is_refused_by_name(tmp_path: Path, kind: str) -> None:
    with pytest.raises(NotAvailable, match="'a'"):
        parse_text(tmp_path, f"@relation r\n@attribute a {kind}\n@data\n1\n", name="r.arff")


def test_no_rows_and_one_row(tmp_path: Path) -> None:
    header = "@relation r\n@attribute a real\n@attribute c {u,v}\n@data\n"
    empty = parse_text(tmp_path, header, name="r.arff").frame
    assert (empty.n_rows, empty.names) == (0, ("a", "c"))
    assert parse_text(tmp_path, header + "1,v", name="r.arff").values("c") == ["v"]


def test_ragged_rows_and_values_that_do_not_fit_are_told(tmp_path: Path) -> None:
    text = "@relation r\n@attribute a real\n@attribute c {u,v}\n@data\n1,u\n2\nx,v\n3,w\n"
    found = parse_text(tmp_path, text, name="r.arff")
    assert found.values("a") == [1, 2, None, 3]
    assert found.values("c") == ["u", None, "v", "w"]
    assert found.frame["c"].levels == ["u", "v", "w"]
    assert any("fewer than 2 fields" in warning for warning in found.warnings)
    assert any("'x'" in warning for warning in found.warnings)


def test_options_apply(tmp_path: Path) -> None:
    options: dict[str, Any] = {
        "column_types": ("enum", None, None, None, None, None, None),
        "column_names": ("a", "b", "c", "d", "e", "f", "g"),
        "na_strings": ((), (), ("3",), (), (), (), ()),
        "skipped_columns": (1, 4),
    }
    found = parse_text(tmp_path, IRIS, name="iris.arff", **options)
    assert found.frame.names == ("a", "c", "d", "f", "g")
    assert found.frame["a"].type is ColumnType.ENUM
    assert found.values("c") == [None, None, -2]


def test_files_of_the_same_attributes_are_one_table(tmp_path: Path) -> None:
    header = "@relation r\n@attribute a real\n@attribute c {v,u}\n@data\n"
    one, two, other = (tmp_path / f"{name}.arff" for name in ("one", "two", "other"))
    one.write_text(header + "1,u\n")
    two.write_text(header + "2,v\n")
    other.write_text("@relation r\n@attribute b real\n@attribute c {v,u}\n@data\n1,u\n")
    found = parse_files(tmp_path, one, two)
    assert (found.values("a"), found.values("c")) == ([1, 2], ["u", "v"])
    with pytest.raises(ParseError, match="attributes differ"):
        parse_files(tmp_path, one, other)


def test_an_arff_file_may_be_read_as_a_plain_table(tmp_path: Path) -> None:
    found = parse_text(tmp_path, "@relation a\n1\n2\n", name="r.csv", parse_type="CSV", check_header=1)
    assert found.frame.n_rows == 2
